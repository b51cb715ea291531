//! All reading: git objects behind a wall, and folders.
//!
//! A [`Snapshot`] is every byte that one revision says about policies; a
//! [`History`] is the commits behind it. Nothing above this room knows whether
//! the bytes came from git objects or from the work tree.

mod files;

pub use files::{FileFault, SetFile, SetFiles, Snapshot};

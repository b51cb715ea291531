//! All reading: git objects behind a wall, and folders.
//!
//! A [`Snapshot`] is every byte that one revision says about policies; a
//! [`History`] is the commits behind it. Nothing above this room knows whether
//! the bytes came from git objects or from the work tree.
//!
//! Input is hostile: anyone may have pushed to the repository. Objects are read
//! by id with size limits and re-hashed, trees are parsed strictly from raw
//! bytes, names and modes are judged, and whatever could make one id mean two
//! things is refused at the door ([`Repository::open`]). No behaviour depends
//! on git's configuration, the environment or the file system's attributes.
//!
//! Faults of a single file become a [`FileFault`] of its set; only what the
//! whole revision rests on (commits, upper trees, the repository itself) is a
//! [`SourceError`].

mod commit;
mod digests;
mod error;
mod gather;
mod history;
mod loose;
mod merges;
mod object;
mod overlay;
mod path;
mod refs;
mod repository;
mod snapshot;
mod store;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod timeline;
mod tracked;
mod tree;

pub use digests::{Digests, TreeDigest};
pub use error::SourceError;
pub use history::{Commit, History};
pub use jiedu_base::files::{FileFault, SetFile, SetFiles, Snapshot, set_manifest};
pub use object::ObjectId;
pub use overlay::{overlay, set_of_path};
pub use repository::{OpenOptions, Repository};
pub use snapshot::read_folder;
pub use timeline::{Span, Timeline};
pub use tracked::IsWanted;
pub use tree::tree_names;

/// The folder below which all sets lie.
pub const POLICIES: &str = "content/policies";

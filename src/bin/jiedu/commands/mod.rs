//! One command, one file. Each is a thin wrapper around the library.

pub(crate) mod check;
pub(crate) mod explain;
mod inputs;

//! One command, one file. Each is a thin wrapper around the library.

pub(crate) mod check;
pub(crate) mod digest;
pub(crate) mod explain;
mod failure;
mod inputs;
mod judge;
pub(crate) mod status;
pub(crate) mod verify;

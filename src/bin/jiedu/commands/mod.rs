//! One command, one file. Each is a thin wrapper around the library.

mod baseline;
pub(crate) mod build;
pub(crate) mod cards;
pub(crate) mod catalogue;
pub(crate) mod check;
pub(crate) mod collect;
pub(crate) mod compare;
pub(crate) mod demo;
pub(crate) mod digest;
pub(crate) mod editions;
pub(crate) mod explain;
pub(crate) mod export;
mod failure;
pub(crate) mod fix;
pub(crate) mod import;
pub(crate) mod init;
mod inputs;
pub(crate) mod join;
pub(crate) mod judge;
pub(crate) mod key;
pub(crate) mod new;
mod next;
mod office_check;
mod office_files;
pub(crate) mod outline;
pub(crate) mod patrol;
pub(crate) mod proof;
pub(crate) mod report;
pub(crate) mod requests;
pub(crate) mod roster;
#[cfg(feature = "serve")]
pub(crate) mod serve;
pub(crate) mod sign;
pub(crate) mod status;
mod texts;
pub(crate) mod train;
pub(crate) mod verify;

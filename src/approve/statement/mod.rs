//! Statements: what is signed, as text and as data.

mod message;
mod raw;

pub use message::{Decision, Kind, Statement, message};
pub use raw::{Looks, looks, payload, statement_id};

//! Statements: what is signed, as text and as data.

mod commit;
mod message;
mod raw;
mod reason;
mod trailers;

#[cfg(test)]
mod tests;

pub(crate) use commit::parse as parse_commit;
pub use message::{Decision, Kind, Statement, message};
pub use raw::{Looks, looks, payload, statement_id};
pub use reason::{REASON_LIMIT, message_with_reason, reason_fault, reason_file, reason_of, reason_words};
pub use trailers::{Claims, claims, parse as parse_message};

//! Requests for government information (政府信息公开条例 arts. 29–45).
//!
//! A request holds personal data that must be erasable, so its file lies outside
//! of the policy repository, and one tracked inside is an error.

mod due;
mod file;
#[cfg(test)]
mod tests;

pub use due::{Deadline, Refused, Skipped, Why, deadline};
pub use file::{Answer, Request, Span, State, Supplement, looks_like_request, read_request};
pub use file::{in_repository, is_tracked_request};

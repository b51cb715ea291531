//! The data files of a set: `qa.toml` and `opinions.toml` (contract details 88).
//!
//! They are part of the set's digest as every file is, and approved with it.
//! Keys have a Chinese and an English form, as in front matter. A fault in them
//! is a finding and never blocks (contract details 49): what could be read is
//! shown.

mod opinions;
mod pages;
mod questions;
mod sheet;
mod types;

pub(super) use opinions::read_opinions;
pub(super) use pages::PAGES;
pub(super) use questions::read_questions;
pub use types::{Adoption, ClauseRef, Correction, Opinion, OpinionSheet, Question, QuestionSheet, Topic};

#[cfg(test)]
mod tests;

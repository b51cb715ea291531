//! Names that cannot be wrong once they exist.
//!
//! Every identifier that travels between rooms is a newtype with one
//! constructor, `parse`, that enforces the grammar of the contract. A function
//! that takes a [`SetId`] never has to ask whether the string inside is one.
//!
//! Invariants: all names are ASCII; ordering is byte order, so a sorted list of
//! names is the same on every machine.

mod commit_id;
mod digest;
mod person_id;
mod set_id;
mod small_set;

pub use commit_id::CommitId;
pub use digest::Digest;
pub use person_id::PersonId;
pub use set_id::SetId;
pub use small_set::SmallSet;

/// A string that does not follow the grammar of the name it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct NameError {
    /// What was given, shortened to 80 characters.
    pub text: String,
    /// What would have been right, as a phrase.
    pub expected: &'static str,
}

impl NameError {
    pub(crate) fn new(text: &str, expected: &'static str) -> Self {
        Self { text: text.chars().take(80).collect(), expected }
    }
}

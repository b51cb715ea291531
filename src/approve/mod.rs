//! Who approved what: statements, roster, trust anchor, verdicts.
//!
//! Pure functions over bytes. No git, no disk, no clock of its own.
//!
//! A *statement* is a signed commit; its payload, not its place in history, is
//! the evidence. [`Approvals::read`] verifies every statement and the chain of
//! rosters once; [`Approvals::judge`] then says of one digest of one set which
//! steps were taken, and hands out [`Cleared`] only for a complete valid chain.
//!
//! To add a signature format: one file in `signature/`, one arm in its
//! `Signature` enum, one row in the attack table's tests.

mod admit;
mod approvals;
mod book;
mod draft;
mod facts;
mod gather;
mod judge;
mod lapsed;
mod paths;
mod reason;
mod report;
pub mod roster;
pub mod signature;
mod standing;
pub mod statement;
mod steps;
mod steps_view;
mod subject;
mod trust;
mod types;
mod verdict;

#[cfg(test)]
mod tests;

pub use approvals::{Approvals, KnownStatement, RELEASE_NAMESPACE};
pub use draft::{draft_roster, git_format, read_rosters};
pub use facts::{Anchor, Carrier, InTree, NothingReachable, ReadInput, SetFacts, StatementSource, TreeFacts};
pub use lapsed::Lapsed;
pub use reason::Reason;
pub use roster::Roster;
pub use statement::Statement;
pub use steps::{step_label, step_name};
pub use subject::Subject;
pub use trust::TrustAnchor;
pub use types::{SetState, StepRecord, StepState, StepStatus};
pub use verdict::{Cleared, Judgement, Refusal, Withdrawal};

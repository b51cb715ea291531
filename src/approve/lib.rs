//! Who approved what: statements, roster, trust anchor, verdicts.
//!
//! Pure functions over bytes. No git, no disk, no clock of its own.
//!
//! A *statement* is a signed commit; its payload, not its place in history, is
//! the evidence. [`Approvals::read`] verifies every statement and the chain of
//! rosters once; [`Approvals::judge`] then says of one digest of one set which
//! steps were taken, and hands out [`Cleared`] only for a complete valid chain.
//!
//! # Where the rules are silent
//!
//! Each choice falls on the side where less is published.
//!
//! - **A rejection outlives its signer's key and role.** Approvals lapse when a
//!   key is retired or a role ends; what somebody rejected while entitled to
//!   stays rejected, or retiring a key would clear a blocked text. Only a
//!   compromised key takes its rejections along (unless an accepted list keeps
//!   them), since anybody may have made them; and who never had the role blocks
//!   nothing.
//! - **The order of checks is fixed** (details 26), so that a statement with
//!   several faults always has the same reason code.
//! - **RSA longer than 4096 bits fails closed**: the arithmetic underneath does
//!   not take it, so its signatures never verify. Shorter than 3072 is weak
//!   unless the roster says so of that key.
//! - **Base64 may be wrapped at any one width**, as signing programs differ and
//!   git takes them all; everything else about armour is exact, and OpenPGP
//!   checksums must agree where they stand. Two wrappings of one signature are
//!   one statement, as its id leaves the signature out.
//! - **OpenPGP signatures never publish a release**: they carry no purpose, so
//!   one made for a statement could be passed off as another.
//! - **A collected file is not asked for its place in history** unless its
//!   parent is reachable: squashing and rebasing lose the parent, and the digest
//!   in the signed text says what was approved. A commit whose parent is missing
//!   is refused.
//! - **`allowed_signers` is exported without windows**: git judges them at the
//!   date that a commit claims, which its signer may choose.
//! - **`x509-sm2` needs the feature `sm2`**: without it a roster with such a key
//!   is refused as a whole (`KEY_KIND_RESERVED`) rather than read without it, for
//!   nobody may believe a key counts when it does not. With it, git's `x509`
//!   format carries the signature in CMS, of which exactly one form is read
//!   (`signature/cms.rs`); certificates prove nothing, the roster has the key.
//!
//! To add a signature format: one file in `signature/`, one arm in its
//! `Signature` enum, one row in the attack table's tests.

mod admit;
mod advice;
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
mod rounds;
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
pub use roster::POLICY_STEPS;
pub use roster::{PendingRoster, Roster};
pub use rounds::{PendingWithdrawal, Rejection, Submission};
pub use statement::Statement;
pub use steps::profile_steps;
pub use steps::{is_proof, step_label, step_name};
pub use subject::Subject;
pub use trust::TrustAnchor;
pub use types::{SetState, StepRecord, StepState, StepStatus};
pub use verdict::{Cleared, Judgement, Refusal, Withdrawal};

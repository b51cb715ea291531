//! What comes out: refusals, judgements, and the proof that a set is cleared.

use super::{Reason, StepRecord, StepStatus, Subject};
use jiedu_base::clock::Clock;
use jiedu_base::finding::Finding;
use jiedu_base::name::{Digest, PersonId};

/// The trust root or the roster cannot be believed: nothing may be written
/// (exit 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The first reason.
    pub reason: Reason,
    /// What to show.
    pub findings: Vec<Finding>,
}

/// Proof that a complete valid chain stands behind one digest of one set.
///
/// Only this room can make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleared {
    pub(super) subject: Subject,
    pub(super) digest: Digest,
    pub(super) revision: u32,
    pub(super) profile: String,
    pub(super) steps: Vec<StepRecord>,
}

impl Cleared {
    /// What was cleared.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The digest that was cleared.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The round.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// The profile whose steps were taken.
    #[must_use]
    pub fn profile(&self) -> &str {
        &self.profile
    }

    /// The steps, submit first.
    #[must_use]
    pub fn steps(&self) -> &[StepRecord] {
        &self.steps
    }

    /// The statements of the chain, submit first.
    #[must_use]
    pub fn statements(&self) -> Vec<Digest> {
        self.steps.iter().map(|step| step.statement).collect()
    }
}

/// A set was taken down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The statement (of two joint ones, the smaller id).
    pub statement: Digest,
    /// The round that was taken down.
    pub revision: u32,
    /// The text that was taken down.
    pub digest: Digest,
    /// Who signed.
    pub signers: Vec<PersonId>,
    /// The time the statement claims.
    pub claimed_at: Clock,
}

/// How one digest of one set stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// What was judged.
    pub subject: Subject,
    /// The digest judged.
    pub digest: Digest,
    /// The round the steps speak of; none before the first submit.
    pub revision: Option<u32>,
    /// Name of the profile.
    pub profile: String,
    /// Every step of the profile, submit first.
    pub steps: Vec<StepStatus>,
    /// The proof that it is cleared, when it is.
    pub cleared: Option<Cleared>,
    /// The first reason why not: `WITHDRAWN`, `REJECTED`,
    /// `REVISION_SUPERSEDED`, else that of the first step that is not done.
    pub reason: Option<Reason>,
    /// The withdrawal in force.
    pub withdrawn: Option<Withdrawal>,
    /// Set-wide findings, missing steps, refusals within the chain.
    pub findings: Vec<Finding>,
}

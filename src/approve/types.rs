//! What the approval room hands out.

use jiedu_base::name::{CommitId, Digest, PersonId};

/// One step that was taken, as it will be shown on the record page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRecord {
    /// English step name as in trailers: `second-review`.
    pub step: String,
    /// Who signed.
    pub signer: PersonId,
    /// The signer's name in the roster.
    pub name: String,
    /// The signer's post in the roster.
    pub post: String,
    /// The holder whose place a substitute took.
    pub substitute_for: Option<PersonId>,
    /// The time that the signer's commit claims, seconds since the epoch.
    pub claimed_at: i64,
    /// OpenSSH (`SHA256:…`) or OpenPGP fingerprint of the key.
    pub key_fingerprint: String,
    /// Statement id.
    pub statement: Digest,
    /// Digest of the proofreading report that the signer names (`review/2`).
    pub report: Option<Digest>,
    /// The git commit, when it is reachable.
    pub commit: Option<CommitId>,
}

/// The state of a set (contract §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetState {
    /// Approved completely and due.
    Cleared,
    /// Something is missing or refused.
    Blocked,
    /// Approved without interpretation, or not disclosed.
    Exempt,
    /// Approved, 发布日期 still to come.
    Scheduled,
    /// Withdrawn.
    Withdrawn,
}

/// The state of one step of the present round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepState {
    /// A valid statement exists.
    Done,
    /// None yet.
    Missing,
    /// A statement exists and is refused.
    Invalid,
}

/// One line of `status`: a step and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepStatus {
    /// English step name.
    pub step: String,
    /// How it stands.
    pub state: StepState,
    /// Who signed it (the real signer).
    pub by: Option<PersonId>,
    /// The holder whose place a substitute took.
    pub substitute_for: Option<PersonId>,
    /// The git commit, when known as one.
    pub commit: Option<CommitId>,
    /// The statement.
    pub statement: Option<Digest>,
    /// Digest of the proofreading report that it names (`review/2`).
    pub report: Option<Digest>,
    /// Reason code when missing or invalid.
    pub reason: Option<&'static str>,
    /// Who may take it now.
    pub candidates: Vec<PersonId>,
}

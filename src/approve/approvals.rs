//! All approvals known at one revision, read once and asked often.

use std::sync::Arc;

use super::{Cleared, Judgement, ReadInput, Reason, Refusal, Roster, SetFacts, Subject};
use crate::finding::Checked;
use crate::name::{CommitId, Digest, PersonId};

/// Everything that was signed and holds, together with the roster chain.
#[derive(Debug)]
pub struct Approvals {
    site: Digest,
    anchored: bool,
    rosters: Vec<Roster>,
    known: Vec<KnownStatement>,
}

/// A statement that was found, whatever became of it.
#[derive(Debug, Clone)]
pub struct KnownStatement {
    /// Its id.
    pub id: Digest,
    /// Raw commit bytes with signature: what `collect` and the evidence keep.
    pub bytes: Arc<[u8]>,
    /// The commit, when it is reachable.
    pub commit: Option<CommitId>,
    /// Whether it is already collected under `evidence/statements/`.
    pub collected: bool,
    /// What it is about, as far as it says.
    pub subject: Option<Subject>,
    /// Why it was refused on its own account, if it was.
    pub refused: Option<Reason>,
}

impl Approvals {
    /// Verifies every statement and the chain of rosters.
    ///
    /// The findings name every refused statement; a refused statement alone
    /// never fails the reading.
    ///
    /// # Errors
    /// [`Refusal`] when the trust anchor or a roster version does not hold.
    pub fn read(input: &ReadInput<'_>) -> Result<Checked<Self>, Refusal> {
        let Some(_first) = input.roster.get("1.toml") else {
            return Err(Refusal { reason: Reason::RosterSequence, findings: Vec::new() });
        };
        Err(Refusal { reason: Reason::RosterSchema, findings: Vec::new() })
    }

    /// Digest of roster 1: the name of this authority.
    #[must_use]
    pub fn site(&self) -> Digest {
        self.site
    }

    /// Whether a trust anchor was given.
    #[must_use]
    pub fn is_anchored(&self) -> bool {
        self.anchored
    }

    /// All versions of the roster, the first one first.
    #[must_use]
    pub fn rosters(&self) -> &[Roster] {
        &self.rosters
    }

    /// Every statement found, by id.
    #[must_use]
    pub fn known(&self) -> &[KnownStatement] {
        &self.known
    }

    /// How one digest of one set stands now, with everything known.
    #[must_use]
    pub fn judge(&self, subject: &Subject, digest: &Digest, _facts: &SetFacts) -> Judgement {
        Judgement {
            subject: subject.clone(),
            digest: *digest,
            revision: None,
            profile: String::new(),
            steps: Vec::new(),
            cleared: None,
            reason: Some(Reason::StepMissing),
            withdrawn: None,
            findings: Vec::new(),
        }
    }

    /// All chains that clear this digest, the one to show first; for the walk
    /// over editions, which compares their statements with what was known at
    /// each commit. Withdrawal and supersession are not considered here.
    #[must_use]
    pub fn chains(&self, _subject: &Subject, _digest: &Digest, _facts: &SetFacts) -> Vec<Cleared> {
        Vec::new()
    }

    /// Who validly signed these bytes as publisher (`release.sshsig`).
    ///
    /// # Errors
    /// `PUBLISHER_INVALID`, or the reason why the signature is unreadable.
    pub fn check_publisher(&self, _release: &[u8], _armour: &str) -> Result<PersonId, Reason> {
        Err(Reason::PublisherInvalid)
    }
}

//! Editions of a set.

use std::sync::Arc;

use jiedu_approve::{Cleared, SetState, StepRecord};
use jiedu_base::clock::Clock;
use jiedu_base::name::{CommitId, Digest, SetId};
use jiedu_model::{Disclosure, PublicationSet};

/// One edition: an approved text that was current on the line.
///
/// It can be made from a [`Cleared`] chain only ([`Edition::cleared`]). The two
/// other doors leave marks that nothing removes: [`Edition::lapsed`] is void
/// and [`Edition::draft`] says so.
#[derive(Debug, Clone)]
pub struct Edition {
    /// From 1, never re-used.
    pub number: u32,
    /// The text.
    pub set: Arc<PublicationSet>,
    /// Digest of the set.
    pub digest: Digest,
    /// The first-parent commit at which it came into being.
    pub commit: CommitId,
    /// That commit's committer time; for display only.
    pub instant: Clock,
    /// Revision of the chain that cleared it.
    pub revision: u32,
    /// Name of the profile of steps.
    pub profile: String,
    /// The steps, submit first.
    pub steps: Vec<StepRecord>,
    /// Why it is no longer shown (a tombstone keeps its number).
    pub void: Option<&'static str>,
    basis: Basis,
}

/// By what right an edition exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis {
    Cleared,
    Lapsed,
    Draft,
}

/// Where on the line an edition came into being.
#[derive(Debug, Clone)]
pub struct Birth {
    /// Its number.
    pub number: u32,
    /// The first-parent commit.
    pub commit: CommitId,
    /// That commit's committer time.
    pub instant: Clock,
}

impl Edition {
    /// An approved text, with the proof that it is.
    ///
    /// Nothing is made when the proof speaks of other bytes.
    #[must_use]
    pub fn cleared(birth: Birth, set: Arc<PublicationSet>, proof: &Cleared) -> Option<Self> {
        if set.digest != Some(*proof.digest()) || proof.subject().set() != Some(&set.id) {
            return None;
        }
        let mut edition = Self::new(birth, set, *proof.digest(), Basis::Cleared);
        edition.record(proof);
        Some(edition)
    }

    /// A text that was approved once and is not any more: a number and a
    /// tombstone, never a page.
    #[must_use]
    pub fn lapsed(
        birth: Birth,
        set: Arc<PublicationSet>,
        digest: Digest,
        revision: u32,
        code: &'static str,
    ) -> Self {
        let mut edition = Self::new(birth, set, digest, Basis::Lapsed);
        edition.revision = revision;
        edition.void = Some(code);
        edition
    }

    /// A text that nobody has approved, for previews only.
    #[must_use]
    pub fn draft(birth: Birth, set: Arc<PublicationSet>) -> Self {
        let digest = set.digest.unwrap_or_else(|| Digest::of(&set.manifest));
        Self::new(birth, set, digest, Basis::Draft)
    }

    fn new(birth: Birth, set: Arc<PublicationSet>, digest: Digest, basis: Basis) -> Self {
        Self {
            number: birth.number,
            set,
            digest,
            commit: birth.commit,
            instant: birth.instant,
            revision: 0,
            profile: String::new(),
            steps: Vec::new(),
            void: None,
            basis,
        }
    }

    /// Takes over the record of a later approval of the same bytes.
    pub(super) fn record(&mut self, proof: &Cleared) {
        self.revision = proof.revision();
        proof.profile().clone_into(&mut self.profile);
        self.steps = proof.steps().to_vec();
    }

    /// Whether the text came in through the drafts' door.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.basis == Basis::Draft
    }
}

/// A set as the site shows it.
#[derive(Debug, Clone)]
pub struct PublishedSet {
    /// Its id.
    pub id: SetId,
    /// State of the current text of the revision.
    pub state: SetState,
    /// All editions, oldest first. The last one without `void` is the current
    /// page. Drafts builds hold one edition, marked by `draft`.
    pub editions: Vec<Edition>,
    /// The statement that withdrew the set, with the time it claims.
    pub withdrawn: Option<(Digest, Clock)>,
    /// The text is not approved and was let in by `--drafts`: every page is
    /// marked 未审签 and `noindex`.
    pub draft: bool,
}

impl PublishedSet {
    /// The edition shown as the current page.
    #[must_use]
    pub fn current(&self) -> Option<&Edition> {
        self.editions.iter().rev().find(|edition| edition.void.is_none())
    }

    /// What any edition that may be shown was once called (别名), each once:
    /// an address that was given out leads here for good.
    #[must_use]
    pub fn aliases(&self) -> Vec<&SetId> {
        let shown = self.editions.iter().rev().filter(|edition| edition.void.is_none());
        let policies = shown.filter_map(|edition| edition.set.policy.as_ref());
        let open = policies.filter(|policy| policy.meta.disclosure == Disclosure::Proactive);
        let mut aliases: Vec<&SetId> = Vec::new();
        for alias in open.flat_map(|policy| &policy.meta.aliases) {
            if !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
        aliases
    }
}

//! Editions of a set.

use std::sync::Arc;

use crate::approve::{SetState, StepRecord};
use crate::clock::Clock;
use crate::model::PublicationSet;
use crate::name::{CommitId, Digest, SetId};

/// One edition: an approved text that was current on the line.
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
}

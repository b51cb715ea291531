//! Sets of one file: the catalogue, lists, annual reports.
//!
//! They are judged as the set `site` is, by the profile of two persons, and like
//! the text of a policy the last approved one stays in force while a newer one
//! waits for its signatures.

use std::collections::BTreeSet;

use super::numbering::{Interval, number};
use super::types::Birth;
use super::walk::{Chain, Known, Walk, fact};
use jiedu_approve::{Cleared, SetFacts, Subject};
use jiedu_base::clock::Clock;
use jiedu_base::files::{SetFile, SetFiles};
use jiedu_base::name::{Digest, SmallSet};
use jiedu_source::{SourceError, TreeDigest};

/// The approved text of a set of one file.
///
/// It can be made from a [`Cleared`] chain over exactly its bytes only.
#[derive(Debug, Clone)]
pub struct SmallEdition {
    id: SmallSet,
    birth: Birth,
    file: SetFile,
    manifest: Vec<u8>,
    proof: Cleared,
}

impl SmallEdition {
    /// The text with the proof that it was approved; none when the proof speaks of
    /// other bytes.
    #[must_use]
    pub fn cleared(id: &SmallSet, birth: Birth, files: &SetFiles, proof: &Cleared) -> Option<Self> {
        let manifest = files.manifest(&id.to_string())?;
        let fits = *proof.subject() == Subject::Small(id.clone()) && Digest::of(&manifest) == *proof.digest();
        let [file] = files.files.as_slice() else { return None };
        fits.then(|| Self { id: id.clone(), birth, file: file.clone(), manifest, proof: proof.clone() })
    }

    /// Which set.
    #[must_use]
    pub fn id(&self) -> &SmallSet {
        &self.id
    }

    /// Its number, counted from 1, and when it began.
    #[must_use]
    pub fn birth(&self) -> &Birth {
        &self.birth
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> &SetFile {
        &self.file
    }

    /// The digest manifest.
    #[must_use]
    pub fn manifest(&self) -> &[u8] {
        &self.manifest
    }

    /// The proof.
    #[must_use]
    pub fn proof(&self) -> &Cleared {
        &self.proof
    }
}

/// What the line says of a set of one file.
#[derive(Debug, Clone, Default)]
pub struct SmallLine {
    /// The approved texts, oldest first; those that lapsed are left out.
    pub editions: Vec<SmallEdition>,
    /// E-mails of everyone who changed the present text since the last approved one.
    pub history_emails: BTreeSet<String>,
}

impl SmallLine {
    /// The highest round that cleared a text.
    #[must_use]
    pub fn cleared(&self) -> Option<u32> {
        self.editions.iter().map(|edition| edition.proof.revision()).max()
    }
}

impl Walk<'_> {
    /// Walks the line for a set of one file.
    ///
    /// # Errors
    /// A refusal when a tree is missing or corrupt.
    pub fn small(&self, id: &SmallSet, known: &Known) -> Result<SmallLine, SourceError> {
        let subject = Subject::Small(id.clone());
        let edits = self.timeline.small_edits.get(id).map_or(&[][..], Vec::as_slice);
        let intervals = self.small_intervals(id)?;
        let end = self.history.line().len();
        let mut chains: Vec<Vec<Chain>> = intervals.iter().map(|_| Vec::new()).collect();
        let mut last_previous = None;
        let found = number(&intervals, |index, previous| {
            last_previous = previous;
            let interval = intervals.get(index).and_then(|interval| Some((interval, interval.digest?)));
            let Some((interval, digest)) = interval else { return Vec::new() };
            let last = interval.until.saturating_sub(1);
            let history_emails = self.history.emails_within(edits, previous, last);
            let facts = SetFacts { history_emails, ..SetFacts::default() };
            let all = self.chains(&subject, &digest, &facts);
            let rows = all.iter().map(|chain| fact(chain, known, end)).collect();
            if let Some(slot) = chains.get_mut(index) {
                *slot = all;
            }
            rows
        });
        let mut editions = Vec::new();
        for (number, found) in (1..).zip(&found) {
            let (interval, chain) = found.record;
            let Some(Chain::Holds(proof)) = chains.get(interval).and_then(|all| all.get(chain)) else {
                continue;
            };
            let Some(commit) = self.history.line().nth(found.position) else { continue };
            let instant = Clock::from_unix(commit.committer_time);
            let birth = Birth { number, commit: commit.id.clone(), instant };
            let files = self.digests.small_files(commit.tree, id)?;
            editions.extend(SmallEdition::cleared(id, birth, &files, proof));
        }
        let history_emails = self.history.emails_within(edits, last_previous, usize::MAX);
        Ok(SmallLine { editions, history_emails })
    }

    fn small_intervals(&self, id: &SmallSet) -> Result<Vec<Interval>, SourceError> {
        let line: Vec<_> = self.history.line().collect();
        let places = self.timeline.small_spans.get(id).map_or(&[][..], Vec::as_slice);
        let mut intervals: Vec<Interval> = Vec::new();
        for &from in places {
            let Some(commit) = line.get(from) else { continue };
            let digest = match self.digests.of_small(commit.tree, id)? {
                TreeDigest::Is(digest) => Some(digest),
                TreeDigest::Absent | TreeDigest::Void | TreeDigest::Damaged => None,
            };
            if let Some(last) = intervals.last_mut() {
                last.until = from;
            }
            intervals.push(Interval { from, until: line.len(), digest });
        }
        Ok(intervals)
    }
}

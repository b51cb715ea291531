//! Which approved state of the site-wide files is in force.
//!
//! The set `site` has editions like any other set, by the same rule, but only
//! the last one that holds matters: a newer state that nobody has approved yet
//! leaves it in force.

use std::collections::BTreeSet;

use super::numbering::{ChainFact, Found, Interval, number};
use super::walk::{Known, completion};
use jiedu_approve::{Approvals, Cleared, SetFacts, Subject};
use jiedu_base::name::{CommitId, Digest};
use jiedu_source::{Digests, History, SourceError, Timeline, TreeDigest};

/// Everything the walk over the states of `site` reads.
#[derive(Debug, Clone, Copy)]
pub struct SiteWalk<'a> {
    /// All reachable commits.
    pub history: &'a History,
    /// Which trees there were.
    pub timeline: &'a Timeline,
    /// Digests of those trees.
    pub digests: &'a Digests<'a>,
    /// All approvals known at the revision.
    pub approvals: &'a Approvals,
}

/// The approved states of the site-wide files.
#[derive(Debug, Clone, Default)]
pub struct SiteLine {
    /// The state in force: a commit that has it, and the proof.
    pub in_force: Option<(CommitId, Cleared)>,
    /// E-mails of everyone who changed the files since.
    pub history_emails: BTreeSet<String>,
}

impl SiteWalk<'_> {
    /// Walks the line.
    ///
    /// # Errors
    /// A refusal when a tree is missing or corrupt.
    pub fn walk(&self, known: &Known) -> Result<SiteLine, SourceError> {
        let edits = &self.timeline.site_edits;
        let intervals = self.intervals(known)?;
        let end = self.history.line().len();
        let mut chains: Vec<Vec<Option<Cleared>>> = intervals.iter().map(|_| Vec::new()).collect();
        let mut last_previous = None;
        let found = number(&intervals, |index, previous| {
            last_previous = previous;
            let Some((interval, digest)) =
                intervals.get(index).and_then(|interval| Some((interval, interval.digest?)))
            else {
                return Vec::new();
            };
            let history_emails =
                self.history.emails_within(edits, previous, interval.until.saturating_sub(1));
            let facts = SetFacts { history_emails, ..SetFacts::default() };
            let (proofs, rows) = self.chains(known, &digest, &facts, end);
            if let Some(slot) = chains.get_mut(index) {
                *slot = proofs;
            }
            rows
        });
        let in_force = found.iter().rev().find(|found| !found.lapsed);
        let in_force = in_force.and_then(|found| self.state(found, &chains));
        let in_force = match in_force {
            Some(state) if !self.is_beside(&intervals, state.1.revision()) => Some(state),
            _ => None,
        };
        let history_emails = self.history.emails_within(edits, last_previous, usize::MAX);
        Ok(SiteLine { in_force, history_emails })
    }

    fn intervals(&self, known: &Known) -> Result<Vec<Interval>, SourceError> {
        let line: Vec<_> = self.history.line().collect();
        let is_named = known.names(&Subject::Site);
        let mut intervals: Vec<Interval> = Vec::new();
        for &from in &self.timeline.site_spans {
            let Some(commit) = line.get(from) else { continue };
            let digest = match self.digests_if(is_named, commit.tree)? {
                Some(TreeDigest::Is(digest)) => Some(digest),
                Some(TreeDigest::Absent | TreeDigest::Void | TreeDigest::Damaged) | None => None,
            };
            if let Some(last) = intervals.last_mut() {
                last.until = from;
            }
            intervals.push(Interval { from, until: line.len(), digest });
        }
        Ok(intervals)
    }

    fn digests_if(
        &self,
        wanted: bool,
        tree: jiedu_source::ObjectId,
    ) -> Result<Option<TreeDigest>, SourceError> {
        if wanted { self.digests.of_site(tree).map(Some) } else { Ok(None) }
    }

    fn chains(
        &self,
        known: &Known,
        digest: &Digest,
        facts: &SetFacts,
        end: usize,
    ) -> (Vec<Option<Cleared>>, Vec<ChainFact>) {
        let (mut proofs, mut rows) = (Vec::new(), Vec::new());
        for cleared in self.approvals.chains(&Subject::Site, digest, facts) {
            let complete = completion(known, &cleared.statements(), end);
            rows.push(ChainFact { revision: cleared.revision(), complete, lapsed: None });
            proofs.push(Some(cleared));
        }
        for lapsed in self.approvals.lapsed(&Subject::Site, digest, facts) {
            let complete = completion(known, &lapsed.statements, end);
            let cause = lapsed.cause.map_or(usize::MAX, |id| completion(known, &[id], usize::MAX));
            rows.push(ChainFact { revision: lapsed.revision, complete, lapsed: Some(cause) });
            proofs.push(None);
        }
        (proofs, rows)
    }

    fn state(&self, found: &Found, chains: &[Vec<Option<Cleared>>]) -> Option<(CommitId, Cleared)> {
        let (interval, chain) = found.record;
        let cleared = chains.get(interval)?.get(chain)?.clone()?;
        let commit = self.history.line().nth(found.position)?;
        Some((commit.id.clone(), cleared))
    }

    /// Whether a higher round approved a state that the line does not pass: then
    /// no older one may speak for it.
    fn is_beside(&self, intervals: &[Interval], revision: u32) -> bool {
        let on_line: BTreeSet<Digest> = intervals.iter().filter_map(|interval| interval.digest).collect();
        let submitted = self.approvals.submitted(&Subject::Site);
        submitted.difference(&on_line).any(|digest| {
            let chains = self.approvals.chains(&Subject::Site, digest, &SetFacts::default());
            chains.iter().any(|chain| chain.revision() > revision)
        })
    }
}

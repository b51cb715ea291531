//! The walk: from the trees and statements of a history to numbered editions.
//!
//! Only digests that some statement names are parsed, and each only once, so a
//! long history of drafts costs nothing but comparing tree ids.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::numbering::{ChainFact, Found, Interval, number};
use super::types::{Birth, Edition};
use jiedu_approve::{Approvals, Cleared, Lapsed, SetFacts, Subject};
use jiedu_base::clock::Clock;
use jiedu_base::finding::{Checked, Finding};
use jiedu_base::name::{Digest, SetId};
use jiedu_model::PublicationSet;
use jiedu_source::{Digests, History, Repository, SetFiles, SourceError, Timeline};

/// How the files of an old revision of a set are understood.
pub type ParseSet<'a> = dyn Fn(&SetId, &SetFiles) -> Checked<PublicationSet> + Sync + 'a;

/// Everything the walk reads.
pub struct Walk<'a> {
    /// The repository, for the texts of old editions.
    pub repository: &'a Repository,
    /// All reachable commits.
    pub history: &'a History,
    /// Which trees the sets had.
    pub timeline: &'a Timeline,
    /// Digests of those trees.
    pub digests: &'a Digests<'a>,
    /// All approvals known at the revision.
    pub approvals: &'a Approvals,
    /// How texts are parsed.
    pub parse: &'a ParseSet<'a>,
}

/// The editions of one set, and what its present text must be judged by.
#[derive(Debug, Default)]
pub struct SetLine {
    /// All editions, oldest first, before publication dates are considered.
    pub editions: Vec<ParsedEdition>,
    /// E-mails of everyone who changed the present text (details 38).
    pub history_emails: BTreeSet<String>,
}

impl SetLine {
    /// The highest round that cleared an edition, and does still.
    #[must_use]
    pub fn cleared(&self) -> Option<u32> {
        let editions = self.editions.iter().map(|parsed| &parsed.edition);
        editions.filter(|edition| edition.void.is_none()).map(|edition| edition.revision).max()
    }
}

/// An edition and what was found while parsing its text.
#[derive(Debug)]
pub struct ParsedEdition {
    /// The edition.
    pub edition: Edition,
    /// Findings of the parser; those that block are the reason to leave it out.
    pub findings: Vec<Finding>,
}

/// Where each statement became known along the line, by its id.
#[derive(Debug, Clone, Default)]
pub struct Known {
    since: BTreeMap<Digest, usize>,
    /// Digests that statements name, by what they are about.
    named: BTreeMap<Subject, BTreeSet<Digest>>,
}

impl Known {
    /// Places every statement: at the commit from which it is reachable, or at
    /// which its collected copy appeared, whichever is earlier.
    #[must_use]
    pub fn new(
        repository: &Repository,
        history: &History,
        timeline: &Timeline,
        approvals: &Approvals,
    ) -> Self {
        let mut known = Self::default();
        for statement in approvals.known() {
            let commit = statement
                .commit
                .as_ref()
                .and_then(|id| history.get(repository, id))
                .map(|commit| commit.since);
            let path = format!("evidence/statements/{}.commit", statement.id.hex());
            let file = timeline.since.get(&path).copied();
            if let Some(since) = commit.into_iter().chain(file).min() {
                known.since.insert(statement.id, since);
            }
            if let Some(subject) = &statement.subject {
                known.named.entry(subject.clone()).or_default().extend(named_digests(&statement.bytes));
            }
        }
        known
    }

    /// Whether any statement speaks of the subject.
    pub(super) fn names(&self, subject: &Subject) -> bool {
        self.named.contains_key(subject)
    }

    /// The place at which all of the statements were known.
    fn all(&self, statements: &[Digest]) -> usize {
        // Whatever was read at the revision was known there at the latest.
        statements
            .iter()
            .map(|id| self.since.get(id).copied().unwrap_or(usize::MAX))
            .max()
            .unwrap_or(usize::MAX)
    }
}

/// The values of `Approval-Digest` lines.
fn named_digests(bytes: &[u8]) -> impl Iterator<Item = Digest> {
    bytes.split(|&b| b == b'\n').filter_map(|line| {
        let value = line.strip_prefix(b"Approval-Digest: ")?;
        Digest::parse(std::str::from_utf8(value).ok()?).ok()
    })
}

/// A chain found for an interval.
pub(super) enum Chain {
    Holds(Cleared),
    Lapsed(Lapsed),
}

/// A text along the line, parsed once.
struct Text {
    set: Arc<PublicationSet>,
    findings: Vec<Finding>,
}

impl Walk<'_> {
    /// Walks the line for one set. `current` is the set at the revision, when
    /// it was parsed already.
    ///
    /// # Errors
    /// A refusal when an object of an old edition is missing or corrupt.
    pub fn set(
        &self,
        id: &SetId,
        known: &Known,
        current: Option<&Arc<PublicationSet>>,
    ) -> Result<SetLine, SourceError> {
        let subject = Subject::from(id);
        let Some(named) = known.named.get(&subject) else {
            return Ok(SetLine { editions: Vec::new(), history_emails: self.emails(id, None, usize::MAX) });
        };
        let intervals = self.intervals(id)?;
        let texts = self.texts(id, named, &intervals, current)?;
        let mut chains: Vec<Vec<Chain>> = intervals.iter().map(|_| Vec::new()).collect();
        let mut last_previous = None;
        let found = number(&intervals, |index, previous| {
            last_previous = previous;
            let Some(interval) = intervals.get(index) else { return Vec::new() };
            let Some((digest, text)) = interval.digest.and_then(|digest| Some((digest, texts.get(&digest)?)))
            else {
                return Vec::new();
            };
            let facts = SetFacts {
                important: text.set.policy.as_ref().is_some_and(|policy| policy.meta.important),
                ..SetFacts::default()
            };
            let of_interval = self.chains_born(known, (&subject, &digest), interval, facts, |until| {
                self.emails(id, previous, until)
            });
            let rows =
                of_interval.iter().map(|chain| fact(chain, known, self.history.line().len())).collect();
            if let Some(slot) = chains.get_mut(index) {
                *slot = of_interval;
            }
            rows
        });
        let editions = found
            .iter()
            .zip(1..)
            .filter_map(|(found, number)| self.edition(number, found, &intervals, &chains, &texts));
        let present = intervals.last().is_some_and(|interval| interval.digest.is_some());
        let previous = if present { last_previous } else { found.last().map(|found| found.position) };
        Ok(SetLine { editions: editions.collect(), history_emails: self.emails(id, previous, usize::MAX) })
    }

    /// Whether any text of a set was ever approved by a complete chain, also one
    /// that can no longer be read.
    #[must_use]
    pub fn was_cleared(&self, known: &Known, id: &SetId) -> bool {
        let subject = Subject::from(id);
        let named = known.named.get(&subject);
        let is_complete = |digest: &Digest| {
            [false, true].into_iter().any(|important| {
                let facts = SetFacts { important, ..SetFacts::default() };
                !self.chains(&subject, digest, &facts).is_empty()
            })
        };
        named.is_some_and(|digests| digests.iter().any(is_complete))
    }

    pub(super) fn chains(&self, subject: &Subject, digest: &Digest, facts: &SetFacts) -> Vec<Chain> {
        let holds = self.approvals.chains(subject, digest, facts).into_iter().map(Chain::Holds);
        let lapsed = self.approvals.lapsed(subject, digest, facts).into_iter().map(Chain::Lapsed);
        holds.chain(lapsed).collect()
    }

    /// The chains for the text of an interval, each judged by who had changed
    /// the text when it became an edition: whoever edits it afterwards, beside
    /// the line or on it, did not write what was approved.
    fn chains_born(
        &self,
        known: &Known,
        (subject, digest): (&Subject, &Digest),
        interval: &Interval,
        facts: SetFacts,
        emails: impl Fn(usize) -> BTreeSet<String>,
    ) -> Vec<Chain> {
        let last = interval.until.saturating_sub(1);
        let end = self.history.line().len();
        let born = |chain: &Chain| fact(chain, known, end).complete.min(last).max(interval.from);
        let mut facts = SetFacts { history_emails: BTreeSet::new(), ..facts };
        let births: BTreeSet<usize> = self.chains(subject, digest, &facts).iter().map(born).collect();
        let mut all = Vec::new();
        for birth in births {
            facts.history_emails = emails(birth);
            all.extend(self.chains(subject, digest, &facts).into_iter().filter(|chain| born(chain) == birth));
        }
        all
    }

    /// The stretches of the line over which the set has one digest.
    fn intervals(&self, id: &SetId) -> Result<Vec<Interval>, SourceError> {
        let end = self.history.line().len();
        let spans = self.timeline.sets.get(id).map_or(&[][..], Vec::as_slice);
        let mut intervals: Vec<Interval> = Vec::new();
        for span in spans {
            let digest = match span.tree {
                Some(tree) => self.digests.of_set_tree(id, tree)?,
                None => None,
            };
            match intervals.last_mut() {
                Some(last) if last.digest == digest => {}
                Some(last) => {
                    last.until = span.from;
                    intervals.push(Interval { from: span.from, until: end, digest });
                }
                None => intervals.push(Interval { from: span.from, until: end, digest }),
            }
        }
        Ok(intervals)
    }

    /// The texts that statements speak of.
    fn texts(
        &self,
        id: &SetId,
        named: &BTreeSet<Digest>,
        intervals: &[Interval],
        current: Option<&Arc<PublicationSet>>,
    ) -> Result<BTreeMap<Digest, Text>, SourceError> {
        let mut texts = BTreeMap::new();
        let spans = self.timeline.sets.get(id).map_or(&[][..], Vec::as_slice);
        for interval in intervals {
            let Some(digest) =
                interval.digest.filter(|digest| named.contains(digest) && !texts.contains_key(digest))
            else {
                continue;
            };
            let text = if let Some(set) = current.filter(|set| set.digest == Some(digest)) {
                Text { set: set.clone(), findings: Vec::new() }
            } else {
                let span = spans.iter().find(|span| span.from == interval.from);
                let Some(tree) = span.and_then(|span| span.tree) else { continue };
                let parsed = (self.parse)(id, &self.repository.set_files(id, tree)?);
                Text { set: Arc::new(parsed.value), findings: parsed.findings }
            };
            texts.insert(digest, text);
        }
        Ok(texts)
    }

    fn edition(
        &self,
        number: u32,
        found: &Found,
        intervals: &[Interval],
        chains: &[Vec<Chain>],
        texts: &BTreeMap<Digest, Text>,
    ) -> Option<ParsedEdition> {
        let digest = intervals.get(found.interval)?.digest?;
        let text = texts.get(&digest)?;
        let commit = self.history.line().nth(found.position)?;
        let birth =
            Birth { number, commit: commit.id.clone(), instant: Clock::from_unix(commit.committer_time) };
        let (interval, chain) = found.record;
        let edition = match chains.get(interval)?.get(chain)? {
            Chain::Holds(cleared) => Edition::cleared(birth, text.set.clone(), cleared)?,
            Chain::Lapsed(lapsed) => {
                Edition::lapsed(birth, text.set.clone(), digest, lapsed.revision, lapsed.reason.code())
            }
        };
        Some(ParsedEdition { edition, findings: text.findings.clone() })
    }

    /// E-mails of those who changed the set in commits that are reachable from
    /// the place `until` on the line but not from `after`.
    fn emails(&self, id: &SetId, after: Option<usize>, until: usize) -> BTreeSet<String> {
        let edits = self.timeline.edits.get(id).map_or(&[][..], Vec::as_slice);
        self.history.emails_within(edits, after, until)
    }
}

/// The place on the line at which all of the statements were known.
pub(super) fn completion(known: &Known, statements: &[Digest], end: usize) -> usize {
    known.all(statements).min(end.saturating_sub(1))
}

pub(super) fn fact(chain: &Chain, known: &Known, end: usize) -> ChainFact {
    let last = end.saturating_sub(1);
    match chain {
        Chain::Holds(cleared) => ChainFact {
            revision: cleared.revision(),
            complete: known.all(&cleared.statements()).min(last),
            lapsed: None,
        },
        Chain::Lapsed(lapsed) => {
            let cause = lapsed.cause.and_then(|id| known.since.get(&id).copied());
            ChainFact {
                revision: lapsed.revision,
                complete: known.all(&lapsed.statements).min(last),
                // Without a statement as cause it lapsed by a roster change,
                // which comes after the fact.
                lapsed: Some(cause.unwrap_or(usize::MAX)),
            }
        }
    }
}

//! Reading and judging one revision: the stages that all commands share.
//!
//! Repository → snapshot and history → instant → configuration → corpus →
//! approvals → editions → states. Whatever rests on untrusted ground stops here
//! with a [`Stop`]; whatever concerns one set becomes its state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::content::{self, Content};
use super::facts::plans_at_first_submit;
use super::instant::{Instant, Time, settle};
use super::state::{JudgedSet, SetInput, judge_set};
use super::Stop;
use crate::approve::{
    Anchor, Approvals, Carrier, Judgement, ReadInput, SetFacts, StatementSource, Subject, TrustAnchor,
};
use crate::clock::Clock;
use crate::config::Config;
use crate::edition::{GitFacts, Known, SetLine, Walk};
use crate::finding::Finding;
use crate::model::{PublicationSet, parse_set};
use crate::name::{CommitId, Digest, SetId};
use crate::synchrony::SynchronyFacts;
use crate::source::{Digests, FileFault, History, Repository, Snapshot};

/// How a revision is to be read.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions<'a> {
    /// The revision: `HEAD`, a branch, a tag, an id.
    pub revision: &'a str,
    /// The instant.
    pub time: Time,
    /// The trust anchor; without one roster 1 is taken provisionally.
    pub anchor: Option<&'a TrustAnchor>,
    /// The work tree is being checked: what is merely not yet approved is a
    /// hint.
    pub drafting: bool,
}

/// One revision, read and judged.
#[derive(Debug)]
pub struct Revision {
    /// The commit.
    pub commit: CommitId,
    /// The instant.
    pub instant: Instant,
    /// `site.toml`.
    pub config: Config,
    /// Its files.
    pub snapshot: Snapshot,
    /// What they say.
    pub content: Content,
    /// All approvals known.
    pub approvals: Approvals,
    /// The files below `roster/`.
    pub roster: BTreeMap<String, Arc<[u8]>>,
    /// The sets, sorted by id.
    pub sets: Vec<JudgedSet>,
    /// The set `site`.
    pub site: Judgement,
    /// What text and history say to those who sign, for every present text.
    pub signing: BTreeMap<Subject, SetFacts>,
    /// Findings about statements and rosters.
    pub statement_findings: Vec<Finding>,
    /// Findings about approvals, files and configuration.
    pub findings: Vec<Finding>,
}

/// What the approvals of all sets are judged by.
struct Ground<'a> {
    walk: Walk<'a>,
    known: Known,
    twins: BTreeMap<Digest, Vec<Subject>>,
    drafting: bool,
}

impl Revision {
    /// Reads and judges a revision.
    ///
    /// # Errors
    /// [`Stop`]: the repository, the roster, the trust anchor or the settings
    /// cannot be used.
    pub fn read(repository: &Repository, options: ReadOptions<'_>) -> Result<Self, Stop> {
        let commit = repository.resolve(options.revision)?;
        let (snapshot, history) = rayon::join(|| repository.snapshot(&commit), || repository.history(&commit));
        let (snapshot, history) = (snapshot?, history?);
        let instant = settle(options.time, &history)?;
        refuse_faults(&snapshot.roster.faults, "名册（roster/）", "the roster")?;
        let voiding: Vec<FileFault> = snapshot.site.faults.iter().filter(|fault| fault.voids_digest()).cloned().collect();
        refuse_faults(&voiding, "网站公用文件（site）", "the site-wide files")?;
        let (config, mut findings) = content::config(&snapshot)?;
        let content = Content::parse(&snapshot, &config);
        findings.extend(file_findings(&snapshot));
        let timeline = repository.timeline(&history)?;
        let digests = Digests::new(repository);
        let roster = roster_files(&snapshot);
        let statements = statements(&snapshot, &history);
        let facts = GitFacts { repository, history: &history, digests: &digests };
        let anchor = options.anchor.map_or(Anchor::Provisional, |anchor| Anchor::Trusted(anchor.clone()));
        let input = ReadInput {
            roster: &roster,
            statements: &statements,
            anchor: &anchor,
            at: instant.keys,
            at_given: instant.given,
            current: &current_digests(&content, &snapshot),
            tree: &facts,
        };
        let mut statement_findings = Vec::new();
        let approvals = Approvals::read(&input)?.drain_into(&mut statement_findings);
        findings.extend(statement_findings.iter().cloned());
        let parse = |id: &SetId, files: &_| parse_set(id, files, &config);
        let walk = Walk {
            repository,
            history: &history,
            timeline: &timeline,
            digests: &digests,
            approvals: &approvals,
            parse: &parse,
        };
        let known = Known::new(repository, &history, &timeline, &approvals);
        let ground = Ground { known, twins: twins(&content), drafting: options.drafting, walk };
        let lines = ground.lines(&content)?;
        let signing = ground.signing(&content, &lines)?;
        let (sets, site) = ground.judge(&content, &snapshot, &config, lines, instant.at)?;
        findings.extend(sets.iter().flat_map(|set| set.findings.iter().cloned()));
        findings.extend(site.findings.iter().cloned());
        Ok(Self {
            commit,
            instant,
            config,
            snapshot,
            content,
            approvals,
            roster,
            sets,
            site,
            signing,
            statement_findings,
            findings,
        })
    }

    /// What approvals and history say to the three-synchronous rules, by set
    /// and for its present digest.
    pub(super) fn facts(&self, present: impl Fn(&SetId) -> Option<Digest>) -> BTreeMap<SetId, SynchronyFacts> {
        let sets = self.sets.iter().filter(|set| set.digest.is_some() && present(&set.id) == set.digest);
        sets.map(|set| (set.id.clone(), set.facts.clone())).collect()
    }

    /// The set with that id.
    #[must_use]
    pub fn set(&self, id: &SetId) -> Option<&JudgedSet> {
        self.sets.iter().find(|set| set.id == *id)
    }
}

impl Ground<'_> {
    /// The editions of every set, in parallel, in order of the sets.
    fn lines(&self, content: &Content) -> Result<Vec<SetLine>, Stop> {
        let sets: Vec<(&SetId, &Arc<PublicationSet>)> = content.corpus.sets.iter().collect();
        let lines = sets.into_par_iter().map(|(id, set)| self.walk.set(id, &self.known, Some(set)));
        lines.collect::<Result<Vec<_>, _>>().map_err(Stop::from)
    }

    fn judge(
        &self,
        content: &Content,
        snapshot: &Snapshot,
        config: &Config,
        lines: Vec<SetLine>,
        at: Clock,
    ) -> Result<(Vec<JudgedSet>, Judgement), Stop> {
        let newest = content.newest_editions(&lines, config);
        let Walk { repository, history, digests, approvals, .. } = self.walk;
        let plans = plans_at_first_submit(repository, history, digests, approvals);
        let sets = content
            .corpus
            .sets
            .iter()
            .zip(lines)
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|((id, set), line)| {
                let faults = snapshot.sets.get(id).map_or(&[][..], |files| &files.faults);
                let judgement = set.digest.map(|digest| self.judgement(set, &digest, &line));
                let input = SetInput {
                    set,
                    faults,
                    judgement,
                    withdrawals: self.walk.approvals.withdrawals(&Subject::from(id)),
                    line,
                    blocking: content.blocking(id),
                    newest_blocking: newest.get(id).copied(),
                    plan_at_first_submit: plans.get(id).copied(),
                    at,
                };
                judge_set(input)
            })
            .collect();
        let site = self.site(content)?;
        Ok((sets, site))
    }

    fn judgement(&self, set: &PublicationSet, digest: &Digest, line: &SetLine) -> Judgement {
        self.walk.approvals.judge(&Subject::from(&set.id), digest, &self.set_facts(set, line))
    }

    fn set_facts(&self, set: &PublicationSet, line: &SetLine) -> SetFacts {
        let subject = Subject::from(&set.id);
        let twins = self.twins.get(&content_digest(&set.manifest)).map_or(&[][..], Vec::as_slice);
        SetFacts {
            important: set.policy.as_ref().is_some_and(|policy| policy.meta.important),
            history_emails: line.history_emails.clone(),
            twins: twins.iter().filter(|twin| **twin != subject).cloned().collect(),
            drafting: self.drafting,
        }
    }

    fn signing(&self, content: &Content, lines: &[SetLine]) -> Result<BTreeMap<Subject, SetFacts>, Stop> {
        let sets = content.corpus.sets.values().zip(lines);
        let sets = sets.map(|(set, line)| (Subject::from(&set.id), self.set_facts(set, line)));
        Ok(sets.chain([(Subject::Site, self.site_facts()?)]).collect())
    }

    fn site(&self, content: &Content) -> Result<Judgement, Stop> {
        let digest = content.corpus.site_digest.ok_or_else(|| {
            Stop::refused("THEME_UNAPPROVED", "网站公用文件（site）没有摘要", "the site-wide files have no digest")
        })?;
        Ok(self.walk.approvals.judge(&Subject::Site, &digest, &self.site_facts()?))
    }

    fn site_facts(&self) -> Result<SetFacts, Stop> {
        Ok(SetFacts {
            important: false,
            history_emails: self.walk.site_emails(&self.known)?,
            twins: Vec::new(),
            drafting: self.drafting,
        })
    }
}

/// Path, mode and object errors in files that everything rests on.
fn refuse_faults(faults: &[FileFault], zh: &str, en: &str) -> Result<(), Stop> {
    let Some(first) = faults.first() else { return Ok(()) };
    let (path, what) = (&first.finding.place.path, &first.finding.message);
    let stop = Stop::refused(
        first.code,
        format!("{zh}中的“{path}”{}", what.zh),
        format!("`{path}` in {en}: {}", what.en),
    );
    Err(stop.with(faults.iter().map(|fault| fault.finding.clone()).collect()))
}

/// Findings about files, in all parts of the snapshot.
pub(super) fn file_findings(snapshot: &Snapshot) -> Vec<Finding> {
    let parts = snapshot.sets.values().chain([&snapshot.site, &snapshot.roster, &snapshot.evidence]);
    let faults = parts.flat_map(|files| &files.faults).map(|fault| fault.finding.clone());
    faults.chain(snapshot.findings.iter().cloned()).collect()
}

fn roster_files(snapshot: &Snapshot) -> BTreeMap<String, Arc<[u8]>> {
    snapshot.roster.files.iter().map(|file| (file.path.clone(), file.bytes.clone())).collect()
}

/// Everything that may be a statement.
fn statements(snapshot: &Snapshot, history: &History) -> Vec<StatementSource> {
    let commits = history
        .candidates()
        .into_iter()
        .map(|(commit, raw)| StatementSource { bytes: raw.clone(), carrier: Carrier::Commit(commit.id.clone()) });
    let files = snapshot
        .evidence
        .files
        .iter()
        .map(|file| StatementSource { bytes: file.bytes.clone(), carrier: Carrier::File(file.path.clone()) });
    commits.chain(files).collect()
}

fn current_digests(content: &Content, snapshot: &Snapshot) -> BTreeMap<Subject, Option<Digest>> {
    let sets = content.corpus.sets.values().map(|set| (Subject::from(&set.id), set.digest));
    sets.chain([(Subject::Site, snapshot.site.digest("site"))]).collect()
}

/// Sets that hold the same files under different ids.
fn twins(content: &Content) -> BTreeMap<Digest, Vec<Subject>> {
    let mut twins: BTreeMap<Digest, Vec<Subject>> = BTreeMap::new();
    for set in content.corpus.sets.values().filter(|set| set.digest.is_some()) {
        twins.entry(content_digest(&set.manifest)).or_default().push(Subject::from(&set.id));
    }
    twins.retain(|_, sets| sets.len() > 1);
    twins
}

/// A digest of the files without the set's id.
fn content_digest(manifest: &[u8]) -> Digest {
    let rest = manifest.splitn(3, |&b| b == b'\n').nth(2).unwrap_or(manifest);
    Digest::of(rest)
}

/// The ids of the sets that a user named, or an error naming the unknown one.
pub(super) fn known_sets(names: &[SetId], known: &BTreeSet<&SetId>) -> Result<(), Stop> {
    match names.iter().find(|name| !known.contains(name)) {
        None => Ok(()),
        Some(name) => Err(Stop::usage(
            format!("没有“{name}”这一套文件；运行 jiedu status 可以看到全部"),
            format!("there is no set `{name}`; `jiedu status` lists them all"),
        )),
    }
}

//! Reading and judging one revision: the stages that all commands share.
//!
//! Repository → snapshot and history → instant → configuration → corpus →
//! approvals → editions → states. Whatever rests on untrusted ground stops here
//! with a [`Stop`]; whatever concerns one set becomes its state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Stop;
use super::content::{self, Content};
use super::damage;
use super::ground::{Ground, Judged, twins};
use super::instant::{Instant, Time, settle};
use super::small::JudgedSmall;
use super::state::JudgedSet;
use jiedu_approve::{
    Anchor, Approvals, Carrier, Judgement, ReadInput, SetFacts, StatementSource, Subject, TrustAnchor,
};
use jiedu_base::finding::Finding;
use jiedu_base::name::{CommitId, Digest, SetId};
use jiedu_config::Config;
use jiedu_edition::{GitFacts, Known, Walk};
use jiedu_model::parse_set;
use jiedu_source::{Digests, FileFault, History, Repository, Snapshot, Timeline};
use jiedu_synchrony::SynchronyFacts;

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
    /// The catalogue, lists and reports, sorted by id.
    pub small: Vec<JudgedSmall>,
    /// What text and history say to those who sign, for every present text.
    pub signing: BTreeMap<Subject, SetFacts>,
    /// Findings about statements and rosters.
    pub statement_findings: Vec<Finding>,
    /// Findings about approvals, files and configuration.
    pub findings: Vec<Finding>,
}

impl Revision {
    /// Reads and judges a revision.
    ///
    /// # Errors
    /// [`Stop`]: the repository, the roster, the trust anchor or the settings
    /// cannot be used.
    pub fn read(repository: &Repository, options: ReadOptions<'_>) -> Result<Self, Stop> {
        let commit = repository.resolve(options.revision)?;
        let (snapshot, history) =
            rayon::join(|| repository.snapshot(&commit), || repository.history(&commit));
        let (snapshot, history) = (snapshot?, history?);
        let instant = settle(options.time, &history)?;
        refuse_common_faults(&snapshot)?;
        let (config, mut findings) = content::config(&snapshot)?;
        let content = Content::parse(&snapshot, &config);
        findings.extend(file_findings(&snapshot));
        let timeline = repository.timeline(&history)?;
        let digests = known_digests(repository, &timeline, &content).along(&history, &timeline);
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
        let approvals = Approvals::read(&input);
        digests.failure().map_or(Ok(()), Err)?;
        let approvals = approvals?.drain_into(&mut statement_findings);
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
        let ground =
            Ground { known, twins: twins(&content), drafting: options.drafting, at: instant.at, walk };
        let Judged { sets, site, small, signing } = ground.judge(&content, &snapshot, &config)?;
        damage::refuse(&ground, &snapshot, &digests)?;
        findings.extend(sets.iter().flat_map(|set| set.findings.iter().cloned()));
        findings.extend(site.findings.iter().cloned());
        let of_small = small.iter().filter_map(|set| set.judgement.as_ref());
        findings.extend(of_small.flat_map(|judgement| judgement.findings.iter().cloned()));
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
            small,
            signing,
            statement_findings,
            findings,
        })
    }

    /// What approvals and history say to the three-synchronous rules, by set
    /// and for its present digest.
    pub(super) fn facts(
        &self,
        present: impl Fn(&SetId) -> Option<Digest>,
    ) -> BTreeMap<SetId, SynchronyFacts> {
        let sets = self.sets.iter().filter(|set| set.digest.is_some() && present(&set.id) == set.digest);
        sets.map(|set| (set.id.clone(), set.facts.clone())).collect()
    }

    /// The set with that id.
    #[must_use]
    pub fn set(&self, id: &SetId) -> Option<&JudgedSet> {
        self.sets.binary_search_by(|set| set.id.cmp(id)).ok().and_then(|at| self.sets.get(at))
    }
}

/// Digests in the trees of the history, beginning with those of the present.
fn known_digests<'a>(repository: &'a Repository, timeline: &Timeline, content: &Content) -> Digests<'a> {
    let digests = Digests::new(repository);
    for (id, set) in &content.corpus.sets {
        let tree = timeline.sets.get(id).and_then(|spans| spans.last()).and_then(|span| span.tree);
        if let (Some(tree), Some(digest)) = (tree, set.digest) {
            digests.know(id, tree, digest);
        }
    }
    digests
}

/// Path, mode and object errors in files that everything rests on.
fn refuse_common_faults(snapshot: &Snapshot) -> Result<(), Stop> {
    refuse_faults(&snapshot.roster.faults, "名册（roster/）", "the roster")?;
    let voiding: Vec<FileFault> =
        snapshot.site.faults.iter().filter(|fault| fault.voids_digest()).cloned().collect();
    refuse_faults(&voiding, "网站公用文件（site）", "the site-wide files")?;
    // Without a statement an approved text would look like one that nobody
    // approved; nobody can tell whose statement it was.
    let evidence = snapshot.evidence.faults.iter();
    let damaged: Vec<FileFault> = evidence.filter(|fault| fault.is_damage()).cloned().collect();
    refuse_faults(&damaged, "签署凭据（evidence/）", "the evidence")
}

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
    let parts = snapshot.sets.values().chain(snapshot.small.values()).chain([&snapshot.site, &snapshot.roster, &snapshot.evidence]);
    let faults = parts.flat_map(|files| &files.faults).map(|fault| fault.finding.clone());
    faults.chain(snapshot.findings.iter().cloned()).collect()
}

fn roster_files(snapshot: &Snapshot) -> BTreeMap<String, Arc<[u8]>> {
    snapshot.roster.files.iter().map(|file| (file.path.clone(), file.bytes.clone())).collect()
}

/// Everything that may be a statement.
fn statements(snapshot: &Snapshot, history: &History) -> Vec<StatementSource> {
    let commits = history.candidates().into_iter().map(|(commit, raw)| StatementSource {
        bytes: raw.clone(),
        carrier: Carrier::Commit(commit.id.clone()),
    });
    let files = snapshot
        .evidence
        .files
        .iter()
        .map(|file| StatementSource { bytes: file.bytes.clone(), carrier: Carrier::File(file.path.clone()) });
    commits.chain(files).collect()
}

fn current_digests(content: &Content, snapshot: &Snapshot) -> BTreeMap<Subject, Option<Digest>> {
    let sets = content.corpus.sets.values().map(|set| (Subject::from(&set.id), set.digest));
    let small = snapshot
        .small
        .iter()
        .map(|(id, files)| (Subject::Small(id.clone()), files.digest(&id.to_string())));
    sets.chain(small).chain([(Subject::Site, snapshot.site.digest("site"))]).collect()
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

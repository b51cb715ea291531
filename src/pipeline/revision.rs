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
use super::in_force::{self, Pending, SiteFiles};
use super::instant::{Instant, Time, settle};
use super::small::JudgedSmall;
use super::state::JudgedSet;
use jiedu_approve::{
    Anchor, Approvals, Carrier, Judgement, ReadInput, SetFacts, StatementSource, Subject, TrustAnchor,
};
use jiedu_base::finding::{Checked, Finding};
use jiedu_base::name::{CommitId, Digest, SetId};
use jiedu_config::Config;
use jiedu_edition::{GitFacts, Known, SiteWalk, Walk};
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
    /// The files below `roster/` of the versions in force.
    pub roster: BTreeMap<String, Arc<[u8]>>,
    /// The sets, sorted by id.
    pub sets: Vec<JudgedSet>,
    /// The set `site`, as its files are.
    pub site: Judgement,
    /// The catalogue, lists and reports, sorted by id.
    pub small: Vec<JudgedSmall>,
    /// What waits for signatures while something older is in force.
    pub pending: Pending,
    pub(super) site_files: SiteFiles,
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
        let (mut snapshot, history) = (snapshot?, history?);
        let instant = settle(options.time, &history)?;
        refuse_common_faults(&snapshot)?;
        let settings = content::config(&snapshot);
        if snapshot.site.get("site.toml").is_none() {
            settings.as_ref().map_err(Stop::clone)?;
        }
        let timeline = repository.timeline(&history)?;
        let digests = known_digests(repository, &timeline, &snapshot).along(&history, &timeline);
        let anchor = options.anchor.map_or(Anchor::Provisional, |anchor| Anchor::Trusted(anchor.clone()));
        let facts = GitFacts { repository, history: &history, digests: &digests };
        let mut statement_findings = Vec::new();
        let approvals = approvals(&snapshot, &history, &anchor, instant, &facts);
        digests.failure().map_or(Ok(()), Err)?;
        let verified = approvals?.drain_into(&mut statement_findings);
        let (history, timeline, digests, approvals) = (&history, &timeline, &digests, &verified);
        let known = Known::new(repository, history, timeline, approvals);
        let site_line = SiteWalk { history, timeline, digests, approvals }.walk(&known)?;
        let site_files = in_force::choose(repository, &mut snapshot, &site_line, options.drafting)?;
        // Settings that cannot be used are no matter while others are in force.
        let (config, mut findings) =
            if site_files.present.is_some() { content::config(&snapshot)? } else { settings? };
        let content = Content::parse(&snapshot, &config);
        findings.extend(file_findings(&snapshot));
        findings.extend(statement_findings.iter().cloned());
        let parse = |id: &SetId, files: &_| parse_set(id, files, &config);
        let walk = Walk { repository, history, timeline, digests, approvals, parse: &parse };
        let site = (site_files.digest, site_line.history_emails);
        let ground =
            Ground { known, twins: twins(&content), drafting: options.drafting, at: instant.at, walk };
        let Judged { sets, mut site, small, signing } = ground.judge(&content, &snapshot, &config, site)?;
        damage::refuse(&ground, &snapshot, digests)?;
        let pending = Pending {
            roster: approvals.pending_roster().cloned(),
            site: in_force::pending_site(&mut site, &site_files),
        };
        findings.extend(sets.iter().flat_map(|set| set.findings.iter().cloned()));
        findings.extend(site.findings.iter().cloned());
        let of_small = small.iter().filter_map(|set| set.judgement.as_ref());
        findings.extend(of_small.flat_map(|judgement| judgement.findings.iter().cloned()));
        Ok(Self {
            commit,
            instant,
            config,
            roster: roster_in_force(&snapshot, approvals),
            snapshot,
            content,
            approvals: verified,
            sets,
            site,
            small,
            pending,
            site_files,
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
fn known_digests<'a>(repository: &'a Repository, timeline: &Timeline, snapshot: &Snapshot) -> Digests<'a> {
    let digests = Digests::new(repository);
    for (id, set) in &snapshot.sets {
        let tree = timeline.sets.get(id).and_then(|spans| spans.last()).and_then(|span| span.tree);
        if let (Some(tree), Some(digest)) = (tree, set.digest(id.as_str())) {
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
    let parts = snapshot.sets.values().chain(snapshot.small.values()).chain([
        &snapshot.site,
        &snapshot.roster,
        &snapshot.evidence,
    ]);
    let faults = parts.flat_map(|files| &files.faults).map(|fault| fault.finding.clone());
    faults.chain(snapshot.findings.iter().cloned()).collect()
}

fn roster_files(snapshot: &Snapshot) -> BTreeMap<String, Arc<[u8]>> {
    snapshot.roster.files.iter().map(|file| (file.path.clone(), file.bytes.clone())).collect()
}

/// The files of the versions that are in force: what nobody agreed to yet is not
/// for the public.
fn roster_in_force(snapshot: &Snapshot, approvals: &Approvals) -> BTreeMap<String, Arc<[u8]>> {
    let mut files = roster_files(snapshot);
    if let Some(pending) = approvals.pending_roster() {
        files.remove(&format!("{}.toml", pending.version));
        files.remove(&format!("accepted/{}.txt", pending.version));
    }
    files
}

/// Verifies everything that was signed.
fn approvals(
    snapshot: &Snapshot,
    history: &History,
    anchor: &Anchor,
    instant: Instant,
    facts: &GitFacts<'_>,
) -> Result<Checked<Approvals>, Stop> {
    let input = ReadInput {
        roster: &roster_files(snapshot),
        statements: &statements(snapshot, history),
        anchor,
        at: instant.keys,
        at_given: instant.given,
        current: &current_digests(snapshot),
        tree: facts,
    };
    Ok(Approvals::read(&input)?)
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

fn current_digests(snapshot: &Snapshot) -> BTreeMap<Subject, Option<Digest>> {
    let sets = snapshot.sets.iter().map(|(id, files)| (Subject::from(id), files.digest(id.as_str())));
    let small =
        snapshot.small.iter().map(|(id, files)| (Subject::Small(id.clone()), files.digest(&id.to_string())));
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

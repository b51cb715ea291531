//! `check`, `status` and `digest`.
//!
//! It is over 500 lines: the three gather findings from the same sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::content::{self, Content};
use super::dated;
use super::engines::{Asked, consult_all};
use super::in_force::Pending;
use super::instant::Time;
use super::office;
use super::pins;
use super::proofread::proofread;
use super::report::stale_reports;
use super::revision::{ReadOptions, Revision, file_findings, known_sets};
use super::small;
use super::state::JudgedSet;
use super::vanished::EDITION_HIDDEN;
use super::{Stop, in_pool};
use jiedu_approve::{
    PendingWithdrawal, Reason, Rejection, SetState, StepState, StepStatus, Subject, Submission, TrustAnchor,
};
use jiedu_base::clock::Clock;
use jiedu_base::finding::{self, Finding, Place, Severity};
use jiedu_base::name::{CommitId, Digest, PersonId, SetId, SmallSet};
use jiedu_base::text::Message;
use jiedu_proof::References;
use jiedu_source::{Repository, Snapshot, SourceError, read_folder};

/// What `check` and `status` look at.
#[derive(Debug, Clone, Copy)]
pub struct CheckOptions<'a> {
    /// The revision; none for the work tree (of `HEAD`).
    pub revision: Option<&'a str>,
    /// The instant.
    pub time: Time,
    /// The trust anchor.
    pub anchor: Option<&'a TrustAnchor>,
    /// Only these sets; all when empty.
    pub sets: &'a [SetId],
    /// Only these rules (codes or names); all when empty.
    pub rules: &'a [String],
    /// Only findings at least this severe.
    pub min_severity: Severity,
    /// Threads; none for as many as the machine has.
    pub jobs: Option<usize>,
    /// Texts that quotations are compared with, besides those of the repository; none to
    /// compare nothing.
    pub references: Option<&'a References>,
}

/// How one set stands.
#[derive(Debug, Clone)]
pub struct SetReport {
    /// `2025/slug` or `site`.
    pub id: String,
    /// Digest of the present text.
    pub digest: Option<Digest>,
    /// 标题.
    pub title: String,
    /// The state.
    pub state: SetState,
    /// Reason code, when it is not simply cleared.
    pub reason: Option<&'static str>,
    /// Name of the profile of steps.
    pub profile: String,
    /// The present round.
    pub revision: Option<u32>,
    /// The edition that the site shows now.
    pub edition: Option<u32>,
    /// The steps of the present round.
    pub steps: Vec<StepStatus>,
    /// Who submitted and wrote the text last submitted, the submitter first.
    pub writers: Vec<PersonId>,
    /// Whether only a new submission leads on.
    pub needs_round: bool,
    /// The statement that sent the last round back, while that is where it stands.
    pub rejection: Option<Rejection>,
    /// A withdrawal that lacks a person.
    pub withdrawal: Option<PendingWithdrawal>,
}

/// What `check` found.
#[derive(Debug, Clone)]
pub struct CheckReport {
    /// The commit of which the sets speak; none before the first commit.
    pub revision: Option<CommitId>,
    /// Whether the findings speak of the work tree.
    pub worktree: bool,
    /// The instant used.
    pub at: Option<Clock>,
    /// Whether a trust anchor was given.
    pub anchored: bool,
    /// All findings, sorted.
    pub findings: Vec<Finding>,
    /// All sets, sorted, `site` last.
    pub sets: Vec<SetReport>,
    /// What waits for signatures while something older is in force.
    pub pending: Pending,
}

impl CheckReport {
    /// Whether any finding is an error (exit 1).
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// How the sets stand.
#[derive(Debug, Clone)]
pub struct StatusReport {
    /// The commit.
    pub revision: CommitId,
    /// The instant used.
    pub at: Clock,
    /// Whether a trust anchor was given.
    pub anchored: bool,
    /// All sets, sorted, `site` last.
    pub sets: Vec<SetReport>,
    /// What waits for signatures while something older is in force.
    pub pending: Pending,
    /// Names of the people of the roster, by id.
    pub names: BTreeMap<PersonId, String>,
}

/// All findings of a revision or of the work tree.
///
/// # Errors
/// [`Stop`] when the repository, roster, anchor or settings cannot be used.
pub fn check(repository: &Repository, options: &CheckOptions<'_>) -> Result<CheckReport, Stop> {
    in_pool(options.jobs, || check_with(repository, options, None))
}

/// The same, with external proofreaders when there are any to ask.
pub(super) fn check_with(
    repository: &Repository,
    options: &CheckOptions<'_>,
    ask: Option<Asked<'_>>,
) -> Result<CheckReport, Stop> {
    match options.revision {
        Some(revision) => check_revision(repository, revision, options, ask),
        None => check_work_tree(repository, options, ask),
    }
}

/// Asks the engines about the texts of the sets looked at.
fn consult(
    content: &Content,
    snapshot: &Snapshot,
    findings: &mut Vec<Finding>,
    options: &CheckOptions<'_>,
    ask: Option<Asked<'_>>,
) {
    let Some(ask) = ask else { return };
    let wanted = |set: &str| options.sets.is_empty() || options.sets.iter().any(|id| id.as_str() == set);
    let found = consult_all(content, snapshot, findings, &wanted, ask);
    findings.extend(found);
}

fn check_revision(
    repository: &Repository,
    revision: &str,
    options: &CheckOptions<'_>,
    ask: Option<Asked<'_>>,
) -> Result<CheckReport, Stop> {
    let mut read = read(repository, revision, options, false)?;
    let mut findings = read.findings.clone();
    findings.extend(read.show_present_site());
    read.content.learn(&read.facts(|id| read.set(id).and_then(|set| set.digest)), &read.config);
    findings.extend(proofread(&read.content, &read.snapshot, read.instant.at.today(), options.references));
    findings.extend(dated::findings(&read.content, &read.snapshot, read.instant.at.today()));
    findings.extend(shifted_references(&read, &read.content));
    consult(&read.content, &read.snapshot, &mut findings, options, ask);
    findings.extend(pins::of_revision(&read));
    findings.extend(stale_reports(repository, &read));
    findings.extend(office::tracked_requests(repository, Some(revision))?);
    findings.extend(small::content_findings(
        &read.snapshot,
        &read.content.corpus,
        &read.config,
        read.instant.at.today(),
    ));
    let ids: BTreeSet<&SetId> = read.sets.iter().map(|set| &set.id).collect();
    known_sets(options.sets, &ids)?;
    Ok(report(Some(&read), false, findings, options))
}

fn check_work_tree(
    repository: &Repository,
    options: &CheckOptions<'_>,
    ask: Option<Asked<'_>>,
) -> Result<CheckReport, Stop> {
    let Some(folder) = repository.work_tree() else {
        return Err(Stop::usage(
            "这是裸仓库，没有工作区；请用 --rev 指定版本，例如 --rev HEAD",
            "a bare repository has no work tree; give a revision, such as --rev HEAD",
        ));
    };
    let head = match repository.resolve("HEAD") {
        Ok(_) => Some(read(repository, "HEAD", options, true)?),
        Err(SourceError::Empty { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let snapshot = read_folder(folder)?;
    let (config, mut findings) = content::config(&snapshot)?;
    let mut content = Content::parse(&snapshot, &config);
    if let Some(head) = &head {
        let present = |id: &SetId| content.corpus.sets.get(id).and_then(|set| set.digest);
        let facts = head.facts(present);
        content.learn(&facts, &config);
    }
    findings.extend(file_findings(&snapshot));
    // Before the first commit there is no instant but the machine's.
    let at = head.as_ref().map_or(options.time.given.unwrap_or(options.time.machine), |head| head.instant.at);
    findings.extend(proofread(&content, &snapshot, at.today(), options.references));
    consult(&content, &snapshot, &mut findings, options, ask);
    if let Some(head) = &head {
        // Approvals speak of HEAD; what its texts say is read from the work tree.
        findings.extend(head.approval_findings());
        findings.extend(pins::of_folder(&content, head));
        findings.extend(stale_reports(repository, head));
        findings.extend(dated::findings(&content, &snapshot, head.instant.at.today()));
        findings.extend(dirty(&snapshot, &head.snapshot));
        findings.extend(shifted_references(head, &content));
    }
    findings.extend(office::tracked_requests(repository, None)?);
    findings.extend(small::content_findings(&snapshot, &content.corpus, &config, at.today()));
    let heads = head.iter().flat_map(|head| head.sets.iter().map(|set| &set.id));
    known_sets(options.sets, &snapshot.sets.keys().chain(heads).collect())?;
    Ok(report(head.as_ref(), true, findings, options))
}

fn read(
    repository: &Repository,
    revision: &str,
    options: &CheckOptions<'_>,
    drafting: bool,
) -> Result<Revision, Stop> {
    Revision::read(repository, ReadOptions { revision, time: options.time, anchor: options.anchor, drafting })
}

fn report(
    read: Option<&Revision>,
    worktree: bool,
    findings: Vec<Finding>,
    options: &CheckOptions<'_>,
) -> CheckReport {
    let mut findings: Vec<Finding> =
        findings.into_iter().filter(|finding| is_wanted(finding, options)).collect();
    finding::sort(&mut findings);
    CheckReport {
        revision: read.map(|read| read.commit.clone()),
        worktree,
        at: read.map(|read| read.instant.at),
        anchored: read.is_some_and(|read| read.approvals.is_anchored()),
        findings,
        sets: read.map(|read| read.reports(options.sets)).unwrap_or_default(),
        pending: read.map(|read| read.pending.clone()).unwrap_or_default(),
    }
}

fn is_wanted(finding: &Finding, options: &CheckOptions<'_>) -> bool {
    let of_set = |id: &SetId| {
        finding.set.as_deref() == Some(id.as_str())
            || finding.place.path.starts_with(&format!("content/policies/{id}/"))
    };
    let of_rule = |rule: &String| finding.code.eq_ignore_ascii_case(rule) || finding.rule == rule;
    finding.severity >= options.min_severity
        && (options.sets.is_empty() || options.sets.iter().any(of_set))
        && (options.rules.is_empty() || options.rules.iter().any(of_rule))
}

/// References inside policies that a renumbering left behind: against the edition
/// that stands, else against what is committed.
fn shifted_references(head: &Revision, content: &Content) -> Vec<Finding> {
    let mut findings = Vec::new();
    for judged in &head.sets {
        let before = judged.standing_edition().map_or(&judged.set, |edition| &edition.set);
        let now = content.corpus.sets.get(&judged.id);
        if let (Some(old), Some(new)) = (before.policy.as_ref(), now.and_then(|set| set.policy.as_ref())) {
            let found = jiedu_link::shifted(old, new).into_iter();
            findings.extend(found.map(|finding| finding.in_set(judged.id.to_string())));
        }
    }
    findings
}

/// Sets whose work tree is not what is committed.
pub(super) fn dirty(work: &Snapshot, head: &Snapshot) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut compare = |id: &str, path: &str, same: bool| {
        if !same {
            let message = Message::new(
                format!("“{id}”的工作区与已提交的内容不同；审签和构建只看已提交的内容"),
                format!(
                    "the work tree of `{id}` differs from what is committed; approvals and builds look at commits only"
                ),
            );
            let finding = Finding::new(
                "WORKTREE_DIRTY",
                "worktree-dirty",
                "approval",
                Severity::Warning,
                Place::whole(path),
                message,
            );
            findings.push(finding.in_set(id));
        }
    };
    let ids: BTreeSet<&SetId> = work.sets.keys().chain(head.sets.keys()).collect();
    for id in ids {
        let sides = [work, head].map(|side| side.sets.get(id).map(|files| files.manifest(id.as_str())));
        compare(id.as_str(), &format!("content/policies/{id}"), sides[0] == sides[1]);
    }
    let small: BTreeSet<&SmallSet> = work.small.keys().chain(head.small.keys()).collect();
    for id in small {
        let set = id.to_string();
        let sides = [work, head].map(|side| side.small.get(id).map(|files| files.manifest(&set)));
        compare(&set, &id.paths().pop().unwrap_or_default(), sides[0] == sides[1]);
    }
    compare("site", "site.toml", work.site.manifest("site") == head.site.manifest("site"));
    findings
}

/// How the sets of a revision stand.
///
/// # Errors
/// [`Stop`] when the repository, roster, anchor or settings cannot be used, or
/// a set is unknown.
pub fn status(repository: &Repository, options: &CheckOptions<'_>) -> Result<StatusReport, Stop> {
    in_pool(options.jobs, || {
        let read = read(repository, options.revision.unwrap_or("HEAD"), options, false)?;
        let ids: BTreeSet<&SetId> = read.sets.iter().map(|set| &set.id).collect();
        known_sets(options.sets, &ids)?;
        Ok(StatusReport {
            revision: read.commit.clone(),
            at: read.instant.at,
            anchored: read.approvals.is_anchored(),
            sets: read.reports(options.sets),
            pending: read.pending.clone(),
            names: names(&read),
        })
    })
}

/// The names of all people of the roster.
pub(super) fn names(read: &Revision) -> BTreeMap<PersonId, String> {
    let people = read.approvals.rosters().iter().flat_map(|roster| &roster.people);
    people.map(|person| (person.id.clone(), person.name.clone())).collect()
}

impl SetReport {
    /// Says whether only a new submission leads on, given the last one.
    pub(super) fn settled(self, last: Option<Submission>) -> Self {
        let open = self.steps.iter().find(|step| step.state != StepState::Done);
        let stuck =
            |step: &StepStatus| step.reason == Some(Reason::Retracted.code()) && step.candidates.is_empty();
        let over = [Reason::Rejected, Reason::RevisionSuperseded].map(|reason| Some(reason.code()));
        let is_over = over.contains(&self.reason) || self.reason == Some(EDITION_HIDDEN);
        // A text that differs from the one last submitted is a new one.
        let is_new_text = last.as_ref().is_some_and(|last| Some(last.digest) != self.digest)
            && open.is_some_and(|step| step.step == "submit");
        let needs_round = self.state == SetState::Blocked
            && self.digest.is_some()
            && (is_over || is_new_text || open.is_some_and(stuck));
        let rejection = self
            .rejection
            .filter(|rejection| needs_round && last.is_some_and(|last| last.revision == rejection.revision));
        Self { needs_round, rejection, ..self }
    }
}

impl Revision {
    /// The sets as reported, `site` last; only those named, when any are.
    #[must_use]
    pub fn reports(&self, only: &[SetId]) -> Vec<SetReport> {
        let wanted = self.sets.iter().filter(|set| only.is_empty() || only.contains(&set.id));
        let mut reports: Vec<SetReport> = wanted.map(|set| self.set_report(set)).collect();
        if only.is_empty() {
            reports.extend(self.small.iter().map(|set| self.small_report(set)));
            reports.push(self.site_report());
        }
        reports
    }

    fn set_report(&self, set: &JudgedSet) -> SetReport {
        let subject = Subject::from(&set.id);
        let standing = set.standing_edition();
        let report = SetReport {
            id: set.id.to_string(),
            digest: set.digest,
            title: set.title.clone(),
            state: set.state,
            reason: set.reason,
            profile: set.profile.clone(),
            revision: set.revision,
            edition: standing.map(|edition| edition.number),
            steps: set.steps.clone(),
            writers: self.approvals.writers(&subject),
            needs_round: false,
            rejection: self.approvals.rejection(&subject),
            withdrawal: None,
        };
        let cleared = standing.map(|edition| edition.revision);
        let withdrawal = standing.and_then(|_| self.approvals.pending_withdrawal(&subject, cleared));
        SetReport { withdrawal, ..report }.settled(self.approvals.submissions(&subject).pop())
    }

    /// The set `site` as reported.
    #[must_use]
    pub fn site_report(&self) -> SetReport {
        let (state, reason) = self.site_state();
        let report = SetReport {
            id: "site".to_owned(),
            digest: Some(self.site.digest),
            title: self.config.site.name.clone(),
            state,
            reason,
            profile: self.site.profile.clone(),
            revision: self.site.revision,
            edition: None,
            steps: self.site.steps.clone(),
            writers: self.approvals.writers(&Subject::Site),
            needs_round: false,
            rejection: self.approvals.rejection(&Subject::Site),
            withdrawal: None,
        };
        report.settled(self.approvals.submissions(&Subject::Site).pop())
    }

    /// The state of the set `site`.
    #[must_use]
    pub fn site_state(&self) -> (SetState, Option<&'static str>) {
        if let Some(fault) = self.site_files.fault {
            return (SetState::Blocked, Some(fault));
        }
        let spelled =
            |finding: &&Finding| finding.code == "TEXT_BIDI" && finding.set.as_deref() == Some("site");
        if let Some(finding) = self.content.findings.iter().find(spelled) {
            return (SetState::Blocked, Some(finding.code));
        }
        match self.site.cleared {
            Some(_) => (SetState::Cleared, None),
            None => (SetState::Blocked, self.site.reason.map(Reason::code)),
        }
    }

    /// Lets the site-wide files as they are, not those in force, be what the
    /// revision says, and gives the findings about them: for checks.
    fn show_present_site(&mut self) -> Vec<Finding> {
        let Some(present) = self.site_files.present.take() else { return Vec::new() };
        self.snapshot.site = present;
        let faults: Vec<Finding> =
            self.snapshot.site.faults.iter().map(|fault| fault.finding.clone()).collect();
        match content::config(&self.snapshot) {
            Ok((config, mut findings)) => {
                self.content = Content::parse(&self.snapshot, &config);
                self.config = config;
                findings.extend(faults);
                findings
            }
            Err(stop) => stop.findings.into_iter().chain(faults).collect(),
        }
    }

    /// Findings about statements and chains, without those about files.
    fn approval_findings(&self) -> impl Iterator<Item = Finding> {
        let sets = self.sets.iter().flat_map(|set| &set.findings);
        let small = self.small.iter().filter_map(|set| set.judgement.as_ref());
        let small = small.flat_map(|judgement| &judgement.findings);
        self.statement_findings.iter().chain(sets).chain(small).chain(&self.site.findings).cloned()
    }
}

/// The digest manifest of a set (or `site`) at a revision.
///
/// # Errors
/// [`Stop`] when there is no such set, or a fault leaves it without a digest.
pub fn manifest(repository: &Repository, revision: &str, id: &str) -> Result<Vec<u8>, Stop> {
    let snapshot = repository.snapshot(&repository.resolve(revision)?)?;
    let files = match (SmallSet::parse(id), SetId::parse(id)) {
        (Some(small), _) => snapshot.small.get(&small),
        (None, Ok(set)) => snapshot.sets.get(&set),
        (None, Err(_)) => (id == "site").then_some(&snapshot.site),
    };
    let Some(files) = files else {
        return Err(Stop::usage(
            format!("版本 {revision} 里没有“{id}”这一套文件"),
            format!("there is no set `{id}` at {revision}"),
        ));
    };
    files.manifest(id).ok_or_else(|| {
        let faults: Vec<Finding> = files
            .faults
            .iter()
            .filter(|fault| fault.voids_digest())
            .map(|fault| fault.finding.clone())
            .collect();
        let code = faults.first().map_or("PATH_INVALID", |finding| finding.code);
        let mut stop = Stop::refused(
            code,
            format!("“{id}”有不合规定的文件，没有摘要"),
            format!("`{id}` has files that break the rules and so has no digest"),
        );
        // A fault of one set is a finding (exit 1) everywhere else; here there
        // is nothing else to report.
        stop.kind = super::StopKind::Content;
        stop.with(faults)
    })
}

/// Reads the work tree only to say whether it differs from a revision.
pub(super) fn work_tree_findings(folder: &Path, head: &Snapshot) -> Vec<Finding> {
    read_folder(folder).map(|work| dirty(&work, head)).unwrap_or_default()
}

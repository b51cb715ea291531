//! Judging the sets of one file: the catalogue, lists, annual reports.

use std::collections::{BTreeMap, BTreeSet};

use super::check::SetReport;
use super::ground::Ground;
use super::{Revision, Stop};
use jiedu_approve::{Judgement, SetFacts, SetState, Subject};
use jiedu_base::finding::Finding;
use jiedu_base::name::{Digest, SmallSet};
use jiedu_base::text::decode;
use jiedu_config::Config;
use jiedu_disclosure::catalogue::{Holding, check_catalogue, read_catalogue};
use jiedu_disclosure::lists::read_list;
use jiedu_disclosure::reports::{AnnualReport, check_against, check_sums, read_report};
use jiedu_edition::{SmallEdition, SmallLine};
use jiedu_model::Corpus;
use jiedu_source::{Snapshot, SourceError};
use jiff::civil::Date;

/// A set of one file, judged.
#[derive(Debug)]
pub struct JudgedSmall {
    /// Its id.
    pub id: SmallSet,
    /// The digest of the present file; none when it is gone or a fault voids it.
    pub digest: Option<Digest>,
    /// How the present file stands.
    pub judgement: Option<Judgement>,
    /// The code of a fault of the present file.
    pub fault: Option<&'static str>,
    /// The approved texts, oldest first.
    pub editions: Vec<SmallEdition>,
    /// Whether it was withdrawn since.
    pub withdrawn: bool,
    facts: SetFacts,
}

impl JudgedSmall {
    /// The approved text that the public sees.
    #[must_use]
    pub fn standing(&self) -> Option<&SmallEdition> {
        self.editions.last().filter(|_| !self.withdrawn)
    }

    /// What a signature on the present text is judged by.
    pub(super) fn signing(&self) -> (Subject, SetFacts) {
        (Subject::Small(self.id.clone()), self.facts.clone())
    }

    /// Its state and reason.
    #[must_use]
    pub fn state(&self) -> (SetState, Option<&'static str>) {
        if let Some(fault) = self.fault {
            return (SetState::Blocked, Some(fault));
        }
        let Some(judgement) = &self.judgement else { return (SetState::Blocked, Some("POLICY_MISSING")) };
        if judgement.withdrawn.is_some() {
            return (SetState::Withdrawn, None);
        }
        match (&judgement.cleared, judgement.reason) {
            (Some(_), None) => (SetState::Cleared, None),
            (_, reason) => (SetState::Blocked, reason.map(jiedu_approve::Reason::code)),
        }
    }
}

/// What people call it.
pub(super) fn title(id: &SmallSet) -> String {
    match id {
        SmallSet::Catalogue => "主动公开事项目录".to_owned(),
        SmallSet::List(name) => format!("清单 {name}"),
        SmallSet::Report(year) => format!("{year}年政府信息公开工作年度报告"),
    }
}

impl Ground<'_> {
    /// Every set of one file that is there or was approved once.
    pub(super) fn small(&self, snapshot: &Snapshot) -> Result<Vec<JudgedSmall>, Stop> {
        let timeline = self.walk.timeline;
        let all: BTreeSet<&SmallSet> = snapshot.small.keys().chain(timeline.small_spans.keys()).collect();
        let judged = all.into_iter().map(|id| self.judge_small(id, snapshot));
        let judged = judged.collect::<Result<Vec<_>, SourceError>>()?;
        Ok(judged
            .into_iter()
            .filter(|set| set.judgement.is_some() || set.fault.is_some() || set.standing().is_some())
            .collect())
    }

    fn judge_small(&self, id: &SmallSet, snapshot: &Snapshot) -> Result<JudgedSmall, SourceError> {
        let line = self.walk.small(id, &self.known)?;
        let files = snapshot.small.get(id);
        let digest =
            files.filter(|files| !files.files.is_empty()).and_then(|files| files.digest(&id.to_string()));
        let subject = Subject::Small(id.clone());
        let cleared = line.cleared();
        let SmallLine { editions, history_emails } = line;
        let facts = SetFacts { cleared, history_emails, drafting: self.drafting, ..SetFacts::default() };
        let approvals = self.walk.approvals;
        Ok(JudgedSmall {
            judgement: digest.map(|digest| approvals.judge(&subject, &digest, &facts)),
            fault: files.and_then(|files| files.faults.first()).map(|fault| fault.code),
            withdrawn: approvals.withdrawal(&subject, cleared).is_some(),
            id: id.clone(),
            digest,
            editions,
            facts,
        })
    }
}

impl Revision {
    /// A set of one file as `status` and `check` report it.
    pub(super) fn small_report(&self, set: &JudgedSmall) -> SetReport {
        let subject = Subject::Small(set.id.clone());
        let (state, reason) = set.state();
        let judgement = set.judgement.as_ref();
        let standing = set.standing();
        let cleared = standing.map(|edition| edition.proof().revision());
        let report = SetReport {
            id: set.id.to_string(),
            digest: set.digest,
            title: title(&set.id),
            state,
            reason,
            profile: judgement.map(|judgement| judgement.profile.clone()).unwrap_or_default(),
            revision: judgement.and_then(|judgement| judgement.revision),
            edition: standing.map(|edition| edition.birth().number),
            steps: judgement.map(|judgement| judgement.steps.clone()).unwrap_or_default(),
            writers: self.approvals.writers(&subject),
            needs_round: false,
            rejection: self.approvals.rejection(&subject),
            withdrawal: standing.and_then(|_| self.approvals.pending_withdrawal(&subject, cleared)),
        };
        report.settled(self.approvals.submissions(&subject).pop())
    }

    /// The set of one file with that id.
    #[must_use]
    pub fn small_set(&self, id: &SmallSet) -> Option<&JudgedSmall> {
        self.small.iter().find(|set| set.id == *id)
    }
}

/// Everything that an item of the catalogue may stand for.
struct Holdings<'a> {
    corpus: &'a Corpus,
    small: Vec<(String, String)>,
    repealed: BTreeSet<&'a str>,
    today: Date,
}

impl<'a> Holdings<'a> {
    fn of(snapshot: &Snapshot, corpus: &'a Corpus, today: Date) -> Self {
        let others = snapshot.small.keys().filter(|id| **id != SmallSet::Catalogue);
        let policies = corpus.sets.values().filter_map(|set| set.policy.as_ref());
        let repealed =
            policies.flat_map(|policy| policy.meta.repeals.iter().map(|other| other.value.as_str()));
        Self {
            corpus,
            small: others.map(|id| (id.to_string(), title(id))).collect(),
            repealed: repealed.collect(),
            today,
        }
    }

    fn list(&self) -> Vec<Holding<'_>> {
        let sets = self.corpus.sets.iter().filter_map(|(id, set)| Some((id, set.policy.as_ref()?)));
        let sets = sets.map(|(id, policy)| {
            let meta = &policy.meta;
            let number = meta.document_number.as_ref().map(|number| number.value.as_str());
            let expired = meta.expires.as_ref().is_some_and(|expires| expires.value < self.today);
            let is_repealed = self.repealed.contains(id.as_str())
                || number.is_some_and(|number| self.repealed.contains(number));
            Holding {
                id: id.as_str(),
                title: meta.title.as_ref().map_or("", |title| title.value.as_str()),
                formed: meta.signed.as_ref().map(|date| date.value),
                published: meta.published.as_ref().map(|date| date.value.date),
                policy: Some(policy),
                ended: expired || is_repealed,
            }
        });
        let small = self.small.iter().map(|(id, title)| Holding {
            id,
            title,
            formed: None,
            published: None,
            policy: None,
            ended: false,
        });
        sets.chain(small).collect()
    }
}

/// What the present files of these sets have wrong.
pub(super) fn content_findings(
    snapshot: &Snapshot,
    corpus: &Corpus,
    config: &Config,
    today: Date,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut reports: BTreeMap<&SmallSet, AnnualReport> = BTreeMap::new();
    for (id, files) in &snapshot.small {
        let mut found = Vec::new();
        for file in &files.files {
            let Ok(source) = decode(&file.path, &file.bytes) else { continue };
            match id {
                SmallSet::Report(_) => {
                    let report = read_report(&source).drain_into(&mut found);
                    found.extend(report.iter().flat_map(check_sums));
                    reports.extend(report.map(|report| (id, report)));
                }
                SmallSet::List(name) => found.extend(read_list(&source, name).findings),
                SmallSet::Catalogue => {
                    let catalogue = read_catalogue(&source).drain_into(&mut found);
                    let holdings = Holdings::of(snapshot, corpus, today);
                    found.extend(check_catalogue(&catalogue, &holdings.list(), &config.calendar, today));
                }
            }
        }
        let set = id.to_string();
        findings.extend(found.into_iter().map(|finding| finding.in_set(set.as_str())));
    }
    let years: Vec<(&&SmallSet, &AnnualReport)> = reports.iter().collect();
    for pair in years.windows(2) {
        if let [(_, earlier), (id, later)] = pair {
            let found = check_against(earlier, later);
            findings.extend(found.into_iter().map(|finding| finding.in_set(id.to_string())));
        }
    }
    findings
}

//! The documents `jiedu.check/1` and `jiedu.status/1` (contract §6).
//!
//! These types are promises to programs outside; nothing else is serialised.

use serde::Serialize;

use super::{CheckReport, Pending, SetReport, StatusReport};
use jiedu_approve::{SetState, StepState, StepStatus};
use jiedu_base::finding::render::{Item, items};
use jiedu_base::name::PersonId;
use jiedu_base::text::Lang;

#[derive(Debug, Serialize)]
struct CheckDocument<'a> {
    schema: &'a str,
    revision: Option<&'a str>,
    worktree: bool,
    at: Option<String>,
    anchored: bool,
    findings: Vec<Item<'a>>,
    sets: Vec<SetView<'a>>,
    pending: PendingView<'a>,
}

#[derive(Debug, Serialize)]
struct StatusDocument<'a> {
    schema: &'a str,
    revision: &'a str,
    at: String,
    anchored: bool,
    sets: Vec<SetView<'a>>,
    pending: PendingView<'a>,
}

/// What waits for signatures.
#[derive(Debug, Serialize)]
struct PendingView<'a> {
    roster: Option<PendingRosterView<'a>>,
    site: Option<PendingSiteView<'a>>,
}

#[derive(Debug, Serialize)]
struct PendingRosterView<'a> {
    version: u32,
    have: usize,
    need: usize,
    missing: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct PendingSiteView<'a> {
    digest: String,
    missing: Vec<&'a str>,
}

/// A withdrawal that lacks a person.
#[derive(Debug, Serialize)]
struct WithdrawalView<'a> {
    revision: u32,
    signed: Vec<&'a str>,
    candidates: Vec<&'a str>,
}

impl<'a> From<&'a Pending> for PendingView<'a> {
    fn from(pending: &'a Pending) -> Self {
        let roster = pending.roster.as_ref().map(|roster| PendingRosterView {
            version: roster.version,
            have: roster.have,
            need: roster.need,
            missing: ids(&roster.missing),
        });
        let site = pending.site.as_ref().map(|site| PendingSiteView {
            digest: site.digest.to_string(),
            missing: site.missing.iter().map(String::as_str).collect(),
        });
        Self { roster, site }
    }
}

fn ids(people: &[PersonId]) -> Vec<&str> {
    people.iter().map(PersonId::as_str).collect()
}

/// One set.
#[derive(Debug, Serialize)]
struct SetView<'a> {
    id: &'a str,
    digest: Option<String>,
    title: &'a str,
    state: &'a str,
    reason: Option<&'a str>,
    profile: Option<&'a str>,
    revision: Option<u32>,
    edition: Option<u32>,
    steps: Vec<StepView<'a>>,
    /// Who has to submit anew, when only that leads on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    writers: Vec<&'a str>,
    /// Only while a withdrawal lacks a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawal: Option<WithdrawalView<'a>>,
}

/// One step.
#[derive(Debug, Serialize)]
struct StepView<'a> {
    step: &'a str,
    state: &'a str,
    by: Option<&'a str>,
    #[serde(rename = "for")]
    substitute_for: Option<&'a str>,
    commit: Option<&'a str>,
    statement: Option<String>,
    /// Only where a statement names one (`review/2`).
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
    reason: Option<&'a str>,
    candidates: Vec<&'a str>,
}

/// The word for a state of a set.
#[must_use]
pub fn state_name(state: SetState) -> &'static str {
    match state {
        SetState::Cleared => "cleared",
        SetState::Blocked => "blocked",
        SetState::Exempt => "exempt",
        SetState::Scheduled => "scheduled",
        SetState::Withdrawn => "withdrawn",
    }
}

/// The word for a state of a step.
#[must_use]
pub fn step_state_name(state: StepState) -> &'static str {
    match state {
        StepState::Done => "done",
        StepState::Missing => "missing",
        StepState::Invalid => "invalid",
    }
}

fn set_view(set: &SetReport) -> SetView<'_> {
    SetView {
        id: &set.id,
        digest: set.digest.map(|digest| digest.to_string()),
        title: &set.title,
        state: state_name(set.state),
        reason: set.reason,
        profile: (!set.profile.is_empty()).then_some(&set.profile),
        revision: set.revision,
        edition: set.edition,
        steps: set.steps.iter().map(step_view).collect(),
        writers: if set.needs_round { ids(&set.writers) } else { Vec::new() },
        withdrawal: set.withdrawal.as_ref().map(|withdrawal| WithdrawalView {
            revision: withdrawal.revision,
            signed: ids(&withdrawal.signers),
            candidates: ids(&withdrawal.candidates),
        }),
    }
}

fn step_view(step: &StepStatus) -> StepView<'_> {
    StepView {
        step: &step.step,
        state: step_state_name(step.state),
        by: step.by.as_ref().map(PersonId::as_str),
        substitute_for: step.substitute_for.as_ref().map(PersonId::as_str),
        commit: step.commit.as_ref().map(jiedu_base::name::CommitId::as_str),
        statement: step.statement.map(|id| id.to_string()),
        report: step.report.map(|digest| digest.to_string()),
        reason: step.reason,
        candidates: step.candidates.iter().map(PersonId::as_str).collect(),
    }
}

impl CheckReport {
    /// The document `jiedu.check/1`, ending in a line feed.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> String {
        to_text(&CheckDocument {
            schema: "jiedu.check/1",
            revision: self.revision.as_ref().map(jiedu_base::name::CommitId::as_str),
            worktree: self.worktree,
            at: self.at.map(|at| at.rfc3339()),
            anchored: self.anchored,
            findings: items(&self.findings, lang),
            sets: self.sets.iter().map(set_view).collect(),
            pending: (&self.pending).into(),
        })
    }
}

impl StatusReport {
    /// The document `jiedu.status/1`, ending in a line feed.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_text(&StatusDocument {
            schema: "jiedu.status/1",
            revision: self.revision.as_str(),
            at: self.at.rfc3339(),
            anchored: self.anchored,
            sets: self.sets.iter().map(set_view).collect(),
            pending: (&self.pending).into(),
        })
    }
}

fn to_text<T: Serialize>(document: &T) -> String {
    // Plain structs with string keys always serialise.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

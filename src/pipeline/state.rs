//! The state of one set, and what of it may be shown (details 47–49, 53, 60, 83).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::facts::facts_of;
use jiedu_approve::{Approvals, Judgement, SetState, StepStatus, Subject, Withdrawal};
use jiedu_base::clock::{Clock, beijing_instant};
use jiedu_base::finding::Finding;
use jiedu_base::name::{Digest, SetId};
use jiedu_edition::{Edition, PublishedSet, SetLine};
use jiedu_model::{Disclosure, PublicationSet, PublishDate};
use jiedu_source::FileFault;
use jiedu_synchrony::{PartialApproval, SynchronyFacts};

/// A set, judged.
#[derive(Debug)]
pub struct JudgedSet {
    /// Its id.
    pub id: SetId,
    /// The digest of its present text; none when a fault voids it.
    pub digest: Option<Digest>,
    /// 标题; the id where there is none.
    pub title: String,
    /// The state of its present text.
    pub state: SetState,
    /// Why it is not simply cleared: a reason code.
    pub reason: Option<&'static str>,
    /// Name of the profile of steps.
    pub profile: String,
    /// The round that the steps speak of.
    pub revision: Option<u32>,
    /// The steps of the present round.
    pub steps: Vec<StepStatus>,
    /// 发布日期 still to come.
    pub due: Option<PublishDate>,
    /// The withdrawal in force.
    pub withdrawn: Option<Withdrawal>,
    /// What may be shown: editions whose date has come, void ones included.
    pub editions: Vec<Edition>,
    /// Number and digest of approved editions that a rule holds back: they have
    /// no page, and nothing takes their number (details 83).
    pub held_back: Vec<(u32, Digest)>,
    /// The round that approved the newest text, where nothing of the set may
    /// reach the output because of that text. A text that nobody approved says
    /// nothing here.
    pub kept_back: Option<u32>,
    /// Other sets whose addresses an approved text of this one takes over, also
    /// after this one was withdrawn: that brings no older text back.
    pub takes_over: BTreeSet<SetId>,
    /// The present text.
    pub set: Arc<PublicationSet>,
    /// What approvals and history say to the three-synchronous rules.
    pub facts: SynchronyFacts,
    /// Findings of the approval room.
    pub findings: Vec<Finding>,
}

/// What a state is made from.
pub(super) struct SetInput<'a> {
    pub(super) set: &'a Arc<PublicationSet>,
    pub(super) faults: &'a [FileFault],
    pub(super) judgement: Option<Judgement>,
    /// What knows of withdrawals.
    pub(super) approvals: &'a Approvals,
    pub(super) line: SetLine,
    /// Code of the first finding that blocks the present text.
    pub(super) blocking: Option<&'static str>,
    /// The same for the newest edition, where it is an older text.
    pub(super) newest_blocking: Option<&'static str>,
    pub(super) plan_at_first_submit: Option<bool>,
    pub(super) partial_approvals: Vec<PartialApproval>,
    pub(super) at: Clock,
}

/// Judges one set.
pub(super) fn judge_set(input: SetInput<'_>) -> JudgedSet {
    let (mut editions, held_back) = shown_editions(&input);
    let subject = Subject::from(&input.set.id);
    let shown = editions.iter().filter(|edition| edition.void.is_none());
    let withdrawn =
        input.approvals.withdrawal(&subject, shown.map(|edition| edition.revision).max()).cloned();
    if withdrawn.is_some() {
        for edition in &mut editions {
            edition.void = Some("WITHDRAWN");
        }
    }
    let newest = editions.iter().rev().find(|it| matches!(it.void, None | Some("WITHDRAWN")));
    let policy = newest.and_then(|edition| edition.set.policy.as_ref());
    let takes_over = policy.map(|policy| policy.meta.aliases.iter().cloned().collect()).unwrap_or_default();
    if is_kept_back(&input) {
        editions.clear();
    }
    let standing = standing(&input).filter(|edition| is_hidden(&edition.set));
    let kept_back = standing.map(|edition| edition.revision);
    let (state, reason) = decide(&input, withdrawn.is_some());
    let meta = input.set.policy.as_ref().map(|policy| &policy.meta);
    let title = meta.and_then(|meta| meta.title.as_ref()).map(|title| title.value.clone());
    let published = meta.and_then(|meta| meta.published.as_ref()).map(|date| date.value);
    let judgement = input.judgement;
    let (profile, revision, steps, findings) = match judgement {
        Some(judgement) => (judgement.profile, judgement.revision, judgement.steps, judgement.findings),
        None => (String::new(), None, Vec::new(), Vec::new()),
    };
    let facts = facts_of(input.set, &input.line, &steps, input.plan_at_first_submit, input.partial_approvals);
    JudgedSet {
        id: input.set.id.clone(),
        digest: input.set.digest,
        title: title.unwrap_or_else(|| input.set.id.to_string()),
        state,
        reason,
        profile,
        revision,
        steps,
        due: published.filter(|date| !has_come(*date, input.at)),
        withdrawn,
        editions,
        held_back,
        kept_back,
        takes_over,
        set: input.set.clone(),
        facts,
        findings,
    }
}

fn decide(input: &SetInput<'_>, withdrawn: bool) -> (SetState, Option<&'static str>) {
    let meta = input.set.policy.as_ref().map(|policy| &policy.meta);
    if let Some(fault) = input.faults.first() {
        return (SetState::Blocked, Some(fault.code));
    }
    if is_hidden(input.set) && is_kept_back(input) {
        return (SetState::Exempt, Some("NOT_DISCLOSED"));
    }
    // A text that was cleared since has reasons of its own not to be shown yet.
    let cleared = input.judgement.as_ref().is_some_and(|judgement| judgement.cleared.is_some());
    if withdrawn && !cleared {
        return (SetState::Withdrawn, Some("WITHDRAWN"));
    }
    let Some(judgement) = &input.judgement else { return (SetState::Blocked, Some("STEP_MISSING")) };
    if judgement.cleared.is_none() {
        return (
            SetState::Blocked,
            judgement.reason.map(jiedu_approve::Reason::code).or(Some("STEP_MISSING")),
        );
    }
    if let Some(code) = input.blocking {
        return (SetState::Blocked, Some(code));
    }
    match meta.and_then(|meta| meta.published.as_ref()) {
        Some(date) if !has_come(date.value, input.at) => (SetState::Scheduled, None),
        _ if meta.is_some_and(|meta| meta.no_interpretation.is_some()) => (SetState::Exempt, None),
        _ => (SetState::Cleared, None),
    }
}

/// Whether nothing of the set may reach the output, because it is 依申请公开 or
/// 不予公开. That is for approvals to decide (details 47): the newest approved
/// text speaks for the whole set, older editions included, and one commit that
/// nobody approved neither takes a published text down nor brings one back.
/// Only where no text was ever approved does the present one speak for itself.
fn is_kept_back(input: &SetInput<'_>) -> bool {
    match standing(input) {
        Some(newest) => is_hidden(&newest.set),
        None => input.line.editions.is_empty() && is_hidden(input.set),
    }
}

/// The newest approved text.
fn standing<'a>(input: &'a SetInput<'_>) -> Option<&'a Edition> {
    let mut editions = input.line.editions.iter().rev().map(|parsed| &parsed.edition);
    editions.find(|edition| edition.void.is_none())
}

/// A text that cannot be read says nothing.
fn is_hidden(set: &PublicationSet) -> bool {
    disclosure(set).is_some_and(|said| matches!(said, Disclosure::OnRequest | Disclosure::Withheld))
}

fn disclosure(set: &PublicationSet) -> Option<Disclosure> {
    set.policy.as_ref().map(|policy| policy.meta.disclosure)
}

/// Whether the text itself may be shown, as far as 公开方式 goes.
pub(super) fn is_disclosed(set: &PublicationSet) -> bool {
    disclosure(set).is_none_or(|said| said == Disclosure::Proactive)
}

/// Whether 发布日期 has come; a date without time begins at 00:00 in Beijing.
pub(super) fn has_come(date: PublishDate, at: Clock) -> bool {
    let time = date.time.unwrap_or(jiff::civil::Time::midnight());
    at.instant() >= beijing_instant(date.date.to_datetime(time))
}

/// The editions that the output may know of, before a withdrawal of the whole
/// set, and those that a rule holds back.
fn shown_editions(input: &SetInput<'_>) -> (Vec<Edition>, Vec<(u32, Digest)>) {
    let withdrawals = input.approvals.withdrawals(&Subject::from(&input.set.id));
    let newest = input.line.editions.last().map(|parsed| parsed.edition.number);
    let (mut out, mut held_back) = (Vec::new(), Vec::new());
    for parsed in &input.line.editions {
        let mut edition = parsed.edition.clone();
        let meta = edition.set.policy.as_ref().map(|policy| &policy.meta);
        let date = meta.and_then(|meta| meta.published.as_ref()).map(|date| date.value);
        // An embargo covers the existence of an edition too, and a text that is
        // not for the public leaves no trace.
        if !is_disclosed(&edition.set) || date.is_none_or(|date| !has_come(date, input.at)) {
            continue;
        }
        let is_newest = Some(edition.number) == newest;
        let of_present = input.set.digest == Some(edition.digest);
        let blocked = match (is_newest, of_present) {
            (true, true) => input.blocking,
            (true, false) => input.newest_blocking,
            (false, _) => parsed.findings.iter().find(|finding| finding.blocks).map(|finding| finding.code),
        };
        let named = |withdrawal: &Withdrawal| {
            (withdrawal.digest, withdrawal.revision) == (edition.digest, edition.revision)
        };
        if withdrawals.iter().any(named) {
            edition.void = Some("WITHDRAWN");
        } else if blocked.is_some() && edition.void.is_none() {
            held_back.push((edition.number, edition.digest));
            continue;
        }
        out.push(edition);
    }
    (out, held_back)
}

impl JudgedSet {
    /// The set as the site shows it; nothing when no edition may be shown.
    #[must_use]
    pub fn published(&self) -> Option<PublishedSet> {
        (!self.editions.is_empty()).then(|| PublishedSet {
            id: self.id.clone(),
            state: self.state,
            editions: self.editions.clone(),
            withdrawn: self
                .withdrawn
                .as_ref()
                .map(|withdrawal| (withdrawal.statement, withdrawal.claimed_at)),
            draft: false,
        })
    }

    /// The edition that stays on the site although the present text does not
    /// get there.
    #[must_use]
    pub fn standing_edition(&self) -> Option<&Edition> {
        self.editions.iter().rev().find(|edition| edition.void.is_none())
    }
}

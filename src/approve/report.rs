//! Verdicts in words: one finding per refusal, with what to do next.

use super::book::Refused;
use super::gather::Stray;
use super::judge::{Case, StepView};
use super::standing::Held;
use super::verdict::Withdrawal;
use super::{Reason, StepState, Subject, step_label};
use jiedu_base::finding::{Finding, Message, Place, Severity};
use jiedu_base::name::PersonId;

const DAY: i64 = 24 * 60 * 60;

/// A finding about a refusal at a place.
pub(super) fn finding(reason: Reason, severity: Severity, path: &str, what: &Message) -> Finding {
    let why = reason.explanation();
    let (zh, en) = if what.zh.is_empty() {
        (why.zh, why.en)
    } else {
        (format!("{}：{}", why.zh, what.zh), format!("{}: {}", why.en, what.en))
    };
    let finding = Finding::new(
        reason.code(),
        reason.rule(),
        "approval",
        severity,
        Place::whole(path),
        Message::new(zh, en),
    );
    let advice = reason.advice();
    finding.note(advice.zh, advice.en)
}

/// A stray commit or file.
pub(super) fn stray(stray: &Stray, exists: bool) -> Finding {
    let is_file = matches!(stray.carrier, super::Carrier::File(_));
    let severity = if is_file { Severity::Error } else { Severity::Hint };
    let set = stray.claims.subject.as_ref().filter(|_| exists).map(ToString::to_string);
    Finding { set, ..finding(stray.reason, severity, &stray.carrier.path(), &Message::new("", "")) }
}

/// A statement refused on its own account.
pub(super) fn refused(refused: &Refused, severity: Severity, set: Option<String>) -> Finding {
    let claims = &refused.claims;
    let step = claims.steps.first().map(String::as_str).unwrap_or_default();
    let subject = claims.subject.as_ref().map(ToString::to_string).unwrap_or_default();
    let what = if step.is_empty() && subject.is_empty() {
        Message::new("", "")
    } else {
        Message::new(format!("{subject} {}", step_label(step)), format!("{subject} {step}"))
    };
    Finding { set, ..finding(refused.reason, severity, &refused.path, &what) }
}

/// A statement whose signature holds but that does not count.
pub(super) fn held(held: &Held, reason: Reason, severity: Severity) -> Finding {
    finding(reason, severity, &held.path, &describe(held)).in_set(held.statement.subject.to_string())
}

fn describe(held: &Held) -> Message {
    let s = &held.statement;
    let (subject, revision, signer) = (&s.subject, s.revision, &s.signer);
    Message::new(
        format!("{subject} 第 {revision} 轮 {}（{signer}）", step_label(&s.step)),
        format!("{subject} revision {revision}, {} by {signer}", s.step),
    )
}

/// The findings of a judgement: set-wide reasons, missing steps, statements
/// that fail within their chain, and hints.
pub(super) fn judgement(
    case: &Case<'_>,
    steps: &[StepView],
    wide: Option<Reason>,
    rejected: Option<&Held>,
    withdrawn: Option<&Withdrawal>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        wide.map(|reason| wide_finding(case, reason, rejected, withdrawn)).into_iter().collect();
    let is_round_open = !case.book.submits(case.digest).is_empty();
    let open = if case.facts.drafting && !is_round_open { Severity::Hint } else { Severity::Error };
    findings.extend(missing(case, steps, open, is_round_open));
    for step in steps {
        let Some((reason, culprit)) = step.reason.zip(step.culprit.and_then(|at| case.book.get(at))) else {
            continue;
        };
        // While a new text is being written, what was signed of the old one is
        // in order: it stands as an edition, or its round is over.
        if !is_round_open && culprit.statement.digest != case.digest {
            continue;
        }
        let old = matches!(reason, Reason::DigestMismatch | Reason::RevisionMismatch);
        let severity = match (step.follows_failure, old) {
            (true, _) => Severity::Hint,
            (false, true) => open,
            (false, false) => Severity::Error,
        };
        findings.push(held(culprit, reason, severity).blocking());
    }
    let is_open = steps.iter().any(|step| step.status.state != StepState::Done);
    for twin in case.facts.twins.iter().filter(|_| is_open) {
        let what = Message::new(
            format!("与 {twin} 的文件完全相同，但审签不能通用"),
            format!("same files as {twin}, whose approvals do not count here"),
        );
        findings.push(
            finding(Reason::SetMismatch, open, &folder(case.subject), &what)
                .in_set(case.subject.to_string())
                .blocking(),
        );
    }
    findings.extend(undeclared(case));
    findings.extend(out_of_time(case));
    findings
}

fn wide_finding(
    case: &Case<'_>,
    reason: Reason,
    rejected: Option<&Held>,
    withdrawn: Option<&Withdrawal>,
) -> Finding {
    let (severity, path, what) = match (reason, rejected, withdrawn) {
        (Reason::Rejected, Some(by), _) => (Severity::Error, by.path.clone(), describe(by)),
        (Reason::Withdrawn, _, Some(by)) => {
            let signers: Vec<&str> = by.signers.iter().map(PersonId::as_str).collect();
            let (revision, signers) = (by.revision, signers.join(", "));
            let what = Message::new(
                format!("第 {revision} 轮（{signers}）"),
                format!("revision {revision} ({signers})"),
            );
            (Severity::Warning, folder(case.subject), what)
        }
        _ => (Severity::Error, folder(case.subject), Message::new("", "")),
    };
    finding(reason, severity, &path, &what).in_set(case.subject.to_string()).blocking()
}

/// One finding for all steps that nobody has signed yet; of a text that nobody
/// has submitted, those signed for an earlier text are among them.
fn missing(case: &Case<'_>, steps: &[StepView], severity: Severity, is_round_open: bool) -> Option<Finding> {
    let outdated = |step: &StepView| {
        let culprit = step.culprit.and_then(|at| case.book.get(at));
        !is_round_open && culprit.is_some_and(|held| held.statement.digest != case.digest)
    };
    let names: Vec<&str> = steps
        .iter()
        .filter(|step| step.status.state == StepState::Missing || outdated(step))
        .map(|step| step.status.step.as_str())
        .collect();
    if names.is_empty() {
        return None;
    }
    let zh: Vec<&str> = names.iter().map(|step| step_label(step)).collect();
    let what = Message::new(zh.join("、"), names.join(", "));
    let found = finding(Reason::StepMissing, severity, &folder(case.subject), &what);
    Some(found.in_set(case.subject.to_string()).blocking())
}

/// Persons who changed the text and are not declared: a hint, as long as they
/// signed nothing that an author may not.
fn undeclared(case: &Case<'_>) -> Option<Finding> {
    let submit = case.shown.as_ref().and_then(|path| path.at.first()).and_then(|at| case.book.get(*at))?;
    let s = &submit.statement;
    let missing: Vec<&str> = case
        .rules
        .history
        .iter()
        .filter(|person| **person != s.signer && !s.authors.contains(person))
        .map(PersonId::as_str)
        .collect();
    let names = missing.join(", ");
    let what = Message::new(
        format!("{names}（改过文本，未列入起草人）"),
        format!("{names} changed the text and is not declared"),
    );
    let place = Place::whole(folder(case.subject));
    let hint = Finding::new(
        Reason::AuthorUndeclared.code(),
        Reason::AuthorUndeclared.rule(),
        "approval",
        Severity::Hint,
        place,
        what,
    );
    let advice = Reason::AuthorUndeclared.advice();
    (!missing.is_empty()).then(|| hint.note(advice.zh, advice.en).in_set(case.subject.to_string()))
}

/// Steps that claim a time well before the step they follow.
fn out_of_time(case: &Case<'_>) -> Vec<Finding> {
    let path = case.shown.as_ref().map(|path| path.at.as_slice()).unwrap_or_default();
    let held: Vec<&Held> = path.iter().filter_map(|at| case.book.get(*at)).collect();
    let early = |pair: &&[&Held]| matches!(pair, [before, after] if after.claimed_at < before.claimed_at.saturating_sub(DAY));
    let pairs = held.windows(2).filter(early).filter_map(|pair| pair.last());
    pairs.map(|late| self::held(late, Reason::TimeImplausible, Severity::Warning)).collect()
}

/// The folder or file that a subject is.
pub(super) fn folder(subject: &Subject) -> String {
    match subject {
        Subject::Set(id) => format!("content/policies/{id}"),
        Subject::Site => "site.toml".to_owned(),
        Subject::Small(id) => id.paths().pop().unwrap_or_default(),
        Subject::Roster(version) => format!("roster/{version}.toml"),
    }
}

/// Whether a refusal concerns what is under way now (details 64).
pub(super) fn severity(is_present: bool) -> Severity {
    if is_present { Severity::Error } else { Severity::Hint }
}

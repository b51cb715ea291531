//! How each step of a round stands, and which code shows (details 30).

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::judge::{Case, StepView};
use super::standing::Held;
use super::statement::{Decision, Kind};
use super::{Reason, StepState, StepStatus};
use jiedu_base::name::{CommitId, Digest, PersonId};

/// A statement that might be meant for a step, held or refused.
struct Attempt<'a> {
    id: Digest,
    commit: Option<&'a CommitId>,
    signer: Option<&'a PersonId>,
    reason: Reason,
    culprit: Option<usize>,
    follows_failure: bool,
    /// Names the present digest, the present revision.
    fits: (bool, bool),
}

/// All steps of the profile.
pub(super) fn steps(case: &Case<'_>) -> Vec<StepView> {
    let mut used: BTreeSet<Digest> = done_ids(case);
    let names = case.rules.steps.iter().enumerate();
    names
        .map(|(index, step)| {
            match case.shown.as_ref().and_then(|path| path.at.get(index)).and_then(|at| case.book.get(*at)) {
                Some(held) => done(step, held),
                None => open(case, index, step, &mut used),
            }
        })
        .collect()
}

fn done_ids(case: &Case<'_>) -> BTreeSet<Digest> {
    let path = case.shown.as_ref().map(|path| path.at.as_slice()).unwrap_or_default();
    path.iter().filter_map(|at| case.book.get(*at)).map(|held| held.id).collect()
}

fn done(step: &str, held: &Held) -> StepView {
    let status = StepStatus {
        step: step.to_owned(),
        state: StepState::Done,
        by: Some(held.statement.signer.clone()),
        substitute_for: held.substitute_for.clone(),
        commit: held.commit.clone(),
        statement: Some(held.id),
        report: held.statement.report,
        reason: None,
        candidates: Vec::new(),
    };
    StepView { status, reason: None, culprit: None, follows_failure: false }
}

/// A step that is not done: invalid if somebody tried, else missing.
fn open(case: &Case<'_>, index: usize, step: &str, used: &mut BTreeSet<Digest>) -> StepView {
    let attempt = attempts(case, index, step)
        .into_iter()
        .filter(|attempt| !used.contains(&attempt.id))
        .min_by_key(|attempt| {
            let (digest, revision) = attempt.fits;
            (Reverse(digest && revision), Reverse(digest), attempt.follows_failure, attempt.id)
        });
    let reason = attempt.as_ref().map_or(Reason::StepMissing, |attempt| attempt.reason);
    if let Some(attempt) = &attempt {
        used.insert(attempt.id);
    }
    let status = StepStatus {
        step: step.to_owned(),
        state: if attempt.is_some() { StepState::Invalid } else { StepState::Missing },
        by: attempt.as_ref().and_then(|attempt| attempt.signer.cloned()),
        substitute_for: None,
        commit: attempt.as_ref().and_then(|attempt| attempt.commit.cloned()),
        statement: attempt.as_ref().map(|attempt| attempt.id),
        report: None,
        reason: Some(reason.code()),
        candidates: case.candidates(index),
    };
    StepView {
        status,
        reason: Some(reason),
        culprit: attempt.as_ref().and_then(|attempt| attempt.culprit),
        follows_failure: attempt.is_some_and(|attempt| attempt.follows_failure),
    }
}

/// Everything that names this step and the present digest or revision.
fn attempts<'a>(case: &'a Case<'_>, index: usize, step: &str) -> Vec<Attempt<'a>> {
    let fits = |digest: bool, revision: bool| (digest || revision).then_some((digest, revision));
    let held = case.book.held.iter().enumerate().filter_map(|(at, held)| {
        let s = &held.statement;
        let wanted = s.step == step
            && s.decision != Decision::Retract
            // What was rejected is that round, also when its text comes again.
            && (s.decision != Decision::Reject || Some(s.revision) == case.revision)
            && matches!(s.kind, Kind::Submit | Kind::Review);
        let fits = fits(s.digest == case.digest, Some(s.revision) == case.revision)?;
        let (reason, follows_failure) = wanted.then(|| why(case, index, at, held))?;
        Some(Attempt {
            id: held.id,
            commit: held.commit.as_ref(),
            signer: Some(&s.signer),
            reason,
            culprit: (held.lapse.is_none()).then_some(at),
            follows_failure,
            fits,
        })
    });
    let refused = case.book.refused.iter().filter_map(|refused| {
        let claims = &refused.claims;
        let fits = fits(
            claims.digests.contains(&case.digest),
            case.revision.is_some_and(|revision| claims.revisions.contains(&revision)),
        )?;
        let named = claims.steps.iter().any(|name| name == step) && !claims.is_retract;
        named.then_some(Attempt {
            id: refused.id,
            commit: refused.commit.as_ref(),
            signer: None,
            reason: refused.reason,
            culprit: None,
            follows_failure: false,
            fits,
        })
    });
    held.chain(refused).collect()
}

/// Why a statement whose signature holds does not take the step: its own
/// lapse, then revision, digest, order, persons, authors. The second answer is
/// whether the step before it is to blame.
fn why(case: &Case<'_>, index: usize, at: usize, held: &Held) -> (Reason, bool) {
    let s = &held.statement;
    if s.decision == Decision::Reject {
        return (held.lapse.filter(|_| held.is_void).unwrap_or(Reason::Rejected), false);
    }
    if let Some(reason) = held.lapse {
        return (reason, false);
    }
    if case.book.is_voided(at) {
        return (Reason::Retracted, false);
    }
    if Some(s.revision) != case.revision {
        return (Reason::RevisionMismatch, false);
    }
    if s.digest != case.digest {
        return (Reason::DigestMismatch, false);
    }
    if let Some(reason) = case.walk.failed.get(&at) {
        return (*reason, false);
    }
    let before = s.previous.and_then(|id| case.book.find(id)).and_then(|at| case.book.get(at));
    let expected = index.checked_sub(1).and_then(|before| case.rules.steps.get(before));
    match before.map(|held| &held.statement) {
        Some(before) if before.revision != s.revision => (Reason::RevisionMismatch, false),
        Some(before) if before.digest != s.digest => (Reason::DigestMismatch, false),
        Some(before) => (Reason::OrderBroken, Some(&before.step) == expected),
        None => (Reason::OrderBroken, refused_before(case, s.previous, expected)),
    }
}

/// Whether the link leads to a refused statement that claims the right step.
fn refused_before(case: &Case<'_>, previous: Option<Digest>, expected: Option<&String>) -> bool {
    let at = previous.and_then(|id| case.book.refused.binary_search_by_key(&id, |refused| refused.id).ok());
    at.and_then(|at| case.book.refused.get(at))
        .zip(expected)
        .is_some_and(|(refused, expected)| refused.claims.steps.contains(expected))
}

//! What approvals and history say to the three-synchronous rules (TS-03, 04,
//! 05, 06, 15, 17, 18). What they say comes after the states of sets and
//! changes none: a text whose approvals do not hold is blocked already.

use std::collections::BTreeMap;

use jiedu_approve::{Approvals, Judgement, KnownStatement, StepState, StepStatus};
use jiedu_base::name::SetId;
use jiedu_edition::{Edition, SetLine, Walk};
use jiedu_model::PublicationSet;
use jiedu_source::{Digests, History, Repository};
use jiedu_synchrony::{PartialApproval, RefusedSigner, SecrecyReview, SynchronyFacts, VoidedApproval};

/// The facts about one set.
pub(super) fn facts_of(
    set: &PublicationSet,
    line: &SetLine,
    steps: &[StepStatus],
    plan_at_first_submit: Option<bool>,
    partial_approvals: Vec<PartialApproval>,
) -> SynchronyFacts {
    let signed = |step: &&StepStatus| step.state == StepState::Invalid && step.by.is_some();
    let by = |step: &StepStatus| step.by.as_ref().map(ToString::to_string).unwrap_or_default();
    let is_void = |step: &&StepStatus| step.reason == Some("DIGEST_MISMATCH");
    SynchronyFacts {
        plan_at_first_submit,
        partial_approvals,
        voided_approvals: steps
            .iter()
            .filter(signed)
            .filter(is_void)
            .map(|step| VoidedApproval {
                step: step.step.clone(),
                signer: by(step),
                changed: changed(set, line),
            })
            .collect(),
        final_approvers: steps
            .iter()
            .filter(|step| step.step == "final-review" && step.state == StepState::Done)
            .map(by)
            .collect(),
        removed_materials: removed(set, line),
        secrecy_review: secrecy(steps),
        refused_signers: steps
            .iter()
            .filter(signed)
            .filter_map(|step| {
                let code =
                    step.reason.filter(|code| code.starts_with("KEY_") || code.starts_with("ROLE_"))?;
                Some(RefusedSigner { step: step.step.clone(), signer: by(step), code: code.to_owned() })
            })
            .collect(),
        ..SynchronyFacts::default()
    }
}

/// The newest edition whose text is not the present one.
fn earlier<'a>(set: &PublicationSet, line: &'a SetLine) -> Option<&'a Edition> {
    let editions = line.editions.iter().rev().map(|parsed| &parsed.edition);
    editions.filter(|edition| edition.void.is_none()).find(|edition| set.digest != Some(edition.digest))
}

/// Members that differ from the last edition's.
fn changed(set: &PublicationSet, line: &SetLine) -> Vec<String> {
    let Some(earlier) = earlier(set, line) else { return Vec::new() };
    let old: BTreeMap<&str, _> =
        earlier.set.files.iter().map(|file| (file.path.as_str(), file.digest)).collect();
    let new: BTreeMap<&str, _> = set.files.iter().map(|file| (file.path.as_str(), file.digest)).collect();
    let mut paths: Vec<&str> =
        old.keys().chain(new.keys()).copied().filter(|path| old.get(path) != new.get(path)).collect();
    paths.sort_unstable();
    paths.dedup();
    paths.into_iter().map(str::to_owned).collect()
}

fn removed(set: &PublicationSet, line: &SetLine) -> Vec<String> {
    let Some(earlier) = earlier(set, line) else { return Vec::new() };
    let kept = |name: &str| set.materials.iter().any(|material| material.name == name);
    let gone = earlier.set.materials.iter().filter(|material| !kept(&material.name));
    gone.map(|material| format!("materials/{}.md", material.name)).collect()
}

fn secrecy(steps: &[StepStatus]) -> Option<SecrecyReview> {
    let done = |step: &&StepStatus| step.state == StepState::Done;
    let reviewed = steps.iter().filter(done).any(|step| step.step == "secrecy-review");
    let others =
        steps.iter().filter(done).any(|step| !matches!(step.step.as_str(), "submit" | "secrecy-review"));
    // Order among valid steps is the chain's: the review cannot come late.
    match (reviewed, others) {
        (true, _) => Some(SecrecyReview::First),
        (false, true) => Some(SecrecyReview::Missing),
        (false, false) => None,
    }
}

/// Approvals of the round under way that were signed before some member of the
/// present text lay in the folder (TS-04). What an earlier edition's approvals
/// did not cover is nobody's fault.
pub(super) fn partial_approvals(
    walk: &Walk<'_>,
    set: &PublicationSet,
    judgement: &Judgement,
    line: &SetLine,
) -> Vec<PartialApproval> {
    let published = line.editions.iter().map(|parsed| parsed.edition.revision).max();
    if judgement.revision <= published {
        return Vec::new();
    }
    let void = judgement.steps.iter().filter(|step| step.reason == Some("DIGEST_MISMATCH"));
    let partial = void.filter_map(|step| {
        let commit = walk.history.get(walk.repository, step.commit.as_ref()?)?;
        let absent = |path: &str| matches!(walk.digests.set_holds(commit.tree, &set.id, path), Ok(false));
        let paths = set.files.iter().map(|file| file.path.as_str());
        let missing: Vec<String> = paths.filter(|path| absent(path)).map(str::to_owned).collect();
        let signer = step.by.as_ref()?.to_string();
        (!missing.is_empty()).then(|| PartialApproval { step: step.step.clone(), signer, missing })
    });
    partial.collect()
}

/// For each set, whether its first submitted text held a plan (TS-03).
pub(super) fn plans_at_first_submit(
    repository: &Repository,
    history: &History,
    digests: &Digests<'_>,
    approvals: &Approvals,
) -> BTreeMap<SetId, bool> {
    let mut first: BTreeMap<SetId, (usize, bool)> = BTreeMap::new();
    for statement in approvals.known().iter().filter(|statement| is_first_submit(statement)) {
        let Some(set) = statement.subject.as_ref().and_then(|subject| subject.set()) else { continue };
        let commit = statement.commit.as_ref().and_then(|id| history.get(repository, id));
        let Some(commit) = commit else { continue };
        if first.get(set).is_some_and(|(since, _)| *since <= commit.since) {
            continue;
        }
        if let Ok(had_plan) = digests.set_holds(commit.tree, set, "plan.md") {
            first.insert(set.clone(), (commit.since, had_plan));
        }
    }
    first.into_iter().map(|(set, (_, had_plan))| (set, had_plan)).collect()
}

fn is_first_submit(statement: &KnownStatement) -> bool {
    let has = |line: &[u8]| statement.bytes.split(|&b| b == b'\n').any(|found| found == line);
    statement.refused.is_none() && has(b"Approval-Statement: submit/1") && has(b"Approval-Revision: 1")
}

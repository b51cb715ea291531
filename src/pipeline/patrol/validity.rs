//! Policies whose time has come since they were published.

use jiff::civil::Date;

use super::pages::{ENDING, EXPIRED, PASSED, UNANSWERED, finding};
use super::{Found, PatrolKind};
use crate::Revision;
use crate::state::JudgedSet;
use jiedu_base::finding::{Finding, Place};
use jiedu_edition::Edition;
use jiedu_link::{Graph, Relation};
use jiedu_model::{PolicyDocument, Stage, Validity};

/// Everything about validity of the current editions.
pub(super) fn check(read: &Revision, graph: &Graph, today: Date) -> Vec<Found> {
    let notice = read.config.rules.expiry_notice_days;
    let mut found = Vec::new();
    for set in read.sets.iter().filter(|set| set.withdrawn.is_none()) {
        let Some((edition, policy)) =
            set.standing_edition().and_then(|one| Some((one, one.set.policy.as_ref()?)))
        else {
            continue;
        };
        let mut findings = Vec::new();
        if policy.meta.stage == Stage::Consultation {
            findings.extend(consultation(edition, policy, today));
        } else {
            findings.extend(in_force(read, set, policy, graph, today, notice));
        }
        found.extend(findings.into_iter().map(|finding| Found {
            kind: PatrolKind::Validity,
            editions: vec![edition.number],
            finding: finding.in_set(set.id.to_string()),
        }));
    }
    found
}

fn in_force(
    read: &Revision,
    set: &JudgedSet,
    policy: &PolicyDocument,
    graph: &Graph,
    today: Date,
    notice: u32,
) -> Option<Finding> {
    let meta = &policy.meta;
    let printed = meta.validity.as_ref().filter(|validity| validity.value == Validity::InForce);
    let is_closed = matches!(
        meta.validity.as_ref().map(|validity| validity.value),
        Some(Validity::Repealed | Validity::Expired)
    );
    let repealing = graph.relations(&set.id).iter().find_map(|(relation, other)| {
        let is_shown = *relation == Relation::RepealedBy
            && read.set(other).is_some_and(|other| other.standing_edition().is_some());
        is_shown.then_some(other)
    });
    if let Some((other, printed)) = repealing.zip(printed) {
        return Some(finding(
            &PASSED,
            Place::range(&policy.file, printed.range),
            format!("有效性写“有效”，但已被 {other} 废止"),
            format!("printed as in force, but repealed by `{other}`"),
        ));
    }
    let expires = meta.expires.as_ref()?;
    let (until, place) = (expires.value, Place::range(&policy.file, expires.range));
    let left = (until - today).get_days();
    match printed {
        _ if is_closed || repealing.is_some() => None,
        Some(printed) if until < today => Some(finding(
            &PASSED,
            Place::range(&policy.file, printed.range),
            format!("有效期至 {until}，已过 {} 天，有效性仍写“有效”", -left),
            format!("the period ended on {until}, {} days ago; still printed as in force", -left),
        )),
        None if until < today => Some(finding(
            &EXPIRED,
            place,
            format!("有效期至 {until}，已经届满"),
            format!("the period ended on {until}"),
        )),
        _ => i32::try_from(notice).is_ok_and(|notice| left < notice).then(|| {
            finding(
                &ENDING,
                place,
                format!("有效期至 {until}，还有 {left} 天"),
                format!("the period ends on {until}, in {left} days"),
            )
        }),
    }
}

fn consultation(edition: &Edition, policy: &PolicyDocument, today: Date) -> Option<Finding> {
    let consultation = policy.meta.consultation.as_ref()?;
    let until = consultation.value.until;
    (until < today && edition.set.opinions.is_none()).then(|| {
        finding(
            &UNANSWERED,
            Place::range(&policy.file, consultation.range),
            format!("征求意见 {until} 截止，尚未公布意见采纳情况"),
            format!("the consultation ended on {until}; nothing tells what was adopted"),
        )
    })
}

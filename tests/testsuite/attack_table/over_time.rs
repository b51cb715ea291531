//! Rows about keys, roles and substitutes over time (54–58, 60, 69).

use jiedu::approve::statement::message;
use jiedu::approve::{SetState, StepState};
use jiedu::clock::Clock;
use jiedu::name::{Digest, SetId};
use jiedu::pipeline::{ReadOptions, Revision, Time};

use super::forge::*;
use crate::project::{Project, STRICT, key, person, roster};

/// State of the set and code of the forged step at an instant.
fn at(p: &Project, instant: Option<&str>) -> (SetState, Option<&'static str>) {
    let anchor = p.anchor();
    let time = Time { given: instant.map(|text| Clock::parse(text).unwrap()), ..p.time() };
    let options = ReadOptions { revision: "HEAD", time, anchor: Some(&anchor), drafting: false };
    let read = Revision::read(&p.open(), options).unwrap();
    let set = read.set(&SetId::parse(SET).unwrap()).unwrap();
    let step = set.steps.iter().find(|step| step.step == STEP.0).unwrap();
    (set.state, step.reason.filter(|_| step.state == StepState::Invalid))
}

/// The roster with lines added to the key of the step's holder.
fn key_with(lines: &str) -> String {
    let public = key(STEP.1).public_key().to_openssh().unwrap();
    let line = format!("public = \"{}\"\n", public.trim_end());
    roster().replace(&line, &format!("{line}{lines}\n"))
}

fn approved_under(text: &str) -> Project {
    let mut p = drafted_under(text);
    p.approve(SET);
    p
}

const CLEARED: (SetState, Option<&str>) = (SetState::Cleared, None);

#[test]
fn a_key_past_its_end_cannot_be_backdated() {
    let p = approved_under(&key_with("until = 2025-07-01"));
    assert_eq!(at(&p, Some("2025-07-01T23:59:59+08:00")), CLEARED, "to the end of the last day");
    assert_eq!(at(&p, Some("2025-07-02T00:00:00+08:00")), (SetState::Blocked, Some("KEY_EXPIRED")));
    // Statements dated within the period, on a history that went on: without
    // --at the latest commit decides, however far back the tip is dated.
    let mut p = drafted_under(&key_with("until = 2025-07-01"));
    p.now += 10 * 86_400;
    p.file("docs/note.md", "x\n").commit("later");
    p.now -= 10 * 86_400;
    p.approve(SET);
    p.now += 20 * 86_400;
    assert_eq!(at(&p, None), (SetState::Blocked, Some("KEY_EXPIRED")));
}

#[test]
fn a_key_that_is_not_valid_yet() {
    let p = approved_under(&key_with("from = 2025-07-03"));
    assert_eq!(at(&p, Some("2025-07-02T23:59:59+08:00")), (SetState::Blocked, Some("KEY_NOT_YET_VALID")));
    assert_eq!(at(&p, Some("2025-07-03T00:00:00+08:00")), CLEARED);
}

/// Ids of the statements of the present chain, from the tip down.
fn ids(p: &Project) -> Vec<Digest> {
    let read = p.read().unwrap();
    let mut ids: Vec<Digest> = read.sets[0].editions[0].steps.iter().map(|step| step.statement).collect();
    ids.sort_by_key(ToString::to_string);
    ids
}

/// A next roster that revokes the holder's key, and accepts these statements.
fn revoke(p: &mut Project, reason: &str, accepted: &[Digest]) {
    let fingerprint = key(STEP.1).public_key().fingerprint(ssh_key::HashAlg::Sha256);
    let entry =
        format!("\n[[revocation]]\nkey = \"{fingerprint}\"\nreason = \"{reason}\"\ndate = 2025-07-01\n");
    accepting(p, accepted, |text| text + &entry);
}

fn accepting(p: &mut Project, accepted: &[Digest], change: impl FnOnce(String) -> String) {
    let list: String = accepted.iter().map(|id| format!("{id}\n")).collect();
    if list.is_empty() {
        p.next_roster(change);
    } else {
        p.file("roster/accepted/2.txt", &list);
        let line = format!("accepted = \"{}\"\n\n[root]", Digest::of(list.as_bytes()));
        p.next_roster(|text| change(text).replacen("\n[root]", &line, 1));
    }
    p.agree("root");
}

#[test]
fn retired_keys() {
    let mut p = approved_under(&roster());
    let kept = ids(&p);
    revoke(&mut p, "retired", &kept);
    assert_eq!(at(&p, None), CLEARED, "in the accepted list");
    // Made afterwards, naming the old roster.
    let first = (1, p.anchor().site);
    let mut q = approved_under(&roster());
    let kept = ids(&q);
    revoke(&mut q, "retired", &kept);
    q.edit("content/policies/2025/a/policy.md", "优化办理流程", "改进办理流程").commit("next text");
    q.submit(SET);
    for (step, signer) in STRICT {
        let mut draft = q.draft(SET, signer);
        step.clone_into(&mut draft.step);
        draft.roster = first;
        q.sign(&draft);
    }
    assert_eq!(at(&q, None), (SetState::Blocked, Some("KEY_RETIRED")));
    // Not in the list at all.
    let mut bare = approved_under(&roster());
    revoke(&mut bare, "retired", &[]);
    assert_eq!(at(&bare, None), (SetState::Blocked, Some("KEY_RETIRED")));
}

#[test]
fn compromised_keys() {
    let mut p = approved_under(&roster());
    revoke(&mut p, "compromised", &[]);
    assert_eq!(at(&p, None), (SetState::Blocked, Some("KEY_REVOKED")));
    let mut confirmed = approved_under(&roster());
    let kept = ids(&confirmed);
    revoke(&mut confirmed, "compromised", &kept);
    assert_eq!(at(&confirmed, None), CLEARED, "re-confirmed by the roots");
}

#[test]
fn a_role_that_ended() {
    const ROLE: &str = "{ step = \"final-review\" }, ";
    let mut p = approved_under(&roster());
    accepting(&mut p, &[], |text| text.replace(ROLE, ""));
    assert_eq!(at(&p, None), (SetState::Blocked, Some("ROLE_ENDED")));
    let mut kept = approved_under(&roster());
    let list = ids(&kept);
    accepting(&mut kept, &list, |text| text.replace(ROLE, ""));
    assert_eq!(at(&kept, None), CLEARED);
}

#[test]
fn substitutes() {
    let entry = |from: &str, steps: &str| {
        format!(
            "\n[[substitute]]\nfor = \"{from}\"\nby = \"gate\"\nsteps = [{steps}]\nfrom = 2025-06-01\nuntil = 2025-07-02\n"
        )
    };
    let by_gate = |p: Project| {
        chain(p, |p, draft| {
            let mut draft = draft.clone();
            draft.signer = person("gate");
            signed(payload(p, &message(&draft)), "gate")
        })
    };
    let p = by_gate(drafted_under(&(roster() + &entry("final", "\"final-review\""))));
    assert_eq!(at(&p, Some("2025-07-02T12:00:00+08:00")), CLEARED);
    assert_eq!(at(&p, Some("2025-07-03T12:00:00+08:00")), (SetState::Blocked, Some("SUBSTITUTE_INVALID")));
    // One substitute for two steps.
    let both = roster() + &entry("final", "\"final-review\"") + &entry("second", "\"second-review\"");
    let mut p = drafted_under(&both);
    p.submit(SET);
    for (step, signer) in STRICT {
        let stands_in = matches!(step, "second-review" | "final-review");
        p.step(SET, step, if stands_in { "gate" } else { signer });
    }
    assert_eq!(at(&p, Some("2025-07-02T12:00:00+08:00")), (SetState::Blocked, Some("PERSON_REPEATED")));
}

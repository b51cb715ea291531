//! What is drafted is what counts: whole rounds made from drafts alone.

use super::kit::*;
use crate::roster::KeyUse;
use crate::statement::{Decision, message};
use crate::{Anchor, Approvals, Reason, Statement, draft_roster};
use jiedu_base::name::{Digest, PersonId};

fn approvals(office: &Office) -> Approvals {
    office.read().unwrap().value
}

fn submit(office: &Office) -> Statement {
    let digest = office.current[&subject()].unwrap();
    approvals(office).draft_submit(&subject(), &digest, &person("zhang.san"), &[]).unwrap()
}

fn review(office: &Office, step: &str, decision: Decision, signer: &PersonId) -> Result<Statement, Reason> {
    let digest = office.current[&subject()].unwrap();
    approvals(office).draft_review(&subject(), &digest, &office.facts, step, decision, signer)
}

/// Takes the steps from drafts; answers with the last id.
fn round(office: &mut Office, steps: usize) -> Digest {
    let opening = submit(office);
    let mut last = office.sign(&opening);
    for (step, signer) in &HOLDERS[1..steps] {
        let next = review(office, step, Decision::Approve, &person(signer)).unwrap();
        last = office.sign(&next);
    }
    last
}

#[test]
fn rounds_made_from_drafts_are_cleared() {
    let mut office = Office::new();
    round(&mut office, 8);
    assert_eq!(office.verdict(), None);
    office.current.insert(subject(), Some(text("B")));
    round(&mut office, 8);
    let judgement = office.judge();
    assert_eq!((judgement.reason, judgement.revision), (None, Some(2)));
}

#[test]
fn refuses_early_what_would_be_refused_later() {
    let mut office = Office::new();
    let early = review(&office, "first-review", Decision::Approve, &person("chu.shen"));
    assert_eq!(early, Err(Reason::StepMissing));
    round(&mut office, 2);
    let refused = |step: &str, signer: &str| review(&office, step, Decision::Approve, &person(signer)).err();
    assert_eq!(refused("second-review", "fu.shen"), Some(Reason::OrderBroken));
    assert_eq!(refused("first-review", "fu.shen"), Some(Reason::RoleMissing));
    assert_eq!(refused("first-review", "chu.shen"), None);
}

#[test]
fn rejecting_and_retracting_by_draft() {
    let mut office = Office::new();
    round(&mut office, 4);
    let mut retracted = office.clone();
    let taken_back = review(&office, "second-review", Decision::Retract, &person("fu.shen")).unwrap();
    retracted.sign(&taken_back);
    assert_eq!(retracted.step("second-review").1, Some("RETRACTED"));
    assert_eq!(
        review(&retracted, "second-review", Decision::Approve, &person("fu.shen")),
        Err(Reason::Retracted),
        "what would not count is not signed"
    );
    let steps = retracted.judge().steps;
    let waiting = steps.iter().find(|status| status.step == "second-review").unwrap();
    assert!(!waiting.candidates.contains(&person("fu.shen")), "nor is it asked for");
    let rejected = review(&office, "final-review", Decision::Reject, &person("zhong.shen")).unwrap();
    office.sign(&rejected);
    assert_eq!(office.verdict(), Some(Reason::Rejected));
    assert_eq!(
        review(&office, "final-review", Decision::Approve, &person("zhong.shen")),
        Err(Reason::Rejected)
    );
    round(&mut office, 8);
    assert_eq!(office.judge().revision, Some(2));
    assert_eq!(office.verdict(), None);
}

#[test]
fn withdrawing_by_draft() {
    let mut office = Office::new();
    let digest = text("A");
    let draft = |office: &Office, who: &str| {
        approvals(office).draft_withdraw(&subject(), &digest, &office.facts, &person(who))
    };
    assert_eq!(draft(&office, "wang.zhan"), Err(Reason::DigestMismatch));
    round(&mut office, 8);
    assert_eq!(draft(&office, "chen.gen"), Err(Reason::RoleMissing));
    let statement = draft(&office, "wang.zhan").unwrap();
    office.sign(&statement);
    assert_eq!(office.verdict(), Some(Reason::Withdrawn));
}

#[test]
fn keys_are_looked_up_with_their_use() {
    let approvals = approvals(&Office::new());
    let owner = |name: &str, wanted| approvals.owner(&format!("{} a comment", key(name).public), wanted);
    assert_eq!(owner("fu.shen", KeyUse::Review), Ok(person("fu.shen")));
    assert_eq!(owner("fu.shen", KeyUse::Root), Err(Reason::KeyUse));
    assert_eq!(owner("stranger", KeyUse::Review), Err(Reason::KeyUnknown));
}

#[test]
fn roster_versions_signed_from_drafts_hold() {
    let mut office = Office::new();
    let previous = office.site().to_string();
    office.add_roster(head(2, &previous, "") + &members());
    assert_eq!(office.waiting(), Some((0, 2)));
    for root in ["chen.gen", "wu.gen"] {
        let statement = draft_roster(&office.files, &Anchor::Provisional, &key(root).public).unwrap();
        office.add(signed(&unsigned(&message(&statement)), root));
    }
    assert_eq!(office.waiting(), None);
    let reviewer = draft_roster(&office.files, &Anchor::Provisional, &key("fu.shen").public);
    assert_eq!(reviewer.unwrap_err().reason, Reason::KeyUse);
}

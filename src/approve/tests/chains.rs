//! Rows about chains: who, in which order, about what.

use super::kit::*;
use crate::statement::{Decision, Kind};
use crate::{InTree, Reason, Statement, StepState, Subject};
use jiedu_base::name::{Digest, SetId};

const INVALID: StepState = StepState::Invalid;

#[test]
fn row_01_complete_chain() {
    let mut office = Office::new();
    let ids = office.chain();
    let judgement = office.judge();
    assert_eq!(judgement.reason, None);
    let cleared = judgement.cleared.unwrap();
    assert_eq!(cleared.statements(), ids);
    assert_eq!((cleared.revision(), cleared.profile()), (1, "strict"));
    assert!(office.errors().is_empty());
}

#[test]
fn row_02_one_step_missing() {
    let mut office = Office::new();
    office.chain();
    office.sources.remove(4);
    assert_eq!(office.verdict(), Some(Reason::StepMissing));
    assert_eq!(office.step("final-review"), (StepState::Missing, Some("STEP_MISSING")));
    assert_eq!(office.step("first-proof"), (INVALID, Some("ORDER_BROKEN")));
}

#[test]
fn row_05_wrong_role() {
    let mut office = Office::new();
    office
        .chain_with("final-review", |office, s| office.sign(&Statement { signer: person("san.jiao"), ..s }));
    assert_eq!(office.verdict(), Some(Reason::RoleMissing));
    assert_eq!(office.step("final-review"), (INVALID, Some("ROLE_MISSING")));
    assert_eq!(office.errors(), ["ROLE_MISSING"].into(), "what follows is only a consequence");
}

#[test]
fn row_06_author_is_reviewer() {
    let author = member("zhang.san", &["submit", "first-review"], &["review"]);
    let mut office =
        Office::with_roster(roster_1().replace(&member("zhang.san", &["submit"], &["review"]), &author));
    office
        .chain_with("first-review", |office, s| office.sign(&Statement { signer: person("zhang.san"), ..s }));
    assert_eq!(office.verdict(), Some(Reason::AuthorIsReviewer));
    assert_eq!(office.step("first-review"), (INVALID, Some("AUTHOR_IS_REVIEWER")));
}

#[test]
fn row_06_declared_author_counts_like_the_submitter() {
    let mut office = Office::new();
    office.chain_with("submit", |office, s| {
        office.sign(&Statement { authors: vec![person("zhang.san"), person("fu.shen")], ..s })
    });
    assert_eq!(office.step("second-review"), (INVALID, Some("AUTHOR_IS_REVIEWER")));
    assert_eq!(office.errors(), ["AUTHOR_IS_REVIEWER"].into());
}

#[test]
fn row_07_hidden_author() {
    let mut office = Office::new();
    office.chain();
    office.facts.history_emails.insert("FU.SHEN@office.example".to_owned());
    assert_eq!(office.verdict(), Some(Reason::AuthorUndeclared));
    assert_eq!(office.step("second-review"), (INVALID, Some("AUTHOR_UNDECLARED")));
    office.facts.history_emails = ["chen.gen@office.example".to_owned()].into();
    assert_eq!(office.verdict(), None, "somebody who signed nothing is only a hint");
    assert!(office.judge().findings.iter().any(|finding| finding.code == "AUTHOR_UNDECLARED"));
}

#[test]
fn author_unknown() {
    let mut office = Office::new();
    office.chain_with("submit", |office, s| office.sign(&Statement { authors: vec![person("nobody")], ..s }));
    assert_eq!(office.verdict(), Some(Reason::AuthorUnknown));
    assert_eq!(office.step("submit"), (INVALID, Some("AUTHOR_UNKNOWN")));
}

/// One person with two keys and two roles.
fn two_roles() -> String {
    let both = member("fu.shen", &["second-review", "final-review"], &["review"]);
    let second = format!(
        "[[key]]\nperson = \"fu.shen\"\nkind = \"ssh\"\npublic = \"{}\"\nuse = [\"review\"]\n\n",
        key("second").public
    );
    roster_1().replace(&member("fu.shen", &["second-review"], &["review"]), &(both + &second))
}

#[test]
fn row_08_same_person_two_steps_two_keys() {
    let mut office = Office::with_roster(two_roles());
    office.chain_with("final-review", |office, s| {
        let message = crate::statement::message(&Statement { signer: person("fu.shen"), ..s });
        office.add(signed(&unsigned(&message), "second"))
    });
    assert_eq!(office.verdict(), Some(Reason::PersonRepeated));
    assert_eq!(office.step("final-review"), (INVALID, Some("PERSON_REPEATED")));
}

#[test]
fn row_08_a_profile_may_combine_a_level() {
    let combined = member("chu.shen", &["first-review", "first-proof"], &["review"]);
    let roster = roster_1().replace(&member("chu.shen", &["first-review"], &["review"]), &combined);
    let by_profile = |profile: &str| {
        let extra = format!("default_profile = \"{profile}\"\n[root]");
        let mut office = Office::with_roster(roster.replacen("\n[root]", &extra, 1));
        office.chain_with("first-proof", |office, s| {
            office.sign(&Statement { signer: person("chu.shen"), ..s })
        });
        office.verdict()
    };
    assert_eq!(by_profile("three-level"), None);
    assert_eq!(by_profile("three-level-drafter"), None);
    assert_eq!(by_profile("strict"), Some(Reason::PersonRepeated));
}

#[test]
fn drafter_may_do_level_one_where_the_profile_says_so() {
    let drafter = member("zhang.san", &["submit", "first-review"], &["review"]);
    let roster = roster_1().replace(&member("zhang.san", &["submit"], &["review"]), &drafter);
    let by_profile = |profile: &str| {
        let extra = format!("default_profile = \"{profile}\"\n[root]");
        let mut office = Office::with_roster(roster.replacen("\n[root]", &extra, 1));
        office.chain_with("first-review", |office, s| {
            office.sign(&Statement { signer: person("zhang.san"), ..s })
        });
        office.verdict()
    };
    assert_eq!(by_profile("three-level-drafter"), None);
    assert_eq!(by_profile("three-level"), Some(Reason::AuthorIsReviewer));
}

#[test]
fn row_11_approval_for_older_digest() {
    let mut office = Office::new();
    office.steps(1, None, &["submit", "secrecy-review", "first-review"]);
    office.current.insert(subject(), Some(text("B")));
    assert_eq!(office.verdict(), Some(Reason::DigestMismatch));
    assert_eq!(office.step("submit"), (INVALID, Some("DIGEST_MISMATCH")));
    assert_eq!(office.step("first-review"), (INVALID, Some("DIGEST_MISMATCH")));
    assert_eq!(office.step("second-review"), (StepState::Missing, Some("STEP_MISSING")));
}

#[test]
fn row_12_change_made_and_reverted() {
    let mut office = Office::new();
    office.chain();
    office.current.insert(subject(), Some(text("B")));
    assert_eq!(office.verdict(), Some(Reason::DigestMismatch));
    office.current.insert(subject(), Some(text("A")));
    assert_eq!(office.verdict(), None);
}

#[test]
fn row_14_replay_on_another_set() {
    let mut office = Office::new();
    office.chain();
    let copy = Subject::from(&SetId::parse("2025/b").unwrap());
    office.current.insert(copy.clone(), Some(text("copy")));
    let facts = crate::SetFacts { twins: vec![subject()], ..Default::default() };
    let judged = office.read().unwrap().value.judge(&copy, &text("copy"), &facts);
    assert!(judged.cleared.is_none());
    assert!(
        judged
            .findings
            .iter()
            .any(|finding| finding.code == "SET_MISMATCH" && finding.set.as_deref() == Some("2025/b"))
    );
    // Naming the old set for the copy's digest is refused as such.
    let moved = Statement { digest: text("copy"), ..office.statement("submit", 2, None) };
    office.sign(&moved);
    assert!(
        office.errors().contains("SET_MISMATCH")
            || office.read().unwrap().findings.iter().any(|f| f.code == "SET_MISMATCH")
    );
}

#[test]
fn row_15_replay_in_another_site() {
    let mut office = Office::new();
    office.chain_with("final-review", |office, s| office.sign(&Statement { site: text("other"), ..s }));
    assert_eq!(office.step("final-review"), (INVALID, Some("SITE_MISMATCH")));
    assert_eq!(office.verdict(), Some(Reason::SiteMismatch));
}

#[test]
fn row_16_replay_of_an_earlier_round() {
    let mut office = Office::new();
    let first = office.steps(1, None, &["submit", "secrecy-review", "first-review", "second-review"]);
    let reject = Statement {
        decision: Decision::Reject,
        ..office.statement("final-review", 1, first.last().copied())
    };
    let rejected = office.sign(&reject);
    assert_eq!(office.verdict(), Some(Reason::Rejected));
    let again = office.steps(2, Some(rejected), &["submit"]);
    assert_eq!(office.verdict(), Some(Reason::RevisionMismatch));
    assert_eq!(office.step("submit").0, StepState::Done);
    assert_eq!(office.step("secrecy-review"), (INVALID, Some("REVISION_MISMATCH")));
    office.steps(2, again.first().copied(), &HOLDERS.map(|(step, _)| step)[1..]);
    assert_eq!(office.verdict(), None);
}

#[test]
fn row_16_a_review_that_links_into_another_round() {
    let mut office = Office::new();
    let first = office.steps(1, None, &["submit", "secrecy-review"]);
    office.steps(2, first.last().copied(), &["submit"]);
    let crossing = office.statement("first-review", 2, first.last().copied());
    office.sign(&crossing);
    assert_eq!(office.step("first-review"), (INVALID, Some("REVISION_MISMATCH")));
}

#[test]
fn revisions_must_count_up_by_one_from_a_known_statement() {
    let mut office = Office::new();
    let first = office.chain();
    office.current.insert(subject(), Some(text("B")));
    let submit = |revision, previous| Statement { ..office.statement("submit", revision, previous) };
    let cases = [
        (submit(3, first.last().copied()), "REVISION_MISMATCH"),
        (submit(2, Some(text("unknown"))), "ORDER_BROKEN"),
        (submit(2, None), "ORDER_BROKEN"),
        (submit(1, first.last().copied()), "ORDER_BROKEN"),
    ];
    for (statement, code) in cases {
        let mut office = office.clone();
        office.sign(&statement);
        assert_eq!(office.step("submit").1, Some(code), "{statement:?}");
    }
}

#[test]
fn row_17_steps_out_of_order() {
    let mut office = Office::new();
    let start = office.steps(1, None, &["submit", "secrecy-review"]);
    let second = office.statement("second-review", 1, start.last().copied());
    let second = office.sign(&second);
    let first = office.statement("first-review", 1, Some(second));
    office.sign(&first);
    assert_eq!(office.verdict(), Some(Reason::OrderBroken));
    assert_eq!(office.step("first-review"), (INVALID, Some("ORDER_BROKEN")));
    assert_eq!(office.step("second-review"), (INVALID, Some("ORDER_BROKEN")));
}

#[test]
fn row_18_order_faked_with_dates_only() {
    let mut office = Office::new();
    let start = office.steps(1, None, &["submit", "secrecy-review"]);
    let review = office.statement("first-review", 1, start.first().copied());
    office.sign(&review);
    assert_eq!(office.verdict(), Some(Reason::OrderBroken));
    assert_eq!(office.step("first-review"), (INVALID, Some("ORDER_BROKEN")));
}

#[test]
fn row_19_rejected_at_any_time() {
    let mut office = Office::new();
    office.chain();
    assert_eq!(office.verdict(), None);
    // Whatever its Previous, and also after completion.
    let reject = Statement {
        decision: Decision::Reject,
        ..office.statement("second-review", 1, Some(text("nothing")))
    };
    office.sign(&reject);
    assert_eq!(office.verdict(), Some(Reason::Rejected));
    assert!(office.errors().contains("REJECTED"));
}

#[test]
fn row_19_reject_without_the_role_does_not_count() {
    let mut office = Office::new();
    office.chain();
    let reject = Statement {
        decision: Decision::Reject,
        signer: person("san.jiao"),
        ..office.statement("second-review", 1, None)
    };
    office.sign(&reject);
    assert_eq!(office.verdict(), None);
}

#[test]
fn row_20_approval_retracted() {
    let mut office = Office::new();
    let ids = office.chain();
    let retract =
        Statement { decision: Decision::Retract, ..office.statement("first-proof", 1, Some(ids[5])) };
    office.sign(&retract);
    assert_eq!(office.verdict(), Some(Reason::Retracted));
    assert_eq!(office.step("first-proof"), (INVALID, Some("RETRACTED")));
    let digest = text("A");
    let lapsed = office.read().unwrap().value.lapsed(&subject(), &digest, &office.facts);
    assert_eq!((lapsed.len(), lapsed[0].reason), (1, Reason::Retracted));
}

#[test]
fn row_20_nobody_else_can_retract_and_another_round_is_not_touched() {
    let mut office = Office::new();
    let ids = office.chain();
    let foreign = Statement {
        decision: Decision::Retract,
        signer: person("er.jiao"),
        ..office.statement("first-proof", 1, Some(ids[5]))
    };
    office.sign(&foreign);
    assert_eq!(office.verdict(), None);
}

#[test]
fn row_31_and_33_text_changed_under_the_statement() {
    let mut office = Office::new();
    office.git.in_tree.insert(subject(), InTree::Digest(text("evil")));
    office.chain();
    assert_eq!(office.verdict(), Some(Reason::TreeDisagrees));
    assert_eq!(office.step("submit"), (INVALID, Some("TREE_DISAGREES")));
    office.git.in_tree.insert(subject(), InTree::Unreadable);
    assert_eq!(office.verdict(), Some(Reason::TreeDisagrees));
    office.git.in_tree.insert(subject(), InTree::Digest(text("A")));
    assert_eq!(office.verdict(), None);
}

#[test]
fn row_89_same_statement_twice_counts_once() {
    let mut office = Office::new();
    office.chain();
    for source in office.sources.clone() {
        let bytes = source.bytes.to_vec();
        office.collect(bytes);
    }
    assert_eq!(office.verdict(), None);
    assert_eq!(office.read().unwrap().value.known().len(), 8);
}

#[test]
fn row_90_and_91_squashed_away_or_collected() {
    let mut office = Office::new();
    office.chain();
    let all = std::mem::take(&mut office.sources);
    assert_eq!(office.verdict(), Some(Reason::StepMissing));
    let advice = office.judge().findings[0].notes[0].en.clone();
    assert!(advice.contains("jiedu collect"), "{advice}");
    office.git.is_reachable = false;
    for source in all {
        office.collect(source.bytes.to_vec());
    }
    assert_eq!(office.verdict(), None);
}

#[test]
fn row_93_two_people_take_one_step() {
    let double = member("yi.jiao2", &["first-proof"], &["review"]);
    let mut office = Office::with_roster(roster_1() + &double);
    let ids = office.steps(1, None, &HOLDERS.map(|(step, _)| step)[..5]);
    let other =
        Statement { signer: person("yi.jiao2"), ..office.statement("first-proof", 1, ids.last().copied()) };
    let first = office.statement("first-proof", 1, ids.last().copied());
    let pair = [office.sign(&other), office.sign(&first)];
    for last in pair {
        office.steps(1, Some(last), &["second-proof", "third-proof"]);
    }
    let cleared = office.judge().cleared.unwrap();
    assert_eq!(cleared.statements()[5], *pair.iter().min().unwrap(), "the smallest ids");
}

fn withdraw(office: &Office, revision: u32, last: Digest, signer: &str) -> Statement {
    Statement {
        kind: Kind::Withdraw,
        step: "withdraw".to_owned(),
        signer: person(signer),
        ..office.statement("third-proof", revision, Some(last))
    }
}

#[test]
fn row_99_withdrawn() {
    let mut office = Office::new();
    let ids = office.chain();
    let last = *ids.last().unwrap();
    let one = withdraw(&office, 1, last, "wang.zhan");
    let ended = office.sign(&one);
    assert_eq!(office.verdict(), Some(Reason::Withdrawn));
    assert!(office.judge().withdrawn.is_some());
    // Resubmitting alone does not bring it back, a whole new round does.
    let again = office.steps(2, Some(ended), &["submit"]);
    assert_eq!(office.verdict(), Some(Reason::Withdrawn));
    office.steps(2, again.first().copied(), &HOLDERS.map(|(step, _)| step)[1..]);
    assert_eq!(office.verdict(), None);
}

#[test]
fn row_99_two_step_holders_may_withdraw_together() {
    let mut office = Office::new();
    let last = *office.chain().last().unwrap();
    let one = withdraw(&office, 1, last, "fu.shen");
    office.sign(&one);
    assert_eq!(office.verdict(), None, "one is not enough");
    let other = withdraw(&office, 1, last, "chu.shen");
    office.sign(&other);
    assert_eq!(office.verdict(), Some(Reason::Withdrawn));
}

#[test]
fn row_99_wrong_digest_or_revision_has_no_effect() {
    let mut office = Office::new();
    let last = *office.chain().last().unwrap();
    for wrong in [
        Statement { digest: text("other"), ..withdraw(&office, 1, last, "wang.zhan") },
        withdraw(&office, 2, last, "wang.zhan"),
    ] {
        let mut office = office.clone();
        office.sign(&wrong);
        assert_eq!(office.verdict(), None);
        assert!(office.read().unwrap().findings.iter().any(|finding| finding.code == "DIGEST_MISMATCH"));
    }
}

#[test]
fn silent_return_to_older_text_is_superseded() {
    let mut office = Office::new();
    let first = office.chain();
    office.current.insert(subject(), Some(text("B")));
    let second = office.steps(2, first.last().copied(), &HOLDERS.map(|(step, _)| step));
    assert_eq!(office.verdict(), None);
    office.current.insert(subject(), Some(text("A")));
    assert_eq!(office.verdict(), Some(Reason::RevisionSuperseded));
    office.steps(3, second.last().copied(), &HOLDERS.map(|(step, _)| step));
    assert_eq!(office.verdict(), None);
    assert_eq!(office.judge().revision, Some(3));
}

#[test]
fn important_texts_need_three_more() {
    let mut office = Office::new();
    office.facts.important = true;
    let ids = office.steps(1, None, &HOLDERS.map(|(step, _)| step)[..5]);
    let mut previous = ids.last().copied();
    for (step, signer) in [("extra-review", "jia.yi"), ("extra-review", "jia.er"), ("gatekeeper", "ba.guan")]
    {
        let statement = Statement { signer: person(signer), ..office.statement(step, 1, previous) };
        previous = Some(office.sign(&statement));
    }
    office.steps(1, previous, &HOLDERS.map(|(step, _)| step)[5..]);
    let judgement = office.judge();
    assert_eq!(judgement.reason, None);
    assert_eq!(judgement.steps.iter().filter(|step| step.step == "extra-review").count(), 2);
    office.facts.important = false;
    assert!(office.verdict().is_some(), "the extra steps are not part of the plain profile");
}

#[test]
fn important_extra_reviews_need_two_persons() {
    let mut office = Office::new();
    office.facts.important = true;
    let ids = office.steps(1, None, &HOLDERS.map(|(step, _)| step)[..5]);
    let one =
        Statement { signer: person("jia.yi"), ..office.statement("extra-review", 1, ids.last().copied()) };
    let id = office.sign(&one);
    office.sign(&Statement { previous: Some(id), ..one });
    let steps = office.judge().steps;
    let extra: Vec<_> = steps
        .iter()
        .filter(|step| step.step == "extra-review")
        .map(|step| (step.state, step.reason))
        .collect();
    assert_eq!(extra, [(StepState::Done, None), (INVALID, Some("PERSON_REPEATED"))]);
}

#[test]
fn site_needs_two_persons_besides_the_author() {
    let mut office = Office::new();
    let site = |office: &Office, step, previous| Statement {
        subject: Subject::Site,
        digest: text("site"),
        ..office.statement(step, 1, previous)
    };
    let mut previous = None;
    for step in ["submit", "secrecy-review", "final-review"] {
        let statement = site(&office, step, previous);
        previous = Some(office.sign(&statement));
    }
    let judged = office.read().unwrap().value.judge(&Subject::Site, &text("site"), &office.facts);
    assert_eq!((judged.reason, judged.profile.as_str()), (None, "site"));
}

#[test]
fn status_says_who_may_act() {
    let mut office = Office::new();
    office.steps(1, None, &["submit", "secrecy-review"]);
    let steps = office.judge().steps;
    assert_eq!(steps[2].candidates, [person("chu.shen")]);
}

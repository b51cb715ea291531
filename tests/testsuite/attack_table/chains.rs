//! Rows about who signed what, in which order, for which text (5, 6, 8, 13–18,
//! 20, 83, 88, 89, 93).

use git2::ObjectType;
use jiedu::approve::SetState;
use jiedu::approve::statement::{Decision, Statement, message, statement_id};
use jiedu::name::SetId;

use super::forge::*;
use crate::project::{Project, STRICT, key, person, project, roster};

/// A roster in which one person holds one more step.
fn also(id: &str, step: &str, more: &str) -> String {
    let plain = format!("roles = [{{ step = \"{step}\" }}");
    let text = roster();
    let at = text.find(&format!("id = \"{id}\"")).unwrap();
    let (head, tail) = text.split_at(at);
    head.to_owned() + &tail.replacen(&plain, &format!("{plain}, {{ step = \"{more}\" }}"), 1)
}

/// The forged step, well signed, after a change of what it says.
#[track_caller]
fn step_by(p: Project, change: impl FnOnce(&mut Statement), who: &str) -> Option<&'static str> {
    refused(&chain(p, |p, draft| {
        let mut draft = draft.clone();
        change(&mut draft);
        signed(payload(p, &message(&draft)), who)
    }))
}

#[test]
fn roles_and_authors() {
    let by = |id: &'static str| move |draft: &mut Statement| draft.signer = person(id);
    assert_eq!(step_by(drafted(), by("proof3"), "proof3"), Some("ROLE_MISSING"));
    let p = drafted_under(&also("writer", "submit", "final-review"));
    assert_eq!(step_by(p, by("writer"), "writer"), Some("AUTHOR_IS_REVIEWER"));
}

#[test]
fn one_person_with_two_keys() {
    let second = key("second key").public_key().to_openssh().unwrap();
    let entry = format!(
        "\n[[key]]\nperson = \"second\"\nkind = \"ssh\"\npublic = \"{}\"\nuse = [\"review\"]\n",
        second.trim_end()
    );
    let p = drafted_under(&(also("second", "second-review", "final-review") + &entry));
    let by = |draft: &mut Statement| draft.signer = person("second");
    assert_eq!(step_by(p, by, "second key"), Some("PERSON_REPEATED"));
}

fn approved() -> Project {
    let mut p = drafted();
    p.approve(SET);
    p
}

#[test]
fn a_renamed_file_voids_everything() {
    let mut p = approved();
    assert_eq!(refused(&p), None);
    let (old, new) =
        ("content/policies/2025/a/attachments/a.txt", "content/policies/2025/a/attachments/b.txt");
    let mut q = project();
    q.set(SET).file(old, "附件\n").commit("draft").approve(SET);
    q.remove(old).file(new, "附件\n").commit("rename");
    let state = |p: &Project| {
        let read = p.read().unwrap();
        let set = read.set(&SetId::parse(SET).unwrap()).unwrap();
        (set.state, set.reason)
    };
    assert_eq!(state(&q), (SetState::Blocked, Some("DIGEST_MISMATCH")));
    p.file(new, "附件\n").commit("add");
    assert_eq!(state(&p), (SetState::Blocked, Some("DIGEST_MISMATCH")));
}

#[test]
fn approvals_cannot_be_replayed_on_another_set() {
    let mut p = approved();
    for name in ["policy.md", "plan.md", "materials/article.md"] {
        let text = p.text(&format!("content/policies/2025/a/{name}"));
        p.file(&format!("content/policies/2025/b/{name}"), text);
    }
    p.commit("the same text under another id");
    let read = p.read().unwrap();
    let copy = read.set(&SetId::parse("2025/b").unwrap()).unwrap();
    assert_eq!(copy.state, SetState::Blocked);
    assert!(copy.editions.is_empty());
    let codes: Vec<&str> = copy.findings.iter().map(|finding| finding.code).collect();
    assert!(codes.contains(&"SET_MISMATCH"), "{codes:?}");
    // A statement about that text which names the first set.
    let digest = p.digest("2025/b");
    assert_eq!(step_by(p_with_copy(), |draft| draft.digest = digest, STEP.1), Some("SET_MISMATCH"));
}

/// The draft with a copy of its files under another id.
fn p_with_copy() -> Project {
    let mut p = drafted();
    for name in ["policy.md", "plan.md", "materials/article.md"] {
        let text = p.text(&format!("content/policies/2025/a/{name}"));
        p.file(&format!("content/policies/2025/b/{name}"), text);
    }
    p.commit("copy");
    p
}

/// The raw statements reachable from the tip, newest first.
fn statements(p: &Project) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut at = Some(p.head());
    while let Some(id) = at {
        let raw = p.raw(id);
        let text = String::from_utf8_lossy(&raw).into_owned();
        let parent = text.lines().find_map(|line| line.strip_prefix("parent "));
        at = parent.map(|hex| git2::Oid::from_str(hex).unwrap());
        if text.contains("\nApproval-Statement: ") {
            found.push(raw);
        }
    }
    found
}

fn collected(p: &mut Project, raw: &[u8]) {
    p.file(&format!("evidence/statements/{}.commit", statement_id(raw).hex()), raw);
}

#[test]
fn approvals_cannot_be_replayed_in_another_site() {
    let signed = statements(&approved());
    assert_eq!(signed.len(), 8);
    let mut other = drafted_under(&format!("{}\n# another authority\n", roster()));
    for raw in &signed {
        collected(&mut other, raw);
    }
    other.commit("collect");
    for (step, _) in STRICT {
        assert_eq!(step_refused(&other, step), Some("SITE_MISMATCH"), "{step}");
    }
}

#[test]
fn approvals_of_an_earlier_round_do_not_count() {
    let mut p = drafted();
    p.submit(SET);
    for (step, person) in &STRICT[..3] {
        p.step(SET, step, person);
    }
    let mut reject = p.draft(SET, STEP.1);
    STEP.0.clone_into(&mut reject.step);
    reject.decision = Decision::Reject;
    p.sign(&reject);
    assert_eq!(step_refused(&p, STEP.0), Some("REJECTED"));
    p.submit(SET);
    for (step, _) in &STRICT[..3] {
        assert_eq!(step_refused(&p, step), Some("REVISION_MISMATCH"), "{step}");
    }
    // Linking an old approval into the new round does not help.
    for (step, person) in &STRICT[1..] {
        p.step(SET, step, person);
    }
    assert_ne!(step_refused(&p, STEP.0), None);
}

#[test]
fn order_is_the_chain_not_the_dates() {
    // Signed by the right people at the right times, linked past a step.
    let mut p = drafted();
    p.submit(SET);
    let submitted = p.draft(SET, "writer").previous;
    for (step, signer) in STRICT {
        let mut draft = p.draft(SET, signer);
        step.clone_into(&mut draft.step);
        if step == STEP.0 {
            draft.previous = submitted;
        }
        p.sign(&draft);
    }
    assert_eq!(refused(&p), Some("ORDER_BROKEN"));
    // The second review before the first.
    let mut p = drafted();
    p.submit(SET).step(SET, "secrecy-review", "secrecy");
    p.step(SET, "second-review", "second").step(SET, "first-review", "first");
    assert_eq!(step_refused(&p, "first-review"), Some("ORDER_BROKEN"));
    assert_eq!(step_refused(&p, "second-review"), Some("ORDER_BROKEN"));
}

#[test]
fn a_retracted_step() {
    let mut p = approved();
    let mut retract = p.draft(SET, "proof3");
    "third-proof".clone_into(&mut retract.step);
    retract.decision = Decision::Retract;
    // Nobody else can.
    let mut foreign = retract.clone();
    foreign.signer = person("proof2");
    p.sign(&foreign);
    assert_eq!(refused(&p), None);
    p.sign(&retract);
    let read = p.read().unwrap();
    let set = read.set(&SetId::parse(SET).unwrap()).unwrap();
    assert_eq!((set.state, set.reason), (SetState::Blocked, Some("RETRACTED")));
    assert_eq!(set.editions[0].void, Some("RETRACTED"));
}

#[test]
fn attributes_change_no_digest() {
    let mut p = approved();
    let digest = p.digest(SET);
    p.file(".gitattributes", "*.md ident working-tree-encoding=GBK filter=evil eol=crlf\n").commit("filters");
    assert_eq!(p.digest(SET), digest);
    assert_eq!(refused(&p), None);
}

#[test]
fn evidence_renamed_or_corrupted() {
    let signed = statements(&approved());
    let last = signed.first().unwrap();
    let right = format!("{}.commit", statement_id(last).hex());
    let with = |name: &str, bytes: &[u8]| {
        let mut p = drafted();
        for raw in &signed[1..] {
            collected(&mut p, raw);
        }
        p.file(&format!("evidence/statements/{name}"), bytes).commit("collect");
        let read = p.read().unwrap();
        let told = read.statement_findings.iter().any(|finding| finding.code == "EVIDENCE_ID");
        (step_refused(&p, "third-proof"), told)
    };
    assert_eq!(with(&right, last), (None, false));
    assert_eq!(with(&format!("{}.commit", "0".repeat(64)), last), (Some("STEP_MISSING"), true));
    assert_eq!(with(&right.to_uppercase(), last), (Some("STEP_MISSING"), true));
    assert_eq!(with(&right, &swap(last, "三校", "二校")), (Some("STEP_MISSING"), true));
    // Another signature under the same payload keeps the id.
    let foreign = signature_of(&signed[1]);
    let swapped = swap(last, &signature_of(last), &foreign);
    assert_eq!(with(&right, &swapped), (Some("SIGNER_MISMATCH"), false));
    let mut broken = last.clone();
    let at = String::from_utf8_lossy(last).find("-----END SSH").unwrap() - 40;
    broken[at] = if broken[at] == b'A' { b'B' } else { b'A' };
    assert_eq!(with(&right, &broken), (Some("SIG_BAD"), false));
}

#[test]
fn the_same_statement_twice_counts_once() {
    let mut p = approved();
    for raw in statements(&p) {
        // The collected copy has its armour wrapped otherwise.
        let copy = with_blob(&raw, |blob| blob);
        collected(&mut p, &copy);
    }
    p.commit("collect");
    let before = p.head();
    assert_eq!(refused(&p), None);
    // A copy that does not verify cannot block the good one.
    let raw = statements(&p).remove(0);
    let bad = swap(&raw, &signature_of(&raw), &signature_of(&statements(&p)[1]));
    p.reset(before);
    let id = p.write(ObjectType::Commit, &bad);
    assert_ne!(id, before);
    collected(&mut p, &bad);
    p.commit("a bad copy");
    assert_eq!(refused(&p), None);
    let read = p.read().unwrap();
    assert_eq!(read.sets[0].editions.len(), 1);
}

#[test]
fn two_people_take_one_step() {
    let twice = also("gate", "gatekeeper", "final-review");
    let build = |first: &'static str, second: &'static str| {
        let mut p = drafted_under(&twice);
        p.submit(SET);
        for (step, signer) in &STRICT[..3] {
            p.step(SET, step, signer);
        }
        let before = p.draft(SET, "writer").previous;
        for signer in [first, second] {
            let mut draft = p.draft(SET, signer);
            STEP.0.clone_into(&mut draft.step);
            draft.previous = before;
            p.sign(&draft);
        }
        for (step, signer) in &STRICT[4..] {
            p.step(SET, step, signer);
        }
        p
    };
    for p in [build("final", "gate"), build("gate", "final")] {
        assert_eq!(refused(&p), None);
        let steps = |p: &Project| p.read().unwrap().sets[0].editions[0].steps.clone();
        assert_eq!(steps(&p), steps(&p), "the same choice every time");
    }
}

//! Attempts to take a published text down, or to renumber what is published,
//! without the withdrawal that is there for it.

use jiedu::approve::SetState;
use jiedu::name::Digest;

use super::forge::{SET, STEP};
use super::histories::build;
use crate::project::{Project, key, person, roster};

const POLICY: &str = "content/policies/2025/a/policy.md";

type Editions = Vec<(u32, Option<&'static str>)>;

fn verdict(p: &Project) -> (SetState, Option<&'static str>, Editions) {
    let read = p.read().unwrap();
    let set = &read.sets[0];
    let editions = set.editions.iter().map(|edition| (edition.number, edition.void));
    (set.state, set.reason, editions.collect())
}

fn published_under(text: &str) -> Project {
    let mut p = Project::with_roster(text);
    p.set(SET).commit("draft").approve("site").approve(SET);
    p
}

fn published() -> Project {
    published_under(&roster())
}

#[test]
fn an_edit_beside_the_line_in_a_reviewers_name() {
    // E-mails of commits are anybody's to write. The side branch changes the
    // text in a reviewer's name; the merge takes none of it.
    let home = tempfile::tempdir().unwrap();
    let mut p = published();
    let first = home.path().join("first");
    build(&p, &first, None).unwrap();
    let (tip, tree) = (p.head(), p.tree());
    p.author = "second".into();
    p.edit(POLICY, "优化办理流程", "取消办理流程");
    let forged = p.tree();
    let side = p.commit_tree(forged, &[tip], "in a reviewer's name");
    p.author = "writer".into();
    p.edit(POLICY, "取消办理流程", "优化办理流程");
    p.commit_tree(tree, &[tip, side], "merge, ours");
    assert_eq!(verdict(&p), (SetState::Blocked, Some("AUTHOR_UNDECLARED"), vec![(1, None)]));
    let out = home.path().join("next");
    assert!(build(&p, &out, Some(&first)).unwrap().leaves_out());
    assert!(out.join("policies/2025/a/v1/index.html").is_file(), "what was published stays");
    // Before the approvals were complete it counts, as in row 7.
    let mut p = Project::with_roster(&roster());
    p.set(SET).commit("draft");
    let tip = p.head();
    p.author = "second".into();
    let forged = forged_tree(&mut p);
    let side = p.commit_tree(forged, &[tip], "in a reviewer's name");
    p.author = "writer".into();
    let tree = p.tree();
    p.commit_tree(tree, &[tip, side], "merge, ours");
    p.approve(SET);
    assert_eq!(verdict(&p), (SetState::Blocked, Some("AUTHOR_UNDECLARED"), vec![]));
}

fn forged_tree(p: &mut Project) -> git2::Oid {
    p.edit(POLICY, "优化办理流程", "取消办理流程");
    let tree = p.tree();
    p.edit(POLICY, "取消办理流程", "优化办理流程");
    tree
}

/// The roster without the entries of a person's key.
fn without_key(text: &str, id: &str) -> String {
    let start = text.find(&format!("[[key]]\nperson = \"{id}\"")).unwrap();
    let rest = &text[start + 1..];
    let end = rest.find("\n[[").map_or(text.len(), |at| start + 1 + at + 1);
    format!("{}{}", &text[..start], &text[end..])
}

fn without_person(text: &str, id: &str) -> String {
    let text = without_key(text, id);
    let start = text.find(&format!("[[person]]\nid = \"{id}\"")).unwrap();
    let end = text[start + 1..].find("\n[[").map_or(text.len(), |at| start + 1 + at + 1);
    format!("{}{}", &text[..start], &text[end..])
}

/// After the roster change, what stands of edition 1; then a new text is
/// approved by whoever may, and must be edition 2 whatever became of the first.
#[track_caller]
fn changed(change: impl FnOnce(String) -> String) -> (SetState, Option<&'static str>, Editions) {
    let mut p = published();
    let before = p.head();
    p.next_roster(change).agree("root");
    assert_ne!(before, p.head());
    verdict(&p)
}

#[test]
fn a_roster_change_leaves_tombstones_and_never_gaps() {
    let fingerprint = key(STEP.1).public_key().fingerprint(ssh_key::HashAlg::Sha256);
    let revoked = |reason: &str| {
        let entry =
            format!("\n[[revocation]]\nkey = \"{fingerprint}\"\nreason = \"{reason}\"\ndate = 2025-07-01\n");
        move |text: String| text + &entry
    };
    let blocked = |code: &'static str| (SetState::Blocked, Some(code), vec![(1, Some(code))]);
    assert_eq!(changed(revoked("compromised")), blocked("KEY_REVOKED"));
    assert_eq!(changed(revoked("retired")), blocked("KEY_RETIRED"));
    assert_eq!(changed(|text| without_key(&text, STEP.1)), blocked("KEY_RETIRED"));
    assert_eq!(changed(|text| without_person(&text, STEP.1)), blocked("KEY_RETIRED"));
    assert_eq!(changed(|text| text.replace("{ step = \"final-review\" }, ", "")), blocked("ROLE_ENDED"));
    let ended = |text: String| {
        text.replace(
            "use = [\"review\"]\n\n[[person]]\nid = \"proof1\"",
            "use = [\"commit\"]\n\n[[person]]\nid = \"proof1\"",
        )
    };
    assert_eq!(changed(ended), blocked("KEY_RETIRED"), "the key's use was changed");
    // Another list of steps: what was approved by the old one needs an
    // accepted list to stay.
    let relaxed =
        |text: String| text.replacen("\n\n[root]", "\ndefault_profile = \"three-level\"\n\n[root]", 1);
    assert_eq!(changed(relaxed), (SetState::Cleared, None, vec![(1, None)]), "the same steps, fewer people");
    let other = |text: String| {
        let profile =
            "\n[[profile]]\nname = \"short\"\nsteps = [\"submit\", \"secrecy-review\", \"final-review\"]\n";
        text.replacen("\n\n[root]", "\ndefault_profile = \"short\"\n\n[root]", 1) + profile
    };
    let (state, reason, editions) = changed(other);
    assert_eq!((state, editions), (SetState::Blocked, vec![(1, Some("STEP_MISSING"))]), "{reason:?}");
    // An old address of a writer, listed for a reviewer after the fact.
    let address = |text: String| {
        text.replace("emails = [\"writer@office.example\"]", "emails = [\"zhang@office.example\"]").replace(
            "emails = [\"second@office.example\"]",
            "emails = [\"second@office.example\", \"writer@office.example\"]",
        )
    };
    assert_eq!(changed(address), blocked("AUTHOR_UNDECLARED"));
    // More people, or a higher threshold of roots, concern no set.
    let more = |text: String| {
        text + "\n[[person]]\nid = \"new\"\nname = \"新\"\npost = \"科员\"\nemails = []\nroles = []\n"
    };
    assert_eq!(changed(more), (SetState::Cleared, None, vec![(1, None)]));
    // One who is no root changes nothing: the version waits for the roots.
    let mut p = published();
    p.next_roster(|text| without_key(&text, STEP.1));
    let mut draft = p.agreement("root");
    draft.signer = person("second");
    p.sign(&draft);
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, None)]));
    assert!(p.read().unwrap().pending.roster.is_some());
}

#[test]
fn what_a_roster_change_took_down_keeps_its_number() {
    let home = tempfile::tempdir().unwrap();
    let mut p = published();
    let first = home.path().join("first");
    build(&p, &first, None).unwrap();
    p.next_roster(|text| {
        text.replace("{ step = \"final-review\" }, ", "{ step = \"final-review\", from = 2025-07-01 }, ")
            .replace(
                "emails = [\"second@office.example\"]",
                "emails = [\"second@office.example\", \"writer@office.example\"]",
            )
            .replace("emails = [\"writer@office.example\"]", "emails = []")
    });
    p.agree("root");
    assert_eq!(verdict(&p).2, [(1, Some("AUTHOR_UNDECLARED"))]);
    // The release after it says so, and is not refused: nothing vanished.
    let second = home.path().join("second");
    assert!(build(&p, &second, Some(&first)).unwrap().leaves_out());
    // An old signature does not help a text whose chain lapsed.
    let raw = p.digest(SET);
    assert_ne!(raw, Digest::of(b""));
    p.author = "webmaster".into();
    p.edit(POLICY, "优化办理流程", "改进办理流程").commit("next").approve(SET);
    let (state, reason, editions) = verdict(&p);
    assert_eq!((state, reason), (SetState::Cleared, None));
    assert_eq!(editions, [(1, Some("AUTHOR_UNDECLARED")), (2, None)]);
    assert!(!build(&p, &home.path().join("third"), Some(&second)).unwrap().is_incomplete());
}

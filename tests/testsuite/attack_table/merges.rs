//! Who wrote a text: what a merge commit itself writes, and every address that
//! a commit names.

use jiedu::approve::SetState;

use super::forge::SET;
use crate::project::{Project, project};

const POLICY: &str = "content/policies/2025/a/policy.md";

fn verdict(p: &Project) -> (SetState, Option<&'static str>) {
    let read = p.read().unwrap();
    (read.sets[0].state, read.sets[0].reason)
}

/// Two lines of work by the writer, merged by `merger`, who may add to what the
/// merge of both gives; then approved, with the merger as second reviewer.
fn merged(merger: &str, both: bool, extra: &[(&str, &str, &str)]) -> Project {
    let mut p = project();
    p.set(SET).commit("draft");
    let base = p.head();
    p.edit(POLICY, "便民利民", "便民惠民").commit("one");
    let one = p.head();
    p.edit(POLICY, "便民惠民", "便民利民").edit(POLICY, "加强宣传解读", "加强政策宣传解读");
    p.reset(base);
    p.commit("two");
    let two = p.head();
    if both {
        p.edit(POLICY, "便民利民", "便民惠民");
    }
    for (path, from, to) in extra {
        p.edit(path, from, to);
    }
    merger.clone_into(&mut p.author);
    let tree = p.tree();
    p.commit_tree(tree, &[one, two], "merge");
    "writer".clone_into(&mut p.author);
    p.approve("site").approve(SET);
    p
}

#[test]
fn text_written_in_a_merge_makes_its_committer_an_author() {
    assert_eq!(
        verdict(&merged("second", true, &[])),
        (SetState::Cleared, None),
        "a clean merge writes nothing"
    );
    let undeclared = (SetState::Blocked, Some("AUTHOR_UNDECLARED"));
    let plan = format!("content/policies/{SET}/plan.md");
    for extra in [
        (POLICY, "优化办理流程", "简化办理流程"),
        (POLICY, "便民惠民", "便民利民惠民"),
        (plan.as_str(), "主要内容。", "主要内容、注意事项。"),
    ] {
        assert_eq!(verdict(&merged("second", true, &[extra])), undeclared, "{extra:?}");
        assert_eq!(
            verdict(&merged("writer", true, &[extra])),
            (SetState::Cleared, None),
            "declared: {extra:?}"
        );
    }
    // One side of the work is dropped: no merge of both gives that.
    assert_eq!(verdict(&merged("second", false, &[])), undeclared);
}

#[test]
fn a_conflict_is_resolved_by_an_author() {
    let mut p = project();
    p.set(SET).commit("draft");
    let base = p.head();
    p.edit(POLICY, "便民利民", "便民惠民").commit("one");
    let one = p.head();
    p.edit(POLICY, "便民惠民", "便民高效");
    p.reset(base);
    p.commit("two");
    let two = p.head();
    p.author = "second".into();
    let tree = p.tree();
    p.commit_tree(tree, &[one, two], "merge");
    p.author = "writer".into();
    p.approve("site").approve(SET);
    assert_eq!(verdict(&p), (SetState::Blocked, Some("AUTHOR_UNDECLARED")));
}

#[test]
fn every_address_of_co_authors_counts() {
    for line in [
        "Co-authored-by: Z <z@office.example>, S <second@office.example>",
        "Co-authored-by: Z <z@office.example>; second@office.example",
        "CO-AUTHORED-BY : \"S, Z\" <SECOND@OFFICE.EXAMPLE>",
        "Co-authored-by: A <a@x>\nCo-authored-by: B <b@x> C <second@office.example>",
    ] {
        let mut p = project();
        p.set(SET).commit(&format!("draft\n\n{line}"));
        p.approve("site").approve(SET);
        assert_eq!(verdict(&p), (SetState::Blocked, Some("AUTHOR_UNDECLARED")), "{line}");
    }
}

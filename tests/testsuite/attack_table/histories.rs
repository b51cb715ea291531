//! Attacks by the shape of history: merges whose first parent is not the
//! published line.

use std::fs;
use std::path::Path;

use git2::Oid;
use jiedu::approve::SetState;
use jiedu::pipeline::{self, BuildOptions, BuildReport, Stop};

use super::forge::SET;
use crate::project::{Project, project};

const POLICY: &str = "content/policies/2025/a/policy.md";

/// Builds the tip, after an older build if there is one.
pub fn build(p: &Project, out: &Path, previous: Option<&Path>) -> Result<BuildReport, Stop> {
    let anchor = p.anchor();
    let options = BuildOptions {
        revision: "HEAD",
        time: p.time(),
        anchor: Some(&anchor),
        drafts: false,
        out,
        previous,
        publish_key: None,
        jobs: Some(1),
    };
    pipeline::build(&p.open(), &options)
}

/// State, reason, numbers of editions with the round of each, and whether an
/// approved text beside the line was named.
fn verdict(p: &Project) -> (SetState, Option<&'static str>, Vec<(u32, u32)>, bool) {
    let read = p.read().unwrap();
    let set = &read.sets[0];
    assert_eq!(set.id.as_str(), SET);
    let editions = set.editions.iter().map(|edition| (edition.number, edition.revision)).collect();
    let named = read.findings.iter().filter(|finding| finding.code == "EDITION_HIDDEN").count();
    assert!(named < 2);
    (set.state, set.reason, editions, named == 1)
}

/// The site is approved, the set not there yet; then the set, drafted and
/// approved. The tips of both.
fn published() -> (Project, Oid, Oid) {
    let mut p = project();
    p.commit("settings").approve("site");
    let before = p.head();
    p.set(SET).commit("draft").approve(SET);
    let tip = p.head();
    (p, before, tip)
}

/// A merge of the published tip into a line that begins at `first`, with the
/// files as they are in the project.
fn swapped(p: &mut Project, first: Oid, tip: Oid) -> Oid {
    p.reset(first);
    let stands = p.open().snapshot(&p.head_id()).is_ok();
    assert!(stands);
    let own = p.raw(first);
    let tree = String::from_utf8_lossy(&own).lines().next().unwrap().replace("tree ", "");
    let aside = p.commit_tree(Oid::from_str(&tree).unwrap(), &[first], "a harmless commit");
    let tree = p.tree();
    p.commit_tree(tree, &[aside, tip], "merge")
}

/// Built after the release `before`, the tip is refused and nothing written;
/// with the line put back it builds.
#[track_caller]
fn refused_after(p: &mut Project, before: &Path, tip: Oid, home: &Path) {
    let out = home.join("refused");
    let stop = build(p, &out, Some(before)).unwrap_err();
    assert_eq!(stop.code, Some("EDITION_VANISHED"), "{}", stop.message.zh);
    assert!(stop.message.zh.contains("jiedu sync --line"), "{}", stop.message.zh);
    assert!(stop.findings.iter().all(|finding| finding.set.as_deref() == Some(SET)));
    assert!(!out.exists());
    let merge = p.head();
    let tree = p.tree();
    p.commit_tree(tree, &[tip, merge], "put the line back");
    build(p, &home.join("mended"), Some(before)).unwrap();
    assert!(fs::exists(home.join("mended/policies/2025/a/v1/index.html")).unwrap());
}

#[test]
fn a_merge_with_swapped_parents_hides_a_set() {
    let home = tempfile::tempdir().unwrap();
    let (mut p, before, tip) = published();
    let first = home.path().join("first");
    build(&p, &first, None).unwrap();
    for name in ["policy.md", "plan.md", "materials/article.md"] {
        p.remove(&format!("content/policies/{SET}/{name}"));
    }
    swapped(&mut p, before, tip);
    assert_eq!(verdict(&p), (SetState::Blocked, Some("EDITION_HIDDEN"), vec![], true));
    let report = build(&p, &home.path().join("blind"), None).unwrap();
    assert!(report.is_incomplete());
    let named = report.findings.iter().find(|finding| finding.code == "EDITION_HIDDEN").unwrap();
    assert!(named.notes[0].zh.contains(&tip.to_string()[..12]), "the commit to go back to");
    refused_after(&mut p, &first, tip, home.path());
    assert_eq!(verdict(&p), (SetState::Blocked, Some("POLICY_MISSING"), vec![(1, 1)], false));
}

#[test]
fn a_merge_with_swapped_parents_over_another_text() {
    let home = tempfile::tempdir().unwrap();
    let (mut p, before, tip) = published();
    let first = home.path().join("first");
    build(&p, &first, None).unwrap();
    p.edit(POLICY, "优化办理流程", "取消办理流程");
    swapped(&mut p, before, tip);
    assert_eq!(verdict(&p), (SetState::Blocked, Some("DIGEST_MISMATCH"), vec![], true));
    assert!(build(&p, &home.path().join("blind"), None).unwrap().is_incomplete());
    refused_after(&mut p, &first, tip, home.path());
    assert_eq!(verdict(&p), (SetState::Blocked, Some("DIGEST_MISMATCH"), vec![(1, 1)], false));
    // A decision about the present text settles what lies beside the line.
    let (mut p, before, tip) = published();
    p.edit(POLICY, "优化办理流程", "改进办理流程");
    swapped(&mut p, before, tip);
    p.approve(SET);
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, 2)], false));
}

#[test]
fn a_merge_with_swapped_parents_brings_an_old_edition_back() {
    let home = tempfile::tempdir().unwrap();
    let (mut p, _, one) = published();
    p.edit(POLICY, "优化办理流程", "改进办理流程").commit("next").approve(SET);
    let two = p.head();
    let first = home.path().join("first");
    build(&p, &first, None).unwrap();
    p.edit(POLICY, "改进办理流程", "优化办理流程");
    swapped(&mut p, one, two);
    assert_eq!(verdict(&p), (SetState::Blocked, Some("REVISION_SUPERSEDED"), vec![(1, 1)], true));
    assert!(build(&p, &home.path().join("blind"), None).unwrap().is_incomplete());
    refused_after(&mut p, &first, two, home.path());
    assert_eq!(verdict(&p), (SetState::Blocked, Some("REVISION_SUPERSEDED"), vec![(1, 1), (2, 2)], false));
}

#[test]
fn a_merge_with_swapped_parents_renumbers_editions() {
    let home = tempfile::tempdir().unwrap();
    let (mut p, before, _) = published();
    p.edit(POLICY, "优化办理流程", "改进办理流程").commit("next").approve(SET);
    let two = p.head();
    let first = home.path().join("first");
    build(&p, &first, None).unwrap();
    swapped(&mut p, before, two);
    // Without memory this is a branch that was approved twice before it was
    // merged, which nobody forbids.
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, 2)], false));
    refused_after(&mut p, &first, two, home.path());
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, 1), (2, 2)], false));
    // A merge with swapped parents that hides nothing is nobody's business.
    let (mut p, before, tip) = published();
    let first = home.path().join("plain");
    build(&p, &first, None).unwrap();
    swapped(&mut p, before, tip);
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, 1)], false));
    assert!(!build(&p, &home.path().join("plain 2"), Some(&first)).unwrap().is_incomplete());
}

/// Removes the whole set.
fn remove(p: &mut Project, id: &str) {
    for name in ["policy.md", "plan.md", "materials/article.md"] {
        p.remove(&format!("content/policies/{id}/{name}"));
    }
}

const SECRET: (&str, &str) = ("发布日期:", "公开方式: 依申请公开\n发布日期:");

#[test]
fn a_text_that_is_not_public_excuses_no_older_decision() {
    let home = tempfile::tempdir().unwrap();
    // A draft that nobody approved.
    let (mut p, before, tip) = published();
    let first = home.path().join("first");
    build(&p, &first, None).unwrap();
    p.edit(POLICY, SECRET.0, SECRET.1);
    swapped(&mut p, before, tip);
    assert_eq!(verdict(&p), (SetState::Blocked, Some("EDITION_HIDDEN"), vec![], true));
    assert!(build(&p, &home.path().join("blind"), None).unwrap().is_incomplete());
    refused_after(&mut p, &first, tip, home.path());
    // A text that was approved before the one that was published.
    let mut p = project();
    p.commit("settings").approve("site");
    p.set(SET).edit(POLICY, SECRET.0, SECRET.1).commit("on request").approve(SET);
    let secret = p.head();
    p.set(SET).commit("public").approve(SET);
    let tip = p.head();
    let first = home.path().join("second");
    build(&p, &first, None).unwrap();
    p.edit(POLICY, SECRET.0, SECRET.1);
    swapped(&mut p, secret, tip);
    assert_eq!(verdict(&p), (SetState::Blocked, Some("EDITION_HIDDEN"), vec![], true));
    let stop = build(&p, &home.path().join("refused"), Some(&first)).unwrap_err();
    assert_eq!(stop.code, Some("EDITION_VANISHED"), "{}", stop.message.zh);
}

#[test]
fn a_decision_against_publication_takes_a_set_off() {
    let home = tempfile::tempdir().unwrap();
    let (mut p, _, _) = published();
    let first = home.path().join("first");
    build(&p, &first, None).unwrap();
    p.edit(POLICY, SECRET.0, SECRET.1).commit("on request").approve(SET);
    build(&p, &home.path().join("hidden"), Some(&first)).unwrap();
    assert!(!fs::exists(home.path().join("hidden/policies/2025/a")).unwrap());
    // Whatever is drafted next, it changes nothing in that.
    p.edit(POLICY, "优化办理流程", "改进办理流程").commit("a draft");
    build(&p, &home.path().join("draft"), Some(&first)).unwrap();
    p.edit(POLICY, SECRET.1, SECRET.0).commit("another draft");
    build(&p, &home.path().join("public draft"), Some(&first)).unwrap();
}

#[test]
fn a_moved_set_does_not_come_back_when_its_successor_is_withdrawn() {
    const NEXT: &str = "2025/b";
    let home = tempfile::tempdir().unwrap();
    let (mut p, _, _) = published();
    let first = home.path().join("first");
    build(&p, &first, None).unwrap();
    remove(&mut p, SET);
    p.set(NEXT).edit("content/policies/2025/b/policy.md", "主题分类", "别名: [2025/a]\n主题分类");
    p.commit("move").approve(NEXT);
    let second = home.path().join("second");
    build(&p, &second, Some(&first)).unwrap();
    let mut withdraw = p.draft(NEXT, "final");
    withdraw.kind = jiedu::approve::statement::Kind::Withdraw;
    withdraw.step = "withdraw".into();
    p.sign(&withdraw);
    let third = home.path().join("third");
    build(&p, &third, Some(&second)).unwrap();
    assert!(fs::exists(third.join("policies/2025/b/index.html")).unwrap(), "the tombstone");
    assert!(!fs::exists(third.join("policies/2025/a/v1/index.html")).unwrap());
    // Both decisions between two releases.
    build(&p, &home.path().join("fourth"), Some(&first)).unwrap();
}

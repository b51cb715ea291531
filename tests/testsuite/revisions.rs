//! States of sets and editions along the line, from signed commits to verdicts
//! (`approvals.md` §8 rows 1–20, 31–33, 83, 90–94; details 47–49, 53, 60, 61).

use std::fs;

use git2::Oid;
use jiedu::approve::statement::{Decision, Kind};
use jiedu::approve::{SetState, StepState};
use jiedu::clock::Clock;
use jiedu::finding::Severity;
use jiedu::name::SetId;
use jiedu::pipeline::{self, CheckOptions, JudgedSet, ReadOptions, Revision, StopKind, Time};

use crate::project::{Project, STRICT, ident, project};

const POLICY: &str = "content/policies/2025/a/policy.md";

fn only(read: &Revision) -> &JudgedSet {
    read.set(&SetId::parse("2025/a").unwrap()).unwrap()
}

/// State, reason and the numbers of the editions with their void codes.
type Verdict = (SetState, Option<&'static str>, Vec<(u32, Option<&'static str>)>);

fn verdict(p: &Project) -> Verdict {
    let read = p.read().unwrap();
    let set = only(&read);
    (set.state, set.reason, set.editions.iter().map(|edition| (edition.number, edition.void)).collect())
}

fn approved() -> Project {
    let mut p = project();
    p.set("2025/a").commit("draft").approve("2025/a");
    p
}

fn options<'a>(p: &Project, revision: Option<&'a str>) -> CheckOptions<'a> {
    CheckOptions {
        revision,
        time: p.time(),
        anchor: None,
        sets: &[],
        rules: &[],
        min_severity: Severity::Hint,
        jobs: Some(1),
        references: None,
    }
}

fn codes(p: &Project, revision: Option<&str>) -> Vec<(&'static str, Severity)> {
    let report = pipeline::check(&p.open(), &options(p, revision)).unwrap();
    let approval = report.findings.iter().filter(|finding| finding.category == "approval");
    approval.map(|finding| (finding.code, finding.severity)).collect()
}

#[test]
fn a_complete_chain_clears_a_set() {
    let p = approved();
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, None)]));
    let read = p.read().unwrap();
    let set = only(&read);
    assert_eq!((set.revision, set.profile.as_str(), set.steps.len()), (Some(1), "strict", 8));
    assert!(set.steps.iter().all(|step| step.state == StepState::Done && step.commit.is_some()));
    let edition = &set.editions[0];
    assert_eq!(edition.commit, p.head_id(), "it came into being with the last statement");
    assert_eq!(edition.steps.len(), 8);
}

#[test]
fn sha256_repositories_are_read_alike() {
    let mut p = Project::with_format(true);
    p.set("2025/a").commit("draft").approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, None)]));
    let sha1 = approved();
    assert_eq!(p.digest("2025/a"), sha1.digest("2025/a"), "the digest does not depend on the object format");
}

#[test]
fn a_missing_step_blocks() {
    let mut p = project();
    p.set("2025/a").commit("draft").submit("2025/a");
    for (step, person) in &STRICT[..6] {
        p.step("2025/a", step, person);
    }
    assert_eq!(verdict(&p), (SetState::Blocked, Some("STEP_MISSING"), vec![]));
    p.step("2025/a", STRICT[6].0, STRICT[6].1);
    assert_eq!(verdict(&p).0, SetState::Cleared);
}

#[test]
fn one_changed_byte_voids_and_reverting_restores() {
    let mut p = approved();
    let before = p.text(POLICY);
    p.edit(POLICY, "便民利民", "便民惠民").commit("edit");
    assert_eq!(
        verdict(&p),
        (SetState::Blocked, Some("DIGEST_MISMATCH"), vec![(1, None)]),
        "the edition stays published"
    );
    p.file(POLICY, before).commit("revert");
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, None)]));
}

#[test]
fn editions_are_numbered_along_the_line() {
    let mut p = approved();
    let first = p.text(POLICY);
    p.edit(POLICY, "便民利民", "便民惠民").commit("second").approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, None), (2, None)]));
    // A silent return to the first text clears nothing.
    p.file(POLICY, first).commit("back");
    assert_eq!(verdict(&p), (SetState::Blocked, Some("REVISION_SUPERSEDED"), vec![(1, None), (2, None)]));
    p.approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, None), (2, None), (3, None)]));
}

#[test]
fn approving_the_same_bytes_again_is_the_same_edition() {
    let mut p = approved();
    p.approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, None)]));
    let read = p.read().unwrap();
    assert_eq!(only(&read).editions[0].revision, 2);
}

#[test]
fn a_retracted_edition_keeps_its_number() {
    let mut p = approved();
    let last = p.draft("2025/a", "proof3");
    p.edit(POLICY, "便民利民", "便民惠民").commit("second").approve("2025/a");
    let mut retract = last;
    retract.step = "third-proof".into();
    retract.decision = Decision::Retract;
    p.sign(&retract);
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, Some("RETRACTED")), (2, None)]));
}

#[test]
fn a_rejection_blocks_this_round_for_good() {
    let mut p = approved();
    let mut reject = p.draft("2025/a", "second");
    reject.step = "second-review".into();
    reject.decision = Decision::Reject;
    p.sign(&reject);
    assert_eq!(verdict(&p), (SetState::Blocked, Some("REJECTED"), vec![(1, Some("REJECTED"))]));
    p.approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, None)]), "a new round for the same bytes");
}

#[test]
fn withdrawal_takes_the_whole_set_down() {
    let mut p = approved();
    p.edit(POLICY, "便民利民", "便民惠民").commit("second").approve("2025/a");
    let mut withdraw = p.draft("2025/a", "final");
    withdraw.kind = Kind::Withdraw;
    withdraw.step = "withdraw".into();
    p.sign(&withdraw);
    let gone = Some("WITHDRAWN");
    assert_eq!(verdict(&p), (SetState::Withdrawn, gone, vec![(1, gone), (2, gone)]));
    p.edit(POLICY, "便民惠民", "便民助民").commit("third").approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, None), (2, gone), (3, None)]));
}

/// Two editions, the second one withdrawn.
fn withdrawn() -> Project {
    let mut p = approved();
    p.edit(POLICY, "便民利民", "便民惠民").commit("second").approve("2025/a");
    let mut withdraw = p.draft("2025/a", "final");
    withdraw.kind = Kind::Withdraw;
    withdraw.step = "withdraw".into();
    p.sign(&withdraw);
    p
}

#[test]
fn a_draft_marked_important_brings_no_withdrawal_back() {
    let mut p = withdrawn();
    p.edit(POLICY, "便民惠民", "便民助民").commit("third").approve("2025/a");
    let shown = vec![(1, None), (2, Some("WITHDRAWN")), (3, None)];
    assert_eq!(verdict(&p), (SetState::Cleared, None, shown.clone()));
    p.edit(POLICY, "发布日期:", "重要: true\n发布日期:").commit("a draft");
    let (state, reason, editions) = verdict(&p);
    assert_eq!((state, editions), (SetState::Blocked, shown));
    assert_ne!(reason, Some("WITHDRAWN"));
}

#[test]
fn a_withdrawal_lasts_until_a_new_text_may_be_shown() {
    let gone = vec![(1, Some("WITHDRAWN")), (2, Some("WITHDRAWN"))];
    // All steps of an ordinary text, for one that is 重要.
    let mut p = withdrawn();
    p.edit(POLICY, "发布日期:", "重要: true\n发布日期:").commit("important").approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Withdrawn, Some("WITHDRAWN"), gone.clone()));
    p.edit(POLICY, "重要: true\n", "").commit("a draft without the mark");
    assert_eq!(verdict(&p), (SetState::Withdrawn, Some("WITHDRAWN"), gone.clone()));
    // All steps, but one by an author.
    let mut p = withdrawn();
    p.author = "second".into();
    p.edit(POLICY, "便民惠民", "便民助民").commit("third").approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Withdrawn, Some("WITHDRAWN"), gone.clone()));
    // Approved, to be shown in August.
    let mut p = withdrawn();
    p.edit(POLICY, "发布日期: 2025-06-30", "发布日期: 2025-08-01").commit("third").approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Scheduled, None, gone));
}

#[test]
fn nothing_brings_a_withdrawn_text_back_but_a_new_round() {
    let mut p = approved();
    let mut withdraw = p.draft("2025/a", "final");
    withdraw.kind = Kind::Withdraw;
    withdraw.step = "withdraw".into();
    p.sign(&withdraw);
    let gone = Some("WITHDRAWN");
    p.file("content/policies/2025/a/.gitkeep", "").commit("a fault");
    assert_eq!(verdict(&p), (SetState::Blocked, Some("PATH_INVALID"), vec![(1, gone)]));
    for name in [".gitkeep", "policy.md", "plan.md", "materials/article.md"] {
        p.remove(&format!("content/policies/2025/a/{name}"));
    }
    p.commit("the folder is gone");
    assert_eq!(verdict(&p), (SetState::Withdrawn, gone, vec![(1, gone)]));
}

#[test]
fn the_publication_date_is_waited_for() {
    let mut p = project();
    p.set("2025/a")
        .edit(POLICY, "发布日期: 2025-06-30", "发布日期: 2025-08-01 09:00")
        .commit("draft")
        .approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Scheduled, None, vec![]));
    let at = |text: &str| {
        let time = Time { given: Some(Clock::parse(text).unwrap()), machine: Clock::from_unix(0) };
        let read =
            Revision::read(&p.open(), ReadOptions { revision: "HEAD", time, anchor: None, drafting: false })
                .unwrap();
        (only(&read).state, only(&read).editions.len())
    };
    assert_eq!(at("2025-08-01T08:59:59+08:00"), (SetState::Scheduled, 0));
    assert_eq!(at("2025-08-01T01:00:00Z"), (SetState::Cleared, 1));
}

#[test]
fn a_scheduled_change_leaves_the_old_edition() {
    let mut p = approved();
    p.edit(POLICY, "发布日期: 2025-06-30", "发布日期: 2025-08-01").commit("second").approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Scheduled, None, vec![(1, None)]));
}

#[test]
fn texts_that_are_not_disclosed_leave_no_trace() {
    let mut p = project();
    p.set("2025/a").edit(POLICY, "发布日期:", "公开方式: 不予公开\n发布日期:").commit("x");
    let undisclosed = (SetState::Exempt, Some("NOT_DISCLOSED"), vec![]);
    assert_eq!(verdict(&p), undisclosed);
    p.approve("2025/a");
    assert_eq!(verdict(&p), undisclosed);
    p.edit(POLICY, "公开方式: 不予公开\n", "").commit("open").approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(2, None)]));
}

#[test]
fn one_commit_neither_takes_a_text_down_nor_brings_it_back() {
    const SHOWN: &str = "2025-06-25\n发布日期:";
    const HIDDEN: &str = "2025-06-25\n公开方式: 依申请公开\n发布日期:";
    let mut p = approved();
    p.edit(POLICY, SHOWN, HIDDEN).commit("hide");
    assert_eq!(verdict(&p), (SetState::Blocked, Some("DIGEST_MISMATCH"), vec![(1, None)]));
    p.approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Exempt, Some("NOT_DISCLOSED"), vec![]));
    // Another text of the same kind, then one that claims to be for the public.
    p.edit(POLICY, "优化办理流程", "改进办理流程").commit("edit");
    assert_eq!(verdict(&p), (SetState::Exempt, Some("NOT_DISCLOSED"), vec![]));
    p.edit(POLICY, HIDDEN, SHOWN).commit("open");
    assert_eq!(verdict(&p), (SetState::Blocked, Some("DIGEST_MISMATCH"), vec![]));
    p.approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, None), (3, None)]));
}

#[test]
fn removing_the_folder_takes_nothing_down() {
    let mut p = approved();
    p.set("2025/b").commit("never approved");
    for id in ["2025/a", "2025/b"] {
        for name in ["policy.md", "plan.md", "materials/article.md"] {
            p.remove(&format!("content/policies/{id}/{name}"));
        }
    }
    p.commit("remove");
    assert_eq!(verdict(&p), (SetState::Blocked, Some("POLICY_MISSING"), vec![(1, None)]));
    assert!(p.read().unwrap().set(&SetId::parse("2025/b").unwrap()).is_none());
    // A set that claims the address must be approved to have it.
    p.set("2025/c").edit("content/policies/2025/c/policy.md", "主题分类", "别名: [2025/a]\n主题分类");
    p.commit("move");
    assert_eq!(verdict(&p).0, SetState::Blocked);
    p.approve("2025/c");
    assert!(p.read().unwrap().set(&SetId::parse("2025/a").unwrap()).is_none());
}

#[test]
fn trees_must_agree_with_statements() {
    // Row 33: a digest of text A on top of text B.
    let mut p = project();
    p.set("2025/a").commit("A").submit("2025/a");
    let mut draft = p.draft("2025/a", "secrecy");
    draft.step = "secrecy-review".into();
    p.edit(POLICY, "便民利民", "便民惠民").commit("B");
    p.sign(&draft);
    p.edit(POLICY, "便民惠民", "便民利民").commit("A again");
    assert!(codes(&p, Some("HEAD")).contains(&("TREE_DISAGREES", Severity::Error)));
    assert_eq!(verdict(&p).1, Some("TREE_DISAGREES"));
}

#[test]
fn a_statement_that_also_edits_is_refused() {
    // Row 32.
    let mut p = project();
    p.set("2025/a").commit("draft").submit("2025/a");
    let mut draft = p.draft("2025/a", "secrecy");
    draft.step = "secrecy-review".into();
    let raw = String::from_utf8(p.signed(&draft, &crate::project::key("secrecy"))).unwrap();
    p.file("docs/x.md", "x");
    let other = p.tree();
    let own = raw.lines().next().unwrap().to_owned();
    let unsigned = raw.replacen(&own, &format!("tree {other}"), 1);
    p.raw_commit(unsigned.as_bytes());
    assert!(codes(&p, Some("HEAD")).iter().any(|(code, _)| *code == "STATEMENT_NOT_EMPTY"));
}

#[test]
fn an_evil_merge_is_found() {
    // Row 31: approve on one side, edit during the merge.
    let mut p = approved();
    let approved = p.head();
    p.reset(approved);
    p.file("docs/x.md", "x");
    let tree = p.tree();
    let side = p.commit_tree(tree, &[approved], "side");
    p.reset(approved);
    p.edit(POLICY, "便民利民", "便民害民");
    let tree = p.tree();
    p.commit_tree(tree, &[approved, side], "merge");
    assert_eq!(verdict(&p), (SetState::Blocked, Some("DIGEST_MISMATCH"), vec![(1, None)]));
}

#[test]
fn approvals_on_a_merged_branch_count_from_the_merge() {
    let mut p = project();
    p.set("2025/a").commit("draft");
    let base = p.head();
    p.approve("2025/a");
    let side = p.head();
    p.reset(base);
    let tree = p.tree();
    p.now += 600;
    let merge = p.commit_tree(tree, &[base, side], "merge");
    let read = p.read().unwrap();
    assert_eq!(only(&read).editions[0].commit.as_str(), merge.to_string());
}

/// The commits from the tip back to (not including) a commit.
fn statements(p: &Project, until: Oid) -> Vec<Vec<u8>> {
    let open = git2::Repository::open(p.path()).unwrap();
    let odb = open.odb().unwrap();
    let mut at = p.head();
    let mut out = Vec::new();
    while at != until {
        out.push(odb.read(at).unwrap().data().to_vec());
        at = open.find_commit(at).unwrap().parent_id(0).unwrap();
    }
    out
}

#[test]
fn squashed_approvals_survive_only_when_collected() {
    // Rows 90 and 91.
    let mut p = project();
    p.set("2025/a").commit("draft");
    let base = p.head();
    p.approve("2025/a");
    let raw = statements(&p, base);
    p.reset(base);
    p.commit("squash");
    assert_eq!(verdict(&p).1, Some("STEP_MISSING"));
    for bytes in &raw {
        let id = jiedu::approve::statement::statement_id(bytes);
        p.file(&format!("evidence/statements/{}.commit", id.hex()), bytes);
    }
    p.commit("collect");
    assert_eq!(verdict(&p), (SetState::Cleared, None, vec![(1, None)]));
    let read = p.read().unwrap();
    assert!(only(&read).steps.iter().all(|step| step.commit.is_none() && step.statement.is_some()));
    assert_eq!(only(&read).editions[0].commit, p.head_id(), "when the copies came in");
}

#[test]
fn rewriting_history_around_the_same_text_changes_nothing() {
    // Rows 83 and 92: attributes and rebases do not touch the digest.
    let mut p = approved();
    p.file(".gitattributes", "* text ident eol=crlf\n").commit("attributes");
    assert_eq!(verdict(&p).0, SetState::Cleared);
}

#[test]
fn a_hidden_author_is_found() {
    // Row 7: a reviewer edited the text without being named.
    let mut p = project();
    p.set("2025/a").commit("draft");
    p.author = "second".into();
    p.edit(POLICY, "便民利民", "便民惠民").commit("edit");
    p.author = "writer".into();
    p.approve("2025/a");
    assert_eq!(verdict(&p), (SetState::Blocked, Some("AUTHOR_UNDECLARED"), vec![]));
}

#[test]
fn writing_the_next_version_does_not_unpublish_the_last() {
    let mut p = approved();
    p.author = "second".into();
    p.edit(POLICY, "便民利民", "便民惠民").commit("next draft");
    assert_eq!(verdict(&p).2, [(1, None)]);
}

#[test]
fn the_site_is_a_set_of_its_own() {
    let mut p = project();
    p.commit("site");
    assert_eq!(p.read().unwrap().site_state(), (SetState::Blocked, Some("STEP_MISSING")));
    p.approve("site");
    assert_eq!(p.read().unwrap().site_state(), (SetState::Cleared, None));
    p.file("content/pages/about.md", "---\n标题: 关于\n---\n\n关于本站。\n").commit("page");
    assert_eq!(p.read().unwrap().site_state(), (SetState::Blocked, Some("DIGEST_MISMATCH")));
}

#[test]
fn faults_block_their_set_alone() {
    let mut p = approved();
    p.set("2025/b").commit("b").approve("2025/b");
    p.file("content/policies/2025/a/.gitkeep", "").commit("dot");
    let read = p.read().unwrap();
    assert_eq!(
        (only(&read).state, only(&read).reason, only(&read).digest),
        (SetState::Blocked, Some("PATH_INVALID"), None)
    );
    assert_eq!(only(&read).editions.len(), 1, "the old edition stays");
    assert_eq!(read.sets[1].state, SetState::Cleared);
}

#[test]
fn faults_of_common_ground_stop_everything() {
    for path in ["themes/default/.hidden", "roster/.gitkeep", "content/pages/CON.md"] {
        let mut p = approved();
        p.file(path, "").commit("fault");
        let stop = p.read().unwrap_err();
        assert_eq!((stop.kind, stop.code), (StopKind::Security, Some("PATH_INVALID")), "{path}");
    }
    let mut p = approved();
    p.remove("site.toml").commit("no settings");
    assert_eq!(p.read().unwrap_err().kind, StopKind::Usage);
    let mut p = approved();
    p.remove("roster/1.toml").commit("no roster");
    assert_eq!(p.read().unwrap_err().kind, StopKind::Security);
}

#[test]
fn the_default_instant_may_not_lie_ahead() {
    let mut p = approved();
    p.now += 3600 * 24 * 400;
    p.file("docs/x.md", "").commit("from the future");
    let time = Time { given: None, machine: Clock::from_unix(crate::project::START) };
    let options = ReadOptions { revision: "HEAD", time, anchor: None, drafting: false };
    assert_eq!(Revision::read(&p.open(), options).unwrap_err().exit(), 2);
    let given = Time { given: Some(Clock::from_unix(p.now)), ..time };
    assert!(Revision::read(&p.open(), ReadOptions { time: given, ..options }).is_ok());
}

#[test]
fn the_work_tree_is_compared_with_head() {
    let mut p = approved();
    p.approve("site").checkout();
    assert!(codes(&p, None).is_empty(), "{:?}", codes(&p, None));
    fs::write(p.path().join(POLICY), p.text(POLICY).replace("便民利民", "便民惠民")).unwrap();
    assert_eq!(codes(&p, None), [("WORKTREE_DIRTY", Severity::Warning)]);
    let report = pipeline::check(&p.open(), &options(&p, None)).unwrap();
    assert_eq!(report.sets[0].state, SetState::Cleared, "states speak of HEAD");
    assert!(!report.has_errors());
}

#[test]
fn drafts_are_hints_in_the_work_tree_and_errors_in_a_revision() {
    // Details 63.
    let mut p = project();
    p.commit("site").approve("site").set("2025/a").commit("draft").checkout();
    assert!(codes(&p, None).iter().all(|(_, severity)| *severity == Severity::Hint), "{:?}", codes(&p, None));
    assert!(codes(&p, Some("HEAD")).contains(&("STEP_MISSING", Severity::Error)));
}

#[test]
fn check_and_status_print_their_documents() {
    let p = approved();
    let report = pipeline::check(&p.open(), &options(&p, Some("HEAD"))).unwrap();
    let json: serde_json::Value = serde_json::from_str(&report.to_json(jiedu::finding::Lang::Zh)).unwrap();
    assert_eq!(json["schema"], "jiedu.check/1");
    assert_eq!(json["revision"], p.head_id().as_str());
    assert_eq!(json["anchored"], false);
    let set = &json["sets"][0];
    assert_eq!((set["id"].as_str(), set["state"].as_str()), (Some("2025/a"), Some("cleared")));
    assert_eq!(set["digest"], p.digest("2025/a").to_string());
    assert_eq!((set["profile"].as_str(), set["revision"].as_u64()), (Some("strict"), Some(1)));
    let step = &set["steps"][1];
    assert_eq!(
        (step["step"].as_str(), step["state"].as_str(), step["by"].as_str()),
        (Some("secrecy-review"), Some("done"), Some("secrecy"))
    );
    assert!(step["statement"].as_str().unwrap().starts_with("sha256:"));
    assert!(step["for"].is_null() && step["reason"].is_null());
    assert_eq!(json["sets"][1]["id"], "site");
    let status = pipeline::status(&p.open(), &options(&p, None)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&status.to_json()).unwrap();
    assert_eq!(
        (json["schema"].as_str(), json["sets"].as_array().map(Vec::len)),
        (Some("jiedu.status/1"), Some(2))
    );
}

#[test]
fn digest_prints_the_manifest() {
    let p = approved();
    let manifest = pipeline::manifest(&p.open(), "HEAD", "2025/a").unwrap();
    assert_eq!(jiedu::name::Digest::of(&manifest), p.digest("2025/a"));
    assert!(pipeline::manifest(&p.open(), "HEAD", "2025/zzz").is_err());
}

#[test]
fn a_foreign_ident_does_not_matter_for_ordinary_commits() {
    let mut p = approved();
    let tree = p.tree();
    let tip = p.head();
    let (a, b) = (ident("stranger", p.now), ident("other", p.now + 1));
    p.raw_commit(format!("tree {tree}\nparent {tip}\nauthor {a}\ncommitter {b}\n\nx\n").as_bytes());
    assert_eq!(verdict(&p).0, SetState::Cleared);
}

#[test]
fn a_member_added_during_a_round_is_not_covered() {
    const MORE: &str = "content/policies/2025/a/materials/more.md";
    let parts = |p: &Project| {
        let report = pipeline::check(&p.open(), &options(p, Some("HEAD"))).unwrap();
        let found = report.findings.into_iter().filter(|finding| finding.code == "TS-04");
        found.map(|finding| finding.message.zh).collect::<Vec<_>>()
    };
    let more = |p: &mut Project| {
        let text = p.text("content/policies/2025/a/materials/article.md");
        p.file(MORE, text).commit("one more material");
    };
    let mut p = project();
    p.set("2025/a").commit("draft").submit("2025/a").step("2025/a", "secrecy-review", "secrecy");
    assert!(parts(&p).is_empty());
    more(&mut p);
    let found = parts(&p);
    assert_eq!(found.len(), 2, "the submission and the review: {found:?}");
    assert!(found.iter().all(|text| text.contains("materials/more.md")), "{found:?}");
    p.submit("2025/a");
    assert!(parts(&p).is_empty(), "a new round covers it");
    // What was approved before is a published edition, not a part.
    let mut p = approved();
    more(&mut p);
    assert!(parts(&p).is_empty());
}

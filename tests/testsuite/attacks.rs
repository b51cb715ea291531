//! What a hostile insider would try: content made to break the site, to vanish
//! texts from it, or to leak what is not public.

use std::fs;
use std::path::Path;

use jiedu::approve::SetState;
use jiedu::approve::statement::Decision;
use jiedu::clock::Clock;
use jiedu::pipeline::{self, BuildOptions, BuildReport, Time};

use crate::program::jiedu;
use crate::project::{Project, project};

const POLICY: &str = "content/policies/2025/a/policy.md";

fn build(p: &Project, out: &Path) -> BuildReport {
    let anchor = p.anchor();
    let options = BuildOptions {
        revision: "HEAD",
        time: Time { given: Some(Clock::from_unix(p.now)), machine: Clock::from_unix(p.now) },
        anchor: Some(&anchor),
        drafts: false,
        out,
        previous: None,
        publish_key: None,
        jobs: Some(1),
    };
    pipeline::build(&p.open(), &options).unwrap()
}

fn approved() -> Project {
    let mut p = project();
    p.set("2025/a").commit("draft").approve("site").approve("2025/a");
    p
}

/// Texts of all files below a folder.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push((
                    path.display().to_string(),
                    String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned(),
                ));
            }
        }
    }
    found
}

#[test]
fn a_text_that_cannot_be_read_takes_nothing_down() {
    let home = tempfile::tempdir().unwrap();
    for (from, to) in [("标题: ", "标题: ["), ("主题分类", "公开方式: 随便\n主题分类"), ("---\n标题", "标题")]
    {
        let mut p = approved();
        p.edit(POLICY, from, to).commit("an unapproved slip");
        let report = build(&p, &home.path().join("site"));
        assert!(report.leaves_out() && !report.is_incomplete(), "{to}");
        assert_eq!(report.left_out.iter().map(|set| set.standing).collect::<Vec<_>>(), [Some(1)], "{to}");
        assert!(home.path().join("site/policies/2025/a/index.html").exists(), "{to}");
        assert_eq!(p.read().unwrap().sets[0].state, SetState::Blocked);
    }
}

#[test]
fn a_slip_in_the_mark_of_importance_spares_nobody_a_review() {
    let mut p = project();
    p.set("2025/a")
        .edit(POLICY, "主题分类", "重要: 很重要\n主题分类")
        .commit("draft")
        .approve("site")
        .approve("2025/a");
    let read = p.read().unwrap();
    assert_eq!(read.sets[0].state, SetState::Blocked);
    assert!(read.sets[0].steps.iter().any(|step| step.step == "gatekeeper"));
}

#[test]
fn two_sets_with_one_alias_do_not_stop_the_site() {
    let home = tempfile::tempdir().unwrap();
    let mut p = project();
    for id in ["2025/a", "2025/b"] {
        p.set(id).edit(&format!("content/policies/{id}/policy.md"), "主题分类", "别名: [2024/old]\n主题分类");
    }
    p.edit("content/policies/2025/b/policy.md", "14号", "15号");
    p.commit("draft").approve("site").approve("2025/a").approve("2025/b");
    assert_eq!(build(&p, &home.path().join("site")).sets, 2);
    let moved = fs::read_to_string(home.path().join("site/policies/2024/old/index.html")).unwrap();
    assert!(moved.contains("policies/2025/a/"));
}

#[test]
fn only_pictures_and_recordings_are_published_beside_materials() {
    let home = tempfile::tempdir().unwrap();
    let mut p = project();
    p.set("2025/a");
    // The first would stand where the page of the material stands.
    for name in ["article", "index.html", "page.html", "script.js"] {
        p.file(&format!("content/policies/2025/a/materials/{name}"), "<script>alert(1)</script>");
    }
    p.file("content/policies/2025/a/materials/图1.PNG", "picture");
    p.commit("draft").approve("site").approve("2025/a");
    build(&p, &home.path().join("site"));
    let mut names: Vec<String> = fs::read_dir(home.path().join("site/policies/2025/a/interpretation"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["article", "图1.PNG"]);
}

#[test]
fn rounds_that_are_not_public_leave_no_evidence() {
    let home = tempfile::tempdir().unwrap();
    let mut p = approved();
    p.edit(POLICY, "2025-06-30", "2035-06-30")
        .edit(POLICY, "优化办理流程", "尚未公布的措施")
        .commit("next year");
    let digest = p.digest("2025/a").to_string();
    p.approve("2025/a");
    build(&p, &home.path().join("site"));
    for (path, text) in texts(&home.path().join("site")) {
        assert!(!text.contains("尚未公布的措施") && !text.contains(&digest), "{path}");
    }
    let (out, trust) = (home.path().join("site"), home.path().join("trust.toml"));
    fs::write(&trust, format!("site = \"{}\"\n", p.anchor().site)).unwrap();
    let verify = |extra: &[&str]| {
        let args = [extra, &["verify", out.to_str().unwrap(), "--trust", trust.to_str().unwrap()]].concat();
        jiedu(p.path(), &args, b"").expect(0, &[]);
    };
    verify(&[]);
    verify(&["--repo", "."]);

    // A rejection of a round that never came out is nobody's business either;
    // one of the text that is out takes it down.
    let mut p = approved();
    p.edit(POLICY, "优化办理流程", "尚未公布的措施").commit("next").submit("2025/a");
    let mut reject = p.draft("2025/a", "secrecy");
    "secrecy-review".clone_into(&mut reject.step);
    reject.decision = Decision::Reject;
    let id = p.sign(&reject);
    build(&p, &out);
    assert!(!out.join(format!(".well-known/jiedu/evidence/statements/{}.commit", id.hex())).exists());
    assert!(
        fs::read_to_string(out.join(".well-known/jiedu/evidence/ledger.txt")).unwrap().contains(&id.hex())
    );
    verify(&[]);
}

#[test]
fn marks_that_never_close_are_read_to_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let half = 40_000;
    let texts = [
        "[a](".repeat(half),
        "甲“".repeat(half) + &"乙）".repeat(half),
        "“甲".repeat(half) + &"”".repeat(half),
        "《甲".repeat(half) + &"》".repeat(half),
        "（甲".repeat(half) + &"）".repeat(half),
        "（试行".repeat(half),
        "以下简称甲）".repeat(half),
    ];
    for text in texts {
        jiedu(folder.path(), &["check", "--text-only", "-", "--format", "json"], text.as_bytes());
    }
}

#[test]
fn a_hundred_thousand_threads_are_not_started() {
    let home = tempfile::tempdir().unwrap();
    let p = approved();
    let anchor = p.anchor();
    let options = BuildOptions {
        revision: "HEAD",
        time: p.time(),
        anchor: Some(&anchor),
        drafts: false,
        out: &home.path().join("site"),
        previous: None,
        publish_key: None,
        jobs: Some(100_000),
    };
    pipeline::build(&p.open(), &options).unwrap();
}

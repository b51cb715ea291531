//! Hotline questions, outcomes and topics as their writers meet them: begun,
//! checked, part of what is approved, shown; and the history of a provision.

use jiedu::workspace::{DemoOptions, demo};

use crate::program::jiedu;
use crate::project::project;

#[test]
fn data_files_are_begun_checked_and_part_of_the_digest() {
    let mut project = project();
    project.set("2025/a").commit("a").checkout();
    let before = project.digest("2025/a");
    let run = |args: &[&str]| jiedu(project.path(), args, b"");
    run(&["new", "qa", "2025/a"]).expect(0, &["content/policies/2025/a/qa.toml", "jiedu check 2025/a"]);
    run(&["new", "opinions", "2025/a"]).expect(0, &["opinions.toml"]);
    run(&["new", "qa", "2025/a"]).expect(2, &["qa.toml"]);
    run(&["new", "qa", "2025/nowhere"]).expect(2, &["jiedu new policy"]);
    run(&["new", "topic", "chuxing", "--title", "出行", "2025/a", "2025/nowhere"])
        .expect(0, &["content/topics/chuxing.md", "site"]);
    let found = run(&["check", "--format", "json"]).json();
    let codes: Vec<&str> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"Q103") && codes.contains(&"L310"), "{codes:?}");
    run(&["explain", "Q103"]).expect(0, &["data-missing-key"]);
    let text = std::fs::read(project.path().join("content/policies/2025/a/qa.toml")).unwrap();
    project.file("content/policies/2025/a/qa.toml", text).commit("qa");
    assert_ne!(project.digest("2025/a"), before);
}

#[test]
fn a_provision_tells_its_history_on_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    demo(&home.path().join("demo"), DemoOptions { seed: Some([5; 32]), ..DemoOptions::default() }).unwrap();
    let repository = home.path().join("demo/repo");
    let log = |clause: &str| jiedu(&repository, &["log", "2025/chuzuche-fuwu", "--clause", clause], b"");
    // Two articles changed places: one of them moved, the other was only renumbered.
    let told = log("第四条").expect(0, &[]);
    assert_eq!(told.out, "第四条\nv2  编号 第五条 → 第四条\nv1  起有本条\n");
    let moved = log("第五条").expect(0, &[]);
    assert_eq!(moved.out, "第五条\nv2  移动，编号 第四条 → 第五条\nv1  起有本条\n");
    assert_eq!(log("art7").expect(0, &[]).out, "第七条\nv2  新增\nv2  起有本条\n");
    log("第九十九条").expect(2, &["第九十九条"]);
}

//! `jiedu compare`: two versions of one text, as files.

use std::fs;

use crate::program::jiedu;

const OLD: &str = "第一条 为了加强停车管理，制定本办法。\n\n第二条 停车场应当在入口处公示收费标准。经营者应当按月报送泊位数据。\n\n第三条 群众可以拨打服务热线投诉。\n\n第四条 主管部门应当五日内答复。\n";
const NEW: &str = "第一条 为了加强停车管理，制定本办法。\n\n第二条 停车场应当在入口处公示收费标准。\n\n第三条 经营者应当按月报送泊位数据。\n\n第四条 群众可以拨打服务热线投诉。主管部门应当三日内答复。\n";

#[test]
fn two_files_are_compared_provision_by_provision() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("旧稿.md"), OLD).unwrap();
    fs::write(folder.path().join("new.txt"), NEW.replace('\n', "\r\n")).unwrap();
    let run = |more: &[&str]| {
        let args = [&["compare", "旧稿.md", "new.txt"][..], more].concat();
        jiedu(folder.path(), &args, b"")
    };
    run(&[]).expect(0, &["第二条拆分为第二条、第三条", "第三条、第四条合并为第四条", "[-五-]{+三+}"]);
    run(&["--lang", "en"]).expect(0, &["1 split, 1 merged"]);
    let json = run(&["--format", "json"]).expect(0, &[]).json();
    assert_eq!(json["schema"], "jiedu.compare/1");
    let pairs = json["pairs"].as_array().unwrap();
    let kinds: Vec<&str> = pairs.iter().map(|pair| pair["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["same", "split", "merged"]);
    assert_eq!((pairs[1]["inserted"].as_u64(), pairs[1]["deleted"].as_u64()), (Some(0), Some(0)));
    assert_eq!((pairs[2]["inserted"].as_u64(), pairs[2]["deleted"].as_u64()), (Some(1), Some(1)));
    let html = run(&["--format", "html"]).expect(0, &["<!doctype html>", "本站整理，以正式公布文本为准"]).out;
    assert!(
        html.contains("<del>五</del>") && html.contains("<ins>三</ins>") && !html.contains("<script"),
        "{html}"
    );
    jiedu(folder.path(), &["compare", "旧稿.md", "旧稿.md"], b"").expect(0, &["没有差别"]);
}

#[test]
fn what_cannot_be_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), OLD).unwrap();
    fs::write(folder.path().join("gbk.md"), b"ok \xd5").unwrap();
    fs::write(folder.path().join("bad.docx"), b"PK\x03\x04").unwrap();
    for (name, phrase) in
        [("none.md", "none.md"), ("gbk.md", "UTF-8"), ("bad.docx", "bad.docx"), (".", "不是文件")]
    {
        let run =
            jiedu(folder.path(), &["compare", "a.md", name, "--format", "json"], b"").expect(2, &[phrase]);
        assert!(run.out.is_empty(), "{}", run.out);
    }
}

#[test]
fn an_amending_document_is_applied_for_review() {
    let folder = tempfile::tempdir().unwrap();
    let decision = "# 关于修改《停车办法》的决定\n\n一、第三条修改为：“群众可以拨打热线或者在网上投诉。”\n\n二、将第四条中的“五日”修改为“三日”。\n\n三、删去第九条。\n";
    fs::write(folder.path().join("决定.md"), decision).unwrap();
    fs::write(folder.path().join("old.md"), OLD).unwrap();
    let run =
        |more: &[&str]| jiedu(folder.path(), &[&["amend", "决定.md", "old.md"][..], more].concat(), b"");
    let report = run(&["--format", "json", "--out", "draft.md"]).expect(1, &["原文没有第九条"]).json();
    let actions: Vec<&str> = report["instructions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["replace", "replace words", "delete"]);
    let draft = fs::read_to_string(folder.path().join("draft.md")).unwrap();
    assert!(
        draft.contains("第三条 群众可以拨打热线或者在网上投诉。") && draft.contains("三日内答复"),
        "{draft}"
    );
    run(&["--out", "draft.md"]).expect(2, &["不会覆盖"]);
    fs::write(folder.path().join("决定.md"), decision.replace("三、删去第九条。", "")).unwrap();
    run(&["--against", "draft.md"]).expect(0, &["与新文本一致"]);
    fs::write(folder.path().join("draft.md"), draft.replace("三日", "七日")).unwrap();
    run(&["--against", "draft.md"]).expect(1, &["不一致", "[-三-]{+七+}"]);
}

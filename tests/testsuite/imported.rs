//! `jiedu import`: a draft set from files, whole or not at all.

use std::fs;

use crate::program::jiedu;

const POLICY: &str = "发文字号: 示交发〔2026〕3号\n示例市交通运输局关于停车的通知\n各县区交通运输局：\n请遵照执行。\n\
    示例市交通运输局\n2026年3月2日\n（此件主动公开）\n";
const ARTICLE: &str = "《示例市交通运输局关于停车的通知》解读\n现解读如下。\n一、背景\n为了停车。\n";

/// A repository with `site.toml` and the given files beside it.
fn office(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    git2::Repository::init(folder.path()).unwrap();
    let site = "[site]\nname = \"示例\"\nbase_url = \"https://p.example.gov.cn/\"\n\n[office]\nname = \"示例市交通运输局\"\nuscc = \"11990100MB0000019L\"\n";
    fs::write(folder.path().join("site.toml"), site).unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

#[test]
fn a_policy_with_its_interpretation() {
    let office = office(&[("a.txt", POLICY.as_bytes()), ("b.txt", ARTICLE.as_bytes())]);
    let root = office.path();
    let run = jiedu(root, &["import", "b.txt", "a.txt", "--into", "2026/tingche"], b"");
    run.expect(0, &["发文字号：示交发〔2026〕3号", "policy.md", "plan.md", "materials/b.md", "jiedu check"]);
    let set = root.join("content/policies/2026/tingche");
    let policy = fs::read_to_string(set.join("policy.md")).unwrap();
    assert!(policy.contains("\n标题: 示例市交通运输局关于停车的通知\n"), "{policy}");
    assert!(policy.contains("\n成文日期: 2026-03-02\n"), "{policy}");
    assert!(policy.contains("\n公开方式: 主动公开\n"), "{policy}");
    let article = fs::read_to_string(set.join("materials/b.md")).unwrap();
    assert!(article.ends_with("---\n\n现解读如下。\n\n## 一、背景\n\n为了停车。\n"), "{article}");

    let again = jiedu(root, &["import", "a.txt", "--into", "2026/tingche"], b"");
    again.expect(2, &["policy.md"]);
    assert_eq!(fs::read_to_string(set.join("policy.md")).unwrap(), policy, "nothing is overwritten");
}

#[test]
fn what_cannot_be_read_leaves_nothing_behind() {
    let office = office(&[
        ("a.txt", POLICY.as_bytes()),
        ("two.txt", POLICY.as_bytes()),
        ("broken.docx", b"PK\x03\x04"),
        ("old.doc", b"\xd0\xcf\x11\xe0"),
        ("none.txt", b"\xff\xff\xff"),
    ]);
    let root = office.path();
    for (files, said) in [
        (&["broken.docx"][..], "Word"),
        (&["old.doc"], ".docx"),
        (&["none.txt"], "UTF-8"),
        (&["a.txt", "two.txt"], "一次只能导入一个政策文件"),
        (&["a.txt", "missing.txt"], "missing.txt"),
    ] {
        let args: Vec<&str> = [&["import"][..], files, &["--into", "2026/x"]].concat();
        jiedu(root, &args, b"").expect(2, &[said]);
    }
    jiedu(root, &["import", "a.txt", "--into", "../x"], b"").expect(2, &["集编号"]);
    assert!(!root.join("content").exists());
}

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

/// A zip file of the given parts.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::write::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn word(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document xmlns:w='w' xmlns:r='r'><w:body>{body}</w:body></w:document>");
    let mut parts = vec![("word/document.xml", document.as_str())];
    parts.extend(more);
    package(&parts)
}

#[test]
fn what_is_left_out_is_listed_and_markings_come_first() {
    let header = "<w:hdr xmlns:w='w'><w:p><w:r><w:t>机密★5年</w:t></w:r></w:p></w:hdr>";
    let body = "<w:p><w:r><w:t>关于停车的通知</w:t></w:r></w:p><w:p><w:r><w:t>面积10m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>2</w:t></w:r>\
        <w:r><w:rPr><w:strike/></w:rPr><w:t>旧的</w:t></w:r></w:p>";
    let files = office(&[("a.docx", &word(body, &[("word/header1.xml", header)]))]);
    let root = files.path();
    let run = jiedu(root, &["import", "a.docx", "--into", "2026/x", "--format", "json"], b"");
    let run = run.expect(1, &["机密", "密级"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["schema"], "jiedu.import/1");
    let file = &report["files"][0];
    assert_eq!((file["file"].as_str(), file["as"].as_str()), (Some("a.docx"), Some("policy")));
    assert_eq!(file["lost"][0]["text"], "机密★5年", "the marking is told first: {report}");
    assert_eq!(file["lost"][1]["text"], "旧的");
    assert!(file["kept"].as_u64().unwrap() > 10);
    let policy = fs::read_to_string(root.join("content/policies/2026/x/policy.md")).unwrap();
    assert!(policy.contains("面积10m²") && !policy.contains("旧的"), "{policy}");
}

#[test]
fn tracked_changes_are_settled_on_the_command_line() {
    let body = "<w:p><w:r><w:t>关于停车的通知</w:t></w:r></w:p><w:p><w:del><w:r><w:delText>五元</w:delText></w:r></w:del><w:ins><w:r><w:t>二元</w:t></w:r></w:ins></w:p>";
    let files = office(&[("a.docx", &word(body, &[]))]);
    let root = files.path();
    jiedu(root, &["import", "a.docx", "--into", "2026/x"], b"")
        .expect(2, &["--changes accept", "--changes reject"]);
    assert!(!root.join("content").exists());
    jiedu(root, &["import", "a.docx", "--into", "2026/x", "--changes", "reject"], b"").expect(0, &["二元"]);
    let policy = fs::read_to_string(root.join("content/policies/2026/x/policy.md")).unwrap();
    assert!(policy.contains("五元") && !policy.contains("二元"), "{policy}");
}

#[test]
fn content_counts_and_not_the_name() {
    let rtf = br"{\rtf1\ansi\ansicpg936 \u20851?\u20110?\u20572?\u36710?\u30340?\u36890?\u30693?\par 10m{\super 2}\par}";
    let html = "<html><body><h1>关于停车的通知</h1><p>各单位应当遵照执行，方便群众办事。</p></body></html>";
    let encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    let files = office(&[
        ("a.doc", &rtf[..]),
        ("b.doc", html.as_bytes()),
        ("c.docx", &encrypted[..]),
        ("d.png", b"\x89PNG...."),
    ]);
    let root = files.path();
    jiedu(root, &["import", "a.doc", "--into", "2026/a"], b"").expect(0, &["policy.md"]);
    let policy = fs::read_to_string(root.join("content/policies/2026/a/policy.md")).unwrap();
    assert!(policy.contains("标题: 关于停车的通知") && policy.contains("10m²"), "{policy}");
    jiedu(root, &["import", "b.doc", "--into", "2026/b"], b"").expect(0, &["policy.md"]);
    jiedu(root, &["import", "c.docx", "--into", "2026/c"], b"").expect(2, &["c.docx"]);
    jiedu(root, &["import", "d.png", "--into", "2026/c"], b"").expect(2, &["jiedu attach"]);
    assert!(!root.join("content/policies/2026/c").exists());
}

#[test]
fn attachments_keep_their_printed_names() {
    let files = office(&[
        ("a.txt", POLICY.as_bytes()),
        ("附件1：表（终稿）.docx", b"x"),
        ("《办法》 正文.pdf", b"%PDF-1.4"),
    ]);
    let root = files.path();
    let names = ["附件1：表（终稿）.docx", "《办法》 正文.pdf"];
    jiedu(root, &["attach", names[0], "--into", "2026/x"], b"").expect(2, &["policy.md"]);
    jiedu(root, &["import", "a.txt", "--into", "2026/x"], b"").expect(0, &[]);
    let run = jiedu(root, &["attach", names[0], names[1], "--into", "2026/x"], b"");
    let run = run.expect(0, &[]);
    let folder = "content/policies/2026/x/attachments";
    assert_eq!(
        run.out,
        format!("{}\t{folder}/附件1-表-终稿-.docx\n{}\t{folder}/-办法-正文.pdf\n", names[0], names[1])
    );
    let policy = fs::read_to_string(root.join("content/policies/2026/x/policy.md")).unwrap();
    assert!(policy.contains("[附件1：表（终稿）.docx](attachments/附件1-表-终稿-.docx)"), "{policy}");
    assert!(policy.contains("附件：[《办法》 正文.pdf](attachments/-办法-正文.pdf)"), "{policy}");
    // Again: nothing changes.
    let again = jiedu(root, &["attach", names[0], "--into", "2026/x"], b"");
    again.expect(0, &[]);
    assert_eq!(fs::read_to_string(root.join("content/policies/2026/x/policy.md")).unwrap(), policy);
    assert_eq!(fs::read_dir(root.join(folder)).unwrap().count(), 2);
}

#[test]
fn a_text_of_any_kind_and_its_table_become_a_set() {
    let page = "<html><head><meta name='ArticleTitle' content='失业保险常见问题解答'></head><body><div class='nav'><a href='/'>用户登录</a></div>\
        <div class='article-content'><p>一、怎样申领失业保险金？</p><p>答：登录政务服务网办理，免提交纸质材料。</p></div></body></html>";
    let table = "地区,标准\n示例区,1900\n";
    let files = office(&[("guide.html", page.as_bytes()), ("附件1标准.csv", table.as_bytes())]);
    let root = files.path();
    let run =
        jiedu(root, &["import", "guide.html", "附件1标准.csv", "--into", "2026/x", "--format", "json"], b"");
    let run = run.expect(0, &[]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        (report["files"][0]["as"].as_str(), report["files"][1]["as"].as_str()),
        (Some("policy"), Some("attachment"))
    );
    let policy = fs::read_to_string(root.join("content/policies/2026/x/policy.md")).unwrap();
    assert!(policy.contains("标题: 失业保险常见问题解答") && !policy.contains("用户登录"), "{policy}");
    assert!(policy.contains("[附件1标准.csv](attachments/附件1标准.csv)"), "{policy}");
    assert_eq!(
        fs::read_to_string(root.join("content/policies/2026/x/attachments/附件1标准.csv")).unwrap(),
        table
    );
}

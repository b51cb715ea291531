//! The catalogue, lists and annual reports as sets of one file: signed, published,
//! replaced, withdrawn, verified.

use std::path::Path;

use crate::program::jiedu;
use crate::project::{Project, project};

const LIST: &str = "名称 = \"行政检查事项清单\"\n种类 = \"行政检查事项\"\n更新 = 2025-07-01\n[[条目]]\n检查事项 = \"出租车检查\"\n检查依据 = \"《条例》第一条\"\n检查主体 = \"某局\"\n检查对象 = \"出租车\"\n";
const CATALOGUE: &str = "[[事项]]\n编号 = \"1\"\n类别 = \"法定\"\n一级 = \"文件\"\n内容 = \"正文\"\n依据 = \"《条例》第二十条\"\n时限 = 20\n主体 = \"某局\"\n渠道 = [\"政府网站\"]\n对应 = [\"policies\"]\n[[事项]]\n编号 = \"2\"\n类别 = \"其他\"\n一级 = \"清单\"\n内容 = \"清单\"\n依据 = \"《条例》第二十一条\"\n时限 = \"及时\"\n主体 = \"某局\"\n对应 = [\"lists\"]\n";

fn build(p: &Project, out: &Path) -> String {
    let trust = out.with_extension("toml");
    std::fs::write(&trust, format!("site = \"{}\"\n", p.anchor().site)).unwrap();
    let (out, trust) = (out.to_str().unwrap().to_owned(), trust.to_str().unwrap().to_owned());
    let at = "2025-07-20T09:00:00+08:00";
    jiedu(p.path(), &["build", "--out", &out, "--trust", &trust, "--at", at], b"").expect(0, &[]);
    jiedu(p.path(), &["verify", &out, "--trust", &trust, "--repo", "."], b"");
    trust
}

fn read(out: &Path, path: &str) -> String {
    std::fs::read_to_string(out.join(path)).unwrap_or_default()
}

#[test]
fn digests_are_over_the_one_file() {
    let mut p = project();
    p.set("2025/a").file("content/lists/jiancha.toml", LIST).commit("list").checkout();
    let manifest = jiedu(p.path(), &["digest", "lists/jiancha", "--manifest"], b"").expect(0, &[]).out;
    let lines: Vec<&str> = manifest.lines().collect();
    assert_eq!(lines[..3], ["jiedu-set/1", "set lists/jiancha", "files 1"]);
    assert!(lines[3].ends_with(&format!(" {} content/lists/jiancha.toml", LIST.len())));
    let digest = jiedu(p.path(), &["digest", "lists/jiancha"], b"").expect(0, &[]).out;
    assert_eq!(digest.trim(), p.digest("lists/jiancha").to_string());
    jiedu(p.path(), &["digest", "lists/nowhere"], b"").expect(2, &["lists/nowhere"]);
    let status = jiedu(p.path(), &["status", "--format", "json"], b"").json();
    let set = status["sets"].as_array().unwrap().iter().find(|set| set["id"] == "lists/jiancha").unwrap();
    assert_eq!((&set["state"], &set["profile"]), (&"blocked".into(), &"site".into()));
    assert_eq!(set["steps"].as_array().unwrap().len(), 3);
}

#[test]
fn only_what_is_signed_is_published_and_the_last_signed_text_stays() {
    let mut p = project();
    p.set("2025/a").file("content/lists/jiancha.toml", LIST).file("content/catalogue.toml", CATALOGUE);
    p.commit("data").approve("site").approve("2025/a").checkout();
    let home = tempfile::tempdir().unwrap();
    build(&p, &home.path().join("one"));
    let one = home.path().join("one");
    assert!(!one.join("lists/jiancha/index.html").exists() && !one.join("catalogue/index.html").exists());

    p.approve("lists/jiancha").approve("catalogue").checkout();
    let two = home.path().join("two");
    let trust = build(&p, &two);
    assert!(read(&two, "lists/jiancha/index.html").contains("出租车检查"));
    assert!(read(&two, "lists/jiancha/items.csv").contains("检查对象"));
    assert!(read(&two, "catalogue/index.html").contains("第二十条"));
    assert!(read(&two, "catalogue/c1/index.html").contains("aria-current=\"page\""));
    let items: serde_json::Value = serde_json::from_str(&read(&two, "catalogue/items.json")).unwrap();
    assert_eq!(
        (items["items"].as_array().unwrap().len(), &items["items"][0]["working_days"]),
        (2, &20.into())
    );
    assert!(read(&two, "catalogue/items.csv").starts_with("\u{feff}编号,类别"));
    assert!(two.join(".well-known/jiedu/evidence/sets/lists/jiancha.txt").exists());
    assert!(read(&two, "sitemap/index.html").contains("catalogue/"));
    let args = ["verify", two.to_str().unwrap(), "--trust", &trust, "--repo", ".", "--format", "json"];
    let verified = jiedu(p.path(), &args, b"").json();
    let others = |problem: &&serde_json::Value| problem["code"] != "PUBLISHER_INVALID";
    assert_eq!(verified["problems"].as_array().unwrap().iter().filter(others).count(), 0, "{verified}");

    // A newer text waits for its signatures: the old one stays.
    p.edit("content/lists/jiancha.toml", "\"出租车\"", "\"网约车\"").commit("newer").checkout();
    let three = home.path().join("three");
    build(&p, &three);
    let page = read(&three, "lists/jiancha/index.html");
    assert!(page.contains("出租车") && !page.contains("网约车"));
    p.approve("lists/jiancha").checkout();
    let four = home.path().join("four");
    build(&p, &four);
    let page = read(&four, "lists/jiancha/index.html");
    assert!(page.contains("网约车") && page.contains("与上一版相比") && page.contains("修改"));

    // Evidence that was tampered with does not verify.
    let path = four.join(".well-known/jiedu/evidence/sets/lists/jiancha.txt");
    std::fs::write(&path, "jiedu-set/1\nset lists/jiancha\nfiles 0\n").unwrap();
    jiedu(p.path(), &["verify", four.to_str().unwrap(), "--trust", &trust], b"").expect(3, &[]);
}

#[test]
fn contents_are_checked_under_their_names() {
    let mut p = project();
    let broken = LIST.replace("检查对象 = \"出租车\"\n", "");
    p.set("2025/a").file("content/lists/jiancha.toml", &broken).file("content/lists/Bad.toml", "");
    p.file("content/catalogue.toml", CATALOGUE.replace("\"lists\"", "\"lists/nowhere\""))
        .commit("data")
        .checkout();
    let found =
        jiedu(p.path(), &["check", "--format", "concise"], b"").expect(1, &["O501", "O402", "PATH_INVALID"]);
    assert!(found.out.contains("content/lists/jiancha.toml:4"), "{}", found.out);
    let one = jiedu(p.path(), &["check", "lists/jiancha", "--format", "json"], b"").expect(1, &[]).json();
    assert!(one["findings"].as_array().unwrap().iter().all(|finding| finding["set"] == "lists/jiancha"));
}

#[test]
fn scaffolds_pass_their_checks_and_tables_come_back() {
    let mut p = project();
    p.set("2025/a").commit("a").checkout();
    let run = |args: &[&str]| jiedu(p.path(), args, b"");
    run(&["new", "catalogue"]).expect(0, &["content/catalogue.toml"]);
    run(&["new", "report", "2025"]).expect(0, &["content/reports/2025.toml"]);
    run(&["new", "list", "jiancha", "--kind", "行政检查事项"]).expect(0, &["content/lists/jiancha.toml"]);
    run(&["new", "list", "b", "--kind", "检查"]).expect(2, &["行政检查事项"]);
    run(&["new", "report", "25"]).expect(2, &["reports/2025"]);
    run(&["check", "catalogue", "--min-severity", "error"]).expect(0, &[]);
    run(&["check", "content/reports/2025.toml"]).expect(0, &[]);
    run(&["check", "lists/jiancha"]).expect(1, &["O501"]);
    for layout in ["grassroots", "huangshi"] {
        run(&["catalogue", "export", "--layout", layout, "--gbk", "--out", "t.csv"]).expect(0, &[]);
        run(&["catalogue", "import", "t.csv"]).expect(0, &["行政规范性文件"]);
    }
    run(&["catalogue", "export", "--layout", "no"]).expect(2, &["grassroots"]);
    std::fs::write(p.path().join("t.csv"), "甲,乙\n").unwrap();
    run(&["catalogue", "import", "t.csv"]).expect(2, &["表头"]);
}

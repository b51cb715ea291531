//! The data of an office as its clerks meet it: deadlines of requests, annual
//! reports, cards, and clauses of statutes that ask for disclosure.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::program::jiedu;
use crate::project::project;

fn put(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn a_deadline_is_derived_or_refused() {
    let home = tempfile::tempdir().unwrap();
    let due = |text: &[u8], rc: i32| {
        put(home.path(), "r.toml", text);
        jiedu(home.path(), &["requests", "due", "r.toml", "--format", "json"], b"").expect(rc, &[])
    };
    let found = due("\"收到\" = 2025-06-29\n".as_bytes(), 0).json();
    assert_eq!((&found["schema"], &found["due"]), (&json!("jiedu.request-due/1"), &json!("2025-07-25")));
    assert_eq!(found["skipped"][0], json!({ "date": "2025-07-05", "why": "weekend" }));
    // As a spreadsheet program of the office saves it.
    let (gbk, _, _) = encoding_rs::GBK.encode("收到 = 2025-09-25\r\n延期 = true\r\n");
    assert_eq!(due(&gbk, 0).json()["due"], json!("2025-11-26"));
    for bad in [
        "收到 = 2026-12-25\n",
        "收到 = 2025-03-03\n第三方 = [{ 开始 = 2025-03-14, 结束 = 2025-03-10 }]\n",
        "收到 = 2025-03-03\n补正 = [{ 告知 = 2025-03-10, 收到 = 2025-03-07 }]\n",
        "收到 = 2025-03-03\n延其 = true\n",
        "收到 = 2025-02-30\n",
        "[[[",
        "",
    ] {
        assert_eq!(due(bad.as_bytes(), 2).out, "", "{bad}");
    }
    jiedu(home.path(), &["requests", "due", "nowhere.toml"], b"").expect(2, &["nowhere.toml"]);
    put(
        home.path(),
        "site.toml",
        "[site]\nname = \"某\"\nbase_url = \"https://a.example/\"\n[office]\nname = \"某局\"\nuscc = \"113701000041890072\"\n[calendar.2027]\nsource = \"通知\"\ndays_off = [2027-01-01]\n",
    );
    assert_eq!(due("收到 = 2026-12-25\n".as_bytes(), 0).json()["due"], json!("2027-01-25"));
}

#[test]
fn a_request_in_the_history_is_an_error() {
    let mut project = project();
    project
        .set("2025/a")
        .file("docs/17.toml", "\"收到\" = 2025-03-03\n\"申请人\" = \"某某\"\n")
        .commit("a")
        .checkout();
    for args in [&["check", "--format", "concise"][..], &["check", "--rev", "HEAD", "--format", "concise"]] {
        jiedu(project.path(), args, b"").expect(1, &["docs/17.toml", "REQUEST_IN_REPO"]);
    }
}

fn report(year: u32, in_force: u32) -> String {
    let mut text = format!(
        "\"年份\" = {year}\n[\"表二\"]\n\"规章\" = {{ \"制发\" = 0, \"废止\" = 0, \"现行有效\" = 0 }}\n\"行政规范性文件\" = {{ \"制发\" = 2, \"废止\" = 1, \"现行有效\" = {in_force} }}\n\"行政许可\" = 0\n\"行政处罚\" = 0\n\"行政强制\" = 0\n\"行政事业性收费\" = 0\n[\"表三\"]\n"
    );
    for row in jiedu::disclosure::reports::ROWS {
        writeln!(text, "\"{}\" = [0, 0, 0, 0, 0, 0, 0]", row.key).unwrap();
    }
    text + "[\"表四\"]\n\"复议\" = [0, 0, 0, 0, 0]\n\"直接诉讼\" = [0, 0, 0, 0, 0]\n\"复议后诉讼\" = [0, 0, 0, 0, 0]\n"
}

#[test]
fn reports_are_checked_by_path_alone_and_in_pairs() {
    let home = tempfile::tempdir().unwrap();
    let check = |paths: &[&str], rc: i32| {
        let args: Vec<&str> = [&["check"], paths, &["--format", "json"]].concat();
        jiedu(home.path(), &args, b"").expect(rc, &[]).json()
    };
    put(home.path(), "content/reports/2024.toml", report(2024, 10));
    put(home.path(), "content/reports/2025.toml", report(2025, 11));
    put(home.path(), "content/reports/2026.toml", report(2026, 13));
    let none = check(&["content/reports/2025.toml"], 0);
    assert_eq!((&none["schema"], &none["findings"]), (&json!("jiedu.check/1"), &json!([])));
    check(&["content/reports/2025.toml", "content/reports/2024.toml"], 0);
    let found = check(&["content/reports/2025.toml", "content/reports/2026.toml"], 1);
    assert!(found["findings"][0]["message"].as_str().unwrap().contains("行政规范性文件"));
    put(home.path(), "r.toml", report(2025, 11).replace("\"3.3.8\" = [0, 0", "\"3.3.8\" = [0, 1"));
    let found = check(&["r.toml"], 1);
    assert!(found["findings"].as_array().unwrap().iter().all(|one| one["severity"] == "error"));
    assert!(found["findings"][0]["message"].as_str().unwrap().contains("3.3.8"));
    put(home.path(), "content/reports/2023.toml", b"\xff\xfe\xff");
    jiedu(home.path(), &["check", "content/reports/2023.toml"], b"").expect(2, &["2023.toml"]);
}

const CARDS: &str = "[[\"卡片\"]]\n\"编号\" = \"a\"\n\"名称\" = \"补助\"\n\"类型\" = \"申报\"\n\"对象\" = \"企业\"\n\"条文\" = \"第一条\"\n[[\"卡片\".\"条件\"]]\n\"事实\" = \"注册资本\"\n\"比较\" = \">=\"\n\"值\" = 300\n\"单位\" = \"万元\"\n";

#[test]
fn cards_are_checked_and_evaluated() {
    let mut project = project();
    project.set("2025/a");
    let policy = project.text("content/policies/2025/a/policy.md");
    project
        .file(
            "content/policies/2025/a/policy.md",
            format!("{policy}\n第一条 注册资本不低于三百万元的企业，可以申请。\n"),
        )
        .file("content/policies/2025/a/cards.toml", CARDS)
        .commit("cards")
        .checkout();
    let run = |args: &[&str]| jiedu(project.path(), args, b"");
    let of_cards = |found: &Value| {
        let all = found["findings"].as_array().unwrap();
        all.iter().filter(|one| one["category"] == "card").map(|one| one["code"].clone()).collect::<Vec<_>>()
    };
    assert!(of_cards(&run(&["check", "2025/a", "--format", "json"]).json()).is_empty());
    let eval = |facts: &str, rc: i32| {
        put(project.path(), "facts.json", facts);
        run(&["cards", "eval", "2025/a", "--facts", "facts.json", "--format", "json"]).expect(rc, &[])
    };
    let found = eval("{\"注册资本\": 300}", 0).json();
    assert_eq!(found["schema"], "jiedu.cards/1");
    assert_eq!(
        found["cards"][0],
        json!({ "id": "a", "result": "yes", "because": [{ "condition": 0, "result": "yes", "clause": "art1" }], "needs": [] })
    );
    assert_eq!(eval("{\"注册资本\": 299.99}", 0).json()["cards"][0]["result"], "no");
    let unknown = eval("{\"注册资本\": \"300\"}", 0).json();
    assert_eq!(
        (&unknown["cards"][0]["result"], &unknown["cards"][0]["needs"]),
        (&json!("unknown"), &json!(["注册资本"]))
    );
    for bad in ["[]", "{\"a\": 1, \"a\": 2}", "{"] {
        eval(bad, 2);
    }
    put(project.path(), "content/policies/2025/a/cards.toml", CARDS.replace("300", "500"));
    let wrong = run(&["check", "2025/a", "--format", "json"]).expect(1, &[]).json();
    assert_eq!(of_cards(&wrong), [json!("O301")]);
    put(project.path(), "facts.json", "{}");
    run(&["cards", "eval", "2025/nowhere", "--facts", "facts.json"]).expect(2, &["2025/nowhere"]);
    run(&["explain", "O301"]).expect(0, &["card-value-not-in-clause"]);
}

#[test]
fn clauses_are_suggested_for_the_catalogue() {
    let home = tempfile::tempdir().unwrap();
    let law = "# 某市客运条例\n\n第一条 交通运输主管部门应当将考核结果向社会公布。\n\n第二条 经营者应当公示收费标准。\n\n第三条 交通运输主管部门不得公开商业秘密。\n";
    put(home.path(), "law.md", law);
    put(home.path(), "law.txt", law.replace("\n\n", "\n"));
    let args =
        ["catalogue", "suggest", "law.md", "law.txt", "--organ", "交通运输主管部门", "--format", "json"];
    let found = jiedu(home.path(), &args, b"").expect(0, &[]).json();
    let item = |file: &str| json!({ "file": file, "anchor": "art1", "verb": "公布", "text": "交通运输主管部门应当将考核结果向社会公布。" });
    assert_eq!(
        found,
        json!({ "schema": "jiedu.catalogue-suggest/1", "items": [item("law.md"), item("law.txt")] })
    );
    jiedu(home.path(), &["catalogue", "suggest", "law.md", "--organ", ""], b"").expect(2, &["--organ"]);
    put(home.path(), "law.docx", "PK");
    jiedu(home.path(), &["catalogue", "suggest", "law.docx", "--organ", "局"], b"").expect(2, &["law.docx"]);
}

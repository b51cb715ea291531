//! `check --references DIR`: quotations and citations against the texts of a folder and,
//! inside a repository, against its own.

use std::fs;

use crate::program::{in_project, jiedu};
use crate::project::project;

const SOURCE: &str = "# 样例管理办法\n\n第一条　为了加强管理，制定本办法。\n\n第二条　申请人应当提交真实、完整的材料，并对其真实性负责。\n\n第三条　本办法自2025年1月1日起施行。\n";

#[test]
fn a_loose_text_is_compared_with_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("yuanwen")).unwrap();
    fs::write(folder.join("yuanwen/样例管理办法.md"), SOURCE).unwrap();
    fs::write(
        folder.join("a.md"),
        "《样例管理办法》第二条规定：“申请人应当提交真事、完整的材料。”依照《样例管理办法》第九条办理。\n",
    )
    .unwrap();
    let args = ["check", "--text-only", "a.md", "--references", "yuanwen", "--format", "json"];
    let run = jiedu(folder, &args, b"").expect(1, &[]);
    let json = run.json();
    let found: Vec<(&str, &str)> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["category"] == "quotation")
        .map(|one| (one["rule"].as_str().unwrap(), one["fix"]["replacement"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(found, [("misquotation", "实"), ("no-such-article", "")]);
    // Without the folder nothing is compared; a folder that is none is wrong usage.
    jiedu(folder, &["check", "--text-only", "a.md", "--rules", "P561"], b"").expect(0, &["未发现问题"]);
    jiedu(folder, &["check", "--text-only", "a.md", "--references", "none"], b"")
        .expect(2, &["--references"]);
}

#[test]
fn a_repository_takes_the_folder_besides_its_own_texts() {
    let mut project = project();
    project.set("2025/a").commit("draft");
    let texts = tempfile::tempdir().unwrap();
    fs::write(texts.path().join("样例管理办法.md"), SOURCE).unwrap();
    let given = texts.path().to_str().unwrap();
    let run = in_project(&project, &["check", "--rev", "HEAD", "--references", given, "--format", "json"]);
    assert!(run.code == 0 || run.code == 1, "{} {}", run.code, run.err);
    assert!(run.json()["findings"].is_array() && !run.out.contains("\"quotation\""), "{}", run.out);
}

//! Quotations and citations held against texts of reference.

use super::*;
use crate::{Lists, Profile, check_text};
use jiedu_base::finding::{Finding, Severity};

const SOURCE: &str = "# 样例管理办法\n\n第一条　为了加强管理，制定本办法。\n\n第二条　本办法适用于本市行政区域。\n\n第三条　申请人应当提交真实、完整的材料，并对其真实性负责。\n\n（一）身份证明；\n\n（二）申请表。\n\n第十二条　本办法自2025年1月1日起施行。\n";

fn found(text: &str) -> Vec<(SourceFile, Finding)> {
    let old = "---\n标题: 旧样例办法\n失效日期: 2024-01-01\n---\n\n第一条　旧的规定。\n";
    let references =
        References::new([SourceFile::new("d/样例管理办法.md", SOURCE), SourceFile::new("d/old.md", old)]);
    let file = SourceFile::new("a.md", text);
    let lists = Lists::default().without_statistics().with_references(references);
    let all = check_text(&file, TextRange::new(0, file.text().len()), Profile::Official, &lists);
    all.into_iter().filter(|one| one.category == "quotation").map(|one| (file.clone(), one)).collect()
}

fn shown(text: &str) -> Vec<(&'static str, String, String)> {
    let fix = |one: &Finding| one.fix.as_ref().map_or(String::new(), |fix| fix.replacement.clone());
    found(text)
        .iter()
        .map(|(file, one)| (one.code, file.slice(one.place.range).to_owned(), fix(one)))
        .collect()
}

#[test]
fn a_wrong_word_is_found_with_the_original() {
    let text = "《样例管理办法》第三条规定：“申请人应当提交真事、完整的材料”，请照办。";
    assert_eq!(shown(text), [("P561", "事".to_owned(), "实".to_owned())]);
    let all = found(text);
    let (_, finding) = all.first().unwrap();
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.message.zh.contains("第3条原文") && finding.labels.len() == 1, "{finding:?}");
    let text = "《样例管理办法》明确，“申请人应当提交完整的材料，并对其真实性负责”。";
    assert_eq!(shown(text), [("P561", "交".to_owned(), "交真实、".to_owned())]);
}

#[test]
fn a_wrong_article_and_one_that_is_none() {
    let text = "依照《样例管理办法》第二条“申请人应当提交真实、完整的材料”的要求办理。";
    assert_eq!(shown(text), [("P562", "二".to_owned(), "三".to_owned())]);
    let text = "“申请人应当提交真实、完整的材料”（《样例管理办法》第2条）。";
    assert_eq!(shown(text), [("P562", "2".to_owned(), "3".to_owned())]);
    assert_eq!(shown("依照《样例管理办法》第九十条办理。"), [("P563", "第九十条".to_owned(), String::new())]);
}

#[test]
fn a_source_that_is_no_longer_in_force() {
    assert_eq!(shown("依照《旧样例办法》办理。"), [("P564", "旧样例办法".to_owned(), String::new())]);
    assert_eq!(shown("《旧样例办法》同时废止。"), []);
}

#[test]
fn what_is_right_or_not_given_is_left_alone() {
    let good = [
        "《样例管理办法》第三条规定：“申请人应当提交真实、完整的材料，并对其真实性负责。”",
        "《样例管理办法》第三条：“申请人应当……对其真实性负责”。",
        "《中华人民共和国样例管理办法》第十二条规定：“本办法自2025年1月1日起施行”。",
        "《别的办法》第三条规定：“申请人应当提交真事、完整的材料”。",
        "《样例管理办法》提出“放管服”改革，建设“一网通办”平台。",
        "《样例管理办法》（以下简称《办法》）指出，“这句话与原文毫不相干，是另一回事，说的是天气”。",
    ];
    for text in good {
        assert_eq!(shown(text), [], "{text}");
    }
}

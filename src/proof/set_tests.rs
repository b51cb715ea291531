//! Tests of the rules over whole sets.

use std::sync::Arc;

use super::*;
use jiedu_base::files::{SetFile, SetFiles};
use jiedu_base::name::{Digest, SetId};
use jiedu_config::Config;
use jiedu_model::parse_set;

const SITE: &str = "[site]\nname = \"x\"\nbase_url = \"https://x.example/\"\n[office]\nname = \"某局\"\nuscc = \"113701000041890072\"\n";

/// The codes raised on a set with this title, policy body and material body.
fn codes(title: &str, policy: &str, material: &str) -> Vec<&'static str> {
    codes_with(title, policy, material, &[])
}

/// The same with files in `attachments/`.
fn codes_with(title: &str, policy: &str, material: &str, attachments: &[&str]) -> Vec<&'static str> {
    let head = format!(
        "---\n标题: {title}\n发文机关: 某局\n发文字号: 济交办〔2025〕14号\n索引号: 113701000041890072/2025-00432\n主题分类: 综合政务_政务公开\n成文日期: 2025-06-29\n发布日期: 2025-06-30\n---\n\n"
    );
    let explained = format!("---\n标题: 《{title}》解读\n形式: 文字解读\n---\n\n{material}");
    let file = |(path, text): (&str, String)| SetFile {
        path: path.to_owned(),
        bytes: Arc::from(text.as_bytes()),
        digest: Digest::of(text.as_bytes()),
    };
    let mut files: Vec<SetFile> =
        attachments.iter().map(|name| file((&format!("attachments/{name}"), "x".to_owned()))).collect();
    files.extend([("materials/a.md", explained), ("policy.md", head + policy)].map(file));
    let config = Config::parse(&SourceFile::new("site.toml", SITE)).value.unwrap();
    let set =
        parse_set(&SetId::parse("2025/a").unwrap(), &SetFiles { files, faults: Vec::new() }, &config).value;
    let findings = check_set(&set, &Lists::default());
    assert!(findings.iter().all(|finding| finding.set.as_deref() == Some("2025/a") && !finding.blocks));
    findings.into_iter().map(|finding| finding.code).collect()
}

const TITLE: &str = "某局关于加强政务公开的通知";

#[test]
fn a_regular_set_has_no_findings() {
    assert!(
        codes(
            TITLE,
            "# 某局关于加强政务公开的通知\n\n济交办〔2025〕14号\n\n各单位：\n",
            "为什么要发这个通知。"
        )
        .is_empty()
    );
}

#[test]
fn the_title_names_one_kind_of_document() {
    assert_eq!(codes("关于加强政务公开", "正文。", ""), ["P801"]);
    assert_eq!(codes("关于转发关于做好公开的通知的通知", "正文。", ""), ["P802"]);
}

#[test]
fn the_head_agrees_with_the_metadata() {
    assert_eq!(codes(TITLE, "济交办〔2025〕41号\n\n各单位：\n", ""), ["P803"]);
    assert_eq!(codes(TITLE, "# 某局关于加强安全生产的通知\n\n各单位：\n", ""), ["P804"]);
}

#[test]
fn title_signature_and_date_agree_with_the_metadata() {
    assert_eq!(codes("某市财政局关于加强政务公开的通知", "各单位：\n", ""), ["P806"]);
    assert_eq!(codes("关于加强公开，抓好落实的通知", "各单位：\n", ""), ["P807"]);
    assert_eq!(codes(TITLE, "各单位：\n\n某市财政局\n\n2025年6月29日\n", ""), ["P808"]);
    assert_eq!(codes(TITLE, "各单位：\n\n某局\n\n2025年6月30日\n", ""), ["P809"]);
    assert_eq!(codes("某局关于工作情况的报告", "妥否，请批示。", ""), ["P810"]);
    assert_eq!(codes(TITLE, "各区县人民政府，市政府各部门。\n\n现通知如下：\n", ""), ["P812"]);
    assert_eq!(codes(TITLE, "各区县应当加强领导。\n\n各单位要抓好落实。\n", ""), [""; 0]);
    for (title, body) in [
        (TITLE, "各单位：\n\n某局\n\n2025年6月29日\n"),
        ("关于开展“甲，乙”活动的通知", "各单位：\n"),
        ("某局转发某市财政局关于加强公开的通知", "各单位：\n\n2025年6月29日\n\n# 甲\n\n2024年1月2日\n"),
    ] {
        assert_eq!(codes(title, body, ""), [""; 0], "{title}");
    }
}

#[test]
fn short_names_of_an_issuer_are_its_own() {
    assert!(closing::is_short_of("某市政府办公室", "某市人民政府办公室"));
    assert!(!closing::is_short_of("某市财政局", "某市交通运输局"));
}

#[test]
fn listed_attachments_are_there() {
    let missing = "各单位：\n\n附件：1.任务分工.docx\n\n2.联系人名单\n";
    assert_eq!(codes(TITLE, missing, ""), ["P805"]);
    let several = "各单位：\n\n附件：1.任务分工.docx\n\n2.联系人名单.xlsx\n";
    assert_eq!(codes(TITLE, several, ""), ["P805", "P805"]);
    assert!(codes(TITLE, "各单位：\n\n附件：任务分工\n", "").is_empty(), "a title is not a file name");
    assert!(codes(TITLE, "请下载 a.docx\n\n正文。", "").is_empty());
    let both = ["任务分工.docx", "联系人名单.xlsx"];
    assert!(codes_with(TITLE, several, "", &both).is_empty(), "both are there");
    assert_eq!(codes_with(TITLE, several, "", &["任务分工.docx", "联系人名单.xls"]), ["P805"]);
}

#[test]
fn titles_in_the_front_matter_are_proofread() {
    // Once in the policy, once in the material that cites it.
    assert_eq!(codes("某局关于加强督促捡查的通知", "各单位：\n", ""), ["P521", "P521"]);
}

/// Sixty sentences with a number each.
fn sentences(sentence: impl Fn(String) -> String) -> String {
    (1..60).map(|number| sentence(jiedu_base::text::numerals::write(number * 7))).collect()
}

#[test]
fn a_mere_excerpt_is_told_from_an_explanation() {
    let text = sentences(|number| format!("第{number}项工作由第{number}科室负责落实到位并按月报告。"));
    assert_eq!(codes(TITLE, &text, &text), ["P811"]);
    let other = sentences(|number| format!("这一条说的是办理{number}件事要找谁、带什么、多久办好。"));
    assert!(codes(TITLE, &text, &other).is_empty());
}

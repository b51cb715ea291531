//! Tests of the rules over whole sets.

use std::sync::Arc;

use super::*;
use crate::config::Config;
use crate::model::parse_set;
use crate::name::{Digest, SetId};
use crate::source::{SetFile, SetFiles};

const SITE: &str = "[site]\nname = \"x\"\nbase_url = \"https://x.example/\"\n[office]\nname = \"某局\"\nuscc = \"113701000041890072\"\n";

/// The codes raised on a set with this title, policy body and material body.
fn codes(title: &str, policy: &str, material: &str) -> Vec<&'static str> {
    let head = format!(
        "---\n标题: {title}\n发文机关: 某局\n发文字号: 济交办〔2025〕14号\n索引号: 113701000041890072/2025-00432\n主题分类: 综合政务_政务公开\n成文日期: 2025-06-29\n发布日期: 2025-06-30\n---\n\n"
    );
    let explained = format!("---\n标题: 《{title}》解读\n形式: 文字解读\n---\n\n{material}");
    let file = |(path, text): (&str, String)| SetFile {
        path: path.to_owned(),
        bytes: Arc::from(text.as_bytes()),
        digest: Digest::of(text.as_bytes()),
    };
    let files = [("materials/a.md", explained), ("policy.md", head + policy)].map(file).to_vec();
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
fn listed_attachments_are_there() {
    let missing = "各单位：\n\n附件：1.任务分工.docx\n\n2.联系人名单\n";
    assert_eq!(codes(TITLE, missing, ""), ["P805"]);
    let several = "各单位：\n\n附件：1.任务分工.docx\n\n2.联系人名单.xlsx\n";
    assert_eq!(codes(TITLE, several, ""), ["P805", "P805"]);
    assert!(codes(TITLE, "各单位：\n\n附件：任务分工\n", "").is_empty(), "a title is not a file name");
    assert!(codes(TITLE, "请下载 a.docx\n\n正文。", "").is_empty());
}

#[test]
fn titles_in_the_front_matter_are_proofread() {
    // Once in the policy, once in the material that cites it.
    assert_eq!(codes("某局关于加强督促捡查的通知", "各单位：\n", ""), ["P521", "P521"]);
}

/// Sixty sentences with a number each.
fn sentences(sentence: impl Fn(String) -> String) -> String {
    (1..60).map(|number| sentence(crate::text::numerals::write(number * 7))).collect()
}

#[test]
fn a_mere_excerpt_is_told_from_an_explanation() {
    let text = sentences(|number| format!("第{number}项工作由第{number}科室负责落实到位并按月报告。"));
    assert_eq!(codes(TITLE, &text, &text), ["P811"]);
    let other = sentences(|number| format!("这一条说的是办理{number}件事要找谁、带什么、多久办好。"));
    assert!(codes(TITLE, &text, &other).is_empty());
}

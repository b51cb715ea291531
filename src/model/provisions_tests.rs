//! Tests of provisions.

use super::*;
use crate::Spanned;
use jiedu_base::text::SourceFile;
use jiedu_markdown::{self as markdown, RenderOptions};

fn outline(title: &str, text: &str) -> Outline {
    let file = SourceFile::new("policy.md", text);
    let title = Spanned { value: title.to_owned(), range: TextRange::default() };
    let issuer = Spanned { value: "某局".to_owned(), range: TextRange::default() };
    let meta = PolicyMeta { title: Some(title.clone()), issuers: vec![issuer], ..PolicyMeta::default() };
    let options =
        RenderOptions { title: Some(title.value), numbered_as_text: true, ..RenderOptions::default() };
    let blocks = markdown::render_blocks(&file, TextRange::new(0, text.len()), &options);
    read_outline(&blocks, &meta)
}

fn seen(outline: &Outline) -> Vec<(&str, &str)> {
    outline
        .provisions
        .iter()
        .map(|provision| (provision.reference.as_str(), provision.anchor.as_str()))
        .collect()
}

#[test]
fn second_level_numbers_run_on_across_sections() {
    let text = "一、甲\n\n（一）子。丑寅。\n\n（二）卯。辰。\n\n二、乙\n\n（三）午。未。\n\n1. 申\n2. 酉\n\n（四）戌";
    let outline = outline("某局通知", text);
    assert_eq!(
        seen(&outline),
        [
            ("一、", "s1"),
            ("（一）", "s1-1"),
            ("（二）", "s1-2"),
            ("二、", "s2"),
            ("（三）", "s2-3"),
            ("（三）1.", "s2-3-1"),
            ("（三）2.", "s2-3-2"),
            ("（四）", "s2-4"),
        ]
    );
    assert_eq!(outline.provisions[1].heading, "子");
    assert_eq!(outline.provisions[3].heading, "乙");
    assert_eq!(outline.provisions[7].heading, "戌");
}

#[test]
fn restarted_numbers_need_their_section() {
    let outline = outline("某局通知", "一、甲\n\n（一）子\n\n二、乙\n\n（一）丑\n\n（二）寅");
    assert_eq!(
        seen(&outline),
        [("一、", "s1"), ("一、（一）", "s1-1"), ("二、", "s2"), ("二、（一）", "s2-1"), ("（二）", "s2-2")]
    );
}

#[test]
fn articles_have_paragraphs_and_items() {
    let text = "## 第一章 总则\n\n第一条 为了甲。\n\n## 第二章 办理\n\n第二条 有下列情形之一的：\n\n（一）甲；\n\n（二）乙。\n\n前款规定的丙。\n\n第一条规定的情形，不适用。\n\n第三条 丁。\n\n某局\n\n2025年6月29日\n\n（此件主动公开）\n\n尾";
    let outline = outline("某局办法", text);
    assert_eq!(
        seen(&outline),
        [
            ("第一章", "ch1"),
            ("第一条", "art1"),
            ("第二章", "ch2"),
            ("第二条", "art2"),
            ("第二条第（一）项", "art2-i1"),
            ("第二条第（二）项", "art2-i2"),
            ("第二条第二款", "art2-p2"),
            ("第二条第三款", "art2-p3"),
            ("第三条", "art3"),
        ]
    );
    assert_eq!(outline.provisions[8].text, "第三条 丁。");
    assert_eq!(outline.provisions[0].heading, "总则");
    assert_eq!(outline.provisions[4].depth, 3);
}

#[test]
fn items_of_a_later_paragraph_keep_both_names() {
    let outline = outline("某局办法", "第三条 甲。\n\n乙：\n\n（一）丙；\n\n（二）丁。");
    assert_eq!(outline.provisions[2].names, ["第三条第（一）项", "第三条第二款第（一）项"]);
    assert_eq!(outline.provisions[2].anchor, "art3-i1");
    assert_eq!(outline.provisions[0].names, ["第三条", "第三条第一款"]);
}

#[test]
fn article_labels_without_a_blank() {
    let outline = outline("某局办法", "**第一条**为了甲。\n\n第二条为了乙。\n\n第二条规定的丙。");
    assert_eq!(seen(&outline), [("第一条", "art1"), ("第二条", "art2"), ("第二条第二款", "art2-p2")]);
}

#[test]
fn repeated_anchors_are_told_apart() {
    let outline = outline("某局通知", "一、甲\n\n一、乙\n\n（一）丙");
    assert_eq!(
        seen(&outline).iter().map(|(_, anchor)| *anchor).collect::<Vec<_>>(),
        ["s1", "s1_2", "s1_2-1"]
    );
}

#[test]
fn a_wrapper_notice_gets_its_prefix() {
    let text = "# 某局关于印发《某办法》的通知\n\n各单位：\n\n一、认真落实。\n\n某局\n\n2025年6月29日\n\n# 某办法\n\n一、总则\n\n附件：1. 表";
    let outline = outline("某局关于印发《某办法》的通知", text);
    assert_eq!(seen(&outline), [("通知一、", "w-s1"), ("一、", "s1")]);
    assert!(outline.provisions[0].in_wrapper && !outline.provisions[1].in_wrapper);
    assert!(outline.enclosed_from.is_some());
}

#[test]
fn continuation_paragraphs_belong_to_their_provision() {
    let outline = outline("某局通知", "一、甲。乙。\n\n丙\n\n- 丁\n\n## 附录\n\n戊");
    assert_eq!(outline.provisions[0].text, "一、甲。乙。\n丙\n丁");
    assert_eq!(outline.provisions[0].blocks, 0..3);
}

#[test]
fn a_change_in_a_child_changes_the_parents_fingerprint() {
    let prints = |text: &str| {
        outline("某局通知", text).provisions.into_iter().map(|p| p.fingerprint).collect::<Vec<_>>()
    };
    let (before, after) = (prints("一、甲\n\n（一）乙\n\n二、丙"), prints("一、甲\n\n（一）丁\n\n二、丙"));
    assert_ne!(before[0], after[0]);
    assert_eq!(before[2], after[2]);
    assert_eq!(before, prints("一、 甲\n\n（一） 乙\n\n二、丙"));
}

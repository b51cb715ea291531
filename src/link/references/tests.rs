//! Tests of references.

use super::*;
use jiedu_base::text::SourceFile;
use jiedu_model::read_loose;

fn read(text: &str) -> (PolicyDocument, Vec<Reference>) {
    let policy = read_loose(&SourceFile::new("a.md", text));
    let found = references(&policy);
    (policy, found)
}

/// Printed text and anchor; `?` where a provision is missing, `-` for other documents.
fn seen(text: &str) -> Vec<(String, String)> {
    let (policy, found) = read(text);
    let aim = |reference: &Reference| match reference.target.and_then(|at| policy.provisions.get(at)) {
        _ if reference.is_missing => "?".to_owned(),
        Some(provision) => provision.anchor.clone(),
        None => reference.document.clone().unwrap_or_else(|| "-".to_owned()),
    };
    found.iter().map(|reference| (reference.text.clone(), aim(reference))).collect()
}

fn all(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(text, aim)| ((*text).to_owned(), (*aim).to_owned())).collect()
}

const LAW: &str = "# 某办法\n\n## 第一章 总则\n\n第一条 甲。\n\n第二条 有下列情形之一的：\n\n（一）乙：\n\n1. 子；\n\n2. 丑；\n\n（二）丙。\n\n";

#[test]
fn references_inside_the_text() {
    let text = format!(
        "{LAW}前款规定的情形，依照第一条、第二条第一款第（一）项第1目执行。\n\n前两款按照第二章办理，罚则见第四十条。\n\n第三条 按照本办法第一条至第三条、前条第二款和第二条第（二）至（五）项办理。\n\n第四条 前款规定，第120条之一。\n"
    );
    assert_eq!(
        seen(&text),
        all(&[
            ("前款", "art2"),
            ("第一条", "art1"),
            ("第二条第一款第（一）项第1目", "art2-i1-1"),
            ("前两款", "art2"),
            ("第二章", "?"),
            ("第四十条", "?"),
            ("第一条至第三条", "art1"),
            ("前条第二款", "art2-p2"),
            ("第二条第（二）至（五）项", "?"),
            ("前款", "?"),
            ("第120条之一", "?"),
        ])
    );
}

#[test]
fn other_documents() {
    let text = format!(
        "{LAW}第三条 依照《甲法》第六条、第七条第二款和本办法第二条第二项，以及民法典第九十条、该法第五条。\n\n第四条 依照本法第八条。符合《乙条例》的，依照第五十二条。\n"
    );
    assert_eq!(
        seen(&text),
        all(&[
            ("第六条", "《甲法》"),
            ("第七条第二款", "《甲法》"),
            ("第二条第二项", "art2-i2"),
            ("第九十条", "-"),
            ("第五条", "-"),
            ("第八条", "-"),
            ("第五十二条", "《乙条例》"),
        ])
    );
}

#[test]
fn relative_ones_and_lists() {
    let text = "# 某条例\n\n第一条 甲。\n\n乙。\n\n第二款所列情形，适用本条第一款、第三款和第九款。\n\n第二条 （一）甲；（二）乙。\n\n第三条 第二条第（二）项、第一条第一款、第三款。\n\n第四条 有下列情形的：\n\n（一）甲；\n\n（二）前项以外的。\n\n前款第（二）项，第（一）项规定的。\n";
    assert_eq!(
        seen(text),
        all(&[
            ("第二款", "art1-p2"),
            ("本条第一款", "art1"),
            ("第三款", "art1-p3"),
            ("第九款", "?"),
            ("第二条第（二）项", "art2-i2"),
            ("第一条第一款", "art1"),
            ("第三款", "art1-p3"),
            ("前项", "art4-i1"),
            ("前款第（二）项", "art4-i2"),
            ("第（一）项", "art4-i1"),
        ])
        .into_iter()
        .map(|(text, aim)| if text == "第二条第（二）项" {
            (text, "art2".to_owned())
        } else {
            (text, aim)
        })
        .collect::<Vec<_>>()
    );
}

#[test]
fn annexes_exist_or_not() {
    let text = "# 某通知\n\n一、按照附件1、附件2和附件5填写。\n\n附件：1. 甲表\n\n2. 乙表\n\n某局\n\n2025年1月1日\n\n附件1\n\n甲表\n";
    assert_eq!(seen(text), all(&[("附件1", "-"), ("附件2", "-"), ("附件5", "?")]));
}

#[test]
fn texts_without_articles_are_left_alone() {
    assert!(seen("# 某通知\n\n一、第三条线路开通，第一项任务完成。前款项已付。").is_empty());
    assert_eq!(seen("# 某通知\n\n一、按照第三条执行。"), all(&[("第三条", "-")]));
    assert_eq!(seen("# 关于修改《甲办法》的决定\n\n一、删去第四条。"), all(&[("第四条", "《甲办法》")]));
}

#[test]
fn html_gets_links_outside_links() {
    let wanted =
        [("第一条", "#art1".to_owned()), ("第二条", "#art2".to_owned()), ("第一条", "#art1".to_owned())];
    assert_eq!(
        link_html("<p>依<strong>第一条</strong>、<a href=\"x\">第二条</a>和第一条</p>", &wanted),
        ("<p>依<strong><a class=\"ref\" href=\"#art1\">第一条</a></strong>、<a href=\"x\">第二条</a>和<a class=\"ref\" href=\"#art1\">第一条</a></p>".to_owned(), 3)
    );
}

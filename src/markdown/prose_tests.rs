//! Tests of the way from Markdown to prose and back.

use super::*;

fn body(text: &str) -> Body {
    let file = SourceFile::new("a.md", text);
    parse_body(&file, TextRange::new(0, text.len()))
}

/// Every segment as `kind:text`.
fn texts(text: &str) -> Vec<String> {
    body(text).prose.iter().map(|prose| format!("{:?}:{}", prose.kind, prose.text)).collect()
}

/// The source that stands behind the first occurrence of `needle`.
fn source_of(text: &str, needle: &str) -> String {
    let body = body(text);
    let (prose, at) = body
        .prose
        .iter()
        .find_map(|prose| prose.text.find(needle).map(|at| (prose, at)))
        .expect("needle is there");
    body.file.slice(prose.source_range(at, at + needle.len())).to_owned()
}

#[test]
fn segments_have_their_kind() {
    assert_eq!(
        texts(
            "# 标题\n\n正文\n\n- 甲\n  - 乙\n\n> 引\n\n| 头 | 尾 |\n|--|--|\n| 1 | 2 |\n\n注[^1]。\n\n[^1]: 脚注\n"
        ),
        [
            "Heading(1):标题",
            "Paragraph:正文",
            "ListItem:甲",
            "ListItem:乙",
            "Quote:引",
            "TableCell { table: 0, row: 0, column: 0 }:头",
            "TableCell { table: 0, row: 0, column: 1 }:尾",
            "TableCell { table: 0, row: 1, column: 0 }:1",
            "TableCell { table: 0, row: 1, column: 1 }:2",
            "Paragraph:注。",
            "Footnote:脚注",
        ]
    );
}

#[test]
fn maps_across_marks_breaks_links_and_entities() {
    assert_eq!(source_of("要**违**返规定", "违返"), "违**返");
    assert_eq!(source_of("要违\n返规定", "违返"), "违\n返");
    assert_eq!(source_of("见[违](clause:一)返", "违返"), "违](clause:一)返");
    assert_eq!(source_of("甲&lt;乙", "<乙"), "&lt;乙");
    assert_eq!(source_of("😀赔尝标准", "赔尝"), "赔尝");
    assert_eq!(source_of("- 核对违返规定", "违返"), "违返");
    assert_eq!(source_of("> 甲\n> 乙丙", "甲乙"), "甲\n> 乙");
}

#[test]
fn breaks_are_blanks_only_between_latin() {
    assert_eq!(body("甲\n乙").prose[0].text, "甲乙");
    assert_eq!(body("one\ntwo").prose[0].text, "one two");
    assert_eq!(body("甲  \n乙").prose[0].text, "甲\n乙");
}

#[test]
fn bold_that_commonmark_misses_loses_its_marks() {
    let body = body("**“重点工作。”**各单位");
    assert_eq!(body.prose[0].text, "“重点工作。”各单位");
}

#[test]
fn code_addresses_and_html_are_opaque() {
    let body = body("用`a,b`见https://www.gov.cn/x,y。<b>粗</b>");
    let prose = &body.prose[0];
    let opaque: Vec<&str> =
        prose.opaque.iter().filter_map(|range| prose.text.get(range.start..range.end)).collect();
    assert_eq!(opaque, ["a,b", "https://www.gov.cn/x", "<b>", "</b>"]);
    assert_eq!(body.html.len(), 2);
    assert!(texts("```\n予算,测试\n```").is_empty());
}

#[test]
fn comments_and_raw_blocks_are_told_apart() {
    let body = body("<!-- 校对:忽略 width 原文如此 -->\n\n正文\n\n<div>块</div>\n<!-- 二 -->\n");
    let html: Vec<_> =
        body.html.iter().map(|html| (body.file.slice(html.range), html.comment.as_deref())).collect();
    assert_eq!(
        html,
        [
            ("<!-- 校对:忽略 width 原文如此 -->", Some("校对:忽略 width 原文如此")),
            ("<div>块</div>", None),
            ("<!-- 二 -->", Some("二")),
        ]
    );
    let blocks: Vec<_> = body.blocks.iter().map(|&range| body.file.slice(range)).collect();
    assert_eq!(blocks, ["正文", "<div>块</div>"]);
}

#[test]
fn links_know_their_segment_and_heading() {
    let body = body("# [第（五）项](clause:（五）)\n\n见 [甲](a.pdf) ![图](b.png)\n");
    let links: Vec<_> = body
        .links
        .iter()
        .map(|l| (l.text.as_str(), l.target.as_str(), l.is_image, l.heading, l.prose))
        .collect();
    assert_eq!(
        links,
        [
            ("第（五）项", "clause:（五）", false, Some(0), Some(0)),
            ("甲", "a.pdf", false, None, Some(1)),
            ("图", "b.png", true, None, Some(1)),
        ]
    );
    assert_eq!(body.prose[2].kind, ProseKind::ImageText);
}

#[test]
fn a_body_after_front_matter_keeps_file_offsets() {
    let file = SourceFile::new("a.md", "---\n标题: x\n---\n正文");
    let start = file.text().find("正文").unwrap();
    let body = parse_body(&file, TextRange::new(start, file.text().len()));
    assert_eq!(body.prose[0].source_range(0, 6), TextRange::new(start, start + 6));
}

#[test]
fn hostile_nesting_ends() {
    for text in [
        ">".repeat(10_000) + "x",
        "- ".repeat(5_000) + "x",
        "[".repeat(20_000),
        "*a ".repeat(20_000),
        "![".repeat(5_000),
    ] {
        let body = body(&text);
        assert!(body.prose.len() < 20_000);
    }
}

#[test]
fn pieces_cover_the_text_and_copy_the_source() {
    let text = "一&amp;二\\*三 **四**\n五 `六` [七](八)\n\n| 九 | 十 |\n|--|--|\n| a\\|b | 1 |\n";
    for prose in body(text).prose {
        let mut at = 0;
        for piece in &prose.pieces {
            assert_eq!(piece.text, at);
            at += piece.text_len;
            if piece.text_len == piece.source_len
                && prose.text.get(piece.text..at) != text.get(piece.source..piece.source + piece.source_len)
            {
                assert_eq!(text.get(piece.source..piece.source + piece.source_len), Some("\n"));
            }
        }
        assert_eq!(at, prose.text.len());
    }
}

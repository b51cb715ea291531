//! Rich text as word processors write it.

use super::read;
use crate::{Block, Document, PartKind, RunKind};

fn lines(document: &Document) -> Vec<String> {
    let mut out = Vec::new();
    for block in document.body() {
        block.paragraphs(&mut |paragraph| {
            out.push(
                paragraph
                    .runs
                    .iter()
                    .filter(|run| run.kind == RunKind::Text && !run.hidden && !run.struck)
                    .map(super::Run::shown)
                    .collect(),
            );
        });
    }
    out
}

#[test]
fn characters_in_every_spelling() {
    let document = read(br"{\rtf1\ansi\ansicpg936 \u26426?\u23494?\u9733?5\u24180?\par}");
    assert_eq!(lines(&document), ["机密★5年"]);
    assert!(document.faults.is_empty());
    let gbk = br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset134 \'cb\'ce\'cc\'e5;}}\f1\'b9\'d8\'d3\'da\f0 ab\u8221\'94\uc2\u-10179\'3f\'3f\u-8704 ??\uc1 \b c\b0\par{\*\unknown \'ff}{\v \f1\'b9\'d8}10m{\super 2}\strike x\strike0\par}";
    assert_eq!(lines(&read(gbk)), ["关于ab”😀c", "10m²"]);
}

#[test]
fn tables_notes_headers_and_pictures() {
    let text = br"{\rtf1\ansi{\header\pard a\par}{\info{\author x}}\pard one{\footnote note}\par\pard\intbl A\cell B\cell\row\pard\intbl C\cell D\cell\row\pard {\pict 00ff}end{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}\par}";
    let document = read(text);
    assert_eq!(lines(&document), ["one", "A", "B", "C", "D", "endlink"]);
    let kinds: Vec<_> = document.parts.iter().map(|part| part.kind.clone()).collect();
    assert!(kinds.contains(&PartKind::Header) && kinds.len() == 3, "{kinds:?}");
    assert!(document.body().any(|block| matches!(block, Block::Table(table) if table.rows.len() == 2)));
}

#[test]
fn nothing_that_is_broken_hangs() {
    for text in
        ["{\\rtf1 a", "{\\rtf1 \\'", "{\\rtf1 \\u", "}}}}", &"{".repeat(100_000), "{\\rtf1\\uc20\\u1}{a}"]
    {
        let _ = read(text.as_bytes());
    }
    assert!(!read("{".repeat(100_000).as_bytes()).faults.is_empty());
}

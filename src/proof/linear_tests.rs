//! The work of every rule grows with the text and not with its square.
//!
//! Each family of rules runs alone over hostile shapes, and over the same four times
//! as long.

use std::time::Duration;

use super::document::Document;
use super::lists::Lists;
use super::profile::Profile;
use super::registry::{Check, FAMILIES, Family};
use super::runner::check_text;
use super::sink::Sink;
use jiedu_base::text::SourceFile;
use jiedu_markdown as markdown;
use jiedu_markdown::body_range;
use jiedu_testing::{FACTOR, cost, is_square};

/// So many pieces has the short text.
const PIECES: usize = 2_000;

/// Shapes that tempt a rule to look too far: a name, the piece that is repeated, and
/// what stands around all of it.
const SHAPES: [(&str, [&str; 3]); 25] = [
    ("one mark", ["", "，", ""]),
    ("stops", ["甲", "。", ""]),
    ("deep round brackets", ["", "（", ""]),
    ("deep titles", ["甲", "《〈", ""]),
    ("opening quotes", ["", "“甲", ""]),
    ("closing quotes", ["", "甲”", ""]),
    ("single quotes", ["", "‘甲’", ""]),
    ("quotes the wrong way", ["", "”甲“", ""]),
    ("ascii quotes", ["", "\"甲\"乙", ""]),
    ("brackets of all kinds", ["", "（[【〔「", ""]),
    ("one paragraph", ["", "县级以上人民政府应当加强对安全生产工作的领导，", "。"]),
    ("many paragraphs", ["", "（一）加强领导，压实责任。\n\n", ""]),
    ("repeated headings", ["", "## 一、要求\n\n", ""]),
    ("articles", ["", "第五条 申请人应当提交材料。\n\n", ""]),
    ("digits", ["", "1", ""]),
    ("numbers", ["共", "3万5千、", ""]),
    ("dates", ["", "2025年1月1日至", ""]),
    ("one character", ["", "的", ""]),
    ("strange characters", ["", "丞糸犇淼", ""]),
    ("a wide table", ["", "| 甲 ", "|\n"]),
    ("attachments", ["附件：", "1.甲\n\n2.乙\n\n", ""]),
    ("blanks", ["甲", " 乙", ""]),
    ("links that never close", ["", "[a](", ""]),
    ("short names that close nothing", ["", "以下简称甲）", ""]),
    ("brackets of a trial", ["", "（试行", ""]),
];

fn text(shape: [&str; 3], pieces: usize) -> String {
    let [before, piece, after] = shape;
    format!("{before}{}{after}\n", piece.repeat(pieces))
}

fn table(rows: usize) -> String {
    format!("| 项目 | 数 |\n| --- | --- |\n{}| 合计 | 9 |\n", "| 甲 | 1,000 |\n".repeat(rows))
}

/// One run of a family over a text.
fn run(family: &Family, text: &str) -> Duration {
    let file = SourceFile::new("a.md", text);
    let body = markdown::parse_body(&file, body_range(&file));
    let lists = Lists::default();
    let document = Document::new(&body, Profile::Official);
    let mut sink = Sink::new(&document);
    cost(|| match family.check {
        Check::Segment(check) => {
            document.segments.iter().for_each(|segment| check(&document, segment, &mut sink));
        }
        Check::Document(check) => check(&document, &mut sink),
        Check::Lists(check) => check(&document, &lists, &mut sink),
        Check::Elsewhere => {}
    })
}

#[test]
fn no_rule_takes_the_square_of_the_text() {
    // What is loaded once is loaded before.
    let _ = FAMILIES.iter().map(|family| run(family, "甲乙丙丁，戊己庚辛。")).max();
    let mut texts: Vec<(&str, String, String)> = SHAPES
        .iter()
        .map(|&(name, shape)| (name, text(shape, PIECES), text(shape, PIECES * FACTOR)))
        .collect();
    texts.push(("a long table", table(PIECES), table(PIECES * FACTOR)));
    let mut slow = Vec::new();
    for family in FAMILIES {
        for (name, short, long) in &texts {
            if is_square(|text: &str| run(family, text), short.as_str(), long.as_str()) {
                slow.push(format!("{} over {name}", family.rules.first().map_or("", |rule| rule.name)));
            }
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

/// The same for all rules together, with what comes before and after them.
#[test]
fn a_check_as_a_whole_is_linear_too() {
    let check = |text: &str| {
        let file = SourceFile::new("a.md", text);
        cost(|| {
            let found = check_text(&file, body_range(&file), Profile::Official, &Lists::default());
            assert!(found.len() < 40 * PIECES);
        })
    };
    for (name, shape) in SHAPES {
        let (short, long) = (text(shape, PIECES / 2), text(shape, PIECES * FACTOR / 2));
        assert!(!is_square(check, short.as_str(), long.as_str()), "{name}");
    }
}

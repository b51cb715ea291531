//! Lines of printed pages (PDF, OFD) as paragraphs.
//!
//! A page prints lines and no paragraphs. A line runs on into the next when it is
//! about as long as the longest of its page and does not end a sentence, and the
//! next does not begin like a clause. Where that is not certain, the line stays
//! a paragraph: nothing is lost, and the writer sees it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::page::{Block, Loss, Page, Piece};
use jiedu_base::text::{Message, is_han};

/// Share of the longest line from which a line counts as full, in tenths.
const FULL: usize = 8;

static CLAUSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^\s*(?:第[一二三四五六七八九十百千零〇\d]+[编章节条款]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、]|[①-⑳]|附件|附：)",
    )
    .ok()
});
static FOLIO: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:[-—–－]\s*\d{1,4}\s*[-—–－]|第\s*\d{1,4}\s*页(?:\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}|\d{1,3})\s*$").ok()
});

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// Puts lines, each with its page, together to paragraphs.
pub(super) fn page(lines: &[(usize, String)]) -> Page {
    let mut page = Page::default();
    let mut longest: BTreeMap<usize, usize> = BTreeMap::new();
    for (number, line) in lines {
        let count = line.chars().count();
        let slot = longest.entry(*number).or_default();
        *slot = (*slot).max(count);
    }
    let mut paragraph = String::new();
    let mut is_full = false;
    for (index, (number, line)) in lines.iter().enumerate() {
        let line = line.trim();
        let is_edge = |other: Option<&(usize, String)>| other.is_none_or(|(other, _)| other != number);
        let at_edge = is_edge(lines.get(index + 1))
            || index.checked_sub(1).is_none_or(|before| is_edge(lines.get(before)));
        if at_edge && matches(&FOLIO, line) {
            page.lost.push(Loss {
                what: Message::new("页码", "page number"),
                place: Message::new(format!("第 {number} 页"), format!("page {number}")),
                text: line.to_owned(),
            });
            continue;
        }
        let goes_on = is_full && !paragraph.is_empty() && !matches(&CLAUSE, line) && !ends(&paragraph);
        if !goes_on {
            flush(&mut page, &mut paragraph);
        }
        let joins = paragraph.chars().last().zip(line.chars().next());
        if joins.is_some_and(|(last, first)| {
            last.is_ascii_alphanumeric() && first.is_ascii_alphanumeric() && !is_han(last)
        }) {
            paragraph.push(' ');
        }
        paragraph.push_str(line);
        let full = longest.get(number).copied().unwrap_or(0);
        is_full = full >= 12 && line.chars().count() * 10 >= full * FULL;
    }
    flush(&mut page, &mut paragraph);
    page
}

/// Whether a sentence or heading ends here.
fn ends(paragraph: &str) -> bool {
    paragraph.ends_with(['。', '！', '？', '：', '；', ':'])
}

fn flush(page: &mut Page, paragraph: &mut String) {
    let text = std::mem::take(paragraph);
    page.blocks.extend(Block::from_pieces(0, vec![Piece::plain(text)]));
}

//! Web pages: the lines, headings and tables of the document, without the page
//! around it.
//!
//! - `tags`, `dom`: the page as a bounded tree, however it is nested;
//! - `lines`, `table`: its lines and tables;
//! - `main_text`: which part of it is the document;
//! - `facts`: title and metadata that the page states.
//!
//! Everything that a reader of the page sees is in the text or listed as lost.

mod dom;
mod facts;
mod lines;
mod main_text;
mod table;
mod tags;

use std::collections::BTreeSet;

use super::boilerplate::{heads_other_pages, is_boilerplate, is_page_info, page_info};
use super::head::{is_closing, is_document_metadata, is_metadata, is_number};
use super::page::{Block, Loss, Page};
use dom::Id;
use jiedu_base::text::Message;
use lines::{Found, Reader};
use main_text::Measures;

pub(super) use tags::{tamed, without_scripts};

/// Reads a page that was made cheap to read.
pub(super) fn read(text: &str) -> Page {
    let dom = dom::read(text);
    let whole = Reader::new(&dom, &|_| false).read(0);
    let measures = Measures::new(&dom, &whole.found);
    let (start, end) = measures.main_text(&dom);
    let end = closed(&whole.found, end, &measures);
    let mut page = Page { moved: whole.moved, lost: whole.lost, ..Page::default() };
    let mut stated = facts::stated(&dom);
    let printed_lines: Vec<String> = whole.found.iter().take(400).map(|found| found.block.text()).collect();
    let mut kept: Vec<Found> = Vec::new();
    let mut heads: Vec<Block> = Vec::new();
    for found in whole.found {
        let line = found.block.text();
        let inside = (start..=end).contains(&found.at) && !measures.is_furniture(found.owner);
        if is_page_info(&line) && !is_document_metadata(&line) {
            stated.extend(page_info(&line));
            around(&mut page, line);
        } else if inside && !is_boilerplate(&line) {
            kept.push(found);
        } else if let Some(lines) = facts::metadata_lines(&found.block).filter(|_| !inside) {
            heads.extend(lines);
        } else if found.at < start && is_number(&line) && heads.len() < 40 {
            heads.push(found.block);
        } else {
            around(&mut page, line);
        }
    }
    let (kept, rest) = trimmed(kept);
    for found in rest {
        around(&mut page, found.block.text());
    }
    page.title = facts::title(&dom, &printed_lines, &|id| measures.is_furniture(id));
    let blocks =
        kept.into_iter().enumerate().flat_map(|(at, found)| match facts::metadata_lines(&found.block) {
            Some(lines) if at < 8 => lines,
            _ => vec![found.block],
        });
    page.blocks = heads.into_iter().chain(blocks).collect();
    page.stated = stated;
    page.files = facts::files(&dom, &|id| measures.is_furniture(id) && !(start..=end).contains(&id));
    page.links = facts::links(&dom, (start, end));
    page.address = facts::address(&dom);
    if dom.is_cut {
        around(&mut page, "网页过长，其余部分没有读取".to_owned());
    }
    page
}

/// The end of the document with its signature, which may stand outside of the
/// element that holds the text.
fn closed(lines: &[Found], end: Id, measures: &Measures) -> Id {
    let after = lines.iter().skip_while(|found| found.at <= end).take(8);
    let closing = after.take_while(|found| {
        let line = found.block.text();
        !measures.is_furniture(found.owner)
            && found.linked == 0
            && !is_boilerplate(&line)
            && is_closing(&line)
    });
    closing.last().map_or(end, |found| found.at)
}

/// Lists a line of the page around the text as lost.
fn around(page: &mut Page, text: String) {
    if page.lost.len() < lines::MOST_LOSSES {
        page.lost.push(Loss {
            what: Message::new("网页上正文以外的文字", "text around the document"),
            place: Message::new("网页", "the page"),
            text,
        });
    }
}

/// Parts what stands before and after the document inside of its element: lists
/// of links to other pages.
fn trimmed(mut kept: Vec<Found>) -> (Vec<Found>, Vec<Found>) {
    let mut rest = Vec::new();
    if let Some(at) = kept.iter().rposition(|found| heads_other_pages(&found.block.text())) {
        let tail = kept.get(at + 1..).unwrap_or_default();
        let (chars, linked) = tail
            .iter()
            .fold((0, 0), |(chars, linked), found| (chars + printed(&found.block), linked + found.linked));
        let has_text =
            kept.get(..at).is_some_and(|before| before.iter().any(|found| printed(&found.block) > 30));
        if has_text && linked * 10 >= chars * 6 {
            rest.extend(kept.split_off(at));
        }
    }
    let is_link = |found: &Found| {
        let text = found.block.text();
        let chars = printed(&found.block);
        found.linked * 10 >= chars * 9
            && chars < 60
            && !facts::names_file(&text)
            && !text.contains("附件")
            && !is_metadata(&text)
    };
    // A page of links alone is a list, and the list is the text.
    let free: usize = kept.iter().filter(|found| !is_link(found)).map(|found| printed(&found.block)).sum();
    if free >= 60 {
        while kept.last().is_some_and(is_link) {
            rest.extend(kept.pop());
        }
        let first = kept.iter().position(|found| !is_link(found)).unwrap_or(0);
        rest.extend(kept.drain(..first));
    }
    (kept, rest)
}

fn printed(block: &Block) -> usize {
    block.text().chars().filter(|c| !c.is_whitespace()).count()
}

/// Texts of elements, each once.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.filter(|text| seen.insert(text.clone())).collect()
}

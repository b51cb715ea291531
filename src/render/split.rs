//! Policies too long for one page: a contents page with every anchor, the text
//! in parts of some chapters each, and the whole text for print.
//!
//! The limits are those of the page budget: bytes of HTML and elements. Parts
//! begin with a chapter where the chapters allow it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::rows::{Words, row_html};
use crate::site::body::{Body, Row, RowKind};
use crate::site::part::{WHOLE, part_file};
use crate::text::escape_html_into;

/// Bytes and elements of a page above which it is split.
const PAGE: Size = Size { bytes: 120_000, elements: 2_500 };

/// What the rows of one part may measure; the frame around them is small.
const PART: Size = Size { bytes: 80_000, elements: 1_700 };

/// How large a piece of HTML is.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    bytes: usize,
    elements: usize,
}

impl Size {
    fn of(html: &str) -> Self {
        let bytes = html.as_bytes();
        let elements = memchr::memchr_iter(b'<', bytes)
            .filter(|at| bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic));
        Self { bytes: html.len(), elements: elements.count() }
    }

    fn and(self, other: Self) -> Self {
        Self { bytes: self.bytes + other.bytes, elements: self.elements + other.elements }
    }

    fn exceeds(self, limit: Self) -> bool {
        self.bytes > limit.bytes || self.elements > limit.elements
    }
}

/// A part of a text.
#[derive(Debug)]
pub(super) struct Part<'b> {
    rows: Vec<&'b Row<'b>>,
    /// The rows as HTML, their links inside the text led over the contents page.
    pub(super) html: String,
    /// The first and the last provision: `第一章—第二十条`.
    pub(super) span: String,
}

/// Whether a page must be split.
pub(super) fn is_too_long(html: &str) -> bool {
    Size::of(html).exceeds(PAGE)
}

/// A row, its HTML and its size.
type Measured<'r, 'b> = (&'r Row<'b>, String, Size);

/// Cuts the text into parts.
pub(super) fn parts<'b>(body: &'b Body<'b>, words: &Words) -> Vec<Part<'b>> {
    let top = body.rows.iter().filter(|row| !row.id.is_empty()).map(|row| row.depth).min().unwrap_or(1);
    // Chapters with their sizes: a chapter begins with a title or a top provision.
    let mut chapters: Vec<(Size, Vec<Measured<'_, '_>>)> = Vec::new();
    for row in &body.rows {
        let html = row_html(row, words);
        let size = Size::of(&html);
        let begins =
            row.kind == RowKind::Title || (!row.id.is_empty() && row.depth == top && row.heading.is_some());
        match chapters.last_mut().filter(|_| !begins) {
            Some((total, rows)) => {
                *total = total.and(size);
                rows.push((row, html, size));
            }
            None => chapters.push((size, vec![(row, html, size)])),
        }
    }
    let mut parts: Vec<(Size, Part<'b>)> = Vec::new();
    for (total, rows) in chapters {
        let mut fresh = parts.last().is_none_or(|(size, _)| size.and(total).exceeds(PART));
        for (row, html, size) in rows {
            let full = parts.last().is_some_and(|(so_far, _)| so_far.and(size).exceeds(PART));
            if fresh || full {
                parts.push((
                    Size::default(),
                    Part { rows: Vec::new(), html: String::new(), span: String::new() },
                ));
                fresh = false;
            }
            if let Some((so_far, part)) = parts.last_mut() {
                *so_far = so_far.and(size);
                part.rows.push(row);
                part.html.push_str(&html.replace("href=\"#", "href=\"./#"));
            }
        }
    }
    parts.into_iter().map(|(_, part)| named(part)).collect()
}

fn named(mut part: Part<'_>) -> Part<'_> {
    let mut names = part.rows.iter().map(|row| row.reference).filter(|name| !name.is_empty());
    let first = names.next().unwrap_or("");
    part.span = match names.next_back() {
        Some(last) => format!("{first}—{last}"),
        None => first.to_owned(),
    };
    // The page's own heading is of level 1: a part that begins below the title
    // of the text gets a heading between, for those who go by headings.
    let begins = part.rows.iter().find_map(|row| row.heading.as_ref().map(|(level, _)| *level));
    if begins.is_some_and(|level| level > 2) {
        let mut heading = String::from("<h2 class=\"vh\">");
        escape_html_into(&mut heading, &part.span);
        heading.push_str("</h2>");
        part.html.insert_str(0, &heading);
    }
    part
}

/// What the list of anchors may measure; the frame of the page is around it.
const INDEX: Size = Size { bytes: 80_000, elements: 1_700 };

/// The deepest level of provisions whose anchors all fit the list; 0 when not
/// even the upper ones do.
fn deepest(parts: &[Part<'_>]) -> u8 {
    let mut levels: BTreeMap<u8, Size> = BTreeMap::new();
    for (index, part) in parts.iter().enumerate() {
        for row in part.rows.iter().filter(|row| !row.id.is_empty()) {
            let size = Size::of(&entry(row, &part_file(index + 1)));
            let level = levels.entry(row.depth).or_default();
            *level = level.and(size);
        }
    }
    let mut total = Size::default();
    let fits = levels.into_iter().take_while(|(_, size)| {
        total = total.and(*size);
        !total.exceeds(INDEX)
    });
    fits.last().map_or(0, |(level, _)| level)
}

/// The anchors of a part that the list leaves out.
pub(super) fn left_out<'b>(parts: &[Part<'b>], part: &Part<'b>) -> Vec<&'b str> {
    let deepest = deepest(parts);
    let rows = part.rows.iter().filter(|row| !row.id.is_empty() && row.depth > deepest);
    rows.flat_map(|row| std::iter::once(row.id).chain(row.also.iter().copied())).collect()
}

/// The anchors of one row, the last of them a link into its part.
fn entry(row: &Row<'_>, file: &str) -> String {
    let mut out = String::new();
    for id in &row.also {
        out.push_str("<span id=\"");
        escape_html_into(&mut out, id);
        out.push_str("\"></span>");
    }
    out.push_str("<a id=\"");
    escape_html_into(&mut out, row.id);
    let _ = write!(out, "\" data-go href=\"{file}#");
    escape_html_into(&mut out, row.id);
    out.push_str("\">");
    escape_html_into(&mut out, if row.reference.is_empty() { row.id } else { row.reference });
    out.push_str("</a> ");
    out
}

/// The list that stands on the policy's page: the parts, and in each an anchor
/// for every provision, or for the upper ones where there are too many. A
/// script goes straight to the text.
pub(super) fn index(parts: &[Part<'_>], words: &Words) -> String {
    let mut out = String::from("<div class=\"parts\"><p>");
    escape_html_into(&mut out, &words.split);
    let _ = write!(out, "<a class=\"pad\" href=\"{WHOLE}\">");
    escape_html_into(&mut out, &words.whole);
    out.push_str("</a></p>");
    let deepest = deepest(parts);
    for (index, part) in parts.iter().enumerate() {
        let file = part_file(index + 1);
        out.push_str("<h2");
        let hidden = left_out(parts, part);
        if !hidden.is_empty() {
            out.push_str(" data-ids=\"");
            escape_html_into(&mut out, &hidden.join(" "));
            out.push('"');
        }
        let _ = write!(out, "><a href=\"{file}\">");
        escape_html_into(&mut out, &words.part.replace("{n}", &(index + 1).to_string()));
        out.push(' ');
        escape_html_into(&mut out, &part.span);
        out.push_str("</a></h2>");
        let mut shown = part.rows.iter().filter(|row| !row.id.is_empty() && row.depth <= deepest).peekable();
        if shown.peek().is_some() {
            out.push_str("<p>");
            shown.for_each(|row| out.push_str(&entry(row, &file)));
            out.push_str("</p>");
        }
    }
    out.push_str("</div>");
    out
}

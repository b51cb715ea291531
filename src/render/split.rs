//! Policies too long for one page: a contents page with every anchor, the text
//! in parts of some chapters each, and the whole text for print.
//!
//! The limits are those of the page budget: bytes of HTML and elements. Parts
//! begin with a chapter where the chapters allow it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::rows::{Words, group_html, groups};
use jiedu_base::text::escape_html_into;
use jiedu_site::body::{Body, Row, RowKind};
use jiedu_site::part::{WHOLE, part_file};

/// Bytes and elements of a page above which it is split.
const PAGE: Size = Size { bytes: 120_000, elements: 2_500 };

/// What the rows of one part may measure; the frame around them is small.
pub(super) const PART: Size = Size { bytes: 80_000, elements: 1_700 };

/// How large a piece of HTML is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    bytes: usize,
    elements: usize,
}

impl Size {
    pub(super) fn of(html: &str) -> Self {
        let bytes = html.as_bytes();
        let elements = memchr::memchr_iter(b'<', bytes)
            .filter(|at| bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic));
        Self { bytes: html.len(), elements: elements.count() }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { bytes: self.bytes + other.bytes, elements: self.elements + other.elements }
    }

    pub(super) fn exceeds(self, limit: Self) -> bool {
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

/// A group of rows, its HTML and its size.
type Measured<'r, 'b> = (&'r [Row<'b>], String, Size);

/// Cuts the text into parts.
pub(super) fn parts<'b>(body: &'b Body<'b>, words: &Words) -> Vec<Part<'b>> {
    let top = body.rows.iter().filter(|row| !row.id.is_empty()).map(|row| row.depth).min().unwrap_or(1);
    // Chapters with their sizes: a chapter begins with a title or a top provision.
    let mut chapters: Vec<(Size, Vec<Measured<'_, '_>>)> = Vec::new();
    for group in groups(&body.rows) {
        let html = group_html(group, words);
        let size = Size::of(&html);
        let begins = group.first().is_some_and(|row| {
            row.kind == RowKind::Title || (!row.id.is_empty() && row.depth == top && row.heading.is_some())
        });
        match chapters.last_mut().filter(|_| !begins) {
            Some((total, rows)) => {
                *total = total.and(size);
                rows.push((group, html, size));
            }
            None => chapters.push((size, vec![(group, html, size)])),
        }
    }
    let mut parts: Vec<(Size, Part<'b>)> = Vec::new();
    for (total, rows) in chapters {
        let mut fresh = parts.last().is_none_or(|(size, _)| size.and(total).exceeds(PART));
        for (group, html, size) in rows {
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
                part.rows.extend(group);
                part.html.push_str(&html.replace("href=\"#", "href=\"./#"));
            }
        }
    }
    let mut parts: Vec<Part<'b>> = parts.into_iter().map(|(_, part)| named(part)).collect();
    lead_notes(&mut parts);
    parts
}

/// Leads the links between a footnote and its mark to the part that holds the
/// other: the contents page has neither.
fn lead_notes(parts: &mut [Part<'_>]) {
    const ID: &str = " id=\"fn";
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (index, part) in parts.iter().enumerate() {
        let ids = part.html.split(ID).skip(1).filter_map(|rest| rest.split('"').next());
        places.extend(ids.map(|id| (format!("fn{id}"), index + 1)));
    }
    if places.is_empty() {
        return;
    }
    for part in parts {
        let mut pieces = part.html.split("href=\"./#fn");
        let mut html = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let id = format!("fn{}", piece.split('"').next().unwrap_or_default());
            let file = places.get(&id).map(|number| part_file(*number)).unwrap_or_default();
            let _ = write!(html, "href=\"{file}#fn{piece}");
        }
        part.html = html;
    }
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
pub(super) const INDEX: Size = Size { bytes: 80_000, elements: 1_700 };

/// How far down the list goes.
#[derive(Debug, Clone, Copy)]
struct Depths {
    /// The deepest level that is named: articles, else the second level. The
    /// headings above it, chapters, stand on lines of their own.
    named: u8,
    /// The deepest level whose anchors all fit the list; 0 when not even the
    /// upper ones do.
    anchored: u8,
}

fn depths(parts: &[Part<'_>]) -> Depths {
    let files = parts.iter().enumerate();
    let rows = files.flat_map(|(index, part)| part.rows.iter().map(move |row| (index, *row)));
    let rows: Vec<(usize, &Row<'_>)> = rows.filter(|(_, row)| !row.id.is_empty()).collect();
    let is_article = |row: &Row<'_>| row.reference.starts_with('第') && row.reference.ends_with('条');
    let articles = rows.iter().filter(|(_, row)| is_article(row)).map(|(_, row)| row.depth).max();
    let top = rows.iter().map(|(_, row)| row.depth).min().unwrap_or(1);
    let named = articles.unwrap_or(top.saturating_add(1));
    let mut levels: BTreeMap<u8, Size> = BTreeMap::new();
    for (index, row) in rows {
        let line = is_line(row, named);
        let mut size = Size::of(&entry(row, &[], &part_file(index + 1), line));
        if line {
            size = size.and(Size::of(NUMBERS));
        }
        let level = levels.entry(row.depth).or_default();
        *level = level.and(size);
    }
    let mut total = Size::default();
    let fits = levels.into_iter().take_while(|(_, size)| {
        total = total.and(*size);
        !total.exceeds(INDEX)
    });
    Depths { named, anchored: fits.last().map_or(0, |(level, _)| level) }
}

/// Opens a paragraph of articles.
const NUMBERS: &str = "<p class=\"nums\">";

/// Whether a row stands on a line of its own: a heading above the articles.
fn is_line(row: &Row<'_>, named: u8) -> bool {
    row.depth < named && !row.heading_text.is_empty()
}

/// The anchors of a part that the list leaves out.
pub(super) fn left_out<'b>(parts: &[Part<'b>], part: &Part<'b>) -> Vec<&'b str> {
    below(part, depths(parts).anchored)
}

fn below<'b>(part: &Part<'b>, deepest: u8) -> Vec<&'b str> {
    let rows = part.rows.iter().filter(|row| !row.id.is_empty() && row.depth > deepest);
    rows.flat_map(|row| std::iter::once(row.id).chain(row.also.iter().copied())).collect()
}

/// The anchors of one row and of those inside it, the last of them a link into
/// its part. A row on a line of its own is a chapter, named with its heading.
fn entry(row: &Row<'_>, inside: &[&str], file: &str, line: bool) -> String {
    let mut out = String::from(if line { "<p class=\"ch\">" } else { "" });
    for id in row.also.iter().chain(inside) {
        out.push_str("<span id=\"");
        escape_html_into(&mut out, id);
        out.push_str("\"></span>");
    }
    out.push_str("<a id=\"");
    escape_html_into(&mut out, row.id);
    let _ = write!(out, "\" data-go href=\"{file}#");
    escape_html_into(&mut out, row.id);
    out.push_str("\">");
    let names = [row.heading_text.trim_end_matches(['。', '：']), row.reference, row.id];
    let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or("");
    escape_html_into(&mut out, name);
    out.push_str(if line { "</a></p>" } else { "</a> " });
    out
}

/// The list that stands on the policy's page: the parts, and in each the
/// chapters and articles, with an anchor for every provision, or for the upper
/// ones where there are too many. A script goes straight to the text.
pub(super) fn index(parts: &[Part<'_>], words: &Words) -> String {
    let mut out = String::from("<div class=\"parts\"><p>");
    escape_html_into(&mut out, &words.split.replace("{n}", &parts.len().to_string()));
    let _ = write!(out, "<a class=\"pad\" data-whole href=\"{WHOLE}\">");
    escape_html_into(&mut out, &words.whole);
    out.push_str("</a></p>");
    let depths = depths(parts);
    for (index, part) in parts.iter().enumerate() {
        let file = part_file(index + 1);
        out.push_str("<h2");
        let hidden = below(part, depths.anchored);
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
        list(&mut out, part, depths, &file);
    }
    out.push_str("</div>");
    out
}

/// The provisions of one part: a deeper one lends its anchor to the one it
/// stands in; one whose own stands in the part before is named itself.
fn list(out: &mut String, part: &Part<'_>, depths: Depths, file: &str) {
    let shown = part.rows.iter().filter(|row| !row.id.is_empty() && row.depth <= depths.anchored);
    let mut entries: Vec<(&Row<'_>, Vec<&str>)> = Vec::new();
    for row in shown {
        match entries.last_mut() {
            Some((_, inside)) if row.depth > depths.named => {
                inside.extend(row.also.iter().copied().chain(std::iter::once(row.id)));
            }
            _ => entries.push((row, Vec::new())),
        }
    }
    let mut open = false;
    for (row, inside) in entries {
        let line = is_line(row, depths.named);
        if open == line {
            out.push_str(if line { "</p>" } else { NUMBERS });
            open = !line;
        }
        out.push_str(&entry(row, &inside, file, line));
    }
    out.push_str(if open { "</p>" } else { "" });
}

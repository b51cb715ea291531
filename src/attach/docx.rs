//! Word: paragraphs, and what Word does not show.

use super::pages;
use super::types::{Reading, Spot, Veil};
use super::xml::{Attributes, Node, is_on, walk};
use super::zipped::Package;

/// Reads a `.docx`.
pub(super) fn read(reading: &mut Reading<'_>, package: &mut Package<'_>) {
    let mut seen = Seen::default();
    part(reading, package, "word/document.xml", None, &mut seen);
    for (start, name) in [
        ("word/header", "页眉"),
        ("word/footer", "页脚"),
        ("word/footnotes", "脚注"),
        ("word/endnotes", "尾注"),
        ("word/comments", "批注"),
    ] {
        for path in package.like(start, ".xml") {
            part(reading, package, &path, Some(name), &mut seen);
        }
    }
    seen.report(reading);
}

/// More names than these are not looked at.
const MOST_AUTHORS: usize = 50;

/// What was met on the way.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) inserted: usize,
    pub(super) deleted: usize,
    pub(super) comments: usize,
    pub(super) hidden: usize,
    /// Who made the changes and comments.
    authors: std::collections::BTreeSet<String>,
}

impl Seen {
    /// The names are shown in a message: few of them, and no longer than names.
    fn author(&mut self, attributes: &Attributes<'_>) {
        if let Some(author) = attributes.get("author") {
            self.name(&author);
        }
    }

    pub(super) fn name(&mut self, author: &str) {
        if self.authors.len() < MOST_AUTHORS {
            self.authors.insert(author.chars().take(30).collect());
            self.authors.remove("");
        }
    }

    pub(super) fn report(&self, reading: &mut Reading<'_>) {
        let names: Vec<&str> = self.authors.iter().map(String::as_str).take(5).collect();
        let by = |zh: bool| match (names.is_empty(), zh) {
            (true, _) => String::new(),
            (false, true) => format!("，署名{}", names.join("、")),
            (false, false) => format!(", by {}", names.join(", ")),
        };
        if self.inserted + self.deleted > 0 {
            let (inserted, deleted) = (self.inserted, self.deleted);
            reading.remark(
                &pages::CHANGES,
                Spot::File,
                format!("含有未接受的修订：插入 {inserted} 处、删除 {deleted} 处{}", by(true)),
                format!("tracked changes: {inserted} insertions, {deleted} deletions{}", by(false)),
            );
        }
        if self.comments > 0 {
            let count = self.comments;
            reading.remark(
                &pages::COMMENTS,
                Spot::File,
                format!("含有 {count} 条批注{}", by(true)),
                format!("{count} comments{}", by(false)),
            );
        }
        if self.hidden > 0 {
            let count = self.hidden;
            reading.remark(
                &pages::HIDDEN_TEXT,
                Spot::File,
                format!("含有隐藏文字 {count} 处"),
                format!("hidden text at {count} places"),
            );
        }
    }
}

/// A paragraph under way: text by how it is seen.
#[derive(Debug, Default)]
struct Paragraph {
    shown: String,
    hidden: String,
    deleted: String,
}

/// Where the walk stands.
#[derive(Debug, Default)]
struct State {
    /// Paragraphs that are open: a text box stands inside one.
    open: Vec<Paragraph>,
    count: usize,
    in_run_properties: bool,
    run_is_hidden: bool,
    in_text: bool,
    deleting: usize,
    /// Depth inside the older copy of a drawing, which repeats its text.
    fallback: usize,
}

fn part(
    reading: &mut Reading<'_>,
    package: &mut Package<'_>,
    path: &str,
    name: Option<&str>,
    seen: &mut Seen,
) {
    let Some(bytes) = package.part(path, reading) else { return };
    let is_comment = name == Some("批注");
    let mut state = State::default();
    let walked = walk(&bytes, |node| match node {
        Node::Open("Fallback", _) => state.fallback += 1,
        Node::Close("Fallback") => state.fallback = state.fallback.saturating_sub(1),
        _ if state.fallback > 0 => {}
        Node::Open(element, attributes) => open(&mut state, element, &attributes, seen),
        Node::Close("p") => {
            if let Some(done) = state.open.pop() {
                emit(reading, &state, &done, name, is_comment);
            }
        }
        Node::Close(element) => close(&mut state, element),
        Node::Text(text) if state.in_text => {
            let Some(paragraph) = state.open.last_mut() else { return };
            if state.deleting > 0 {
                paragraph.deleted.push_str(text);
            } else if state.run_is_hidden {
                seen.hidden += usize::from(paragraph.hidden.is_empty());
                paragraph.hidden.push_str(text);
            } else {
                paragraph.shown.push_str(text);
            }
        }
        Node::Text(_) => {}
    });
    for rest in std::mem::take(&mut state.open) {
        emit(reading, &state, &rest, name, is_comment);
    }
    if walked.is_err() {
        let zh = format!("其中“{path}”写法有误，只检查了前一部分");
        reading.unread(&zh, &format!("`{path}` is malformed; only its beginning was checked"));
    }
}

fn open(state: &mut State, element: &str, attributes: &Attributes<'_>, seen: &mut Seen) {
    match element {
        "p" => {
            state.count += 1;
            state.open.push(Paragraph::default());
        }
        "r" => state.run_is_hidden = false,
        "rPr" => state.in_run_properties = true,
        "vanish" if state.in_run_properties => {
            state.run_is_hidden = attributes.get("val").is_none_or(|value| is_on(&value));
        }
        "t" | "delText" | "instrText" => state.in_text = element != "instrText",
        "tab" | "br" | "cr" if !state.in_run_properties => {
            if let Some(paragraph) = state.open.last_mut() {
                paragraph.shown.push(' ');
            }
        }
        "ins" | "moveTo" | "del" | "moveFrom" => {
            let is_deletion = matches!(element, "del" | "moveFrom");
            // Inside run properties it marks the paragraph mark; still a change.
            seen.inserted += usize::from(!is_deletion);
            seen.deleted += usize::from(is_deletion);
            state.deleting += usize::from(is_deletion);
            seen.author(attributes);
        }
        "comment" => {
            seen.comments += 1;
            seen.author(attributes);
        }
        _ => {}
    }
}

fn close(state: &mut State, element: &str) {
    match element {
        "rPr" => state.in_run_properties = false,
        "r" => state.run_is_hidden = false,
        "t" | "delText" | "instrText" => state.in_text = false,
        "del" | "moveFrom" => state.deleting = state.deleting.saturating_sub(1),
        "tc" => {
            // Cells of a row stand side by side.
            if let Some(paragraph) = state.open.last_mut() {
                paragraph.shown.push(' ');
            }
        }
        _ => {}
    }
}

fn emit(reading: &mut Reading<'_>, state: &State, done: &Paragraph, name: Option<&str>, is_comment: bool) {
    let spot = || name.map_or(Spot::Paragraph(state.count), |name| Spot::Part(name.to_owned()));
    let veil = if is_comment { Veil::Comment } else { Veil::None };
    reading.passage(&spot(), veil, &done.shown);
    reading.passage(&spot(), Veil::HiddenText, &done.hidden);
    reading.passage(&spot(), Veil::Deleted, &done.deleted);
}

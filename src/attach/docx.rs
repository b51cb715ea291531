//! Word: paragraphs, and what Word does not show.

use super::pages;
use super::types::{Reading, Spot, Veil};
use jiedu_office::{self as office, Block, Change, Document, Package, Paragraph, PartKind, RunKind};

/// Reads a `.docx`.
pub(super) fn read(reading: &mut Reading<'_>, package: &mut Package<'_>) {
    let document = office::read_docx(package, &mut reading.budget.limits);
    passages(reading, &document);
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

/// Hands out everything that stands in a document.
pub(super) fn passages(reading: &mut Reading<'_>, document: &Document) {
    let tracked = &document.tracked;
    let mut seen = Seen { inserted: tracked.inserted, deleted: tracked.deleted, ..Seen::default() };
    tracked.authors.iter().for_each(|author| seen.name(author));
    for part in &document.parts {
        let (name, veil) = match &part.kind {
            PartKind::Body | PartKind::Page(_) => (None, Veil::None),
            PartKind::Header => (Some("页眉"), Veil::None),
            PartKind::Footer => (Some("页脚"), Veil::None),
            PartKind::Note(office::NoteKind::Foot, _) => (Some("脚注"), Veil::None),
            PartKind::Note(office::NoteKind::End, _) => (Some("尾注"), Veil::None),
            PartKind::Comment(_, author) => {
                seen.comments += 1;
                seen.name(author);
                (Some("批注"), Veil::Comment)
            }
            PartKind::Drawing => (Some("图表"), Veil::None),
        };
        let spot = match (&part.kind, name) {
            (PartKind::Page(number), _) => Some(Spot::Page(*number)),
            (_, name) => name.map(|name| Spot::Part(name.to_owned())),
        };
        for block in &part.blocks {
            each(reading, block, spot.as_ref(), veil, &mut seen);
        }
    }
    for fault in &document.faults {
        reading.fault(fault);
    }
    seen.report(reading);
}

fn each(reading: &mut Reading<'_>, block: &Block, name: Option<&Spot>, veil: Veil, seen: &mut Seen) {
    block.paragraphs(&mut |paragraph| emit(reading, paragraph, name, veil, seen));
}

fn emit(reading: &mut Reading<'_>, paragraph: &Paragraph, name: Option<&Spot>, veil: Veil, seen: &mut Seen) {
    let (mut shown, mut hidden, mut deleted, mut aids) =
        (String::new(), String::new(), String::new(), String::new());
    for run in &paragraph.runs {
        let text = run.shown();
        let out = match (&run.kind, run.change) {
            (RunKind::Break, _) => {
                shown.push(' ');
                continue;
            }
            (RunKind::Text | RunKind::Picture, Change::Deleted) => &mut deleted,
            (RunKind::Text | RunKind::Picture, _) if run.hidden => &mut hidden,
            (RunKind::Text, _) => &mut shown,
            // Descriptions and reading aids are read by machines only.
            (RunKind::Picture | RunKind::Ruby, _) => &mut aids,
            _ => continue,
        };
        out.push_str(&text);
        if matches!(run.kind, RunKind::Picture | RunKind::Ruby) {
            out.push(' ');
        }
    }
    seen.hidden += usize::from(!hidden.is_empty());
    let spot = name.cloned().unwrap_or(Spot::Paragraph(paragraph.index));
    reading.passage(&spot, veil, &shown);
    reading.passage(&spot, Veil::HiddenText, &hidden);
    reading.passage(&spot, Veil::Deleted, &deleted);
    reading.passage(&spot, veil, &aids);
}

//! The text of a Word file in reading order.

use std::collections::BTreeMap;

use quick_xml::events::BytesStart;

use super::lists::Lists;
use super::styles::Styles;
use super::xml::{Node, attribute, is_on, walk};
use crate::page::{Block, Piece, tidy};
use crate::{ImportError, Page};
use jiedu_base::text::Message;

/// Outward links by relationship id.
pub(super) type Links = BTreeMap<String, String>;

/// Longest address of a link that is kept, in bytes.
const LONGEST_LINK: usize = 2_048;
/// Elements whose content is not kept: the older form of what stands beside
/// it, text boxes, and marks of deleted text.
const SKIPPED: [&str; 3] = ["Fallback", "txbxContent", "sectPr"];

pub(super) fn links(part: &str) -> Result<Links, ImportError> {
    let mut links = Links::new();
    walk("word/_rels/document.xml.rels", part, |node| {
        if let Node::Start("Relationship", element) = node
            && attribute(element, "TargetMode").as_deref() == Some("External")
            && let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target"))
            // Every piece of text in it keeps a copy of the address.
            && target.len() <= LONGEST_LINK
            && ["http://", "https://", "mailto:"].iter().any(|start| target.starts_with(start))
        {
            links.insert(id, target);
        }
        Ok(())
    })?;
    Ok(links)
}

pub(super) fn read(
    document: &str,
    footnotes: Option<&str>,
    styles: &Styles,
    lists: Lists,
    links: &Links,
) -> Result<Page, ImportError> {
    let mut reader = Reader::new(styles, lists, links);
    walk("word/document.xml", document, |node| reader.node(&node))?;
    let called = std::mem::take(&mut reader.called);
    if let Some(part) = footnotes {
        reader.in_notes = true;
        walk("word/footnotes.xml", part, |node| reader.node(&node))?;
        reader.footnotes(&called);
    }
    Ok(reader.page())
}

/// The paragraph being read.
#[derive(Default)]
struct Paragraph {
    style: Option<String>,
    outline: Option<u8>,
    list: Option<String>,
    level: usize,
    pieces: Vec<Piece>,
}

struct Reader<'s> {
    styles: &'s Styles,
    lists: Lists,
    links: &'s Links,
    blocks: Vec<Block>,
    title: Option<String>,
    paragraphs: usize,
    open: Vec<Paragraph>,
    tables: Vec<Vec<Vec<String>>>,
    /// Columns of each open cell.
    spans: Vec<usize>,
    /// Bold, italic, hidden of the run.
    run: (bool, bool, bool),
    in_text: bool,
    link: Option<String>,
    skipped: usize,
    pictures: usize,
    boxes: usize,
    hidden: usize,
    merged: usize,
    /// Ids of footnotes in the order of their calls.
    called: Vec<String>,
    in_notes: bool,
    note_id: Option<String>,
    notes: BTreeMap<String, Vec<Piece>>,
}

impl<'s> Reader<'s> {
    fn new(styles: &'s Styles, lists: Lists, links: &'s Links) -> Self {
        Self {
            styles,
            lists,
            links,
            blocks: Vec::new(),
            title: None,
            paragraphs: 0,
            open: Vec::new(),
            tables: Vec::new(),
            spans: Vec::new(),
            run: (false, false, false),
            in_text: false,
            link: None,
            skipped: 0,
            pictures: 0,
            boxes: 0,
            hidden: 0,
            merged: 0,
            called: Vec::new(),
            in_notes: false,
            note_id: None,
            notes: BTreeMap::new(),
        }
    }

    fn node(&mut self, node: &Node<'_>) -> Result<(), ImportError> {
        match node {
            Node::Start(name, element) => self.start(name, element),
            Node::End(name) => {
                self.end(name);
                Ok(())
            }
            Node::Text(text) => {
                if self.in_text && self.skipped == 0 {
                    self.push(text);
                }
                Ok(())
            }
        }
    }

    fn start(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), ImportError> {
        if SKIPPED.contains(&name) {
            self.boxes += usize::from(name == "txbxContent" && self.skipped == 0);
            self.skipped += 1;
        }
        if self.skipped > 0 {
            return Ok(());
        }
        match name {
            "ins" | "del" | "moveFrom" | "moveTo" | "rPrChange" | "pPrChange" => {
                return Err(ImportError::TrackedChanges { paragraph: self.paragraphs.max(1) });
            }
            "commentReference" => return Err(ImportError::Comments { paragraph: self.paragraphs.max(1) }),
            "p" => {
                self.paragraphs += 1;
                self.open.push(Paragraph::default());
            }
            "r" => self.run = (false, false, false),
            "t" => self.in_text = true,
            "tab" | "br" | "cr" if self.in_run() => self.push(" "),
            "noBreakHyphen" => self.push("-"),
            "hyperlink" => self.link = attribute(element, "id").and_then(|id| self.links.get(&id).cloned()),
            "drawing" | "pict" | "object" => self.pictures += 1,
            "footnote" => self.note_id = attribute(element, "id"),
            "footnoteReference" => self.call(element),
            "tbl" => self.tables.push(Vec::new()),
            "tr" => {
                if let Some(rows) = self.tables.last_mut() {
                    rows.push(Vec::new());
                }
            }
            "tc" => {
                self.spans.push(1);
                self.cell();
            }
            "gridSpan" | "vMerge" => self.merge(name, element),
            _ => self.property(name, element),
        }
        Ok(())
    }

    /// `tab` is also the name of a tab stop in a paragraph's properties.
    fn in_run(&self) -> bool {
        self.open.last().is_some_and(|paragraph| !paragraph.pieces.is_empty())
    }

    fn property(&mut self, name: &str, element: &BytesStart<'_>) {
        match name {
            "b" => self.run.0 = is_on(element),
            "i" => self.run.1 = is_on(element),
            "vanish" => self.run.2 = is_on(element),
            _ => {
                let Some(paragraph) = self.open.last_mut() else { return };
                let value = attribute(element, "val");
                match name {
                    "pStyle" => paragraph.style = value,
                    "outlineLvl" => paragraph.outline = value.and_then(|level| level.parse().ok()),
                    "numId" => paragraph.list = value,
                    "ilvl" => paragraph.level = value.and_then(|level| level.parse().ok()).unwrap_or(0),
                    _ => {}
                }
            }
        }
    }

    fn end(&mut self, name: &str) {
        if SKIPPED.contains(&name) {
            self.skipped = self.skipped.saturating_sub(1);
            return;
        }
        if self.skipped > 0 {
            return;
        }
        match name {
            "t" => self.in_text = false,
            "hyperlink" => self.link = None,
            "footnote" => self.note_id = None,
            "p" => self.paragraph(),
            "tc" => {
                for _ in 1..self.spans.pop().unwrap_or(1) {
                    self.cell();
                }
            }
            "tbl" => self.table(),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        let (bold, italic, hidden) = self.run;
        if hidden {
            self.hidden += 1;
            return;
        }
        if let Some(paragraph) = self.open.last_mut() {
            let link = self.link.clone();
            paragraph.pieces.push(Piece { text: text.to_owned(), bold, italic, link, note: None });
        }
    }

    fn call(&mut self, element: &BytesStart<'_>) {
        let Some(id) = attribute(element, "id") else { return };
        self.called.push(id);
        let note = Some(self.called.len());
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.pieces.push(Piece { note, ..Piece::default() });
        }
    }

    fn paragraph(&mut self) {
        let Some(paragraph) = self.open.pop() else { return };
        let style = paragraph.style.as_deref().unwrap_or_default();
        let mut pieces = paragraph.pieces;
        let own = paragraph.list.map(|list| (list, paragraph.level));
        // `numId` 0 takes a paragraph out of its style's list.
        let list = own.or_else(|| self.styles.list(style)).filter(|(list, _)| list != "0");
        let printed = pieces.iter().any(|piece| !piece.text.trim().is_empty());
        if let Some((list, level)) = list.filter(|_| printed)
            && let Some(number) = self.lists.next(&list, level)
        {
            pieces.insert(
                0,
                Piece { bold: pieces.first().is_some_and(|first| first.bold), ..Piece::plain(number) },
            );
        }
        if self.in_notes {
            if let Some(id) = &self.note_id {
                self.notes.entry(id.clone()).or_default().extend(pieces);
            }
            return;
        }
        if !self.tables.is_empty() {
            let text: String = tidy(pieces).iter().map(|piece| piece.text.as_str()).collect();
            let cell = self.tables.last_mut().and_then(|rows| rows.last_mut()).and_then(|row| row.last_mut());
            if let Some(cell) = cell {
                if !cell.is_empty() && !text.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(&text);
            }
            return;
        }
        let outline = paragraph.outline.or_else(|| self.styles.outline(style)).filter(|level| *level < 9);
        let is_title = self.styles.is_title(style);
        let level = outline.map_or(0, |level| level + 1);
        if let Some(block) = Block::from_pieces(level, pieces) {
            if is_title {
                self.title.get_or_insert_default().push_str(&block.text());
            }
            self.blocks.push(block);
        }
    }

    fn cell(&mut self) {
        if let Some(row) = self.tables.last_mut().and_then(|rows| rows.last_mut()) {
            row.push(String::new());
        }
    }

    /// Joined cells: the others stay empty, so that columns keep in line.
    fn merge(&mut self, name: &str, element: &BytesStart<'_>) {
        self.merged += 1;
        let span = attribute(element, "val").and_then(|span| span.parse::<usize>().ok()).unwrap_or(1);
        if let Some(columns) = self.spans.last_mut().filter(|_| name == "gridSpan") {
            // Word has at most 63 columns.
            *columns = span.min(63);
        }
    }

    fn table(&mut self) {
        let Some(mut rows) = self.tables.pop() else { return };
        rows.retain(|row| !row.is_empty());
        if let Some(cell) =
            self.tables.last_mut().and_then(|rows| rows.last_mut()).and_then(|row| row.last_mut())
        {
            let text = rows.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
            cell.push_str(&text);
        } else if !rows.is_empty() {
            self.blocks.push(Block::Table(rows));
        }
    }

    fn footnotes(&mut self, called: &[String]) {
        for (index, id) in called.iter().enumerate() {
            let pieces = tidy(self.notes.remove(id).unwrap_or_default());
            self.blocks.push(Block::Footnote { number: index + 1, pieces });
        }
    }

    fn page(self) -> Page {
        let mut notes = Vec::new();
        let mut note = |count: usize, zh: &str, en: &str| {
            if count > 0 {
                notes.push(Message::new(format!("{count} {zh}"), format!("{count} {en}")));
            }
        };
        note(
            self.pictures,
            "处图片或嵌入对象没有导入，需要的请另行放入",
            "pictures or embedded objects were left out; add those you need",
        );
        note(self.boxes, "个文本框没有导入，请核对其中的文字", "text boxes were left out; check their text");
        note(self.hidden, "处隐藏文字没有导入", "runs of hidden text were left out");
        note(self.merged, "处合并单元格已拆开，请核对表格", "joined cells were parted; check the tables");
        Page { title: self.title, blocks: self.blocks, notes }
    }
}

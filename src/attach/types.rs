//! Passages, places and bounds.

use std::fmt;

use jiedu_base::finding::Rule;
use jiedu_base::text::{Lang, Message};
use jiedu_office::{Fault, Limits, Package};

use super::pages;

/// Where a passage stands, as a person would look for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// The file as a whole.
    File,
    /// A paragraph of a text document, from 1.
    Paragraph(usize),
    /// A header, footer, footnote or other part beside the text.
    Part(String),
    /// A cell: name of the sheet, and its address such as `B12`.
    Cell(String, String),
    /// A sheet of a workbook.
    Sheet(String),
    /// A page of a PDF or a slide, from 1.
    Page(usize),
    /// A line of a plain text, from 1.
    Line(usize),
    /// A document property by its name.
    Property(String),
    /// A file inside an archive or document, and the place in it.
    Inside(String, Box<Spot>),
}

impl Spot {
    /// The place in words.
    #[must_use]
    pub fn describe(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            Self::File => if zh { "全文" } else { "the file" }.to_owned(),
            Self::Paragraph(n) if zh => format!("第 {n} 段"),
            Self::Paragraph(n) => format!("paragraph {n}"),
            Self::Part(name) => name.clone(),
            Self::Cell(sheet, cell) if zh => format!("工作表“{sheet}”{cell} 单元格"),
            Self::Cell(sheet, cell) => format!("sheet `{sheet}`, cell {cell}"),
            Self::Sheet(sheet) if zh => format!("工作表“{sheet}”"),
            Self::Sheet(sheet) => format!("sheet `{sheet}`"),
            Self::Page(n) if zh => format!("第 {n} 页"),
            Self::Page(n) => format!("page {n}"),
            Self::Line(n) if zh => format!("第 {n} 行"),
            Self::Line(n) => format!("line {n}"),
            Self::Property(name) if zh => format!("文档属性“{name}”"),
            Self::Property(name) => format!("property `{name}`"),
            Self::Inside(file, spot) if zh => format!("其中的 {file} {}", spot.describe(lang)),
            Self::Inside(file, spot) => format!("{file} inside, {}", spot.describe(lang)),
        }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(Lang::Zh))
    }
}

/// Why a reader does not see a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Veil {
    /// It is seen.
    None,
    /// On a hidden sheet, row, column or slide.
    Hidden,
    /// Formatted as hidden text.
    HiddenText,
    /// A comment or note.
    Comment,
    /// Text that was deleted with changes tracked.
    Deleted,
    /// A document property.
    Property,
}

impl Veil {
    /// What the passage is, for messages; empty for what is seen.
    #[must_use]
    pub fn describe(self) -> Message {
        match self {
            Self::None => Message::new("", ""),
            Self::Hidden => {
                Message::new("隐藏的行、列、工作表或幻灯片", "hidden row, column, sheet or slide")
            }
            Self::HiddenText => Message::new("隐藏文字", "hidden text"),
            Self::Comment => Message::new("批注或备注", "comment or note"),
            Self::Deleted => Message::new("修订中已删除的文字", "deleted text of a tracked change"),
            Self::Property => Message::new("文档属性", "document property"),
        }
    }
}

/// A run of text at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands.
    pub spot: Spot,
    /// Why it is not seen.
    pub veil: Veil,
    /// The text; for a cell under a telling head with the head in front.
    pub text: String,
}

/// What is to be said about the file itself.
#[derive(Debug, Clone)]
pub struct Remark {
    /// Under which rule.
    pub rule: &'static Rule,
    /// Where.
    pub spot: Spot,
    /// What.
    pub message: Message,
}

/// What was read of an attachment.
#[derive(Debug, Clone, Default)]
pub struct Extract {
    /// The text, in the order of the file.
    pub passages: Vec<Passage>,
    /// What is to be said about it.
    pub remarks: Vec<Remark>,
}

/// What may still be read of one attachment, whatever it holds.
#[derive(Debug)]
pub(super) struct Budget {
    /// Bytes that may be decompressed, and parts of archives that may be opened.
    pub(super) limits: Limits,
    /// Bytes of text that may be handed out.
    text: usize,
    /// Passages that may be handed out.
    passages: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { limits: Limits::default(), text: 16 << 20, passages: 400_000 }
    }
}

/// A passage longer than this is cut into pieces.
const LONGEST: usize = 64 << 10;

/// More remarks than these on one file tell nobody more.
const MOST_REMARKS: usize = 1_000;

/// An attachment while it is read.
pub(super) struct Reading<'a> {
    pub(super) budget: &'a mut Budget,
    /// Name of the file in an archive; empty for the attachment itself.
    inside: String,
    out: Extract,
    is_full: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn new(budget: &'a mut Budget, inside: String) -> Self {
        Self { budget, inside, out: Extract::default(), is_full: false }
    }

    fn spot(&self, spot: Spot) -> Spot {
        if self.inside.is_empty() { spot } else { Spot::Inside(self.inside.clone(), Box::new(spot)) }
    }

    /// Takes a passage; blank ones are dropped.
    pub(super) fn passage(&mut self, spot: &Spot, veil: Veil, text: &str) {
        let text = text.trim();
        if text.is_empty() || self.is_full {
            return;
        }
        let mut rest = text;
        while !rest.is_empty() {
            let cut = (0..=LONGEST.min(rest.len())).rev().find(|&at| rest.is_char_boundary(at)).unwrap_or(0);
            let (piece, after) = rest.split_at(cut.max(1).min(rest.len()));
            if self.budget.text < piece.len() || self.budget.passages == 0 {
                self.full();
                return;
            }
            self.budget.text -= piece.len();
            self.budget.passages -= 1;
            self.out.passages.push(Passage { spot: self.spot(spot.clone()), veil, text: piece.to_owned() });
            rest = after;
        }
    }

    /// Whether nothing more is taken, so that readers may stop.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Says, once, that the rest is not read.
    pub(super) fn full(&mut self) {
        if !self.is_full {
            self.is_full = true;
            self.remark(
                &pages::TOO_LARGE,
                Spot::File,
                "内容过多或压缩比异常，只检查了前面一部分；请拆分文件，并由人工检查其余内容",
                "too much content, or compressed beyond reason: only the first part was checked",
            );
        }
    }

    pub(super) fn remark(
        &mut self,
        rule: &'static Rule,
        spot: Spot,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        if self.out.remarks.len() >= MOST_REMARKS && rule.code != pages::TOO_LARGE.code {
            return;
        }
        let spot = self.spot(spot);
        let message = Message::new(masked(&zh.into()), masked(&en.into()));
        self.out.remarks.push(Remark { rule, spot, message });
    }

    /// A part that cannot be read.
    pub(super) fn unread(&mut self, zh: &str, en: &str) {
        self.remark(&pages::UNREAD, Spot::File, zh, en);
    }

    /// A part of a zip file; none when it is missing, or when it cannot be read
    /// or is beyond the bounds, which is remarked.
    pub(super) fn part(&mut self, package: &mut Package<'_>, name: &str) -> Option<Vec<u8>> {
        if self.is_full {
            return None;
        }
        match package.part(name, &mut self.budget.limits) {
            Ok(bytes) => bytes,
            Err(Fault::TooLarge) => {
                self.full();
                None
            }
            Err(_) => {
                let zh = format!("其中“{name}”已损坏或加密，没有检查");
                self.unread(&zh, &format!("`{name}` in it is damaged or encrypted and was not checked"));
                None
            }
        }
    }

    /// Says why a part was not read to its end.
    pub(super) fn fault(&mut self, fault: &Fault) {
        if *fault == Fault::TooLarge {
            self.full();
            return;
        }
        let message = fault.message();
        self.unread(
            &format!("{}；其余没有检查", message.zh),
            &format!("{}; the rest was not checked", message.en),
        );
    }

    /// Says so when a part was not read to its end.
    pub(super) fn walked(&mut self, result: &Result<(), Fault>) {
        if let Err(fault) = result {
            self.fault(fault);
        }
    }

    /// Reads a file inside of this one.
    pub(super) fn nested(&mut self, name: &str, bytes: &[u8], depth: usize) {
        let inside = if self.inside.is_empty() { name.to_owned() } else { format!("{}/{name}", self.inside) };
        let mut inner = Reading::new(self.budget, inside);
        super::read_into(&mut inner, name, bytes, depth);
        let (read, is_full) = (inner.out, inner.is_full);
        self.out.passages.extend(read.passages);
        self.out.remarks.extend(read.remarks);
        self.is_full |= is_full;
    }

    pub(super) fn finish(self) -> Extract {
        self.out
    }
}

/// Long numbers with their middle as stars: an author's field may hold a telephone
/// number, and a report must not spread it.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let (number, after) = from.split_at(from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len()));
        out.push_str(before);
        match (number.get(..3), number.get(number.len().saturating_sub(2)..)) {
            (Some(head), Some(tail)) if number.len() >= NUMBER => {
                out.extend([head, &"*".repeat(number.len() - 5), tail]);
            }
            _ => out.push_str(number),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The shortest number that may name a person: that of a mobile phone.
const NUMBER: usize = 11;

//! Word files of before 2007 (MS-DOC): text by its piece table, with the
//! character properties that decide what a reader sees.
//!
//! WPS Writer files (`.wps`) are of the same form. Automatic numbers stand in
//! list tables that are not read; who imports such a file is told so.

use super::compound::{Compound, u16_at, u32_at};
use super::{
    Block, Cell, Change, Document, Fault, Layer, NoteKind, Paragraph, Part, PartKind, Row, Run, RunKind,
    Table,
};

/// Most pieces of a text.
const MOST_PIECES: usize = 200_000;
/// Most characters.
const MOST_CHARS: usize = 8 << 20;
/// Most runs of character properties.
const MOST_RUNS: usize = 500_000;

/// Where the parts of the text end, in the order in which they lie (`FibRgLw97`).
const PARTS: [(usize, Story); 7] = [
    (0x4C, Story::Body),
    (0x50, Story::Footnotes),
    (0x54, Story::Headers),
    (0x5C, Story::Comments),
    (0x60, Story::Endnotes),
    (0x64, Story::Boxes),
    (0x68, Story::Boxes),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Story {
    Body,
    Footnotes,
    Headers,
    Comments,
    Endnotes,
    Boxes,
}

/// What stands at a place of the text.
#[derive(Debug, Clone, Copy)]
struct Char {
    c: char,
    /// Byte in the stream, for the character properties.
    at: u32,
}

/// Character properties of a stretch of bytes.
#[derive(Debug, Clone, Default)]
struct Props {
    run: Run,
    /// A character of a symbol font.
    symbol: Option<char>,
    is_special: bool,
}

/// Reads a `.doc` or `.wps`.
#[must_use]
pub fn read(bytes: &[u8]) -> Document {
    let mut document = Document::default();
    match text(bytes) {
        Ok(parts) => {
            let runs = |part: &Part, change: Change| {
                let mut count = 0;
                for block in &part.blocks {
                    block.paragraphs(&mut |paragraph| {
                        count += paragraph.runs.iter().filter(|run| run.change == change).count();
                    });
                }
                count
            };
            document.tracked.inserted = parts.iter().map(|part| runs(part, Change::Inserted)).sum();
            document.tracked.deleted = parts.iter().map(|part| runs(part, Change::Deleted)).sum();
            document.parts = parts;
        }
        Err(fault) => document.faults.push(fault),
    }
    document
}

/// Whether a file is of this form.
pub fn is_word(file: &Compound<'_>) -> bool {
    file.has("WordDocument")
}

fn text(bytes: &[u8]) -> Result<Vec<Part>, Fault> {
    let file = Compound::open(bytes)?;
    if file.has("EncryptedPackage") {
        return Err(Fault::Encrypted);
    }
    let broken = || Fault::damaged("WordDocument", "结构异常 · malformed");
    let main = file.stream("WordDocument").ok_or_else(broken)?;
    if u16_at(&main, 0) != Some(0xA5EC) {
        return Err(broken());
    }
    let flags = u16_at(&main, 0x0A).ok_or_else(broken)?;
    if flags & 0x0100 != 0 {
        return Err(Fault::Encrypted);
    }
    let table = file.stream(if flags & 0x0200 == 0 { "0Table" } else { "1Table" }).ok_or_else(broken)?;
    let chars = characters(&main, &table).ok_or_else(broken)?;
    if chars.len() >= MOST_CHARS {
        return Err(Fault::TooLarge);
    }
    let props = properties(&main, &table);
    let mut parts = Vec::new();
    let mut start = 0_usize;
    for (at, story) in PARTS {
        let count = u32_at(&main, at).unwrap_or(0) as usize;
        let end = start.saturating_add(count).min(chars.len());
        if let Some(chars) = chars.get(start..end).filter(|chars| !chars.is_empty()) {
            parts.push(part(story, chars, &props));
        }
        start = end;
    }
    Ok(parts)
}

/// All characters in the order of the text (2.8.35 Clx).
fn characters(main: &[u8], table: &[u8]) -> Option<Vec<Char>> {
    let (start, length) = (u32_at(main, 0x01A2)? as usize, u32_at(main, 0x01A6)? as usize);
    let clx = table.get(start..start.checked_add(length)?)?;
    let mut at = 0;
    while clx.get(at) == Some(&1) {
        at += 3 + usize::from(u16_at(clx, at + 1)?);
    }
    if clx.get(at) != Some(&2) {
        return None;
    }
    let pieces = clx.get(at + 5..)?;
    let length = (u32_at(clx, at + 1)? as usize).min(pieces.len());
    let count = length.checked_sub(4)? / 12;
    let mut out = Vec::new();
    for piece in 0..count.min(MOST_PIECES) {
        let (from, to) = (u32_at(pieces, piece * 4)?, u32_at(pieces, piece * 4 + 4)?);
        let place = u32_at(pieces, (count + 1) * 4 + piece * 8 + 2)?;
        let is_narrow = place & 0x4000_0000 != 0;
        let place = place & 0x3FFF_FFFF;
        let width = if is_narrow { 1 } else { 2 };
        let begin = if is_narrow { place / 2 } else { place };
        let length = to.saturating_sub(from).min(u32::try_from(main.len()).unwrap_or(u32::MAX));
        if out.len() + length as usize > MOST_CHARS {
            return Some(out);
        }
        let bytes = main.get(begin as usize..begin.checked_add(length * width)? as usize).unwrap_or_default();
        if is_narrow {
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
            out.extend(text.chars().zip(begin..).map(|(c, at)| Char { c, at }));
        } else {
            wide(bytes, begin, &mut out);
        }
    }
    Some(out)
}

/// Characters of two bytes; a pair of units stays two places of the text.
fn wide(bytes: &[u8], begin: u32, out: &mut Vec<Char>) {
    let mut high = None;
    for (index, pair) in (0_u32..).zip(bytes.chunks_exact(2)) {
        let unit = u16_at(pair, 0).unwrap_or(0xFFFD);
        let c = match (high.take(), unit) {
            (Some(first), 0xDC00..=0xDFFF) => {
                char::decode_utf16([first, unit]).next().and_then(Result::ok).unwrap_or('\u{fffd}')
            }
            (_, 0xD800..=0xDBFF) => {
                high = Some(unit);
                '\0'
            }
            (_, unit) => char::from_u32(u32::from(unit)).unwrap_or('\u{fffd}'),
        };
        out.push(Char { c, at: begin + index * 2 });
    }
}

/// Character properties by their first and last byte (2.9.36 `ChpxFkp`).
fn properties(main: &[u8], table: &[u8]) -> Vec<(u32, u32, Props)> {
    let mut out = Vec::new();
    let place = || Some((u32_at(main, 0x00FA)? as usize, u32_at(main, 0x00FE)? as usize));
    let Some((start, length)) = place() else { return out };
    let Some(index) = start.checked_add(length).and_then(|end| table.get(start..end)) else { return out };
    let count = index.len().saturating_sub(4) / 8;
    for entry in 0..count {
        let Some(page) = u32_at(index, (count + 1) * 4 + entry * 4).map(|page| (page & 0x3F_FFFF) as usize)
        else {
            break;
        };
        let Some(page) = page.checked_mul(512).and_then(|from| main.get(from..from.checked_add(512)?)) else {
            continue;
        };
        let runs = usize::from(page.last().copied().unwrap_or(0));
        for run in 0..runs {
            let (Some(from), Some(to)) = (u32_at(page, run * 4), u32_at(page, run * 4 + 4)) else { break };
            let offset = page.get((runs + 1) * 4 + run).map_or(0, |offset| usize::from(*offset) * 2);
            let length = page.get(offset).map_or(0, |length| usize::from(*length));
            let modifiers = page.get(offset + 1..(offset + 1 + length).min(512)).unwrap_or_default();
            if offset > 0 && out.len() < MOST_RUNS {
                out.push((from, to, modified(modifiers)));
            }
        }
    }
    out.sort_by_key(|(from, _, _)| *from);
    out
}

/// Applies a list of modifiers (2.6.1).
fn modified(mut list: &[u8]) -> Props {
    let mut props = Props::default();
    while let Some(code) = u16_at(list, 0) {
        let operand = list.get(2..).unwrap_or_default();
        let length = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ => 1 + operand.first().map_or(0, |length| usize::from(*length)),
        };
        let value = operand.first().copied().unwrap_or(0);
        let is_on = value & 1 == 1;
        match code {
            0x0800 if is_on => props.run.change = Change::Deleted,
            0x0801 if is_on => props.run.change = Change::Inserted,
            0x0855 => props.is_special = is_on,
            0x0835 => props.run.bold = is_on,
            0x0836 => props.run.italic = is_on,
            0x0837 | 0x2A53 => props.run.struck = is_on,
            0x083C => props.run.hidden = is_on,
            0x2A48 => {
                props.run.layer = match value {
                    1 => Layer::Superscript,
                    2 => Layer::Subscript,
                    _ => Layer::Line,
                }
            }
            0x6A09 => {
                let code = u32::from(u16_at(operand, 2).unwrap_or(0));
                props.symbol = super::docx::symbol_character("wingdings", code);
            }
            _ => {}
        }
        list = operand.get(length..).unwrap_or_default();
    }
    props
}

/// A part under way.
struct Builder {
    blocks: Vec<Block>,
    paragraph: Paragraph,
    cell: Vec<Block>,
    row: Row,
    table: Table,
    count: usize,
    /// Fields that are open, and whether their result comes by.
    fields: Vec<bool>,
    notes: usize,
}

fn part(story: Story, chars: &[Char], props: &[(u32, u32, Props)]) -> Part {
    let mut builder = Builder {
        blocks: Vec::new(),
        paragraph: Paragraph::default(),
        cell: Vec::new(),
        row: Row::default(),
        table: Table::default(),
        count: 0,
        fields: Vec::new(),
        notes: 0,
    };
    let plain = Props::default();
    for (index, Char { c, at }) in chars.iter().enumerate() {
        let before = props.partition_point(|(from, _, _)| from <= at).checked_sub(1);
        let found = before
            .and_then(|before| props.get(before))
            .filter(|(_, to, _)| at < to)
            .map_or(&plain, |(_, _, props)| props);
        let next = chars.get(index + 1).map(|next| next.c);
        builder.char(*c, found, next);
    }
    builder.end_paragraph();
    builder.end_table();
    let kind = match story {
        Story::Body => PartKind::Body,
        Story::Footnotes => PartKind::Note(NoteKind::Foot, "all".to_owned()),
        Story::Endnotes => PartKind::Note(NoteKind::End, "all".to_owned()),
        Story::Headers => PartKind::Header,
        Story::Comments => PartKind::Comment(String::new(), String::new()),
        Story::Boxes => PartKind::Drawing,
    };
    Part { kind, blocks: builder.blocks }
}

impl Builder {
    fn char(&mut self, c: char, props: &Props, next: Option<char>) {
        match c {
            '\u{13}' => self.fields.push(false),
            '\u{14}' => {
                if let Some(field) = self.fields.last_mut() {
                    *field = true;
                }
            }
            '\u{15}' => {
                self.fields.pop();
            }
            _ if self.fields.iter().any(|is_result| !is_result) => {}
            '\r' | '\u{c}' | '\u{e}' => self.end_line(),
            '\u{7}' => self.end_cell(next),
            '\u{b}' => self.add(RunKind::Break, "", props),
            '\u{1}' | '\u{8}' => self.add(RunKind::Picture, "", props),
            '\u{2}' if props.is_special => {
                self.notes += 1;
                self.add(RunKind::Note(NoteKind::Foot, "all".to_owned()), "", props);
            }
            '\u{5}' => self.add(RunKind::Comment(String::new()), "", props),
            '\u{1e}' => self.text('-', props),
            '\u{28}' if props.symbol.is_some() => self.text(props.symbol.unwrap_or('('), props),
            '\0'..='\u{6}' | '\u{f}'..='\u{1f}' => {}
            c => self.text(c, props),
        }
    }

    fn text(&mut self, c: char, props: &Props) {
        let like = &props.run;
        let kind = |run: &Run| (run.bold, run.italic, run.struck, run.hidden, run.layer, run.change);
        match self.paragraph.runs.last_mut() {
            Some(last) if last.kind == RunKind::Text && kind(last) == kind(like) => last.text.push(c),
            _ => self.paragraph.runs.push(Run { text: c.to_string(), ..like.clone() }),
        }
    }

    fn add(&mut self, kind: RunKind, text: &str, props: &Props) {
        self.paragraph.runs.push(Run { kind, text: text.to_owned(), ..props.run.clone() });
    }

    fn take_paragraph(&mut self) -> Paragraph {
        self.count += 1;
        let mut done = std::mem::take(&mut self.paragraph);
        done.index = self.count;
        done
    }

    fn end_line(&mut self) {
        let paragraph = self.take_paragraph();
        if self.row.cells.is_empty() {
            self.end_table();
            self.blocks.push(Block::Paragraph(paragraph));
        } else {
            self.cell.push(Block::Paragraph(paragraph));
        }
    }

    /// A cell mark; two in a row end the row.
    fn end_cell(&mut self, next: Option<char>) {
        let is_empty = self.paragraph.runs.is_empty() && self.cell.is_empty();
        if is_empty && !self.row.cells.is_empty() && next != Some('\u{7}') {
            self.table.rows.push(std::mem::take(&mut self.row));
            return;
        }
        let paragraph = self.take_paragraph();
        self.cell.push(Block::Paragraph(paragraph));
        let blocks = std::mem::take(&mut self.cell);
        self.row.cells.push(Cell { blocks, columns: 1, continues: false });
    }

    fn end_paragraph(&mut self) {
        if !self.paragraph.runs.is_empty() {
            let paragraph = self.take_paragraph();
            self.blocks.push(Block::Paragraph(paragraph));
        }
    }

    fn end_table(&mut self) {
        if !self.row.cells.is_empty() {
            self.table.rows.push(std::mem::take(&mut self.row));
        }
        if !self.table.rows.is_empty() {
            self.blocks.push(Block::Table(std::mem::take(&mut self.table)));
        }
    }
}

//! Rich text (RTF 1.9.1): characters in code pages and Unicode, and what a
//! reader sees of them.

use std::collections::BTreeMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::code_page::{encoding_of_charset, encoding_of_page};
use super::{
    Block, Cell, Change, Document, Fault, Layer, NoteKind, Paragraph, Part, PartKind, Row, Run, RunKind,
    Table,
};

/// Groups nested deeper than this are no document.
const DEEPEST: usize = 500;

/// What a group holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    Text,
    Fonts,
    Instruction,
    /// Not text: colours, styles, pictures.
    Skipped,
}

#[derive(Debug, Clone)]
struct State {
    destination: Destination,
    run: Run,
    /// Bytes that stand for a Unicode character in readers that know none.
    fallback: usize,
    encoding: &'static Encoding,
    in_table: bool,
    /// Parts opened by this group.
    opens: bool,
    /// The destination is one that a reader may skip: `\*`.
    optional: bool,
}

/// A part under way.
#[derive(Debug)]
struct Open {
    kind: PartKind,
    blocks: Vec<Block>,
    paragraph: Paragraph,
    cell: Vec<Block>,
    row: Row,
    table: Table,
    count: usize,
}

impl Open {
    fn new(kind: PartKind) -> Self {
        Self {
            kind,
            blocks: Vec::new(),
            paragraph: Paragraph::default(),
            cell: Vec::new(),
            row: Row::default(),
            table: Table::default(),
            count: 0,
        }
    }

    fn paragraph(&mut self) -> Paragraph {
        self.count += 1;
        let mut done = std::mem::take(&mut self.paragraph);
        done.index = self.count;
        done
    }

    fn end_table(&mut self) {
        if !self.row.cells.is_empty() {
            self.table.rows.push(std::mem::take(&mut self.row));
        }
        if !self.table.rows.is_empty() {
            self.blocks.push(Block::Table(std::mem::take(&mut self.table)));
        }
    }

    fn finish(mut self) -> Part {
        if !self.paragraph.runs.is_empty() {
            let paragraph = self.paragraph();
            self.blocks.push(Block::Paragraph(paragraph));
        }
        if !self.cell.is_empty() {
            let blocks = std::mem::take(&mut self.cell);
            self.row.cells.push(Cell { blocks, columns: 1, continues: false });
        }
        self.end_table();
        Part { kind: self.kind, blocks: self.blocks }
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    state: State,
    stack: Vec<State>,
    open: Vec<Open>,
    document: Document,
    /// Encodings of fonts by number.
    fonts: BTreeMap<i32, &'static Encoding>,
    font: i32,
    /// Bytes that are not decoded yet.
    pending: Vec<u8>,
    /// First half of a pair of UTF-16.
    high: Option<u16>,
    /// Bytes to leave out after a Unicode character.
    skip: usize,
    default: &'static Encoding,
    notes: usize,
}

/// Reads an RTF file.
#[must_use]
pub fn read(bytes: &[u8]) -> Document {
    let state = State {
        destination: Destination::Text,
        run: Run::default(),
        fallback: 1,
        encoding: WINDOWS_1252,
        in_table: false,
        opens: false,
        optional: false,
    };
    let mut reader = Reader {
        bytes,
        at: 0,
        state,
        stack: Vec::new(),
        open: vec![Open::new(PartKind::Body)],
        document: Document::default(),
        fonts: BTreeMap::new(),
        font: 0,
        pending: Vec::new(),
        high: None,
        skip: 0,
        default: WINDOWS_1252,
        notes: 0,
    };
    reader.run();
    reader.flush();
    while let Some(open) = reader.open.pop() {
        let part = open.finish();
        reader.document.parts.insert(0, part);
    }
    reader.document
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    fn run(&mut self) {
        while let Some(byte) = self.next() {
            match byte {
                b'{' => {
                    self.flush();
                    if self.stack.len() >= DEEPEST {
                        self.document.faults.push(Fault::damaged("rtf", "嵌套过深 · nested too deeply"));
                        return;
                    }
                    self.stack.push(self.state.clone());
                    self.state.opens = false;
                    self.state.optional = false;
                    self.skip = 0;
                }
                b'}' => self.close(),
                b'\\' => self.control(),
                b'\r' | b'\n' => {}
                byte => self.byte(byte),
            }
        }
        if !self.stack.is_empty() {
            self.document.faults.push(Fault::damaged("rtf", "不完整 · it ends early"));
        }
    }

    fn close(&mut self) {
        self.flush();
        self.skip = 0;
        if self.state.opens
            && self.open.len() > 1
            && let Some(open) = self.open.pop()
        {
            self.document.parts.push(open.finish());
        }
        if let Some(before) = self.stack.pop() {
            self.state = before;
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.pending.push(byte);
    }

    /// Decodes what is pending.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let (text, _) = self.state.encoding.decode_without_bom_handling(&bytes);
        self.push(&text);
    }

    fn push(&mut self, text: &str) {
        if self.state.destination != Destination::Text {
            return;
        }
        let Some(open) = self.open.last_mut() else { return };
        match open.paragraph.runs.last_mut() {
            Some(last) if same_kind(last, &self.state.run) => last.text.push_str(text),
            _ => open.paragraph.runs.push(Run { text: text.to_owned(), ..self.state.run.clone() }),
        }
    }

    fn mark(&mut self, kind: RunKind) {
        self.flush();
        if self.state.destination == Destination::Text
            && let Some(open) = self.open.last_mut()
        {
            open.paragraph.runs.push(Run { kind, text: String::new(), ..self.state.run.clone() });
        }
    }

    fn control(&mut self) {
        let Some(first) = self.next() else { return };
        if !first.is_ascii_alphabetic() {
            self.symbol(first);
            return;
        }
        let mut word = String::from(char::from(first));
        while let Some(byte) = self.bytes.get(self.at).filter(|byte| byte.is_ascii_alphabetic()) {
            if word.len() < 32 {
                word.push(char::from(*byte));
            }
            self.at += 1;
        }
        let mut number = String::new();
        while let Some(byte) = self
            .bytes
            .get(self.at)
            .filter(|byte| byte.is_ascii_digit() || (**byte == b'-' && number.is_empty()))
        {
            if number.len() < 11 {
                number.push(char::from(*byte));
            }
            self.at += 1;
        }
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        self.word(&word, number.parse().ok());
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'\'' => {
                let digits =
                    self.bytes.get(self.at..self.at + 2).and_then(|pair| std::str::from_utf8(pair).ok());
                if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    self.at += 2;
                    self.byte(byte);
                }
            }
            b'*' => self.state.optional = true,
            b'\\' | b'{' | b'}' => self.byte(symbol),
            b'~' => self.byte(b' '),
            b'_' => self.byte(b'-'),
            b'\r' | b'\n' => self.paragraph(),
            _ => {}
        }
    }

    /// `\uN`: a UTF-16 unit, followed by its stand-in.
    fn unicode(&mut self, number: i32) {
        self.flush();
        let unit = u16::try_from(number & 0xFFFF).unwrap_or(0xFFFD);
        let decoded = match (self.high.take(), unit) {
            (Some(high), 0xDC00..=0xDFFF) => char::decode_utf16([high, unit]).next().and_then(Result::ok),
            (_, 0xD800..=0xDBFF) => {
                self.high = Some(unit);
                None
            }
            (_, unit) => char::from_u32(u32::from(unit)),
        };
        if let Some(c) = decoded {
            self.push(c.encode_utf8(&mut [0; 4]));
        }
        self.skip = self.state.fallback;
    }

    fn paragraph(&mut self) {
        self.flush();
        if self.state.destination != Destination::Text {
            return;
        }
        let in_table = self.state.in_table;
        let Some(open) = self.open.last_mut() else { return };
        let paragraph = open.paragraph();
        if in_table {
            open.cell.push(Block::Paragraph(paragraph));
        } else {
            open.end_table();
            open.blocks.push(Block::Paragraph(paragraph));
        }
    }

    fn cell(&mut self) {
        self.flush();
        let Some(open) = self.open.last_mut() else { return };
        let paragraph = open.paragraph();
        open.cell.push(Block::Paragraph(paragraph));
        let blocks = std::mem::take(&mut open.cell);
        open.row.cells.push(Cell { blocks, columns: 1, continues: false });
    }

    fn row(&mut self) {
        self.flush();
        if let Some(open) = self.open.last_mut() {
            open.table.rows.push(std::mem::take(&mut open.row));
        }
    }

    /// Begins a part beside the text.
    fn begin(&mut self, kind: PartKind) {
        if self.state.destination == Destination::Text && self.open.len() < 20 {
            self.open.push(Open::new(kind));
            self.state.opens = true;
            self.state.run = Run::default();
            self.state.in_table = false;
        } else {
            self.state.destination = Destination::Skipped;
        }
    }

    fn note(&mut self) {
        self.notes += 1;
        let id = self.notes.to_string();
        self.mark(RunKind::Note(NoteKind::Foot, id.clone()));
        self.begin(PartKind::Note(NoteKind::Foot, id));
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let is_on = number != Some(0);
        if self.format(word, number, is_on) {
            return;
        }
        self.flush();
        match word {
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => self.state.fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(20),
            "ansicpg" => {
                self.default = encoding_of_page(number.unwrap_or(1252));
                self.state.encoding = self.default;
            }
            "f" if self.state.destination == Destination::Fonts => self.font = number.unwrap_or(0),
            "f" => {
                let font = number.unwrap_or(0);
                self.state.encoding = self.fonts.get(&font).copied().unwrap_or(self.default);
            }
            "fcharset" => {
                if let Some(encoding) = number.and_then(encoding_of_charset) {
                    self.fonts.insert(self.font, encoding);
                }
            }
            "par" | "sect" => self.paragraph(),
            "line" | "lbr" => self.mark(RunKind::Break),
            "tab" | "emspace" | "enspace" | "page" | "column" => self.push(" "),
            "cell" | "nestcell" => self.cell(),
            "row" | "nestrow" => self.row(),
            "intbl" => self.state.in_table = true,
            "pard" => {
                self.state.in_table = false;
                if let Some(open) = self.open.last_mut() {
                    open.paragraph.is_centred = false;
                }
            }
            "qc" => {
                if let Some(open) = self.open.last_mut() {
                    open.paragraph.is_centred = true;
                }
            }
            _ => self.destination(word),
        }
        if let Some(c) = character(word) {
            self.push(c);
        }
    }

    /// Properties of characters.
    fn format(&mut self, word: &str, number: Option<i32>, is_on: bool) -> bool {
        let mut run = self.state.run.clone();
        match word {
            "plain" => run = Run::default(),
            "b" => run.bold = is_on,
            "i" => run.italic = is_on,
            "strike" | "striked" => run.struck = is_on,
            "v" => run.hidden = is_on,
            "super" => run.layer = if is_on { Layer::Superscript } else { Layer::Line },
            "sub" => run.layer = if is_on { Layer::Subscript } else { Layer::Line },
            "nosupersub" => run.layer = Layer::Line,
            "up" => run.layer = if number.unwrap_or(6) > 0 { Layer::Superscript } else { Layer::Line },
            "dn" => run.layer = if number.unwrap_or(6) > 0 { Layer::Subscript } else { Layer::Line },
            "deleted" => run.change = if is_on { Change::Deleted } else { Change::None },
            "revised" => run.change = if is_on { Change::Inserted } else { Change::None },
            _ => return false,
        }
        self.flush();
        self.document.tracked.deleted += usize::from(word == "deleted" && is_on);
        self.document.tracked.inserted += usize::from(word == "revised" && is_on);
        self.state.run = run;
        true
    }

    fn destination(&mut self, word: &str) {
        match word {
            "fonttbl" => self.state.destination = Destination::Fonts,
            "colortbl" | "stylesheet" | "info" | "generator" | "listtable" | "listoverridetable"
            | "rsidtbl" | "themedata" | "colorschememapping" | "datastore" | "latentstyles" | "xmlnstbl"
            | "mmathPr" | "filetbl" | "pnseclvl" | "bkmkstart" | "bkmkend" | "revtbl" | "atnid"
            | "atnref" | "atndate" | "fontemb" | "userprops" | "nonesttables" | "shppict" | "nonshppict"
            | "pgdsctbl" | "operator" | "objdata" | "atrfstart" | "atrfend" => {
                self.state.destination = Destination::Skipped;
            }
            "pict" => {
                self.mark(RunKind::Picture);
                self.state.destination = Destination::Skipped;
            }
            "object" => self.mark(RunKind::Object),
            "fldinst" => self.state.destination = Destination::Instruction,
            "footnote" => self.note(),
            "header" | "headerl" | "headerr" | "headerf" => self.begin(PartKind::Header),
            "footer" | "footerl" | "footerr" | "footerf" => self.begin(PartKind::Footer),
            "annotation" => self.begin(PartKind::Comment(String::new(), String::new())),
            "shptxt" => self.begin(PartKind::Drawing),
            // What is known to hold text that a reader sees.
            "fldrslt" | "pntext" | "ud" | "upr" | "listtext" | "shpinst" | "shp" | "result" | "field" => {}
            _ if self.state.optional => self.state.destination = Destination::Skipped,
            _ => {}
        }
        if !matches!(word, "ud" | "shpinst") {
            self.state.optional = false;
        }
    }
}

/// Words that stand for a character.
fn character(word: &str) -> Option<&'static str> {
    Some(match word {
        "emdash" => "—",
        "endash" => "–",
        "lquote" => "‘",
        "rquote" => "’",
        "ldblquote" => "“",
        "rdblquote" => "”",
        "bullet" => "•",
        _ => return None,
    })
}

fn same_kind(last: &Run, run: &Run) -> bool {
    let kind = |run: &Run| (run.bold, run.italic, run.struck, run.hidden, run.layer, run.change);
    last.kind == RunKind::Text && kind(last) == kind(run)
}

#[cfg(test)]
#[path = "rtf_tests.rs"]
mod tests;

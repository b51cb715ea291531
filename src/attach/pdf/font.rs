//! From the codes of a font to characters: its own table (`ToUnicode`, ISO
//! 32000-1, 9.10.3), the predefined tables for Chinese, the Latin encodings.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Encoding, Object};

use super::LARGEST_PAGE;
use super::file::plain;
use super::lexer::{Lexer, Token};
use crate::types::Budget;

/// Entries of all tables of one file.
pub(super) const MOST_ENTRIES: usize = 1_000_000;
/// Ranges of codes that are told apart in one table.
const MOST_SPACES: usize = 32;
/// UTF-16 units that one code may stand for: ligatures have four.
const LONGEST: usize = 16;

/// A font: what its codes mean, and how wide they are.
pub(super) struct Font {
    codes: Codes,
    widths: Widths,
}

/// How wide the codes of a font are, in parts of its size.
enum Widths {
    /// Codes of one byte from a first one on.
    Narrow(usize, Vec<f32>),
    /// Codes of two bytes; the rest has one width.
    Wide(BTreeMap<u16, f32>, f32),
    /// Not said, or not for these codes.
    Unknown,
}

/// How a font's codes are to be read.
enum Codes {
    /// By its own table.
    Table(Table),
    /// As text in an encoding of China.
    Chinese(&'static encoding_rs::Encoding),
    /// One byte a character.
    Latin(Vec<String>),
    /// Not at all: numbers of glyphs without a table.
    Unknown,
}

/// A table of codes.
#[derive(Default)]
struct Table {
    /// Lengths and bounds of codes, both inclusive.
    spaces: Vec<(usize, u32, u32)>,
    /// By length and first code: the last code, and what the first stands for.
    ranges: BTreeMap<(usize, u32), (u32, Vec<u16>)>,
}

impl Font {
    /// Reads the font of a dictionary. `left` counts objects, `entries` those of
    /// tables.
    pub(super) fn read(
        document: &Document,
        font: &Dictionary,
        budget: &mut Budget,
        left: &mut usize,
        entries: &mut usize,
    ) -> Self {
        let codes = Codes::read(document, font, budget, left, entries);
        Self { codes, widths: Widths::read(document, font, entries) }
    }

    /// The characters of a string of codes, added to a text; how wide they are,
    /// in parts of the size of the font.
    pub(super) fn decode(&self, codes: &[u8], text: &mut String) -> f32 {
        let from = text.len();
        self.codes.decode(codes, text);
        match &self.widths {
            Widths::Narrow(first, widths) => {
                let width = |code: &u8| usize::from(*code).checked_sub(*first).and_then(|at| widths.get(at));
                codes.iter().map(|code| width(code).copied().unwrap_or(0.0)).sum()
            }
            Widths::Wide(widths, other) => {
                let (pairs, _) = codes.as_chunks::<2>();
                pairs.iter().map(|pair| widths.get(&u16::from_be_bytes(*pair)).unwrap_or(other)).sum()
            }
            Widths::Unknown => {
                let shown = text.get(from..).unwrap_or_default();
                shown.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum()
            }
        }
    }
}

impl Widths {
    /// ISO 32000-1, 9.6.2 and 9.7.4.3.
    fn read(document: &Document, font: &Dictionary, entries: &mut usize) -> Self {
        let number = |object: &Object| {
            let object = document.dereference(object).map_or(object, |(_, object)| object);
            object.as_float().ok().filter(|number| (0.0..100_000.0).contains(number)).unwrap_or(0.0)
        };
        if let Some(widths) = array(document, font, b"Widths") {
            let first = font.get(b"FirstChar").and_then(Object::as_i64).unwrap_or(0);
            // Fonts of drawings have a measure of their own.
            let matrix = array(document, font, b"FontMatrix").and_then(|matrix| matrix.first().map(&number));
            let unit = matrix.filter(|unit| *unit > 0.0).unwrap_or(0.001);
            let widths = widths.iter().take(256).map(|width| number(width) * unit).collect();
            return Self::Narrow(usize::try_from(first).unwrap_or(0), widths);
        }
        let is_plain = font
            .get_deref(b"Encoding", document)
            .and_then(Object::as_name)
            .is_ok_and(|name| name.starts_with(b"Identity"));
        let child = array(document, font, b"DescendantFonts").and_then(|all| all.first());
        let child = child.and_then(|child| document.dereference(child).ok());
        let Some(child) = child.and_then(|(_, child)| child.as_dict().ok()).filter(|_| is_plain) else {
            return Self::Unknown;
        };
        let other = child.get(b"DW").map_or(1.0, |width| number(width) / 1000.0);
        let mut widths = BTreeMap::new();
        let mut list = array(document, child, b"W").map(Vec::as_slice).unwrap_or_default().iter();
        while let (Some(first), Some(next)) = (list.next(), list.next()) {
            let first = code_of(first);
            let next = document.dereference(next).map_or(next, |(_, object)| object);
            let run: Vec<(u16, f32)> = match next {
                Object::Array(each) => (first..=u16::MAX).zip(each.iter().map(&number)).collect(),
                end => {
                    let width = list.next().map_or(0.0, &number);
                    (first..=code_of(end)).map(|code| (code, width)).collect()
                }
            };
            // Runs may say the same codes again and again.
            let Some(rest) = entries.checked_sub(run.len()) else { break };
            *entries = rest;
            widths.extend(run.into_iter().map(|(code, width)| (code, width / 1000.0)));
        }
        Self::Wide(widths, other)
    }
}

fn array<'d>(document: &'d Document, dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d Vec<Object>> {
    dictionary.get_deref(key, document).and_then(Object::as_array).ok()
}

fn code_of(object: &Object) -> u16 {
    object.as_i64().ok().and_then(|code| u16::try_from(code).ok()).unwrap_or(0)
}

impl Codes {
    fn read(
        document: &Document,
        font: &Dictionary,
        budget: &mut Budget,
        left: &mut usize,
        entries: &mut usize,
    ) -> Self {
        let own = font.get_deref(b"ToUnicode", document).and_then(Object::as_stream).ok();
        if *entries == 0 {
            return Self::Unknown;
        }
        if let Some(content) = own.and_then(|stream| plain(stream, LARGEST_PAGE, budget)) {
            // An entry costs more than the bytes that it is written in.
            budget.limits.bytes = budget.limits.bytes.saturating_sub(content.len().saturating_mul(7));
            let is_wide = font.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Type0");
            return Self::Table(Table::read(&content, is_wide, left, entries));
        }
        let encoding = font.get_deref(b"Encoding", document);
        if let Ok(name) = encoding.and_then(Object::as_name) {
            let name = String::from_utf8_lossy(name);
            if name.starts_with("UniGB") || name.starts_with("UniCNS") {
                return Self::Chinese(encoding_rs::UTF_16BE);
            }
            if name.starts_with("GB") {
                return Self::Chinese(encoding_rs::GB18030);
            }
            if name.starts_with("Identity") {
                return Self::Unknown;
            }
        }
        let latin = font.get_font_encoding_with_limit(document, LARGEST_PAGE);
        let letter = |encoding: &Encoding<'_>, code| encoding.bytes_to_string(&[code]).unwrap_or_default();
        latin.map_or(Self::Unknown, |encoding| {
            Self::Latin((0..=u8::MAX).map(|code| letter(&encoding, code)).collect())
        })
    }

    fn decode(&self, codes: &[u8], text: &mut String) {
        match self {
            Self::Table(table) => table.decode(codes, text),
            Self::Chinese(encoding) => text.push_str(&encoding.decode_without_bom_handling(codes).0),
            Self::Latin(letters) => {
                for letter in codes.iter().filter_map(|code| letters.get(usize::from(*code))) {
                    text.push_str(letter);
                }
            }
            Self::Unknown => {}
        }
    }
}

impl Table {
    fn read(content: &[u8], is_wide: bool, left: &mut usize, entries: &mut usize) -> Self {
        let mut table = Self::default();
        let mut lexer = Lexer::content(content, left);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(token) = lexer.next() {
            match token {
                Token::Object(object) => operands.push(object),
                Token::Word(b"endcodespacerange") => table.spaces(&std::mem::take(&mut operands)),
                Token::Word(b"endbfchar") => table.chars(&std::mem::take(&mut operands), entries),
                Token::Word(b"endbfrange") => table.bounds(&std::mem::take(&mut operands), entries),
                Token::Word(_) => operands.clear(),
            }
        }
        if table.spaces.is_empty() {
            let length = if is_wide { 2 } else { 1 };
            table.spaces.push((length, 0, u32::MAX));
        }
        table
    }

    fn spaces(&mut self, operands: &[Object]) {
        for pair in operands.chunks_exact(2) {
            if let [first, last] = pair
                && let Some(((length, low), (_, high))) = code(first).zip(code(last))
                && self.spaces.len() < MOST_SPACES
            {
                self.spaces.push((length, low, high));
            }
        }
    }

    fn chars(&mut self, operands: &[Object], entries: &mut usize) {
        for pair in operands.chunks_exact(2) {
            if let [from, to] = pair
                && let Some((key, to)) = code(from).zip(units(to))
            {
                self.put(key, key.1, to, entries);
            }
        }
    }

    fn bounds(&mut self, operands: &[Object], entries: &mut usize) {
        for three in operands.chunks_exact(3) {
            let [first, last, to] = three else { continue };
            let Some(((length, low), (_, high))) = code(first).zip(code(last)) else { continue };
            match to {
                Object::Array(all) => {
                    for (code, to) in (low..=high).zip(all) {
                        if let Some(to) = units(to) {
                            self.put((length, code), code, to, entries);
                        }
                    }
                }
                to => {
                    if let Some(to) = units(to) {
                        self.put((length, low), high, to, entries);
                    }
                }
            }
        }
    }

    fn put(&mut self, key: (usize, u32), last: u32, to: Vec<u16>, entries: &mut usize) {
        if let Some(rest) = entries.checked_sub(1) {
            *entries = rest;
            self.ranges.insert(key, (last, to));
        }
    }

    fn decode(&self, codes: &[u8], text: &mut String) {
        let (mut at, mut units) = (0, Vec::new());
        while at < codes.len() {
            let mut code = 0_u32;
            let known =
                codes.get(at..).unwrap_or_default().iter().take(4).enumerate().find_map(|(index, byte)| {
                    code = code << 8 | u32::from(*byte);
                    let length = index + 1;
                    let fits =
                        |space: &&(usize, u32, u32)| space.0 == length && (space.1..=space.2).contains(&code);
                    self.spaces.iter().find(fits).map(|_| (length, code))
                });
            let Some((length, code)) = known else {
                at += self.spaces.iter().map(|space| space.0).min().unwrap_or(1);
                continue;
            };
            at += length;
            let Some((key, (last, to))) = self.ranges.range(..=(length, code)).next_back() else { continue };
            if key.0 != length || code > *last {
                continue;
            }
            let Some((end, head)) = to.split_last() else { continue };
            units.extend_from_slice(head);
            units.push(end.wrapping_add(u16::try_from(code - key.1).unwrap_or(u16::MAX)));
        }
        text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
    }
}

/// A code: its length in bytes, and its number.
fn code(object: &Object) -> Option<(usize, u32)> {
    let bytes = object.as_str().ok().filter(|bytes| (1..=4).contains(&bytes.len()))?;
    Some((bytes.len(), bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte))))
}

/// What a code stands for, in UTF-16.
fn units(object: &Object) -> Option<Vec<u16>> {
    let (pairs, _) = object.as_str().ok()?.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().take(LONGEST).map(|pair| u16::from_be_bytes(*pair)).collect();
    Some(units).filter(|units| !units.is_empty())
}

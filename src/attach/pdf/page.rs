//! The text of pages: contents, fonts, and the forms that contents draw.
//!
//! Runs of text on one baseline are one line, with a blank where they stand
//! apart, so that a number stays whole however it was set and cells of a table
//! do not run into each other.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::file::plain;
use super::font::{Font, MOST_ENTRIES};
use super::lexer::{Lexer, Token};
use super::{LARGEST_PAGE, MOST_PAGES};
use crate::types::{Budget, Reading, Spot, Veil};

/// Forms that draw forms deeper than this are not followed.
const DEEPEST: usize = 8;
/// Steps through the tree of pages.
const MOST_STEPS: usize = 200_000;
/// Objects and operators of the contents of all pages.
const MOST_TOKENS: usize = 30_000_000;
/// Operands of one operator that are kept.
const MOST_OPERANDS: usize = 64;
/// A line longer than this is handed out in pieces.
const LONGEST_LINE: usize = 32 << 10;

/// A page: its dictionary, and where its resources stand.
pub(super) struct Page<'d> {
    dictionary: &'d Dictionary,
    resources: Option<&'d Dictionary>,
}

/// The pages in their order; whether the tree was beyond the bounds.
pub(super) fn pages(document: &Document) -> (Vec<Page<'_>>, bool) {
    let root = document.catalog().and_then(|catalog| catalog.get(b"Pages")).ok();
    let mut open: Vec<(&Object, Option<&Dictionary>)> = root.map(|root| (root, None)).into_iter().collect();
    let (mut seen, mut found, mut steps) = (BTreeSet::new(), Vec::new(), 0);
    while let Some((node, inherited)) = open.pop() {
        steps += 1;
        if steps > MOST_STEPS || found.len() >= MOST_PAGES {
            return (found, true);
        }
        if let Object::Reference(id) = node
            && !seen.insert(*id)
        {
            continue;
        }
        let Ok(dictionary) = document.dereference(node).and_then(|(_, node)| node.as_dict()) else {
            continue;
        };
        let own = dictionary.get_deref(b"Resources", document).and_then(Object::as_dict).ok();
        let resources = own.or(inherited);
        match dictionary.get_deref(b"Kids", document).and_then(Object::as_array) {
            Ok(kids) => {
                let space = MOST_STEPS.saturating_sub(open.len());
                open.extend(kids.iter().take(space).rev().map(|kid| (kid, resources)));
                steps += kids.len().min(space);
            }
            Err(_) => found.push(Page { dictionary, resources }),
        }
    }
    if found.is_empty() {
        // No tree: whatever is a page.
        let all = document.objects.values().filter_map(|object| object.as_dict().ok());
        let all = all.filter(|dictionary| dictionary.has_type(b"Page")).take(MOST_PAGES);
        found.extend(all.map(|dictionary| Page {
            dictionary,
            resources: dictionary.get_deref(b"Resources", document).and_then(Object::as_dict).ok(),
        }));
    }
    (found, false)
}

/// Reads pages, one after the other.
pub(super) struct Reader<'d> {
    document: &'d Document,
    fonts: BTreeMap<ObjectId, Font>,
    tokens: usize,
    entries: usize,
    /// Whether contents were beyond the bounds.
    pub(super) is_partial: bool,
}

/// What a content sets and shows.
#[derive(Default)]
struct State {
    font: Option<ObjectId>,
    /// A font that stands in the resources themselves.
    own_font: Option<std::rc::Rc<Font>>,
    size: f32,
    leading: f32,
    /// Begin of the line, and scale.
    line: [f32; 3],
    /// Where the next character stands.
    pen: f32,
    /// Where the last one ended: origin, baseline, end.
    last: Option<(usize, f32, f32)>,
    /// Coordinates that a `cm` moved are others.
    origin: usize,
    saved: Vec<usize>,
    moves: usize,
    text: String,
    any: bool,
}

impl<'d> Reader<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self {
            document,
            fonts: BTreeMap::new(),
            tokens: MOST_TOKENS,
            entries: MOST_ENTRIES,
            is_partial: false,
        }
    }

    /// Hands out the lines of a page; says whether there were any.
    pub(super) fn page(&mut self, reading: &mut Reading<'_>, page: &Page<'d>, number: usize) -> bool {
        let content = self.content(page.dictionary, reading.budget);
        let mut state = State { line: [0.0, 0.0, 1.0], ..State::default() };
        self.run(reading, &mut state, &content, page.resources, (number, 0));
        flush(reading, &mut state, number);
        state.any
    }

    /// The contents of a page, joined as the format wants.
    fn content(&mut self, page: &Dictionary, budget: &mut Budget) -> Vec<u8> {
        let contents = page.get_deref(b"Contents", self.document);
        let parts = match contents {
            Ok(Object::Array(parts)) => parts.as_slice(),
            Ok(part) => std::slice::from_ref(part),
            Err(_) => &[],
        };
        let mut content = Vec::new();
        for part in parts {
            let Ok((_, Object::Stream(stream))) = self.document.dereference(part) else { continue };
            match plain(stream, LARGEST_PAGE.saturating_sub(content.len()), budget) {
                Some(bytes) => content.extend(bytes),
                None => self.is_partial = true,
            }
            content.push(b'\n');
            if budget.limits.bytes == 0 || content.len() > LARGEST_PAGE {
                self.is_partial = true;
                break;
            }
        }
        content
    }

    fn run(
        &mut self,
        reading: &mut Reading<'_>,
        state: &mut State,
        content: &[u8],
        resources: Option<&'d Dictionary>,
        (page, depth): (usize, usize),
    ) {
        let mut tokens = self.tokens;
        let mut lexer = Lexer::content(content, &mut tokens);
        let mut operands: Vec<Object> = Vec::new();
        let mut used = 0;
        while let Some(token) = lexer.next() {
            let word = match token {
                Token::Object(object) => {
                    operands.extend(Some(object).filter(|_| operands.len() < MOST_OPERANDS));
                    continue;
                }
                Token::Word(word) => word,
            };
            match word {
                b"Do" => {
                    let before = self.tokens;
                    self.form(reading, state, &operands, resources, (page, depth));
                    used += before - self.tokens;
                }
                b"ID" => skip_image(&mut lexer, content),
                b"Tf" => self.set_font(reading, state, &operands, resources),
                word => self.operator(reading, state, word, &operands, page),
            }
            operands.clear();
            if reading.is_full() || used >= MOST_TOKENS {
                break;
            }
        }
        self.tokens = tokens.saturating_sub(used);
        self.is_partial |= self.tokens == 0;
    }

    /// The text of a form that a content draws.
    fn form(
        &mut self,
        reading: &mut Reading<'_>,
        state: &mut State,
        operands: &[Object],
        resources: Option<&'d Dictionary>,
        (page, depth): (usize, usize),
    ) {
        let named = operands.first().and_then(|name| name.as_name().ok());
        let forms =
            resources.and_then(|it| it.get_deref(b"XObject", self.document).and_then(Object::as_dict).ok());
        let Some(form) = forms.zip(named).and_then(|(forms, name)| forms.get_deref(name, self.document).ok())
        else {
            return;
        };
        let Object::Stream(form) = form else { return };
        if form.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name != b"Form") {
            return;
        }
        if depth >= DEEPEST || reading.budget.limits.bytes == 0 || self.tokens == 0 {
            self.is_partial = true;
            return;
        }
        let Some(content) = plain(form, LARGEST_PAGE, reading.budget) else {
            self.is_partial = true;
            return;
        };
        // However short it is: forms that draw forms are many at once.
        reading.budget.limits.bytes = reading.budget.limits.bytes.saturating_sub(4 << 10);
        let own = form.dict.get_deref(b"Resources", self.document).and_then(Object::as_dict).ok();
        flush(reading, state, page);
        self.run(reading, state, &content, own.or(resources), (page, depth + 1));
        flush(reading, state, page);
    }

    fn set_font(
        &mut self,
        reading: &mut Reading<'_>,
        state: &mut State,
        operands: &[Object],
        resources: Option<&'d Dictionary>,
    ) {
        state.size = number(operands.get(1)).abs();
        (state.font, state.own_font) = (None, None);
        let name = operands.first().and_then(|name| name.as_name().ok());
        let fonts =
            resources.and_then(|it| it.get_deref(b"Font", self.document).and_then(Object::as_dict).ok());
        let Some(entry) = fonts.zip(name).and_then(|(fonts, name)| fonts.get(name).ok()) else { return };
        let id = entry.as_reference().ok();
        if let Some(id) = id.filter(|id| self.fonts.contains_key(id)) {
            state.font = Some(id);
            return;
        }
        let Ok(font) = self.document.dereference(entry).and_then(|(_, font)| font.as_dict()) else { return };
        let font = Font::read(self.document, font, reading.budget, &mut self.tokens, &mut self.entries);
        self.is_partial |= self.entries == 0;
        match id {
            Some(id) => {
                self.fonts.insert(id, font);
                state.font = Some(id);
            }
            None => state.own_font = Some(std::rc::Rc::new(font)),
        }
    }

    fn operator(
        &self,
        reading: &mut Reading<'_>,
        state: &mut State,
        word: &[u8],
        operands: &[Object],
        page: usize,
    ) {
        let at = |index: usize| number(operands.get(index));
        match word {
            b"BT" => (state.line, state.pen) = ([0.0, 0.0, 1.0], 0.0),
            b"Tm" => {
                let scale = at(0).hypot(at(1));
                state.line = [at(4), at(5), scale];
                state.pen = at(4);
            }
            b"Td" | b"TD" => {
                if word == b"TD" {
                    state.leading = -at(1);
                }
                state.next_line(at(0), at(1));
            }
            b"TL" => state.leading = at(0),
            b"T*" => state.next_line(0.0, -state.leading),
            b"q" if state.saved.len() < 1_000 => state.saved.push(state.origin),
            b"Q" => state.origin = state.saved.pop().unwrap_or(0),
            b"cm" => {
                state.moves += 1;
                state.origin = state.moves;
            }
            b"Tj" => self.show(reading, state, operands.first(), page),
            b"TJ" => {
                for item in operands.first().and_then(|items| items.as_array().ok()).into_iter().flatten() {
                    match item {
                        Object::String(..) => self.show(reading, state, Some(item), page),
                        gap => state.pen -= number(Some(gap)) / 1000.0 * state.size * state.line[2],
                    }
                }
            }
            b"'" | b"\"" => {
                state.next_line(0.0, -state.leading);
                self.show(reading, state, operands.last(), page);
            }
            _ => {}
        }
    }

    /// Shows a string where the pen stands.
    fn show(&self, reading: &mut Reading<'_>, state: &mut State, string: Option<&Object>, page: usize) {
        let Some(codes) = string.and_then(|string| string.as_str().ok()) else { return };
        let own = state.own_font.clone();
        let font = own.as_deref().or_else(|| self.fonts.get(state.font.as_ref()?));
        let Some(font) = font else { return };
        let em = (state.size * state.line[2]).max(0.001);
        let here = (state.origin, state.line[1]);
        let gap = match state.last {
            Some((origin, base, end)) if origin == here.0 && (base - here.1).abs() < em * 0.4 => {
                Some(state.pen - end)
            }
            _ => None,
        };
        match gap {
            None => flush(reading, state, page),
            Some(gap) if gap > em * 0.25 || gap < -em * 2.0 => state.text.push(' '),
            Some(_) => {}
        }
        // Codes stand for a few characters at most: a string is taken in pieces.
        for piece in codes.chunks(12 << 10) {
            state.pen += font.decode(piece, &mut state.text) * em;
        }
        state.last = Some((here.0, here.1, state.pen));
        if state.text.len() > LONGEST_LINE {
            flush(reading, state, page);
        }
    }
}

impl State {
    fn next_line(&mut self, x: f32, y: f32) {
        let [from, base, scale] = self.line;
        self.line = [from + x * scale, base + y * scale, scale];
        self.pen = from + x * scale;
    }
}

/// Hands out the line so far.
fn flush(reading: &mut Reading<'_>, state: &mut State, page: usize) {
    let line = std::mem::take(&mut state.text);
    if !line.trim().is_empty() {
        state.any = true;
        reading.passage(&Spot::Page(page), Veil::None, &line);
    }
}

/// The pixels of a picture inside a content: up to an `EI` that stands alone.
fn skip_image(lexer: &mut Lexer<'_, '_>, content: &[u8]) {
    let rest = content.get(lexer.at..).unwrap_or_default();
    let alone = |window: &[u8]| matches!(window, [a, b'E', b'I', b] if a.is_ascii_whitespace() && b.is_ascii_whitespace());
    lexer.at = rest.windows(4).position(alone).map_or(content.len(), |found| lexer.at + found + 3);
}

/// A number, however it is written; 0 for anything else.
fn number(object: Option<&Object>) -> f32 {
    object.and_then(|object| object.as_float().ok()).filter(|number| number.is_finite()).unwrap_or(0.0)
}

//! The text as the rules see it.

use std::borrow::Cow;
use std::ops::Range;

use jiff::civil::Date;

use jiedu_base::text::{SourceFile, TextRange, is_han};
use jiedu_markdown::{Body, Prose, ProseKind};

use super::habits::Habits;
use super::profile::Profile;
use super::triggers::{FINDER, Met, Trigger, spread};

/// Stands, byte for byte, for what is not prose (code, addresses, raw HTML).
pub(crate) const MASK: char = '\u{1a}';

/// One document under the rules.
pub(crate) struct Document<'a> {
    pub(crate) file: &'a SourceFile,
    pub(crate) body: &'a Body,
    pub(crate) profile: Profile,
    /// The day on which the text is read, where that is known.
    pub(crate) today: Option<Date>,
    pub(crate) segments: Vec<Segment<'a>>,
    pub(crate) habits: Habits,
}

impl<'a> Document<'a> {
    pub(crate) fn new(body: &'a Body, profile: Profile) -> Self {
        let mut pairs = Vec::new();
        let prose = body.prose.iter().enumerate();
        let segments: Vec<_> = prose.map(|(index, prose)| Segment::new(index, prose, &mut pairs)).collect();
        let habits = Habits::of(&segments);
        Self { file: &body.file, body, profile, today: None, segments, habits }
    }

    /// The same read on a day.
    pub(crate) fn on(self, today: Option<Date>) -> Self {
        Self { today, ..self }
    }

    /// The segments that stand in the flow of the text: no cells, footnotes or
    /// alternative texts.
    pub(crate) fn flow(&self) -> impl Iterator<Item = &Segment<'a>> {
        self.segments.iter().filter(|segment| segment.is_flow())
    }
}

/// One prose segment with what most rules ask about it.
pub(crate) struct Segment<'a> {
    pub(crate) index: usize,
    pub(crate) prose: &'a Prose,
    /// The text with everything opaque masked; offsets are those of the prose.
    pub(crate) text: Cow<'a, str>,
    /// Every character that is not Han, with its offset.
    pub(crate) marks: Vec<(usize, char)>,
    /// Which kinds of characters occur.
    pub(crate) has: Features,
    met: Met,
    titles: Vec<Range<usize>>,
    quotes: Vec<Range<usize>>,
}

/// Which kinds of characters occur in a segment: the pre-filter of the rules.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one text")]
pub(crate) struct Features {
    pub(crate) han: bool,
    pub(crate) digit: bool,
    pub(crate) latin: bool,
    pub(crate) wide: bool,
    pub(crate) blank: bool,
    pub(crate) ascii_mark: bool,
    pub(crate) title: bool,
    pub(crate) percent: bool,
    /// Several full-width blanks: a line that is laid out by hand.
    pub(crate) padding: bool,
    /// One or two neighbouring characters that come again within eight.
    pub(crate) repeat: bool,
}

impl Features {
    /// Notes a character that is not Han.
    fn note(&mut self, c: char) {
        match c {
            '0'..='9' => self.digit = true,
            'a'..='z' | 'A'..='Z' => self.latin = true,
            '%' | '％' => self.percent = true,
            ' '
            | '\t'
            | '\u{3000}'
            | '\u{a0}'
            | '\u{200b}'..='\u{200d}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
            | '\u{2060}'
            | '\u{ad}' => self.blank = true,
            '《' | '》' | '〈' | '〉' | '<' | '＜' | '﹤' => self.title = true,
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => self.wide = true,
            _ => self.ascii_mark |= c.is_ascii_punctuation(),
        }
    }
}

/// Whether two neighbours come again within the eight characters after them: what is
/// typed twice does.
fn comes_again(pairs: &[u32]) -> bool {
    // No early end: the processor compares several at a time.
    let again = |distance: usize| {
        let later = pairs.get(distance..).unwrap_or(&[]);
        pairs.iter().zip(later).map(|(pair, later)| u8::from(pair == later)).fold(0, |all, one| all | one)
            == 1
    };
    (2..=8).any(again)
}

impl<'a> Segment<'a> {
    /// Walks over the text once; `pairs` is room for the walk, whatever it holds.
    fn new(index: usize, prose: &'a Prose, pairs: &mut Vec<u32>) -> Self {
        let text = masked(prose);
        let mut marks = Vec::with_capacity(text.len() / 16 + 2);
        let (mut has, mut met) = (Features::default(), Met::default());
        let mut wide_blanks = 0;
        let (mut before, mut is_run) = (('\0', 0), false);
        pairs.clear();
        for (at, c) in text.char_indices() {
            let hash = spread(before.0, c);
            if FINDER.may_begin(hash) {
                let rest = text.get(at + c.len_utf8()..).unwrap_or("");
                FINDER.meet([before.0, c], before.1, rest, &mut met);
            }
            let (last, was_han) = (before.0, is_run);
            before = (c, at);
            is_run = is_han(c);
            // What reaches over the end of a run of Han equals nothing near it.
            let is_pair = is_run && was_han;
            pairs.push(if is_pair { hash } else { u32::try_from(at).unwrap_or(0) });
            if is_run {
                has.han = true;
                has.repeat |= last == c;
                continue;
            }
            has.note(c);
            wide_blanks += usize::from(c == '\u{3000}');
            marks.push((at, c));
        }
        has.padding = wide_blanks > 2;
        has.repeat |= comes_again(pairs);
        let (titles, quotes) = (spans(&marks, '《', '》'), spans(&marks, '“', '”'));
        Self { index, prose, text, marks, has, met, titles, quotes }
    }

    /// Whether something stands here that a rule waits for.
    pub(crate) fn awaits(&self, trigger: Trigger) -> bool {
        self.met.has(trigger)
    }

    /// All that was met.
    pub(crate) fn met(&self) -> &Met {
        &self.met
    }

    /// Whether the segment belongs to the flow of paragraphs and headings.
    pub(crate) fn is_flow(&self) -> bool {
        matches!(
            self.prose.kind,
            ProseKind::Heading(_) | ProseKind::Paragraph | ProseKind::ListItem | ProseKind::Quote
        )
    }

    pub(crate) fn is_heading(&self) -> bool {
        matches!(self.prose.kind, ProseKind::Heading(_))
    }

    /// The text in a range, empty when the range is not on boundaries.
    pub(crate) fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or("")
    }

    /// The text before an offset.
    pub(crate) fn before(&self, at: usize) -> &str {
        self.text.get(..at).unwrap_or("")
    }

    /// The text from an offset on.
    pub(crate) fn after(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or("")
    }

    /// The last bytes before an offset, at most `reach`: what looks for a near
    /// neighbour of every mark must not read the whole segment each time.
    pub(crate) fn just_before(&self, at: usize, reach: usize) -> &str {
        let start = (at.saturating_sub(reach)..=at).find(|&start| self.text.is_char_boundary(start));
        self.slice(start.unwrap_or(at)..at)
    }

    /// The first bytes from an offset on, at most `reach`.
    pub(crate) fn just_after(&self, at: usize, reach: usize) -> &str {
        let end = (at..=at.saturating_add(reach).min(self.text.len()))
            .rev()
            .find(|&end| self.text.is_char_boundary(end));
        self.slice(at..end.unwrap_or(at))
    }

    /// The character that ends at an offset.
    pub(crate) fn prev(&self, at: usize) -> Option<char> {
        self.before(at).chars().next_back()
    }

    /// The character that begins at an offset.
    pub(crate) fn next(&self, at: usize) -> Option<char> {
        self.after(at).chars().next()
    }

    /// Whether the offset stands inside 《》.
    pub(crate) fn in_title(&self, at: usize) -> bool {
        is_inside(&self.titles, at)
    }

    /// Whether the offset stands inside “”.
    pub(crate) fn in_quote(&self, at: usize) -> bool {
        is_inside(&self.quotes, at)
    }

    /// Whether the offset stands in a quotation or in a title of another text,
    /// whose words are not the author's.
    pub(crate) fn is_quoted(&self, at: usize) -> bool {
        self.in_title(at) || self.in_quote(at)
    }
}

/// The outermost stretches between a pair of marks. What is opened and never
/// closed encloses nothing.
fn spans(marks: &[(usize, char)], open: char, close: char) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = None;
    for &(at, c) in marks {
        if c == open && start.is_none() {
            start = Some(at);
        } else if c == close {
            spans.extend(start.take().map(|start| start..at));
        }
    }
    spans
}

/// Whether an offset lies in one of the ascending ranges.
pub(crate) fn is_inside(ranges: &[Range<usize>], at: usize) -> bool {
    let next = ranges.partition_point(|range| range.start <= at);
    next.checked_sub(1).and_then(|index| ranges.get(index)).is_some_and(|range| at < range.end)
}

/// The text with opaque ranges replaced byte for byte.
fn masked(prose: &Prose) -> Cow<'_, str> {
    if prose.opaque.is_empty() {
        return Cow::Borrowed(&prose.text);
    }
    let mut text = String::with_capacity(prose.text.len());
    let mut at = 0;
    for &TextRange { start, end } in &prose.opaque {
        text.push_str(prose.text.get(at..start).unwrap_or(""));
        text.extend(std::iter::repeat_n(MASK, end - start));
        at = end;
    }
    text.push_str(prose.text.get(at..).unwrap_or(""));
    Cow::Owned(text)
}

/// Whether the character is a Chinese punctuation mark or full-width form.
pub(crate) fn is_cjk_mark(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{301f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}'
        | '\u{ff5b}'..='\u{ff65}' | '\u{2014}' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '\u{2026}' | '\u{b7}')
        && c != '\u{3007}'
}

/// What is met in a text.
#[cfg(test)]
pub(crate) fn met(text: &str) -> Met {
    let file = SourceFile::new("a.md", text);
    let body = jiedu_markdown::parse_body(&file, TextRange::new(0, text.len()));
    let document = Document::new(&body, Profile::Official);
    document.segments.first().map(|segment| segment.met.clone()).unwrap_or_default()
}

//! What changed inside one text: the only place that runs a difference search.
//!
//! A text is cut into tokens (one grapheme each; a run of ASCII letters or a
//! number is one token, so that 30→20 reads as one change), equal ends are
//! taken off in linear time, and the middle goes to the `Myers` search of
//! `similar`, whose work is bounded by size and never by a clock. A middle of
//! more than [`FINE_LIMIT`] tokens is compared clause by clause first. The
//! result depends on the two texts alone.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;

/// The algorithm of every comparison, named so that an upgrade of the library
/// is seen as a change of output.
pub const ALGORITHM: &str = "similar-3/myers";

/// Above this many tokens on a side, clauses are compared before tokens.
const FINE_LIMIT: usize = 6_000;

/// Above this many clauses on a side, the middle counts as replaced whole.
const COARSE_LIMIT: usize = 20_000;

/// Equal runs up to this many tokens between two larger changes are folded
/// into them: single shared characters make a redline unreadable.
const FOLD_LIMIT: usize = 3;

/// What happened to a run of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpanKind {
    /// Stands in both texts.
    Equal,
    /// Stands in the new text only.
    Insert,
    /// Stood in the old text only.
    Delete,
    /// Stood here in the old text, and elsewhere in the new one.
    MovedAway,
    /// Stands here in the new text, and elsewhere in the old one.
    MovedHere,
}

impl SpanKind {
    /// Whether the old text has the run.
    #[must_use]
    pub fn is_old(self) -> bool {
        !matches!(self, Self::Insert | Self::MovedHere)
    }

    /// Whether the new text has the run.
    #[must_use]
    pub fn is_new(self) -> bool {
        !matches!(self, Self::Delete | Self::MovedAway)
    }
}

/// A run of text with what happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What happened.
    pub kind: SpanKind,
    /// The text.
    pub text: String,
}

/// The difference between two texts, as runs in reading order. A deletion
/// stands before the insertion that replaces it; neighbours differ in kind;
/// no run is empty. A run of eight or more characters that only changed places
/// is marked as moved, at both places, and counts neither as gone nor as come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextDiff {
    /// The runs.
    pub spans: Vec<Span>,
}

impl TextDiff {
    /// A text of which nothing changed, or all of it.
    #[must_use]
    pub fn whole(kind: SpanKind, text: &str) -> Self {
        let mut diff = Self::default();
        diff.push(kind, text);
        diff
    }

    /// Whether the two texts are the same.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.spans.iter().all(|span| span.kind == SpanKind::Equal)
    }

    /// The old text.
    #[must_use]
    pub fn old(&self) -> String {
        self.of(SpanKind::is_old)
    }

    /// The new text.
    #[must_use]
    pub fn new_text(&self) -> String {
        self.of(SpanKind::is_new)
    }

    /// Applies the difference to a text: the new text when `old` is the text
    /// it was made from, else none.
    #[must_use]
    pub fn apply(&self, old: &str) -> Option<String> {
        let mut rest = old;
        let mut out = String::with_capacity(old.len());
        for span in &self.spans {
            if span.kind.is_old() {
                rest = rest.strip_prefix(span.text.as_str())?;
            }
            if span.kind.is_new() {
                out.push_str(&span.text);
            }
        }
        rest.is_empty().then_some(out)
    }

    /// How many characters have this kind.
    #[must_use]
    pub fn chars(&self, kind: SpanKind) -> usize {
        self.spans.iter().filter(|span| span.kind == kind).map(|span| span.text.chars().count()).sum()
    }

    /// Appends a run, merging it with an equal-kind neighbour.
    pub(super) fn push(&mut self, kind: SpanKind, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.spans.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(text),
            _ => self.spans.push(Span { kind, text: text.to_owned() }),
        }
    }

    /// Appends a replacement: what went, then what came.
    fn push_change(&mut self, old: &str, new: &str) {
        self.push(SpanKind::Delete, old);
        self.push(SpanKind::Insert, new);
    }

    fn of(&self, has: impl Fn(SpanKind) -> bool) -> String {
        self.spans.iter().filter(|span| has(span.kind)).map(|span| span.text.as_str()).collect()
    }
}

/// Compares two texts.
///
/// ```
/// use jiedu_redline::{Span, SpanKind, diff_text};
/// let diff = diff_text("应当在20个工作日内解读", "应当在10个工作日内解读");
/// assert_eq!(diff.spans[1], Span { kind: SpanKind::Delete, text: "20".into() });
/// assert_eq!(diff.new_text(), "应当在10个工作日内解读");
/// ```
#[must_use]
pub fn diff_text(old: &str, new: &str) -> TextDiff {
    if old == new {
        return TextDiff::whole(SpanKind::Equal, old);
    }
    let mut diff = TextDiff::default();
    let (old_tokens, new_tokens) = (tokens(old), tokens(new));
    if old_tokens.len().max(new_tokens.len()) <= FINE_LIMIT {
        compare_tokens(&old_tokens, &new_tokens, &mut diff);
    } else {
        compare_trimmed(&old_tokens, &new_tokens, &mut diff);
    }
    super::relocated::mark(settle(&diff))
}

/// Takes equal ends off before deciding how finely the middle is compared.
fn compare_trimmed(old: &[&str], new: &[&str], diff: &mut TextDiff) {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (tail(old, head), tail(new, head));
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let old_middle = part(old_rest, 0..old_rest.len() - end);
    let new_middle = part(new_rest, 0..new_rest.len() - end);
    diff.push(SpanKind::Equal, &part(old, 0..head).concat());
    if old_middle.len().max(new_middle.len()) <= FINE_LIMIT {
        compare_tokens(old_middle, new_middle, diff);
    } else {
        compare_clauses(&old_middle.concat(), &new_middle.concat(), diff);
    }
    diff.push(SpanKind::Equal, &tail(old_rest, old_rest.len() - end).concat());
}

/// Compares long texts clause by clause, and tokens inside changed clauses.
fn compare_clauses(old: &str, new: &str, diff: &mut TextDiff) {
    let (old_clauses, new_clauses) = (clauses(old), clauses(new));
    if old_clauses.len().max(new_clauses.len()) > COARSE_LIMIT {
        return diff.push_change(old, new);
    }
    for hunk in search(&old_clauses, &new_clauses) {
        let old_text = part(&old_clauses, hunk.old.clone()).concat();
        if hunk.equal {
            diff.push(SpanKind::Equal, &old_text);
            continue;
        }
        let new_text = part(&new_clauses, hunk.new.clone()).concat();
        let (old_tokens, new_tokens) = (tokens(&old_text), tokens(&new_text));
        if old_tokens.len().max(new_tokens.len()) <= FINE_LIMIT {
            compare_tokens(&old_tokens, &new_tokens, diff);
        } else {
            diff.push_change(&old_text, &new_text);
        }
    }
}

/// Compares token by token.
fn compare_tokens(old: &[&str], new: &[&str], diff: &mut TextDiff) {
    for hunk in fold(search(old, new)) {
        let old_text = part(old, hunk.old).concat();
        if hunk.equal {
            diff.push(SpanKind::Equal, &old_text);
        } else {
            diff.push_change(&old_text, &part(new, hunk.new).concat());
        }
    }
}

/// A stretch of both sequences: the same in both, or replaced.
#[derive(Debug, Clone)]
pub(super) struct Hunk {
    pub(super) equal: bool,
    pub(super) old: Range<usize>,
    pub(super) new: Range<usize>,
}

impl Hunk {
    fn size(&self) -> usize {
        self.old.len().max(self.new.len())
    }
}

/// The difference of two sequences as alternating hunks.
pub(super) fn search<T: Eq + std::hash::Hash>(old: &[T], new: &[T]) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let equal = matches!(op, DiffOp::Equal { .. });
        let (old, new) = (op.old_range(), op.new_range());
        match hunks.last_mut() {
            Some(last) if last.equal == equal => {
                last.old.end = old.end;
                last.new.end = new.end;
            }
            _ => hunks.push(Hunk { equal, old, new }),
        }
    }
    hunks
}

/// Folds short equal runs between two changes that are at least as long.
fn fold(hunks: Vec<Hunk>) -> Vec<Hunk> {
    let mut out: Vec<Hunk> = Vec::with_capacity(hunks.len());
    for hunk in hunks {
        out.push(hunk);
        while let [.., left, middle, right] = out.as_slice() {
            let short = middle.equal && middle.size() <= FOLD_LIMIT;
            let (smaller, both) = (left.size().min(right.size()), left.size() + right.size());
            // Two small changes, such as two numbers of a date, stay apart.
            if !short || middle.size() > smaller || both < 4 {
                break;
            }
            let joined =
                Hunk { equal: false, old: left.old.start..right.old.end, new: left.new.start..right.new.end };
            out.truncate(out.len() - 3);
            out.push(joined);
        }
    }
    out
}

/// Puts every deletion before the insertions beside it, so that a change reads
/// "what went, what came", whatever was merged on the way.
pub(super) fn settle(diff: &TextDiff) -> TextDiff {
    let mut out = TextDiff::default();
    let (mut gone, mut come) = (TextDiff::default(), TextDiff::default());
    let flush = |out: &mut TextDiff, gone: &mut TextDiff, come: &mut TextDiff| {
        for span in std::mem::take(&mut gone.spans).into_iter().chain(std::mem::take(&mut come.spans)) {
            out.push(span.kind, &span.text);
        }
    };
    for span in &diff.spans {
        match span.kind {
            SpanKind::Delete | SpanKind::MovedAway => gone.push(span.kind, &span.text),
            SpanKind::Insert | SpanKind::MovedHere => come.push(span.kind, &span.text),
            SpanKind::Equal => {
                flush(&mut out, &mut gone, &mut come);
                out.push(SpanKind::Equal, &span.text);
            }
        }
    }
    flush(&mut out, &mut gone, &mut come);
    out
}

/// Cuts a text into graphemes, with numbers and Latin words kept whole.
fn tokens(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut last) = (0, Class::Single);
    for (at, grapheme) in text.grapheme_indices(true) {
        let class = class(grapheme);
        let joins = class != Class::Single && class.joins(last);
        if at > start && !joins {
            out.extend(text.get(start..at));
            start = at;
        }
        last = class;
    }
    out.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    out
}

/// How a grapheme takes part in a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Point,
    Single,
}

impl Class {
    /// Whether a grapheme of this class continues a token that ends in `last`.
    fn joins(self, last: Self) -> bool {
        match self {
            Self::Letter => last == Self::Letter,
            Self::Digit => matches!(last, Self::Digit | Self::Point),
            Self::Point => last == Self::Digit,
            Self::Single => false,
        }
    }
}

fn class(grapheme: &str) -> Class {
    match grapheme.as_bytes() {
        [b'0'..=b'9'] => Class::Digit,
        [b'a'..=b'z' | b'A'..=b'Z'] => Class::Letter,
        [b'.'] => Class::Point,
        _ => Class::Single,
    }
}

/// Cuts a text after every mark that ends a clause.
fn clauses(text: &str) -> Vec<&str> {
    text.split_inclusive(['\n', '。', '；', '，', '、', '：', '！', '？', '.', ';', ',']).collect()
}

/// A part of a slice; empty when out of range.
pub(super) fn part<T>(items: &[T], range: Range<usize>) -> &[T] {
    items.get(range).unwrap_or_default()
}

fn tail<T>(items: &[T], from: usize) -> &[T] {
    items.get(from..).unwrap_or_default()
}

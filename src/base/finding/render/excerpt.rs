//! The piece of source that is shown with a finding.
//!
//! A paragraph of an official document is one line of several hundred
//! characters, so the excerpt is a window around the place, measured in terminal
//! columns. Only this window goes to the snippet renderer: its cost does not
//! grow with the file.

use crate::text::{SourceFile, TextRange, display_width, printable_line};

/// A piece of a file, ready to be shown.
pub(super) struct Excerpt {
    /// The text, with `…` where the line goes on.
    pub text: String,
    /// The number of its first line.
    pub line: usize,
    /// The place, in bytes of `text`.
    pub range: std::ops::Range<usize>,
}

/// The most columns of a marked range that are shown.
const MARKED: usize = 60;

/// Cuts the excerpt for a range: one line, no more than `width` columns.
pub(super) fn excerpt(file: &SourceFile, range: TextRange, width: usize) -> Excerpt {
    let line = file.position(range.start).line;
    let whole = file.line_range(line);
    let start = range.start.clamp(whole.start, whole.end);
    let end = range.end.clamp(start, whole.end);
    let before = file.slice(TextRange::new(whole.start, start));
    let marked = file.slice(TextRange::new(start, end));
    let after = file.slice(TextRange::new(end, whole.end));

    let marked_part = head(marked, MARKED);
    let room = width.saturating_sub(columns(marked_part)).max(20);
    let lead = tail(before, room / 2);
    let follow = head(after, room - columns(lead).min(room));
    let mut text = String::new();
    if lead.len() < before.len() {
        text.push('…');
    }
    text.push_str(&printable_line(lead));
    let from = text.len();
    text.push_str(&printable_line(marked_part));
    let to = text.len();
    if marked_part.len() < marked.len() {
        text.push('…');
    } else {
        text.push_str(&printable_line(follow));
        if follow.len() < after.len() {
            text.push('…');
        }
    }
    Excerpt { text, line, range: from..to }
}

fn columns(text: &str) -> usize {
    text.chars().map(display_width).sum()
}

/// The longest beginning of at most `width` columns.
fn head(text: &str, width: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|&(_, c)| {
        used += display_width(c);
        used > width
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// The longest end of at most `width` columns.
fn tail(text: &str, width: usize) -> &str {
    let mut used = 0;
    let start = text.char_indices().rev().find(|&(_, c)| {
        used += display_width(c);
        used > width
    });
    start.and_then(|(at, c)| text.get(at + c.len_utf8()..)).unwrap_or(text)
}

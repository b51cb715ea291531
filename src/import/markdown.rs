//! Blocks to Markdown that reads back as the same text.
//!
//! Numbers of clauses are text in official documents, while Markdown would
//! renumber `1. …` as a list, so everything that Markdown would act upon is
//! escaped; headings of chapters and parts become headings.

use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;

use super::page::{Block, CellText, Piece};

/// Longest line taken for a heading, in characters.
const HEADING_CHARS: usize = 40;

static PART: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:第[一二三四五六七八九十百零〇]+[编章]|[一二三四五六七八九十]+、)").ok()
});
static SECTION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^第[一二三四五六七八九十百零〇]+节").ok());

/// The Markdown of the blocks; `titles` are the lines that are titles of whole
/// documents (`# …`). Ends in one line end.
#[must_use]
pub fn body(blocks: &[Block], titles: &[String]) -> String {
    let mut out = String::new();
    let mut notes = String::new();
    for block in blocks {
        match block {
            Block::Line { level, pieces } => {
                let level = heading_level(&block.text(), *level, titles);
                // Emphasis of a heading is its style, not its text.
                let flat = level > 0 || pieces.iter().all(|piece| piece.bold || piece.note.is_some());
                out.push_str(&"#".repeat(level));
                if level > 0 {
                    out.push(' ');
                }
                out.push_str(&inline(pieces, flat));
                out.push_str("\n\n");
            }
            Block::Item { pieces } => {
                let _ = write!(out, "- {}\n\n", inline(pieces, false));
            }
            Block::Table(rows) => {
                table(&mut out, rows);
                out.push('\n');
            }
            Block::Footnote { number, pieces } => {
                let _ = writeln!(notes, "[^{number}]: {}\n", inline(pieces, false));
            }
        }
    }
    out.push_str(&notes);
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn heading_level(line: &str, level: u8, titles: &[String]) -> usize {
    let matches = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|p| p.is_match(line));
    let short =
        line.chars().count() <= HEADING_CHARS && !line.ends_with(['。', '；', '：', '，', ';', ':', ',']);
    if titles.iter().any(|title| title == line) {
        1
    } else if !short || line.starts_with("附件") {
        0
    } else if matches(&PART) {
        2
    } else if matches(&SECTION) {
        3
    } else {
        match level {
            0 => 0,
            1 => 2,
            deeper => usize::from(deeper).min(6),
        }
    }
}

fn inline(pieces: &[Piece], flat: bool) -> String {
    escape_start(&joined(pieces, flat, false))
}

fn joined(pieces: &[Piece], flat: bool, in_table: bool) -> String {
    let mut out = String::new();
    for piece in pieces {
        if let Some(number) = piece.note {
            let _ = write!(out, "[^{number}]");
            continue;
        }
        let mark = match (flat, piece.bold, piece.italic) {
            (false, true, true) => "***",
            (false, true, false) => "**",
            (false, false, true) => "*",
            _ => "",
        };
        let text = piece.text.trim();
        let (before, after) = edges(&piece.text);
        out.push_str(before);
        if text.is_empty() {
            continue;
        }
        let escaped = escape(text, in_table);
        match &piece.link {
            Some(target) => {
                let _ = write!(out, "{mark}[{escaped}](<{}>){mark}", address(target));
            }
            None => {
                let _ = write!(out, "{mark}{escaped}{mark}");
            }
        }
        out.push_str(after);
    }
    out
}

/// The blanks at both ends: emphasis may not begin or end with one.
fn edges(text: &str) -> (&str, &str) {
    let before = if text.starts_with(' ') { " " } else { "" };
    let after = if text.trim().is_empty() || !text.ends_with(' ') { "" } else { " " };
    (before, after)
}

fn address(target: &str) -> String {
    target.chars().filter(|c| !matches!(c, '<' | '>') && !c.is_control()).collect()
}

/// Escapes what Markdown acts upon anywhere in a line.
fn escape(text: &str, in_table: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let acts = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~')
            || (c == '|' && in_table)
            || (c == '&' && rest.peek().is_some_and(|next| next.is_ascii_alphanumeric() || *next == '#'));
        if acts {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Escapes what Markdown acts upon at the start of a line: headings, lists,
/// rules, tables' second rows, code.
fn escape_start(line: &str) -> String {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let mut after = line.chars().skip(digits);
    let (next, then) = (after.next(), after.next());
    if digits > 0 && matches!(next, Some('.' | ')')) && matches!(then, None | Some(' ')) {
        let number: String = line.chars().take(digits).collect();
        let rest: String = line.chars().skip(digits).collect();
        return format!("{number}\\{rest}");
    }
    if line.starts_with(['#', '+', '-', '=', '|', ':']) { format!("\\{line}") } else { line.to_owned() }
}

fn table(out: &mut String, rows: &[Vec<CellText>]) {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    for (index, row) in rows.iter().enumerate() {
        for column in 0..width {
            let cell = row.get(column).map(|cell| joined(cell, index == 0, true)).unwrap_or_default();
            let _ = write!(out, "| {} ", cell.trim());
        }
        out.push_str("|\n");
        if index == 0 {
            out.push_str(&"| --- ".repeat(width));
            out.push_str("|\n");
        }
    }
}

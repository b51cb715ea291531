//! A redline for the terminal, as a string.
//!
//! With colour, what went is red and struck out, what came is green and
//! underlined; without, `[-…-]` and `{+…+}` say the same, so that a log or a
//! screen reader loses nothing.

use std::fmt::Write as _;

use super::{Change, Entry, LineDiff, Redline, SpanKind, TextDiff};
use jiedu_base::text::{Lang, printable};

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether to use ANSI colours.
    pub color: bool,
    /// The language of headings.
    pub lang: Lang,
    /// How many unchanged passages or lines to show around a change.
    pub context: usize,
}

/// Draws the difference between two editions. Empty when there is none.
#[must_use]
pub fn render(redline: &Redline, options: Options) -> String {
    if redline.is_empty() {
        return String::new();
    }
    let mut out = summary(redline, options.lang);
    for field in &redline.fields {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}: {}", field.name.get(options.lang), spans(&field.text, options.color));
    }
    let changed: Vec<bool> = redline.entries.iter().map(|entry| entry.change != Change::Same).collect();
    let shown = near(&changed, options.context);
    let mut skipped = 0;
    for (entry, shown) in redline.entries.iter().zip(shown) {
        if shown {
            out.push_str(&gap(std::mem::take(&mut skipped), options.lang));
            out.push_str(&entry_text(entry, options));
        } else {
            skipped += 1;
        }
    }
    out.push_str(&gap(skipped, options.lang));
    out
}

/// Draws a line-by-line difference. Empty when there is none.
#[must_use]
pub fn render_lines(diff: &LineDiff, options: Options) -> String {
    if diff.is_empty() {
        return String::new();
    }
    let changed: Vec<bool> = diff
        .lines
        .iter()
        .map(|line| line.old_line.is_none() || line.new_line.is_none() || !line.text.is_equal())
        .collect();
    let mut out = String::new();
    let mut skipped = 0;
    for (line, shown) in diff.lines.iter().zip(near(&changed, options.context)) {
        if !shown {
            skipped += 1;
            continue;
        }
        out.push_str(&gap(std::mem::take(&mut skipped), options.lang));
        let number = line.new_line.or(line.old_line).unwrap_or(0);
        let mark = match (line.old_line, line.new_line, line.text.is_equal()) {
            (None, _, _) => '+',
            (_, None, _) => '-',
            (_, _, true) => ' ',
            (_, _, false) => '~',
        };
        let _ = writeln!(out, "{mark} {number:>4}  {}", spans(&line.text, options.color));
    }
    out.push_str(&gap(skipped, options.lang));
    out
}

/// One line that says how much changed.
#[must_use]
pub fn summary(redline: &Redline, lang: Lang) -> String {
    let counts = redline.counts;
    match lang {
        Lang::Zh => format!(
            "拆分{}处，合并{}处，新增{}处，删去{}处，修改{}处，移动{}处，仅改编号{}处（增{}字，删{}字）\n",
            counts.split,
            counts.merged,
            counts.inserted,
            counts.deleted,
            counts.reworded,
            counts.moved,
            counts.renumbered,
            counts.chars_inserted,
            counts.chars_deleted
        ),
        Lang::En => format!(
            "{} split, {} merged, {} inserted, {} deleted, {} reworded, {} moved, {} only renumbered (+{} −{} characters)\n",
            counts.split,
            counts.merged,
            counts.inserted,
            counts.deleted,
            counts.reworded,
            counts.moved,
            counts.renumbered,
            counts.chars_inserted,
            counts.chars_deleted
        ),
    }
}

fn entry_text(entry: &Entry, options: Options) -> String {
    let notes = notes(entry, options.lang);
    let mark = match entry.change {
        Change::Same => ' ',
        Change::Changed | Change::Split | Change::Merged => '~',
        Change::Inserted => '+',
        Change::Deleted | Change::MovedAway => '-',
    };
    let head = if notes.is_empty() {
        String::new()
    } else {
        format!("{mark} [{}]\n", printable(&notes.join("，")))
    };
    let body = if entry.change == Change::MovedAway {
        // The words stand at the new place: only the place is marked here.
        let label = entry.passage().map_or("", |passage| passage.text.as_str());
        format!("{}…", printable(&label.chars().take(20).collect::<String>()))
    } else {
        spans(&entry.text, options.color)
    };
    format!("{head}{mark} {}\n", body.replace('\n', &format!("\n{mark} ")))
}

/// What became of an entry, in words.
#[must_use]
pub fn notes(entry: &Entry, lang: Lang) -> Vec<String> {
    let pick = |zh: &str, en: &str| match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    };
    let name = || entry.kind().map(|kind| kind.name().get(lang).to_owned()).unwrap_or_default();
    let (old, new) = (labels(entry.olds(), lang), labels(entry.news(), lang));
    let reworded = || pick("文字修改", "reworded");
    match entry.change {
        Change::Same => Vec::new(),
        Change::MovedAway => vec![pick("移至他处", "moved elsewhere")],
        Change::Inserted | Change::Deleted => vec![name()],
        Change::Split | Change::Merged => {
            let is_split = entry.change == Change::Split;
            let (zh, en) = if is_split { ("拆分为", "split into") } else { ("合并为", "merged into") };
            let mut notes = vec![match lang {
                Lang::Zh => format!("{old}{zh}{new}"),
                Lang::En => format!("{old} {en} {new}"),
            }];
            notes.extend(entry.reworded.then(reworded));
            notes
        }
        Change::Changed => {
            let mut notes = Vec::new();
            if entry.moved {
                notes.push(pick("移动", "moved"));
            }
            if entry.renumbered {
                let only = if entry.moved || entry.reworded { "编号" } else { "仅改编号：" };
                notes.push(pick(
                    &format!("{only}由{old}改为{new}"),
                    &format!("renumbered from {old} to {new}"),
                ));
            }
            notes.extend(entry.reworded.then(reworded));
            notes
        }
    }
}

/// The names of passages, joined.
fn labels<'p>(passages: impl Iterator<Item = &'p super::Passage>, lang: Lang) -> String {
    let names: Vec<String> = passages.map(super::Passage::name).collect();
    match lang {
        Lang::Zh => names.join("、"),
        Lang::En => names.join(", "),
    }
}

/// The text with its changes marked.
#[must_use]
pub fn spans(text: &TextDiff, color: bool) -> String {
    let mut out = String::new();
    for span in &text.spans {
        let (open, close) = match (span.kind, color) {
            (SpanKind::Equal, _) => ("", ""),
            (SpanKind::Insert, true) => ("\u{1b}[32;4m", "\u{1b}[0m"),
            (SpanKind::Delete, true) => ("\u{1b}[31;9m", "\u{1b}[0m"),
            (SpanKind::MovedHere, true) => ("\u{1b}[36;4m", "\u{1b}[0m"),
            (SpanKind::MovedAway, true) => ("\u{1b}[36;9m", "\u{1b}[0m"),
            (SpanKind::Insert, false) => ("{+", "+}"),
            (SpanKind::Delete, false) => ("[-", "-]"),
            (SpanKind::MovedHere, false) => ("{~", "~}"),
            (SpanKind::MovedAway, false) => ("[~", "~]"),
        };
        out.push_str(open);
        // A text under review must not be able to steer the terminal.
        out.push_str(&printable(&span.text));
        out.push_str(close);
    }
    out
}

/// Which items lie within `context` of a changed one.
fn near(changed: &[bool], context: usize) -> Vec<bool> {
    let reach = |order: &mut dyn Iterator<Item = &bool>| {
        let mut since = usize::MAX;
        order
            .map(|&changed| {
                since = if changed { 0 } else { since.saturating_add(1) };
                since <= context
            })
            .collect::<Vec<bool>>()
    };
    let after = reach(&mut changed.iter());
    let mut before = reach(&mut changed.iter().rev());
    before.reverse();
    after.into_iter().zip(before).map(|(a, b)| a || b).collect()
}

fn gap(skipped: usize, lang: Lang) -> String {
    match (skipped, lang) {
        (0, _) => String::new(),
        (n, Lang::Zh) => format!("  ……（未改动{n}处，略）\n"),
        (n, Lang::En) => format!("  … ({n} unchanged)\n"),
    }
}

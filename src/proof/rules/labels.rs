//! Labels at the beginning of paragraphs: 第三章, 二、, （五）, 3., （2）.

use crate::document::{Document, Segment};
use jiedu_base::text::TextRange;
use jiedu_base::text::numerals;
use jiedu_markdown::ProseKind;

/// The levels of numbering, from the outside in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Part,
    Chapter,
    Section,
    Article,
    /// 一、
    First,
    /// （一）
    Second,
    /// 1.
    Third,
    /// （1）
    Fourth,
}

/// A label and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub(super) level: Level,
    pub(super) number: u32,
    pub(super) segment: usize,
    /// The length of the label in bytes, its mark included.
    pub(super) len: usize,
    /// Where the label begins in the segment's text.
    pub(super) start: usize,
    /// 第十条之一 and the like.
    pub(super) is_inserted: bool,
    /// Where the label stands when it is the number of a Markdown list.
    pub(super) marker: Option<TextRange>,
}

/// All labels of the flow of the text.
pub(super) fn labels(document: &Document<'_>) -> Vec<Label> {
    document.flow().filter_map(|segment| label(segment).or_else(|| list_label(document, segment))).collect()
}

/// The number that a Markdown list gives an item. A page shows the numbers in
/// sequence whatever is typed, so a gap means that text and page disagree.
fn list_label(document: &Document<'_>, segment: &Segment<'_>) -> Option<Label> {
    if segment.prose.kind != ProseKind::ListItem {
        return None;
    }
    let line = document.file.line_range(document.file.position(segment.prose.range.start).line);
    let head = document.file.slice(TextRange::new(line.start, segment.prose.range.start));
    let text = head.trim_start_matches([' ', '>', '\t']);
    let digits = text.find(|c: char| !c.is_ascii_digit()).filter(|&end| (1..=3).contains(&end))?;
    let rest = text.get(digits..)?;
    if !rest.starts_with(['.', ')']) || !rest.get(1..)?.trim().is_empty() {
        return None;
    }
    let start = line.start + head.len() - text.len();
    let number = text.get(..digits)?.parse().ok()?;
    let marker = Some(TextRange::new(start, start + digits + 1));
    Some(Label {
        level: Level::Third,
        number,
        segment: segment.index,
        len: 0,
        start: 0,
        is_inserted: false,
        marker,
    })
}

/// The label at the beginning of a segment.
pub(super) fn label(segment: &Segment<'_>) -> Option<Label> {
    let text = segment.text.trim_start();
    let start = segment.text.len() - text.len();
    let (level, number, len, is_inserted) = parse(text)?;
    Some(Label { level, number, segment: segment.index, len, start, is_inserted, marker: None })
}

fn parse(text: &str) -> Option<(Level, u32, usize, bool)> {
    let first = text.chars().next()?;
    match first {
        '第' => chapter(text),
        '（' | '(' => bracketed(text),
        '0'..='9' => third(text),
        _ if numerals::is_numeral(first) => first_level(text),
        _ => None,
    }
}

/// The longest number at the beginning, in Chinese or Arabic digits.
fn number(text: &str) -> Option<(u32, usize)> {
    let is_arabic = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text
        .find(|c: char| if is_arabic { !c.is_ascii_digit() } else { !numerals::is_numeral(c) })
        .unwrap_or(text.len());
    let value = numerals::read(text.get(..end)?)?;
    Some((value, end))
}

fn chapter(text: &str) -> Option<(Level, u32, usize, bool)> {
    let rest = text.get('第'.len_utf8()..)?;
    let (value, len) = number(rest)?;
    let unit = rest.get(len..)?.chars().next()?;
    let level = match unit {
        '编' => Level::Part,
        '章' => Level::Chapter,
        '节' => Level::Section,
        '条' => Level::Article,
        _ => return None,
    };
    let end = '第'.len_utf8() + len + unit.len_utf8();
    let after = text.get(end..)?;
    let is_inserted = after.starts_with('之');
    // 第三条规定的…, 第一章和第二章: the sentence begins with a citation.
    let is_label =
        after.is_empty() || after.starts_with([' ', '\u{3000}', '\u{1a}', '【', '（', '\n']) || is_inserted;
    is_label.then_some((level, value, end, is_inserted))
}

fn bracketed(text: &str) -> Option<(Level, u32, usize, bool)> {
    let open = text.chars().next()?.len_utf8();
    let rest = text.get(open..)?;
    let (value, len) = number(rest)?;
    let close = rest.get(len..)?.chars().next().filter(|&c| matches!(c, '）' | ')'))?;
    let level = if rest.starts_with(|c: char| c.is_ascii_digit()) { Level::Fourth } else { Level::Second };
    // （2018）… is a year.
    (value < 200).then_some((level, value, open + len + close.len_utf8(), false))
}

fn first_level(text: &str) -> Option<(Level, u32, usize, bool)> {
    let (value, len) = number(text)?;
    let rest = text.get(len..)?;
    let follow = rest.strip_prefix('、')?;
    // 一、二、三级 is an enumeration.
    let is_again = number(follow).is_some_and(|(again, _)| again == value);
    let is_listed = !is_again
        && follow.starts_with(numerals::is_numeral)
        && follow.chars().nth(1).is_some_and(|c| matches!(c, '、' | '类' | '级' | '款' | '项' | '线'));
    (value < 100 && !is_listed).then_some((Level::First, value, len + '、'.len_utf8(), false))
}

fn third(text: &str) -> Option<(Level, u32, usize, bool)> {
    let (value, len) = number(text)?;
    let mark = text.get(len..)?.chars().next().filter(|&c| matches!(c, '.' | '．' | '、'))?;
    let follow = text.get(len + mark.len_utf8()..)?.chars().next();
    // 1.5亿元 is a decimal; 3、4月 is an enumeration.
    let is_number = follow.is_some_and(|c| c.is_ascii_digit());
    (value < 200 && len <= 3 && !is_number).then_some((Level::Third, value, len + mark.len_utf8(), false))
}

/// Writes a number in the style of the label it replaces.
pub(super) fn rewrite(written: &str, number: u32) -> String {
    let is_arabic = written.chars().any(|c| c.is_ascii_digit());
    let figure = if is_arabic { number.to_string() } else { numerals::write(number) };
    let is_figure = |c: char| c.is_ascii_digit() || numerals::is_numeral(c);
    let head: String = written.chars().take_while(|&c| !is_figure(c)).collect();
    let tail: String = written.chars().skip_while(|&c| !is_figure(c)).skip_while(|&c| is_figure(c)).collect();
    format!("{head}{figure}{tail}")
}

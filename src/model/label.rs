//! Printed labels: `一、`, `（一）`, `1.`, `（1）`, `第二章`, `第三条`.
//!
//! Levels are read from text, never from list markup, since Markdown renumbers
//! lists and knows no `一、` (GB/T 9704-2012 §7.3.3, 立法法 for 编章节条款项).

use jiedu_base::text::numerals;

/// Kinds of labels, from the outermost level to the innermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LabelKind {
    /// 第一编.
    Part,
    /// 第一章.
    Chapter,
    /// 第一节.
    Division,
    /// 第一条.
    Article,
    /// 一、
    Section,
    /// （一）
    Item,
    /// 1.
    Number,
    /// （1）
    SubNumber,
}

/// A label read from the beginning of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label<'a> {
    pub(super) kind: LabelKind,
    pub(super) number: u32,
    /// The number of `之一` in `第十条之一`.
    pub(super) addition: Option<u32>,
    /// The label as it is cited: `（五）`, `第三条`, `1.`
    pub(super) printed: String,
    /// The text after it, without leading white space.
    pub(super) rest: &'a str,
    /// Whether white space follows the label.
    pub(super) is_spaced: bool,
}

/// Reads the label at the beginning of a text.
pub(super) fn read_label(text: &str) -> Option<Label<'_>> {
    let text = text.trim_start();
    read_ordinal(text)
        .or_else(|| read_section(text))
        .or_else(|| read_bracketed(text))
        .or_else(|| read_number(text))
}

fn label(kind: LabelKind, number: u32, printed: String, rest: &str) -> Label<'_> {
    let trimmed = rest.trim_start();
    Label { kind, number, addition: None, printed, rest: trimmed, is_spaced: trimmed.len() < rest.len() }
}

/// `第…编`, `第…章`, `第…节`, `第…条`, `第…条之一`.
fn read_ordinal(text: &str) -> Option<Label<'_>> {
    let (number, written, rest) = leading_number(text.strip_prefix('第')?)?;
    let mut characters = rest.chars();
    let unit = characters.next()?;
    let kind = match unit {
        '编' => LabelKind::Part,
        '章' => LabelKind::Chapter,
        '节' => LabelKind::Division,
        '条' => LabelKind::Article,
        _ => return None,
    };
    let mut rest = characters.as_str();
    let mut printed = format!("第{written}{unit}");
    let mut addition = None;
    if let Some((number, written, tail)) = rest.strip_prefix('之').and_then(leading_number) {
        addition = Some(number);
        printed = format!("{printed}之{written}");
        rest = tail;
    }
    Some(Label { addition, ..label(kind, number, printed, rest) })
}

/// `一、`.
fn read_section(text: &str) -> Option<Label<'_>> {
    let (number, written, rest) = leading_han_number(text)?;
    let rest = rest.strip_prefix('、')?;
    // “一、二级公路” is a list of grades, not a heading.
    if leading_han_number(rest)
        .is_some_and(|(_, _, tail)| tail.starts_with(['级', '类', '等', '批', '期', '季', '线', '、']))
    {
        return None;
    }
    Some(label(LabelKind::Section, number, format!("{written}、"), rest))
}

/// `（一）` and `（1）`, with full-width or ASCII brackets.
fn read_bracketed(text: &str) -> Option<Label<'_>> {
    let inner = text.strip_prefix(['（', '('])?;
    if let Some((number, written, rest)) = leading_han_number(inner) {
        let rest = rest.strip_prefix(['）', ')'])?;
        return Some(label(LabelKind::Item, number, format!("（{written}）"), rest));
    }
    let (number, written, rest) = leading_digits(inner, POINT_DIGITS)?;
    let rest = rest.strip_prefix(['）', ')'])?;
    Some(label(LabelKind::SubNumber, number, format!("（{written}）"), rest))
}

/// `1.`, `1．`, `1、`; not the decimal `1.5`.
fn read_number(text: &str) -> Option<Label<'_>> {
    let (number, written, rest) = leading_digits(text, POINT_DIGITS)?;
    let rest = rest.strip_prefix(['.', '．', '、'])?;
    if rest.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c)) {
        return None;
    }
    Some(label(LabelKind::Number, number, format!("{written}."), rest))
}

/// A number in Chinese or Arabic figures, how it is written, and the rest.
fn leading_number(text: &str) -> Option<(u32, &str, &str)> {
    // The longest code of a country has some 2,500 articles.
    leading_han_number(text).or_else(|| leading_digits(text, 5))
}

/// A number of some digits at most, not beginning with zero.
fn leading_digits(text: &str, most: usize) -> Option<(u32, &str, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(length)?;
    if digits.is_empty() || length > most || digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().ok()?, digits, rest))
}

/// Digits of `1.` and `（1）`: four are a year.
const POINT_DIGITS: usize = 3;

/// A Chinese number up to 9999.
fn leading_han_number(text: &str) -> Option<(u32, &str, &str)> {
    let is_figure = |c: char| "〇零一二三四五六七八九十百千".contains(c);
    let end = text.find(|c| !is_figure(c)).unwrap_or(text.len());
    let (written, rest) = text.split_at_checked(end)?;
    Some((han_number(written)?, written, rest))
}

/// The value of a Chinese number below ten thousand.
pub(super) fn han_number(written: &str) -> Option<u32> {
    if written.is_empty() || written.chars().count() > 8 {
        return None;
    }
    numerals::read(written).filter(|value| *value > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(LabelKind, u32, String, &str)> {
        read_label(text).map(|label| (label.kind, label.number, label.printed, label.rest))
    }

    #[test]
    fn reads_the_labels_of_official_documents() {
        let seen = |kind, number, printed: &str, rest| Some((kind, number, printed.to_owned(), rest));
        assert_eq!(read("一、推进"), seen(LabelKind::Section, 1, "一、", "推进"));
        assert_eq!(read("（十六）推进"), seen(LabelKind::Item, 16, "（十六）", "推进"));
        assert_eq!(read("(五)加强"), seen(LabelKind::Item, 5, "（五）", "加强"));
        assert_eq!(read("1.加强"), seen(LabelKind::Number, 1, "1.", "加强"));
        assert_eq!(read("12、加强"), seen(LabelKind::Number, 12, "12.", "加强"));
        assert_eq!(read("（1）加强"), seen(LabelKind::SubNumber, 1, "（1）", "加强"));
        assert_eq!(read("第二章　总则"), seen(LabelKind::Chapter, 2, "第二章", "总则"));
        assert_eq!(read("第一百二十三条 为了"), seen(LabelKind::Article, 123, "第一百二十三条", "为了"));
        assert_eq!(read("第十条之一 为了"), seen(LabelKind::Article, 10, "第十条之一", "为了"));
        assert_eq!(read("第3条 为了"), seen(LabelKind::Article, 3, "第3条", "为了"));
        assert_eq!(read("第1000条 为了"), seen(LabelKind::Article, 1000, "第1000条", "为了"));
        assert_eq!(read("第12345条 为了"), seen(LabelKind::Article, 12_345, "第12345条", "为了"));
        assert_eq!(read("第9999条之10 为了"), seen(LabelKind::Article, 9999, "第9999条之10", "为了"));
    }

    #[test]
    fn what_only_looks_like_a_label_is_none() {
        for text in [
            "1.5亿元",
            "2025.6.29",
            "一、二级公路应当",
            "一方面",
            "（此件主动公开）",
            "第三款",
            "第100000条",
            "第0条",
            "2025、2026年",
            "（2025）",
            "第",
            "",
            "2025年",
            "（2025年）",
            "0.",
            "十",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn chinese_numbers() {
        for (written, value) in [
            ("一", 1),
            ("十", 10),
            ("十六", 16),
            ("二十", 20),
            ("九十九", 99),
            ("一百零三", 103),
            ("一千二百", 1200),
        ] {
            assert_eq!(han_number(written), Some(value), "{written}");
        }
        assert_eq!(han_number("零"), None);
        assert_eq!(han_number(""), None);
    }
}

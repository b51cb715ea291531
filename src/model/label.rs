//! Printed labels: `一、`, `（一）`, `1.`, `（1）`, `第二章`, `第三条`.
//!
//! Levels are read from text, never from list markup, since Markdown renumbers
//! lists and knows no `一、` (GB/T 9704-2012 §7.3.3, 立法法 for 编章节条款项).
//! How a label is spelled does not matter: blanks and invisible characters
//! before, in and after it, a colon after it, figures of any kind, traditional
//! characters, brackets of either width.

use jiedu_base::text::{is_blank, is_invisible, numerals};

/// Kinds of labels, from the outermost level to the innermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LabelKind {
    /// 第一编.
    Part,
    /// 第一分编.
    SubPart,
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
    /// White space after the label as written, invisible characters left out;
    /// one space for a mark.
    pub(super) gap: String,
}

impl Label<'_> {
    /// The label in the figures of laws: `第二百零五条` for `第205条`.
    pub(super) fn canonical(&self) -> String {
        canonical(self.kind, self.number, self.addition).unwrap_or_else(|| self.printed.clone())
    }
}

/// `第三条之一` for an article, `第二章` for a chapter; none below articles,
/// whose labels have one spelling.
fn canonical(kind: LabelKind, number: u32, addition: Option<u32>) -> Option<String> {
    let unit = match kind {
        LabelKind::Part => "编",
        LabelKind::SubPart => "分编",
        LabelKind::Chapter => "章",
        LabelKind::Division => "节",
        LabelKind::Article => "条",
        _ => return None,
    };
    if number > 9_999 {
        return None;
    }
    let more = addition.map_or_else(String::new, |more| format!("之{}", numerals::write(more)));
    Some(format!("第{}{unit}{more}", numerals::write(number)))
}

/// Reads the label at the beginning of a text.
pub(super) fn read_label(text: &str) -> Option<Label<'_>> {
    let text = visible(text);
    read_ordinal(text)
        .or_else(|| read_section(text))
        .or_else(|| read_bracketed(text))
        .or_else(|| read_number(text))
}

/// The text from its first visible character on; number signs of a heading
/// that an invisible character kept from being one are marks, not text.
fn visible(text: &str) -> &str {
    let text = text.trim_start_matches(is_blank);
    let after = text.trim_start_matches('#');
    let marks = text.len() - after.len();
    if (1..=6).contains(&marks) && after.starts_with(is_blank) {
        return after.trim_start_matches(is_blank);
    }
    text
}

/// Without blanks at the beginning, within the line.
fn skip(text: &str) -> &str {
    text.trim_start_matches(|c| c != '\n' && is_blank(c))
}

fn label(kind: LabelKind, number: u32, printed: String, rest: &str) -> Label<'_> {
    let trimmed = rest.trim_start_matches(is_blank);
    let gap: String = rest.chars().take_while(|&c| is_blank(c)).filter(|&c| !is_invisible(c)).collect();
    Label { kind, number, addition: None, printed, rest: trimmed, gap }
}

/// `第…编`, `第…分编`, `第…章`, `第…节`, `第…条`, `第…条之一`.
fn read_ordinal(text: &str) -> Option<Label<'_>> {
    let (number, written, rest) = leading_number(skip(text.strip_prefix('第')?))?;
    let rest = skip(rest);
    let units = [
        ("分编", LabelKind::SubPart),
        ("分編", LabelKind::SubPart),
        ("编", LabelKind::Part),
        ("編", LabelKind::Part),
        ("章", LabelKind::Chapter),
        ("节", LabelKind::Division),
        ("節", LabelKind::Division),
        ("条", LabelKind::Article),
        ("條", LabelKind::Article),
    ];
    let (unit, kind, mut rest) =
        units.iter().find_map(|(unit, kind)| Some((*unit, *kind, rest.strip_prefix(unit)?)))?;
    // 第一编辑室, 第二章程, 第三节课.
    let is_word = match kind {
        LabelKind::Part => rest.starts_with(['辑', '制', '号', '组']),
        LabelKind::Chapter => rest.starts_with('程'),
        LabelKind::Division => rest.starts_with('课'),
        _ => false,
    };
    if is_word {
        return None;
    }
    let mut printed = format!("第{written}{unit}");
    let mut addition = None;
    if let Some((number, written, tail)) =
        skip(rest).strip_prefix('之').and_then(|tail| leading_number(skip(tail)))
    {
        addition = Some(number);
        printed = format!("{printed}之{written}");
        rest = tail;
    }
    let read = label(kind, number, printed, rest);
    Some(Label { addition, ..without_mark(read) })
}

/// A colon, or an enumeration comma that begins no list, belongs to the label.
fn without_mark(read: Label<'_>) -> Label<'_> {
    let after = read.rest.strip_prefix(['：', ':', '.', '．']).or_else(|| {
        let tail = read.rest.strip_prefix('、')?;
        (!cites_on(read.rest)).then_some(tail)
    });
    match after.map(|rest| rest.trim_start_matches(is_blank)) {
        Some(rest) => Label { rest, gap: " ".to_owned(), ..read },
        None => read,
    }
}

/// Whether what follows an article's number makes it a citation by grammar:
/// `第三条规定的`, `第三条第二款`, `第三条、第五条`, `第三条至第五条`.
pub(super) fn cites_on(rest: &str) -> bool {
    const STARTS: [&str; 34] = [
        "规定",
        "所列",
        "所称",
        "所述",
        "所规",
        "所指",
        "所定",
        "所涉",
        "所引",
        "之规定",
        "的",
        "中的",
        "中规定",
        "中所",
        "中关于",
        "中“",
        "中有关",
        "列明",
        "列举",
        "情形",
        "有关规定",
        "修改为",
        "修正为",
        "以上",
        "以下",
        "以内",
        "以外",
        "以及第",
        "以前",
        "以后",
        "及其",
        "或者第",
        "前款",
        "前项",
    ];
    let rest = rest.trim_start_matches(is_blank);
    if STARTS.iter().any(|start| rest.starts_with(start)) {
        // 第三条的士 is no citation of anything.
        return !rest.starts_with("的士");
    }
    let listed = rest
        .strip_prefix(['、', '和', '或', '与', '及', '至', '到', '—', '－', '-', '～', '~'])
        .map(|tail| skip(tail.trim_start_matches(['—', '-', '－'])));
    is_ordinal(listed.unwrap_or(rest)) || is_cited_item(rest)
}

/// `第二款`, `第（一）项`, `第三条`: an ordinal of any unit.
fn is_ordinal(text: &str) -> bool {
    let Some(tail) = text.strip_prefix('第') else { return false };
    let tail = skip(tail).trim_start_matches(['（', '(']);
    leading_number(skip(tail)).is_some_and(|(_, _, rest)| {
        let rest = skip(rest).trim_start_matches(['）', ')']);
        ["款", "项", "項", "目", "条", "條", "章", "节", "節", "、", "至", "和"]
            .iter()
            .any(|unit| rest.starts_with(unit))
    })
}

/// `（一）项所列`, `（一）、（二）项` after an article's number.
fn is_cited_item(text: &str) -> bool {
    read_bracketed_raw(text).is_some_and(|(_, _, _, rest)| is_item_citation(rest))
}

/// Whether what follows `（一）` makes it a citation: `（一）至（三）项所列`,
/// `（四）、（五）项`, `（二）项规定的`.
fn is_item_citation(rest: &str) -> bool {
    let mut rest = skip(rest);
    for _ in 0..20 {
        if let Some(tail) = rest.strip_prefix(['项', '項', '款', '目']) {
            const AFTER: [&str; 18] = [
                "所", "规定", "的", "中", "、", "至", "和", "情形", "以", "之", "，", "）", "第", "或", "及",
                "与", "。", "；",
            ];
            return AFTER.iter().any(|after| tail.starts_with(after));
        }
        let listed = ["、", "至", "到", "和", "或者", "或", "以及", "及", "与", "—", "-", "～"]
            .iter()
            .find_map(|mark| rest.strip_prefix(mark));
        let Some(tail) = listed else { return false };
        let tail = skip(tail.trim_start_matches(['—', '-'])).trim_start_matches('第');
        let Some((_, _, _, after)) = read_bracketed_raw(tail) else { return false };
        rest = skip(after);
    }
    false
}

/// `一、`.
fn read_section(text: &str) -> Option<Label<'_>> {
    let (number, written, rest) = leading_han_number(text)?;
    let rest = skip(rest).strip_prefix('、')?;
    // “一、二级公路” is a list of grades, not a heading.
    if leading_han_number(rest)
        .is_some_and(|(_, _, tail)| tail.starts_with(['级', '类', '等', '批', '期', '季', '线', '、']))
    {
        return None;
    }
    Some(label(LabelKind::Section, number, format!("{written}、"), rest))
}

/// Number, how it is written, whether in Chinese figures, and the rest.
type Bracketed<'a> = (u32, String, bool, &'a str);

/// `（一）` and `（1）`, with full-width or ASCII brackets.
fn read_bracketed_raw(text: &str) -> Option<Bracketed<'_>> {
    let inner = skip(text.strip_prefix(['（', '('])?);
    let (number, written, is_han, rest) = match leading_han_number(inner) {
        Some((number, written, rest)) => (number, written, true, rest),
        None => leading_digits(inner, POINT_DIGITS)
            .map(|(number, written, rest)| (number, written, false, rest))?,
    };
    let rest = skip(rest).strip_prefix(['）', ')'])?;
    Some((number, written, is_han, rest))
}

fn read_bracketed(text: &str) -> Option<Label<'_>> {
    let (number, written, is_han, rest) = read_bracketed_raw(text)?;
    if is_item_citation(rest) {
        return None;
    }
    let kind = if is_han { LabelKind::Item } else { LabelKind::SubNumber };
    Some(label(kind, number, format!("（{written}）"), rest))
}

/// `1.`, `1．`, `1、`; not the decimal `1.5`.
fn read_number(text: &str) -> Option<Label<'_>> {
    let (number, written, rest) = leading_digits(text, POINT_DIGITS)?;
    let rest = rest.trim_start_matches(is_invisible).strip_prefix(['.', '．', '、'])?;
    if rest.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c)) {
        return None;
    }
    Some(label(LabelKind::Number, number, format!("{written}."), rest))
}

/// A number in Chinese or Arabic figures, how it is written, and the rest.
fn leading_number(text: &str) -> Option<(u32, String, &str)> {
    // The longest code of a country has some 2,500 articles.
    leading_han_number(text).or_else(|| leading_digits(text, 5))
}

/// A number of some digits at most, not beginning with zero.
fn leading_digits(text: &str, most: usize) -> Option<(u32, String, &str)> {
    let (digits, rest) = figures(text, |c| match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        _ => None,
    });
    if digits.is_empty() || digits.len() > most || digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().ok()?, digits, rest))
}

/// Digits of `1.` and `（1）`: four are a year.
const POINT_DIGITS: usize = 3;

/// A Chinese number up to 9999.
fn leading_han_number(text: &str) -> Option<(u32, String, &str)> {
    let (written, rest) = figures(text, |c| match c {
        // Radicals that copying from PDF leaves, and circles for 〇.
        '\u{2f00}' => Some('一'),
        '\u{2f06}' => Some('二'),
        '\u{2f0b}' => Some('八'),
        '\u{2f17}' => Some('十'),
        '○' | '◯' => Some('〇'),
        _ if "〇零一二三四五六七八九十百千".contains(c) => Some(c),
        _ => None,
    });
    Some((han_number(&written)?, written, rest))
}

/// The figures at the beginning, and the rest. Blanks between two figures
/// belong to the number.
fn figures(text: &str, figure: impl Fn(char) -> Option<char>) -> (String, &str) {
    let mut written = String::new();
    let mut rest = text;
    loop {
        let next = if written.is_empty() { rest } else { skip(rest) };
        let mut characters = next.chars();
        let Some(c) = characters.next().and_then(&figure).filter(|_| written.len() < 30) else { break };
        written.push(c);
        rest = characters.as_str();
    }
    (written, rest)
}

/// The value of a Chinese number below ten thousand.
pub(super) fn han_number(written: &str) -> Option<u32> {
    if written.is_empty() || written.chars().count() > 8 {
        return None;
    }
    numerals::read(written).filter(|value| *value > 0)
}

#[cfg(test)]
#[path = "label_tests.rs"]
mod tests;

//! Reading 附件说明: its head and its items, in every form in which people write them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::document::Segment;
use jiedu_base::text::numerals;
use jiedu_markdown::ProseKind;

/// How the list begins.
pub(super) struct Head {
    /// The words and the mark: 附件：.
    pub(super) range: Range<usize>,
    /// The words alone, without blanks inside.
    pub(super) word: String,
    /// The number in the words (附件1：).
    pub(super) number: Option<u32>,
    /// The mark after the words.
    pub(super) mark: Option<char>,
    /// Blanks that do not belong: inside the words, before and after the mark.
    pub(super) blanks: Vec<Range<usize>>,
}

/// How the number of an item is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// 1.
    Dotted,
    /// 1．
    Wide,
    /// 1、 and 1：
    Marked,
    /// 一、
    Chinese,
    /// （一）, （1）, 1）
    Bracketed,
    /// ①
    Circled,
    /// 1 directly before the name.
    Bare,
    /// The number of a Markdown list, which stands outside the text.
    List,
    /// 附件2： in front of every name.
    Repeated,
}

/// One listed attachment.
pub(super) struct Item<'s, 'a> {
    pub(super) segment: &'s Segment<'a>,
    pub(super) number: u32,
    pub(super) form: Form,
    pub(super) label: Range<usize>,
    pub(super) name: Range<usize>,
}

impl Item<'_, '_> {
    pub(super) fn written(&self) -> &str {
        self.segment.slice(self.label.clone())
    }

    /// The name without blanks around it.
    pub(super) fn named(&self) -> &str {
        self.segment.slice(self.name.clone()).trim()
    }
}

static HEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*(附[ \u{3000}]*(?:件|表)?(?:名单|清单|目录|列表)?)([ \u{3000}]*)([0-9]{1,2}|[一二三四五六七八九十])?([ \u{3000}]*)([：:；;、。，,])?([ \u{3000}]*)").ok()
});
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:附件[ \u{3000}]?([0-9]{1,2})[ \u{3000}]?[：:.．]|([0-9]{1,2})([ \u{3000}]?)([.．、，,:：)）])|([一二三四五六七八九十]{1,3})[、.．]|[（(]([0-9]{1,2}|[一二三四五六七八九十]{1,3})[）)]|([①-⑳])|([1-9])(?:\p{Han}|《))").ok()
});
static NEXT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"([ \u{3000}；;，,、。]+)([0-9]{1,2})[.．、][ \u{3000}]*[\p{Han}《“]").ok());

/// A longer line is no name.
const LONGEST: usize = 80;

/// The head of a list in a segment.
pub(super) fn head(segment: &Segment<'_>) -> Option<Head> {
    let found = HEAD.as_ref()?.captures(&segment.text)?;
    let (words, all) = (found.get(1)?, found.get(0)?);
    let word: String = words.as_str().chars().filter(|c| !c.is_whitespace()).collect();
    let number = found.get(3).and_then(|part| numerals::read(part.as_str()));
    let mark = found.get(5).and_then(|part| part.as_str().chars().next());
    // 附件1.甲: the number is that of the first item, and the colon is missing.
    let is_label =
        number.is_some() && (mark == Some('、') || mark.is_none() && is_dot_after(segment, &found));
    if is_label {
        return Some(Head { range: words.range(), word, number: None, mark: None, blanks: Vec::new() });
    }
    let mut blanks = Vec::new();
    if let Some(at) = words.as_str().find([' ', '\u{3000}']) {
        let blank = words.as_str().get(at..)?;
        let end = blank.find(|c: char| !c.is_whitespace()).unwrap_or(blank.len());
        blanks.push(words.start() + at..words.start() + at + end);
    }
    let around = if mark.is_some() { [found.get(2), found.get(4), found.get(6)] } else { [None; 3] };
    blanks.extend(around.into_iter().flatten().map(|part| part.range()).filter(|range| !range.is_empty()));
    Some(Head { range: words.start()..mark_end(&found).unwrap_or(all.end()), word, number, mark, blanks })
}

/// Whether the dot of a label follows the number.
fn is_dot_after(segment: &Segment<'_>, found: &regex::Captures<'_>) -> bool {
    found.get(3).is_some_and(|number| segment.after(number.end()).starts_with(['.', '．']))
}

/// The end of the head: of its mark, or of its number, or of its words.
fn mark_end(found: &regex::Captures<'_>) -> Option<usize> {
    found.get(5).or(found.get(3)).or(found.get(1)).map(|part| part.end())
}

/// The label at the beginning of a text: number, form, its range and where the name begins.
fn label(text: &str) -> Option<(u32, Form, Range<usize>)> {
    let found = LABEL.as_ref()?.captures(text)?;
    let whole = found.get(0)?;
    let start = whole.start() + (whole.as_str().len() - whole.as_str().trim_start().len());
    let number = |index: usize| found.get(index).and_then(|part| numerals::read(part.as_str()));
    if let Some(number) = number(1) {
        return Some((number, Form::Repeated, start..whole.end()));
    }
    if let Some(value) = number(2) {
        let form = match found.get(4)?.as_str() {
            "." => Form::Dotted,
            "．" => Form::Wide,
            ")" | "）" => Form::Bracketed,
            _ => Form::Marked,
        };
        // 1.5亿元 is a decimal.
        let follows = text.get(whole.end()..)?.chars().next();
        return follows.is_none_or(|c| !c.is_ascii_digit()).then_some((value, form, start..whole.end()));
    }
    if let Some(value) = number(5) {
        return Some((value, Form::Chinese, start..whole.end()));
    }
    if let Some(value) = number(6) {
        return Some((value, Form::Bracketed, start..whole.end()));
    }
    if let Some(circle) = found.get(7).and_then(|part| part.as_str().chars().next()) {
        return Some((u32::from(circle) - u32::from('①') + 1, Form::Circled, start..whole.end()));
    }
    let digit = found.get(8)?;
    Some((numerals::read(digit.as_str())?, Form::Bare, digit.range()))
}

/// The items after the head, in the same paragraph and in those that follow.
pub(super) fn items<'s, 'a>(flow: &[&'s Segment<'a>], index: usize, start: usize) -> Vec<Item<'s, 'a>> {
    let mut items: Vec<Item<'s, 'a>> = Vec::new();
    for (at, segment) in flow.iter().copied().enumerate().skip(index) {
        let before = items.len();
        let from = if at == index { start } else { 0 };
        if at > index && segment.prose.kind == ProseKind::ListItem && list_number(flow, at) {
            let number = items.last().map_or(1, |item| item.number + 1);
            items.push(Item { segment, number, form: Form::List, label: 0..0, name: 0..segment.text.len() });
        } else {
            of_segment(segment, from, &mut items);
        }
        let is_first = at == index;
        if items.len() == before && !is_first {
            break;
        }
        if !is_first && !is_name(segment) {
            items.truncate(before);
            break;
        }
        if is_first && items.is_empty() && !segment.after(from).trim().is_empty() {
            break;
        }
    }
    // A bare figure is a label only where the next one has its own.
    if items.first().is_some_and(|item| item.form == Form::Bare) && items.len() < 2 {
        items.clear();
    }
    items
}

/// Whether the item of a Markdown list is a numbered one with a short text.
fn list_number(flow: &[&Segment<'_>], at: usize) -> bool {
    flow.get(at).is_some_and(|segment| is_name(segment))
}

/// Whether a segment holds names only.
fn is_name(segment: &Segment<'_>) -> bool {
    let text = segment.text.trim_end().trim_end_matches(['。', '；', '，', '、']);
    text.chars().count() < LONGEST && !text.contains('。')
}

/// The items of one segment; several where they stand on lines of their own.
fn of_segment<'s, 'a>(segment: &'s Segment<'a>, from: usize, items: &mut Vec<Item<'s, 'a>>) {
    let mut start = from;
    for line in segment.after(from).split_inclusive('\n') {
        if let Some((number, form, label)) = label(line) {
            let end = start + line.trim_end().len();
            items.push(Item {
                segment,
                number,
                form,
                label: start + label.start..start + label.end,
                name: start + label.end..end,
            });
        }
        start += line.len();
    }
}

/// Where the next item begins in the middle of a name: `表 2.名单`. The range holds what
/// parts them, and the number.
pub(super) fn crowded(item: &Item<'_, '_>) -> Option<(Range<usize>, u32)> {
    let text = item.segment.slice(item.name.clone());
    let found = NEXT.as_ref()?.captures_iter(text).find(|found| {
        found.get(2).and_then(|number| number.as_str().parse().ok()) == Some(item.number + 1)
    })?;
    let (gap, number) = (found.get(1)?, found.get(2)?);
    let start = item.name.start + gap.start();
    let is_name = gap.start() > 0;
    is_name.then(|| (start..item.name.start + number.end(), item.number + 1))
}

//! Figures, tables and points in rings that skip a number; levels in the wrong order.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Segment};
use crate::profile::Profile;
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::numerals;

use super::labels::{Label, Level, labels, rewrite};

pub(crate) static FAMILY: Family =
    Family { rules: &[&CAPTION, &CIRCLE, &NESTING], check: Check::Document(check) };

static CAPTION: Rule = Rule {
    code: "P407",
    name: "caption-order",
    category: "numbering",
    severity: Severity::Warning,
    what: ("图、表的编号跳号或重号", "figures or tables numbered with a gap or twice"),
    why: (
        "GB/T 1.1—2020 第 9.9、9.10 条：图、表各自从1开始连续编号；跳号使正文的引用落空。",
        "GB/T 1.1-2020, 9.9 and 9.10: figures and tables are numbered through from 1.",
    ),
    bad: "图1 组织架构\n\n图3 工作流程",
    good: "图1 组织架构\n\n图2 工作流程",
    except: (
        "带章号的编号（图2-1）不查；另一个附件可以重新从1编起。",
        "Numbers by chapter (图2-1); another attachment may begin anew.",
    ),
};

static CIRCLE: Rule = Rule {
    code: "P408",
    name: "circled-order",
    category: "numbering",
    severity: Severity::Warning,
    what: ("带圈序号跳号、重号：①②④", "points in rings with a gap or a repeat"),
    why: (
        "层次序数应当连续（GB/T 9704—2012 第 7.3.3 条）；缺号多因删改后未重新编号。",
        "Ordinals follow one another (GB/T 9704-2012, 7.3.3); a gap is left over from editing.",
    ),
    bad: "主要任务：①摸清底数；②建立台账；④限期整改。",
    good: "主要任务：①摸清底数；②建立台账；③限期整改。",
    except: ("词语后面的注号（见注②）不查。", "Marks of notes after a word."),
};

static NESTING: Rule = Rule {
    code: "P409",
    name: "level-order",
    category: "numbering",
    severity: Severity::Warning,
    what: ("结构层次次序颠倒：“1.”下面用“（一）”", "levels in the wrong order: （一） under 1."),
    why: (
        "GB/T 9704—2012 第 7.3.3 条：层次依次为“一、”“（一）”“1.”“（1）”。",
        "GB/T 9704-2012, 7.3.3: the levels are 一、, （一）, 1. and （1）, in this order.",
    ),
    bad: "一、总体要求\n\n1.指导思想\n\n（一）坚持稳中求进。\n\n（二）坚持底线思维。\n\n2.工作目标",
    good: "一、总体要求\n\n（一）指导思想\n\n1.坚持稳中求进。\n\n2.坚持底线思维。\n\n（二）工作目标",
    except: ("法规的条、款、项不查；列表引出的下级序号不查。", "Articles of law; lists of Markdown."),
};

static TITLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*((图|表|专栏)[ \u{3000}]?([0-9]{1,2}|[一二三四五六七八九十]{1,2})(?:[：:.．、])?)(?:[ \u{3000}]+|[：:]|)([^ \u{3000}].{0,60})?$").ok()
});

fn check(document: &Document<'_>, sink: &mut Sink) {
    captions(document, sink);
    circles(document, sink);
    if document.profile != Profile::Regulation {
        nesting(document, sink);
    }
}

/// 图1, 图3: the captions of a text, each kind on its own.
fn captions(document: &Document<'_>, sink: &mut Sink) {
    let mut last: BTreeMap<String, u32> = BTreeMap::new();
    let mut hits = Vec::new();
    for segment in document.flow() {
        let Some((kind, number, range)) = caption(segment) else { continue };
        let before = last.insert(kind.clone(), number);
        let Some(before) = before.filter(|&before| number != before + 1) else { continue };
        let written = segment.slice(range.clone());
        let right = rewrite(written, before + 1);
        let zh = format!("{kind}的编号不连续：“{written}”，按顺序应为“{right}”");
        let hit = Hit::new(
            &CAPTION,
            segment,
            range,
            zh,
            format!("`{written}` is out of sequence, expected `{right}`"),
        );
        // The tables of another attachment begin anew.
        let severity = if number == 1 { Severity::Hint } else { Severity::Warning };
        hits.push(hit.severity(severity).review(right));
    }
    if hits.len() <= MOST {
        for hit in hits {
            sink.push(hit);
        }
    }
}

/// So many gaps are those of an extract.
const MOST: usize = 2;

/// Kind, number and place of a caption. What goes on as a sentence (表2列出了…。) is none.
fn caption(segment: &Segment<'_>) -> Option<(String, u32, std::ops::Range<usize>)> {
    let first = segment.text.trim_start().chars().next()?;
    if !matches!(first, '图' | '表' | '专') || segment.text.len() > 240 {
        return None;
    }
    let found = TITLE.as_ref()?.captures(&segment.text)?;
    let (label, kind, number) = (found.get(1)?, found.get(2)?, found.get(3)?);
    let rest = segment.after(label.end());
    let title = found.get(4).map_or("", |title| title.as_str().trim_end());
    let is_parted = rest.starts_with([' ', '\u{3000}', '：', ':'])
        || label.as_str().ends_with([':', '：', '.', '．', '、']);
    let is_title = title.is_empty() || is_parted && !title.ends_with(['。', '；', '，', '：']);
    let is_chapter =
        rest.starts_with(['-', '—', '–', '－', '.']) || title.starts_with(|c: char| c.is_ascii_digit());
    let value = numerals::read(number.as_str())?;
    (is_title && !is_chapter).then(|| (kind.as_str().to_owned(), value, label.range()))
}

/// ①②④ within a passage or at the beginning of neighbouring ones.
fn circles(document: &Document<'_>, sink: &mut Sink) {
    let mut last: Option<(usize, u32)> = None;
    for segment in document.flow() {
        for &(at, c) in segment.marks.iter().filter(|(_, c)| matches!(c, '①'..='⑳')) {
            let number = u32::from(c) - u32::from('①') + 1;
            let is_label = segment.prev(at).is_none_or(|c| {
                matches!(c, '。' | '；' | '：' | '，' | '、' | ' ' | '\u{3000}' | '\n' | ':' | ';' | '）')
            });
            let is_note = segment.before(at).trim_end().ends_with(['注', '见']);
            if !is_label || is_note {
                continue;
            }
            let before = last.filter(|(index, _)| index + 2 > segment.index).map(|(_, number)| number);
            last = Some((segment.index, number));
            let Some(before) = before.filter(|&before| number != 1 && number != before + 1) else { continue };
            let Some(right) = char::from_u32(u32::from('①') + before) else { continue };
            let zh = format!("带圈序号不连续：“{c}”，按顺序应为“{right}”");
            let hit = Hit::new(&CIRCLE, segment, at..at + c.len_utf8(), zh, format!("expected `{right}`"));
            sink.push(hit.review(right));
        }
    }
}

/// （一） under 1., 一、 under （一）: the first of a level that stands inside one that should
/// lie below it, and the level outside goes on afterwards.
fn nesting(document: &Document<'_>, sink: &mut Sink) {
    let all = labels(document);
    let own: Vec<&Label> =
        all.iter().filter(|label| label.level >= Level::First && label.marker.is_none()).collect();
    if all.iter().any(|label| label.level == Level::Article) {
        return;
    }
    for (at, label) in own.iter().enumerate().filter(|(_, label)| label.number == 1) {
        let Some(outside) = at.checked_sub(1).and_then(|at| own.get(at)) else { continue };
        if outside.level <= label.level || has_level(&own, at, label.level) {
            continue;
        }
        let goes_on = own
            .get(at + 1..(at + REACH).min(own.len()))
            .unwrap_or(&[])
            .iter()
            .find(|next| next.level == outside.level || next.level < label.level);
        let is_inside =
            goes_on.is_some_and(|next| next.level == outside.level && next.number == outside.number + 1);
        let Some(segment) = document.segments.get(label.segment).filter(|_| is_inside) else { continue };
        let range = label.start..label.start + label.len;
        let zh = format!(
            "层次次序颠倒：“{}”不能在下一级序号里面，依次为“一、”“（一）”“1.”“（1）”",
            segment.slice(range.clone())
        );
        sink.push(Hit::new(&NESTING, segment, range, zh, "this level belongs above the one it stands in"));
        return;
    }
}

/// So many labels on the outer level is looked for.
const REACH: usize = 40;

/// Whether the level was in use already, under the same heading of a higher level.
fn has_level(own: &[&Label], at: usize, level: Level) -> bool {
    let before = own.get(at.saturating_sub(REACH)..at).unwrap_or(&[]);
    before.iter().rev().take_while(|label| label.level >= level).any(|label| label.level == level)
}

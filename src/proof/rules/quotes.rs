//! Quotation marks of the wrong kind: straight ones and corner brackets.

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;

use super::width::shorten;

pub(crate) static FAMILY: Family = Family { rules: &[&ASCII, &CORNER], check: Check::Segment(check) };

static ASCII: Rule = Rule {
    code: "P205",
    name: "ascii-quote",
    category: "bracket-pair",
    severity: Severity::Error,
    what: ("中文用了英文直引号", "straight quotes around Chinese text"),
    why: (
        "GB/T 15834—2011 第 4.8 条：中文引号为“”‘’。",
        "GB/T 15834-2011, 4.8: Chinese quotes are “” and ‘’.",
    ),
    bad: "推行\"双随机、一公开\"监管。",
    good: "推行“双随机、一公开”监管。",
    except: ("外文、代码和表示英寸的引号不查。", "Foreign text, code, inches."),
};

static CORNER: Rule = Rule {
    code: "P207",
    name: "corner-quote",
    category: "bracket-pair",
    severity: Severity::Warning,
    what: ("横排简体文字用了直角引号「」", "corner quotes in horizontal simplified text"),
    why: (
        "GB/T 15834—2011：横排用“”‘’，直角引号用于直排。",
        "GB/T 15834-2011: corner quotes are for vertical text.",
    ),
    bad: "推进「放管服」改革。",
    good: "推进“放管服”改革。",
    except: ("引自境外材料的原文可以保留。", "Quotations from abroad."),
};

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    ascii_quotes(segment, sink);
    corner_quotes(segment, sink);
}

fn ascii_quotes(segment: &Segment<'_>, sink: &mut Sink) {
    for straight in ['"', '＂', '\''] {
        straight_quotes(segment, straight, sink);
    }
}

fn straight_quotes(segment: &Segment<'_>, straight: char, sink: &mut Sink) {
    if straight.is_ascii() && !segment.has.ascii_mark {
        return;
    }
    let width = straight.len_utf8();
    let mut open: Option<usize> = None;
    for &(at, _) in segment.marks.iter().filter(|&&(_, c)| c == straight) {
        let Some(start) = open.take() else {
            // 55": inches.
            open = (!segment.prev(at).is_some_and(|c| c.is_ascii_digit())).then_some(at);
            continue;
        };
        let inner = segment.slice(start + width..at);
        let is_apostrophe = straight == '\'' && !(inner.starts_with(is_han) && inner.ends_with(is_han));
        let is_code = is_code(segment, start, at + width, inner);
        if (!inner.contains(is_han) || is_apostrophe) && !is_code {
            continue;
        }
        let zh = format!("中文用了英文引号，应为“{}”", shorten(inner));
        let en = format!("straight quotes around Chinese text: `{}`", shorten(inner));
        let (left, right) = if segment.in_quote(start) { ('‘', '’') } else { ('“', '”') };
        sink.push(Hit::new(&ASCII, segment, start..at + width, zh, en).safe(format!("{left}{inner}{right}")));
    }
    let is_beside_han =
        |&at: &usize| segment.prev(at).is_some_and(is_han) || segment.next(at + width).is_some_and(is_han);
    let Some(at) = open.filter(is_beside_han).filter(|_| straight != '\'') else { return };
    let (zh, en) = ("英文引号不成对，中文应当用“”", "a straight quote without partner; use “”");
    sink.push(Hit::new(&ASCII, segment, at..at + width, zh, en));
}

/// "12345", "5G+", "3·15" within Chinese text: figures and signs, no words of another language.
fn is_code(segment: &Segment<'_>, start: usize, end: usize, inner: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || "+·.%-—/、×ＮN".contains(c);
    let is_chinese = |c: Option<char>| c.is_none_or(|c| is_han(c) || crate::document::is_cjk_mark(c));
    (1..=20).contains(&inner.chars().count())
        && inner.chars().all(is_sign)
        && inner.chars().any(|c| c.is_ascii_digit())
        && is_chinese(segment.prev(start))
        && is_chinese(segment.next(end))
        && segment.has.han
}

fn corner_quotes(segment: &Segment<'_>, sink: &mut Sink) {
    let mut open = None;
    for &(at, c) in &segment.marks {
        match c {
            '「' => open = Some(at),
            '」' => {
                let Some(start) = open.take() else { continue };
                let inner = segment.slice(start + 3..at);
                let zh = format!("横排文字应当用“”，不用「」：{}", shorten(inner));
                let hit = Hit::new(&CORNER, segment, start..at + 3, zh, "corner quotes in horizontal text");
                sink.push(hit.review(format!("“{inner}”")));
            }
            _ => {}
        }
    }
}

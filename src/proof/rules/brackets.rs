//! Paired marks: brackets, quotes, title marks. Pairing and its rules share one
//! pass over the marks.
//!
//! Quotes and brackets run over paragraphs (judgments, adoption notes broken
//! over two lines), so a mark left over in one segment may find its partner in a
//! later one before it counts as unpaired.

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};

use super::width::shorten;

pub(crate) static FAMILY: Family = Family {
    rules: &[&UNPAIRED, &MIXED, &REVERSED, &DOUBLED, &NESTED, &WITHIN],
    check: Check::Document(check),
};

pub(crate) static UNPAIRED: Rule = Rule {
    code: "P201",
    name: "unpaired-mark",
    category: "bracket-pair",
    severity: Severity::Error,
    what: ("括号、引号、书名号不成对", "a bracket, quote or title mark without its partner"),
    why: (
        "GB/T 15834—2011 第 4.8、4.9、4.15 条：这些标号成对使用；缺一半会改变文意。",
        "GB/T 15834-2011, 4.8, 4.9, 4.15: these marks come in pairs; half a pair changes the meaning.",
    ),
    bad: "市、县（市、区人民政府应当报告工作。",
    good: "市、县（市、区）人民政府应当报告工作。",
    except: (
        "引文连续几段、每段开头用前引号而只在末段用后引号的，不查。",
        "Quotations over several paragraphs, where each opens and only the last closes.",
    ),
};

static MIXED: Rule = Rule {
    code: "P202",
    name: "mixed-width-pair",
    category: "bracket-pair",
    severity: Severity::Error,
    what: ("一对括号一半全角、一半半角", "a pair of brackets, one full-width and one half-width"),
    why: (
        "GB/T 15834—2011 第 4.9 条：成对的括号形式一致。",
        "GB/T 15834-2011, 4.9: both halves have one form.",
    ),
    bad: "市、县（市、区)主管部门负责。",
    good: "市、县（市、区）主管部门负责。",
    except: ("无。", "None."),
};

static REVERSED: Rule = Rule {
    code: "P203",
    name: "reversed-quote",
    category: "bracket-pair",
    severity: Severity::Error,
    what: ("引号方向用反", "a quotation mark that faces the wrong way"),
    why: (
        "GB/T 15834—2011 第 4.8 条：前引号“与后引号”方向不同，用反会与下文引号错误配对。",
        "Opening and closing quotes differ; a wrong one pairs with the next.",
    ),
    bad: "打造”双创”升级版。",
    good: "打造“双创”升级版。",
    except: ("无。", "None."),
};

static DOUBLED: Rule = Rule {
    code: "P204",
    name: "doubled-mark",
    category: "bracket-pair",
    severity: Severity::Error,
    what: ("重复的括号、引号、书名号", "a bracket, quote or title mark typed twice"),
    why: (
        "GB/T 15834—2011 第 4.8、4.9、4.15 条：标号成对使用；重复的标号使配对错乱。",
        "GB/T 15834-2011, 4.8, 4.9, 4.15: marks come in pairs; a doubled one upsets them.",
    ),
    bad: "根据《《民法典》制定。",
    good: "根据《民法典》制定。",
    except: (
        "两层书名号相邻而都闭合的，由书名号规则处理。",
        "Two levels that both close are the title rule's.",
    ),
};

static NESTED: Rule = Rule {
    code: "P206",
    name: "nested-quote",
    category: "bracket-pair",
    severity: Severity::Warning,
    what: ("双引号里又用双引号", "double quotes inside double quotes"),
    why: (
        "GB/T 15834—2011 第 4.8.3.3 条：引号里再用引号时，外面用双引号，里面用单引号。",
        "GB/T 15834-2011, 4.8.3.3: double quotes outside, single ones inside.",
    ),
    bad: "按照“一口“一册””原则管理。",
    good: "按照“一口‘一册’”原则管理。",
    except: ("第三层重新用双引号。", "The third level is double again."),
};

static WITHIN: Rule = Rule {
    code: "P208",
    name: "nested-bracket",
    category: "bracket-pair",
    severity: Severity::Hint,
    what: ("圆括号里又用圆括号", "round brackets inside round brackets"),
    why: (
        "GB/T 15834—2011 第 4.9 条：括号尽量避免套用，必须套用时用不同形式的括号。",
        "GB/T 15834-2011, 4.9: brackets inside brackets are best avoided, or else of another form.",
    ),
    bad: "各县（含县级市（区））应当报告。",
    good: "各县（含县级市、区）应当报告。",
    except: ("括号里的条款序号（见第（一）项）不查。", "Labels of provisions inside brackets."),
};

/// A mark that opens or closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    at: usize,
    c: char,
}

/// A mark without a partner in its own segment.
struct Left {
    segment: usize,
    mark: Mark,
    is_opener: bool,
}

/// So far ahead a mark looks for its partner, in segments.
const REACH: usize = 40;

/// So many levels outwards a pair looks at what encloses it.
const LEVELS: usize = 32;

/// A longer passage is not repeated in a fix: pairs within pairs would repeat
/// each other.
pub(super) const FIX_LIMIT: usize = 1_000;

fn opener_of(close: char) -> Option<char> {
    Some(match close {
        '）' | ')' => '（',
        '》' => '《',
        '〉' => '〈',
        '”' => '“',
        '’' => '‘',
        '〕' => '〔',
        '】' => '【',
        '」' => '「',
        '』' => '『',
        _ => return None,
    })
}

/// The opener with the width taken away.
fn opener(c: char) -> Option<char> {
    match c {
        '(' => Some('（'),
        '（' | '《' | '〈' | '“' | '‘' | '〔' | '【' | '「' | '『' => Some(c),
        _ => None,
    }
}

fn closer_of(open: char) -> char {
    match open {
        '（' | '(' => '）',
        '《' => '》',
        '〈' => '〉',
        '“' => '”',
        '‘' => '’',
        '〔' => '〕',
        '【' => '】',
        '「' => '」',
        _ => '』',
    }
}

fn check(document: &Document<'_>, sink: &mut Sink) {
    let mut left = Vec::new();
    for segment in &document.segments {
        pair(segment, &mut left, sink);
    }
    left.retain(|item| !runs_on(document, item));
    across_segments(&mut left);
    let mut at = 0;
    while let Some(first) = left.get(at) {
        let next = left.get(at + 1).filter(|next| next.segment == first.segment);
        let Some(segment) = document.segments.get(first.segment) else { break };
        at += if reversed(segment, first, next, sink) { 2 } else { 1 };
    }
}

/// Whether a quotation goes on: its paragraphs each open it, only the last
/// closes it (GB/T 15834-2011, 4.8.3.4).
fn runs_on(document: &Document<'_>, item: &Left) -> bool {
    let opens = |at: usize| {
        document.segments.get(at).is_some_and(|segment| segment.text.trim_start().starts_with('“'))
    };
    let before = || document.segments.get(item.segment).and_then(|segment| segment.prev(item.mark.at));
    // 将第五条修改为：“…, and its further paragraphs.
    let is_first = || matches!(before(), Some('：' | ':'));
    item.is_opener
        && item.mark.c == '“'
        && (item.mark.at <= 6 && opens(item.segment) || is_first())
        && opens(item.segment + 1)
}

/// Pairs the marks of one segment; what stays alone goes to `left`.
fn pair(segment: &Segment<'_>, left: &mut Vec<Left>, sink: &mut Sink) {
    let mut stack: Vec<Mark> = Vec::new();
    let last = |close: char| segment.marks.iter().rfind(|&&(_, c)| c == close).map_or(0, |&(at, _)| at);
    let ends = Ends { quote: last('”'), title: last('》') };
    let push_left =
        |left: &mut Vec<Left>, mark, is_opener| left.push(Left { segment: segment.index, mark, is_opener });
    for (index, &(at, c)) in segment.marks.iter().enumerate() {
        let mark = Mark { at, c };
        if opener(c).is_some() {
            stack.push(mark);
            continue;
        }
        let Some(wanted) = opener_of(c).filter(|_| !is_list_bracket(segment, &stack, mark)) else { continue };
        // A partner deeper in the stack means that what lies above it is unclosed.
        let reach = stack.len().saturating_sub(4);
        let found =
            stack.iter().skip(reach).rposition(|open| opener(open.c) == Some(wanted)).map(|at| at + reach);
        let swapped =
            stack.last().filter(|top| is_title(top.c) && is_title(wanted) && top.c != wanted).copied();
        match (found, swapped) {
            // Crossed (《〈甲》细则〉), or closed by the other kind (《甲〉).
            (found, Some(top)) if found.is_some() == closes_later(segment, index, top.c) => {
                stack.pop();
                super::titles::swapped(segment, at, c, closer_of(top.c), sink);
            }
            (Some(found), _) => {
                for open in stack.drain(found + 1..) {
                    push_left(left, open, true);
                }
                if let Some(open) = stack.pop() {
                    let outer = stack.get(stack.len().saturating_sub(LEVELS)..).unwrap_or_default();
                    matched(segment, open, mark, (outer, ends), sink);
                }
            }
            (None, _) => push_left(left, mark, false),
        }
    }
    for open in stack {
        push_left(left, open, true);
    }
}

/// `1)` and `a)` label lists: a closing bracket alone after one or two characters.
fn is_list_bracket(segment: &Segment<'_>, stack: &[Mark], mark: Mark) -> bool {
    if !matches!(mark.c, ')' | '）')
        || mark.at > 16
        || stack.iter().rev().take(LEVELS).any(|open| matches!(open.c, '(' | '（'))
    {
        return false;
    }
    let label = segment.before(mark.at).trim_start();
    let is_short = label.chars().count() <= 3;
    is_short
        && !label.is_empty()
        && label.chars().all(|c| c.is_ascii_alphanumeric() || jiedu_base::text::numerals::is_numeral(c))
}

fn is_title(c: char) -> bool {
    matches!(c, '《' | '〈')
}

/// Whether the closer of `open` comes before a new opener of its kind.
fn closes_later(segment: &Segment<'_>, index: usize, open: char) -> bool {
    let rest = segment.marks.get(index + 1..).unwrap_or(&[]).iter().take(12);
    rest.map(|&(_, c)| c).find(|&c| c == open || c == closer_of(open)).is_some_and(|c| c == closer_of(open))
}

/// A pair was found: its halves must have one width, and not repeat the level above.
fn matched(segment: &Segment<'_>, open: Mark, close: Mark, (outer, ends): (&[Mark], Ends), sink: &mut Sink) {
    if (open.c == '(') != (close.c == ')') && opener(open.c) == Some('（') {
        let (mark, right) = if open.c == '(' { (open, "（") } else { (close, "）") };
        let zh = format!("一对括号宽度不一致，“{}”应为“{right}”", mark.c);
        let en = format!("mixed pair of brackets: `{}` should be `{right}`", mark.c);
        sink.push(Hit::new(&MIXED, segment, mark.at..mark.at + 1, zh, en).safe(right));
    }
    let end = close.at + close.c.len_utf8();
    if open.c == '“'
        && outer.iter().rfind(|mark| matches!(mark.c, '“' | '‘')).is_some_and(|mark| mark.c == '“')
    {
        let inner = segment.slice(open.at + 3..close.at);
        // Only where the outer pair closes here too: a quoted paragraph that
        // runs on opens again without being nested.
        if ends.quote >= end {
            let zh = format!("双引号内再用引号应为单引号：“{}”", shorten(inner));
            let en = format!("quotes inside quotes are single: `{}`", shorten(inner));
            let hit = Hit::new(&NESTED, segment, open.at..end, zh, en);
            sink.push(if inner.len() <= FIX_LIMIT { hit.review(format!("‘{inner}’")) } else { hit });
        }
    }
    if matches!(open.c, '（' | '(') {
        within(segment, open.at..end, outer, sink);
    }
    // 《《条例》: one opener too many is no title inside a title.
    if open.c != '《' || ends.title >= end || !outer.iter().any(|mark| mark.c == '《') {
        super::titles::matched(segment, open.at..end, open.c, outer.iter().map(|mark| mark.c), sink);
    }
}

/// The last closing marks of a segment.
#[derive(Clone, Copy)]
struct Ends {
    quote: usize,
    title: usize,
}

/// A round bracket directly inside another that closes as well.
fn within(segment: &Segment<'_>, range: std::ops::Range<usize>, outer: &[Mark], sink: &mut Sink) {
    if !outer.last().is_some_and(|mark| matches!(mark.c, '（' | '(')) {
        return;
    }
    let width = segment.next(range.start).map_or(1, char::len_utf8);
    let inner = segment.slice(range.start + width..range.end - width);
    let is_label =
        inner.chars().all(|c| c.is_ascii_alphanumeric() || jiedu_base::text::numerals::is_numeral(c));
    let closes = segment.just_after(range.end, 600).find(['）', ')', '（', '(']);
    let is_closed =
        closes.and_then(|at| segment.next(range.end + at)).is_some_and(|c| matches!(c, '）' | ')'));
    if is_label || !is_closed {
        return;
    }
    let zh = format!("圆括号里又用圆括号：“（{}）”，宜改写或改用方括号", shorten(inner));
    sink.push(Hit::new(&WITHIN, segment, range, zh, "round brackets inside round brackets"));
}

/// Joins marks left over in different segments.
fn across_segments(left: &mut Vec<Left>) {
    let mut open: Vec<usize> = Vec::new();
    let mut joined = vec![false; left.len()];
    for (index, item) in left.iter().enumerate() {
        if item.is_opener {
            open.push(index);
            continue;
        }
        let wanted = opener_of(item.mark.c);
        let mut partner = None;
        for (place, &candidate) in open.iter().enumerate().rev().take(8) {
            let Some(other) = left.get(candidate) else { continue };
            if other.segment < item.segment
                && item.segment - other.segment <= REACH
                && opener(other.mark.c) == wanted
            {
                partner = Some((place, candidate));
                break;
            }
        }
        let Some((place, candidate)) = partner else { continue };
        for at in [candidate, index] {
            if let Some(flag) = joined.get_mut(at) {
                *flag = true;
            }
        }
        // Paragraphs of one quotation each open it again.
        let mut kept = open.split_off(place);
        kept.remove(0);
        let mut second = candidate;
        while let Some(&before) = open.last() {
            let (Some(earlier), Some(later)) = (left.get(before), left.get(second)) else { break };
            if earlier.mark.c != '“'
                || later.mark.c != '“'
                || earlier.segment == later.segment
                || later.mark.at > 3
            {
                break;
            }
            if let Some(flag) = joined.get_mut(before) {
                *flag = true;
            }
            second = before;
            open.pop();
        }
        open.append(&mut kept);
    }
    let mut joined = joined.into_iter();
    left.retain(|_| !joined.next().unwrap_or(false));
}

/// Reports a mark without partner; two that face the wrong way are one fault.
/// Whether the next was part of it.
fn reversed(segment: &Segment<'_>, first: &Left, next: Option<&Left>, sink: &mut Sink) -> bool {
    let mark = first.mark;
    if let Some(next) =
        next.filter(|next| first.is_opener && !next.is_opener && is_quote(mark.c) && is_quote(next.mark.c))
    {
        let right = closer_of(mark.c);
        let zh = format!("前后引号不一致，这里应为“{right}”");
        let en = format!("mismatched quotes, use `{right}` here");
        let range = next.mark.at..next.mark.at + next.mark.c.len_utf8();
        sink.push(Hit::new(&REVERSED, segment, range, zh, en).review(right));
        return true;
    }
    if let Some(next) = next.filter(|next| next.mark.c == mark.c && next.is_opener == first.is_opener) {
        let touching = mark.at + mark.c.len_utf8() == next.mark.at;
        if touching {
            doubled(segment, mark, sink);
            return true;
        }
        if matches!(mark.c, '“' | '”' | '‘' | '’') {
            let (wrong, right) = if first.is_opener {
                (next.mark, closer_of(mark.c))
            } else {
                (mark, opener_of(mark.c).unwrap_or('“'))
            };
            let zh = format!("引号方向用反，应为“{right}”");
            let en = format!("quotation mark faces the wrong way, use `{right}`");
            sink.push(Hit::new(&REVERSED, segment, wrong.at..wrong.at + 3, zh, en).review(right));
            return true;
        }
    }
    let neighbour =
        if first.is_opener { segment.next(mark.at + mark.c.len_utf8()) } else { segment.prev(mark.at) };
    if neighbour == Some(mark.c) {
        let start = if first.is_opener { mark.at } else { mark.at - mark.c.len_utf8() };
        doubled(segment, Mark { at: start, c: mark.c }, sink);
        return false;
    }
    if mark.c.is_ascii() && !segment.has.han {
        return false;
    }
    unpaired(segment, first, sink);
    false
}

fn is_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’')
}

fn doubled(segment: &Segment<'_>, mark: Mark, sink: &mut Sink) {
    let end = mark.at + 2 * mark.c.len_utf8();
    let zh = format!("“{0}{0}”重复，应为一个", mark.c);
    let en = format!("`{0}{0}` is typed twice", mark.c);
    sink.push(Hit::new(&DOUBLED, segment, mark.at..end, zh, en).review(mark.c));
}

/// So far, in bytes, a title reaches.
const NEAR: usize = 150;

/// A title mark whose other half was typed as a comparison sign: `《甲办法>`.
fn sign_for_title(segment: &Segment<'_>, left: &Left, sink: &mut Sink) -> bool {
    let mark = left.mark;
    let found = match (mark.c, left.is_opener) {
        ('《', true) => {
            segment.just_after(mark.at, NEAR).find(['>', '＞', '﹥']).map(|at| (mark.at + at, '》'))
        }
        ('》', false) => {
            let before = segment.just_before(mark.at, NEAR);
            before.rfind(['<', '＜', '﹤']).map(|at| (mark.at - before.len() + at, '《'))
        }
        _ => None,
    };
    let Some((at, right)) = found else { return false };
    let Some(sign) = segment.next(at) else { return false };
    super::titles::swapped(segment, at, sign, right, sink);
    true
}

fn unpaired(segment: &Segment<'_>, left: &Left, sink: &mut Sink) {
    if sign_for_title(segment, left, sink) {
        return;
    }
    let mark = left.mark;
    let end = mark.at + mark.c.len_utf8();
    let (zh, en) = if left.is_opener {
        (format!("“{}”没有对应的“{}”", mark.c, closer_of(mark.c)), format!("`{}` is never closed", mark.c))
    } else {
        let open = opener_of(mark.c).unwrap_or('（');
        (format!("“{}”没有对应的“{open}”", mark.c), format!("`{}` was never opened", mark.c))
    };
    let hit = match super::bracket_fix::repair(segment, mark.at, mark.c, left.is_opener) {
        Some((range, replacement)) => Hit::new(&UNPAIRED, segment, range, zh, en).review(replacement),
        None => Hit::new(&UNPAIRED, segment, mark.at..end, zh, en),
    };
    // Notes of adoption run over several lines, with brackets of their own.
    let is_note = mark.c == '）'
        && segment.index < 12
        && segment.after(end).trim_end().is_empty()
        && segment.text.contains("会议");
    sink.push(if is_note { hit.severity(Severity::Hint) } else { hit });
}

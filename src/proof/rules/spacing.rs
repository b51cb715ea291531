//! Blanks where Chinese has none.
//!
//! Official texts do use blanks: names are padded (`组　长：韩　正`), titles are
//! spread (`总　则`), a blank follows `第一条`. So the rule looks only at lines with
//! sentence marks and leaves labels, name lists and titles alone.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Segment, is_cjk_mark, is_inside};
use crate::habits::{self, Habits};
use crate::model::grams::BUILTIN as MODEL;
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;

pub(crate) static FAMILY: Family =
    Family { rules: &[&HAN, &MARK, &DATE, &UNIT, &INVISIBLE], check: Check::Segment(check) };

static HAN: Rule = Rule {
    code: "P111",
    name: "blank-between-han",
    category: "spacing",
    severity: Severity::Warning,
    what: ("句中汉字之间的空格", "a blank between Han characters within a sentence"),
    why: (
        "中文词语之间不空格；多余空格会割断词语，影响检索和朗读。",
        "Chinese words are not separated by blanks; a stray one breaks searching and reading aloud.",
    ),
    bad: "单位和个人必须遵纪 守法，服从指挥。",
    good: "单位和个人必须遵纪守法，服从指挥。",
    except: (
        "条款号之后、姓名对齐、标题、名单和书名号内的空格不查。",
        "After article labels, in padded names, titles, lists of names and 《》.",
    ),
};

static MARK: Rule = Rule {
    code: "P112",
    name: "blank-beside-mark",
    category: "spacing",
    severity: Severity::Warning,
    what: ("标点前后的空格", "a blank beside a Chinese punctuation mark"),
    why: ("全角标点自带间隔，前后不再空格。", "Full-width marks carry their own space."),
    bad: "建设社会主义精神文明 ，制定本法。",
    good: "建设社会主义精神文明，制定本法。",
    except: ("名单、标题中的对齐空格不查。", "Padding in lists of names and titles."),
};

static DATE: Rule = Rule {
    code: "P113",
    name: "blank-in-date",
    category: "spacing",
    severity: Severity::Warning,
    what: ("日期中的空格", "a blank inside a date"),
    why: (
        "公文日期的数字与“年月日”之间不空格（GB/T 9704—2012 第 7.3.5.4 条）。",
        "Dates in official documents have no blanks (GB/T 9704-2012, 7.3.5.4).",
    ),
    bad: "本条例自2014年10 月1 日起施行。",
    good: "本条例自2014年10月1日起施行。",
    except: ("待填写的空白日期（年 月 日）不查。", "Blank dates that are to be filled in."),
};

static UNIT: Rule = Rule {
    code: "P114",
    name: "blank-beside-number",
    category: "spacing",
    severity: Severity::Hint,
    what: ("数字与汉字之间的空格", "a blank between a number and Han text"),
    why: (
        "公文习惯数字与汉字之间不空格；全文应当一致。",
        "Official practice has no blank between figures and Han text; be consistent.",
    ),
    bad: "共有 12 个单位参加。",
    good: "共有12个单位参加。",
    except: (
        "序号之后的空格不查；数值与国际单位符号之间（5 km）按 GB 3101 可以空格。",
        "After ordinal labels; before unit symbols (5 km) GB 3101 has a blank.",
    ),
};

static INVISIBLE: Rule = Rule {
    code: "P115",
    name: "invisible-character",
    category: "spacing",
    severity: Severity::Error,
    what: (
        "看不见的字符：零宽字符、软连字符、方向控制符、制表符",
        "invisible characters: zero-width, soft hyphen, direction, tab",
    ),
    why: (
        "看不见的字符使检索、比对和签名核对失败，多由网页或文档粘贴带入。",
        "They break searching and comparison; they come with pasted text.",
    ),
    bad: "加强\u{200b}监管。",
    good: "加强监管。",
    except: ("表情符号内部的连接符不查。", "Joiners inside emoji."),
};

static SPACED_DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\d{1,4} *年( *\d{1,2} *月( *\d{1,2} *日)?)?|\d{1,2} *月 *\d{1,2} *日").ok()
});
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[\s]*(第[〇零一二两三四五六七八九十百千\d]{1,9}[编分篇章节条款项](之[一二三四五六七八九十]+)?|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\(?\d+[.．、)）]|附[件录表]?\d*[：:]?|[①-⑳]|问[：:]?|答[：:]?)\s*").ok()
});

fn check(document: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    if !segment.has.blank {
        return;
    }
    let habits = document.habits;
    let dates = dates(habits, segment, sink);
    let label = LABEL.as_ref().and_then(|label| label.find(&segment.text)).map_or(0, |found| found.end());
    let is_sentence = segment.marks.iter().any(|&(_, c)| matches!(c, '，' | '。' | '；' | '！' | '？'));
    let mut marks = segment.marks.iter().peekable();
    while let Some(&(start, c)) = marks.next() {
        if is_invisible(segment, start, c) {
            invisible(segment, start, c, sink);
            continue;
        }
        if !is_blank(c) {
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = marks.peek().copied().filter(|&&(at, next)| at == end && is_blank(next))
        {
            end = at + next.len_utf8();
            marks.next();
        }
        if start < label || end >= segment.text.len() || start == 0 || is_inside(&dates, start) {
            continue;
        }
        blank(habits, segment, start..end, is_sentence, sink);
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\u{a0}')
}

fn dates(habits: Habits, segment: &Segment<'_>, sink: &mut Sink) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let Some(pattern) = SPACED_DATE.as_ref().filter(|_| segment.has.digit) else { return ranges };
    for found in pattern.find_iter(&segment.text).filter(|found| found.as_str().contains(' ')) {
        // Tighten to the part that has blanks, so that the fix is small.
        let right = found.as_str().replace(' ', "");
        let hit = Hit::new(
            &DATE,
            segment,
            found.range(),
            format!("日期中有空格“{}”，应为“{right}”", found.as_str()),
            format!("blank inside the date `{}`", found.as_str()),
        );
        let hit = hit.safe(right);
        if habits.spaces_digits {
            sink.fold(hit);
        } else {
            sink.push(hit);
        }
        ranges.push(found.range());
    }
    ranges
}

fn is_invisible(segment: &Segment<'_>, at: usize, c: char) -> bool {
    let is_text = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_cjk_mark(c) || c.is_ascii());
    match c {
        // The mark before the first byte of a file says how it is written; it is no text.
        '\u{feff}' => at > 0 || segment.prose.range.start > 3,
        // Controls of direction make a text read differently than it is.
        '\u{200b}'
        | '\u{2060}'
        | '\u{ad}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => true,
        // Joiners belong to emoji and to some scripts; between Han they are debris.
        '\u{200c}' | '\u{200d}' => is_text(segment.prev(at)) && is_text(segment.next(at + 3)),
        '\t' => at > 0,
        _ => false,
    }
}

fn invisible(segment: &Segment<'_>, at: usize, c: char, sink: &mut Sink) {
    let code = u32::from(c);
    let hit = Hit::new(
        &INVISIBLE,
        segment,
        at..at + c.len_utf8(),
        format!("这里有看不见的字符（U+{code:04X}），请删去"),
        format!("invisible character U+{code:04X}; remove it"),
    );
    sink.push(hit.safe(""));
}

fn blank(
    habits: Habits,
    segment: &Segment<'_>,
    range: std::ops::Range<usize>,
    is_sentence: bool,
    sink: &mut Sink,
) {
    let (Some(prev), Some(next)) = (segment.prev(range.start), segment.next(range.end)) else { return };
    let at = range.start;
    let near = |zh: &str| {
        let before: String =
            segment.before(at).chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        let after: String = segment.after(range.end).chars().take(4).collect();
        format!("{zh}“{before}␣{after}”")
    };
    let hit =
        |rule, zh: &str, en: &str| Hit::new(rule, segment, range.clone(), near(zh), en.to_owned()).safe("");
    if is_han(prev) && is_han(next) {
        let is_word = is_broken_word(segment, &range);
        if is_sentence
            && (is_word || !is_padding(segment, &range))
            && !segment.in_title(at)
            && !is_dated(segment, at, next)
            && !is_byline(segment, at, range.end)
            && !(segment.in_quote(at) && is_slogan(segment, &range))
        {
            sink.push(hit(&HAN, "汉字之间有空格", "blank between Han characters"));
        }
    } else if is_cjk_mark(prev) || is_cjk_mark(next) {
        let is_opening = matches!(prev, '（' | '《' | '“' | '〈' | '〔')
            || matches!(next, '）' | '》' | '”' | '〉' | '〕');
        if (is_sentence || is_opening) && !is_padding(segment, &range) && prev != '：' && prev != '\n' {
            let hit = hit(&MARK, "标点旁有空格", "blank beside a punctuation mark");
            if is_layout(habits, segment, &range, prev, next) { sink.fold(hit) } else { sink.push(hit) }
        }
    } else if (prev.is_ascii_digit() && (is_han(next) || matches!(next, '%' | '℃' | '‰')))
        || (is_han(prev) && next.is_ascii_digit())
    {
        sink.push(hit(&UNIT, "数字与汉字之间有空格", "blank between a number and Han text"));
    }
}

/// Whether the blank cuts what official texts write together again and again
/// (各 单位): then a single character before it is no padded name.
fn is_broken_word(segment: &Segment<'_>, range: &std::ops::Range<usize>) -> bool {
    let before = segment.before(range.start).chars().next_back();
    let mut after = segment.after(range.end).chars();
    match (before, after.next(), after.next()) {
        (Some(a), Some(b), Some(c)) => segment.slice(range.clone()) == " " && MODEL.triple(a, b, c) >= USUAL,
        _ => false,
    }
}

/// The level from which on three characters are usual together: seen eight times.
const USUAL: u32 = 4;

/// A note of adoption: 2017年3月1日 第十二届人大常委会通过.
fn is_dated(segment: &Segment<'_>, at: usize, next: char) -> bool {
    next == '第' && segment.prev(at) == Some('日')
}

/// Whether the blank beside a mark comes from how the text was laid out: a paragraph
/// that began on a new line with two blanks before the text was pasted or crawled,
/// or a text that puts a blank after every stop or beside every number.
fn is_layout(
    habits: Habits,
    segment: &Segment<'_>,
    range: &std::ops::Range<usize>,
    prev: char,
    next: char,
) -> bool {
    let blank = segment.slice(range.clone());
    let is_indent = blank.contains('\u{3000}') || blank.chars().count() > 1;
    let ends = habits::ends_part(prev);
    (ends && (is_indent || habits.spaces_stops))
        || (habits.spaces_digits && (prev.is_ascii_digit() || next.is_ascii_digit()))
}

/// Whether the blank stands before the name of a reporter or after it: （记者 熊丽 摄）.
fn is_byline(segment: &Segment<'_>, at: usize, end: usize) -> bool {
    let before = segment.before(at);
    let posts = ["记者", "通讯员", "作者", "编辑", "摄影", "供图", "图片", "图", "文"];
    let after = segment.after(end);
    posts.iter().any(|post| before.ends_with(post)) || after.starts_with("摄") || after.starts_with("供图")
}

/// Whether the blank parts the two halves of a slogan: “促发展 惠民生”. Each half has two
/// characters at least, and no mark stands within the quotes.
fn is_slogan(segment: &Segment<'_>, range: &std::ops::Range<usize>) -> bool {
    let is_end = |c: char| matches!(c, '“' | '”' | ' ' | '\u{3000}');
    let before = segment.just_before(range.start, HALF);
    let before =
        before.rfind(is_end).and_then(|at| before.get(at..)).map(|half| half.trim_start_matches(is_end));
    let after = segment.just_after(range.end, HALF);
    let after = after.find(is_end).and_then(|at| after.get(..at));
    let (Some(before), Some(after)) = (before, after) else { return false };
    let length = |half: &str| half.chars().count();
    let is_text = |half: &str| length(half) >= 3 && half.chars().all(is_han);
    is_text(before) && is_text(after) && length(before).abs_diff(length(after)) <= 1
}

/// A half of a slogan is no longer than this, in bytes.
const HALF: usize = 48;

/// Whether the blank pads a name or a heading: a single Han character stands
/// between two blanks or between a blank and a mark or the end.
fn is_padding(segment: &Segment<'_>, range: &std::ops::Range<usize>) -> bool {
    let mut after = segment.after(range.end).chars();
    let mut before = segment.before(range.start).chars().rev();
    let (next, second) = (after.next(), after.next());
    let (prev, previous) = (before.next(), before.next());
    let is_alone = |c: Option<char>, beyond: Option<char>| {
        c.is_some_and(is_han) && beyond.is_none_or(|c| is_blank(c) || matches!(c, '：' | '、' | '\n'))
    };
    is_alone(next, second) || is_alone(prev, previous) || (segment.has.padding && prev.is_some_and(is_han))
}

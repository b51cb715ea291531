//! The mark after a label: 一、 （一） 1. 第一，

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;
use jiedu_base::text::numerals;

use super::numeral::each;

pub(crate) static FAMILY: Family = Family { rules: &[&SEPARATOR, &STYLE], check: Check::Document(check) };

static SEPARATOR: Rule = Rule {
    code: "P411",
    name: "ordinal-separator",
    category: "punctuation",
    severity: Severity::Warning,
    what: ("序号后面的点号用错", "the wrong mark after a label"),
    why: (
        "GB/T 15834—2011 附录 B.3：“一”后用顿号，带括号的序号后不用点号，“第一”“首先”后用逗号。",
        "GB/T 15834-2011, annex B.3: 一 takes 、, bracketed labels take nothing, 第一 takes ，.",
    ),
    bad: "（一）健全机制。\n\n（二）、规范流程。",
    good: "（一）健全机制。\n\n（二）规范流程。",
    except: ("“第一、第二款”等列举不查。", "Enumerations such as 第一、第二款."),
};

static STYLE: Rule = Rule {
    code: "P412",
    name: "arabic-label",
    category: "punctuation",
    severity: Severity::Hint,
    what: ("阿拉伯数字序号后用了顿号", "an enumeration comma after an Arabic label"),
    why: (
        "GB/T 15834—2011 附录 B.3：不带括号的阿拉伯数字序号后用下脚点“1.”。",
        "GB/T 15834-2011, annex B.3: Arabic labels take a dot.",
    ),
    bad: "1、统筹推进试点。",
    good: "1.统筹推进试点。",
    except: (
        "全文统一使用的仅提示，混用的按警告。",
        "A hint where the text is consistent, a warning where it is mixed.",
    ),
};

static POINT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[。；：，、\s])([一二三四五六七八九十]{1,2}是)([、：])([^、：])").ok()
});
static ARABIC: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\s*([0-9]{1,3})([、.．，,])").ok());

fn check(document: &Document<'_>, sink: &mut Sink) {
    let mut commas = Vec::new();
    let mut dots = 0;
    for segment in document.flow() {
        separator(segment, sink);
        if segment.awaits(Trigger::PointMark) {
            each(POINT.as_ref(), segment, |found| point(segment, found, sink));
        }
        let Some(found) =
            ARABIC.as_ref().filter(|_| segment.has.digit).and_then(|label| label.captures(&segment.text))
        else {
            continue;
        };
        let (Some(number), Some(mark)) = (found.get(1), found.get(2)) else { continue };
        let is_text = segment.next(mark.end()).is_some_and(is_han);
        match mark.as_str() {
            "、" if is_text => commas.push((segment, number.range(), mark.end())),
            "." | "．" => dots += usize::from(!segment.next(mark.end()).is_some_and(|c| c.is_ascii_digit())),
            _ => {}
        }
    }
    let severity = if dots > commas.len() || (dots > 0 && commas.len() < 3) {
        Severity::Warning
    } else {
        Severity::Hint
    };
    for (segment, number, end) in commas {
        let right = format!("{}.", segment.slice(number.clone()));
        let zh = format!("阿拉伯数字序号后用下脚点：“{right}”");
        let hit =
            Hit::new(&STYLE, segment, number.start..end, zh, format!("Arabic labels take a dot: `{right}`"));
        sink.push(hit.severity(severity).review(right));
    }
}

/// 一是、加强领导: 一是 takes no mark.
fn point(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(label), Some(mark)) = (found.get(1), found.get(2)) else { return };
    // 一是、二是 names the labels themselves.
    let rest = segment.just_after(mark.end(), 12);
    let is_listed = rest.trim_start_matches(numerals::is_numeral).starts_with('是')
        && rest.starts_with(numerals::is_numeral);
    if is_listed || segment.is_quoted(label.start()) {
        return;
    }
    let right = label.as_str();
    let range = label.start()..mark.end();
    let zh = format!("“{right}”后面不用“{}”", mark.as_str());
    let hit = Hit::new(&SEPARATOR, segment, range, zh, format!("`{right}` takes no mark"));
    let severity = if mark.as_str() == "、" { Severity::Warning } else { Severity::Hint };
    sink.push(hit.severity(severity).review(right));
}

fn separator(segment: &Segment<'_>, sink: &mut Sink) {
    let text = segment.text.trim_start();
    let start = segment.text.len() - text.len();
    if let Some((len, right)) = wrong_separator(text) {
        separated(segment, start..start + len, &right, sink);
    }
    for (at, mark) in segment.text.match_indices(['。', '；', '：']) {
        let next = at + mark.len();
        let found = wrong_adverb(segment.just_after(next, 40)).or_else(|| wrong_count(segment, next));
        if let Some((len, right)) = found {
            separated(segment, next..next + len, &right, sink);
        }
    }
}

/// …。第二、压实责任: the second of several points of one paragraph.
fn wrong_count(segment: &Segment<'_>, at: usize) -> Option<(usize, String)> {
    let text = segment.just_after(at, 40);
    text.starts_with('第').then(|| wrong_separator(text)).flatten()
}

fn separated(segment: &Segment<'_>, range: std::ops::Range<usize>, right: &str, sink: &mut Sink) {
    let written = segment.slice(range.clone());
    let zh = format!("序号“{written}”应写作“{right}”");
    let hit = Hit::new(&SEPARATOR, segment, range, zh, format!("label `{written}` should be `{right}`"));
    sink.push(hit.review(right));
}

/// 首先、 takes a comma.
fn wrong_adverb(text: &str) -> Option<(usize, String)> {
    let word = ["首先", "其次", "再次", "最后"].iter().find(|word| text.starts_with(**word))?;
    text.get(word.len()..)?.strip_prefix('、')?;
    Some((word.len() + '、'.len_utf8(), format!("{word}，")))
}

/// ①、 and 1）、: a label in a ring or with a bracket takes no mark.
fn wrong_circle(text: &str) -> Option<(usize, String)> {
    let first = text.chars().next()?;
    let end = if matches!(first, '①'..='⑳' | '㈠'..='㈩' | '⑴'..='⒇') {
        first.len_utf8()
    } else {
        let digits = text.find(|c: char| !c.is_ascii_digit())?;
        let bracket = text.get(digits..)?.chars().next().filter(|c| matches!(c, '）' | ')'))?;
        if digits == 0 || digits > 2 {
            return None;
        }
        digits + bracket.len_utf8()
    };
    let mark = text.get(end..)?.chars().next().filter(|c| matches!(c, '、' | '，' | '.' | '．'))?;
    let follow = text.get(end + mark.len_utf8()..)?.chars().next()?;
    is_han(follow).then(|| (end + mark.len_utf8(), text.get(..end).unwrap_or("").to_owned()))
}

/// The length of a label with a wrong mark, and how it should be.
fn wrong_separator(text: &str) -> Option<(usize, String)> {
    let numeral = |text: &str| text.find(|c: char| !numerals::is_numeral(c)).unwrap_or(text.len());
    if let Some(rest) = text.strip_prefix(['（', '(']) {
        let digits = rest.find(['）', ')'])?;
        let inner = rest.get(..digits)?;
        let is_label = !inner.is_empty()
            && inner.len() <= 12
            && inner.chars().all(|c| numerals::is_numeral(c) || c.is_ascii_digit());
        let close = rest.get(digits..)?.chars().next()?.len_utf8();
        let end = text.len() - rest.len() + digits + close;
        let mark = text
            .get(end..)?
            .chars()
            .next()
            .filter(|&c| matches!(c, '、' | '，' | '.' | '．' | ',' | '。'))?;
        // （一）、（二）项 is an enumeration.
        let follow = text.get(end + mark.len_utf8()..)?.chars().next();
        let is_text = follow.is_some_and(|c| is_han(c) || c == '“' || c == '《');
        return (is_label && is_text).then(|| (end + mark.len_utf8(), format!("（{inner}）")));
    }
    if let Some(rest) = text.strip_prefix('第') {
        let digits = numeral(rest);
        let follow = rest.get(digits..)?.strip_prefix('、')?;
        let is_listed = follow.starts_with('第') || follow.starts_with(numerals::is_numeral);
        let end = '第'.len_utf8() + digits;
        let right = format!("{}，", text.get(..end)?);
        return (digits > 0 && digits <= 9 && !is_listed).then_some((end + '、'.len_utf8(), right));
    }
    if let Some(found) = wrong_adverb(text).or_else(|| wrong_circle(text)) {
        return Some(found);
    }
    let digits = numeral(text);
    let mark = text.get(digits..)?.chars().next().filter(|&c| matches!(c, '.' | '．' | '，' | ','))?;
    let follow = text.get(digits + mark.len_utf8()..)?.chars().next();
    let is_label = digits > 0
        && digits <= 9
        && follow.is_some_and(is_han)
        && numerals::read(text.get(..digits)?).is_some();
    is_label.then(|| (digits + mark.len_utf8(), format!("{}、", text.get(..digits).unwrap_or(""))))
}

//! Quarters, weekdays and days that the calendar does not have; ranges of months, years,
//! quarters and hours that end before they begin.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::numerals;

use super::date::REVERSED;
use super::numeral::each;

pub(crate) static FAMILY: Family = Family { rules: &[&BEYOND], check: Check::Segment(check) };

static BEYOND: Rule = Rule {
    code: "P336",
    name: "beyond-calendar",
    category: "date",
    severity: Severity::Error,
    what: ("没有的季度、星期、日：第五季度、每月32日", "a quarter, weekday or day that does not exist"),
    why: (
        "一年四个季度、十二个月，一周七天，一月至多31天（GB/T 7408.1—2023）；写错则期限无法执行。",
        "Four quarters, twelve months, seven days, at most 31 days (GB/T 7408.1-2023).",
    ),
    bad: "2025年第五季度完成。",
    good: "2025年第四季度完成。",
    except: ("“连续五个季度”“45日内”等时段不查。", "Spans such as five quarters or 45 days."),
};

struct Patterns {
    quarter: Option<Regex>,
    weekday: Option<Regex>,
    day: Option<Regex>,
    months: Option<Regex>,
    years: Option<Regex>,
    quarters: Option<Regex>,
    hours: Option<Regex>,
}

const LINK: &str = "(?:起)?(?:至|到|—|——|～|~|-|－|–)";

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns {
    quarter: Regex::new(r"第?([0-9]{1,2}|[一二三四五六七八九十零〇]{1,2})季度").ok(),
    weekday: Regex::new(r"((?:星期|礼拜|[（(]周|每周周)[八九十089])(?:[^0-9一二三四五六七八九十]|$)").ok(),
    day: Regex::new(r"(?:每月|当月|本月|次月|下月|上月)(?:的)?([0-9]{2})[日号](?:前|后|内|起|至|，|。|）|发|报|缴|结|开)").ok(),
    months: Regex::new(&format!(r"([0-9]{{1,2}})月(?:份|底|初|中旬)?{LINK}([0-9]{{1,2}})月(?:[^0-9]|$)")).ok(),
    years: Regex::new(&format!(r"((?:19|20)[0-9]{{2}})年?(?:度)?{LINK}((?:19|20)[0-9]{{2}})年")).ok(),
    quarters: Regex::new(&format!(r"第?([一二三四1-4])季度{LINK}第?([一二三四1-4])季度")).ok(),
    hours: Regex::new(&format!(r"(上午|下午|晚上|中午)?([0-9]{{1,2}})(?:[:：]([0-9]{{2}})|[时点](?:([0-9]{{1,2}})分)?){LINK}(上午|下午|晚上|中午|次日|翌日|第二天|第二日)?([0-9]{{1,2}})(?:[:：]([0-9]{{2}})|[时点](?:([0-9]{{1,2}})分)?)")).ok(),
}
});

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    let patterns = &*PATTERNS;
    if segment.awaits(Trigger::Quarter) {
        each(patterns.quarter.as_ref(), segment, |found| quarter(segment, found, sink));
        each(patterns.quarters.as_ref(), segment, |found| quarters(segment, found, sink));
    }
    if segment.awaits(Trigger::Weekday) {
        each(patterns.weekday.as_ref(), segment, |found| weekday(segment, found, sink));
    }
    if !segment.has.digit {
        return;
    }
    if segment.awaits(Trigger::DayOfMonth) {
        each(patterns.day.as_ref(), segment, |found| day(segment, found, sink));
    }
    if segment.awaits(Trigger::Month) {
        each(patterns.months.as_ref(), segment, |found| months(segment, found, sink));
    }
    if segment.awaits(Trigger::Years) {
        each(patterns.years.as_ref(), segment, |found| years(segment, found, sink));
    }
    if segment.awaits(Trigger::Clock) {
        each(patterns.hours.as_ref(), segment, |found| hours(segment, found, sink));
    }
}

fn beyond(segment: &Segment<'_>, range: Range<usize>, sink: &mut Sink) {
    let written = segment.slice(range.clone());
    let zh = format!("没有这样的季度、星期或者日期：“{written}”");
    sink.push(Hit::new(&BEYOND, segment, range, zh, format!("the calendar has no `{written}`")));
}

fn reversed(segment: &Segment<'_>, range: Range<usize>, sink: &mut Sink) {
    let written = segment.slice(range.clone());
    let zh = format!("起止时间颠倒：“{written}”");
    sink.push(Hit::new(
        &REVERSED,
        segment,
        range,
        zh,
        format!("the range ends before it begins: `{written}`"),
    ));
}

fn quarter(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(number)) = (found.get(0), found.get(1)) else { return };
    let value = numerals::read(number.as_str());
    let is_span = segment
        .prev(whole.start())
        .is_some_and(|c| "续近前后来共计历时个".contains(c) || c.is_ascii_digit() || numerals::is_numeral(c));
    // 一二季度 are two of them.
    if !is_span && value.is_some_and(|value| value == 0 || value > 4) {
        beyond(segment, whole.range(), sink);
    }
}

fn weekday(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    if let Some(place) = found.get(1) {
        let text = place.as_str();
        let start = place.start() + text.find(['星', '礼', '周']).unwrap_or(0);
        beyond(segment, start..place.end(), sink);
    }
}

fn day(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(number) = found.get(1) else { return };
    if number.as_str().parse::<u32>().is_ok_and(|day| day > 31 || day == 0) {
        beyond(segment, number.start()..number.end() + "日".len(), sink);
    }
}

/// Whether a range of months or days may reach into the next year: a season, a yearly
/// span, or one that begins in autumn and ends in spring.
pub(super) fn may_turn_year(
    segment: &Segment<'_>,
    range: &Range<usize>,
    from: Option<u32>,
    until: Option<u32>,
) -> bool {
    let near = format!("{}{}", segment.just_before(range.start, 60), segment.slice(range.clone()));
    let is_yearly = [
        "每年", "次年", "翌年", "跨年", "供暖", "采暖", "供热", "防火", "冬", "禁", "汛", "学年", "榨季",
        "上年", "去年",
    ]
    .iter()
    .any(|word| near.contains(word) || segment.just_after(range.end, 30).contains(word));
    let is_winter = from.is_some_and(|month| month >= 9) && until.is_some_and(|month| month <= 6);
    is_yearly || is_winter
}

fn months(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(first), Some(second)) = (found.get(1), found.get(2)) else { return };
    let month =
        |part: &regex::Match<'_>| part.as_str().parse::<u32>().ok().filter(|month| (1..=12).contains(month));
    let (Some(from), Some(until)) = (month(&first), month(&second)) else { return };
    let range = first.start()..second.end() + "月".len();
    let has_year = matches!(segment.prev(first.start()), Some('年' | '.' | '-' | '/'))
        || segment.prev(first.start()).is_some_and(|c| c.is_ascii_digit());
    if until < from && !has_year && !may_turn_year(segment, &range, Some(from), Some(until)) {
        reversed(segment, range, sink);
    }
}

fn years(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(first), Some(second)) = (found.get(0), found.get(1), found.get(2)) else { return };
    let is_code = segment
        .prev(first.start())
        .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/' | '〔' | '—' | '–'));
    if !is_code && second.as_str() < first.as_str() {
        reversed(segment, whole.range(), sink);
    }
}

fn quarters(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(first), Some(second)) = (found.get(0), found.get(1), found.get(2)) else { return };
    let (Some(from), Some(until)) = (numerals::read(first.as_str()), numerals::read(second.as_str())) else {
        return;
    };
    if until < from
        && !["次年", "上年", "去年"].iter().any(|word| segment.just_before(whole.start(), 24).contains(word))
    {
        reversed(segment, whole.range(), sink);
    }
}

/// 11:30至8:30, 下午5时至2时. Over midnight needs its word.
fn hours(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(whole) = found.get(0) else { return };
    let text = |index: usize| found.get(index).map_or("", |part| part.as_str());
    let number = |a: usize, b: usize| {
        found.get(a).or_else(|| found.get(b)).and_then(|part| part.as_str().parse::<u32>().ok()).unwrap_or(0)
    };
    let (Ok(from), Ok(until)) = (text(2).parse::<u32>(), text(6).parse::<u32>()) else { return };
    let (start, end) = (from * 60 + number(3, 4), until * 60 + number(7, 8));
    let is_part = segment
        .prev(whole.start())
        .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '：' | '.' | '第'));
    let is_night = from >= 17 && until <= 9 || matches!(text(1), "晚上");
    if is_part || !text(5).is_empty() || end >= start || is_night {
        return;
    }
    // 上午8时至5时 leaves 下午 out; only a morning that ends before it begins is wrong for sure.
    let severity = if text(1) == "上午" && until < 8 || text(1).is_empty() && from <= 12 {
        Severity::Hint
    } else {
        Severity::Warning
    };
    let written = segment.slice(whole.range());
    let zh = format!("起止时间颠倒：“{written}”");
    let hit = Hit::new(
        &REVERSED,
        segment,
        whole.range(),
        zh,
        format!("the range ends before it begins: `{written}`"),
    );
    sink.push(hit.severity(severity));
}

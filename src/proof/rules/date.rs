//! Dates that cannot be: calendar, clock, weekday, order, length.

use std::sync::LazyLock;

use jiff::civil::Weekday;
use regex::Regex;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::numerals;

use super::dates::{Mention, mentions, year_in};

pub(crate) static FAMILY: Family =
    Family { rules: &[&IMPOSSIBLE, &TIME, &REVERSED, &WEEKDAY, &LENGTH], check: Check::Document(check) };

static IMPOSSIBLE: Rule = Rule {
    code: "P331",
    name: "impossible-date",
    category: "date",
    severity: Severity::Error,
    what: ("日历上没有的日期", "a date that the calendar does not have"),
    why: ("日期差错直接影响期限和效力。", "Dates decide deadlines and validity."),
    bad: "会议定于2025年2月29日召开。",
    good: "会议定于2025年2月28日召开。",
    except: ("未写年份的2月29日不查。", "29 February without a year."),
};

static TIME: Rule = Rule {
    code: "P332",
    name: "impossible-time",
    category: "date",
    severity: Severity::Error,
    what: ("钟点不可能", "a time that the clock does not have"),
    why: ("小时不超过24，分钟不超过59。", "Hours end at 24, minutes at 59."),
    bad: "会议定于9时60分召开。",
    good: "会议定于9时50分召开。",
    except: ("比分、比例（3:80）不查。", "Scores and ratios."),
};

pub(super) static REVERSED: Rule = Rule {
    code: "P333",
    name: "reversed-range",
    category: "date",
    severity: Severity::Warning,
    what: ("起止日期前后颠倒", "a range of dates that ends before it begins"),
    why: ("止期早于起期，期限无法执行。", "Nobody can keep such a term."),
    bad: "报名时间为2024年8月31日至2024年7月1日。",
    good: "报名时间为2024年7月1日至2024年8月31日。",
    except: (
        "跨年度而未写年份的（11月15日至3月15日）不查。",
        "Ranges over the turn of the year without years.",
    ),
};

static WEEKDAY: Rule = Rule {
    code: "P334",
    name: "weekday",
    category: "weekday",
    severity: Severity::Error,
    what: ("日期与星期不符", "a weekday that does not fit its date"),
    why: ("会议、考试、放假通知中常见，读者会走错日子。", "Readers would come on the wrong day."),
    bad: "考试时间为2026年4月12日（星期三）。",
    good: "考试时间为2026年4月12日（星期日）。",
    except: (
        "未写年份的，按标题或上文年份推算，按警告提示；紧接前一日期的（…日至…日）算写明。",
        "Without a year it is inferred and the finding is a warning, unless the date follows directly on one with a year.",
    ),
};

static LENGTH: Rule = Rule {
    code: "P335",
    name: "day-count",
    category: "weekday",
    severity: Severity::Warning,
    what: ("“共N天”与起止日期不符", "a count of days that does not fit the range"),
    why: ("起止日期连头带尾计算。", "Both ends count."),
    bad: "活动时间为2025年5月1日至5日，共6天。",
    good: "活动时间为2025年5月1日至5日，共5天。",
    except: ("注明工作日的不查。", "Working days."),
};

static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([0-9]{1,3})(时|点)([0-9]{1,3})分|(上午|下午|晚上|中午|凌晨|日)([0-9]{1,2})[:：]([0-9]{2})|(?:上午|下午|晚上|中午|凌晨|[0-9]日|定于|将于)([0-9]{1,2})[时点](?:召开|举行|开始|前|后|至|到|整|，|。)")
        .ok()
});
static DAY_NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^ ?[（(，,]? ?((?:星期|礼拜|周)([一二三四五六日天]))").ok());
static COUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[^。；]{0,12}?[，,（(]?共(?:计)?([0-9]{1,3}|[一二三四五六七八九十]{1,3})[天日]").ok()
});

fn check(document: &Document<'_>, sink: &mut Sink) {
    let title_year = document.segments.iter().take(4).find_map(|segment| year_in(&segment.text));
    for segment in &document.segments {
        clock(segment, sink);
        let dates = mentions(segment);
        if dates.is_empty() {
            continue;
        }
        impossible(segment, &dates, sink);
        related(segment, &dates, title_year, sink);
    }
}

fn clock(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) = CLOCK.as_ref().filter(|_| segment.awaits(Trigger::Clock)) else { return };
    for found in pattern.captures_iter(&segment.text) {
        let number =
            |a, b| found.get(a).or_else(|| found.get(b)).and_then(|part| part.as_str().parse::<u32>().ok());
        let hour = number(1, 5).or_else(|| number(7, 7));
        let minute = number(3, 6).or_else(|| number(7, 7).map(|_| 0));
        let (Some(hour), Some(minute), Some(whole)) = (hour, minute, found.get(0)) else { continue };
        // 1小时90分 and 25点评分 are no times; 计时 is a span.
        if found.get(2).is_some() && segment.before(whole.start()).ends_with(['计', '用', '小']) {
            continue;
        }
        if hour > 24 || minute > 59 || (hour == 24 && minute > 0) {
            let zh = format!("钟点不可能：“{}”", whole.as_str());
            sink.push(Hit::new(
                &TIME,
                segment,
                whole.range(),
                zh,
                format!("no such time: `{}`", whole.as_str()),
            ));
        }
    }
}

fn impossible(segment: &Segment<'_>, dates: &[Mention], sink: &mut Sink) {
    for date in dates {
        let Some(month) = date.month else { continue };
        let leap = date.year.is_none_or(|year| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        let is_right = days > 0 && date.day.is_none_or(|day| (1..=days).contains(&day));
        if is_right {
            continue;
        }
        let written = segment.slice(date.range.clone());
        let zh = format!("日历上没有这一天：“{written}”");
        sink.push(Hit::new(
            &IMPOSSIBLE,
            segment,
            date.range.clone(),
            zh,
            format!("no such date: `{written}`"),
        ));
    }
}

/// Weekdays, ranges and lengths, following the dates from left to right.
fn related(segment: &Segment<'_>, dates: &[Mention], title_year: Option<u32>, sink: &mut Sink) {
    let (mut year, mut is_stated) = (title_year, false);
    let mut month = None;
    let mut last: Option<Mention> = None;
    for date in dates {
        if date.year.is_some() {
            year = date.year;
        }
        month = date.month.or(month);
        let mut full = date.clone();
        full.month = date.month.or(month);
        // A year further back in the paragraph is the likely one and no more.
        let joins = |start: &Mention| is_joined(segment.slice(start.range.end..date.range.start));
        is_stated = date.year.is_some() || (is_stated && last.as_ref().is_some_and(joins));
        weekday(segment, &full, year, is_stated, sink);
        if let Some(start) = last.take() {
            let between = segment.slice(start.range.end..date.range.start);
            if is_range(between) || is_validity(between) {
                range(segment, &start, date, year, sink);
            }
        }
        if full.day.is_some() {
            last = Some(full);
        }
    }
}

/// 自…起施行，有效期至…: the end of validity, too, follows its beginning.
fn is_validity(between: &str) -> bool {
    between.chars().count() <= 16
        && ["有效期至", "有效期截至", "失效日期为", "试行至", "执行至", "实施至"]
            .iter()
            .any(|word| between.trim_end().ends_with(word))
        && ["施行", "实施", "执行", "生效", "试行"].iter().any(|word| between.contains(word))
}

/// Whether two dates are named in one breath, so that one year is meant for both.
fn is_joined(between: &str) -> bool {
    is_range(between) || between.chars().count() <= 12 && !between.contains(['，', '。', '；'])
}

fn is_range(between: &str) -> bool {
    let bare = between.find(['（', '(']).map_or(between, |at| {
        let close = between.rfind(['）', ')']).map_or(at, |close| close);
        between.get(close..).map_or("", |rest| rest.trim_start_matches(['）', ')']))
    });
    matches!(
        bare.trim(),
        "至" | "起至"
            | "始至"
            | "开始至"
            | "到"
            | "起到"
            | "—"
            | "——"
            | "-"
            | "－"
            | "~"
            | "～"
            | "–"
    )
}

fn name_of(day: Weekday) -> char {
    match day {
        Weekday::Monday => '一',
        Weekday::Tuesday => '二',
        Weekday::Wednesday => '三',
        Weekday::Thursday => '四',
        Weekday::Friday => '五',
        Weekday::Saturday => '六',
        Weekday::Sunday => '日',
    }
}

fn weekday(segment: &Segment<'_>, date: &Mention, year: Option<u32>, is_stated: bool, sink: &mut Sink) {
    let Some(pattern) = DAY_NAME.as_ref().filter(|_| date.day.is_some()) else { return };
    let rest = segment.after(date.range.end);
    let head: usize = rest.chars().take(8).map(char::len_utf8).sum();
    let Some(found) = rest.get(..head).and_then(|head| pattern.captures(head)) else { return };
    let (Some(word), Some(written)) = (found.get(1), found.get(2)) else { return };
    let Some(right) = date.date(year).map(|date| name_of(date.weekday())) else { return };
    if written.as_str().starts_with(right) || (written.as_str() == "天" && right == '日') {
        return;
    }
    let prefix = word.as_str().get(..word.as_str().len() - written.as_str().len()).unwrap_or("星期");
    let start = date.range.end + word.start();
    let shown = format!("{}年{}月{}日", year.unwrap_or(0), date.month.unwrap_or(0), date.day.unwrap_or(0));
    let zh = format!("{shown}是{prefix}{right}，不是{}", word.as_str());
    let en = format!("{shown} is {prefix}{right}, not {}", word.as_str());
    let severity = if is_stated { Severity::Error } else { Severity::Warning };
    let hit = Hit::new(&WEEKDAY, segment, start..start + word.len(), zh, en).severity(severity);
    sink.push(hit.review(format!("{prefix}{right}")));
}

fn range(segment: &Segment<'_>, start: &Mention, end: &Mention, year: Option<u32>, sink: &mut Sink) {
    let mut close = end.clone();
    close.month = end.month.or(start.month);
    // Within a month the year does not matter; a leap year knows every date.
    let any = year.or(Some(2024));
    let from = start.date(if start.year.is_some() { start.year } else { any });
    let until = close.date(end.year.or(start.year).or(any));
    let (Some(from), Some(until)) = (from, until) else { return };
    let whole = start.range.start..end.range.end;
    let written = segment.slice(whole.clone());
    // Without years, or with the year only at the start, a later month may lie in the next year.
    let is_open =
        end.year.is_none() && end.month.is_some() && start.year.is_none() && end.month != start.month;
    if until < from
        && !(is_open && super::range_order::may_turn_year(segment, &whole, start.month, end.month))
    {
        let zh = format!("起止日期颠倒：“{written}”");
        sink.push(Hit::new(
            &REVERSED,
            segment,
            whole,
            zh,
            format!("the range ends before it begins: `{written}`"),
        ));
        return;
    }
    let rest = segment.after(end.range.end);
    let head: usize = rest.chars().take(24).map(char::len_utf8).sum();
    let Some(found) = COUNT.as_ref().and_then(|count| count.captures(rest.get(..head)?)) else { return };
    let (Some(count), Some(all)) = (found.get(1), found.get(0)) else { return };
    let Some(written) = numerals::read(count.as_str()).filter(|_| !all.as_str().contains("工作")) else {
        return;
    };
    let days = from.until(until).map_or(0, |span| i64::from(span.get_days())) + 1;
    if until >= from && days != i64::from(written) {
        let at = end.range.end + all.as_str().find('共').unwrap_or(0);
        let stop = end.range.end + all.end();
        let text = segment.slice(at..stop);
        let right = text.replacen(count.as_str(), &days.to_string(), 1);
        let zh = format!("起止日期连头带尾为{days}天，不是{}", count.as_str());
        let hit = Hit::new(&LENGTH, segment, at..stop, zh, format!("the range has {days} days"));
        sink.push(hit.review(right));
    }
}

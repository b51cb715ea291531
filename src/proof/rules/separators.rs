//! Marks inside a number: full-width commas and points; 亿 and 万 that do not go together.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};

use super::numeral::{MAGNITUDE, each};

pub(crate) static FAMILY: Family = Family { rules: &[&GROUPED, &POINT], check: Check::Segment(check) };

static GROUPED: Rule = Rule {
    code: "P313",
    name: "grouped-digits",
    category: "numeral",
    severity: Severity::Warning,
    what: ("一个数用顿号、全角逗号分节", "one number parted by a Chinese comma"),
    why: (
        "GB/T 15835—2011 第 5.1.3 条：多位数不分节或用四分之一字空分节；顿号会读成两个数。",
        "GB/T 15835-2011, 5.1.3; with 、 it reads as two numbers.",
    ),
    bad: "项目总投资10、000万元。",
    good: "项目总投资10000万元。",
    except: ("确实并列的两个数，请在数后写明单位。", "Two numbers side by side: write the unit after each."),
};

static POINT: Rule = Rule {
    code: "P355",
    name: "wide-point",
    category: "numeral",
    severity: Severity::Warning,
    what: ("小数点写成全角点、句号、间隔号：3．5%、6。8%", "a decimal point typed as a Chinese mark"),
    why: (
        "GB/T 15835—2011 第 5.1.3 条：小数点用半角“.”。",
        "GB/T 15835-2011, 5.1.3: the decimal point is the ASCII one.",
    ),
    bad: "同比增长6。8%。",
    good: "同比增长6.8%。",
    except: ("“3·15”等日期名称、序号后的“．”不查。", "Names of days such as 3·15, marks after labels."),
};

static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([0-9]+)([、，．。·])([0-9]+(?:[、，][0-9]{3})*)(\.[0-9]+)?(%|％|个百分点|万|亿|元|人|户|名|平方|亩|吨|公|千|米|台|辆|件|册|家次|余|多|倍)").ok()
});
static COMPOUND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([0-9]+(?:\.[0-9]+)?)(亿|万)(?:([0-9]+)(千)?(?:([0-9])百)?(万)?|万)(元|人|吨|亩|平方米|美元|户|千瓦时|立方米)").ok()
});

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    if !segment.has.digit {
        return;
    }
    if segment.awaits(Trigger::Grouped) {
        each(PATTERN.as_ref(), segment, |found| marked(segment, found, sink));
    }
    if segment.awaits(Trigger::Amount) {
        each(COMPOUND.as_ref(), segment, |found| compound(segment, found, sink));
    }
}

fn marked(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(first), Some(mark), Some(rest), Some(unit)) =
        (found.get(1), found.get(2), found.get(3), found.get(5))
    else {
        return;
    };
    let touches = |c: Option<char>| {
        c.is_some_and(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '、' | '.' | '，' | '-' | '第' | '至' | '～' | '—')
        })
    };
    if touches(segment.prev(first.start())) {
        return;
    }
    let range = first.start()..unit.start();
    match mark.as_str() {
        "、" | "，" => grouped(segment, range, (first.as_str(), rest.as_str(), unit.as_str()), sink),
        _ => point(segment, range, (first.as_str(), mark.as_str(), rest.as_str(), unit.as_str()), sink),
    }
}

/// 1，200万元, 10、000人: digits of one number parted by a Chinese mark.
fn grouped(
    segment: &Segment<'_>,
    range: std::ops::Range<usize>,
    (first, rest, unit): (&str, &str, &str),
    sink: &mut Sink,
) {
    let groups: Vec<&str> = rest.split(['、', '，']).collect();
    let is_number =
        first.len() <= 3 && !first.starts_with('0') && groups.iter().all(|group| group.len() == 3);
    let written = segment.slice(range.clone()).to_owned();
    let severity = if is_number {
        // 102、103户 may be two numbers.
        let is_round = !written.contains('、') || groups.iter().all(|group| *group == "000");
        if is_round { Severity::Warning } else { Severity::Hint }
    } else if groups.len() == 1
        && rest.len() <= 2
        && matches!(unit, "%" | "％" | "个百分点")
        && written.contains('，')
        && first.len() < 3
    {
        // 12，5%: the point of the keyboard of another language.
        let right = format!("{first}.{rest}");
        let zh = format!("“{written}”是否应为“{right}”？小数点用“.”");
        let hit = Hit::new(&POINT, segment, range, zh, format!("should this be `{right}`?"));
        sink.push(hit.severity(Severity::Hint).review(right));
        return;
    } else {
        return;
    };
    let right: String = written.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let zh = format!("一个数中间不用顿号、逗号分节：“{written}”应为“{right}”");
    let hit = Hit::new(&GROUPED, segment, range, zh, format!("one number, no marks inside: `{right}`"));
    sink.push(hit.severity(severity).review(right));
}

fn point(
    segment: &Segment<'_>,
    range: std::ops::Range<usize>,
    (first, mark, rest, unit): (&str, &str, &str, &str),
    sink: &mut Sink,
) {
    let is_share = matches!(unit, "%" | "％" | "个百分点");
    let is_label = mark == "．" && segment.before(range.start).trim().is_empty();
    let is_date = first.len() == 4 || rest.len() > 3;
    if is_label
        || is_date
        || (mark == "。" && !is_share)
        || (mark == "·" && !is_share && unit != "万" && unit != "亿")
    {
        return;
    }
    let right = format!("{first}.{rest}");
    let zh = format!("小数点用“.”：“{}”应为“{right}”", segment.slice(range.clone()));
    sink.push(
        Hit::new(&POINT, segment, range, zh, format!("the decimal point is `.`: `{right}`")).review(right),
    );
}

/// 1.5亿3000万元, 3亿5千万元, 5亿万元: one number, written once.
fn compound(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let text = |index: usize| found.get(index).map_or("", |part| part.as_str());
    let (Some(whole), Some(unit)) = (found.get(0), found.get(7)) else { return };
    let is_inside = segment.prev(whole.start()).is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
    if is_inside {
        return;
    }
    let range = whole.start()..unit.start();
    let written = segment.slice(range.clone()).to_owned();
    let (big, rest) = (text(2), text(3));
    let has_point = text(1).contains('.');
    let has_parts = !text(4).is_empty() || !text(5).is_empty();
    let right = if rest.is_empty() {
        // 万亿 is a number; 亿万 after a figure is none.
        if big != "亿" {
            return;
        }
        None
    } else if big == "亿" && text(6) == "万" && (has_point || has_parts) {
        amount(text(1), rest, text(4), text(5))
    } else if big == "万" && has_point && has_parts && text(6).is_empty() {
        None
    } else {
        return;
    };
    let zh = match &right {
        Some(right) => format!("数目“{written}”应写作“{right}”"),
        None => format!("数目“{written}”不成立，请核对"),
    };
    let hit = Hit::new(&MAGNITUDE, segment, range, zh, format!("`{written}` is no number"));
    sink.push(match right {
        Some(right) => hit.review(right),
        None => hit,
    });
}

/// The amount in 亿: of 亿, of 万 in words of thousands and hundreds.
fn amount(hundred_millions: &str, number: &str, thousands: &str, hundreds: &str) -> Option<String> {
    let (whole, part) = hundred_millions.split_once('.').unwrap_or((hundred_millions, ""));
    if part.len() > 4 || whole.len() > 8 {
        return None;
    }
    let fraction: u64 = format!("{part:0<4}").parse().ok()?;
    let number: u64 = number.parse().ok()?;
    let more = number.checked_mul(if thousands.is_empty() { 1 } else { 1000 })?
        + hundreds.parse::<u64>().unwrap_or(0) * 100;
    if more >= 10_000 {
        return None;
    }
    let total = whole.parse::<u64>().ok()?.checked_mul(10_000)?.checked_add(fraction)?.checked_add(more)?;
    let text = format!("{}.{:04}", total / 10_000, total % 10_000);
    Some(format!("{}亿", text.trim_end_matches('0').trim_end_matches('.')))
}

#[cfg(test)]
mod tests {
    #[test]
    fn adds_up_amounts() {
        assert_eq!(super::amount("1.5", "3000", "", "").as_deref(), Some("1.8亿"));
        assert_eq!(super::amount("3", "5", "千", "").as_deref(), Some("3.5亿"));
        assert_eq!(super::amount("2", "3", "千", "5").as_deref(), Some("2.35亿"));
        assert_eq!(super::amount("1", "20000", "", ""), None);
    }
}

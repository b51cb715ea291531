//! Figures of one sentence that contradict each other: parts and their whole,
//! two values and their difference.
//!
//! Only what no reading can save is reported: parts that exceed the whole, or
//! that by their nature make it up (男, 女) and do not; a difference of two
//! printed values that is another.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::numeral::each;
use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};

pub(crate) static FAMILY: Family =
    Family { rules: &[&PARTS, &DIFFERENCE, &GROWTH], check: Check::Segment(check) };

static PARTS: Rule = Rule {
    code: "P434",
    name: "parts-and-whole",
    category: "arithmetic",
    severity: Severity::Warning,
    what: ("总数与各部分之和不符", "parts that do not add up to the stated whole"),
    why: ("数字前后矛盾，读者无从判断以何为准。", "Readers cannot tell which figure holds."),
    bad: "项目总投资100万元，其中中央投资60万元，地方投资50万元。",
    good: "项目总投资110万元，其中中央投资60万元，地方投资50万元。",
    except: (
        "“其中”只举一部分、合计小于总数的不查；计量单位不同的不查。",
        "Where only some parts are named, and where units differ.",
    ),
};

static DIFFERENCE: Rule = Rule {
    code: "P435",
    name: "stated-difference",
    category: "arithmetic",
    severity: Severity::Warning,
    what: ("增减数与前后两个数不符", "a change that is not the difference of the two values"),
    why: ("由几到几、增减多少，三个数应当对得上。", "From, to and by must agree."),
    bad: "办结率由85%提高到95%，提高了8个百分点。",
    good: "办结率由85%提高到95%，提高了10个百分点。",
    except: ("约数、倍数和增长率不查。", "Approximations, multiples and rates of growth."),
};

static GROWTH: Rule = Rule {
    code: "P436",
    name: "stated-growth",
    category: "arithmetic",
    severity: Severity::Hint,
    what: ("增长率与前后两个数不符", "a rate of growth that the two values do not give"),
    why: (
        "由几到几、增长百分之几，三个数应当对得上；按可比口径计算的请注明。",
        "From, to and the rate must agree; say so where the basis of comparison changed.",
    ),
    bad: "收入由100亿元增长到150亿元，增长60%。",
    good: "收入由100亿元增长到150亿元，增长50%。",
    except: (
        "只按印出的位数核对，四舍五入的尾差不报；百分点另有规则。",
        "Rounding is allowed for; points of percentage have a rule of their own.",
    ),
};

static WHOLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([0-9]+(?:\.[0-9]+)?)(余|多)?(万元|亿元|元|万人|人|名|户|家|个|项|件|台|辆|套|公里|平方米|万亩|亩|公顷|吨|处|所)(?:[^，。；、0-9（）]{0,8})(?:，|（|。)?其中[，：]?([^。；）]{4,120})").ok()
});
static PART: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[，、；和及])([^0-9，、；]{1,14}?)([0-9]+(?:\.[0-9]+)?)(余|多)?(万元|亿元|元|万人|人|名|户|家|个|项|件|台|辆|套|公里|平方米|万亩|亩|公顷|吨|处|所)").ok()
});
static CHANGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:由|从)((?:[0-9]{4}年)?[^，。；0-9]{0,10})([0-9]+(?:\.[0-9]+)?)(%|万元|亿元|元|人|户|家|个|项|件|天|个工作日|小时|公里|吨|台|所)[^，。；0-9]{0,4}(?:提高|提升|上升|增加|增长|扩大|下降|降低|减少|缩短|压缩|下调|上调|压减|精简)(?:到|至|为)((?:[0-9]{4}年)?[^，。；0-9]{0,8})([0-9]+(?:\.[0-9]+)?)(%|万元|亿元|元|人|户|家|个|项|件|天|个工作日|小时|公里|吨|台|所)，[^，。；0-9]{0,8}(?:提高|提升|上升|增加|增长|扩大|下降|降低|减少|缩短|压缩|下调|上调|压减|精简)了?([0-9]+(?:\.[0-9]+)?)(个百分点|万元|亿元|元|人|户|家|个|项|件|天|个工作日|小时|公里|吨|台|所)").ok()
});

static RATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:由|从)(?:[0-9]{4}年)?[^，。；0-9]{0,10}?([0-9]+(?:\.[0-9]+)?)(万元|亿元|元|万人|人|户|家|个|项|件|台|万亩|亩|公顷|公里|吨|万吨|处|所)[^，。；0-9]{0,4}(?:提高|提升|上升|增加|增长|扩大|下降|降低|减少|压减|精简)(?:到|至|为)(?:[0-9]{4}年)?[^，。；0-9]{0,8}?([0-9]+(?:\.[0-9]+)?)(万元|亿元|元|万人|人|户|家|个|项|件|台|万亩|亩|公顷|公里|吨|万吨|处|所)，(?:同比|比上年|较上年|累计|总体)?(?:提高|提升|上升|增加|增长|增幅|扩大|下降|降幅|降低|减少|压减|精简)(?:了|为|达|达到)?([0-9]+(?:\.[0-9]+)?)%").ok()
});

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    if !segment.has.digit {
        return;
    }
    if segment.text.contains("其中") {
        each(WHOLE.as_ref(), segment, |found| parts(segment, found, sink));
    }
    if segment.text.contains(['由', '从']) {
        each(CHANGE.as_ref(), segment, |found| difference(segment, found, sink));
        if segment.has.percent {
            each(RATE.as_ref(), segment, |found| growth(segment, found, sink));
        }
    }
}

/// 由100亿元增长到150亿元，增长60%: the rate against the two values, as far as the
/// printed digits allow.
fn growth(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let text = |index: usize| found.get(index).map_or("", |part| part.as_str());
    let Some(by) = found.get(5) else { return };
    let figures = [exact(text(1)), exact(text(3)), exact(by.as_str())];
    let [Some(from), Some(to), Some(stated)] = figures else { return };
    if text(2) != text(4) || from == 0 || segment.after(by.end()).starts_with("%个") {
        return;
    }
    // Half a unit of the last printed place of each figure.
    let half = |text: &str| {
        0.5 * 10_f64.powi(-i32::try_from(text.split_once('.').map_or(0, |(_, part)| part.len())).unwrap_or(0))
    };
    let value = |figure: i64| {
        i32::try_from(figure / 10_000).map_or(0.0, f64::from)
            + f64::from(i32::try_from(figure % 10_000).unwrap_or(0)) / 10_000.0
    };
    let (low, high) = (value(from), value(to));
    let rate = |from: f64, to: f64| (to - from).abs() / from * 100.0;
    let right = rate(low, high);
    let slack = (rate(low + half(text(1)), high - half(text(3))) - right)
        .abs()
        .max((rate((low - half(text(1))).max(0.001), high + half(text(3))) - right).abs())
        + half(by.as_str())
        + 0.05;
    if (right - value(stated)).abs() > slack {
        let places = by.as_str().split_once('.').map_or(0, |(_, part)| part.len());
        let right = format!("{right:.places$}%");
        let range = by.start()..by.end() + '%'.len_utf8();
        report(segment, range, &GROWTH, &format!("按前后两个数计算为{right}"), &right, sink);
    }
}

/// Ten-thousandths, so that sums are exact.
fn exact(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if whole.len() > 12 || part.len() > 4 {
        return None;
    }
    let fraction: i64 = format!("{part:0<4}").parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 10_000 + fraction)
}

/// Half a unit of the last printed place, in ten-thousandths; nothing for whole numbers.
fn half_place(text: &str) -> i64 {
    match text.split_once('.') {
        Some((_, part)) if part.len() <= 4 => {
            10_i64.pow(4 - u32::try_from(part.len()).unwrap_or(4)).div_euclid(2)
        }
        _ => 0,
    }
}

fn shown(value: i64) -> String {
    let text = format!("{}.{:04}", value / 10_000, value % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn parts(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(number), None, Some(unit), Some(rest)) =
        (found.get(1), found.get(2), found.get(3), found.get(4))
    else {
        return;
    };
    // 比上年增加4000亿元，其中…8500亿元: the parts are those of another figure.
    let is_change = ["增加", "减少", "新增", "增长", "下降", "提高", "多", "少", "增"];
    if is_change.iter().any(|word| segment.before(number.start()).ends_with(word)) {
        return;
    }
    let Some(whole) = exact(number.as_str()) else { return };
    let Some(pattern) = PART.as_ref() else { return };
    let (mut sum, mut names, mut slack) = (0, Vec::new(), 0);
    let mut end = 0;
    for part in pattern.captures_iter(rest.as_str()) {
        let (Some(all), Some(name), Some(value), Some(of)) =
            (part.get(0), part.get(1), part.get(2), part.get(4))
        else {
            continue;
        };
        // A clause in another unit, or a part of a part, ends the list.
        let is_plain = part.get(3).is_none()
            && of.as_str() == unit.as_str()
            && !["其中", "比", "占", "增", "减", "超", "约", "近", "同", "每", "最", "人均", "第", "至少"]
                .iter()
                .any(|word| name.as_str().contains(word));
        let Some(value) = exact(value.as_str()).filter(|_| is_plain && all.start() <= end + 3) else { break };
        sum += value;
        slack += half_place(part.get(2).map_or("", |number| number.as_str()));
        names.push(name.as_str());
        end = all.end();
    }
    // Rounded parts may miss a rounded whole by the last place.
    let slack = if slack > 0 { slack + half_place(number.as_str()) } else { 0 };
    if names.len() < 2 || (sum - whole).abs() <= slack {
        return;
    }
    // Parts that by their names make up the whole must not fall short of it; others may,
    // but a list that ends the sentence and comes near the whole was meant to be complete.
    let is_whole = is_complete(&names);
    let is_near = sum < whole
        && sum.saturating_mul(100) >= whole.saturating_mul(NEAR)
        && ends_sentence(rest.as_str(), end);
    let severity = if sum > whole || is_whole { Severity::Warning } else { Severity::Hint };
    if sum < whole && !is_whole && !is_near {
        return;
    }
    let range = number.start()..unit.end();
    let (sum, unit) = (shown(sum), unit.as_str());
    report_as(
        severity,
        segment,
        range,
        &PARTS,
        &format!("其中各部分之和为{sum}{unit}"),
        &format!("{sum}{unit}"),
        sink,
    );
}

/// From this share of the whole on, in hundredths, a list of parts looks complete.
const NEAR: i64 = 85;

/// Names of parts of which there are no others.
const COMPLETE: [&[&str]; 9] = [
    &["男", "女"],
    &["城镇", "农村"],
    &["城镇", "乡村"],
    &["城市", "农村"],
    &["中央", "地方"],
    &["山区", "平原"],
    &["国有", "民营"],
    &["公办", "民办"],
    &["境内", "境外"],
];

/// Whether the names are all parts of a whole.
fn is_complete(names: &[&str]) -> bool {
    COMPLETE.iter().any(|parts| {
        parts.len() == names.len() && parts.iter().all(|part| names.iter().any(|name| name.contains(part)))
    })
}

/// Whether nothing but marks follows the last part.
fn ends_sentence(rest: &str, end: usize) -> bool {
    rest.get(end..).is_some_and(|rest| rest.trim_matches(['，', '、', '；', ' ']).is_empty())
}

fn difference(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let text = |index: usize| found.get(index).map_or("", |part| part.as_str());
    let (Some(by), Some(unit)) = (found.get(7), found.get(8)) else { return };
    let is_rate = text(3) == "%";
    if found.get(0).is_some_and(|whole| whole.as_str().contains("平均")) {
        return;
    }
    let agrees = text(3) == text(6) && (unit.as_str() == "个百分点") == is_rate;
    if !agrees || (!is_rate && unit.as_str() != text(3)) {
        return;
    }
    let (Some(from), Some(to), Some(stated)) = (exact(text(2)), exact(text(5)), exact(by.as_str())) else {
        return;
    };
    let change = (to - from).abs();
    if change != stated {
        let right = format!("{}{}", shown(change), unit.as_str());
        report(segment, by.start()..unit.end(), &DIFFERENCE, &format!("前后两个数相差{right}"), &right, sink);
    }
}

fn report(
    segment: &Segment<'_>,
    range: Range<usize>,
    rule: &'static Rule,
    zh: &str,
    right: &str,
    sink: &mut Sink,
) {
    report_as(rule.severity, segment, range, rule, zh, right, sink);
}

fn report_as(
    severity: Severity,
    segment: &Segment<'_>,
    range: Range<usize>,
    rule: &'static Rule,
    zh: &str,
    right: &str,
    sink: &mut Sink,
) {
    let written = segment.slice(range.clone()).to_owned();
    let zh = format!("数字对不上：文中为“{written}”，{zh}");
    let en = format!("`{written}` does not agree with the other figures, which give {right}");
    sink.push(Hit::new(rule, segment, range, zh, en).severity(severity).review(right));
}

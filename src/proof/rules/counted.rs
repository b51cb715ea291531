//! A number of points that is announced, against the labelled points that follow; shares
//! and rates that cannot be.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::numerals;

use super::arithmetic::COUNT;
use super::labels::{Label, Level, labels};
use super::numeral::each;

pub(crate) static FAMILY: Family = Family { rules: &[&RATE], check: Check::Document(check) };

static RATE: Rule = Rule {
    code: "P437",
    name: "rate-above-whole",
    category: "arithmetic",
    severity: Severity::Warning,
    what: ("比率超过100%：合格率102%", "a rate above 100 % that cannot be"),
    why: (
        "合格率、覆盖率、满意率、占比是部分与整体之比，不会超过100%。",
        "Such rates compare a part with its whole.",
    ),
    bad: "产品抽检合格率为101.2%。",
    good: "产品抽检合格率为99.2%。",
    except: (
        "完成率、增长率、毛入学率、占计划或者上年的百分比可以超过100%，不查。",
        "Rates of completion and growth, gross enrolment, shares of a plan or of last year.",
    ),
};

static ABOVE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(合格率|达标率|覆盖率|普及率|满意率|满意度|知晓率|办结率|通过率|出勤率|优良率|成活率|好评率|就诊率|参保率|占比|比重|占[^，。；：、0-9%]{0,10})(?:达到|达|均为|为|提高到|提升到|提升至|提高至|升至|至|到|约|超过|超)?([0-9]+(?:\.[0-9]+)?)[%％]").ok()
});
static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([一二三四五六七八九十两]|[0-9]{1,2})(大类|大项|个方面|方面|项|点|条|个|类|种|大)([^。；：，0-9一二三四五六七八九十]{0,14})[：:，。]\s*(（一）|（1）|\(1\)|①|1[.．、])").ok()
});
static ENDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(以下|下列|如下|：|^|[，。；、好做抓有供交足备具])([一二三四五六七八九十两]|[0-9]{1,2})(大类|大项|个方面|方面|项|点|条|个|类|种|大)([^。；：，0-9一二三四五六七八九十]{0,14})[：:]\s*$").ok()
});

fn check(document: &Document<'_>, sink: &mut Sink) {
    let mut all: Option<Vec<Label>> = None;
    for segment in document.flow() {
        if segment.has.percent {
            each(ABOVE.as_ref(), segment, |found| above(segment, found, sink));
        }
        if !segment.awaits(Trigger::Items) {
            continue;
        }
        each(BEFORE.as_ref(), segment, |found| inline(segment, found, sink));
        if segment.text.trim_end().ends_with(['：', ':'])
            && let Some(found) = ENDS.as_ref().and_then(|ends| ends.captures(&segment.text))
        {
            let all = all.get_or_insert_with(|| labels(document));
            block(document, segment, &found, all, sink);
        }
    }
}

fn above(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(name), Some(value)) = (found.get(0), found.get(1), found.get(2)) else { return };
    let is_above = value.as_str().parse::<f64>().is_ok_and(|value| value > 100.0 && value < 1000.0);
    let of_other = ["计划", "任务", "预算", "目标", "上年", "同期", "去年", "定额", "需要", "应"];
    // 占…的 may compare with anything.
    let is_other = of_other.iter().any(|word| name.as_str().contains(word))
        || ["产能", "负荷", "毛"].iter().any(|word| segment.just_before(whole.start(), 18).contains(word))
        || segment.after(whole.end()).starts_with("以上");
    if is_above && !is_other {
        let zh = format!("比率超过100%：“{}”", whole.as_str());
        sink.push(Hit::new(&RATE, segment, whole.range(), zh, "this rate cannot exceed 100 %"));
    }
}

/// 三类：（一）…（四）… in one paragraph.
fn inline(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(number), Some(unit), Some(first)) = (found.get(1), found.get(2), found.get(4)) else { return };
    let rest = segment.after(first.start());
    let write = |count: u32| match first.as_str() {
        "（一）" => format!("（{}）", numerals::write(count)),
        "（1）" => format!("（{count}）"),
        "(1)" => format!("({count})"),
        "①" => char::from_u32(u32::from('①') + count - 1).map_or(String::new(), |c| c.to_string()),
        label => format!("{count}{}", label.get(1..).unwrap_or(".")),
    };
    let mut count = 1;
    while count < 20 && rest.contains(&write(count + 1)) {
        count += 1;
    }
    report(segment, &number, &unit, count, Severity::Warning, sink);
}

/// …以下四项工作： and （一）, （二）, （三） in the paragraphs below.
fn block(
    document: &Document<'_>,
    segment: &Segment<'_>,
    found: &Captures<'_>,
    all: &[Label],
    sink: &mut Sink,
) {
    let (Some(lead), Some(number), Some(unit)) = (found.get(1), found.get(2), found.get(3)) else { return };
    let from = all.partition_point(|label| label.segment <= segment.index);
    let Some(first) = all.get(from).filter(|label| label.segment == segment.index + 1 && label.number == 1)
    else {
        return;
    };
    if first.level < Level::First {
        return;
    }
    let mut count = 1;
    let mut last = first.segment;
    for label in all.get(from + 1..).unwrap_or(&[]) {
        let is_next = label.level == first.level
            && label.number == count + 1
            && label.marker.is_some() == first.marker.is_some();
        if is_next {
            (count, last) = (count + 1, label.segment);
        } else if label.level <= first.level {
            break;
        }
    }
    // A heading in between ends the list.
    let is_one = document
        .segments
        .get(segment.index + 1..last)
        .unwrap_or(&[])
        .iter()
        .all(|segment| !segment.is_heading());
    if is_one {
        let is_sure = matches!(lead.as_str(), "以下" | "下列" | "如下");
        report(
            segment,
            &number,
            &unit,
            count,
            if is_sure { Severity::Warning } else { Severity::Hint },
            sink,
        );
    }
}

fn report(
    segment: &Segment<'_>,
    number: &regex::Match<'_>,
    unit: &regex::Match<'_>,
    listed: u32,
    severity: Severity,
    sink: &mut Sink,
) {
    let Some(stated) = numerals::read(number.as_str()) else { return };
    let is_inside = segment
        .prev(number.start())
        .is_some_and(|c| numerals::is_numeral(c) || c.is_ascii_digit() || "第每任这其之前后".contains(c));
    if listed < 2 || listed == stated || is_inside || stated < 2 {
        return;
    }
    let is_arabic = number.as_str().starts_with(|c: char| c.is_ascii_digit());
    let figure = match listed {
        _ if is_arabic => listed.to_string(),
        2 if unit.as_str() != "项" => "两".to_owned(),
        _ => numerals::write(listed),
    };
    let right = format!("{figure}{}", unit.as_str());
    let zh = format!("文中说“{}{}”，实际列举了{listed}个", number.as_str(), unit.as_str());
    let hit = Hit::new(
        &COUNT,
        segment,
        number.start()..unit.end(),
        zh,
        format!("{stated} points are announced, {listed} are listed"),
    );
    sink.push(hit.severity(severity).review(right));
}

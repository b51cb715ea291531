//! Unit signs turned round, 每 said twice, the first sign of a range left out, units that
//! went with the old measures.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};

use super::numeral::each;

pub(crate) static FAMILY: Family =
    Family { rules: &[&TURNED, &PER, &FIRST, &OLD], check: Check::Segment(check) };

static TURNED: Rule = Rule {
    code: "P345",
    name: "turned-unit",
    category: "unit",
    severity: Severity::Warning,
    what: ("计量单位符号写颠倒：%5、26C°、m³/μg", "a unit sign turned round: %5, 26C°, m³/μg"),
    why: (
        "GB 3100—1993：单位符号写在数值后面，次序固定；颠倒后读者无从判断量值。",
        "GB 3100-1993: the sign follows the figure and its letters have one order.",
    ),
    bad: "室内温度保持26C°，湿度不高于%60。",
    good: "室内温度保持26℃，湿度不高于60%。",
    except: ("代码和网址不查。", "Codes and addresses."),
};

static PER: Rule = Rule {
    code: "P346",
    name: "doubled-per",
    category: "unit",
    severity: Severity::Warning,
    what: ("“每”说了两遍：每每人、元/每吨、每人500元/人", "per said twice"),
    why: (
        "斜线即“每”（GB 3100—1993 第 6.3 条）；“每”只说一遍。",
        "The slash means per (GB 3100-1993, 6.3); once is enough.",
    ),
    bad: "收费标准为20元/每吨。",
    good: "收费标准为20元/吨。",
    except: ("“每每”作“常常”讲的不查。", "每每 in the sense of often."),
};

static FIRST: Rule = Rule {
    code: "P347",
    name: "range-first-unit",
    category: "unit",
    severity: Severity::Hint,
    what: ("范围的前一个数没有单位符号：2～8℃", "a range whose first figure has no unit sign"),
    why: (
        "GB/T 15835—2011 第 5.1.3 条：省略前一个单位会造成歧义的，前后都写。",
        "GB/T 15835-2011, 5.1.3: where leaving it out is ambiguous both ends carry the unit.",
    ),
    bad: "贮存温度为2～8℃。",
    good: "贮存温度为2℃～8℃。",
    except: ("没有歧义的可以保留；年份和编号不查。", "It may stay where nothing is ambiguous; years, codes."),
};

static OLD: Rule = Rule {
    code: "P348",
    name: "customary-unit",
    category: "unit",
    severity: Severity::Warning,
    what: ("非法定计量单位：平米、公吨、马力、丈、尺", "units that are not legal: 平米, 公吨, 马力, 丈, 尺"),
    why: (
        "《中华人民共和国计量法》第三条、国务院关于我国统一实行法定计量单位的命令：公文使用法定计量单位。",
        "Metrology Law, art. 3: official documents use legal units.",
    ),
    bad: "建筑面积120平米。",
    good: "建筑面积120平方米。",
    except: (
        "屏幕、晶圆、管径的寸和英寸不查；引文保留原样。",
        "Inches of screens, wafers and pipes; quotations.",
    ),
};

struct Patterns {
    turned: Option<Regex>,
    per: Option<Regex>,
    each: Option<Regex>,
    first: Option<Regex>,
    old: Option<Regex>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns {
    turned: Regex::new(r"([%％℃])([0-9]+(?:\.[0-9]+)?)|[0-9] ?(C°|c°|°c|° C|º[Cc]|oC|h/km|(?:m3|m³|L)/(?:[μu]?g|mg)|mk|gk|[Ww]k|Hz?M|Lm|zH|vk|[²³]m)").ok(),
    per: Regex::new(r"(每每)(?:[人个亩户吨月件次台辆套座间]|平方|立方|公里|公斤)|(元|万元|角|分)(/每)\p{Han}").ok(),
    each: Regex::new(r"每(人|户|亩|吨|月|天|年|次|台|辆|平方米|公里|个|名|家|头|只)(?:每[年月天])?(?:补助|补贴|奖励|收取|发放|给予|不超过|按)?([0-9.]+万?元)(/(?:人|户|亩|吨|月|天|年|次|台|辆|平方米|公里|个|名|家|头|只))").ok(),
    first: Regex::new(r"([0-9]+(?:\.[0-9]+)?)(～|~|—|-|－|–|至)([0-9]+(?:\.[0-9]+)?)(℃|°|km|kg|mg/L|mg/m³|cm|mm|kW|MPa|dB|hm²|m²|m³|m|t|g|h)").ok(),
    old: Regex::new(r"([0-9一二三四五六七八九十百千万亿半余多几])(平米|公吨|立升|马力|公寸|丈|尺|寸|石粮|担粮|华氏度|毫巴|达因)").ok(),
}
});

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    let patterns = &*PATTERNS;
    if segment.awaits(Trigger::TurnedUnit) {
        each(patterns.turned.as_ref(), segment, |found| turned(segment, found, sink));
    }
    if segment.awaits(Trigger::Per) {
        each(patterns.per.as_ref(), segment, |found| per(segment, found, sink));
    }
    if segment.awaits(Trigger::PerSlash) {
        each(patterns.each.as_ref(), segment, |found| twice(segment, found, sink));
    }
    if segment.awaits(Trigger::RangeUnit) {
        each(patterns.first.as_ref(), segment, |found| first(segment, found, sink));
    }
    if segment.awaits(Trigger::CustomaryUnit) {
        each(patterns.old.as_ref(), segment, |found| old(segment, found, sink));
    }
}

fn turned(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    if let (Some(sign), Some(number)) = (found.get(1), found.get(2)) {
        // 5%10 is two figures that meet; %20 stands in addresses.
        let before = segment.prev(sign.start());
        let is_code = before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '%' | '.' | '/' | '='));
        let ends =
            segment.next(number.end()).is_none_or(|c| !c.is_ascii_alphanumeric() && c != '%' && c != '％');
        if !is_code && ends {
            let right = format!("{}{}", number.as_str(), sign.as_str());
            report(segment, sign.start()..number.end(), &right, sink);
        }
        return;
    }
    let Some(unit) = found.get(3) else { return };
    if segment.next(unit.end()).is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/')) {
        return;
    }
    let right = match unit.as_str() {
        "h/km" => "km/h".to_owned(),
        "mk" => "km".to_owned(),
        "gk" => "kg".to_owned(),
        "Wk" | "wk" => "kW".to_owned(),
        "vk" => "kV".to_owned(),
        "HM" | "HzM" => "MHz".to_owned(),
        "Lm" => "mL".to_owned(),
        "zH" => "Hz".to_owned(),
        "²m" => "m²".to_owned(),
        "³m" => "m³".to_owned(),
        text => match text.split_once('/') {
            Some((volume, mass)) => {
                format!("{}/{}", mass.replace('u', "μ"), if volume == "L" { "L" } else { "m³" })
            }
            None => "℃".to_owned(),
        },
    };
    report(segment, unit.range(), &right, sink);
}

fn report(segment: &Segment<'_>, range: std::ops::Range<usize>, right: &str, sink: &mut Sink) {
    let written = segment.slice(range.clone());
    let zh = format!("计量单位符号写颠倒：“{written}”应为“{right}”");
    sink.push(
        Hit::new(&TURNED, segment, range, zh, format!("`{written}` should be `{right}`")).review(right),
    );
}

fn per(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (place, right) = match (found.get(1), found.get(3)) {
        (Some(place), _) => (place, "每"),
        (_, Some(place)) => (place, "/"),
        _ => return,
    };
    let zh = format!("“每”说了两遍：“{}”应为“{right}”", place.as_str());
    sink.push(
        Hit::new(&PER, segment, place.range(), zh, format!("per is said twice: `{right}`")).review(right),
    );
}

/// 每人500元/人.
fn twice(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(what), Some(money), Some(slash)) = (found.get(1), found.get(2), found.get(3)) else { return };
    if slash.as_str().get(1..) != Some(what.as_str()) {
        return;
    }
    let range = money.start()..slash.end();
    let zh = format!("“每{}”与“{}”重复，只用一个", what.as_str(), slash.as_str());
    let hit = Hit::new(&PER, segment, range, zh, "per is said twice");
    sink.push(hit.review(money.as_str()));
}

fn first(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let text = |index: usize| found.get(index).map_or("", |part| part.as_str());
    let Some(whole) = found.get(0) else { return };
    let is_code = segment
        .prev(whole.start())
        .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/' | '≤' | '≥' | '年'));
    let goes_on = segment
        .next(whole.end())
        .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '·' | '²' | '³' | '-'));
    let (Ok(from), Ok(until)) = (text(1).parse::<f64>(), text(3).parse::<f64>()) else { return };
    if is_code || goes_on || from >= until {
        return;
    }
    let link = if matches!(text(2), "-" | "~" | "–" | "－") { "～" } else { text(2) };
    let right = format!("{}{}{link}{}{}", text(1), text(4), text(3), text(4));
    let zh = format!("范围前后都写单位符号：“{right}”");
    sink.push(
        Hit::new(&FIRST, segment, whole.range(), zh, format!("both ends take the unit: `{right}`"))
            .review(right),
    );
}

/// What is measured in inches by custom.
pub(super) const BY_INCH: [&str; 17] = [
    "晶圆",
    "硅片",
    "屏",
    "显示",
    "液晶",
    "面板",
    "电视",
    "管",
    "照片",
    "相片",
    "轮",
    "寸照",
    "电脑",
    "产线",
    "半导体",
    "芯片",
    "集成电路",
];

fn old(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(figure), Some(unit)) = (found.get(1), found.get(2)) else { return };
    let near = format!("{}{}", segment.just_before(figure.start(), 30), segment.just_after(unit.end(), 30));
    let is_custom = unit.as_str().ends_with('寸') && BY_INCH.iter().any(|word| near.contains(word));
    // 万丈, 百尺竿头, 三尺讲台: figures of speech.
    let is_figure = figure.as_str().starts_with(|c: char| c.is_ascii_digit());
    if is_custom
        || segment.is_quoted(unit.start())
        || !is_figure && matches!(unit.as_str(), "丈" | "尺" | "寸" | "马力")
    {
        return;
    }
    let right = match unit.as_str() {
        "平米" => Some("平方米"),
        "公吨" => Some("吨"),
        "立升" => Some("升"),
        "公寸" => Some("分米"),
        _ => None,
    };
    let zh = match right {
        Some(right) => format!("“{}”不是法定计量单位，应为“{right}”", unit.as_str()),
        None => format!("“{}”不是法定计量单位，请换算", unit.as_str()),
    };
    let hit = Hit::new(&OLD, segment, unit.range(), zh, format!("`{}` is no legal unit", unit.as_str()));
    let hit = if unit.as_str() == "马力" { hit.severity(Severity::Hint) } else { hit };
    sink.push(match right {
        Some(right) => hit.review(right),
        None => hit,
    });
}

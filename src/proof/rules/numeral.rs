//! Numbers: mixed styles, ranges, measure words. One table of documented rules
//! over one reading of numerals.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::numerals;

pub(crate) static FAMILY: Family = Family {
    rules: &[&MIXED_DATE, &ZERO, &YEAR_ZERO, &RANGE, &MAGNITUDE, &LIANG, &POINT, &SHORT, &PERCENT],
    check: Check::Segment(check),
};

static MIXED_DATE: Rule = Rule {
    code: "P301",
    name: "mixed-date",
    category: "numeral",
    severity: Severity::Error,
    what: ("同一日期混用阿拉伯数字和汉字", "one date in both Arabic and Chinese numerals"),
    why: (
        "GB/T 15835—2011 第 4.3 条：同一场合数字形式一致。",
        "GB/T 15835-2011, 4.3: one style in one place.",
    ),
    bad: "本通知自2024年七月1日起施行。",
    good: "本通知自2024年7月1日起施行。",
    except: ("农历月日（正月、腊月）和节日名称（五四、八一）不查。", "Lunar dates and names of festivals."),
};

static ZERO: Rule = Rule {
    code: "P302",
    name: "padded-date",
    category: "numeral",
    severity: Severity::Warning,
    what: ("月、日编了虚位（01月）", "a padding zero in month or day"),
    why: ("GB/T 9704—2012 第 7.3.5.4 条：月、日不编虚位。", "GB/T 9704-2012, 7.3.5.4: 1 is not written 01."),
    bad: "自2024年01月01日起执行。",
    good: "自2024年1月1日起执行。",
    except: ("ISO 格式日期（2024-01-01）和代码不查。", "ISO dates and codes."),
};

static YEAR_ZERO: Rule = Rule {
    code: "P303",
    name: "mixed-year",
    category: "numeral",
    severity: Severity::Warning,
    what: (
        "年份混用数字或零写成“○”“零”：二0二七年",
        "a year that mixes digits, or whose zero is ○: 二0二七年",
    ),
    why: ("GB/T 15835—2011：汉字年份的零写作“〇”。", "GB/T 15835-2011: in Chinese years zero is 〇."),
    bad: "到二0二七年底前完成。",
    good: "到2027年底前完成。",
    except: ("2012年以前的年份和引文中的“○”不查。", "The circle in years before 2012 and in quotations."),
};

static RANGE: Rule = Rule {
    code: "P304",
    name: "range-unit",
    category: "numeral",
    severity: Severity::Error,
    what: ("百分数范围的前一个数没有百分号", "a range of percentages with one percent sign"),
    why: (
        "GB/T 15835—2011 第 5.1.3 条：百分数范围的前后都写百分号。",
        "GB/T 15835-2011, 5.1.3: both ends carry the sign.",
    ),
    bad: "力争成本下降3至5%。",
    good: "力争成本下降3%至5%。",
    except: ("无。", "None."),
};

pub(super) static MAGNITUDE: Rule = Rule {
    code: "P307",
    name: "mixed-magnitude",
    category: "numeral",
    severity: Severity::Warning,
    what: ("阿拉伯数字夹用“千、百”：5千6百", "Arabic digits with 千 or 百 between"),
    why: (
        "GB/T 15835—2011：除“万、亿”外，阿拉伯数字不与“千、百、十”连用。",
        "GB/T 15835-2011: only 万 and 亿 go with Arabic digits.",
    ),
    bad: "参训人员5千6百人次。",
    good: "参训人员5600人次。",
    except: ("只用“万”“亿”的不查。", "万 and 亿 alone."),
};

static LIANG: Rule = Rule {
    code: "P308",
    name: "er-liang",
    category: "numeral",
    severity: Severity::Warning,
    what: ("量词前用了“二”", "二 before a measure word"),
    why: ("一般量词前用“两”：两名、两个。", "Measure words take 两."),
    bad: "选派二名干部驻村帮扶。",
    good: "选派两名干部驻村帮扶。",
    except: (
        "序数、多位数和法规条文（二个月、二名以上）中的“二”不查或仅提示。",
        "Ordinals, longer numbers, articles of law.",
    ),
};

static POINT: Rule = Rule {
    code: "P309",
    name: "percent-point",
    category: "numeral",
    severity: Severity::Warning,
    what: ("百分号与“百分点”连用", "a percent sign with 百分点"),
    why: ("“百分点”本身含百分号，只用一个。", "百分点 already says percent."),
    bad: "增速提高0.8%个百分点。",
    good: "增速提高0.8个百分点。",
    except: ("无。", "None."),
};

static SHORT: Rule = Rule {
    code: "P311",
    name: "short-year",
    category: "numeral",
    severity: Severity::Warning,
    what: ("年份省写为两位", "a year of two digits"),
    why: ("GB/T 15835—2011 第 5.1.4 条：年份不应简写。", "GB/T 15835-2011, 5.1.4: years in full."),
    bad: "于25年6月30日前完成。",
    good: "于2025年6月30日前完成。",
    except: ("期间（25年6个月）和引文不查。", "Spans of time, quotations."),
};

static PERCENT: Rule = Rule {
    code: "P312",
    name: "percent-words",
    category: "numeral",
    severity: Severity::Warning,
    what: ("“百分之”后用阿拉伯数字", "百分之 followed by Arabic digits"),
    why: (
        "GB/T 15835—2011：百分数用“35%”或“百分之三十五”，不混用。",
        "GB/T 15835-2011: 35% or 百分之三十五, not a mixture.",
    ),
    bad: "占百分之35。",
    good: "占35%。",
    except: ("无。", "None."),
};

struct Patterns {
    date: Option<Regex>,
    zero: Option<Regex>,
    year: Option<Regex>,
    percent: Option<Regex>,
    magnitude: Option<Regex>,
    point: Option<Regex>,
    short: Option<Regex>,
    percent_words: Option<Regex>,
    amount: Option<Regex>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns {
    date: Regex::new(r"([0-9]{2,4}|[〇零○一二三四五六七八九]{2,4})年([0-9]{1,2}|[一二三四五六七八九十]{1,3})月(?:([0-9]{1,2}|[一二三四五六七八九十]{1,3})日)?|([0-9]{1,2}|[一二三四五六七八九十]{1,3})月([0-9]{1,2}|[一二三四五六七八九十]{1,3})日").ok(),
    zero: Regex::new(r"(?:[0-9]{4}年)?(?:0[1-9]月(?:[0-9]{1,2}日)?|[0-9]{1,2}月0[1-9]日)").ok(),
    year: Regex::new(r"[0-9OoＯОо〇零○一二三四五六七八九]{4}年").ok(),
    percent: Regex::new(r"([0-9]+(?:\.[0-9]+)?)( ?(?:至|到|—|～|~|－|-|–) ?)([0-9]+(?:\.[0-9]+)?)([%％‰])").ok(),
    magnitude: Regex::new(r"([0-9]+)(万)?([0-9]+)?(千|百)([0-9]+)?(百|十)?([0-9]+)?").ok(),
    point: Regex::new(r"([0-9]+(?:\.[0-9]+)?)[%％]个?百分点").ok(),
    short: Regex::new(r"([0-9]{2})年([0-9]{1,2})月[0-9]{1,2}日").ok(),
    percent_words: Regex::new(r"百分之([0-9]+(?:\.[0-9]+)?)").ok(),
    amount: Regex::new(r"([0-9]+(?:\.[0-9]+)?)( ?(?:至|—|～|~|－|-|–) ?)([0-9]+(?:\.[0-9]+)?)((?:万亿|万|亿)(?:元|美元|人次|人|吨|亩|户|家|件|台|辆|平方米|平方公里|公里|千瓦时|千瓦|立方米|头|只|册|株|套|个|次|公斤|公顷|度)?)").ok(),
}
});

fn check(document: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    let patterns = &*PATTERNS;
    if segment.awaits(Trigger::Month) {
        each(patterns.date.as_ref(), segment, |found| mixed_date(segment, found, sink));
    }
    if segment.awaits(Trigger::Year) {
        each(patterns.year.as_ref(), segment, |found| mixed_year(document, segment, found, sink));
    }
    if segment.has.digit && segment.awaits(Trigger::Month) {
        each(patterns.zero.as_ref(), segment, |found| padded(document, segment, found, sink));
    }
    if segment.has.digit && segment.awaits(Trigger::Magnitude) {
        each(patterns.magnitude.as_ref(), segment, |found| magnitude(segment, found, sink));
    }
    if segment.has.percent || segment.marks.iter().any(|&(_, c)| c == '‰') {
        each(patterns.percent.as_ref(), segment, |found| range(segment, found, sink));
        each(patterns.point.as_ref(), segment, |found| point(segment, found, sink));
    }
    if segment.has.digit && segment.awaits(Trigger::Month) {
        each(patterns.short.as_ref(), segment, |found| short(segment, found, sink));
    }
    if segment.awaits(Trigger::PercentWords) {
        each(patterns.percent_words.as_ref(), segment, |found| percent_words(segment, found, sink));
    }
    if segment.awaits(Trigger::Amount) {
        each(patterns.amount.as_ref(), segment, |found| amount(segment, found, sink));
    }
    if segment.awaits(Trigger::RatePoint) {
        rate_points(segment, sink);
    }
    if segment.awaits(Trigger::Liang) {
        liang(segment, sink);
    }
}

pub(super) fn each(pattern: Option<&Regex>, segment: &Segment<'_>, mut found: impl FnMut(&Captures<'_>)) {
    if let Some(pattern) = pattern {
        pattern.captures_iter(&segment.text).for_each(|captures| found(&captures));
    }
}

fn is_arabic(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn mixed_date(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(whole) = found.get(0) else { return };
    let parts: Vec<&str> = (1..=5).filter_map(|index| found.get(index)).map(|part| part.as_str()).collect();
    let starts_inside =
        segment.prev(whole.start()).is_some_and(|c| c.is_ascii_digit() || numerals::is_numeral(c));
    if starts_inside || parts.iter().all(|part| is_arabic(part)) || !parts.iter().any(|part| is_arabic(part))
    {
        return;
    }
    let mut right = whole.as_str().to_owned();
    for part in parts.iter().filter(|part| !is_arabic(part)) {
        let value = if part.chars().count() == 4 { numerals::read_year(part) } else { numerals::read(part) };
        let Some(value) = value else { return };
        right = right.replacen(part, &value.to_string(), 1);
    }
    let zh = format!("日期混用数字“{}”，应为“{right}”", whole.as_str());
    let en = format!("mixed numerals in the date `{}`", whole.as_str());
    sink.push(Hit::new(&MIXED_DATE, segment, whole.range(), zh, en).review(right));
}

fn mixed_year(document: &Document<'_>, segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(whole) = found.get(0) else { return };
    let digits = whole.as_str().trim_end_matches('年');
    let has = |test: fn(char) -> bool| digits.chars().any(test);
    let is_latin = has(|c| matches!(c, 'O' | 'o' | 'Ｏ' | 'О' | 'о'));
    let is_mixed = has(|c| c.is_ascii_digit()) && has(|c| numerals::digit(c).is_some());
    let is_inside =
        segment.prev(whole.start()).is_some_and(|c| c.is_ascii_alphanumeric() || numerals::is_numeral(c));
    if !(is_mixed || is_latin) || is_inside {
        if !is_inside && has(|c| matches!(c, '○' | '零')) {
            circle(document, segment, whole.range(), digits, sink);
        }
        return;
    }
    let plain: String =
        digits.chars().map(|c| if matches!(c, 'O' | 'o' | 'Ｏ' | 'О' | 'о') { '0' } else { c }).collect();
    let Some(year) = numerals::read_year(&plain).filter(|year| (1900..=2100).contains(year)) else { return };
    let right = format!("{year}年");
    let zh = format!("年份混用数字“{}”，应为“{right}”", whole.as_str());
    let en = format!("mixed digits in the year `{}`", whole.as_str());
    sink.push(Hit::new(&YEAR_ZERO, segment, whole.range(), zh, en).review(right));
}

/// 二○二五年, 二零二五年: the zero of a year is 〇. Old texts had no other sign.
fn circle(
    document: &Document<'_>,
    segment: &Segment<'_>,
    range: std::ops::Range<usize>,
    digits: &str,
    sink: &mut Sink,
) {
    if numerals::read_year(digits).is_none_or(|year| !(STANDARD..=2100).contains(&year))
        || segment.is_quoted(range.start)
    {
        return;
    }
    let right = format!("{}年", digits.replace(['○', '零'], "〇"));
    let zh = format!("汉字年份的零写作“〇”：“{right}”");
    let hit = Hit::new(&YEAR_ZERO, segment, range, zh, format!("zero in a Chinese year is 〇: `{right}`"));
    // A text that does it throughout was typed, or converted, so.
    if document.segments.iter().filter(|segment| segment.text.contains(['○'])).count() >= MANY_CIRCLES {
        sink.fold(hit.review(right));
    } else {
        sink.push(hit.review(right));
    }
}

/// The first year after GB/T 15835-2011 came into force.
const STANDARD: u32 = 2012;
/// In so many passages the circle is a habit of the text.
const MANY_CIRCLES: usize = 4;

/// Whether a date is the value of a field that a system fills in (发布日期：2024年01月05日),
/// its name in the same passage or in the one before.
fn is_field(document: &Document<'_>, segment: &Segment<'_>, at: usize) -> bool {
    let before = segment.before(at).trim_end();
    let earlier = segment.index.checked_sub(1).and_then(|index| document.segments.get(index));
    let name = if before.is_empty() { earlier.map_or("", |segment| segment.text.trim_end()) } else { before };
    let name = name.trim_end_matches([':', '：', ' ', '\u{3000}']);
    ["日期", "时间"].iter().any(|field| name.ends_with(field))
}

fn padded(document: &Document<'_>, segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(whole) = found.get(0) else { return };
    if segment.prev(whole.start()).is_some_and(|c| c.is_ascii_digit()) {
        return;
    }
    let right = whole.as_str().replace("年0", "年").replace("月0", "月");
    let right = right.strip_prefix('0').unwrap_or(&right).to_owned();
    let zh = format!("月、日不编虚位：“{}”应为“{right}”", whole.as_str());
    let hit = Hit::new(&ZERO, segment, whole.range(), zh, format!("no padding zero: `{right}`")).safe(right);
    if is_field(document, segment, whole.start()) { sink.fold(hit) } else { sink.push(hit) }
}

fn range(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(from), Some(link), Some(sign)) =
        (found.get(0), found.get(1), found.get(2), found.get(4))
    else {
        return;
    };
    let until = found.get(3).map_or("", |part| part.as_str());
    let is_code = segment
        .prev(whole.start())
        .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '年' | '/'));
    if is_code || (link.as_str().trim() == "-" && from.as_str().len() >= 4) {
        return;
    }
    let right = format!("{}{}{}{until}{}", from.as_str(), sign.as_str(), link.as_str(), sign.as_str());
    let zh = format!("百分数范围前后都写百分号：“{right}”");
    sink.push(
        Hit::new(&RANGE, segment, whole.range(), zh, format!("both ends take the sign: `{right}`"))
            .review(right),
    );
}

fn point(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(number)) = (found.get(0), found.get(1)) else { return };
    let right = format!("{}个百分点", number.as_str());
    let zh = format!("“{}”应为“{right}”", whole.as_str());
    sink.push(Hit::new(&POINT, segment, whole.range(), zh, format!("use `{right}`")).review(right));
}

fn short(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(year), Some(month)) = (found.get(0), found.get(1), found.get(2)) else { return };
    let is_inside = segment
        .prev(whole.start())
        .is_some_and(|c| c.is_ascii_digit() || numerals::is_numeral(c) || c == '第');
    let is_month = month.as_str().parse().is_ok_and(|month: u32| (1..=12).contains(&month));
    if is_inside || !is_month || segment.is_quoted(whole.start()) {
        return;
    }
    let century = if year.as_str() < "50" { "20" } else { "19" };
    let right = format!("{century}{}", whole.as_str());
    let zh = format!("年份不应简写：“{}”应为“{right}”", whole.as_str());
    sink.push(
        Hit::new(&SHORT, segment, whole.range(), zh, format!("write the year in full: `{right}`"))
            .review(right),
    );
}

fn percent_words(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(number)) = (found.get(0), found.get(1)) else { return };
    let right = format!("{}%", number.as_str());
    let zh = format!("“{}”应为“{right}”", whole.as_str());
    sink.push(Hit::new(&PERCENT, segment, whole.range(), zh, format!("write `{right}`")).review(right));
}

/// 13～17万元: whether 13元 or 13万元 is meant stands nowhere.
fn amount(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let part = |index: usize| found.get(index).map_or("", |part| part.as_str());
    let Some(whole) = found.get(0) else { return };
    if segment.prev(whole.start()).is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/'))
    {
        return;
    }
    let unit = part(4).trim_end_matches(|c: char| c != '万' && c != '亿');
    let right = format!("{}{}{}{}{}", part(1), part(4), part(2), part(3), part(4));
    let zh = format!("范围前一个数省略了“{unit}”，宜写作“{right}”");
    let hit = Hit::new(&RANGE, segment, whole.range(), zh, format!("repeat the unit: `{right}`"));
    sink.push(hit.severity(Severity::Hint).review(right));
}

fn magnitude(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(whole) = found.get(0) else { return };
    // 5千米, 3千克, 6百万 and 50强 are fine; two levels must be there.
    let digits = whole.as_str().split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    let units = whole.as_str().chars().filter(|c| matches!(c, '万' | '千' | '百' | '十')).count();
    if digits == 1 && units == 1 {
        round(segment, whole.range(), whole.as_str(), sink);
        return;
    }
    if digits < 2 || units < 2 || !segment.next(whole.end()).is_some_and(jiedu_base::text::is_han) {
        return;
    }
    let (mut total, mut number) = (0_u64, 0_u64);
    for c in whole.as_str().chars() {
        if let Some(value) = c.to_digit(10) {
            number = (number * 10 + u64::from(value)).min(1_000_000_000);
            continue;
        }
        total += number
            * match c {
                '万' => 10_000,
                '千' => 1_000,
                '百' => 100,
                _ => 10,
            };
        number = 0;
    }
    total += number;
    let right = total.to_string();
    let zh = format!("“{}”应写作“{right}”", whole.as_str());
    sink.push(Hit::new(&MAGNITUDE, segment, whole.range(), zh, format!("write `{right}`")).review(right));
}

/// 3百名, 5千余人: only 万 and 亿 stand after Arabic digits (GB/T 15835-2011, 4.1.3).
fn round(segment: &Segment<'_>, range: std::ops::Range<usize>, text: &str, sink: &mut Sink) {
    let Some(number) =
        text.trim_end_matches(['百', '千']).parse::<u64>().ok().filter(|n| (1..100).contains(n))
    else {
        return;
    };
    let rest = segment.after(range.end);
    let counts = [
        "余名", "多名", "余人", "多人", "余户", "多户", "余家", "多家", "余个", "多个", "名", "人", "户",
        "家", "个", "辆", "亩", "元", "件", "台", "项", "册",
    ];
    let is_inside = segment.prev(range.start).is_some_and(|c| {
        c.is_ascii_alphanumeric() || numerals::is_numeral(c) || matches!(c, '.' | '-' | '第')
    });
    if is_inside || !counts.iter().any(|count| rest.starts_with(count)) {
        return;
    }
    let right = (number * if text.ends_with('千') { 1000 } else { 100 }).to_string();
    let zh = format!("阿拉伯数字后面只用“万”“亿”：“{text}”应写作“{right}”");
    sink.push(Hit::new(&MAGNITUDE, segment, range, zh, format!("write `{right}`")).review(right));
}

/// 1.5个百分比: the difference of two rates is counted in points.
fn rate_points(segment: &Segment<'_>, sink: &mut Sink) {
    for (at, text) in segment.text.match_indices("个百分比") {
        let before = segment.prev(at);
        if before.is_some_and(|c| c.is_ascii_digit() || numerals::is_numeral(c)) {
            let hit =
                Hit::new(&POINT, segment, at..at + text.len(), "“个百分比”应为“个百分点”", "use 个百分点");
            sink.push(hit.review("个百分点"));
        }
    }
}

/// Measure words that take 两.
const MEASURES: [&str; 22] = [
    "名", "个", "位", "家", "户", "次", "种", "项", "条", "件", "套", "批", "辆", "台", "座", "所", "间",
    "份", "张", "倍", "组", "周",
];

fn liang(segment: &Segment<'_>, sink: &mut Sink) {
    for (at, _) in segment.text.match_indices('二') {
        let end = at + '二'.len_utf8();
        let rest = segment.after(end);
        let Some(measure) = MEASURES.iter().find(|measure| rest.starts_with(**measure)) else { continue };
        let is_plain = segment.prev(at).is_none_or(|c| {
            !numerals::is_numeral(c)
                && !c.is_ascii_alphanumeric()
                && !"第星期周初老其之款项条类级、—（第附表件图点".contains(c)
        });
        let follow = rest.get(measure.len()..).and_then(|rest| rest.chars().next());
        // 二次供水, 二项式, 二组分, 二维 and the like are terms.
        let is_term = matches!(
            *measure,
            "次" | "项" | "倍" | "组" | "条" | "种" | "件" | "周" | "所" | "座" | "台" | "间" | "套" | "批"
        ) || follow.is_none();
        if !is_plain || is_term {
            continue;
        }
        let written = segment.slice(at..end + measure.len());
        let right = format!("两{measure}");
        let zh = format!("“{written}”一般写作“{right}”");
        let hit = Hit::new(&LIANG, segment, at..end + measure.len(), zh, format!("usually `{right}`"));
        sink.push(hit.review(right));
    }
}

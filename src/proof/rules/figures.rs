//! Figures of two kinds in one number, one range or one name of a decade; numbers
//! with a sign too many or a point too many.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::numerals;

use super::numeral::each;

pub(crate) static FAMILY: Family =
    Family { rules: &[&FIGURE, &CHAINED, &DECADE, &TWICE, &ORDINAL], check: Check::Segment(check) };

static FIGURE: Rule = Rule {
    code: "P314",
    name: "mixed-figure",
    category: "numeral",
    severity: Severity::Warning,
    what: (
        "一个数或一个范围里混用汉字数字和阿拉伯数字：第十3条、三至5年",
        "one number or one range in two kinds of figures",
    ),
    why: (
        "GB/T 15835—2011 第 4.3 条：同一处数字形式应当统一，一个数、一个范围不混用两种数字；含“几”的概数用汉字。",
        "GB/T 15835-2011, 4.3: one form within one number and one range; with 几 it is Chinese.",
    ),
    bad: "符合第十3条规定的，予以办理。",
    good: "符合第十三条规定的，予以办理。",
    except: ("以万、亿为单位的数（3万5千以外）不查。", "Numbers with 万 or 亿 as a unit."),
};

static CHAINED: Rule = Rule {
    code: "P351",
    name: "chained-decimal",
    category: "numeral",
    severity: Severity::Warning,
    what: (
        "一个数里有两个小数点，或者小数点后没有数字",
        "a number with two decimal points, or with nothing after one",
    ),
    why: (
        "GB/T 15835—2011 第 5.1.3 条：一个小数只有一个小数点；多出的点使数值无法读出。",
        "GB/T 15835-2011, 5.1.3: one number has one point; with two nobody can read it.",
    ),
    bad: "完成投资3.5.2亿元。",
    good: "完成投资3.52亿元。",
    except: (
        "条款号（3.2.1节）、日期、版本号和网络地址不查。",
        "Section numbers, dates, versions, addresses.",
    ),
};

static DECADE: Rule = Rule {
    code: "P352",
    name: "decade-form",
    category: "numeral",
    severity: Severity::Warning,
    what: ("世纪、年代的数字混用或不成立", "a decade in two kinds of figures, or one that does not exist"),
    why: (
        "GB/T 15835—2011 第 4.3 条：写作“20世纪80年代”或“二十世纪八十年代”；年代只有整十。",
        "GB/T 15835-2011, 4.3: 20世纪80年代 or 二十世纪八十年代; decades are tens.",
    ),
    bad: "始建于20世纪八十年代。",
    good: "始建于20世纪80年代。",
    except: ("“上世纪80年代”“八十年代”不查。", "上世纪 and decades without a century."),
};

static TWICE: Rule = Rule {
    code: "P353",
    name: "repeated-sign",
    category: "numeral",
    severity: Severity::Warning,
    what: ("数后的单位或表示范围的字写了两遍：10%%、3至～5天", "a unit or the word of a range typed twice"),
    why: (
        "GB/T 15835—2011 第 5.1.3 条：范围只用一个连接符号，单位只写一遍；多由删改留下。",
        "GB/T 15835-2011, 5.1.3: one sign, one unit; left over from editing.",
    ),
    bad: "补助5万元元，3至～5天到账。",
    good: "补助5万元，3至5天到账。",
    except: ("“人人”“天天”等叠词不查。", "Reduplicated words."),
};

static ORDINAL: Rule = Rule {
    code: "P354",
    name: "repeated-ordinal",
    category: "numeral",
    severity: Severity::Warning,
    what: ("“第”字写了两遍：第第三条", "第 typed twice"),
    why: ("序数前只有一个“第”；多由删改留下。", "One 第 before an ordinal; left over from editing."),
    bad: "依照第第三条规定处理。",
    good: "依照第三条规定处理。",
    except: ("无。", "None."),
};

/// What is counted, after a figure.
const COUNTED: &str = "个名人户家次项件条年天岁村位台辆所座处亩吨公万亿元级";

struct Patterns {
    run: Option<Regex>,
    several: Option<Regex>,
    fraction: Option<Regex>,
    range: Option<Regex>,
    chained: Option<Regex>,
    decade: Option<Regex>,
    year_decade: Option<Regex>,
    unit: Option<Regex>,
    link: Option<Regex>,
    ordinal: Option<Regex>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns {
    run: Regex::new(r"[0-9〇零一二三四五六七八九两十百千万亿]{2,14}").ok(),
    several: Regex::new(r"([1-9]0)几([个名人户家次项件条年天岁村位台辆所座处亩元万])").ok(),
    fraction: Regex::new(r"([一二三四五六七八九十]{1,3})分之([0-9]{1,2})|([0-9]{1,3})分之([一二三四五六七八九十]{1,3})").ok(),
    range: Regex::new(r"([0-9]+(?:\.[0-9]+)?|[一二三四五六七八九两十百千]{1,6})(万元|亿元|万|元|倍|个月|个工作日|日|天|年|月|人|名|户|岁)?(以上|至|到|—|～)([0-9]+(?:\.[0-9]+)?|[一二三四五六七八九两十百千]{1,6})(万元|亿元|元|倍|个月|个工作日|个|日|天|年|月|人|名|户|家|岁|公里|小时|次|台|项)").ok(),
    chained: Regex::new(r"([0-9]+)(\.[0-9]+\.[0-9]*|\.\.+[0-9]+|\.)(万|亿|%|％|个百分点|元|公里|吨|亩|倍|平方|公顷|米)").ok(),
    decade: Regex::new(r"(?:([0-9]{2}|[一二三四五六七八九十]{1,3})世纪|(上(?:个)?世纪|本世纪))([0-9〇零○一二三四五六七八九十]{1,3})年代").ok(),
    year_decade: Regex::new(r"(1[89]|20)([0-9])0年代").ok(),
    unit: Regex::new(r"[0-9](?:[万亿])?(元元|%%|％％|℃℃|亿亿|万万|天天|吨吨|亩亩|‰‰|个个|名名|户户|米米)").ok(),
    link: Regex::new(r"[0-9%％元天日月年个万亿倍℃](至至|到到|至到|到至|～～|至[～—-]|[～—-]至)[0-9]").ok(),
    ordinal: Regex::new(r"(第第)([0-9〇零一二三四五六七八九十])").ok(),
}
});

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    let patterns = &*PATTERNS;
    if segment.awaits(Trigger::Ordinal) {
        each(patterns.ordinal.as_ref(), segment, |found| ordinal(segment, found, sink));
    }
    if segment.awaits(Trigger::Decade) {
        each(patterns.decade.as_ref(), segment, |found| decade(segment, found, sink));
        each(patterns.year_decade.as_ref(), segment, |found| year_decade(segment, found, sink));
    }
    if !segment.has.digit {
        return;
    }
    if segment.awaits(Trigger::MixedFigure) {
        each(patterns.run.as_ref(), segment, |found| run(segment, found, sink));
        each(patterns.fraction.as_ref(), segment, |found| fraction(segment, found, sink));
        each(patterns.several.as_ref(), segment, |found| several(segment, found, sink));
    }
    if segment.awaits(Trigger::MixedRange) {
        each(patterns.range.as_ref(), segment, |found| range(segment, found, sink));
    }
    if segment.awaits(Trigger::Chained) {
        each(patterns.chained.as_ref(), segment, |found| chained(segment, found, sink));
    }
    if segment.awaits(Trigger::TwiceSign) {
        each(patterns.unit.as_ref(), segment, |found| unit(segment, found, sink));
        each(patterns.link.as_ref(), segment, |found| link(segment, found, sink));
    }
}

fn is_arabic(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a figure, a letter or a point touches the place from the left: then it is
/// part of a code.
fn is_tail(segment: &Segment<'_>, at: usize) -> bool {
    segment.prev(at).is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | '_'))
}

/// Reads a number in which both kinds of figures stand: 二十3, 5十, 一万5千. `None`
/// where no value comes out (五5, 三十2025).
fn read_mixed(text: &str) -> Option<u64> {
    let (mut total, mut section, mut last_unit) = (0_u64, 0_u64, u64::MAX);
    let mut current: Option<u64> = None;
    let mut was_han = false;
    for c in text.chars() {
        if let Some(value) = c.to_digit(10).map(u64::from) {
            if was_han {
                return None;
            }
            current = Some(current.unwrap_or(0).checked_mul(10)?.checked_add(value)?);
            continue;
        }
        if let Some(value) = numerals::digit(c).map(u64::from) {
            if current.is_some_and(|current| current > 0) {
                return None;
            }
            (current, was_han) = (Some(value), true);
            continue;
        }
        was_han = false;
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            '万' => 10_000,
            '亿' => 100_000_000,
            _ => return None,
        };
        if unit >= 10_000 {
            total += (section + current.take().unwrap_or(0)).checked_mul(unit)?;
            (section, last_unit) = (0, unit);
            continue;
        }
        if unit >= last_unit {
            return None;
        }
        section += current.take().unwrap_or(u64::from(unit == 10)).checked_mul(unit)?;
        last_unit = unit;
    }
    let rest = current.unwrap_or(0);
    (rest < last_unit).then_some(total + section + rest)
}

/// One number in two kinds of figures.
fn run(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(whole) = found.get(0) else { return };
    let text = whole.as_str();
    let has_digit = text.chars().any(|c| c.is_ascii_digit());
    let has_han = text.chars().any(|c| c == '十' || numerals::digit(c).is_some_and(|value| value > 0));
    if !has_digit || !has_han || is_tail(segment, whole.start()) || is_year(segment, &whole) {
        return;
    }
    let is_share = segment.before(whole.start()).ends_with("百分之");
    let value = read_mixed(text).filter(|_| text.chars().any(|c| "十百千万".contains(c)));
    let right = match (value, same_twice(text)) {
        (Some(value), _) if is_share => Some(format!("{value}%")),
        (Some(value), _) => Some(written(segment, &whole, value)),
        (None, Some(c)) if is_counted(segment, whole.end()) => Some(c.to_string()),
        _ if is_share && text.chars().count() == 2 => None,
        _ => return,
    };
    let start = if is_share { whole.start() - "百分之".len() } else { whole.start() };
    let range = start..whole.end();
    let shown = segment.slice(range.clone());
    let zh = match &right {
        Some(right) => format!("一个数混用两种数字：“{shown}”应为“{right}”"),
        None => format!("一个数混用两种数字：“{shown}”"),
    };
    let hit = Hit::new(&FIGURE, segment, range, zh, format!("two kinds of figures in one number: `{shown}`"));
    sink.push(match right {
        Some(right) => hit.review(right),
        None => hit,
    });
}

/// Years have a rule of their own.
fn is_year(segment: &Segment<'_>, found: &regex::Match<'_>) -> bool {
    segment.after(found.end()).starts_with('年') && found.as_str().chars().count() == 4
}

/// 五5: the same figure once in either kind.
fn same_twice(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let (a, b) = (chars.next()?, chars.next()?);
    let value = |c: char| numerals::digit(c).or_else(|| c.to_digit(10));
    let is_same = chars.next().is_none() && value(a) == value(b);
    is_same.then_some(if a.is_ascii_digit() { a } else { b })
}

fn is_counted(segment: &Segment<'_>, at: usize) -> bool {
    segment.next(at).is_some_and(|c| COUNTED.contains(c))
}

/// Articles are numbered in Chinese, what is counted in Arabic figures.
fn written(segment: &Segment<'_>, found: &regex::Match<'_>, value: u64) -> String {
    let is_ordinal = segment.prev(found.start()) == Some('第');
    let is_part = segment.next(found.end()).is_some_and(|c| "条章节款项编次届".contains(c));
    let small = u32::try_from(value).ok().filter(|value| *value < 10_000);
    match small.filter(|_| is_ordinal && is_part) {
        Some(value) => numerals::write(value),
        None => value.to_string(),
    }
}

/// 10几名: a number with 几 is Chinese.
fn several(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(number), Some(what)) = (found.get(1), found.get(2)) else { return };
    let Some(value) = numerals::read(number.as_str()) else { return };
    if is_tail(segment, number.start()) {
        return;
    }
    let range = number.start()..what.start();
    let right = format!("{}几", numerals::write(value));
    let zh = format!("含“几”的概数用汉字：“{}”应为“{right}”", segment.slice(range.clone()));
    sink.push(Hit::new(&FIGURE, segment, range, zh, format!("write `{right}`")).review(right));
}

/// 三分之2.
fn fraction(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(whole) = found.get(0) else { return };
    let number = |index: usize| found.get(index).and_then(|part| numerals::read(part.as_str()));
    let (Some(of), Some(parts)) = (number(1).or(number(3)), number(2).or(number(4))) else { return };
    let goes_on = segment.next(whole.end()).is_some_and(|c| c == '.' || c.is_ascii_digit());
    let begins = segment.prev(whole.start()).is_some_and(numerals::is_numeral);
    if goes_on || begins || is_tail(segment, whole.start()) {
        return;
    }
    let right = format!("{}分之{}", numerals::write(of), numerals::write(parts));
    let zh = format!("分数混用两种数字：“{}”应为“{right}”", whole.as_str());
    sink.push(Hit::new(&FIGURE, segment, whole.range(), zh, format!("write `{right}`")).review(right));
}

/// 三至5年, 1万元以上五万元以下.
fn range(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let text = |index: usize| found.get(index).map_or("", |part| part.as_str());
    let Some(whole) = found.get(0) else { return };
    let (from, until) = (text(1), text(4));
    if is_arabic(from) == is_arabic(until) {
        return;
    }
    let before = segment.prev(whole.start());
    let is_inside = before.is_some_and(|c| numerals::is_numeral(c) || "第周期初任无零·、之表图".contains(c))
        || is_tail(segment, whole.start());
    let is_other_unit = !text(2).is_empty()
        && text(3) == "以上"
        && text(2).trim_start_matches('万') != text(5).trim_start_matches('万');
    if is_inside || is_other_unit {
        return;
    }
    let arabic = |number: &str| {
        if is_arabic(number) {
            Some(number.to_owned())
        } else {
            numerals::read(number).map(|value| value.to_string())
        }
    };
    let (Some(first), Some(second)) = (arabic(from), arabic(until)) else { return };
    let right = format!("{first}{}{}{second}{}", text(2), text(3), text(5));
    let zh = format!("一个范围混用两种数字：“{}”应为“{right}”", whole.as_str());
    sink.push(Hit::new(&FIGURE, segment, whole.range(), zh, format!("write `{right}`")).review(right));
}

/// 3.5.2亿元, 1..2%, 2.万元.
fn chained(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(first), Some(rest), Some(unit)) =
        (found.get(0), found.get(1), found.get(2), found.get(3))
    else {
        return;
    };
    let is_date = first.as_str().len() == 4 && rest.as_str().len() > 1;
    // 5.万 at the beginning of a passage is a label before 万众创新.
    let is_label =
        rest.as_str() == "." && (segment.before(whole.start()).trim().is_empty() || first.len() < 2);
    let is_label = is_label && !segment.prev(whole.start()).is_some_and(jiedu_base::text::is_han);
    if is_date || is_label || is_tail(segment, whole.start()) {
        return;
    }
    let range = whole.start()..unit.start();
    let digits = rest.as_str().trim_start_matches('.');
    let right = if digits.contains('.') && !digits.ends_with('.') {
        None
    } else if digits.is_empty() {
        Some(first.as_str().to_owned())
    } else {
        Some(format!("{}.{}", first.as_str(), digits.trim_end_matches('.')))
    };
    let shown = segment.slice(range.clone());
    let zh = format!("小数点有误：“{shown}”");
    let hit = Hit::new(&CHAINED, segment, range, zh, format!("a point too many in `{shown}`"));
    sink.push(match right {
        Some(right) => hit.review(right),
        None => hit,
    });
}

fn decade(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(tens)) = (found.get(0), found.get(3)) else { return };
    let century = found.get(1);
    let value = read_decade(tens.as_str());
    let begins = century.is_some_and(|_| {
        segment.prev(whole.start()).is_some_and(|c| c.is_ascii_digit() || numerals::is_numeral(c))
    });
    if begins {
        return;
    }
    // 七八十年代 are two of them.
    let is_several = tens.as_str().ends_with('十') && tens.as_str().chars().count() == 3;
    if is_several {
        return;
    }
    let Some(value) = value else {
        let zh = format!("没有这样的年代：“{}”，年代为整十", whole.as_str());
        sink.push(Hit::new(&DECADE, segment, whole.range(), zh, "there is no such decade"));
        return;
    };
    let is_mixed_tens = !is_plain(tens.as_str());
    let century_kind = century.map(|century| is_arabic(century.as_str()));
    if !is_mixed_tens && century_kind.is_none_or(|kind| kind == is_arabic(tens.as_str())) {
        return;
    }
    let number = century.and_then(|century| numerals::read(century.as_str()));
    let right = match (number, found.get(2)) {
        (Some(number), _) => format!("{number}世纪{value}年代"),
        (None, Some(name)) => format!("{}{}年代", name.as_str(), numerals::write(value)),
        (None, None) => return,
    };
    let zh = format!("年代混用两种数字：“{}”应为“{right}”", whole.as_str());
    sink.push(Hit::new(&DECADE, segment, whole.range(), zh, format!("write `{right}`")).review(right));
}

/// The decade that is meant: 80, 八十, 八0, 8十.
fn read_decade(text: &str) -> Option<u32> {
    if text == "十" {
        return Some(10);
    }
    let mut chars = text.chars();
    let (first, second, third) = (chars.next()?, chars.next(), chars.next());
    let tens = numerals::digit(first).or_else(|| first.to_digit(10))?;
    let is_ten = |c: char| matches!(c, '十' | '0' | '〇' | '零' | '○');
    (tens > 0 && third.is_none() && second.is_some_and(is_ten)).then_some(tens * 10)
}

/// Whether a decade is written in one kind of figures.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
        || text.ends_with('十') && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// 1980年代: the century is written out.
fn year_decade(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(century), Some(tens)) = (found.get(0), found.get(1), found.get(2)) else { return };
    let Some(number) = century.as_str().parse::<u32>().ok().filter(|_| tens.as_str() != "0") else { return };
    if is_tail(segment, whole.start()) || segment.is_quoted(whole.start()) {
        return;
    }
    let right = format!("{}世纪{}0年代", number + 1, tens.as_str());
    let zh = format!("年代通常写作“{right}”");
    let hit = Hit::new(&DECADE, segment, whole.range(), zh, format!("usually `{right}`"));
    sink.push(hit.severity(Severity::Hint).review(right));
}

/// 10%%, 5万元元.
fn unit(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(twice) = found.get(1) else { return };
    let Some(once) = twice.as_str().chars().next() else { return };
    // 5个个体工商户, 3户户主, 6米米线: the second begins a word.
    let begins = match once {
        '个' => segment.next(twice.end()).is_some_and(|c| "体人性案别税".contains(c)),
        '户' => segment.next(twice.end()).is_some_and(|c| "主籍口均型外用".contains(c)),
        '名' => segment.next(twice.end()).is_some_and(|c| "师人优校特誉称家医额".contains(c)),
        '天' => segment.next(twice.end()).is_some_and(|c| "然气津河山文".contains(c)),
        '吨' | '亩' => segment.next(twice.end()) == Some('均'),
        _ => false,
    };
    if begins {
        return;
    }
    let zh = format!("“{once}”写了两遍");
    let hit = Hit::new(&TWICE, segment, twice.range(), zh, format!("`{once}` is typed twice"));
    sink.push(hit.review(once));
}

/// 3至～5天: one sign of a range.
fn link(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(twice) = found.get(1) else { return };
    let Some(once) =
        twice.as_str().chars().find(|c| matches!(c, '至' | '到')).or_else(|| twice.as_str().chars().next())
    else {
        return;
    };
    let zh = format!("范围只用一个连接符号：“{}”应为“{once}”", twice.as_str());
    let hit = Hit::new(&TWICE, segment, twice.range(), zh, format!("one sign of a range: `{once}`"));
    sink.push(hit.review(once));
}

fn ordinal(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(twice) = found.get(1) else { return };
    let hit = Hit::new(&ORDINAL, segment, twice.range(), "“第”写了两遍", "第 is typed twice");
    sink.push(hit.review("第"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_in_both_kinds_of_figures() {
        let cases = [
            ("二十3", Some(23)),
            ("5十", Some(50)),
            ("一百20", Some(120)),
            ("1百五十", Some(150)),
            ("2十5", Some(25)),
            ("十2", Some(12)),
            ("一万5千", Some(15_000)),
            ("五5", None),
            ("三十2025", None),
        ];
        for (text, value) in cases {
            assert_eq!(read_mixed(text), value, "{text}");
        }
        assert_eq!(read_decade("八0"), Some(80));
        assert_eq!(read_decade("75"), None);
    }
}

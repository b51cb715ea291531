//! Whether a value stands in the words of a clause.
//!
//! `300` with the unit `万元` stands in `不低于300万元`, `三百万元` and
//! `3,000,000元`, and not in `1300万元`, `300人` or `第三百条`.

use jiff::civil::Date;

use super::{CardValue, Condition};
use crate::Decimal;
use jiedu_base::text::numerals;

/// A number in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quantity<'t> {
    /// The number, 万 and 亿 counted in.
    pub(super) value: Decimal,
    /// What stands before it.
    pub(super) before: &'t str,
    /// What stands after it, its unit first.
    pub(super) after: &'t str,
}

/// Characters that may be left out of a clause without changing its meaning.
pub(super) fn bare(text: &str) -> String {
    let fold = |c: char| match c {
        '０'..='９' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '％' => '%',
        '．' => '.',
        other => other,
    };
    let dropped = |c: &char| c.is_whitespace() || matches!(c, '《' | '》' | '\u{200b}' | '\u{feff}');
    text.chars().filter(|c| !dropped(c)).map(fold).collect()
}

/// Whether the value stands in the bare words of a clause.
pub(super) fn stands_in(value: &CardValue, condition: &Condition, words: &str) -> bool {
    match value {
        CardValue::Number(number) => find(*number, condition.unit.as_deref(), words).is_some(),
        CardValue::Text(text) => words.contains(&bare(text)),
        CardValue::Date(date) => has_date(*date, words),
        CardValue::Bool(_) => true,
    }
}

/// The place of a number with its unit.
pub(super) fn find<'t>(number: Decimal, unit: Option<&str>, words: &'t str) -> Option<Quantity<'t>> {
    let unit = bare(unit.unwrap_or(""));
    let (power, base) = split_scale(&unit);
    let wanted = number.times_ten_to(power)?;
    quantities(words).into_iter().find(|quantity| quantity.value == wanted && has_unit(quantity, base))
}

/// The tens in the units of ten before a unit: `万元` is `元` times ten to the fourth.
fn split_scale(unit: &str) -> (u32, &str) {
    let mut power = 0;
    let mut rest = unit;
    while let Some(c) = rest.chars().next() {
        let more = match c {
            '百' => 2,
            '千' => 3,
            '万' => 4,
            '亿' => 8,
            _ => break,
        };
        power += more;
        rest = rest.get(c.len_utf8()..).unwrap_or("");
    }
    (power, rest)
}

fn has_unit(quantity: &Quantity<'_>, base: &str) -> bool {
    if base.is_empty() {
        return true;
    }
    let after = quantity.after;
    let counted = after.strip_prefix('个').unwrap_or(after);
    match base {
        // Not the month of a date, nor its day.
        "月" | "个月" => after.starts_with("个月"),
        "日" => after.starts_with('日') && !quantity.before.ends_with('月'),
        "岁" => after.starts_with('岁') || after.starts_with("周岁"),
        "人" => (counted.starts_with('人') && !counted.starts_with("人次")) || counted.starts_with('名'),
        "个" => after.starts_with('个') && !after.starts_with("个月") && !after.starts_with("个工作日"),
        _ => after.starts_with(base) || counted.starts_with(base),
    }
}

/// All numbers of a text, in Arabic and in Chinese figures.
pub(super) fn quantities(words: &str) -> Vec<Quantity<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = words.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = words.get(at..).unwrap_or("");
        let before = words.get(..at).unwrap_or("");
        let is_ordinal = before.ends_with('第');
        if c.is_ascii_digit() {
            let length = arabic_length(rest);
            let (value, used) = scaled(rest, length);
            if let Some(value) = value.filter(|_| !is_ordinal) {
                found.push(quantity(value, words, at, at + used));
            }
            at += used.max(1);
        } else if numerals::is_numeral(c) {
            let length = rest.find(|c| !numerals::is_numeral(c)).unwrap_or(rest.len());
            let run = rest.get(..length).unwrap_or("");
            if rest.get(length..).is_some_and(|after| after.starts_with("分之")) && run == "百" {
                let start = at + length + "分之".len();
                if let Some((value, end)) = percent(words, start) {
                    found.push(Quantity { value, before, after: "%" });
                    at = end;
                    continue;
                }
            }
            if let Some(value) = chinese(run).filter(|_| !is_ordinal) {
                found.push(quantity(value, words, at, at + length));
            }
            at += length;
        } else {
            at += c.len_utf8();
        }
    }
    found
}

/// A quantity whose unit may stand after the end of a range: `30—50人`.
fn quantity(value: Decimal, words: &str, start: usize, end: usize) -> Quantity<'_> {
    let after = words.get(end..).unwrap_or("");
    let mut unit = after;
    if let Some(rest) = ["—", "～", "~", "-", "至", "到"].iter().find_map(|mark| after.strip_prefix(mark))
    {
        let is_figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
        let length = rest.find(|c| !is_figure(c)).unwrap_or(rest.len());
        if length > 0 {
            unit = rest.get(length..).unwrap_or("").trim_start_matches(['百', '千', '万', '亿']);
        }
    }
    Quantity { value, before: words.get(..start).unwrap_or(""), after: unit }
}

fn arabic_length(rest: &str) -> usize {
    let mut length = 0;
    let bytes = rest.as_bytes();
    while let Some(&byte) = bytes.get(length) {
        let joins = matches!(byte, b'.' | b',') && bytes.get(length + 1).is_some_and(u8::is_ascii_digit);
        if !byte.is_ascii_digit() && !joins {
            break;
        }
        length += 1;
    }
    length
}

/// An Arabic number with the 百, 千, 万, 亿 after it, and how long both are.
fn scaled(rest: &str, length: usize) -> (Option<Decimal>, usize) {
    let (power, unit) = split_scale(rest.get(length..).unwrap_or(""));
    let used = rest.len() - unit.len();
    let value = rest.get(..length).and_then(Decimal::parse).and_then(|value| value.times_ten_to(power));
    (value, used)
}

/// `三百`, `一千二百万`, `两亿`.
fn chinese(run: &str) -> Option<Decimal> {
    let mut total: i64 = 0;
    let mut rest = run;
    for (mark, unit) in [('亿', 100_000_000_i64), ('万', 10_000)] {
        if let Some((head, tail)) = rest.split_once(mark) {
            let head = if head.is_empty() { 1 } else { i64::from(numerals::read(head)?) };
            total = total.checked_add(head.checked_mul(unit)?)?;
            rest = tail;
        }
    }
    if !rest.is_empty() {
        total = total.checked_add(i64::from(numerals::read(rest.trim_start_matches(['零', '〇']))?))?;
    }
    (!run.is_empty() && run.chars().count() <= 20).then(|| Decimal::from_integer(total))
}

/// The number of `百分之…` and where it ends.
fn percent(words: &str, start: usize) -> Option<(Decimal, usize)> {
    let rest = words.get(start..)?;
    let length = rest.find(|c| !numerals::is_numeral(c)).unwrap_or(rest.len());
    let (whole, tail) = (rest.get(..length)?, rest.get(length..)?);
    let value = chinese(whole)?;
    let Some(fraction) = tail.strip_prefix('点') else { return Some((value, start + length)) };
    let digits: String =
        fraction.chars().map_while(numerals::digit).filter_map(|digit| char::from_digit(digit, 10)).collect();
    if digits.is_empty() {
        return Some((value, start + length));
    }
    let end = start + length + "点".len() + digits.chars().count() * "一".len();
    Some((Decimal::parse(&format!("{value}.{digits}"))?, end))
}

fn has_date(date: Date, words: &str) -> bool {
    let written = [
        format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        date.to_string(),
        format!("{}年{:02}月{:02}日", date.year(), date.month(), date.day()),
    ];
    written.iter().any(|written| {
        words.match_indices(written.as_str()).any(|(at, _)| {
            let before = words.get(..at).and_then(|before| before.chars().next_back());
            !before.is_some_and(|c| c.is_ascii_digit())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(number: &str, unit: &str, words: &str) -> bool {
        let unit = Some(unit).filter(|unit| !unit.is_empty());
        find(Decimal::parse(number).unwrap(), unit, &bare(words)).is_some()
    }

    #[test]
    fn numbers_stand_in_many_spellings() {
        for (number, unit, words) in [
            ("300", "万元", "注册资本不低于300万元的企业"),
            ("300", "万元", "注册资本三百万元以上"),
            ("300", "万元", "注册资本 3,000,000 元"),
            ("300", "万元", "３００ 万元"),
            ("3000000", "元", "300万元"),
            ("1.5", "亿元", "营业收入1.5亿元"),
            ("30", "%", "不超过百分之三十"),
            ("3.5", "%", "百分之三点五"),
            ("30", "%", "30％"),
            ("50", "人", "从业人员50名以上"),
            ("18", "岁", "年满18周岁"),
            ("60", "岁", "六十周岁"),
            ("6", "个月", "连续6个月"),
            ("6", "月", "六个月"),
            ("3", "年", "满三年"),
            ("30", "人", "30—50人"),
            ("12000000", "元", "一千二百万元"),
            ("2", "次", "两次以上"),
            ("5", "", "5辆"),
            ("10", "个工作日", "10个工作日内"),
        ] {
            assert!(has(number, unit, words), "{number}{unit} in {words}");
        }
    }

    #[test]
    fn other_numbers_do_not_count() {
        for (number, unit, words) in [
            ("300", "万元", "1300万元"),
            ("300", "万元", "300元"),
            ("300", "万元", "300万人"),
            ("3", "", "第三条第3项"),
            ("5", "人", "15人"),
            ("5", "人", "0.5人"),
            ("5", "人", "5人次"),
            ("6", "月", "6月30日"),
            ("30", "日", "6月30日"),
            ("30", "日", "30个工作日"),
            ("30", "%", "30万元"),
            ("3", "年", "三十年"),
        ] {
            assert!(!has(number, unit, words), "{number}{unit} in {words}");
        }
    }
}

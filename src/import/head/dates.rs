//! Days as documents print them, and what a text says of its validity.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use jiedu_base::text::numerals;

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(\d{4})\s*[年/.\-]\s*(\d{1,2})\s*[月/.\-]\s*(\d{1,2})\s*日?(?:\s+(\d{1,2}):(\d{2})(?::\d{2})?)?$",
    )
    .ok()
});
static HAN_DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^([一二三四五六七八九〇○零Ｏ]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日$",
    )
    .ok()
});
static EFFECTIVE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"自\s*(?:(\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)|([一二三四五六七八九〇○零]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日)|(发布|公布|印发|签发)之日)\s*起\s*(?:正式|开始)?\s*(?:施行|实施|执行|生效)",
    )
    .ok()
});
static EXPIRES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"有效期\s*(?:限)?\s*(?:(?:至|到|截至|截止到?|为?自.{0,30}?至)\s*(\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)|为?\s*([一二三四五六七八九十]|\d{1,2})\s*年)",
    )
    .ok()
});

fn captures<'t>(pattern: &LazyLock<Option<Regex>>, text: &'t str) -> Option<regex::Captures<'t>> {
    pattern.as_ref().and_then(|pattern| pattern.captures(text))
}

/// An ISO date, with `HH:MM` when a time is printed.
pub(super) fn date(text: &str) -> Option<String> {
    let text = text.trim();
    let (year, month, day, time) = if let Some(found) = captures(&DATE, text) {
        let number = |index| found.get(index).and_then(|part| part.as_str().parse::<i16>().ok());
        let time = number(4).zip(number(5)).filter(|(hour, minute)| *hour < 24 && *minute < 60);
        (number(1)?, number(2)?, number(3)?, time)
    } else {
        let found = captures(&HAN_DATE, text)?;
        let part = |index| found.get(index).map(|part| part.as_str());
        let counted = |index| i16::try_from(numerals::read(part(index)?)?).ok();
        (digits(part(1)?)?, counted(2)?, counted(3)?, None)
    };
    let civil = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(match time {
        Some((hour, minute)) => format!("{civil} {hour:02}:{minute:02}"),
        None => civil.to_string(),
    })
}

/// `二〇二五` digit by digit.
fn digits(text: &str) -> Option<i16> {
    text.chars().try_fold(0_i16, |sum, c| {
        let digit = "〇一二三四五六七八九".chars().position(|known| known == c).or(match c {
            '○' | '零' | 'Ｏ' => Some(0),
            _ => None,
        })?;
        sum.checked_mul(10)?.checked_add(i16::try_from(digit).ok()?)
    })
}

/// What a text says of when it applies: days, and the sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) effective: Option<(String, String)>,
    pub(super) expires: Option<(String, String)>,
}

/// Reads 自…起施行 and 有效期… of the last sentence that says so. `released` is
/// the day on which the text was issued, for 自印发之日起.
pub(super) fn validity<'l>(lines: impl Iterator<Item = &'l str>, released: Option<&str>) -> Validity {
    let mut found = Validity::default();
    for line in lines {
        let sentence = || {
            line.split_inclusive('。')
                .find(|part| part.contains("自") || part.contains("有效期"))
                .unwrap_or(line)
        };
        if let Some(day) = captures(&EFFECTIVE, line) {
            let printed = day.get(1).or(day.get(2)).map(|day| day.as_str());
            let iso = match printed {
                Some(printed) => date(&printed.split_whitespace().collect::<String>()),
                None => released.and_then(|day| day.get(..10)).map(str::to_owned),
            };
            // A text cites when others apply; its own day stands last.
            if let Some(iso) = iso {
                found.effective = Some((iso, sentence().to_owned()));
            }
        }
        if let Some(end) = captures(&EXPIRES, line) {
            let until = end.get(1).and_then(|day| date(&day.as_str().split_whitespace().collect::<String>()));
            let years = end.get(2).and_then(|years| numerals::read(years.as_str()));
            let start = found.effective.as_ref().and_then(|(day, _)| day.parse::<Date>().ok());
            let iso = until.or_else(|| {
                let years = i64::from(years?);
                let last = start?.checked_add(jiff::Span::new().years(years)).ok()?.yesterday().ok()?;
                Some(last.to_string())
            });
            if let Some(iso) = iso {
                found.expires = Some((iso, sentence().to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::validity;

    #[test]
    fn a_text_says_when_it_applies() {
        let of = |line: &str, released: Option<&str>| {
            let found = validity([line].into_iter(), released);
            (found.effective.map(|it| it.0), found.expires.map(|it| it.0))
        };
        let day = |text: &str| Some(text.to_owned());
        assert_eq!(
            of("本办法自2026年5月1日起施行，有效期5年。", None),
            (day("2026-05-01"), day("2031-04-30"))
        );
        assert_eq!(
            of("本通知自印发之日起施行，有效期至2028年12月31日。", Some("2026-03-02")),
            (day("2026-03-02"), day("2028-12-31"))
        );
        assert_eq!(
            of("本规定自二〇二六年六月一日起实施，有效期三年。", None),
            (day("2026-06-01"), day("2029-05-31"))
        );
        assert_eq!(of("证书有效期5年。", None), (None, None));
        assert_eq!(of("自2026年2月30日起施行", None), (None, None));
    }
}

//! The dates that a text names.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::document::Segment;
use crate::triggers::Trigger;
use jiedu_base::text::numerals;

/// A date as written; a part that is not written is `None`.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub(super) range: Range<usize>,
    pub(super) year: Option<u32>,
    pub(super) month: Option<u32>,
    pub(super) day: Option<u32>,
}

impl Mention {
    /// The calendar date, given a year for those that name none.
    pub(super) fn date(&self, year: Option<u32>) -> Option<Date> {
        let year = i16::try_from(self.year.or(year)?).ok()?;
        let month = i8::try_from(self.month?).ok()?;
        let day = i8::try_from(self.day?).ok()?;
        Date::new(year, month, day).ok()
    }
}

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let year = r"(?:([0-9]{4}|[〇零○一二三四五六七八九0-9]{4})年)";
    let month = r"([0-9]{1,2}|[一二三四五六七八九十]{1,3})月";
    let day = r"([0-9]{1,2}|[一二三四五六七八九十廿]{1,4})[日号]";
    Regex::new(&format!(
        r"{year}?{month}(?:{day})?|{year}|{day}|([0-9]{{4}})([-/.])([0-9]{{1,2}})([-/.])([0-9]{{1,2}})"
    ))
    .ok()
});

/// All dates of a segment, in order.
pub(super) fn mentions(segment: &Segment<'_>) -> Vec<Mention> {
    let Some(pattern) = DATE.as_ref() else { return Vec::new() };
    if !segment.awaits(Trigger::Date) {
        return Vec::new();
    }
    pattern.captures_iter(&segment.text).filter_map(|found| mention(segment, &found)).collect()
}

fn mention(segment: &Segment<'_>, found: &regex::Captures<'_>) -> Option<Mention> {
    let whole = found.get(0)?;
    let part = |index| found.get(index).map(|part| part.as_str());
    let number = |index| part(index).and_then(numerals::read);
    if let Some(year) = number(6) {
        let is_dotted = part(7) == Some(".");
        let is_bound =
            |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.'));
        let is_date = part(7) == part(9) && !(is_dotted && part(8).is_some_and(|month| month.len() < 2));
        if !is_date || is_bound(segment.prev(whole.start())) || is_bound(segment.next(whole.end())) {
            return None;
        }
        return Some(Mention { range: whole.range(), year: Some(year), month: number(8), day: number(10) });
    }
    // 第三年, 十二月份的 and 三日内 are spans of time, not dates.
    let before = segment.prev(whole.start());
    let starts_inside = before.is_some_and(|c| c.is_ascii_digit() || numerals::is_numeral(c) || c == '第');
    let year_text = part(1).or_else(|| part(4));
    let year = year_text.and_then(|text| {
        numerals::read(text).filter(|_| text.len() == 4).or_else(|| numerals::read_year(text))
    });
    if starts_inside || (year_text.is_some() && year.is_none()) {
        return None;
    }
    let (month, day) = (number(2), number(3).or_else(|| number(5)));
    Some(Mention { range: whole.range(), year, month, day })
}

/// The year that the heading or the first lines of the document give.
pub(super) fn year_in(text: &str) -> Option<u32> {
    let mut years = text.match_indices('年').filter_map(|(at, _)| {
        let before = text.get(..at)?;
        let digits = before.get(before.len().checked_sub(4)?..)?;
        digits.parse::<u32>().ok().filter(|year| (1949..=2100).contains(year))
    });
    years.next()
}

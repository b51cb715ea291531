//! Working days by the State Council's yearly notices.
//!
//! Saturdays and Sundays are days off unless a notice makes one a working day
//! (调休); holidays are days off whatever the weekday. A year without a notice
//! has no answer: the arithmetic says so instead of guessing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};

use super::datum::{Codes, Datum, Reader};
use jiedu_base::text::SourceFile;

/// The notices shipped with the program, with their sources.
const OFFICIAL: &str = include_str!("data/holidays.toml");

/// The year of a date for which no holiday notice is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no holiday notice is known for {year}")]
pub struct UnknownYear {
    /// The year.
    pub year: i16,
}

/// Why a day is no working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayOff {
    /// A Saturday or Sunday that no notice speaks of.
    Weekend,
    /// A day off by the year's notice, whatever the weekday.
    Holiday,
}

/// One year's notice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Year {
    /// The notice it follows.
    pub(super) source: String,
    /// Days off besides ordinary weekends (weekend days may be listed too).
    pub(super) days_off: BTreeSet<Date>,
    /// Saturdays and Sundays that are worked.
    pub(super) working_weekends: BTreeSet<Date>,
}

/// The calendar of working days.
///
/// ```
/// use jiedu_config::Calendar;
/// use jiff::civil::date;
/// let calendar = Calendar::official();
/// assert_eq!(calendar.add_working_days(date(2025, 6, 29), 20), Ok(date(2025, 7, 25)));
/// assert!(calendar.add_working_days(date(2031, 1, 1), 1).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    years: BTreeMap<i16, Year>,
}

impl Calendar {
    /// The calendar shipped with the program.
    #[must_use]
    pub fn official() -> Self {
        let file = SourceFile::new("holidays.toml", OFFICIAL);
        let reader = Reader::new(&file, &Codes::SITE);
        let mut calendar = Self::default();
        if let Some(table) = reader.parse_toml() {
            calendar.read_years(&reader, &table);
        }
        calendar
    }

    /// Adds or replaces years from a table `year → { source, days_off, working_weekends }`.
    pub(super) fn read_years(&mut self, reader: &Reader<'_>, table: &Datum) {
        for entry in table.entries() {
            let Ok(number) = entry.key.parse::<i16>() else {
                reader.wrong(entry.key_range, "年份（如 2027）", "a year such as 2027");
                continue;
            };
            let year = &entry.value;
            reader.only(year, &["source", "days_off", "working_weekends"]);
            let days_off = reader.dates(year, "days_off").into_iter().collect();
            let working_weekends = reader.dates(year, "working_weekends").into_iter().collect();
            let source = reader.text(year, "source").unwrap_or_default();
            self.years.insert(number, Year { source, days_off, working_weekends });
        }
    }

    /// The notice that rules the year, for messages.
    #[must_use]
    pub fn source(&self, year: i16) -> Option<&str> {
        self.years.get(&year).map(|known| known.source.as_str())
    }

    /// Whether the date is a working day.
    ///
    /// # Errors
    /// [`UnknownYear`] when no notice is known for the year.
    pub fn is_working_day(&self, date: Date) -> Result<bool, UnknownYear> {
        let year = self.years.get(&date.year()).ok_or(UnknownYear { year: date.year() })?;
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(if weekend { year.working_weekends.contains(&date) } else { !year.days_off.contains(&date) })
    }

    /// Why the date is no working day; none when it is one.
    ///
    /// # Errors
    /// [`UnknownYear`] when no notice is known for the year.
    pub fn day_off(&self, date: Date) -> Result<Option<DayOff>, UnknownYear> {
        if self.is_working_day(date)? {
            return Ok(None);
        }
        let named = self.years.get(&date.year()).is_some_and(|year| year.days_off.contains(&date));
        Ok(Some(if named { DayOff::Holiday } else { DayOff::Weekend }))
    }

    /// The date `days` working days after `from`; the first day is not counted
    /// (民法典 art. 201). Zero days is `from` itself.
    ///
    /// # Errors
    /// [`UnknownYear`] when the count runs into a year without a notice.
    pub fn add_working_days(&self, from: Date, days: u32) -> Result<Date, UnknownYear> {
        let mut date = from;
        let mut left = days;
        while left > 0 {
            date = date.tomorrow().map_err(|_| UnknownYear { year: date.year() })?;
            left -= u32::from(self.is_working_day(date)?);
        }
        Ok(date)
    }

    /// How many working days lie after `from` up to and including `until`;
    /// zero when `until` is not later.
    ///
    /// # Errors
    /// [`UnknownYear`] when the span touches a year without a notice.
    pub fn working_days_between(&self, from: Date, until: Date) -> Result<u32, UnknownYear> {
        let mut date = from;
        let mut count = 0;
        while date < until {
            date = date.tomorrow().map_err(|_| UnknownYear { year: date.year() })?;
            count += u32::from(self.is_working_day(date)?);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn worked_values_of_the_reference() {
        let calendar = Calendar::official();
        for (from, days, until) in [
            (date(2025, 6, 29), 20, date(2025, 7, 25)),
            (date(2025, 9, 25), 20, date(2025, 10, 29)),
            (date(2025, 4, 25), 3, date(2025, 4, 29)),
            (date(2026, 2, 10), 7, date(2026, 2, 26)),
            (date(2026, 2, 12), 20, date(2026, 3, 18)),
        ] {
            assert_eq!(calendar.add_working_days(from, days), Ok(until), "{from} + {days}");
            assert_eq!(calendar.working_days_between(from, until), Ok(days), "{from} .. {until}");
        }
    }

    #[test]
    fn both_years_have_248_working_days() {
        let calendar = Calendar::official();
        for year in [2025, 2026] {
            let days =
                (1..=12).flat_map(|month| (1..=31).filter_map(move |day| Date::new(year, month, day).ok()));
            assert_eq!(days.filter(|&day| calendar.is_working_day(day).unwrap()).count(), 248);
            assert!(calendar.source(year).unwrap().contains("国办发明电"));
        }
    }

    #[test]
    fn a_year_without_a_notice_has_no_answer() {
        let calendar = Calendar::official();
        assert_eq!(calendar.add_working_days(date(2026, 12, 30), 3), Err(UnknownYear { year: 2027 }));
        assert_eq!(
            calendar.working_days_between(date(2024, 12, 30), date(2025, 1, 3)),
            Err(UnknownYear { year: 2024 })
        );
        assert_eq!(calendar.working_days_between(date(2031, 1, 2), date(2031, 1, 1)), Ok(0));
    }
}

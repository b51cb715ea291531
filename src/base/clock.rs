//! The publication instant. The only notion of "now" inside the library.

use jiff::{Timestamp, civil, tz};

/// The publication instant, always passed in and never read from the machine.
///
/// All civil dates are Beijing dates (+08:00), whatever the machine's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock {
    at: Timestamp,
}

impl Clock {
    /// A clock that stands at the given instant.
    #[must_use]
    pub fn at(instant: Timestamp) -> Self {
        Self { at: instant }
    }

    /// A clock at seconds since the Unix epoch, as git writes them; out of
    /// range counts as the nearest end.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Self {
        let fallback = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Self { at: Timestamp::from_second(seconds).unwrap_or(fallback) }
    }

    /// Parses an RFC 3339 instant such as `2025-06-30T09:00:00+08:00`.
    ///
    /// # Errors
    /// The parser's message.
    pub fn parse(text: &str) -> Result<Self, jiff::Error> {
        text.parse().map(Self::at)
    }

    /// The instant.
    #[must_use]
    pub fn instant(&self) -> Timestamp {
        self.at
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub fn unix(&self) -> i64 {
        self.at.as_second()
    }

    /// Date and time on a wall in Beijing.
    #[must_use]
    pub fn beijing(&self) -> civil::DateTime {
        beijing_zone().to_datetime(self.at)
    }

    /// The date in Beijing.
    #[must_use]
    pub fn today(&self) -> civil::Date {
        self.beijing().date()
    }

    /// The instant as RFC 3339 with `+08:00`.
    #[must_use]
    pub fn rfc3339(&self) -> String {
        format!("{}+08:00", self.beijing().strftime("%Y-%m-%dT%H:%M:%S"))
    }
}

fn beijing_zone() -> tz::TimeZone {
    tz::TimeZone::fixed(tz::offset(8))
}

/// The instant of a civil time in Beijing; out of range counts as the end of time.
#[must_use]
pub fn beijing_instant(time: civil::DateTime) -> Timestamp {
    beijing_zone().to_timestamp(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_beijing_dates() {
        let clock = Clock::parse("2025-06-29T16:30:00Z").unwrap();
        assert_eq!(clock.today(), civil::date(2025, 6, 30));
        assert_eq!(clock.rfc3339(), "2025-06-30T00:30:00+08:00");
    }
}

//! The day by which a request is to be answered, with its derivation.
//!
//! Twenty working days from receipt, twenty more with an extension (art. 33);
//! the count begins anew when a supplement arrives (art. 30); days on which third
//! parties or other organs are asked do not count (art. 33). The first day is not
//! counted (民法典 art. 201). Nothing is guessed: what cannot be derived is refused.

use jiff::civil::Date;

use super::{Request, Span};
use jiedu_base::text::{Message, TextRange};
use jiedu_config::{Calendar, DayOff, UnknownYear};

/// Working days to answer in.
const DAYS: u32 = 20;
/// Working days that an extension adds.
const EXTENSION: u32 = 20;

/// Why a day was not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A Saturday or Sunday.
    Weekend,
    /// A day off by the State Council's notice.
    Holiday,
    /// A working day on which the opinion of a third party was sought.
    ThirdParty,
}

impl Why {
    /// The word used in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weekend => "weekend",
            Self::Holiday => "holiday",
            Self::ThirdParty => "third-party",
        }
    }

    /// The word for people.
    #[must_use]
    pub fn label(self) -> Message {
        match self {
            Self::Weekend => Message::new("周末", "weekend"),
            Self::Holiday => Message::new("放假", "holiday"),
            Self::ThirdParty => Message::new("征求第三方意见", "third party's opinion"),
        }
    }
}

/// A day between the start and the end of the count that is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skipped {
    /// The day.
    pub date: Date,
    /// Why it does not count.
    pub why: Why,
}

/// A deadline with its derivation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The day from which is counted; it is not counted itself.
    pub from: Date,
    /// Working days counted.
    pub days: u32,
    /// The last day.
    pub due: Date,
    /// The days passed over, ascending.
    pub skipped: Vec<Skipped>,
}

/// Why a deadline cannot be derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong, and what to do.
    pub message: Message,
    /// Where in the file; none when it is not in the file.
    pub range: Option<TextRange>,
}

impl Refused {
    fn at(range: TextRange, zh: String, en: String) -> Self {
        Self { message: Message::new(zh, en), range: Some(range) }
    }
}

impl From<UnknownYear> for Refused {
    fn from(UnknownYear { year }: UnknownYear) -> Self {
        Self {
            message: Message::new(
                format!(
                    "没有{year}年的放假安排，算不出期限；国务院办公厅的通知发布后写进 site.toml 的 [calendar.{year}]"
                ),
                format!(
                    "no holiday notice is known for {year}, so no deadline can be derived; put the notice into [calendar.{year}] of site.toml"
                ),
            ),
            range: None,
        }
    }
}

/// The deadline of a request.
///
/// # Errors
/// [`Refused`] when a year has no calendar, a span ends before it begins or is
/// still open, or a supplement came before it was asked for or has not come.
pub fn deadline(request: &Request, calendar: &Calendar) -> Result<Deadline, Refused> {
    let from = begin(request)?;
    let spans = third_parties(&request.third_parties)?;
    let days = DAYS + if request.extended { EXTENSION } else { 0 };
    let mut out = Deadline { from, days, due: from, skipped: Vec::new() };
    let mut left = days;
    while left > 0 {
        let date = out.due.tomorrow().map_err(|_| UnknownYear { year: out.due.year() })?;
        out.due = date;
        let why = match calendar.day_off(date)? {
            Some(DayOff::Weekend) => Some(Why::Weekend),
            Some(DayOff::Holiday) => Some(Why::Holiday),
            None if spans.iter().any(|(from, until)| *from <= date && date <= *until) => {
                Some(Why::ThirdParty)
            }
            None => None,
        };
        match why {
            Some(why) => out.skipped.push(Skipped { date, why }),
            None => left -= 1,
        }
    }
    Ok(out)
}

/// The day after which the count begins: of receipt, or of the last supplement.
fn begin(request: &Request) -> Result<Date, Refused> {
    let mut from = request.received;
    for supplement in &request.supplements {
        let (asked, range) = (supplement.asked, supplement.range);
        let Some(received) = supplement.received else {
            return Err(Refused::at(
                range,
                format!("{asked}要求的补正还没有收到，期限从收到补正材料之日起重新计算；收到后填写“收到”"),
                format!(
                    "the supplement asked for on {asked} has not come; the period begins anew when it does: fill in `收到`"
                ),
            ));
        };
        if received < asked {
            return Err(Refused::at(
                range,
                format!("补正在{received}收到，早于告知补正的{asked}；请核对日期"),
                format!("a supplement was received on {received}, before it was asked for on {asked}"),
            ));
        }
        if asked < request.received {
            return Err(Refused::at(
                range,
                format!("{asked}告知补正，早于收到申请的{}；请核对日期", request.received),
                format!(
                    "a supplement was asked for on {asked}, before the request was received on {}",
                    request.received
                ),
            ));
        }
        from = from.max(received);
    }
    Ok(from)
}

fn third_parties(spans: &[Span]) -> Result<Vec<(Date, Date)>, Refused> {
    spans
        .iter()
        .map(|span| match span.until {
            Some(until) if until < span.from => Err(Refused::at(
                span.range,
                format!("征求第三方意见{until}结束，早于开始的{}；请核对日期", span.from),
                format!("a third party's span ends on {until}, before it begins on {}", span.from),
            )),
            Some(until) => Ok((span.from, until)),
            None => Err(Refused::at(
                span.range,
                format!("{}开始征求的第三方意见还没有结束，算不出期限；结束后填写“结束”", span.from),
                format!("the span that began on {} is still open: fill in `结束`", span.from),
            )),
        })
        .collect()
}

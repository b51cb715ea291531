//! 有效性: what is known about a policy's force, each time with its source.
//!
//! Nothing is guessed: where neither the document nor another published one
//! says anything, the state is 有效性未标注.

use jiff::civil::Date;
use serde::Serialize;

use jiedu_model::{PolicyMeta, Stage, Validity};

/// A computed state and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Force {
    /// The state: `in-force`, `unstated`, `amended`, `partial`, `expired`,
    /// `repealed`, `consultation-upcoming`, `consultation`, `consultation-closed`, `not-yet`.
    pub state: &'static str,
    /// `ok`, `warn`, `bad` or nothing.
    pub tone: &'static str,
    /// Key of the state's word.
    pub label: String,
    /// Key of the sentence that names the source.
    pub reason: String,
    /// The date on which it rests, ISO; empty when none.
    pub date: String,
    /// The document on which it rests: number or title; empty when none.
    pub document: String,
    /// Address of that document from the site's root; empty when none.
    pub url: String,
}

/// Another published document that changes this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// Whether it repeals; else it amends.
    pub(crate) repeals: bool,
    /// From when.
    pub(crate) from: Option<Date>,
    /// How it is called.
    pub(crate) document: String,
    /// Its address from the site's root.
    pub(crate) url: String,
}

/// The state of a policy on a day.
pub(crate) fn force(meta: &PolicyMeta, changes: &[Change], today: Date) -> Force {
    if meta.stage == Stage::Consultation {
        return consultation(meta, today);
    }
    let due = |change: &&Change| change.from.is_none_or(|from| from <= today);
    if let Some(change) = changes.iter().filter(due).find(|change| change.repeals) {
        return by_document("repealed", "bad", change);
    }
    let expires = meta.expires.as_ref().map(|date| date.value);
    let effective = meta.effective.as_ref().map(|date| date.value);
    match meta.validity.as_ref().map(|validity| validity.value) {
        Some(Validity::Repealed) => return plain("repealed", "bad", "printed", None),
        Some(Validity::Expired) => return plain("expired", "bad", "printed", None),
        _ => {}
    }
    if let Some(date) = expires.filter(|date| *date < today) {
        return plain("expired", "bad", "expires", Some(date));
    }
    if let Some(date) = effective.filter(|date| *date > today) {
        return plain("not-yet", "warn", "effective", Some(date));
    }
    if let Some(change) = changes.iter().filter(due).find(|change| !change.repeals) {
        return by_document("amended", "warn", change);
    }
    match meta.validity.as_ref().map(|validity| validity.value) {
        Some(Validity::Amended) => plain("amended", "warn", "printed", None),
        Some(Validity::Partial) => plain("partial", "warn", "printed", None),
        Some(Validity::NotYet) => plain("not-yet", "warn", "printed", None),
        Some(Validity::InForce) => plain("in-force", "ok", "printed", None),
        _ if expires.is_some() => plain("in-force", "ok", "until", expires),
        _ => plain("unstated", "", "unstated", None),
    }
}

/// The days on which what is known of a policy's force may change: the first
/// day of each new state, sorted.
pub(crate) fn turning_days(meta: &PolicyMeta, changes: &[Change]) -> Vec<Date> {
    let after = |date: Date| date.tomorrow().ok();
    let consultation = meta.consultation.as_ref().map(|consultation| &consultation.value);
    let mut days: Vec<Date> = [
        meta.effective.as_ref().map(|date| date.value),
        meta.expires.as_ref().and_then(|date| after(date.value)),
        consultation.map(|dates| dates.from),
        consultation.and_then(|dates| after(dates.until)),
    ]
    .into_iter()
    .flatten()
    .chain(changes.iter().filter_map(|change| change.from))
    .collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Days in a row on which the same is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span<T> {
    /// The first day.
    pub(crate) from: Date,
    /// The last day; none while nothing is known to end it.
    pub(crate) until: Option<Date>,
    /// What is said.
    pub(crate) said: T,
}

/// What is said from a day on, cut where it changes. `turning` holds every
/// day on which it may.
pub(crate) fn spans<T: PartialEq>(start: Date, turning: &[Date], said: impl Fn(Date) -> T) -> Vec<Span<T>> {
    let mut spans = vec![Span { from: start, until: None, said: said(start) }];
    for day in turning.iter().copied().filter(|day| *day > start) {
        let now = said(day);
        if let Some(last) = spans.last_mut().filter(|last| last.said != now) {
            last.until = day.yesterday().ok();
            spans.push(Span { from: day, until: None, said: now });
        }
    }
    spans
}

/// Which of the spans holds the day; the first one for days before them all.
pub(crate) fn span_of<T>(spans: &[Span<T>], day: Date) -> usize {
    spans.iter().rposition(|span| span.from <= day).unwrap_or(0)
}

fn consultation(meta: &PolicyMeta, today: Date) -> Force {
    let dates = meta.consultation.as_ref().map(|consultation| &consultation.value);
    let until = dates.map(|dates| dates.until);
    if let Some(from) = dates.map(|dates| dates.from).filter(|from| *from > today) {
        return plain("consultation-upcoming", "warn", "consultation-upcoming", Some(from));
    }
    match until {
        Some(date) if date < today => plain("consultation-closed", "warn", "consultation-closed", Some(date)),
        _ => plain("consultation", "warn", "consultation", until),
    }
}

fn plain(state: &'static str, tone: &'static str, reason: &str, date: Option<Date>) -> Force {
    Force {
        state,
        tone,
        label: format!("validity.{state}"),
        reason: format!("validity-source.{reason}"),
        date: date.map(|date| date.to_string()).unwrap_or_default(),
        document: String::new(),
        url: String::new(),
    }
}

fn by_document(state: &'static str, tone: &'static str, change: &Change) -> Force {
    Force {
        document: change.document.clone(),
        url: change.url.clone(),
        ..plain(state, tone, &format!("{state}-by"), change.from)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use jiedu_base::text::TextRange;
    use jiedu_model::Spanned;

    fn spanned<T>(value: T) -> Spanned<T> {
        Spanned { value, range: TextRange::default() }
    }

    fn day() -> Date {
        date(2025, 7, 1)
    }

    #[test]
    fn a_blank_is_not_guessed() {
        assert_eq!(force(&PolicyMeta::default(), &[], day()).state, "unstated");
        let effective = PolicyMeta { effective: Some(spanned(date(2025, 1, 1))), ..PolicyMeta::default() };
        assert_eq!(force(&effective, &[], day()).state, "unstated");
    }

    #[test]
    fn states_change_on_the_day_that_is_stated_and_not_before() {
        let meta = PolicyMeta {
            effective: Some(spanned(date(2025, 3, 1))),
            expires: Some(spanned(date(2025, 9, 30))),
            ..PolicyMeta::default()
        };
        let repeal = Change {
            repeals: true,
            from: Some(date(2025, 8, 1)),
            document: "甲".to_owned(),
            url: "u".to_owned(),
        };
        let told = |changes: &[Change]| {
            let turning = turning_days(&meta, changes);
            let all = spans(date(2025, 2, 1), &turning, |day| force(&meta, changes, day).state);
            let until = |span: &Span<&str>| span.until.map(|day| day.to_string()).unwrap_or_default();
            all.iter().map(|span| format!("{}/{} {}", span.from, until(span), span.said)).collect::<Vec<_>>()
        };
        assert_eq!(
            told(&[]),
            ["2025-02-01/2025-02-28 not-yet", "2025-03-01/2025-09-30 in-force", "2025-10-01/ expired"]
        );
        assert_eq!(told(&[repeal])[1..], ["2025-03-01/2025-07-31 in-force", "2025-08-01/ repealed"]);
        let all = spans(date(2025, 2, 1), &[date(2025, 3, 1)], Date::month);
        assert_eq!(
            [date(2024, 1, 1), date(2025, 2, 28), date(2025, 3, 1)].map(|day| span_of(&all, day)),
            [0, 0, 1]
        );
    }

    #[test]
    fn dates_and_documents_are_sources() {
        let dated = PolicyMeta { expires: Some(spanned(date(2025, 7, 1))), ..PolicyMeta::default() };
        assert_eq!(force(&dated, &[], day()).state, "in-force");
        let over = PolicyMeta {
            expires: Some(spanned(date(2025, 6, 30))),
            validity: Some(spanned(Validity::InForce)),
            ..PolicyMeta::default()
        };
        assert_eq!(force(&over, &[], day()).state, "expired");
        let repeal = Change {
            repeals: true,
            from: Some(date(2025, 7, 2)),
            document: "甲".to_owned(),
            url: "u".to_owned(),
        };
        assert_eq!(force(&dated, std::slice::from_ref(&repeal), day()).state, "in-force");
        let due = Change { from: Some(date(2025, 7, 1)), ..repeal };
        let force = force(&dated, &[due], day());
        assert_eq!((force.state, force.document.as_str(), force.url.as_str()), ("repealed", "甲", "u"));
    }
}

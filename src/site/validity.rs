//! 有效性: what is known about a policy's force, each time with its source.
//!
//! Nothing is guessed: where neither the document nor another published one
//! says anything, the state is 有效性未标注.

use jiff::civil::Date;
use serde::Serialize;

use jiedu_base::clock::Clock;
use jiedu_model::{PolicyMeta, Stage, Validity};

/// A computed state and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Force {
    /// The state: `in-force`, `unstated`, `amended`, `partial`, `expired`,
    /// `repealed`, `consultation`, `consultation-closed`, `not-yet`.
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

/// The state of a policy at the publication instant.
pub(crate) fn force(meta: &PolicyMeta, changes: &[Change], clock: Clock) -> Force {
    let today = clock.today();
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

fn consultation(meta: &PolicyMeta, today: Date) -> Force {
    let until = meta.consultation.as_ref().map(|consultation| consultation.value.until);
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

    fn clock() -> Clock {
        Clock::parse("2025-07-01T00:00:00+08:00").unwrap()
    }

    #[test]
    fn a_blank_is_not_guessed() {
        assert_eq!(force(&PolicyMeta::default(), &[], clock()).state, "unstated");
        let effective = PolicyMeta { effective: Some(spanned(date(2025, 1, 1))), ..PolicyMeta::default() };
        assert_eq!(force(&effective, &[], clock()).state, "unstated");
    }

    #[test]
    fn dates_and_documents_are_sources() {
        let dated = PolicyMeta { expires: Some(spanned(date(2025, 7, 1))), ..PolicyMeta::default() };
        assert_eq!(force(&dated, &[], clock()).state, "in-force");
        let over = PolicyMeta {
            expires: Some(spanned(date(2025, 6, 30))),
            validity: Some(spanned(Validity::InForce)),
            ..PolicyMeta::default()
        };
        assert_eq!(force(&over, &[], clock()).state, "expired");
        let repeal = Change {
            repeals: true,
            from: Some(date(2025, 7, 2)),
            document: "甲".to_owned(),
            url: "u".to_owned(),
        };
        assert_eq!(force(&dated, std::slice::from_ref(&repeal), clock()).state, "in-force");
        let due = Change { from: Some(date(2025, 7, 1)), ..repeal };
        let force = force(&dated, &[due], clock());
        assert_eq!((force.state, force.document.as_str(), force.url.as_str()), ("repealed", "甲", "u"));
    }
}

//! What a page says of a text's force, true on the day it is read.
//!
//! A site is built on one day and read on another. So a status is laid out by
//! days: what is said, from which day and until which, for as far ahead as the
//! published documents tell. The page shows what holds on the day of
//! publication and names that day; its script puts in what holds on the day of
//! the reader. All days are Beijing days and belong to the span they bound.

use jiff::civil::Date;
use serde::Serialize;

use super::SitePlan;
use super::catalogue::{Entry, came_out};
use super::notice::Notice;
use super::validity::{Force, Span, span_of, spans, turning_days};
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::PolicyDocument;

/// The status of a page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StatusView {
    /// What holds on the day of publication.
    pub(super) now: StatusSpan,
    /// All spans in order; empty when there is only one.
    pub(super) spans: Vec<StatusSpan>,
    /// The day of publication.
    pub(super) as_of: String,
}

/// Days in a row with one status.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StatusSpan {
    /// The first day.
    from: String,
    /// The last day; empty while nothing is known to end it.
    until: String,
    /// Key of the state's word; empty where the page has no table of facts.
    word: String,
    /// What is said.
    pub(super) notices: Vec<Notice>,
}

/// What is said on a day: key of the state's word, and the banners.
type Said = (String, Vec<Notice>);

/// A state of force from a day on, as lists carry it for their script.
#[derive(Debug, Clone, Serialize)]
pub struct DayState {
    /// The first day.
    from: String,
    /// Key of its word.
    label: String,
    tone: &'static str,
}

impl StatusView {
    /// Key of the state's word on the day of publication.
    pub(super) fn word(&self) -> &str {
        &self.now.word
    }

    fn new(all: Vec<Span<Said>>, today: Date) -> Self {
        let at = span_of(&all, today);
        let mut spans: Vec<StatusSpan> = all
            .into_iter()
            .map(|span| StatusSpan {
                from: span.from.to_string(),
                until: span.until.map(|until| until.to_string()).unwrap_or_default(),
                word: span.said.0,
                notices: span.said.1,
            })
            .collect();
        let now = spans.get(at).cloned().unwrap_or_default();
        if spans.len() < 2 {
            spans.clear();
        }
        Self { now, spans, as_of: today.to_string() }
    }
}

impl SitePlan<'_> {
    /// The status of an edition's page.
    pub(super) fn status(
        &self,
        set: &PublishedSet,
        edition: &Edition,
        policy: &PolicyDocument,
        root: &str,
    ) -> StatusView {
        let mut turning = turning_days(&policy.meta, &self.catalogue.changes_to(&policy.meta, &set.id));
        // What came of a consultation is told by later editions.
        turning.extend(set.editions.iter().map(|later| came_out(set, later)));
        for term in self.terms(set) {
            turning.push(term.from);
            turning.extend(term.until.and_then(|until| until.tomorrow().ok()));
        }
        turning.sort_unstable();
        let said = |day| {
            let force = self.edition_force(set, edition, policy, day);
            let word = force.map(|force| force.label).unwrap_or_default();
            (word, self.force_notices(set, edition, policy, root, day))
        };
        let today = self.clock.today();
        StatusView::new(spans(came_out(set, edition).min(today), &turning, said), today)
    }

    /// The status of a page that goes with some policies: an interpretation, or
    /// questions. What is simply in force is said without a source.
    pub(super) fn status_of_policies(&self, entries: &[&Entry<'_>], root: &str) -> StatusView {
        let mut turning = Vec::new();
        for entry in entries {
            let meta = &entry.policy.meta;
            turning.extend(turning_days(meta, &self.catalogue.changes_to(meta, &entry.set.id)));
        }
        turning.sort_unstable();
        let start = entries.iter().map(|entry| came_out(entry.set, entry.edition)).max();
        let said = |day| {
            let one = |entry: &&Entry<'_>| self.policy_notices(entry, entries.len() > 1, day, root);
            (String::new(), entries.iter().flat_map(one).collect::<Vec<Notice>>())
        };
        let today = self.clock.today();
        StatusView::new(spans(start.unwrap_or(today).min(today), &turning, said), today)
    }

    fn policy_notices(&self, entry: &Entry<'_>, named: bool, day: Date, root: &str) -> Vec<Notice> {
        let at = span_of(&entry.forces, day);
        let Some(force) = entry.forces.get(at).map(|span| &span.said) else { return Vec::new() };
        let mut notice = Self::force_notice(force, root);
        if matches!(force.state, "in-force" | "unstated") {
            notice = Notice {
                tone: notice.tone,
                label: notice.label,
                text: "notice.policy-state".to_owned(),
                document: entry.short().to_owned(),
                ..Notice::default()
            };
        } else if named {
            notice.lines.push(entry.short().to_owned());
        }
        let ahead = self.ahead_notices(&entry.policy.meta, entry.set, root, day);
        std::iter::once(notice).chain(ahead).collect()
    }
}

/// The states of a policy day by day, for the script of lists; empty when it
/// has one state only.
pub(super) fn day_states(forces: &[Span<Force>]) -> Vec<DayState> {
    let mut states: Vec<DayState> = Vec::new();
    for span in forces {
        if states.last().is_none_or(|last| last.label != span.said.label) {
            let Force { label, tone, .. } = &span.said;
            states.push(DayState { from: span.from.to_string(), label: label.clone(), tone });
        }
    }
    if states.len() < 2 {
        states.clear();
    }
    states
}

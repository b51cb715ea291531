//! How fresh the columns are (国办秘函〔2019〕19号).

use jiff::civil::Date;

use super::pages::{COLUMN, EMPTY, HOME, finding};
use super::{Found, PatrolKind};
use crate::Revision;
use crate::state::JudgedSet;
use jiedu_base::finding::Place;

/// One column and its newest entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnState {
    /// `home`, `policies`, `interpretations`, `topic`.
    pub key: &'static str,
    /// Its name on the site.
    pub name: String,
    /// How many entries it has.
    pub entries: usize,
    /// Date of its newest entry.
    pub newest: Option<Date>,
    /// Days since then.
    pub idle_days: Option<i32>,
    /// Days from which it counts as idle; 0 when nobody looks. A topic is never
    /// idle, as what it is about may be over, but may be empty.
    pub limit_days: u32,
}

/// The columns of the site. Entries without a date count for nothing, as in the
/// inspection.
pub(super) fn states(read: &Revision, today: Date) -> Vec<ColumnState> {
    let (mut policies, mut materials) = (Vec::new(), Vec::new());
    for set in read.sets.iter().filter(|set| set.withdrawn.is_none()) {
        let Some(edition) = set.standing_edition() else { continue };
        let policy = edition.set.policy.iter().filter_map(|policy| policy.meta.published.as_ref());
        policies.extend(policy.map(|date| date.value.date));
        let dates = edition.set.materials.iter().filter_map(|material| material.meta.published.as_ref());
        materials.extend(dates.map(|date| date.value.date));
    }
    let rules = &read.config.rules;
    let columns = &read.config.columns;
    let all: Vec<Date> = policies.iter().chain(&materials).copied().collect();
    let state = |key, name: &str, dates: &[Date], limit_days| {
        // What is not yet due is not shown.
        let newest = dates.iter().copied().filter(|date| *date <= today).max();
        let idle_days = newest.map(|date| (today - date).get_days());
        ColumnState { key, name: name.to_owned(), entries: dates.len(), newest, idle_days, limit_days }
    };
    let mut states = vec![
        state("home", "首页", &all, rules.home_idle_days),
        state("policies", &columns.policies.name, &policies, rules.column_idle_days),
        state("interpretations", &columns.interpretations.name, &materials, rules.column_idle_days),
    ];
    states.extend(read.content.corpus.topics.iter().map(|topic| {
        let shown = topic.policies.iter().filter_map(|id| read.set(&id.value));
        let dates: Vec<Date> = shown.filter_map(published).collect();
        state("topic", &topic.title, &dates, rules.column_idle_days)
    }));
    states
}

/// The day on which the current edition of a set was published, unless it was
/// taken down.
fn published(set: &JudgedSet) -> Option<Date> {
    let edition = set.standing_edition().filter(|_| set.withdrawn.is_none())?;
    Some(edition.set.policy.as_ref()?.meta.published.as_ref()?.value.date)
}

/// Findings about columns that are empty or idle.
pub(super) fn check(columns: &[ColumnState]) -> Vec<Found> {
    let found = columns.iter().filter(|column| column.limit_days > 0).filter_map(|column| {
        let (name, limit) = (&column.name, column.limit_days);
        let place = Place::whole("site.toml");
        let finding = match (column.newest, column.idle_days) {
            (Some(newest), Some(days))
                if column.key != "topic" && u32::try_from(days).is_ok_and(|days| days > limit) =>
            {
                finding(
                    if column.key == "home" { &HOME } else { &COLUMN },
                    place,
                    format!("“{name}”最近更新是 {newest}，已有 {days} 天，超过 {limit} 天"),
                    format!("`{name}`: newest entry {newest}, {days} days ago (limit {limit})"),
                )
            }
            (None, _) if column.key != "home" => {
                finding(&EMPTY, place, format!("“{name}”没有任何内容"), format!("`{name}` is empty"))
            }
            _ => return None,
        };
        Some(Found { kind: PatrolKind::Idle, editions: Vec::new(), finding: finding.in_set("site") })
    });
    found.collect()
}

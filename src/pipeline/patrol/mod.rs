//! Patrol (信息安全巡查): what is published, looked at again today.
//!
//! A text that was right when it was approved can be wrong later: rules learn,
//! bodies are renamed, periods of validity end, a page that was linked to is
//! withdrawn, a leak goes unseen for years. [`patrol`] re-reads every edition on
//! show with the rules, lists and dates of the instant given. Of the current
//! editions everything is looked at; of the older ones, which stay readable and
//! are frozen, only what must not be public at all.
//!
//! Nothing here blocks or changes a site. Every item carries the day by which it
//! is to be settled, in working days of the office's calendar.

mod columns;
mod pages;
mod validity;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::Stop;
use super::attachments::check_attachments;
use super::content::Content;
use super::engines::Answers;
use super::proofread::{proofread_with, read_set, wordlists};
use super::report::stale_reports;
use super::revision::{ReadOptions, Revision};
use super::state::JudgedSet;
use jiedu_base::clock::Clock;
use jiedu_base::finding::{Finding, Place, Severity, fingerprints};
use jiedu_base::name::{CommitId, SetId};
use jiedu_config::{Calendar, RuleLevel, RuleSettings};
use jiedu_edition::Edition;
use jiedu_link::Graph;
use jiedu_model::Corpus;
use jiedu_proof::Lists;
use jiedu_source::Repository;

pub use columns::ColumnState;
pub use pages::rules as patrol_rules;

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PatrolKind {
    /// Personal data.
    PersonalData,
    /// A mark of secrecy or internal use.
    Secrecy,
    /// A period of validity that passed or ends soon, a repeal.
    Validity,
    /// A name or expression that the office's lists have since replaced.
    Renamed,
    /// A link inside the site that leads nowhere any more.
    Link,
    /// A column without anything new for too long, an empty one.
    Idle,
    /// An attachment that hides something or cannot be read.
    Attachment,
    /// A proofreading report that cannot be made again.
    Report,
    /// A year without a calendar, so that due dates are missing.
    Calendar,
    /// Anything else that today's rules call an error.
    Text,
}

impl PatrolKind {
    /// The word in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PersonalData => "personal-data",
            Self::Secrecy => "secrecy",
            Self::Validity => "validity",
            Self::Renamed => "renamed",
            Self::Link => "link",
            Self::Idle => "idle",
            Self::Attachment => "attachment",
            Self::Report => "report",
            Self::Calendar => "calendar",
            Self::Text => "text",
        }
    }

    fn of(finding: &Finding) -> Self {
        match finding.category {
            "pii" => Self::PersonalData,
            "secrecy" => Self::Secrecy,
            "user-list" => Self::Renamed,
            "attachment" if finding.code.starts_with('A') => Self::Attachment,
            _ if finding.code.starts_with("L3") => Self::Link,
            _ => Self::Text,
        }
    }
}

/// One thing to settle.
#[derive(Debug, Clone)]
pub struct PatrolItem {
    /// What kind.
    pub kind: PatrolKind,
    /// What was found. Its place is in the text of the newest edition named.
    pub finding: Finding,
    /// The editions of the set concerned, ascending; none for the site itself.
    pub editions: Vec<u32>,
    /// By when it is to be settled; none for hints, and when the calendar does
    /// not reach that far (which an item of its own says).
    pub due: Option<Date>,
}

/// What a patrol found.
#[derive(Debug, Clone)]
pub struct PatrolReport {
    /// The revision.
    pub revision: CommitId,
    /// The instant.
    pub at: Clock,
    /// Whether a trust anchor was given.
    pub anchored: bool,
    /// How many sets and editions are on show.
    pub published: (usize, usize),
    /// How fresh the columns are.
    pub columns: Vec<ColumnState>,
    /// Everything to settle, by due date, severity and place.
    pub items: Vec<PatrolItem>,
}

impl PatrolReport {
    /// Whether any item is an error (exit 1).
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.items.iter().any(|item| item.finding.severity == Severity::Error)
    }
}

/// Looks at everything published again.
///
/// # Errors
/// [`Stop`] when the repository, roster, anchor or settings cannot be used.
pub fn patrol(repository: &Repository, options: ReadOptions<'_>) -> Result<PatrolReport, Stop> {
    let read = Revision::read(repository, options)?;
    let today = read.instant.at.today();
    let lists = wordlists(&read.snapshot.site, &mut Vec::new()).as_of(today);
    let published = published(&read);
    let graph = Graph::resolve(&published);
    let mut found: Vec<Found> = current(&read, &published, &graph.value, &graph.findings, &lists);
    found.extend(older(&read, &lists));
    found.extend(validity::check(&read, &graph.value, today));
    found.extend(stale_reports(repository, &read).into_iter().map(|finding| Found {
        kind: PatrolKind::Report,
        editions: Vec::new(),
        finding,
    }));
    let columns = columns::states(&read, today);
    found.extend(columns::check(&columns));
    let counts = (published.sets.len(), shown(&read).count());
    Ok(PatrolReport {
        revision: read.commit.clone(),
        at: read.instant.at,
        anchored: read.approvals.is_anchored(),
        published: counts,
        items: items(found, &read.config.rules, &read.config.calendar, today),
        columns,
    })
}

/// Something found, before the office's settings and the calendar.
struct Found {
    kind: PatrolKind,
    editions: Vec<u32>,
    finding: Finding,
}

/// Every edition on show, with its set.
fn shown(read: &Revision) -> impl Iterator<Item = (&JudgedSet, &Edition)> {
    let open = read.sets.iter().filter(|set| set.withdrawn.is_none());
    open.flat_map(|set| {
        set.editions.iter().filter(|edition| edition.void.is_none()).map(move |one| (set, one))
    })
}

/// The texts that the site shows as current.
fn published(read: &Revision) -> Corpus {
    let mut corpus = read.content.corpus.clone();
    let current = |set: &JudgedSet| set.standing_edition().map(|edition| Arc::clone(&edition.set));
    let open = read.sets.iter().filter(|set| set.withdrawn.is_none());
    corpus.sets = open.filter_map(|set| Some((set.id.clone(), current(set)?))).collect();
    corpus
}

/// What today's rules say of the current editions, the standing pages and the
/// links between them.
fn current(
    read: &Revision,
    published: &Corpus,
    graph: &Graph,
    links: &[Finding],
    lists: &Lists,
) -> Vec<Found> {
    let content = Content {
        corpus: published.clone(),
        graph: graph.clone(),
        findings: links.to_vec(),
        synchrony: Vec::new(),
    };
    let mut findings = proofread_with(&content, lists, &|_| true);
    let sets: Vec<_> = published.sets.values().collect();
    let attached = sets.into_par_iter().map(|set| check_attachments(set, lists));
    findings.extend(attached.collect::<Vec<_>>().into_iter().flatten());
    let numbers: BTreeMap<&str, u32> =
        read.sets.iter().filter_map(|set| Some((set.id.as_str(), set.standing_edition()?.number))).collect();
    let found = findings.into_iter().map(|finding| Found {
        kind: PatrolKind::of(&finding),
        editions: finding.set.as_deref().and_then(|set| numbers.get(set)).copied().into_iter().collect(),
        finding,
    });
    found.filter(matters).collect()
}

/// Style is nothing to reopen an approved text for.
fn matters(found: &Found) -> bool {
    match found.kind {
        PatrolKind::Text => found.finding.severity == Severity::Error,
        PatrolKind::Link => found.finding.severity >= Severity::Warning,
        _ => true,
    }
}

/// Personal data and secrets in editions that are no longer current. One item
/// for what stands in several.
fn older(read: &Revision, lists: &Lists) -> Vec<Found> {
    let is_current = |set: &JudgedSet, edition: &Edition| {
        set.standing_edition().is_some_and(|standing| standing.number == edition.number)
    };
    let old: Vec<_> = shown(read).filter(|(set, edition)| !is_current(set, edition)).collect();
    let leaks = old.into_par_iter().map(|(set, edition)| {
        let mut leaks = read_set(&edition.set, lists, &Answers::default()).open;
        leaks.retain(|finding| matches!(finding.category, "pii" | "secrecy"));
        jiedu_base::finding::sort(&mut leaks);
        (set.id.clone(), edition.number, leaks)
    });
    let mut merged: BTreeMap<(SetId, String, String), Found> = BTreeMap::new();
    for (id, number, leaks) in leaks.collect::<Vec<_>>() {
        for (finding, print) in leaks.iter().zip(fingerprints(&leaks)) {
            let key = (id.clone(), finding.place.path.clone(), print);
            let entry = merged.entry(key).or_insert_with(|| Found {
                kind: PatrolKind::of(finding),
                editions: Vec::new(),
                finding: finding.clone().in_set(id.to_string()),
            });
            entry.editions.push(number);
            entry.finding = finding.clone().in_set(id.to_string());
        }
    }
    merged.into_values().collect()
}

/// Applies the office's severities, joins what stands in old and current
/// editions, and sets due dates.
fn items(found: Vec<Found>, rules: &RuleSettings, calendar: &Calendar, today: Date) -> Vec<PatrolItem> {
    let mut unknown = None;
    let mut due = |kind, severity| {
        let days = match (kind, severity) {
            (_, Severity::Hint) => return None,
            (PatrolKind::PersonalData | PatrolKind::Secrecy, _) => rules.urgent_days,
            _ => rules.rectify_days,
        };
        calendar.add_working_days(today, days).map_err(|error| unknown = Some(error.year)).ok()
    };
    let mut items: Vec<PatrolItem> = Vec::new();
    for mut one in joined(found) {
        match rules.level(one.finding.code, one.finding.rule) {
            Some(RuleLevel::Off) => continue,
            Some(RuleLevel::At(severity)) => one.finding.severity = severity,
            None => {}
        }
        one.finding.blocks = false;
        let due = due(one.kind, one.finding.severity);
        items.push(PatrolItem { kind: one.kind, finding: one.finding, editions: one.editions, due });
    }
    items.extend(unknown.map(|year| {
        PatrolItem {
            kind: PatrolKind::Calendar,
            finding: pages::finding(
                &pages::CALENDAR,
                Place::whole("site.toml"),
                format!("没有 {year} 年的节假日安排，一部分整改期限算不出来"),
                format!("no holiday notice is known for {year}: some due dates are missing"),
            )
            .in_set("site"),
            editions: Vec::new(),
            due: None,
        }
    }));
    items.sort_by(|a, b| {
        let key = |item: &PatrolItem| {
            let place = &item.finding.place;
            let late = item.due.unwrap_or(Date::MAX);
            (late, std::cmp::Reverse(item.finding.severity), item.kind, place.path.clone(), place.range)
        };
        key(a).cmp(&key(b)).then_with(|| a.finding.code.cmp(b.finding.code))
    });
    items
}

/// One item for what is said of the current and of older editions.
fn joined(found: Vec<Found>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    let mut places: BTreeMap<(PatrolKind, &'static str, String, String), usize> = BTreeMap::new();
    for one in found {
        let finding = &one.finding;
        let set = finding.set.clone().unwrap_or_default();
        let text = format!("{}\n{}\n{}", finding.place.path, finding.message.zh, snippet(finding));
        let is_leak = matches!(one.kind, PatrolKind::PersonalData | PatrolKind::Secrecy);
        let known = places.get(&(one.kind, finding.code, set.clone(), text.clone())).copied();
        if let Some(earlier) = known.filter(|_| is_leak).and_then(|at| out.get_mut(at)) {
            let all: BTreeSet<u32> = earlier.editions.iter().chain(&one.editions).copied().collect();
            earlier.editions = all.into_iter().collect();
        } else {
            places.insert((one.kind, finding.code, set, text), out.len());
            out.push(one);
        }
    }
    out
}

/// The line concerned, so that two numbers of the same look stay apart.
fn snippet(finding: &Finding) -> &str {
    let place = &finding.place;
    place.file.as_ref().map_or("", |file| file.slice(file.line_range(place.position().line)))
}

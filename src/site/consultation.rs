//! 征求意见: the closing date and how to answer; afterwards what became of the
//! opinions, and the way from the draft to the final text.

use jiff::civil::Date;
use serde::Serialize;

use super::SitePlan;
use super::catalogue::{came_out, listed_date};
use super::clause::{Clauses, split_target};
use super::pages::is_readable;
use super::route::Route;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{Adoption, ClauseRef, Consultation, Opinion, OpinionSheet, PolicyDocument, Stage};

/// What a draft that is put out for comment says above its text.
#[derive(Debug, Serialize)]
pub struct ConsultationView {
    from: String,
    until: String,
    /// Whole days from the publication instant to the closing date.
    days: i32,
    /// The day of the publication instant, from which `days` counts; empty
    /// when the consultation is not open.
    at: String,
    channels: Vec<String>,
    /// Whether the draft comes with interpretations.
    interpreted: bool,
    /// Where the results stand; may be empty.
    results: String,
    /// The final text; 0 while there is none.
    final_n: u32,
    final_href: String,
    compare: String,
}

/// The opinions and what became of them.
#[derive(Debug, Serialize)]
pub struct OpinionsView {
    published: String,
    received: u32,
    note: String,
    yes: u32,
    partly: u32,
    no: u32,
    rows: Vec<OpinionRow>,
}

#[derive(Debug, Serialize)]
struct OpinionRow {
    text: String,
    source: String,
    count: u32,
    /// Key of the word; empty when it could not be read.
    adopted: &'static str,
    tone: &'static str,
    reason: String,
    clauses: Vec<Reference>,
    draft: Vec<Reference>,
}

/// A link to a provision; the address is empty where it leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    pub(super) text: String,
    pub(super) href: String,
}

/// A draft that the text came from.
#[derive(Debug, Serialize)]
pub struct DraftLink {
    n: u32,
    date: String,
    href: String,
    /// What changed between it and the text being read; may be empty.
    compare: String,
}

impl<'a> SitePlan<'a> {
    /// What a draft says above its text; none for other texts.
    pub(super) fn consultation(
        &self,
        set: &'a PublishedSet,
        edition: &'a Edition,
        policy: &PolicyDocument,
        root: &str,
    ) -> Option<ConsultationView> {
        let dates = policy.meta.consultation.as_ref().filter(|_| policy.meta.stage == Stage::Consultation)?;
        let dates = &dates.value;
        let today = self.clock.today();
        let (state, _) = Self::consultation_state(set, edition, dates, today);
        let later = |wanted: &dyn Fn(&Edition) -> bool| later_edition(set, edition, wanted);
        let outcome = later(&|later| later.set.opinions.is_some());
        let issued = later(&|later| !is_draft_text(later));
        let open = state == "consultation.open";
        let results = outcome.map(|outcome| {
            // The page of the policy, as long as it holds them.
            let shown =
                self.catalogue.entry(&set.id).is_some_and(|entry| entry.edition.set.opinions.is_some());
            let route = if shown { Route::set(&set.id) } else { Route::edition(&set.id, outcome.number) };
            format!("{root}{}#opinions", route.url())
        });
        let href = |issued: &Edition| format!("{root}{}", Route::edition(&set.id, issued.number).url());
        Some(ConsultationView {
            from: dates.from.to_string(),
            until: dates.until.to_string(),
            days: days_between(today, dates.until),
            at: if open { today.to_string() } else { String::new() },
            channels: dates.channels.clone(),
            interpreted: !edition.set.materials.is_empty(),
            results: results.unwrap_or_default(),
            final_n: issued.map_or(0, |issued| issued.number),
            final_href: issued.map(href).unwrap_or_default(),
            compare: issued
                .and_then(|issued| Self::comparison(set, edition.number, issued.number))
                .map(|url| format!("{root}{url}"))
                .unwrap_or_default(),
        })
    }

    /// How far a consultation is on a day: key of the state, and its tone. What
    /// came of it counts from the day it came out.
    pub(super) fn consultation_state(
        set: &PublishedSet,
        edition: &Edition,
        dates: &Consultation,
        day: Date,
    ) -> (&'static str, &'static str) {
        let out = |later: &Edition| came_out(set, later) <= day;
        let outcome = later_edition(set, edition, |later| later.set.opinions.is_some() && out(later));
        let issued = later_edition(set, edition, |later| !is_draft_text(later) && out(later));
        match (outcome, issued) {
            (Some(_), _) => ("consultation.results", "warn"),
            (None, Some(_)) => ("consultation.issued", "warn"),
            _ if day < dates.from => ("consultation.upcoming", "warn"),
            _ if day > dates.until => ("consultation.waiting", "warn"),
            _ => ("consultation.open", "ok"),
        }
    }

    /// The address of a comparison that has a page.
    fn comparison(set: &PublishedSet, old: u32, new: u32) -> Option<String> {
        let number = |index: usize| set.editions.get(index).map(|edition| edition.number);
        super::pages::compared(set)
            .into_iter()
            .any(|(a, b)| (number(a), number(b)) == (Some(old), Some(new)))
            .then(|| Route::compare(&set.id, old, new).url())
    }

    /// The drafts that an issued text came from, the last one first.
    pub(super) fn drafts_of(set: &PublishedSet, edition: &Edition, root: &str) -> Vec<DraftLink> {
        if is_draft_text(edition) {
            return Vec::new();
        }
        let older = set.editions.iter().rev().filter(|older| older.number < edition.number);
        older
            .filter(|older| is_readable(set, older) && is_draft_text(older))
            .map(|draft| DraftLink {
                n: draft.number,
                date: listed_date(draft).to_string(),
                href: format!("{root}{}", Route::edition(&set.id, draft.number).url()),
                compare: Self::comparison(set, draft.number, edition.number)
                    .map(|url| format!("{root}{url}"))
                    .unwrap_or_default(),
            })
            .collect()
    }

    /// The opinions that came with an edition.
    pub(super) fn opinions(
        &self,
        set: &'a PublishedSet,
        edition: &'a Edition,
        clauses: &Clauses<'_>,
        root: &str,
    ) -> Option<OpinionsView> {
        let sheet = edition.set.opinions.as_ref()?;
        let draft = set
            .editions
            .iter()
            .rev()
            .filter(|older| older.number <= edition.number && is_readable(set, older))
            .find(|older| is_draft_text(older));
        let draft = draft.and_then(|draft| {
            let policy = draft.set.policy.as_ref()?;
            Some((policy, Clauses::new(policy), Route::edition(&set.id, draft.number).url()))
        });
        let in_draft = |name: &ClauseRef| {
            let href = draft.as_ref().and_then(|(policy, clauses, url)| {
                let provision = policy.provisions.get(clauses.find(&name.value)?)?;
                Some(format!("{root}{url}#{}", provision.anchor))
            });
            Reference { text: name.value.clone(), href: href.unwrap_or_default() }
        };
        let row = |opinion: &Opinion| OpinionRow {
            text: opinion.text.value.clone(),
            source: opinion.source.clone(),
            count: opinion.count,
            adopted: word(opinion.adoption),
            tone: match opinion.adoption {
                Some(Adoption::Yes) => "ok",
                Some(Adoption::Partly) => "link",
                _ => "",
            },
            reason: opinion.reason.clone(),
            clauses: opinion
                .clauses
                .iter()
                .map(|name| self.reference(set, edition, clauses, &name.value, root))
                .collect(),
            draft: opinion.draft_clauses.iter().map(in_draft).collect(),
        };
        let sum = |adoption| count(sheet, adoption);
        Some(OpinionsView {
            published: sheet.published.map(|date| date.to_string()).unwrap_or_default(),
            received: sheet.received.unwrap_or(0),
            note: sheet.note.clone(),
            yes: sum(Adoption::Yes),
            partly: sum(Adoption::Partly),
            no: sum(Adoption::No),
            rows: sheet.opinions.iter().map(row).collect(),
        })
    }

    /// A provision named in a data file of an edition: of its own policy, or
    /// of another set's.
    pub(super) fn reference(
        &self,
        set: &PublishedSet,
        edition: &Edition,
        clauses: &Clauses<'_>,
        written: &str,
        root: &str,
    ) -> Reference {
        let written = written.strip_prefix("clause:").unwrap_or(written);
        let (other, name) = split_target(written);
        let whole = jiedu_base::name::SetId::parse(written).ok();
        let other = other.or(whole.clone());
        if let Some(entry) = other.filter(|id| *id != set.id).and_then(|id| self.catalogue.entry(&id)) {
            let title = format!("《{}》", super::title::inside_marks(entry.title()));
            let url = format!("{root}{}", entry.route().url());
            let found = entry.clauses().find(name).and_then(|index| entry.policy.provisions.get(index));
            return match found.filter(|_| whole.is_none()) {
                Some(provision) => Reference {
                    text: format!("{title}{}", super::interpretation::spoken(provision)),
                    href: format!("{url}#{}", provision.anchor),
                },
                None => Reference { text: title, href: url },
            };
        }
        let policy = edition.set.policy.as_ref();
        let found =
            policy.and_then(|policy| policy.provisions.get(clauses.find(name)?)).filter(|_| whole.is_none());
        let current =
            self.catalogue.entry(&set.id).is_some_and(|entry| entry.edition.number == edition.number);
        let route = if current { Route::set(&set.id) } else { Route::edition(&set.id, edition.number) };
        match found {
            Some(provision) => Reference {
                text: super::interpretation::spoken(provision),
                href: format!("{root}{}#{}", route.url(), provision.anchor),
            },
            None => Reference { text: name.to_owned(), href: String::new() },
        }
    }
}

/// The first readable edition from this one on that is wanted.
fn later_edition<'s>(
    set: &'s PublishedSet,
    edition: &Edition,
    wanted: impl Fn(&Edition) -> bool,
) -> Option<&'s Edition> {
    let known = set.editions.iter().filter(|later| later.number >= edition.number);
    known.filter(|later| is_readable(set, later)).find(|later| wanted(later))
}

/// Whether an edition is a draft put out for comment.
pub(super) fn is_draft_text(edition: &Edition) -> bool {
    edition.set.policy.as_ref().is_some_and(|policy| policy.meta.stage == Stage::Consultation)
}

/// How many opinions had that outcome.
fn count(sheet: &OpinionSheet, adoption: Adoption) -> u32 {
    let same = sheet.opinions.iter().filter(|opinion| opinion.adoption == Some(adoption));
    same.fold(0, |sum: u32, opinion| sum.saturating_add(opinion.count))
}

pub(super) fn word(adoption: Option<Adoption>) -> &'static str {
    match adoption {
        Some(Adoption::Yes) => "opinions.yes",
        Some(Adoption::Partly) => "opinions.partly",
        Some(Adoption::No) => "opinions.no",
        None => "",
    }
}

fn days_between(from: Date, until: Date) -> i32 {
    until.since(from).map_or(0, |span| span.get_days())
}

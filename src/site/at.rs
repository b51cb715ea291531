//! 某一天的文本: which edition applied, applies or will apply on a day, and with
//! which force, as a table of days. The script of the page answers for the day
//! that the address asks about (`?date=2026-04-01`).

use serde::Serialize;

use super::applies::Term;
use super::catalogue::{came_out, is_disclosed};
use super::lists::{Crumb, here_key, home, up};
use super::pages::is_readable;
use super::route::Route;
use super::validity::{spans, turning_days};
use super::{Content, Page, SitePlan, View};
use jiedu_edition::{Edition, PublishedSet};

/// The table of days.
#[derive(Debug, Serialize)]
pub struct AtView {
    crumbs: Vec<Crumb>,
    title: String,
    policy: String,
    rows: Vec<AtRow>,
}

/// Days in a row on which the same applies.
#[derive(Debug, Serialize)]
struct AtRow {
    from: String,
    /// Empty while nothing is known to end it.
    until: String,
    /// 0 where no edition applies.
    n: u32,
    /// The latest edition with the same text; 0 when there is none.
    last: u32,
    /// The edition that applies, else the newest that is out.
    href: String,
    /// Key of the state of force.
    label: String,
    tone: &'static str,
}

/// What is told of a day: the term, the edition and its state.
type Told = (Option<Term>, u32, String, &'static str);

/// Where the table of a set lies.
pub(super) fn route(set: &PublishedSet) -> Route {
    Route::in_set(&set.id, "at/index.html")
}

impl<'a> SitePlan<'a> {
    /// The table of days of a policy.
    pub(super) fn at_page(&self, page: &Page, entry: usize) -> View<'a> {
        let Some(entry) = self.catalogue.entries.get(entry) else { return self.missing(page) };
        let root = page.route.root();
        let mut head = self.head(page, format!("{}（某一天适用哪一版）", entry.title()));
        head.description = format!("{}：各版本的适用时段。", entry.title());
        head.section = "policies";
        (head.sheet, head.script) = ("more", "at");
        head.draft = entry.set.draft;
        head.noindex |= entry.set.draft;
        head.column(&self.config.columns.policies);
        let policy = format!("{root}{}", entry.route().url());
        let at = Crumb { key: "", text: entry.short().to_owned(), href: policy.clone() };
        let content = AtView {
            crumbs: vec![home(&root), up(&root), at, here_key("at.heading")],
            title: entry.title().to_owned(),
            policy,
            rows: self.at_rows(entry.set, &root),
        };
        View { head, content: Content::At(Box::new(content)), body: None, slots: Vec::new(), twin: None }
    }

    fn at_rows(&self, set: &PublishedSet, root: &str) -> Vec<AtRow> {
        let shown = |edition: &&Edition| is_readable(set, edition) && is_disclosed(edition);
        let editions: Vec<&Edition> = set.editions.iter().filter(shown).collect();
        let terms = self.terms(set);
        let mut turning: Vec<jiff::civil::Date> = editions.iter().map(|one| came_out(set, one)).collect();
        for edition in &editions {
            let meta = edition.set.policy.as_ref().map(|policy| &policy.meta);
            turning.extend(
                meta.iter().flat_map(|meta| turning_days(meta, &self.catalogue.changes_to(meta, &set.id))),
            );
        }
        for term in &terms {
            turning.push(term.from);
            turning.extend(term.until.and_then(|until| until.tomorrow().ok()));
        }
        turning.sort_unstable();
        let Some(start) = editions.iter().map(|one| came_out(set, one)).min() else { return Vec::new() };
        let told = |day| self.told_on(set, &editions, &terms, day);
        let row = |span: super::validity::Span<Told>| {
            let (term, number, label, tone) = span.said;
            AtRow {
                from: span.from.to_string(),
                until: span.until.map(|until| until.to_string()).unwrap_or_default(),
                n: term.as_ref().map_or(0, |term| term.number),
                last: term.map_or(0, |term| if term.last == term.number { 0 } else { term.last }),
                href: format!("{root}{}", Route::edition(&set.id, number).url()),
                label,
                tone,
            }
        };
        spans(start, &turning, told).into_iter().map(row).collect()
    }

    fn told_on(
        &self,
        set: &PublishedSet,
        editions: &[&Edition],
        terms: &[Term],
        day: jiff::civil::Date,
    ) -> Told {
        let holds = |term: &&Term| term.from <= day && term.until.is_none_or(|until| until >= day);
        let term = terms.iter().rfind(holds).cloned();
        let newest = editions.iter().rev().find(|edition| came_out(set, edition) <= day);
        let number = term.as_ref().map(|term| term.number);
        let applied = number.and_then(|number| editions.iter().find(|edition| edition.number == number));
        let Some(edition) = applied.or(newest).or(editions.first()) else {
            return (term, 0, String::new(), "");
        };
        let policy = edition.set.policy.as_ref();
        let force = policy.and_then(|policy| self.edition_force(set, edition, policy, day));
        let (label, tone) = force.map_or((String::new(), ""), |force| (force.label, force.tone));
        (term, edition.number, label, tone)
    }
}

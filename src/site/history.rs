//! 条文沿革: what happened to every provision, edition by edition.

use serde::Serialize;

use super::body::Body;
use super::catalogue::came_out;
use super::compare::Tag;
use super::consultation::{Reference, is_draft_text};
use super::history_pages::{self, HistoryPage, Piece};
use super::lists::{Crumb, Pager, here_key, home, pager_of};
use super::notice::Notice;
use super::pages::is_readable;
use super::route::Route;
use super::{Content, Page, SitePlan, View};
use jiedu_base::name::SetId;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::PolicyDocument;
use jiedu_redline::{ProvisionEvent, ProvisionHistory, history};

/// The page of a policy's provisions through its editions.
#[derive(Debug, Serialize)]
pub struct HistoryView {
    crumbs: Vec<Crumb>,
    title: String,
    policy: String,
    notices: Vec<Notice>,
    editions: Vec<EditionLink>,
    rows: Vec<HistoryRow>,
    /// Provisions of the current text to which nothing happened.
    unchanged: Vec<Reference>,
    /// The first edition.
    first: u32,
    /// Editions that are not named above; the record names them.
    more_editions: usize,
    record: String,
    pager: Pager,
}

#[derive(Debug, Serialize)]
struct EditionLink {
    n: u32,
    date: String,
    href: String,
    draft: bool,
}

/// One provision.
#[derive(Debug, Serialize)]
struct HistoryRow {
    id: String,
    name: String,
    /// Where it stands now; empty when it is gone.
    href: String,
    since: u32,
    /// Whether it goes on from the page before, or on the next one.
    continued: bool,
    continues: bool,
    events: Vec<HistoryEvent>,
}

/// One thing that happened to it.
#[derive(Debug, Serialize)]
struct HistoryEvent {
    n: u32,
    date: String,
    tags: Vec<Tag>,
    /// The names before and after, where the label changed.
    old: String,
    new: String,
    /// The place in the comparison of the two editions.
    href: String,
}

/// Editions named at the head of the page.
const EDITIONS: usize = 24;

/// The page of a set's provisions.
pub(super) fn route(id: &SetId) -> Route {
    Route::in_set(id, "history/index.html")
}

/// Its further pages.
pub(super) fn page_route(id: &SetId, number: usize) -> Route {
    Route::list_page(&format!("policies/{id}/history"), number)
}

/// The way to that page; empty where no text ever changed.
pub(super) fn link(set: &PublishedSet, root: &str) -> String {
    if has_history(set) { format!("{root}{}", route(&set.id).url()) } else { String::new() }
}

/// The editions that may be read, with their texts, oldest first.
fn texts(set: &PublishedSet) -> Vec<(&Edition, &PolicyDocument)> {
    let readable = set.editions.iter().filter(|edition| is_readable(set, edition));
    readable.filter_map(|edition| Some((edition, edition.set.policy.as_ref()?))).collect()
}

/// Whether any edition has another text than the one before.
pub(super) fn has_history(set: &PublishedSet) -> bool {
    let texts = texts(set);
    texts.iter().zip(texts.iter().skip(1)).any(|((_, old), (_, new))| old.file.text() != new.file.text())
}

impl<'a> SitePlan<'a> {
    /// What happened to the provisions of a set; computed once, when asked for.
    pub(super) fn provision_history(&self, set: &PublishedSet) -> &[ProvisionHistory] {
        let place = self.places.get(&set.id).and_then(|place| self.histories.get(*place));
        let Some(slot) = place else { return &[] };
        slot.get_or_init(|| {
            if !has_history(set) {
                return Vec::new();
            }
            let texts: Vec<(u32, &PolicyDocument)> =
                texts(set).into_iter().map(|(edition, policy)| (edition.number, policy)).collect();
            history(&texts)
        })
    }

    /// The pages of a set's history.
    pub(super) fn history_pages(&self, set: &PublishedSet) -> Vec<HistoryPage> {
        history_pages::cut(self.provision_history(set))
    }

    /// How many pages it takes. Short ones are not computed for that.
    pub(super) fn history_page_count(&self, set: &PublishedSet) -> usize {
        let provisions: usize = texts(set).iter().map(|(_, policy)| policy.provisions.len().max(1)).sum();
        if provisions <= history_pages::SURELY_ONE { 1 } else { self.history_pages(set).len() }
    }

    /// Leads from the provisions of the current text to their history.
    pub(super) fn mark_history(&self, set: &PublishedSet, body: &mut Body<'_>, root: &str) {
        let lines = self.provision_history(set);
        let places = history_pages::places(lines, &history_pages::cut(lines));
        for row in &mut body.rows {
            let inside = std::iter::once(&row.id).chain(&row.also);
            if let Some((anchor, number)) = inside.copied().find_map(|id| Some((id, *places.get(id)?))) {
                row.history = format!("{root}{}#{anchor}", page_route(&set.id, number).url());
            }
        }
    }

    pub(super) fn history_page(&self, page: &Page, entry: usize, number: usize) -> View<'a> {
        let Some(entry) = self.catalogue.entries.get(entry) else { return self.missing(page) };
        let (set, root) = (entry.set, page.route.root());
        let title = format!("条文沿革：{}", entry.short());
        let mut head = self.head(page, super::lists::list_title(&title, number));
        head.description =
            format!("《{}》各条文在历次版本中的变化", super::title::inside_marks(entry.title()));
        head.section = "policies";
        head.sheet = "more";
        head.draft = set.draft;
        head.noindex |= set.draft;
        head.column(&self.config.columns.policies);
        head.provenance = format!("{root}{}", Route::in_set(&set.id, "record/index.json").url());
        let policy = format!("{root}{}", entry.route().url());
        let lines = self.provision_history(set);
        let pages = self.history_pages(set);
        let shown = pages.get(number.saturating_sub(1)).cloned().unwrap_or_default();
        let all = texts(set);
        let editions = newest(&all);
        let edition_link = |edition: &Edition| EditionLink {
            n: edition.number,
            date: came_out(set, edition).to_string(),
            href: format!("{root}{}", Route::edition(&set.id, edition.number).url()),
            draft: is_draft_text(edition),
        };
        let content = HistoryView {
            crumbs: vec![
                home(&root),
                Crumb { key: "nav.policies", text: String::new(), href: format!("{root}policies/") },
                Crumb { key: "", text: entry.short().to_owned(), href: policy.clone() },
                here_key("history.heading"),
            ],
            title: entry.title().to_owned(),
            notices: Self::draft_notice(set).into_iter().collect(),
            more_editions: all.len() - editions.len(),
            editions: editions.iter().map(|edition| edition_link(edition)).collect(),
            rows: shown.pieces.iter().filter_map(|piece| row(set, piece, lines, &policy, &root)).collect(),
            unchanged: shown
                .unchanged
                .iter()
                .filter_map(|line| lines.get(*line))
                .map(|line| Reference {
                    text: line.name.clone(),
                    href: format!("{policy}#{}", line.anchor.as_deref().unwrap_or_default()),
                })
                .collect(),
            first: all.first().map_or(1, |(edition, _)| edition.number),
            record: format!("{root}{}", Route::in_set(&set.id, "record/index.html").url()),
            pager: pager_of(pages.len(), number, |number| {
                format!("{root}{}", page_route(&set.id, number).url())
            }),
            policy,
        };
        View { head, content: Content::History(Box::new(content)), body: None, slots: Vec::new(), twin: None }
    }
}

/// The editions that the head names: all, or the first and the newest ones.
fn newest<'e>(all: &[(&'e Edition, &PolicyDocument)]) -> Vec<&'e Edition> {
    let skipped = all.len().saturating_sub(EDITIONS);
    let shown = all.iter().enumerate().filter(|(at, _)| *at == 0 || *at >= skipped);
    shown.map(|(_, (edition, _))| *edition).collect()
}

fn row(
    set: &PublishedSet,
    piece: &Piece,
    lines: &[ProvisionHistory],
    policy: &str,
    root: &str,
) -> Option<HistoryRow> {
    let line = lines.get(piece.line)?;
    let events = line.events.iter().rev().skip(piece.events.start).take(piece.events.len());
    Some(HistoryRow {
        id: line.anchor.clone().unwrap_or_else(|| format!("gone-{}", piece.line + 1)),
        name: line.name.clone(),
        href: line.anchor.as_ref().map(|anchor| format!("{policy}#{anchor}")).unwrap_or_default(),
        since: line.since,
        continued: piece.events.start > 0,
        continues: piece.events.end < line.events.len(),
        events: events.map(|event| history_event(set, event, root)).collect(),
    })
}

fn history_event(set: &PublishedSet, event: &ProvisionEvent, root: &str) -> HistoryEvent {
    let edition = set.editions.iter().find(|edition| edition.number == event.to);
    let (old, new) = event.renumbered.clone().unwrap_or_default();
    let mut tags = Vec::new();
    for (happened, word, tone) in [
        (event.inserted, "新增", "ok"),
        (event.deleted, "删去", "bad"),
        (event.split, "拆分", "link"),
        (event.merged, "合并", "link"),
        (event.reworded, "修改", "warn"),
        (event.moved, "移动", "link"),
        (event.renumbered.is_some(), "编号变动", ""),
    ] {
        if happened {
            tags.push(Tag { word, tone });
        }
    }
    HistoryEvent {
        n: event.to,
        date: edition.map(|edition| came_out(set, edition).to_string()).unwrap_or_default(),
        tags,
        old,
        new,
        href: format!("{root}{}#d{}", Route::compare(&set.id, event.from, event.to).url(), event.entry),
    }
}

//! Everything that was published, revised or withdrawn, newest first.

use jiff::civil::Date;
use serde::Serialize;

use super::catalogue::{came_out, listed_date, shown_edition, title};
use super::lists::{Crumb, Pager, here_key, home, page_of, pager};
use super::pages::is_readable;
use super::policy_parts::{EXPLAINED, happened};
use super::route::Route;
use super::{Content, Page, SitePlan, View};
use jiedu_edition::PublishedSet;

/// One page of the log.
#[derive(Debug, Serialize)]
pub struct ChangesView {
    crumbs: Vec<Crumb>,
    total: usize,
    changes: Vec<ChangeItem>,
    pager: Pager,
}

/// One line of the log.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeItem {
    date: String,
    what: &'static str,
    n: u32,
    title: String,
    href: String,
    compare: String,
}

/// Something that happened to a set.
#[derive(Debug)]
pub(super) struct Event<'a> {
    pub(super) date: Date,
    pub(super) set: &'a PublishedSet,
    /// Position of the edition; none for a withdrawal.
    pub(super) edition: Option<usize>,
}

impl<'a> SitePlan<'a> {
    /// What happened, newest first. Computed once, when the plan is made.
    pub(super) fn find_events(&self) -> Vec<Event<'a>> {
        let mut events = Vec::new();
        for set in self.sets {
            let gone = self.catalogue.gone.binary_search_by(|gone| gone.id.cmp(&set.id)).is_ok();
            if shown_edition(set).is_none() && !gone {
                continue;
            }
            if gone {
                let last = set.editions.last().map(listed_date);
                let date = set.withdrawn.as_ref().map(|(_, when)| when.today()).or(last);
                events.extend(date.map(|date| Event { date, set, edition: None }));
                continue;
            }
            for (index, edition) in
                set.editions.iter().enumerate().filter(|(_, edition)| is_readable(set, edition))
            {
                events.push(Event { date: came_out(set, edition), set, edition: Some(index) });
            }
        }
        events.sort_by(|a, b| (b.date, &a.set.id, b.edition).cmp(&(a.date, &b.set.id, a.edition)));
        events
    }

    pub(super) fn changes(&self, page: &Page, number: usize) -> View<'a> {
        let root = page.route.root();
        let events = &self.events;
        let title =
            if number <= 1 { "变更动态".to_owned() } else { format!("变更动态（第{number}页）") };
        let mut head = self.head(page, title);
        head.column(&self.config.columns.policies);
        let content = ChangesView {
            crumbs: vec![home(&root), here_key("changes.heading")],
            total: events.len(),
            changes: page_of(events, number).iter().map(|event| Self::change_item(event, &root)).collect(),
            pager: pager("changes", events.len(), number, &root),
        };
        View { head, content: Content::Changes(Box::new(content)), body: None, slots: Vec::new(), twin: None }
    }

    pub(super) fn change_item(event: &Event<'_>, root: &str) -> ChangeItem {
        let set = event.set;
        let edition = event.edition.and_then(|index| set.editions.get(index)).or(set.editions.last());
        let meta = edition.and_then(|edition| edition.set.policy.as_ref()).map(|policy| &policy.meta);
        let name = meta.map_or(set.id.as_str(), |meta| title(meta, &set.id));
        let place = event.edition.unwrap_or(0);
        let before = set
            .editions
            .get(..place)
            .and_then(|older| older.iter().rev().find(|older| is_readable(set, older)));
        let number = edition.map_or(0, |edition| edition.number);
        let what = match (event.edition, edition) {
            (None, _) if set.withdrawn.is_some() => "timeline.withdrawn",
            (Some(_), Some(edition)) => happened(edition, before),
            _ => "timeline.void",
        };
        ChangeItem {
            date: event.date.to_string(),
            what,
            n: number,
            title: name.to_owned(),
            href: format!("{root}{}", Route::set(&set.id).url()),
            compare: before
                .filter(|_| event.edition.is_some() && what != EXPLAINED)
                .map(|before| format!("{root}{}", Route::compare(&set.id, before.number, number).url()))
                .unwrap_or_default(),
        }
    }
}

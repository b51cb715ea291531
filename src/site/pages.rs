//! Which pages there are.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{is_disclosed, shown_edition};
use super::groups::By;
use super::lists::{PER_PAGE, page_count};
use super::route::Route;
use super::{SiteError, SitePlan};
use jiedu_base::name::SetId;
use jiedu_edition::{Edition, PublishedSet};

/// A page and its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its address.
    pub route: Route,
    /// What it shows.
    pub kind: PageKind,
}

/// What a page shows; numbers are positions in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are positions in the plan's lists")]
pub enum PageKind {
    /// The home page.
    Home,
    /// The current edition of a policy.
    Policy { entry: usize },
    /// An edition, frozen.
    Edition { set: usize, edition: usize },
    /// An edition that is no longer shown.
    Void { set: usize, edition: usize },
    /// An interpretation.
    Interpretation { material: usize },
    /// An interpretation that only older editions have.
    PastInterpretation { set: usize, edition: usize, material: usize },
    /// 热线问答 of a policy.
    Questions { entry: usize },
    /// 条文沿革 of a policy.
    History { entry: usize, number: usize },
    /// Which edition of a policy applies on which days.
    At { entry: usize },
    /// The list of topics.
    Topics,
    /// A topic.
    Topic { index: usize },
    /// The catalogue, a list or a report.
    Data { index: usize },
    /// 审核记录 of a set.
    Record { set: usize, number: usize },
    /// Two editions compared.
    Compare { set: usize, old: usize, new: usize },
    /// A set that was withdrawn.
    Gone { set: usize },
    /// An interpretation of a set that was withdrawn.
    GoneInterpretation { set: usize, name: String },
    /// An old address of a set.
    Moved { set: usize },
    /// All policies.
    Policies { number: usize },
    /// All interpretations.
    Interpretations { number: usize },
    /// What there is by subject, year, 文种 or state of force.
    Groups { by: By },
    /// The policies of one of them.
    Group { by: By, slug: String, number: usize },
    /// Everything that was published, revised or withdrawn.
    Changes { number: usize },
    /// Search.
    Search,
    /// 站点地图.
    SiteMap,
    /// A standing page.
    Standing { index: usize },
    /// 404.
    Missing,
}

impl<'a> SitePlan<'a> {
    /// Every page, sorted by path.
    pub(super) fn enumerate(&self) -> Vec<Page> {
        let mut pages = vec![
            page(Route::page(""), PageKind::Home),
            page(Route::page("search"), PageKind::Search),
            page(Route::file("404.html"), PageKind::Missing),
        ];
        if self.has_site_map() {
            pages.push(page(Route::page(super::site_map::FOLDER), PageKind::SiteMap));
        }
        let lists = self.catalogue.entries.len();
        numbered(&mut pages, "policies", lists, |number| PageKind::Policies { number });
        numbered(&mut pages, "interpretations", self.catalogue.materials.len(), |number| {
            PageKind::Interpretations { number }
        });
        numbered(&mut pages, "changes", self.events.len(), |number| PageKind::Changes { number });
        for by in By::ALL {
            pages.push(page(Route::page(by.folder()), PageKind::Groups { by }));
            for (slug, group) in self.groups.of(by) {
                let folder = format!("{}/{slug}", by.folder());
                numbered(&mut pages, &folder, group.entries.len(), |number| PageKind::Group {
                    by,
                    slug: slug.clone(),
                    number,
                });
            }
        }
        for (index, set) in self.sets.iter().enumerate() {
            self.pages_of_set(&mut pages, index, set);
        }
        self.pages_of_moved(&mut pages);
        for (index, material) in self.catalogue.materials.iter().enumerate() {
            pages.push(page(material.route(), PageKind::Interpretation { material: index }));
        }
        if !self.topics.is_empty() {
            pages.push(page(Route::page("topics"), PageKind::Topics));
        }
        for (index, topic) in self.topics.iter().enumerate() {
            pages.push(page(super::topics::route(&topic.slug), PageKind::Topic { index }));
        }
        for (index, route) in self.office_routes() {
            pages.push(page(route, PageKind::Data { index }));
        }
        for (index, standing) in self.standing.iter().enumerate() {
            pages.push(page(Route::page(&standing.route), PageKind::Standing { index }));
        }
        pages.sort_by(|a, b| a.route.cmp(&b.route));
        pages
    }

    fn pages_of_set(&self, pages: &mut Vec<Page>, index: usize, set: &'a PublishedSet) {
        let id = &set.id;
        let shown = shown_edition(set);
        let gone = self.catalogue.gone.binary_search_by(|gone| gone.id.cmp(id)).is_ok();
        if shown.is_none() && !gone {
            return;
        }
        match self.catalogue.by_set.get(id) {
            Some(&entry) => {
                self.pages_of_entry(pages, entry, set);
                pages_of_past(pages, index, set);
            }
            None => pages.push(page(Route::set(id), PageKind::Gone { set: index })),
        }
        for number in 1..=super::record::pages(set) {
            pages.push(page(super::record::route(id, number), PageKind::Record { set: index, number }));
        }
        for (edition, value) in set.editions.iter().enumerate() {
            let kind = if is_readable(set, value) {
                PageKind::Edition { set: index, edition }
            } else {
                PageKind::Void { set: index, edition }
            };
            pages.push(page(Route::edition(id, value.number), kind));
        }
        for (old, new) in compared(set) {
            let numbers = (set.editions.get(old).map(|e| e.number), set.editions.get(new).map(|e| e.number));
            if let (Some(a), Some(b)) = numbers {
                pages.push(page(Route::compare(id, a, b), PageKind::Compare { set: index, old, new }));
            }
        }
        if gone {
            pages_of_gone(pages, index, set);
        }
    }

    /// The addresses that sets once had: first what a current edition names, then
    /// what older ones did. One that another set lives under, or that a page of the
    /// office has, is not free.
    fn pages_of_moved(&self, pages: &mut Vec<Page>) {
        let mut taken: BTreeSet<String> = self.standing.iter().map(|page| page.route.clone()).collect();
        for is_current in [true, false] {
            for (index, set) in self.sets.iter().enumerate() {
                let is_gone = self.catalogue.gone.binary_search_by(|gone| gone.id.cmp(&set.id)).is_ok();
                if shown_edition(set).is_none() && !is_gone {
                    continue;
                }
                let now = set.current().and_then(|edition| edition.set.policy.as_ref());
                let is_named = |alias: &SetId| now.is_some_and(|now| now.meta.aliases.contains(alias));
                for alias in set.aliases().into_iter().filter(|alias| is_named(alias) == is_current) {
                    let is_free = !self.places.contains_key(alias);
                    if is_free && taken.insert(format!("policies/{alias}")) {
                        pages.push(page(Route::set(alias), PageKind::Moved { set: index }));
                    }
                }
            }
        }
    }

    /// The pages of a set whose policy may be read.
    fn pages_of_entry(&self, pages: &mut Vec<Page>, entry: usize, set: &PublishedSet) {
        let id = &set.id;
        pages.push(page(Route::set(id), PageKind::Policy { entry }));
        pages.push(page(super::at::route(set), PageKind::At { entry }));
        if shown_edition(set).is_some_and(|edition| !super::questions::questions(edition).is_empty()) {
            pages.push(page(super::questions::route(id), PageKind::Questions { entry }));
        }
        if super::history::has_history(set) {
            for number in 1..=self.history_page_count(set) {
                let route = super::history::page_route(id, number);
                pages.push(page(route, PageKind::History { entry, number }));
            }
        }
    }

    /// Whether the text of a policy's page may have more provisions than one
    /// contents page can name.
    pub fn is_vast(&self, page: &Page) -> bool {
        const MANY: usize = 500;
        let edition = match page.kind {
            PageKind::Policy { entry } => self.catalogue.entries.get(entry).map(|entry| entry.edition),
            PageKind::Edition { set, edition } => {
                self.sets.get(set).and_then(|set| set.editions.get(edition))
            }
            _ => None,
        };
        edition.and_then(|edition| edition.set.policy.as_ref()).is_some_and(|p| p.provisions.len() > MANY)
    }

    /// Fails when two things want one address.
    pub(super) fn check_addresses(&self) -> Result<(), SiteError> {
        let mut taken: BTreeMap<&str, String> = BTreeMap::new();
        let pages = self.pages.iter().map(|page| (page.route.path(), format!("{:?}", page.kind)));
        let files = self.files.keys().map(|path| (path.as_str(), format!("file {path}")));
        let twins: Vec<String> = self.twin_paths().collect();
        let twins = twins.iter().map(|path| (path.as_str(), format!("file {path}")));
        for (path, owner) in pages.chain(files).chain(twins) {
            if let Some(first) = taken.get(path) {
                return Err(SiteError::Collision {
                    path: path.to_owned(),
                    first: first.clone(),
                    second: owner,
                });
            }
            taken.insert(path, owner);
        }
        // A file cannot stand where a folder has to be.
        for (path, owner) in &taken {
            let folder = format!("{path}/");
            let inside =
                taken.range(folder.as_str()..).next().filter(|(inner, _)| inner.starts_with(&folder));
            if let Some((_, second)) = inside {
                return Err(SiteError::Collision {
                    path: (*path).to_owned(),
                    first: owner.clone(),
                    second: second.clone(),
                });
            }
        }
        Ok(())
    }
}

/// Whether the text of an edition may be read on the site.
pub(super) fn is_readable(set: &PublishedSet, edition: &Edition) -> bool {
    set.withdrawn.is_none() && edition.void.is_none() && is_disclosed(edition)
}

/// The edition with which a readable one is compared: the readable one before.
pub(super) fn before<'s>(set: &'s PublishedSet, edition: &Edition) -> Option<&'s Edition> {
    let older = set.editions.iter().rev().skip_while(|older| older.number >= edition.number);
    older.filter(|_| is_readable(set, edition)).find(|older| is_readable(set, older))
}

/// The pairs of editions that are compared: neighbours, and the first with
/// every later one, so that no address goes when an edition comes.
pub(super) fn compared(set: &PublishedSet) -> Vec<(usize, usize)> {
    let readable: Vec<usize> = (0..set.editions.len())
        .filter(|index| set.editions.get(*index).is_some_and(|edition| is_readable(set, edition)))
        .collect();
    let mut pairs: Vec<(usize, usize)> =
        readable.iter().copied().zip(readable.iter().copied().skip(1)).collect();
    // A comparison with the first edition was made when each was the latest.
    if let Some(first) = readable.first() {
        pairs.extend(readable.iter().skip(2).map(|later| (*first, *later)));
    }
    pairs
}

/// The interpretations of a set that was taken down: each address stays and says
/// so.
fn pages_of_gone(pages: &mut Vec<Page>, index: usize, set: &PublishedSet) {
    let gone = |name: &str| PageKind::GoneInterpretation { set: index, name: name.to_owned() };
    let materials = set.editions.iter().flat_map(|edition| &edition.set.materials);
    let names: BTreeSet<&str> = materials.map(|material| material.name.as_str()).collect();
    for name in names {
        pages.push(page(Route::interpretation(&set.id, name), gone(name)));
    }
    if set.editions.iter().any(|edition| !super::questions::questions(edition).is_empty()) {
        pages.push(page(super::questions::route(&set.id), gone("qa.toml")));
    }
}

/// The interpretations that the current edition no longer has, each as the
/// newest edition that has it.
fn pages_of_past(pages: &mut Vec<Page>, index: usize, set: &PublishedSet) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let readable = set.editions.iter().enumerate().rev().filter(|(_, edition)| is_readable(set, edition));
    for (place, (edition, value)) in readable.enumerate() {
        for (material, one) in value.set.materials.iter().enumerate() {
            if seen.insert(&one.name) && place > 0 {
                let kind = PageKind::PastInterpretation { set: index, edition, material };
                pages.push(page(Route::interpretation(&set.id, &one.name), kind));
            }
        }
    }
}

fn page(route: Route, kind: PageKind) -> Page {
    Page { route, kind }
}

fn numbered(pages: &mut Vec<Page>, folder: &str, entries: usize, kind: impl Fn(usize) -> PageKind) {
    for number in 1..=page_count(entries, PER_PAGE) {
        pages.push(page(Route::list_page(folder, number), kind(number)));
    }
}

//! Lists: all policies, all interpretations, by subject, by year, and search.

use std::collections::BTreeMap;

use serde::Serialize;

use super::catalogue::{Catalogue, Entry, Material};
use super::route::Route;
use super::{Content, Page, SitePlan, View};
use crate::config::SubjectTree;
use crate::name::Digest;

/// Entries on one page of a list.
pub(super) const PER_PAGE: usize = 30;

/// How many pages a list takes; an empty list takes one.
pub(super) fn page_count(entries: usize, per_page: usize) -> usize {
    entries.div_ceil(per_page).max(1)
}

/// Policies that belong together.
#[derive(Debug, Default)]
pub struct Group {
    /// What the readers call it.
    pub(crate) name: String,
    /// Positions in the catalogue, newest first.
    pub(crate) entries: Vec<usize>,
}

/// A policy in a list.
#[derive(Debug, Serialize)]
pub struct PolicyItem {
    title: String,
    href: String,
    number: String,
    issuer: String,
    date: String,
    label: String,
    tone: &'static str,
    interpretations: usize,
    until: String,
    draft: bool,
}

/// An interpretation in a list.
#[derive(Debug, Serialize)]
pub struct MaterialItem {
    title: String,
    href: String,
    form: String,
    policy: String,
    policy_href: String,
    date: String,
    draft: bool,
}

/// One page of a list.
#[derive(Debug, Serialize)]
pub struct ListView {
    /// Key of the heading.
    heading: &'static str,
    /// Fills `{name}` of the heading.
    name: String,
    crumbs: Vec<Crumb>,
    total: usize,
    policies: Vec<PolicyItem>,
    materials: Vec<MaterialItem>,
    pager: Pager,
    /// Address of the same list as a feed; may be empty.
    feed: String,
}

/// A step of the way from the home page.
#[derive(Debug, Clone, Serialize)]
pub struct Crumb {
    /// Key of its text; may be empty.
    pub key: &'static str,
    /// Its text when there is no key.
    pub text: String,
    /// Address; empty for the page itself.
    pub href: String,
}

/// Numbered pages.
#[derive(Debug, Serialize)]
pub struct Pager {
    number: usize,
    count: usize,
    more: bool,
    previous: String,
    next: String,
    links: Vec<PagerLink>,
}

#[derive(Debug, Serialize)]
struct PagerLink {
    number: usize,
    href: String,
    current: bool,
    gap: bool,
}

/// A list of lists.
#[derive(Debug, Serialize)]
pub struct GroupsView {
    heading: &'static str,
    crumbs: Vec<Crumb>,
    groups: Vec<GroupItem>,
}

/// A link to a list.
#[derive(Debug, Clone, Serialize)]
pub struct GroupItem {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) count: usize,
}

/// A state of force.
#[derive(Debug, Serialize)]
pub struct ForceItem {
    state: &'static str,
    /// Key of its word.
    label: String,
}

/// The search page. Without script it leads to the lists.
#[derive(Debug, Serialize)]
pub struct SearchView {
    crumbs: Vec<Crumb>,
    policies: usize,
    materials: usize,
    policies_href: String,
    materials_href: String,
    changes_href: String,
    subjects: Vec<GroupItem>,
    years: Vec<GroupItem>,
    /// States of force that occur.
    forces: Vec<ForceItem>,
    latest: Vec<PolicyItem>,
    /// Where the index lies.
    index: String,
    /// Changes with every build, so that no old index is kept.
    version: String,
}

/// The policies by first-level subject. A subject's address is its place in
/// the tree, or a digest of its name outside the tree: folders of a web server
/// are safest in ASCII.
pub(super) fn by_subject(catalogue: &Catalogue<'_>, tree: &SubjectTree) -> BTreeMap<String, Group> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (index, entry) in catalogue.entries.iter().enumerate() {
        let Some(name) = entry.subject() else { continue };
        let group = groups.entry(subject_slug(name, tree)).or_default();
        name.clone_into(&mut group.name);
        group.entries.push(index);
    }
    groups
}

/// The address of a subject.
pub(super) fn subject_slug(name: &str, tree: &SubjectTree) -> String {
    match tree.levels.iter().position(|(level, _)| level == name) {
        Some(place) => format!("{:02}", place + 1),
        None => format!("x{}", Digest::of(name.as_bytes()).hex().chars().take(10).collect::<String>()),
    }
}

/// The policies by year of 发布日期.
pub(super) fn by_year(catalogue: &Catalogue<'_>) -> BTreeMap<String, Group> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (index, entry) in catalogue.entries.iter().enumerate() {
        let year = format!("{:04}", entry.date().year());
        let group = groups.entry(year.clone()).or_default();
        group.name = year;
        group.entries.push(index);
    }
    groups
}

impl<'a> SitePlan<'a> {
    pub(super) fn policies(&self, page: &Page, number: usize) -> View<'a> {
        let mut view = self.policy_list(page, "list.policies", "", "policies", &self.all, number);
        view.head.section = "policies";
        view
    }

    pub(super) fn interpretations(&self, page: &Page, number: usize) -> View<'a> {
        let root = page.route.root();
        let materials =
            page_of(&self.catalogue.materials, number).iter().map(|m| self.material_item(m, &root)).collect();
        let mut head = self.head(page, list_title("政策解读", number));
        head.column(&self.config.columns.interpretations);
        head.section = "interpretations";
        let list = ListView {
            heading: "list.interpretations",
            name: String::new(),
            crumbs: vec![home(&root), here_key("nav.interpretations")],
            total: self.catalogue.materials.len(),
            policies: Vec::new(),
            materials,
            pager: pager("interpretations", self.catalogue.materials.len(), number, &root),
            feed: String::new(),
        };
        View { head, content: Content::List(Box::new(list)), body: None, slots: Vec::new() }
    }

    pub(super) fn subject_page(&self, page: &Page, slug: &str, number: usize) -> View<'a> {
        let empty = Group::default();
        let group = self.subjects.get(slug).unwrap_or(&empty);
        let mut view = self.policy_list(
            page,
            "list.subject",
            &group.name,
            &format!("subjects/{slug}"),
            &group.entries,
            number,
        );
        let feed = format!("{}subjects/{slug}/feed.xml", page.route.root());
        view.head.alternate("application/atom+xml", group.name.clone(), feed.clone());
        let json = feed.replace("feed.xml", "feed.json");
        view.head.alternate("application/feed+json", group.name.clone(), json);
        if let Content::List(list) = &mut view.content {
            list.feed = feed;
        }
        view
    }

    pub(super) fn year_page(&self, page: &Page, year: &str, number: usize) -> View<'a> {
        let empty = Group::default();
        let group = self.years.get(year).unwrap_or(&empty);
        self.policy_list(page, "list.year", year, &format!("years/{year}"), &group.entries, number)
    }

    fn policy_list(
        &self,
        page: &Page,
        heading: &'static str,
        name: &str,
        folder: &str,
        entries: &[usize],
        number: usize,
    ) -> View<'a> {
        let root = page.route.root();
        let policies = page_of(entries, number)
            .iter()
            .filter_map(|index| Some(self.policy_item(self.catalogue.entries.get(*index)?, &root)))
            .collect();
        let title =
            if name.is_empty() { "政策文件".to_owned() } else { format!("政策文件：{name}") };
        let mut head = self.head(page, list_title(&title, number));
        head.column(&self.config.columns.policies);
        head.section = "policies";
        let mut crumbs = vec![home(&root)];
        if name.is_empty() {
            crumbs.push(here_key("nav.policies"));
        } else {
            crumbs.push(Crumb { key: "nav.policies", text: String::new(), href: format!("{root}policies/") });
            crumbs.push(here(name));
        }
        let list = ListView {
            heading,
            name: name.to_owned(),
            crumbs,
            total: entries.len(),
            policies,
            materials: Vec::new(),
            pager: pager(folder, entries.len(), number, &root),
            feed: String::new(),
        };
        View { head, content: Content::List(Box::new(list)), body: None, slots: Vec::new() }
    }

    pub(super) fn subjects_page(&self, page: &Page) -> View<'a> {
        self.groups(page, "list.subjects", "主题分类", self.subject_links(&page.route.root()))
    }

    pub(super) fn years_page(&self, page: &Page) -> View<'a> {
        self.groups(page, "list.years", "发布年份", self.year_links(&page.route.root()))
    }

    fn groups(&self, page: &Page, heading: &'static str, title: &str, groups: Vec<GroupItem>) -> View<'a> {
        let root = page.route.root();
        let mut head = self.head(page, format!("政策文件：{title}"));
        head.column(&self.config.columns.policies);
        head.section = "policies";
        let up = Crumb { key: "nav.policies", text: String::new(), href: format!("{root}policies/") };
        let content = GroupsView { heading, crumbs: vec![home(&root), up, here_key(heading)], groups };
        View { head, content: Content::Groups(Box::new(content)), body: None, slots: Vec::new() }
    }

    pub(super) fn search(&self, page: &Page) -> View<'a> {
        let root = page.route.root();
        let mut head = self.head(page, "检索");
        head.section = "search";
        let content = SearchView {
            crumbs: vec![home(&root), here_key("nav.search")],
            policies: self.catalogue.entries.len(),
            materials: self.catalogue.materials.len(),
            policies_href: format!("{root}policies/"),
            materials_href: format!("{root}interpretations/"),
            changes_href: format!("{root}changes/"),
            subjects: self.subject_links(&root),
            years: self.year_links(&root),
            forces: self.forces(),
            latest: self
                .catalogue
                .entries
                .iter()
                .take(PER_PAGE)
                .map(|entry| self.policy_item(entry, &root))
                .collect(),
            index: format!("{root}{}", super::search::FOLDER),
            version: self.revision.chars().take(12).collect(),
        };
        View { head, content: Content::Search(Box::new(content)), body: None, slots: Vec::new() }
    }

    fn forces(&self) -> Vec<ForceItem> {
        let states: BTreeMap<&'static str, &String> =
            self.catalogue.entries.iter().map(|entry| (entry.force.state, &entry.force.label)).collect();
        states.into_iter().map(|(state, label)| ForceItem { state, label: label.clone() }).collect()
    }

    /// Links to the lists by subject.
    pub(super) fn subject_links(&self, root: &str) -> Vec<GroupItem> {
        let link = |(slug, group): (&String, &Group)| GroupItem {
            name: group.name.clone(),
            href: format!("{root}subjects/{slug}/"),
            count: group.entries.len(),
        };
        self.subjects.iter().map(link).collect()
    }

    /// Links to the lists by year, newest first.
    pub(super) fn year_links(&self, root: &str) -> Vec<GroupItem> {
        let link = |(year, group): (&String, &Group)| GroupItem {
            name: group.name.clone(),
            href: format!("{root}years/{year}/"),
            count: group.entries.len(),
        };
        self.years.iter().rev().map(link).collect()
    }

    /// A policy as lists show it.
    pub(super) fn policy_item(&self, entry: &Entry<'_>, root: &str) -> PolicyItem {
        let guests = self.catalogue.guests.get(&entry.set.id).map_or(0, Vec::len);
        let until = match entry.force.state {
            "consultation" => entry.force.date.clone(),
            _ => String::new(),
        };
        PolicyItem {
            title: entry.title().to_owned(),
            href: format!("{root}{}", entry.route().url()),
            number: entry.number().unwrap_or("").to_owned(),
            issuer: entry.policy.meta.issuers.first().map(|issuer| issuer.value.clone()).unwrap_or_default(),
            date: entry.date().to_string(),
            label: entry.force.label.clone(),
            tone: entry.force.tone,
            interpretations: entry.edition.set.materials.len() + guests,
            until,
            draft: entry.set.draft,
        }
    }

    /// An interpretation as lists show it.
    pub(super) fn material_item(&self, material: &Material<'_>, root: &str) -> MaterialItem {
        let entry = self.catalogue.entry(&material.set.id);
        MaterialItem {
            title: material.title().to_owned(),
            href: format!("{root}{}", material.route().url()),
            form: material.form().to_owned(),
            policy: entry.map(|entry| entry.short().to_owned()).unwrap_or_default(),
            policy_href: format!("{root}{}", Route::set(&material.set.id).url()),
            date: material.date().to_string(),
            draft: material.set.draft,
        }
    }
}

fn list_title(title: &str, number: usize) -> String {
    if number <= 1 { title.to_owned() } else { format!("{title}（第{number}页）") }
}

/// The entries of one page of a list.
pub(super) fn page_of<T>(entries: &[T], number: usize) -> &[T] {
    let start = number.saturating_sub(1).saturating_mul(PER_PAGE).min(entries.len());
    let end = (start + PER_PAGE).min(entries.len());
    entries.get(start..end).unwrap_or_default()
}

/// The home page as the first step of the way.
pub(super) fn home(root: &str) -> Crumb {
    Crumb { key: "nav.home", text: String::new(), href: root.to_owned() }
}

/// The page itself as the last step.
pub(super) fn here(text: &str) -> Crumb {
    Crumb { key: "", text: text.to_owned(), href: String::new() }
}

pub(super) fn here_key(key: &'static str) -> Crumb {
    Crumb { key, text: String::new(), href: String::new() }
}

/// First, last and the neighbours of the page shown.
pub(super) fn pager(folder: &str, entries: usize, number: usize, root: &str) -> Pager {
    let count = page_count(entries, PER_PAGE);
    let href = |page: usize| format!("{root}{}", Route::list_page(folder, page).url());
    let mut links = Vec::new();
    let mut last = 0;
    for page in (1..=count).filter(|page| *page == 1 || *page == count || page.abs_diff(number) <= 2) {
        let gap = page > last + 1;
        links.push(PagerLink { number: page, href: href(page), current: page == number, gap });
        last = page;
    }
    Pager {
        number,
        count,
        more: count > 1,
        previous: if number > 1 { href(number - 1) } else { String::new() },
        next: if number < count { href(number + 1) } else { String::new() },
        links,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_shows_its_ends_and_the_neighbours() {
        let pager = pager("policies", 30 * 100, 50, "../");
        let numbers: Vec<usize> = pager.links.iter().map(|link| link.number).collect();
        assert_eq!(numbers, [1, 48, 49, 50, 51, 52, 100]);
        assert_eq!(pager.links.iter().filter(|link| link.gap).count(), 2);
        assert_eq!(
            (pager.previous.as_str(), page_count(0, 30), page_count(31, 30)),
            ("../policies/page/49/", 1, 2)
        );
    }
}

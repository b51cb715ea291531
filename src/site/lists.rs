//! Lists: all policies, all interpretations, and search.

use serde::Serialize;

use super::catalogue::{Entry, Material};
use super::groups::{By, GroupItem, Ways};
use super::route::Route;
use super::status::DayState;
use super::{Content, Page, SitePlan, View};
use jiedu_model::Stage;

/// Entries on one page of a list.
pub(super) const PER_PAGE: usize = 30;

/// How many pages a list takes; an empty list takes one.
pub(super) fn page_count(entries: usize, per_page: usize) -> usize {
    entries.div_ceil(per_page).max(1)
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
    /// Its states day by day; empty when it has one.
    days: Vec<DayState>,
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
    /// The day of which states of force are said.
    as_of: String,
    /// Whether the list itself depends on that day.
    by_force: bool,
    /// Address of the same list as a feed; may be empty.
    pub(super) feed: String,
    /// Other ways to the same entries.
    ways: Vec<Ways>,
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
    /// 文种 and states of force that occur.
    kinds: Vec<GroupItem>,
    forces: Vec<GroupItem>,
    /// Issuers of what is searched.
    issuers: Vec<GroupItem>,
    topics: Vec<GroupItem>,
    /// Where to ask; may be empty.
    contact: String,
    latest: Vec<PolicyItem>,
    as_of: String,
    /// Where the index lies.
    index: String,
    /// Changes with every build, so that no old index is kept.
    version: String,
}

impl<'a> SitePlan<'a> {
    pub(super) fn policies(&self, page: &Page, number: usize) -> View<'a> {
        self.policy_list(page, None, "policies", &self.all, number)
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
            as_of: String::new(),
            by_force: false,
            feed: String::new(),
            ways: Vec::new(),
        };
        View { head, content: Content::List(Box::new(list)), body: None, slots: Vec::new(), twin: None }
    }

    /// One page of a list of policies: all of them, or a group with its name.
    pub(super) fn policy_list(
        &self,
        page: &Page,
        group: Option<(By, &str)>,
        folder: &str,
        entries: &[usize],
        number: usize,
    ) -> View<'a> {
        let root = page.route.root();
        let policies = page_of(entries, number)
            .iter()
            .filter_map(|index| Some(self.policy_item(self.catalogue.entries.get(*index)?, &root)))
            .collect();
        let title = match group {
            Some((by, name)) => format!("政策文件：{}{name}", by.title_prefix()),
            None => "政策文件".to_owned(),
        };
        let mut head = self.head(page, list_title(&title, number));
        head.column(&self.config.columns.policies);
        head.section = "policies";
        head.sheet = "more";
        if group.is_none() {
            head.alternate("application/json", "机器可读", format!("{root}{}", super::set_json::JSON));
            head.alternate("text/csv", "目录（CSV）", format!("{root}{}", super::set_json::CSV));
        }
        let mut crumbs = vec![home(&root)];
        match group {
            Some((by, name)) => {
                crumbs.push(up(&root));
                let href = format!("{root}{}/", by.folder());
                crumbs.push(Crumb { key: by.groups_heading(), text: String::new(), href });
                crumbs.push(here(name));
            }
            None => crumbs.push(here_key("nav.policies")),
        }
        let list = ListView {
            heading: group.map_or("list.policies", |(by, _)| by.list_heading()),
            name: group.map(|(_, name)| name.to_owned()).unwrap_or_default(),
            crumbs,
            total: entries.len(),
            policies,
            materials: Vec::new(),
            pager: pager(folder, entries.len(), number, &root),
            as_of: self.clock.today().to_string(),
            by_force: group.is_some_and(|(by, _)| by == By::Force),
            feed: String::new(),
            ways: if group.is_none() && number == 1 { self.ways(&root) } else { Vec::new() },
        };
        View { head, content: Content::List(Box::new(list)), body: None, slots: Vec::new(), twin: None }
    }

    pub(super) fn search(&self, page: &Page) -> View<'a> {
        let root = page.route.root();
        let mut head = self.head(page, "检索");
        head.section = "search";
        head.class = "finding";
        head.sheet = "more";
        let content = SearchView {
            crumbs: vec![home(&root), here_key("nav.search")],
            policies: self.catalogue.entries.len(),
            materials: self.catalogue.materials.len(),
            policies_href: format!("{root}policies/"),
            materials_href: format!("{root}interpretations/"),
            changes_href: format!("{root}changes/"),
            subjects: self.group_links(By::Subject, &root),
            years: self.group_links(By::Year, &root),
            kinds: self.group_links(By::Kind, &root),
            forces: self.group_links(By::Force, &root),
            latest: self
                .catalogue
                .entries
                .iter()
                .take(PER_PAGE)
                .map(|entry| self.policy_item(entry, &root))
                .collect(),
            issuers: self.group_links(By::Issuer, &root),
            topics: self.topic_links(&root),
            contact: self.config.site.contact.clone().unwrap_or_default(),
            as_of: self.clock.today().to_string(),
            index: format!("{root}{}", super::search::FOLDER),
            version: self.revision.chars().take(12).collect(),
        };
        View { head, content: Content::Search(Box::new(content)), body: None, slots: Vec::new(), twin: None }
    }

    /// A policy as lists show it.
    pub(super) fn policy_item(&self, entry: &Entry<'_>, root: &str) -> PolicyItem {
        let guests = self.catalogue.guests.get(&entry.set.id).map_or(0, Vec::len);
        let consultation = entry.policy.meta.consultation.as_ref();
        let consultation = consultation.filter(|_| entry.policy.meta.stage == Stage::Consultation);
        let until = consultation.map(|dates| dates.value.until.to_string()).unwrap_or_default();
        PolicyItem {
            title: entry.title().to_owned(),
            href: format!("{root}{}", entry.route().url()),
            number: entry.number().unwrap_or("").to_owned(),
            issuer: entry.policy.meta.issuers.first().map(|issuer| issuer.value.clone()).unwrap_or_default(),
            date: entry.date().to_string(),
            label: entry.force.label.clone(),
            tone: entry.force.tone,
            days: super::status::day_states(&entry.forces),
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

/// The title of one page of a list.
pub(super) fn list_title(title: &str, number: usize) -> String {
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

/// All policies as a step of the way.
pub(super) fn up(root: &str) -> Crumb {
    Crumb { key: "nav.policies", text: String::new(), href: format!("{root}policies/") }
}

pub(super) fn here_key(key: &'static str) -> Crumb {
    Crumb { key, text: String::new(), href: String::new() }
}

/// First, last and the neighbours of the page shown.
pub(super) fn pager(folder: &str, entries: usize, number: usize, root: &str) -> Pager {
    pager_of(page_count(entries, PER_PAGE), number, |page| {
        format!("{root}{}", Route::list_page(folder, page).url())
    })
}

/// The same of so many pages at addresses of their own.
pub(super) fn pager_of(count: usize, number: usize, href: impl Fn(usize) -> String) -> Pager {
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

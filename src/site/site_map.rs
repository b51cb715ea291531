//! 站点地图: every list, group, topic and standing page on one page, and what
//! the site offers to machines.

use serde::Serialize;

use super::groups::{By, GroupItem};
use super::lists::{Crumb, here_key, home};
use super::set_json::{CSV, JSON};
use super::{Content, Page, SitePlan, View};

/// The folder of the page; an office's own page of the name takes its place.
pub(super) const FOLDER: &str = "sitemap";

/// The page.
#[derive(Debug, Serialize)]
pub struct SiteMapView {
    crumbs: Vec<Crumb>,
    /// Lists, by the key of their name.
    lists: Vec<MapLink>,
    /// Every way to group policies, with all its groups.
    ways: Vec<MapWay>,
    topics: Vec<GroupItem>,
    pages: Vec<MapLink>,
    /// Files for machines.
    data: Vec<MapLink>,
}

#[derive(Debug, Serialize)]
struct MapLink {
    /// Key of the name; may be empty.
    key: &'static str,
    name: String,
    href: String,
}

#[derive(Debug, Serialize)]
struct MapWay {
    heading: &'static str,
    href: String,
    groups: Vec<GroupItem>,
}

impl<'a> SitePlan<'a> {
    /// Whether the site has this page, rather than an office's own.
    pub(super) fn has_site_map(&self) -> bool {
        self.standing.iter().all(|page| page.route != FOLDER)
    }

    pub(super) fn site_map(&self, page: &Page) -> View<'a> {
        let root = page.route.root();
        let mut head = self.head(page, "站点地图");
        head.sheet = "more";
        head.alternate("application/json", "机器可读", format!("{root}{JSON}"));
        let link = |key, path: &str| MapLink { key, name: String::new(), href: format!("{root}{path}") };
        let mut lists = vec![
            link("nav.home", ""),
            link("nav.policies", "policies/"),
            link("nav.interpretations", "interpretations/"),
            link("changes.heading", "changes/"),
            link("nav.search", "search/"),
        ];
        if !self.topics.is_empty() {
            lists.push(link("topics.heading", "topics/"));
        }
        lists.extend(self.office_links().into_iter().map(|(name, path)| MapLink {
            key: "",
            name,
            href: format!("{root}{path}"),
        }));
        let ways = By::ALL.into_iter().map(|by| MapWay {
            heading: by.groups_heading(),
            href: format!("{root}{}/", by.folder()),
            groups: self.group_links(by, &root),
        });
        let content = SiteMapView {
            crumbs: vec![home(&root), here_key("foot.sitemap")],
            lists,
            ways: ways.filter(|way| !way.groups.is_empty()).collect(),
            topics: self.topic_links(&root),
            pages: self
                .standing
                .iter()
                .map(|page| MapLink {
                    key: "",
                    name: page.title.clone(),
                    href: format!("{root}{}/", page.route),
                })
                .collect(),
            data: vec![
                link("map.catalogue-csv", CSV),
                link("map.catalogue-json", JSON),
                link("foot.atom", "feed.xml"),
                link("foot.json-feed", "feed.json"),
                link("map.xml", "sitemap.xml"),
                link("map.schema", "schema/jiedu.json"),
            ],
        };
        View { head, content: Content::SiteMap(Box::new(content)), body: None, slots: Vec::new(), twin: None }
    }
}

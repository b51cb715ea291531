//! The home page: a fixed number of everything.

use serde::Serialize;

use super::changes::ChangeItem;
use super::groups::{By, GroupItem, Ways};
use super::lists::{MaterialItem, PolicyItem};
use super::{Content, Page, SitePlan, View};

/// Entries of each list on the home page.
const SHOWN: usize = 6;

/// The home page.
#[derive(Debug, Serialize)]
pub struct HomeView {
    office: String,
    policies: Vec<PolicyItem>,
    materials: Vec<MaterialItem>,
    changes: Vec<ChangeItem>,
    subjects: Vec<GroupItem>,
    /// By year, 文种 and state of force.
    ways: Vec<Ways>,
    topics: Vec<GroupItem>,
    /// The day of which states of force are said.
    as_of: String,
    policy_count: usize,
    interpreted_count: usize,
    material_count: usize,
    edition_count: usize,
}

impl<'a> SitePlan<'a> {
    pub(super) fn home(&self, page: &Page) -> View<'a> {
        let root = page.route.root();
        let mut head = self.head(page, "首页");
        head.class = "home";
        head.section = "home";
        head.description = format!("{}：政策文件、政策解读与版本对照。", self.config.site.name);
        head.alternate("application/feed+json", self.config.site.name.clone(), format!("{root}feed.json"));
        let entries = &self.catalogue.entries;
        let interpreted = |id| self.catalogue.guests.contains_key(id);
        let content = HomeView {
            office: self.config.office.name.clone(),
            policies: entries.iter().take(SHOWN).map(|entry| self.policy_item(entry, &root)).collect(),
            materials: self
                .catalogue
                .materials
                .iter()
                .take(SHOWN)
                .map(|m| self.material_item(m, &root))
                .collect(),
            changes: self.events.iter().take(SHOWN).map(|event| Self::change_item(event, &root)).collect(),
            subjects: self.group_links(By::Subject, &root),
            ways: self.ways(&root).into_iter().filter(|ways| ways.by != By::Subject).collect(),
            topics: self.topic_links(&root),
            as_of: self.clock.today().to_string(),
            policy_count: entries.len(),
            interpreted_count: entries
                .iter()
                .filter(|entry| !entry.edition.set.materials.is_empty() || interpreted(&entry.set.id))
                .count(),
            material_count: self.catalogue.materials.len(),
            edition_count: entries.iter().map(|entry| entry.set.editions.len()).sum(),
        };
        View { head, content: Content::Home(Box::new(content)), body: None, slots: Vec::new(), twin: None }
    }
}

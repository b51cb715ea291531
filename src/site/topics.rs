//! 政策专题 (集成式发布): policies of several sets and issuers on one page, with
//! their force and their interpretations.

use std::collections::BTreeSet;

use serde::Serialize;

use super::catalogue::{Entry, Material, title};
use super::groups::GroupItem;
use super::lists::{Crumb, MaterialItem, PolicyItem, here, here_key, home};
use super::route::Route;
use super::title::title_html;
use super::{Content, Page, SitePlan, View};
use jiedu_base::name::SetId;
use jiedu_model::Topic;

/// The list of topics.
#[derive(Debug, Serialize)]
pub struct TopicsView {
    crumbs: Vec<Crumb>,
    topics: Vec<GroupItem>,
}

/// One topic.
#[derive(Debug, Serialize)]
pub struct TopicView {
    crumbs: Vec<Crumb>,
    title: String,
    title_html: String,
    policies: Vec<TopicItem>,
    total: usize,
    /// Policies that are no longer shown.
    gone: Vec<GroupItem>,
    issuers: Vec<String>,
    in_force: usize,
    as_of: String,
    interpretations: usize,
}

/// A policy of a topic.
#[derive(Debug, Serialize)]
struct TopicItem {
    policy: PolicyItem,
    interpretations: Vec<MaterialItem>,
    /// Questions with answers, and where; 0 when there are none.
    questions: usize,
    questions_href: String,
}

/// The address of a topic.
pub(super) fn route(slug: &str) -> Route {
    Route::page(&format!("topics/{slug}"))
}

impl<'a> SitePlan<'a> {
    /// Links to all topics, with the number of policies shown in each.
    pub(super) fn topic_links(&self, root: &str) -> Vec<GroupItem> {
        self.topics.iter().map(|topic| self.topic_link(topic, root)).collect()
    }

    /// Links to the topics that list a set.
    pub(super) fn topics_of(&self, id: &SetId, root: &str) -> Vec<GroupItem> {
        let holding = self.topics.iter().filter(|topic| topic.policies.iter().any(|one| one.value == *id));
        holding.map(|topic| self.topic_link(topic, root)).collect()
    }

    fn topic_link(&self, topic: &Topic, root: &str) -> GroupItem {
        GroupItem {
            slug: topic.slug.clone(),
            name: topic.title.clone(),
            href: format!("{root}{}", route(&topic.slug).url()),
            count: self.policies_of_topic(topic).count(),
        }
    }

    pub(super) fn policies_of_topic<'s>(&'s self, topic: &'s Topic) -> impl Iterator<Item = &'s Entry<'a>> {
        topic.policies.iter().filter_map(|id| self.catalogue.entry(&id.value))
    }

    pub(super) fn topics_page(&self, page: &Page) -> View<'a> {
        let root = page.route.root();
        let mut head = self.head(page, "政策专题");
        head.column(&self.config.columns.policies);
        let content = TopicsView {
            crumbs: vec![home(&root), here_key("topics.heading")],
            topics: self.topic_links(&root),
        };
        View { head, content: Content::Topics(Box::new(content)), body: None, slots: Vec::new(), twin: None }
    }

    pub(super) fn topic_page(&self, page: &Page, index: usize) -> View<'a> {
        let Some(topic) = self.topics.get(index) else { return self.missing(page) };
        let root = page.route.root();
        let mut head = self.head(page, format!("{}（政策专题）", topic.title));
        head.description = format!("政策专题：{}", topic.title);
        head.sheet = "art";
        head.column(&self.config.columns.policies);
        let up = Crumb { key: "topics.heading", text: String::new(), href: format!("{root}topics/") };
        let entries: Vec<&Entry<'a>> = self.policies_of_topic(topic).collect();
        let issuers: BTreeSet<&str> = entries
            .iter()
            .flat_map(|entry| &entry.policy.meta.issuers)
            .map(|issuer| issuer.value.as_str())
            .collect();
        let policies: Vec<TopicItem> = entries.iter().map(|entry| self.topic_item(entry, &root)).collect();
        let content = TopicView {
            crumbs: vec![home(&root), up, here(&topic.title)],
            title: topic.title.clone(),
            title_html: title_html(&topic.title, &[]),
            in_force: entries.iter().filter(|entry| entry.force.state == "in-force").count(),
            as_of: self.clock.today().to_string(),
            interpretations: policies.iter().map(|item| item.interpretations.len()).sum(),
            issuers: issuers.into_iter().map(str::to_owned).collect(),
            gone: self.gone_of_topic(topic, &root),
            total: policies.len(),
            policies,
        };
        let html = self.text_html(&topic.blocks, &topic.title, "content/topics", &root);
        View {
            head,
            content: Content::Topic(Box::new(content)),
            body: None,
            slots: vec![("text", html)],
            twin: None,
        }
    }

    fn topic_item(&self, entry: &Entry<'a>, root: &str) -> TopicItem {
        let (set, edition) = (entry.set, entry.edition);
        let own = edition.set.materials.iter().map(|material| Material { set, edition, material });
        let guests = self.catalogue.guests.get(&set.id).into_iter().flatten().copied();
        let questions = super::questions::questions(edition).len();
        TopicItem {
            policy: self.policy_item(entry, root),
            interpretations: own.chain(guests).map(|material| self.material_item(&material, root)).collect(),
            questions,
            questions_href: format!("{root}{}", super::questions::route(&set.id).url()),
        }
    }

    /// Sets of a topic that were withdrawn: the topic says so and leads to the
    /// tombstone.
    fn gone_of_topic(&self, topic: &Topic, root: &str) -> Vec<GroupItem> {
        let gone = topic.policies.iter().filter_map(|id| {
            let found = self.catalogue.gone.binary_search_by(|gone| gone.id.cmp(&id.value)).ok()?;
            self.catalogue.gone.get(found)
        });
        gone.map(|set| {
            let policy = set.editions.last().and_then(|edition| edition.set.policy.as_ref());
            GroupItem {
                slug: String::new(),
                name: policy.map_or(set.id.as_str(), |policy| title(&policy.meta, &set.id)).to_owned(),
                href: format!("{root}{}", Route::set(&set.id).url()),
                count: 0,
            }
        })
        .collect()
    }
}

//! The plan of the site: which pages there are, and what each of them says.
//!
//! [`SitePlan::new`] takes the published sets and settles every address; two
//! things that want the same address are an error. [`SitePlan::view`] then
//! makes the view of one page: plain values for a template plus, for policies,
//! the rows of the text ([`body`]). Views are made one page at a time, in
//! parallel, and dropped when the page is written, so no page holds another
//! page's text and no context grows with the site: lists are cut into pages,
//! the home page shows a fixed number of entries.
//!
//! Everything a page says has a source. A blank value is shown as 原文未标注;
//! a state of force ([`validity`]) comes with the document or the date on
//! which it rests. Words of the interface are keys of the theme's texts, not
//! literals of this room; the exceptions are the feeds and `set.json`, which
//! no theme touches.
//!
//! What is not here: HTML (theme and render), bytes on disk (output), evidence
//! and the manifest (evidence).
//!
//! To add a page kind: 1. a variant of [`PageKind`], its route in
//! [`route`], its entry in `pages()`; 2. a view in a file of its own and its
//! arm in [`SitePlan::view`]; 3. a variant of [`Content`] and its template;
//! 4. make sure that some page links to it (a test looks for orphans).

pub mod address;
pub mod applies;
pub mod at;
pub mod body;
pub mod catalogue;
pub mod changes;
mod clause;
pub mod compare;
mod compare_json;
pub mod consultation;
mod feed;
mod files;
mod glosses;
pub mod groups;
pub mod head;
mod heading;
pub mod history;
mod history_pages;
pub mod home;
pub mod interpretation;
mod json_ld;
mod links;
pub mod lists;
pub mod notice;
pub mod office;
mod pages;
pub mod part;
mod pinned;
pub mod policy;
pub mod policy_parts;
pub mod questions;
pub mod record;
mod references;
pub mod relations;
pub mod route;
pub mod search;
mod set_json;
mod site_map;
mod sitemap;
pub mod standing;
pub mod status;
mod table;
mod title;
pub mod tombstone;
pub mod topics;
pub mod validity;

#[cfg(any(test, feature = "fixtures"))]
pub mod fixtures;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::Serialize;

use jiedu_base::clock::Clock;
use jiedu_base::name::SetId;
use jiedu_config::Config;
use jiedu_edition::{Edition, PublishedSet, SmallEdition};
use jiedu_model::{StandingPage, Topic};
use jiedu_redline::ProvisionHistory;

pub use body::Body;
pub use groups::By;
pub use head::Head;
pub use pages::{Page, PageKind};
pub use route::Route;

/// Whether the file at a path of the site is to be made.
pub type Wanted<'a> = dyn Fn(&str) -> bool + Sync + 'a;

/// Where a file goes: its path from the site's root, and its bytes.
pub type Put<'a, E> = dyn Fn(&str, Cow<'_, [u8]>) -> Result<(), E> + Sync + 'a;

/// What a site is made from.
#[derive(Debug, Clone, Copy)]
pub struct SiteInput<'a> {
    /// Every set with what is published of it, in any order.
    pub sets: &'a [PublishedSet],
    /// The approved texts of the catalogue, of each list and each report, oldest
    /// first.
    pub small: &'a [Vec<SmallEdition>],
    /// Standing pages.
    pub pages: &'a [StandingPage],
    /// Topics.
    pub topics: &'a [Topic],
    /// `site.toml`.
    pub config: &'a Config,
    /// Words that readers use for one another, from the lists of the office.
    pub synonyms: &'a [Vec<String>],
    /// The publication instant.
    pub clock: Clock,
    /// The commit from which the site is built, as hexadecimal digits.
    pub revision: &'a str,
    /// Whether unapproved texts were let in: every page is `noindex`.
    pub drafts: bool,
}

/// A site that cannot be laid out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// Two things want one address.
    #[error("two things want the address /{path}: {first} and {second}")]
    Collision {
        /// The path from the site's root.
        path: String,
        /// What had it first.
        first: String,
        /// What wants it too.
        second: String,
    },
    /// A text that nobody has approved, without the mark of a draft.
    #[error("{set} holds a text that is not approved and is not marked as a draft")]
    UnmarkedDraft {
        /// The set.
        set: String,
    },
}

/// The plan of a site.
#[derive(Debug)]
pub struct SitePlan<'a> {
    /// Settings.
    pub config: &'a Config,
    /// Where the site is mounted.
    pub base: address::Base,
    /// The publication instant.
    pub clock: Clock,
    /// The commit.
    pub revision: &'a str,
    /// Whether unapproved texts were let in.
    pub drafts: bool,
    /// Words that readers use for one another.
    pub(crate) synonyms: &'a [Vec<String>],
    /// What is published.
    pub catalogue: catalogue::Catalogue<'a>,
    /// Standing pages.
    pub standing: &'a [StandingPage],
    /// Topics.
    pub topics: &'a [Topic],
    /// Pages of the catalogue, lists and reports.
    pub office: office::OfficePages,
    /// All sets.
    pub sets: &'a [PublishedSet],
    /// The pages, sorted by path.
    pub pages: Vec<Page>,
    /// Files that need no template: feeds of lists, sitemap, attachments. Those
    /// of each set are made when they are written ([`SitePlan::twins_into`]).
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// What happened to the provisions of each set, made when first asked for.
    histories: Vec<OnceLock<Vec<ProvisionHistory>>>,
    /// Positions in `sets` by id.
    places: BTreeMap<&'a SetId, usize>,
    /// The policies by subject, year, 文种 and state of force.
    groups: groups::Groups,
    /// What happened, newest first.
    events: Vec<changes::Event<'a>>,
    /// All positions in the catalogue.
    all: Vec<usize>,
    /// References inside texts, and who cites whom.
    citations: references::Citations,
}

/// One page's values.
#[derive(Debug)]
pub struct View<'a> {
    /// Title, tags, alternates.
    pub head: Head,
    /// What the template places.
    pub content: Content,
    /// The text of a policy, written by render.
    pub body: Option<Body<'a>>,
    /// HTML that goes into slots of the template, by name.
    pub slots: Vec<(&'static str, String)>,
    /// The machine twin made with the page: its path and its bytes.
    pub twin: Option<(String, Vec<u8>)>,
}

/// The views, by kind of page.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "each variant is documented at its view")]
pub enum Content {
    Home(Box<home::HomeView>),
    Policy(Box<policy::PolicyView>),
    Part(Box<part::PartView>),
    Interpretation(Box<interpretation::InterpretationView>),
    Questions(Box<questions::QuestionsView>),
    History(Box<history::HistoryView>),
    At(Box<at::AtView>),
    Topics(Box<topics::TopicsView>),
    Topic(Box<topics::TopicView>),
    Data(Box<office::DataView>),
    Record(Box<record::RecordView>),
    Compare(Box<compare::CompareView>),
    Tombstone(Box<tombstone::TombstoneView>),
    List(Box<lists::ListView>),
    Groups(Box<groups::GroupsView>),
    Changes(Box<changes::ChangesView>),
    Search(Box<lists::SearchView>),
    SiteMap(Box<site_map::SiteMapView>),
    Standing(Box<standing::StandingView>),
    Missing(Box<standing::MissingView>),
}

impl Content {
    /// The template that shows it.
    pub fn template(&self) -> &'static str {
        match self {
            Self::Home(_) => "home",
            Self::Policy(_) => "policy",
            Self::Part(_) => "part",
            Self::Interpretation(_) => "interpretation",
            Self::Questions(_) => "questions",
            Self::History(_) => "history",
            Self::At(_) => "at",
            Self::Topics(_) => "topics",
            Self::Topic(_) => "topic",
            Self::Data(_) => "data",
            Self::Record(_) => "record",
            Self::Compare(_) => "compare",
            Self::Tombstone(_) => "tombstone",
            Self::List(_) => "list",
            Self::Groups(_) => "groups",
            Self::Changes(_) => "changes",
            Self::Search(_) => "search",
            Self::SiteMap(_) => "map",
            Self::Standing(_) => "standing",
            Self::Missing(_) => "missing",
        }
    }
}

impl<'a> SitePlan<'a> {
    /// Settles every address of the site.
    ///
    /// # Errors
    /// Two things that want the same address.
    pub fn new(input: SiteInput<'a>) -> Result<Self, SiteError> {
        refuse_unmarked(&input)?;
        let catalogue = catalogue::Catalogue::new(input.sets, input.clock);
        let mut plan = Self {
            config: input.config,
            base: address::Base::new(&input.config.site.base_url),
            clock: input.clock,
            revision: input.revision,
            drafts: input.drafts,
            synonyms: input.synonyms,
            groups: groups::Groups::new(&catalogue, &input.config.office.subjects),
            all: (0..catalogue.entries.len()).collect(),
            events: Vec::new(),
            citations: references::Citations::new(&catalogue),
            catalogue,
            standing: input.pages,
            topics: input.topics,
            office: office::OfficePages::of(input.small),
            histories: input.sets.iter().map(|_| OnceLock::new()).collect(),
            sets: input.sets,
            places: input.sets.iter().enumerate().map(|(index, set)| (&set.id, index)).collect(),
            pages: Vec::new(),
            files: BTreeMap::new(),
        };
        plan.events = plan.find_events();
        plan.pages = plan.enumerate();
        plan.files = plan.plain_files();
        plan.check_addresses()?;
        Ok(plan)
    }

    /// Makes the view of one page.
    pub fn view(&self, page: &Page) -> View<'a> {
        match &page.kind {
            PageKind::Home => self.home(page),
            PageKind::Policy { entry } => self.policy(page, *entry),
            PageKind::Edition { set, edition } => self.edition(page, *set, *edition),
            PageKind::Void { set, edition } => self.void_edition(page, *set, *edition),
            PageKind::Interpretation { material } => self.interpretation(page, *material),
            PageKind::PastInterpretation { set, edition, material } => {
                self.past_interpretation(page, *set, *edition, *material)
            }
            PageKind::Questions { entry } => self.questions_page(page, *entry),
            PageKind::History { entry, number } => self.history_page(page, *entry, *number),
            PageKind::At { entry } => self.at_page(page, *entry),
            PageKind::Topics => self.topics_page(page),
            PageKind::Topic { index } => self.topic_page(page, *index),
            PageKind::Data { index } => self.data_page(page, *index),
            PageKind::Record { set, number } => self.record(page, *set, *number),
            PageKind::Compare { set, old, new } => self.compare(page, *set, *old, *new),
            PageKind::Gone { set } => self.gone(page, *set),
            PageKind::GoneInterpretation { set, name } => self.gone_interpretation(page, *set, name),
            PageKind::Moved { set } => self.moved(page, *set),
            PageKind::Policies { number } => self.policies(page, *number),
            PageKind::Interpretations { number } => self.interpretations(page, *number),
            PageKind::Groups { by } => self.groups_page(page, *by),
            PageKind::Group { by, slug, number } => self.group_page(page, *by, slug, *number),
            PageKind::Changes { number } => self.changes(page, *number),
            PageKind::Search => self.search(page),
            PageKind::SiteMap => self.site_map(page),
            PageKind::Standing { index } => self.standing_page(page, *index),
            PageKind::Missing => self.missing(page),
        }
    }
}

/// Nothing unapproved reaches a page without its mark: neither a draft in a
/// site that says it holds none, nor a draft edition in an unmarked set.
fn refuse_unmarked(input: &SiteInput<'_>) -> Result<(), SiteError> {
    let is_unmarked = |set: &&PublishedSet| {
        (set.draft && !input.drafts) || (!set.draft && set.editions.iter().any(Edition::is_draft))
    };
    match input.sets.iter().find(is_unmarked) {
        Some(set) => Err(SiteError::UnmarkedDraft { set: set.id.to_string() }),
        None => Ok(()),
    }
}

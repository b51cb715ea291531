//! Groups of policies: by subject, by year, by 文种 and by state of force.
//!
//! Each way has a page that names its groups (`/subjects/`, `/years/`,
//! `/kinds/`, `/validity/`) and for each group a list cut into pages
//! (`/kinds/tongzhi/`, `/validity/in-force/page/2/`). Groups hold what is
//! there: none is empty, and the state of force is that of this build.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::catalogue::{Catalogue, Entry};
use super::lists::{Crumb, here_key, home, up};
use super::{Content, Page, SitePlan, View};
use jiedu_base::name::Digest;
use jiedu_config::SubjectTree;
use jiedu_model::document_kind;

/// Groups shown where the list itself is not the matter.
const SHOWN: usize = 12;

/// A way to group policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// 主题分类, first level.
    Subject,
    /// Year of 发布日期.
    Year,
    /// 文种, read from the title.
    Kind,
    /// 有效性 at the publication instant.
    Force,
    /// 发布机关; a policy of several stands under each.
    Issuer,
}

impl By {
    /// All ways, in the order in which readers meet them.
    pub(super) const ALL: [Self; 5] = [Self::Subject, Self::Issuer, Self::Year, Self::Kind, Self::Force];

    /// The folder below the site's root.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Subject => "subjects",
            Self::Year => "years",
            Self::Kind => "kinds",
            Self::Force => "validity",
            Self::Issuer => "issuers",
        }
    }

    /// Key of the heading over all groups.
    pub(super) fn groups_heading(self) -> &'static str {
        match self {
            Self::Subject => "list.subjects",
            Self::Year => "list.years",
            Self::Kind => "list.kinds",
            Self::Force => "list.forces",
            Self::Issuer => "list.issuers",
        }
    }

    /// Key of the heading over one group's list.
    pub(super) fn list_heading(self) -> &'static str {
        match self {
            Self::Subject => "list.subject",
            Self::Year => "list.year",
            Self::Kind => "list.kind",
            Self::Force => "list.force",
            Self::Issuer => "list.issuer",
        }
    }

    /// What the title of a page says before the group's name.
    pub(super) fn title_prefix(self) -> &'static str {
        match self {
            Self::Subject | Self::Year | Self::Issuer => "",
            Self::Kind => "文种：",
            Self::Force => "有效性：",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Subject => "主题分类",
            Self::Year => "发布年份",
            Self::Kind => "文种",
            Self::Force => "有效性",
            Self::Issuer => "发布机关",
        }
    }
}

/// The 文种 of the titles in ASCII, in the order of the list.
const KIND_SLUGS: [(&str, &str); 42] = [
    ("决议", "jueyi"),
    ("决定", "jueding"),
    ("命令", "mingling"),
    ("令", "ling"),
    ("公报", "gongbao"),
    ("公告", "gonggao"),
    ("通告", "tonggao"),
    ("意见", "yijian"),
    ("实施意见", "shishi-yijian"),
    ("通知", "tongzhi"),
    ("通报", "tongbao"),
    ("报告", "baogao"),
    ("请示", "qingshi"),
    ("批复", "pifu"),
    ("议案", "yian"),
    ("函", "han"),
    ("纪要", "jiyao"),
    ("条例", "tiaoli"),
    ("规定", "guiding"),
    ("办法", "banfa"),
    ("实施办法", "shishi-banfa"),
    ("细则", "xize"),
    ("实施细则", "shishi-xize"),
    ("规则", "guize"),
    ("规程", "guicheng"),
    ("章程", "zhangcheng"),
    ("制度", "zhidu"),
    ("公约", "gongyue"),
    ("标准", "biaozhun"),
    ("要点", "yaodian"),
    ("工作要点", "gongzuo-yaodian"),
    ("方案", "fangan"),
    ("工作方案", "gongzuo-fangan"),
    ("实施方案", "shishi-fangan"),
    ("计划", "jihua"),
    ("行动计划", "xingdong-jihua"),
    ("规划", "guihua"),
    ("预案", "yuan"),
    ("应急预案", "yingji-yuan"),
    ("指南", "zhinan"),
    ("目录", "mulu"),
    ("清单", "qingdan"),
];

/// The states of force and what they are called, in the order of the list.
const FORCES: [(&str, &str); 10] = [
    ("in-force", "现行有效"),
    ("unstated", "有效性未标注"),
    ("not-yet", "尚未施行"),
    ("consultation-upcoming", "尚未开始征求意见"),
    ("consultation", "征求意见中"),
    ("consultation-closed", "征求意见已结束"),
    ("amended", "已修订"),
    ("partial", "部分失效"),
    ("expired", "已失效"),
    ("repealed", "已废止"),
];

/// What a state of force is called.
pub(super) fn force_name(state: &'static str) -> &'static str {
    FORCES.iter().find(|(known, _)| *known == state).map_or(state, |(_, name)| name)
}

/// Policies that belong together.
#[derive(Debug, Default)]
pub struct Group {
    /// What the readers call it.
    pub(crate) name: String,
    /// Its place among the groups.
    order: usize,
    /// Positions in the catalogue, newest first.
    pub(crate) entries: Vec<usize>,
}

/// The groups of every way by the last part of their addresses.
#[derive(Debug)]
pub(super) struct Groups(BTreeMap<By, BTreeMap<String, Group>>);

/// No groups.
static NONE: BTreeMap<String, Group> = BTreeMap::new();

impl Groups {
    /// Sorts the policies into their groups.
    pub(super) fn new(catalogue: &Catalogue<'_>, tree: &SubjectTree) -> Self {
        let sorted = |by| {
            let mut groups: BTreeMap<String, Group> = BTreeMap::new();
            for (index, entry) in catalogue.entries.iter().enumerate() {
                for (slug, name, order) in places(by, entry, tree) {
                    let group = groups.entry(slug).or_default();
                    (group.name, group.order) = (name, order);
                    group.entries.push(index);
                }
            }
            (by, groups)
        };
        Self(By::ALL.into_iter().map(sorted).collect())
    }

    /// The groups of one way.
    pub(super) fn of(&self, by: By) -> &BTreeMap<String, Group> {
        self.0.get(&by).unwrap_or(&NONE)
    }
}

/// The groups of a policy one way.
fn places(by: By, entry: &Entry<'_>, tree: &SubjectTree) -> Vec<(String, String, usize)> {
    if by != By::Issuer {
        return place(by, entry, tree).into_iter().collect();
    }
    let names: BTreeSet<&str> = entry.policy.meta.issuers.iter().map(|one| one.value.trim()).collect();
    names
        .into_iter()
        .filter(|name| !name.is_empty())
        .map(|name| (slug_of(name), name.to_owned(), 0))
        .collect()
}

/// The group of a policy: its address, its name and its place.
fn place(by: By, entry: &Entry<'_>, tree: &SubjectTree) -> Option<(String, String, usize)> {
    match by {
        By::Issuer => None,
        By::Subject => {
            let name = entry.subject()?;
            let at = tree.levels.iter().position(|(level, _)| level == name);
            Some((subject_slug(name, tree), name.to_owned(), at.unwrap_or(usize::MAX)))
        }
        By::Year => {
            let year = entry.date().year();
            let order = usize::try_from(i32::from(i16::MAX) - i32::from(year)).unwrap_or(0);
            Some((format!("{year:04}"), format!("{year:04}"), order))
        }
        By::Kind => {
            let (slug, name) = kind_of(entry.title());
            let at = KIND_SLUGS.iter().position(|(_, known)| *known == slug);
            Some((slug.to_owned(), name.to_owned(), at.unwrap_or(usize::MAX)))
        }
        By::Force => {
            let state = entry.force.state;
            let at = FORCES.iter().position(|(known, _)| *known == state);
            Some((state.to_owned(), force_name(state).to_owned(), at.unwrap_or(usize::MAX)))
        }
    }
}

/// Address and name of the 文种 with which a title closes, whatever stands
/// behind it in brackets (`（试行）`).
pub(super) fn kind_of(title: &str) -> (&'static str, &'static str) {
    let title = match title.strip_suffix('）').and_then(|title| title.rsplit_once('（')) {
        Some((before, _)) => before,
        None => title,
    };
    let known = document_kind(title).and_then(|kind| KIND_SLUGS.iter().find(|(name, _)| *name == kind));
    known.map_or(("other", "其他"), |(name, slug)| (slug, name))
}

/// The address of a subject: its place in the tree, or a digest of its name
/// outside the tree. Folders of a web server are safest in ASCII.
pub(super) fn subject_slug(name: &str, tree: &SubjectTree) -> String {
    match tree.levels.iter().position(|(level, _)| level == name) {
        Some(place) => format!("{:02}", place + 1),
        None => slug_of(name),
    }
}

/// An address made of a name.
fn slug_of(name: &str) -> String {
    format!("x{}", Digest::of(name.as_bytes()).hex().chars().take(10).collect::<String>())
}

/// A list of lists.
#[derive(Debug, Serialize)]
pub struct GroupsView {
    heading: &'static str,
    /// The day on which the groups rest, where they do; else empty.
    as_of: String,
    crumbs: Vec<Crumb>,
    groups: Vec<GroupItem>,
    /// The other ways.
    ways: Vec<Ways>,
}

/// A link to a list.
#[derive(Debug, Clone, Serialize)]
pub struct GroupItem {
    /// The last part of its address.
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) count: usize,
}

/// The groups of one way, the first ones of many.
#[derive(Debug, Serialize)]
pub struct Ways {
    #[serde(skip)]
    pub(super) by: By,
    /// Key of the heading.
    heading: &'static str,
    /// The page that names all of them.
    href: String,
    groups: Vec<GroupItem>,
    /// Whether there are more.
    more: bool,
}

impl<'a> SitePlan<'a> {
    /// The page that names the groups of one way.
    pub(super) fn groups_page(&self, page: &Page, by: By) -> View<'a> {
        let root = page.route.root();
        let mut head = self.head(page, format!("政策文件：{}", by.title()));
        head.column(&self.config.columns.policies);
        head.section = "policies";
        head.sheet = "more";
        let content = GroupsView {
            heading: by.groups_heading(),
            as_of: if by == By::Force { self.clock.today().to_string() } else { String::new() },
            crumbs: vec![home(&root), up(&root), here_key(by.groups_heading())],
            groups: self.group_links(by, &root),
            ways: self.ways(&root).into_iter().filter(|ways| ways.by != by).collect(),
        };
        View { head, content: Content::Groups(Box::new(content)), body: None, slots: Vec::new(), twin: None }
    }

    /// One page of a group's list.
    pub(super) fn group_page(&self, page: &Page, by: By, slug: &str, number: usize) -> View<'a> {
        let empty = Group::default();
        let group = self.groups.of(by).get(slug).unwrap_or(&empty);
        let folder = format!("{}/{slug}", by.folder());
        let mut view = self.policy_list(page, Some((by, &group.name)), &folder, &group.entries, number);
        if matches!(by, By::Subject | By::Issuer) {
            let feed = format!("{}{folder}/feed.xml", page.route.root());
            view.head.alternate("application/atom+xml", group.name.clone(), feed.clone());
            let json = feed.replace("feed.xml", "feed.json");
            view.head.alternate("application/feed+json", group.name.clone(), json);
            if let Content::List(list) = &mut view.content {
                list.feed = feed;
            }
        }
        view
    }

    /// Links to the lists of one way: the newest year first, the others in
    /// the order of their tree or table.
    pub(super) fn group_links(&self, by: By, root: &str) -> Vec<GroupItem> {
        let mut groups: Vec<(&String, &Group)> = self.groups.of(by).iter().collect();
        groups.sort_by_key(|(slug, group)| (group.order, *slug));
        let link = |(slug, group): (&String, &Group)| GroupItem {
            slug: slug.clone(),
            name: group.name.clone(),
            href: format!("{root}{}/{slug}/", by.folder()),
            count: group.entries.len(),
        };
        groups.into_iter().map(link).collect()
    }

    /// Every way that has groups, each with its first ones.
    pub(super) fn ways(&self, root: &str) -> Vec<Ways> {
        let way = |by: By| {
            let mut groups = self.group_links(by, root);
            let more = groups.len() > SHOWN;
            groups.truncate(SHOWN);
            let href = format!("{root}{}/", by.folder());
            Ways { by, heading: by.groups_heading(), href, groups, more }
        };
        By::ALL.into_iter().map(way).filter(|ways| !ways.groups.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedu_model::{CARRIED_KINDS, STATUTORY_KINDS};
    use jiedu_theme::Theme;

    #[test]
    fn states_are_called_as_the_theme_calls_them() {
        let theme = Theme::built_in().unwrap();
        for (state, name) in FORCES {
            assert_eq!(theme.text(&format!("validity.{state}")).unwrap(), name);
        }
    }

    #[test]
    fn every_kind_has_an_address_of_its_own() {
        let slugs: BTreeSet<&str> = KIND_SLUGS.into_iter().map(|(_, slug)| slug).collect();
        assert_eq!(slugs.len(), KIND_SLUGS.len());
        for kind in STATUTORY_KINDS.iter().chain(&CARRIED_KINDS) {
            assert!(KIND_SLUGS.iter().any(|(name, _)| name == kind), "{kind}");
        }
        assert_eq!(kind_of("某局关于某事的通知"), ("tongzhi", "通知"));
        assert_eq!(kind_of("某市某某办法（试行）"), ("banfa", "办法"));
        assert_eq!(kind_of("某局关于某事"), ("other", "其他"));
    }
}

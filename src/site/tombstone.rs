//! What stands where a published text stood: an address is never removed.

use serde::Serialize;

use super::catalogue::title;
use super::lists::{Crumb, here, home};
use super::route::Route;
use super::title::title_html;
use super::{Content, Page, SitePlan, View};
use jiedu_edition::PublishedSet;

/// A notice in place of a text.
#[derive(Debug, Serialize)]
pub struct TombstoneView {
    crumbs: Vec<Crumb>,
    /// Key of the kicker: 已撤回, 已失效的版本, 已迁移.
    kind: &'static str,
    title: String,
    title_html: String,
    number: String,
    /// Key of the explanation.
    text: &'static str,
    n: u32,
    date: String,
    /// Address of what replaced it; may be empty.
    next: String,
    next_title: String,
    record: String,
    editions: Vec<TombstoneLink>,
    interpretations: Vec<InterpretationLink>,
    code: String,
}

#[derive(Debug, Serialize)]
struct InterpretationLink {
    name: String,
    href: String,
}

#[derive(Debug, Serialize)]
struct TombstoneLink {
    n: u32,
    href: String,
}

impl<'a> SitePlan<'a> {
    /// A set that was withdrawn, or all of whose editions were voided.
    pub(super) fn gone(&self, page: &Page, set: usize) -> View<'a> {
        let Some(set) = self.sets.get(set) else { return self.missing(page) };
        let root = page.route.root();
        let mut view = Self::tombstone(set, &root);
        view.editions = set
            .editions
            .iter()
            .map(|edition| TombstoneLink {
                n: edition.number,
                href: format!("{root}{}", Route::edition(&set.id, edition.number).url()),
            })
            .collect();
        let materials =
            set.editions.last().map(|edition| edition.set.materials.as_slice()).unwrap_or_default();
        view.interpretations = materials
            .iter()
            .map(|material| InterpretationLink {
                name: material.meta.form.as_ref().map_or(&material.name, |form| &form.value).clone(),
                href: format!("{root}{}", Route::interpretation(&set.id, &material.name).url()),
            })
            .collect();
        self.tombstone_page(page, set, view, "")
    }

    /// An interpretation that went with its set.
    pub(super) fn gone_interpretation(&self, page: &Page, set: usize, name: &str) -> View<'a> {
        let Some(set) = self.sets.get(set) else { return self.missing(page) };
        let root = page.route.root();
        let mut view = Self::tombstone(set, &root);
        view.text = "tombstone.interpretation";
        self.tombstone_page(page, set, view, &format!("（解读 {name}）"))
    }

    /// An edition that is not shown any more.
    pub(super) fn void_edition(&self, page: &Page, set: usize, edition: usize) -> View<'a> {
        let found = self.sets.get(set).and_then(|set| Some((set, set.editions.get(edition)?)));
        let Some((set, edition)) = found else { return self.missing(page) };
        let root = page.route.root();
        let mut view = Self::tombstone(set, &root);
        view.n = edition.number;
        if set.withdrawn.is_none() {
            edition.void.unwrap_or_default().clone_into(&mut view.code);
            view.kind = "tombstone.void";
            view.text = "tombstone.void-text";
        }
        if let Some(entry) = self.catalogue.entry(&set.id) {
            view.next = format!("{root}{}", entry.route().url());
            entry.title().clone_into(&mut view.next_title);
        }
        self.tombstone_page(page, set, view, &format!("（第{}版）", edition.number))
    }

    /// An old address of a set.
    pub(super) fn moved(&self, page: &Page, set: usize) -> View<'a> {
        let Some(set) = self.sets.get(set) else { return self.missing(page) };
        let root = page.route.root();
        let mut view = Self::tombstone(set, &root);
        (view.kind, view.text, view.date) = ("tombstone.moved", "tombstone.moved-text", String::new());
        if let Some(entry) = self.catalogue.entry(&set.id) {
            view.next = format!("{root}{}", entry.route().url());
            entry.title().clone_into(&mut view.next_title);
        }
        let mut page_view = self.tombstone_page(page, set, view, &format!("（原地址 {}）", page.route.url()));
        page_view.head.canonical = self.base.absolute(&Route::set(&set.id).url());
        page_view.head.noindex = true;
        page_view
    }

    fn tombstone(set: &PublishedSet, root: &str) -> TombstoneView {
        let policy = set.editions.last().and_then(|edition| edition.set.policy.as_ref());
        let meta = policy.map(|policy| &policy.meta);
        let title = meta.map_or(set.id.as_str(), |meta| title(meta, &set.id));
        TombstoneView {
            crumbs: vec![home(root)],
            kind: if set.withdrawn.is_some() { "tombstone.withdrawn" } else { "tombstone.void" },
            title: title.to_owned(),
            title_html: title_html(title, &[]),
            number: meta
                .and_then(|meta| Some(meta.document_number.as_ref()?.value.clone()))
                .unwrap_or_default(),
            text: if set.withdrawn.is_some() {
                "tombstone.withdrawn-text"
            } else {
                "tombstone.all-void-text"
            },
            n: 0,
            date: set.withdrawn.as_ref().map(|(_, when)| when.today().to_string()).unwrap_or_default(),
            next: String::new(),
            next_title: String::new(),
            record: format!("{root}{}", Route::in_set(&set.id, "record/index.html").url()),
            editions: Vec::new(),
            interpretations: Vec::new(),
            code: String::new(),
        }
    }

    fn tombstone_page(
        &self,
        page: &Page,
        set: &PublishedSet,
        mut view: TombstoneView,
        suffix: &str,
    ) -> View<'a> {
        let root = page.route.root();
        let up = Crumb { key: "nav.policies", text: String::new(), href: format!("{root}policies/") };
        view.crumbs.push(up);
        let name = if view.number.is_empty() { view.title.clone() } else { view.number.clone() };
        view.crumbs.push(here(&name));
        let state = match view.kind {
            "tombstone.withdrawn" => "已撤回",
            "tombstone.moved" => "已迁移",
            _ => "不再展示",
        };
        let mut head = self.head(page, format!("[{state}] {name}{suffix}"));
        head.section = "policies";
        head.column(&self.config.columns.policies);
        if view.kind != "tombstone.moved" {
            head.provenance = format!("{root}{}", Route::in_set(&set.id, "record/index.json").url());
        }
        View { head, content: Content::Tombstone(Box::new(view)), body: None, slots: Vec::new(), twin: None }
    }
}

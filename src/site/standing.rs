//! Standing pages (指南, 制度, 关于 …) and the page for addresses that do not exist.

use std::fmt::Write as _;

use serde::Serialize;

use super::links::{Destination, is_outward, lead};
use super::lists::{Crumb, here, home};
use super::title::title_html;
use super::{Content, Page, SitePlan, View};
use crate::markdown::RenderedBlock;

/// A standing page.
#[derive(Debug, Serialize)]
pub struct StandingView {
    crumbs: Vec<Crumb>,
    title: String,
    title_html: String,
}

/// 404.
#[derive(Debug, Serialize)]
pub struct MissingView {
    policies: String,
    interpretations: String,
    changes: String,
    error_report: String,
}

impl<'a> SitePlan<'a> {
    pub(super) fn standing_page(&self, page: &Page, index: usize) -> View<'a> {
        let Some(standing) = self.standing.get(index) else { return self.missing(page) };
        let root = page.route.root();
        let mut head = self.head(page, standing.title.clone());
        head.description.clone_from(&standing.title);
        let html = self.text_html(&standing.blocks, &standing.title, &standing.route, &root);
        let content = StandingView {
            crumbs: vec![home(&root), here(&standing.title)],
            title: standing.title.clone(),
            title_html: title_html(&standing.title, &[]),
        };
        View {
            head,
            content: Content::Standing(Box::new(content)),
            body: None,
            slots: vec![("text", html)],
            twin: None,
        }
    }

    /// The text of a page that belongs to no set.
    pub(super) fn text_html(&self, blocks: &[RenderedBlock], title: &str, route: &str, root: &str) -> String {
        let mut out = String::new();
        let (mut above, mut tables) = (1, 0);
        for block in blocks {
            let html = lead(&block.html, &mut tables, |address, image| {
                self.standing_link(address, image, route, root)
            });
            match block.heading {
                Some(_) if super::body::same_words(&block.text, title) => {}
                Some(level) => {
                    let level = level.max(2).min(above + 1).min(6);
                    above = level;
                    let inner = super::heading::inner_of_heading(&html).unwrap_or_default();
                    let _ = writeln!(out, "<h{level}>{inner}</h{level}>");
                }
                None => out.push_str(&html),
            }
        }
        out
    }

    /// Links of standing pages lead outward, to sets (`clause:` with an id) or
    /// to other standing pages by file name.
    fn standing_link(&self, address: &str, image: bool, route: &str, root: &str) -> Destination {
        if is_outward(address) && !image {
            return Destination::To(address.to_owned());
        }
        if let Some(target) = address.strip_prefix("clause:") {
            return self.foreign_clause(target, root).map_or(Destination::Nowhere, Destination::To);
        }
        let folder = route.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = super::links::join(folder, address);
        let route = path.as_deref().map(|path| path.strip_suffix(".md").unwrap_or(path));
        match route.filter(|route| self.standing.iter().any(|page| page.route == **route)) {
            Some(route) => Destination::To(format!("{root}{route}/")),
            None => Destination::Nowhere,
        }
    }

    fn foreign_clause(&self, target: &str, root: &str) -> Option<String> {
        let decoded = super::route::decode_percent(target);
        let (id, name) = super::clause::split_target(&decoded);
        if let Some(entry) = crate::name::SetId::parse(&decoded).ok().and_then(|id| self.catalogue.entry(&id))
        {
            return Some(format!("{root}{}", entry.route().url()));
        }
        let entry = self.catalogue.entry(&id?)?;
        let anchor = entry.clauses().anchor(name)?;
        Some(format!("{root}{}#{anchor}", entry.route().url()))
    }

    /// 404. It can be served at any depth, so its addresses begin at the host.
    pub(super) fn missing(&self, page: &Page) -> View<'a> {
        let root = self.base.path();
        let mut head = self.head(page, "页面未找到");
        head.root.clone_from(&root);
        head.canonical = String::new();
        head.noindex = true;
        let content = MissingView {
            policies: format!("{root}policies/"),
            interpretations: format!("{root}interpretations/"),
            changes: format!("{root}changes/"),
            error_report: self.config.site.error_report_url.clone().unwrap_or_default(),
        };
        View { head, content: Content::Missing(Box::new(content)), body: None, slots: Vec::new(), twin: None }
    }
}

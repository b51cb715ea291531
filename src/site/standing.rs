//! Standing pages (指南, 制度, 关于 …) and the page for addresses that do not exist.

use std::fmt::Write as _;

use serde::Serialize;

use super::files::is_footnote;
use super::links::{Destination, lead};
use super::lists::{Crumb, here, home};
use super::title::title_html;
use super::{Content, Page, SitePlan, View};
use jiedu_link::{Written, decode_percent, join, read_target};
use jiedu_markdown::RenderedBlock;

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
        head.sheet = "art";
        let folder = standing.route.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folder = format!("content/pages/{folder}");
        let html = self.text_html(&standing.blocks, &standing.title, &folder, &root);
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
    /// `folder` is that of its file in the repository.
    pub(super) fn text_html(
        &self,
        blocks: &[RenderedBlock],
        title: &str,
        folder: &str,
        root: &str,
    ) -> String {
        let mut out = String::new();
        let (mut above, mut tables) = (1, 0);
        for block in blocks {
            let html = lead(&block.html, &mut tables, |address, image| {
                self.standing_link(address, image, folder, root)
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

    /// Links of standing pages and topics lead outward, to sets (`clause:` with
    /// an id), to other files or to addresses of the site.
    fn standing_link(&self, address: &str, image: bool, folder: &str, root: &str) -> Destination {
        let found = match read_target(address) {
            _ if image => None,
            Written::Clause(target) => self.foreign_clause(target, root),
            Written::Outside => Some(address.to_owned()),
            Written::Unsafe => None,
            Written::Fragment(fragment) => is_footnote(fragment).then(|| address.to_owned()),
            Written::Absolute(address) => self.on_site(address, root),
            Written::Relative(path, fragment) => {
                join(folder, &decode_percent(path)).and_then(|path| self.in_repository(&path, fragment, root))
            }
        };
        found.map_or(Destination::Nowhere, Destination::To)
    }

    fn foreign_clause(&self, target: &str, root: &str) -> Option<String> {
        let decoded = decode_percent(target);
        let (id, name) = super::clause::split_target(&decoded);
        if let Some(entry) =
            jiedu_base::name::SetId::parse(&decoded).ok().and_then(|id| self.catalogue.entry(&id))
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

//! The plan and the theme together: every file of the site.
//!
//! [`render`] makes the view of each page, lays it into its template, and puts
//! the text of policies into the slots that the templates leave. Pages are
//! independent of each other, so they are made in parallel and handed on one by
//! one ([`render_into`]); what a page holds does not depend on when it is made,
//! so the number of threads never shows. Nothing is read or written here.
//!
//! Masthead and footer differ only by depth and section: they are made once
//! for each pair and shared.

mod compare;
mod far;
mod loose;
mod rows;
mod shown;
mod split;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use serde::Serialize;

use jiedu_site::compare::{CompareView, TABLE};
use jiedu_site::part::{WHOLE, part_file};
use jiedu_site::{Body, Content, Head, Page, Route, SitePlan, View};
use jiedu_theme::{Theme, ThemeError, slot_marker};

pub use jiedu_site::{Put, Wanted};
pub use loose::compare_page;
pub use shown::Shown;

/// The files of a site by path from its root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteTree {
    /// The files.
    pub files: BTreeMap<String, Arc<[u8]>>,
}

/// A site that cannot be rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// A template does not fit the page.
    #[error("cannot render /{page}")]
    Page {
        /// The page.
        page: String,
        /// What is wrong.
        #[source]
        source: ThemeError,
    },
    /// A text or a shared part of the theme is missing or broken.
    #[error("cannot use the theme")]
    Theme(#[from] ThemeError),
    /// No threads could be started.
    #[error("cannot start {jobs} threads")]
    Threads {
        /// How many were asked for.
        jobs: usize,
        /// Why.
        #[source]
        source: rayon::ThreadPoolBuildError,
    },
    /// An asset and something else want one address.
    #[error("two things want the address /{0}: an asset of the theme and a page or file")]
    Collision(String),
}

/// What every template is given.
#[derive(Serialize)]
struct Scope<'s> {
    head: &'s Head,
    view: &'s Content,
}

/// What the frame of a page is given.
#[derive(Serialize)]
struct Frame<'s> {
    root: &'s str,
    section: &'s str,
    site: &'s SiteWords,
}

/// The publisher's words for masthead and footer.
#[derive(Serialize)]
struct SiteWords {
    name: String,
    office: String,
    sponsor: String,
    operator: String,
    contact: String,
    id_code: String,
    icp: String,
    police: String,
    error_report_url: String,
    organ_mark_url: String,
    revision: String,
    built: String,
    drafts: bool,
    pages: Vec<StandingLink>,
}

#[derive(Serialize)]
struct StandingLink {
    title: String,
    path: String,
}

/// Masthead and footer for one depth and section.
struct Furniture {
    masthead: String,
    footer: String,
}

/// The sections of the main navigation.
const SECTIONS: [&str; 5] = ["", "home", "policies", "interpretations", "search"];

/// The search index: whoever wants this file of it makes all of them.
const SEARCH_INDEX: &str = "search/index/index.json";

/// Standing pages named in the footer; the rest are linked from one another.
const FOOTER_PAGES: usize = 12;

/// Renders every page and keeps the site in memory. `jobs` is the number of
/// threads; 0 means as many as there are processors.
///
/// # Errors
/// A template that does not fit, with its file and line.
pub fn render(plan: &SitePlan<'_>, theme: &Theme, jobs: usize) -> Result<SiteTree, RenderError> {
    let files = Mutex::new(BTreeMap::new());
    render_into(plan, theme, jobs, &|_| true, &|path: &str, bytes: Cow<'_, [u8]>| {
        lock(&files).insert(path.to_owned(), Arc::from(bytes));
        Ok::<(), RenderError>(())
    })?;
    Ok(SiteTree { files: files.into_inner().unwrap_or_else(PoisonError::into_inner) })
}

/// Renders every page and hands each file on as soon as it is made, so that
/// no more of the site is held than the threads are at. `put` is called by any
/// of them, once for each file, in no order. Only what `wanted` says yes to is
/// made: a machine among several makes its part.
///
/// # Errors
/// A template that does not fit, with its file and line; or what `put` answers.
pub fn render_into<E: From<RenderError> + Send>(
    plan: &SitePlan<'_>,
    theme: &Theme,
    jobs: usize,
    wanted: &Wanted<'_>,
    put: &Put<'_, E>,
) -> Result<(), E> {
    let theme_fault = |fault: ThemeError| RenderError::from(fault);
    let words = rows::Words::new(theme).map_err(theme_fault)?;
    let furniture = furniture(plan, theme).map_err(theme_fault)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs.min(256))
        .build()
        .map_err(|source| RenderError::Threads { jobs, source })?;
    let seen: Mutex<BTreeSet<String>> = Mutex::new(plan.files.keys().cloned().collect());
    let put_new = |path: &str, bytes: Cow<'_, [u8]>| {
        if lock(&seen).insert(path.to_owned()) {
            put(path, bytes)
        } else {
            Err(RenderError::Collision(path.to_owned()).into())
        }
    };
    let far = pool.install(|| far::Far::new(plan, &words));
    let one = |page: &Page| {
        let tools = Tools { theme, words: &words, furniture: &furniture, far: &far };
        let files = render_page(&tools, plan, page)?;
        files.into_iter().try_for_each(|(path, bytes)| put_new(&path, Cow::Owned(bytes)))
    };
    pool.install(|| {
        let files = plan.files.par_iter().filter(|(path, _)| wanted(path));
        files.try_for_each(|(path, bytes)| put(path, Cow::Borrowed(bytes)))?;
        plan.pages.par_iter().filter(|page| wanted(page.route.path())).try_for_each(one)?;
        let assets = theme.assets().values().filter(|asset| wanted(&asset.path));
        assets.into_iter().try_for_each(|asset| put_new(&asset.path, Cow::Borrowed(&asset.bytes)))?;
        plan.twins_into(wanted, &put_new)?;
        if wanted(SEARCH_INDEX) { plan.search_into(&put_new) } else { Ok(()) }
    })
}

/// A panic in another thread leaves what was gathered as good as it was.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn furniture(
    plan: &SitePlan<'_>,
    theme: &Theme,
) -> Result<BTreeMap<(String, &'static str), Furniture>, ThemeError> {
    let site = site_words(plan);
    let mut roots: BTreeSet<String> = plan.pages.iter().map(|page| page.route.root()).collect();
    roots.insert(plan.base.path());
    let mut all = BTreeMap::new();
    for root in roots {
        for section in SECTIONS {
            let frame = Frame { root: &root, section, site: &site };
            let made = Furniture {
                masthead: theme.render("masthead", &frame)?,
                footer: theme.render("footer", &frame)?,
            };
            all.insert((root.clone(), section), made);
        }
    }
    Ok(all)
}

fn site_words(plan: &SitePlan<'_>) -> SiteWords {
    let site = &plan.config.site;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let sponsor =
        if site.sponsor.is_empty() { plan.config.office.name.clone() } else { site.sponsor.clone() };
    SiteWords {
        name: site.name.clone(),
        office: plan.config.office.name.clone(),
        sponsor,
        operator: text(&site.operator),
        contact: text(&site.contact),
        id_code: text(&site.id_code),
        icp: text(&site.icp),
        police: text(&site.police),
        error_report_url: text(&site.error_report_url),
        organ_mark_url: text(&site.organ_mark_url),
        revision: plan.revision.chars().take(12).collect(),
        built: plan.clock.beijing().strftime("%Y-%m-%d %H:%M").to_string(),
        drafts: plan.drafts,
        pages: plan
            .standing
            .iter()
            .take(FOOTER_PAGES)
            .map(|page| StandingLink { title: page.title.clone(), path: format!("{}/", page.route) })
            .collect(),
    }
}

/// A path and its file.
type File = (String, Vec<u8>);

/// What every page is rendered with.
struct Tools<'t> {
    theme: &'t Theme,
    words: &'t rows::Words,
    furniture: &'t BTreeMap<(String, &'static str), Furniture>,
    far: &'t far::Far,
}

/// The file of a page; of a policy that is too long for one, all its files.
fn render_page(tools: &Tools<'_>, plan: &SitePlan<'_>, page: &Page) -> Result<Vec<File>, RenderError> {
    let path = page.route.path();
    let View { head, mut content, body, slots, twin } = plan.view(page);
    let mut parts: Vec<(&str, String)> = slots;
    if let Some(body) = &body {
        parts.push(("contents", rows::contents(body)));
        parts.push(("body", rows::rows(body, tools.words)));
    }
    let fail = |source| RenderError::Page { page: path.to_owned(), source };
    let html = tools.far.lead(&page.route, tools.page(&head, &content, &parts).map_err(fail)?);
    match (&mut content, &body) {
        (Content::Policy(_), Some(body)) if split::is_too_long(&html) => {
            tools.split_page(&page.route, head, &content, body, &html).map_err(fail)
        }
        (Content::Compare(view), None) => {
            let (csv, text) = view.csv_file();
            let mut files = tools.comparison(&page.route, head, view, &parts, html).map_err(fail)?;
            files.push((csv, text.into_bytes()));
            Ok(files.into_iter().chain(twin).collect())
        }
        _ => Ok(std::iter::once((path.to_owned(), html.into_bytes())).chain(twin).collect()),
    }
}

impl Tools<'_> {
    fn page(&self, head: &Head, content: &Content, parts: &[(&str, String)]) -> Result<String, ThemeError> {
        let scope = Scope { head, view: content };
        let values = self.theme.values(content.template(), &scope)?;
        let main = self.theme.render_values(content.template(), &values)?;
        let layout = self.theme.render_values("layout", &values)?;
        let frame = self.furniture.get(&(head.root.clone(), head.section));
        let framing = frame.map_or(0, |frame| frame.masthead.len() + frame.footer.len());
        let inner = parts.iter().map(|(_, html)| html.len()).sum::<usize>();
        let mut page = String::with_capacity(layout.len() + framing + main.len() + inner);
        fill(&mut page, &layout, &mut |page, slot| match (slot, frame) {
            ("main", _) => fill(page, &main, &mut |page, slot| {
                if let Some((_, html)) = parts.iter().find(|(known, _)| *known == slot) {
                    page.push_str(html);
                }
            }),
            ("masthead", Some(frame)) => page.push_str(&frame.masthead),
            ("footer", Some(frame)) => page.push_str(&frame.footer),
            _ => {}
        });
        Ok(page)
    }

    /// The page of a comparison; the table in two columns, and then the rows,
    /// go onto pages of their own when they are too long for one.
    fn comparison(
        &self,
        route: &Route,
        head: Head,
        view: &CompareView,
        parts: &[(&str, String)],
        html: String,
    ) -> Result<Vec<File>, ThemeError> {
        let path = route.path();
        if !split::is_too_long(&html) {
            return Ok(vec![(path.to_owned(), html.into_bytes())]);
        }
        let folder = path.strip_suffix("index.html").unwrap_or(path);
        let mut apart = view.clone();
        apart.table_only(true);
        let mut table_head = head.clone();
        table_head.title = format!("{}（新旧条文对照表）", head.title);
        let table = Content::Compare(Box::new(apart.clone()));
        let table = self.far.lead(route, self.page(&table_head, &table, parts)?);
        apart.table_only(false);
        apart.table_apart();
        let content = Content::Compare(Box::new(apart.clone()));
        let html = self.far.lead(route, self.page(&head, &content, parts)?);
        let mut files = if split::is_too_long(&html) {
            apart.split();
            self.split_compare(route, head, &Content::Compare(Box::new(apart)), slot(parts, "rows"), &html)?
        } else {
            vec![(path.to_owned(), html.into_bytes())]
        };
        files.push((format!("{folder}{TABLE}"), table.into_bytes()));
        Ok(files)
    }

    /// The list of changes, the rows in parts, and all as it was rendered.
    fn split_compare(
        &self,
        route: &Route,
        mut head: Head,
        content: &Content,
        rows: &str,
        whole: &str,
    ) -> Result<Vec<File>, ThemeError> {
        let Content::Compare(view) = content else { return Ok(Vec::new()) };
        let parts = compare::parts(rows);
        let places = compare::places(&parts);
        let path = route.path();
        let folder = path.strip_suffix("index.html").unwrap_or(path);
        let index = [("rows", compare::index(&parts, self.words))];
        let mut files = vec![
            (path.to_owned(), self.far.lead(route, self.page(&head, content, &index)?).into_bytes()),
            (format!("{folder}{WHOLE}"), retitled(whole, &head.title, &self.words.whole).into_bytes()),
        ];
        let title = std::mem::take(&mut head.title);
        for (index, part) in parts.iter().enumerate() {
            let number = index + 1;
            head.title = format!("{title}（{}）", self.words.part.replace("{n}", &number.to_string()));
            let page = Content::Part(Box::new(view.part(number, parts.len(), &part.span())));
            let html = self.far.lead(route, self.page(&head, &page, &[("body", part.html(&places))])?);
            files.push((format!("{folder}{}", part_file(number)), html.into_bytes()));
        }
        Ok(files)
    }

    /// The contents page, the parts, and the whole text as it was rendered.
    fn split_page(
        &self,
        route: &Route,
        mut head: Head,
        content: &Content,
        body: &Body<'_>,
        whole: &str,
    ) -> Result<Vec<File>, ThemeError> {
        let Content::Policy(view) = content else { return Ok(Vec::new()) };
        let parts = split::parts(body, self.words);
        let path = route.path();
        let folder = path.strip_suffix("index.html").unwrap_or(path);
        let links = [("contents", String::new()), ("body", split::index(&parts, self.words))];
        let mut files = vec![
            (path.to_owned(), self.far.lead(route, self.page(&head, content, &links)?).into_bytes()),
            (format!("{folder}{WHOLE}"), retitled(whole, &head.title, &self.words.whole).into_bytes()),
        ];
        let title = std::mem::take(&mut head.title);
        head.json_ld.clear();
        for (index, part) in parts.iter().enumerate() {
            let number = index + 1;
            head.title = format!("{title}（{}）", self.words.part.replace("{n}", &number.to_string()));
            let view = Content::Part(Box::new(view.part(number, parts.len(), &part.span)));
            let html = self.far.lead(route, self.page(&head, &view, &[("body", part.html.clone())])?);
            files.push((format!("{folder}{}", part_file(number)), html.into_bytes()));
        }
        Ok(files)
    }
}

/// The HTML of a slot.
fn slot<'p>(parts: &'p [(&str, String)], name: &str) -> &'p str {
    parts.iter().find(|(known, _)| *known == name).map_or("", |(_, html)| html)
}

/// The page with a title of its own.
fn retitled(html: &str, title: &str, more: &str) -> String {
    let mut old = String::from("<title>");
    jiedu_base::text::escape_html_into(&mut old, title);
    let mut new = old.clone();
    jiedu_base::text::escape_html_into(&mut new, &format!("（{more}）"));
    html.replacen(&old, &new, 1)
}

/// Appends what a template gave; `put` adds the prepared HTML of each slot.
fn fill(out: &mut String, template: &str, put: &mut dyn FnMut(&mut String, &str)) {
    let mut rest = template;
    let (open, close) = (slot_marker(""), "-->");
    let open = open.strip_suffix(close).unwrap_or(&open);
    while let Some((before, after)) = rest.split_once(open) {
        out.push_str(before);
        let (name, tail) = after.split_once(close).unwrap_or((after, ""));
        put(out, name);
        rest = tail;
    }
    out.push_str(rest);
}

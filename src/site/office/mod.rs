//! Pages of the catalogue, lists and annual reports: data in tables, with the same
//! data for machines, readable and selectable without script.

mod catalogue;
mod lists;
mod reports;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::lists::{Crumb, here, home};
use super::route::Route;
use super::{Content, Page, SitePlan, View};
use jiedu_base::name::SmallSet;
use jiedu_base::text::decode;
use jiedu_edition::SmallEdition;

/// A page of data.
#[derive(Debug, Clone, Default)]
pub struct DataPage {
    /// Its address without slashes at the ends.
    pub route: String,
    /// The steps to it, home left out: name and address from the site's root.
    pub above: Vec<(String, String)>,
    /// Its heading.
    pub title: String,
    /// Lines below the heading.
    pub lead: Vec<String>,
    /// Ways to select: name of the group, and its links.
    pub choices: Vec<Choice>,
    /// The parts.
    pub sections: Vec<DataSection>,
    /// The same data for machines: name, and address from the site's root.
    pub downloads: Vec<(String, String)>,
}

/// Links that show a part of the rows.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// What is chosen by.
    pub name: String,
    /// Name, address from the site's root, number of rows, whether it is this page.
    pub links: Vec<(String, String, usize, bool)>,
}

/// A part with a table, a text, or both.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DataSection {
    /// Anchor.
    pub id: String,
    /// Heading.
    pub heading: String,
    /// Paragraphs.
    pub text: Vec<String>,
    /// Heads of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// The page as the template sees it.
#[derive(Debug, Serialize)]
pub struct DataView {
    crumbs: Vec<Crumb>,
    title: String,
    lead: Vec<String>,
    choices: Vec<ChoiceView>,
    sections: Vec<DataSection>,
    downloads: Vec<LinkView>,
}

#[derive(Debug, Serialize)]
struct ChoiceView {
    name: String,
    links: Vec<LinkView>,
}

#[derive(Debug, Serialize)]
struct LinkView {
    name: String,
    href: String,
    count: usize,
    here: bool,
}

/// Pages and files made from the sets of one file.
#[derive(Debug, Default)]
pub struct OfficePages {
    /// The pages.
    pub pages: Vec<DataPage>,
    /// The files for machines, by path.
    pub files: BTreeMap<String, Arc<[u8]>>,
}

impl OfficePages {
    /// Makes the pages of what stands; each set with its approved texts, oldest
    /// first.
    #[must_use]
    pub fn of(small: &[Vec<SmallEdition>]) -> Self {
        let mut out = Self::default();
        let mut reports = BTreeMap::new();
        let mut listed = Vec::new();
        for editions in small {
            let Some(edition) = editions.last() else { continue };
            let Some(file) = source(edition) else { continue };
            match edition.id() {
                SmallSet::Catalogue => out.add_catalogue(&file),
                SmallSet::List(name) => {
                    let before = editions.iter().rev().nth(1).and_then(source);
                    listed.push(out.add_list(name, (&file, before.as_ref()), edition));
                }
                SmallSet::Report(year) => {
                    reports.insert(year.clone(), file);
                }
            }
        }
        out.add_list_index(&listed);
        out.add_reports(&reports);
        out
    }
}

fn source(edition: &SmallEdition) -> Option<jiedu_base::text::SourceFile> {
    decode(&edition.file().path, &edition.file().bytes).ok()
}

impl<'a> SitePlan<'a> {
    /// Positions and addresses of the pages of data; an office's own page of the
    /// same address takes its place.
    pub(super) fn office_routes(&self) -> impl Iterator<Item = (usize, Route)> {
        let own = |route: &str| self.standing.iter().any(|page| page.route == route);
        let pages = self.office.pages.iter().enumerate();
        pages
            .filter(move |(_, page)| !own(&page.route))
            .map(|(index, page)| (index, Route::page(&page.route)))
    }

    /// Names and addresses of the first page of each kind, for the site map.
    pub(super) fn office_links(&self) -> Vec<(String, String)> {
        let first = |page: &&DataPage| page.above.is_empty();
        self.office
            .pages
            .iter()
            .filter(first)
            .map(|page| (page.title.clone(), format!("{}/", page.route)))
            .collect()
    }

    pub(super) fn data_page(&self, page: &Page, index: usize) -> View<'a> {
        let Some(data) = self.office.pages.get(index) else { return self.missing(page) };
        let root = page.route.root();
        let mut head = self.head(page, data.title.clone());
        head.description.clone_from(&data.title);
        head.sheet = "policy";
        head.column(&self.config.columns.policies);
        let up = data.above.iter().map(|(name, path)| Crumb {
            key: "",
            text: name.clone(),
            href: format!("{root}{path}"),
        });
        let crumbs = std::iter::once(home(&root)).chain(up).chain([here(&data.title)]).collect();
        let link = |(name, path): &(String, String)| LinkView {
            name: name.clone(),
            href: format!("{root}{path}"),
            count: 0,
            here: false,
        };
        let choices = data.choices.iter().map(|choice| ChoiceView {
            name: choice.name.clone(),
            links: choice
                .links
                .iter()
                .map(|(name, path, count, here)| LinkView {
                    name: name.clone(),
                    href: format!("{root}{path}"),
                    count: *count,
                    here: *here,
                })
                .collect(),
        });
        let content = DataView {
            crumbs,
            title: data.title.clone(),
            lead: data.lead.clone(),
            choices: choices.collect(),
            sections: data.sections.clone(),
            downloads: data.downloads.iter().map(link).collect(),
        };
        View { head, content: Content::Data(Box::new(content)), body: None, slots: Vec::new(), twin: None }
    }
}

//! What every page says about itself: title, 47号 tags, alternates.

use serde::Serialize;

use super::{Page, SitePlan};
use jiedu_config::Column;
use jiedu_model::PublishDate;

/// One `<meta name content>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meta {
    /// The name.
    pub name: &'static str,
    /// The content, never empty.
    pub content: String,
}

/// One `<link>` to another form of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alternate {
    /// Media type.
    pub kind: &'static str,
    /// What it is; may be empty.
    pub title: String,
    /// Its address.
    pub href: String,
}

/// The part of a page that every template shares.
#[derive(Debug, Clone, Serialize)]
pub struct Head {
    /// What stands in the tab, without the site's name.
    pub title: String,
    /// The site's name.
    pub site: String,
    /// One sentence for search engines; may be empty.
    pub description: String,
    /// The permanent address; empty where there is none (404).
    pub canonical: String,
    /// Whether search engines should leave the page alone.
    pub noindex: bool,
    /// 47号 tags.
    pub metas: Vec<Meta>,
    /// Other forms of the page.
    pub alternates: Vec<Alternate>,
    /// The set's `record/index.json`; empty where there is none.
    pub provenance: String,
    /// What the page is, as JSON-LD; empty where there is nothing to say.
    pub json_ld: String,
    /// The way to the site's root: `../../`.
    pub root: String,
    /// The item of the main navigation under which the page stands.
    pub section: &'static str,
    /// Class of the body.
    pub class: &'static str,
    /// Whether the page shows unapproved text.
    pub draft: bool,
    /// The extra style sheet of its kind of page, without its ending; may be empty.
    pub sheet: &'static str,
    /// The extra script of its kind of page, without its ending; may be empty.
    pub script: &'static str,
}

/// The fields of an article's tags.
pub(crate) struct Article<'a> {
    pub(crate) title: &'a str,
    pub(crate) published: Option<PublishDate>,
    pub(crate) source: String,
}

impl SitePlan<'_> {
    /// The head of a page without tags of a column or an article.
    pub(crate) fn head(&self, page: &Page, title: impl Into<String>) -> Head {
        let site = &self.config.site;
        let mut metas = vec![
            Meta { name: "SiteName", content: site.name.clone() },
            Meta { name: "SiteDomain", content: site.domain().to_owned() },
        ];
        metas.extend(site.id_code.clone().map(|content| Meta { name: "SiteIDCode", content }));
        metas.retain(|meta| !meta.content.trim().is_empty());
        Head {
            title: title.into(),
            site: site.name.clone(),
            description: String::new(),
            canonical: self.base.absolute(&page.route.url()),
            noindex: self.drafts,
            metas,
            alternates: Vec::new(),
            provenance: String::new(),
            json_ld: String::new(),
            root: page.route.root(),
            section: "",
            class: "page-plain",
            sheet: "more",
            script: "",
            draft: false,
        }
    }
}

impl Head {
    /// Adds the tags of a column.
    pub(crate) fn column(&mut self, column: &Column) {
        self.metas.extend(
            [
                ("ColumnName", column.name.clone()),
                ("ColumnDescription", column.description.clone()),
                ("ColumnKeywords", column.keywords.join(",")),
                ("ColumnType", column.kind.clone()),
            ]
            .into_iter()
            .filter(|(_, content)| !content.trim().is_empty())
            .map(|(name, content)| Meta { name, content }),
        );
    }

    /// Adds the tags of an article.
    pub(crate) fn article(&mut self, article: &Article<'_>) {
        let date = article.published.map(pub_date).unwrap_or_default();
        self.metas.extend(
            [
                ("ArticleTitle", article.title.to_owned()),
                ("PubDate", date),
                ("ContentSource", article.source.clone()),
            ]
            .into_iter()
            .filter(|(_, content)| !content.trim().is_empty())
            .map(|(name, content)| Meta { name, content }),
        );
    }

    /// Adds another form of the page.
    pub(crate) fn alternate(&mut self, kind: &'static str, title: impl Into<String>, href: String) {
        self.alternates.push(Alternate { kind, title: title.into(), href });
    }
}

/// `YYYY-MM-DD HH:MM`; midnight when only the date is known (contract details 87).
pub(crate) fn pub_date(published: PublishDate) -> String {
    let time = published.time.unwrap_or(jiff::civil::Time::midnight());
    format!("{} {:02}:{:02}", published.date, time.hour(), time.minute())
}

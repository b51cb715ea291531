//! `sitemap.xml` and `robots.txt`.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event as Xml};

use super::catalogue::{Entry, came_out};
use super::feed::text;
use super::questions::questions;
use super::{Page, PageKind, SitePlan};

/// The protocol allows 50,000 addresses in one file.
const PER_FILE: usize = 45_000;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

impl SitePlan<'_> {
    /// Adds the sitemap (cut into several when it is long) and robots.txt.
    pub(super) fn add_sitemap(&self, files: &mut BTreeMap<String, Arc<[u8]>>) {
        let robots = if self.drafts {
            "User-agent: *\nDisallow: /\n".to_owned()
        } else {
            format!("User-agent: *\nAllow: /\n\nSitemap: {}\n", self.base.absolute("sitemap.xml"))
        };
        files.insert("robots.txt".to_owned(), robots.into_bytes().into());
        let pages: Vec<&Page> = self.pages.iter().filter(|page| is_listed(&page.kind)).collect();
        if pages.len() <= PER_FILE {
            files.insert("sitemap.xml".to_owned(), self.sitemap(&pages).into());
            return;
        }
        let mut names = Vec::new();
        for (index, part) in pages.chunks(PER_FILE).enumerate() {
            let name = format!("sitemap-{}.xml", index + 1);
            files.insert(name.clone(), self.sitemap(part).into());
            names.push(name);
        }
        let index = document("sitemapindex", |writer| {
            names.iter().try_for_each(|name| {
                writer
                    .create_element("sitemap")
                    .write_inner_content(|writer| text(writer, "loc", &self.base.absolute(name)))?;
                Ok(())
            })
        });
        files.insert("sitemap.xml".to_owned(), index.into());
    }

    fn sitemap(&self, pages: &[&Page]) -> Vec<u8> {
        document("urlset", |writer| {
            pages.iter().try_for_each(|page| {
                writer.create_element("url").write_inner_content(|writer| {
                    text(writer, "loc", &self.base.absolute(&page.route.url()))?;
                    match self.last_changed(&page.kind) {
                        Some(date) => text(writer, "lastmod", &date.to_string()),
                        None => Ok(()),
                    }
                })?;
                Ok(())
            })
        })
    }

    /// The true date of a page's text; none where the page has no date of its own.
    fn last_changed(&self, kind: &PageKind) -> Option<Date> {
        match kind {
            PageKind::Policy { entry } | PageKind::History { entry, .. } => {
                let entry = self.catalogue.entries.get(*entry)?;
                Some(came_out(entry.set, entry.edition))
            }
            PageKind::Questions { entry } => {
                let entry = self.catalogue.entries.get(*entry)?;
                let answered = questions(entry.edition).iter().filter_map(|question| question.date).max();
                answered.or_else(|| Some(entry.date()))
            }
            PageKind::Compare { set, new, .. } => {
                let set = self.sets.get(*set)?;
                set.editions.get(*new).map(|edition| came_out(set, edition))
            }
            PageKind::Topic { index } => {
                self.policies_of_topic(self.topics.get(*index)?).map(Entry::date).max()
            }
            PageKind::Home | PageKind::Changes { number: 1 } => self.events.first().map(|event| event.date),
            PageKind::Edition { set, edition } => {
                let set = self.sets.get(*set)?;
                set.editions.get(*edition).map(|edition| came_out(set, edition))
            }
            PageKind::Interpretation { material } => {
                let material = self.catalogue.materials.get(*material)?;
                let corrected = material.material.meta.corrections.iter().map(|one| one.date).max();
                corrected.max(Some(material.date()))
            }
            PageKind::Gone { set } => self.sets.get(*set)?.withdrawn.as_ref().map(|(_, when)| when.today()),
            _ => None,
        }
    }
}

/// Pages worth finding: not the 404, old addresses and tombstones of editions.
fn is_listed(kind: &PageKind) -> bool {
    !matches!(
        kind,
        PageKind::Missing
            | PageKind::Moved { .. }
            | PageKind::Void { .. }
            | PageKind::GoneInterpretation { .. }
            | PageKind::Search
    )
}

fn document(root: &str, inner: impl FnOnce(&mut Writer<Vec<u8>>) -> std::io::Result<()>) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    // Writing into memory cannot fail.
    let _ = writer.write_event(Xml::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
    let _ = writer.create_element(root).with_attribute(("xmlns", NAMESPACE)).write_inner_content(inner);
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    bytes
}

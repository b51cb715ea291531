//! Feeds: Atom and JSON Feed for the site, for each subject and for each set.
//!
//! Entry ids are permanent: they are made from the set's address and the
//! edition's number, so an update of an old entry keeps its id. Ties between
//! entries of one day are broken by the id of the set, so the feed does not
//! move by itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event as Xml};
use rayon::prelude::*;
use serde::Serialize;

use super::SitePlan;
use super::catalogue::{Entry, Material, listed_date, title};
use super::pages::is_readable;
use super::route::Route;
use crate::clock::beijing_instant;
use crate::edition::{Edition, PublishedSet};
use crate::model::{PublishDate, Stage};

/// Entries of a feed.
const ENTRIES: usize = 50;

/// Something a reader may subscribe to.
struct Item {
    id: String,
    title: String,
    url: String,
    /// RFC 3339 with `+08:00`.
    updated: String,
    category: &'static str,
    label: &'static str,
    /// What changed.
    summary: String,
    /// The comparison with the edition before; may be empty.
    related: String,
}

#[derive(Serialize)]
struct JsonFeed<'s> {
    version: &'static str,
    title: &'s str,
    home_page_url: String,
    feed_url: String,
    language: &'static str,
    authors: Vec<JsonAuthor<'s>>,
    items: Vec<JsonItem<'s>>,
}

#[derive(Serialize)]
struct JsonAuthor<'s> {
    name: &'s str,
}

#[derive(Serialize)]
struct JsonItem<'s> {
    id: &'s str,
    url: &'s str,
    title: &'s str,
    content_text: &'s str,
    date_published: &'s str,
    tags: Vec<&'s str>,
}

impl<'a> SitePlan<'a> {
    /// Adds every feed and every machine twin.
    pub(super) fn add_feeds(&self, files: &mut BTreeMap<String, Arc<[u8]>>) {
        let site = &self.config.site.name;
        let items = self.site_items();
        files.insert("feed.xml".to_owned(), self.atom(site, "feed.xml", "", &items).into());
        files.insert("feed.json".to_owned(), self.json_feed(site, "feed.json", "", &items).into());
        files.extend([Self::schema_file()]);
        for (slug, group) in &self.subjects {
            let entries =
                group.entries.iter().filter_map(|index| self.catalogue.entries.get(*index)).take(ENTRIES);
            let items: Vec<Item> = entries.map(|entry| self.edition_item(entry.set, entry.edition)).collect();
            let title = format!("{}：{site}", group.name);
            files.extend(self.feeds(&title, &format!("subjects/{slug}/"), &items));
        }
        // One set's files do not depend on another's: made in parallel, kept in order.
        let twins: Vec<_> =
            self.catalogue.entries.par_iter().flat_map_iter(|entry| self.twins(entry)).collect();
        files.extend(twins);
        for set in &self.catalogue.gone {
            files.insert(Route::in_set(&set.id, "set.json").path().to_owned(), self.gone_json(set).into());
            files.insert(
                Route::in_set(&set.id, "record/index.json").path().to_owned(),
                self.record_json(set).into(),
            );
        }
    }

    /// Feeds and machine twins of a published set.
    fn twins(&self, entry: &Entry<'a>) -> Vec<(String, Arc<[u8]>)> {
        let set = entry.set;
        let route = |rest: &str| Route::in_set(&set.id, rest).path().to_owned();
        let mut files = self.feeds(entry.title(), &entry.route().url(), &self.set_items(set)).to_vec();
        files.push((route("set.json"), self.set_json(entry).into()));
        files.push((route("record/index.json"), self.record_json(set).into()));
        for edition in set.editions.iter().filter(|edition| is_readable(set, edition)) {
            if let Some(policy) = &edition.set.policy {
                let path = route(&format!("v{}/edition.json", edition.number));
                files.push((path, self.edition_json(set, edition, policy).into()));
            }
        }
        files
    }

    /// Both feeds of a page, beside it.
    fn feeds(&self, title: &str, page: &str, items: &[Item]) -> [(String, Arc<[u8]>); 2] {
        let (xml, json) = (format!("{page}feed.xml"), format!("{page}feed.json"));
        let feeds = [self.atom(title, &xml, page, items), self.json_feed(title, &json, page, items)];
        let [atom, list] = feeds.map(Arc::from);
        [(xml, atom), (json, list)]
    }

    /// The newest editions and interpretations.
    fn site_items(&self) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        for event in self.events.iter().take(ENTRIES) {
            let edition = event.edition.and_then(|index| event.set.editions.get(index));
            items.push(match edition {
                Some(edition) => self.edition_item(event.set, edition),
                None => self.withdrawal_item(event.set, event.date),
            });
        }
        items.extend(
            self.catalogue
                .materials
                .iter()
                .take(ENTRIES)
                .map(|material| self.material_item_of_feed(material)),
        );
        items.sort_by(|a, b| (&b.updated, &a.id).cmp(&(&a.updated, &b.id)));
        items.truncate(ENTRIES);
        items
    }

    fn set_items(&self, set: &'a PublishedSet) -> Vec<Item> {
        let editions = set.editions.iter().rev().filter(|edition| is_readable(set, edition));
        editions.map(|edition| self.edition_item(set, edition)).collect()
    }

    fn edition_item(&self, set: &PublishedSet, edition: &Edition) -> Item {
        let meta = edition.set.policy.as_ref().map(|policy| &policy.meta);
        let name = meta.map_or(set.id.as_str(), |meta| title(meta, &set.id));
        let number =
            meta.and_then(|meta| meta.document_number.as_ref()).map(|number| format!("{}，", number.value));
        let draft = meta.is_some_and(|meta| meta.stage == Stage::Consultation);
        let state = if draft { "征求意见稿" } else { "政策文件" };
        let published = meta.and_then(|meta| meta.published.as_ref()).map(|published| published.value);
        let before =
            set.editions.iter().rev().find(|other| other.number < edition.number && is_readable(set, other));
        let related = before.map(|before| Route::compare(&set.id, before.number, edition.number).url());
        let related = related.map(|url| self.base.absolute(&url)).unwrap_or_default();
        let change = match before {
            Some(before) => format!("修订，与第{}版的对照：{related} ", before.number),
            None => "首次发布".to_owned(),
        };
        Item {
            id: self.permanent_id(&format!("{}:v{}", set.id, edition.number)),
            title: name.to_owned(),
            url: self.base.absolute(&Route::edition(&set.id, edition.number).url()),
            updated: instant(published, edition),
            category: if draft { "consultation" } else { "policy" },
            label: state,
            summary: format!(
                "{}第{}版（{}）。{}",
                number.unwrap_or_default(),
                edition.number,
                change,
                if set.draft { "未审签草稿。" } else { "" }
            ),
            related,
        }
    }

    fn material_item_of_feed(&self, material: &Material<'_>) -> Item {
        let policy =
            self.catalogue.entry(&material.set.id).map(|entry| entry.short().to_owned()).unwrap_or_default();
        let form = if material.form().is_empty() { "解读" } else { material.form() };
        Item {
            id: self.permanent_id(&format!("{}:interpretation:{}", material.set.id, material.material.name)),
            title: material.title().to_owned(),
            url: self.base.absolute(&material.route().url()),
            updated: instant(material.published(), material.edition),
            category: "interpretation",
            label: "政策解读",
            summary: format!("{form}，解读对象：{policy}。"),
            related: String::new(),
        }
    }

    fn withdrawal_item(&self, set: &PublishedSet, date: jiff::civil::Date) -> Item {
        let meta =
            set.editions.last().and_then(|edition| edition.set.policy.as_ref()).map(|policy| &policy.meta);
        Item {
            id: self.permanent_id(&format!("{}:withdrawn", set.id)),
            title: meta.map_or(set.id.as_str(), |meta| title(meta, &set.id)).to_owned(),
            url: self.base.absolute(&Route::set(&set.id).url()),
            updated: format!("{date}T00:00:00+08:00"),
            category: "withdrawal",
            label: "撤回",
            summary: "本站不再展示该文件的文本。".to_owned(),
            related: String::new(),
        }
    }

    /// A tag URI (RFC 4151): permanent whatever happens to the address.
    fn permanent_id(&self, rest: &str) -> String {
        format!("tag:{},2025:jiedu/{rest}", self.config.site.domain())
    }

    fn atom(&self, title: &str, path: &str, page: &str, items: &[Item]) -> Vec<u8> {
        let updated = items.iter().map(|item| item.updated.as_str()).max();
        // An empty feed still has to say when: the instant of publication.
        let updated = updated.map_or_else(|| self.clock.rfc3339(), str::to_owned);
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
        // Writing into memory cannot fail.
        let _ = self.write_atom(&mut writer, title, path, page, &updated, items);
        let mut bytes = writer.into_inner();
        bytes.push(b'\n');
        bytes
    }

    fn write_atom(
        &self,
        writer: &mut Writer<Vec<u8>>,
        title: &str,
        path: &str,
        page: &str,
        updated: &str,
        items: &[Item],
    ) -> std::io::Result<()> {
        writer.write_event(Xml::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        let feed = writer
            .create_element("feed")
            .with_attribute(("xmlns", "http://www.w3.org/2005/Atom"))
            .with_attribute(("xml:lang", "zh-CN"));
        feed.write_inner_content(|writer| {
            text(writer, "title", title)?;
            text(writer, "id", &self.permanent_id(path))?;
            text(writer, "updated", updated)?;
            let office = &self.config.office.name;
            writer.create_element("author").write_inner_content(|writer| text(writer, "name", office))?;
            link(writer, "self", &self.base.absolute(path))?;
            link(writer, "alternate", &self.base.absolute(page))?;
            items.iter().try_for_each(|item| write_entry(writer, item))
        })?;
        Ok(())
    }

    fn json_feed(&self, title: &str, path: &str, page: &str, items: &[Item]) -> Vec<u8> {
        let feed = JsonFeed {
            version: "https://jsonfeed.org/version/1.1",
            title,
            home_page_url: self.base.absolute(page),
            feed_url: self.base.absolute(path),
            language: "zh-CN",
            authors: vec![JsonAuthor { name: &self.config.office.name }],
            items: items
                .iter()
                .map(|item| JsonItem {
                    id: &item.id,
                    url: &item.url,
                    title: &item.title,
                    content_text: &item.summary,
                    date_published: &item.updated,
                    tags: vec![item.label],
                })
                .collect(),
        };
        let mut bytes = serde_json::to_vec_pretty(&feed).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

fn instant(published: Option<PublishDate>, edition: &Edition) -> String {
    match published {
        Some(published) => {
            let time = published.time.unwrap_or(jiff::civil::Time::midnight());
            crate::clock::Clock::at(beijing_instant(published.date.to_datetime(time))).rfc3339()
        }
        None => format!("{}T00:00:00+08:00", listed_date(edition)),
    }
}

fn write_entry(writer: &mut Writer<Vec<u8>>, item: &Item) -> std::io::Result<()> {
    writer.create_element("entry").write_inner_content(|writer| {
        text(writer, "title", &item.title)?;
        text(writer, "id", &item.id)?;
        link(writer, "alternate", &item.url)?;
        if !item.related.is_empty() {
            link(writer, "related", &item.related)?;
        }
        text(writer, "updated", &item.updated)?;
        writer
            .create_element("category")
            .with_attribute(("term", item.category))
            .with_attribute(("label", item.label))
            .write_empty()?;
        text(writer, "summary", &item.summary)
    })?;
    Ok(())
}

/// An element with text. Characters that XML forbids are replaced.
pub(super) fn text(writer: &mut Writer<Vec<u8>>, name: &str, content: &str) -> std::io::Result<()> {
    let allowed = |c: char| matches!(c, '\t' | '\n') || (c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}');
    let clean: String = content.chars().map(|c| if allowed(c) { c } else { '\u{fffd}' }).collect();
    writer.create_element(name).write_text_content(BytesText::new(&clean))?;
    Ok(())
}

fn link(writer: &mut Writer<Vec<u8>>, rel: &str, href: &str) -> std::io::Result<()> {
    writer
        .create_element("link")
        .with_attribute(("rel", rel))
        .with_attribute(("href", href))
        .write_empty()?;
    Ok(())
}

//! The two formats of a feed: Atom and JSON Feed.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event as Xml};
use serde::Serialize;

use super::super::SitePlan;
use super::items::Item;

#[derive(Serialize)]
struct JsonFeed<'s> {
    version: &'static str,
    title: &'s str,
    description: String,
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
    date_modified: &'s str,
    tags: Vec<&'s str>,
}

impl SitePlan<'_> {
    pub(super) fn atom(&self, title: &str, path: &str, page: &str, items: &[Item]) -> Vec<u8> {
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
            text(writer, "subtitle", &self.as_of())?;
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

    /// The day of which a feed speaks.
    fn as_of(&self) -> String {
        format!("按 {} 的情形", self.clock.today())
    }

    pub(super) fn json_feed(&self, title: &str, path: &str, page: &str, items: &[Item]) -> Vec<u8> {
        let feed = JsonFeed {
            version: "https://jsonfeed.org/version/1.1",
            title,
            description: self.as_of(),
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
                    date_published: &item.published,
                    date_modified: &item.updated,
                    tags: vec![item.label],
                })
                .collect(),
        };
        let mut bytes = serde_json::to_vec_pretty(&feed).unwrap_or_default();
        bytes.push(b'\n');
        bytes
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
        text(writer, "published", &item.published)?;
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
pub(crate) fn text(writer: &mut Writer<Vec<u8>>, name: &str, content: &str) -> std::io::Result<()> {
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

//! The machine forms of the pages: JSON against the schema that the site
//! carries, JSON-LD, feeds and sitemap.

use std::collections::BTreeSet;

use boon::{Compiler, Schemas};
use quick_xml::events::Event as Xml;
use serde_json::Value;

use super::html_check::Parsed;
use super::{content_tree, full, full_tree, is_kind, json, page, pages, tree_with};
use crate::SiteTree;
use jiedu_site::fixtures::Sample;

/// The schema, closed: a field that it does not describe is a fault of ours.
fn closed_schema(tree: &SiteTree) -> Value {
    let mut schema = json(tree, "schema/jiedu.json");
    close(&mut schema);
    schema
}

fn close(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if fields.get("properties").is_some_and(Value::is_object) {
                fields.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// Which definition describes a file.
fn definition(path: &str, value: &Value) -> Option<&'static str> {
    match value["schema"].as_str() {
        Some("jiedu.set/1") if value["state"] == "published" => Some("set"),
        Some("jiedu.set/1") => Some("gone"),
        Some("jiedu.edition/1") => Some("edition"),
        Some("jiedu.record/1") => Some("record"),
        Some("jiedu.compare/1") => Some("compare"),
        Some("jiedu.catalogue/1") => Some("catalogue"),
        _ if path.ends_with("feed.json") => Some("feed"),
        _ => None,
    }
}

#[test]
fn every_json_file_is_as_the_schema_says() {
    let names_shown = tree_with(&Sample { config: super::config("[record]\nnames = true\n"), ..full() }, 1);
    let mut met = BTreeSet::new();
    for tree in [full_tree(), content_tree(), &names_shown] {
        let mut compiler = Compiler::new();
        compiler.add_resource("https://jiedu.invalid/schema.json", closed_schema(tree)).unwrap();
        let mut schemas = Schemas::new();
        for (path, _) in tree.files.iter().filter(|(path, _)| is_kind(path, "json")) {
            if path.starts_with("search/index/") || path.starts_with("schema/") {
                continue;
            }
            let value = json(tree, path);
            let name = definition(path, &value).unwrap_or_else(|| panic!("{path} has no schema"));
            met.insert(name);
            let address = format!("https://jiedu.invalid/schema.json#/$defs/{name}");
            let schema = compiler.compile(&address, &mut schemas).unwrap();
            if let Err(error) = schemas.validate(&value, schema) {
                panic!("{path}: {error:#}");
            }
        }
    }
    assert_eq!(met, BTreeSet::from(["catalogue", "compare", "edition", "feed", "gone", "record", "set"]));
}

#[test]
fn the_schema_refuses_what_is_not_so() {
    let tree = full_tree();
    let mut compiler = Compiler::new();
    compiler.add_resource("https://jiedu.invalid/schema.json", closed_schema(tree)).unwrap();
    let mut schemas = Schemas::new();
    let schema = compiler.compile("https://jiedu.invalid/schema.json#/$defs/set", &mut schemas).unwrap();
    let good = json(tree, "policies/2025/a/set.json");
    assert!(schemas.validate(&good, schema).is_ok());
    for (pointer, bad) in [
        ("/metadata/signed_date", Value::from("2025年6月29日")),
        ("/provisions/0/anchor", Value::from("第一条")),
        ("/validity/state", Value::from("valid")),
        ("/editions/0/digest", Value::Null),
        ("/coverage", Value::from(3)),
    ] {
        let mut value = good.clone();
        *value.pointer_mut(pointer).unwrap() = bad;
        assert!(schemas.validate(&value, schema).is_err(), "{pointer}");
    }
}

/// Both texts can be put together again from the twin of a comparison.
#[test]
fn a_comparison_gives_back_both_texts() {
    for tree in [full_tree(), content_tree()] {
        let twins: Vec<&String> = tree
            .files
            .keys()
            .filter(|path| path.ends_with("/index.json") && path.contains("/compare/"))
            .collect();
        assert!(!twins.is_empty());
        for path in twins {
            let twin = json(tree, path);
            let html = page(tree, &path.replace(".json", ".html"));
            assert!(html.contains("index.json\">"), "{path}: the page links its twin");
            let set = json(tree, &format!("{}set.json", path.split("compare/").next().unwrap()));
            let listed = set["comparisons"].as_array().unwrap();
            assert!(
                listed.iter().any(|item| item["twin"].as_str().unwrap().ends_with(path.as_str())),
                "{path}"
            );
            for change in twin["changes"].as_array().unwrap() {
                assert!(html.contains(&format!("id=\"{}\"", change["id"].as_str().unwrap())), "{path}");
                for (side, other) in [("old", "insert"), ("new", "delete")] {
                    let spans = change["spans"].as_array().unwrap().iter();
                    let text: String = spans
                        .filter(|span| span["kind"] != other)
                        .map(|span| span["text"].as_str().unwrap())
                        .collect();
                    assert_eq!(text, change[side]["text"].as_str().unwrap_or_default(), "{path} {side}");
                }
            }
        }
    }
}

fn ld(tree: &SiteTree, path: &str) -> Value {
    let parsed = Parsed::of(page(tree, path));
    let blocks: Vec<Value> = parsed
        .named("script")
        .filter(|script| script.get("type") == Some("application/ld+json"))
        .map(|script| serde_json::from_str(&script.text).unwrap())
        .collect();
    assert_eq!(blocks.len(), 1, "{path}");
    blocks[0].clone()
}

#[test]
fn pages_say_what_they_are() {
    let tree = full_tree();
    let policy = ld(tree, "policies/2025/statute/index.html");
    assert_eq!(policy["@type"], "Legislation");
    assert_eq!(policy["legislationIdentifier"], "示交规〔2025〕9号");
    assert_eq!(policy["temporalCoverage"], "2025-02-01/..");
    assert_eq!(policy["legislationRepeals"][0]["@id"], "https://policy.example.gov.cn/zc/policies/2024/n3/");
    assert!(policy.get("legislationLegalForce").is_none(), "nothing is guessed");
    let repealed = ld(tree, "policies/2024/n3/index.html");
    assert_eq!(repealed["legislationLegalForce"], "https://schema.org/NotInForce");
    let second = ld(tree, "policies/2025/a/index.html");
    assert_eq!(
        second["legislationConsolidates"][0]["@id"],
        "https://policy.example.gov.cn/zc/policies/2025/a/v1/"
    );
    assert_eq!(
        (&second["version"], &second["datePublished"]),
        (&2.into(), &"2025-08-01T10:30:00+08:00".into())
    );
    let article = ld(tree, "policies/2025/a/interpretation/article/index.html");
    assert_eq!((&article["@type"], &article["headline"]), (&"Article".into(), &"公开要点解读".into()));
    assert_eq!(article["about"][0]["@id"], "https://policy.example.gov.cn/zc/policies/2025/a/");
    for (path, parsed) in pages(tree) {
        let blocks = parsed.named("script").filter(|script| script.get("src").is_none());
        for block in blocks {
            assert_eq!(block.get("type"), Some("application/ld+json"), "{path}");
            serde_json::from_str::<Value>(&block.text).unwrap();
        }
    }
}

/// The texts of the elements of one name, in order.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut found, mut inside) = (Vec::new(), false);
    loop {
        match reader.read_event().unwrap() {
            Xml::Eof => return found,
            Xml::Start(start) if start.name().as_ref() == name => {
                inside = true;
                found.push(String::new());
            }
            Xml::End(_) => inside = false,
            Xml::Text(text) if inside => found.last_mut().unwrap().push_str(&text),
            _ => {}
        }
    }
}

#[test]
fn feeds_are_complete_and_keep_their_ids() {
    let tree = full_tree();
    for (path, bytes) in tree.files.iter().filter(|(path, _)| path.ends_with("feed.xml")) {
        let xml = std::str::from_utf8(bytes).unwrap();
        let ids = texts(xml, "id");
        let entries = xml.matches("<entry>").count();
        assert_eq!(ids.len(), entries + 1, "{path}: every entry and the feed have an id");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{path}: ids are unique");
        assert!(ids.iter().all(|id| id.starts_with("tag:policy.example.gov.cn,2025:jiedu/")), "{path}");
        assert_eq!(texts(xml, "updated").len(), entries + 1, "{path}");
        assert_eq!(texts(xml, "title").len(), entries + 1, "{path}");
        // The same entries in the JSON feed beside it.
        let twin = json(tree, &path.replace("feed.xml", "feed.json"));
        let items: Vec<&str> =
            twin["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap()).collect();
        assert_eq!(items, ids[1..].iter().map(String::as_str).collect::<Vec<_>>(), "{path}");
    }
    let feed = page(tree, "policies/2025/a/feed.xml");
    assert!(feed.contains("<updated>2025-08-01T10:30:00+08:00</updated>"));
    assert!(
        feed.contains(
            "rel=\"related\" href=\"https://policy.example.gov.cn/zc/policies/2025/a/compare/1-2/\""
        )
    );
    assert!(page(tree, "feed.xml").contains("<id>tag:policy.example.gov.cn,2025:jiedu/2025/a:v2</id>"));
}

/// The entry of a feed with an id.
fn entry_of<'t>(tree: &'t SiteTree, feed: &str, id: &str) -> &'t str {
    let id = format!("<id>tag:policy.example.gov.cn,2025:jiedu/{id}</id>");
    page(tree, feed)
        .split("<entry>")
        .find(|entry| entry.contains(&id))
        .unwrap_or_else(|| panic!("{feed} {id}"))
}

#[test]
fn feeds_tell_of_questions_corrections_topics_and_withdrawals() {
    let mut sample = Sample::content();
    sample.config = jiedu_site::fixtures::config("");
    let before = super::tree(&sample);
    let question = entry_of(&before, "policies/2025/chuzuche-fuwu/feed.xml", "2025/chuzuche-fuwu:qa-shiwu");
    assert!(question.contains("/policies/2025/chuzuche-fuwu/qa/#qa-shiwu"), "{question}");
    assert!(question.contains("<updated>2026-03-06T00:00:00+08:00</updated>"), "{question}");
    let corrected = entry_of(&before, "policies/2025/fuwu-chuangkou/feed.xml", "2025/fuwu-chuangkou:v2");
    assert!(corrected.contains("更正：第二项下午办公时间"), "{corrected}");
    let topic = sample.topics.first().unwrap().slug.clone();
    entry_of(&before, "feed.xml", &format!("topics:{topic}"));
    let gone = sample.sets.iter_mut().find(|set| set.id.as_str() == "2025/fuwu-chuangkou").unwrap();
    gone.withdrawn = Some((jiedu_base::name::Digest::of(b"statement"), sample.clock));
    gone.state = jiedu_approve::SetState::Withdrawn;
    let after = super::tree(&sample);
    let last = entry_of(&after, "policies/2025/fuwu-chuangkou/feed.xml", "2025/fuwu-chuangkou:withdrawn");
    assert!(last.contains("<updated>2026-05-01T00:00:00+08:00</updated>"), "{last}");
}

#[test]
fn the_sitemap_has_true_dates_and_only_pages_that_are_there() {
    let tree = full_tree();
    let sitemap = page(tree, "sitemap.xml");
    let places = texts(sitemap, "loc");
    assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), places.len());
    for place in &places {
        let path = place.strip_prefix("https://policy.example.gov.cn/zc/").unwrap();
        assert!(tree.files.contains_key(&format!("{path}index.html")), "{place}");
    }
    let entry = sitemap.split("<url>").find(|entry| entry.contains("/policies/2025/a/</loc>")).unwrap();
    assert!(entry.contains("<lastmod>2025-08-01</lastmod>"), "{entry}");
    assert!(!sitemap.contains("404"));
    let entry = sitemap.split("<url>").find(|entry| entry.contains("/policies/2025/a/compare/1-2/")).unwrap();
    assert!(entry.contains("<lastmod>2025-08-01</lastmod>"), "{entry}");
}

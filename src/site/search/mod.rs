//! Full text search without a server.
//!
//! The index is a set of small JSON files below `/assets/search/`, made from
//! the same passages that the pages show, in the run that renders them:
//!
//! - `index.json`: how many parts, shards and facets there are, and which pairs
//!   are so common that a query which has others need not ask for them;
//! - `s/<n>.json`: posting lists. A key is a unit or a pair of neighbouring
//!   units of the folded text ([`fold`]); its value lists the parts that hold
//!   it in the title, in the number and in the text, and at which places
//!   ([`postings`]). The shard of a key is a hash of it, so there is no
//!   directory to fetch; `h/<n>.json` are the pieces of lists too long for a
//!   shard;
//! - `d/<n>.json`: one part of a document ([`documents`]): title, address,
//!   facts, and a few kilobytes of passages with their anchors;
//! - `map.json` and `f/<facet>-<n>.json`: how many parts each document has, and
//!   which documents have a facet; read when there are several words or a
//!   filter.
//!
//! The script intersects the lists of a query's pairs, drops the parts where
//! the pairs do not follow one another, and looks the words up in the parts
//! that are left, best first. Every run of characters that stands in a passage
//! is therefore found, and what is shown does hold it. Parts are numbered
//! newest document first, which is also the order of results; a match of the
//! title comes before one of the number, and that before one of the text.

mod documents;
pub(crate) mod fold;
mod postings;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use self::documents::{Document, Passage};
use self::fold::fold;
use self::postings::{Field, pack};
use super::SitePlan;

/// Bytes of a shard that are aimed at. A word reads up to six of them.
const SHARD: usize = 3 * 1024;

/// Where the index lies.
pub(crate) const FOLDER: &str = "assets/search/";

#[derive(Serialize)]
struct IndexJson<'d> {
    schema: &'static str,
    documents: usize,
    parts: usize,
    shards: usize,
    /// The commonest pairs, one after another.
    common: String,
    /// Values of each facet; the place of a value is the number of its file.
    facets: BTreeMap<&'static str, Vec<&'d str>>,
}

/// One part of a document.
#[derive(Serialize)]
struct PartJson<'d> {
    url: &'d str,
    title: &'d str,
    number: &'d str,
    date: &'d str,
    kind: &'static str,
    form: &'d str,
    subject: &'d str,
    force: &'d str,
    /// The number of the document's first part.
    first: usize,
    /// How many parts it has.
    parts: usize,
    /// Anchor, name and text of each passage.
    text: Vec<(&'d str, &'d str, &'d str)>,
}

/// A path and its bytes.
type SiteFile = (String, Arc<[u8]>);

impl SitePlan<'_> {
    /// The files of the index, below `assets/search/`, by path.
    #[must_use]
    pub fn search_files(&self) -> BTreeMap<String, Arc<[u8]>> {
        let documents = self.documents();
        let mut firsts = Vec::with_capacity(documents.len());
        let mut parts = 0;
        for document in &documents {
            firsts.push(parts);
            parts += document.parts.len();
        }
        let made: Vec<(Vec<u64>, Vec<SiteFile>)> = documents
            .par_iter()
            .zip(&firsts)
            .map(|(document, first)| (entries_of(*first, document), part_files(*first, document)))
            .collect();
        let mut files: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
        let mut entries = Vec::with_capacity(made.iter().map(|(entries, _)| entries.len()).sum());
        for (own, parts) in made {
            entries.extend(own);
            files.extend(parts);
        }
        let lists = postings::lists(entries, SHARD);
        let facets = facets(&documents, &mut files);
        let index = IndexJson {
            schema: "jiedu.search/3",
            documents: documents.len(),
            parts,
            shards: lists.shards.len(),
            common: lists.common,
            facets,
        };
        files.insert(format!("{FOLDER}index.json"), json(&index));
        for (folder, texts) in [("s", lists.shards), ("h", lists.chunks)] {
            for (number, text) in texts.into_iter().enumerate() {
                files.insert(format!("{FOLDER}{folder}/{number}.json"), text.into_bytes().into());
            }
        }
        files
    }
}

/// The documents of each facet, and how many parts each document has.
fn facets<'d>(
    documents: &'d [Document],
    files: &mut BTreeMap<String, Arc<[u8]>>,
) -> BTreeMap<&'static str, Vec<&'d str>> {
    let mut map = String::new();
    let mut found: BTreeMap<(&'static str, &'d str), Vec<usize>> = BTreeMap::new();
    for (index, document) in documents.iter().enumerate() {
        postings::push_number(&mut map, document.parts.len());
        let year = document.date.split('-').next().unwrap_or("");
        for (facet, value) in [
            ("kind", document.kind),
            ("year", year),
            ("subject", &document.subject),
            ("force", document.force),
        ] {
            if !value.is_empty() {
                found.entry((facet, value)).or_default().push(index);
            }
        }
    }
    files.insert(format!("{FOLDER}map.json"), json(&map));
    let mut facets: BTreeMap<&'static str, Vec<&'d str>> = BTreeMap::new();
    for ((facet, value), documents) in found {
        let values = facets.entry(facet).or_default();
        let list = postings::number_list(&documents);
        files.insert(format!("{FOLDER}f/{facet}-{}.json", values.len()), json(&list));
        values.push(value);
    }
    facets
}

/// The entries of a document's parts. Title and number go with the first.
fn entries_of(first: usize, document: &Document) -> Vec<u64> {
    let mut all = Vec::new();
    for (index, passages) in document.parts.iter().enumerate() {
        let (part, start) = (first + index, all.len());
        let mut entries = Vec::new();
        if index == 0 {
            // The questions bear the title of their policy.
            if document.kind != "question" {
                push_keys(&mut entries, &document.title, Field::Title, part, 0);
            }
            // What explains a policy is found by the number in its own text.
            if matches!(document.kind, "policy" | "withdrawn") {
                push_keys(&mut entries, &document.number, Field::Number, part, 0);
            }
        }
        let mut at = 0;
        for passage in passages {
            at = push_keys(&mut entries, &passage.text, Field::Text, part, at);
        }
        postings::merge(&mut entries);
        all.reserve(entries.len());
        all.splice(start.., entries);
    }
    all
}

/// Adds the keys of a text, and returns the place after it.
fn push_keys(entries: &mut Vec<u64>, text: &str, field: Field, part: usize, mut at: usize) -> usize {
    let mut before = None;
    for unit in fold(text) {
        entries.push(pack(None, unit, field, part, 0));
        if let Some(before) = before {
            entries.push(pack(Some(before), unit, field, part, at - 1));
        }
        before = Some(unit);
        at += 1;
    }
    at
}

/// The parts of a document; passages are not cut, so that every match lies in one.
fn part_files(first: usize, document: &Document) -> Vec<(String, Arc<[u8]>)> {
    let text = |passages: &'_ [Passage]| -> Vec<u8> {
        let value = PartJson {
            url: &document.url,
            title: &document.title,
            number: &document.number,
            date: &document.date,
            kind: document.kind,
            form: &document.form,
            subject: &document.subject,
            force: document.force,
            first,
            parts: document.parts.len(),
            text: passages.iter().map(|p| (p.anchor.as_str(), p.name.as_str(), p.text.as_str())).collect(),
        };
        serde_json::to_vec(&value).unwrap_or_default()
    };
    let parts = document.parts.iter().enumerate();
    parts
        .map(|(index, passages)| (format!("{FOLDER}d/{}.json", first + index), text(passages).into()))
        .collect()
}

fn json<T: Serialize>(value: &T) -> Arc<[u8]> {
    serde_json::to_vec(value).unwrap_or_default().into()
}

//! Full text search without a server.
//!
//! The index is a set of small JSON files below `/search/index/`, made from
//! the same passages that the pages show, in the run that renders them:
//!
//! - `index.json`: how many parts, shards and facets there are, and which pairs
//!   are so common that a query which has others need not ask for them;
//! - `s/<n>.json`: posting lists. A key is a unit or a pair of neighbouring
//!   units of the folded text (`fold`); its value lists the parts that hold
//!   it in the title, in the number and in the text, and at which places
//!   (`postings`). The shard of a key is a hash of it, so there is no
//!   directory to fetch; `h/<n>.json` are the pieces of lists too long for a
//!   shard;
//! - `d/<n>.json`: one part of a document (`documents`): title, address,
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

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use self::documents::Document;
use self::fold::fold;
use self::postings::{Buckets, Field, pack};
use super::{Put, SitePlan};

/// Bytes of a shard that are aimed at. A word reads up to six of them.
const SHARD: usize = 3 * 1024;

/// Where the index lies.
pub(crate) const FOLDER: &str = "search/index/";

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

/// Documents that are made, written and dropped together.
const GROUP: usize = 64;

/// What is kept of a document once its parts are written.
struct Facts {
    /// Kind, year, subject and force, with the names of their facets.
    facets: [(&'static str, String); 4],
    parts: usize,
}

impl SitePlan<'_> {
    /// Makes the files of the index, below `search/index/`, and hands each on.
    /// Texts are held a few at a time, and entries once.
    ///
    /// # Errors
    /// What `put` answers.
    pub fn search_into<E: Send>(&self, put: &Put<'_, E>) -> Result<(), E> {
        let sources = self.sources();
        let (mut buckets, mut facts, mut parts) = (Buckets::new(), Vec::with_capacity(sources.len()), 0);
        for group in sources.chunks(GROUP) {
            let documents: Vec<Document> = group.par_iter().map(|source| self.document(source)).collect();
            let mut firsts = Vec::with_capacity(documents.len());
            for document in &documents {
                firsts.push(parts);
                parts += document.parts.len();
            }
            let made: Result<Vec<Vec<u64>>, E> = documents
                .par_iter()
                .zip(&firsts)
                .map(|(document, first)| {
                    put_parts(*first, document, put)?;
                    Ok(entries_of(*first, document))
                })
                .collect();
            made?.iter().for_each(|entries| buckets.add(entries));
            facts.extend(documents.into_iter().map(facts_of));
        }
        let mut piece = |number: usize, text: &str| {
            put(&format!("{FOLDER}h/{number}.json"), Cow::Borrowed(text.as_bytes()))
        };
        let lists = postings::lists(buckets, SHARD, &mut piece)?;
        let index = IndexJson {
            schema: "jiedu.search/3",
            documents: facts.len(),
            parts,
            shards: lists.shards.len(),
            common: lists.common,
            facets: facets(&facts, put)?,
        };
        put(&format!("{FOLDER}index.json"), Cow::Owned(json(&index)))?;
        lists.shards.par_iter().enumerate().try_for_each(|(number, text)| {
            put(&format!("{FOLDER}s/{number}.json"), Cow::Borrowed(text.as_bytes()))
        })
    }
}

fn facts_of(document: Document) -> Facts {
    let year = document.date.split('-').next().unwrap_or("").to_owned();
    let facets = [
        ("kind", document.kind.to_owned()),
        ("year", year),
        ("subject", document.subject),
        ("force", document.force.to_owned()),
    ];
    Facts { facets, parts: document.parts.len() }
}

/// The documents of each facet, and how many parts each document has.
fn facets<'f, E>(facts: &'f [Facts], put: &Put<'_, E>) -> Result<BTreeMap<&'static str, Vec<&'f str>>, E> {
    let mut map = String::new();
    let mut found: BTreeMap<(&'static str, &'f str), Vec<usize>> = BTreeMap::new();
    for (index, one) in facts.iter().enumerate() {
        postings::push_number(&mut map, one.parts);
        for (facet, value) in one.facets.iter().filter(|(_, value)| !value.is_empty()) {
            found.entry((facet, value)).or_default().push(index);
        }
    }
    put(&format!("{FOLDER}map.json"), Cow::Owned(json(&map)))?;
    let mut listed: BTreeMap<&'static str, Vec<&'f str>> = BTreeMap::new();
    for ((facet, value), documents) in found {
        let values = listed.entry(facet).or_default();
        let list = postings::number_list(&documents);
        put(&format!("{FOLDER}f/{facet}-{}.json", values.len()), Cow::Owned(json(&list)))?;
        values.push(value);
    }
    Ok(listed)
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

/// Writes the parts of a document; passages are not cut, so that every match
/// lies in one.
fn put_parts<E>(first: usize, document: &Document, put: &Put<'_, E>) -> Result<(), E> {
    for (index, passages) in document.parts.iter().enumerate() {
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
        put(&format!("{FOLDER}d/{}.json", first + index), Cow::Owned(json(&value)))?;
    }
    Ok(())
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

//! Full text search without a server.
//!
//! The index is a set of small JSON files below `/assets/search/`, made from
//! the same passages that the pages show:
//!
//! - `index.json`: how many documents and shards there are;
//! - `s/<n>.json`: posting lists. A key is a character or a pair of neighbouring
//!   characters of the folded text ([`fold`]); its value lists the documents
//!   that hold it, in the title and in the text ([`postings`]). The shard of a
//!   key is a hash of it, so there is no directory to fetch;
//! - `d/<id>.json`, `d/<id>-<n>.json`: a document: title, address, facts, and its passages
//!   with their anchors.
//!
//! The script intersects the lists of a query's pairs and then looks the words
//! up in the documents that are left, best first. Every run of indexed
//! characters that stands in a passage is therefore found, and what is shown
//! does hold it. Documents are numbered newest first, which is also the order
//! of results; matches in titles come before the others.

pub(crate) mod fold;
mod postings;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use self::fold::{fold, is_indexed};
use super::SitePlan;
use super::catalogue::{Entry, Material};
use crate::redline::passages;

/// Bytes of a shard that are aimed at.
const SHARD: usize = 8 * 1024;

/// Bytes of text in one file of a document.
const PART: usize = 12 * 1024;

/// Where the index lies.
pub(crate) const FOLDER: &str = "assets/search/";

#[derive(Serialize)]
struct IndexJson {
    schema: &'static str,
    docs: usize,
    shards: usize,
}

/// One file of a document.
#[derive(Serialize)]
struct DocumentJson<'d> {
    /// Address from the site's root.
    url: &'d str,
    title: &'d str,
    /// 发文字号 of a policy; of an interpretation, the policy it explains.
    number: &'d str,
    date: &'d str,
    /// `policy` or `interpretation`.
    kind: &'static str,
    /// 形式 of an interpretation.
    form: &'d str,
    subject: &'d str,
    /// State of force, as in `set.json`.
    force: &'d str,
    /// How many files there are.
    parts: usize,
    /// Anchor, name and text of each passage.
    text: Vec<(&'d str, &'d str, &'d str)>,
}

/// What is indexed of a document.
struct Document {
    url: String,
    title: String,
    number: String,
    date: String,
    kind: &'static str,
    form: String,
    subject: String,
    force: &'static str,
    passages: Vec<(String, String, String)>,
}

impl SitePlan<'_> {
    /// The files of the index.
    pub(crate) fn search_files(&self) -> BTreeMap<String, Arc<[u8]>> {
        let documents = self.documents();
        let keys: Vec<u64> =
            documents.par_iter().enumerate().flat_map_iter(|(id, document)| keys_of(id, document)).collect();
        let shards = postings::shards(keys, documents.len(), SHARD);
        let mut files: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
        let index = IndexJson { schema: "jiedu.search/1", docs: documents.len(), shards: shards.len() };
        files.insert(format!("{FOLDER}index.json"), json(&index));
        for (number, shard) in shards.into_iter().enumerate() {
            files.insert(format!("{FOLDER}s/{number}.json"), shard.into_bytes().into());
        }
        let parts: Vec<(String, Arc<[u8]>)> = documents
            .par_iter()
            .enumerate()
            .flat_map_iter(|(id, document)| document_files(id, document))
            .collect();
        files.extend(parts);
        files
    }

    /// Policies and interpretations, newest first.
    fn documents(&self) -> Vec<Document> {
        let policies = self.catalogue.entries.par_iter().map(Self::policy_document);
        let materials = self.catalogue.materials.par_iter().map(|material| self.material_document(*material));
        let mut documents: Vec<Document> = policies.chain(materials).collect();
        documents.sort_by(|a, b| (&b.date, &a.url).cmp(&(&a.date, &b.url)));
        documents
    }

    fn policy_document(entry: &Entry<'_>) -> Document {
        let passage = |passage: crate::redline::Passage| {
            (passage.anchor.unwrap_or_default(), passage.reference, passage.text)
        };
        Document {
            url: entry.route().url(),
            title: entry.title().to_owned(),
            number: entry.number().unwrap_or("").to_owned(),
            date: entry.date().to_string(),
            kind: "policy",
            form: String::new(),
            subject: entry.subject().unwrap_or("").to_owned(),
            force: entry.force.state,
            passages: passages(entry.policy).into_iter().map(passage).collect(),
        }
    }

    fn material_document(&self, material: Material<'_>) -> Document {
        let entry = self.catalogue.entry(&material.set.id);
        let mut found = Vec::new();
        for section in &material.material.sections {
            for block in material.material.blocks.get(section.blocks.clone()).unwrap_or_default() {
                if !block.text.trim().is_empty() {
                    found.push((section.anchor.clone(), section.heading.clone(), block.text.clone()));
                }
            }
        }
        Document {
            url: material.route().url(),
            title: material.title().to_owned(),
            number: entry.map(|entry| entry.short().to_owned()).unwrap_or_default(),
            date: material.date().to_string(),
            kind: "interpretation",
            form: material.form().to_owned(),
            subject: entry.and_then(Entry::subject).unwrap_or("").to_owned(),
            force: entry.map_or("unstated", |entry| entry.force.state),
            passages: found,
        }
    }
}

/// The keys of a document, each once, as [`postings`] packs them.
fn keys_of(id: usize, document: &Document) -> Vec<u64> {
    let mut keys = Keys::new();
    for text in [&document.title, &document.number] {
        push_keys(&mut keys, text, id, true);
    }
    for (_, _, text) in &document.passages {
        push_keys(&mut keys, text, id, false);
    }
    keys.finish()
}

fn push_keys(keys: &mut Keys, text: &str, id: usize, in_title: bool) {
    let mut before = None;
    for c in fold(text) {
        let indexed = is_indexed(c);
        if indexed {
            keys.push(postings::pack(None, c, id, in_title));
        }
        if let Some(before) = before.filter(|_| indexed) {
            keys.push(postings::pack(Some(before), c, id, in_title));
        }
        before = indexed.then_some(c);
    }
}

/// Keys of a document. Most come again and again, so the ones met last are
/// remembered, each in a place of its own, and not kept twice.
struct Keys {
    kept: Vec<u64>,
    met: Vec<u64>,
}

impl Keys {
    /// Places for keys met; a power of two.
    const PLACES: usize = 1 << 12;

    fn new() -> Self {
        Self { kept: Vec::new(), met: vec![u64::MAX; Self::PLACES] }
    }

    fn push(&mut self, key: u64) {
        // The upper bits of a product with an odd number spread well.
        let place = usize::try_from(key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52).unwrap_or(0);
        match self.met.get_mut(place) {
            Some(met) if *met == key => {}
            Some(met) => {
                *met = key;
                self.kept.push(key);
            }
            None => self.kept.push(key),
        }
    }

    /// Each key once, sorted.
    fn finish(mut self) -> Vec<u64> {
        self.kept.sort_unstable();
        self.kept.dedup();
        self.kept
    }
}

/// The files of a document; passages are not cut, so that every match lies in one.
fn document_files(id: usize, document: &Document) -> Vec<(String, Arc<[u8]>)> {
    let mut parts: Vec<Vec<(&str, &str, &str)>> = vec![Vec::new()];
    let mut size = 0;
    for (anchor, name, text) in &document.passages {
        if size + text.len() > PART && size > 0 {
            parts.push(Vec::new());
            size = 0;
        }
        size += text.len();
        if let Some(part) = parts.last_mut() {
            part.push((anchor, name, text));
        }
    }
    let count = parts.len();
    let file = |(number, text): (usize, Vec<(&str, &str, &str)>)| {
        let name = if number == 0 {
            format!("{FOLDER}d/{id}.json")
        } else {
            format!("{FOLDER}d/{id}-{number}.json")
        };
        let value = DocumentJson {
            url: &document.url,
            title: &document.title,
            number: &document.number,
            date: &document.date,
            kind: document.kind,
            form: &document.form,
            subject: &document.subject,
            force: document.force,
            parts: count,
            text,
        };
        (name, json(&value))
    };
    parts.into_iter().enumerate().map(file).collect()
}

fn json<T: Serialize>(value: &T) -> Arc<[u8]> {
    serde_json::to_vec(value).unwrap_or_default().into()
}

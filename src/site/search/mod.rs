//! Full text search without a server.
//!
//! The index is a set of small JSON files below `/search/index/`, made from
//! the same passages that the pages show, in the run that renders them:
//!
//! - `index.json`: how many parts, shards and facets there are, and which pairs
//!   are so common that a query which has others need not ask for them;
//! - `s/<n>.bin`: posting lists. A key is a unit or a pair of neighbouring
//!   units of the folded text (`fold`); its value lists the parts that hold
//!   it in the title, in a name (number, index number, issuer) and in the text,
//!   and at which places (`postings`). The shard of a key is a hash of it, so
//!   there is no directory to fetch; `h/<n>.bin` are the pieces of lists too
//!   long for a shard, four to a file;
//! - `d/<n>.bin`: four parts of documents (`documents`): title, address,
//!   facts, and a few kilobytes of passages with their anchors;
//! - `map.bin` and `f/<facet>-<n>.json`: how many parts each document has and
//!   which policy it goes with, and which documents have a facet; read when
//!   there are several words or a filter, and for near matches;
//! - `w.bin` and `t.bin`: words used for one another, and traditional
//!   characters with their simplified forms.
//!
//! Files that end in `.bin` are JSON, compressed after RFC 1950 (`deflate` of
//! `DecompressionStream`): an index is many small files, and most servers do
//! not compress what they do not know.
//!
//! The script intersects the lists of a query's pairs, drops the parts where
//! the pairs do not follow one another, and looks the words up in the parts
//! that are left, best first. Every run of characters that stands in a passage
//! is therefore found, and what is shown does hold it. Parts are numbered
//! newest document first, which is also the order of results; a match of the
//! title comes before one of the number, and that before one of the text. Where
//! that fills no screen, a second script scores documents by the same lists.

mod documents;
mod everyday;
pub(crate) mod fold;
mod postings;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write as _;

use rayon::prelude::*;
use serde::Serialize;

use self::documents::Document;
use self::fold::fold;
use self::postings::{Buckets, Field, pack};
use super::{Put, SitePlan};

/// Bytes of a shard that are aimed at, before compression. A word reads up to
/// six of them.
const SHARD: usize = 12 * 1024;

/// Parts in one file; the script divides by the same number.
const PACK: usize = 4;

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

/// What is said of a document, once in each file that holds parts of it.
#[derive(Serialize)]
struct DocumentJson<'d> {
    url: &'d str,
    title: &'d str,
    /// Letters of the title's sounds.
    pinyin: &'d str,
    number: &'d str,
    /// 索引号, 统一编号 and issuers.
    ids: &'d [String],
    date: &'d str,
    kind: &'static str,
    form: &'d str,
    subject: &'d str,
    force: &'d str,
    /// First days of its states, where it has several.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    days: &'d [(String, &'static str)],
    /// The number of the document's first part.
    first: usize,
    /// How many parts it has.
    parts: usize,
}

/// Anchor, name and text of a passage.
type PassageJson<'d> = (&'d str, &'d str, &'d str);

/// A file of parts: the documents, and each part with the place of its document.
#[derive(Serialize)]
struct PackJson<'d> {
    d: Vec<DocumentJson<'d>>,
    p: Vec<(usize, Vec<PassageJson<'d>>)>,
}

/// Documents that are made, written and dropped together.
const GROUP: usize = 64;

/// What is kept of a document once its parts are written.
struct Facts {
    /// Its facets: name and value.
    facets: Vec<(&'static str, String)>,
    parts: usize,
    /// How far on in the list of documents its policy stands.
    owner: isize,
}

impl SitePlan<'_> {
    /// Makes the files of the index, below `search/index/`, and hands each on.
    /// Texts are held a few at a time, and entries once.
    ///
    /// # Errors
    /// What `put` answers.
    pub fn search_into<E: Send>(&self, put: &Put<'_, E>) -> Result<(), E> {
        let sources = self.sources();
        let owners = owners(&sources);
        let (mut buckets, mut facts, mut parts) = (Buckets::new(), Vec::with_capacity(sources.len()), 0);
        for (group, owners) in sources.chunks(GROUP).zip(owners.chunks(GROUP)) {
            let mut documents: Vec<Document> = group.par_iter().map(|source| self.document(source)).collect();
            // A file of parts holds parts of one group only.
            let short = documents.iter().map(|document| document.parts.len()).sum::<usize>() % PACK;
            if let Some(last) = documents.last_mut().filter(|_| short > 0) {
                last.parts.resize_with(last.parts.len() + PACK - short, Vec::new);
            }
            let mut firsts = Vec::with_capacity(documents.len());
            for document in &documents {
                firsts.push(parts);
                parts += document.parts.len();
            }
            put_packs(&firsts, &documents, put)?;
            let made: Vec<Vec<u64>> = documents
                .par_iter()
                .zip(&firsts)
                .map(|(document, first)| entries_of(*first, document))
                .collect();
            for entries in &made {
                buckets.add(entries);
            }
            facts.extend(
                documents.into_iter().zip(owners).map(|(document, owner)| facts_of(document, *owner)),
            );
        }
        let mut pieces = Pieces { waiting: Vec::new(), files: 0, put };
        let lists = postings::lists(buckets, SHARD, &mut |_, text| pieces.add(text))?;
        pieces.finish()?;
        let index = IndexJson {
            schema: "jiedu.search/4",
            documents: facts.len(),
            parts,
            shards: lists.shards.len(),
            common: lists.common,
            facets: facets(&facts, put)?,
        };
        put(&format!("{FOLDER}index.json"), Cow::Owned(json(&index)))?;
        put(&format!("{FOLDER}w.bin"), Cow::Owned(packed(everyday::words(self.synonyms).as_bytes())))?;
        put(&format!("{FOLDER}t.bin"), Cow::Owned(packed(everyday::traditional().as_bytes())))?;
        lists.shards.par_iter().enumerate().try_for_each(|(number, text)| {
            put(&format!("{FOLDER}s/{number}.bin"), Cow::Owned(packed(text.as_bytes())))
        })
    }
}

/// Pieces of long lists, until a file of them is full.
struct Pieces<'p, E> {
    waiting: Vec<String>,
    files: usize,
    put: &'p Put<'p, E>,
}

impl<E> Pieces<'_, E> {
    fn add(&mut self, piece: &str) -> Result<(), E> {
        self.waiting.push(piece.to_owned());
        if self.waiting.len() == postings::PIECES { self.finish() } else { Ok(()) }
    }

    fn finish(&mut self) -> Result<(), E> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let text = format!("[{}]", self.waiting.join(","));
        (self.put)(&format!("{FOLDER}h/{}.bin", self.files), Cow::Owned(packed(text.as_bytes())))?;
        self.waiting.clear();
        self.files += 1;
        Ok(())
    }
}

/// How far on the policy stands with which each document goes; 0 for policies
/// and what goes with none.
fn owners(sources: &[documents::Source<'_, '_>]) -> Vec<isize> {
    let places: BTreeMap<&str, usize> = sources
        .iter()
        .enumerate()
        .filter(|(_, source)| source.is_policy())
        .filter_map(|(at, source)| Some((source.set()?, at)))
        .collect();
    let owner = |(at, source): (usize, &documents::Source<'_, '_>)| {
        let found = source.set().and_then(|set| places.get(set));
        found.map_or(0, |place| place.cast_signed() - at.cast_signed())
    };
    sources.iter().enumerate().map(owner).collect()
}

fn facts_of(document: Document, owner: isize) -> Facts {
    let year = document.date.split('-').next().unwrap_or("").to_owned();
    let mut facets = vec![("kind", document.kind.to_owned()), ("year", year), ("subject", document.subject)];
    facets.extend(document.issuers.into_iter().map(|issuer| ("issuer", issuer)));
    // A document stands under every state that it has on some day: the script
    // knows which day it is.
    facets.extend(document.days.iter().map(|(_, state)| ("force", (*state).to_owned())));
    if document.days.is_empty() {
        facets.push(("force", document.force.to_owned()));
    }
    Facts { facets, parts: document.parts.len(), owner }
}

/// The documents of each facet, and how many parts each document has.
fn facets<'f, E>(facts: &'f [Facts], put: &Put<'_, E>) -> Result<BTreeMap<&'static str, Vec<&'f str>>, E> {
    let (mut map, mut owners) = (String::new(), String::new());
    let mut found: BTreeMap<(&'static str, &'f str), Vec<usize>> = BTreeMap::new();
    for (index, one) in facts.iter().enumerate() {
        postings::push_number(&mut map, one.parts);
        let away = one.owner.unsigned_abs() * 2;
        postings::push_number(&mut owners, if one.owner < 0 { away - 1 } else { away });
        for (facet, value) in one.facets.iter().filter(|(_, value)| !value.is_empty()) {
            let list = found.entry((facet, value)).or_default();
            if list.last() != Some(&index) {
                list.push(index);
            }
        }
    }
    put(&format!("{FOLDER}map.bin"), Cow::Owned(packed(&json(&[map, owners]))))?;
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
            // Questions and older editions bear the title of their policy.
            if !matches!(document.kind, "question" | "edition") {
                let at = push_keys(&mut entries, &document.title, Field::Title, part, 0);
                push_keys(&mut entries, &document.pinyin, Field::Title, part, at);
            }
            // What explains a policy is found by the number in its own text, an
            // older edition by a number that it alone had.
            if document.kind == "edition" {
                document
                    .ids
                    .iter()
                    .fold(0, |at, name| push_keys(&mut entries, name, Field::Number, part, at));
            }
            if matches!(document.kind, "policy" | "withdrawn") {
                let names = std::iter::once(&document.number).chain(&document.ids);
                names.fold(0, |at, name| push_keys(&mut entries, name, Field::Number, part, at));
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

/// Writes the parts of documents, some to a file; passages are not cut, so that
/// every match lies in one.
fn put_packs<E: Send>(firsts: &[usize], documents: &[Document], put: &Put<'_, E>) -> Result<(), E> {
    let all: Vec<(usize, usize, &Document, &Vec<documents::Passage>)> = documents
        .iter()
        .zip(firsts)
        .flat_map(|(document, first)| {
            document.parts.iter().enumerate().map(move |(at, part)| (*first, first + at, document, part))
        })
        .collect();
    all.par_chunks(PACK).try_for_each(|parts| {
        let mut pack = PackJson { d: Vec::new(), p: Vec::new() };
        for (first, _, document, passages) in parts {
            if pack.d.last().is_none_or(|last| last.first != *first) {
                pack.d.push(document_json(*first, document));
            }
            let texts = passages.iter().map(|p| (p.anchor.as_str(), p.name.as_str(), p.text.as_str()));
            pack.p.push((pack.d.len() - 1, texts.collect()));
        }
        let number = parts.first().map_or(0, |(_, id, _, _)| id / PACK);
        put(&format!("{FOLDER}d/{number}.bin"), Cow::Owned(packed(&json(&pack))))
    })
}

fn document_json(first: usize, document: &Document) -> DocumentJson<'_> {
    DocumentJson {
        url: &document.url,
        title: &document.title,
        pinyin: &document.pinyin,
        number: &document.number,
        ids: &document.ids,
        date: &document.date,
        kind: document.kind,
        form: &document.form,
        subject: &document.subject,
        force: document.force,
        days: &document.days,
        first,
        parts: document.parts.len(),
    }
}

/// Compressed after RFC 1950. Writing into memory cannot fail.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(5));
    let _ = writer.write_all(bytes);
    writer.finish().unwrap_or_default()
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

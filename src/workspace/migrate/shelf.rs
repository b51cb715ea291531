//! The documents of a shelf: files of a folder, read, with what the list says of
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiedu_base::name::Digest;
use jiedu_base::text::Message;
use jiedu_import::{Block, Field, Head, MAX_BYTES, Options, Page, read};
use rayon::prelude::*;

use super::listing::Entry;
use super::pairs::last_part;
use crate::WorkspaceError;
use crate::import::Role;

/// Folders nested deeper than this are not entered.
const DEEPEST: usize = 32;
/// Most files of one shelf.
const MOST: usize = 200_000;
/// Files that are texts; others come along where a text links to them.
const TEXTS: &[&str] = &["html", "htm", "shtml", "docx", "doc", "wps", "rtf", "pdf", "ofd", "txt"];

/// One document.
pub(super) struct Document {
    /// Path below the shelf, with `/`.
    pub(super) file: String,
    /// Of its bytes.
    pub(super) digest: Digest,
    /// Where it was on the old site.
    pub(super) old: String,
    pub(super) head: Head,
    pub(super) page: Page,
    pub(super) role: Role,
    /// Files and pages that it leads to, and their printed names.
    pub(super) links: Vec<(String, String)>,
}

/// What was found on the shelf.
pub(super) struct Shelf {
    pub(super) root: PathBuf,
    pub(super) documents: Vec<Document>,
    /// Files that could not be read, with the reason.
    pub(super) failed: Vec<(String, Message)>,
    /// All files by their last part, to find those that are linked.
    by_name: BTreeMap<String, Vec<String>>,
}

impl Document {
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        self.head.text.iter().map(Block::text)
    }

    pub(super) fn text(&self) -> String {
        self.lines().collect::<Vec<_>>().join("\n")
    }

    /// The characters alone: two copies of one text agree in them.
    pub(super) fn fingerprint(&self) -> Digest {
        let title = self.head.title.as_ref().map_or("", |title| title.value.as_str());
        let plain: String = title.chars().chain(self.text().chars()).filter(|c| !c.is_whitespace()).collect();
        Digest::of(plain.as_bytes())
    }

    /// The day on which it was put up, or signed.
    pub(super) fn day(&self) -> Option<&str> {
        let field = self.head.published.as_ref().or(self.head.signed.as_ref())?;
        field.value.get(..10)
    }
}

/// Reads a shelf. Files that another document links to and that are no pages are
/// its attachments, not documents.
pub(super) fn read_shelf(root: &Path, list: &[Entry]) -> Result<Shelf, WorkspaceError> {
    let mut files = Vec::new();
    walk(root, "", 0, &mut files)?;
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in &files {
        by_name.entry(last_part(file).to_owned()).or_default().push(file.clone());
    }
    let is_text = |file: &&String| {
        let extension = file.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
        TEXTS.contains(&extension.as_str())
    };
    let listed = Listed::new(list);
    let texts: Vec<&String> = files.iter().filter(is_text).collect();
    let found: Vec<(String, Result<Document, Message>)> =
        texts.into_par_iter().map(|file| (file.clone(), document(root, file, &listed))).collect();
    let mut shelf = Shelf { root: root.to_owned(), documents: Vec::new(), failed: Vec::new(), by_name };
    for (file, result) in found {
        match result {
            Ok(document) => shelf.documents.push(document),
            Err(problem) => shelf.failed.push((file, problem)),
        }
    }
    let mut attached = BTreeSet::new();
    for document in &shelf.documents {
        for (target, _) in &document.links {
            let found =
                shelf.linked(document, target).filter(|found| *found != document.file && !is_page(found));
            attached.extend(found);
        }
    }
    shelf.documents.retain(|document| !attached.contains(&document.file) || listed.names(&document.file));
    shelf.failed.retain(|(file, _)| !attached.contains(file));
    Ok(shelf)
}

fn is_page(file: &str) -> bool {
    let lower = file.to_ascii_lowercase();
    [".html", ".htm", ".shtml"].iter().any(|end| lower.ends_with(end))
}

fn walk(root: &Path, below: &str, depth: usize, files: &mut Vec<String>) -> Result<(), WorkspaceError> {
    let folder = root.join(below);
    let mut entries = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| WorkspaceError::io(&folder, error))? {
        let entry = entry.map_err(|error| WorkspaceError::io(&folder, error))?;
        let kind = entry.file_type().map_err(|error| WorkspaceError::io(&folder, error))?;
        entries.push((entry.file_name().to_string_lossy().into_owned(), kind));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, kind) in entries {
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if name.starts_with(['.', '~']) || files.len() >= MOST {
            continue;
        }
        // A link may lead out of the shelf, or in a circle.
        if kind.is_dir() && depth < DEEPEST {
            walk(root, &path, depth + 1, files)?;
        } else if kind.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

/// Entries of the list by file, address and title.
struct Listed<'l> {
    files: BTreeMap<&'l str, &'l Entry>,
    names: BTreeMap<&'l str, Option<&'l Entry>>,
    titles: BTreeMap<String, Option<&'l Entry>>,
}

impl<'l> Listed<'l> {
    fn new(list: &'l [Entry]) -> Self {
        let mut listed = Self { files: BTreeMap::new(), names: BTreeMap::new(), titles: BTreeMap::new() };
        for entry in list {
            if let Some(file) = &entry.file {
                listed.files.insert(file.trim_start_matches("./"), entry);
            }
            // What two entries share tells them not apart.
            let names = [entry.file.as_deref(), entry.url.as_deref()].into_iter().flatten().map(last_part);
            for name in names.collect::<BTreeSet<_>>() {
                listed.names.entry(name).and_modify(|known| *known = None).or_insert(Some(entry));
            }
            if let Some(title) = &entry.title {
                let key = super::pairs::bare(title);
                listed.titles.entry(key).and_modify(|known| *known = None).or_insert(Some(entry));
            }
        }
        listed
    }

    fn names(&self, file: &str) -> bool {
        self.files.contains_key(file)
    }

    fn find(&self, file: &str, title: Option<&str>) -> Option<&'l Entry> {
        let by_name = || self.names.get(last_part(file)).copied().flatten();
        let by_title =
            || title.and_then(|title| self.titles.get(&super::pairs::bare(title))).copied().flatten();
        self.files.get(file).copied().or_else(by_name).or_else(by_title)
    }
}

fn document(root: &Path, file: &str, listed: &Listed<'_>) -> Result<Document, Message> {
    let path = root.join(file);
    let size = fs::metadata(&path).map(|meta| meta.len());
    if size.as_ref().is_ok_and(|size| *size > MAX_BYTES as u64) {
        return Err(jiedu_import::ImportError::TooLarge.message());
    }
    let bytes = fs::read(&path)
        .map_err(|error| Message::new(format!("读不了：{error}"), format!("cannot be read: {error}")))?;
    let page = read(file, &bytes, Options::default()).map_err(|error| error.message())?;
    let mut head = Head::read(&page);
    let title = head.title.as_ref().map(|title| title.value.clone());
    let entry = listed.find(file, title.as_deref());
    let mut links = page.files.clone();
    links.extend(page.links.iter().cloned());
    if let Some(entry) = entry {
        completed(&mut head, entry);
        links.extend(entry.attachments.iter().map(|(name, url)| (url.clone(), name.clone())));
    }
    let stem = last_part(file).rsplit_once('.').map_or(file, |(stem, _)| stem);
    let role = crate::import::classify(&head, stem);
    let old = entry.and_then(|entry| entry.url.clone()).or_else(|| page.address.clone());
    let old = old.unwrap_or_else(|| format!("/{file}"));
    Ok(Document { file: file.to_owned(), digest: Digest::of(&bytes), old, head, page, role, links })
}

/// Fills what the document does not print from the list.
fn completed(head: &mut Head, entry: &Entry) {
    let field = |value: &Option<String>| {
        value.as_ref().map(|value| Field { value: value.clone(), from: format!("清单：{value}") })
    };
    let day = |value: &Option<String>| {
        let found = field(value)?;
        let day = found.value.get(..10)?.replace(['/', '.'], "-");
        day.parse::<jiff::civil::Date>().ok()?;
        Some(Field { value: day, ..found })
    };
    // The list knows the title as the site printed it.
    if let Some(title) = field(&entry.title) {
        head.title = Some(title);
    }
    head.number = head.number.take().or(field(&entry.number));
    head.index = head.index.take().or(field(&entry.index));
    head.published = head.published.take().or(day(&entry.published));
    head.signed = head.signed.take().or(day(&entry.signed));
    if head.issuers.is_empty() {
        head.issuers = field(&entry.issuer).into_iter().collect();
    }
}

impl Shelf {
    /// The file of the shelf that a link leads to.
    pub(super) fn linked(&self, document: &Document, target: &str) -> Option<String> {
        let decoded = percent_decoded(target);
        // A script gets the name of the file as a parameter.
        let parameter = decoded.split(['?', '&', '\'', '"', ',', '(']).find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.to_lowercase().contains("file").then_some(value)
        });
        let path = decoded.split(['?', '#']).next().unwrap_or(&decoded);
        let folder = document.file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        for part in path.split('/') {
            match part {
                ".." => {
                    parts.pop();
                }
                "." | "" => {}
                part => parts.push(part),
            }
        }
        let beside = parts.join("/");
        let known = |path: &str| {
            let name = last_part(path);
            self.by_name.get(name).and_then(|files| files.iter().find(|file| file.as_str() == path)).cloned()
        };
        let by_name = |name: &str| {
            let files = self.by_name.get(last_part(name))?;
            (files.len() == 1).then(|| files.first().cloned()).flatten()
        };
        known(&beside)
            .or_else(|| known(path.trim_start_matches('/')))
            .or_else(|| parameter.and_then(by_name))
            .or_else(|| by_name(path))
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        if let Some(decoded) = hex.filter(|_| byte == b'%') {
            bytes.push(decoded);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

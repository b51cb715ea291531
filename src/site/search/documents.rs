//! What is searched: policies and interpretations with their passages, cut
//! into parts of a few kilobytes.

use rayon::prelude::*;

use super::super::SitePlan;
use super::super::catalogue::{Entry, Material};
use crate::redline::passages;

/// Bytes of text in one part.
const PART: usize = 4 * 1024;

/// Characters of a passage before it is cut, and how many the next piece
/// repeats, so that a query of 200 characters lies in one piece.
const LONGEST: usize = 1_600;
const REPEATED: usize = 400;

/// What is searched of a document.
pub(super) struct Document {
    /// Address from the site's root.
    pub(super) url: String,
    pub(super) title: String,
    /// 发文字号; of an interpretation, the policy it explains.
    pub(super) number: String,
    pub(super) date: String,
    /// `policy` or `interpretation`.
    pub(super) kind: &'static str,
    /// 形式 of an interpretation.
    pub(super) form: String,
    pub(super) subject: String,
    /// State of force, as in `set.json`.
    pub(super) force: &'static str,
    /// At least one.
    pub(super) parts: Vec<Vec<Passage>>,
}

/// A paragraph or provision.
pub(super) struct Passage {
    /// Where it stands on the page; may be empty.
    pub(super) anchor: String,
    /// What a link to it is called; may be empty.
    pub(super) name: String,
    pub(super) text: String,
}

impl SitePlan<'_> {
    /// Policies and interpretations, newest first.
    pub(super) fn documents(&self) -> Vec<Document> {
        let policies = self.catalogue.entries.par_iter().map(policy);
        let materials = self.catalogue.materials.par_iter().map(|material| self.material_document(*material));
        let mut documents: Vec<Document> = policies.chain(materials).collect();
        documents.sort_by(|a, b| (&b.date, &a.url).cmp(&(&a.date, &b.url)));
        documents
    }

    fn material_document(&self, material: Material<'_>) -> Document {
        let entry = self.catalogue.entry(&material.set.id);
        let mut found = Vec::new();
        for section in &material.material.sections {
            for block in material.material.blocks.get(section.blocks.clone()).unwrap_or_default() {
                push(&mut found, &section.anchor, &section.heading, &block.text);
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
            parts: parts(found),
        }
    }
}

fn policy(entry: &Entry<'_>) -> Document {
    let mut found = Vec::new();
    for passage in passages(entry.policy) {
        push(&mut found, passage.anchor.as_deref().unwrap_or(""), &passage.reference, &passage.text);
    }
    Document {
        url: entry.route().url(),
        title: entry.title().to_owned(),
        number: entry.number().unwrap_or("").to_owned(),
        date: entry.date().to_string(),
        kind: "policy",
        form: String::new(),
        subject: entry.subject().unwrap_or("").to_owned(),
        force: entry.force.state,
        parts: parts(found),
    }
}

/// Adds a passage, in pieces that overlap when it is very long.
fn push(found: &mut Vec<Passage>, anchor: &str, name: &str, text: &str) {
    let mut add = |text: String| {
        if !text.trim().is_empty() {
            found.push(Passage { anchor: anchor.to_owned(), name: name.to_owned(), text });
        }
    };
    if text.len() <= LONGEST || text.chars().nth(LONGEST).is_none() {
        return add(text.to_owned());
    }
    let chars: Vec<char> = text.chars().collect();
    for start in (0..chars.len()).step_by(LONGEST - REPEATED) {
        add(chars.iter().skip(start).take(LONGEST).collect());
        if start + LONGEST >= chars.len() {
            break;
        }
    }
}

fn parts(passages: Vec<Passage>) -> Vec<Vec<Passage>> {
    let mut parts: Vec<Vec<Passage>> = vec![Vec::new()];
    let mut size = 0;
    for passage in passages {
        if size > 0 && size + passage.text.len() > PART {
            parts.push(Vec::new());
            size = 0;
        }
        size += passage.text.len();
        if let Some(part) = parts.last_mut() {
            part.push(passage);
        }
    }
    parts
}

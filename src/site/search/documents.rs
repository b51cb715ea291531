//! What is searched: policies with their corrections and the opinions on them,
//! interpretations, questions with their answers, topics, and the notices in
//! place of what was withdrawn; cut into parts of a few kilobytes.

use rayon::prelude::*;

use super::super::SitePlan;
use super::super::catalogue::{Entry, Material, listed_date, title};
use super::super::questions::{self, questions};
use super::super::route::Route;
use super::super::topics;
use crate::edition::PublishedSet;
use crate::model::Topic;
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
    /// `policy`, `interpretation`, `question`, `topic` or `withdrawn`.
    pub(super) kind: &'static str,
    /// 形式 of an interpretation.
    pub(super) form: String,
    pub(super) subject: String,
    /// State of force, as in `set.json`; empty where there is none.
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
    /// All of them, newest first.
    pub(super) fn documents(&self) -> Vec<Document> {
        let policies = self.catalogue.entries.par_iter().map(policy);
        let materials = self.catalogue.materials.par_iter().map(|material| self.material_document(*material));
        let mut documents: Vec<Document> = policies.chain(materials).collect();
        documents.extend(self.catalogue.entries.iter().filter_map(answers));
        documents.extend(self.topics.iter().map(|topic| self.topic_document(topic)));
        documents.extend(self.catalogue.gone.iter().map(|set| withdrawn(set)));
        documents.sort_by(|a, b| (&b.date, &a.url).cmp(&(&a.date, &b.url)));
        documents
    }

    fn material_document(&self, material: Material<'_>) -> Document {
        let entry = self.catalogue.entry(&material.set.id);
        let mut found = Vec::new();
        for correction in &material.material.meta.corrections {
            push(&mut found, "", "", &correction.note);
        }
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

    /// A topic, under the day of its newest policy.
    fn topic_document(&self, topic: &Topic) -> Document {
        let newest = self.policies_of_topic(topic).map(Entry::date).max();
        let mut found = Vec::new();
        for block in &topic.blocks {
            push(&mut found, "", "", &block.text);
        }
        Document {
            url: topics::route(&topic.slug).url(),
            title: topic.title.clone(),
            number: String::new(),
            date: newest.unwrap_or_else(|| self.clock.today()).to_string(),
            kind: "topic",
            form: String::new(),
            subject: String::new(),
            force: "",
            parts: parts(found),
        }
    }
}

/// The questions of a set: one document, and each question a passage of it.
fn answers(entry: &Entry<'_>) -> Option<Document> {
    let questions = questions(entry.edition);
    let newest = questions.iter().filter_map(|question| question.date).max();
    let mut found = Vec::new();
    for question in questions {
        let text = format!("{}　{}", question.question.value, question.answer);
        push(&mut found, &question.anchor, &question.question.value, &text);
    }
    (!questions.is_empty()).then(|| Document {
        url: questions::route(&entry.set.id).url(),
        title: entry.title().to_owned(),
        number: entry.short().to_owned(),
        date: newest.unwrap_or_else(|| entry.date()).to_string(),
        kind: "question",
        form: String::new(),
        subject: entry.subject().unwrap_or("").to_owned(),
        force: entry.force.state,
        parts: parts(found),
    })
}

/// What stands where a text was withdrawn: its title and number, and no text.
fn withdrawn(set: &PublishedSet) -> Document {
    let last = set.editions.last();
    let meta = last.and_then(|edition| edition.set.policy.as_ref()).map(|policy| &policy.meta);
    let date = set.withdrawn.as_ref().map(|(_, when)| when.today()).or(last.map(listed_date));
    Document {
        url: Route::set(&set.id).url(),
        title: meta.map_or(set.id.as_str(), |meta| title(meta, &set.id)).to_owned(),
        number: meta.and_then(|meta| Some(meta.document_number.as_ref()?.value.clone())).unwrap_or_default(),
        date: date.map(|date| date.to_string()).unwrap_or_default(),
        kind: "withdrawn",
        form: String::new(),
        subject: String::new(),
        force: "",
        parts: parts(Vec::new()),
    }
}

fn policy(entry: &Entry<'_>) -> Document {
    let mut found = Vec::new();
    for correction in &entry.policy.meta.corrections {
        push(&mut found, "", "", &correction.note);
    }
    for passage in passages(entry.policy) {
        push(&mut found, passage.anchor.as_deref().unwrap_or(""), &passage.reference, &passage.text);
    }
    for opinion in entry.edition.set.opinions.iter().flat_map(|sheet| &sheet.opinions) {
        push(&mut found, "opinions", "", &opinion.text.value);
        push(&mut found, "opinions", "", &opinion.reason);
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

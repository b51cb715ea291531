//! What is searched: policies with their corrections and the opinions on them,
//! interpretations, questions with their answers, topics, and the notices in
//! place of what was withdrawn; cut into parts of a few kilobytes.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::super::SitePlan;
use super::super::catalogue::{Entry, Material, listed_date, title};
use super::super::pages::is_readable;
use super::super::questions::{self, questions};
use super::super::route::Route;
use super::super::topics;
use super::everyday;
use super::fold::fold;
use jiedu_attach::{Veil, extract};
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::Topic;
use jiedu_redline::passages;

/// Bytes of text in one part.
const PART: usize = 4 * 1024;

/// Characters of a passage before it is cut, and how many the next piece
/// repeats, so that a query of 200 characters lies in one piece.
const LONGEST: usize = 1_600;
const REPEATED: usize = 400;

/// What is searched of a document.
#[derive(Default)]
pub(super) struct Document {
    /// Address from the site's root.
    pub(super) url: String,
    pub(super) title: String,
    /// 发文字号; of an interpretation, the policy it explains.
    pub(super) number: String,
    pub(super) date: String,
    /// `policy`, `interpretation`, `question`, `topic`, `withdrawn` or `edition`.
    pub(super) kind: &'static str,
    /// 形式 of an interpretation.
    pub(super) form: String,
    pub(super) subject: String,
    /// 索引号, 统一编号 and issuers of a policy.
    pub(super) ids: Vec<String>,
    pub(super) issuers: Vec<String>,
    /// Letters of the title's sounds.
    pub(super) pinyin: String,
    /// State of force, as in `set.json`; empty where there is none.
    pub(super) force: &'static str,
    /// First days of its states, where it has several.
    pub(super) days: Vec<(String, &'static str)>,
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

/// Where a document comes from.
pub(super) struct Source<'s, 'a> {
    date: String,
    url: String,
    from: Kind<'s, 'a>,
}

#[derive(Clone, Copy)]
enum Kind<'s, 'a> {
    Policy(&'s Entry<'a>),
    Material(Material<'a>),
    Answers(&'s Entry<'a>),
    Topic(&'a Topic),
    Withdrawn(&'a PublishedSet),
    /// An edition that is not the newest.
    Edition(&'s Entry<'a>, &'a Edition),
}

impl Source<'_, '_> {
    pub(super) fn is_policy(&self) -> bool {
        matches!(self.from, Kind::Policy(_))
    }

    /// The set that it belongs to.
    pub(super) fn set(&self) -> Option<&str> {
        match self.from {
            Kind::Policy(entry) | Kind::Answers(entry) | Kind::Edition(entry, _) => {
                Some(entry.set.id.as_str())
            }
            Kind::Material(material) => Some(material.set.id.as_str()),
            Kind::Topic(_) | Kind::Withdrawn(_) => None,
        }
    }
}

impl<'a> SitePlan<'a> {
    /// All of them, newest first.
    pub(super) fn sources<'s>(&'s self) -> Vec<Source<'s, 'a>> {
        let mut sources: Vec<Source<'s, 'a>> = Vec::new();
        let mut add = |date: Option<Date>, route: Route, from: Kind<'s, 'a>| {
            let date = date.map(|date| date.to_string()).unwrap_or_default();
            sources.push(Source { date, url: route.url(), from });
        };
        for entry in &self.catalogue.entries {
            add(Some(entry.date()), entry.route(), Kind::Policy(entry));
            let questions = questions(entry.edition);
            if !questions.is_empty() {
                let newest = questions.iter().filter_map(|question| question.date).max();
                let route = questions::route(&entry.set.id);
                add(newest.or(Some(entry.date())), route, Kind::Answers(entry));
            }
        }
        for material in &self.catalogue.materials {
            add(Some(material.date()), material.route(), Kind::Material(*material));
        }
        for topic in self.topics {
            let newest = self.policies_of_topic(topic).map(Entry::date).max();
            add(newest.or(Some(self.clock.today())), topics::route(&topic.slug), Kind::Topic(topic));
        }
        for set in &self.catalogue.gone {
            let withdrawn = set.withdrawn.as_ref().map(|(_, when)| when.today());
            let last = set.editions.last().map(listed_date);
            add(withdrawn.or(last), Route::set(&set.id), Kind::Withdrawn(set));
        }
        for entry in &self.catalogue.entries {
            let older = entry.set.editions.iter().filter(|old| old.number < entry.edition.number);
            for old in older.filter(|old| is_readable(entry.set, old)) {
                let route = Route::edition(&entry.set.id, old.number);
                add(Some(listed_date(old)), route, Kind::Edition(entry, old));
            }
        }
        // What no longer is the text comes after everything that is.
        let is_old = |source: &Source<'_, '_>| matches!(source.from, Kind::Edition(..));
        sources.sort_by(|a, b| (is_old(a), &b.date, &a.url).cmp(&(is_old(b), &a.date, &b.url)));
        sources
    }

    /// The document with its texts.
    pub(super) fn document(&self, source: &Source<'_, 'a>) -> Document {
        let mut document = match source.from {
            Kind::Policy(entry) => policy(entry),
            Kind::Material(material) => self.material_document(material),
            Kind::Answers(entry) => answers(entry),
            Kind::Topic(topic) => topic_document(topic),
            Kind::Withdrawn(set) => withdrawn(set),
            Kind::Edition(entry, old) => old_edition(entry, old),
        };
        document.pinyin = everyday::pinyin(&document.title);
        document.date.clone_from(&source.date);
        document.url.clone_from(&source.url);
        document
    }

    /// All documents at once.
    #[cfg(test)]
    pub(super) fn documents(&self) -> Vec<Document> {
        self.sources().iter().map(|source| self.document(source)).collect()
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
            title: material.title().to_owned(),
            number: entry.map(|entry| entry.short().to_owned()).unwrap_or_default(),
            kind: "interpretation",
            form: material.form().to_owned(),
            subject: entry.and_then(Entry::subject).unwrap_or("").to_owned(),
            force: entry.map_or("unstated", |entry| entry.force.state),
            issuers: entry.map(issuers).unwrap_or_default(),
            days: entry.map(days).unwrap_or_default(),
            parts: parts(found),
            ..Document::default()
        }
    }
}

fn issuers(entry: &Entry<'_>) -> Vec<String> {
    entry.policy.meta.issuers.iter().map(|issuer| issuer.value.clone()).collect()
}

/// The first days of a policy's states, where it has several.
fn days(entry: &Entry<'_>) -> Vec<(String, &'static str)> {
    if entry.forces.len() < 2 {
        return Vec::new();
    }
    entry.forces.iter().map(|span| (span.from.to_string(), span.said.state)).collect()
}

/// What an older edition says and the newest does not.
fn old_edition(entry: &Entry<'_>, old: &Edition) -> Document {
    let said = |policy| passages(policy).into_iter().map(|passage| fold(&passage.text).collect::<Vec<u16>>());
    let kept: BTreeSet<Vec<u16>> = said(entry.policy).collect();
    let mut found = Vec::new();
    for passage in old.set.policy.iter().flat_map(passages) {
        if !kept.contains(&fold(&passage.text).collect::<Vec<u16>>()) {
            push(&mut found, passage.anchor.as_deref().unwrap_or(""), &passage.reference, &passage.text);
        }
    }
    let title = old.set.policy.as_ref().map_or(entry.title(), |policy| title(&policy.meta, &entry.set.id));
    let number = old.set.policy.as_ref().and_then(|policy| policy.meta.document_number.as_ref());
    let number = number.map(|number| number.value.clone()).unwrap_or_default();
    Document {
        title: format!("{title}（第{}版）", old.number),
        ids: Some(number.clone())
            .filter(|number| Some(number.as_str()) != entry.number())
            .into_iter()
            .collect(),
        number,
        kind: "edition",
        subject: entry.subject().unwrap_or("").to_owned(),
        issuers: issuers(entry),
        parts: parts(found),
        ..Document::default()
    }
}

/// Bytes of an attachment that is read for the index, and of its text.
const READABLE: usize = 4 * 1024 * 1024;
const TEXT: usize = 256 * 1024;

/// The text of a policy's attachments that a reader sees.
fn attached(found: &mut Vec<Passage>, edition: &Edition) {
    for attachment in edition.set.attachments.iter().filter(|one| one.bytes.len() <= READABLE) {
        let name = attachment.path.rsplit('/').next().unwrap_or(&attachment.path);
        push(found, "attachments", name, name);
        let mut left = TEXT;
        for passage in extract(name, &attachment.bytes).passages {
            if passage.veil == Veil::None && passage.text.len() <= left {
                left -= passage.text.len();
                push(found, "attachments", name, &passage.text);
            }
        }
    }
}

fn topic_document(topic: &Topic) -> Document {
    let mut found = Vec::new();
    for block in &topic.blocks {
        push(&mut found, "", "", &block.text);
    }
    Document { title: topic.title.clone(), kind: "topic", parts: parts(found), ..Document::default() }
}

/// The questions of a set: one document, and each question a passage of it.
fn answers(entry: &Entry<'_>) -> Document {
    let mut found = Vec::new();
    for question in questions(entry.edition) {
        let text = format!("{}　{}", question.question.value, question.answer);
        push(&mut found, &question.anchor, &question.question.value, &text);
    }
    Document {
        title: entry.title().to_owned(),
        number: entry.short().to_owned(),
        kind: "question",
        subject: entry.subject().unwrap_or("").to_owned(),
        force: entry.force.state,
        parts: parts(found),
        ..Document::default()
    }
}

/// What stands where a text was withdrawn: its title and number, and no text.
fn withdrawn(set: &PublishedSet) -> Document {
    let last = set.editions.last();
    let meta = last.and_then(|edition| edition.set.policy.as_ref()).map(|policy| &policy.meta);
    let number = meta.and_then(|meta| meta.document_number.as_ref());
    Document {
        title: meta.map_or(set.id.as_str(), |meta| title(meta, &set.id)).to_owned(),
        number: number.map(|number| number.value.clone()).unwrap_or_default(),
        kind: "withdrawn",
        parts: parts(Vec::new()),
        ..Document::default()
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
    attached(&mut found, entry.edition);
    let meta = &entry.policy.meta;
    let numbers = [&meta.index_number, &meta.registration_number];
    let numbers = numbers.into_iter().flatten().map(|number| number.value.clone());
    Document {
        title: entry.title().to_owned(),
        number: entry.number().unwrap_or("").to_owned(),
        ids: numbers.chain(issuers(entry)).collect(),
        issuers: issuers(entry),
        days: days(entry),
        kind: "policy",
        subject: entry.subject().unwrap_or("").to_owned(),
        force: entry.force.state,
        parts: parts(found),
        ..Document::default()
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

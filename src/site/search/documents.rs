//! What is searched: policies with their corrections and the opinions on them,
//! interpretations, questions with their answers, topics, and the notices in
//! place of what was withdrawn; cut into parts of a few kilobytes.

use jiff::civil::Date;

use super::super::SitePlan;
use super::super::catalogue::{Entry, Material, listed_date, title};
use super::super::questions::{self, questions};
use super::super::route::Route;
use super::super::topics;
use jiedu_edition::PublishedSet;
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
        sources.sort_by(|a, b| (&b.date, &a.url).cmp(&(&a.date, &b.url)));
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
        };
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
            parts: parts(found),
            ..Document::default()
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
    Document {
        title: entry.title().to_owned(),
        number: entry.number().unwrap_or("").to_owned(),
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

//! From a text to a request: what is sent, and what is not.

use serde::{Deserialize, Serialize};

use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::name::Digest;
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_config::Wordlist;
use jiedu_markdown::{Body, ProseKind, parse_body};
use jiedu_proof::Profile;

use super::protocol::{Document, Known, REQUEST, Request, Segment, WireLimits};

/// More personal data than this is not masked but kept back: rules stop listing
/// what repeats too often, and what is not listed cannot be masked.
const MOST_MASKS: usize = 100;

/// What the host allows an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Seconds for one text.
    pub seconds: u64,
    /// Bytes of an answer.
    pub answer_bytes: usize,
    /// Findings that are kept of an answer.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { seconds: 30, answer_bytes: 1 << 20, findings: 200 }
    }
}

impl Limits {
    pub(super) fn on_wire(self) -> WireLimits {
        WireLimits { seconds: self.seconds, answer_bytes: self.answer_bytes, findings: self.findings }
    }
}

/// Who may read a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// It is meant for the public.
    Public,
    /// It is not to be published, or nobody knows: it does not leave the office.
    Internal,
}

/// The office's own words, for an engine to respect.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lists {
    /// Right forms and the forms to avoid.
    pub terms: Vec<Term>,
    /// Expressions not to be used.
    pub forbidden: Vec<String>,
    /// Words that are right although they may look wrong.
    pub allow: Vec<String>,
}

/// A right form and those to avoid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The right form.
    pub r#use: String,
    /// The forms to avoid.
    pub avoid: Vec<String>,
}

impl Lists {
    /// The words of the office's lists and those that a text allows.
    #[must_use]
    pub fn new<'a>(lists: impl IntoIterator<Item = &'a Wordlist>, allowed: &[String]) -> Self {
        let mut all = Self { allow: allowed.to_vec(), ..Self::default() };
        for list in lists {
            let term =
                |term: &jiedu_config::Term| Term { r#use: term.preferred.clone(), avoid: term.avoid.clone() };
            all.terms.extend(list.terms.iter().map(term));
            all.forbidden.extend(list.forbidden.iter().map(|entry| entry.text.clone()));
            all.allow.extend(list.allow.iter().cloned());
        }
        all
    }
}

/// A request, and what is needed to understand the answer.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The request.
    pub request: Request,
    /// The text as sent, parsed: ranges are those of the file.
    pub(super) body: Body,
    /// What was masked.
    pub(super) masks: Vec<TextRange>,
    /// The file itself.
    pub(super) file: SourceFile,
}

impl Prepared {
    /// Prepares a text. `own` is what the program found in it.
    ///
    /// # Errors
    /// The finding to show when the text is not to be sent at all.
    pub fn new(
        body: &Body,
        profile: Profile,
        audience: Audience,
        lists: Lists,
        own: &[Finding],
        limits: Limits,
    ) -> Result<Self, Box<Finding>> {
        let file = &body.file;
        let own: Vec<&Finding> = own.iter().filter(|finding| finding.place.path == file.path()).collect();
        let masks: Vec<TextRange> =
            own.iter().filter(|one| one.category == "pii").map(|one| one.place.range).collect();
        if audience == Audience::Internal || own.iter().any(|finding| finding.category == "secrecy") {
            return Err(Box::new(kept_back(
                file,
                "不公开或有密级标志的文稿不送外部校对",
                "a text that is not public, or bears a marking of secrecy, is not sent to external proofreaders",
            )));
        }
        if masks.len() > MOST_MASKS {
            return Err(Box::new(kept_back(
                file,
                "个人信息过多，未送外部校对",
                "the text holds too much personal data to be sent to external proofreaders",
            )));
        }
        let sent = SourceFile::new(file.path(), &masked(file.text(), body.range, &masks));
        let body = parse_body(&sent, body.range);
        let segments = body.prose.iter().enumerate().map(|(id, prose)| Segment {
            id,
            kind: kind_name(prose.kind).to_owned(),
            start: prose.range.start,
            end: prose.range.end,
            text: prose.text.clone(),
        });
        let known = own.iter().map(|finding| Known {
            code: finding.code.to_owned(),
            category: finding.category.to_owned(),
            start: finding.place.range.start,
            end: finding.place.range.end,
        });
        let request = Request {
            protocol: REQUEST.to_owned(),
            document: Document {
                path: file.path().to_owned(),
                media_type: "text/markdown".to_owned(),
                sha256: Digest::of(sent.text().as_bytes()).to_string(),
                text: sent.text().to_owned(),
            },
            segments: segments.collect(),
            profile: profile_name(profile).to_owned(),
            lists,
            findings: known.collect(),
            limits: limits.on_wire(),
        };
        Ok(Self { request, body, masks, file: file.clone() })
    }
}

fn kept_back(file: &SourceFile, zh: &str, en: &str) -> Finding {
    let place = Place::range(file, TextRange::default());
    Finding::new("E903", "engine-not-sent", "external", Severity::Hint, place, Message::new(zh, en))
}

/// The text with front matter as blanks (names and telephone numbers of people
/// stand there) and personal data as `X`, byte for byte: a letter changes
/// neither the Markdown around it nor any offset.
fn masked(text: &str, body: TextRange, masks: &[TextRange]) -> String {
    let head = text.get(..body.start).unwrap_or("");
    let mut out = String::with_capacity(text.len());
    for c in head.chars() {
        if c == '\n' {
            out.push(c);
        } else {
            out.extend(std::iter::repeat_n(' ', c.len_utf8()));
        }
    }
    out.push_str(text.get(body.start..).unwrap_or(""));
    for mask in masks.iter().filter(|mask| mask.start >= body.start) {
        if text.get(mask.start..mask.end).is_some() {
            out.replace_range(mask.start..mask.end, &"X".repeat(mask.len()));
        }
    }
    out
}

fn kind_name(kind: ProseKind) -> &'static str {
    match kind {
        ProseKind::Heading(_) => "heading",
        ProseKind::Paragraph => "paragraph",
        ProseKind::ListItem => "list-item",
        ProseKind::TableCell { .. } => "table-cell",
        ProseKind::Quote => "quote",
        ProseKind::Footnote => "footnote",
        ProseKind::ImageText => "image-text",
        ProseKind::FrontMatter => "front-matter",
    }
}

pub(super) fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::Official => "official",
        Profile::Regulation => "regulation",
        Profile::Interpretation => "interpretation",
    }
}

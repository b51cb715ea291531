//! What of an answer is believed.
//!
//! Every range must lie on characters inside the prose that was sent, and the
//! quoted words must be the ones that stand there: an engine that counts wrongly
//! or read another text is not guessed at. What is dropped is counted by reason.

use std::collections::BTreeMap;

use jiedu_base::finding::{Applicability, Finding, Place, Severity};
use jiedu_base::text::{Message, TextRange};

use super::fault::Fault;
use super::prepare::{Limits, Prepared};
use super::protocol::{ANSWER, Answer, AnswerFinding, EngineId};

/// Characters of a message that are kept.
const MESSAGE: usize = 300;
/// Characters of a suggestion beyond which it is no replacement of some words.
const SUGGESTION: usize = 500;
/// Characters of a name or version that are kept.
const NAME: usize = 60;

/// Families that an engine may name.
const CATEGORIES: [&str; 16] = [
    "wrong-word",
    "wrong-word-open",
    "contextual",
    "grammar",
    "style",
    "fact",
    "term",
    "punctuation",
    "numeral",
    "unit",
    "repeat",
    "date",
    "title",
    "numbering",
    "attachment",
    "sensitive",
];

/// An answer after all checks.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// Who answered.
    pub engine: EngineId,
    /// The answer as parsed, for the record.
    pub answer: Answer,
    /// What is believed, in the order of the text.
    findings: Vec<Finding>,
    /// What was dropped: reason → how often.
    pub dropped: BTreeMap<&'static str, usize>,
    place: Place,
}

/// Why one finding of an answer is not believed.
type Dropped = &'static str;

const OUTSIDE: Dropped = "range";
const QUOTE: Dropped = "quote";
const EMPTY: Dropped = "empty";
const MASKED: Dropped = "masked";
const KNOWN: Dropped = "known";
const SURPLUS: Dropped = "surplus";

/// Judges the bytes of an answer to a request. `own` is what the program found
/// itself; `grade` the highest severity that the engine's findings may have (an
/// error counts as a warning).
///
/// # Errors
/// The [`Fault`] of an answer of which nothing can be used.
pub fn accept(
    prepared: &Prepared,
    own: &[Finding],
    bytes: &[u8],
    limits: Limits,
    grade: Severity,
) -> Result<Accepted, Fault> {
    if bytes.len() > limits.answer_bytes {
        return Err(Fault::TooLarge { limit: limits.answer_bytes });
    }
    let answer: Answer = serde_json::from_slice(bytes)
        .map_err(|error| Fault::Malformed { why: clean(&error.to_string(), MESSAGE) })?;
    if answer.protocol != ANSWER {
        return Err(Fault::Malformed { why: format!("protocol {}", clean(&answer.protocol, NAME)) });
    }
    if let Some(error) = &answer.error {
        return Err(Fault::Refused { why: clean(error, MESSAGE) });
    }
    if answer.document != prepared.request.document.sha256 {
        return Err(Fault::OtherText);
    }
    let engine = EngineId {
        name: named(&answer.engine.name),
        version: named(&answer.engine.version),
        deterministic: answer.engine.deterministic,
    };
    let judge = Judge { prepared, own, engine: &engine, grade: grade.min(Severity::Warning) };
    let mut findings = Vec::new();
    let mut dropped: BTreeMap<Dropped, usize> = BTreeMap::new();
    for said in &answer.findings {
        match judge.finding(said) {
            Ok(finding) => findings.push(finding),
            Err(reason) => *dropped.entry(reason).or_default() += 1,
        }
    }
    jiedu_base::finding::sort(&mut findings);
    if findings.len() > limits.findings {
        *dropped.entry(SURPLUS).or_default() += findings.len() - limits.findings;
        findings.truncate(limits.findings);
    }
    let place = Place::range(&prepared.file, TextRange::default());
    Ok(Accepted { engine, answer, findings, dropped, place })
}

struct Judge<'a> {
    prepared: &'a Prepared,
    own: &'a [Finding],
    engine: &'a EngineId,
    grade: Severity,
}

impl Judge<'_> {
    fn finding(&self, said: &AnswerFinding) -> Result<Finding, Dropped> {
        let range = self.range(said)?;
        let message = clean(&said.message, MESSAGE);
        if message.is_empty() || range.is_empty() {
            return Err(EMPTY);
        }
        if self.prepared.masks.iter().any(|mask| mask.overlaps(range)) {
            return Err(MASKED);
        }
        let category = CATEGORIES.into_iter().find(|one| *one == said.category).unwrap_or("external");
        let is_known = |own: &&Finding| {
            own.place.path == self.prepared.file.path()
                && (own.place.range == range || (own.category == category && own.place.range.overlaps(range)))
        };
        if self.own.iter().find(is_known).is_some() {
            return Err(KNOWN);
        }
        let asked =
            if said.severity.as_deref() == Some("warning") { Severity::Warning } else { Severity::Hint };
        let place = Place::range(&self.prepared.file, range);
        let text = Message::new(
            format!("{}：{message}", self.engine.name),
            format!("{}: {message}", self.engine.name),
        );
        let mut finding =
            Finding::new("E101", "engine-finding", category, asked.min(self.grade), place, text);
        finding.source = format!("engine:{} {}", self.engine.name, self.engine.version).into();
        if let Some(confidence) = said.confidence.filter(|value| (0.0..=1.0).contains(value)) {
            let percent = format!("{:.0}", confidence * 100.0);
            finding = finding.note(
                format!("引擎自报把握：{percent}%"),
                format!("the engine's own confidence: {percent}%"),
            );
        }
        match said.suggestion.as_deref().filter(|text| is_replacement(text) && *text != said.quote) {
            Some(text) => Ok(finding.fix(text, Applicability::DisplayOnly)),
            None => Ok(finding),
        }
    }

    /// The bytes of the file that a finding speaks of, after its quotation.
    fn range(&self, said: &AnswerFinding) -> Result<TextRange, Dropped> {
        let body = &self.prepared.body;
        let Some(segment) = said.segment else {
            let range = TextRange::new(said.start, said.end);
            let inside = said.start <= said.end && body.range.contains(range);
            let text = body.file.text().get(said.start..said.end.max(said.start)).filter(|_| inside);
            return if text.ok_or(OUTSIDE)? == said.quote { Ok(range) } else { Err(QUOTE) };
        };
        let prose = body.prose.get(segment).ok_or(OUTSIDE)?;
        let text = prose.text.get(said.start..said.end).ok_or(OUTSIDE)?;
        if text != said.quote {
            return Err(QUOTE);
        }
        Ok(prose.source_range(said.start, said.end))
    }
}

impl Accepted {
    /// The findings, with one more about what was dropped or declined.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        let mut findings = self.findings;
        let bad: usize =
            self.dropped.iter().filter(|(reason, _)| **reason != KNOWN).map(|(_, count)| count).sum();
        let declined = self.answer.declined.len();
        if bad > 0 {
            let reasons: Vec<String> = self
                .dropped
                .iter()
                .filter(|(reason, _)| **reason != KNOWN)
                .map(|(reason, count)| format!("{reason} {count}"))
                .collect();
            let reasons = reasons.join(", ");
            let name = &self.engine.name;
            let message = Message::new(
                format!("外部校对“{name}”的 {bad} 条结果与原文对不上或超出限制，未采用（{reasons}）"),
                format!(
                    "{bad} findings of the engine `{name}` do not match the text or exceed the limits ({reasons})"
                ),
            );
            let rule = ("E902", "engine-finding-dropped");
            findings.push(Finding::new(
                rule.0,
                rule.1,
                "external",
                Severity::Hint,
                self.place.clone(),
                message,
            ));
        }
        if declined > 0 {
            let name = &self.engine.name;
            let message = Message::new(
                format!("外部校对“{name}”有 {declined} 段没有校对"),
                format!("the engine `{name}` did not read {declined} segments"),
            );
            findings.push(Finding::new(
                "E904",
                "engine-declined",
                "external",
                Severity::Hint,
                self.place,
                message,
            ));
        }
        findings
    }

    /// The findings that are believed.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// Text of an engine fit to be shown: one line, no control characters (which a
/// terminal would obey), nothing that changes the direction of text.
pub(super) fn clean(text: &str, most: usize) -> String {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let spaced = text.chars().map(|c| if c == '\n' || c == '\t' { ' ' } else { c });
    spaced.filter(|c| !is_hidden(*c)).take(most).collect::<String>().trim().to_owned()
}

fn named(text: &str) -> String {
    let name = clean(text, NAME);
    if name.is_empty() { "?".to_owned() } else { name }
}

/// Whether a suggestion may be shown as a replacement.
fn is_replacement(text: &str) -> bool {
    text.chars().count() <= SUGGESTION && clean(text, SUGGESTION + 1) == text.trim()
}

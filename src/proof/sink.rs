//! From a hit in a segment to a finding in the file.

use std::collections::BTreeMap;
use std::ops::Range;

use jiedu_base::finding::{Applicability, Finding, Fix, Place, Rule, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_markdown::Prose;

use super::document::{Document, Segment};
use super::profile::Profile;

/// So many findings of one rule are shown for one file; the rest is counted.
const MOST: usize = 500;

/// What a rule saw, in the coordinates of its segment.
pub(crate) struct Hit<'s, 'a> {
    rule: &'static Rule,
    segment: &'s Segment<'a>,
    range: Range<usize>,
    message: Message,
    notes: Vec<Message>,
    severity: Option<Severity>,
    replacement: Option<(String, Applicability)>,
    source: Option<String>,
}

impl<'s, 'a> Hit<'s, 'a> {
    pub(crate) fn new(
        rule: &'static Rule,
        segment: &'s Segment<'a>,
        range: Range<usize>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        let message = Message::new(zh, en);
        Self {
            rule,
            segment,
            range,
            message,
            notes: Vec::new(),
            severity: None,
            replacement: None,
            source: None,
        }
    }

    /// A replacement that keeps the meaning and may be applied unseen.
    pub(crate) fn safe(self, replacement: impl Into<String>) -> Self {
        self.replace(replacement, Applicability::Safe)
    }

    /// A replacement that a person must agree to.
    pub(crate) fn review(self, replacement: impl Into<String>) -> Self {
        self.replace(replacement, Applicability::NeedsReview)
    }

    pub(crate) fn replace(mut self, replacement: impl Into<String>, applicability: Applicability) -> Self {
        self.replacement = Some((replacement.into(), applicability));
        self
    }

    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    pub(crate) fn note(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.notes.push(Message::new(zh, en));
        self
    }

    pub(crate) fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// Collects findings of one document.
pub(crate) struct Sink {
    file: SourceFile,
    profile: Profile,
    findings: Vec<Finding>,
    counts: BTreeMap<&'static str, usize>,
    /// Where the one finding of a habit stands, and how often the habit was seen.
    habits: BTreeMap<&'static str, (usize, usize)>,
}

impl Sink {
    pub(crate) fn new(document: &Document<'_>) -> Self {
        Self {
            file: document.file.clone(),
            profile: document.profile,
            findings: Vec::new(),
            counts: BTreeMap::new(),
            habits: BTreeMap::new(),
        }
    }

    /// Takes a hit.
    pub(crate) fn push(&mut self, hit: Hit<'_, '_>) {
        let prose = hit.segment.prose;
        let range = prose.source_range(hit.range.start, hit.range.end);
        let fix = hit.replacement.map(|(replacement, applicability)| {
            fix_in_source(&self.file, prose, hit.range.clone(), &replacement, applicability)
        });
        let severity = hit.severity.unwrap_or_else(|| self.profile.severity(hit.rule));
        self.add(hit.rule, range, severity, hit.message, |finding| {
            finding.fix = fix;
            finding.notes = hit.notes;
            if let Some(source) = hit.source {
                finding.source = source.into();
            }
        });
    }

    /// Takes a hit and completes its finding, with a label for another file, say.
    pub(crate) fn push_with(&mut self, hit: Hit<'_, '_>, complete: impl FnOnce(Finding) -> Finding) {
        let before = self.findings.len();
        self.push(hit);
        if self.findings.len() > before {
            let finding = self.findings.pop().map(complete);
            self.findings.extend(finding);
        }
    }

    /// Takes a hit that belongs to a habit of the whole text (how it was laid out or
    /// crawled): the first is shown, as a hint, the others are counted with it.
    pub(crate) fn fold(&mut self, hit: Hit<'_, '_>) {
        if let Some((_, count)) = self.habits.get_mut(hit.rule.code) {
            *count += 1;
            return;
        }
        let before = self.findings.len();
        let code = hit.rule.code;
        self.push(hit.severity(Severity::Hint));
        if self.findings.len() > before {
            self.habits.insert(code, (before, 1));
        }
    }

    /// Takes a finding that lies at a place of the file and in no segment.
    pub(crate) fn at(&mut self, rule: &'static Rule, range: TextRange, message: Message) {
        let severity = self.profile.severity(rule);
        self.add(rule, range, severity, message, |_| {});
    }

    fn add(
        &mut self,
        rule: &'static Rule,
        range: TextRange,
        severity: Severity,
        message: Message,
        complete: impl FnOnce(&mut Finding),
    ) {
        let count = self.counts.entry(rule.code).or_default();
        *count += 1;
        if *count > MOST {
            return;
        }
        let place = Place::range(&self.file, range);
        let mut finding = Finding::new(rule.code, rule.name, rule.category, severity, place, message);
        complete(&mut finding);
        self.findings.push(finding);
    }

    /// The findings, with a word about those that were only counted.
    pub(crate) fn finish(mut self) -> Vec<Finding> {
        for &(at, count) in self.habits.values().filter(|&&(_, count)| count > 1) {
            if let Some(finding) = self.findings.get_mut(at) {
                finding.notes.push(Message::new(
                    format!("全文共有 {count} 处，像是排版或网页转换的习惯，只列出第一处；可一并处理"),
                    format!("{count} in this text, as a layout or a conversion leaves them; only the first is listed"),
                ));
            }
        }
        for finding in self.findings.iter_mut().rev() {
            let Some(count) = self.counts.remove(finding.code) else { continue };
            if count > MOST {
                let rest = count - MOST;
                finding.notes.push(Message::new(
                    format!("同一文件中另有 {rest} 处相同问题未逐一列出"),
                    format!("{rest} more of the same in this file are not listed"),
                ));
            }
        }
        self.findings
    }
}

/// Translates a replacement of text into one of source bytes. Marks inside the
/// range (emphasis, link targets, breaks) stay: only what differs is replaced,
/// and where even that spans marks the fix is for reading only.
fn fix_in_source(
    file: &SourceFile,
    prose: &Prose,
    range: Range<usize>,
    replacement: &str,
    applicability: Applicability,
) -> Fix {
    let whole = prose.source_range(range.start, range.end);
    let old = prose.text.get(range.clone()).unwrap_or("");
    if file.slice(whole) == old {
        return Fix { range: whole, replacement: replacement.to_owned(), applicability };
    }
    let (lead, trail) = common_ends(old, replacement);
    let (start, end) = (range.start + lead, range.end - trail);
    let inner = prose.source_range(start, end);
    let middle = replacement.get(lead..replacement.len() - trail).unwrap_or("");
    if file.slice(inner) == prose.text.get(start..end).unwrap_or("") && whole.contains(inner) {
        let before = file.slice(TextRange::new(whole.start, inner.start));
        let after = file.slice(TextRange::new(inner.end, whole.end));
        return Fix { range: whole, replacement: format!("{before}{middle}{after}"), applicability };
    }
    Fix { range: whole, replacement: replacement.to_owned(), applicability: Applicability::DisplayOnly }
}

/// How many bytes two texts share at the beginning and, apart from those, at
/// the end; whole characters.
fn common_ends(a: &str, b: &str) -> (usize, usize) {
    let lead: usize = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(c, _)| c.len_utf8()).sum();
    let (a, b) = (a.get(lead..).unwrap_or(""), b.get(lead..).unwrap_or(""));
    let trail =
        a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).map(|(c, _)| c.len_utf8()).sum();
    (lead, trail)
}

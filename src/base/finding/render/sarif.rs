//! SARIF 2.1.0, for code hosts that show findings beside the text.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::host_path;
use crate::finding::{Applicability, Finding, Place, Severity, fingerprints};
use crate::text::{Lang, Message, TextRange};

/// What a viewer shows about a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleInfo {
    /// Stable code.
    pub code: &'static str,
    /// Kebab-case name.
    pub name: &'static str,
    /// Family.
    pub category: &'static str,
    /// Severity in the default profile.
    pub severity: Severity,
    /// One sentence.
    pub summary: Message,
    /// The rule's page.
    pub page: Message,
}

/// Renders one run. Rules that have findings but no description are listed by
/// their name alone.
#[must_use]
pub fn sarif(findings: &[Finding], rules: &[RuleInfo], lang: Lang) -> String {
    let known: BTreeMap<&str, &RuleInfo> = rules.iter().map(|rule| (rule.code, rule)).collect();
    let used: BTreeMap<&str, &Finding> = findings.iter().map(|finding| (finding.code, finding)).collect();
    let index: BTreeMap<&str, usize> = used.keys().enumerate().map(|(at, code)| (*code, at)).collect();
    let described: Vec<Value> = used
        .iter()
        .map(|(code, finding)| {
            known.get(code).map_or_else(|| bare_rule(finding), |rule| described_rule(rule, lang))
        })
        .collect();
    let results: Vec<Value> = findings
        .iter()
        .zip(fingerprints(findings))
        .map(|(finding, print)| result(finding, &print, &index, lang))
        .collect();
    let driver = json!({
        "name": "jiedu",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "language": match lang { Lang::Zh => "zh-CN", Lang::En => "en-US" },
        "rules": described,
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
    });
    let mut out = serde_json::to_string_pretty(&log).unwrap_or_default();
    out.push('\n');
    out
}

fn described_rule(rule: &RuleInfo, lang: Lang) -> Value {
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.summary.get(lang) },
        "help": { "text": rule.page.get(lang), "markdown": rule.page.get(lang) },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "category": rule.category },
    })
}

fn bare_rule(finding: &Finding) -> Value {
    json!({
        "id": finding.code,
        "name": finding.rule,
        "defaultConfiguration": { "level": level(finding.severity) },
        "properties": { "category": finding.category },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn result(finding: &Finding, print: &str, index: &BTreeMap<&str, usize>, lang: Lang) -> Value {
    let mut text = finding.message.get(lang).to_owned();
    for note in &finding.notes {
        text.push('\n');
        text.push_str(note.get(lang));
    }
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": index.get(finding.code),
        "level": level(finding.severity),
        "message": { "text": text },
        "partialFingerprints": { "jiedu/1": print },
        "locations": [{ "physicalLocation": location(&finding.place, finding.place.range) }],
    });
    let related: Vec<Value> = finding
        .labels
        .iter()
        .map(|label| {
            let place = Place::range(&label.file, label.range);
            json!({ "physicalLocation": location(&place, label.range), "message": { "text": label.message.get(lang) } })
        })
        .collect();
    if let Some(fields) = result.as_object_mut() {
        if !related.is_empty() {
            fields.insert("relatedLocations".to_owned(), Value::Array(related));
        }
        if let Some(fix) = fix(finding) {
            fields.insert("fixes".to_owned(), fix);
        }
    }
    result
}

fn location(place: &Place, range: TextRange) -> Value {
    json!({ "artifactLocation": { "uri": uri(&place.path) }, "region": region(place, range) })
}

fn region(place: &Place, range: TextRange) -> Value {
    let Some(file) = &place.file else {
        let at = place.position();
        return json!({ "startLine": at.line, "startColumn": at.column });
    };
    let (start, end) = (file.position(range.start), file.position(range.end));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": range.start,
        "byteLength": range.len(),
    })
}

fn fix(finding: &Finding) -> Option<Value> {
    let fix = finding.fix.as_ref().filter(|fix| fix.applicability != Applicability::DisplayOnly)?;
    let replacement = json!({ "deletedRegion": region(&finding.place, fix.range), "insertedContent": { "text": fix.replacement } });
    let change =
        json!({ "artifactLocation": { "uri": uri(&finding.place.path) }, "replacements": [replacement] });
    Some(json!([{ "artifactChanges": [change] }]))
}

/// The path as a relative URI reference.
fn uri(path: &str) -> String {
    let path = host_path(path);
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0').to_ascii_uppercase();
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        }
    }
    out
}

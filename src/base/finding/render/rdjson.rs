//! The diagnostic format of reviewdog, which puts findings into reviews.

use serde_json::{Value, json};

use super::host_path;
use crate::finding::{Applicability, Finding, Place, Severity};
use crate::text::{Lang, TextRange};

/// Renders one `DiagnosticResult`.
#[must_use]
pub fn rdjson(findings: &[Finding], lang: Lang) -> String {
    let diagnostics: Vec<Value> = findings.iter().map(|finding| diagnostic(finding, lang)).collect();
    let result = json!({ "source": { "name": "jiedu" }, "diagnostics": diagnostics });
    let mut out = serde_json::to_string_pretty(&result).unwrap_or_default();
    out.push('\n');
    out
}

fn diagnostic(finding: &Finding, lang: Lang) -> Value {
    let place = &finding.place;
    let severity = match finding.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Hint => "INFO",
    };
    let mut message = finding.message.get(lang).to_owned();
    for note in &finding.notes {
        message.push('\n');
        message.push_str(note.get(lang));
    }
    let mut out = json!({
        "message": message,
        "location": { "path": host_path(&place.path), "range": range(place, place.range) },
        "severity": severity,
        "code": { "value": finding.code },
    });
    let fix = finding.fix.as_ref().filter(|fix| fix.applicability != Applicability::DisplayOnly);
    if let (Some(fix), Some(fields)) = (fix, out.as_object_mut()) {
        let suggestion = json!({ "range": range(place, fix.range), "text": fix.replacement });
        fields.insert("suggestions".to_owned(), json!([suggestion]));
    }
    out
}

/// Lines from 1 and columns from 1 in bytes of UTF-8, as the format counts them.
fn range(place: &Place, range: TextRange) -> Value {
    let at = |offset: usize| {
        let Some(file) = &place.file else {
            let at = place.position();
            return json!({ "line": at.line, "column": at.column });
        };
        let line = file.position(offset).line;
        json!({ "line": line, "column": offset - file.line_range(line).start + 1 })
    };
    json!({ "start": at(range.start), "end": at(range.end) })
}

//! GitLab Code Quality: findings shown in merge requests.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::host_path;
use crate::finding::{Finding, Severity, fingerprints};
use crate::text::Lang;

/// Renders the array of a Code Quality report. The host tells findings apart by
/// their fingerprint alone, so the path enters it.
#[must_use]
pub fn gitlab(findings: &[Finding], lang: Lang) -> String {
    let issues =
        findings.iter().zip(fingerprints(findings)).map(|(finding, print)| issue(finding, &print, lang));
    let mut out = serde_json::to_string_pretty(&issues.collect::<Vec<Value>>()).unwrap_or_default();
    out.push('\n');
    out
}

fn issue(finding: &Finding, print: &str, lang: Lang) -> Value {
    let place = &finding.place;
    let path = host_path(&place.path);
    let start = place.position();
    let end = place.file.as_ref().map_or(start, |file| file.position(place.range.end));
    let severity = match finding.severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Hint => "info",
    };
    let unique = format!("{:.32x}", Sha256::digest(format!("{path}\0{print}")));
    json!({
        "description": format!("{} {}", finding.code, finding.message.get(lang)),
        "check_name": finding.rule,
        "fingerprint": unique,
        "severity": severity,
        "location": { "path": path, "lines": { "begin": start.line, "end": end.line } },
    })
}

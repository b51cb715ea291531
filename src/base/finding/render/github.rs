//! Annotations for GitHub Actions: `::error file=…,line=…::message`.

use std::fmt::Write as _;

use super::host_path;
use crate::finding::{Finding, Severity};
use crate::text::{Lang, printable};

/// Renders one workflow command a finding.
#[must_use]
pub fn github(findings: &[Finding], lang: Lang) -> String {
    let mut out = String::new();
    for finding in findings {
        let kind = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "notice",
        };
        let place = &finding.place;
        let start = place.position();
        let end = place.file.as_ref().map_or(start, |file| file.position(place.range.end));
        let mut message = finding.message.get(lang).to_owned();
        for note in &finding.notes {
            message.push('\n');
            message.push_str(note.get(lang));
        }
        let _ = writeln!(
            out,
            "::{kind} file={},line={},endLine={},col={},endColumn={},title={}::{}",
            property(host_path(&place.path)),
            start.line,
            end.line,
            start.column,
            end.column,
            property(&format!("{} {}", finding.code, finding.rule)),
            data(&message),
        );
    }
    out
}

/// Escapes what the runner would read as the end of the message.
fn data(text: &str) -> String {
    printable(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")).into_owned()
}

/// Escapes what the runner would read as the end of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

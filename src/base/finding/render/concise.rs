//! One line a finding, for editors and `grep`.

use std::fmt::Write as _;

use crate::finding::Finding;
use crate::text::{Lang, printable_line};

/// Renders `path:line:column: code message`, one line each.
#[must_use]
pub fn concise(findings: &[Finding], lang: Lang) -> String {
    let mut out = String::new();
    for finding in findings {
        let at = finding.place.position();
        let message = printable_line(finding.message.get(lang));
        let path = printable_line(&finding.place.path);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{path}:{}:{}: {} {message}", at.line, at.column, finding.code);
    }
    out
}

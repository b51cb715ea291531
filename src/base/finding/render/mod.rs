//! Output formats: findings in, text out.
//!
//! Every renderer is a pure function to `String`; none prints, colours by the
//! environment, or knows what a rule is. To add a format: one file here with one
//! function, one arm in [`Format`], one snapshot.

mod concise;
mod excerpt;
mod github;
mod gitlab;
mod human;
mod json;
mod rdjson;
mod sarif;

pub use concise::concise;
pub use github::github;
pub use gitlab::gitlab;
pub use human::human;
pub use json::{Item, ItemFix, items, json};
pub use rdjson::rdjson;
pub use sarif::{RuleInfo, sarif};

use super::{Finding, Severity};
use crate::text::Lang;

/// The formats of `check --format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Format {
    /// Source excerpts, notes and a summary, for a terminal.
    #[default]
    Human,
    /// One line a finding: `path:line:column: code message`.
    Concise,
    /// The object `jiedu.check/1`.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab Code Quality.
    Gitlab,
    /// The format of reviewdog.
    Rdjson,
}

/// How text for people is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// The language of messages.
    pub lang: Lang,
    /// Whether to colour.
    pub color: bool,
    /// The width of the terminal in columns.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { lang: Lang::Zh, color: false, width: 100 }
    }
}

/// Renders findings alone in any format. For the JSON object with the state of
/// the sets see [`json`].
#[must_use]
pub fn render(format: Format, findings: &[Finding], rules: &[RuleInfo], style: Style) -> String {
    match format {
        Format::Human => human(findings, style),
        Format::Concise => concise(findings, style.lang),
        Format::Json => json(findings, None, &[] as &[()], style.lang),
        Format::Sarif => sarif(findings, rules, style.lang),
        Format::Github => github(findings, style.lang),
        Format::Gitlab => gitlab(findings, style.lang),
        Format::Rdjson => rdjson(findings, style.lang),
    }
}

/// A path as hosts of repositories want it: without the `./` that people type.
fn host_path(path: &str) -> &str {
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest;
    }
    path
}

/// How many findings of each severity there are: errors, warnings, hints.
#[must_use]
pub fn counts(findings: &[Finding]) -> (usize, usize, usize) {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    (count(Severity::Error), count(Severity::Warning), count(Severity::Hint))
}

#[cfg(test)]
mod tests;

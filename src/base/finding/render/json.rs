//! The object `jiedu.check/1` (contract §6).

use std::borrow::Cow;

use serde::Serialize;

use crate::finding::{Finding, Fix, fingerprints};
use crate::text::{Lang, TextRange};

/// One finding as the contract lists its fields.
#[derive(Debug, Serialize)]
pub struct Item<'a> {
    code: &'a str,
    rule: &'a str,
    category: &'a str,
    severity: &'a str,
    set: Option<&'a str>,
    path: &'a str,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    message: &'a str,
    fix: Option<ItemFix<'a>>,
    source: &'a str,
    fingerprint: String,
}

/// A replacement of the bytes from `start` to `end` of its finding.
#[derive(Debug, Serialize)]
pub struct ItemFix<'a> {
    applicability: &'a str,
    replacement: Cow<'a, str>,
}

/// The findings as they stand under `findings`.
#[must_use]
pub fn items(findings: &[Finding], lang: Lang) -> Vec<Item<'_>> {
    let prints = fingerprints(findings);
    findings.iter().zip(prints).map(|(finding, print)| item(finding, print, lang)).collect()
}

fn item(finding: &Finding, fingerprint: String, lang: Lang) -> Item<'_> {
    let place = &finding.place;
    let at = place.position();
    Item {
        code: finding.code,
        rule: finding.rule,
        category: finding.category,
        severity: finding.severity.as_str(),
        set: finding.set.as_deref(),
        path: &place.path,
        start: place.range.start,
        end: place.range.end,
        line: at.line,
        column: at.column,
        message: finding.message.get(lang),
        fix: finding.fix.as_ref().and_then(|fix| item_fix(finding, fix)),
        source: &finding.source,
        fingerprint,
    }
}

/// The fix as a replacement of the finding's own range; `None` where it
/// reaches outside of it.
fn item_fix<'a>(finding: &'a Finding, fix: &'a Fix) -> Option<ItemFix<'a>> {
    let place = &finding.place;
    let applicability = fix.applicability.as_str();
    if fix.range == place.range {
        return Some(ItemFix { applicability, replacement: Cow::Borrowed(&fix.replacement) });
    }
    let file = place.file.as_ref().filter(|_| place.range.contains(fix.range))?;
    let before = file.slice(TextRange::new(place.range.start, fix.range.start));
    let after = file.slice(TextRange::new(fix.range.end, place.range.end));
    Some(ItemFix { applicability, replacement: Cow::Owned(format!("{before}{}{after}", fix.replacement)) })
}

#[derive(Serialize)]
struct Report<'a, S> {
    schema: &'a str,
    revision: Option<&'a str>,
    findings: Vec<Item<'a>>,
    sets: &'a [S],
}

/// Renders the whole object: findings, the revision checked (none for the work
/// tree) and the state of the sets, which their own rooms describe.
#[must_use]
pub fn json<S: Serialize>(findings: &[Finding], revision: Option<&str>, sets: &[S], lang: Lang) -> String {
    let report = Report { schema: "jiedu.check/1", revision, findings: items(findings, lang), sets };
    // Plain structs with string keys always serialise.
    let mut out = serde_json::to_string_pretty(&report).unwrap_or_default();
    out.push('\n');
    out
}

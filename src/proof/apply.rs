//! Applying fixes to a text.
//!
//! Fixes never overlap in one pass; what a pass leaves is found in the next.
//! A text is changed only as long as its Markdown keeps its structure.

use crate::finding::{Applicability, Finding};
use crate::markdown::{ProseKind, parse_body};
use crate::text::{SourceFile, TextRange};

/// Which fixes to apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixes {
    /// Only those that keep the meaning.
    Safe,
    /// Those that want a person's eye, too.
    Unsafe,
}

/// The result of applying fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// How many fixes were applied.
    pub count: usize,
}

/// A text settles in a few passes; more would mean that two fixes undo each other.
const MOST_PASSES: usize = 5;

/// Applies fixes until `check` proposes none, or until one would change the
/// structure of the Markdown; such a fix is left out.
#[must_use]
pub fn fix_text(
    file: &SourceFile,
    body_of: impl Fn(&SourceFile) -> TextRange,
    check: impl Fn(&SourceFile) -> Vec<Finding>,
    fixes: Fixes,
) -> Fixed {
    let mut current = file.clone();
    let mut count = 0;
    for _ in 0..MOST_PASSES {
        let findings = check(&current);
        let pass = apply_once(&current, &findings, fixes);
        if pass.count == 0 {
            break;
        }
        let next = SourceFile::new(file.path(), &pass.text);
        if shape(&next, body_of(&next)) != shape(&current, body_of(&current)) {
            break;
        }
        count += pass.count;
        current = next;
    }
    Fixed { text: current.text().to_owned(), count }
}

/// Applies the fixes of one pass: from the front, skipping what overlaps.
#[must_use]
pub fn apply_once(file: &SourceFile, findings: &[Finding], fixes: Fixes) -> Fixed {
    let is_wanted = |applicability| match fixes {
        Fixes::Safe => applicability == Applicability::Safe,
        Fixes::Unsafe => applicability != Applicability::DisplayOnly,
    };
    let mut edits: Vec<(TextRange, &str)> = findings
        .iter()
        .filter(|finding| finding.place.path == file.path())
        .filter_map(|finding| finding.fix.as_ref())
        .filter(|fix| is_wanted(fix.applicability) && file.slice(fix.range) != fix.replacement)
        .filter(|fix| file.text().get(fix.range.start..fix.range.end).is_some())
        .map(|fix| (fix.range, fix.replacement.as_str()))
        .collect();
    edits.sort();
    let (mut text, mut at, mut count) = (String::with_capacity(file.text().len()), 0, 0);
    for (range, replacement) in edits {
        if range.start < at || (count > 0 && range.start == at && range.is_empty()) {
            continue;
        }
        text.push_str(file.slice(TextRange::new(at, range.start)));
        text.push_str(replacement);
        at = range.end;
        count += 1;
    }
    text.push_str(file.slice(TextRange::new(at, file.text().len())));
    Fixed { text, count }
}

/// What a fix must not change: the blocks, their kinds, links and raw HTML.
fn shape(file: &SourceFile, body: TextRange) -> (Vec<ProseKind>, Vec<String>, usize, usize) {
    let body = parse_body(file, body);
    let targets = body.links.iter().map(|link| link.target.clone()).collect();
    let kinds = body.prose.iter().map(|prose| prose.kind).collect();
    (kinds, targets, body.html.len(), body.blocks.len())
}

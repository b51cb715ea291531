//! Applying fixes to a text.
//!
//! Fixes never overlap in one pass; what a pass leaves is found in the next.
//! A text is changed only as long as its Markdown keeps its structure: a fix that
//! would change it is left to people.

use jiedu_base::finding::{Applicability, Finding};
use jiedu_base::text::{SourceFile, TextRange};
use jiedu_markdown::{ProseKind, parse_body};

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

/// So many times at most a pass is tried with fewer fixes before it gives up on
/// those that are left: a bound on the work for a text made to defy fixing.
const MOST_TRIALS: usize = 200;

/// One replacement: what is replaced, and what stands there afterwards.
pub type Replacement = (TextRange, String);

/// Applies fixes until `check` proposes none. A fix that would change the
/// structure of the Markdown is left out, and holds none of the others back.
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
        let edits = fitting_edits(&current, &body_of, &check(&current), fixes);
        if edits.is_empty() {
            break;
        }
        count += edits.len();
        current = SourceFile::new(file.path(), &replaced(&current, &edits));
    }
    Fixed { text: current.text().to_owned(), count }
}

/// The replacements of one pass that together keep the structure of the
/// Markdown, in order and without overlaps.
#[must_use]
pub fn fitting_edits(
    file: &SourceFile,
    body_of: impl Fn(&SourceFile) -> TextRange,
    findings: &[Finding],
    fixes: Fixes,
) -> Vec<Replacement> {
    let edits = edits(file, findings, fixes);
    if edits.is_empty() {
        return edits;
    }
    let before = shape(file, body_of(file));
    let fits = |edits: &[Replacement]| {
        let next = SourceFile::new(file.path(), &replaced(file, edits));
        shape(&next, body_of(&next)) == before
    };
    let (mut kept, mut trials) = (Vec::new(), 0);
    // Halves still to be tried, the foremost last: what fits together is kept
    // together, what does not is halved until the culprit stands alone.
    let mut open = vec![edits];
    while let Some(mut part) = open.pop() {
        let own = kept.len();
        kept.append(&mut part);
        trials += 1;
        if trials > MOST_TRIALS || !fits(&kept) {
            part = kept.split_off(own);
            if part.len() > 1 && trials <= MOST_TRIALS {
                let second = part.split_off(part.len() / 2);
                open.extend([second, part]);
            }
        }
    }
    kept
}

/// Applies the fixes of one pass: from the front, skipping what overlaps.
#[must_use]
pub fn apply_once(file: &SourceFile, findings: &[Finding], fixes: Fixes) -> Fixed {
    let edits = edits(file, findings, fixes);
    Fixed { text: replaced(file, &edits), count: edits.len() }
}

/// The replacements wanted, in order; what overlaps an earlier one waits for the
/// next pass.
fn edits(file: &SourceFile, findings: &[Finding], fixes: Fixes) -> Vec<Replacement> {
    let is_wanted = |applicability| match fixes {
        Fixes::Safe => applicability == Applicability::Safe,
        Fixes::Unsafe => applicability != Applicability::DisplayOnly,
    };
    let mut edits: Vec<Replacement> = findings
        .iter()
        .filter(|finding| finding.place.path == file.path())
        .filter_map(|finding| finding.fix.as_ref())
        .filter(|fix| is_wanted(fix.applicability) && file.slice(fix.range) != fix.replacement)
        .filter(|fix| file.text().get(fix.range.start..fix.range.end).is_some())
        .map(|fix| (fix.range, fix.replacement.clone()))
        .collect();
    edits.sort();
    let mut end = None;
    edits.retain(|(range, _)| {
        let is_free = end.is_none_or(|end| range.start > end || (range.start == end && !range.is_empty()));
        if is_free {
            end = Some(range.end);
        }
        is_free
    });
    edits
}

/// The text with the replacements made; they must be in order.
fn replaced(file: &SourceFile, edits: &[Replacement]) -> String {
    let (mut text, mut at) = (String::with_capacity(file.text().len()), 0);
    for (range, replacement) in edits {
        text.push_str(file.slice(TextRange::new(at, range.start)));
        text.push_str(replacement);
        at = range.end;
    }
    text.push_str(file.slice(TextRange::new(at, file.text().len())));
    text
}

/// What a fix must not change: the blocks, their kinds, links and raw HTML.
fn shape(file: &SourceFile, body: TextRange) -> (Vec<ProseKind>, Vec<String>, usize, usize) {
    let body = parse_body(file, body);
    let targets = body.links.iter().map(|link| link.target.clone()).collect();
    let kinds = body.prose.iter().map(|prose| prose.kind).collect();
    (kinds, targets, body.html.len(), body.blocks.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedu_base::finding::{Message, Place, Severity};

    fn whole(file: &SourceFile) -> TextRange {
        TextRange::new(0, file.text().len())
    }

    /// A proposal to write `new` for `old`, wherever it stands.
    fn proposals(file: &SourceFile, pairs: &[(&str, &str)]) -> Vec<Finding> {
        let mut all = Vec::new();
        for (old, new) in pairs {
            for (at, found) in file.text().match_indices(old) {
                let place = Place::range(file, TextRange::new(at, at + found.len()));
                let finding = Finding::new("P1", "x", "x", Severity::Hint, place, Message::new("", ""));
                all.push(finding.fix(*new, Applicability::Safe));
            }
        }
        all
    }

    #[test]
    fn a_fix_that_breaks_the_structure_holds_no_other_back() {
        let file = SourceFile::new("a.md", &format!("# 题\n\n{}甲,乙。丙|丁\n", "戊,己。\n\n".repeat(40)));
        let check = |file: &SourceFile| proposals(file, &[(",", "，"), ("|", "\n\n# ")]);
        let fixed = fix_text(&file, whole, check, Fixes::Safe);
        assert_eq!(fixed.text, file.text().replace(',', "，"));
        assert_eq!(fixed.count, 41);
    }

    #[test]
    fn a_text_made_to_defy_fixing_ends() {
        let file = SourceFile::new("a.md", &"甲|".repeat(3_000));
        let check = |file: &SourceFile| proposals(file, &[("|", "\n\n# ")]);
        assert_eq!(fix_text(&file, whole, check, Fixes::Safe).count, 0);
    }
}

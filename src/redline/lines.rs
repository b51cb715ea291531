//! Any two texts, line by line: what `approve` shows of plan and materials.

use super::words::{SpanKind, TextDiff, diff_text, part, search};

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChange {
    /// Line in the old text, from 1.
    pub old_line: Option<usize>,
    /// Line in the new text, from 1.
    pub new_line: Option<usize>,
    /// The line without its line feed, with what went and what came.
    pub text: TextDiff,
}

/// The difference between two texts, line by line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineDiff {
    /// Every line of both texts.
    pub lines: Vec<LineChange>,
}

impl LineDiff {
    /// Whether the two texts are the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines
            .iter()
            .all(|line| line.old_line.is_some() && line.new_line.is_some() && line.text.is_equal())
    }
}

/// Compares two texts line by line, and characters inside changed lines.
///
/// A last line without a line feed counts as the same line with one.
#[must_use]
pub fn compare_texts(old: &str, new: &str) -> LineDiff {
    let old_lines: Vec<&str> = old.lines().collect();
    let new_lines: Vec<&str> = new.lines().collect();
    let mut diff = LineDiff::default();
    for hunk in search(&old_lines, &new_lines) {
        let (before, after) = (part(&old_lines, hunk.old.clone()), part(&new_lines, hunk.new.clone()));
        if hunk.equal || before.len() == after.len() {
            let pairs = before.iter().zip(after).zip(hunk.old.zip(hunk.new));
            diff.lines.extend(pairs.map(|((old, new), (old_at, new_at))| LineChange {
                old_line: Some(old_at + 1),
                new_line: Some(new_at + 1),
                text: diff_text(old, new),
            }));
            continue;
        }
        diff.lines.extend(before.iter().zip(hunk.old).map(|(line, at)| LineChange {
            old_line: Some(at + 1),
            new_line: None,
            text: TextDiff::whole(SpanKind::Delete, line),
        }));
        diff.lines.extend(after.iter().zip(hunk.new).map(|(line, at)| LineChange {
            old_line: None,
            new_line: Some(at + 1),
            text: TextDiff::whole(SpanKind::Insert, line),
        }));
    }
    diff
}

//! Fixes as edits of a text.
//!
//! A safe fix may be applied unseen, one that needs review is offered, one for
//! reading only is not offered at all.

use crate::finding::{Applicability, Finding};
use crate::proof::{Fixes, body_range, fix_text};
use crate::text::{SourceFile, TextRange};

/// One replacement in a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced.
    pub range: TextRange,
    /// What stands there afterwards.
    pub replacement: String,
}

impl Edit {
    /// The edit of a finding's fix and whether it is safe to apply unseen; none
    /// when there is none that an editor may apply to this text.
    #[must_use]
    pub fn of(finding: &Finding, file: &SourceFile) -> Option<(Self, bool)> {
        let fix = finding.fix.as_ref().filter(|fix| fix.applicability != Applicability::DisplayOnly)?;
        file.text().get(fix.range.start..fix.range.end)?;
        let edit = Self { range: fix.range, replacement: fix.replacement.clone() };
        Some((edit, fix.applicability == Applicability::Safe))
    }
}

/// All safe fixes of a text together, in order and without overlaps; empty when
/// they would change the structure of the Markdown, as in `jiedu fix`.
#[must_use]
pub fn all_safe_edits(file: &SourceFile, findings: &[Finding]) -> Vec<Edit> {
    let is_here = |finding: &&Finding| finding.place.path == file.path();
    let own: Vec<Finding> = findings.iter().filter(is_here).cloned().collect();
    let once = |text: &SourceFile| if text.text() == file.text() { own.clone() } else { Vec::new() };
    let fixed = fix_text(file, body_range, once, Fixes::Safe);
    if fixed.count == 0 {
        return Vec::new();
    }
    let mut edits: Vec<Edit> = own
        .iter()
        .filter_map(|finding| Edit::of(finding, file))
        .filter(|(edit, is_safe)| *is_safe && file.slice(edit.range) != edit.replacement)
        .map(|(edit, _)| edit)
        .collect();
    edits.sort();
    let mut end = None;
    edits.retain(|edit| {
        let is_free = end
            .is_none_or(|end| edit.range.start > end || (edit.range.start == end && !edit.range.is_empty()));
        if is_free {
            end = Some(edit.range.end);
        }
        is_free
    });
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::check_loose;

    #[test]
    fn safe_fixes_of_a_text_come_together() {
        let text = "加强监管,抓好落实。\n\n各部门要。。密切配合,按时完成。\n";
        let file = SourceFile::new("a.md", text);
        let findings = check_loose(&file);
        let edits = all_safe_edits(&file, &findings);
        let mut fixed = text.to_owned();
        for edit in edits.iter().rev() {
            fixed.replace_range(edit.range.start..edit.range.end, &edit.replacement);
        }
        assert!(edits.len() >= 2, "{edits:?}");
        assert!(!fixed.contains(','), "{fixed}");
        assert_eq!(fixed, crate::proof::apply_once(&file, &findings, Fixes::Safe).text);
    }

    #[test]
    fn a_fix_for_reading_only_is_not_offered() {
        let file = SourceFile::new("a.md", "正文");
        let place = crate::finding::Place::range(&file, TextRange::new(0, 3));
        let finding = |grade| {
            let message = crate::text::Message::new("", "");
            Finding::new("P1", "x", "x", crate::finding::Severity::Hint, place.clone(), message)
                .fix("甲", grade)
        };
        assert!(Edit::of(&finding(Applicability::DisplayOnly), &file).is_none());
        assert!(Edit::of(&finding(Applicability::NeedsReview), &file).is_some_and(|(_, is_safe)| !is_safe));
        assert!(Edit::of(&finding(Applicability::Safe), &file).is_some_and(|(_, is_safe)| is_safe));
        let shorter = SourceFile::new("a.md", "");
        assert!(Edit::of(&finding(Applicability::Safe), &shorter).is_none());
    }
}

//! Fixes as edits of a text.
//!
//! A safe fix may be applied unseen, one that needs review is offered, one for
//! reading only is not offered at all.

use jiedu_base::finding::{Applicability, Finding};
use jiedu_base::text::{SourceFile, TextRange};
use jiedu_proof::{Fixes, body_range, fitting_edits};

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

/// All safe fixes of a text together, in order and without overlaps; those that
/// would change the structure of the Markdown are left out, as in `jiedu fix`.
#[must_use]
pub fn all_safe_edits(file: &SourceFile, findings: &[Finding]) -> Vec<Edit> {
    let edits = fitting_edits(file, body_range, findings, Fixes::Safe);
    edits.into_iter().map(|(range, replacement)| Edit { range, replacement }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check_loose;

    #[test]
    fn safe_fixes_of_a_text_come_together() {
        let text = "加强监管,抓好落实。\n\n各部门要。。密切配合,按时完成。\n";
        let file = SourceFile::new("a.md", text);
        let findings = check_loose(&file, jiff::civil::date(2025, 6, 30));
        let edits = all_safe_edits(&file, &findings);
        let mut fixed = text.to_owned();
        for edit in edits.iter().rev() {
            fixed.replace_range(edit.range.start..edit.range.end, &edit.replacement);
        }
        assert!(edits.len() >= 2, "{edits:?}");
        assert!(!fixed.contains(','), "{fixed}");
        assert_eq!(fixed, jiedu_proof::apply_once(&file, &findings, Fixes::Safe).text);
    }

    #[test]
    fn a_fix_for_reading_only_is_not_offered() {
        let file = SourceFile::new("a.md", "正文");
        let place = jiedu_base::finding::Place::range(&file, TextRange::new(0, 3));
        let finding = |grade| {
            let message = jiedu_base::text::Message::new("", "");
            Finding::new("P1", "x", "x", jiedu_base::finding::Severity::Hint, place.clone(), message)
                .fix("甲", grade)
        };
        assert!(Edit::of(&finding(Applicability::DisplayOnly), &file).is_none());
        assert!(Edit::of(&finding(Applicability::NeedsReview), &file).is_some_and(|(_, is_safe)| !is_safe));
        assert!(Edit::of(&finding(Applicability::Safe), &file).is_some_and(|(_, is_safe)| is_safe));
        let shorter = SourceFile::new("a.md", "");
        assert!(Edit::of(&finding(Applicability::Safe), &shorter).is_none());
    }
}

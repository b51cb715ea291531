//! What a document does throughout: not faults one by one but how it was laid out, or
//! what a web page left in it.

use jiedu_base::text::is_han;

use super::document::Segment;

/// So often a text does something before it is a habit.
const OFTEN: usize = 4;

/// The habits of one document.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Habits {
    /// A blank after stops.
    pub(crate) spaces_stops: bool,
    /// Blanks between figures and Han text, at more than half of the places.
    pub(crate) spaces_digits: bool,
}

impl Habits {
    pub(crate) fn of(segments: &[Segment<'_>]) -> Self {
        let (mut stops, mut spaced, mut tight) = (0, 0, 0);
        for segment in segments.iter().filter(|segment| segment.has.blank || segment.has.digit) {
            for &(at, c) in &segment.marks {
                let end = at + c.len_utf8();
                if c == ' ' || c == '\u{a0}' {
                    let (prev, next) = (segment.prev(at), segment.next(end));
                    let is_text = next.is_some_and(|c| is_han(c) || c.is_ascii_digit());
                    stops += usize::from(is_text && prev.is_some_and(ends_part));
                    spaced += usize::from(meets(prev, next));
                } else if c.is_ascii_digit() {
                    tight += usize::from(segment.next(end).is_some_and(is_han));
                    tight += usize::from(segment.prev(at).is_some_and(is_han));
                }
            }
        }
        Self { spaces_stops: stops >= OFTEN, spaces_digits: spaced >= OFTEN && spaced > tight }
    }
}

/// Whether a figure and Han text stand on the two sides.
fn meets(prev: Option<char>, next: Option<char>) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let is_text = |c: Option<char>| c.is_some_and(is_han);
    is_digit(prev) && is_text(next) || is_text(prev) && is_digit(next)
}

/// Whether a mark ends a sentence or one of its parts that may stand on a line of its own.
pub(crate) fn ends_part(c: char) -> bool {
    matches!(c, '。' | '；' | '：' | '！' | '？')
}

#[cfg(test)]
mod tests {
    use crate::{Lists, Profile, check_text};
    use jiedu_base::finding::Severity;
    use jiedu_base::text::{SourceFile, TextRange};

    fn found(text: &str) -> Vec<(&'static str, Severity, usize)> {
        let file = SourceFile::new("a.md", text);
        let all = TextRange::new(0, file.text().len());
        let findings = check_text(&file, all, Profile::Official, &Lists::default());
        findings.into_iter().map(|finding| (finding.rule, finding.severity, finding.notes.len())).collect()
    }

    #[test]
    fn folds_what_a_text_does_throughout() {
        let text = "加强监管。　　落实责任；　　及时公开。　　自公布之日起施行。";
        assert_eq!(found(text), [("blank-beside-mark", Severity::Hint, 1)]);
        let text = "自（ 2023 年 5 月 1 日）起施行，共 12 项，分 3 批，每批 4 项。";
        let rules = found(text);
        assert!(rules.iter().all(|&(_, severity, _)| severity == Severity::Hint), "{rules:?}");
        assert_eq!(rules.iter().filter(|(rule, ..)| *rule == "blank-in-date").count(), 1);
    }

    #[test]
    fn does_not_fold_a_single_slip() {
        assert_eq!(
            found("自（ 2023年5月1日）起施行，共12项。"),
            [("blank-beside-mark", Severity::Warning, 0)]
        );
        assert_eq!(found("加强监管 ，落实责任。"), [("blank-beside-mark", Severity::Warning, 0)]);
    }
}

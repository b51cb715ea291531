//! One text as the editor holds it, changed by its messages.

use std::borrow::Cow;

use super::position::{Encoding, LineMap, Point};

/// A text that is open in an editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The editor's number of this state of the text.
    pub version: i32,
    /// The text with the line ends of the editor.
    text: String,
}

impl Document {
    /// A text as it was opened.
    #[must_use]
    pub fn new(version: i32, text: String) -> Self {
        Self { version, text }
    }

    /// The text with the line ends of the editor.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Replaces everything.
    pub fn replace(&mut self, text: String) {
        self.text = text;
    }

    /// Replaces what lies between two places. Places outside of the text are
    /// its nearest ones, and an end before its start is the start.
    pub fn edit(&mut self, from: Point, to: Point, text: &str, encoding: Encoding) {
        let map = LineMap::new(&self.text);
        let start = map.offset(&self.text, from, encoding);
        let end = map.offset(&self.text, to, encoding).max(start);
        self.text.replace_range(start..end, text);
    }

    /// The text as it is judged: every line ended by a line feed. Lines and
    /// characters of the two are the same.
    #[must_use]
    pub fn judged(&self) -> Cow<'_, str> {
        normalised(&self.text)
    }
}

/// A text with every line ended by a line feed alone.
#[must_use]
pub fn normalised(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, character: u32) -> Point {
        Point { line, character }
    }

    #[test]
    fn edits_count_in_the_editors_units() {
        let mut document = Document::new(1, "甲😀乙\r\n丙𠮷丁".to_owned());
        document.edit(at(0, 1), at(0, 3), "戊", Encoding::Utf16);
        document.edit(at(1, 3), at(1, 4), "", Encoding::Utf16);
        assert_eq!(document.text(), "甲戊乙\r\n丙𠮷");
        assert_eq!(document.judged(), "甲戊乙\n丙𠮷");
        document.edit(at(9, 9), at(0, 0), "己", Encoding::Utf16);
        assert!(document.text().ends_with("𠮷己"), "an end before the start deletes nothing");
    }

    #[test]
    fn a_line_end_may_be_typed_in_two_parts() {
        let mut document = Document::new(1, "a\nb".to_owned());
        document.edit(at(0, 1), at(0, 1), "\r", Encoding::Utf16);
        assert_eq!(document.judged(), "a\nb");
    }
}

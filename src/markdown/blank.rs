//! Lines that show nothing.
//!
//! A line of zero-width characters looks empty to a writer and is text to a
//! Markdown parser, which then joins the paragraphs around it. Such lines become
//! blanks of the same length, so that no place moves.

use std::borrow::Cow;

use jiedu_base::text::{is_blank, is_invisible};

/// The text with blanks for lines that hold invisible characters only.
pub(super) fn with_blank_lines(text: &str) -> Cow<'_, str> {
    // Nearly no text has one.
    if text.is_ascii() || !text.contains(|c| is_invisible(c) && !c.is_ascii()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end_matches('\n');
        if shown.chars().all(is_blank) && shown.contains(is_invisible) {
            out.extend(std::iter::repeat_n(' ', shown.len()));
            out.push_str(line.get(shown.len()..).unwrap_or_default());
        } else {
            out.push_str(line);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_show_nothing_are_blank() {
        assert_eq!(with_blank_lines("甲\n\u{200b}\n乙\u{200b}"), "甲\n   \n乙\u{200b}");
        assert!(matches!(with_blank_lines("甲\n乙"), Cow::Borrowed(_)));
        assert_eq!(with_blank_lines("\u{feff}\u{200b}"), "      ");
    }
}

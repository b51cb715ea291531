//! Where the front matter of a text begins and ends.

use jiedu_base::text::{SourceFile, TextRange};

/// Where the first line after an opening fence begins. Texts outside of any
/// repository may begin with a byte-order mark and have Windows line ends.
pub(super) fn fence(text: &str) -> Option<usize> {
    let line = text.split_inclusive('\n').next()?;
    matches!(line.trim_start_matches(BOM), "---\n" | "---\r\n").then_some(line.len())
}

/// The byte-order mark that some editors put before a text.
const BOM: char = '\u{feff}';

/// The text after the front matter and a byte-order mark, as far as there are any.
#[must_use]
pub fn body_range(file: &SourceFile) -> TextRange {
    let text = file.text();
    let start = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    split(text).map_or(TextRange::new(start, text.len()), |(_, body)| body)
}

/// The YAML and the body of a text that begins with a fence.
pub(super) fn split(text: &str) -> Option<(TextRange, TextRange)> {
    let open = fence(text)?;
    let mut at = open;
    for line in text.get(at..)?.split_inclusive('\n') {
        let end = at + line.len();
        if line.trim_end() == "---" {
            return Some((TextRange::new(open, at), TextRange::new(end, text.len())));
        }
        at = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front_matter;

    #[test]
    fn windows_texts_have_front_matter_too() {
        for text in ["\u{feff}---\r\n标题: 甲\r\n---\r\n正文\r\n", "---\r\n标题: 甲\r\n--- \r\n正文\r\n"]
        {
            let file = SourceFile::new("a.md", text);
            let checked = front_matter(&file);
            assert_eq!(checked.findings, []);
            assert_eq!(file.slice(body_range(&file)), "正文\r\n");
            let title = &checked.value.entries[0];
            assert_eq!((file.slice(title.key_range), title.value.as_text()), ("标题", Some("甲")));
        }
        let file = SourceFile::new("a.md", "\u{feff}# 题\r\n");
        assert_eq!(file.slice(body_range(&file)), "# 题\r\n");
    }
}

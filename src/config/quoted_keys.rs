//! Chinese keys that people write without quotation marks.
//!
//! TOML wants `"年份" = 2025`; people write `年份 = 2025` and `[表二]`. Outside
//! texts and comments nothing but a key can hold such a character, so the marks
//! are put in before parsing, and places are given back as they are in the file.

use std::borrow::Cow;

use super::datum::{Datum, Value};
use jiedu_base::text::TextRange;

/// A text whose keys are all quoted, and where marks were put in.
pub(super) struct QuotedKeys<'t> {
    text: Cow<'t, str>,
    /// Offsets of the marks in the quoted text, ascending.
    marks: Vec<usize>,
}

impl<'t> QuotedKeys<'t> {
    /// Quotes what needs it.
    pub(super) fn of(text: &'t str) -> Self {
        let keys = bare_keys(text);
        if keys.is_empty() {
            return Self { text: Cow::Borrowed(text), marks: Vec::new() };
        }
        let mut out = String::with_capacity(text.len() + 2 * keys.len());
        let (mut marks, mut done) = (Vec::with_capacity(2 * keys.len()), 0);
        for key in keys {
            out.push_str(text.get(done..key.start).unwrap_or(""));
            marks.push(out.len());
            out.push('"');
            out.push_str(text.get(key.start..key.end).unwrap_or(""));
            marks.push(out.len());
            out.push('"');
            done = key.end;
        }
        out.push_str(text.get(done..).unwrap_or(""));
        Self { text: Cow::Owned(out), marks }
    }

    /// The text to parse.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// A range of the quoted text as it is in the file.
    pub(super) fn origin(&self, range: TextRange) -> TextRange {
        let back = |at: usize| at - self.marks.partition_point(|&mark| mark < at);
        TextRange::new(back(range.start), back(range.end))
    }

    /// Gives every value its place in the file.
    pub(super) fn place(&self, datum: &mut Datum) {
        if self.marks.is_empty() {
            return;
        }
        datum.range = self.origin(datum.range);
        match &mut datum.value {
            Value::List(items) => items.iter_mut().for_each(|item| self.place(item)),
            Value::Table(entries) => {
                for entry in entries {
                    entry.key_range = self.origin(entry.key_range);
                    self.place(&mut entry.value);
                }
            }
            _ => {}
        }
    }
}

/// Whether a character may stand in a key that was meant to be bare.
fn is_key_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// The runs outside texts and comments that hold a character no bare key may
/// have and that stand where a key stands.
fn bare_keys(text: &str) -> Vec<TextRange> {
    let mut keys = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or("");
        if c == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if c == '"' || c == '\'' {
            at += string_length(rest, c);
        } else if is_key_char(c) {
            let end = rest.find(|c| !is_key_char(c)).unwrap_or(rest.len());
            let word = rest.get(..end).unwrap_or("");
            if !word.is_ascii() && stands_as_key(text, at, at + end) {
                keys.push(TextRange::new(at, at + end));
            }
            at += end;
        } else {
            at += c.len_utf8();
        }
    }
    keys
}

/// The length of the text that begins here, its marks included; to the end of
/// the line when it is not closed.
fn string_length(rest: &str, mark: char) -> usize {
    let three = if mark == '"' { "\"\"\"" } else { "'''" };
    if rest.starts_with(three) {
        let inner = rest.get(3..).unwrap_or("");
        return closing(inner, three, mark == '"').map_or(rest.len(), |end| end + 6);
    }
    let line = rest.get(1..rest.find('\n').unwrap_or(rest.len())).unwrap_or("");
    let one = if mark == '"' { "\"" } else { "'" };
    closing(line, one, mark == '"').map_or(line.len() + 1, |end| end + 2)
}

fn closing(inner: &str, mark: &str, has_escapes: bool) -> Option<usize> {
    let mut at = 0;
    while let Some(rest) = inner.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(mark) {
            return Some(at);
        }
        let mut chars = rest.chars();
        let first = chars.next().map_or(1, char::len_utf8);
        let escaped = has_escapes && rest.starts_with('\\');
        at += first + if escaped { chars.next().map_or(0, char::len_utf8) } else { 0 };
    }
    None
}

/// Before `=` or `.`, or in a table's head.
fn stands_as_key(text: &str, start: usize, end: usize) -> bool {
    let after = text.get(end..).unwrap_or("").trim_start_matches([' ', '\t']);
    if after.starts_with(['=', '.']) {
        return true;
    }
    let line = text.get(..start).unwrap_or("").rsplit('\n').next().unwrap_or("");
    line.trim_start().starts_with('[') && !line.contains('=') && after.starts_with(']') && {
        let closed = after.trim_start_matches(']').trim_start_matches([' ', '\t', '\r']);
        closed.is_empty() || closed.starts_with(['\n', '#'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> String {
        QuotedKeys::of(text).text().to_owned()
    }

    #[test]
    fn keys_are_quoted_and_values_are_not() {
        assert_eq!(quoted("年份 = 2025\n"), "\"年份\" = 2025\n");
        assert_eq!(quoted("[表二]\n[[卡片.条件]]\n"), "[\"表二\"]\n[[\"卡片\".\"条件\"]]\n");
        assert_eq!(
            quoted("补正 = [{ 告知 = 2025-01-02, 收到=2025-01-03 }]"),
            "\"补正\" = [{ \"告知\" = 2025-01-02, \"收到\"=2025-01-03 }]"
        );
        for same in [
            "\"年份\" = 1 # 年份 = 2",
            "a = \"甲 = 乙\"",
            "a = \"\"\"\n甲 = 乙\n\"\"\"",
            "a = '甲 = \\'",
            "a = \"\\\"甲 = 1\"",
            "a = 甲\n",
            "a = [甲]\n",
        ] {
            assert_eq!(quoted(same), same);
        }
    }

    #[test]
    fn places_are_those_of_the_file() {
        let text = "甲 = 1\n乙 = [2, 3]\n";
        let keys = QuotedKeys::of(text);
        let at = keys.text().find("[2").unwrap();
        let range = keys.origin(TextRange::new(at, at + 6));
        assert_eq!(text.get(range.start..range.end), Some("[2, 3]"));
        let key = keys.text().find("\"乙\"").unwrap();
        let range = keys.origin(TextRange::new(key, key + "\"乙\"".len()));
        assert_eq!(text.get(range.start..range.end), Some("乙"));
    }
}

//! Lines and characters as editors count them.
//!
//! The language server protocol counts lines from 0, ended by LF, CRLF or CR,
//! and characters from 0 in units that client and server agree on. UTF-16 is
//! what every client understands: a Han character is one unit, an emoji or a
//! rare character such as 𠮷 is two.

/// The unit in which characters of a line are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Units of UTF-16.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A place between two characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Point {
    /// Line, from 0.
    pub line: u32,
    /// Units before the place in its line.
    pub character: u32,
}

/// Where the lines of a text begin and end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineMap {
    /// Begin of each line, and its end without the mark that ends it.
    lines: Vec<(usize, usize)>,
}

impl LineMap {
    /// Finds the lines of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
        while let Some(&byte) = bytes.get(at) {
            let after = match byte {
                b'\r' if bytes.get(at + 1) == Some(&b'\n') => at + 2,
                b'\n' | b'\r' => at + 1,
                _ => {
                    at += 1;
                    continue;
                }
            };
            lines.push((start, at));
            (start, at) = (after, after);
        }
        lines.push((start, bytes.len()));
        Self { lines }
    }

    /// The byte offset of a place in `text`, the text of this map. A place past
    /// the end of its line is the end of the line, one past the last line the
    /// end of the text; one inside a character is its beginning.
    ///
    /// ```
    /// use jiedu_editor::{Encoding, LineMap, Point};
    /// let text = "一\r\n𠮷字";
    /// let offset = LineMap::new(text).offset(text, Point { line: 1, character: 2 }, Encoding::Utf16);
    /// assert_eq!(text.get(offset..), Some("字"));
    /// ```
    #[must_use]
    pub fn offset(&self, text: &str, point: Point, encoding: Encoding) -> usize {
        let line = usize::try_from(point.line).unwrap_or(usize::MAX);
        let Some(&(start, end)) = self.lines.get(line) else { return text.len() };
        let wanted = usize::try_from(point.character).unwrap_or(usize::MAX);
        let mut units = 0;
        for (at, c) in text.get(start..end).unwrap_or("").char_indices() {
            units += encoding.width(c);
            if units > wanted {
                return start + at;
            }
        }
        end
    }

    /// The place of a byte offset.
    #[must_use]
    pub fn point(&self, text: &str, offset: usize, encoding: Encoding) -> Point {
        let line = self.lines.partition_point(|&(start, _)| start <= offset).saturating_sub(1);
        let (start, end) = self.lines.get(line).copied().unwrap_or_default();
        let offset = offset.min(end);
        let before = text.get(start..end).unwrap_or("").char_indices();
        let units = before.take_while(|(at, c)| start + at + c.len_utf8() <= offset);
        let character: usize = units.map(|(_, c)| encoding.width(c)).sum();
        // Texts are far smaller than 4 GB.
        Point {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            character: u32::try_from(character).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    #[test]
    fn rare_characters_count_as_the_encoding_says() {
        let text = "𠮷😀a";
        let map = LineMap::new(text);
        let end = |encoding| map.point(text, text.len(), encoding).character;
        assert_eq!(ALL.map(end), [9, 5, 3]);
        let inside = map.offset(text, Point { line: 0, character: 1 }, Encoding::Utf16);
        assert_eq!(inside, 0, "half a surrogate pair is the beginning of its character");
    }

    #[test]
    fn every_line_end_of_the_protocol_ends_a_line() {
        let text = "a\r\nb\rc\nd";
        let map = LineMap::new(text);
        let begin = |line| map.offset(text, Point { line, character: 0 }, Encoding::Utf8);
        assert_eq!([0, 1, 2, 3].map(begin), [0, 3, 5, 7]);
        let past = map.offset(text, Point { line: 0, character: 99 }, Encoding::Utf8);
        assert_eq!(past, 1, "a line ends before its mark");
        assert_eq!(map.offset(text, Point { line: 99, character: 0 }, Encoding::Utf8), text.len());
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(text in "[a\\r\\n政𠮷😀é]{0,24}", at in 0usize..80) {
            let map = LineMap::new(&text);
            for encoding in ALL {
                let point = map.point(&text, at, encoding);
                let offset = map.offset(&text, point, encoding);
                prop_assert!(text.is_char_boundary(offset));
                prop_assert_eq!(map.point(&text, offset, encoding), point);
            }
        }
    }
}

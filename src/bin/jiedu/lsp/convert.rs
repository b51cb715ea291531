//! Byte ranges of the library and places of the protocol.

use gen_lsp_types::{Position, Range, TextEdit};
use jiedu::editor::{Edit, Encoding, LineMap, Point};
use jiedu::text::{SourceFile, TextRange};

/// A text with its lines: everything that is needed to name places in it.
pub(super) struct Places<'a> {
    text: &'a str,
    lines: LineMap,
    encoding: Encoding,
}

impl<'a> Places<'a> {
    pub(super) fn new(file: &'a SourceFile, encoding: Encoding) -> Self {
        Self { text: file.text(), lines: LineMap::new(file.text()), encoding }
    }

    pub(super) fn offset(&self, position: Position) -> usize {
        self.lines.offset(self.text, point(position), self.encoding)
    }

    pub(super) fn bytes(&self, range: Range) -> TextRange {
        TextRange::new(self.offset(range.start), self.offset(range.end))
    }

    pub(super) fn range(&self, range: TextRange) -> Range {
        Range { start: self.position(range.start), end: self.position(range.end.max(range.start)) }
    }

    pub(super) fn edit(&self, edit: &Edit) -> TextEdit {
        TextEdit { range: self.range(edit.range), new_text: edit.replacement.clone() }
    }

    fn position(&self, offset: usize) -> Position {
        let Point { line, character } = self.lines.point(self.text, offset, self.encoding);
        Position { line, character }
    }
}

pub(super) fn point(position: Position) -> Point {
    Point { line: position.line, character: position.character }
}

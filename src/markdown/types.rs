//! What the Markdown room hands out.

use jiedu_base::text::{SourceFile, TextRange};

/// What kind of text a prose segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProseKind {
    /// A heading of the given level.
    Heading(u8),
    /// A paragraph of the text.
    Paragraph,
    /// An item of a list (tight or loose).
    ListItem,
    /// A table cell; row and column from 0, row 0 is the head.
    TableCell {
        /// Which table of the document, from 0.
        table: usize,
        /// Row.
        row: usize,
        /// Column.
        column: usize,
    },
    /// Inside a block quote.
    Quote,
    /// A footnote definition.
    Footnote,
    /// Alternative text of an image.
    ImageText,
    /// A front-matter value that is prose (标题 …).
    FrontMatter,
}

/// A piece of prose and where it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Offset in [`Prose::text`].
    pub text: usize,
    /// Length in the text.
    pub text_len: usize,
    /// Offset in the file.
    pub source: usize,
    /// Length in the file. Differs from `text_len` for entities and escapes,
    /// which map as a whole.
    pub source_len: usize,
}

/// A run of text that a reader sees as one piece, with a map back to the file.
///
/// Soft line breaks between Han characters, emphasis marks and link targets
/// are not part of `text`; every byte of it maps to the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose {
    /// What kind of text it is.
    pub kind: ProseKind,
    /// The text as read.
    pub text: String,
    /// The map, ascending and covering all of `text`.
    pub pieces: Vec<Piece>,
    /// Ranges of `text` that a reader sees but that are not prose: code, web
    /// addresses, raw HTML. Ascending, disjoint.
    pub opaque: Vec<TextRange>,
    /// The whole block in the file.
    pub range: TextRange,
}

impl Prose {
    /// The source range of a range of `text`: from its first character to the
    /// end of its last one, marks in between included.
    #[must_use]
    pub fn source_range(&self, start: usize, end: usize) -> TextRange {
        let first = self.to_source(start, false);
        if end <= start {
            return TextRange::new(first, first);
        }
        let last =
            self.text.get(..end).and_then(|t| t.char_indices().next_back()).map_or(start, |(at, _)| at);
        TextRange::new(first, self.to_source(last, true))
    }

    /// The source offset of the character at `at`, or of its end.
    fn to_source(&self, at: usize, end: bool) -> usize {
        let index = self.pieces.partition_point(|piece| piece.text <= at);
        let Some(piece) = index.checked_sub(1).and_then(|i| self.pieces.get(i)) else {
            return self.range.start;
        };
        if piece.text_len != piece.source_len {
            return piece.source + if end { piece.source_len } else { 0 };
        }
        let width = if end {
            self.text.get(at..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8)
        } else {
            0
        };
        (piece.source + (at - piece.text) + width).min(piece.source + piece.source_len)
    }
}

/// A link or image in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The visible text (alternative text for an image).
    pub text: String,
    /// The destination as written: `clause:（五）`, `attachments/a.pdf`, …
    pub target: String,
    /// The whole link in the file.
    pub range: TextRange,
    /// Whether it is an image.
    pub is_image: bool,
    /// The heading (index into [`Body::prose`]) that holds it, if it stands in
    /// a heading.
    pub heading: Option<usize>,
    /// Index into [`Body::prose`] of the segment it stands in.
    pub prose: Option<usize>,
}

/// A parsed Markdown body: facts with byte ranges in the whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The file.
    pub file: SourceFile,
    /// Where the body begins (after the front matter).
    pub range: TextRange,
    /// Prose segments in reading order.
    pub prose: Vec<Prose>,
    /// Links and images in reading order.
    pub links: Vec<Link>,
    /// Comments and raw HTML in reading order.
    pub html: Vec<Html>,
    /// The top-level blocks, comments and raw HTML left out.
    pub blocks: Vec<TextRange>,
}

/// A comment or a piece of raw HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html {
    /// The range in the file.
    pub range: TextRange,
    /// The text of a comment between its marks; `None` for raw HTML, which is
    /// shown as it is written and never passed on.
    pub comment: Option<String>,
}

/// One top-level block as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedBlock {
    /// The block in the file.
    pub range: TextRange,
    /// Its HTML.
    pub html: String,
    /// Heading level when it is a heading.
    pub heading: Option<u8>,
    /// Its plain text.
    pub text: String,
}

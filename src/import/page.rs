//! A file as read: lines, headings, tables, and what was left behind.

use jiedu_base::text::Message;

/// What was read from a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The file's own title: `ArticleTitle` or `<title>` of a web page, the
    /// paragraph in Word's style “Title”.
    pub title: Option<String>,
    /// In reading order.
    pub blocks: Vec<Block>,
    /// What was not taken over, for the writer.
    pub notes: Vec<Message>,
}

/// One line, heading or table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph, or a heading of a level from 1.
    Line {
        /// 0 = paragraph.
        level: u8,
        /// The text in order.
        pieces: Vec<Piece>,
    },
    /// Rows of cells; the first row is the head.
    Table(Vec<Vec<String>>),
    /// Text of a footnote.
    Footnote {
        /// Its number in the page, from 1.
        number: usize,
        /// The text in order.
        pieces: Vec<Piece>,
    },
}

/// A run of text of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    /// The characters.
    pub text: String,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Where it leads, when it is a link to the outside.
    pub link: Option<String>,
    /// The footnote that it calls; then `text` is empty.
    pub note: Option<usize>,
}

impl Piece {
    /// Text without emphasis.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    fn same_kind(&self, other: &Self) -> bool {
        self.bold == other.bold
            && self.italic == other.italic
            && self.link == other.link
            && self.note.is_none()
            && other.note.is_none()
    }
}

impl Block {
    /// The text alone; cells of a table with blanks between them.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Line { pieces, .. } | Self::Footnote { pieces, .. } => {
                pieces.iter().map(|piece| piece.text.as_str()).collect()
            }
            Self::Table(rows) => rows.iter().map(|row| row.join(" ")).collect::<Vec<_>>().join(" "),
        }
    }

    /// The text of a line or heading.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        matches!(self, Self::Line { .. }).then(|| self.text())
    }

    /// A paragraph or heading with its blanks in order, unless it is empty.
    pub(super) fn from_pieces(level: u8, pieces: Vec<Piece>) -> Option<Self> {
        let pieces = tidy(pieces);
        (!pieces.is_empty()).then_some(Self::Line { level, pieces })
    }
}

/// Joins runs of one kind, turns runs of blanks into one, and drops the blanks
/// at both ends (in official documents they are layout).
pub(super) fn tidy(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut blank = true;
    for mut piece in pieces {
        let mut text = String::with_capacity(piece.text.len());
        for c in piece.text.chars() {
            let is_blank = c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
            if !is_blank {
                text.push(c);
            } else if !blank && c != '\u{feff}' && c != '\u{200b}' {
                text.push(' ');
            }
            blank = if matches!(c, '\u{feff}' | '\u{200b}') { blank } else { is_blank };
        }
        if piece.note.is_some() {
            blank = false;
        } else if text.is_empty() {
            continue;
        }
        piece.text = text;
        match out.last_mut() {
            Some(last) if last.same_kind(&piece) => last.text.push_str(&piece.text),
            _ => out.push(piece),
        }
    }
    if let Some(last) = out.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if last.text.is_empty() && last.note.is_none() {
            out.pop();
        }
    }
    out
}

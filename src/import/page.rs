//! A file as read: lines, headings, tables, and what was left behind.

use jiedu_base::text::Message;

/// What was read from a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The file's own title: `ArticleTitle` or `<title>` of a web page, the
    /// paragraph in Word's style “Title”.
    pub title: Option<Title>,
    /// Metadata that the file states in a form for machines, as printed names
    /// and values: `发文字号`, `示交发〔2026〕7号`.
    pub stated: Vec<(String, String)>,
    /// In reading order.
    pub blocks: Vec<Block>,
    /// Lines of headers and footers, which may print number and secrecy.
    pub margins: Vec<String>,
    /// What a reader of the original sees and the text does not hold.
    pub lost: Vec<Loss>,
    /// What the text holds in another place or form.
    pub moved: Vec<Move>,
    /// Files that it links to, and their printed names.
    pub files: Vec<(String, String)>,
    /// Pages that its text links to, and the words of the links.
    pub links: Vec<(String, String)>,
    /// Its own address, where it states one.
    pub address: Option<String>,
}

/// A title that the file states itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    /// The text.
    pub text: String,
    /// Whether it is the title of the document by a mark made for that
    /// purpose (国办发〔2017〕47号 `ArticleTitle`, Word's style), and not that of
    /// a window.
    pub is_sure: bool,
}

/// Something of the original that is not in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// What it is: 页眉, 批注, 图片 …
    pub what: Message,
    /// Where it stood in the original.
    pub place: Message,
    /// Its characters; for a picture its description.
    pub text: String,
}

/// Something of the original that is in the text in another place or form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// What it is.
    pub what: Message,
    /// Where it stood in the original.
    pub place: Message,
    /// Where it is now.
    pub to: Message,
}

/// What stands in a cell.
pub type CellText = Vec<Piece>;

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
    /// A paragraph with a bullet.
    Item {
        /// The text in order.
        pieces: Vec<Piece>,
    },
    /// Rows of cells; the first row is the head.
    Table(Vec<Vec<CellText>>),
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

fn joined(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

impl Block {
    /// The text alone; cells of a table with blanks between them.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Line { pieces, .. } | Self::Item { pieces } | Self::Footnote { pieces, .. } => {
                joined(pieces)
            }
            Self::Table(rows) => rows.iter().map(|row| row_text(row)).collect::<Vec<_>>().join(" "),
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

/// The cells of a row with blanks between them.
pub(super) fn row_text(row: &[CellText]) -> String {
    row.iter().map(|cell| joined(cell)).collect::<Vec<_>>().join(" ")
}

/// Joins runs of one kind, turns runs of blanks into one, and drops the blanks
/// at both ends (in official documents they are layout).
pub(super) fn tidy(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut blank = true;
    for mut piece in pieces {
        let mut text = String::with_capacity(piece.text.len());
        for c in piece.text.chars() {
            let is_invisible =
                matches!(c, '\u{feff}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{ad}');
            let is_blank = c.is_whitespace();
            // A control character is no text, and Markdown refuses it.
            if is_invisible || (c.is_control() && !is_blank) {
                continue;
            }
            if !is_blank {
                text.push(c);
            } else if !blank {
                text.push(' ');
            }
            blank = is_blank;
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

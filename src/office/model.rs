//! What a document holds: paragraphs and tables of runs, and the parts beside
//! them, each run with what a reader sees of it.

use super::Fault;

/// A document as read, shown and hidden text alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Its text, then headers, footers, notes and comments.
    pub parts: Vec<Part>,
    /// Parts that could not be read, or not to their end.
    pub faults: Vec<Fault>,
    /// What was changed with changes tracked.
    pub tracked: Tracked,
}

/// How often a document was changed with changes tracked, and by whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tracked {
    /// Places with inserted text.
    pub inserted: usize,
    /// Places with deleted text.
    pub deleted: usize,
    /// Who changed or commented it.
    pub authors: std::collections::BTreeSet<String>,
}

/// The text of a document, or a part beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// In reading order.
    pub blocks: Vec<Block>,
}

/// What a part is in its document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// The text itself.
    Body,
    /// The text of a page, of formats that have no other order; from 1.
    Page(usize),
    /// Page header.
    Header,
    /// Page footer.
    Footer,
    /// A footnote or endnote; runs call it by kind and id.
    Note(NoteKind, String),
    /// A comment, by its id, and who made it.
    Comment(String, String),
    /// Text inside of a diagram or chart.
    Drawing,
}

/// Notes of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// At the foot of the page.
    Foot,
    /// At the end of the document.
    End,
}

/// A paragraph, a table or a text box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
    /// A text box, where it is anchored.
    TextBox(Vec<Block>),
}

/// What a paragraph is by its style.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// Text.
    #[default]
    Text,
    /// The document's title.
    Title,
    /// A heading of a level from 1.
    Heading(u8),
    /// A line of a table of contents.
    Contents,
}

/// A paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// Its place among the paragraphs of the part, from 1.
    pub index: usize,
    /// By its style.
    pub role: Role,
    /// Whether its lines are centred, as titles are.
    pub is_centred: bool,
    /// The automatic number with what follows it, as printed; an empty one for
    /// a bullet.
    pub number: Option<String>,
    /// Whether the paragraph mark was inserted or deleted with changes tracked:
    /// the paragraph then runs on into the next without it.
    pub mark: Change,
    /// In reading order.
    pub runs: Vec<Run>,
}

/// Whether a run was changed with changes tracked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not.
    #[default]
    None,
    /// Inserted, or moved here.
    Inserted,
    /// Deleted, or moved away.
    Deleted,
}

/// Where a run stands against the line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// On the line.
    #[default]
    Line,
    /// Raised and small.
    Superscript,
    /// Lowered and small.
    Subscript,
}

/// A run of text of one kind.
#[allow(clippy::struct_excessive_bools, reason = "each is a property of its own in every format")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// What it is.
    pub kind: RunKind,
    /// The characters; what is said of it for other kinds.
    pub text: String,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Struck through.
    pub struck: bool,
    /// Formatted as hidden.
    pub hidden: bool,
    /// Raised or lowered.
    pub layer: Layer,
    /// With changes tracked.
    pub change: Change,
    /// Where it leads.
    pub link: Option<std::rc::Rc<str>>,
}

/// What a run is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum RunKind {
    /// Characters.
    #[default]
    Text,
    /// A line break inside a paragraph.
    Break,
    /// A call of a note, by kind and id.
    Note(NoteKind, String),
    /// A comment is anchored here, by id.
    Comment(String),
    /// A picture; the text is its description.
    Picture,
    /// An embedded object; the text is its kind.
    Object,
    /// The reading of the characters before it.
    Ruby,
    /// A character of a symbol font that has none in Unicode.
    Symbol,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Top to bottom.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Left to right.
    pub cells: Vec<Cell>,
    /// With changes tracked.
    pub change: Change,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// What stands in it.
    pub blocks: Vec<Block>,
    /// Columns that it is wide, from 1.
    pub columns: usize,
    /// Whether it is part of the cell above it.
    pub continues: bool,
}

impl Run {
    /// The characters as a reader sees them: raised and lowered ones as
    /// characters of that kind where Unicode has them, else marked.
    #[must_use]
    pub fn shown(&self) -> String {
        match self.layer {
            Layer::Line => self.text.clone(),
            Layer::Superscript => super::scripts::superscript(&self.text),
            Layer::Subscript => super::scripts::subscript(&self.text),
        }
    }
}

impl Document {
    /// The blocks of the text itself.
    pub fn body(&self) -> impl Iterator<Item = &Block> {
        self.parts
            .iter()
            .filter(|part| matches!(part.kind, PartKind::Body | PartKind::Page(_)))
            .flat_map(|part| &part.blocks)
    }
}

impl Block {
    /// Visits every paragraph in reading order, those of cells and boxes too.
    pub fn paragraphs<'b>(&'b self, visit: &mut dyn FnMut(&'b Paragraph)) {
        match self {
            Self::Paragraph(paragraph) => visit(paragraph),
            Self::TextBox(blocks) => blocks.iter().for_each(|block| block.paragraphs(visit)),
            Self::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                cells.flat_map(|cell| &cell.blocks).for_each(|block| block.paragraphs(visit));
            }
        }
    }
}

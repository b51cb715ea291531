//! The walk through a part: paragraphs, tables, and what wraps them.

use super::Links;
use super::fields::Field;
use super::lists::{Label, Lists};
use super::props::Props;
use super::styles::Styles;
use crate::tree::{Id, Tree};
use crate::{Block, Cell, Change, Paragraph, Role, Row, Table};

/// Word has at most 63 columns (17.4).
const MOST_COLUMNS: usize = 63;

/// A part while it is read.
pub(super) struct Reader<'t> {
    pub(super) tree: &'t Tree,
    pub(super) styles: &'t Styles,
    lists: &'t mut Lists,
    pub(super) links: &'t Links,
    /// Fields that are open, innermost last; they may span paragraphs.
    pub(super) fields: Vec<Field>,
    /// Fields opened inside the deepest that is followed.
    pub(super) deeper: usize,
    /// Tables of contents that are open.
    contents: usize,
    /// Whether one was open in this paragraph.
    pub(super) saw_contents: bool,
    paragraphs: usize,
}

/// What holds for everything inside of an element.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    pub(super) change: Change,
    pub(super) link: Option<std::rc::Rc<str>>,
    /// Properties by the paragraph's style.
    pub(super) props: Props,
}

impl<'t> Reader<'t> {
    pub(super) fn new(tree: &'t Tree, styles: &'t Styles, lists: &'t mut Lists, links: &'t Links) -> Self {
        Self {
            tree,
            styles,
            lists,
            links,
            fields: Vec::new(),
            deeper: 0,
            contents: 0,
            saw_contents: false,
            paragraphs: 0,
        }
    }

    /// The blocks below an element.
    pub(super) fn part(mut self, root: Id) -> Vec<Block> {
        let mut out = Vec::new();
        self.blocks(root, &Context::default(), &mut out);
        out
    }

    pub(super) fn blocks(&mut self, parent: Id, context: &Context, out: &mut Vec<Block>) {
        let tree = self.tree;
        tree.children(parent).for_each(|id| self.block(id, context, out));
    }

    pub(super) fn block(&mut self, id: Id, context: &Context, out: &mut Vec<Block>) {
        let tree = self.tree;
        match tree.name(id) {
            "p" => self.paragraph(id, context, out),
            "tbl" => {
                let table = self.table(id, context);
                out.push(Block::Table(table));
            }
            "sdt" => {
                let is_contents = self.is_contents(id);
                self.contents += usize::from(is_contents);
                self.blocks(tree.child(id, "sdtContent").unwrap_or(id), context, out);
                self.contents -= usize::from(is_contents);
            }
            "AlternateContent" => self.blocks(chosen(tree, id), context, out),
            "oMathPara" | "oMath" => {
                let mut paragraph = self.begin();
                self.inline(id, context, &mut paragraph, &mut Vec::new());
                out.push(Block::Paragraph(paragraph));
            }
            // What wraps paragraphs, known or not; properties hold no text.
            name => {
                if let Some(inner) = changed(name, context) {
                    self.blocks(id, &inner, out);
                } else if !name.ends_with("Pr") {
                    self.blocks(id, context, out);
                }
            }
        }
    }

    fn is_contents(&self, id: Id) -> bool {
        let properties = self.tree.child(id, "sdtPr");
        let gallery = properties
            .and_then(|properties| self.tree.child(properties, "docPartObj"))
            .and_then(|part| self.tree.value(part, "docPartGallery"));
        gallery.is_some_and(|name| name.eq_ignore_ascii_case("Table of Contents"))
    }

    fn begin(&mut self) -> Paragraph {
        self.paragraphs += 1;
        Paragraph { index: self.paragraphs, ..Paragraph::default() }
    }

    fn in_contents(&self) -> bool {
        self.contents > 0 || self.fields.iter().any(|field| field.is_result && field.is_contents())
    }

    fn paragraph(&mut self, id: Id, context: &Context, out: &mut Vec<Block>) {
        let tree = self.tree;
        let mut paragraph = self.begin();
        let properties = tree.child(id, "pPr");
        let value = |name| properties.and_then(|properties| tree.value(properties, name));
        let style = value("pStyle").unwrap_or_default();
        let mark = properties.and_then(|properties| tree.child(properties, "rPr"));
        if let Some(mark) = mark {
            let has = |names: [&str; 2]| names.iter().any(|name| tree.child(mark, name).is_some());
            if has(["del", "moveFrom"]) {
                paragraph.mark = Change::Deleted;
            } else if has(["ins", "moveTo"]) {
                paragraph.mark = Change::Inserted;
            }
        }
        self.saw_contents = self.in_contents();
        let mut boxes = Vec::new();
        let inner = Context { props: self.styles.props(style), ..context.clone() };
        self.inlines(id, &inner, &mut paragraph, &mut boxes);
        paragraph.is_centred =
            value("jc").map_or_else(|| self.styles.is_centred(style), |how| how == "center");
        let outline = value("outlineLvl").and_then(|level| level.parse().ok()).or(self.styles.outline(style));
        paragraph.role = if self.saw_contents || self.in_contents() || self.styles.is_contents(style) {
            Role::Contents
        } else if self.styles.is_title(style) {
            Role::Title
        } else {
            match outline.filter(|level| *level < 9) {
                Some(level) => Role::Heading(level + 1),
                None => Role::Text,
            }
        };
        let has_text = paragraph.runs.iter().any(|run| !run.text.trim().is_empty());
        if has_text {
            paragraph.number = self.number(properties, style);
        }
        out.push(Block::Paragraph(paragraph));
        out.extend(boxes.into_iter().map(Block::TextBox));
    }

    /// What Word prints before the paragraph.
    fn number(&mut self, properties: Option<Id>, style: &str) -> Option<String> {
        let tree = self.tree;
        let own = properties.and_then(|properties| tree.child(properties, "numPr"));
        let own_list = own.and_then(|list| tree.value(list, "numId")).map(str::to_owned);
        let own_level = own.and_then(|list| tree.value(list, "ilvl")).and_then(|level| level.parse().ok());
        let by_style = self.styles.list(style);
        let list = own_list.or_else(|| by_style.as_ref().map(|(list, _)| list.clone()))?;
        // `numId` 0 takes a paragraph out of its style's list.
        if list == "0" {
            return None;
        }
        let level = own_level
            .or_else(|| by_style.and_then(|(_, level)| level))
            .or_else(|| self.lists.level_of_style(&list, style))
            .unwrap_or(0);
        let styles = self.styles;
        let list_of_style = |style: &str| styles.list(style).map(|(list, _)| list);
        self.lists.next(&list, level, &list_of_style).map(|label| match label {
            Label::Number(number) => number,
            Label::Bullet => String::new(),
        })
    }

    fn table(&mut self, id: Id, context: &Context) -> Table {
        let mut table = Table::default();
        self.rows(id, context, &mut table);
        table
    }

    fn rows(&mut self, parent: Id, context: &Context, table: &mut Table) {
        let tree = self.tree;
        for id in tree.children(parent) {
            match tree.name(id) {
                "tr" => {
                    let mut row = Row::default();
                    let properties = tree.child(id, "trPr");
                    let number = |name: &str| {
                        let value = properties.and_then(|properties| tree.value(properties, name));
                        value.and_then(|text| text.parse::<usize>().ok()).unwrap_or(0).min(MOST_COLUMNS)
                    };
                    let has =
                        |name| properties.is_some_and(|properties| tree.child(properties, name).is_some());
                    row.change = match (has("del"), has("ins")) {
                        (true, _) => Change::Deleted,
                        (_, true) => Change::Inserted,
                        _ => context.change,
                    };
                    row.cells.extend((0..number("gridBefore")).map(|_| empty_cell()));
                    self.cells(id, context, &mut row);
                    row.cells.extend((0..number("gridAfter")).map(|_| empty_cell()));
                    table.rows.push(row);
                }
                "sdt" => self.rows(tree.child(id, "sdtContent").unwrap_or(id), context, table),
                name => {
                    if let Some(inner) = changed(name, context) {
                        self.rows(id, &inner, table);
                    } else if name == "customXml" {
                        self.rows(id, context, table);
                    }
                }
            }
        }
    }

    fn cells(&mut self, parent: Id, context: &Context, row: &mut Row) {
        let tree = self.tree;
        for id in tree.children(parent) {
            match tree.name(id) {
                "tc" => {
                    let properties = tree.child(id, "tcPr");
                    let span = properties.and_then(|properties| tree.value(properties, "gridSpan"));
                    let merge = properties.and_then(|properties| tree.child(properties, "vMerge"));
                    let mut cell = Cell {
                        columns: span.and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, MOST_COLUMNS),
                        continues: merge.is_some_and(|merge| tree.attribute(merge, "val") != Some("restart")),
                        ..Cell::default()
                    };
                    self.blocks(id, context, &mut cell.blocks);
                    row.cells.push(cell);
                }
                "sdt" => self.cells(tree.child(id, "sdtContent").unwrap_or(id), context, row),
                "customXml" | "ins" | "del" => self.cells(id, context, row),
                _ => {}
            }
        }
    }
}

fn empty_cell() -> Cell {
    Cell { columns: 1, ..Cell::default() }
}

/// The context inside of an element that marks a change.
pub(super) fn changed(name: &str, context: &Context) -> Option<Context> {
    let change = match name {
        "ins" | "moveTo" => Change::Inserted,
        "del" | "moveFrom" => Change::Deleted,
        _ => return None,
    };
    // What was inserted and then deleted is deleted.
    let change = if context.change == Change::Deleted { Change::Deleted } else { change };
    Some(Context { change, ..context.clone() })
}

/// The newer form of what stands twice in the file.
pub(super) fn chosen(tree: &Tree, id: Id) -> Id {
    let choice = tree.child(id, "Choice").filter(|&choice| tree.children(choice).next().is_some());
    choice.or_else(|| tree.child(id, "Fallback")).unwrap_or(id)
}

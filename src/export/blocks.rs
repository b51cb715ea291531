//! A body as paragraphs, headings and tables, with everything that Markdown
//! implies written out.

use jiedu_markdown::{Body, Prose, ProseKind};

/// One block of a text in reading order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading and its level from 1.
    Heading(u8, String),
    /// A paragraph; a list item begins with its number or mark.
    Paragraph(String),
    /// A table: rows of cells; the first row is the head.
    Table(Vec<Vec<String>>),
    /// A note at the end, with its name.
    Note(String),
}

/// The blocks of a body.
pub(super) fn blocks(body: &Body) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut open_table = None;
    for prose in &body.prose {
        match prose.kind {
            ProseKind::TableCell { table, row, column } => {
                if open_table != Some(table) {
                    open_table = Some(table);
                    out.push(Block::Table(Vec::new()));
                }
                if let Some(Block::Table(rows)) = out.last_mut() {
                    put_cell(rows, row, column, &prose.text);
                }
                continue;
            }
            // Alternative texts stand in for pictures that the page shows.
            ProseKind::ImageText => out.push(Block::Paragraph(format!("［图：{}］", prose.text))),
            ProseKind::Heading(level) => out.push(Block::Heading(level, prose.text.clone())),
            ProseKind::Footnote => out.push(Block::Note(prose.text.clone())),
            ProseKind::ListItem => {
                out.push(Block::Paragraph(format!("{}{}", marker(body, prose), prose.text)));
            }
            ProseKind::Paragraph | ProseKind::Quote => out.push(Block::Paragraph(prose.text.clone())),
            ProseKind::FrontMatter => {}
        }
        open_table = None;
    }
    out
}

fn put_cell(rows: &mut Vec<Vec<String>>, row: usize, column: usize, text: &str) {
    if rows.len() <= row {
        rows.resize(row + 1, Vec::new());
    }
    let Some(cells) = rows.get_mut(row) else { return };
    if cells.len() <= column {
        cells.resize(column + 1, String::new());
    }
    if let Some(cell) = cells.get_mut(column) {
        cell.push_str(text);
    }
}

/// The number or mark of a list item as the source writes it; empty for the
/// later paragraphs of an item.
fn marker(body: &Body, prose: &Prose) -> String {
    let start = prose.pieces.first().map_or(prose.range.start, |piece| piece.source);
    let before = body.file.text().get(..start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    if line.ends_with(['-', '*', '+']) {
        return "· ".to_owned();
    }
    let number = line.trim_end_matches(['.', ')']);
    let is_number = number.len() < line.len() && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && !number.is_empty() { line.to_owned() } else { String::new() }
}

/// A text without the line breaks of its source.
pub(super) fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}

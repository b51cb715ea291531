//! Tables: which cell stands where when cells span rows and columns, and which
//! tables only lay out a page.

use super::dom::{Dom, Id};

/// Most columns and rows that a cell may span (HTML Standard, 4.9.11).
const MOST_COLUMNS: usize = 1_000;
const MOST_ROWS: usize = 65_534;
/// Most cells of a table that are laid out; a grid beyond is not filled with
/// empty ones.
const MOST_CELLS: usize = 400_000;

/// A table as a grid.
pub(super) struct Grid {
    /// Cells by row and column; a place that another cell covers is empty.
    pub(super) rows: Vec<Vec<Option<Id>>>,
    /// All cells in order.
    pub(super) cells: Vec<Id>,
    /// How many cells span others.
    pub(super) merged: usize,
    /// Whether the table holds text and not data.
    pub(super) is_layout: bool,
}

/// Rows of a table, not those of tables in it.
fn rows(dom: &Dom, table: Id) -> Vec<Id> {
    let mut out = Vec::new();
    let mut stack: Vec<Id> = dom.children(table).iter().rev().copied().collect();
    while let Some(id) = stack.pop() {
        match dom.name(id) {
            "tr" => out.push(id),
            "table" => {}
            _ => stack.extend(dom.children(id).iter().rev()),
        }
    }
    out
}

fn cells(dom: &Dom, row: Id) -> Vec<Id> {
    let mut out = Vec::new();
    let mut stack: Vec<Id> = dom.children(row).iter().rev().copied().collect();
    while let Some(id) = stack.pop() {
        match dom.name(id) {
            "td" | "th" => out.push(id),
            "table" => {}
            _ => stack.extend(dom.children(id).iter().rev()),
        }
    }
    out
}

/// Lays out a table.
pub(super) fn read(dom: &Dom, table: Id) -> Grid {
    let rows = rows(dom, table);
    let mut grid = Grid { rows: Vec::new(), cells: Vec::new(), merged: 0, is_layout: false };
    // Rows that a cell above still covers, by column.
    let mut covered: Vec<usize> = Vec::new();
    let mut places = 0;
    for (index, &row) in rows.iter().enumerate() {
        let mut line: Vec<Option<Id>> = Vec::new();
        let skip = |line: &mut Vec<Option<Id>>, covered: &mut Vec<usize>| {
            while let Some(rest) = covered.get_mut(line.len()).filter(|rest| **rest > 0) {
                *rest -= 1;
                line.push(None);
            }
        };
        for cell in cells(dom, row) {
            skip(&mut line, &mut covered);
            let span =
                |name: &str| dom.attribute(cell, name).and_then(|text| text.trim().parse::<usize>().ok());
            let columns = span("colspan").unwrap_or(1).clamp(1, MOST_COLUMNS);
            // Nothing reaches below the last row; 0 is to the end.
            let left = rows.len() - index;
            let down = match span("rowspan") {
                Some(0) => left,
                Some(rows) => rows.min(MOST_ROWS).min(left),
                None => 1,
            };
            grid.merged += usize::from(columns > 1 || down > 1);
            grid.cells.push(cell);
            places += columns;
            let columns = if places > MOST_CELLS { 1 } else { columns };
            for at in 0..columns {
                let column = line.len();
                if covered.len() <= column {
                    covered.resize(column + 1, 0);
                }
                if let Some(rest) = covered.get_mut(column) {
                    *rest = (*rest).max(down - 1);
                }
                line.push((at == 0).then_some(cell));
            }
        }
        skip(&mut line, &mut covered);
        // What is covered behind a gap counts down as well.
        for rest in covered.iter_mut().skip(line.len()) {
            *rest = rest.saturating_sub(1);
        }
        grid.rows.push(line);
    }
    grid.is_layout = is_layout(dom, &grid);
    grid
}

/// A table around text: tables in its cells, one cell a row, or one cell with
/// nearly everything in paragraphs.
fn is_layout(dom: &Dom, grid: &Grid) -> bool {
    let holds_table = |&cell: &Id| dom.descendants(cell).skip(1).any(|id| dom.name(id) == "table");
    if grid.rows.iter().all(|row| row.iter().flatten().count() < 2) || grid.cells.iter().any(holds_table) {
        return true;
    }
    let lengths: Vec<usize> = grid.cells.iter().map(|&cell| dom.text(cell).chars().count()).collect();
    let total: usize = lengths.iter().sum();
    let largest = lengths.iter().enumerate().max_by_key(|(_, length)| **length);
    largest.is_some_and(|(at, &length)| {
        let paragraphs = grid.cells.get(at).map_or(0, |&cell| {
            dom.descendants(cell)
                .filter(|&id| matches!(dom.name(id), "p" | "div" | "h1" | "h2" | "h3"))
                .count()
        });
        length > 400 && length * 10 >= total * 8 && paragraphs >= 4
    })
}

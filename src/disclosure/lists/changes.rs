//! What changed between two editions of a list, row by row.

use std::collections::BTreeMap;

use super::List;

/// A row that differs. Rows are told apart by their first field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new row.
    Added(Vec<String>),
    /// A row of which some fields read differently now.
    Changed {
        /// Its first field.
        name: String,
        /// Field, before, after.
        cells: Vec<(String, String, String)>,
    },
    /// A row that is gone.
    Removed(Vec<String>),
}

/// The changes, in the order of the new list, removed rows last.
#[must_use]
pub fn changes(old: &List, new: &List) -> Vec<Change> {
    let name = |row: &[String]| row.first().cloned().unwrap_or_default();
    let mut before: BTreeMap<String, Vec<&Vec<String>>> = BTreeMap::new();
    for row in old.rows.iter().rev() {
        before.entry(name(row)).or_default().push(row);
    }
    let value = |list: &List, row: &[String], head: &str| {
        let at = list.heads.iter().position(|known| known == head);
        at.and_then(|at| row.get(at)).cloned().unwrap_or_default()
    };
    let mut heads: Vec<&String> = new.heads.iter().collect();
    heads.extend(old.heads.iter().filter(|head| !new.heads.contains(head)));
    let mut found = Vec::new();
    for row in &new.rows {
        let Some(past) = before.get_mut(&name(row)).and_then(Vec::pop) else {
            found.push(Change::Added(row.clone()));
            continue;
        };
        let cells: Vec<_> = heads
            .iter()
            .map(|head| ((*head).clone(), value(old, past, head), value(new, row, head)))
            .filter(|(_, before, after)| before != after)
            .collect();
        if !cells.is_empty() {
            found.push(Change::Changed { name: name(row), cells });
        }
    }
    let left: Vec<&Vec<String>> = before.into_values().flatten().collect();
    let gone = old.rows.iter().filter(|row| left.iter().any(|other| std::ptr::eq(*other, *row)));
    found.extend(gone.map(|row| Change::Removed(row.clone())));
    found
}

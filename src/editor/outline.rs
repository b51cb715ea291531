//! The outline of a text: provisions of a policy, headings of everything else.

use jiedu_base::text::{SourceFile, TextRange};
use jiedu_markdown::{Body, ProseKind, parse_body};
use jiedu_model::Provision;
use jiedu_proof::body_range;

use super::desk::Desk;

/// Characters of a name that an outline shows.
const NAME: usize = 40;
/// Nesting that an outline shows; deeper entries stand beside each other.
const DEPTH: usize = 32;

/// An entry of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The label and heading: `（五） 加强政策解读回应`.
    pub name: String,
    /// The link text that names a provision alone; empty for a heading.
    pub detail: String,
    /// Everything that belongs to it.
    pub range: TextRange,
    /// Its own first words.
    pub selection: TextRange,
    /// What lies inside.
    pub children: Vec<Symbol>,
}

impl Desk {
    /// The outline of a text of the repository.
    pub fn outline(&mut self, path: &str) -> Vec<Symbol> {
        self.refresh();
        let policy = self.set(path).and_then(|(_, set)| set.policy.as_ref());
        if let Some(policy) =
            policy.filter(|policy| policy.file.path() == path && !policy.provisions.is_empty())
        {
            return provisions(&policy.provisions);
        }
        self.body(path).map(headings).unwrap_or_default()
    }
}

/// The outline of a text that lies in no repository.
#[must_use]
pub fn outline_of_text(file: &SourceFile) -> Vec<Symbol> {
    headings(&parse_body(file, body_range(file)))
}

fn provisions(all: &[Provision]) -> Vec<Symbol> {
    let rows = all.iter().map(|one| {
        let words =
            if one.heading.is_empty() { one.text.trim_start_matches(&one.label) } else { &one.heading };
        let name: String = format!("{} {}", one.label, words.trim()).trim().chars().take(NAME).collect();
        let depth = usize::from(one.depth);
        (depth, Symbol::new(name, one.reference.clone(), one.range))
    });
    nest(rows.collect())
}

fn headings(body: &Body) -> Vec<Symbol> {
    let rows = body.prose.iter().filter_map(|prose| {
        let ProseKind::Heading(level) = prose.kind else { return None };
        let name: String = prose.text.trim().chars().take(NAME).collect();
        Some((usize::from(level), Symbol::new(name, String::new(), prose.range)))
    });
    nest(rows.collect())
}

impl Symbol {
    fn new(name: String, detail: String, range: TextRange) -> Self {
        // Editors refuse an entry without a name.
        let name = if name.is_empty() { "…".to_owned() } else { name };
        Self { name, detail, range, selection: range, children: Vec::new() }
    }
}

/// Puts deeper rows into the shallower row before them, and lets each reach to
/// the end of what it holds.
fn nest(rows: Vec<(usize, Symbol)>) -> Vec<Symbol> {
    let mut roots = Vec::new();
    let mut open: Vec<(usize, Symbol)> = Vec::new();
    for (depth, symbol) in rows {
        while open.last().is_some_and(|(last, _)| *last >= depth) || open.len() >= DEPTH {
            close(&mut open, &mut roots);
        }
        open.push((depth, symbol));
    }
    while !open.is_empty() {
        close(&mut open, &mut roots);
    }
    roots
}

fn close(open: &mut Vec<(usize, Symbol)>, roots: &mut Vec<Symbol>) {
    let Some((_, symbol)) = open.pop() else { return };
    match open.last_mut() {
        Some((_, parent)) => {
            parent.range.start = parent.range.start.min(symbol.range.start);
            parent.range.end = parent.range.end.max(symbol.range.end);
            parent.children.push(symbol);
        }
        None => roots.push(symbol),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(symbols: &[Symbol]) -> String {
        let one = |symbol: &Symbol| match symbol.children.as_slice() {
            [] => symbol.name.clone(),
            children => format!("{}({})", symbol.name, names(children)),
        };
        symbols.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn headings_nest_and_reach_over_what_they_hold() {
        let file = SourceFile::new("a.md", "# 甲\n\n## 乙\n\n### 丙\n\n## 丁\n\n#### 戊\n\n# 己\n");
        let outline = outline_of_text(&file);
        assert_eq!(names(&outline), "甲(乙(丙) 丁(戊)) 己");
        let first = outline.first().unwrap();
        assert!(first.children.iter().all(|child| first.range.contains(child.range)));
        assert!(first.range.contains(first.selection));
    }

    #[test]
    fn a_thousand_levels_are_no_deep_tree() {
        let rows =
            (0..1000).map(|depth| (depth, Symbol::new("x".to_owned(), String::new(), TextRange::default())));
        let mut depth = 0;
        let mut at = &nest(rows.collect());
        while let Some(last) = at.last() {
            depth += 1;
            at = &last.children;
        }
        assert!(depth <= DEPTH, "{depth}");
    }
}

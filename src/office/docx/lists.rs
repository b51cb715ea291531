//! Automatic numbers, written out as text: `%1、` of a list becomes `一、`
//! (ECMA-376-1, 17.9).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::numbering::in_format;
use crate::tree::{Id, Tree};

/// Levels of a list (17.9.6).
const LEVELS: usize = 9;
/// Most links from one list to the list of a style; a cycle ends there.
const MAX_LINKS: usize = 8;

#[derive(Debug, Clone, Default)]
struct Level {
    start: Option<u32>,
    format: String,
    text: String,
    /// 17.9.10: the level after which this one starts again; 0 never.
    restart: Option<usize>,
    /// 17.9.28: what stands between number and text.
    suffix: String,
    /// 17.9.4: all numbers of the text in digits.
    is_legal: bool,
    style: Option<String>,
}

/// A list of its own: which shape it has, and where it departs from it.
#[derive(Debug, Clone, Default)]
struct List {
    shape: String,
    starts: BTreeMap<usize, u32>,
    levels: BTreeMap<usize, Level>,
}

/// An abstract list.
#[derive(Debug, Clone, Default)]
struct Shape {
    levels: Vec<Level>,
    /// 17.9.21: the style whose list this one repeats.
    style_link: Option<String>,
}

/// The lists of a file and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    shapes: BTreeMap<String, Shape>,
    numbered: BTreeMap<String, List>,
    counters: BTreeMap<String, [Option<u32>; LEVELS]>,
    begun: BTreeSet<(String, usize)>,
}

/// What stands before a paragraph of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Label {
    /// A number with the blank that follows it.
    Number(String),
    /// A bullet.
    Bullet,
}

fn level(tree: &Tree, id: Id) -> Level {
    let value = |name| tree.value(id, name);
    Level {
        start: value("start").and_then(|text| text.parse().ok()),
        format: tree
            .find(id, "numFmt")
            .and_then(|node| tree.attribute(node, "val"))
            .unwrap_or("decimal")
            .to_owned(),
        text: value("lvlText").unwrap_or_default().to_owned(),
        restart: value("lvlRestart").and_then(|text| text.parse().ok()),
        suffix: value("suff").unwrap_or("tab").to_owned(),
        is_legal: tree.switch(id, "isLgl").unwrap_or(false),
        style: value("pStyle").map(str::to_owned),
    }
}

fn level_number(tree: &Tree, id: Id) -> usize {
    let number = tree.attribute(id, "ilvl").and_then(|text| text.parse::<usize>().ok());
    number.unwrap_or(0).min(LEVELS - 1)
}

pub(super) fn read(tree: &Tree) -> Lists {
    let mut lists = Lists::default();
    let root = tree.child(0, "numbering").unwrap_or(0);
    for id in tree.children(root) {
        match tree.name(id) {
            "abstractNum" => {
                let mut shape = Shape { levels: vec![Level::default(); LEVELS], ..Shape::default() };
                for child in tree.children(id).filter(|&child| tree.name(child) == "lvl") {
                    if let Some(slot) = shape.levels.get_mut(level_number(tree, child)) {
                        *slot = level(tree, child);
                    }
                }
                shape.style_link = tree.value(id, "numStyleLink").map(str::to_owned);
                let name = tree.attribute(id, "abstractNumId").unwrap_or_default();
                lists.shapes.insert(name.to_owned(), shape);
            }
            "num" => {
                let mut list = List {
                    shape: tree.value(id, "abstractNumId").unwrap_or_default().to_owned(),
                    ..List::default()
                };
                for change in tree.children(id).filter(|&child| tree.name(child) == "lvlOverride") {
                    let at = level_number(tree, change);
                    if let Some(start) = tree.value(change, "startOverride") {
                        list.starts.insert(at, start.parse().unwrap_or(1));
                    }
                    if let Some(own) = tree.child(change, "lvl") {
                        list.levels.insert(at, level(tree, own));
                    }
                }
                lists.numbered.insert(tree.attribute(id, "numId").unwrap_or_default().to_owned(), list);
            }
            _ => {}
        }
    }
    lists
}

impl Lists {
    /// The shape of a list, followed along the lists of styles.
    fn shape_of(&self, list: &List, list_of_style: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let mut name = list.shape.clone();
        for _ in 0..MAX_LINKS {
            let Some(link) = self.shapes.get(&name)?.style_link.as_ref() else { return Some(name) };
            let Some(next) = list_of_style(link).and_then(|id| self.numbered.get(&id)) else {
                return Some(name);
            };
            name.clone_from(&next.shape);
        }
        Some(name)
    }

    /// The level of a list that belongs to a paragraph style.
    pub(super) fn level_of_style(&self, list: &str, style: &str) -> Option<usize> {
        let shape = self.shapes.get(&self.numbered.get(list)?.shape)?;
        shape.levels.iter().position(|level| level.style.as_deref() == Some(style))
    }

    /// What Word prints before the next paragraph of a list; `None` for unknown
    /// lists and levels without a number.
    pub(super) fn next(
        &mut self,
        list: &str,
        level: usize,
        list_of_style: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Label> {
        let at = level.min(LEVELS - 1);
        let own = self.numbered.get(list)?;
        let shape = self.shape_of(own, list_of_style)?;
        let mut levels = self.shapes.get(&shape)?.levels.clone();
        for (number, changed) in &own.levels {
            if let Some(slot) = levels.get_mut(*number) {
                slot.clone_from(changed);
            }
        }
        let forced = own.starts.get(&at).copied();
        let fresh = self.begun.insert((list.to_owned(), at));
        // Lists of one shape count on together, unless one says where to start.
        let counters = self.counters.entry(shape).or_insert([None; LEVELS]);
        count(counters, &levels, at, forced.filter(|_| fresh));
        let counters = *counters;
        let found = levels.get(at)?;
        if found.format == "bullet" {
            return Some(Label::Bullet);
        }
        let text = label(&levels, found, &counters);
        (!text.trim().is_empty()).then(|| Label::Number(with_suffix(text, &found.suffix)))
    }
}

/// Counts one paragraph of a level and starts deeper ones again.
fn count(counters: &mut [Option<u32>; LEVELS], levels: &[Level], at: usize, forced: Option<u32>) {
    let start = |level: usize| levels.get(level).and_then(|found| found.start).unwrap_or(1);
    for (level, counter) in counters.iter_mut().enumerate() {
        match level.cmp(&at) {
            Ordering::Equal => {
                let next = counter.map_or_else(|| start(level), |number| number.saturating_add(1));
                *counter = Some(forced.unwrap_or(next));
            }
            // A higher level that was left out counts as begun.
            Ordering::Less => {
                counter.get_or_insert(start(level));
            }
            Ordering::Greater if restarts(levels.get(level), at) => *counter = None,
            Ordering::Greater => {}
        }
    }
}

/// Whether a level starts again after one above it.
fn restarts(level: Option<&Level>, at: usize) -> bool {
    match level.and_then(|found| found.restart) {
        Some(0) => false,
        // Level numbers of this element count from 1.
        Some(after) => at < after,
        None => true,
    }
}

fn label(levels: &[Level], found: &Level, counters: &[Option<u32>; LEVELS]) -> String {
    let mut out = String::new();
    let mut rest = found.text.chars().peekable();
    while let Some(c) = rest.next() {
        let at = rest.peek().and_then(|next| next.to_digit(10)).filter(|at| c == '%' && *at > 0);
        let Some(at) = at else {
            out.push(c);
            continue;
        };
        rest.next();
        let at = at as usize - 1;
        let Some(level) = levels.get(at) else { continue };
        let number = counters.get(at).copied().flatten().or(level.start).unwrap_or(1);
        let format = if found.is_legal { "decimal" } else { level.format.as_str() };
        out.push_str(&in_format(format, number).unwrap_or_default());
    }
    out
}

/// A tab after a mark that ends in white space of its own shows nothing more.
fn with_suffix(label: String, suffix: &str) -> String {
    let is_wide = label.ends_with(['、', '）', '．', '。', '：', '，', '】', '〕', '》']);
    let has_blank = label.ends_with(char::is_whitespace);
    match suffix {
        "space" if !has_blank => label + " ",
        "tab" if !has_blank && !is_wide => label + " ",
        _ => label,
    }
}

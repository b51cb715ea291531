//! Automatic numbers, written out as text: `%1、` of a list becomes `一、`.

use std::collections::BTreeMap;

use super::xml::{Node, attribute, walk};
use crate::ImportError;
use crate::numbering::in_format;

/// Levels of a list (ECMA-376 §17.9.6).
const LEVELS: usize = 9;

#[derive(Debug, Clone, Default)]
struct Level {
    start: Option<u32>,
    format: String,
    text: String,
}

/// The lists of a file and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// Abstract list → levels.
    shapes: BTreeMap<String, Vec<Level>>,
    /// List → abstract list, and its own starts by level.
    numbered: BTreeMap<String, (String, BTreeMap<usize, u32>)>,
    counters: BTreeMap<String, [Option<u32>; LEVELS]>,
    begun: std::collections::BTreeSet<(String, usize)>,
}

pub(super) fn read(part: &str) -> Result<Lists, ImportError> {
    let mut lists = Lists::default();
    let (mut shape, mut list, mut level) = (None::<String>, None::<String>, 0_usize);
    walk("word/numbering.xml", part, |node| {
        let Node::Start(name, element) = node else {
            match node {
                Node::End("abstractNum") => shape = None,
                Node::End("num") => list = None,
                _ => {}
            }
            return Ok(());
        };
        let value = || attribute(element, "val").unwrap_or_default();
        let number = |name| attribute(element, name).and_then(|text| text.parse::<usize>().ok());
        match name {
            "abstractNum" => shape = attribute(element, "abstractNumId"),
            "num" => list = attribute(element, "numId"),
            "lvl" | "lvlOverride" => level = number("ilvl").unwrap_or(0).min(LEVELS - 1),
            "abstractNumId" => {
                if let Some(id) = &list {
                    lists.numbered.insert(id.clone(), (value(), BTreeMap::new()));
                }
            }
            "startOverride" => {
                if let Some((_, starts)) = list.as_ref().and_then(|id| lists.numbered.get_mut(id)) {
                    starts.insert(level, value().parse().unwrap_or(1));
                }
            }
            "start" | "numFmt" | "lvlText" => {
                let Some(id) = &shape else { return Ok(()) };
                let levels = lists.shapes.entry(id.clone()).or_insert_with(|| vec![Level::default(); LEVELS]);
                if let Some(found) = levels.get_mut(level) {
                    match name {
                        "start" => found.start = value().parse().ok(),
                        "numFmt" => found.format = value(),
                        _ => found.text = value(),
                    }
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(lists)
}

impl Lists {
    /// The number that Word prints before the next paragraph of a list;
    /// `None` for bullets and unknown lists.
    pub(super) fn next(&mut self, list: &str, level: usize) -> Option<String> {
        let level = level.min(LEVELS - 1);
        let (shape, starts) = self.numbered.get(list)?;
        let levels = self.shapes.get(shape)?;
        // Lists of one shape count on together, unless one says where to start.
        let counters = self.counters.entry(shape.clone()).or_insert([None; LEVELS]);
        let fresh = self.begun.insert((list.to_owned(), level));
        let start = |at: usize| levels.get(at).and_then(|found| found.start).unwrap_or(1);
        for (at, counter) in counters.iter_mut().enumerate() {
            if at == level {
                let own = starts.get(&level).filter(|_| fresh).copied();
                *counter =
                    Some(own.unwrap_or_else(|| counter.map_or_else(|| start(at), |n| n.saturating_add(1))));
            } else if at > level {
                *counter = None;
            } else if counter.is_none() {
                *counter = Some(start(at));
            }
        }
        let counters = *counters;
        let (mut out, mut counts) = (String::new(), false);
        let mut rest = levels.get(level)?.text.chars().peekable();
        while let Some(c) = rest.next() {
            let at = rest.peek().and_then(|next| next.to_digit(10)).filter(|at| c == '%' && *at > 0);
            let Some(at) = at else {
                out.push(c);
                continue;
            };
            rest.next();
            counts = true;
            let at = at as usize - 1;
            let number = counters.get(at).copied().flatten().unwrap_or_else(|| start(at));
            out.push_str(&in_format(&levels.get(at)?.format, number)?);
        }
        counts.then_some(out)
    }
}

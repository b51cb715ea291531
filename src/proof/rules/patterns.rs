//! Rules that are tables of patterns.
//!
//! Each pattern names words without which it cannot match. They are among the
//! [triggers](crate::triggers), so that a text without them costs nothing; a
//! pattern is compiled when its words are first met.

use std::sync::OnceLock;

use regex::Regex;

use crate::document::Segment;
use crate::sink::{Hit, Sink};
use crate::triggers::Table;
use jiedu_base::finding::{Rule, Severity};

/// One pattern.
pub(crate) struct Pattern {
    pub(super) rule: &'static Rule,
    pub(super) severity: Severity,
    /// One of these stands in whatever matches; the rarer the better. Two characters
    /// at least.
    pub(crate) keys: &'static [&'static str],
    /// Its first group is what is wrong.
    pub(super) regex: &'static str,
    /// What should stand there, where that is certain.
    pub(super) right: Option<&'static str>,
    pub(super) why: (&'static str, &'static str),
}

/// A table of patterns, ready to be run.
pub(super) struct Patterns {
    list: &'static [Pattern],
    table: Table,
    regexes: Vec<OnceLock<Option<Regex>>>,
}

impl Patterns {
    pub(super) fn new(list: &'static [Pattern], table: Table) -> Self {
        Self { list, table, regexes: list.iter().map(|_| OnceLock::new()).collect() }
    }

    /// Reports what any pattern finds in a segment.
    pub(super) fn check(&self, segment: &Segment<'_>, sink: &mut Sink) {
        let met = segment.met().patterns(self.table);
        if met == 0 {
            return;
        }
        for (at, pattern) in self.list.iter().enumerate().filter(|(at, _)| met & (1 << at) != 0) {
            let Some(cell) = self.regexes.get(at) else { continue };
            let Some(regex) = cell.get_or_init(|| Regex::new(pattern.regex).ok()) else { continue };
            for found in regex.captures_iter(&segment.text) {
                if let Some(place) = found.get(1) {
                    report(pattern, segment, place.range(), sink);
                }
            }
        }
    }
}

fn report(pattern: &Pattern, segment: &Segment<'_>, range: std::ops::Range<usize>, sink: &mut Sink) {
    let wrong = segment.slice(range.clone());
    let (zh, en) = match pattern.right {
        Some("") => {
            (format!("“{wrong}”多余：{}", pattern.why.0), format!("`{wrong}` goes: {}", pattern.why.1))
        }
        Some(right) => (
            format!("“{wrong}”应为“{right}”：{}", pattern.why.0),
            format!("`{wrong}` should be `{right}`: {}", pattern.why.1),
        ),
        None => (format!("“{wrong}”：{}", pattern.why.0), format!("`{wrong}`: {}", pattern.why.1)),
    };
    let severity = if segment.is_quoted(range.start) { Severity::Hint } else { pattern.severity };
    let hit = Hit::new(pattern.rule, segment, range, zh, en).severity(severity);
    sink.push(match pattern.right {
        Some(right) => hit.review(right),
        None => hit,
    });
}

#[cfg(test)]
pub(super) fn assert_sound(list: &'static [Pattern]) {
    assert!(list.len() <= 64, "one bit for each pattern");
    for pattern in list {
        let regex = Regex::new(pattern.regex).unwrap();
        assert!(regex.captures_len() == 2, "one group, the fault: {}", pattern.regex);
        assert!(!pattern.keys.is_empty());
        assert!(pattern.keys.iter().all(|key| key.chars().count() >= 2), "{:?}", pattern.keys);
    }
}

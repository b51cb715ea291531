//! The provisions of two texts in pairs, for machines.

use serde::Serialize;

use super::entry::Redline;
use super::passage::Passage;

/// What became of some provisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// [`super::Kind::as_str`].
    pub kind: &'static str,
    /// Anchors in the old text; none for an insertion.
    pub old: Vec<String>,
    /// Anchors in the new text; none for a deletion.
    pub new: Vec<String>,
    /// Characters of own words that came, labels left out.
    pub inserted: usize,
    /// Characters of own words that went, labels left out.
    pub deleted: usize,
}

/// Every provision of either text, in exactly one pair, in the order of the
/// redline. Paragraphs outside all provisions have no anchor and are left out.
#[must_use]
pub fn pairs(redline: &Redline) -> Vec<Pair> {
    let anchor = |passage: &Passage| passage.anchor.clone();
    let pair = |entry: &super::Entry| {
        Some(Pair {
            kind: entry.kind()?.as_str(),
            old: entry.olds().filter_map(anchor).collect(),
            new: entry.news().filter_map(anchor).collect(),
            inserted: entry.chars_inserted,
            deleted: entry.chars_deleted,
        })
    };
    redline
        .entries
        .iter()
        .filter_map(pair)
        .filter(|pair| !pair.old.is_empty() || !pair.new.is_empty())
        .collect()
}

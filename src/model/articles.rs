//! Which paragraphs that begin with `第…条` are articles, and which cite one.
//!
//! A label that continues the numbering opens an article whatever follows it;
//! one that does not is an article unless its grammar cites (`第三条规定的…`).
//! How the blank after the label is spelled says nothing.

use std::collections::BTreeMap;

use super::label::{Label, LabelKind, cites_on, read_label};
use super::regions::Role;
use jiedu_markdown::RenderedBlock;

/// Where plain labels of every number stand: those whose grammar does not cite.
pub(super) struct PlainArticles {
    /// Number → blocks, ascending; only first mentions without `之一`.
    places: BTreeMap<u32, Vec<usize>>,
}

impl PlainArticles {
    pub(super) fn of(blocks: &[RenderedBlock], roles: &[Role]) -> Self {
        let mut places: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, (block, role)) in blocks.iter().zip(roles).enumerate() {
            if *role != Role::Text {
                continue;
            }
            let label = read_label(&block.text).filter(|label| label.kind == LabelKind::Article);
            if let Some(label) = label.filter(|label| label.addition.is_none() && !cites_on(label.rest)) {
                places.entry(label.number).or_default().push(index);
            }
        }
        Self { places }
    }

    /// The first plain label of a number after a block.
    fn after(&self, number: u32, block: usize) -> Option<usize> {
        let places = self.places.get(&number)?;
        places.get(places.partition_point(|&place| place <= block)).copied()
    }

    /// Whether the article of that number itself comes further down, before the next one.
    pub(super) fn comes_later(&self, number: u32, block: usize) -> bool {
        self.after(number, block)
            .is_some_and(|here| self.after(number + 1, block).is_none_or(|next| here < next))
    }
}

/// How far the numbering of articles has come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Numbering {
    /// The last article and its `之一`.
    last: Option<(u32, u32)>,
    /// The highest number so far.
    highest: u32,
}

impl Numbering {
    /// Whether the label is the next one.
    fn continues(self, label: &Label<'_>) -> bool {
        let next = (label.number, label.addition.unwrap_or(0));
        match self.last {
            None => next == (1, 0),
            Some((last, more)) => {
                next == (last + 1, 0) || next == (last, more + 1) || next == (self.highest + 1, 0)
            }
        }
    }

    pub(super) fn take(&mut self, label: &Label<'_>) {
        // A text that begins anew counts from there.
        if label.number == 1 && label.addition.is_none() {
            self.highest = 1;
        }
        self.last = Some((label.number, label.addition.unwrap_or(0)));
        self.highest = self.highest.max(label.number);
    }
}

/// What a paragraph that begins with an article's label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It opens the article.
    Article,
    /// It opens the article by its number, though its grammar cites one.
    Doubtful,
    /// It cites an article.
    Citation,
}

/// Reads a paragraph that begins with an article's label.
pub(super) fn read_article(
    label: &Label<'_>,
    index: usize,
    is_heading: bool,
    numbering: Numbering,
    plain: &PlainArticles,
) -> Reading {
    if is_heading || label.rest.is_empty() || !cites_on(label.rest) {
        return Reading::Article;
    }
    if !numbering.continues(label) || plain.comes_later(label.number, index) {
        return Reading::Citation;
    }
    Reading::Doubtful
}

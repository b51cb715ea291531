//! Provisions that were split or merged.
//!
//! A new passage that came from nowhere is part of a split when the words that
//! its neighbour lost hold it; a lost passage was merged when the words that
//! its neighbour gained hold it. An article that took the whole of the next one
//! as a paragraph of its own is a merge, too, and the other way round a split.

use std::collections::BTreeMap;

use super::features::{Features, Index, Measure, Score};
use super::tree::Tree;

/// Passages that belong together, in reading order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) is_split: bool,
    pub(super) old: Vec<usize>,
    pub(super) new: Vec<usize>,
}

/// So much of a part must stand in what its neighbour lost or gained.
const HELD: Score = 650;
/// A part of fewer characters is never found by its words.
const LEAST_CHARS: usize = 5;

/// The splits and merges between two documents. `words` and `whole` are as in
/// [`super::align::Alignment`].
pub(super) fn find_groups(
    old: &Tree<'_>,
    new: &Tree<'_>,
    measure: &Measure,
    words: &[Option<usize>],
    whole: &[Option<usize>],
) -> Vec<Group> {
    let (words_back, whole_back) = (inverse(words, old.len()), inverse(whole, old.len()));
    let split = Side { big: old, small: new, big_features: &measure.old, small_features: &measure.new };
    let merge = Side { big: new, small: old, big_features: &measure.new, small_features: &measure.old };
    let mut groups = Groups::default();
    for (big, small) in split.articles(&words_back, words, &whole_back) {
        groups.join(true, words_back.get(big.0).copied().flatten(), big, small);
    }
    for (big, small) in merge.articles(words, &words_back, whole) {
        groups.join(false, words.get(big.0).copied().flatten(), big, small);
    }
    for (big, part) in split.parts(measure, &words_back, words) {
        groups.join(true, words_back.get(big).copied().flatten(), (big, None), part);
    }
    for (big, part) in merge.parts(measure, words, &words_back) {
        groups.join(false, words.get(big).copied().flatten(), (big, None), part);
    }
    groups.finish()
}

pub(super) fn inverse(map: &[Option<usize>], size: usize) -> Vec<Option<usize>> {
    let mut back = vec![None; size];
    for (at, from) in map.iter().enumerate() {
        if let Some(slot) = from.and_then(|from| back.get_mut(from)) {
            *slot = Some(at);
        }
    }
    back
}

/// One direction: the document whose passages are cut up, and the one that has
/// the parts.
struct Side<'a> {
    big: &'a Tree<'a>,
    small: &'a Tree<'a>,
    big_features: &'a [Features],
    small_features: &'a [Features],
}

impl Side<'_> {
    /// Articles that are a paragraph or an item of their neighbour on the big
    /// side: (the neighbour and that paragraph, the article).
    fn articles(
        &self,
        to_small: &[Option<usize>],
        to_big: &[Option<usize>],
        whole: &[Option<usize>],
    ) -> Vec<((usize, Option<usize>), usize)> {
        let mut found = Vec::new();
        let mut tops: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &at in self.small.segments.iter().filter(|at| self.small.is_provision(**at)) {
            let Some(part) = to_big.get(at).copied().flatten().filter(|part| !self.big.is_segment(*part))
            else {
                continue;
            };
            let top = self.big.parent(part).filter(|top| self.big.is_segment(*top));
            let Some(top) = top.filter(|top| !self.small.label(at).is_empty() && self.big.is_provision(*top))
            else {
                continue;
            };
            // The neighbour has kept its own words, as a provision of its own.
            let stays = to_small.get(top).copied().flatten();
            let is_kept = stays.is_some_and(|stays| {
                self.small.is_segment(stays) && whole.get(top).copied().flatten() == Some(stays)
            });
            if let (true, Some(stays)) = (is_kept, stays) {
                let near = tops.entry(top).or_insert_with(|| vec![stays]);
                let place = self.small.segment_of(at);
                let is_near = near.iter().any(|known| {
                    self.small.segment_of(*known).zip(place).is_some_and(|(a, b)| a.abs_diff(b) <= 1)
                });
                if is_near {
                    near.push(at);
                    found.push(((top, Some(part)), at));
                }
            }
        }
        found
    }

    /// Passages that came from nowhere and are held by what a passage near by
    /// lost: (that passage, the part).
    fn parts(
        &self,
        measure: &Measure,
        to_small: &[Option<usize>],
        to_big: &[Option<usize>],
    ) -> Vec<(usize, usize)> {
        let free =
            |at: &usize| to_big.get(*at).is_some_and(Option::is_none) && self.small.chars(*at) >= LEAST_CHARS;
        let parts: Vec<usize> = (0..self.small.len()).filter(free).collect();
        if parts.is_empty() {
            return Vec::new();
        }
        // Only what differs from what it became can have lost anything.
        let changed = |at: &usize| {
            to_small.get(*at).copied().flatten().is_some_and(|to| self.small.words(to) != self.big.words(*at))
        };
        let bigs = (0..self.big.len()).filter(changed);
        let weights = &measure.weights;
        let index = Index::new(bigs.filter_map(|at| Some((at, self.big_features.get(at)?))), weights);
        let mut lost: BTreeMap<usize, Features> = BTreeMap::new();
        let mut found = Vec::new();
        for part in parts {
            let Some(features) = self.small_features.get(part) else { continue };
            let mut best: Option<(Score, usize)> = None;
            for big in index.candidates(features) {
                let Some(stays) = to_small.get(big).copied().flatten() else { continue };
                if !self.is_near(stays, part) || self.big.is_provision(big) != self.small.is_provision(part) {
                    continue;
                }
                let rest = lost.entry(big).or_insert_with(|| {
                    let (all, kept) = (self.big_features.get(big), self.small_features.get(stays));
                    all.zip(kept).map(|(all, kept)| all.without(kept, weights)).unwrap_or_default()
                });
                let held = features.held_by(rest, weights);
                if held >= HELD && best.is_none_or(|(known, _)| held > known) {
                    best = Some((held, big));
                }
            }
            if let Some((_, big)) = best {
                if let Some(rest) = lost.get_mut(&big) {
                    *rest = rest.without(features, weights);
                }
                found.push((big, part));
            }
        }
        found
    }

    /// Whether two passages stand in the same or in neighbouring segments.
    fn is_near(&self, a: usize, b: usize) -> bool {
        let places = self.small.segment_of(a).zip(self.small.segment_of(b));
        places.is_some_and(|(a, b)| a.abs_diff(b) <= 1)
    }
}

/// The groups so far, by their passages on both sides.
#[derive(Default)]
struct Groups {
    all: Vec<Group>,
    by_old: BTreeMap<usize, usize>,
    by_new: BTreeMap<usize, usize>,
}

impl Groups {
    /// Adds a part to the group of the big passage, which begins with what the
    /// big passage itself became.
    fn join(&mut self, is_split: bool, stays: Option<usize>, big: (usize, Option<usize>), part: usize) {
        let Some(stays) = stays else { return };
        let (big_known, small_known) =
            if is_split { (&self.by_old, &self.by_new) } else { (&self.by_new, &self.by_old) };
        let known = big_known.get(&big.0).copied();
        let is_other = known.and_then(|at| self.all.get(at)).is_some_and(|group| group.is_split != is_split);
        let part_known =
            small_known.contains_key(&part) || big.1.is_some_and(|more| big_known.contains_key(&more));
        if is_other || part_known || (known.is_none() && small_known.contains_key(&stays)) {
            return;
        }
        let at = known.unwrap_or_else(|| {
            let (old, new) = if is_split { (big.0, stays) } else { (stays, big.0) };
            self.all.push(Group { is_split, old: vec![old], new: vec![new] });
            self.by_old.insert(old, self.all.len() - 1);
            self.by_new.insert(new, self.all.len() - 1);
            self.all.len() - 1
        });
        let Some(group) = self.all.get_mut(at) else { return };
        let (bigs, parts) =
            if is_split { (&mut group.old, &mut group.new) } else { (&mut group.new, &mut group.old) };
        parts.push(part);
        bigs.extend(big.1);
        let (big_known, small_known) = if is_split {
            (&mut self.by_old, &mut self.by_new)
        } else {
            (&mut self.by_new, &mut self.by_old)
        };
        small_known.insert(part, at);
        big_known.extend(big.1.map(|more| (more, at)));
    }

    fn finish(mut self) -> Vec<Group> {
        for group in &mut self.all {
            group.old.sort_unstable();
            group.new.sort_unstable();
        }
        self.all.sort_by(|a, b| a.new.cmp(&b.new));
        self.all
    }
}

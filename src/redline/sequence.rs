//! Two sequences of texts paired: first in order, then across it.

use std::collections::BTreeMap;

use super::chain::{Link, between, heaviest};
use super::features::{Features, Index, Score, Weights};

/// A text with its place in the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'x> {
    pub(super) place: usize,
    /// Equal keys mean equal texts.
    pub(super) key: &'x str,
    pub(super) features: &'x Features,
    pub(super) label: &'x str,
    pub(super) is_provision: bool,
    pub(super) chars: usize,
}

/// Up to this many possible pairs, all are looked at.
const ALL_PAIRS: usize = 400;
/// Up to this many possible pairs between two links of a chain.
const GAP_PAIRS: usize = 10_000;
/// A text shorter than this (in characters) is never found elsewhere.
pub(super) const MOVE_MIN_CHARS: usize = 6;

/// Likeness of equal texts, and of texts in which only marks and the numbers of
/// cited provisions differ.
const EQUAL: Score = 1_000;
const ALIKE: Score = 999;

/// Likeness from which two texts may be one: anywhere, where the order holds,
/// where the printed label is the same, too, and between two known neighbours.
const ELSEWHERE: Score = 500;
const IN_ORDER: Score = 300;
const SAME_LABEL: Score = 170;
const BETWEEN: Score = 150;
/// What an equal label is worth.
const LABEL_BONUS: Score = 80;

/// Pairs two sequences; the answer holds places.
pub(super) fn pair(old: &[Item<'_>], new: &[Item<'_>], weights: &Weights) -> Vec<(usize, usize)> {
    let mut pairing =
        Pairing { old, new, weights, from: vec![None; new.len()], taken: vec![false; old.len()] };
    pairing.equal_ends();
    let candidates = pairing.candidates();
    let equal = pairing.equal_once(&candidates);
    pairing.in_order(&candidates, &equal);
    for &(from, at) in &equal {
        pairing.put(from, at);
    }
    pairing.in_gaps();
    pairing.elsewhere(&candidates);
    let place =
        |(new_at, old_at): (usize, Option<usize>)| Some((old.get(old_at?)?.place, new.get(new_at)?.place));
    pairing.from.iter().copied().enumerate().filter_map(place).collect()
}

struct Pairing<'s, 'x> {
    old: &'s [Item<'x>],
    new: &'s [Item<'x>],
    weights: &'s Weights,
    from: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Pairing<'_, '_> {
    fn put(&mut self, old: usize, new: usize) {
        let free = self.is_free(old) && self.from.get(new).is_some_and(Option::is_none);
        if let (true, Some(from), Some(taken)) = (free, self.from.get_mut(new), self.taken.get_mut(old)) {
            *from = Some(old);
            *taken = true;
        }
    }

    fn is_free(&self, old: usize) -> bool {
        self.taken.get(old).is_some_and(|taken| !taken)
    }

    fn free_old(&self) -> Vec<usize> {
        (0..self.old.len()).filter(|at| self.is_free(*at)).collect()
    }

    fn free_new(&self) -> Vec<usize> {
        self.from.iter().enumerate().filter(|(_, from)| from.is_none()).map(|(at, _)| at).collect()
    }

    /// What begins and what ends alike is paired without a search.
    fn equal_ends(&mut self) {
        let same = |(a, b): &(&Item<'_>, &Item<'_>)| a.key == b.key && a.is_provision == b.is_provision;
        let head = self.old.iter().zip(self.new).take_while(same).count();
        let most = self.old.len().min(self.new.len()) - head;
        let tail = self.old.iter().rev().zip(self.new.iter().rev()).take(most).take_while(same).count();
        (0..head).for_each(|at| self.put(at, at));
        for back in 1..=tail {
            self.put(self.old.len() - back, self.new.len() - back);
        }
    }

    /// What two texts are worth as a pair: their likeness, and the same with
    /// what the label says.
    fn rate(&self, old: usize, new: usize) -> Option<(Score, Score)> {
        let (a, b) = (self.old.get(old)?, self.new.get(new)?);
        if a.is_provision != b.is_provision {
            return None;
        }
        let same_label = !a.label.is_empty() && a.label == b.label;
        let likeness =
            if a.key == b.key { EQUAL } else { a.features.likeness(b.features, self.weights).min(ALIKE) };
        Some((likeness, likeness + if same_label { LABEL_BONUS } else { 0 }))
    }

    /// Pairs worth looking at, with their likeness, best first.
    fn candidates(&self) -> Vec<(Score, Score, usize, usize)> {
        let (old, new) = (self.free_old(), self.free_new());
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        if old.len() * new.len() <= ALL_PAIRS {
            pairs.extend(old.iter().flat_map(|a| new.iter().map(|b| (*a, *b))));
        } else {
            let rest = self.equal(&old, &new, &mut pairs);
            self.alike(&rest.0, &rest.1, &mut pairs);
        }
        pairs.sort_unstable();
        pairs.dedup();
        let rated = pairs
            .into_iter()
            .filter_map(|(a, b)| self.rate(a, b).map(|(likeness, worth)| (likeness, worth, a, b)));
        let mut rated: Vec<_> = rated.filter(|(likeness, ..)| *likeness > 0).collect();
        rated.sort_unstable_by(|a, b| {
            (b.1, a.2.abs_diff(a.3), a.2, a.3).cmp(&(a.1, b.2.abs_diff(b.3), b.2, b.3))
        });
        rated
    }

    /// Pairs of equal texts; gives back what has no equal, or several.
    fn equal(
        &self,
        old: &[usize],
        new: &[usize],
        pairs: &mut Vec<(usize, usize)>,
    ) -> (Vec<usize>, Vec<usize>) {
        let mut by_key: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for &at in old {
            by_key.entry(self.old.get(at).map_or("", |item| item.key)).or_default().0.push(at);
        }
        for &at in new {
            by_key.entry(self.new.get(at).map_or("", |item| item.key)).or_default().1.push(at);
        }
        let (mut rest_old, mut rest_new) = (Vec::new(), Vec::new());
        for (_, (old, new)) in by_key {
            // The first with the first and the last with the last.
            pairs.extend(old.iter().copied().zip(new.iter().copied()));
            pairs.extend(old.iter().rev().copied().zip(new.iter().rev().copied()));
            if (old.len(), new.len()) != (1, 1) {
                rest_old.extend(old);
                rest_new.extend(new);
            }
        }
        rest_old.sort_unstable();
        rest_new.sort_unstable();
        (rest_old, rest_new)
    }

    /// Pairs that share rare words, or their label.
    fn alike(&self, old: &[usize], new: &[usize], pairs: &mut Vec<(usize, usize)>) {
        let item = |at: &usize| self.old.get(*at).map(|item| (*at, item));
        let index =
            Index::new(old.iter().filter_map(item).map(|(at, item)| (at, item.features)), self.weights);
        let labels: BTreeMap<&str, usize> =
            old.iter().filter_map(item).map(|(at, item)| (item.label, at)).collect();
        for &at in new {
            let Some(item) = self.new.get(at) else { continue };
            pairs.extend(index.candidates(item.features).into_iter().map(|from| (from, at)));
            if !item.label.is_empty() {
                pairs.extend(labels.get(item.label).map(|from| (*from, at)));
            }
        }
    }

    /// The texts that stand once in both sequences, word for word.
    fn equal_once(&self, candidates: &[(Score, Score, usize, usize)]) -> Vec<(usize, usize)> {
        let (mut in_old, mut in_new) = (vec![0_u32; self.old.len()], vec![0_u32; self.new.len()]);
        let equal = || candidates.iter().filter(|(likeness, ..)| *likeness == EQUAL);
        for &(_, _, old, new) in equal() {
            in_old.get_mut(old).into_iter().chain(in_new.get_mut(new)).for_each(|count| *count += 1);
        }
        let once = |old: usize, new: usize| in_old.get(old) == Some(&1) && in_new.get(new) == Some(&1);
        let is_long = |old: usize| self.old.get(old).is_some_and(|item| item.chars >= MOVE_MIN_CHARS);
        let pairs = equal().map(|&(_, _, old, new)| (old, new));
        pairs.filter(|(old, new)| once(*old, *new) && is_long(*old)).collect()
    }

    /// The heaviest chain; longer texts weigh more. A text that stands word for
    /// word elsewhere is not taken for a change of its neighbour, unless only
    /// cited numbers differ from that.
    fn in_order(&mut self, candidates: &[(Score, Score, usize, usize)], equal: &[(usize, usize)]) {
        let (mut kept_old, mut kept_new) = (vec![false; self.old.len()], vec![false; self.new.len()]);
        for &(old, new) in equal {
            kept_old.get_mut(old).into_iter().chain(kept_new.get_mut(new)).for_each(|kept| *kept = true);
        }
        let is_kept = |kept: &[bool], at: usize| kept.get(at).copied().unwrap_or(false);
        let links = candidates.iter().filter_map(|&(likeness, worth, old, new)| {
            if likeness < ALIKE && (is_kept(&kept_old, old) || is_kept(&kept_new, new)) {
                return None;
            }
            let least = if worth > likeness { SAME_LABEL } else { IN_ORDER };
            let chars = self.old.get(old)?.chars.min(self.new.get(new)?.chars);
            let length = u64::from((chars + 2).ilog2());
            (likeness >= least).then_some(Link { old, new, weight: worth * worth / 1_000 * length })
        });
        let links: Vec<Link> = links.collect();
        for link in heaviest(&links) {
            self.put(link.old, link.new);
        }
    }

    /// What is left between two neighbours that are known.
    fn in_gaps(&mut self) {
        let mut found = Vec::new();
        let (mut old_from, mut at) = (0, 0);
        while at < self.new.len() {
            if let Some(known) = self.from.get(at).copied().flatten() {
                (old_from, at) = (old_from.max(known + 1), at + 1);
                continue;
            }
            let end = (at..self.new.len()).find(|next| self.from.get(*next).is_some_and(Option::is_some));
            let end = end.unwrap_or(self.new.len());
            let old_end = self.from.get(end).copied().flatten().unwrap_or(self.old.len());
            let old: Vec<usize> =
                (old_from..old_end.max(old_from)).filter(|old| self.is_free(*old)).collect();
            let new: Vec<usize> = (at..end).collect();
            if old.len() * new.len() <= GAP_PAIRS {
                let score = |a: usize, b: usize| {
                    let (likeness, worth) = self.rate(*old.get(a)?, *new.get(b)?)?;
                    (likeness >= BETWEEN).then_some(worth)
                };
                let pairs = between(old.len(), new.len(), score);
                found.extend(pairs.into_iter().filter_map(|(a, b)| Some((*old.get(a)?, *new.get(b)?))));
            }
            at = end;
        }
        for (from, to) in found {
            self.put(from, to);
        }
    }

    /// What stands elsewhere now, the most alike first.
    fn elsewhere(&mut self, candidates: &[(Score, Score, usize, usize)]) {
        for &(likeness, _, old, new) in candidates {
            let chars = self.old.get(old).map_or(0, |item| item.chars);
            if likeness >= ELSEWHERE && chars >= MOVE_MIN_CHARS {
                self.put(old, new);
            }
        }
    }
}

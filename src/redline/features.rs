//! How alike two texts are, with shared words counting little.
//!
//! A text is taken as a multiset of neighbouring character pairs, white space,
//! marks and the numbers of cited provisions left out; a pair weighs the less
//! the more passages of both documents hold it (inverse document frequency,
//! Spärck Jones 1972). So `依照本法第三十条规定处罚的，` says next to nothing,
//! and two articles that share only such words are not alike.

use std::collections::BTreeMap;

use super::tree::Tree;

/// Likeness in thousandths.
pub(super) type Score = u64;

/// The pairs of a text, sorted, with how often each occurs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Features {
    counts: Vec<(u32, u32)>,
    /// Sum of counts times weights.
    weight: u64,
}

/// The weights of all pairs of both documents.
pub(super) struct Weights {
    by_id: Vec<u64>,
    /// How many passages hold each pair.
    holders: Vec<u32>,
}

/// The features of both documents' passages, with one numbering of pairs.
pub(super) struct Measure {
    pub(super) weights: Weights,
    pub(super) old: Vec<Features>,
    pub(super) new: Vec<Features>,
}

impl Measure {
    pub(super) fn new(old: &Tree<'_>, new: &Tree<'_>) -> Self {
        let pairs = |tree: &Tree<'_>| (0..tree.len()).map(|at| pairs_of(tree.words(at))).collect::<Vec<_>>();
        let (old_pairs, new_pairs) = (pairs(old), pairs(new));
        let mut all: Vec<u64> = Vec::new();
        for pairs in old_pairs.iter().chain(&new_pairs) {
            // Each passage counts once as a holder.
            let mut distinct = pairs.clone();
            distinct.sort_unstable();
            distinct.dedup();
            all.extend(distinct);
        }
        all.sort_unstable();
        let (mut known, mut holders): (Vec<u64>, Vec<u32>) = (Vec::new(), Vec::new());
        for pair in all {
            if known.last() == Some(&pair) {
                holders.last_mut().into_iter().for_each(|count| *count = count.saturating_add(1));
            } else {
                known.push(pair);
                holders.push(1);
            }
        }
        let passages = old.len() + new.len();
        let by_id = holders.iter().map(|count| weight(passages, *count)).collect();
        let weights = Weights { by_id, holders };
        let features = |pairs: Vec<Vec<u64>>| {
            let of = |pairs: Vec<u64>| {
                let ids = pairs.iter().filter_map(|pair| known.binary_search(pair).ok());
                Features::of(ids.filter_map(|id| u32::try_from(id).ok()).collect(), &weights)
            };
            pairs.into_iter().map(of).collect()
        };
        let (old, new) = (features(old_pairs), features(new_pairs));
        Self { weights, old, new }
    }
}

impl Weights {
    fn of(&self, id: u32) -> u64 {
        usize::try_from(id).ok().and_then(|id| self.by_id.get(id)).copied().unwrap_or(1)
    }

    pub(super) fn holders(&self, id: u32) -> u32 {
        usize::try_from(id).ok().and_then(|id| self.holders.get(id)).copied().unwrap_or(0)
    }
}

/// Grows with the logarithm of how rare a pair is: `4·log₂(1 + n/holders)`.
fn weight(passages: usize, holders: u32) -> u64 {
    let (passages, holders) = (passages as u128, u128::from(holders.max(1)));
    let ratio = (passages + holders) * 1_000 / holders;
    // 1000⁴ has 39 bits after the first.
    u64::from(ratio.saturating_pow(4).max(1).ilog2().saturating_sub(38)).max(1)
}

impl Features {
    /// Of a text without a word.
    pub(super) const EMPTY: Self = Self { counts: Vec::new(), weight: 0 };

    fn of(mut ids: Vec<u32>, weights: &Weights) -> Self {
        ids.sort_unstable();
        let mut counts: Vec<(u32, u32)> = Vec::with_capacity(ids.len());
        for id in ids {
            match counts.last_mut() {
                Some((last, count)) if *last == id => *count += 1,
                _ => counts.push((id, 1)),
            }
        }
        Self::weighed(counts, weights)
    }

    fn weighed(counts: Vec<(u32, u32)>, weights: &Weights) -> Self {
        let weight = counts.iter().map(|(id, count)| weights.of(*id) * u64::from(*count)).sum();
        Self { counts, weight }
    }

    /// The features of several texts together.
    pub(super) fn sum<'f>(parts: impl Iterator<Item = &'f Self>, weights: &Weights) -> Self {
        let mut all: Vec<(u32, u32)> = parts.flat_map(|part| part.counts.iter().copied()).collect();
        all.sort_unstable();
        all.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        Self::weighed(all, weights)
    }

    /// What is left when another text's pairs are taken away.
    pub(super) fn without(&self, other: &Self, weights: &Weights) -> Self {
        let mut left = Vec::new();
        let mut others = other.counts.iter().peekable();
        for &(id, count) in &self.counts {
            while others.peek().is_some_and(|(known, _)| *known < id) {
                others.next();
            }
            let taken = others.peek().filter(|(known, _)| *known == id).map_or(0, |(_, taken)| *taken);
            if count > taken {
                left.push((id, count - taken));
            }
        }
        Self::weighed(left, weights)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = u32> + '_ {
        self.counts.iter().map(|(id, _)| *id)
    }

    fn shared(&self, other: &Self, weights: &Weights) -> u64 {
        let (mut left, mut right) = (self.counts.iter().peekable(), other.counts.iter().peekable());
        let mut shared = 0;
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            match a.0.cmp(&b.0) {
                std::cmp::Ordering::Less => drop(left.next()),
                std::cmp::Ordering::Greater => drop(right.next()),
                std::cmp::Ordering::Equal => {
                    shared += weights.of(a.0) * u64::from(a.1.min(b.1));
                    left.next();
                    right.next();
                }
            }
        }
        shared
    }

    /// How alike two texts are: Dice's coefficient, helped by how much of the
    /// shorter one the longer holds, since a text that grew is still the same.
    pub(super) fn likeness(&self, other: &Self, weights: &Weights) -> Score {
        let (total, least) = (self.weight + other.weight, self.weight.min(other.weight));
        if least == 0 {
            return 0;
        }
        let shared = self.shared(other, weights);
        (shared * 2_000 / total * 3 + shared * 1_000 / least) / 4
    }

    /// How much of this text the other holds.
    pub(super) fn held_by(&self, other: &Self, weights: &Weights) -> Score {
        (self.shared(other, weights) * 1_000).checked_div(self.weight).unwrap_or(0)
    }
}

/// Neighbouring characters of a text that say something.
fn pairs_of(text: &str) -> Vec<u64> {
    let folded = without_citations(text);
    let said = || folded.chars().filter(|c| c.is_alphanumeric() || *c == CITED);
    let join = |(a, b): (char, char)| (u64::from(u32::from(a)) << 32) | u64::from(u32::from(b));
    let pairs: Vec<u64> = said().zip(said().skip(1)).map(join).collect();
    if !pairs.is_empty() {
        return pairs;
    }
    // A single character, or nothing but marks.
    text.chars().map(|c| u64::from(u32::from(c))).collect()
}

/// Stands for a cited provision.
const CITED: char = '§';

/// The text with `第三十条`, `第（二）项` and the like folded into one mark: their
/// numbers change with every insertion above.
pub(super) fn without_citations(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('第') {
        out.push_str(before);
        let tail = after.trim_start_matches(|c: char| {
            c.is_ascii_digit()
                || matches!(c, '（' | '）' | '(' | ')')
                || "〇零一二三四五六七八九十百千".contains(c)
        });
        let unit =
            tail.chars().next().filter(|c| matches!(c, '条' | '款' | '项' | '目' | '章' | '节' | '编'));
        match unit {
            Some(unit) if tail.len() < after.len() => {
                out.push(CITED);
                rest = tail.strip_prefix(unit).unwrap_or(tail);
            }
            _ => {
                out.push('第');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Texts by their rarest pairs, so that candidates are found without comparing
/// everything with everything.
pub(super) struct Index<'f> {
    by_pair: Vec<Vec<usize>>,
    weights: &'f Weights,
}

/// A pair that stands in more passages than this leads nowhere.
const COMMON: u32 = 48;

/// How many candidates are looked at for one text.
const CANDIDATES: usize = 8;

/// How many of a text's pairs are looked up.
const LOOKED_UP: usize = 400;

impl<'f> Index<'f> {
    /// An index of the texts at these places.
    pub(super) fn new(texts: impl Iterator<Item = (usize, &'f Features)>, weights: &'f Weights) -> Self {
        let mut by_pair: Vec<Vec<usize>> = vec![Vec::new(); weights.by_id.len()];
        for (at, features) in texts {
            for id in features.ids().filter(|id| weights.holders(*id) <= COMMON) {
                if let Some(holders) = usize::try_from(id).ok().and_then(|id| by_pair.get_mut(id)) {
                    holders.push(at);
                }
            }
        }
        Self { by_pair, weights }
    }

    /// The texts that share the most rare pairs with this one, best first.
    pub(super) fn candidates(&self, features: &Features) -> Vec<usize> {
        let mut votes: BTreeMap<usize, u64> = BTreeMap::new();
        let rare = features.ids().filter(|id| self.weights.holders(*id) <= COMMON);
        for id in rare.take(LOOKED_UP) {
            let holders = usize::try_from(id).ok().and_then(|id| self.by_pair.get(id));
            for &at in holders.into_iter().flatten() {
                *votes.entry(at).or_default() += self.weights.of(id);
            }
        }
        let mut ranked: Vec<(u64, usize)> = votes.into_iter().map(|(at, vote)| (vote, at)).collect();
        ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.into_iter().take(CANDIDATES).map(|(_, at)| at).collect()
    }
}

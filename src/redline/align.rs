//! Which passage of the old edition became which of the new one.
//!
//! Five kinds of evidence, strongest first: the same words in the same order,
//! the same words elsewhere (a move), similar words helped by the same heading
//! or label, the same label alone for short headings, and a short line between
//! the same neighbours, such as a date. Candidates come from
//! an index of rare character pairs, so the work grows with the length of the
//! two texts and not with its square.

use std::collections::BTreeMap;

use super::passage::Passage;
use super::words::search;

/// A passage shorter than this (in characters) is never taken for moved by its
/// words alone.
const MOVE_MIN_CHARS: usize = 6;

/// A character pair that stands in more old passages than this says nothing.
const COMMON_PAIR: usize = 16;

/// How many candidates by common pairs are looked at for one passage.
const CANDIDATES: usize = 8;

/// Similarity in thousandths.
type Score = u32;

/// For every new passage, the old one it came from.
pub(super) fn align(old: &[Passage], new: &[Passage]) -> Vec<Option<usize>> {
    let mut state = Pairing { from: vec![None; new.len()], taken: vec![false; old.len()] };
    state.same_order(old, new);
    state.same_words(old, new);
    state.similar(old, new);
    state.between_neighbours(old, new);
    state.from
}

struct Pairing {
    from: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Pairing {
    fn pair(&mut self, old: usize, new: usize) {
        let free = self.is_free(old) && self.from.get(new).is_some_and(Option::is_none);
        if let (true, Some(from), Some(taken)) = (free, self.from.get_mut(new), self.taken.get_mut(old)) {
            *from = Some(old);
            *taken = true;
        }
    }

    fn is_free(&self, old: usize) -> bool {
        self.taken.get(old).is_some_and(|taken| !taken)
    }

    fn free_new(&self) -> Vec<usize> {
        self.from.iter().enumerate().filter(|(_, from)| from.is_none()).map(|(at, _)| at).collect()
    }

    fn free_old(&self) -> Vec<usize> {
        self.taken.iter().enumerate().filter(|(_, taken)| !**taken).map(|(at, _)| at).collect()
    }

    /// Pairs equal bodies that stand in the same order.
    fn same_order(&mut self, old: &[Passage], new: &[Passage]) {
        let old_bodies: Vec<&str> = old.iter().map(Passage::body).collect();
        let new_bodies: Vec<&str> = new.iter().map(Passage::body).collect();
        for hunk in search(&old_bodies, &new_bodies) {
            if hunk.equal {
                hunk.old.zip(hunk.new).for_each(|(a, b)| self.pair(a, b));
            }
        }
    }

    /// Pairs equal bodies that stand elsewhere, the first with the first.
    fn same_words(&mut self, old: &[Passage], new: &[Passage]) {
        let mut by_body: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for at in self.free_old().into_iter().rev() {
            let body = old.get(at).map_or("", Passage::body);
            if body.chars().nth(MOVE_MIN_CHARS - 1).is_some() {
                by_body.entry(body).or_default().push(at);
            }
        }
        for at in self.free_new() {
            let body = new.get(at).map_or("", Passage::body);
            if let Some(from) = by_body.get_mut(body).and_then(Vec::pop) {
                self.pair(from, at);
            }
        }
    }

    /// Pairs a lone short paragraph with the lone one that stood between the
    /// same neighbours, when they share anything.
    fn between_neighbours(&mut self, old: &[Passage], new: &[Passage]) {
        for at in self.free_new() {
            let before = at.checked_sub(1).map(|before| self.from.get(before).copied().flatten());
            let place = match before {
                None => 0,
                Some(Some(before)) => before + 1,
                Some(None) => continue,
            };
            let after = self.from.get(at + 1).copied().unwrap_or(Some(old.len()));
            let (Some(was), Some(is)) = (old.get(place), new.get(at)) else { continue };
            let short = is.text.chars().nth(4 * MOVE_MIN_CHARS).is_none();
            let plain = was.anchor.is_none() && is.anchor.is_none();
            if after == Some(place + 1)
                && short
                && plain
                && dice(&pairs_of(&was.text), &pairs_of(&is.text)) >= 150
            {
                self.pair(place, at);
            }
        }
    }

    /// Pairs what is left by similarity, the most similar first.
    fn similar(&mut self, old: &[Passage], new: &[Passage]) {
        let index = Index::new(old, &self.free_old());
        let mut candidates: Vec<(Score, usize, usize)> = Vec::new();
        for at in self.free_new() {
            let Some(passage) = new.get(at) else { continue };
            let pairs = pairs_of(passage.body());
            for from in index.candidates(passage, &pairs) {
                let score = old.get(from).and_then(|other| rate(other, passage, index.pairs(from), &pairs));
                candidates.extend(score.map(|score| (score, from, at)));
            }
        }
        candidates
            .sort_by(|a, b| (b.0, a.1.abs_diff(a.2), a.1, a.2).cmp(&(a.0, b.1.abs_diff(b.2), b.1, b.2)));
        for (_, from, at) in candidates {
            self.pair(from, at);
        }
    }
}

/// The old passages that are still free, by their pairs, labels and headings.
struct Index<'a> {
    pairs: BTreeMap<usize, Vec<(char, char)>>,
    by_pair: BTreeMap<(char, char), Vec<usize>>,
    by_anchor: BTreeMap<&'a str, usize>,
    by_heading: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn new(old: &'a [Passage], free: &[usize]) -> Self {
        let mut index = Self {
            pairs: BTreeMap::new(),
            by_pair: BTreeMap::new(),
            by_anchor: BTreeMap::new(),
            by_heading: BTreeMap::new(),
        };
        for &at in free {
            let Some(passage) = old.get(at) else { continue };
            let pairs = pairs_of(passage.body());
            let mut distinct = pairs.clone();
            distinct.dedup();
            for pair in distinct {
                let holders = index.by_pair.entry(pair).or_default();
                // One more than the limit marks the pair as common.
                if holders.len() <= COMMON_PAIR {
                    holders.push(at);
                }
            }
            if let Some(anchor) = &passage.anchor {
                index.by_anchor.insert(anchor, at);
            }
            if !passage.heading.is_empty() {
                index.by_heading.entry(&passage.heading).or_default().push(at);
            }
            index.pairs.insert(at, pairs);
        }
        index
    }

    fn pairs(&self, at: usize) -> &[(char, char)] {
        self.pairs.get(&at).map_or(&[], Vec::as_slice)
    }

    /// Old passages worth comparing with this one, without repeats.
    fn candidates(&self, passage: &Passage, pairs: &[(char, char)]) -> Vec<usize> {
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for pair in pairs {
            let holders = self.by_pair.get(pair).filter(|holders| holders.len() <= COMMON_PAIR);
            for &at in holders.into_iter().flatten() {
                *votes.entry(at).or_default() += 1;
            }
        }
        let mut ranked: Vec<(usize, usize)> = votes.into_iter().collect();
        ranked.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        let mut out: Vec<usize> = ranked.into_iter().take(CANDIDATES).map(|(at, _)| at).collect();
        out.extend(passage.anchor.as_deref().and_then(|anchor| self.by_anchor.get(anchor)));
        out.extend(self.by_heading.get(passage.heading.as_str()).into_iter().flatten().take(CANDIDATES));
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// How well two passages fit; none when they do not.
fn rate(
    old: &Passage,
    new: &Passage,
    old_pairs: &[(char, char)],
    new_pairs: &[(char, char)],
) -> Option<Score> {
    if old.anchor.is_some() != new.anchor.is_some() {
        return None;
    }
    let same_heading = !new.heading.is_empty() && old.heading == new.heading;
    let same_anchor = new.anchor.is_some() && old.anchor == new.anchor;
    let likeness = dice(old_pairs, new_pairs);
    let both_short = old_pairs.len().max(new_pairs.len()) < 2 * MOVE_MIN_CHARS;
    let enough = if same_heading {
        likeness >= 150
    } else if same_anchor {
        likeness >= 250 || both_short
    } else {
        likeness >= 450
    };
    let bonus = if same_heading { 200 } else { 0 } + if same_anchor { 100 } else { 0 };
    enough.then_some(likeness + bonus)
}

/// Dice's coefficient of two sorted multisets of pairs, in thousandths. Stops
/// early when the lengths alone rule it out, so a huge passage is not read
/// once for every small one.
fn dice(old: &[(char, char)], new: &[(char, char)]) -> Score {
    let total = old.len() + new.len();
    if total == 0 || old.len().min(new.len()) * 2000 < total * 150 {
        return 0;
    }
    let (mut left, mut right) = (old.iter().peekable(), new.iter().peekable());
    let mut shared = 0_usize;
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                shared += 1;
                left.next();
                right.next();
            }
        }
    }
    Score::try_from(shared * 2000 / total).unwrap_or(Score::MAX)
}

/// All neighbouring character pairs of a text, white space left out, sorted.
fn pairs_of(text: &str) -> Vec<(char, char)> {
    let chars = || text.chars().filter(|c| !c.is_whitespace());
    let mut pairs: Vec<_> = chars().zip(chars().skip(1)).collect();
    pairs.sort_unstable();
    pairs
}

/// Which of the pairs kept their order: a longest increasing subsequence of
/// the old places, so that as few passages as possible count as moved.
pub(super) fn in_place(from: &[Option<usize>]) -> Vec<bool> {
    let pairs: Vec<(usize, usize)> =
        from.iter().enumerate().filter_map(|(new, old)| old.map(|old| (new, old))).collect();
    // `tails[k]`: index into `pairs` of the smallest end of a run of k + 1.
    let (mut tails, mut before) = (Vec::<usize>::new(), vec![None; pairs.len()]);
    let old_at = |index: usize| pairs.get(index).map_or(usize::MAX, |pair| pair.1);
    for (index, &(_, old)) in pairs.iter().enumerate() {
        let length = tails.partition_point(|&tail| old_at(tail) < old);
        if let Some(slot) = before.get_mut(index) {
            *slot = length.checked_sub(1).and_then(|at| tails.get(at)).copied();
        }
        match tails.get_mut(length) {
            Some(tail) => *tail = index,
            None => tails.push(index),
        }
    }
    let mut kept = vec![false; from.len()];
    let mut next = tails.last().copied();
    while let Some(index) = next {
        if let Some(slot) = pairs.get(index).and_then(|pair| kept.get_mut(pair.0)) {
            *slot = true;
        }
        next = before.get(index).copied().flatten();
    }
    kept
}

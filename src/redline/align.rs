//! Which passage of the old edition became which of the new one.
//!
//! The method is that of `GumTree` (Falleri et al., *Fine-grained and accurate source
//! code differencing*, ASE 2014) on the tree of provisions, with collinear
//! chaining ([`super::chain`]) where `GumTree` searches greedily, because an
//! edition keeps most of its order:
//!
//! 1. *Whole provisions first.* Segments (an article with all below it) are
//!    paired by the words of the whole: parents and children vote together, so
//!    that an opening line cannot go to one article and its items to another.
//! 2. *Inside a pair* the passages are paired by their own words; a parent
//!    whose children agree is paired by their vote (bottom-up).
//! 3. *What is left* is looked for in the whole document, and takes what
//!    stands below it along; where several parts of one article came to
//!    another, the two are one.
//! 4. *Headings* follow the segments below them.
//! 5. *Splits and merges* are found by containment ([`super::groups`]).
//!
//! Shared words count little ([`super::features`]), label and place count.

use std::collections::BTreeMap;

use super::Passage;
use super::features::{Features, Index, Measure, Score, Weights};
use super::groups::{Group, find_groups};
use super::sequence::{Item, MOVE_MIN_CHARS, pair};
use super::tree::Tree;

/// What became of every passage.
#[derive(Debug, Default)]
pub(super) struct Alignment {
    /// For every new passage, the old one whose words it has.
    pub(super) words: Vec<Option<usize>>,
    /// For every new passage, the old one that it is as a provision, with all
    /// that stands below: the same as `words` unless, for instance, the first
    /// paragraph of an article became its second.
    pub(super) whole: Vec<Option<usize>>,
    /// Splits and merges; their members are in `words` too where they pair.
    pub(super) groups: Vec<Group>,
    /// For every new passage, whether it stands elsewhere than it did.
    pub(super) moved: Vec<bool>,
}

/// Aligns two documents.
pub(super) fn align(old: &[Passage], new: &[Passage]) -> Alignment {
    let (old, new) = (Tree::new(old), Tree::new(new));
    let measure = Measure::new(&old, &new);
    let mut aligner = Aligner::new(&old, &new, &measure);
    aligner.segments();
    aligner.elsewhere();
    aligner.agreeing();
    aligner.headings();
    let Aligner { words, whole, .. } = aligner;
    let groups = find_groups(&old, &new, &measure, &words, &whole);
    let moved = super::moved::find(&old, &new, &words, &whole, &groups);
    Alignment { words, whole, groups, moved }
}

/// Likeness from which the words of a heading say that it is the same.
const SAME_TITLE: Score = 500;
/// Share of the segments below two headings that makes them the same.
const SAME_CONTENT: u64 = 300;

struct Aligner<'a> {
    old: &'a Tree<'a>,
    new: &'a Tree<'a>,
    measure: &'a Measure,
    words: Vec<Option<usize>>,
    taken: Vec<bool>,
    whole: Vec<Option<usize>>,
    whole_taken: Vec<bool>,
}

impl<'a> Aligner<'a> {
    fn new(old: &'a Tree<'a>, new: &'a Tree<'a>, measure: &'a Measure) -> Self {
        Self {
            old,
            new,
            measure,
            words: vec![None; new.len()],
            taken: vec![false; old.len()],
            whole: vec![None; new.len()],
            whole_taken: vec![false; old.len()],
        }
    }

    fn is_free_old(&self, at: usize) -> bool {
        self.taken.get(at).is_some_and(|taken| !taken)
    }

    fn is_free_new(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(Option::is_none)
    }

    /// Pairs two passages by their words, and as provisions unless that is settled.
    fn put(&mut self, old: usize, new: usize) {
        if !self.is_free_old(old) || !self.is_free_new(new) {
            return;
        }
        if let (Some(slot), Some(taken)) = (self.words.get_mut(new), self.taken.get_mut(old)) {
            *slot = Some(old);
            *taken = true;
        }
        self.put_whole(old, new);
    }

    fn put_whole(&mut self, old: usize, new: usize) {
        let slot = self.whole.get_mut(new).filter(|slot| slot.is_none());
        let taken = self.whole_taken.get_mut(old).filter(|taken| !**taken);
        if let (Some(slot), Some(taken)) = (slot, taken) {
            *slot = Some(old);
            *taken = true;
        }
    }

    /// Step 1 and 2.
    fn segments(&mut self) {
        let (old, new) = (
            Segments::of(self.old, &self.measure.old, &self.measure.weights),
            Segments::of(self.new, &self.measure.new, &self.measure.weights),
        );
        let mut pairs = pair(&old.items(self.old), &new.items(self.new), &self.measure.weights);
        pairs.sort_unstable_by_key(|(_, new)| *new);
        for (old_at, new_at) in pairs {
            self.put_whole(old_at, new_at);
            if old.key(self.old, old_at) == new.key(self.new, new_at)
                && self.old.below(old_at).len() == self.new.below(new_at).len()
            {
                self.old.below(old_at).zip(self.new.below(new_at)).for_each(|(a, b)| self.put(a, b));
            } else {
                self.inside(old_at, new_at);
            }
        }
    }

    /// Pairs what stands below two provisions that are the same, and their
    /// own words.
    fn inside(&mut self, old: usize, new: usize) {
        let from: Vec<Item<'_>> = self
            .old
            .below(old)
            .filter(|at| self.is_free_old(*at))
            .map(|at| item(self.old, &self.measure.old, at))
            .collect();
        let to: Vec<Item<'_>> = self
            .new
            .below(new)
            .filter(|at| self.is_free_new(*at))
            .map(|at| item(self.new, &self.measure.new, at))
            .collect();
        for (a, b) in pair(&from, &to, &self.measure.weights) {
            self.put(a, b);
        }
        self.parents(new);
        self.put(old, new);
    }

    /// Pairs the parents whose children agree, innermost first.
    fn parents(&mut self, top: usize) {
        for at in self.new.below(top).rev() {
            if !self.is_free_new(at) {
                continue;
            }
            let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
            let below = (at + 1..self.new.end(at)).filter(|child| self.new.parent(*child) == Some(at));
            for child in below {
                let above = self.words.get(child).copied().flatten().and_then(|old| self.old.parent(old));
                if let Some(above) = above.filter(|above| self.is_free_old(*above)) {
                    *votes.entry(above).or_default() += 1;
                }
            }
            let most = votes.into_iter().max_by_key(|(above, votes)| (*votes, std::cmp::Reverse(*above)));
            if let Some((above, _)) = most {
                self.put(above, at);
            }
        }
    }

    /// Step 3.
    fn elsewhere(&mut self) {
        let free = |this: &Self| (0..this.old.len()).filter(|at| this.is_free_old(*at)).collect::<Vec<_>>();
        let old: Vec<usize> =
            free(self).into_iter().filter(|at| self.old.segment_of(*at).is_some()).collect();
        let new: Vec<usize> = (0..self.new.len())
            .filter(|at| self.is_free_new(*at) && self.new.segment_of(*at).is_some())
            .collect();
        let from: Vec<Item<'_>> = old.iter().map(|at| item(self.old, &self.measure.old, *at)).collect();
        let to: Vec<Item<'_>> = new.iter().map(|at| item(self.new, &self.measure.new, *at)).collect();
        for (a, b) in across(&from, &to, &self.measure.weights) {
            if self.is_free_old(a) && self.is_free_new(b) {
                self.put(a, b);
                self.inside(a, b);
            }
        }
    }

    /// Pairs the segments of which nothing was known but that parts of one came
    /// to the other: what stands below votes for the whole.
    fn agreeing(&mut self) {
        const LEAST: usize = 2;
        for &at in &self.new.segments {
            if self.whole.get(at).is_none_or(Option::is_some) || !self.new.is_provision(at) {
                continue;
            }
            let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
            for below in self.new.below(at) {
                let from = self.words.get(below).copied().flatten().and_then(|old| self.old.segment_of(old));
                let top = from.and_then(|segment| self.old.segments.get(segment)).copied();
                if let Some(top) = top.filter(|top| self.whole_taken.get(*top) == Some(&false)) {
                    *votes.entry(top).or_default() += 1;
                }
            }
            let most = votes.into_iter().max_by_key(|(top, votes)| (*votes, std::cmp::Reverse(*top)));
            let Some((top, _)) = most.filter(|(_, votes)| *votes >= LEAST) else { continue };
            self.put_whole(top, at);
            self.inside(top, at);
        }
    }

    /// Step 4.
    fn headings(&mut self) {
        let heading = |tree: &Tree<'_>, at: usize| tree.level(at).filter(|_| tree.segment_of(at).is_none());
        let mut votes: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for &at in &self.new.segments {
            let Some(from) = self.whole.get(at).copied().flatten() else { continue };
            for to in above(self.new, at) {
                for was in above(self.old, from).filter(|was| self.old.level(*was) == self.new.level(to)) {
                    *votes.entry((was, to)).or_default() += 1;
                }
            }
        }
        let old: Vec<usize> = (0..self.old.len()).filter(|at| heading(self.old, *at).is_some()).collect();
        let new: Vec<usize> = (0..self.new.len()).filter(|at| heading(self.new, *at).is_some()).collect();
        let mut rated: Vec<(u64, usize, usize)> = Vec::new();
        let titles = self.titles(&old, &new);
        let named = titles.iter().copied().filter(|pair| !votes.contains_key(pair)).collect::<Vec<_>>();
        for ((was, is), votes) in votes.into_iter().chain(named.into_iter().map(|pair| (pair, 0))) {
            let total = segments_below(self.old, was) + segments_below(self.new, is);
            let share = (votes * 2_000).checked_div(total).unwrap_or(0);
            let title = self.likeness(was, is);
            let same_label = u64::from(self.old.label(was) == self.new.label(is));
            if share >= SAME_CONTENT || title >= SAME_TITLE {
                rated.push((share + title / 2 + same_label * 50, was, is));
            }
        }
        rated.sort_unstable_by(|a, b| (b.0, a.1, a.2).cmp(&(a.0, b.1, b.2)));
        for (_, was, is) in rated {
            self.put(was, is);
        }
    }

    /// Headings of one level with alike words, in the order of the text.
    fn titles(&self, old: &[usize], new: &[usize]) -> Vec<(usize, usize)> {
        let from: Vec<Item<'_>> = old.iter().map(|at| item(self.old, &self.measure.old, *at)).collect();
        let to: Vec<Item<'_>> = new.iter().map(|at| item(self.new, &self.measure.new, *at)).collect();
        let pairs = pair(&from, &to, &self.measure.weights);
        pairs.into_iter().filter(|(a, b)| self.old.level(*a) == self.new.level(*b)).collect()
    }

    fn likeness(&self, old: usize, new: usize) -> Score {
        if self.old.words(old) == self.new.words(new) && self.old.chars(old) > 0 {
            return 1_000;
        }
        let features = self.measure.old.get(old).zip(self.measure.new.get(new));
        features.map_or(0, |(a, b)| a.likeness(b, &self.measure.weights))
    }
}

fn segments_below(tree: &Tree<'_>, at: usize) -> u64 {
    let before = |place: usize| tree.segments.partition_point(|segment| *segment < place);
    u64::try_from(before(tree.end(at)) - before(at)).unwrap_or(u64::MAX)
}

fn item<'x>(tree: &'x Tree<'x>, features: &'x [Features], at: usize) -> Item<'x> {
    static NONE: Features = Features::EMPTY;
    Item {
        place: at,
        key: tree.words(at),
        features: features.get(at).unwrap_or(&NONE),
        label: tree.label(at),
        is_provision: tree.is_provision(at),
        chars: tree.chars(at),
    }
}

/// The headings over a passage.
fn above(tree: &Tree<'_>, at: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(tree.parent(at), |at| tree.parent(*at))
}

/// Pairs what is left of two documents, the most alike first, whatever the order.
fn across(old: &[Item<'_>], new: &[Item<'_>], weights: &Weights) -> Vec<(usize, usize)> {
    const ENOUGH: Score = 450;
    let mut by_key: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, item) in old.iter().enumerate().rev() {
        by_key.entry(item.key).or_default().push(at);
    }
    let index = Index::new(old.iter().enumerate().map(|(at, item)| (at, item.features)), weights);
    let mut rated: Vec<(Score, usize, usize)> = Vec::new();
    for (at, item) in new.iter().enumerate().filter(|(_, item)| item.chars >= MOVE_MIN_CHARS) {
        let equal = by_key.get_mut(item.key).and_then(Vec::pop);
        for from in index.candidates(item.features).into_iter().chain(equal) {
            let Some(other) = old.get(from).filter(|other| other.is_provision == item.is_provision) else {
                continue;
            };
            let likeness = if other.key == item.key {
                1_000
            } else {
                item.features.likeness(other.features, weights).min(999)
            };
            if likeness >= ENOUGH && other.chars >= MOVE_MIN_CHARS {
                rated.push((likeness, from, at));
            }
        }
    }
    rated.sort_unstable_by(|a, b| (b.0, a.1, a.2).cmp(&(a.0, b.1, b.2)));
    let place = |(_, from, at): (Score, usize, usize)| Some((old.get(from)?.place, new.get(at)?.place));
    rated.into_iter().filter_map(place).collect()
}

/// The segments of a document: words and features of the whole.
struct Segments {
    keys: Vec<String>,
    features: Vec<Features>,
}

impl Segments {
    fn of(tree: &Tree<'_>, features: &[Features], weights: &Weights) -> Self {
        let key = |at: &usize| {
            let words: Vec<&str> = tree.below(*at).map(|below| tree.words(below)).collect();
            words.join("\u{1}")
        };
        let sum = |at: &usize| Features::sum(features.get(tree.below(*at)).into_iter().flatten(), weights);
        Self {
            keys: tree.segments.iter().map(key).collect(),
            features: tree.segments.iter().map(sum).collect(),
        }
    }

    fn key(&self, tree: &Tree<'_>, at: usize) -> Option<&str> {
        self.keys.get(tree.segment_of(at)?).map(String::as_str)
    }

    fn items<'x>(&'x self, tree: &'x Tree<'x>) -> Vec<Item<'x>> {
        let parts = tree.segments.iter().zip(&self.keys).zip(&self.features);
        let item = |((at, key), features): ((&usize, &'x String), &'x Features)| Item {
            place: *at,
            key,
            features,
            label: tree.label(*at),
            is_provision: tree.is_provision(*at),
            chars: tree.below(*at).map(|below| tree.chars(below)).sum(),
        };
        parts.map(item).collect()
    }
}

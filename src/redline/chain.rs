//! Pairs that keep their order.
//!
//! Collinear chaining (Abouelhoda and Ohlebusch 2005): of many possible pairs
//! with weights, the heaviest set in which both sides ascend. Sparse, so the
//! work is `n log n` in the number of pairs and not the product of the sides.
//! Between the links of a chain the few passages left are aligned by dynamic
//! programming (Needleman and Wunsch 1970).

/// A possible pair of places, and what it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) old: usize,
    pub(super) new: usize,
    pub(super) weight: u64,
}

/// The heaviest chain of links, in ascending order.
pub(super) fn heaviest(links: &[Link]) -> Vec<Link> {
    let mut links: Vec<Link> = links.to_vec();
    // With the same new place the later old one comes first, so that no two
    // links of one place can follow each other.
    links.sort_unstable_by(|a, b| (a.new, b.old, b.weight).cmp(&(b.new, a.old, a.weight)));
    let size = links.iter().map(|link| link.old + 1).max().unwrap_or(0);
    let mut best = Prefixes::new(size);
    let mut before: Vec<Option<usize>> = Vec::with_capacity(links.len());
    for (index, link) in links.iter().enumerate() {
        let (sum, from) = best.most(link.old);
        before.push(from);
        best.raise(link.old, sum + link.weight.max(1), index);
    }
    let mut next = best.most(size).1;
    let mut chain = Vec::new();
    while let Some(index) = next {
        chain.extend(links.get(index).copied());
        next = before.get(index).copied().flatten();
    }
    chain.reverse();
    chain
}

/// The largest sum among the first places (a Fenwick tree of maxima).
struct Prefixes {
    tree: Vec<(u64, Option<usize>)>,
}

impl Prefixes {
    fn new(size: usize) -> Self {
        Self { tree: vec![(0, None); size + 1] }
    }

    /// The largest sum at a place below `end`, and the link that gave it.
    fn most(&self, end: usize) -> (u64, Option<usize>) {
        let mut best = (0, None);
        let mut at = end;
        while at > 0 {
            let here = self.tree.get(at).copied().unwrap_or_default();
            if here.0 > best.0 {
                best = here;
            }
            at &= at - 1;
        }
        best
    }

    fn raise(&mut self, place: usize, sum: u64, index: usize) {
        let mut at = place + 1;
        while let Some(slot) = self.tree.get_mut(at) {
            if sum > slot.0 {
                *slot = (sum, Some(index));
            }
            at += at & at.wrapping_neg();
        }
    }
}

/// The best alignment in order of two short stretches; `score` is what a pair
/// is worth, none when it must not be.
pub(super) fn between(
    old: usize,
    new: usize,
    score: impl Fn(usize, usize) -> Option<u64>,
) -> Vec<(usize, usize)> {
    let width = new + 1;
    let mut sums = vec![0_u64; (old + 1) * width];
    let mut paired = vec![false; (old + 1) * width];
    let sum = |sums: &[u64], a: usize, b: usize| sums.get(a * width + b).copied().unwrap_or(0);
    for a in (0..old).rev() {
        for b in (0..new).rev() {
            let skip = sum(&sums, a + 1, b).max(sum(&sums, a, b + 1));
            let pair = score(a, b).map(|worth| worth + sum(&sums, a + 1, b + 1));
            let best = pair.filter(|pair| *pair > skip);
            if let (Some(slot), Some(mark)) = (sums.get_mut(a * width + b), paired.get_mut(a * width + b)) {
                *slot = best.unwrap_or(skip);
                *mark = best.is_some();
            }
        }
    }
    let (mut a, mut b, mut pairs) = (0, 0, Vec::new());
    while a < old && b < new {
        if paired.get(a * width + b) == Some(&true) {
            pairs.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if sum(&sums, a + 1, b) >= sum(&sums, a, b + 1) {
            a += 1;
        } else {
            b += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_chain_ascends_on_both_sides() {
        let link = |old, new, weight| Link { old, new, weight };
        let links = [link(0, 2, 5), link(1, 0, 3), link(2, 1, 3), link(2, 3, 1), link(2, 2, 9)];
        assert_eq!(heaviest(&links), [link(1, 0, 3), link(2, 2, 9)]);
        assert!(heaviest(&[]).is_empty());
        let light_but_many = [link(5, 0, 4), link(0, 1, 2), link(1, 2, 2), link(2, 3, 2)];
        assert_eq!(heaviest(&light_but_many).len(), 3);
    }

    #[test]
    fn short_stretches_are_aligned_in_order() {
        let table = [[0, 9, 0], [8, 0, 0], [0, 0, 7]];
        let score = |a: usize, b: usize| Some(table[a][b]).filter(|worth| *worth > 0);
        assert_eq!(between(3, 3, score), [(0, 1), (2, 2)]);
        assert!(between(0, 3, score).is_empty());
    }
}

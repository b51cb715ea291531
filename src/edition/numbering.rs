//! When an edition begins: the rule alone, on plain data (details 60, 61).
//!
//! Along the first-parent line a set's digest is constant over *intervals*. In
//! an interval an edition begins at the first commit at which a chain for that
//! digest is complete, unless a higher revision was complete before: going back
//! to an older text needs a new decision. The same bytes approved again are the
//! same edition with a newer record.

use jiedu_base::name::Digest;

/// A stretch of the line over which the set has one digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval {
    /// First place on the line.
    pub(super) from: usize,
    /// The place after the last.
    pub(super) until: usize,
    /// The digest; none when the set is absent or has none.
    pub(super) digest: Option<Digest>,
}

/// A complete chain for the digest of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChainFact {
    pub(super) revision: u32,
    /// The place on the line at which all its statements were known.
    pub(super) complete: usize,
    /// For a chain that does not hold any more: the place at which the reason
    /// became known.
    pub(super) lapsed: Option<usize>,
}

/// An edition found along the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// The interval in which it began.
    pub(super) interval: usize,
    /// The place on the line at which it began.
    pub(super) position: usize,
    /// The place of the edition before it.
    pub(super) previous: Option<usize>,
    /// The interval and chain whose record counts now.
    pub(super) record: (usize, usize),
    /// Whether the record is that of a lapsed chain.
    pub(super) lapsed: bool,
}

/// Finds the editions along the line. `chains` is asked for the complete chains
/// of an interval's digest, given the place of the edition before.
pub(super) fn number(
    intervals: &[Interval],
    mut chains: impl FnMut(usize, Option<usize>) -> Vec<ChainFact>,
) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    // Digest, revision and completion of every chain that holds.
    let mut complete: Vec<(Digest, u32, usize)> = Vec::new();
    for (index, interval) in intervals.iter().enumerate() {
        let Some(digest) = interval.digest else { continue };
        let digest_of =
            |edition: &Found| intervals.get(edition.interval).and_then(|interval| interval.digest);
        let standing = found
            .iter()
            .rposition(|edition| !edition.lapsed)
            .filter(|&at| digest_of(&found[at]) == Some(digest));
        let again = standing
            .or_else(|| found.len().checked_sub(1).filter(|&at| digest_of(&found[at]) == Some(digest)));
        let previous = match again.and_then(|at| found.get(at)) {
            Some(edition) => edition.previous,
            None => found.last().map(|edition| edition.position),
        };
        let facts = chains(index, previous);
        let mut births: Vec<(usize, u32, usize)> = facts
            .iter()
            .enumerate()
            .map(|(chain, fact)| (fact.complete.max(interval.from), fact.revision, chain))
            .collect();
        births.retain(|&(position, _, _)| position < interval.until);
        births.sort_unstable();
        let mut current = again;
        for (position, revision, chain) in births {
            let Some(fact) = facts.get(chain) else { continue };
            let superseded = complete
                .iter()
                .any(|&(other, higher, known)| other != digest && higher > revision && known <= position);
            let never_stood = fact.lapsed.is_some_and(|cause| cause <= position);
            match current.and_then(|at| found.get_mut(at)) {
                Some(edition) if fact.lapsed.is_none() && !(superseded && edition.lapsed) => {
                    edition.record = (index, chain);
                    edition.lapsed = false;
                }
                Some(_) => {}
                None if superseded || never_stood => {}
                None => {
                    let lapsed = fact.lapsed.is_some();
                    let previous = found.last().map(|edition| edition.position);
                    found.push(Found { interval: index, position, previous, record: (index, chain), lapsed });
                    current = Some(found.len() - 1);
                }
            }
        }
        complete.extend(
            facts
                .iter()
                .filter(|fact| fact.lapsed.is_none())
                .map(|fact| (digest, fact.revision, fact.complete)),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(from: usize, until: usize, name: &str) -> Interval {
        Interval { from, until, digest: Some(Digest::of(name.as_bytes())) }
    }

    fn chain(revision: u32, complete: usize) -> ChainFact {
        ChainFact { revision, complete, lapsed: None }
    }

    /// Positions and lapse of the editions, with chains given by digest.
    fn editions(intervals: &[Interval], chains: &[(&str, ChainFact)]) -> Vec<(usize, u32, bool)> {
        let of = |index: usize| -> Vec<ChainFact> {
            chains
                .iter()
                .filter(|(name, _)| intervals[index].digest == Some(Digest::of(name.as_bytes())))
                .map(|(_, fact)| *fact)
                .collect()
        };
        let found = number(intervals, |index, _| of(index));
        found
            .iter()
            .map(|edition| {
                (edition.position, of(edition.record.0)[edition.record.1].revision, edition.lapsed)
            })
            .collect()
    }

    #[test]
    fn an_edition_begins_when_text_and_chain_meet() {
        assert_eq!(editions(&[interval(0, 9, "a")], &[("a", chain(1, 5))]), [(5, 1, false)]);
        assert_eq!(
            editions(&[interval(3, 9, "a")], &[("a", chain(1, 1))]),
            [(3, 1, false)],
            "approved on a branch first"
        );
        assert!(
            editions(&[interval(0, 4, "a"), interval(4, 9, "b")], &[("a", chain(1, 5))]).is_empty(),
            "complete too late"
        );
        assert!(editions(&[interval(0, 9, "a")], &[]).is_empty());
    }

    #[test]
    fn change_and_revert_is_one_edition() {
        let line = [interval(0, 4, "a"), interval(4, 6, "b"), interval(6, 9, "a")];
        assert_eq!(editions(&line, &[("a", chain(1, 3))]), [(3, 1, false)]);
        // Approved again under a higher revision: a newer record of the same edition.
        assert_eq!(editions(&line, &[("a", chain(1, 3)), ("a", chain(2, 8))]), [(3, 2, false)]);
    }

    #[test]
    fn going_back_needs_a_new_decision() {
        let line = [interval(0, 4, "a"), interval(4, 7, "b"), interval(7, 12, "a")];
        let both = [("a", chain(1, 3)), ("b", chain(2, 5))];
        assert_eq!(editions(&line, &both), [(3, 1, false), (5, 2, false)]);
        let decided = [both[0], both[1], ("a", chain(3, 10))];
        assert_eq!(editions(&line, &decided), [(3, 1, false), (5, 2, false), (10, 3, false)]);
    }

    #[test]
    fn a_lapsed_chain_keeps_its_number() {
        let lapsed = |revision, complete, cause| ChainFact { revision, complete, lapsed: Some(cause) };
        let line = [interval(0, 5, "a"), interval(5, 9, "b")];
        let later = [("a", lapsed(1, 2, 7)), ("b", chain(2, 6))];
        assert_eq!(editions(&line, &later), [(2, 1, true), (6, 2, false)]);
        // Rejected before it was complete: it never was an edition.
        assert_eq!(editions(&line, &[("a", lapsed(1, 2, 1)), ("b", chain(2, 6))]), [(6, 2, false)]);
        // Approved afresh: the same bytes are the same edition.
        assert_eq!(editions(&line[..1], &[("a", lapsed(1, 2, 3)), ("a", chain(2, 4))]), [(2, 2, false)]);
    }

    #[test]
    fn previous_edition_is_handed_to_the_judge() {
        let line = [interval(0, 4, "a"), interval(4, 6, "x"), interval(6, 9, "b"), interval(9, 12, "a")];
        let mut asked = Vec::new();
        let found = number(&line, |index, previous| {
            asked.push((index, previous));
            match index {
                0 => vec![chain(1, 2)],
                2 => vec![chain(2, 7)],
                _ => Vec::new(),
            }
        });
        assert_eq!(asked, [(0, None), (1, Some(2)), (2, Some(2)), (3, Some(7))]);
        assert_eq!(found.len(), 2);
    }
}

//! What was probably meant: a noisy channel over the counts of characters.
//!
//! A place is doubted where most of the triples over it have never been seen. The
//! characters that sound or look like the written one are tried there; what they gain is
//! the difference of the logarithms of the probabilities of both readings (an
//! interpolated trigram model), less the cost of the confusion. A character inside a word
//! of the dictionary, and a correction that makes none, cost more.
//!
//! The thresholds were set on the reports of provinces, which were left out of the
//! counts: see [`HINT`] and [`SURE`].

use jiedu_base::text::is_han;

use crate::model::grams::Model;
use crate::model::lexicon;

use super::correction::{homophones, near_homophones};

/// Stands for whatever is not Han.
const EDGE: char = '\n';

/// What is proposed for one character, or for two.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    pub(super) right: Vec<char>,
    /// Natural logarithm of how much likelier it is, costs taken off.
    pub(super) gain: f64,
    /// Whether all of them have.
    pub(super) is_attested: bool,
}

/// From this gain on a proposal is a hint. Set on reports of provinces left out of the
/// counts; `tests/tables/README.md` has what was measured with it.
pub(super) const HINT: f64 = 8.5;
/// From this gain on one is a warning, if every triple has been seen. Set and measured
/// as [`HINT`].
pub(super) const SURE: f64 = 15.0;

/// What it costs that the written character belongs to a word, and that the proposed
/// one belongs to none.
const WORD: f64 = 6.0;
/// What it costs that two characters are wrong at once.
const TWO: f64 = 2.0;

/// The costs of the kinds of confusion.
const SHAPE: f64 = 0.8;
const KNOWN: f64 = 0.3;
const NEAR: f64 = 1.5;

/// How strongly the shorter context speaks: worth so many sightings.
const BELOW_PAIR: f64 = 90.0;
const BELOW_TRIPLE: f64 = 6.0;
/// About how many characters were counted.
const COUNTED: f64 = 13_000_000.0;

/// A text with the counts by which it is judged.
pub(super) struct Channel<'m, 't> {
    model: &'m Model<'m>,
    /// Han characters; anything else is [`EDGE`].
    chars: &'t [char],
}

impl<'m, 't> Channel<'m, 't> {
    pub(super) fn new(model: &'m Model<'m>, chars: &'t [char]) -> Self {
        Self { model, chars }
    }

    /// The character at a place, counted from one before the text.
    fn at(&self, place: usize) -> char {
        place.checked_sub(2).and_then(|at| self.chars.get(at)).copied().unwrap_or(EDGE)
    }

    /// How many of the triples over the characters have never been seen, and whether
    /// that is most of them.
    pub(super) fn is_doubtful(&self, start: usize, length: usize) -> bool {
        let unseen = (start..start + length + 2)
            .filter(|&end| {
                let (a, b, c) = (self.at(end), self.at(end + 1), self.at(end + 2));
                let is_edge = b == EDGE && (a == EDGE || c == EDGE);
                !is_edge && self.model.triple(a, b, c) == 0
            })
            .count();
        unseen > length
    }

    /// The best single character for the one at `start`.
    pub(super) fn one(&self, start: usize) -> Option<Proposal> {
        let &written = self.chars.get(start).filter(|&&c| is_han(c))?;
        let (before, after) = (self.at(start + 1), self.at(start + 3));
        let own = self.likelihood(start, &[written]);
        let mut best: Option<(char, f64)> = None;
        for (right, cost) in confusable(written) {
            // Most fit neither neighbour: that is seen at once.
            let fits = |a: char, b: char| a != EDGE && b != EDGE && self.model.pair(a, b) >= FITS;
            if right == written || !fits(before, right) && !fits(right, after) {
                continue;
            }
            if self.model.triple(before, right, after) == 0 || self.attested(start, &[right]) < 2 {
                continue;
            }
            let gain = self.likelihood(start, &[right]) - own - cost;
            if best.is_none_or(|(_, most)| gain > most) {
                best = Some((right, gain));
            }
        }
        let (right, gain) = best?;
        Some(self.proposal(start, vec![right], gain))
    }

    /// The best word of two characters for the one at `start`.
    pub(super) fn two(&self, start: usize) -> Option<Proposal> {
        let (&a, &b) = (self.chars.get(start)?, self.chars.get(start + 1)?);
        if !is_han(a) || !is_han(b) {
            return None;
        }
        let (before, after) = (self.at(start + 1), self.at(start + 4));
        let own = self.likelihood(start, &[a, b]);
        let mut best: Option<([char; 2], f64)> = None;
        let seconds: Vec<char> =
            homophones(b).filter(|&second| after == EDGE || self.model.pair(second, after) > 0).collect();
        for first in homophones(a).filter(|&first| before == EDGE || self.model.pair(before, first) > 0) {
            for &second in &seconds {
                let word = [first, second];
                if self.model.pair(first, second) < USUAL || !lexicon::is_common(&word) {
                    continue;
                }
                let gain = self.likelihood(start, &word) - own - TWO;
                if self.attested(start, &word) >= 3 && best.is_none_or(|(_, most)| gain > most) {
                    best = Some((word, gain));
                }
            }
        }
        let (right, gain) = best?;
        Some(self.proposal(start, right.to_vec(), gain))
    }

    /// Two neighbours changed round, or a character put in: judged like the others.
    pub(super) fn judged(&self, start: usize, written: usize, right: &[char]) -> f64 {
        let own = self.chars.get(start..start + written).unwrap_or(&[]);
        let longer = right.len().saturating_sub(written);
        // A longer text is less likely by its length alone.
        self.likelihood_of(start, written, right) - self.likelihood_of(start, written, own)
            + f64::from(u32::try_from(longer).unwrap_or(0)) * LENGTH
    }

    fn proposal(&self, start: usize, right: Vec<char>, gain: f64) -> Proposal {
        let from = start.saturating_sub(3);
        let end = (start + right.len() + 3).min(self.chars.len());
        let near = self.chars.get(from..end).unwrap_or(&[]);
        let mut mended = near.to_vec();
        for (slot, &c) in mended.iter_mut().skip(start - from).zip(&right) {
            *slot = c;
        }
        let places = start - from..start - from + right.len();
        let was_word = places.clone().any(|at| lexicon::is_covered(near, at));
        let is_word = places.clone().all(|at| lexicon::is_covered(&mended, at));
        let gain = gain - if was_word { WORD } else { 0.0 } - if is_word { 0.0 } else { WORD };
        let is_attested = self.attested(start, &right) == right.len() + 2;
        Proposal { right, gain, is_attested }
    }

    /// How many of the triples over a place have been seen with other characters there.
    fn attested(&self, start: usize, right: &[char]) -> usize {
        let with = |place: usize| self.with(start, right.len(), right, place);
        (start..start + right.len() + 2)
            .filter(|&end| self.model.triple(with(end), with(end + 1), with(end + 2)) > 0)
            .count()
    }

    /// The character at a place (counted from two before the text) where `right` stands
    /// for `written` characters.
    fn with(&self, start: usize, written: usize, right: &[char], place: usize) -> char {
        match place.checked_sub(start + 2) {
            None => self.at(place),
            Some(at) => right.get(at).copied().unwrap_or_else(|| self.at(place + written - right.len())),
        }
    }

    fn likelihood(&self, start: usize, right: &[char]) -> f64 {
        self.likelihood_of(start, right.len(), right)
    }

    /// The logarithm of the probability of the characters and of the two after them.
    fn likelihood_of(&self, start: usize, written: usize, right: &[char]) -> f64 {
        let with = |place: usize| {
            let shift = place.checked_sub(start + 2);
            match shift {
                None => self.at(place),
                Some(at) => {
                    right.get(at).copied().unwrap_or_else(|| self.at(start + 2 + written + at - right.len()))
                }
            }
        };
        (start..start + right.len() + 2)
            .map(|end| (with(end), with(end + 1), with(end + 2)))
            .filter(|&(_, b, c)| b != EDGE || c != EDGE)
            .map(|(a, b, c)| self.probability(a, b, c).ln())
            .sum()
    }

    /// How likely `c` is after `a` and `b`: triples interpolated with pairs, and those
    /// with single characters.
    fn probability(&self, a: char, b: char, c: char) -> f64 {
        let triple = if a == EDGE && b == EDGE { 0.0 } else { count(self.model.triple(a, b, c)) };
        let pair = count(self.model.pair(b, c));
        let single = (self.model.single(c) + 0.5) / COUNTED;
        let of_pair = (pair + BELOW_PAIR * single) / (self.model.single(b).max(pair) + BELOW_PAIR);
        let context = count(self.model.pair(a, b)).max(triple);
        (triple + BELOW_TRIPLE * of_pair) / (context + BELOW_TRIPLE)
    }
}

/// The least level of a pair that lets a character be tried: seen four times.
const FITS: u32 = 3;
/// The least level of a word that is offered for another: seen sixteen times.
const USUAL: u32 = 5;
/// About what one character of a likely text costs.
const LENGTH: f64 = 2.5;

/// About how often a level was seen: levels are powers of two.
fn count(level: u32) -> f64 {
    if level == 0 { 0.0 } else { 1.4 * f64::from(1_u32 << (level - 1).min(30)) }
}

/// The characters for which one may have been taken, with what that costs.
fn confusable(c: char) -> impl Iterator<Item = (char, f64)> {
    let sounds = homophones(c).map(|c| (c, 0.0));
    let known = lexicon::confused(c).iter().map(|&c| (c, KNOWN));
    let shapes = lexicon::shapes(c).map(|c| (c, SHAPE));
    sounds.chain(known).chain(shapes).chain(near_homophones(c).map(|c| (c, NEAR)))
}

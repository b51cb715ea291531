//! The best correction of a place: what a sound-alike or look-alike character, or a
//! homophone word, would gain there.

use std::ops::Range;
use std::sync::LazyLock;

use crate::model::grams::Model;
use crate::model::lexicon;

static SOUNDS: LazyLock<Vec<Vec<char>>> = LazyLock::new(lexicon::by_sound);
/// What a second wrong character and a free character cost.
const DOUBLE: u32 = 45;
/// What it costs that two characters are read alike only by many speakers.
const NEAR: i32 = 8;
/// What it adds that people are known to confuse two characters.
const KNOWN: i32 = 10;
const PARTNER: u32 = 10;

/// The best correction of the pair at `at`, given which of the two are open to doubt.
pub(super) fn best_at(model: &Model<'_>, chars: &[char], at: usize, open: (bool, bool)) -> Option<Candidate> {
    match open {
        (true, true) => best_of([one(model, chars, at), one(model, chars, at + 1), both(model, chars, at)]),
        (true, false) => {
            best_of([one(model, chars, at), partner(model, chars, at, at + 1), both(model, chars, at)])
        }
        (false, true) => {
            best_of([one(model, chars, at + 1), partner(model, chars, at + 1, at), both(model, chars, at)])
        }
        // Two free characters that have never met: neither is a word of its own here.
        (false, false) if model.pair(*chars.get(at)?, *chars.get(at + 1)?) == 0 => {
            best_of([partner(model, chars, at + 1, at), partner(model, chars, at, at + 1)])
        }
        (false, false) => None,
    }
}

/// A correction in the coordinates of a run: the word that comes out.
pub(super) struct Candidate {
    pub(super) start: usize,
    pub(super) right: Vec<char>,
    /// How many characters of the run it replaces.
    pub(super) written: usize,
    pub(super) gain: u32,
}

fn best_of<const N: usize>(candidates: [Option<Candidate>; N]) -> Option<Candidate> {
    candidates.into_iter().flatten().reduce(|best, next| if next.gain > best.gain { next } else { best })
}

/// The best correction of one character.
fn one(model: &Model<'_>, chars: &[char], at: usize) -> Option<Candidate> {
    let &written = chars.get(at)?;
    let before = score(model, chars, at, at + 1);
    let mut text = chars.to_vec();
    let mut best: Option<Candidate> = None;
    for (right, cost) in confusable(written) {
        // Most candidates fit neither neighbour: that is seen at once.
        let fits = |a: Option<&char>, b: Option<&char>| matches!((a, b), (Some(&a), Some(&b)) if model.pair(a, b) > 1);
        let left = at.checked_sub(1).and_then(|before| chars.get(before));
        if !fits(left, Some(&right)) && !fits(Some(&right), chars.get(at + 1)) {
            continue;
        }
        *text.get_mut(at)? = right;
        let Some(word) = word_at(model, &text, at, chars) else { continue };
        let gain = score(model, &text, at, at + 1).saturating_sub(before).saturating_add_signed(-cost);
        if best.as_ref().is_none_or(|best| gain > best.gain) {
            let right = text.get(word.clone())?.to_vec();
            best = Some(Candidate { start: word.start, written: word.len(), right, gain });
        }
    }
    best
}

/// The best correction of a free character beside an open one, in a word of the two.
fn partner(model: &Model<'_>, chars: &[char], open: usize, free: usize) -> Option<Candidate> {
    let &written = chars.get(free)?;
    if lexicon::is_covered(chars, free) {
        return None;
    }
    let cost = if FUNCTION.contains(written) { 2 * PARTNER } else { PARTNER };
    let found = one(model, chars, free)?;
    let holds = (found.start..found.start + found.right.len()).contains(&open);
    holds.then(|| Candidate { gain: found.gain.saturating_sub(cost), ..found })
}

/// The best correction of two neighbouring characters by a homophone word.
fn both(model: &Model<'_>, chars: &[char], at: usize) -> Option<Candidate> {
    let (&a, &b) = (chars.get(at)?, chars.get(at + 1)?);
    let before = score(model, chars, at, at + 2);
    let mut text = chars.to_vec();
    let mut best: Option<Candidate> = None;
    // A pair this unlikely would not reach the threshold by any correction.
    for first in homophones(a) {
        if model.pair(chars.get(at.wrapping_sub(1)).copied().unwrap_or('\n'), first) == 0 {
            continue;
        }
        for second in homophones(b) {
            if model.pair(first, second) < 4 || !lexicon::is_common(&[first, second]) {
                continue;
            }
            *text.get_mut(at)? = first;
            *text.get_mut(at + 1)? = second;
            // Two wrong characters are rarer than one.
            let gain = score(model, &text, at, at + 2).saturating_sub(before + DOUBLE);
            if best.as_ref().is_none_or(|best| gain > best.gain) {
                best = Some(Candidate { start: at, right: vec![first, second], written: 2, gain });
            }
        }
    }
    best
}

pub(super) fn homophones(c: char) -> impl Iterator<Item = char> {
    lexicon::readings(c)
        .filter_map(|reading| SOUNDS.get(usize::from(reading)))
        .flatten()
        .copied()
        .filter(move |&other| other != c)
}

/// Characters whose reading many speakers do not tell from that of one.
fn near_homophones(c: char) -> impl Iterator<Item = char> {
    lexicon::readings(c)
        .flat_map(lexicon::near_readings)
        .filter_map(|reading| SOUNDS.get(usize::from(reading)))
        .flatten()
        .copied()
}

/// The characters for which one may have been taken, with what makes that less
/// likely: below zero where people are known to confuse the two.
fn confusable(c: char) -> impl Iterator<Item = (char, i32)> {
    let known = lexicon::confused(c).iter().map(|&c| (c, -KNOWN));
    let near = homophones(c).chain(lexicon::shapes(c)).map(|c| (c, 0));
    known.chain(near).chain(near_homophones(c).map(|c| (c, NEAR)))
}

/// The shortest word in common use that the character at a place belongs to,
/// that the model has seen, and that takes no character away from a word that
/// is there in the text as written.
fn word_at(model: &Model<'_>, chars: &[char], at: usize, written: &[char]) -> Option<Range<usize>> {
    let ranges = [2, 3, 4]
        .into_iter()
        .flat_map(|length| ((at + 1).saturating_sub(length)..=at).map(move |start| start..start + length));
    let is_word = |range: &Range<usize>| {
        chars.get(range.clone()).is_some_and(|word| {
            lexicon::is_common(word)
                && word.windows(2).all(|pair| matches!(pair, [a, b] if model.pair(*a, *b) > 0))
        })
    };
    // 与其, 二十 and 以及 are near to everything: a function word is no evidence.
    let is_evidence = |range: &Range<usize>| {
        range.len() > 2
            || range
                .clone()
                .any(|place| place != at && chars.get(place).is_some_and(|c| !FUNCTION.contains(*c)))
    };
    ranges.into_iter().find(|range| is_evidence(range) && is_word(range) && !breaks_word(written, at, range))
}

/// Characters that stand beside anything.
pub(super) const FUNCTION: &str = "的是在和与及或于以为之而但就也都被把将从对由向给到其这那此各该已再又不很更最只才可能会要使让一二三四五六七八九十两几多少等着了过得地所者既";

/// Whether a word of the text reaches out of the range over one of its places
/// other than the one that is changed.
fn breaks_word(chars: &[char], at: usize, range: &Range<usize>) -> bool {
    let crosses = |place: usize| {
        (2..=4).any(|length| {
            let first = (place + 1).saturating_sub(length);
            (first..=place).any(|start| {
                let end = start + length;
                let is_outside = start < range.start || end > range.end;
                let holds_doubt = (start..end).contains(&at);
                is_outside && !holds_doubt && chars.get(start..end).is_some_and(lexicon::is_common)
            })
        })
    };
    range.clone().any(|place| place != at && crosses(place))
}

/// How well the places from `start` to `end` fit their surroundings: weighted
/// logarithms of the pairs and triples that touch them.
fn score(model: &Model<'_>, chars: &[char], start: usize, end: usize) -> u32 {
    let char_at = |at: Option<usize>| at.and_then(|at| chars.get(at)).copied().unwrap_or('\n');
    let from = start.saturating_sub(1);
    let mut sum = 0;
    for at in from..end {
        let left = if start == 0 && at == 0 { model.pair('\n', char_at(Some(0))) * 2 } else { 0 };
        sum += left + 2 * model.pair(char_at(Some(at)), char_at(Some(at + 1)));
    }
    for at in start.saturating_sub(2)..end {
        sum += 3 * model.triple(char_at(Some(at)), char_at(Some(at + 1)), char_at(Some(at + 2)));
    }
    sum
}

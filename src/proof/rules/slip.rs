//! Characters lost or swapped in typing: what stands there has never been seen, and
//! one character more, or two in the other order, is usual between these neighbours.

use crate::model::grams::Model;
use crate::model::lexicon;

use super::correction::{Candidate, FUNCTION};
use super::statistics::is_free;

/// Up to this level a pair is seldom: seen 32 times.
const SELDOM: u32 = 6;
/// The least level of a word that is offered: seen eight times.
const SEEN_WORD: u32 = 4;
/// The least level of the triples around it.
const SEEN: u32 = 2;

/// The level of a triple that is usual: seen eight times.
const USUAL: u32 = 4;

/// The characters around a gap between two places of a run.
struct Around {
    beyond: char,
    before: char,
    after: char,
    further: char,
}

fn around(chars: &[char], at: usize) -> Around {
    let char_at = |at: Option<usize>| at.and_then(|at| chars.get(at)).copied().unwrap_or('\n');
    Around {
        beyond: char_at(at.checked_sub(1)),
        before: char_at(Some(at)),
        after: char_at(Some(at + 1)),
        further: char_at(Some(at + 2)),
    }
}

/// A word whose characters stand in the wrong order at `at` (知通 for 通知).
/// Nothing around it may have been seen as it is written.
pub(super) fn swapped(model: &Model<'_>, chars: &[char], at: usize) -> Option<Candidate> {
    let Around { beyond, before: a, after: b, further } = around(chars, at);
    // Two characters between marks (天蓝、地绿、水清) have no company to judge by.
    if b == '\n' || (beyond == '\n' && further == '\n') {
        return None;
    }
    if a == b || FUNCTION.contains(a) && FUNCTION.contains(b) {
        return None;
    }
    if model.pair(b, a) < SEEN_WORD || !lexicon::is_common(&[b, a]) || model.pair(a, b) > SELDOM {
        return None;
    }
    // The text may part between the two: 公正|确定 holds no 确正.
    let is_light = |c: char| FUNCTION.contains(c);
    let ends = is_light(a) || lexicon::word(&[beyond, a]).is_some();
    let begins = is_light(b) || lexicon::word(&[b, further]).is_some();
    if ends && begins || lexicon::word(&[a, b]).is_some() {
        return None;
    }
    let (left, right) = (model.triple(beyond, b, a), model.triple(b, a, further));
    let fits = left.min(right);
    // A pair that is never written so needs one side only.
    let is_strange = model.pair(a, b) == 0 && left.max(right) >= USUAL && model.pair(b, a) > SELDOM;
    (fits >= SEEN || is_strange).then(|| Candidate { start: at, right: vec![b, a], gain: fits, written: 2 })
}

/// A character that is missing after the place `at`: one beside the gap belongs
/// to no word, and would to a common one.
pub(super) fn missing(model: &Model<'_>, chars: &[char], at: usize) -> Option<Candidate> {
    let Around { beyond, before: a, after: b, further } = around(chars, at);
    let is_lone = |at: usize| {
        chars.get(at).is_some_and(|&c| !is_free(c) && !FUNCTION.contains(c))
            && !lexicon::is_covered(chars, at)
    };
    let (left, right) = (is_lone(at), is_lone(at + 1));
    if left == right || model.pair(a, b) > 0 {
        return None;
    }
    let mut best: Option<(u32, char)> = None;
    let mut offer = |c: char| {
        let middle = model.triple(a, c, b);
        if middle < SEEN || best.is_some_and(|(most, _)| middle <= most) {
            return;
        }
        let fits = middle.min(model.triple(beyond, a, c)).min(if b == '\n' {
            middle
        } else {
            model.triple(c, b, further)
        });
        if fits > SEEN && best.is_none_or(|(most, _)| fits > most) {
            best = Some((fits, c));
        }
    };
    if left {
        lexicon::followers(a).for_each(&mut offer);
    } else {
        lexicon::leaders(b).iter().copied().for_each(&mut offer);
    }
    let (fits, c) = best?;
    let (right, written) = if b == '\n' { (vec![a, c], 1) } else { (vec![a, c, b], 2) };
    Some(Candidate { start: at, right, gain: fits, written })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    fn fixed(found: Option<Candidate>) -> Option<String> {
        found.map(|found| found.right.into_iter().collect())
    }

    #[test]
    fn finds_two_characters_in_the_wrong_order() {
        let model = Model::builtin();
        assert_eq!(fixed(swapped(model, &chars("应当及时知通有关单位"), 4)).as_deref(), Some("通知"));
        for (text, at) in [("公开公正确定", 3), ("从事与参事身份", 2), ("应当通知有关单位", 2), ("地绿", 0)]
        {
            assert_eq!(fixed(swapped(model, &chars(text), at)), None, "{text}");
        }
    }

    #[test]
    fn finds_the_place_of_a_lost_character() {
        let model = Model::builtin();
        assert_eq!(fixed(missing(model, &chars("由公安关依法给予处罚"), 2)).as_deref(), Some("安机关"));
        let text = chars("由公安机关依法给予处罚");
        assert!((0..text.len()).all(|at| missing(model, &text, at).is_none()));
    }
}

//! Idioms with one wrong character.
//!
//! A list of wrong forms can never be complete; the list of right ones nearly
//! is. Four characters of which one differs from an idiom, and differs by a
//! character that sounds or looks like the right one, are that idiom misspelt.

use std::sync::LazyLock;

use crate::document::{Document, Segment};
use crate::model::grams::BUILTIN as MODEL;
use crate::model::lexicon;
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;

pub(crate) static FAMILY: Family = Family { rules: &[&IDIOM], check: Check::Segment(check) };

static IDIOM: Rule = Rule {
    code: "P523",
    name: "misspelt-idiom",
    category: "wrong-word",
    severity: Severity::Warning,
    what: ("成语、固定词组中的错字", "an idiom with one wrong character"),
    why: (
        "与成语仅差一个音近或形近的字，一般是误写。",
        "One sound-alike or look-alike character away from an idiom.",
    ),
    bad: "方案应当提纲契领。",
    good: "方案应当提纲挈领。",
    except: ("四字中有其他常用词跨越的不查。", "Where another word reaches into the four characters."),
};

/// The idioms, sorted by their first two and by their last two characters.
struct Index {
    by_head: Vec<[char; 4]>,
    by_tail: Vec<[char; 4]>,
    /// One bit for every hash of a head or tail: most places end here.
    heads: Vec<u64>,
    tails: Vec<u64>,
    /// The same of any three characters at their places: what differs from an idiom in
    /// one character has the three others.
    threes: Vec<u64>,
}

const BITS: u32 = 19;
const BITS_OF_THREES: u32 = 21;

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let by_head: Vec<[char; 4]> = lexicon::idioms().collect();
    let mut by_tail = by_head.clone();
    by_tail.sort_unstable_by_key(|&[_, _, c, d]| (c, d));
    let words = 1 << (BITS - 6);
    let (heads, tails, threes) = (vec![0; words], vec![0; words], vec![0; 1 << (BITS_OF_THREES - 6)]);
    let mut index = Index { by_head, by_tail, heads, tails, threes };
    for idiom @ &[a, b, c, d] in &index.by_head {
        set(&mut index.heads, place([a, b]));
        set(&mut index.tails, place([c, d]));
        (0..4).for_each(|gap| set(&mut index.threes, place_without(idiom, gap)));
    }
    index
});

/// Word and bit of four characters without one of them.
fn place_without(chars: &[char; 4], gap: usize) -> (usize, u64) {
    let others = chars.iter().enumerate().filter(|&(at, _)| at != gap);
    let code = others.fold(0_u32, |code, (at, &c)| {
        let turn = u32::try_from(at).unwrap_or(0) * 7;
        (code ^ u32::from(c).rotate_left(turn)).wrapping_mul(0x9e37_79b1)
    });
    let bit = code >> (32 - BITS_OF_THREES);
    ((bit >> 6) as usize, 1 << (bit & 63))
}

fn place(pair: [char; 2]) -> (usize, u64) {
    // A cheap spread is enough: a wrong bit costs one search.
    let code = u32::from(pair[0]).wrapping_mul(0x9e37_79b1) ^ u32::from(pair[1]).wrapping_mul(0x85eb_ca77);
    let bit = code >> (32 - BITS);
    ((bit >> 6) as usize, 1 << (bit & 63))
}

fn set(bits: &mut [u64], (word, bit): (usize, u64)) {
    if let Some(slot) = bits.get_mut(word) {
        *slot |= bit;
    }
}

fn has(bits: &[u64], (word, bit): (usize, u64)) -> bool {
    bits.get(word).is_some_and(|slot| slot & bit != 0)
}

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    let mut window = [(0_usize, '\0'); 4];
    let mut length = 0;
    for (at, c) in segment.text.char_indices() {
        if !is_han(c) {
            length = 0;
            continue;
        }
        let [_, second, third, fourth] = window;
        window = [second, third, fourth, (at, c)];
        length += 1;
        if length >= 4 {
            judge(segment, window, sink);
        }
    }
}

fn judge(segment: &Segment<'_>, window: [(usize, char); 4], sink: &mut Sink) {
    let [a, b, c, d] = window.map(|(_, c)| c);
    let index = &*INDEX;
    let has_three = |gap: usize| has(&index.threes, place_without(&[a, b, c, d], gap));
    let has_head = has(&index.heads, place([a, b])) && (has_three(2) || has_three(3));
    let has_tail = has(&index.tails, place([c, d])) && (has_three(0) || has_three(1));
    if !has_head && !has_tail {
        return;
    }
    let by_head: &[[char; 4]] =
        if has_head { range_of(&index.by_head, |&[x, y, ..]| (x, y), (a, b)) } else { &[] };
    let by_tail: &[[char; 4]] =
        if has_tail { range_of(&index.by_tail, |&[.., x, y]| (x, y), (c, d)) } else { &[] };
    let written = [a, b, c, d];
    let Some(right) = by_head.iter().chain(by_tail).copied().find(|idiom| is_slip(&written, idiom)) else {
        return;
    };
    if lexicon::word(&written).is_some() || by_head.contains(&written) || super::words::is_listed(&written) {
        return;
    }
    // What official texts write again and again (老有所医) is right.
    if MODEL.triple(a, b, c) > 1 && MODEL.triple(b, c, d) > 1 {
        return;
    }
    let Some(wrong) = (0..4).find(|&at| written.get(at) != right.get(at)) else { return };
    if crosses(segment, window, wrong) {
        return;
    }
    let start = window[0].0;
    let end = window[3].0 + d.len_utf8();
    let right: String = right.iter().collect();
    let zh = format!("“{}”疑为“{right}”", segment.slice(start..end));
    let hit = Hit::new(&IDIOM, segment, start..end, zh, format!("should this be the idiom `{right}`?"));
    let severity = if segment.is_quoted(start) { Severity::Hint } else { Severity::Warning };
    sink.push(hit.severity(severity).review(right));
}

fn range_of(
    sorted: &[[char; 4]],
    key: impl Fn(&[char; 4]) -> (char, char),
    wanted: (char, char),
) -> &[[char; 4]] {
    let start = sorted.partition_point(|idiom| key(idiom) < wanted);
    let rest = sorted.get(start..).unwrap_or(&[]);
    let length = rest.iter().take_while(|idiom| key(idiom) == wanted).count();
    rest.get(..length).unwrap_or(&[])
}

/// Whether exactly one character differs, and might be confused.
fn is_slip(written: &[char; 4], idiom: &[char; 4]) -> bool {
    let mut differing = written.iter().zip(idiom).filter(|(a, b)| a != b);
    let (Some((&a, &b)), None) = (differing.next(), differing.next()) else { return false };
    !PARTICLES.contains(a) && (lexicon::sound_alike(a, b) || lexicon::look_alike(a, b))
}

/// Function words stand beside anything: 青少年的志愿 is not 少年得志.
const PARTICLES: &str = "的其在和与以等有及是为由对不所之";

/// Whether a word in common use holds the doubtful character: inside the four
/// characters (以人为本 is near to others), or over their end.
fn crosses(segment: &Segment<'_>, window: [(usize, char); 4], wrong: usize) -> bool {
    let start = window[0].0;
    let end = window[3].0 + window[3].1.len_utf8();
    let mut chars: Vec<char> = segment.before(start).chars().rev().take(2).collect();
    chars.reverse();
    let lead = chars.len();
    chars.extend(window.map(|(_, c)| c));
    chars.extend(segment.after(end).chars().take(2));
    lexicon::is_covered(&chars, lead + wrong)
}

//! Set phrases with a character too few, two changed round, or one typed twice.
//!
//! 人民政府, 贯彻落实 and some thousand others stand in official texts again and
//! again. Three or four characters that never followed each other there, and that
//! are such a phrase but for one slip of the keys, are that phrase.

use std::ops::Range;
use std::sync::LazyLock;

use crate::document::{Document, Segment};
use crate::lists::Lists;
use crate::model::grams::Model;
use crate::model::lexicon;
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;

pub(crate) static FAMILY: Family = Family { rules: &[&SLIP], check: Check::Lists(check) };

static SLIP: Rule = Rule {
    code: "P534",
    name: "phrase-slip",
    category: "wrong-word-open",
    severity: Severity::Warning,
    what: (
        "公文固定词组漏字、颠倒或多打一字",
        "a set phrase with a character left out, two changed round or one typed twice",
    ),
    why: (
        "漏字、倒字后的组合在大量法规中从未出现，补正后即是常用词组。",
        "What is written never occurs in regulations; mended it is a phrase of every day.",
    ),
    bad: "由县级以上人政府组织实施。",
    good: "由县级以上人民政府组织实施。",
    except: ("书名和引文中的只作提示。", "In titles and quotations it is a hint."),
};

type Phrase = [char; 4];

/// What slips lead to which phrase; sorted. What leads to two is left out.
struct Index {
    missing: Vec<([char; 3], Phrase)>,
    swapped: Vec<(Phrase, Phrase)>,
    phrases: Vec<Phrase>,
    /// One bit for every hash of two characters that a slip begins with: most
    /// places end here.
    heads: Vec<u64>,
}

const BITS: u32 = 17;

/// Word and bit of a pair; a cheap spread is enough.
fn place(first: char, second: char) -> (usize, u64) {
    let code = u32::from(first).wrapping_mul(0x9e37_79b1) ^ u32::from(second).wrapping_mul(0x85eb_ca77);
    let bit = code >> (32 - BITS);
    ((bit >> 6) as usize, 1 << (bit & 63))
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let phrases: Vec<Phrase> = lexicon::phrases().collect();
    let missing = phrases.iter().flat_map(|&phrase| {
        let [a, b, c, d] = phrase;
        [[b, c, d], [a, c, d], [a, b, d], [a, b, c]].map(|slip| (slip, phrase))
    });
    let swapped = phrases.iter().flat_map(|&phrase| {
        let [a, b, c, d] = phrase;
        [[b, a, c, d], [a, c, b, d], [a, b, d, c]].map(|slip| (slip, phrase))
    });
    let swapped = swapped.filter(|(slip, phrase)| slip != phrase);
    let (missing, swapped) = (unique(missing.collect()), unique(swapped.collect()));
    let mut heads = vec![0; 1 << (BITS - 6)];
    let begun = missing.iter().map(|&([a, b, _], _)| (a, b));
    for (a, b) in begun.chain(swapped.iter().map(|&([a, b, ..], _)| (a, b))) {
        let (word, bit) = place(a, b);
        if let Some(slot) = heads.get_mut(word) {
            *slot |= bit;
        }
    }
    Index { missing, swapped, phrases, heads }
});

fn unique<S: Ord + Copy>(mut slips: Vec<(S, Phrase)>) -> Vec<(S, Phrase)> {
    slips.sort_unstable();
    slips.dedup();
    let alone = slips.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() == 1);
    alone.flatten().copied().collect()
}

fn find<S: Ord>(slips: &[(S, Phrase)], wanted: &S) -> Option<Phrase> {
    let at = slips.binary_search_by(|(slip, _)| slip.cmp(wanted)).ok()?;
    slips.get(at).map(|&(_, phrase)| phrase)
}

fn check(document: &Document<'_>, lists: &Lists, sink: &mut Sink) {
    if !lists.has_statistics() {
        return;
    }
    let mut run: Vec<(usize, char)> = Vec::new();
    for segment in &document.segments {
        for (at, c) in segment.text.char_indices().chain([(segment.text.len(), '\n')]) {
            if is_han(c) {
                run.push((at, c));
                continue;
            }
            if run.len() >= 3 {
                scan(lists.model(), segment, &run, sink);
            }
            run.clear();
        }
    }
}

fn scan(model: &Model<'_>, segment: &Segment<'_>, run: &[(usize, char)], sink: &mut Sink) {
    let mut at = 0;
    while let Some(near) = run.get(at..(at + 6).min(run.len())).filter(|near| near.len() >= 3) {
        let before = at.checked_sub(1).and_then(|at| run.get(at)).map_or('\n', |&(_, c)| c);
        let found = slip(model, before, near).filter(|&(length, _)| !is_crossed(run, at..at + length));
        let Some((length, right)) = found else {
            at += 1;
            continue;
        };
        let (Some(&(start, _)), Some(&(last, c))) = (near.first(), near.get(length - 1)) else { break };
        let range = start..last + c.len_utf8();
        let wrong = segment.slice(range.clone());
        let zh = format!("“{wrong}”疑为“{right}”");
        let en = format!("should `{wrong}` be `{right}`?");
        // 募投|项目, 金服|平台: short forms look like phrases that lack a character, those of
        // every day apart.
        let phrase: Vec<char> = right.chars().collect();
        let is_short_form = length == 3 && level(model, &phrase) < MOST_DAILY;
        let is_doubted = segment.is_quoted(start) || is_short_form;
        let severity = if is_doubted { Severity::Hint } else { Severity::Warning };
        sink.push(Hit::new(&SLIP, segment, range, zh, en).severity(severity).review(right));
        at += length;
    }
}

/// The slip that begins where the characters do: its length and what was meant.
fn slip(model: &Model<'_>, before: char, near: &[(usize, char)]) -> Option<(usize, String)> {
    let char_at = |at: usize| near.get(at).map_or('\n', |&(_, c)| c);
    let (a, b) = (char_at(0), char_at(1));
    let is_new = |at: usize| model.triple(char_at(at), char_at(at + 1), char_at(at + 2)) == 0;
    // A phrase must have been seen between these neighbours.
    let fits = |[w, x, y, z]: Phrase, after: char| {
        model.triple(before, w, x) >= SEEN && model.triple(y, z, after) >= SEEN
    };
    let (word, bit) = place(a, b);
    let is_begun = INDEX.heads.get(word).is_some_and(|slot| slot & bit != 0);
    if let Some(found) = is_begun.then(|| left_out_or_swapped(model, near, fits)).flatten() {
        return Some(found);
    }
    // One of the inner characters typed twice: 监督督管理 is read from 监 on.
    let twice = (1..4).find(|&at| char_at(at) == char_at(at + 1) && char_at(at) != '\n')?;
    let rest = (0..5).filter(|&at| at != twice).map(char_at);
    let phrase = Phrase::try_from(rest.collect::<Vec<char>>()).ok()?;
    let is_slip =
        is_new(twice - 1) && (twice == 3 || is_new(twice)) && INDEX.phrases.binary_search(&phrase).is_ok();
    (is_slip && near.len() >= 5 && fits(phrase, char_at(5))).then(|| (5, phrase.iter().collect()))
}

/// A phrase with one character left out, or two neighbours changed round.
fn left_out_or_swapped(
    model: &Model<'_>,
    near: &[(usize, char)],
    fits: impl Fn(Phrase, char) -> bool,
) -> Option<(usize, String)> {
    let char_at = |at: usize| near.get(at).map_or('\n', |&(_, c)| c);
    let (a, b, c, d) = (char_at(0), char_at(1), char_at(2), char_at(3));
    let missing = find(&INDEX.missing, &[a, b, c]).filter(|&phrase| fits(phrase, d));
    if let Some(phrase) =
        missing.filter(|&phrase| is_rare(model, &[a, b, c], phrase) && is_bare(model, [a, b, c], phrase))
    {
        return Some((3, phrase.iter().collect()));
    }
    if near.len() >= 4 {
        let phrase = find(&INDEX.swapped, &[a, b, c, d]).filter(|&phrase| fits(phrase, char_at(4)));
        let are_words = lexicon::is_common(&[a, b]) && lexicon::is_common(&[c, d]);
        let is_slip = |phrase: &Phrase| !are_words && is_rare(model, &[a, b, c, d], *phrase);
        if let Some(phrase) = phrase.filter(is_slip) {
            return Some((4, phrase.iter().collect()));
        }
    }
    None
}

/// Whether some three of the characters have never followed each other, or next to
/// never where the phrase is one of every day: slips are in the corpus, too.
fn is_rare(model: &Model<'_>, slip: &[char], phrase: Phrase) -> bool {
    let allowed = if level(model, &phrase) >= DAILY { 2 } else { 0 };
    level(model, slip) <= allowed
}

/// How common the rarest three characters in a row are.
fn level(model: &Model<'_>, chars: &[char]) -> u32 {
    let triples = chars.windows(3).filter_map(|part| match part {
        [a, b, c] => Some(model.triple(*a, *b, *c)),
        _ => None,
    });
    triples.min().unwrap_or(0)
}

/// Whether what is left of a phrase is no two words of its own: 应|充分 is, 贯|落实
/// is not. Phrases of every day (人民政府) are missed even so.
fn is_bare(model: &Model<'_>, slip: [char; 3], phrase: Phrase) -> bool {
    let [a, b, c] = slip;
    let alone = if lexicon::is_common(&[b, c]) { Some(a) } else { lexicon::is_common(&[a, b]).then_some(c) };
    let is_daily = level(model, &phrase) >= MOST_DAILY;
    let is_word = lexicon::word(&slip).is_some();
    a != '应' && !is_word && (is_daily || alone.is_none_or(|c| !super::statistics::is_free(c)))
}

/// Whether a word in common use reaches over an end of the characters: 财政部|会同.
fn is_crossed(run: &[(usize, char)], range: Range<usize>) -> bool {
    let crosses = |end: usize| {
        (end.saturating_sub(3)..end).any(|from| {
            (end + 1..=(end + 3).min(run.len())).any(|to| {
                let word: Option<Vec<char>> =
                    run.get(from..to).map(|word| word.iter().map(|&(_, c)| c).collect());
                word.is_some_and(|word| lexicon::is_common(&word))
            })
        })
    };
    crosses(range.start) || crosses(range.end)
}

/// From this level on even a character that may stand alone is missed: 8,192 times.
const MOST_DAILY: u32 = 14;
/// From this level on a phrase is one of every day: seen 2,048 times.
const DAILY: u32 = 12;
/// The least level of the triples at both ends of what was meant: seen twice.
const SEEN: u32 = 2;

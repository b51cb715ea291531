//! The tables of words, readings, shapes and free characters.

use std::collections::BTreeSet;

use crate::sources::{Sources, Word, is_han};

/// So often a word of the dictionary stands in the corpus to be in common use
/// there, whatever the dictionary says.
const IN_USE: u64 = 50;

/// So often a word of two characters stands there to be offered for one of them.
const SEEN: u64 = 8;

/// Hashes of the words, the lowest bit telling those in common use.
pub fn words(sources: &Sources) -> Vec<u8> {
    let mut entries = BTreeSet::new();
    for word in &sources.words {
        let length = word.text.chars().count();
        let is_kept = (2..=6).contains(&length) && is_han(&word.text);
        if is_kept && !sources.wrong.contains(&word.text) {
            entries.insert(hash(&word.text) & !1 | u32::from(is_common(sources, word)));
        }
    }
    entries.into_iter().flat_map(u32::to_le_bytes).collect()
}

/// Whether a word is in common use.
fn is_common(sources: &Sources, word: &Word) -> bool {
    let is_in_use = sources.seen.get(&word.text).is_some_and(|&count| count >= IN_USE);
    word.frequency >= 10 || (word.frequency > 3 && word.text.chars().count() > 2) || is_in_use
}

/// The words of two characters in common use, as such: for looking up what may
/// follow a character.
pub fn joined(sources: &Sources) -> Vec<u8> {
    let mut entries = BTreeSet::new();
    for word in sources.words.iter().filter(|word| is_han(&word.text) && !sources.wrong.contains(&word.text)) {
        let mut chars = word.text.chars();
        if let (Some(a), Some(b), None) = (chars.next(), chars.next(), chars.next())
            && sources.seen.get(&word.text).is_some_and(|&count| count >= SEEN)
            && is_common(sources, word)
        {
            entries.insert((code(a), code(b)));
        }
    }
    pairs(entries)
}

/// Pairs of a character and the number of a reading; the highest bit marks a
/// reading that is not the usual one.
pub fn sounds(sources: &Sources) -> Vec<u8> {
    let all: BTreeSet<&String> = sources.readings.values().flatten().collect();
    let number: Vec<&String> = all.into_iter().collect();
    let mut entries = BTreeSet::new();
    for (&c, readings) in &sources.readings {
        for (rank, reading) in readings.iter().enumerate() {
            let id = number.binary_search(&reading).map_or(0, |id| id);
            entries.insert((code(c), u16::try_from(id).unwrap_or(0) | if rank > 0 { 0x8000 } else { 0 }));
        }
    }
    pairs(entries)
}

/// Pairs of readings that many speakers do not tell apart (zh and z, in and ing, l
/// and n), both ways, by the numbers that [`sounds`] gives them.
pub fn near(sources: &Sources) -> Vec<u8> {
    let all: BTreeSet<&String> = sources.readings.values().flatten().collect();
    let folded: Vec<String> = all.iter().map(|reading| fold(reading)).collect();
    let number = |at: usize| u16::try_from(at).unwrap_or(0);
    let mut entries = BTreeSet::new();
    for (at, reading) in folded.iter().enumerate() {
        for (other, like) in folded.iter().enumerate() {
            if at != other && reading == like {
                entries.insert((number(at), number(other)));
            }
        }
    }
    pairs(entries)
}

/// A reading with the sounds made equal that are often confused.
fn fold(reading: &str) -> String {
    let start = [("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l")];
    let begun =
        start.iter().find_map(|(from, to)| reading.strip_prefix(from).map(|rest| format!("{to}{rest}")));
    let begun = begun.unwrap_or_else(|| reading.to_owned());
    let end = [("ing", "in"), ("eng", "en"), ("ang", "an")];
    let ended = end.iter().find_map(|(from, to)| begun.strip_suffix(from).map(|rest| format!("{rest}{to}")));
    ended.unwrap_or(begun)
}

/// Pairs of characters that look alike.
pub fn shapes(sources: &Sources) -> Vec<u8> {
    pairs(sources.alike.iter().map(|&(a, b)| (code(a), code(b))).collect())
}

/// The 300 characters that most often stand as words of their own.
pub fn free(sources: &Sources) -> Vec<u8> {
    let is_single = |text: &str| text.chars().count() == 1 && is_han(text);
    let single = sources.words.iter().filter(|word| is_single(&word.text));
    let mut ranked: Vec<(u64, &str)> = single.map(|word| (word.frequency, word.text.as_str())).collect();
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    let mut text: String = ranked.iter().take(300).map(|&(_, c)| c).collect();
    text.push('\n');
    text.into_bytes()
}

fn pairs(entries: BTreeSet<(u16, u16)>) -> Vec<u8> {
    entries.into_iter().flat_map(|(a, b)| [a.to_le_bytes(), b.to_le_bytes()].concat()).collect()
}

/// The number of a character of the basic plane; none other is common.
pub fn code(c: char) -> u16 {
    u16::try_from(u32::from(c)).unwrap_or(0)
}

/// The hash of `src/proof/model/table.rs`.
fn hash(text: &str) -> u32 {
    let mixed = text.chars().fold(0_u64, |state, c| mix(state ^ u64::from(u32::from(c))));
    u32::try_from(mixed >> 32).unwrap_or(u32::MAX)
}

/// The finaliser of `SplitMix64`.
fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

//! Words, idioms, and which characters are easily confused.
//!
//! The tables come with the program; see `data/NOTICE.txt` for their sources.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::table::{Table, hash};

static WORD_BYTES: &[u8] = include_bytes!("../data/words.bin");
static WORDS: LazyLock<Table<'static>> = LazyLock::new(|| Table::new(WORD_BYTES, 1));
static IDIOMS: &[u8] = include_bytes!("../data/idioms.bin");
static SOUNDS: &[u8] = include_bytes!("../data/sounds.bin");
static PHRASES: &[u8] = include_bytes!("../data/phrases.bin");
static NEAR: &[u8] = include_bytes!("../data/near.bin");
static JOINED: &[u8] = include_bytes!("../data/joined.bin");
static SHAPES: &[u8] = include_bytes!("../data/shapes.bin");
static CONFUSED_TEXT: &str = include_str!("../data/confused.txt");

/// The tables as they are, for the record.
pub(crate) fn tables() -> [&'static [u8]; 8] {
    [WORD_BYTES, IDIOMS, SOUNDS, SHAPES, CONFUSED_TEXT.as_bytes(), PHRASES, NEAR, JOINED]
}

/// How well a word is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Known {
    /// Seldom used; some entries of this rank are misspellings.
    Rarely,
    /// In common use.
    Well,
}

/// Whether the characters are a word of the dictionary.
pub(crate) fn word(chars: &[char]) -> Option<Known> {
    if !(2..=6).contains(&chars.len()) {
        return None;
    }
    let value = WORDS.get(hash(chars))?;
    Some(if value == 1 { Known::Well } else { Known::Rarely })
}

/// Whether the characters are a word in common use.
pub(crate) fn is_common(chars: &[char]) -> bool {
    word(chars) == Some(Known::Well)
}

/// Whether a word in common use of two to four characters covers the place.
pub(crate) fn is_covered(chars: &[char], at: usize) -> bool {
    (2..=4).any(|length| {
        let first = (at + 1).saturating_sub(length);
        (first..=at).any(|start| chars.get(start..start + length).is_some_and(is_common))
    })
}

fn pair(bytes: &[u8], index: usize) -> Option<(u16, u16)> {
    let entry = bytes.get(index * 4..index * 4 + 4)?;
    let entry: [u8; 4] = entry.try_into().ok()?;
    let [a, b, c, d] = entry;
    Some((u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])))
}

/// The second halves of all pairs that begin with a character.
fn seconds(bytes: &'static [u8], c: char) -> impl Iterator<Item = u16> {
    seconds_of(bytes, u16::try_from(u32::from(c)).unwrap_or(0))
}

fn seconds_of(bytes: &'static [u8], code: u16) -> impl Iterator<Item = u16> {
    let count = bytes.len() / 4;
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = usize::midpoint(low, high);
        if pair(bytes, middle).is_some_and(|(first, _)| first < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (low..count).map_while(move |index| {
        pair(bytes, index).filter(|(first, _)| *first == code).map(|(_, second)| second)
    })
}

/// Marks a reading that is not the usual one.
const SECOND: u16 = 0x8000;

/// The readings of a character, as numbers.
pub(crate) fn readings(c: char) -> impl Iterator<Item = u16> {
    seconds(SOUNDS, c).map(|reading| reading & !SECOND)
}

/// The readings that many speakers do not tell from one: zh and z, in and ing.
pub(crate) fn near_readings(reading: u16) -> impl Iterator<Item = u16> {
    seconds_of(NEAR, reading)
}

/// Whether two characters may be read alike, tones aside.
pub(crate) fn sound_alike(a: char, b: char) -> bool {
    readings(a).any(|reading| readings(b).any(|other| other == reading))
}

/// Whether two characters look alike.
pub(crate) fn look_alike(a: char, b: char) -> bool {
    let code = u16::try_from(u32::from(b)).unwrap_or(0);
    seconds(SHAPES, a).any(|other| other == code) || confused(a).contains(&b)
}

/// The characters that look much like one.
pub(crate) fn shapes(c: char) -> impl Iterator<Item = char> {
    seconds(SHAPES, c).filter_map(|code| char::from_u32(u32::from(code)))
}

/// What makes a common word after a character.
pub(crate) fn followers(c: char) -> impl Iterator<Item = char> {
    seconds(JOINED, c).filter_map(|code| char::from_u32(u32::from(code)))
}

/// What makes a common word before a character.
pub(crate) fn leaders(c: char) -> &'static [char] {
    LEADERS.get(&c).map_or(&[], Vec::as_slice)
}

static LEADERS: LazyLock<BTreeMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut all: BTreeMap<char, Vec<char>> = BTreeMap::new();
    for (first, second) in (0..JOINED.len() / 4).filter_map(|index| pair(JOINED, index)) {
        let chars = (char::from_u32(u32::from(first)), char::from_u32(u32::from(second)));
        if let (Some(first), Some(second)) = chars {
            all.entry(second).or_default().push(first);
        }
    }
    all
});

/// Characters that people are known to take for one another.
static CONFUSED: LazyLock<BTreeMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut all: BTreeMap<char, Vec<char>> = BTreeMap::new();
    let lines = CONFUSED_TEXT.lines().filter(|line| !line.starts_with('#'));
    for group in lines.flat_map(str::split_whitespace) {
        for c in group.chars() {
            let others = all.entry(c).or_default();
            others.extend(group.chars().filter(|&other| other != c));
        }
    }
    for others in all.values_mut() {
        others.sort_unstable();
        others.dedup();
    }
    all
});

/// The characters for which one is known to be taken.
pub(crate) fn confused(c: char) -> &'static [char] {
    CONFUSED.get(&c).map_or(&[], Vec::as_slice)
}

/// All characters by their usual reading: for looking up homophones.
pub(crate) fn by_sound() -> Vec<Vec<char>> {
    let mut sounds: Vec<Vec<char>> = Vec::new();
    for (code, reading) in (0..SOUNDS.len() / 4).filter_map(|index| pair(SOUNDS, index)) {
        if reading & SECOND != 0 {
            continue;
        }
        let reading = usize::from(reading);
        if sounds.len() <= reading {
            sounds.resize(reading + 1, Vec::new());
        }
        if let (Some(list), Some(c)) = (sounds.get_mut(reading), char::from_u32(u32::from(code))) {
            list.push(c);
        }
    }
    sounds
}

/// Every idiom, in order.
pub(crate) fn idioms() -> impl Iterator<Item = [char; 4]> {
    fours(IDIOMS)
}

/// Every set phrase of official writing, in order.
pub(crate) fn phrases() -> impl Iterator<Item = [char; 4]> {
    fours(PHRASES)
}

fn fours(bytes: &'static [u8]) -> impl Iterator<Item = [char; 4]> {
    bytes.chunks_exact(8).filter_map(|bytes| {
        let mut chars = ['\0'; 4];
        for (c, code) in chars.iter_mut().zip(bytes.chunks_exact(2)) {
            *c = char::from_u32(u32::from(u16::from_le_bytes(code.try_into().ok()?)))?;
        }
        Some(chars)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn knows_words_sounds_and_shapes() {
        assert!(is_common(&chars("人民")));
        assert_eq!(word(&chars("级分")), None);
        assert!(sound_alike('径', '胫') && !sound_alike('人', '民'));
        assert!(look_alike('环', '坏') && !look_alike('人', '民'));
        assert!(is_covered(&chars("各级人民政府"), 3));
        assert!(idioms().any(|idiom| idiom.iter().collect::<String>() == "一鼓作气"));
    }
}

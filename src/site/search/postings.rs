//! Posting lists: which parts hold a key, and where in them.
//!
//! A list is text in a 64-letter alphabet that JSON need not escape. An entry
//! is the gap to the part before (base 32, a digit of 32 and more is followed
//! by a higher one) and one letter whose six bits say at which places, counted
//! modulo six, the key stands. The places of the pairs of a phrase must follow
//! one another, so nearly all parts that hold the pairs but not the phrase are
//! seen without reading them. Lists of single characters have no places.
//!
//! A list longer than [`INLINE`] lies in files of its own, cut at [`CHUNK`],
//! newest documents first; a reader fetches only those he needs, the rarest
//! key first, because the shard says how many entries each list has. A dense
//! file begins with `!` and has one letter for every part instead; where there
//! are no places, one for every six.

use std::fmt::Write as _;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes of a list that still lies in its shard. A query reads shards for all
/// its keys, and of longer lists only what narrows it.
const INLINE: usize = 1536;

/// Bytes of each piece of a longer list.
const CHUNK: usize = 4 * 1024;

/// Pieces that lie in one file; the script divides by the same number.
pub(super) const PIECES: usize = 4;

/// How many of the commonest keys are named to the reader.
const COMMON: usize = 400;

/// In how many lots entries are sorted.
const BUCKETS: usize = 251;

/// Bits of a part's number and of its places.
const ID_BITS: u32 = 24;
const PLACE_BITS: u32 = 6;

/// Where a key stands in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// In the title.
    Title = 0,
    /// In the document number.
    Number = 1,
    /// In the text.
    Text = 2,
}

/// Packs an entry into a number that sorts by key, field and part:
/// 32 bits for the key, 2 for the field, 24 for the part, 6 for the places.
pub(super) fn pack(first: Option<u16>, second: u16, field: Field, part: usize, at: usize) -> u64 {
    let key = (u64::from(first.unwrap_or(0)) << 16) | u64::from(second);
    let places = if first.is_some() { 1 << (at % 6) } else { 0 };
    let part = u64::try_from(part).unwrap_or(u64::MAX) & ((1 << ID_BITS) - 1);
    (((((key << 2) | field as u64) << ID_BITS) | part) << PLACE_BITS) | places
}

/// Sorts the entries of one part and joins those of the same key.
pub(super) fn merge(entries: &mut Vec<u64>) {
    entries.sort_unstable();
    entries.dedup_by(|next, kept| {
        let same = *next >> PLACE_BITS == *kept >> PLACE_BITS;
        if same {
            *kept |= *next;
        }
        same
    });
}

/// What the lists come to.
pub(super) struct Lists {
    /// Shards as JSON: key → `titles|numbers|texts`.
    pub(super) shards: Vec<String>,
    /// Pairs that stand in most parts, the commonest first: a query that has
    /// others need not ask for them.
    pub(super) common: String,
}

/// Entries by key: each bucket has all entries of its keys, so that they are
/// sorted, written and dropped one after another.
pub(super) struct Buckets(Vec<Vec<u64>>);

impl Buckets {
    pub(super) fn new() -> Self {
        Self(vec![Vec::new(); BUCKETS])
    }

    pub(super) fn add(&mut self, entries: &[u64]) {
        for entry in entries {
            let bucket = usize::try_from(key_of(*entry)).unwrap_or(0) % BUCKETS;
            if let Some(bucket) = self.0.get_mut(bucket) {
                bucket.push(*entry);
            }
        }
    }
}

fn key_of(entry: u64) -> u64 {
    entry >> (2 + ID_BITS + PLACE_BITS)
}

/// Sorts the entries of all parts into shards of about `size` bytes; pieces of
/// long lists are handed to `put` with their numbers, as JSON strings.
pub(super) fn lists<E>(
    mut buckets: Buckets,
    size: usize,
    put: &mut dyn FnMut(usize, &str) -> Result<(), E>,
) -> Result<Lists, E> {
    use rayon::prelude::*;
    buckets.0.par_iter_mut().for_each(|bucket| bucket.sort_unstable());
    let mut pieces = 0;
    let mut values: Vec<(String, String)> = Vec::new();
    let mut common: Vec<(usize, u64)> = Vec::new();
    for bucket in buckets.0 {
        for entries in bucket.chunk_by(|a, b| key_of(*a) == key_of(*b)) {
            let Some(key) = entries.first().map(|entry| key_of(*entry)) else { continue };
            let has_places = key >> 16 != 0;
            if has_places && entries.len() > CHUNK {
                common.push((entries.len(), key));
            }
            let mut value = String::new();
            for field in [Field::Title, Field::Number, Field::Text] {
                if field != Field::Title {
                    value.push('|');
                }
                let of_field = |entry: u64| (entry >> (ID_BITS + PLACE_BITS)) & 3;
                let start = entries.partition_point(|entry| of_field(*entry) < field as u64);
                let end = entries.partition_point(|entry| of_field(*entry) <= field as u64);
                let list = entries.get(start..end).unwrap_or_default();
                for piece in push_list(&mut value, list, has_places, pieces) {
                    put(pieces, &piece)?;
                    pieces += 1;
                }
            }
            values.push((name(key), value));
        }
    }
    common.sort_unstable_by(|a, b| b.cmp(a));
    let common = common.into_iter().take(COMMON).map(|(_, key)| name(key)).collect();
    Ok(Lists { shards: shards(values, size), common })
}

fn shards(values: Vec<(String, String)>, size: usize) -> Vec<String> {
    let total: usize = values.iter().map(|(key, value)| key.len() + value.len() + 6).sum();
    let count = total.div_ceil(size).max(1);
    let mut shards = vec![String::from("{"); count];
    for (key, value) in values {
        let Some(shard) = shards.get_mut(place(&key, count)) else { continue };
        let comma = if shard.len() > 1 { "," } else { "" };
        // Keys and values hold nothing that JSON escapes.
        let _ = write!(shard, "{comma}\"{key}\":\"{value}\"");
    }
    for shard in &mut shards {
        shard.push('}');
    }
    shards
}

/// Appends a list, or where its pieces are:
/// `~<first file>;<entries>;<first part of each>`. Returns the pieces.
fn push_list(value: &mut String, entries: &[u64], has_places: bool, first_file: usize) -> Vec<String> {
    let whole = encode(entries, has_places);
    if whole.len() <= INLINE {
        value.push_str(&whole);
        return Vec::new();
    }
    let _ = write!(value, "~{first_file};{};", entries.len());
    let mut chunks = Vec::new();
    let pieces = whole.len().div_ceil(CHUNK);
    for (index, piece) in entries.chunks(entries.len().div_ceil(pieces).max(1)).enumerate() {
        let Some(first) = piece.first() else { continue };
        let comma = if index > 0 { "," } else { "" };
        let _ = write!(value, "{comma}{}", part_of(*first));
        let piece = shorter(encode(piece, has_places), dense(piece, part_of(*first), has_places));
        chunks.push(format!("\"{piece}\""));
    }
    chunks
}

fn shorter(sparse: String, dense: String) -> String {
    if dense.len() < sparse.len() { dense } else { sparse }
}

/// A list of numbers, sparse or dense, whichever is shorter; dense from 0.
pub(super) fn number_list(numbers: &[usize]) -> String {
    let entries: Vec<u64> = numbers.iter().map(|number| pack(None, 0, Field::Title, *number, 0)).collect();
    shorter(encode(&entries, false), dense(&entries, 0, false))
}

/// The key as text.
fn name(key: u64) -> String {
    let unit = |bits: u64| u16::try_from(bits & 0xffff).ok().filter(|unit| *unit > 0);
    let units: Vec<u16> = unit(key >> 16).into_iter().chain(unit(key)).collect();
    String::from_utf16_lossy(&units)
}

/// The shard of a key: FNV-1a over its UTF-16 units, as the script computes it.
pub(super) fn place(key: &str, shards: usize) -> usize {
    let hash = key
        .encode_utf16()
        .fold(0x811c_9dc5_u32, |hash, unit| (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193));
    usize::try_from(hash).unwrap_or(0) % shards.max(1)
}

fn part_of(entry: u64) -> usize {
    usize::try_from((entry >> PLACE_BITS) & ((1 << ID_BITS) - 1)).unwrap_or(0)
}

fn places_of(entry: u64) -> usize {
    usize::try_from(entry & 63).unwrap_or(0)
}

/// The first gap counts from part 0, in pieces too.
fn encode(entries: &[u64], has_places: bool) -> String {
    let mut out = String::with_capacity(entries.len() * 2);
    let mut next = 0;
    for entry in entries {
        push_number(&mut out, part_of(*entry) - next);
        next = part_of(*entry) + 1;
        if has_places {
            push_digit(&mut out, places_of(*entry));
        }
    }
    out
}

/// One letter for each part from the first: its places, 0 where there is none.
/// Without places one letter for every six parts, the first in the lowest bit.
fn dense(entries: &[u64], start: usize, has_places: bool) -> String {
    let mut out = String::from("!");
    let (mut next, mut bits) = (0, 0);
    for entry in entries {
        let at = part_of(*entry) - start;
        let place = if has_places { at } else { at / 6 };
        if place >= next {
            if next > 0 {
                push_digit(&mut out, bits);
            }
            out.extend(std::iter::repeat_n('A', place - next));
            (next, bits) = (place + 1, 0);
        }
        bits |= if has_places { places_of(*entry) } else { 1 << (at % 6) };
    }
    push_digit(&mut out, bits);
    out
}

/// A number in base 32, lowest digit first; all digits but the last have 32 added.
pub(super) fn push_number(out: &mut String, mut number: usize) {
    while number >= 32 {
        push_digit(out, 32 + number % 32);
        number /= 32;
    }
    push_digit(out, number);
}

fn push_digit(out: &mut String, digit: usize) {
    out.push(ALPHABET.get(digit).copied().map_or('A', char::from));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_one_key_are_joined() {
        let entry = |at| pack(Some(0x653f), 0x52a1, Field::Text, 7, at);
        let mut entries = vec![entry(6), entry(1), entry(7), pack(None, 0x39, Field::Title, 7, 3)];
        merge(&mut entries);
        assert_eq!(entries.len(), 2);
        assert_eq!((part_of(entries[1]), places_of(entries[1])), (7, 0b11));
        assert_eq!(name(entries[1] >> 32), "政务");
        assert_eq!((name(entries[0] >> 32), places_of(entries[0])), ("9".to_owned(), 0));
    }

    #[test]
    fn long_lists_are_cut_and_dense_ones_say_each_part() {
        let list = |step: usize| -> Vec<u64> {
            (0..20_000).step_by(step).map(|part| pack(Some(1), 2, Field::Text, part, part)).collect()
        };
        let mut value = String::new();
        let chunks = push_list(&mut value, &list(1), true, 0);
        assert!(value.starts_with("~0;20000;0,"), "{value}");
        assert!(chunks.iter().all(|chunk| chunk.starts_with("\"!") && chunk.len() <= CHUNK + 3));
        assert!(!chunks.is_empty());
        let short = push_list(&mut value, &list(100), true, 0);
        assert!(short.is_empty(), "a short list stays in its shard");
    }
}

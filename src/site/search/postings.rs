//! Posting lists: which documents hold a key.
//!
//! A list is a run of gaps between document numbers, each gap in base 32 with
//! a continuation bit, in a 64-letter alphabet that JSON need not escape. A
//! list of more than half of the documents names those that are missing and
//! begins with `!`. The value of a key is `titles|texts`.

use std::fmt::Write as _;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bits of a document's number.
const ID_BITS: u32 = 24;

/// Packs a key, the place (title or text) and a document into one number that
/// sorts by key, then place, then document: 16 bits for each character.
pub(super) fn pack(first: Option<char>, second: char, id: usize, in_title: bool) -> u64 {
    let unit = |c: char| u64::from(u32::from(c)) & 0xffff;
    let key = (first.map_or(0, unit) << 16) | unit(second);
    let id = u64::try_from(id).unwrap_or(u64::MAX) & ((1 << ID_BITS) - 1);
    (key << (ID_BITS + 1)) | (u64::from(!in_title) << ID_BITS) | id
}

/// Sorts the packed numbers into shards of about `size` bytes, as JSON.
pub(super) fn shards(mut packed: Vec<u64>, documents: usize, size: usize) -> Vec<String> {
    use rayon::slice::ParallelSliceMut as _;
    packed.par_sort_unstable();
    packed.dedup();
    let mut lists: Vec<(String, String)> = Vec::new();
    for key in packed.chunk_by(|a, b| a >> (ID_BITS + 1) == b >> (ID_BITS + 1)) {
        let split = key.partition_point(|entry| entry & (1 << ID_BITS) == 0);
        let (titles, texts) = key.split_at(split);
        let value = format!("{}|{}", encode(titles, documents), encode(texts, documents));
        lists.push((name(key.first().copied().unwrap_or(0)), value));
    }
    let total: usize = lists.iter().map(|(key, value)| key.len() + value.len() + 6).sum();
    let count = total.div_ceil(size).max(1);
    let mut shards = vec![String::from("{"); count];
    for (key, value) in lists {
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

/// The key as text.
fn name(packed: u64) -> String {
    let unit =
        |bits: u64| u32::try_from(bits & 0xffff).ok().filter(|unit| *unit > 0).and_then(char::from_u32);
    let key = packed >> (ID_BITS + 1);
    unit(key >> 16).into_iter().chain(unit(key)).collect()
}

/// The shard of a key: FNV-1a over its UTF-16 units, as the script computes it.
pub(super) fn place(key: &str, shards: usize) -> usize {
    let hash = key
        .encode_utf16()
        .fold(0x811c_9dc5_u32, |hash, unit| (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193));
    usize::try_from(hash).unwrap_or(0) % shards.max(1)
}

fn encode(entries: &[u64], documents: usize) -> String {
    let ids: Vec<usize> =
        entries.iter().filter_map(|entry| usize::try_from(entry & ((1 << ID_BITS) - 1)).ok()).collect();
    if ids.len() * 2 <= documents {
        return gaps(ids.iter().copied());
    }
    let mut present = ids.iter().copied().peekable();
    let missing = (0..documents).filter(|id| present.next_if_eq(id).is_none());
    format!("!{}", gaps(missing))
}

fn gaps(ids: impl Iterator<Item = usize>) -> String {
    let mut out = String::new();
    let mut next = 0;
    for id in ids {
        let mut gap = id - next;
        next = id + 1;
        while gap >= 32 {
            push_digit(&mut out, 32 + gap % 32);
            gap /= 32;
        }
        push_digit(&mut out, gap);
    }
    out
}

fn push_digit(out: &mut String, digit: usize) {
    out.push(ALPHABET.get(digit).copied().map_or('A', char::from));
}

#[cfg(test)]
pub(super) fn decode(list: &str, documents: usize) -> Vec<usize> {
    let (is_rest, digits) = list.strip_prefix('!').map_or((false, list), |rest| (true, rest));
    let (mut ids, mut next, mut gap, mut shift) = (Vec::new(), 0, 0, 0);
    for letter in digits.bytes() {
        let digit = ALPHABET.iter().position(|known| *known == letter).unwrap();
        gap += (digit % 32) << shift;
        shift += 5;
        if digit < 32 {
            ids.push(next + gap);
            (next, gap, shift) = (next + gap + 1, 0, 0);
        }
    }
    if is_rest { (0..documents).filter(|id| !ids.contains(id)).collect() } else { ids }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_back_as_they_were() {
        for (ids, documents) in
            [(vec![], 9), (vec![0], 9), (vec![0, 1, 2, 40, 2000], 5000), (vec![0, 1, 2, 4, 5, 6, 7], 8)]
        {
            let packed: Vec<u64> = ids.iter().map(|id| pack(None, '政', *id, false)).collect();
            assert_eq!(decode(&encode(&packed, documents), documents), ids);
        }
        assert!(encode(&[pack(None, '政', 0, true)], 1).starts_with('!'));
    }

    #[test]
    fn a_key_has_its_name() {
        assert_eq!(name(pack(Some('政'), '务', 77, true)), "政务");
        assert_eq!(name(pack(None, '9', 77, false)), "9");
    }
}

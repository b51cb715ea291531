//! Sorted tables of 32-bit entries that are read where they lie.
//!
//! The entries are hashes, hence spread evenly: an index of their upper halves,
//! made in a millisecond, leaves a handful of neighbours to look through.

use std::borrow::Cow;

/// A table of little-endian entries in ascending order.
#[derive(Debug, Clone)]
pub(crate) struct Table<'a> {
    bytes: Cow<'a, [u8]>,
    /// How many low bits of an entry are its value; the rest is the key.
    value_bits: u32,
    /// Where the entries with each upper half begin; one more than there are
    /// upper halves, so that an end is at hand for each.
    index: Vec<u32>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(bytes: impl Into<Cow<'a, [u8]>>, value_bits: u32) -> Self {
        let bytes = bytes.into();
        let mut index = vec![0_u32; (1 << 16) + 1];
        let (entries, _) = bytes.as_chunks::<4>();
        let halves = entries.iter().map(|&entry| (u32::from_le_bytes(entry) >> 16) as usize);
        halves.for_each(|half| {
            if let Some(count) = index.get_mut(half + 1) {
                *count += 1;
            }
        });
        let mut sum = 0;
        for count in &mut index {
            sum += *count;
            *count = sum;
        }
        Self { bytes, value_bits, index }
    }

    /// The number of entries.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len() / 4
    }

    /// The same table with bytes of its own.
    pub(crate) fn into_owned(self) -> Table<'static> {
        Table { bytes: Cow::Owned(self.bytes.into_owned()), value_bits: self.value_bits, index: self.index }
    }

    /// The value stored under a hash.
    pub(crate) fn get(&self, hash: u32) -> Option<u32> {
        let key = hash >> self.value_bits;
        let half = (hash >> 16) as usize;
        let (&start, &end) = (self.index.get(half)?, self.index.get(half + 1)?);
        let near = self.bytes.get(start as usize * 4..end as usize * 4)?;
        let (entries, _) = near.as_chunks::<4>();
        let entry = |at: usize| entries.get(at).map(|&entry| u32::from_le_bytes(entry));
        let key_at = |at: usize| entry(at).map(|entry| entry >> self.value_bits);
        // The lower halves are spread evenly, too: the search begins where the entry
        // should lie, and ends a step or two from there.
        let mut at = ((hash & 0xffff) as usize * entries.len()) >> 16;
        while at > 0 && key_at(at - 1).is_some_and(|before| before >= key) {
            at -= 1;
        }
        while key_at(at).is_some_and(|before| before < key) {
            at += 1;
        }
        let found = entry(at)?;
        let mask = (1 << self.value_bits) - 1;
        (found >> self.value_bits == key).then_some(found & mask)
    }
}

/// The hash of a sequence of characters.
pub(crate) fn hash(chars: &[char]) -> u32 {
    let mixed = chars.iter().fold(0_u64, |state, &c| mix(state ^ u64::from(u32::from(c))));
    // The upper half, by construction below 2³².
    u32::try_from(mixed >> 32).unwrap_or(u32::MAX)
}

/// The finaliser of `SplitMix64`.
fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_there_and_nothing_else() {
        let mut entries: Vec<u32> =
            (0..5_000_u32).map(|i| hash(&[char::from_u32(0x4e00 + i).unwrap()]) & !7 | (i & 7)).collect();
        entries.sort_unstable();
        let bytes: Vec<u8> = entries.iter().flat_map(|entry| entry.to_le_bytes()).collect();
        let table = Table::new(bytes.as_slice(), 3);
        for i in 0..5_000_u32 {
            assert_eq!(table.get(hash(&[char::from_u32(0x4e00 + i).unwrap()])), Some(i & 7));
        }
        assert_eq!(table.get(hash(&['a'])), None);
        assert_eq!(table.get(0), None);
        assert_eq!(table.get(u32::MAX), None);
        assert_eq!(Table::new([].as_slice(), 3).get(5), None);
    }
}

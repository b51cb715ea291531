//! Sorted tables of 32-bit entries that are read where they lie.
//!
//! The entries are hashes, hence spread evenly, so the place of one is guessed
//! from its value and found a few steps further: no index, no start-up cost.

/// A table of little-endian entries in ascending order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table<'a> {
    bytes: &'a [u8],
    /// How many low bits of an entry are its value; the rest is the key.
    value_bits: u32,
}

impl<'a> Table<'a> {
    pub(crate) const fn new(bytes: &'a [u8], value_bits: u32) -> Self {
        Self { bytes, value_bits }
    }

    /// The number of entries.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len() / 4
    }

    fn entry(&self, index: usize) -> u32 {
        let bytes =
            self.bytes.get(index * 4..index * 4 + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
        bytes.map_or(u32::MAX, u32::from_le_bytes)
    }

    /// The value stored under a hash.
    pub(crate) fn get(&self, hash: u32) -> Option<u32> {
        let count = self.len();
        let key = hash >> self.value_bits;
        let last = count.checked_sub(1)?;
        let guess = (u64::from(hash) * count as u64) >> 32;
        let mut at = usize::try_from(guess).ok()?.min(last);
        // The guess is off by about the root of the count; what the entry there
        // says brings it within a few steps.
        for _ in 0..4 {
            let entry = self.entry(at);
            let off = (u64::from(hash.abs_diff(entry)) * count as u64) >> 32;
            let off = usize::try_from(off).ok()?;
            if off < 2 {
                break;
            }
            at = if entry < hash { (at + off).min(last) } else { at.saturating_sub(off) };
        }
        while at > 0 && self.entry(at) >> self.value_bits >= key {
            at -= 1;
        }
        while at < count {
            let entry = self.entry(at);
            if entry >> self.value_bits >= key {
                let mask = (1 << self.value_bits) - 1;
                return (entry >> self.value_bits == key).then_some(entry & mask);
            }
            at += 1;
        }
        None
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
        let table = Table::new(&bytes, 3);
        for i in 0..5_000_u32 {
            assert_eq!(table.get(hash(&[char::from_u32(0x4e00 + i).unwrap()])), Some(i & 7));
        }
        assert_eq!(table.get(hash(&['a'])), None);
        assert_eq!(table.get(0), None);
        assert_eq!(table.get(u32::MAX), None);
        assert_eq!(Table::new(&[], 3).get(5), None);
    }
}

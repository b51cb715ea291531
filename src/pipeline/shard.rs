//! One of several parts of a site, each of which another machine can make.
//!
//! What belongs together is made together: all pages of a set go to the part
//! that a hash of the set's id names, the search index is one piece, and any
//! other file goes by a hash of its address. A new set therefore never moves
//! another to a different part, and caches of a part stay warm.

use jiedu_base::name::{Digest, SetId};

/// Where the search index lies: its pieces are made from all texts at once.
const SEARCH: &str = "search/index/";

/// The most parts of one site.
pub const MOST_SHARDS: u32 = 4096;

/// Part `index` of `count`; `index` counts from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    index: u32,
    count: u32,
}

impl Shard {
    /// A part; none when the numbers fit no part: `1 ≤ index ≤ count ≤` [`MOST_SHARDS`].
    #[must_use]
    pub fn new(index: u32, count: u32) -> Option<Self> {
        ((1..=count).contains(&index) && count <= MOST_SHARDS).then_some(Self { index, count })
    }

    /// Reads `2/7`.
    ///
    /// ```
    /// use jiedu_pipeline::Shard;
    /// assert_eq!(Shard::parse("2/7"), Shard::new(2, 7));
    /// assert_eq!(Shard::parse("8/7"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (index, count) = text.split_once('/')?;
        let number = |text: &str| {
            let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| text.parse().ok()).flatten()
        };
        Self::new(number(index)?, number(count)?)
    }

    /// Which part it is, from 1.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }

    /// How many parts there are.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count
    }

    /// Whether the file at a path of the site is made in this part.
    #[must_use]
    pub fn owns(self, path: &str) -> bool {
        place(key(path), self.count) + 1 == self.index
    }
}

/// What decides where a file is made.
fn key(path: &str) -> &str {
    if path.starts_with(SEARCH) {
        return SEARCH;
    }
    let Some(rest) = path.strip_prefix("policies/") else { return path };
    let slashes: Vec<usize> = rest.match_indices('/').map(|(at, _)| at).take(2).collect();
    match slashes.as_slice() {
        [_, end] => rest.get(..*end).filter(|id| SetId::parse(id).is_ok()).unwrap_or(path),
        _ => path,
    }
}

/// The part of a key, from 0: its SHA-256 taken as a number, modulo the count.
fn place(key: &str, count: u32) -> u32 {
    let digest = Digest::of(key.as_bytes()).hex();
    let first = digest.get(..15).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0);
    u32::try_from(first % u64::from(count.max(1))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_fit_no_part_are_refused() {
        for text in ["0/3", "4/3", "1/0", "1/5000", "+1/3", " 1/3", "1/3/2", "1", "a/b", "", "/", "1/"] {
            assert_eq!(Shard::parse(text), None, "{text}");
        }
        assert_eq!(Shard::parse("3/3").map(|shard| (shard.index(), shard.count())), Some((3, 3)));
    }

    #[test]
    fn every_file_has_one_part_and_a_set_stays_together() {
        let paths = ["index.html", "policies/index.html", "policies/2025/a/index.html", "feed.xml"];
        for count in [1, 2, 7, 64] {
            let parts: Vec<Shard> = (1..=count).filter_map(|index| Shard::new(index, count)).collect();
            for path in paths {
                assert_eq!(parts.iter().filter(|part| part.owns(path)).count(), 1, "{path} of {count}");
            }
            let home = parts.iter().find(|part| part.owns("policies/2025/a/index.html")).unwrap();
            for rest in ["set.json", "v1/index.html", "compare/1-2/index.html", "attachments/表.csv"] {
                assert!(home.owns(&format!("policies/2025/a/{rest}")), "{rest}");
            }
            let index = parts.iter().find(|part| part.owns("search/index/index.json")).unwrap();
            assert!(index.owns("search/index/d/1.json"));
        }
    }

    #[test]
    fn parts_are_of_like_size() {
        let count = 8;
        let mut sizes = vec![0_u32; 8];
        for n in 0..4000 {
            let path = format!("policies/2025/set-{n}/index.html");
            for (size, index) in sizes.iter_mut().zip(1..) {
                *size += u32::from(Shard::new(index, count).unwrap().owns(&path));
            }
        }
        assert_eq!(sizes.iter().sum::<u32>(), 4000);
        assert!(sizes.iter().all(|size| (400..600).contains(size)), "{sizes:?}");
    }
}

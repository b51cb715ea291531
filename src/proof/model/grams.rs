//! How often characters follow each other: pairs and triples.
//!
//! The model is a file of two sorted tables of hashes with the logarithm of the
//! count. An office may train one on its own archive; its digest goes into the
//! record, so training is deterministic: same texts, same bytes.

use std::sync::LazyLock;

use super::table::{Table, hash};
use jiedu_base::name::Digest;
use jiedu_base::text::is_han;

static BUILTIN_BYTES: &[u8] = include_bytes!("../data/grams.bin");

/// The model that comes with the program.
pub(crate) static BUILTIN: LazyLock<Model<'static>> =
    LazyLock::new(|| Model::read(BUILTIN_BYTES, None).unwrap_or_else(Model::empty));

/// What a model file begins with.
const MAGIC: &[u8; 8] = b"jdgrams1";
const HEADER: usize = 16;
/// The low bits of an entry: the binary logarithm of the count.
const VALUE_BITS: u32 = 4;
/// Stands for whatever is not Han.
const EDGE: char = '\n';
/// Stands before a single character among the pairs.
const ALONE: char = '\t';
/// Single characters are common: they are counted by so many.
const BY: u32 = 16;

/// Counts of pairs and triples of characters.
#[derive(Debug, Clone)]
pub struct Model<'a> {
    pairs: Table<'a>,
    triples: Table<'a>,
    /// None for the model of the program: it is not hashed at every start.
    digest: Option<Digest>,
    /// Whether the statistics of the program count, too.
    adds: bool,
}

impl<'a> Model<'a> {
    /// The model that comes with the program.
    #[must_use]
    pub fn builtin() -> &'static Model<'static> {
        &BUILTIN
    }

    /// A model that has seen nothing.
    fn empty() -> Self {
        let none = || Table::new([].as_slice(), VALUE_BITS);
        Self { pairs: none(), triples: none(), digest: Some(Digest::of(&[])), adds: false }
    }

    /// Reads a model file; `None` when it is none.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Model<'static>> {
        let model = Model::read(bytes, Some(Digest::of(bytes)))?;
        let own = |table: Table<'_>| table.into_owned();
        Some(Model {
            pairs: own(model.pairs),
            triples: own(model.triples),
            digest: model.digest,
            adds: false,
        })
    }

    fn read(bytes: &'a [u8], digest: Option<Digest>) -> Option<Self> {
        let header = bytes.get(..HEADER)?;
        if !header.starts_with(MAGIC) {
            return None;
        }
        let count = |at: usize| -> Option<usize> {
            let field: [u8; 4] = header.get(at..at + 4)?.try_into().ok()?;
            usize::try_from(u32::from_le_bytes(field)).ok()
        };
        let (pairs, triples) = (count(8)?.checked_mul(4)?, count(12)?.checked_mul(4)?);
        let middle = HEADER.checked_add(pairs)?;
        let end = middle.checked_add(triples).filter(|&end| end == bytes.len())?;
        Some(Self {
            pairs: Table::new(bytes.get(HEADER..middle)?, VALUE_BITS),
            triples: Table::new(bytes.get(middle..end)?, VALUE_BITS),
            digest,
            adds: false,
        })
    }

    /// The same model on top of the one that comes with the program: what either
    /// has seen counts.
    #[must_use]
    pub fn over_builtin(self) -> Self {
        Self { adds: true, ..self }
    }

    /// The digest of the file, for the record.
    #[must_use]
    pub fn digest(&self) -> String {
        self.digest.unwrap_or_else(|| Digest::of(BUILTIN_BYTES)).to_string()
    }

    /// How many pairs and triples it knows.
    #[must_use]
    pub fn sizes(&self) -> (usize, usize) {
        (self.pairs.len(), self.triples.len())
    }

    /// How common a pair is: 0 for unseen, else growing with the logarithm of
    /// its count. Anything but Han counts as one edge.
    pub(crate) fn pair(&self, a: char, b: char) -> u32 {
        let hash = hash(&[folded(a), folded(b)]);
        let level = |table: &Table<'_>| table.get(hash).map_or(0, |value| value + 1);
        let own = level(&self.pairs);
        if self.adds { own.max(level(&BUILTIN.pairs)) } else { own }
    }

    /// About how often a character was seen.
    pub(crate) fn single(&self, c: char) -> f64 {
        let hash = hash(&[ALONE, folded(c)]);
        let level = |table: &Table<'_>| table.get(hash).map_or(0, |value| value + 1);
        let own = level(&self.pairs);
        let level = if self.adds { own.max(level(&BUILTIN.pairs)) } else { own };
        if level == 0 { 0.0 } else { 1.4 * f64::from(BY << (level - 1)) }
    }

    /// The same of three characters.
    pub(crate) fn triple(&self, a: char, b: char, c: char) -> u32 {
        let hash = hash(&[folded(a), folded(b), folded(c)]);
        let level = |table: &Table<'_>| table.get(hash).map_or(0, |value| value + 1);
        let own = level(&self.triples);
        if self.adds { own.max(level(&BUILTIN.triples)) } else { own }
    }
}

fn folded(c: char) -> char {
    if is_han(c) { c } else { EDGE }
}

/// Trains a model from texts: counts of pairs and triples that occur at least
/// `least` times. Deterministic, whatever the order of the texts.
#[must_use]
pub fn train<'t>(texts: impl Iterator<Item = &'t str>, least: u32) -> Vec<u8> {
    let (mut pairs, mut triples, mut singles) = (Vec::new(), Vec::new(), Vec::new());
    for text in texts {
        let (mut earlier, mut previous) = (EDGE, EDGE);
        for c in text.chars().map(folded).chain([EDGE]) {
            if c == EDGE && previous == EDGE {
                earlier = EDGE;
                continue;
            }
            pairs.push(hash(&[previous, c]) >> VALUE_BITS);
            singles.push(hash(&[ALONE, c]) >> VALUE_BITS);
            if earlier != EDGE || previous != EDGE {
                triples.push(hash(&[earlier, previous, c]) >> VALUE_BITS);
            }
            (earlier, previous) = (previous, c);
        }
    }
    let (mut pairs, triples) = (counted(pairs, least, 1), counted(triples, least, 1));
    pairs.extend(counted(singles, BY, BY));
    pairs.sort_unstable();
    pairs.dedup_by_key(|entry| *entry >> VALUE_BITS);
    let mut out = MAGIC.to_vec();
    for table in [&pairs, &triples] {
        out.extend(u32::try_from(table.len()).unwrap_or(0).to_le_bytes());
    }
    out.extend(pairs.iter().chain(&triples).flat_map(|entry| entry.to_le_bytes()));
    out
}

/// Sorted keys with the logarithm of their count, in units of `by`, in the low bits.
fn counted(mut keys: Vec<u32>, least: u32, by: u32) -> Vec<u32> {
    keys.sort_unstable();
    let groups = keys.chunk_by(|a, b| a == b);
    groups
        .filter_map(|group| {
            let count = u32::try_from(group.len()).unwrap_or(u32::MAX);
            let key = group.first().copied()?;
            (count >= least.max(1))
                .then(|| key << VALUE_BITS | (count / by).max(1).ilog2().min((1 << VALUE_BITS) - 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_is_deterministic_and_counts() {
        let texts = ["行政机关应当依法行政。", "行政机关负责。", "依法行政，依法行政。"];
        let bytes = train(texts.iter().copied(), 2);
        let mut reversed = texts;
        reversed.reverse();
        assert_eq!(bytes, train(reversed.iter().copied(), 2));
        let model = Model::parse(&bytes).unwrap();
        assert!(model.pair('行', '政') > model.pair('机', '关'));
        assert!(model.triple('依', '法', '行') > 0);
        assert_eq!(model.pair('负', '责'), 0);
        assert!(model.digest().starts_with("sha256:"));
        assert!(Model::parse(b"jdgrams1").is_none());
        assert!(Model::parse(&bytes[..bytes.len() - 1]).is_none());
    }
}

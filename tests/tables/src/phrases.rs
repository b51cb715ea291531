//! Set phrases of official writing: four characters that regulations use again and
//! again, two words side by side or one word.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::{Sources, is_han};
use crate::tables::code;

/// So often a phrase stands in the corpus.
const USUAL: u64 = 200;

pub fn phrases(sources: &Sources) -> Vec<u8> {
    let known: BTreeSet<&str> = sources
        .words
        .iter()
        .filter(|word| word.frequency >= 10 && word.text.chars().count() > 1)
        .map(|word| word.text.as_str())
        .collect();
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for text in &sources.texts {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        for place in places.windows(5) {
            let [start, _, middle, _, end] = *place else { continue };
            let word = |from, to| text.get(from..to).filter(|word| known.contains(word));
            let is_phrase =
                word(start, end).is_some() || word(start, middle).and(word(middle, end)).is_some();
            if let Some(phrase) = text.get(start..end).filter(|phrase| is_phrase && is_han(phrase)) {
                *counts.entry(phrase).or_default() += 1;
            }
        }
    }
    let usual = counts.into_iter().filter(|&(_, count)| count >= USUAL).map(|(phrase, _)| phrase);
    usual.flat_map(str::chars).flat_map(|c| code(c).to_le_bytes()).collect()
}

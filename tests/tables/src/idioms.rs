//! The idioms: four characters that the dictionary marks as one, and that no more
//! frequent idiom is a slip away from.

use std::collections::BTreeMap;

use crate::sources::{Sources, is_han};
use crate::tables::code;

type Idiom = [char; 4];

pub fn idioms(sources: &Sources) -> Vec<u8> {
    let mut all: Vec<(Idiom, u64)> = Vec::new();
    for word in &sources.words {
        let chars: Vec<char> = word.text.chars().collect();
        let Ok(idiom) = Idiom::try_from(chars) else { continue };
        if word.is_idiom && is_han(&word.text) && !sources.wrong.contains(&word.text) {
            all.push((idiom, word.frequency));
        }
    }
    let mut near: BTreeMap<(bool, char, char), Vec<(Idiom, u64)>> = BTreeMap::new();
    for &(idiom, frequency) in &all {
        let [a, b, c, d] = idiom;
        near.entry((false, a, b)).or_default().push((idiom, frequency));
        near.entry((true, c, d)).or_default().push((idiom, frequency));
    }
    let is_model = |&(idiom, frequency): &(Idiom, u64)| {
        let [a, b, c, d] = idiom;
        let others = [(false, a, b), (true, c, d)].into_iter().filter_map(|key| near.get(&key)).flatten();
        !others.clone().any(|&(other, more)| frequency <= more && is_slip(sources, &idiom, &other))
    };
    let mut models: Vec<Idiom> =
        all.iter().filter(|idiom| is_model(idiom)).map(|&(idiom, _)| idiom).collect();
    models.sort_unstable();
    models.into_iter().flatten().flat_map(|c| code(c).to_le_bytes()).collect()
}

/// Whether one character differs, and may be taken for the other.
fn is_slip(sources: &Sources, a: &Idiom, b: &Idiom) -> bool {
    let mut differing = a.iter().zip(b).filter(|(a, b)| a != b);
    match (differing.next(), differing.next()) {
        (Some((&a, &b)), None) => sources.may_be_confused(a, b),
        _ => false,
    }
}

//! Which characters sound alike, and which stand beside anything.

use std::sync::LazyLock;

use crate::model::lexicon;

static SOUNDS: LazyLock<Vec<Vec<char>>> = LazyLock::new(lexicon::by_sound);

/// A correction in the coordinates of a run: the word that comes out.
pub(super) struct Candidate {
    pub(super) start: usize,
    pub(super) right: Vec<char>,
    /// How many characters of the run it replaces.
    pub(super) written: usize,
    pub(super) gain: u32,
}

/// The characters that are read like one.
pub(super) fn homophones(c: char) -> impl Iterator<Item = char> {
    lexicon::readings(c)
        .filter_map(|reading| SOUNDS.get(usize::from(reading)))
        .flatten()
        .copied()
        .filter(move |&other| other != c)
}

/// Characters whose reading many speakers do not tell from that of one.
pub(super) fn near_homophones(c: char) -> impl Iterator<Item = char> {
    lexicon::readings(c)
        .flat_map(lexicon::near_readings)
        .filter_map(|reading| SOUNDS.get(usize::from(reading)))
        .flatten()
        .copied()
}

/// Characters that stand beside anything.
pub(super) const FUNCTION: &str = "的是在和与及或于以为之而但就也都被把将从对由向给到其这那此各该已再又不很更最只才可能会要使让一二三四五六七八九十两几多少等着了过得地所者既";

//! Reading the sources.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// How often a word of administration is counted that the dictionary lacks.
const ADDED: u64 = 60;
/// Readings and shapes are kept of so many characters.
const CHARACTERS: usize = 6_500;

/// Everything the tables are made of.
pub struct Sources {
    /// The words of the dictionary in its order, with frequency and kind.
    pub words: Vec<Word>,
    /// Wrong forms of the word list: no words.
    pub wrong: BTreeSet<String>,
    /// The readings of the common characters without tones, the usual one first.
    pub readings: BTreeMap<char, Vec<String>>,
    /// Pairs of characters that look alike, both ways.
    pub alike: BTreeSet<(char, char)>,
    /// The texts of the corpus, in the order of their names.
    pub texts: Vec<String>,
    /// How often each word of two to four characters stands in them.
    pub seen: BTreeMap<String, u64>,
}

/// A word of the dictionary.
pub struct Word {
    pub text: String,
    pub frequency: u64,
    pub is_idiom: bool,
}

impl Sources {
    pub fn read(root: &Path, strokes: &Path, corpus: &Path) -> Outcome<Self> {
        let data = root.join("../../src/proof/data");
        let words = words(&packaged("jieba-rs-0.7.4/src/data/dict.txt")?, &root.join("added.txt"))?;
        let common: BTreeSet<char> = common(&words).into_iter().take(CHARACTERS).collect();
        let texts = texts(corpus)?;
        let readings = readings(&packaged("pinyin-0.10.0/pinyin-data/pinyin.txt")?, &common)?;
        Ok(Self {
            seen: seen(&words, &texts),
            texts,
            wrong: wrong(&data.join("words.txt"))?,
            alike: alike(strokes, &common)?,
            readings,
            words,
        })
    }

    /// Whether two characters may be read alike or look alike.
    pub fn may_be_confused(&self, a: char, b: char) -> bool {
        let readings = |c| self.readings.get(&c).map_or(&[][..], Vec::as_slice);
        readings(a).iter().any(|reading| readings(b).contains(reading)) || self.alike.contains(&(a, b))
    }
}

pub fn is_han(text: &str) -> bool {
    text.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// The text of a source; which one is not there is said.
fn text_of(path: impl AsRef<Path>) -> Outcome<String> {
    let path = path.as_ref();
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// A file of a package that cargo has fetched.
fn packaged(path: &str) -> Outcome<PathBuf> {
    let home = std::env::var_os("CARGO_HOME")
        .map_or_else(|| std::env::home_dir().unwrap_or_default().join(".cargo"), PathBuf::from);
    for registry in fs::read_dir(home.join("registry/src"))? {
        let file = registry?.path().join(path);
        if file.exists() {
            return Ok(file);
        }
    }
    Err(format!("{path} is not there: run `cargo fetch` in tests/tables first").into())
}

fn words(dictionary: &Path, added: &Path) -> Outcome<Vec<Word>> {
    let mut words = Vec::new();
    let mut place = BTreeMap::new();
    for line in text_of(dictionary)?.lines() {
        let mut fields = line.split_whitespace();
        let (Some(text), Some(frequency)) = (fields.next(), fields.next()) else { continue };
        place.insert(text.to_owned(), words.len());
        let is_idiom = fields.next() == Some("i");
        words.push(Word { text: text.to_owned(), frequency: frequency.parse()?, is_idiom });
    }
    let text = text_of(added)?;
    for word in text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace) {
        match place.get(word).and_then(|&at| words.get_mut(at)) {
            Some(known) => known.frequency = known.frequency.max(ADDED),
            None => words.push(Word { text: word.to_owned(), frequency: ADDED, is_idiom: false }),
        }
    }
    Ok(words)
}

/// The wrong forms of the word list that no reading of the text makes right.
fn wrong(list: &Path) -> Outcome<BTreeSet<String>> {
    let text = text_of(list)?;
    let entries = text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
    let forms = entries.filter_map(|entry| entry.split('=').next());
    Ok(forms
        .filter(|form| !form.starts_with(['?', '!', '*']))
        .map(|form| form.trim_start_matches(['~', '+']).to_owned())
        .collect())
}

/// Han characters, the most frequent first; ties in the order of the dictionary.
fn common(words: &[Word]) -> Vec<char> {
    let mut order = Vec::new();
    let mut counts: BTreeMap<char, u64> = BTreeMap::new();
    for word in words {
        for c in word.text.chars() {
            let count = counts.entry(c).or_insert_with(|| {
                order.push(c);
                0
            });
            *count += word.frequency;
        }
    }
    order.retain(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
    order.sort_by_key(|c| std::cmp::Reverse(counts.get(c).copied()));
    order
}

/// The two usual readings of each character, tones taken off.
fn readings(list: &Path, common: &BTreeSet<char>) -> Outcome<BTreeMap<char, Vec<String>>> {
    let mut readings = BTreeMap::new();
    for line in text_of(list)?.lines() {
        let Some((code, rest)) = line.strip_prefix("U+").and_then(|line| line.split_once(": ")) else {
            continue;
        };
        let Some(c) = u32::from_str_radix(code, 16).ok().and_then(char::from_u32) else { continue };
        let spelt = rest.split([' ', '#']).next().unwrap_or("");
        if !common.contains(&c) || spelt.is_empty() {
            continue;
        }
        let mut own: Vec<String> = Vec::new();
        for reading in spelt.split(',').take(2) {
            let bare: String = reading.chars().map(without_tone).collect();
            if !own.contains(&bare) {
                own.push(bare);
            }
        }
        readings.insert(c, own);
    }
    Ok(readings)
}

fn without_tone(c: char) -> char {
    const TONES: [(&str, char); 8] = [
        ("āáǎà", 'a'),
        ("ēéěè", 'e'),
        ("īíǐì", 'i'),
        ("ōóǒò", 'o'),
        ("ūúǔù", 'u'),
        ("ǖǘǚǜü", 'v'),
        ("ńňǹ", 'n'),
        ("ḿ", 'm'),
    ];
    TONES.iter().find(|(toned, _)| toned.contains(c)).map_or(c, |&(_, bare)| bare)
}

pub fn texts(corpus: &Path) -> Outcome<Vec<String>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(corpus)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths.iter().map(fs::read_to_string).collect::<Result<_, _>>()?)
}

fn seen(words: &[Word], texts: &[String]) -> BTreeMap<String, u64> {
    let mut seen: HashMap<&str, u64> = words
        .iter()
        .filter(|word| (2..=4).contains(&word.text.chars().count()))
        .map(|word| (word.text.as_str(), 0))
        .collect();
    for text in texts {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        for length in 2..=4 {
            for ends in places.windows(length + 1) {
                let word = ends.first().zip(ends.last()).and_then(|(&start, &end)| text.get(start..end));
                if let Some(count) = word.and_then(|word| seen.get_mut(word)) {
                    *count += 1;
                }
            }
        }
    }
    seen.into_iter().map(|(word, count)| (word.to_owned(), count)).collect()
}

fn alike(strokes: &Path, common: &BTreeSet<char>) -> Outcome<BTreeSet<(char, char)>> {
    let mut pairs = BTreeSet::new();
    for line in text_of(strokes)?.lines() {
        let group: Vec<char> = line.trim().split('\t').filter_map(|field| field.chars().next()).collect();
        for (a, b) in group.iter().flat_map(|&a| group.iter().map(move |&b| (a, b))) {
            if a != b && common.contains(&a) && common.contains(&b) {
                pairs.insert((a, b));
            }
        }
    }
    Ok(pairs)
}

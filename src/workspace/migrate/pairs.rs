//! Which policy an interpretation explains, and which policy replaced another:
//! guesses, each with its evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::shelf::Document;

/// From how much evidence on a pair is taken for sure: a number, a title or a
/// link.
const SURE: usize = 3;

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(\p{Han}[\p{Han}A-Za-z]{0,13}?)\s*[〔\[（(【﹝]\s*(\d{4})\s*[〕\]）)】﹞]\s*第?\s*0*([1-9]\d{0,4})\s*号").ok()
});
static TITLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"《([^《》]{4,120}(?:〈[^〈〉]{2,100}〉[^《》]{0,60})?)》").ok());

/// Why two documents belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Evidence {
    /// Position of the policy.
    pub(super) policy: usize,
    /// How much it weighs.
    pub(super) weight: usize,
    /// What was found, for people.
    pub(super) found: Vec<String>,
}

/// Policies by what texts cite of them.
pub(super) struct Index {
    numbers: BTreeMap<String, BTreeSet<usize>>,
    titles: BTreeMap<String, BTreeSet<usize>>,
    addresses: BTreeMap<String, BTreeSet<usize>>,
}

/// A title without marks and blanks, for comparing.
pub(super) fn bare(title: &str) -> String {
    title
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '《' | '》' | '〈' | '〉' | '“' | '”'))
        .collect()
}

fn number_key(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The last part of an address or path.
pub(super) fn last_part(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(path)
}

impl Index {
    pub(super) fn new<'d>(policies: impl Iterator<Item = (usize, &'d Document)>) -> Self {
        let mut index =
            Self { numbers: BTreeMap::new(), titles: BTreeMap::new(), addresses: BTreeMap::new() };
        for (at, policy) in policies {
            if let Some(number) = &policy.head.number {
                index.numbers.entry(number_key(&number.value)).or_default().insert(at);
            }
            let mut titles: Vec<String> = policy.head.titles.iter().map(|title| bare(title)).collect();
            titles.extend(policy.head.title.as_ref().map(|title| bare(&title.value)));
            // A notice is cited by what it sends out.
            titles.extend(policy.head.title.as_ref().and_then(|title| enclosed(&title.value)));
            for title in titles.into_iter().filter(|title| title.chars().count() >= 4) {
                index.titles.entry(title).or_default().insert(at);
            }
            for address in [policy.old.as_str(), policy.file.as_str()] {
                let name = last_part(address);
                if name.len() > 4 && !name.starts_with("index.") {
                    index.addresses.entry(name.to_owned()).or_default().insert(at);
                }
            }
        }
        index
    }

    /// What speaks for each policy that a text may explain, the weightiest first.
    pub(super) fn candidates(&self, material: &Document) -> Vec<Evidence> {
        let mut found: BTreeMap<usize, Evidence> = BTreeMap::new();
        let mut add = |policies: Option<&BTreeSet<usize>>, weight: usize, what: String| {
            for &policy in policies.into_iter().flatten() {
                let entry =
                    found.entry(policy).or_insert_with(|| Evidence { policy, weight: 0, found: Vec::new() });
                if !entry.found.contains(&what) {
                    entry.weight += weight;
                    entry.found.push(what.clone());
                }
            }
        };
        let title = material.head.title.as_ref().map_or("", |title| title.value.as_str());
        let text = material.text();
        for number in numbers(&text).into_iter().chain(numbers(title)) {
            // A longer run of characters may stand before the code.
            let exact = self.numbers.get(&number);
            let by_end = || {
                self.numbers
                    .iter()
                    .find(|(known, _)| number.ends_with(known.as_str()))
                    .map(|(_, found)| found)
            };
            add(exact.or_else(by_end), SURE, format!("文中写有文号 {number}"));
        }
        for cited in titles(title) {
            add(self.titles.get(&cited), SURE + 1, format!("题名写有《{cited}》"));
        }
        let plain = bare(title);
        for ending in ["解读", "政策解读", "的解读", "图解", "问答", "起草说明", "答记者问"]
        {
            if let Some(start) = plain.strip_suffix(ending) {
                add(self.titles.get(start), SURE, format!("题名为“{start}”的{ending}"));
            }
        }
        for cited in titles(&text).into_iter().take(40) {
            add(self.titles.get(&cited), 2, format!("文中写有《{cited}》"));
        }
        for (target, _) in &material.links {
            add(self.addresses.get(last_part(target)), SURE, format!("链接到 {target}"));
        }
        let mut list: Vec<Evidence> = found.into_values().collect();
        list.sort_by(|a, b| b.weight.cmp(&a.weight).then(a.policy.cmp(&b.policy)));
        list
    }

    /// Policies that a text says it repeals.
    pub(super) fn repealed(&self, policy: usize, document: &Document) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        for line in document.lines().filter(|line| line.contains("废止")) {
            let sentence = line.split_inclusive(['。', '；']).filter(|part| part.contains("废止"));
            for part in sentence {
                let by_number = numbers(part).into_iter().filter_map(|number| self.numbers.get(&number));
                let by_title = titles(part).into_iter().filter_map(|title| self.titles.get(&title));
                for &other in by_number.chain(by_title).flatten().filter(|&&other| other != policy) {
                    if !out.iter().any(|(known, _)| *known == other) {
                        out.push((other, part.trim().to_owned()));
                    }
                }
            }
        }
        out
    }
}

/// The pair that is sure: enough evidence, and clearly more than for any other.
pub(super) fn sure(candidates: &[Evidence]) -> Option<&Evidence> {
    let first = candidates.first().filter(|first| first.weight >= SURE)?;
    let rival = candidates.get(1).map_or(0, |second| second.weight);
    (first.weight > rival).then_some(first)
}

/// `关于印发《甲》的通知` → 甲.
fn enclosed(title: &str) -> Option<String> {
    let plain = bare(title);
    let after = plain.split_once("印发")?.1;
    let inner = after.strip_suffix("的通知").or_else(|| after.strip_suffix("通知"))?;
    (inner.chars().count() >= 4).then(|| inner.to_owned())
}

fn numbers(text: &str) -> BTreeSet<String> {
    let Some(pattern) = NUMBER.as_ref() else { return BTreeSet::new() };
    pattern
        .captures_iter(text)
        .filter_map(|found| {
            Some(format!(
                "{}〔{}〕{}号",
                found.get(1)?.as_str(),
                found.get(2)?.as_str(),
                found.get(3)?.as_str()
            ))
        })
        .collect()
}

fn titles(text: &str) -> Vec<String> {
    let Some(pattern) = TITLE.as_ref() else { return Vec::new() };
    let mut out: Vec<String> = Vec::new();
    for found in pattern.captures_iter(text) {
        let title = found.get(1).map(|title| bare(title.as_str())).unwrap_or_default();
        if !out.contains(&title) {
            out.extend(enclosed(&title));
            out.push(title);
        }
    }
    out
}

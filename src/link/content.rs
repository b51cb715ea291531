//! Whether a section speaks of the clause that it is linked to.
//!
//! A section whose heading names clauses explains them: its figures and its
//! quotations should stand there. One that stands in another clause of the same
//! text instead says that the link names the wrong one. What the text does not
//! have at all says nothing about the link.

use std::collections::BTreeSet;

use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{Message, TextRange, numerals};
use jiedu_model::{InterpretationMaterial, PolicyDocument, Section};

use super::ClauseIndex;

/// Quotations shorter than this (in characters) are names and terms.
const SHORTEST_QUOTE: usize = 8;

/// What sections say that stands in other clauses than those they explain.
pub(super) fn check(policy: &PolicyDocument, material: &InterpretationMaterial) -> Vec<Finding> {
    let names = ClauseIndex::new(policy);
    let mut findings = Vec::new();
    for section in &material.sections {
        let targets = section.heading_targets.iter().chain(&section.text_targets);
        let claimed: Option<Vec<usize>> =
            targets.map(|target| names.find(target).filter(|_| !target.contains('#'))).collect();
        // A link that leads elsewhere or nowhere is told of already.
        let Some(claimed) = claimed.filter(|_| !section.heading_targets.is_empty()) else { continue };
        findings.extend(of_section(policy, material, section, &claimed));
    }
    findings
}

fn of_section(
    policy: &PolicyDocument,
    material: &InterpretationMaterial,
    section: &Section,
    claimed: &[usize],
) -> Vec<Finding> {
    let mut inside: BTreeSet<usize> = BTreeSet::new();
    for &clause in claimed {
        inside.extend(with_below(policy, clause));
        inside.extend(std::iter::successors(Some(clause), |at| policy.provisions.get(*at)?.parent));
    }
    let text = |at: &usize| policy.provisions.get(*at).map_or("", |provision| provision.text.as_str());
    let own: String = inside.iter().map(text).collect();
    let known = Said::of(&own);
    let mut findings = Vec::new();
    for block in material.blocks.get(section.blocks.clone()).unwrap_or_default() {
        let said = Said::of(&block.text);
        let strange = said
            .figures
            .difference(&known.figures)
            .map(|figure| (figure.shown.clone(), Thing::Figure(figure)));
        let quotes = said.quotes.iter().filter(|quote| !squeezed(&own).contains(quote.as_str()));
        for (shown, thing) in strange.chain(quotes.map(|quote| (quote.clone(), Thing::Quote(quote)))) {
            let elsewhere = (0..policy.provisions.len()).filter(|at| !inside.contains(at));
            let mut elsewhere = elsewhere.filter(|at| thing.stands_in(text(at)));
            let Some(other) = elsewhere.next().and_then(|at| policy.provisions.get(at)) else { continue };
            let range = place(material, block.range, &shown);
            let claimed: Vec<&str> = claimed
                .iter()
                .filter_map(|at| policy.provisions.get(*at))
                .map(|provision| provision.reference.as_str())
                .collect();
            let message = Message::new(
                format!("“{shown}”不在本节解读的{}里，在{}里", claimed.join("、"), other.reference),
                format!(
                    "`{shown}` stands in {} and not in {}, which the section explains",
                    other.reference,
                    claimed.join(", ")
                ),
            );
            let place = Place::range(&material.file, range);
            findings.push(
                Finding::new("L316", "clause-content", "link", Severity::Warning, place, message).note(
                    "请核对标题里的条款链接是否指对；本节也说到那一条时，在正文里加上它的链接。",
                    "Check the clause link of the heading; link the other provision, too, where the section speaks of both.",
                ),
            );
        }
    }
    findings
}

/// A provision and all below it.
fn with_below(policy: &PolicyDocument, at: usize) -> impl Iterator<Item = usize> {
    let depth = policy.provisions.get(at).map_or(0, |provision| provision.depth);
    let below = policy.provisions.iter().skip(at + 1).take_while(move |below| below.depth > depth).count();
    at..at + 1 + below
}

/// Where the words stand in the file; the whole block when marks lie between.
fn place(material: &InterpretationMaterial, block: TextRange, shown: &str) -> TextRange {
    let text = material.file.text().get(block.start..block.end).unwrap_or_default();
    match text.find(shown) {
        Some(at) => TextRange::new(block.start + at, block.start + at + shown.len()),
        None => block,
    }
}

/// What is looked for.
enum Thing<'t> {
    Figure(&'t Figure),
    Quote(&'t String),
}

impl Thing<'_> {
    fn stands_in(&self, text: &str) -> bool {
        match self {
            Self::Figure(figure) => Said::of(text).figures.contains(*figure),
            Self::Quote(quote) => squeezed(text).contains(quote.as_str()),
        }
    }
}

/// A number with the beginning of its unit.
#[derive(Debug, Clone)]
struct Figure {
    value: String,
    unit: char,
    /// As it is written.
    shown: String,
}

impl PartialEq for Figure {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Figure {}

impl PartialOrd for Figure {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Figure {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (&self.value, self.unit).cmp(&(&other.value, other.unit))
    }
}

/// The figures and quotations of a text.
struct Said {
    figures: BTreeSet<Figure>,
    quotes: Vec<String>,
}

impl Said {
    fn of(text: &str) -> Self {
        let quotes =
            text.split('“').skip(1).filter_map(|rest| rest.split_once('”').map(|(quote, _)| squeezed(quote)));
        let quotes = quotes.filter(|quote| quote.chars().nth(SHORTEST_QUOTE - 1).is_some());
        Self { figures: figures(text), quotes: quotes.collect() }
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Numbers with units, in either kind of figures; not dates, and not numbers of
/// provisions and documents.
fn figures(text: &str) -> BTreeSet<Figure> {
    const UNITS: &str = "日天元万倍小分个次人辆米公平吨成周季％%";
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    let is_han = |c: char| "〇零一二两三四五六七八九十百千".contains(c);
    let mut found = BTreeSet::new();
    let mut rest = text;
    let mut last = ' ';
    while let Some(first) = rest.chars().next() {
        let same: &dyn Fn(char) -> bool = if first.is_ascii_digit() { &is_digit } else { &is_han };
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len());
        let (Some(number), Some(tail)) = (rest.get(..end), rest.get(end..)) else { break };
        if number.is_empty() {
            last = first;
            rest = rest.get(first.len_utf8()..).unwrap_or("");
            continue;
        }
        let unit = tail.chars().next().filter(|unit| UNITS.contains(*unit));
        let is_date = matches!(last, '月' | '年' | '第') || (tail.starts_with('日') && last == '月');
        let value = if first.is_ascii_digit() {
            Some(number.to_owned())
        } else {
            numerals::read(&number.replace('两', "二")).map(|value| value.to_string())
        };
        if let (Some(unit), Some(value), false) = (unit, value, is_date) {
            let more = tail.chars().nth(1).filter(|_| "分小公平工".contains(unit));
            let more = more.map(String::from).unwrap_or_default();
            found.insert(Figure { value, unit, shown: format!("{number}{unit}{more}") });
        }
        last = number.chars().next_back().unwrap_or(' ');
        rest = tail;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_the_same_in_both_kinds() {
        let read = |text: &str| {
            figures(text).into_iter().map(|figure| (figure.value, figure.unit)).collect::<Vec<_>>()
        };
        assert_eq!(read("应当在三日内答复"), read("3日内答复"));
        assert_eq!(read("2025年6月3日，第三条，十二个泊位"), [("12".to_owned(), '个')]);
        assert!(read("一般情况下，第三十日").is_empty());
    }
}

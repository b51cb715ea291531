//! Texts made comparable.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;

use jiedu_base::text::{SourceFile, TextRange, numerals};
use jiedu_markdown::{Body, ProseKind};
use jiedu_model::{PolicyDocument, PublicationSet};

/// Without white space and title marks, figures in ASCII.
pub(super) fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_bare(&mut out, text);
    out
}

/// White space and title marks.
pub(super) fn is_dropped(c: char) -> bool {
    c.is_whitespace() || matches!(c, '《' | '》' | '〈' | '〉')
}

/// Appends a text as [`bare`] gives it: runs of ordinary characters as they are.
fn push_bare(out: &mut String, text: &str) {
    let is_odd = |c: char| is_dropped(c) || matches!(c, '０'..='９' | '％');
    for part in text.split_inclusive(is_odd) {
        let mut run = part.chars();
        match run.next_back() {
            Some(odd) if is_odd(odd) => {
                out.push_str(run.as_str());
                match odd {
                    '０'..='９' => out.extend(u32::from(odd).checked_sub(0xfee0).and_then(char::from_u32)),
                    '％' => out.push('%'),
                    _ => {}
                }
            }
            _ => out.push_str(part),
        }
    }
}

/// All prose of a body, bare.
pub(super) fn body_text(body: &Body) -> String {
    let mut text = String::new();
    for prose in &body.prose {
        push_bare(&mut text, &prose.text);
        text.push('\n');
    }
    text
}

/// The headings of a body, bare.
pub(super) fn headings(body: &Body) -> Vec<String> {
    let is_heading = |kind| matches!(kind, ProseKind::Heading(_));
    body.prose.iter().filter(|prose| is_heading(prose.kind)).map(|prose| bare(&prose.text)).collect()
}

/// The first line of a file, for findings about something that is not there.
pub(super) fn first_line(file: &SourceFile) -> TextRange {
    file.line_range(1)
}

/// A figure with its unit, a date or a document number, and where it stands.
pub(super) struct Fact {
    pub(super) text: String,
    pub(super) range: TextRange,
}

/// Figures whose change would change what a reader may claim: money, shares,
/// ages, time limits, dates, quantities with units, document numbers.
static FACT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\p{Han}{1,12}〔\d{4}〕\d+号",
        r"|\d{4}年\d{1,2}月\d{1,2}日",
        r"|\d{1,2}月\d{1,2}日",
        r"|\d+(?:\.\d+)?(?:%|‰|个百分点)",
        r"|\d+(?:\.\d+)?(?:万|亿|千|百)?元",
        r"|\d+(?:周岁|岁)",
        r"|[一二三四五六七八九十两百]{1,5}(?:周岁|个工作日|个?自然日|个月内|年内|日内|天内|小时内|倍)",
        r"|\d+个?(?:工作日|自然日|小时|分钟|月内|年内|日内|天内)",
        r"|\d+(?:\.\d+)?(?:米|公里|千米|厘米|平方米|辆|吨|公斤|倍)",
    ))
    .ok()
});

/// The facts of a body.
pub(super) fn facts(body: &Body) -> Vec<Fact> {
    let Some(pattern) = FACT.as_ref() else { return Vec::new() };
    let mut facts = Vec::new();
    for prose in &body.prose {
        for found in pattern.find_iter(&prose.text) {
            // What governs a document number is no part of it.
            let start = found.start() + governing(found.as_str());
            let Some(text) = prose.text.get(start..found.end()) else { continue };
            let is_inside = text.starts_with(numerals::is_numeral)
                && prose.text.get(..start).and_then(|before| before.chars().next_back()) == Some('第');
            if !is_inside {
                facts.push(Fact { text: text.to_owned(), range: prose.source_range(start, found.end()) });
            }
        }
    }
    facts
}

/// Everything a material may take its facts from: the policy, its front matter
/// and the plan, as one bare text, with dates in the form used in prose.
pub(super) struct Ground {
    text: String,
    numbers: BTreeSet<String>,
    /// Facts of the policy in the form in which a material's are read: most
    /// questions are answered without a walk over the text.
    facts: BTreeSet<String>,
}

impl Ground {
    /// The ground of a set.
    pub(super) fn of(set: &PublicationSet, policy: &PolicyDocument) -> Self {
        let mut text = body_text(&policy.body);
        text.push_str(&bare(policy.file.slice(TextRange::new(0, policy.body.range.start))));
        text.push('\n');
        if let Some(plan) = &set.plan {
            text.push_str(&body_text(&plan.body));
        }
        let meta = &policy.meta;
        let mut dates: Vec<jiff::civil::Date> = Vec::new();
        dates.extend(meta.signed.as_ref().map(|date| date.value));
        dates.extend(meta.published.as_ref().map(|date| date.value.date));
        dates.extend(meta.effective.as_ref().map(|date| date.value));
        dates.extend(meta.expires.as_ref().map(|date| date.value));
        if let Some(consultation) = &meta.consultation {
            dates.extend([consultation.value.from, consultation.value.until]);
        }
        for date in dates {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}年{}月{}日", date.year(), date.month(), date.day());
        }
        let numbers = meta.amends.iter().chain(&meta.repeals).map(|number| bare(&number.value)).collect();
        let facts = facts(&policy.body).into_iter().map(|fact| bare(&fact.text)).collect();
        Self { text, numbers, facts }
    }

    /// Whether the fact was read from the policy itself.
    pub(super) fn knows(&self, fact: &str) -> bool {
        self.facts.contains(fact)
    }

    /// Whether the fact occurs anywhere.
    pub(super) fn holds(&self, fact: &str) -> bool {
        let fact = bare(fact);
        if let Some((head, tail)) = fact.split_once('〔') {
            return self.holds_number(head, tail);
        }
        occurs(&self.text, &fact)
            || percent_in_words(&fact).is_some_and(|words| self.text.contains(&words))
            || in_other_numerals(&fact).iter().any(|other| occurs(&self.text, other))
            || self.holds_date(&fact)
    }

    /// A full date of which the text gives the day where the year is understood.
    fn holds_date(&self, fact: &str) -> bool {
        let Some((year, day)) = fact.split_once('年').filter(|(_, day)| day.ends_with('日')) else {
            return false;
        };
        occurs(&self.text, &format!("{year}年")) && occurs_without_year(&self.text, day)
    }

    /// A document number, whatever words of the sentence stand before its code.
    fn holds_number(&self, head: &str, tail: &str) -> bool {
        let found = |text: &str| {
            text.match_indices(&format!("〔{tail}")).any(|(at, _)| {
                let before = text.get(..at).unwrap_or_default();
                before.chars().next_back().is_some() && before.chars().next_back() == head.chars().next_back()
            })
        };
        found(&self.text) || self.numbers.iter().any(|number| found(number))
    }
}

/// The length of the verbs and prepositions before a document number.
fn governing(fact: &str) -> usize {
    let words = [
        "依据", "根据", "按照", "依照", "参照", "执行", "落实", "以及", "和", "及", "与", "见", "的", "对",
        "由",
    ];
    let mut at = 0;
    while fact.contains('〔')
        && let Some(word) =
            words.iter().find(|word| fact.get(at..).is_some_and(|rest| rest.starts_with(**word)))
    {
        at += word.len();
    }
    at
}

/// `30日内` as `三十日内`, `三个月内` as `3个月内`: one thing in the other numerals.
fn in_other_numerals(fact: &str) -> Vec<String> {
    let is_arabic = fact.starts_with(|c: char| c.is_ascii_digit());
    let is_figure = |c: char| if is_arabic { c.is_ascii_digit() } else { numerals::is_numeral(c) };
    let end = fact.find(|c| !is_figure(c)).unwrap_or(fact.len());
    let (Some(figure), Some(unit)) = (fact.get(..end), fact.get(end..)) else { return Vec::new() };
    // 3.5% and 2025年 are written in one way.
    if unit.starts_with(['.', '年', '%', '‰']) && !unit.starts_with("年内") {
        return Vec::new();
    }
    let Some(value) = numerals::read(figure).filter(|&value| value < 10_000) else { return Vec::new() };
    let arabic = format!("{value}{unit}");
    let words = format!("{}{unit}", numerals::write(value));
    let mut others = vec![arabic, words];
    if value == 2 {
        others.push(format!("两{unit}"));
    }
    others
}

/// Whether the text holds the fact, not as the end of a longer figure.
pub(super) fn occurs(text: &str, fact: &str) -> bool {
    text.match_indices(fact).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let is_inside = |c: char| {
            c.is_ascii_digit()
                || c == '.'
                || (fact.starts_with(numerals::is_numeral) && numerals::is_numeral(c))
        };
        !before.is_some_and(is_inside)
    })
}

/// Whether the day of a month stands somewhere without a year before it.
fn occurs_without_year(text: &str, day: &str) -> bool {
    text.match_indices(day).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_ascii_digit() || c == '年')
    })
}

/// `50%` as `百分之五十`, for whole percentages below one hundred.
fn percent_in_words(fact: &str) -> Option<String> {
    let number: usize = fact.strip_suffix('%')?.parse().ok()?;
    let figures: Vec<char> = "〇一二三四五六七八九".chars().collect();
    let (tens, ones) = (number / 10, number % 10);
    let figure = |value: usize| figures.get(value).map(char::to_string);
    let words = match (tens, ones) {
        (0, ones) => figure(ones)?,
        (tens, ones) if tens < 10 => {
            let head = if tens == 1 { String::new() } else { figure(tens)? };
            let tail = if ones == 0 { String::new() } else { figure(ones)? };
            format!("{head}十{tail}")
        }
        _ => return None,
    };
    Some(format!("百分之{words}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_compared_whole() {
        assert!(occurs("补助50元", "50元"));
        assert!(!occurs("补助150元", "50元"));
        assert!(!occurs("补助1.50元", "50元"));
        assert!(occurs("补助150元或者50元", "50元"));
        assert_eq!(percent_in_words("50%").as_deref(), Some("百分之五十"));
        assert_eq!(percent_in_words("15%").as_deref(), Some("百分之十五"));
        assert_eq!(percent_in_words("5%").as_deref(), Some("百分之五"));
        assert_eq!(in_other_numerals("30日内"), ["30日内", "三十日内"]);
        assert_eq!(in_other_numerals("两个月内"), ["2个月内", "二个月内", "两个月内"]);
        assert!(in_other_numerals("3.5%").is_empty());
        assert!(!occurs("三十日内", "十日内"));
    }

    #[test]
    fn a_document_number_is_what_is_printed() {
        let file = SourceFile::new("a.md", "依据示交办〔2026〕9号，在第三年内和三十日内办结。");
        let body = jiedu_markdown::parse_body(&file, TextRange::new(0, file.text().len()));
        let found: Vec<String> = facts(&body).into_iter().map(|fact| fact.text).collect();
        assert_eq!(found, ["示交办〔2026〕9号", "三十日内"]);
    }
}

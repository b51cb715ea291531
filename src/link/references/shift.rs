//! References that a renumbering left behind.
//!
//! Two texts of one document are laid side by side by the words of their
//! articles, numbers of cited articles left out, since these change with every
//! insertion. Where a reference is printed as before, but the article it meant
//! then has another number now, it was forgotten. Only articles whose words say
//! without doubt which is which are followed: a guess would move a right
//! reference.

use std::collections::{BTreeMap, BTreeSet};

use super::{Reference, article_number, references};
use jiedu_base::finding::{Applicability, Finding, Fix, Place, Severity};
use jiedu_base::text::{Message, is_blank, numerals};
use jiedu_model::{PolicyDocument, Provision};

/// Pairs of characters by which two articles are compared at most.
const MAX_PAIRS: usize = 4_000;

/// References of `new` whose target in `old` has another number now, with the
/// number it has as a safe fix.
#[must_use]
pub fn shifted(old: &PolicyDocument, new: &PolicyDocument) -> Vec<Finding> {
    if old.file.text() == new.file.text() {
        return Vec::new();
    }
    let (before, after) = (Articles::of(old), Articles::of(new));
    let pairs = before.pairs(&after);
    if pairs.iter().all(|(from, to)| before.number(*from) == after.number(*to)) {
        return Vec::new();
    }
    let back: BTreeMap<usize, usize> = pairs.iter().map(|(from, to)| (*to, *from)).collect();
    let mut known: BTreeMap<(usize, String), Vec<Reference>> = BTreeMap::new();
    for reference in references(old).into_iter().rev() {
        if let Some(within) = reference.within.and_then(|at| before.article_of(at)) {
            known.entry((within, reference.text.clone())).or_default().push(reference);
        }
    }
    let mut findings = Vec::new();
    for reference in references(new) {
        let Some(within) = reference.within.and_then(|at| after.article_of(at)) else { continue };
        let Some(origin) = back.get(&within) else { continue };
        let Some(then) = known.get_mut(&(*origin, reference.text.clone())).and_then(Vec::pop) else {
            continue;
        };
        if let Some(finding) = moved(&reference, &then, &before, &after, &pairs) {
            findings.push(finding);
        }
    }
    findings
}

/// The finding about a reference, when its article moved.
fn moved(
    reference: &Reference,
    then: &Reference,
    before: &Articles<'_>,
    after: &Articles<'_>,
    pairs: &BTreeMap<usize, usize>,
) -> Option<Finding> {
    // 前款 and 本条第二款 move with their text.
    if reference.is_foreign || !reference.text.starts_with('第') {
        return None;
    }
    let meant = before.article_of(then.target?)?;
    let now = *pairs.get(&meant)?;
    let shown = reference.target.and_then(|at| after.article_of(at));
    let (was, is) = (before.number(meant)?, after.number(now)?);
    if shown == Some(now) || was == is {
        return None;
    }
    let right = renumbered(&reference.text, was, is)?;
    let label = &after.policy.provisions.get(now)?.label;
    let message = Message::new(
        format!("“{}”原来指的条文现在是{label}，引用没有跟着改", reference.text),
        format!("the article that `{}` meant is {label} now; the reference was left behind", reference.text),
    );
    let place = Place::range(&after.policy.file, reference.range);
    let mut finding = Finding::new("L313", "reference-shifted", "link", Severity::Error, place, message);
    // A range has two ends, and bold marks inside are the writer's.
    let is_plain = after.policy.file.slice(reference.range) == reference.text;
    if is_plain && reference.text.matches('条').count() == 1 {
        finding.fix =
            Some(Fix { range: reference.range, replacement: right, applicability: Applicability::Safe });
    }
    Some(finding)
}

/// The text with another number, in the figures in which it was written.
fn renumbered(text: &str, was: u32, is: u32) -> Option<String> {
    let rest = text.strip_prefix('第')?;
    let end = rest.find(['条', '條'])?;
    let written = rest.get(..end)?;
    let is_digits = written.trim_matches(is_blank).bytes().all(|b| b.is_ascii_digit());
    (numerals::read(written.trim_matches(is_blank)) == Some(was)).then_some(())?;
    let number = if is_digits { is.to_string() } else { numerals::write(is) };
    Some(format!("第{number}{}", rest.get(end..)?))
}

/// The articles of a text with their words.
struct Articles<'a> {
    policy: &'a PolicyDocument,
    /// Indexes of articles, ascending.
    all: Vec<usize>,
    /// Their words with all that stands below them.
    words: Vec<String>,
}

impl<'a> Articles<'a> {
    fn of(policy: &'a PolicyDocument) -> Self {
        let provisions = &policy.provisions;
        let mut all = Vec::new();
        let mut words: Vec<String> = Vec::new();
        let mut is_open = false;
        for (index, provision) in provisions.iter().enumerate() {
            if is_plain_article(provision) {
                all.push(index);
                words.push(String::new());
                is_open = true;
            } else if provision.parent.is_none() || provision.anchor.starts_with("ch") {
                is_open = false;
            }
            if let Some(last) = words.last_mut().filter(|_| is_open) {
                last.push_str(&masked(provision.words()));
                last.push('\n');
            }
        }
        Self { policy, all, words }
    }

    fn number(&self, index: usize) -> Option<u32> {
        article_number(self.policy.provisions.get(index)?)
    }

    fn article_of(&self, mut at: usize) -> Option<usize> {
        loop {
            if self.all.binary_search(&at).is_ok() {
                return Some(at);
            }
            at = self.policy.provisions.get(at)?.parent?;
        }
    }

    /// Which article is which: those with the same words, when no other has them,
    /// and as many as stand between two such pairs on either side.
    fn pairs(&self, other: &Articles<'_>) -> BTreeMap<usize, usize> {
        let here = self.unique();
        let there = other.unique();
        let mut anchors: Vec<(usize, usize)> =
            here.iter().filter_map(|(words, at)| Some((*at, *there.get(words)?))).collect();
        anchors.sort_unstable();
        let mut pairs: BTreeMap<usize, usize> = BTreeMap::new();
        let mut last = (0, 0);
        for (a, b) in anchors.iter().copied().chain([(self.all.len(), other.all.len())]) {
            // Between two pairs in the same order: as many changed as stand there.
            if b >= last.1 && a - last.0 == b - last.1 {
                let between = (last.0..a).zip(last.1..b).filter(|(a, b)| self.is_like(*a, other, *b));
                pairs.extend(between.filter_map(|(a, b)| Some((*self.all.get(a)?, *other.all.get(b)?))));
            }
            if let (Some(from), Some(to)) = (self.all.get(a), other.all.get(b)) {
                pairs.insert(*from, *to);
            }
            last = (a + 1, b + 1);
        }
        pairs
    }

    /// Whether two articles share half of their pairs of characters.
    fn is_like(&self, here: usize, other: &Articles<'_>, there: usize) -> bool {
        let pairs = |words: &[String], at: usize| -> BTreeSet<(char, char)> {
            let text = words.get(at).map(String::as_str).unwrap_or_default();
            text.chars().zip(text.chars().skip(1)).take(MAX_PAIRS).collect()
        };
        let (a, b) = (pairs(&self.words, here), pairs(&other.words, there));
        let shared = a.intersection(&b).count();
        shared * 2 >= a.len().max(b.len()) && shared > 0
    }

    /// Positions of articles by words that no other article has.
    fn unique(&self) -> BTreeMap<&str, usize> {
        let mut seen: BTreeMap<&str, Option<usize>> = BTreeMap::new();
        for (at, words) in self.words.iter().enumerate() {
            seen.entry(words).and_modify(|known| *known = None).or_insert(Some(at));
        }
        seen.into_iter().filter_map(|(words, at)| Some((words, at?))).collect()
    }
}

/// Whether a provision is an article without `之一`, whose number may be rewritten.
fn is_plain_article(provision: &Provision) -> bool {
    article_number(provision).is_some()
}

/// Words without blanks, and without the numbers of articles they cite.
fn masked(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('第') {
        out.extend(before.chars().filter(|c| !is_blank(*c)));
        out.push('第');
        let figures = after.trim_start_matches(|c: char| c.is_ascii_digit() || numerals::is_numeral(c));
        rest = if figures.starts_with(['条', '條', '、', '至']) { figures } else { after };
    }
    out.extend(rest.chars().filter(|c| !is_blank(*c)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedu_base::text::SourceFile;
    use jiedu_model::read_loose;

    fn found(old: &str, new: &str) -> Vec<(String, Option<String>)> {
        let read = |text: &str| read_loose(&SourceFile::new("a.md", text));
        let (old, new) = (read(old), read(new));
        shifted(&old, &new)
            .into_iter()
            .map(|finding| (finding.message.zh, finding.fix.map(|fix| fix.replacement)))
            .collect()
    }

    const OLD: &str = "# 某办法\n\n第一条 甲。\n\n第二条 乙。\n\n第三条 丙依照第二条办理，第1条除外。\n\n第四条 依照《丁法》第二条和前款。\n";

    #[test]
    fn a_reference_left_behind_is_moved() {
        let new = "# 某办法\n\n第一条 甲。\n\n第二条 新。\n\n第三条 乙。\n\n第四条 丙依照第二条办理，第1条除外。\n\n第五条 依照《丁法》第二条和前款。\n";
        let seen = found(OLD, new);
        assert_eq!(seen.len(), 1, "{seen:?}");
        assert_eq!(seen[0].1.as_deref(), Some("第三条"));
        assert!(seen[0].0.contains("现在是第三条"));
    }

    #[test]
    fn one_that_followed_is_right() {
        let new = "# 某办法\n\n第一条 甲。\n\n第二条 新。\n\n第三条 乙。\n\n第四条 丙依照第三条办理，第1条除外。\n\n第五条 依照《丁法》第二条和前款。\n";
        assert_eq!(found(OLD, new), []);
        assert_eq!(found(OLD, OLD), []);
    }

    #[test]
    fn a_deletion_moves_the_other_way_and_keeps_digits() {
        let old = "# 某办法\n\n第一条 甲。\n\n第二条 乙。\n\n第三条 丙。\n\n第四条 依照第3条第一款办理。\n";
        let new = "# 某办法\n\n第一条 乙。\n\n第二条 丙。\n\n第三条 依照第3条第一款办理。\n";
        assert_eq!(found(old, new)[0].1.as_deref(), Some("第2条第一款"));
    }
}

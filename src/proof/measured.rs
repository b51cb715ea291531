//! What each rule was measured to report in texts that were published: part of
//! its page, so that whoever reads a finding knows how far to trust it.
//!
//! The numbers are counted by `tests/tables` and kept in `data/alarms.txt`. A
//! finding there may be right, as originals and their copies have faults; the
//! rate is an upper bound of false alarms.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::registry;
use jiedu_base::finding::Rule;
use jiedu_base::finding::render::RuleInfo;
use jiedu_base::text::Message;

/// How much was read, and what was found in it.
#[derive(Debug, Default)]
struct Measured {
    texts: u64,
    chars: u64,
    /// Findings by code.
    found: BTreeMap<&'static str, u64>,
}

static MEASURED: LazyLock<Measured> = LazyLock::new(|| {
    let mut measured = Measured::default();
    for line in include_str!("data/alarms.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((name, count)) = line.split_once(' ') else { continue };
        let count = count.parse().unwrap_or_default();
        match name {
            "texts" => measured.texts = count,
            "chars" => measured.chars = count,
            code => {
                measured.found.insert(code, count);
            }
        }
    }
    measured
});

/// How often a rule reported something, for its page; none for rules that no
/// single text shows.
fn sentence(rule: &Rule) -> Option<Message> {
    let measured = &*MEASURED;
    // Nothing to set aside, and no list of an office, came with those texts.
    let is_idle = matches!(rule.category, "suppression" | "user-list");
    if measured.chars == 0 || is_idle || !registry::of_one_text().any(|one| one.code == rule.code) {
        return None;
    }
    let (texts, chars) = (measured.texts, measured.chars / 10_000);
    let count = measured.found.get(rule.code).copied().unwrap_or_default();
    // Hundredths of a finding in ten thousand characters, rounded.
    let rate = (count * 1_000_000 + measured.chars / 2) / measured.chars;
    let rate = format!("{}.{:02}", rate / 100, rate % 100);
    Some(Message::new(
        format!(
            "在 {texts} 部已公布的法规规章（{chars} 万字）中报告 {count} 处，每万字 {rate} 处，其中有原文和转录的真错。"
        ),
        format!(
            "{count} findings in {texts} published regulations ({chars}0,000 characters), {rate} in 10,000; some of them are faults of the originals or of their copies."
        ),
    ))
}

/// The pages of all rules of proofreading, with what was measured.
pub fn rule_infos() -> impl Iterator<Item = RuleInfo> {
    registry::all().map(|rule| {
        let mut info = rule.info();
        if let Some(said) = sentence(rule) {
            let page = &info.page;
            info.page = Message::new(
                format!("{}\n实测误报\n  {}\n", page.zh, said.zh),
                format!("{}\nMeasured\n  {}\n", page.en, said.en),
            );
        }
        info
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_names_rules() {
        assert!(MEASURED.texts > 1_000 && MEASURED.chars > 1_000_000);
        let strangers: Vec<&&str> =
            MEASURED.found.keys().filter(|code| registry::find(code).is_none()).collect();
        assert!(strangers.is_empty(), "measure anew (tests/tables): {strangers:?}");
        assert!(rule_infos().all(|info| info.code != "P904" || !info.page.zh.contains("每万字")));
        for info in rule_infos().filter(|info| info.code == "P101") {
            assert!(
                info.page.zh.contains("每万字") && info.page.en.contains("in 10,000"),
                "{}",
                info.page.zh
            );
        }
    }
}

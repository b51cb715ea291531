//! Every rule: its example raises it, the better text does not.

use super::*;
use crate::text::SourceFile;

/// Codes raised on a text.
fn codes(text: &str) -> Vec<&'static str> {
    let file = SourceFile::new("a.md", text);
    let is_known = |_: &SourceFile, target: &str| !target.contains("none");
    text_only(&[file], &Lists::default(), &is_known).into_iter().map(|finding| finding.code).collect()
}

#[test]
fn every_rule_has_a_page_and_examples_that_hold() {
    let mut faults = Vec::new();
    for rule in rules() {
        // Rules over whole sets and those that need an office's list have tests of their own.
        if matches!(rule.category, "set" | "user-list") {
            continue;
        }
        if !codes(rule.bad).contains(&rule.code) {
            faults.push(format!("{} {} is silent on its example", rule.code, rule.name));
        }
        if codes(rule.good).contains(&rule.code) {
            faults.push(format!("{} {} alarms on its better text", rule.code, rule.name));
        }
        let page = rule.page(crate::text::Lang::Zh);
        assert!(page.contains(rule.what.0) && page.contains("例外"), "{}", rule.code);
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn codes_and_names_are_unique() {
    let mut seen = std::collections::BTreeSet::new();
    for rule in rules() {
        assert!(seen.insert(rule.code), "{} twice", rule.code);
        assert!(seen.insert(rule.name), "{} twice", rule.name);
    }
}

//! 三同步: policy, plan and interpretation are organised, signed and published
//! together (domain reference 4.2, conditions TS-01 … TS-18).
//!
//! One condition is one file in `rules/`: its [`Rule`] with the page that
//! `jiedu explain` prints, and a function over a `Context`. What only the
//! approvals, the history or the built site know arrives as
//! [`SynchronyFacts`]; until somebody fills those in, their rules are silent.
//!
//! TS-01, 02, 04, 07, 09 and 16 are errors and block; the others are warnings
//! or hints and never block (contract details 74), whatever `site.toml` says.

mod facts;
mod rule;
mod rules;
mod words;

pub use facts::{MissingLink, PartialApproval, RefusedSigner, SecrecyReview, SynchronyFacts, VoidedApproval};
pub use rule::Rule;

use jiedu_base::finding::Finding;
use jiedu_base::finding::render::RuleInfo;
use jiedu_config::{Config, RuleLevel};
use jiedu_link::Graph;
use jiedu_model::{Corpus, PublicationSet};

/// What a rule looks at.
pub struct Context<'a> {
    pub(crate) set: &'a PublicationSet,
    pub(crate) graph: &'a Graph,
    pub(crate) config: &'a Config,
    pub(crate) facts: &'a SynchronyFacts,
}

/// A rule's function.
type Check = fn(&Context<'_>, &mut Vec<Finding>);

/// All rules in the order of their codes.
static RULES: [(&Rule, Check); 18] = [
    (&rules::ts01::RULE, rules::ts01::check),
    (&rules::ts02::RULE, rules::ts02::check),
    (&rules::ts03::RULE, rules::ts03::check),
    (&rules::ts04::RULE, rules::ts04::check),
    (&rules::ts05::RULE, rules::ts05::check),
    (&rules::ts06::RULE, rules::ts06::check),
    (&rules::ts07::RULE, rules::ts07::check),
    (&rules::ts08::RULE, rules::ts08::check),
    (&rules::ts09::RULE, rules::ts09::check),
    (&rules::ts10::RULE, rules::ts10::check),
    (&rules::ts11::RULE, rules::ts11::check),
    (&rules::ts12::RULE, rules::ts12::check),
    (&rules::ts13::RULE, rules::ts13::check),
    (&rules::ts14::RULE, rules::ts14::check),
    (&rules::ts15::RULE, rules::ts15::check),
    (&rules::ts16::RULE, rules::ts16::check),
    (&rules::ts17::RULE, rules::ts17::check),
    (&rules::ts18::RULE, rules::ts18::check),
];

/// Checks one set.
#[must_use]
pub fn check(set: &PublicationSet, graph: &Graph, config: &Config, facts: &SynchronyFacts) -> Vec<Finding> {
    let mut findings = Vec::new();
    // A folder without a policy has been reported as POLICY_MISSING.
    if set.policy.is_none() {
        return findings;
    }
    let context = Context { set, graph, config, facts };
    for (rule, check) in &RULES {
        let before = findings.len();
        check(&context, &mut findings);
        apply_level(rule, config, before, &mut findings);
    }
    findings
}

/// Checks every set of a corpus without facts from outside the texts.
#[must_use]
pub fn check_corpus(corpus: &Corpus, graph: &Graph, config: &Config) -> Vec<Finding> {
    let facts = SynchronyFacts::default();
    corpus.sets.values().flat_map(|set| check(set, graph, config, &facts)).collect()
}

/// The office's severity for rules that do not block.
fn apply_level(rule: &Rule, config: &Config, before: usize, findings: &mut Vec<Finding>) {
    if rule.blocks {
        return;
    }
    let mut index = before;
    while let Some(finding) = findings.get_mut(index) {
        match config.rules.level(finding.code, finding.rule) {
            Some(RuleLevel::Off) => {
                findings.remove(index);
                continue;
            }
            Some(RuleLevel::At(severity)) => finding.severity = severity,
            None => {}
        }
        index += 1;
    }
}

/// Every rule, for `explain` and for lists of rules.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().map(|(rule, _)| *rule)
}

/// The rule with this code or one of its names.
#[must_use]
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.names.contains(&code_or_name))
}

/// What machine formats say about the rules.
#[must_use]
pub fn rule_infos() -> Vec<RuleInfo> {
    rules().map(Rule::info).collect()
}

#[cfg(test)]
mod tests;

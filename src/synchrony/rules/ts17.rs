//! TS-17: the secrecy review comes first.

use crate::{Context, Rule, SecrecyReview, words};
use jiedu_base::finding::{Finding, Place, Severity};

pub(crate) static RULE: Rule = Rule {
    code: "TS-17",
    names: &["secrecy-review-missing", "secrecy-review-late"],
    severity: Severity::Warning,
    blocks: false,
    what: (
        "保密审查有记录，并且在其他审核之前。",
        "There is a secrecy review, and it came before the other reviews.",
    ),
    why: (
        "《保守国家秘密法实施条例》第四十二条：先审查、后公开，一事一审。",
        "Implementing regulation of the secrets law, art. 42: review first, disclose after, item by item.",
    ),
    bad: ("初审、复审签完才做保密审查。", "The secrecy review is signed after the first and second reviews."),
    good: ("送审以后第一步是保密审查。", "The secrecy review is the first step after submission."),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(policy) = &context.set.policy else { return };
    let (name, zh, en) = match context.facts.secrecy_review {
        None | Some(SecrecyReview::First) => return,
        Some(SecrecyReview::Missing) => {
            ("secrecy-review-missing", "没有保密审查记录", "there is no secrecy review")
        }
        Some(SecrecyReview::Late) => {
            ("secrecy-review-late", "保密审查晚于其他审核", "the secrecy review came after another review")
        }
    };
    let place = Place::range(&policy.file, words::first_line(&policy.file));
    findings.push(RULE.named(name, context, place, zh, en));
}

//! TS-18: signers held their key and their role.

use crate::{Context, Rule, words};
use jiedu_base::finding::{Finding, Place, Severity};

pub(crate) static RULE: Rule = Rule {
    code: "TS-18",
    names: &["signer-not-entitled"],
    severity: Severity::Warning,
    blocks: false,
    what: (
        "签名的密钥当时有效，签名人当时担任这个岗位；岗位表（roster）的变动也要签名。",
        "The signing key was valid and its holder held the role; changes to the roster are signed too.",
    ),
    why: (
        "《电子签名法》第十三条：签名由签名人专有、专控，签后改动能够发现，才是可靠的电子签名。审签是否有效由审签规则判定，这里只作提示。",
        "Electronic signature law, art. 13. Whether the approval counts is decided by the approval rules; this only tells.",
    ),
    bad: (
        "已调离的科长继续用原来的密钥签复审。",
        "A section head who has left signs the second review with the old key.",
    ),
    good: (
        "先更新岗位表（jiedu roster sign），由现任科长签。",
        "Update the roster first; the present head signs.",
    ),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(policy) = &context.set.policy else { return };
    for refused in &context.facts.refused_signers {
        let place = Place::range(&policy.file, words::first_line(&policy.file));
        let (step, signer, code) = (&refused.step, &refused.signer, &refused.code);
        findings.push(RULE.finding(
            context,
            place,
            format!("{signer} 的 {step} 签名不算数（{code}）"),
            format!("the signature {step} by {signer} does not count ({code})"),
        ));
    }
}

//! TS-05: a later change voids the approvals that covered it.

use crate::{Context, Rule};
use jiedu_base::finding::{Finding, Place, Severity};

pub(crate) static RULE: Rule = Rule {
    code: "TS-05",
    names: &["approval-voided"],
    severity: Severity::Hint,
    blocks: false,
    what: (
        "审签以后又改了任何一个文件，原来的审签全部作废；这里逐条列出。",
        "A change to any member after an approval voids it; each one is listed.",
    ),
    why: (
        "审签人签的是当时的文字。改动之后的文字没有人看过，不能算审过。",
        "A signature speaks of the text that was read; nobody has read the changed one.",
    ),
    bad: (
        "终审以后改了材料里的一个数字，直接发布。",
        "A figure in a material is changed after the final review.",
    ),
    good: (
        "改完重新送审（jiedu submit），各步骤再签。",
        "Submit again (`jiedu submit`) and have every step signed.",
    ),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for approval in &context.facts.voided_approvals {
        let path = format!(
            "content/policies/{}/{}",
            context.set.id,
            approval.changed.first().map_or("policy.md", String::as_str)
        );
        let (step, signer) = (&approval.step, &approval.signer);
        let (zh, en) = if approval.changed.is_empty() {
            (String::new(), String::new())
        } else {
            (
                format!("（改动：{}）", approval.changed.join("、")),
                format!(" (changed: {})", approval.changed.join(", ")),
            )
        };
        findings.push(RULE.finding(
            context,
            Place::whole(path),
            format!("{signer} 的 {step} 因后来的改动作废{zh}"),
            format!("the approval {step} by {signer} is void because of a later change{en}"),
        ));
    }
}

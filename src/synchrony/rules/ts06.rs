//! TS-06: one final approver for all members.

use crate::{Context, Rule};
use jiedu_base::finding::{Finding, Place, Severity};

pub(crate) static RULE: Rule = Rule {
    code: "TS-06",
    names: &["final-approver-differs"],
    severity: Severity::Warning,
    blocks: false,
    what: (
        "政策文件、解读方案、解读材料由同一个人（或同一岗位）终审。",
        "Policy, plan and material have the same final approver.",
    ),
    why: (
        "同步审签：解读与文件由同一负责人签发。",
        "Signed together: whoever issues the policy issues its interpretation.",
    ),
    bad: (
        "文件由局长终审，解读由科长终审。",
        "The director approves the policy, a section head the interpretation.",
    ),
    good: ("整组文件送局长终审一次。", "The director approves the whole set once."),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut persons: Vec<&str> = context.facts.final_approvers.iter().map(String::as_str).collect();
    persons.sort_unstable();
    persons.dedup();
    if let (true, Some(policy)) = (persons.len() > 1, &context.set.policy) {
        let place = Place::range(&policy.file, policy.file.line_range(1));
        findings.push(RULE.finding(
            context,
            place,
            format!("同一组文件的终审人不一致：{}", persons.join("、")),
            format!("the members have different final approvers: {}", persons.join(", ")),
        ));
    }
}

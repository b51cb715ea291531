//! TS-04: every approval covers policy, plan and materials.

use crate::{Context, Rule};
use jiedu_base::finding::{Finding, Place, Severity};

pub(crate) static RULE: Rule = Rule {
    code: "TS-04",
    names: &["approval-covers-part"],
    severity: Severity::Error,
    blocks: true,
    what: (
        "每一次审签签的都是整组文件（政策文件、解读方案、解读材料、附件）的摘要；只签其中一样不算数。",
        "Every approval names a digest over the whole set; an approval of one member alone does not count.",
    ),
    why: (
        "同步审签：一张审批单，同一批审签人（国办发〔2016〕80号）。",
        "Signed together: one approval file, the same signatories (国办发〔2016〕80号).",
    ),
    bad: (
        "复审人签过以后才把 materials/qa.md 放进来，没有重新送审。",
        "materials/qa.md was added after the second review, without a new round.",
    ),
    good: (
        "加入材料后重新送审，各步骤对新的摘要再签一次。",
        "Submit again after adding it; every step signs the new digest.",
    ),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for approval in &context.facts.partial_approvals {
        let place = context.set.policy.as_ref().map_or_else(
            || Place::whole(format!("content/policies/{}", context.set.id)),
            |policy| Place::range(&policy.file, policy.file.line_range(1)),
        );
        let (step, signer) = (&approval.step, &approval.signer);
        findings.push(RULE.finding(
            context,
            place,
            format!("{signer} 的 {step} 没有覆盖：{}", approval.missing.join("、")),
            format!("the approval {step} by {signer} does not cover: {}", approval.missing.join(", ")),
        ));
    }
}

//! TS-03: the plan is no younger than the first request for review.

use crate::{Context, Rule};
use jiedu_base::finding::{Finding, Place, Severity};

pub(crate) static RULE: Rule = Rule {
    code: "TS-03",
    names: &["plan-after-submit"],
    severity: Severity::Warning,
    blocks: false,
    what: (
        "解读方案在政策文件第一次送审时已经写好。看的是提交的先后关系，不看作者填的日期。",
        "The plan existed when the policy was first submitted for review; by commit ancestry, not by dates.",
    ),
    why: (
        "同步组织：解读方案与政策文件一起谋划，不是事后补写。",
        "Organised together: the plan is made with the policy, not added afterwards.",
    ),
    bad: (
        "先送审 policy.md，过几天才写 plan.md。",
        "policy.md is submitted first, plan.md written days later.",
    ),
    good: ("写好 policy.md、plan.md 和材料以后一并送审。", "All three are written, then submitted together."),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(plan) = &context.set.plan else { return };
    if context.facts.plan_at_first_submit == Some(false) {
        let place = Place::range(&plan.file, plan.file.line_range(1));
        findings.push(RULE.finding(
            context,
            place,
            "政策文件第一次送审时还没有解读方案",
            "the plan did not exist when the policy was first submitted",
        ));
    }
}

//! TS-09: members that are due appear together or not at all.

use crate::{Context, Rule};
use jiedu_base::finding::{Finding, Place, Severity};

pub(crate) static RULE: Rule = Rule {
    code: "TS-09",
    names: &["release-not-together"],
    severity: Severity::Error,
    blocks: true,
    what: (
        "到了发布时间的政策文件和解读材料在同一次生成的网站里一起出现；缺一样，整组都不出现。",
        "Members due at the instant of publication appear in the same release of the site, or none of them does.",
    ),
    why: (
        "同步部署：公众看到文件的时候就能看到解读。",
        "Deployed together: whoever sees the policy sees its interpretation.",
    ),
    bad: ("文件先上网，解读第二天另发。", "The policy goes online first, the interpretation a day later."),
    good: ("两者放在同一组，随同一次发布上网。", "Both lie in one set and go online in one release."),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for member in &context.facts.absent_members {
        let place = Place::whole(format!("content/policies/{}/{member}", context.set.id));
        findings.push(RULE.finding(
            context,
            place,
            format!("{member} 到了发布时间，却不在这次发布里"),
            format!("{member} is due and missing from the release"),
        ));
    }
}

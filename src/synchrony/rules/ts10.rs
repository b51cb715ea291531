//! TS-10: the pages of policy and material link each other.

use crate::{Context, Rule};
use jiedu_base::finding::{Finding, Place, Severity};

pub(crate) static RULE: Rule = Rule {
    code: "TS-10",
    names: &["link-not-mutual"],
    severity: Severity::Warning,
    blocks: false,
    what: (
        "政策文件页面链接到它的每一份解读，解读页面链接回文件；看的是生成的网页。",
        "In the pages as built, the policy links each of its interpretations and each links back.",
    ),
    why: (
        "政府网站检查有“解读关联”一项：文件与解读要相互关联展示。",
        "The site inspection samples both directions (解读关联).",
    ),
    bad: (
        "自定义主题的文件页面去掉了解读列表。",
        "A theme drops the list of interpretations from the policy page.",
    ),
    good: ("主题保留两个方向的链接。", "The theme keeps the links in both directions."),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for link in &context.facts.missing_links {
        findings.push(RULE.finding(
            context,
            Place::whole(link.from.clone()),
            format!("页面 {} 没有链接到 {}", link.from, link.to),
            format!("the page {} does not link {}", link.from, link.to),
        ));
    }
}

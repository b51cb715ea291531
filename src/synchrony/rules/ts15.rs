//! TS-15: follow-up interpretation joins what was there before.

use crate::{Context, Rule, words};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_model::MaterialStage;

pub(crate) static RULE: Rule = Rule {
    code: "TS-15",
    names: &["earlier-material-gone", "follow-up-undated"],
    severity: Severity::Warning,
    blocks: false,
    what: (
        "二次解读、跟踪解读作为新的材料加进同一组，写明晚于文件的发布日期；以前的材料保留，仍然能看到。",
        "二次解读 and 跟踪解读 join the same set as new materials, dated after the policy; earlier materials stay.",
    ),
    why: (
        "全周期解读：政策实施后针对新情况、新问题组织二次解读和跟踪解读，公众应能看到前后的解读。",
        "Interpretation follows the whole cycle of a policy; readers can see what was said before.",
    ),
    bad: ("把 article.md 换成跟踪解读的内容。", "article.md is overwritten by the follow-up."),
    good: (
        "新写 materials/follow-up-2026.md，阶段写“跟踪解读”，article.md 不动。",
        "A new materials/follow-up-2026.md with `stage: 跟踪解读`; article.md stays.",
    ),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let set = context.set;
    for path in &context.facts.removed_materials {
        let place = Place::whole(format!("content/policies/{}/{path}", set.id));
        findings.push(RULE.named(
            "earlier-material-gone",
            context,
            place,
            format!("以前发布过的 {path} 不见了"),
            format!("{path}, published before, is gone"),
        ));
    }
    let released =
        set.policy.as_ref().and_then(|policy| policy.meta.published.as_ref()).map(|date| date.value.date);
    for material in set.materials.iter().filter(|material| material.meta.stage != MaterialStage::Release) {
        let date = material.meta.published.as_ref();
        let is_later = date.is_some_and(|date| released.is_none_or(|released| date.value.date > released));
        if is_later {
            continue;
        }
        let range = date.map_or_else(|| words::first_line(&material.file), |date| date.range);
        findings.push(RULE.named(
            "follow-up-undated",
            context,
            Place::range(&material.file, range),
            format!("{} 是文件发布以后的解读，发布日期应当填写并且晚于文件", material.name),
            format!(
                "{} interprets after release; its publish date should be given and later than the policy's",
                material.name
            ),
        ));
    }
}

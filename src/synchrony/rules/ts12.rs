//! TS-12: the content elements of an interpretation.

use crate::{Context, Rule, words};
use jiedu_base::finding::{Finding, Place, Severity};

pub(crate) static RULE: Rule = Rule {
    code: "TS-12",
    names: &["element-missing", "element-reason-missing"],
    severity: Severity::Warning,
    blocks: false,
    what: (
        "一组解读材料合起来要有规定的内容要素（site.toml 的 [rules] elements，默认背景依据、目标任务、主要内容），从小标题里认；修改或者废止旧文件的，还要有新旧政策差异。确实没有的，在“不涉及”里写明理由。",
        "The materials of a set together cover the elements of [rules] elements, recognised in headings; a policy that amends or repeals another also needs 新旧政策差异. What does not apply is listed under `not-applicable` with a reason.",
    ),
    why: (
        "各地对解读材料的内容要素有规定；缺了背景依据、办事指引这些内容，解读就只是文件摘抄。",
        "Local rules list what an interpretation must hold; without it, it is an excerpt.",
    ),
    bad: ("只有“一、主要内容”一节。", "A single section 一、主要内容."),
    good: (
        "一、背景依据  二、目标任务  三、主要内容；文件信息里写：\n不涉及:\n  新旧政策差异: 首次制定",
        "Sections 一、背景依据, 二、目标任务, 三、主要内容, and in the front matter:\nnot-applicable:\n  新旧政策差异: first of its kind",
    ),
};

/// Element → words in headings that show it.
const SIGNS: [(&str, &[&str]); 9] = [
    ("背景依据", &["背景", "依据", "缘由", "为什么制定", "为什么出台"]),
    ("目标任务", &["目标", "任务", "目的", "意义", "总体要求"]),
    ("主要内容", &["内容", "举措", "措施", "要点", "重点", "规定"]),
    ("涉及范围", &["范围", "对象", "适用", "哪些人", "谁可以"]),
    ("执行标准", &["标准"]),
    ("操作方法", &["操作", "办事", "办理", "流程", "怎么办", "怎样办", "申请", "申领"]),
    ("注意事项", &["注意", "须知"]),
    ("关键词诠释", &["关键词", "名词", "术语", "解释"]),
    ("新旧政策差异", &["新旧", "差异", "变化", "修订", "不同", "调整"]),
];

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let set = context.set;
    let (Some(policy), Some(first)) = (&set.policy, set.materials.first()) else { return };
    let headings: Vec<String> =
        set.materials.iter().flat_map(|material| words::headings(&material.body)).collect();
    // Without headings (a picture, a video) there is nothing to recognise.
    if headings.is_empty() {
        return;
    }
    let revises = !policy.meta.amends.is_empty() || !policy.meta.repeals.is_empty();
    let mut wanted: Vec<&str> = context.config.rules.elements.iter().map(String::as_str).collect();
    if revises && !wanted.contains(&"新旧政策差异") {
        wanted.push("新旧政策差异");
    }
    for element in wanted {
        let signs = SIGNS.iter().find(|(name, _)| *name == element).map_or(&[][..], |(_, signs)| signs);
        let shown =
            |heading: &String| heading.contains(element) || signs.iter().any(|sign| heading.contains(sign));
        let is_excused =
            set.materials.iter().any(|material| material.meta.not_applicable.contains_key(element));
        if headings.iter().any(shown) || is_excused {
            continue;
        }
        let place = Place::range(&first.file, words::first_line(&first.file));
        let finding = RULE.named(
            "element-missing",
            context,
            place,
            format!("解读材料没有“{element}”"),
            format!("the materials do not cover `{element}`"),
        );
        findings.push(finding.note(
            format!("加一节小标题里有“{element}”的内容，或者在“不涉及”里写明理由。"),
            format!("Add a section whose heading says {element}, or give a reason under `not-applicable`."),
        ));
    }
    check_reasons(context, findings);
}

/// 不涉及 needs a reason.
fn check_reasons(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for material in &context.set.materials {
        for (element, _) in material.meta.not_applicable.iter().filter(|(_, reason)| reason.is_empty()) {
            let place = Place::range(&material.file, words::first_line(&material.file));
            findings.push(RULE.named(
                "element-reason-missing",
                context,
                place,
                format!("“{element}”写了不涉及，但没有写理由"),
                format!("`{element}` is marked not applicable without a reason"),
            ));
        }
    }
}

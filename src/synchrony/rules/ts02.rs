//! TS-02: the members of a set belong together.

use crate::{Context, Rule};
use jiedu_base::finding::{Finding, Place, Severity};

pub(crate) static RULE: Rule = Rule {
    code: "TS-02",
    names: &["interprets-other-set", "plan-unit-missing"],
    severity: Severity::Error,
    blocks: true,
    what: (
        "同一文件夹里的三样东西是同一项任务：解读方案写明解读单位；材料写了“解读对象”的，要包括本文件。",
        "The members of a folder are one task: the plan names its unit, and a material that names what it interprets names its own set too.",
    ),
    why: (
        "同步组织：谁起草、谁解读，政策文件和解读由同一单位作为一项任务起草（国办发〔2016〕80号）。",
        "Organised together: who drafts, interprets; one unit, one task (国办发〔2016〕80号).",
    ),
    bad: (
        "2025/a 文件夹里的材料写：\n解读对象: [2025/b]",
        "A material in 2025/a says:\ninterprets: [2025/b]",
    ),
    good: ("解读对象: [2025/a, 2025/b]", "interprets: [2025/a, 2025/b]"),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let set = context.set;
    for material in &set.materials {
        let named = &material.meta.interprets;
        let Some(first) = named.first() else { continue };
        if named.iter().any(|other| other.value == set.id) {
            continue;
        }
        let finding = RULE.named(
            "interprets-other-set",
            context,
            Place::range(&material.file, first.range),
            format!("解读对象里没有本文件 {}", set.id),
            format!("the material's `interprets` does not name its own set {}", set.id),
        );
        findings.push(finding.note(
            "把本文件的编号加进解读对象，或者把材料移到它解读的文件那里。",
            "Add the set's own id, or move the material to the set that it interprets.",
        ));
    }
    if let Some(plan) = &set.plan
        && plan.unit.is_none()
    {
        let place = Place::range(&plan.file, plan.file.line_range(1));
        findings.push(RULE.named(
            "plan-unit-missing",
            context,
            place,
            "解读方案没有写解读单位",
            "the plan does not name its unit (`unit`)",
        ));
    }
}

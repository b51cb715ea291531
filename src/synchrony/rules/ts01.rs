//! TS-01: a policy has its plan and at least one material, or an exemption.

use crate::{Context, Rule};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_model::Disclosure;

pub(crate) static RULE: Rule = Rule {
    code: "TS-01",
    names: &["plan-missing", "material-missing"],
    severity: Severity::Error,
    blocks: true,
    what: (
        "每份政策文件都要有解读方案 plan.md 和至少一份解读材料 materials/*.md；确实不需要解读的，要在文件信息里写明“不解读理由”，随文件一并审签。",
        "Every policy has an interpretation plan (plan.md) and at least one material (materials/*.md), or a reason (`no-interpretation`) that is approved with it.",
    ),
    why: (
        "政策性文件与解读方案、解读材料同步组织、同步审签、同步部署（国办发〔2016〕80号）；不按规定报送解读方案和材料的，可以退文。",
        "Policy, plan and material are organised, signed and deployed together (State Council General Office, 国办发〔2016〕80号).",
    ),
    bad: ("文件夹里只有 policy.md。", "The folder holds policy.md alone."),
    good: (
        "policy.md、plan.md、materials/article.md 三样齐备；或者 policy.md 里写：\n不解读理由: 本通告只告知办公地址变化，内容明确",
        "policy.md, plan.md and materials/article.md; or in policy.md:\nno-interpretation: the notice only tells a new address",
    ),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let set = context.set;
    let Some(policy) = &set.policy else { return };
    let is_disclosed = policy.meta.disclosure == Disclosure::Proactive;
    if !is_disclosed || policy.meta.no_interpretation.is_some() {
        return;
    }
    let has = |wanted: fn(&str) -> bool| set.files.iter().any(|file| wanted(&file.path));
    let place = || Place::range(&policy.file, policy.file.line_range(1));
    if !has(|path| path == "plan.md") {
        let finding = RULE.named(
            "plan-missing",
            context,
            place(),
            "没有解读方案 plan.md",
            "the interpretation plan plan.md is missing",
        );
        findings.push(finding.note(
            "请在同一文件夹写 plan.md；确实不需要解读的，在 policy.md 里写“不解读理由”。",
            "Write plan.md in the same folder, or give `no-interpretation` in policy.md.",
        ));
    }
    let is_material =
        |path: &str| path.strip_prefix("materials/").is_some_and(|name| name.strip_suffix(".md").is_some());
    if !has(is_material) {
        let finding = RULE.named(
            "material-missing",
            context,
            place(),
            "没有解读材料，materials 文件夹里至少要有一份 .md 文件",
            "there is no interpretation material: materials/ needs at least one .md file",
        );
        let finding = finding.note(
            format!("可以用 jiedu new material {} article 生成一份草稿。", set.id),
            format!("`jiedu new material {} article` makes a draft.", set.id),
        );
        findings.push(match context.graph.materials(&set.id).first() {
            // Approved with its own set, it does not stand for this one's.
            Some(other) => finding.note(
                format!("{} 的材料 {} 解读了本文件，但不能代替本组自己的解读材料。", other.set, other.name),
                format!(
                    "The material {} of {} interprets this policy, but does not replace its own.",
                    other.name, other.set
                ),
            ),
            None => finding,
        });
    }
}

//! TS-07: the plan maps every form to a material, made or scheduled.

use std::collections::BTreeSet;

use crate::{Context, Rule};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::did_you_mean;
use jiedu_model::PlannedForm;

pub(crate) static RULE: Rule = Rule {
    code: "TS-07",
    names: &["plan-without-forms", "planned-material-missing", "planned-form-open"],
    severity: Severity::Error,
    blocks: true,
    what: (
        "解读方案至少列一种解读形式；每种形式要么写“材料: 文件名”（文件在 materials 里），要么写“后续: true”。",
        "The plan lists at least one form, and every form names a file in materials/ (`material`) or says `later: true`.",
    ),
    why: (
        "同步部署：解读的形式、渠道、时间、负责人随文件一并定下来，定了就要有着落。",
        "Deployed together: forms, channels, times and persons are decided with the policy, and what is planned is produced.",
    ),
    bad: (
        "解读形式:\n  - 形式: 文字解读\n    材料: artcle.md      （materials 里没有这个文件）",
        "forms:\n  - form: 文字解读\n    material: artcle.md      (no such file in materials/)",
    ),
    good: (
        "解读形式:\n  - 形式: 文字解读\n    材料: article.md\n  - 形式: 政策问答\n    后续: true",
        "forms:\n  - form: 文字解读\n    material: article.md\n  - form: 政策问答\n    later: true",
    ),
};

/// Findings after which no more suggestions are made.
const MAX_SUGGESTIONS: usize = 50;

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(plan) = &context.set.plan else { return };
    let usable = plan.forms.iter().filter(|form| form.material.is_some() || form.later);
    if usable.count() == 0 {
        let place = Place::range(&plan.file, plan.file.line_range(1));
        findings.push(RULE.named(
            "plan-without-forms",
            context,
            place,
            "解读方案没有一种写明材料或后续的解读形式",
            "the plan has no form that names a material or says `later`",
        ));
        return;
    }
    let names: BTreeSet<&str> =
        context.set.files.iter().filter_map(|file| file.path.strip_prefix("materials/")).collect();
    for form in &plan.forms {
        // A suggestion compares with every name: not for ever.
        let suggests = findings.len() < MAX_SUGGESTIONS;
        findings.extend(check_form(context, form, &names, suggests));
    }
}

fn check_form(
    context: &Context<'_>,
    form: &PlannedForm,
    names: &BTreeSet<&str>,
    suggests: bool,
) -> Option<Finding> {
    let set = context.set;
    let place = Place::range(&set.plan.as_ref()?.file, form.range);
    let Some(material) = &form.material else {
        return (!form.later).then(|| {
            RULE.named(
                "planned-form-open",
                context,
                place,
                format!("“{}”没有写材料，也没有写后续", form.form),
                format!("the form `{}` names no material and does not say `later`", form.form),
            )
        });
    };
    if names.contains(material.as_str()) {
        return None;
    }
    let finding = RULE.named(
        "planned-material-missing",
        context,
        place,
        format!("“{}”的材料 {material} 不在 materials 文件夹里", form.form),
        format!("the material {material} of the form `{}` is not in materials/", form.form),
    );
    let meant = if suggests { did_you_mean(material, names.iter().copied()) } else { None };
    Some(match meant {
        Some(meant) => finding.note(format!("是不是 {meant}？"), format!("Did you mean {meant}?")),
        None => finding.note(
            "文件名要带 .md；还没有写好的，改成“后续: true”。",
            "The name ends in .md; what is not written yet says `later: true`.",
        ),
    })
}

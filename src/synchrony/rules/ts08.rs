//! TS-08: the first interpretation is planned within the office's window.

use jiff::civil::Date;

use crate::{Context, Rule};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_model::{MaterialStage, PolicyDocument};

pub(crate) static RULE: Rule = Rule {
    code: "TS-08",
    names: &["interpretation-late", "interpretation-early", "interpretation-window-unknown"],
    severity: Severity::Warning,
    blocks: false,
    what: (
        "第一份解读的时间不早于文件发布日期，并且在发布后规定的工作日内（site.toml 的 [rules] interpretation_days，默认 3，可以设为 0）。按国务院办公厅放假通知计算，调休上班的周末算工作日。",
        "The first material is due no earlier than the policy and within `interpretation_days` working days after it (default 3), counted by the State Council's holiday notices.",
    ),
    why: (
        "解读材料原则上与文件同步公开，至迟在公开后 3 个工作日内（各地规定不一，可在设置里改）。",
        "Material is released with the document, at the latest within 3 working days; places differ, hence the setting.",
    ),
    bad: (
        "文件 2025-04-25 发布，解读 2025-04-30 发布（第 4 个工作日）。",
        "Policy 2025-04-25, material 2025-04-30 (fourth working day).",
    ),
    good: (
        "解读 2025-04-29 以前发布（4 月 27 日星期日调休上班）。",
        "Material by 2025-04-29 (Sunday 04-27 is worked).",
    ),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(policy) = &context.set.policy else { return };
    let Some(published) = &policy.meta.published else { return };
    let released = published.value.date;
    let Some((file, range, first)) = first_date(context) else { return };
    let place = Place::range(file, range);
    if first < released {
        let finding = RULE.named(
            "interpretation-early",
            context,
            place,
            format!("第一份解读的日期 {first} 早于文件发布日期 {released}"),
            format!("the first material is dated {first}, before the policy's {released}"),
        );
        findings.push(with_policy_date(finding, policy, published.range));
        return;
    }
    let limit = context.config.rules.interpretation_days;
    match context.config.calendar.working_days_between(released, first) {
        // A window of none means the same day, working day or not.
        Ok(days) if days > limit || (limit == 0 && first > released) => {
            let finding = RULE.named(
                "interpretation-late",
                context,
                place,
                format!("第一份解读在文件发布后第 {days} 个工作日（{first}），超过规定的 {limit} 个工作日"),
                format!("the first material comes {days} working days after the policy ({first}); the limit is {limit}"),
            );
            findings.push(with_policy_date(finding, policy, published.range));
        }
        Ok(_) => {}
        Err(unknown) => {
            let mut finding = RULE.named(
                "interpretation-window-unknown",
                context,
                place,
                format!("没有 {} 年的节假日安排，算不出解读期限，请人工核对", unknown.year),
                format!("no holiday notice is known for {}: the window cannot be counted", unknown.year),
            );
            finding.severity = Severity::Hint;
            findings.push(finding);
        }
    }
}

fn with_policy_date(finding: Finding, policy: &PolicyDocument, range: TextRange) -> Finding {
    finding.label(&policy.file, range, Message::new("文件发布日期", "the policy's publish date"))
}

/// The earliest date of a first interpretation: of the materials that appear
/// with the policy, else of the plan.
fn first_date<'a>(context: &Context<'a>) -> Option<(&'a SourceFile, TextRange, Date)> {
    let set = context.set;
    let materials = set.materials.iter().filter(|material| material.meta.stage == MaterialStage::Release);
    let dated = materials.filter_map(|material| {
        material.meta.published.as_ref().map(|date| (&material.file, date.range, date.value.date))
    });
    dated.min_by_key(|(file, _, date)| (*date, file.path())).or_else(|| {
        let plan = set.plan.as_ref()?;
        let planned = plan.forms.iter().filter(|form| form.material.is_some());
        let form = planned.filter_map(|form| form.date.map(|date| (&plan.file, form.range, date)));
        let whole = plan.date.as_ref().map(|date| (&plan.file, date.range, date.value));
        form.min_by_key(|(_, range, date)| (*date, *range)).or(whole)
    })
}

//! TS-14: a consultation is complete and long enough.

use crate::{Context, Rule, words};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_model::Stage;

pub(crate) static RULE: Rule = Rule {
    code: "TS-14",
    names: &["consultation-short", "consultation-channel-missing", "consultation-note-missing"],
    severity: Severity::Warning,
    blocks: false,
    what: (
        "征求意见的草案、起草说明或解读、提意见的渠道和截止日期一并公布；期限不短于规定的天数（site.toml 的 [rules] consultation_days，默认 30 天）。",
        "A consultation publishes draft, drafting note, channels and closing date together, for at least `consultation_days` days (default 30).",
    ),
    why: (
        "《重大行政决策程序暂行条例》第十五条：公开征求意见期限一般不少于 30 日，缩短期限要说明理由。",
        "Regulation on major administrative decisions, art. 15: in general at least 30 days; a shorter period is explained.",
    ),
    bad: (
        "征求意见:\n  开始: 2025-03-01\n  截止: 2025-03-08",
        "consultation:\n  from: 2025-03-01\n  until: 2025-03-08",
    ),
    good: (
        "征求意见:\n  开始: 2025-03-01\n  截止: 2025-03-31\n  渠道: [电子邮件：yijian@example.cn]",
        "consultation:\n  from: 2025-03-01\n  until: 2025-03-31\n  channels: [yijian@example.cn]",
    ),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(policy) = context.set.policy.as_ref().filter(|policy| policy.meta.stage == Stage::Consultation)
    else {
        return;
    };
    let Some(consultation) = &policy.meta.consultation else { return };
    let place = || Place::range(&policy.file, consultation.range);
    let value = &consultation.value;
    if value.channels.is_empty() {
        findings.push(RULE.named(
            "consultation-channel-missing",
            context,
            place(),
            "没有写提意见的渠道",
            "the consultation names no channel for opinions",
        ));
    }
    // Both ends are counted: an office that does so is not reported.
    let days = value.from.until(value.until).map_or(0, |span| i64::from(span.get_days())) + 1;
    let limit = i64::from(context.config.rules.consultation_days);
    if days < limit && value.from <= value.until {
        let finding = RULE.named(
            "consultation-short",
            context,
            place(),
            format!("征求意见只有 {days} 天，少于 {limit} 天"),
            format!("the consultation lasts {days} days, fewer than {limit}"),
        );
        findings.push(finding.note(
            "确需缩短的，应当在公告里说明理由。",
            "A shorter period is to be explained in the notice.",
        ));
    }
    if context.set.materials.is_empty() && policy.meta.no_interpretation.is_none() {
        let place = Place::range(&policy.file, words::first_line(&policy.file));
        findings.push(RULE.named(
            "consultation-note-missing",
            context,
            place,
            "草案没有同时公布起草说明或解读",
            "the draft is published without a drafting note or interpretation",
        ));
    }
}

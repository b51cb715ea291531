//! TS-13: facts in a material agree with the policy.

use std::collections::BTreeSet;

use crate::{Context, Rule, words};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_markdown::Body;
use jiedu_model::InterpretationMaterial;

pub(crate) static RULE: Rule = Rule {
    code: "TS-13",
    names: &["fact-unsupported"],
    severity: Severity::Warning,
    blocks: false,
    what: (
        "解读材料和热线问答里的金额、百分比、年龄、期限、日期、数量和发文字号，要么在政策文件（或解读方案）里有，要么在“事实来源”里写明出处。",
        "Every amount, percentage, age, time limit, date, quantity and document number in a material or a hotline answer occurs in the policy (or plan), or is listed under `fact-sources`.",
    ),
    why: (
        "解读与文件数字不一致，会误导群众，也属于政府网站的严重表述错误。",
        "A figure that differs from the policy misleads readers and counts as a serious error in site inspections.",
    ),
    bad: ("文件规定补贴 500 元，解读写“补贴600元”。", "The policy grants 500元, the material says 600元."),
    good: (
        "解读写“补贴500元”；引用别处的数字时在文件信息里写：\n事实来源:\n  2.3万辆: 2024年统计公报",
        "The material says 500元; figures from elsewhere are declared:\nfact-sources:\n  2.3万辆: the 2024 statistical report",
    ),
};

/// Different facts of one material that are looked for in the text.
const MAX_QUESTIONS: usize = 500;

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(policy) = &context.set.policy else { return };
    // A material for several policies takes its figures from all of them.
    let is_own = |material: &&InterpretationMaterial| {
        material.meta.interprets.iter().all(|other| other.value == context.set.id)
    };
    let ground = words::Ground::of(context.set, policy);
    for material in context.set.materials.iter().filter(is_own) {
        let date = material.meta.published.as_ref().map(|date| date.value.date);
        let mut known: Vec<String> = material.meta.fact_sources.keys().map(|key| words::bare(key)).collect();
        known.extend(date.map(written));
        let mut seen = BTreeSet::new();
        check_body(context, &ground, &material.body, &known, &mut seen, findings);
    }
    // Answers to hotline questions, unless they rest on other policies too.
    let is_foreign = |clause: &String| clause.contains('/');
    let sheet = context.set.questions.as_ref().filter(|sheet| {
        !sheet.questions.iter().flat_map(|one| &one.clauses).any(|clause| is_foreign(&clause.value))
    });
    let mut seen = BTreeSet::new();
    for body in sheet.iter().flat_map(|sheet| &sheet.prose) {
        check_body(context, &ground, body, &[], &mut seen, findings);
    }
}

/// `2025年6月30日`.
fn written(date: jiff::civil::Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// Reports every figure that neither the policy nor `known` holds, once.
fn check_body(
    context: &Context<'_>,
    ground: &words::Ground,
    body: &Body,
    known: &[String],
    seen: &mut BTreeSet<String>,
    findings: &mut Vec<Finding>,
) {
    for fact in words::facts(body) {
        let bare = words::bare(&fact.text);
        if ground.knows(&bare) || !seen.insert(bare.clone()) {
            continue;
        }
        // Every further question walks over the whole policy.
        if seen.len() > MAX_QUESTIONS {
            break;
        }
        let is_declared = known.iter().any(|key| words::occurs(key, &bare) || bare.contains(key));
        if is_declared || ground.holds(&fact.text) {
            continue;
        }
        let finding = RULE.finding(
            context,
            Place::range(&body.file, fact.range),
            format!("`{}` 在政策文件里没有", fact.text),
            format!("`{}` does not occur in the policy", fact.text),
        );
        findings.push(finding.note(
            "请与文件核对；数字另有出处的，在“事实来源”里写明。",
            "Compare with the policy; declare other sources under `fact-sources`.",
        ));
    }
}

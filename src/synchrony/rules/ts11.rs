//! TS-11: a material cites its policy's exact title and number.

use crate::{Context, Rule, words};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_model::MaterialStage;

pub(crate) static RULE: Rule = Rule {
    code: "TS-11",
    names: &["policy-not-cited"],
    severity: Severity::Warning,
    blocks: false,
    what: (
        "解读材料的正文写出政策文件的全称和发文字号（没有字号的只写全称）。书名号、空格不计较。",
        "The body of a material cites the policy's full title and its document number, if it has one.",
    ),
    why: (
        "引用公文应当先引标题，后引发文字号；读者据此找到原文。",
        "A document is cited by title, then number; that is how readers find it.",
    ),
    bad: ("近日，我局印发了工作要点。", "“Our bureau has issued the work points.”"),
    good: (
        "我局印发《某局关于印发2025年工作要点的通知》（某发〔2025〕14号）。",
        "… issued 《某局关于印发2025年工作要点的通知》（某发〔2025〕14号）.",
    ),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(policy) = &context.set.policy else { return };
    let Some(title) = policy.meta.title.as_ref().map(|title| words::bare(&title.value)) else { return };
    let number = policy.meta.document_number.as_ref().map(|number| words::bare(&number.value));
    for material in
        context.set.materials.iter().filter(|material| material.meta.stage == MaterialStage::Release)
    {
        let text = words::body_text(&material.body);
        // A broken line may fall into a title: compare without line ends.
        let text: String = text.chars().filter(|c| *c != '\n').collect();
        let has_title = text.contains(&title);
        let has_number = number.as_ref().is_none_or(|number| text.contains(number));
        let (zh, en) = match (has_title, has_number) {
            (true, true) => continue,
            (false, true) => ("文件全称", "full title"),
            (true, false) => ("发文字号", "document number"),
            (false, false) => ("文件全称和发文字号", "full title and document number"),
        };
        let place = Place::range(&material.file, words::first_line(&material.file));
        let finding = RULE.finding(
            context,
            place,
            format!("解读材料 {} 没有写出政策{zh}", material.name),
            format!("the material {} does not cite the policy's {en}", material.name),
        );
        let title = policy.meta.title.as_ref().map_or("", |title| title.value.as_str());
        let cited = policy
            .meta
            .document_number
            .as_ref()
            .map_or_else(String::new, |number| format!("（{}）", number.value));
        findings.push(
            finding
                .note(format!("可以写：《{title}》{cited}。"), format!("For example: 《{title}》{cited}.")),
        );
    }
}

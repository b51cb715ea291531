//! `jiedu explain`: a rule's own page, or what a reason code means.

use jiedu::approve::Reason;
use jiedu::finding::Rule;
use jiedu::finding::render::RuleInfo;
use jiedu::pipeline::{codes, patrol_rules};
use jiedu::text::Lang;
use jiedu::{attach, config, disclosure, engine, link, model, proof, synchrony};

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::ui::{Failure, Ui, show};

pub(crate) fn run(ui: Ui, args: &ExplainArgs) -> Result<Exit, Failure> {
    match &args.code {
        None => show(&list(ui.lang))?,
        Some(code) => show(&page(code, ui.lang).ok_or_else(|| unknown(code))?)?,
    }
    Ok(Exit::Clean)
}

/// Every rule that has a page, for machine formats.
pub(crate) fn rule_infos() -> Vec<RuleInfo> {
    let mut infos: Vec<RuleInfo> = proof::rule_infos().collect();
    infos.extend(synchrony::rule_infos());
    infos.extend(
        model::rules()
            .chain(link::rules())
            .chain(attach::rules())
            .chain(patrol_rules())
            .chain(config::rules())
            .chain(engine::rules())
            .chain(disclosure::rules())
            .map(Rule::info),
    );
    infos.sort_by_key(|info| info.code);
    infos
}

/// Refuses misspelt `--rules` before any work is done.
pub(crate) fn known_rules(wanted: &[String]) -> Result<(), Failure> {
    wanted.iter().find(|code| page(code, Lang::Zh).is_none()).map_or(Ok(()), |code| Err(unknown(code)))
}

/// The page of a rule or reason code.
pub(crate) fn page(code: &str, lang: Lang) -> Option<String> {
    let infos = rule_infos();
    if let Some(info) = infos.iter().find(|info| info.code.eq_ignore_ascii_case(code) || info.name == code) {
        return Some(info.page.get(lang).to_owned());
    }
    // A condition of synchrony has a name for each way to fail, in either
    // spelling: plan-missing, PLAN_MISSING.
    let name = code.to_ascii_lowercase().replace('_', "-");
    if let Some(rule) = synchrony::find(code).or_else(|| synchrony::find(&name)) {
        return Some(rule.page(lang));
    }
    let named = |stable: &str| {
        stable.eq_ignore_ascii_case(code) || stable.to_ascii_lowercase().replace('_', "-") == code
    };
    if let Some(page) = codes().into_iter().find(|page| named(page.code)) {
        return Some(format!("{}\n\n{}\n\n{}\n", page.code, page.what.get(lang), page.help.get(lang)));
    }
    let reason = Reason::ALL.iter().find(|reason| named(reason.code()))?;
    let about = reason.explanation();
    let advice = reason.advice();
    Some(format!("{} {}\n\n{}\n\n{}\n", reason.code(), reason.rule(), about.get(lang), advice.get(lang)))
}

fn list(lang: Lang) -> String {
    let rules = rule_infos()
        .into_iter()
        .map(|info| format!("{:<8} {:<32} {}\n", info.code, info.name, info.summary.get(lang)));
    let reasons = Reason::ALL.iter().map(|reason| (reason.code(), reason.explanation()));
    let mut others: Vec<_> = reasons.chain(codes().into_iter().map(|page| (page.code, page.what))).collect();
    others.sort_by_key(|(code, _)| *code);
    let others = others.into_iter().map(|(code, about)| format!("{code} {}\n", about.get(lang)));
    rules.chain(std::iter::once("\n".to_owned())).chain(others).collect()
}

/// Codes and names that may be meant: those that begin alike, else the nearest.
fn meant(code: &str) -> Vec<String> {
    let infos = rule_infos();
    let codes = codes();
    let rules = infos.iter().flat_map(|info| [info.code, info.name]);
    let reasons = Reason::ALL.iter().map(|reason| reason.code());
    let all: Vec<&str> = rules.chain(reasons).chain(codes.iter().map(|page| page.code)).collect();
    let typed = code.to_ascii_lowercase();
    let alike = |known: &&str| typed.len() >= 2 && known.to_ascii_lowercase().starts_with(&typed);
    let mut found: Vec<String> = all.iter().copied().filter(alike).map(str::to_owned).collect();
    if found.is_empty() {
        found.extend(jiedu::text::did_you_mean(code, all).map(str::to_owned));
    }
    found.dedup();
    found.truncate(8);
    found
}

fn unknown(code: &str) -> Failure {
    let near = meant(code);
    let failure = Failure::usage(
        format!("没有“{code}”这条规则或原因代码"),
        format!("there is no rule or reason code `{code}`"),
    )
    .hint("不带参数运行 jiedu explain，列出全部规则", "run jiedu explain without arguments for the list");
    if near.is_empty() {
        return failure;
    }
    failure.hint(format!("是不是要写：{}", near.join("、")), format!("did you mean {}?", near.join(", ")))
}

//! `jiedu cards`: who is eligible for what.

use std::path::Path;

use jiedu::disclosure::cards::{Answer, CardSheet, Clauses, Eligibility, Facts, cards_of, evaluate};
use jiedu::finding::Severity;
use jiedu::name::SetId;
use jiedu::pipeline::cards_at;
use serde_json::json;

use super::{judge, office_files};
use crate::args::{CardsArgs, CardsWhat, Cli, ReportFormat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &CardsArgs) -> Result<Exit, Failure> {
    match &args.what {
        CardsWhat::Eval { set, facts, rev, format } => {
            eval(cli, ui, &judge::set_id(set)?, facts, (rev.as_deref(), *format))
        }
    }
}

fn eval(
    cli: &Cli,
    ui: Ui,
    id: &SetId,
    facts: &Path,
    (rev, format): (Option<&str>, ReportFormat),
) -> Result<Exit, Failure> {
    let facts = Facts::read(&office_files::read(facts)?);
    let (zh, en) = ("事实文件不能使用", "the facts cannot be used");
    office_files::refuse(ui, &facts.findings, zh, en)?;
    let repository = judge::open(cli, true)?;
    let sets = cards_at(&repository, rev)?;
    let set = sets.get(id).ok_or_else(|| {
        Failure::usage(format!("没有“{id}”这一套文件"), format!("there is no set `{id}`"))
            .hint("运行 jiedu status 可以看到全部", "`jiedu status` lists them all")
    })?;
    let sheet = cards_of(set).ok_or_else(|| {
        Failure::usage(format!("{id} 没有卡片 cards.toml"), format!("{id} has no cards.toml"))
    })?;
    if sheet.findings.iter().any(|finding| finding.severity == Severity::Error) {
        ui.say(
            format!("{id} 的卡片有错误，写错的条件按“还不知道”处理；请运行 jiedu check {id}"),
            format!(
                "the cards of {id} have faults; conditions at fault count as unknown: run jiedu check {id}"
            ),
        );
    }
    let others = |other: &SetId| sets.get(other).and_then(|set| set.policy.as_ref());
    let clauses = Clauses { own: set.policy.as_ref(), others: &others };
    let verdicts = evaluate(&sheet.value, &clauses, &facts.value);
    if format == ReportFormat::Json {
        output(&format!("{}\n", json!({ "schema": "jiedu.cards/1", "cards": verdicts })))?;
    } else {
        show(ui, &sheet.value, &verdicts)?;
    }
    Ok(Exit::Clean)
}

fn show(ui: Ui, sheet: &CardSheet, verdicts: &[Eligibility]) -> Result<(), Failure> {
    for (card, verdict) in sheet.cards.iter().zip(verdicts) {
        let word = word(verdict.result);
        ui.answer(format!("{}（{}）：{}", card.name, card.id, word.0), format!("{}: {}", card.id, word.1))?;
        for reason in &verdict.because {
            let condition = card.conditions.get(reason.condition);
            let (shown, clause) = condition
                .map(|condition| (condition.shown(), condition.clause.value.as_str()))
                .unwrap_or_default();
            let answer = self::word(reason.result);
            ui.answer(
                format!("  {} {shown}（{clause}）", answer.0),
                format!("  {} {shown} ({clause})", answer.1),
            )?;
        }
        if !verdict.needs.is_empty() {
            let needs = verdict.needs.join("、");
            ui.answer(format!("  还需要：{needs}"), format!("  needs: {needs}"))?;
        }
    }
    ui.say("仅供参考，以主管部门认定为准", "for reference only; the competent department decides");
    Ok(())
}

fn word(answer: Answer) -> (&'static str, &'static str) {
    match answer {
        Answer::Yes => ("符合", "yes"),
        Answer::No => ("不符合", "no"),
        Answer::Unknown => ("还不能判断", "unknown"),
    }
}

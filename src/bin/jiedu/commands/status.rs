//! `jiedu status`: what is done, what is missing, who may do it.

use jiedu::approve::{SetState, StepState, StepStatus, step_label};
use jiedu::pipeline::{self, CheckOptions, SetReport, StatusReport};

use super::judge::{self, Bench};
use super::next;
use crate::args::{Cli, ReportFormat, StatusArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, line, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &StatusArgs) -> Result<Exit, Failure> {
    let bench = Bench::open(cli, &args.judge)?;
    let mut report = pipeline::status(
        &bench.repository,
        &CheckOptions {
            revision: bench.revision.as_deref(),
            time: bench.time,
            anchor: bench.anchor.as_ref(),
            sets: &[],
            rules: &[],
            min_severity: jiedu::finding::Severity::Hint,
            jobs: None,
        },
    )?;
    if args.mine {
        let me = judge::me(cli, &bench)?;
        report.sets.retain(|set| {
            next::step(set).is_some_and(|step| step.candidates.iter().any(|person| person.as_str() == me))
        });
    }
    match args.format {
        ReportFormat::Json => output(&report.to_json())?,
        ReportFormat::Human => show(ui, &report, args.mine)?,
    }
    Ok(Exit::Clean)
}

fn show(ui: Ui, report: &StatusReport, mine: bool) -> Result<(), Failure> {
    ui.answer(
        format!("提交 {}，判断时刻 {}", report.revision.short(), report.at.rfc3339()),
        format!("commit {}, judged at {}", report.revision.short(), report.at.rfc3339()),
    )?;
    if !report.anchored {
        ui.say(
            "未给出信任锚（--trust 或 $JIEDU_TRUST）：名册第 1 版未经外部核对",
            "no trust anchor (--trust or $JIEDU_TRUST): roster 1 is taken as found",
        );
    }
    if report.sets.is_empty() {
        ui.answer(
            if mine { "没有等您办理的事项" } else { "仓库里还没有集" },
            if mine { "nothing waits for you" } else { "there are no sets yet" },
        )?;
    }
    report.sets.iter().try_for_each(|set| line(&format!("\n{}", describe(ui, set).join("\n"))))
}

/// One set, line by line.
fn describe(ui: Ui, set: &SetReport) -> Vec<String> {
    let state = match set.state {
        SetState::Cleared => ui.pick("可发布", "cleared"),
        SetState::Blocked => ui.pick("未完成", "blocked"),
        SetState::Exempt => ui.pick("免解读或不公开", "exempt"),
        SetState::Scheduled => ui.pick("待发布日期", "scheduled"),
        SetState::Withdrawn => ui.pick("已撤回", "withdrawn"),
    };
    let reason = set.reason.map(|code| format!("（{code}）")).unwrap_or_default();
    let mut lines = vec![format!("{}  {}  {state}{reason}", set.id, set.title)];
    if let Some(digest) = set.digest {
        lines.push(format!("  {}{}", ui.pick("核对码 ", "check code "), digest.check_code()));
    }
    lines.extend(set.steps.iter().map(|step| step_line(ui, step)));
    if let Some(step) = next::step(set) {
        lines.push(next_line(ui, set, step));
    } else if next::needs_new_round(set) {
        lines.push(format!(
            "  {}jiedu submit {}",
            ui.pick("这一轮已经终止，由撰稿人重新送审：", "this round is over; the writer begins anew: "),
            set.id
        ));
    }
    lines
}

fn step_line(ui: Ui, step: &StepStatus) -> String {
    let name = match ui.lang {
        jiedu::text::Lang::Zh => step_label(&step.step),
        jiedu::text::Lang::En => &step.step,
    };
    let by = step.by.as_ref().map(|person| format!(" {person}")).unwrap_or_default();
    let instead = step
        .substitute_for
        .as_ref()
        .map(|person| format!("{}{person}", ui.pick("，代 ", ", for ")))
        .unwrap_or_default();
    match step.state {
        StepState::Done => format!("  ✓ {name}{by}{instead}"),
        StepState::Missing => format!("  · {name}"),
        StepState::Invalid => format!("  ✗ {name}{by} [{}]", step.reason.unwrap_or("")),
    }
}

/// Who must do what next: one command.
fn next_line(ui: Ui, set: &SetReport, step: &StepStatus) -> String {
    let (people, command) = (next::people(ui, step), next::command(&set.id, step));
    format!("  {}{people}{}{command}", ui.pick("下一步由 ", "next: "), ui.pick(" 办理：", " runs: "))
}

//! What waits to be done: by whom, with which command.

use jiedu::approve::{Reason, SetState, StepState, StepStatus, step_label};
use jiedu::name::PersonId;
use jiedu::pipeline::SetReport;

use super::judge::Bench;
use crate::ui::{Failure, Ui};

/// The step that waits to be taken: the first that is not done.
pub(super) fn step(set: &SetReport) -> Option<&StepStatus> {
    if set.state == SetState::Withdrawn || needs_new_round(set) {
        return None;
    }
    open_step(set)
}

/// Whether this round is over without success: only a new `submit` leads on.
pub(super) fn needs_new_round(set: &SetReport) -> bool {
    let is_retracted =
        |step: &StepStatus| step.reason == Some(Reason::Retracted.code()) && step.candidates.is_empty();
    set.reason == Some(Reason::Rejected.code()) || open_step(set).is_some_and(is_retracted)
}

fn open_step(set: &SetReport) -> Option<&StepStatus> {
    set.steps.iter().find(|step| step.state != StepState::Done)
}

/// The command that takes a step.
pub(super) fn command(set: &str, step: &StepStatus) -> String {
    if step.step == "submit" {
        format!("jiedu submit {set}")
    } else {
        format!("jiedu approve {set} --step {}", step.step)
    }
}

/// Who may take a step, by the roster.
pub(super) fn people(ui: Ui, step: &StepStatus) -> String {
    let people: Vec<&str> = step.candidates.iter().map(PersonId::as_str).collect();
    match (people.is_empty(), ui.pick("、", ", ")) {
        (true, _) => ui.pick("（名册中没有可办理的人）", "(nobody in the roster)").to_owned(),
        (false, comma) => people.join(comma),
    }
}

/// Tells who goes on after a signature was made, and how it reaches them.
pub(super) fn say_after_signing(ui: Ui, bench: &Bench, set: &str) -> Result<(), Failure> {
    let reports = bench.read()?.reports(&[]);
    let Some(found) = reports.iter().find(|found| found.id == set) else { return Ok(()) };
    match step(found) {
        Some(next) => {
            let (people, command) = (people(ui, next), command(set, next));
            ui.say(
                format!(
                    "接下来：git push，再请 {people} 取回（git pull）后办理“{}”：{command}",
                    step_label(&next.step)
                ),
                format!("next: git push; then {people} pulls and takes `{}`: {command}", next.step),
            );
        }
        None if needs_new_round(found) => ui.say(
            format!("接下来：git push；这一轮已经终止，由撰稿人重新送审：jiedu submit {set}"),
            format!("next: git push; this round is over, the writer begins anew: jiedu submit {set}"),
        ),
        None if matches!(found.state, SetState::Cleared | SetState::Exempt) => ui.say(
            "各步骤已全部办完。接下来：git push，由网站管理员运行 jiedu build 发布",
            "all steps are done. Next: git push; the website team publishes with jiedu build",
        ),
        None => ui.say(
            format!("接下来：git push；还不能发布的原因见：jiedu check {set} --rev HEAD"),
            format!("next: git push; what still holds it back: jiedu check {set} --rev HEAD"),
        ),
    }
    Ok(())
}

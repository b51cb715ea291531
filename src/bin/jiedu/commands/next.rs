//! What waits to be done: by whom, with which command.

use std::collections::BTreeMap;

use jiedu::approve::{SetState, StepState, StepStatus, step_label};
use jiedu::name::PersonId;
use jiedu::pipeline::SetReport;
use jiedu::text::Lang;

use super::judge::Bench;
use crate::ui::{Failure, Ui};

/// Names of people, by id.
pub(super) type Names = BTreeMap<PersonId, String>;

/// The step that waits to be taken: the first that is not done.
pub(super) fn step(set: &SetReport) -> Option<&StepStatus> {
    if set.state == SetState::Withdrawn || set.needs_round {
        return None;
    }
    set.steps.iter().find(|step| step.state != StepState::Done)
}

/// The command that takes a step, with the step as the reader calls it.
pub(super) fn command(ui: Ui, set: &str, step: &StepStatus) -> String {
    if step.step == "submit" {
        return format!("jiedu submit {set}");
    }
    let name = match ui.lang {
        Lang::Zh => step_label(&step.step),
        Lang::En => &step.step,
    };
    format!("jiedu approve {set} --step {name}")
}

/// A person as others know them: the name with the id.
pub(super) fn person(ui: Ui, names: &Names, id: &PersonId) -> String {
    match (names.get(id).filter(|name| !name.is_empty()), ui.lang) {
        (Some(name), Lang::Zh) => format!("{name}（{id}）"),
        (Some(name), Lang::En) => format!("{name} ({id})"),
        (None, _) => id.to_string(),
    }
}

/// Several people.
pub(super) fn people(ui: Ui, names: &Names, ids: &[PersonId]) -> String {
    if ids.is_empty() {
        return ui.pick("（名册中没有可办理的人）", "(nobody in the roster)").to_owned();
    }
    let people: Vec<String> = ids.iter().map(|id| person(ui, names, id)).collect();
    people.join(ui.pick("、", ", "))
}

/// Everybody who has something to do about the set now.
pub(super) fn concerned(set: &SetReport) -> Vec<&PersonId> {
    let step = step(set).into_iter().flat_map(|step| &step.candidates);
    let writers = set.needs_round.then_some(&set.writers).into_iter().flatten();
    let withdrawal = set.withdrawal.iter().flat_map(|withdrawal| &withdrawal.candidates);
    step.chain(writers).chain(withdrawal).collect()
}

/// Tells who goes on after a signature was made, and how it reaches them.
pub(super) fn say_after_signing(ui: Ui, bench: &Bench, set: &str, pushed: bool) -> Result<(), Failure> {
    let read = bench.read()?;
    let reports = read.reports(&[]);
    let Some(found) = reports.iter().find(|found| found.id == set) else { return Ok(()) };
    let names: Names = found.steps.iter().flat_map(|step| &step.candidates).chain(&found.writers).fold(
        Names::new(),
        |mut names, id| {
            names.insert(id.clone(), read.approvals.name_of(id).unwrap_or_default().to_owned());
            names
        },
    );
    let first = if pushed { ("", "") } else { ("运行 jiedu sync 推送，", "run `jiedu sync`, ") };
    match step(found) {
        Some(next) => {
            let (people, command) = (people(ui, &names, &next.candidates), command(ui, set, next));
            ui.say(
                format!("接下来：{}再请 {people} 办理“{}”：{command}", first.0, step_label(&next.step)),
                format!("next: {}then {people} takes `{}`: {command}", first.1, next.step),
            );
        }
        None if found.needs_round => ui.say(
            format!("接下来：{}这一轮已经终止，由撰稿人重新送审：jiedu submit {set}", first.0),
            format!("next: {}this round is over, the writer begins anew: jiedu submit {set}", first.1),
        ),
        None if matches!(found.state, SetState::Cleared | SetState::Exempt) => ui.say(
            format!("各步骤已全部办完。接下来：{}由网站管理员运行 jiedu build 发布", first.0),
            format!("all steps are done. Next: {}the website team publishes with jiedu build", first.1),
        ),
        None => ui.say(
            format!("接下来：{}还不能发布的原因见：jiedu check {set} --rev HEAD", first.0),
            format!("next: {}what still holds it back: jiedu check {set} --rev HEAD", first.1),
        ),
    }
    Ok(())
}

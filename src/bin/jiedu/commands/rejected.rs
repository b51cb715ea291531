//! Who sent a text back, and why: for the office, never for the public.

use jiedu::approve::step_label;
use jiedu::pipeline::SetReport;
use jiedu::text::Lang;
use jiedu::workspace::{ReasonGiven, reason_given};

use super::judge;
use super::next::{self, Names};
use crate::args::Cli;
use crate::ui::{Failure, Ui};

/// One line about the rejection that ended the last round, if one did.
pub(super) fn describe(cli: &Cli, ui: Ui, names: &Names, set: &SetReport) -> Result<Option<String>, Failure> {
    let Some(rejection) = &set.rejection else { return Ok(None) };
    let who = next::person(ui, names, &rejection.signer);
    let words = match reason_given(&judge::folder(cli), rejection)? {
        ReasonGiven::Words(words) => words,
        ReasonGiven::None => ui.pick("（没有写理由）", "(no reason given)").to_owned(),
        ReasonGiven::Missing => ui
            .pick("（理由文件不在仓库里，请运行 jiedu sync 取回）", "(its file is missing; run `jiedu sync`)")
            .to_owned(),
        ReasonGiven::Changed => {
            ui.pick("（理由文件被改过，不可信）", "(its file was changed and cannot be believed)").to_owned()
        }
    };
    let round = rejection.revision;
    Ok(Some(match ui.lang {
        Lang::Zh => format!("第 {round} 轮由{who}在“{}”退回：{words}", step_label(&rejection.step)),
        Lang::En => format!("round {round} was rejected by {who} at `{}`: {words}", rejection.step),
    }))
}

//! `jiedu sync`, and `--push` of the commands that sign.

use jiedu::workspace::{Synced, restore_line, sync};

use super::judge;
use crate::args::{Cli, SyncArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, note};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &SyncArgs) -> Result<Exit, Failure> {
    let folder = judge::folder(cli);
    let done = match &args.line {
        Some(commit) => restore_line(&folder, commit)?,
        None => sync(&folder)?,
    };
    Ok(report(ui, &done))
}

/// Hands over what was just signed.
pub(super) fn push(cli: &Cli, ui: Ui) -> Result<Exit, Failure> {
    let done = sync(&judge::folder(cli)).map_err(|error| {
        Failure::from(error).hint(
            "签名已经做好，只是还没有推送；请处理后运行 jiedu sync",
            "the signature is made but not pushed; see to it, then run `jiedu sync`",
        )
    })?;
    Ok(report(ui, &done))
}

fn report(ui: Ui, done: &Synced) -> Exit {
    let Synced { remote, branch, received, sent, conflicts } = done;
    if !conflicts.is_empty() {
        ui.say(
            "您和别人改了同一处，需要您看一下：",
            "you and somebody else changed the same places; please have a look:",
        );
        for file in conflicts {
            note(&format!("  {file}"));
        }
        ui.say(
            "打开这些文件，在 <<<<<<< 和 >>>>>>> 之间有两种写法，留下正确的、删去这几行标记，存盘后再运行 jiedu sync",
            "open the files: between <<<<<<< and >>>>>>> both versions stand; keep the right one, delete the marks, save, and run `jiedu sync` again",
        );
        return Exit::Findings;
    }
    match (received, sent) {
        (0, 0) => ui.say(
            format!("与共享仓库（{remote}/{branch}）一致，没有要收发的提交"),
            format!("up to date with {remote}/{branch}"),
        ),
        _ => ui.say(
            format!("已同步（{remote}/{branch}）：取回 {received} 个提交，送出 {sent} 个提交"),
            format!("synchronised with {remote}/{branch}: {received} commits in, {sent} out"),
        ),
    }
    Exit::Clean
}

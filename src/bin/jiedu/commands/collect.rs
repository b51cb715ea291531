//! `jiedu collect`: signed statements into `evidence/statements/`.

use jiedu::workspace::collect;

use super::judge;
use crate::args::{Cli, CollectArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &CollectArgs) -> Result<Exit, Failure> {
    let repository = judge::open(cli, true)?;
    let collected = collect(&repository, &args.from)?;
    ui.say(
        format!("新收集声明 {} 份，已有 {} 份", collected.written.len(), collected.kept),
        format!("collected {} statements, {} were there already", collected.written.len(), collected.kept),
    );
    if collected.unreadable > 0 {
        ui.say(
            format!(
                "有 {} 个提交形似声明但不合格，没有收集；运行 jiedu check --rev HEAD 查看原因",
                collected.unreadable
            ),
            format!(
                "{} commits look like statements and are not; see jiedu check --rev HEAD",
                collected.unreadable
            ),
        );
    }
    if !collected.written.is_empty() {
        ui.say(
            "接下来：git add evidence && git commit -m 收集审签声明",
            "next: git add evidence && git commit -m 'Collect statements'",
        );
    }
    Ok(Exit::Clean)
}

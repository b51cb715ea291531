//! `jiedu import`: a draft set from files that the office already has.

use std::io::Read as _;

use jiedu::clock::Clock;
use jiedu::import::MAX_BYTES;
use jiedu::workspace::import;

use super::{judge, new};
use crate::args::{Cli, ImportArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &ImportArgs) -> Result<Exit, Failure> {
    let root = new::work_tree(cli)?;
    let config = new::config(&root)?;
    let id = judge::set_id(&args.into)?;
    let mut files = Vec::new();
    for path in &args.files {
        let failure = |error: &std::io::Error| {
            Failure::usage(
                format!("读不了 {}：{error}", path.display()),
                format!("cannot read {}: {error}", path.display()),
            )
        };
        // One byte over the limit is enough to be refused by name.
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(|error| failure(&error))?;
        file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| failure(&error))?;
        files.push((path.to_string_lossy().into_owned(), bytes));
    }
    let today = Clock::from_unix(judge::machine_time()).today();
    let made = import(&root, &id, &files, &config, today)?;
    for (file, note) in &made.notes {
        ui.say(format!("{file}：{}", note.zh), format!("{file}: {}", note.en));
    }
    ui.say("已导入：", "imported:");
    for file in &made.scaffold.files {
        ui.say(format!("  {file}"), format!("  {file}"));
    }
    for next in &made.scaffold.next {
        ui.message(next);
    }
    Ok(Exit::Clean)
}

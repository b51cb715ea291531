//! `jiedu migrate`: sets from a whole shelf of pages and files.

use jiedu::clock::Clock;
use jiedu::workspace::{Outcome, migrate, migrate_json, migrate_next};

use super::{judge, new};
use crate::args::{Cli, MigrateArgs, ReportFormat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &MigrateArgs) -> Result<Exit, Failure> {
    let root = new::work_tree(cli)?;
    let config = new::config(&root)?;
    let today = Clock::from_unix(judge::machine_time()).today();
    let made = migrate(&root, &args.source, args.map.as_deref(), &config, today)?;
    for document in made.documents.iter().filter(|it| matches!(it.outcome, Outcome::Marked | Outcome::Failed))
    {
        let words = document.outcome.message();
        ui.say(
            format!("{}：{}：{}", document.file, words.zh, document.reason),
            format!("{}: {}: {}", document.file, words.en, document.reason),
        );
    }
    if args.format == ReportFormat::Json {
        output(&format!("{:#}\n", migrate_json(&made.documents)))?;
    }
    for next in migrate_next(&made.documents) {
        ui.message(&next);
    }
    let is_wrong = made.documents.iter().any(|it| matches!(it.outcome, Outcome::Marked | Outcome::Failed));
    Ok(if is_wrong { Exit::Findings } else { Exit::Clean })
}

//! `jiedu import` and `jiedu attach`: drafts and attachments from files that the
//! office already has.

use std::io::Read as _;
use std::path::PathBuf;

use jiedu::clock::Clock;
use jiedu::import::{Changes, MAX_BYTES};
use jiedu::text::Lang;
use jiedu::workspace::{FileReport, ImportOptions, attach, import};
use serde_json::{Value, json};

use super::{judge, new};
use crate::args::{AttachArgs, ChangesArg, Cli, ImportArgs, ReportFormat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

/// Longest text of a loss that is shown to people, in characters.
const SHOWN: usize = 60;

pub(crate) fn run(cli: &Cli, ui: Ui, args: &ImportArgs) -> Result<Exit, Failure> {
    let root = new::work_tree(cli)?;
    let config = new::config(&root)?;
    let id = judge::set_id(&args.into)?;
    let files = read_all(&args.files, MAX_BYTES)?;
    let today = Clock::from_unix(judge::machine_time()).today();
    let changes = args.changes.map(|changes| match changes {
        ChangesArg::Accept => Changes::Accept,
        ChangesArg::Reject => Changes::Reject,
        ChangesArg::Show => Changes::Show,
    });
    let made = import(&root, &id, &files, &config, today, ImportOptions { changes })?;
    let is_marked = made.files.iter().any(|file| file.is_marked);
    for file in &made.files {
        for alarm in &file.alarms {
            ui.say(
                format!("注意！{}：{}", file.file, alarm.zh),
                format!("attention! {}: {}", file.file, alarm.en),
            );
        }
    }
    if is_marked {
        ui.say(
            "文件带有密级标志：涉密文件不得上网、不得放入本仓库。草稿已写出但没有提交；请先按保密规定确认，误标的请更正，确属涉密的请立即删除",
            "a mark of secrecy: secrets may not enter this repository. The draft was written and not committed; clear it with the secrecy office or delete it at once",
        );
    }
    if args.format == ReportFormat::Json {
        output(&format!("{:#}\n", json_of(&made.files, ui.lang)))?;
    }
    for file in &made.files {
        tell(ui, file);
    }
    ui.say("已导入：", "imported:");
    for file in &made.scaffold.files {
        ui.say(format!("  {file}"), format!("  {file}"));
    }
    for next in &made.scaffold.next {
        ui.message(next);
    }
    Ok(if is_marked { Exit::Findings } else { Exit::Clean })
}

/// What became of a file, for people.
fn tell(ui: Ui, file: &FileReport) {
    let name = &file.file;
    for note in &file.notes {
        ui.say(format!("{name}：{}", note.zh), format!("{name}: {}", note.en));
    }
    for moved in &file.moved {
        ui.say(
            format!("{name}：{}（{}）移到{}", moved.what.zh, moved.place.zh, moved.to.zh),
            format!("{name}: {} ({}) is now in {}", moved.what.en, moved.place.en, moved.to.en),
        );
    }
    for loss in &file.lost {
        let mut text: String =
            loss.text.chars().take(SHOWN).map(|c| if c == '\n' { ' ' } else { c }).collect();
        if text.len() < loss.text.len() {
            text.push('…');
        }
        let quoted = if text.trim().is_empty() { String::new() } else { format!("“{text}”") };
        ui.say(
            format!("{name}：没有导入{}（{}）{quoted}", loss.what.zh, loss.place.zh),
            format!("{name}: {} ({}) was left out {quoted}", loss.what.en, loss.place.en),
        );
    }
}

/// The report in the form `jiedu.import/1`.
fn json_of(files: &[FileReport], lang: Lang) -> Value {
    let files: Vec<Value> = files
        .iter()
        .map(|file| {
            let lost: Vec<Value> = file
                .lost
                .iter()
                .map(|loss| json!({"what": loss.what.get(lang), "where": loss.place.get(lang), "text": loss.text}))
                .collect();
            let moved: Vec<Value> = file
                .moved
                .iter()
                .map(|it| json!({"what": it.what.get(lang), "where": it.place.get(lang), "to": it.to.get(lang)}))
                .collect();
            json!({"file": file.file, "as": file.role.word(), "kept": file.kept, "lost": lost, "moved": moved})
        })
        .collect();
    json!({"schema": "jiedu.import/1", "files": files})
}

/// `jiedu attach`.
pub(crate) fn run_attach(cli: &Cli, ui: Ui, args: &AttachArgs) -> Result<Exit, Failure> {
    let root = new::work_tree(cli)?;
    let id = judge::set_id(&args.into)?;
    let files = read_all(&args.files, MAX_BYTES)?;
    if let Some((name, _)) = files.iter().find(|(_, bytes)| bytes.len() > MAX_BYTES) {
        return Err(Failure::usage(
            format!("{name} 超过 50 MB，不能作附件；请压缩图片或拆分"),
            format!("{name} exceeds 50 MB; split it or make its pictures smaller"),
        ));
    }
    let names = files.into_iter().map(|(path, bytes)| {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(&path).to_owned();
        (name, bytes)
    });
    let attached = attach(&root, &id, &names.collect::<Vec<_>>())?;
    for file in &attached {
        output(&format!("{}\t{}\n", file.printed, file.path))?;
    }
    ui.say(
        format!("附件已放入，并在 policy.md 中加了链接；检查：jiedu check {id}"),
        format!("attached and linked in policy.md; check it: jiedu check {id}"),
    );
    Ok(Exit::Clean)
}

/// Names and bytes of files; one byte over the limit is enough to be refused
/// by name.
fn read_all(paths: &[PathBuf], most: usize) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let failure = |error: &std::io::Error| {
            Failure::usage(
                format!("读不了 {}：{error}", path.display()),
                format!("cannot read {}: {error}", path.display()),
            )
        };
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(|error| failure(&error))?;
        file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|error| failure(&error))?;
        files.push((path.to_string_lossy().into_owned(), bytes));
    }
    Ok(files)
}

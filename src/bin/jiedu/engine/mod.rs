//! External proofreaders on the command line: `check --engine`, `engine`,
//! `engine-test`.
//!
//! Which program runs is said on the command line alone, in a file outside of
//! the repository under check (`settings.rs`).

mod book;
mod host;
mod settings;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jiedu::config::Wordlist;
use jiedu::engine::{
    Ask, Audience, Fault, Limits, Lists, Outcome, Prepared, Reply, Request, cases, consult, judge,
    reference_answer,
};
use jiedu::finding::Finding;
use jiedu::markdown::parse_body;
use jiedu::proof::{Profile, body_range};
use jiedu::text::SourceFile;

use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};
use book::Book;
use settings::Settings;

/// An engine that fails so often in a row is not asked any more.
const PATIENCE: usize = 3;
/// The longest request that the reference engine reads.
const LONGEST: u64 = 256 << 20;

/// The options of `check` about engines.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct EngineArgs {
    /// 外部校对程序的设置文件（可多次，须在仓库之外）· Settings of an external proofreader
    #[arg(long = "engine", value_name = "FILE")]
    pub(crate) engines: Vec<PathBuf>,
    /// 外部校对答复的存放文件夹；不带 --engine 时用其中的记录重演 · Where answers are kept; alone: replays them
    #[arg(long, value_name = "DIR")]
    pub(crate) engine_answers: Option<PathBuf>,
}

/// What was typed after `jiedu engine-test`.
#[derive(Debug, clap::Args)]
pub(crate) struct TestArgs {
    /// 设置文件 · Settings file
    #[arg(long = "engine", value_name = "FILE", conflicts_with = "command")]
    settings: Option<PathBuf>,
    /// 或直接给出命令 · Or the command itself
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// The engines of one check, and the answers on record.
pub(crate) struct Bench {
    engines: Vec<(Settings, usize)>,
    book: Option<Book>,
}

impl Bench {
    /// Reads the settings; none when no engine was asked for. `repository` is
    /// the folder in which no settings are believed.
    pub(crate) fn open(args: &EngineArgs, repository: Option<&Path>) -> Result<Option<Self>, Failure> {
        if args.engines.is_empty() && args.engine_answers.is_none() {
            return Ok(None);
        }
        let engines = args.engines.iter().map(|path| Settings::read(path, repository));
        let engines = engines.collect::<Result<Vec<_>, _>>()?.into_iter().map(|one| (one, 0)).collect();
        let is_replay = args.engines.is_empty();
        let book = args.engine_answers.as_deref().map(|folder| Book::open(folder, is_replay)).transpose()?;
        Ok(Some(Self { engines, book }))
    }

    /// What could not be written on record.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.book.map_or(Ok(()), Book::finish)
    }
}

impl Ask for Bench {
    fn ask(&mut self, request: &Request) -> Vec<Reply> {
        if self.engines.is_empty() {
            return self.book.as_ref().map(|book| book.replay(&request.document.sha256)).unwrap_or_default();
        }
        let mut replies = Vec::new();
        for (settings, failures) in &mut self.engines {
            let answer = if *failures >= PATIENCE { Err(Fault::GivenUp) } else { put(settings, request) };
            *failures = if answer.is_ok() { 0 } else { *failures + 1 };
            if let (Some(book), Ok(bytes)) = (&mut self.book, &answer) {
                book.keep(request, bytes, settings.grade);
            }
            replies.push(Reply {
                name: settings.name.clone(),
                grade: settings.grade,
                limits: settings.limits,
                answer,
            });
        }
        replies
    }
}

fn put(settings: &Settings, request: &Request) -> Result<Vec<u8>, Fault> {
    let request = request.with_limits(settings.limits);
    let bytes = serde_json::to_vec(&request).map_err(|error| Fault::NotStarted { why: error.to_string() })?;
    host::run(&settings.command, &settings.folder, bytes, settings.limits)
}

/// What engines say about loose files in which `own` was found.
pub(crate) fn read_texts(
    files: &[SourceFile],
    lists: &[Wordlist],
    own: &[Finding],
    bench: &mut Bench,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let body = parse_body(file, body_range(file));
        let own: Vec<Finding> = own.iter().filter(|one| one.place.path == file.path()).cloned().collect();
        let lists = Lists::new(lists, &[]);
        let profile = Profile::infer(&body);
        match Prepared::new(&body, profile, Audience::Public, lists, &own, Limits::default()) {
            Ok(prepared) => findings.extend(consult(&body, &prepared, &own, bench)),
            Err(finding) => findings.push(*finding),
        }
    }
    findings
}

/// `jiedu engine`: the program's own rules as an engine.
pub(crate) fn serve() -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(LONGEST).read_to_end(&mut bytes).map_err(|error| {
        Failure::usage(format!("读不出请求：{error}"), format!("cannot read the request: {error}"))
    })?;
    let mut text = serde_json::to_string(&reference_answer(&bytes)).unwrap_or_default();
    text.push('\n');
    output(&text)?;
    Ok(Exit::Clean)
}

/// `jiedu engine-test`: whether an engine speaks the protocol.
pub(crate) fn test(ui: Ui, args: &TestArgs) -> Result<Exit, Failure> {
    let settings = match &args.settings {
        Some(path) => Settings::read(path, None)?,
        None => Settings::of_command(&args.command)?,
    };
    let (mut before, mut bad) = (None, 0);
    let cases = cases(settings.limits);
    for case in &cases {
        let since = Instant::now();
        let answer = host::run(&settings.command, &settings.folder, case.request.clone(), settings.limits);
        let took = since.elapsed().as_millis();
        match judge(case, &answer, before.as_deref(), settings.limits) {
            Outcome::Good(count) => ui.say(
                format!("通过    {}（{count} 条，{took} 毫秒）", case.name.zh),
                format!("ok      {} ({count} findings, {took} ms)", case.name.en),
            ),
            Outcome::Bad(why) => {
                bad += 1;
                ui.say(
                    format!("未通过  {}（{took} 毫秒）：{}", case.name.zh, why.zh),
                    format!("FAILED  {} ({took} ms): {}", case.name.en, why.en),
                );
            }
        }
        before = answer.ok();
    }
    let all = cases.len();
    ui.say(format!("共 {all} 项，{bad} 项未通过"), format!("{all} cases, {bad} failed"));
    Ok(if bad == 0 { Exit::Clean } else { Exit::Findings })
}

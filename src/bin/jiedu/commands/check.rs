//! `jiedu check`: all findings, in any format.

use std::path::Path;

use jiedu::config::Wordlist;
use jiedu::finding::render::{Format, Style, counts, render};
use jiedu::finding::{Finding, Severity};
use jiedu::pipeline::{self, CheckOptions, CheckReport};
use jiedu::proof;
use jiedu::text::{SourceFile, decode};

use super::targets::Targets;
use super::{baseline, explain, inputs, judge, office_check};
use crate::args::{CheckArgs, Cli, FormatArg, JudgeArgs, SeverityArg};
use crate::engine;
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &CheckArgs) -> Result<Exit, Failure> {
    explain::known_rules(&args.rules)?;
    if args.text_only {
        return check_texts(ui, args);
    }
    let (reports, sets) = office_check::split(&args.sets)?;
    let found = office_check::findings(&reports)?;
    if !reports.is_empty() && sets.is_empty() {
        return report(ui, args, found, |_| true);
    }
    check_repository(cli, ui, args, (&sets, found))
}

fn check_repository(
    cli: &Cli,
    ui: Ui,
    args: &CheckArgs,
    (wanted, found): (&[String], Vec<Finding>),
) -> Result<Exit, Failure> {
    let judge = JudgeArgs {
        rev: args.rev.clone(),
        trust: args.trust.clone(),
        at: args.at.clone(),
        allow_alternates: args.allow_alternates,
    };
    let mut found = found;
    let references = references(args, &mut found)?;
    let bench = judge::Bench::open(cli, &judge)?;
    let targets = Targets::read(cli, wanted)?;
    let options = CheckOptions {
        revision: args.rev.as_deref(),
        time: bench.time,
        anchor: bench.anchor.as_ref(),
        sets: if targets.has_paths() { &[] } else { &targets.sets },
        rules: &args.rules,
        min_severity: severity(args.min_severity),
        jobs: None,
        references: references.as_ref(),
    };
    let folder = judge::folder(cli);
    let inside = bench.repository.work_tree().unwrap_or(&folder);
    let mut report = match engine::Bench::open(&args.engine, Some(inside))? {
        None => pipeline::check(&bench.repository, &options)?,
        Some(mut engines) => {
            let report = pipeline::check_with_engines(&bench.repository, &options, &mut engines)?;
            engines.finish()?;
            report
        }
    };
    if targets.has_paths() {
        report.findings.retain(|finding| targets.contain(finding.set.as_deref(), &finding.place.path));
        report.sets.retain(|set| targets.contain_set(&set.id));
    }
    report.findings.extend(found.into_iter().filter(|finding| is_wanted(args, finding)));
    let is_whole = wanted.is_empty();
    report.findings = baseline::apply(ui, args, report.findings, |_| is_whole)?;
    if args.format == FormatArg::Json {
        output(&report.to_json(ui.lang))?;
    } else {
        show(ui, args.format, &report.findings)?;
        if args.format == FormatArg::Human {
            say_ground(ui, &report);
        }
    }
    Ok(if report.has_errors() { Exit::Findings } else { Exit::Clean })
}

/// What the verdicts stand on.
fn say_ground(ui: Ui, report: &CheckReport) {
    if let Some(at) = report.at {
        ui.say(format!("判断时刻：{}", at.rfc3339()), format!("judged at {}", at.rfc3339()));
    }
    if !report.anchored && report.revision.is_some() {
        ui.say(
            "未给出信任锚（--trust 或 $JIEDU_TRUST）：名册第 1 版未经外部核对",
            "no trust anchor (--trust or $JIEDU_TRUST): roster 1 is taken as found",
        );
    }
}

fn check_texts(ui: Ui, args: &CheckArgs) -> Result<Exit, Failure> {
    let mut inputs = inputs::read(&args.sets)?;
    let mut findings = std::mem::take(&mut inputs.findings);
    let (lists, office) = office(args.wordlist.as_deref(), args.model.as_deref(), &mut findings)?;
    let time = judge::time(args.at.as_deref())?;
    let office = office.on(time.given.unwrap_or(time.machine).today());
    let office = match references(args, &mut findings)? {
        Some(references) => office.with_references(references),
        None => office,
    };
    findings.extend(proof::text_only(&inputs.files, &office, &target_exists));
    if let Some(mut engines) = engine::Bench::open(&args.engine, None)? {
        let found = engine::read_texts(&inputs.files, &lists, &findings, &mut engines);
        engines.finish()?;
        findings.extend(found);
    }
    // What is no longer there has no faults any more.
    let is_read = |path: &str| {
        inputs.files.iter().any(|file| file.path() == path) || (path != "-" && !Path::new(path).exists())
    };
    report(ui, args, findings, is_read)
}

/// The texts of `--references DIR`; what cannot be read there is told.
fn references(args: &CheckArgs, findings: &mut Vec<Finding>) -> Result<Option<proof::References>, Failure> {
    let Some(folder) = &args.references else { return Ok(None) };
    let shown = folder.to_string_lossy();
    if !folder.is_dir() {
        return Err(Failure::usage(
            format!("--references 要给一个文件夹：{shown}"),
            format!("--references takes a folder: {shown}"),
        ));
    }
    let mut read = inputs::read(&[shown.into_owned()])?;
    findings.append(&mut read.findings);
    Ok(Some(proof::References::new(read.files)))
}

/// Whether a finding is asked for by `--rules` and `--min-severity`.
fn is_wanted(args: &CheckArgs, finding: &Finding) -> bool {
    let named = |rule: &String| rule.eq_ignore_ascii_case(finding.code) || rule == finding.rule;
    finding.severity >= severity(args.min_severity) && (args.rules.is_empty() || args.rules.iter().any(named))
}

/// Shows the findings of files that need no repository.
fn report(
    ui: Ui,
    args: &CheckArgs,
    mut findings: Vec<Finding>,
    is_read: impl Fn(&str) -> bool,
) -> Result<Exit, Failure> {
    findings.retain(|finding| is_wanted(args, finding));
    jiedu::finding::sort(&mut findings);
    let findings = baseline::apply(ui, args, findings, is_read)?;
    show(ui, args.format, &findings)?;
    let errors = counts(&findings).0 > 0;
    Ok(if errors { Exit::Findings } else { Exit::Clean })
}

/// The office's own words and statistics, for texts outside of any repository.
pub(super) fn office(
    wordlist: Option<&Path>,
    model: Option<&Path>,
    findings: &mut Vec<Finding>,
) -> Result<(Vec<Wordlist>, proof::Lists), Failure> {
    let lists = wordlist.map(|path| parse_wordlist(path, findings)).transpose()?;
    let lists = Vec::from_iter(lists);
    let office = match model {
        None => proof::Lists::new(&lists),
        Some(path) => proof::Lists::new(&lists).with_model(read_model(path)?),
    };
    Ok((lists, office))
}

/// Whether a relative link of a loose file leads to something beside it.
fn target_exists(file: &SourceFile, target: &str) -> bool {
    let folder = Path::new(file.path()).parent().unwrap_or_else(|| Path::new(""));
    file.path() == "-" || folder.join(target).exists()
}

fn read_model(path: &Path) -> Result<proof::Model<'static>, Failure> {
    let shown = path.to_string_lossy();
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::usage(
            format!("读不出模型 {shown}：{error}"),
            format!("cannot read the model {shown}: {error}"),
        )
    })?;
    proof::Model::parse(&bytes).ok_or_else(|| {
        Failure::usage(
            format!("{shown} 不是 jiedu train 生成的模型"),
            format!("{shown} is no model made by `jiedu train`"),
        )
    })
}

/// A list that cannot be used as written is wrong usage: texts that pass for
/// want of their list would pass unseen.
fn parse_wordlist(path: &Path, findings: &mut Vec<Finding>) -> Result<Wordlist, Failure> {
    let mut found = Vec::new();
    let list = Wordlist::parse(&read_wordlist(path)?).drain_into(&mut found);
    let wrong = || found.iter().filter(|finding| finding.severity == Severity::Error);
    let Some(first) = wrong().next() else {
        findings.append(&mut found);
        return Ok(list);
    };
    let shown = path.to_string_lossy();
    let failure = Failure::usage(
        format!("词表 {shown} 不能使用：{}", first.message.zh),
        format!("the word list {shown} cannot be used: {}", first.message.en),
    );
    Err(wrong().fold(failure, |failure, finding| {
        let (path, start) = (&finding.place.path, finding.place.position());
        let at = |text: &str| format!("{path}:{}:{} [{}] {text}", start.line, start.column, finding.code);
        failure.hint(at(&finding.message.zh), at(&finding.message.en))
    }))
}

fn read_wordlist(path: &Path) -> Result<SourceFile, Failure> {
    let shown = path.to_string_lossy();
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::usage(
            format!("读不出词表 {shown}：{error}"),
            format!("cannot read the word list {shown}: {error}"),
        )
    })?;
    decode(&shown, &bytes).map_err(|fault| {
        let at = format!("{}:{}", fault.line, fault.column);
        Failure::usage(
            format!("词表 {shown} 在 {at} 处不是合格的文本"),
            format!("the word list {shown} is not clean text at {at}"),
        )
        .hint("请保存为不带 BOM 的 UTF-8、LF 换行", "save it as UTF-8 without BOM, with LF line ends")
    })
}

fn severity(arg: SeverityArg) -> Severity {
    match arg {
        SeverityArg::Hint => Severity::Hint,
        SeverityArg::Warning => Severity::Warning,
        SeverityArg::Error => Severity::Error,
    }
}

fn show(ui: Ui, format: FormatArg, findings: &[Finding]) -> Result<(), Failure> {
    let is_human = format == FormatArg::Human;
    let format = match format {
        FormatArg::Human => Format::Human,
        FormatArg::Concise => Format::Concise,
        FormatArg::Json => Format::Json,
        FormatArg::Sarif => Format::Sarif,
        FormatArg::Github => Format::Github,
        FormatArg::Gitlab => Format::Gitlab,
        FormatArg::Rdjson => Format::Rdjson,
    };
    let style = Style { lang: ui.lang, color: ui.color_out, ..Style::default() };
    let text = render(format, findings, &explain::rule_infos(), style);
    if is_human { crate::ui::show(&format!("{}\n", text.trim_end())) } else { output(&text) }
}

//! `jiedu requests`: requests for government information.

use std::path::Path;

use jiedu::config::Calendar;
use jiedu::disclosure::requests::{Deadline, Refused, Request, deadline, read_request};
use jiedu::finding::Severity;
use jiedu::text::{SourceFile, did_you_mean};
use serde_json::json;

use super::office_files;
use crate::args::{Cli, ReportFormat, RequestsArgs, RequestsWhat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &RequestsArgs) -> Result<Exit, Failure> {
    match &args.what {
        RequestsWhat::Due { file, format } => due(cli, ui, file, *format),
    }
}

fn due(cli: &Cli, ui: Ui, path: &Path, format: ReportFormat) -> Result<Exit, Failure> {
    let calendar = office_files::calendar(cli)?;
    let file = office_files::read(path)?;
    let request = read(ui, &file)?;
    let found = deadline(&request, &calendar).map_err(|refused| failure(&file, &refused))?;
    if format == ReportFormat::Json {
        let skipped: Vec<_> = found
            .skipped
            .iter()
            .map(|day| json!({ "date": day.date.to_string(), "why": day.why.as_str() }))
            .collect();
        let document =
            json!({ "schema": "jiedu.request-due/1", "due": found.due.to_string(), "skipped": skipped });
        output(&format!("{document}\n"))?;
    } else {
        show(ui, &request, &found, &calendar)?;
    }
    Ok(Exit::Clean)
}

/// Reads a request. A key that may be a misspelt one is refused: a deadline that
/// silently leaves out an extension or a supplement would be a guess.
fn read(ui: Ui, file: &SourceFile) -> Result<Request, Failure> {
    let mut checked = read_request(file);
    for finding in &mut checked.findings {
        let key = file.slice(finding.place.range).trim_matches(['"', '\'']);
        let counts = ["收到", "补正", "第三方", "延期", "告知", "开始", "结束"];
        if finding.code == "O102" && did_you_mean(key, counts).is_some() {
            finding.severity = Severity::Error;
        }
    }
    let (zh, en) = ("办件文件不能使用，没有推算期限", "the request cannot be used; no deadline was derived");
    office_files::refuse(ui, &checked.findings, zh, en)?;
    checked.value.ok_or_else(|| Failure::usage(zh, en))
}

fn failure(file: &SourceFile, refused: &Refused) -> Failure {
    let failure = Failure::usage(refused.message.zh.clone(), refused.message.en.clone());
    match refused.range {
        Some(range) => {
            let at = file.position(range.start);
            let place = format!("{}:{}:{}", file.path(), at.line, at.column);
            failure.hint(place.clone(), place)
        }
        None => failure,
    }
}

fn show(ui: Ui, request: &Request, found: &Deadline, calendar: &Calendar) -> Result<(), Failure> {
    let Deadline { from, days, due, skipped } = found;
    ui.answer(format!("答复期限：{due}"), format!("due: {due}"))?;
    let why = if *from == request.received {
        ("收到申请", "receipt")
    } else {
        ("收到补正材料", "the last supplement")
    };
    ui.answer(
        format!(
            "  {from}{}，从次日起算 {days} 个工作日（条例第三十三条{}）",
            why.0,
            if request.extended { "，含延期" } else { "" }
        ),
        format!("  {days} working days from the day after {} on {from}", why.1),
    )?;
    for day in skipped {
        let label = day.why.label();
        ui.answer(
            format!("  不计 {} {}", day.date, label.zh),
            format!("  not counted: {} {}", day.date, label.en),
        )?;
    }
    let years = skipped.iter().map(|day| day.date.year()).chain([due.year()]);
    let mut named: Vec<i16> = years.collect();
    named.sort_unstable();
    named.dedup();
    for year in named {
        let source = calendar.source(year).unwrap_or_default();
        if !source.is_empty() {
            ui.answer(format!("  放假安排：{source}"), format!("  by {source}"))?;
        }
    }
    Ok(())
}

//! `jiedu due`: what changes when, so that somebody builds the site again in time.

use jiedu::clock::Clock;
use jiedu::pipeline::{DueItem, ReadOptions, Time, due};
use jiedu::text::Lang;

use super::judge::{self, Bench};
use crate::args::{Cli, DueArgs, ReportFormat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, line, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &DueArgs) -> Result<Exit, Failure> {
    let bench = Bench::open(cli, &args.judge)?;
    // The question is about what is to come, whenever the last commit was made.
    let now = bench.time.given.unwrap_or_else(|| Clock::from_unix(judge::machine_time()));
    let options = ReadOptions { time: Time { given: Some(now), ..bench.time }, ..bench.read_options() };
    let report = due(&bench.repository, options)?;
    if args.format == ReportFormat::Json {
        output(&report.to_json())?;
        return Ok(Exit::Clean);
    }
    let at = report.at.rfc3339();
    if report.due.is_empty() {
        ui.answer(format!("{at} 以后没有到期的事项"), format!("nothing comes due after {at}"))?;
    }
    report.due.iter().try_for_each(|item| line(&describe(ui, item)))?;
    Ok(Exit::Clean)
}

/// One item as people read it.
pub(super) fn describe(ui: Ui, item: &DueItem) -> String {
    let time = item.time.beijing().strftime("%Y-%m-%d %H:%M").to_string();
    let who = item.who.as_ref().map(|person| format!("  {person}")).unwrap_or_default();
    let why = match ui.lang {
        Lang::Zh => item.why.label(),
        Lang::En => item.why.as_str(),
    };
    format!("{time}  {}  {why}{who}", item.set)
}

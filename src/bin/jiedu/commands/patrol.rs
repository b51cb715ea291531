//! `jiedu patrol`: what is published, looked at again today.

use jiedu::clock::Clock;
use jiedu::pipeline::{ReadOptions, Time, patrol};

use super::judge::{self, Bench};
use crate::args::{Cli, PatrolArgs, ReportFormat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, line, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &PatrolArgs) -> Result<Exit, Failure> {
    let bench = Bench::open(cli, &args.judge)?;
    // A patrol asks about today, whenever the last commit was made.
    let today = bench.time.given.unwrap_or_else(|| Clock::from_unix(judge::machine_time()));
    let report = patrol(
        &bench.repository,
        ReadOptions { time: Time { given: Some(today), ..bench.time }, ..bench.read_options() },
    )?;
    match args.format {
        ReportFormat::Json => output(&report.to_json(ui.lang))?,
        ReportFormat::Human => {
            line(report.to_text(ui.lang).trim_end())?;
            let at = report.at.rfc3339();
            ui.say(format!("巡查时刻：{at}"), format!("as of {at}"));
            if !report.anchored {
                ui.say(
                    "未给出信任锚（--trust 或 $JIEDU_TRUST）：名册第 1 版未经外部核对",
                    "no trust anchor (--trust or $JIEDU_TRUST): roster 1 is taken as found",
                );
            }
        }
    }
    Ok(if report.has_errors() { Exit::Findings } else { Exit::Clean })
}

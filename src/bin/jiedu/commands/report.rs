//! `jiedu report`: the proofreading report of a set, as it is signed.

use jiedu::pipeline::proof_report;
use jiedu::proof::{Disposition, Report};

use super::judge::{self, Bench};
use crate::args::{Cli, ReportArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &ReportArgs) -> Result<Exit, Failure> {
    let bench = Bench::open(cli, &args.judge)?;
    let id = judge::set_id(&args.set)?;
    let read = bench.read()?;
    let report = proof_report(&bench.repository, &read, &id)?;
    if args.digest {
        output(&format!("{}\n", report.digest()))?;
    } else if let Some(path) = &args.out {
        std::fs::write(path, report.to_json()).map_err(|error| {
            Failure::usage(
                format!("写不了 {}：{error}", path.display()),
                format!("cannot write {}: {error}", path.display()),
            )
        })?;
        summarise(ui, &report);
    } else {
        output(&report.to_json())?;
        summarise(ui, &report);
    }
    Ok(if report.open_errors() == 0 { Exit::Clean } else { Exit::Findings })
}

/// What the report says, in two lines.
pub(crate) fn summarise(ui: Ui, report: &Report) {
    let count = |disposition| report.count(disposition);
    let (open, aside, fixed) =
        (count(Disposition::Open), count(Disposition::Suppressed), count(Disposition::Fixed));
    let errors = report.open_errors();
    ui.say(
        format!("校对报告：未处理 {open} 处（其中错误 {errors} 处），注明理由保留 {aside} 处，与上一版相比改好 {fixed} 处"),
        format!("report: {open} open ({errors} errors), {aside} set aside with reasons, {fixed} fixed since the edition before"),
    );
    ui.say(format!("报告摘要：{}", report.digest()), format!("digest of the report: {}", report.digest()));
}

//! Baselines of `jiedu check`: what an office lives with.

use std::path::Path;

use jiedu::finding::{self, Baseline, Finding};

use crate::args::CheckArgs;
use crate::ui::{Failure, Ui};

/// Leaves out what the baseline names and adds a finding about entries that are
/// gone; with `--write-baseline` writes it, new or shrunk.
pub(super) fn apply(
    ui: Ui,
    args: &CheckArgs,
    findings: Vec<Finding>,
    read: impl Fn(&str) -> bool,
) -> Result<Vec<Finding>, Failure> {
    let Some(path) = &args.baseline else { return Ok(findings) };
    let shown = path.to_string_lossy();
    // A check of some rules only cannot tell what is gone.
    let is_whole = args.rules.is_empty() && args.min_severity == crate::args::SeverityArg::Hint;
    let old = load(path)?;
    let baseline = match (old, args.write_baseline) {
        (Some(old), _) => old,
        (None, true) => Baseline::of(&findings),
        (None, false) => {
            return Err(Failure::usage(
                format!("没有基线文件 {shown}"),
                format!("there is no baseline {shown}"),
            )
            .hint("加上 --write-baseline 新建", "add --write-baseline to make one"));
        }
    };
    let sorted = baseline.sort_out(findings, |file| is_whole && read(file));
    let (known, mut open) = (sorted.known, sorted.open);
    if args.write_baseline {
        let baseline = baseline.without(&sorted.gone);
        std::fs::write(path, baseline.to_json()).map_err(|error| {
            Failure::usage(
                format!("写不了基线 {shown}：{error}"),
                format!("cannot write the baseline {shown}: {error}"),
            )
        })?;
        let count = baseline.len();
        ui.say(
            format!("基线 {shown} 现有 {count} 处问题"),
            format!("the baseline {shown} names {count} findings"),
        );
    } else {
        open.extend(finding::baseline_stale(&shown, &sorted.gone));
        finding::sort(&mut open);
        ui.say(
            format!("另有 {known} 处已列入基线，未报告"),
            format!("{known} findings are in the baseline and not reported"),
        );
    }
    Ok(open)
}

/// The baseline, when the file exists.
fn load(path: &Path) -> Result<Option<Baseline>, Failure> {
    let shown = path.to_string_lossy();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Failure::usage(
                format!("读不出基线 {shown}：{error}"),
                format!("cannot read the baseline {shown}: {error}"),
            ));
        }
    };
    Baseline::parse(&text).map(Some).map_err(|reason| {
        Failure::usage(
            format!("{shown} 不是 jiedu 写的基线：{reason}"),
            format!("{shown} is no baseline written by jiedu: {reason}"),
        )
    })
}

//! `jiedu proof`: the proof sheet of a set.

use jiedu::finding::Severity;
use jiedu::pipeline::{CheckOptions, proof_sheet, site_sheet};

use super::judge::{self, Bench};
use crate::args::{Cli, ProofArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &ProofArgs) -> Result<Exit, Failure> {
    let bench = Bench::open(cli, &args.judge)?;
    let options = CheckOptions {
        revision: bench.revision.as_deref(),
        time: bench.time,
        anchor: bench.anchor.as_ref(),
        sets: &[],
        rules: &[],
        min_severity: Severity::Hint,
        jobs: None,
        references: None,
    };
    let sheet = if args.set == "site" {
        site_sheet(&bench.repository, bench.read_options())?
    } else {
        proof_sheet(&bench.repository, &judge::set_id(&args.set)?, &options)?
    };
    let Some(path) = &args.out else {
        output(&sheet)?;
        return Ok(Exit::Clean);
    };
    std::fs::write(path, sheet).map_err(|error| {
        Failure::usage(
            format!("写不了 {}：{error}", path.display()),
            format!("cannot write {}: {error}", path.display()),
        )
    })?;
    ui.say(
        format!("校样已写到 {}，请用浏览器打开并打印", path.display()),
        format!("the proof sheet is in {}; open it in a browser and print it", path.display()),
    );
    Ok(Exit::Clean)
}

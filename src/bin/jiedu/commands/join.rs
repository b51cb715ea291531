//! `jiedu join`: one site from the parts that several machines made.

use std::path::Path;

use jiedu::approve::Anchor;
use jiedu::clock::Clock;
use jiedu::pipeline::{JoinOptions, join};

use super::{build, judge};
use crate::args::{Cli, JoinArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui};

/// A manifest larger than this is not read; one of a million files fits.
const MANIFEST_LIMIT: u64 = 192 << 20;

pub(crate) fn run(cli: &Cli, ui: Ui, args: &JoinArgs) -> Result<Exit, Failure> {
    let anchor = match judge::anchor(args.trust.as_deref())? {
        Anchor::Trusted(anchor) => Some(anchor),
        Anchor::Provisional => None,
    };
    let key = args.publish_key.clone().or_else(|| judge::from_environment("JIEDU_PUBLISH_KEY"));
    let expect = args.expect.as_deref().map(manifest).transpose()?;
    let repository = judge::open(cli, args.allow_alternates)?;
    let report = join(
        &repository,
        &args.parts,
        &JoinOptions {
            machine: Clock::from_unix(judge::machine_time()),
            anchor: anchor.as_ref(),
            out: &args.out,
            previous: args.previous.as_deref(),
            publish_key: key.as_deref(),
            expect: expect.as_deref(),
            jobs: args.jobs,
        },
    )?;
    build::show(ui, &report, false);
    Ok(if report.is_incomplete() { Exit::Findings } else { Exit::Clean })
}

/// The bytes of the manifest that is expected.
fn manifest(path: &Path) -> Result<Vec<u8>, Failure> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(MANIFEST_LIMIT).read_to_end(&mut bytes));
    read.map_err(|error| {
        Failure::usage(
            format!("--expect 指定的“{}”读不了：{error}", path.display()),
            format!("cannot read `{}` of --expect: {error}", path.display()),
        )
    })?;
    Ok(bytes)
}

//! `jiedu digest`: the digest of a set, or the manifest it is taken over.

use jiedu::name::Digest;
use jiedu::pipeline;

use super::judge;
use crate::args::{Cli, DigestArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &DigestArgs) -> Result<Exit, Failure> {
    let repository = judge::open(cli, true)?;
    let id = if args.set == "site" || jiedu::name::SmallSet::parse(&args.set).is_some() {
        args.set.clone()
    } else {
        judge::set_id(&args.set)?.to_string()
    };
    match pipeline::manifest(&repository, args.rev.as_deref().unwrap_or("HEAD"), &id) {
        Ok(manifest) if args.manifest => output(&String::from_utf8_lossy(&manifest))?,
        Ok(manifest) => output(&format!("{}\n", Digest::of(&manifest)))?,
        Err(stop) if !stop.findings.is_empty() => {
            // A fault of one set is a finding, not a refusal of the repository.
            ui.failure(&Failure::from(stop));
            return Ok(Exit::Findings);
        }
        Err(stop) => return Err(stop.into()),
    }
    Ok(Exit::Clean)
}

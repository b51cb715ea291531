//! `jiedu serve`: the site on this machine, rebuilt while people write.

use jiedu::pipeline::{PreviewOptions, preview};

use super::judge::{self, Bench};
use super::new;
use crate::args::{Cli, ServeArgs};
use crate::exit::Exit;
use crate::preview as server;
use crate::ui::{Failure, Ui};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &ServeArgs) -> Result<Exit, Failure> {
    let root = if args.drafts { new::work_tree(cli)? } else { judge::folder(cli) };
    let bench = Bench::open(cli, &args.judge)?;
    let drafts = args.drafts;
    if drafts {
        ui.say("预览包括未审签的稿件（页面上标明“未审签”）", "the preview shows drafts, marked 未审签");
    }
    let build = move || {
        let options = PreviewOptions {
            revision: bench.revision(),
            time: bench.time,
            anchor: bench.anchor.as_ref(),
            drafts,
        };
        Ok(preview(&bench.repository, &options)?)
    };
    server::serve(ui, &root, args.port, build)?;
    Ok(Exit::Clean)
}

//! `jiedu serve`: the site on this machine, as people write.

use super::judge::{self, Bench};
use super::new;
use crate::args::{Cli, ServeArgs};
use crate::exit::Exit;
use crate::preview::{Desk, serve};
use crate::ui::{Failure, Ui};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &ServeArgs) -> Result<Exit, Failure> {
    let root = if args.drafts { new::work_tree(cli)? } else { judge::folder(cli) };
    let bench = Bench::open(cli, &args.judge)?;
    if args.drafts {
        ui.say("预览包括未审签的稿件（页面上标明“未审签”）", "the preview shows drafts, marked 未审签");
    }
    serve(ui, &Desk { bench: &bench, drafts: args.drafts, root: &root, port: args.port })?;
    Ok(Exit::Clean)
}

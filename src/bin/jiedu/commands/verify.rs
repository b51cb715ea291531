//! `jiedu verify`: re-check a built site offline.

use jiedu::approve::Anchor;
use jiedu::evidence::{PreviousRelease, Rebuild, Recorded, VerifyInput, VerifyReport, verify};
use jiedu::output::{Limits, read_site};
use jiedu::pipeline::rebuild;
use jiedu::text::Message;

use super::judge;
use crate::args::{Cli, ReportFormat, VerifyArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &VerifyArgs) -> Result<Exit, Failure> {
    let anchor = judge::anchor(args.trust.as_deref())?;
    let site = read_site(&args.dir, &Limits::default())?;
    let previous = args.previous.as_deref().map(|dir| {
        let site = read_site(dir, &Limits::default())?;
        PreviousRelease::read(&site).map_err(|problem| {
            Failure::usage(
                format!("--previous 指定的文件夹不是发布过的网站：{problem}"),
                format!("--previous is not a released site: {problem}"),
            )
        })
    });
    let previous = previous.transpose()?;
    // Only an explicit --repo rebuilds.
    let repository = cli.repo.is_some().then(|| judge::open(cli, true)).transpose()?;
    let rebuild = repository.as_ref().map(|repository| {
        let anchor = match &anchor {
            Anchor::Trusted(anchor) => Some(anchor.clone()),
            Anchor::Provisional => None,
        };
        move |recorded: &Recorded| match &anchor {
            Some(anchor) => rebuild(repository, anchor, None, recorded),
            None => Err(Message::new(
                "没有信任锚，不能重新生成比较",
                "without a trust anchor nothing can be rebuilt",
            )),
        }
    });
    let report = verify(&VerifyInput {
        site: &site,
        anchor: &anchor,
        previous: previous.as_ref(),
        rebuild: rebuild.as_ref().map(|rebuild| rebuild as &Rebuild<'_>),
    });
    match args.format {
        ReportFormat::Json => output(&format!("{}\n", report.to_json(ui.lang)))?,
        ReportFormat::Human => show(ui, &report),
    }
    Ok(if report.ok() { Exit::Clean } else { Exit::Refused })
}

fn show(ui: Ui, report: &VerifyReport) {
    let checked = report.checked;
    for problem in &report.problems {
        let at = if problem.path.is_empty() { String::new() } else { format!("{}：", problem.path) };
        let line = format!("[{}] {at}{}", problem.code, problem.message.get(ui.lang));
        ui.say(&line, &line);
    }
    ui.say(
        format!("核对文件 {} 个，集 {} 个，审签声明 {} 份", checked.files, checked.sets, checked.approvals),
        format!("checked {} files, {} sets, {} statements", checked.files, checked.sets, checked.approvals),
    );
    if report.rebuilt {
        ui.say("已从仓库重新生成并逐字节比较", "rebuilt from the repository and compared byte by byte");
    }
    if !report.ok() {
        ui.say(
            format!("核验未通过：{} 处不符", report.problems.len()),
            format!("verification failed: {} problems", report.problems.len()),
        );
        return;
    }
    ui.say("核验通过", "verified");
    if let Some(anchor) = &report.advanced {
        ui.say(
            "请把 trust.toml 更新为以下内容（防止回退到旧版）：",
            "store these values in trust.toml (they prevent a rollback):",
        );
        ui.say(anchor.to_toml(), anchor.to_toml());
    }
}

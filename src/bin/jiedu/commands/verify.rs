//! `jiedu verify`: re-check a built site offline.

use std::path::Path;

use jiedu::approve::Anchor;
use jiedu::evidence::{BuiltSite, PreviousRelease, Rebuild, Recorded, VerifyInput, VerifyReport, verify};
use jiedu::output::{Limits, OutputError, read_site, read_site_with};
use jiedu::pipeline::rebuild;
use jiedu::text::Message;

use super::judge;
use crate::args::{Cli, ReportFormat, VerifyArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, line, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &VerifyArgs) -> Result<Exit, Failure> {
    let anchor = judge::anchor(args.trust.as_deref())?;
    let mut report = match read(&args.dir, args.evidence.as_deref()) {
        Ok(site) => check(cli, args, &anchor, &site)?,
        Err(error) => unreadable(error)?,
    };
    if args.require_publisher && report.publisher.is_none() {
        let message = Message::new(
            "要求有可证实的发布人（--require-publisher），而这个网站没有",
            "a proven publisher is required (--require-publisher), and this site has none",
        );
        report.refuse("PUBLISHER_UNKNOWN", "", message);
    }
    match args.format {
        ReportFormat::Json => output(&format!("{}\n", report.to_json(ui.lang)))?,
        ReportFormat::Human => show(ui, &report)?,
    }
    Ok(if report.ok() { Exit::Clean } else { Exit::Refused })
}

fn read(folder: &Path, evidence: Option<&Path>) -> Result<BuiltSite, OutputError> {
    let limits = Limits::default();
    match evidence {
        Some(evidence) => read_site_with(folder, Some(evidence), &limits),
        None => read_site(folder, &limits),
    }
}

/// A folder that is too deep, too large or unreadable is not a verified site.
fn unreadable(error: OutputError) -> Result<VerifyReport, Failure> {
    let Some(code) = error.code() else { return Err(error.into()) };
    let mut report = VerifyReport::default();
    report.refuse(code, "", error.message());
    Ok(report)
}

fn check(cli: &Cli, args: &VerifyArgs, anchor: &Anchor, site: &BuiltSite) -> Result<VerifyReport, Failure> {
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
    let repository = cli.repo.is_some().then(|| judge::open(cli, args.allow_alternates));
    let (repository, refused) = match repository {
        Some(Ok(repository)) => (Some(repository), None),
        // A repository that could lie proves nothing; the files are still compared.
        Some(Err(failure)) if failure.code.is_some() => (None, Some(failure)),
        Some(Err(failure)) => return Err(failure),
        None => (None, None),
    };
    let rebuild = repository.as_ref().map(|repository| {
        move |recorded: &Recorded| match anchor {
            Anchor::Trusted(anchor) => rebuild(repository, anchor, None, recorded),
            Anchor::Provisional => Err(Message::new(
                "没有信任锚，不能重新生成比较",
                "without a trust anchor nothing can be rebuilt",
            )),
        }
    });
    let mut report = verify(&VerifyInput {
        site,
        anchor,
        previous: previous.as_ref(),
        rebuild: rebuild.as_ref().map(|rebuild| rebuild as &Rebuild<'_>),
    });
    if let Some(Failure { code: Some(code), message, .. }) = refused {
        report.refuse(code, "", message);
    }
    Ok(report)
}

fn show(ui: Ui, report: &VerifyReport) -> Result<(), Failure> {
    let checked = report.checked;
    for warning in &report.warnings {
        line(&format!("{}[{}] {}", ui.pick("警告", "warning"), warning.code, warning.message.get(ui.lang)))?;
    }
    for problem in &report.problems {
        let at = if problem.path.is_empty() { String::new() } else { format!("{}：", problem.path) };
        let text = format!("[{}] {at}{}", problem.code, problem.message.get(ui.lang));
        line(&text)?;
    }
    ui.answer(
        format!("核对文件 {} 个，集 {} 个，审签声明 {} 份", checked.files, checked.sets, checked.approvals),
        format!("checked {} files, {} sets, {} statements", checked.files, checked.sets, checked.approvals),
    )?;
    if report.rebuilt {
        ui.answer("已从仓库重新生成并逐字节比较", "rebuilt from the repository and compared byte by byte")?;
    }
    if !report.ok() {
        ui.answer(
            format!("核验未通过：{} 处不符", report.problems.len()),
            format!("verification failed: {} problems", report.problems.len()),
        )?;
        return Ok(());
    }
    ui.answer("核验通过", "verified")?;
    if let Some(anchor) = &report.advanced {
        ui.answer(
            "请把 trust.toml 更新为以下内容（防止回退到旧版）：",
            "store these values in trust.toml (they prevent a rollback):",
        )?;
        output(&anchor.to_toml())?;
    }
    Ok(())
}

//! `jiedu build`: the site, from git objects.

use jiedu::approve::step_label;
use std::path::Path;

use jiedu::pipeline::{BuildOptions, BuildReport, MOST_SHARDS, PartReport, Shard, build, build_shard};

use super::judge::{self, Bench};
use super::next;
use crate::args::{BuildArgs, Cli};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, note};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &BuildArgs) -> Result<Exit, Failure> {
    let shard = args.shard.as_deref().map(which_shard).transpose()?;
    let bench = Bench::open(cli, &args.judge)?;
    let key = args.publish_key.clone().or_else(|| judge::from_environment("JIEDU_PUBLISH_KEY"));
    let options = BuildOptions {
        revision: bench.revision(),
        time: bench.time,
        anchor: bench.anchor.as_ref(),
        drafts: args.drafts,
        // The parser has seen to it that one of them is given.
        out: args.into.as_deref().or(args.out.as_deref()).unwrap_or(Path::new("")),
        previous: args.previous.as_deref(),
        publish_key: key.as_deref(),
        jobs: args.jobs,
    };
    if let Some(shard) = shard {
        show_part(ui, &build_shard(&bench.repository, &options, shard)?, shard);
        return Ok(Exit::Clean);
    }
    let report = build(&bench.repository, &options)?;
    show(ui, &report, args.drafts);
    let is_wrong = report.is_incomplete() || (args.strict && report.leaves_out());
    Ok(if is_wrong { Exit::Findings } else { Exit::Clean })
}

/// The part that `--shard` names.
fn which_shard(text: &str) -> Result<Shard, Failure> {
    if text != "auto" {
        return Shard::parse(text).ok_or_else(|| {
            Failure::usage(format!("--shard 写得不对：{text}"), format!("--shard is malformed: {text}")).hint(
                format!("请写成 I/N，I 从 1 到 N，N 不超过 {MOST_SHARDS}，例如 --shard 2/7"),
                format!("write I/N with I from 1 to N, N at most {MOST_SHARDS}, for example --shard 2/7"),
            )
        });
    }
    let number = |name: &str| {
        let value = judge::from_environment(name);
        let number = value.as_ref().and_then(|value| value.to_str()?.parse::<u32>().ok());
        number.ok_or_else(|| {
            Failure::usage(
                format!("--shard auto 需要环境变量 {name}，值为整数"),
                format!("--shard auto needs the environment variable {name}, a whole number"),
            )
        })
    };
    let (index, count) = (number("JOB_COMPLETION_INDEX")?, number("JIEDU_SHARDS")?);
    index.checked_add(1).and_then(|index| Shard::new(index, count)).ok_or_else(|| {
        Failure::usage(
            format!("JOB_COMPLETION_INDEX={index} 与 JIEDU_SHARDS={count} 不成一片：前者从 0 起，须小于后者"),
            format!("JOB_COMPLETION_INDEX={index} is no part of JIEDU_SHARDS={count}: it counts from 0 and must be less"),
        )
    })
}

/// Says what part was made. What a set lacks is told by whoever joins.
fn show_part(ui: Ui, report: &PartReport, shard: Shard) {
    let (index, count, folder) = (shard.index(), shard.count(), report.folder.display());
    ui.say(
        format!(
            "已生成第 {index} 片（共 {count} 片）：{folder}，{} 个文件；提交 {}，发布时刻 {}",
            report.files,
            report.revision.short(),
            report.instant.at.rfc3339()
        ),
        format!(
            "made part {index} of {count}: {folder}, {} files; commit {}, published at {}",
            report.files,
            report.revision.short(),
            report.instant.at.rfc3339()
        ),
    );
}

/// What was built, what was left out and why, and what to do next.
pub(crate) fn show(ui: Ui, report: &BuildReport, drafts: bool) {
    for finding in &report.findings {
        let line = format!("[{}] {}：{}", finding.code, finding.place.path, finding.message.get(ui.lang));
        note(&line);
        for next in &finding.notes {
            note(&format!("  {}", next.get(ui.lang)));
        }
    }
    ui.say(
        format!("提交 {}，发布时刻 {}", report.revision.short(), report.instant.at.rfc3339()),
        format!("commit {}, published at {}", report.revision.short(), report.instant.at.rfc3339()),
    );
    ui.say(
        format!(
            "已生成 {}：{} 套文件，{} 个页面，共 {} 个文件",
            report.folder.display(),
            report.sets,
            report.pages,
            report.files
        ),
        format!(
            "built {}: {} sets, {} pages, {} files",
            report.folder.display(),
            report.sets,
            report.pages,
            report.files
        ),
    );
    if let Some(kept) = &report.kept {
        ui.say(
            format!("旧文件夹里的其他文件移到了 {}", kept.display()),
            format!("other files of the old folder are in {}", kept.display()),
        );
    }
    for set in &report.scheduled {
        ui.say(format!("未到发布日期：{set}"), format!("not yet due: {set}"));
    }
    show_left_out(ui, report);
    if let Some(next) = report.next_due.as_ref().filter(|_| !drafts) {
        let next = super::due::describe(ui, next);
        ui.say(
            format!("下一个变化：{next}；到时请重新生成网站（全部见 jiedu due）"),
            format!("next change: {next}; build again then (`jiedu due` lists all)"),
        );
    }
    if drafts {
        ui.say(
            "这是含未审签稿件的内部预览，不能对外发布",
            "this is an internal preview with drafts; do not publish it",
        );
    } else if !report.signed {
        ui.say(
            "警告：没有发布人签名；请用 --publish-key 指定密钥（或设 JIEDU_PUBLISH_KEY），否则核验通不过",
            "warning: no publisher's signature; give --publish-key (or JIEDU_PUBLISH_KEY), else verification fails",
        );
    }
}

fn show_left_out(ui: Ui, report: &BuildReport) {
    for set in &report.left_out {
        let stands = match set.standing {
            Some(number) => {
                (format!("网站保留已审签的第 {number} 版"), format!("edition {number} stays on the site"))
            }
            None => ("没有放进网站".to_owned(), "left out".to_owned()),
        };
        ui.say(
            format!("未发布：{} {}（{}），{}", set.id, set.title, set.reason, stands.0),
            format!("not published: {} {} ({}), {}", set.id, set.title, set.reason, stands.1),
        );
        if ["REJECTED", "REVISION_SUPERSEDED", "EDITION_HIDDEN"].contains(&set.reason) {
            ui.say(
                format!(
                    "  撰稿人修改后重新送审：jiedu submit {}（jiedu explain {} 有说明）",
                    set.id, set.reason
                ),
                format!(
                    "  the writer opens a new round: jiedu submit {} (see jiedu explain {})",
                    set.id, set.reason
                ),
            );
            continue;
        }
        let Some(step) = &set.next else { continue };
        let people = next::people(ui, &report.names, &step.candidates);
        let command = next::command(ui, set.id.as_str(), step);
        ui.say(
            format!("  还差“{}”，由 {} 办理：{command}", step_label(&step.step), people),
            format!("  missing `{}`; {} runs: {command}", step.step, people),
        );
    }
}

//! `jiedu export`: one edition as a file for circulation or archive.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use jiedu::approve::Subject;
use jiedu::edition::Edition;
use jiedu::export::{self, Content, Source};
use jiedu::model::PolicyDocument;
use jiedu::pipeline::{JudgedSet, Revision, site_file};

use super::judge::Bench;
use crate::args::{Cli, ExportArgs, ExportContent, ExportFormat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &ExportArgs) -> Result<Exit, Failure> {
    let read = Arc::new(Bench::open(cli, &args.judge)?.read()?);
    let found = read.sets.iter().find(|set| set.id.as_str() == args.set);
    let set = found.ok_or_else(|| {
        Failure::usage(format!("没有这一集：{}", args.set), format!("no such set: {}", args.set))
            .hint("运行 jiedu status 查看全部集编号", "run jiedu status for the ids of all sets")
    })?;
    let edition = if args.draft { None } else { Some(chosen(set, args.edition)?) };
    let at = edition.map_or(read.instant.at, |edition| edition.instant).rfc3339();
    let text = edition.map_or(&set.set, |edition| &edition.set);
    let policy = text.policy.as_ref().ok_or_else(|| {
        Failure::usage(
            format!("{} 没有能读的政策文件 policy.md", set.id),
            format!("{} has no readable policy.md", set.id),
        )
        .hint(format!("运行 jiedu check {}", set.id), format!("run jiedu check {}", set.id))
    })?;
    let source = Source { set: text, policy, edition: edition.map(|edition| edition.number), at: &at };
    let bytes = match args.format {
        ExportFormat::Txt => export::plain_text(&source).into_bytes(),
        ExportFormat::Akn => export::akoma_ntoso(&source).into_bytes(),
        ExportFormat::Json => json(&read, set, edition)?,
        ExportFormat::Zip => made(export::archive(&source, &evidence(&read, set)))?,
        ExportFormat::Docx => made(export::docx(&source, content(args, set, edition)?))?,
    };
    write(&args.out, &bytes)?;
    let out = args.out.display();
    ui.say(format!("已导出 {out}"), format!("exported {out}"));
    Ok(Exit::Clean)
}

/// The edition asked for, else the newest that is shown.
fn chosen(set: &JudgedSet, number: Option<u32>) -> Result<&Edition, Failure> {
    let mut shown = set.editions.iter().filter(|edition| edition.void.is_none());
    let found = match number {
        Some(number) => shown.find(|edition| edition.number == number),
        None => shown.next_back(),
    };
    found.filter(|_| set.withdrawn.is_none()).ok_or_else(|| {
        let (zh, en) = match number {
            Some(number) => {
                (format!("{} 没有第 {number} 版", set.id), format!("{} has no edition {number}", set.id))
            }
            None => (format!("{} 没有已发布的版本", set.id), format!("{} has no published edition", set.id)),
        };
        Failure::usage(zh, en).hint(
            format!("运行 jiedu log {} 查看版本；要导出现在的草稿，加 --draft", set.id),
            format!("run jiedu log {}; for the present draft add --draft", set.id),
        )
    })
}

/// What the Word document is to show.
fn content<'a>(
    args: &ExportArgs,
    set: &'a JudgedSet,
    edition: Option<&Edition>,
) -> Result<Content<'a>, Failure> {
    let older = || -> Result<&'a PolicyDocument, Failure> {
        let limit = edition.map_or(u32::MAX, |edition| edition.number);
        let mut shown = set.editions.iter().filter(|it| it.void.is_none());
        let found = match args.against {
            Some(number) => shown.find(|it| it.number == number),
            None => shown.rfind(|it| it.number < limit),
        };
        found.and_then(|it| it.set.policy.as_ref()).ok_or_else(|| {
            Failure::usage("没有可以比较的旧版本", "there is no older edition to compare with").hint(
                format!("运行 jiedu log {} 查看版本，用 --against 指定一版", set.id),
                format!("run jiedu log {} and name one with --against", set.id),
            )
        })
    };
    Ok(match args.what {
        ExportContent::Policy => Content::Policy,
        ExportContent::Set => Content::Set,
        ExportContent::Redline => Content::Redline(older()?),
        ExportContent::Table => Content::Table(older()?),
    })
}

/// The machine form of the edition, as the site has it.
fn json(read: &Arc<Revision>, set: &JudgedSet, edition: Option<&Edition>) -> Result<Vec<u8>, Failure> {
    let made = match edition {
        Some(edition) => site_file(read, &format!("policies/{}/v{}/edition.json", set.id, edition.number))?,
        None => None,
    };
    made.ok_or_else(|| {
        Failure::usage(
            "这一版在网站上没有页面，没有 JSON 可导出",
            "this text has no page on the site, and so no JSON",
        )
        .hint("草稿请用 docx、txt 或 akn 格式", "export a draft as docx, txt or akn")
    })
}

/// Statements about the set and all rosters, by their paths in the archive.
fn evidence(read: &Revision, set: &JudgedSet) -> Vec<(String, Vec<u8>)> {
    let about = |subject: &Option<Subject>| subject.as_ref().and_then(Subject::set) == Some(&set.id);
    let known =
        read.approvals.known().iter().filter(|known| about(&known.subject) && known.refused.is_none());
    let statements =
        known.map(|known| (format!("statements/{}.commit", known.id.hex()), known.bytes.to_vec()));
    let rosters = read.roster.iter().map(|(path, bytes)| (format!("roster/{path}"), bytes.to_vec()));
    statements.chain(rosters).collect()
}

fn made(result: Result<Vec<u8>, export::ExportError>) -> Result<Vec<u8>, Failure> {
    result.map_err(|error| {
        Failure::usage(format!("文件无法生成：{error}"), format!("the file cannot be made: {error}"))
    })
}

/// Writes beside the target and renames: a reader sees the old file or the new.
fn write(out: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut fresh = tempfile::Builder::new();
    // Like any new file: the folder's readers may read it.
    #[cfg(unix)]
    fresh.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let written = fresh.tempfile_in(folder).and_then(|mut file| {
        file.write_all(bytes)?;
        file.persist(out).map_err(|error| error.error)
    });
    written.map(drop).map_err(|error| {
        Failure::usage(
            format!("“{}”写不了：{error}", out.display()),
            format!("cannot write `{}`: {error}", out.display()),
        )
        .hint("请换一个文件夹，或检查写入权限", "choose another folder, or check your permissions")
    })
}

//! `jiedu fix`: applies fixes to the texts of the work tree and shows what
//! changed. Nothing is committed: that is the writer's act.

use std::io::Write as _;
use std::path::Path;

use jiedu::clock::Clock;
use jiedu::name::SetId;
use jiedu::pipeline::Drafts;
use jiedu::proof::{self, Fixed, Fixes};
use jiedu::redline::{compare_texts, patch, terminal};
use jiedu::source::{Snapshot, read_folder};
use jiedu::text::{SourceFile, decode};

use super::{judge, new};
use crate::args::{Cli, FixArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &FixArgs) -> Result<Exit, Failure> {
    let root = new::work_tree(cli)?;
    let snapshot = read_folder(&root)?;
    let drafts = Drafts::of(&snapshot, Clock::from_unix(judge::machine_time()).today());
    let fixes = if args.needs_review { Fixes::Unsafe } else { Fixes::Safe };
    let wanted = args.sets.iter().map(|set| judge::set_id(set)).collect::<Result<Vec<_>, _>>()?;
    let (mut changed, mut total) = (0, 0);
    for (set, source) in texts(&snapshot, &wanted)? {
        let Fixed { text, count } = fixed(set, &source, &drafts, fixes);
        if count == 0 {
            continue;
        }
        changed += 1;
        total += count;
        if args.patch {
            output(&patch(source.path(), source.text(), &text))?;
            continue;
        }
        let diff = compare_texts(source.text(), &text);
        output(&format!("{}\n", source.path()))?;
        output(&terminal::render_lines(
            &diff,
            terminal::Options { color: ui.color, lang: ui.lang, context: 0 },
        ))?;
        if !args.dry_run {
            replace(&root.join(source.path()), &text)?;
        }
    }
    let verb = if args.dry_run || args.patch {
        ui.pick("可以修改", "could fix")
    } else {
        ui.pick("已修改", "fixed")
    };
    ui.say(
        format!("{verb} {changed} 个文件，共 {total} 处"),
        format!("{verb} {total} places in {changed} files"),
    );
    if total > 0 && !args.dry_run && !args.patch {
        ui.say("请核对以上修改，再用 git 提交", "look through the changes, then commit them with git");
    }
    Ok(Exit::Clean)
}

fn fixed(set: &SetId, source: &SourceFile, drafts: &Drafts, fixes: Fixes) -> Fixed {
    let check = |file: &SourceFile| drafts.check(set.as_str(), file);
    proof::fix_text(source, proof::body_range, check, fixes)
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// The Markdown files of the sets.
fn texts<'s>(snapshot: &'s Snapshot, wanted: &[SetId]) -> Result<Vec<(&'s SetId, SourceFile)>, Failure> {
    if let Some(unknown) = wanted.iter().find(|id| !snapshot.sets.contains_key(id)) {
        return Err(Failure::usage(
            format!("工作区里没有“{unknown}”"),
            format!("there is no set `{unknown}` in the work tree"),
        ));
    }
    let mut texts = Vec::new();
    for (id, files) in &snapshot.sets {
        if !wanted.is_empty() && !wanted.contains(id) {
            continue;
        }
        let markdown = files.files.iter().filter(|file| has_extension(&file.path, "md"));
        // A file that is no clean text is reported by `check`; here it is left alone.
        texts.extend(markdown.filter_map(|file| {
            let text = decode(&format!("content/policies/{id}/{}", file.path), &file.bytes).ok()?;
            Some((id, text))
        }));
    }
    Ok(texts)
}

/// Replaces a file in one step, so that a full disk loses nothing.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let failure = |error: &std::io::Error| {
        Failure::usage(
            format!("写不了 {}：{error}", path.display()),
            format!("cannot write {}: {error}", path.display()),
        )
    };
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| failure(&error))?;
    file.write_all(text.as_bytes()).map_err(|error| failure(&error))?;
    if let Ok(meta) = std::fs::metadata(path) {
        file.as_file().set_permissions(meta.permissions()).map_err(|error| failure(&error))?;
    }
    file.persist(path).map(|_| ()).map_err(|error| failure(&error.error))
}

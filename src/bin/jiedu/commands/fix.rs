//! `jiedu fix`: applies fixes to the texts of the work tree and shows what
//! changed. Nothing is committed: that is the writer's act.

use std::io::Write as _;
use std::path::Path;

use jiedu::config::Wordlist;
use jiedu::finding::Finding;
use jiedu::name::SetId;
use jiedu::proof::{self, Fixed, Fixes, Lists, Profile};
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
    let lists = lists(&snapshot);
    let fixes = if args.needs_review { Fixes::Unsafe } else { Fixes::Safe };
    let wanted = args.sets.iter().map(|set| judge::set_id(set)).collect::<Result<Vec<_>, _>>()?;
    let (mut changed, mut total) = (0, 0);
    for source in texts(&snapshot, &wanted)? {
        let Fixed { text, count } = fixed(&source, &lists, fixes);
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

fn fixed(source: &SourceFile, lists: &Lists, fixes: Fixes) -> Fixed {
    let check = |file: &SourceFile| -> Vec<Finding> {
        let body = jiedu::markdown::parse_body(file, proof::body_range(file));
        let allowed = proof::allowed_words(file);
        let lists = lists.for_text(None, allowed.iter().map(String::as_str));
        proof::check_body(&body, Profile::infer(&body), &lists)
    };
    proof::fix_text(source, proof::body_range, check, fixes)
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// The Markdown files of the sets.
fn texts(snapshot: &Snapshot, wanted: &[SetId]) -> Result<Vec<SourceFile>, Failure> {
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
        texts
            .extend(markdown.filter_map(|file| {
                decode(&format!("content/policies/{id}/{}", file.path), &file.bytes).ok()
            }));
    }
    Ok(texts)
}

/// The office's word lists.
fn lists(snapshot: &Snapshot) -> Lists {
    let files = snapshot
        .site
        .files
        .iter()
        .filter(|file| file.path.starts_with("wordlists/") && has_extension(&file.path, "toml"));
    let sources: Vec<SourceFile> = files.filter_map(|file| decode(&file.path, &file.bytes).ok()).collect();
    let parsed: Vec<Wordlist> = sources.iter().map(|file| Wordlist::parse(file).value).collect();
    Lists::new(&parsed)
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

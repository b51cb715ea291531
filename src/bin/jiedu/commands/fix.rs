//! `jiedu fix`: applies fixes to the texts of the work tree, or to any files, and
//! shows what changed. Nothing is committed: that is the writer's act.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiedu::clock::Clock;
use jiedu::finding::{Finding, Fix, Severity};
use jiedu::name::SetId;
use jiedu::pipeline::{Drafts, retargeted_links};
use jiedu::proof::{self, Fixed, Fixes};
use jiedu::redline::{compare_texts, patch, terminal};
use jiedu::source::{Snapshot, read_folder};
use jiedu::text::{SourceFile, decode};

use super::targets::Targets;
use super::{check, inputs, judge, new};
use crate::args::{Cli, FixArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output, show};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &FixArgs) -> Result<Exit, Failure> {
    if args.text_only {
        return fix_texts(ui, args);
    }
    let root = new::work_tree(cli)?;
    let snapshot = read_folder(&root)?;
    if snapshot.sets.is_empty() {
        return Err(nothing_there());
    }
    let drafts = Drafts::of(&snapshot, Clock::from_unix(judge::machine_time()).today());
    let targets = Targets::read(cli, &args.sets)?;
    let wanted = if targets.has_paths() { &[] } else { targets.sets.as_slice() };
    let links = retargeted(cli, &snapshot);
    let mut desk = Desk { ui, args, changed: 0, total: 0, aimed: 0 };
    for (set, source) in texts(&snapshot, wanted)? {
        if targets.has_paths() && !targets.contain(Some(set.as_str()), source.path()) {
            continue;
        }
        let check = |file: &SourceFile| drafts.check(set.as_str(), file);
        let (aimed, count) = with_fixes(&source, &links);
        desk.aimed = count;
        desk.fix((&source, &aimed), check, &root.join(source.path()))?;
    }
    desk.finish();
    Ok(Exit::Clean)
}

/// The clause links that have come to name other clauses, by the editions at
/// `HEAD`; none where there is no commit yet.
fn retargeted(cli: &Cli, snapshot: &Snapshot) -> Vec<Finding> {
    let open = || -> Result<Vec<Finding>, Failure> {
        let repository = judge::open(cli, false)?;
        Ok(retargeted_links(&repository, snapshot, judge::time(None)?, None)?)
    };
    open().unwrap_or_default()
}

/// A text with the replacements of findings about it, and how many there were.
fn with_fixes(source: &SourceFile, findings: &[Finding]) -> (SourceFile, usize) {
    let own = findings.iter().filter(|finding| finding.place.path == source.path());
    let mut fixes: Vec<&Fix> = own.filter_map(|finding| finding.fix.as_ref()).collect();
    fixes.sort_by_key(|fix| std::cmp::Reverse(fix.range.start));
    fixes.dedup_by_key(|fix| fix.range);
    let mut text = source.text().to_owned();
    for fix in &fixes {
        text.replace_range(fix.range.start..fix.range.end, &fix.replacement);
    }
    (SourceFile::new(source.path(), &text), fixes.len())
}

/// A repository without a single set has nothing to fix: most likely the folder is
/// another than was meant.
fn nothing_there() -> Failure {
    Failure::usage(
        "content/policies/ 下一组文件也没有，没有可改的",
        "there is no set below content/policies/",
    )
    .hint(
        "用 --repo 指明仓库所在文件夹；不在仓库里的文件用 jiedu fix --text-only 稿件.md",
        "name the repository with --repo, or fix loose files with jiedu fix --text-only draft.md",
    )
}

/// Files outside of any repository; what cannot be read as text is told.
fn fix_texts(ui: Ui, args: &FixArgs) -> Result<Exit, Failure> {
    let mut inputs = inputs::read(&args.sets)?;
    let (_, lists) = check::office(args.wordlist.as_deref(), args.model.as_deref(), &mut Vec::new())?;
    let lists = lists.on(Clock::from_unix(judge::machine_time()).today());
    let check = |file: &SourceFile| proof::text_only(std::slice::from_ref(file), &lists, &|_, _| true);
    let mut desk = Desk { ui, args, changed: 0, total: 0, aimed: 0 };
    for source in &inputs.files {
        if source.path() == "-" && !args.patch && !args.dry_run {
            // A filter: what goes in comes out, mended.
            let Fixed { text, count } = proof::fix_text(source, proof::body_range, check, desk.fixes());
            desk.changed += usize::from(count > 0);
            desk.total += count;
            output(&text)?;
        } else {
            // Standard input has no place to write to, and none is written to.
            let to = if source.path() == "-" {
                PathBuf::new()
            } else {
                std::fs::canonicalize(source.path())
                    .map_err(|error| inputs::unreadable(source.path(), &error))?
            };
            desk.fix((source, source), check, &to)?;
        }
    }
    desk.finish();
    inputs.findings.retain(|finding| finding.severity == Severity::Error);
    for finding in &inputs.findings {
        let path = &finding.place.path;
        ui.say(format!("{path}：{}", finding.message.zh), format!("{path}: {}", finding.message.en));
    }
    Ok(if inputs.findings.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// What is done with each text.
struct Desk<'a> {
    ui: Ui,
    args: &'a FixArgs,
    changed: usize,
    total: usize,
    /// Clause links of the text at hand that were mended already.
    aimed: usize,
}

impl Desk<'_> {
    fn fixes(&self) -> Fixes {
        if self.args.needs_review { Fixes::Unsafe } else { Fixes::Safe }
    }

    /// Fixes one text, given as it was and with its links mended; shows what
    /// changes, and writes it unless told not to.
    fn fix(
        &mut self,
        (source, aimed): (&SourceFile, &SourceFile),
        check: impl Fn(&SourceFile) -> Vec<Finding>,
        to: &Path,
    ) -> Result<(), Failure> {
        let Fixed { text, count } = proof::fix_text(aimed, proof::body_range, check, self.fixes());
        let count = count + std::mem::take(&mut self.aimed);
        if count == 0 {
            return Ok(());
        }
        self.changed += 1;
        self.total += count;
        if self.args.patch {
            // Names in a patch are relative, whatever the path was.
            let name = source.path().trim_start_matches("./").trim_start_matches('/');
            return output(&patch(name, source.text(), &text));
        }
        let diff = compare_texts(source.text(), &text);
        show(&format!("{}\n", source.path()))?;
        let options = terminal::Options { color: self.ui.color_out, lang: self.ui.lang, context: 0 };
        show(&terminal::render_lines(&diff, options))?;
        if self.args.dry_run { Ok(()) } else { replace(to, &text) }
    }

    fn finish(&self) {
        let (changed, total, ui) = (self.changed, self.total, self.ui);
        let is_done = !self.args.dry_run && !self.args.patch;
        let verb = if is_done { ui.pick("已修改", "fixed") } else { ui.pick("可以修改", "could fix") };
        ui.say(
            format!("{verb} {changed} 个文件，共 {total} 处"),
            format!("{verb} {total} places in {changed} files"),
        );
        if total > 0 && is_done && !self.args.text_only {
            ui.say("请核对以上修改，再用 git 提交", "look through the changes, then commit them with git");
        }
    }
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

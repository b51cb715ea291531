//! `jiedu fix`: applies fixes to the texts of the work tree, or to any files, and
//! shows what changed. Nothing is committed: that is the writer's act.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiedu::clock::Clock;
use jiedu::finding::{Finding, Fix, Severity};
use jiedu::name::SetId;
use jiedu::pipeline::{Drafts, ReadOptions, Revision, retargeted_links};
use jiedu::proof::{self, Fixed, Fixes};
use jiedu::redline::{compare_texts, patch, terminal};
use jiedu::source::{Snapshot, read_folder};
use jiedu::text::{SourceFile, TextFaultKind, decode_loosely, is_text_path};

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
    let drafts = match head(cli) {
        Some(head) => drafts.after(&head),
        None => drafts,
    };
    let targets = Targets::read(cli, &args.sets)?;
    let wanted = if targets.has_paths() { &[] } else { targets.sets.as_slice() };
    let links = retargeted(cli, &snapshot);
    let mut desk = Desk { ui, args, changed: 0, total: 0, aimed: 0 };
    for (set, source, repaired) in texts(&snapshot, wanted)? {
        if targets.has_paths() && !targets.contain(Some(set.as_str()), source.path()) {
            continue;
        }
        let check = |file: &SourceFile| {
            if has_extension(file.path(), "md") { drafts.check(set.as_str(), file) } else { Vec::new() }
        };
        let (aimed, count) = with_fixes(&source, &links);
        desk.aimed = count;
        desk.fix((&source, &aimed), &repaired, check, &root.join(source.path()))?;
    }
    desk.finish();
    Ok(Exit::Clean)
}

/// What is committed, when it can be read: references are followed from there.
fn head(cli: &Cli) -> Option<Revision> {
    let repository = judge::open(cli, true).ok()?;
    let time = judge::time(None).ok()?;
    Revision::read(&repository, ReadOptions { revision: "HEAD", time, anchor: None, drafting: true }).ok()
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
            let repaired = inputs.repaired.get(source.path()).cloned().unwrap_or_default();
            desk.fix((source, source), &repaired, check, &to)?;
        }
    }
    desk.finish();
    // What was put right is no fault any more, unless nothing was written.
    let is_put_right =
        |finding: &Finding| !args.dry_run && !args.patch && inputs.repaired.contains_key(&finding.place.path);
    inputs.findings.retain(|finding| finding.severity == Severity::Error && !is_put_right(finding));
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
    /// changes, and writes it unless told not to. `repaired` is what reading it
    /// has put right or has to.
    fn fix(
        &mut self,
        (source, aimed): (&SourceFile, &SourceFile),
        repaired: &[TextFaultKind],
        check: impl Fn(&SourceFile) -> Vec<Finding>,
        to: &Path,
    ) -> Result<(), Failure> {
        let Fixed { text, count } = proof::fix_text(aimed, proof::body_range, check, self.fixes());
        let count = count + std::mem::take(&mut self.aimed);
        if self.args.patch {
            return self.patch(source, repaired, &text, count);
        }
        if count == 0 && repaired.is_empty() {
            return Ok(());
        }
        self.changed += 1;
        self.total += count + repaired.len();
        let text = decode_loosely(text.as_bytes()).map_or(text, |read| read.text);
        if !repaired.is_empty() {
            let done: Vec<String> = repaired.iter().filter_map(|kind| self.repair(*kind)).collect();
            show(&format!("{}  {}\n", source.path(), done.join(self.ui.pick("；", "; "))))?;
            if count == 0 {
                return if self.args.dry_run { Ok(()) } else { replace(to, &text) };
            }
        }
        let diff = compare_texts(source.text(), &text);
        show(&format!("{}\n", source.path()))?;
        let options = terminal::Options { color: self.ui.color_out, lang: self.ui.lang, context: 0 };
        show(&terminal::render_lines(&diff, options))?;
        if self.args.dry_run { Ok(()) } else { replace(to, &text) }
    }

    /// Shows the changes of one text as a patch, which cannot say how a file is
    /// encoded and leaves marks and line ends alone.
    fn patch(
        &mut self,
        source: &SourceFile,
        repaired: &[TextFaultKind],
        text: &str,
        count: usize,
    ) -> Result<(), Failure> {
        if count == 0 || repaired.contains(&TextFaultKind::NotUtf8) {
            return Ok(());
        }
        self.changed += 1;
        self.total += count;
        // Names in a patch are relative, whatever the path was.
        let name = source.path().trim_start_matches("./").trim_start_matches('/');
        output(&patch(name, source.text(), text))
    }

    /// What was put right while reading.
    fn repair(&self, kind: TextFaultKind) -> Option<String> {
        let (zh, en) = match kind {
            TextFaultKind::NotUtf8 => ("编码改为 UTF-8", "written as UTF-8"),
            TextFaultKind::ByteOrderMark => ("去掉开头的 BOM", "without a byte-order mark"),
            TextFaultKind::CarriageReturn => ("换行改为 LF", "with LF line ends"),
            _ => return None,
        };
        Some(self.ui.pick(zh, en).to_owned())
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

/// A text of a set, and what was put right while reading it.
type Text<'s> = (&'s SetId, SourceFile, Vec<TextFaultKind>);

/// The Markdown files of the sets, and other texts whose bytes can be put right:
/// GBK, byte-order marks, Windows line ends.
fn texts<'s>(snapshot: &'s Snapshot, wanted: &[SetId]) -> Result<Vec<Text<'s>>, Failure> {
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
        texts.extend(files.files.iter().filter(|file| is_text_path(&file.path)).filter_map(|file| {
            let path = format!("content/policies/{id}/{}", file.path);
            // What cannot be put right for certain is reported by `check` and left alone.
            let read = decode_loosely(&file.bytes).filter(|read| !read.text.contains('\0'))?;
            let is_wanted = has_extension(&file.path, "md") || !read.repaired.is_empty();
            let text = std::str::from_utf8(&file.bytes).unwrap_or(&read.text);
            is_wanted.then(|| (id, SourceFile::new(&path, text), read.repaired))
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

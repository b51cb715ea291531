//! Reading the files that these commands are given by path.

use std::path::{Path, PathBuf};

use jiedu::config::{Calendar, Config};
use jiedu::disclosure::read_text;
use jiedu::finding::{Finding, Severity};
use jiedu::text::SourceFile;

use super::{inputs, judge};
use crate::args::Cli;
use crate::ui::{Failure, Ui};

/// Bytes of a file that are looked at.
const LARGEST: u64 = 8 << 20;

/// A text in any encoding that office programs write.
pub(crate) fn read(path: &Path) -> Result<SourceFile, Failure> {
    let shown = path.to_string_lossy();
    let meta = std::fs::metadata(path).map_err(|error| inputs::unreadable(&shown, &error))?;
    if !meta.is_file() || meta.len() > LARGEST {
        return Err(Failure::usage(
            format!("{shown} 不是普通文件，或者超过 8 MiB"),
            format!("{shown} is no ordinary file, or larger than 8 MiB"),
        ));
    }
    let bytes = std::fs::read(path).map_err(|error| inputs::unreadable(&shown, &error))?;
    let text = read_text(&bytes).ok_or_else(|| {
        Failure::usage(format!("{shown} 不是文本文件"), format!("{shown} is not text"))
            .hint("请保存为 UTF-8", "save it as UTF-8")
    })?;
    Ok(SourceFile::new(&shown, &text))
}

/// Errors as one failure with their places; warnings as notes.
pub(crate) fn refuse(ui: Ui, findings: &[Finding], zh: &str, en: &str) -> Result<(), Failure> {
    let at = |finding: &Finding, text: &str| {
        let start = finding.place.position();
        format!("{}:{}:{} {text}", finding.place.path, start.line, start.column)
    };
    let mut errors = findings.iter().filter(|finding| finding.severity == Severity::Error).peekable();
    if errors.peek().is_some() {
        let failure = Failure::usage(zh, en);
        return Err(errors.fold(failure, |failure, finding| {
            failure.hint(at(finding, &finding.message.zh), at(finding, &finding.message.en))
        }));
    }
    for finding in findings {
        ui.say(at(finding, &finding.message.zh), at(finding, &finding.message.en));
    }
    Ok(())
}

/// The calendar of the repository in which the command runs; the shipped one
/// where there is none.
pub(crate) fn calendar(cli: &Cli) -> Result<Calendar, Failure> {
    let folder = judge::folder(cli);
    let folder = folder.canonicalize().unwrap_or(folder);
    let upward = folder.ancestors().take(if cli.repo.is_some() { 1 } else { usize::MAX });
    let Some(path) = upward.map(|folder| folder.join("site.toml")).find(|path| path.is_file()) else {
        return Ok(Calendar::official());
    };
    let checked = Config::parse(&read(&path)?);
    checked.value.map(|config| config.calendar).ok_or_else(|| {
        let shown = path.to_string_lossy();
        let failure = Failure::usage(
            format!("{shown} 不能使用，不知道单位的放假安排"),
            format!("{shown} cannot be used, so the office's calendar is unknown"),
        );
        checked.findings.iter().fold(failure, |failure, finding| {
            failure.hint(finding.message.zh.clone(), finding.message.en.clone())
        })
    })
}

/// Texts to read: files, and the `.md` and `.txt` files of folders.
pub(crate) fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let shown = path.to_string_lossy();
        let entries = std::fs::read_dir(path).map_err(|error| inputs::unreadable(&shown, &error))?;
        let mut inside: Vec<PathBuf> =
            entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        inside.retain(|path| {
            path.is_file()
                && path.extension().is_some_and(|extension| extension == "md" || extension == "txt")
        });
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

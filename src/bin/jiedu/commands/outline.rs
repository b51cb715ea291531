//! `jiedu outline`: the provisions of files and the references inside them.

use std::fmt::Write as _;
use std::path::Path;

use jiedu::link::{Reference, references};
use jiedu::model::{PolicyDocument, Provision};
use serde::Serialize;

use super::texts::document;
use crate::args::{OutlineArgs, ReportFormat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

/// Characters of a provision's words in the list for people.
const SHOWN: usize = 36;

#[derive(Serialize)]
struct OutlineJson<'a> {
    schema: &'static str,
    files: Vec<FileJson<'a>>,
}

#[derive(Serialize)]
struct FileJson<'a> {
    path: &'a str,
    provisions: Vec<ProvisionJson<'a>>,
    references: Vec<ReferenceJson<'a>>,
}

#[derive(Serialize)]
struct ProvisionJson<'a> {
    anchor: &'a str,
    label: &'a str,
    parent: Option<&'a str>,
    line: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct ReferenceJson<'a> {
    line: usize,
    column: usize,
    text: &'a str,
    document: Option<&'a str>,
    target: Option<&'a str>,
    missing: bool,
}

/// A file that was read.
struct Outlined {
    path: String,
    policy: PolicyDocument,
    references: Vec<Reference>,
}

pub(crate) fn run(ui: Ui, args: &OutlineArgs) -> Result<Exit, Failure> {
    let files: Vec<Outlined> = args.files.iter().map(|path| read(ui, path)).collect::<Result<_, _>>()?;
    match args.format {
        ReportFormat::Json => {
            let json =
                OutlineJson { schema: "jiedu.outline/1", files: files.iter().map(file_json).collect() };
            let text = serde_json::to_string_pretty(&json)
                .map_err(|error| Failure::usage(error.to_string(), error.to_string()))?;
            output(&format!("{text}\n"))?;
        }
        ReportFormat::Human => output(&human(ui, &files))?,
    }
    Ok(Exit::Clean)
}

fn read(ui: Ui, path: &Path) -> Result<Outlined, Failure> {
    let policy = document(ui, path)?;
    let references = references(&policy);
    Ok(Outlined { path: path.to_string_lossy().into_owned(), policy, references })
}

fn file_json(file: &Outlined) -> FileJson<'_> {
    let provisions = &file.policy.provisions;
    let anchor = |at: usize| provisions.get(at).map(|one| one.anchor.as_str());
    let line = |one: &Provision| file.policy.file.position(one.range.start).line;
    FileJson {
        path: &file.path,
        provisions: provisions
            .iter()
            .map(|one| ProvisionJson {
                anchor: &one.anchor,
                label: &one.label,
                parent: one.parent.and_then(anchor),
                line: line(one),
                text: one.words(),
            })
            .collect(),
        references: file
            .references
            .iter()
            .map(|one| {
                let place = file.policy.file.position(one.range.start);
                ReferenceJson {
                    line: place.line,
                    column: place.column,
                    text: &one.text,
                    document: one.document.as_deref(),
                    target: one.target.and_then(anchor),
                    missing: one.is_missing,
                }
            })
            .collect(),
    }
}

/// The provisions as an indented list, then the references that lead nowhere.
fn human(ui: Ui, files: &[Outlined]) -> String {
    let mut out = String::new();
    for file in files {
        let _ = writeln!(out, "{}", file.path);
        for one in &file.policy.provisions {
            let indent = "  ".repeat(usize::from(one.depth));
            let words: String =
                one.words().chars().map(|c| if c == '\n' { ' ' } else { c }).take(SHOWN).collect();
            let more = if one.words().chars().nth(SHOWN).is_some() { "…" } else { "" };
            let label = if one.label.is_empty() { one.reference.as_str() } else { one.label.as_str() };
            let _ = writeln!(out, "{indent}{label} {words}{more}  #{}", one.anchor);
        }
        let missing: Vec<&Reference> = file.references.iter().filter(|one| one.is_missing).collect();
        let (all, none) = (file.references.len(), missing.len());
        let zh = format!("共 {} 条款，{all} 处引用", file.policy.provisions.len());
        let en = format!("{} provisions, {all} references", file.policy.provisions.len());
        let _ = writeln!(out, "{}", ui.pick(&zh, &en));
        for one in missing {
            let place = file.policy.file.position(one.range.start);
            let zh =
                format!("第 {} 行第 {} 列：“{}”在本文中没有对应的条款", place.line, place.column, one.text);
            let en = format!(
                "line {}, column {}: `{}` names no provision of this text",
                place.line, place.column, one.text
            );
            let _ = writeln!(out, "  {}", ui.pick(&zh, &en));
        }
        if none > 0 {
            let zh = format!("其中 {none} 处没有对应的条款");
            let en = format!("{none} of them lead nowhere");
            let _ = writeln!(out, "{}", ui.pick(&zh, &en));
        }
    }
    out
}

//! `jiedu catalogue`: the catalogue of what is disclosed on one's own motion.

use std::path::{Path, PathBuf};

use jiedu::disclosure::catalogue::suggest;
use jiedu::model::provisions_of;
use jiedu::text::SourceFile;
use serde_json::json;

use super::office_files;
use crate::args::{CatalogueArgs, CatalogueWhat, Cli, ReportFormat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

pub(crate) fn run(_cli: &Cli, ui: Ui, args: &CatalogueArgs) -> Result<Exit, Failure> {
    match &args.what {
        CatalogueWhat::Suggest { files, organs, format } => suggest_items(ui, files, organs, *format),
    }
}

fn suggest_items(
    ui: Ui,
    paths: &[PathBuf],
    organs: &[String],
    format: ReportFormat,
) -> Result<Exit, Failure> {
    if organs.iter().any(|organ| organ.trim().is_empty()) {
        return Err(Failure::usage("--organ 不能是空的", "--organ may not be empty"));
    }
    let mut items = Vec::new();
    for path in office_files::expand(paths)? {
        let file = statute(&path)?;
        let shown = path.to_string_lossy().into_owned();
        for found in suggest(&provisions_of(&file), organs) {
            items.push((shown.clone(), found));
        }
    }
    if format == ReportFormat::Json {
        let items: Vec<_> = items
            .iter()
            .map(|(file, found)| {
                json!({ "file": file, "anchor": found.anchor, "verb": found.verb, "text": found.text })
            })
            .collect();
        output(&format!("{}\n", json!({ "schema": "jiedu.catalogue-suggest/1", "items": items })))?;
        return Ok(Exit::Clean);
    }
    for (file, found) in &items {
        ui.answer(
            format!("{file} {}（{}）：{}", found.reference, found.verb, found.text),
            format!("{file} {} ({}): {}", found.anchor, found.verb, found.text),
        )?;
    }
    ui.say(
        format!("共 {} 条，供梳理目录时参考；是否列入由编制单位决定", items.len()),
        format!("{} clauses; whether they become items is for the office to decide", items.len()),
    );
    Ok(Exit::Clean)
}

/// The text of a statute as Markdown; a plain text has one paragraph a line.
fn statute(path: &Path) -> Result<SourceFile, Failure> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    if !matches!(extension.as_deref(), Some("md" | "txt" | "markdown")) {
        let shown = path.to_string_lossy();
        return Err(Failure::usage(
            format!("{shown} 不是 .md 或 .txt 文本"),
            format!("{shown} is no .md or .txt text"),
        )
        .hint("请先用 jiedu import 转换", "convert it with jiedu import first"));
    }
    let file = office_files::read(path)?;
    if extension.as_deref() == Some("txt") {
        let lines: Vec<&str> = file.text().lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        return Ok(SourceFile::new(file.path(), &lines.join("\n\n")));
    }
    Ok(file)
}

//! `jiedu catalogue`: the catalogue of what is disclosed on one's own motion.

use std::path::{Path, PathBuf};

use jiedu::disclosure::catalogue::{LAYOUTS, layout, read_catalogue, read_table, suggest, table, to_toml};
use jiedu::disclosure::{csv, to_gbk};
use jiedu::model::provisions_of;
use jiedu::text::SourceFile;
use serde_json::json;

use super::new::work_tree;
use super::office_files;
use crate::args::{CatalogueArgs, CatalogueWhat, Cli, ReportFormat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &CatalogueArgs) -> Result<Exit, Failure> {
    match &args.what {
        CatalogueWhat::Export { layout, gbk, out } => export(cli, layout, *gbk, out.as_deref()),
        CatalogueWhat::Import { file } => import(ui, file),
        CatalogueWhat::Suggest { files, organs, format } => suggest_items(ui, files, organs, *format),
    }
}

/// The catalogue of the work tree as a table.
fn export(cli: &Cli, name: &str, gbk: bool, out: Option<&Path>) -> Result<Exit, Failure> {
    let layout = layout(name).ok_or_else(|| {
        let all = LAYOUTS.iter().map(|layout| format!("{}（{}）", layout.name, layout.used));
        let all = all.collect::<Vec<_>>().join("、");
        Failure::usage(format!("没有“{name}”这种式样"), format!("there is no layout `{name}`"))
            .hint(format!("式样：{all}"), format!("layouts: {all}"))
    })?;
    let file = office_files::read(&work_tree(cli)?.join("content/catalogue.toml"))?;
    let text = csv::write(&table(&read_catalogue(&file).value.items, layout));
    let bytes = if gbk {
        to_gbk(&text).ok_or_else(|| {
            Failure::usage(
                "目录里有 GBK 没有的字，不能导出为 GBK",
                "the catalogue has characters that GBK lacks",
            )
            .hint("请去掉 --gbk，用 UTF-8 导出", "leave --gbk out")
        })?
    } else {
        format!("\u{feff}{text}").into_bytes()
    };
    match out {
        None => output_bytes(&bytes)?,
        Some(path) => std::fs::write(path, bytes).map_err(|error| {
            let shown = path.to_string_lossy();
            Failure::usage(format!("写不了 {shown}：{error}"), format!("cannot write {shown}: {error}"))
        })?,
    }
    Ok(Exit::Clean)
}

fn output_bytes(bytes: &[u8]) -> Result<(), Failure> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| {
        Failure::usage(format!("写不出结果：{error}"), format!("cannot write the result: {error}"))
    })
}

/// A table as `catalogue.toml`, on standard output.
fn import(ui: Ui, path: &Path) -> Result<Exit, Failure> {
    let file = office_files::read(path)?;
    let (layout, items) = read_table(&csv::parse(file.text())).ok_or_else(|| {
        Failure::usage("认不出表头，不知道各列是什么", "the heads of the columns belong to no known layout")
            .hint(
                "jiedu catalogue export --layout 式样 可以得到一张空表作样子",
                "see `jiedu catalogue export --layout`",
            )
    })?;
    output(&to_toml(&items))?;
    ui.say(
        format!(
            "式样：{}，共 {} 项；存为 content/catalogue.toml 后运行 jiedu check catalogue",
            layout.used,
            items.len()
        ),
        format!("layout {}, {} items; save it as content/catalogue.toml", layout.name, items.len()),
    );
    Ok(Exit::Clean)
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

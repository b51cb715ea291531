//! `jiedu amend`: what an amending document instructs, applied to the text that
//! it amends, for review. The result is a draft: what it says is law only when a
//! signed edition holds it.

use std::path::Path;

use jiedu::model::read_loose;
use jiedu::redline::amend::{Amended, Instruction, amend, instructions};
use jiedu::redline::{self, Pair, Redline, terminal};
use jiedu::text::SourceFile;
use serde::Serialize;

use super::texts::document;
use crate::args::{AmendArgs, ReportFormat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

#[derive(Serialize)]
struct Report<'r> {
    schema: &'static str,
    instructions: Vec<Line<'r>>,
    text: &'r str,
    pairs: Vec<Pair>,
    /// With `--against`: where the approved text differs from what was instructed.
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<Vec<Pair>>,
}

#[derive(Serialize)]
struct Line<'r> {
    action: &'static str,
    targets: &'r [String],
    becomes: Option<&'r str>,
    adds: Option<&'r str>,
    proposed: bool,
    why: Option<&'r str>,
    source: &'r str,
}

pub(crate) fn run(ui: Ui, args: &AmendArgs) -> Result<Exit, Failure> {
    let decision = document(ui, &args.decision)?;
    let before = document(ui, &args.text)?;
    let paragraphs: Vec<String> = decision.blocks.iter().map(|block| block.text.clone()).collect();
    let found = instructions(&paragraphs);
    if found.is_empty() {
        let shown = args.decision.display();
        return Err(Failure::usage(
            format!("{shown} 里没有读出修改指令"),
            format!("no instruction was read in {shown}"),
        )
        .hint(
            "能读的写法如“第三条修改为：‘…’”“删去第四条”“增加一条，作为第五条：‘…’”",
            "forms that are read: 第三条修改为：“…”, 删去第四条, 增加一条，作为第五条：“…”",
        ));
    }
    let amended = amend(before.file.text(), &found);
    let after = read_loose(&SourceFile::new(before.file.path(), &amended.text));
    let proposed = redline::compare(&before, &after);
    let approved = args.against.as_deref().map(|path| document(ui, path)).transpose()?;
    let differences = approved.map(|approved| redline::compare(&after, &approved));
    if let Some(out) = &args.out {
        write_new(out, &amended.text)?;
    }
    match args.format {
        ReportFormat::Human => human(ui, &found, &amended, &proposed, differences.as_ref())?,
        ReportFormat::Json => json(&found, &amended, &proposed, differences.as_ref())?,
    }
    let differs = differences.is_some_and(|differences| !is_same(&differences));
    let failed = amended.failed.iter().any(Option::is_some);
    Ok(if differs || failed { Exit::Findings } else { Exit::Clean })
}

/// Whether the provisions read the same; front matter is the office's own.
fn is_same(redline: &Redline) -> bool {
    redline::pairs(redline).iter().all(|pair| pair.kind == "same")
}

fn human(
    ui: Ui,
    found: &[Instruction],
    amended: &Amended,
    proposed: &Redline,
    differences: Option<&Redline>,
) -> Result<(), Failure> {
    let mut text = String::new();
    for (one, why) in found.iter().zip(&amended.failed) {
        let (mark, why) = match why {
            None => ("✓", String::new()),
            Some(why) => ("✗", format!("（{}：{why}）", ui.pick("未能套用", "not applied"))),
        };
        text.extend([mark, " ", &one.source, &why, "\n"]);
    }
    let options = terminal::Options { color: ui.color, lang: ui.lang, context: 0 };
    text.push_str(
        ui.pick("\n修改后的草稿（待审，签发前不是正式文本）：\n", "\nthe draft that results, for review:\n"),
    );
    text.push_str(&terminal::render(proposed, options));
    if let Some(differences) = differences {
        if is_same(differences) {
            text.push_str(ui.pick("\n与新文本一致\n", "\nthe new text is as instructed\n"));
        } else {
            text.push_str(ui.pick("\n新文本与修改决定不一致的地方：\n", "\nwhere the new text differs:\n"));
            text.push_str(&terminal::render(differences, options));
        }
    }
    output(&text)
}

fn json(
    found: &[Instruction],
    amended: &Amended,
    proposed: &Redline,
    differences: Option<&Redline>,
) -> Result<(), Failure> {
    let lines = found.iter().zip(&amended.failed).map(|(one, why)| Line {
        action: one.action.as_str(),
        targets: &one.targets,
        becomes: one.becomes.as_deref(),
        adds: one.adds.as_deref(),
        proposed: why.is_none(),
        why: why.as_deref(),
        source: &one.source,
    });
    let changed = |redline: &Redline| -> Vec<Pair> {
        redline::pairs(redline).into_iter().filter(|pair| pair.kind != "same").collect()
    };
    let report = Report {
        schema: "jiedu.amend/1",
        instructions: lines.collect(),
        text: &amended.text,
        pairs: redline::pairs(proposed),
        differences: differences.map(changed),
    };
    let text = serde_json::to_string_pretty(&report).map_err(|error| {
        Failure::usage(format!("写不出结果：{error}"), format!("cannot write the result: {error}"))
    })?;
    output(&format!("{text}\n"))
}

/// Writes the draft; what exists is not touched.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let shown = path.display();
    let file = std::fs::File::options().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        Failure::usage(format!("写不了 {shown}：{error}"), format!("cannot write {shown}: {error}")).hint(
            "已有的文件不会覆盖，请换一个文件名",
            "files that exist are not overwritten; choose another name",
        )
    })
}

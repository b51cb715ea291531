//! `jiedu train`: character statistics of the office's own texts.
//!
//! Counts only: no sentence can be read out of a model. The same texts give the
//! same bytes in whatever order they are named.

use jiedu::proof::{Model, train};
use jiedu::text::SourceFile;

use super::inputs;
use crate::args::TrainArgs;
use crate::exit::Exit;
use crate::ui::{Failure, Ui};

/// Fewer characters than this say nothing about a language.
const FEW: usize = 100_000;

pub(crate) fn run(ui: Ui, args: &TrainArgs) -> Result<Exit, Failure> {
    let inputs = inputs::read(&args.paths)?;
    if !inputs.findings.is_empty() {
        let faults = inputs.findings.iter().map(|finding| finding.place.path.as_str()).collect::<Vec<_>>();
        let paths = faults.join("、");
        return Err(Failure::usage(
            format!("这些文件读不成文本，没有训练：{paths}"),
            format!("these files are no clean text, nothing was trained: {paths}"),
        ));
    }
    let bytes = train(inputs.files.iter().map(SourceFile::text), args.least);
    let Some(model) = Model::parse(&bytes) else {
        return Err(Failure::usage("训练出的模型无法读回", "the model cannot be read back"));
    };
    std::fs::write(&args.out, &bytes).map_err(|error| {
        let out = args.out.display();
        Failure::usage(format!("写不了 {out}：{error}"), format!("cannot write {out}: {error}"))
    })?;
    let (pairs, triples) = model.sizes();
    let (files, digest, out) = (inputs.files.len(), model.digest(), args.out.display());
    ui.say(
        format!("已用 {files} 个文件训练：{pairs} 个两字组、{triples} 个三字组，写入 {out}"),
        format!("trained on {files} files: {pairs} pairs and {triples} triples, written to {out}"),
    );
    ui.say(format!("模型摘要：{digest}"), format!("digest of the model: {digest}"));
    let chars: usize = inputs.files.iter().map(|file| file.text().chars().count()).sum();
    if chars < FEW {
        ui.say(
            "文稿不足十万字，统计的作用有限；可以加入更多已发布的文稿",
            "fewer than 100,000 characters: the more published texts, the better",
        );
    }
    Ok(Exit::Clean)
}

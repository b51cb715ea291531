//! What `jiedu compare` and `jiedu amend` are given.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ReportFormat;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    Human,
    Json,
    Html,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// 旧的文本：.md、.docx、.html、.txt · The old text
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// 新的文本 · The new text
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// 输出格式 · Output format
    #[arg(long, value_enum, default_value_t = CompareFormat::Human)]
    pub(crate) format: CompareFormat,
}

#[derive(Debug, Args)]
pub(crate) struct AmendArgs {
    /// 修改决定：.md、.docx、.html、.txt · The amending document
    #[arg(value_name = "DECISION")]
    pub(crate) decision: PathBuf,
    /// 被修改的文本（修改前）· The text before
    #[arg(value_name = "TEXT")]
    pub(crate) text: PathBuf,
    /// 把草稿写到新文件 · Write the draft to a new file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// 核对新文本是否与修改决定一致，不一致退出码为 1 · Whether a new text is as instructed; 1 if not
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
    /// 输出格式 · Output format
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
}

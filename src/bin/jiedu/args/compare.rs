//! What `jiedu compare` is given.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

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

//! Options of the commands about the work of an office on openness.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ReportFormat;

#[derive(Debug, Args)]
pub(crate) struct CardsArgs {
    #[command(subcommand)]
    pub(crate) what: CardsWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CardsWhat {
    /// 按一份事实判断每张卡片：符合、不符合、还缺什么 · Which cards somebody is eligible for
    Eval {
        /// 集编号 · Set id
        set: String,
        /// 事实：JSON 对象，名称与值 · The facts, a JSON object
        #[arg(long, value_name = "FILE")]
        facts: PathBuf,
        /// 提交、分支或标签，不写为工作区 · Revision [default: the work tree]
        #[arg(long)]
        rev: Option<String>,
        /// 输出格式 · Output format
        #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
        format: ReportFormat,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CatalogueArgs {
    #[command(subcommand)]
    pub(crate) what: CatalogueWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogueWhat {
    /// 导出为表格（CSV），可选栏目式样和 GBK · The catalogue as a table
    Export {
        /// 栏目式样：full、grassroots、jinan-statistics、jinan-investment、shandong-commerce、huangshi、plan、minimum · Column layout
        #[arg(long, default_value = "full")]
        layout: String,
        /// 编码为 GBK（默认 UTF-8 带 BOM）· GBK instead of UTF-8 with a mark
        #[arg(long)]
        gbk: bool,
        /// 写到哪个文件，不写则输出到标准输出 · Where to write it [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// 从表格（CSV，任一式样，UTF-8 或 GBK）得到 catalogue.toml · A table in any layout as catalogue.toml
    Import {
        /// 表格 · The table
        file: PathBuf,
    },
    /// 从法规文本里找出要求本机关公开的条款 · Clauses of statutes that make one's own organ disclose
    Suggest {
        /// 法规文本（.md、.txt，或能导入的文件）· Texts of statutes
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// 本机关在法规里的名称，如 交通运输主管部门（可多次）· What statutes call one's own organ
        #[arg(long = "organ", value_name = "NAME", required = true, num_args = 1..)]
        organs: Vec<String>,
        /// 输出格式 · Output format
        #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
        format: ReportFormat,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RequestsArgs {
    #[command(subcommand)]
    pub(crate) what: RequestsWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RequestsWhat {
    /// 答复期限及其推算过程 · The deadline of a request, with its derivation
    Due {
        /// 办件文件（TOML 或 JSON）· The request
        file: PathBuf,
        /// 输出格式 · Output format
        #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
        format: ReportFormat,
    },
}

//! Arguments of `jiedu verify`.

use std::path::PathBuf;

use clap::Args;

use super::ReportFormat;

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// 已生成的网站 · The built site
    pub(crate) dir: PathBuf,
    /// 信任锚文件 · Trust anchor [default: $JIEDU_TRUST]
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// 上一次发布的网站 · The site released before
    #[arg(long, value_name = "DIR")]
    pub(crate) previous: Option<PathBuf>,
    /// 单独保存的证据文件夹 · Evidence kept beside the site
    #[arg(long, value_name = "DIR")]
    pub(crate) evidence: Option<PathBuf>,
    /// 允许 --repo 的仓库借用其他对象库 · Allow alternate object stores in --repo
    #[arg(long)]
    pub(crate) allow_alternates: bool,
    /// 没有可证实的发布人签名就不予通过 · Refuse a site without a proven publisher
    #[arg(long)]
    pub(crate) require_publisher: bool,
    /// 输出格式 · Output format
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
}

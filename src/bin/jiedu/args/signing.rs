//! Options of the commands that sign and hand over.

use std::path::PathBuf;

use clap::Args;

/// How the person says that they saw what is signed.
#[derive(Debug, Args)]
pub(crate) struct ConsentArgs {
    /// 完整的核对码（八组，每组四位），与稿件相符才签 · The whole check code; nothing is signed unless it fits
    #[arg(long, value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// 显示内容后直接签名，不再询问 · Show and sign without a question
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SubmitArgs {
    /// 集编号，或 site · Set id, or `site`
    pub(crate) set: String,
    /// 其他执笔人编号（可多次）· Other authors
    #[arg(long = "author", value_name = "PERSON")]
    pub(crate) authors: Vec<String>,
    /// 签名用的公钥或私钥文件 · Key file [default: git's user.signingkey]
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// 只打印声明文字，不签名 · Print the statement only
    #[arg(long)]
    pub(crate) print: bool,
    /// 在终端里也不询问 · Do not ask, not even on a terminal
    #[arg(long)]
    pub(crate) yes: bool,
    /// 签名后同步并推送 · Sign, synchronise and push
    #[arg(long, conflicts_with = "print")]
    pub(crate) push: bool,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Debug, Args)]
pub(crate) struct ApproveArgs {
    /// 集编号，一个或多个；site 为网站设置 · Set ids
    #[arg(required = true)]
    pub(crate) sets: Vec<String>,
    /// 步骤，中文或英文，如 初审、second-proof · Step
    #[arg(long)]
    pub(crate) step: String,
    /// 只打印声明文字，不签名 · Print the statement only
    #[arg(long)]
    pub(crate) print: bool,
    /// 不同意：退回本稿 · Reject instead of approve
    #[arg(long, conflicts_with = "retract")]
    pub(crate) reject: bool,
    /// 退回理由（2000 字以内，只供内部，不公开）· Why it is rejected; never public
    #[arg(
        long,
        value_name = "TEXT",
        requires = "reject",
        conflicts_with = "print",
        allow_hyphen_values = true
    )]
    pub(crate) reason: Option<String>,
    /// 撤销本人在这一步的同意 · Retract your own approval
    #[arg(long)]
    pub(crate) retract: bool,
    /// 连同校对报告的摘要一起签名（限一校、二校、三校）· Sign the proofreading report, too (proof steps)
    #[arg(long, conflicts_with = "retract")]
    pub(crate) report: bool,
    /// 签名用的公钥或私钥文件 · Key file [default: git's user.signingkey]
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// 签名人编号（密钥不能说明身份时）· Person, when the key does not tell
    #[arg(long, value_name = "PERSON")]
    pub(crate) signer: Option<String>,
    #[command(flatten)]
    pub(crate) consent: ConsentArgs,
    /// 签名后同步并推送 · Sign, synchronise and push
    #[arg(long, conflicts_with = "print")]
    pub(crate) push: bool,
}

#[derive(Debug, Args)]
pub(crate) struct WithdrawArgs {
    /// 集编号 · Set id
    pub(crate) set: String,
    /// 只打印声明文字，不签名 · Print the statement only
    #[arg(long)]
    pub(crate) print: bool,
    /// 签名用的公钥或私钥文件 · Key file
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) consent: ConsentArgs,
    /// 签名后同步并推送 · Sign, synchronise and push
    #[arg(long, conflicts_with = "print")]
    pub(crate) push: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// 把主线接回这个提交（按 EDITION_HIDDEN、EDITION_VANISHED 的提示）· Put the main line back through this commit
    #[arg(long, value_name = "COMMIT")]
    pub(crate) line: Option<String>,
}

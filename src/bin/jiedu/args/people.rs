//! Options of the commands about people: the roster and keys.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{ConsentArgs, JudgeArgs};

#[derive(Debug, Args)]
pub(crate) struct RosterArgs {
    #[command(subcommand)]
    pub(crate) what: RosterWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RosterWhat {
    /// 检查名册各版本与签名 · Check all versions and signatures
    Check {
        #[command(flatten)]
        judge: JudgeArgs,
    },
    /// 显示最新名册 · Show the newest roster
    Show {
        #[command(flatten)]
        judge: JudgeArgs,
        /// 输出 git 的 allowed_signers 文件 · Print an allowed_signers file for stock git
        #[arg(long)]
        allowed_signers: bool,
    },
    /// 两个版本有何不同 · What changed between two versions
    Diff {
        /// 旧版 · Older version
        a: u32,
        /// 新版 · Newer version
        b: u32,
        #[command(flatten)]
        judge: JudgeArgs,
    },
    /// 名册管理人签署一个版本 · A root signs a version
    Sign {
        /// 版本号 [默认最新] · Version
        #[arg(id = "roster-version", value_name = "VERSION")]
        version: Option<u32>,
        /// 只打印声明文字，不签名 · Print the statement only
        #[arg(long)]
        print: bool,
        /// 签名用的公钥或私钥文件 · Key file
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        #[command(flatten)]
        consent: ConsentArgs,
        /// 签名后同步并推送 · Sign, synchronise and push
        #[arg(long, conflicts_with = "print")]
        push: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    pub(crate) what: KeyWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyWhat {
    /// 用 ssh-keygen 新建一把审签专用密钥 · Make a key for approvals with ssh-keygen
    New {
        /// 密钥文件 · Where the private key goes
        file: PathBuf,
        /// 存放在硬件密钥（如 U 盾）中 · Keep it on a hardware token
        #[arg(long)]
        token: bool,
    },
    /// 生成名册条目，交名册管理人 · Print the roster entry, for the roots
    Register {
        /// 编号=姓名,邮箱,公钥文件,步骤+步骤 · id=name,email,public key file,step+step
        person: String,
        /// 职务 · Post
        #[arg(long, default_value = "")]
        post: String,
        /// 用途：review、root 或 publish · Use
        #[arg(long = "use", default_value = "review")]
        usage: String,
    },
    /// 显示密钥指纹，可以念出来核对 · Show the fingerprint in a form to read out
    Show {
        /// 公钥或私钥文件 · Key file
        file: PathBuf,
    },
}

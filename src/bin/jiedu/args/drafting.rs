//! Options of the commands that make repositories and drafts.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::ReportFormat;

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// 生成到哪里 · Where to make it
    #[arg(default_value = "jiedu-demo")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// 生成到哪里 · Where to make it
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// 网站名称 · Name of the site
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// 网址，以 / 结尾 · Address of the site
    #[arg(long)]
    pub(crate) base_url: Option<String>,
    /// 单位全称 · Full name of the office
    #[arg(long)]
    pub(crate) office: Option<String>,
    /// 统一社会信用代码 · Unified social credit code
    #[arg(long)]
    pub(crate) uscc: Option<String>,
    /// 人员：编号=姓名,邮箱,公钥文件,步骤+步骤（可多次）· A person: id=name,email,public key file,step+step
    #[arg(long = "person", value_name = "ID=NAME,EMAIL,KEY,STEPS")]
    pub(crate) persons: Vec<String>,
    /// 名册管理人：编号=姓名,邮箱,公钥文件（可多次）· A root person
    #[arg(long = "root", value_name = "ID=NAME,EMAIL,KEY")]
    pub(crate) roots: Vec<String>,
    /// 名册变更需要几位管理人同意 · How many roots must agree
    #[arg(long)]
    pub(crate) threshold: Option<u32>,
    /// 发布人：编号=姓名,邮箱,公钥文件（可多次）· A publisher
    #[arg(long = "publisher", value_name = "ID=NAME,EMAIL,KEY")]
    pub(crate) publishers: Vec<String>,
    /// 审签证据：public 随网站公开，private 另存 · Where evidence goes
    #[arg(long, value_name = "public|private")]
    pub(crate) evidence: Option<String>,
    /// 审签步骤方案 · Profile of steps
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// 政策原文、解读方案、解读材料 · The policy, its plan, its interpretations
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// 放入哪一集，如 2026/banfa · Into which set
    #[arg(long, value_name = "SET")]
    pub(crate) into: String,
    /// 文件有修订记录时以哪种文字为准 · Which text counts where changes were tracked
    #[arg(long, value_enum)]
    pub(crate) changes: Option<ChangesArg>,
    /// 报告的格式（保留、移动、没有导入的内容） · Form of the report
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: ReportFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChangesArg {
    /// 修订后的文字 · The new text
    Accept,
    /// 修订前的文字 · The old text
    Reject,
    /// 两种都保留并标明 · Both, marked
    Show,
}

#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// 存放网页和文件的文件夹 · Folder of saved pages and office files
    pub(crate) source: PathBuf,
    /// 清单（CSV 或 JSON）：文件、标题、文号、旧地址等 · List of the documents
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// 报告的格式 · Form of the report
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: ReportFormat,
}

#[derive(Debug, Args)]
pub(crate) struct AttachArgs {
    /// 附件 · Files to attach
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// 放入哪一集，如 2026/banfa · Into which set
    #[arg(long, value_name = "SET")]
    pub(crate) into: String,
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    #[command(subcommand)]
    pub(crate) what: NewWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NewWhat {
    /// 新政策（含解读方案） · A policy with its plan
    Policy {
        /// 集编号，如 2025/jiaotong-1 · Set id
        id: String,
        /// 标题 · Title
        #[arg(long)]
        title: String,
    },
    /// 新解读材料 · An interpretation material
    Material {
        /// 集编号 · Set id
        id: String,
        /// 文件名（小写字母、数字、连字符）· File name
        name: String,
        /// 标题 · Title
        #[arg(long)]
        title: Option<String>,
    },
    /// 热线问答 qa.toml · Questions with answers
    Qa {
        /// 集编号 · Set id
        id: String,
    },
    /// 意见采纳情况 opinions.toml · What became of the opinions
    Opinions {
        /// 集编号 · Set id
        id: String,
    },
    /// 政策卡片 cards.toml · Cards of benefits
    Cards {
        /// 集编号 · Set id
        id: String,
    },
    /// 主动公开事项目录 · The catalogue of what is disclosed
    Catalogue,
    /// 清单 · A list
    List {
        /// 文件名（小写字母、数字、连字符）· File name
        name: String,
        /// 种类，如 行政检查事项 · Kind
        #[arg(long)]
        kind: String,
    },
    /// 政府信息公开工作年度报告 · An annual report
    Report {
        /// 年份 · Year
        year: String,
    },
    /// 政策专题 · A topic that lists several policies
    Topic {
        /// 文件名（小写字母、数字、连字符）· File name
        slug: String,
        /// 标题 · Title
        #[arg(long)]
        title: String,
        /// 所列文件的集编号 · Sets to list
        sets: Vec<String>,
    },
}

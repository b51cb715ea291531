//! What was typed. Meaning is given to it in `commands/`. A little over 500 lines: the
//! options of one command stand together with their help texts.
#![expect(clippy::doc_markdown, reason = "these comments are the help texts, shown as they stand")]

mod compare;
mod drafting;
mod language;
mod office;
mod people;
mod shell;
mod signing;
mod verifying;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use compare::{AmendArgs, CompareArgs, CompareFormat};
pub(crate) use drafting::{
    AttachArgs, ChangesArg, DemoArgs, ImportArgs, InitArgs, MigrateArgs, NewArgs, NewWhat,
};
pub(crate) use language::{command, parse};
pub(crate) use office::{CardsArgs, CardsWhat, CatalogueArgs, CatalogueWhat, RequestsArgs, RequestsWhat};
pub(crate) use people::{KeyArgs, KeyWhat, RosterArgs, RosterWhat};
pub(crate) use shell::{CompletionsArgs, ManArgs};
pub(crate) use signing::{ApproveArgs, ConsentArgs, SubmitArgs, SyncArgs, WithdrawArgs};
pub(crate) use verifying::VerifyArgs;

/// 政策与解读同步发布 · Publishes policies together with their interpretation.
#[derive(Debug, Parser)]
#[command(name = "jiedu", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    /// 仓库所在文件夹，默认当前文件夹（或 JIEDU_REPO）· Repository to work on [default: the current folder's, or $JIEDU_REPO]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) repo: Option<PathBuf>,
    /// 提示语言，默认中文（或 JIEDU_LANG）· Language of messages [default: zh, or $JIEDU_LANG]
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<LangArg>,
    /// 只输出结果，不输出说明 · Only the answer, no notes
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// 何时使用颜色 · When to use colour
    #[arg(long, global = true, value_enum, default_value_t = ColorArg::Auto)]
    pub(crate) color: ColorArg,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LangArg {
    Zh,
    En,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArg {
    Human,
    Concise,
    Json,
    Sarif,
    Github,
    Gitlab,
    Rdjson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityArg {
    Hint,
    Warning,
    Error,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 生成示例仓库并建成网站 · Make a sample repository with signed history and build it
    Demo(DemoArgs),
    /// 新建政策仓库 · Make a new policy repository
    Init(InitArgs),
    /// 新建政策或解读材料草稿 · Scaffold a policy or a material
    New(NewArgs),
    /// 导入 Word、网页、PDF 等文件为草稿 · Drafts from office files and web pages
    Import(ImportArgs),
    /// 整批迁移旧网站的网页和文件 · Sets from a whole shelf of pages and files
    Migrate(MigrateArgs),
    /// 放入附件：改成可用的文件名，并在政策中加链接 · Attach files under safe names
    Attach(AttachArgs),
    /// 送审：拟稿人签名，开始一轮审签 · The writer's signed statement that opens a round
    Submit(SubmitArgs),
    /// 审签：查看内容后签名 · Review what is to be signed and sign it
    Approve(ApproveArgs),
    /// 与共享仓库同步：取回、合并、推送 · Fetch, merge and push
    Sync(SyncArgs),
    /// 政策卡片：按事实判断谁能享受 · Cards: who is eligible by the facts
    Cards(CardsArgs),
    /// 主动公开事项目录 · The catalogue of what is disclosed
    Catalogue(CatalogueArgs),
    /// 依申请公开：期限、台账、统计 · Requests for information: deadlines, register, statistics
    Requests(RequestsArgs),
    /// 到期提醒：哪天网站或名册会有变化 · What comes due
    Due(DueArgs),
    /// 查看各集进度与待办 · What is done, what is missing, who may do it
    Status(StatusArgs),
    /// 把签名声明收进 evidence/ · Copy signed statements into evidence/
    Collect(CollectArgs),
    /// 撤回已发布的集 · Withdraw a published set
    Withdraw(WithdrawArgs),
    /// 人员名册 · The roster
    Roster(RosterArgs),
    /// 签名密钥：新建、登记、查看 · Signing keys: make, register, show
    Key(KeyArgs),
    /// 校对报告：供签名和存档的规范 JSON · Proofreading report, to sign and to keep
    Report(ReportArgs),
    /// 校样：可打印的全文、问题和核对码 · Proof sheet to print
    Proof(ProofArgs),
    /// 检查：链接、三同步、校对、审签 · Check links, synchrony, proofreading, approvals
    Check(CheckArgs),
    /// 巡查：用今天的规则重查已发布的全部版本 · Re-check everything published with today's rules
    Patrol(PatrolArgs),
    /// 修改稿件中可以稳妥改正的问题 · Apply safe fixes to the work tree
    Fix(FixArgs),
    /// 用本单位的文稿训练字词统计 · Train character statistics on the office's own texts
    Train(TrainArgs),
    /// 解释一条规则或原因代码 · A rule's own page
    Explain(ExplainArgs),
    /// 显示一集的摘要 · Print the digest of a set
    Digest(DigestArgs),
    /// 文件的条款目录和文内引用 · Provisions and references of files
    Outline(OutlineArgs),
    /// 版本之间的花脸稿 · Redline on the terminal
    Diff(DiffArgs),
    /// 比较两个文件：同一文本的两个版本 · Compare two versions of one text, as files
    Compare(CompareArgs),
    /// 按修改决定生成修改后的草稿 · What an amending document makes of the text it amends
    Amend(AmendArgs),
    /// 一集的历次版本 · Editions of a set
    Log(LogArgs),
    /// 生成网站 · Build the site
    Build(BuildArgs),
    /// 把各机器分片生成的网站合并、封存、签署 · Put the parts of a site together, seal and sign it
    Join(JoinArgs),
    /// 导出一集：Word、Akoma Ntoso、JSON、纯文本、归档包 · One set for circulation or archive
    Export(ExportArgs),
    /// 本机预览 · Local preview with reload
    #[cfg(feature = "serve")]
    Serve(ServeArgs),
    /// 编辑器语言服务（供编辑器调用）· Language server, started by editors
    Lsp(crate::lsp::LspArgs),
    /// 参考校对引擎：按外部校对协议提供本程序的规则 · Reference engine: these rules behind the engine protocol
    Engine,
    /// 测试外部校对程序是否合乎协议 · Whether an external proofreader speaks the protocol
    EngineTest(crate::engine::TestArgs),
    /// 命令补全脚本 · Completions for a shell
    Completions(CompletionsArgs),
    /// 手册页 · Manual pages
    Man(ManArgs),
    /// 离线核验已生成的网站 · Re-check a built site offline
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// 集编号或文件路径，site 为网站设置；不写为全部 · Sets or paths [default: all]
    pub(crate) sets: Vec<String>,
    /// 只看等我办的 · Only what waits for me
    #[arg(long)]
    pub(crate) mine: bool,
    /// 输出格式 · Output format
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DueArgs {
    /// 输出格式 · Output format
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
}

/// What every judgement of approvals depends on.
#[derive(Debug, Args)]
pub(crate) struct JudgeArgs {
    /// 提交、分支或标签 · Revision [default: HEAD]
    #[arg(long)]
    pub(crate) rev: Option<String>,
    /// 信任锚文件 trust.toml · Trust anchor [default: $JIEDU_TRUST]
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// 判断时刻（RFC 3339，如 2025-06-30T09:00:00+08:00）· Instant
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// 允许仓库借用其他对象库 · Allow alternate object stores
    #[arg(long)]
    pub(crate) allow_alternates: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CollectArgs {
    /// 还从这些分支收集（可多次）· Also collect from these refs
    #[arg(long = "from", value_name = "REF")]
    pub(crate) from: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ProofArgs {
    /// 集编号，或 site · Set id, or `site`
    pub(crate) set: String,
    /// 写到哪个文件，不写则输出到标准输出 · Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PatrolArgs {
    /// 输出格式 · Output format
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// 集编号 · Set id
    pub(crate) set: String,
    /// 只打印摘要 · Print the digest only
    #[arg(long)]
    pub(crate) digest: bool,
    /// 写到哪个文件，不写则输出到标准输出 · Where to write it [default: standard output]
    #[arg(long, value_name = "FILE", conflicts_with = "digest")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// 集编号；与 --text-only 合用时为文件或文件夹，- 为标准输入 · Sets, or paths with --text-only
    pub(crate) sets: Vec<String>,
    /// 检查一次提交 · Check a revision
    #[arg(long, conflicts_with_all = ["worktree", "text_only"])]
    pub(crate) rev: Option<String>,
    /// 检查工作区（默认）· Check the work tree (default)
    #[arg(long, conflicts_with = "text_only")]
    pub(crate) worktree: bool,
    /// 只校对文字，不需要仓库 · Proofread any Markdown files, no repository needed
    #[arg(long)]
    pub(crate) text_only: bool,
    /// 词表文件（TOML 或 JSON）· Word list for --text-only
    #[arg(long, value_name = "FILE", requires = "text_only")]
    pub(crate) wordlist: Option<PathBuf>,
    /// 本单位的字词统计模型（jiedu train 生成）· Model made by `jiedu train`, for --text-only
    #[arg(long, value_name = "FILE", requires = "text_only")]
    pub(crate) model: Option<PathBuf>,
    /// 原文文件夹：引文、引用与其中的文件核对 · Folder of texts that quotations are compared with
    #[arg(long, value_name = "DIR")]
    pub(crate) references: Option<PathBuf>,
    /// 基线：其中已有的问题不再报告 · Findings to live with
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// 写基线：没有时新建，已有时只删去不再存在的 · Write the baseline; one that exists only shrinks
    #[arg(long, requires = "baseline")]
    pub(crate) write_baseline: bool,
    #[command(flatten)]
    pub(crate) engine: crate::engine::EngineArgs,
    /// 输出格式 · Output format
    #[arg(long, value_enum, default_value_t = FormatArg::Human)]
    pub(crate) format: FormatArg,
    /// 只用这些规则（代码或名称，逗号分隔）· Only these rules
    #[arg(long, value_delimiter = ',')]
    pub(crate) rules: Vec<String>,
    /// 最低级别 · Lowest severity to report
    #[arg(long, value_enum, default_value_t = SeverityArg::Hint)]
    pub(crate) min_severity: SeverityArg,
    /// 信任锚文件 · Trust anchor [default: $JIEDU_TRUST]
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// 判断时刻（RFC 3339）· Instant
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// 允许仓库借用其他对象库 · Allow alternate object stores
    #[arg(long)]
    pub(crate) allow_alternates: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct FixArgs {
    /// 集编号；与 --text-only 合用时为文件或文件夹，- 为从标准输入到标准输出 · Sets, or paths with --text-only; - is a filter
    pub(crate) sets: Vec<String>,
    /// 只改文字，不需要仓库 · Fix any Markdown files, no repository needed
    #[arg(long)]
    pub(crate) text_only: bool,
    /// 词表文件（TOML 或 JSON）· Word list for --text-only
    #[arg(long, value_name = "FILE", requires = "text_only")]
    pub(crate) wordlist: Option<PathBuf>,
    /// 本单位的字词统计模型（jiedu train 生成）· Model made by `jiedu train`, for --text-only
    #[arg(long, value_name = "FILE", requires = "text_only")]
    pub(crate) model: Option<PathBuf>,
    /// 连同需要人看的修改 · Apply fixes that need review, too
    #[arg(long = "unsafe")]
    pub(crate) needs_review: bool,
    /// 只显示，不改文件 · Show what would change only
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// 不改文件，输出 git apply 能用的补丁 · Print a patch for `git apply` and change nothing
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) patch: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// 本单位已发布的文稿：文件或文件夹 · Published texts of the office: files or folders
    #[arg(required = true)]
    pub(crate) paths: Vec<String>,
    /// 写到哪里；放进仓库用 wordlists/model.bin · Where to write the model
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// 至少出现几次才计入 · Count what occurs at least so often
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) least: u32,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// 规则代码、名称或原因代码；不写则列出全部 · Code or name; none lists all
    pub(crate) code: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct OutlineArgs {
    /// 文件：.md、.docx、.html、.txt 等 · Files: Markdown and what can be imported
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// 输出格式 · Output
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
}

#[derive(Debug, Args)]
pub(crate) struct DigestArgs {
    /// 集编号，或 site · Set id, or `site`
    pub(crate) set: String,
    /// 提交、分支或标签 · Revision [default: HEAD]
    #[arg(long)]
    pub(crate) rev: Option<String>,
    /// 打印清单而不是摘要 · Print the manifest instead
    #[arg(long)]
    pub(crate) manifest: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// 集编号 · Set id
    pub(crate) set: String,
    /// 版本号区间，如 1..2；不写为最近两版 · Editions A..B
    pub(crate) editions: Option<String>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
}

#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    /// 集编号 · Set id
    pub(crate) set: String,
    /// 只看一条的沿革，写标号或者锚点，如 第五条、s2-5 · The history of one provision
    #[arg(long, value_name = "CLAUSE")]
    pub(crate) clause: Option<String>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
}

#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// 生成到哪里 · Where the site goes
    #[arg(long, value_name = "DIR", required_unless_present = "shard")]
    pub(crate) out: Option<PathBuf>,
    /// 上一次发布的网站 · The site released before
    #[arg(long, value_name = "DIR", conflicts_with = "shard")]
    pub(crate) previous: Option<PathBuf>,
    /// 发布人密钥 · The publisher's key [default: $JIEDU_PUBLISH_KEY]
    #[arg(long, value_name = "FILE", conflicts_with = "shard")]
    pub(crate) publish_key: Option<PathBuf>,
    /// 包括未审签的稿件（仅供内部预览）· Include drafts, for internal preview only
    #[arg(long)]
    pub(crate) drafts: bool,
    /// 只生成 N 片中的第 I 片，写作 I/N；auto 取自 JOB_COMPLETION_INDEX 和 JIEDU_SHARDS · Make part I of N only
    #[arg(long, value_name = "I/N|auto", requires = "into", conflicts_with = "out")]
    pub(crate) shard: Option<String>,
    /// 分片生成到哪里，之后用 jiedu join 合并 · Where the part goes; jiedu join puts parts together
    #[arg(long, value_name = "PART", requires = "shard")]
    pub(crate) into: Option<PathBuf>,
    /// 并行线程数 · Number of threads
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// 有任何一集没有按现在的文本发布，就以 1 结束 · End with 1 whenever a set is left out
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// 集编号 · Set id
    pub(crate) set: String,
    /// 格式 · Format
    #[arg(long, value_enum)]
    pub(crate) format: ExportFormat,
    /// 导出到哪个文件 · The file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// 第几版 [默认：现行版本] · Number of the edition
    #[arg(long, value_name = "N", conflicts_with = "draft")]
    pub(crate) edition: Option<u32>,
    /// 导出仓库里现在的文字，页眉注明未审签 · The present text, marked as not approved
    #[arg(long)]
    pub(crate) draft: bool,
    /// Word 文件的内容 · What a Word document shows
    #[arg(long, value_enum, default_value_t = ExportContent::Policy)]
    pub(crate) what: ExportContent,
    /// 与第几版比较（花脸稿、对照表用）[默认：前一版] · The edition to compare with
    #[arg(long, value_name = "N")]
    pub(crate) against: Option<u32>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
}

/// Formats of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Word，供传阅 · for circulation
    Docx,
    /// Akoma Ntoso 3.0 (XML)
    Akn,
    /// 与网站上 edition.json 相同 · the site's edition.json
    Json,
    /// 纯文本 · plain text
    Txt,
    /// 归档包：全部文件、签署声明、名册 · all files, statements and rosters
    Zip,
}

/// What a Word document shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportContent {
    /// 政策文件 · the policy
    Policy,
    /// 政策文件和全部解读 · the policy and its interpretations
    Set,
    /// 花脸稿：修订标记 · tracked changes
    Redline,
    /// 新旧条文对照表 · old and new side by side
    Table,
}

#[derive(Debug, Args)]
pub(crate) struct JoinArgs {
    /// 各片的文件夹，须齐全 · The folders of all parts
    #[arg(required = true, value_name = "PART")]
    pub(crate) parts: Vec<PathBuf>,
    /// 生成到哪里 · Where the site goes
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// 信任锚文件 trust.toml · Trust anchor [default: $JIEDU_TRUST]
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// 发布人密钥 · The publisher's key [default: $JIEDU_PUBLISH_KEY]
    #[arg(long, value_name = "FILE")]
    pub(crate) publish_key: Option<PathBuf>,
    /// 上一次发布的网站 · The site released before
    #[arg(long, value_name = "DIR")]
    pub(crate) previous: Option<PathBuf>,
    /// 合并结果须与这份 manifest.json 相同，否则不写出 · The manifest.json that the site must come to
    #[arg(long, value_name = "FILE")]
    pub(crate) expect: Option<PathBuf>,
    /// 允许仓库借用其他对象库 · Allow alternate object stores
    #[arg(long)]
    pub(crate) allow_alternates: bool,
    /// 并行线程数 · Number of threads
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// 有任何一集没有按现在的文本发布，就以 1 结束 · End with 1 whenever a set is left out
    #[arg(long)]
    pub(crate) strict: bool,
}

#[cfg(feature = "serve")]
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// 包括未审签的稿件 · Include drafts
    #[arg(long)]
    pub(crate) drafts: bool,
    /// 端口，0 为自动 · Port
    #[arg(long, default_value_t = 8000)]
    pub(crate) port: u16,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_defined_without_a_clash() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }
}

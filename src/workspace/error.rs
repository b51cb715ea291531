//! What can go wrong while writing a policy repository: the world, or an order
//! that cannot be carried out.

use std::path::{Path, PathBuf};

use jiedu_base::text::Message;
use jiedu_source::SourceError;

/// Why nothing was written, or not all of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkspaceError {
    /// The disk said no.
    #[error("cannot write `{}`", path.display())]
    Io {
        /// What was to be written.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A file could not be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Something stands there already, and nothing is ever overwritten.
    #[error("`{}` already exists", path.display())]
    Exists {
        /// What stands there.
        path: PathBuf,
    },
    /// The folder of a demonstration must be empty.
    #[error("`{}` is not empty", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// libgit2 failed.
    #[error("cannot {action}")]
    Repository {
        /// What was attempted.
        action: &'static str,
        /// Why it failed.
        source: git2::Error,
    },
    /// The user's git could not be started.
    #[error("cannot run `git`")]
    GitMissing {
        /// Why not.
        source: std::io::Error,
    },
    /// The user's git refused.
    #[error("`git {command}` failed: {output}")]
    GitFailed {
        /// The subcommand.
        command: String,
        /// What it said.
        output: String,
    },
    /// The key file holds no key that can be used.
    #[error("`{}` holds no usable key: {problem}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Needed answers are missing: all of them at once (exit 2).
    #[error("missing: {}", flags.join(", "))]
    Missing {
        /// The flags to give.
        flags: Vec<String>,
    },
    /// An order that makes no sense here (exit 2).
    #[error("{message}")]
    Usage {
        /// What is wrong and what to do.
        message: Message,
    },
    /// What would be refused later is refused now, before anything is signed.
    #[error("{code}: {message}")]
    Refused {
        /// Reason code of `approvals.md` §8.
        code: &'static str,
        /// What is wrong and what to do.
        message: Message,
    },
    /// The repository cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
}

impl WorkspaceError {
    /// The disk's answer together with the path.
    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    /// libgit2's answer together with what was attempted.
    pub(super) fn git(action: &'static str) -> impl FnOnce(git2::Error) -> Self {
        move |source| Self::Repository { action, source }
    }

    /// An order that makes no sense.
    pub(super) fn usage(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Usage { message: Message::new(zh, en) }
    }

    /// An early refusal.
    pub(super) fn refused(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Refused { code, message: Message::new(zh, en) }
    }

    /// The reason code, when this is a refusal about approvals.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            Self::Source(error) => error.code(),
            _ => None,
        }
    }

    /// What happened and what to do next, for people.
    #[must_use]
    pub fn message(&self) -> Message {
        let en = self.to_string();
        match self {
            Self::Io { path, source } => {
                Message::new(format!("写不了“{}”：{source}", path.display()), format!("{en}: {source}"))
            }
            Self::Unreadable { path, source } => Message::new(
                format!("读不出“{}”：{}", path.display(), zh_io(source)),
                format!("{en}: {source}"),
            ),
            Self::Exists { path } => Message::new(
                format!("“{}”已经存在，本程序不覆盖已有文件；请换一个名称，或先把它移走", path.display()),
                format!("{en} and is not overwritten; choose another name or move it away"),
            ),
            Self::NotEmpty { path } => Message::new(
                format!("文件夹“{}”不是空的；请换一个文件夹，或先清空它", path.display()),
                format!("{en}; choose another folder or empty it first"),
            ),
            Self::Repository { action, source } => {
                let doing = zh_action(action);
                Message::new(
                    format!("{doing}时出错：{}", source.message()),
                    format!("{en}: {}", source.message()),
                )
            }
            Self::GitMissing { source } => Message::new(
                format!("没有找到 git 程序（{source}）；签名由 git 完成，请先安装 git 2.34 或更高版本"),
                format!("{en}: {source}; install git 2.34 or newer, which does the signing"),
            ),
            Self::GitFailed { command, output } => {
                Message::new(format!("git {command} 没有成功：{output}"), en)
            }
            Self::Key { path, problem } => Message::new(
                format!("“{}”不是可用的密钥：{problem}；请用 ssh-keygen -t ed25519 生成", path.display()),
                format!("{en}; make one with `ssh-keygen -t ed25519`"),
            ),
            Self::Missing { flags } => Message::new(
                format!("还缺少以下内容，请用选项补齐：{}", flags.join("、")),
                format!("{en}; give them as options"),
            ),
            Self::Usage { message } | Self::Refused { message, .. } => message.clone(),
            Self::Source(error) => error.message(),
        }
    }
}

/// The system's answer in Chinese, where it is a common one.
fn zh_io(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "没有这个文件".to_owned(),
        std::io::ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
        std::io::ErrorKind::IsADirectory => "这是文件夹，不是文件".to_owned(),
        _ => error.to_string(),
    }
}

/// The Chinese form of an attempted action; the English one is the fallback.
fn zh_action(action: &str) -> &str {
    match action {
        "open the repository" => "打开仓库",
        "create the repository" => "新建仓库",
        "write a git object" => "写入 git 对象",
        "move a branch" => "移动分支",
        "write the work tree" => "写出工作区文件",
        "merge" => "合并",
        _ => action,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_what_to_do_in_both_languages() {
        let error = WorkspaceError::Missing { flags: vec!["--name".into(), "--uscc".into()] };
        assert_eq!(error.message().zh, "还缺少以下内容，请用选项补齐：--name、--uscc");
        assert!(error.message().en.contains("--name, --uscc"));
        assert_eq!(WorkspaceError::refused("KEY_USE", "甲", "a").code(), Some("KEY_USE"));
    }
}

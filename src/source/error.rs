//! What can go wrong while reading: the world, not the content.
//!
//! A [`SourceError`] either says that nothing can be read (usage, exit 2) or
//! that something must not be trusted (a refusal with a reason code, exit 3).
//! Faults of single files are [`super::FileFault`]s, not errors.

use std::path::{Path, PathBuf};

use jiedu_base::text::Message;

/// A repository, revision or folder that cannot be read, or may not be trusted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// No git repository at the path.
    #[error("`{}` is not a git repository", path.display())]
    NotARepository {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// No commit yet.
    #[error("the repository `{}` has no commit yet", path.display())]
    Empty {
        /// The repository.
        path: PathBuf,
    },
    /// The revision names no commit.
    #[error("`{revision}` names no commit of this repository")]
    UnknownRevision {
        /// What was asked for.
        revision: String,
    },
    /// A short id that fits several objects.
    #[error("`{revision}` is ambiguous: give more digits")]
    AmbiguousRevision {
        /// What was asked for.
        revision: String,
    },
    /// A repository layout that this program does not read.
    #[error("the repository uses {what}, which is not supported")]
    Unsupported {
        /// What it uses.
        what: String,
    },
    /// The disk said no.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// What was to be read.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Refused on security grounds.
    #[error("{code}: {message}")]
    Refused {
        /// Reason code of `approvals.md` §8.
        code: &'static str,
        /// What was found and what to do.
        message: Message,
    },
}

impl SourceError {
    /// A refusal with its reason code.
    pub(crate) fn refused(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Refused { code, message: Message::new(zh, en) }
    }

    /// The disk's answer together with the path.
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    /// The reason code, when this is a refusal on security grounds (exit 3);
    /// all others are usage or environment (exit 2).
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            _ => None,
        }
    }

    /// What happened and what to do next, for people.
    #[must_use]
    pub fn message(&self) -> Message {
        let en = self.to_string();
        match self {
            Self::NotARepository { path } => Message::new(
                format!(
                    "“{}”不是 git 仓库；请用 --repo 指明仓库所在文件夹，或用 jiedu init 新建",
                    path.display()
                ),
                format!("{en}; name the folder with --repo, or make one with `jiedu init`"),
            ),
            Self::Empty { path } => Message::new(
                format!("仓库“{}”还没有任何提交；请先提交内容再试", path.display()),
                format!("{en}; commit the content first"),
            ),
            Self::UnknownRevision { revision } => {
                Message::new(format!("找不到版本“{revision}”：仓库里没有这个提交、分支或标签"), en)
            }
            Self::AmbiguousRevision { revision } => {
                Message::new(format!("“{revision}”对应多个对象，请多写几位"), en)
            }
            Self::Unsupported { what } => Message::new(format!("仓库使用了{what}，本程序不支持"), en),
            Self::Io { path, source } => {
                Message::new(format!("读不了“{}”：{source}", path.display()), format!("{en}: {source}"))
            }
            Self::Refused { message, .. } => message.clone(),
        }
    }
}

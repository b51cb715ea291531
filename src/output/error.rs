//! What can go wrong with the folders outside.

use std::io;
use std::path::{Path, PathBuf};

use jiedu_base::text::Message;

/// A folder or file outside failed us.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// An operation on a path failed.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was attempted, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The target is a folder with content that jiedu did not make.
    #[error(
        "`{}` is not empty and was not made by jiedu; nothing was touched",
        path.display()
    )]
    ForeignFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The target is a file, or a link to nothing.
    #[error("`{}` is not a folder", path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The target has no name of its own, such as `/`.
    #[error("`{}` cannot be replaced", path.display())]
    NoName {
        /// The path.
        path: PathBuf,
    },
    /// Another build is writing the same target.
    #[error("another jiedu is writing `{}`", path.display())]
    Busy {
        /// The target.
        path: PathBuf,
    },
    /// A file of the site has a path that could leave the folder.
    #[error("`{path}` is not a safe path below the site")]
    UnsafePath {
        /// The path.
        path: String,
    },
    /// Two files of the site cannot stand side by side.
    #[error("`{path}` is a file and also a folder")]
    Collision {
        /// The path that is both.
        path: String,
    },
    /// The site that should be read is too large or too deep to be one.
    #[error("`{}` is not a site that can be checked: {reason}", path.display())]
    TooMuch {
        /// The folder.
        path: PathBuf,
        /// Which bound it breaks.
        reason: String,
    },
    /// The publisher's signature could not be made.
    #[error("cannot sign the release with `{}`: {reason}", key.display())]
    Signing {
        /// The key file.
        key: PathBuf,
        /// What went wrong.
        reason: String,
    },
}

impl OutputError {
    /// The code under which `verify` reports that a site cannot be read; none
    /// when there is no such folder, which is wrong usage.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::TooMuch { .. } => Some("SITE_TOO_LARGE"),
            Self::Io { source, .. } if source.kind() != io::ErrorKind::NotFound => Some("SITE_UNREADABLE"),
            _ => None,
        }
    }

    /// What happened and what to do next, for people.
    #[must_use]
    pub fn message(&self) -> Message {
        let en = self.to_string();
        match self {
            Self::Io { action, path, source } => Message::new(
                format!("“{}”：{}失败：{source}", path.display(), verb(action)),
                format!("{en}: {source}"),
            ),
            Self::ForeignFolder { path } => Message::new(
                format!(
                    "“{}”不是空文件夹，也不是 jiedu 生成的，未作任何改动；请另选文件夹，或自行清空后再试",
                    path.display()
                ),
                format!("{en}; choose another folder, or empty it yourself"),
            ),
            Self::NotAFolder { path } => Message::new(
                format!("“{}”不是文件夹（可能是文件，或指向不存在之处的链接）", path.display()),
                format!("{en}; it may be a file, or a link to nothing"),
            ),
            Self::NoName { path } => Message::new(
                format!("不能替换“{}”；请指定一个有名称的文件夹", path.display()),
                format!("{en}; choose a folder with a name"),
            ),
            Self::Busy { path } => Message::new(
                format!("另一个 jiedu 正在写入“{}”；请等它结束后再试", path.display()),
                format!("{en}; try again when it has ended"),
            ),
            Self::UnsafePath { path } => Message::new(format!("网站文件路径“{path}”不安全，拒绝写入"), en),
            Self::Collision { path } => {
                Message::new(format!("“{path}”既是文件又是文件夹，两个页面的地址冲突"), en)
            }
            Self::TooMuch { path, reason } => {
                Message::new(format!("“{}”太大或太深，不像是网站，停止读取：{reason}", path.display()), en)
            }
            Self::Signing { key, reason } => Message::new(
                format!("无法用“{}”签署发布声明：{reason}；请检查密钥文件、硬件密钥或口令", key.display()),
                format!("{en}; check the key file, the hardware key or the passphrase"),
            ),
        }
    }
}

/// The Chinese word for an attempted action.
fn verb(action: &str) -> &'static str {
    match action {
        "make the folder" => "新建文件夹",
        "write" => "写入",
        "flush" => "写盘",
        "lock" => "加锁",
        "remove" => "删除",
        "move aside" => "移开",
        "put in place" => "放到位",
        "put back" => "放回",
        _ => "读取",
    }
}

/// Pairs an I/O error with its path.
pub(super) trait At<T> {
    /// Adds what was attempted, and on what.
    fn at(self, action: &'static str, path: &Path) -> Result<T, OutputError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, action: &'static str, path: &Path) -> Result<T, OutputError> {
        self.map_err(|source| OutputError::Io { action, path: path.to_owned(), source })
    }
}

//! What can go wrong with the folders outside.

use std::io;
use std::path::{Path, PathBuf};

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
        "`{}` is not empty and is not a site made by jiedu; nothing was touched (choose another folder, or empty it yourself) / 该文件夹不为空，也不是由 jiedu 生成的网站，未作任何改动；请另选文件夹，或自行清空后再试",
        path.display()
    )]
    ForeignFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The target is a file, or a link to nothing.
    #[error("`{}` is not a folder / 不是文件夹", path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The target has no name of its own, such as `/`.
    #[error("`{}` cannot be replaced: choose a folder with a name / 不能替换该文件夹，请指定一个有名称的文件夹", path.display())]
    NoName {
        /// The path.
        path: PathBuf,
    },
    /// Another build is writing the same target.
    #[error("another jiedu is writing `{}` / 另一个 jiedu 正在写入该文件夹，请稍后再试", path.display())]
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

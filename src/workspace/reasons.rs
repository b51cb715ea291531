//! The words behind a rejection, kept in `evidence/reasons/` and never built.

use std::path::Path;

use ssh_key::rand_core::{OsRng, RngCore as _};

use super::WorkspaceError;
use super::files::{Access, write_new};
use super::git::Git;
use jiedu_approve::Rejection;
use jiedu_approve::statement::{reason_fault, reason_file, reason_words};
use jiedu_base::name::Digest;

/// A reason that is about to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonFile {
    bytes: Vec<u8>,
    /// SHA-256 of the file: what the statement names.
    pub digest: Digest,
}

impl ReasonFile {
    /// A file for these words, with fresh random digits.
    ///
    /// # Errors
    /// The words are empty, too long or hold what nobody would see.
    pub fn new(words: &str) -> Result<Self, WorkspaceError> {
        if let Some(message) = reason_fault(words) {
            return Err(WorkspaceError::Usage { message });
        }
        let mut salt = [0; 16];
        OsRng.try_fill_bytes(&mut salt).map_err(|error| {
            WorkspaceError::usage(
                format!("操作系统没有给出随机数：{error}"),
                format!("the system gave no random bytes: {error}"),
            )
        })?;
        let bytes = reason_file(salt, words.trim());
        Ok(Self { digest: Digest::of(&bytes), bytes })
    }

    /// Keeps the reason of a statement: writes the file and commits it alone.
    ///
    /// # Errors
    /// The disk's or git's answer.
    pub fn keep(&self, folder: &Path, statement: &Digest) -> Result<(), WorkspaceError> {
        let git = Git::new(folder);
        let top = git.read_text(&["rev-parse", "--show-toplevel"])?;
        let path = path(statement);
        write_new(&Path::new(&top).join(&path), &self.bytes, Access::Shared)?;
        let git = Git::new(Path::new(&top));
        git.read(&["add", "--force", "--", &path])?;
        let settings = ["-c", "commit.gpgsign=false", "commit", "--quiet", "--only"];
        git.read(&[&settings[..], &["-m", "退回理由", "--", &path]].concat()).map(drop)
    }
}

/// The words behind a rejection at HEAD.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReasonGiven {
    /// None was signed.
    None,
    /// The words.
    Words(String),
    /// One was signed, but its file is not there.
    Missing,
    /// The file is not the one that was signed.
    Changed,
}

/// Looks the reason of a rejection up, in the files of HEAD.
///
/// # Errors
/// Git cannot be run.
pub fn reason_given(folder: &Path, rejection: &Rejection) -> Result<ReasonGiven, WorkspaceError> {
    let Some(signed) = &rejection.reason else { return Ok(ReasonGiven::None) };
    let object = format!("HEAD:{}", path(&rejection.statement));
    let Ok(bytes) = Git::new(folder).read(&["cat-file", "blob", &object]) else {
        return Ok(ReasonGiven::Missing);
    };
    Ok(reason_words(&bytes, signed).map_or(ReasonGiven::Changed, ReasonGiven::Words))
}

fn path(statement: &Digest) -> String {
    format!("evidence/reasons/{}.txt", statement.hex())
}

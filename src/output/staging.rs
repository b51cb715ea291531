//! Writing a tree of files into a fresh folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::error::{At as _, OutputError};
use jiedu_evidence::{MANIFEST_PATH, RELEASE_PATH, SIGNATURE_PATH};

/// Files by path, relative, with `/` between components.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// Whether a path stays below its folder on every system.
#[must_use]
pub fn is_safe(path: &str) -> bool {
    let odd = |c: char| c == '\\' || c == ':' || c.is_control();
    !path.is_empty()
        && path.len() <= 1024
        && !path.contains(odd)
        && path.split('/').all(|part| !matches!(part, "" | "." | "..") && part.len() <= 255)
}

/// A folder that is being filled, by as many threads as like to.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    /// Folders below it that were made already.
    made: Mutex<BTreeSet<String>>,
}

impl Staging {
    /// Makes the folder.
    ///
    /// # Errors
    /// [`OutputError::Io`], also when there is one already.
    pub(super) fn make(folder: PathBuf) -> Result<Self, OutputError> {
        fs::create_dir(&folder).at("make the folder", &folder)?;
        Ok(Self { folder, made: Mutex::default() })
    }

    /// Writes one file.
    ///
    /// Data is left to the system to flush, except for the files by which a
    /// site is known: ten thousand flushes would cost more than the build, and
    /// a page that a power cut left short is named by `verify`.
    ///
    /// # Errors
    /// A path that could leave the folder or that two files want, or the
    /// operation that fails.
    pub(super) fn put(&self, path: &str, bytes: &[u8]) -> Result<(), OutputError> {
        if !is_safe(path) {
            return Err(OutputError::UnsafePath { path: path.to_owned() });
        }
        if let Some((parent, _)) = path.rsplit_once('/') {
            self.make_folder(parent)?;
        }
        let full = self.folder.join(path);
        // `create_new`: two paths that the file system takes for one must not
        // overwrite each other silently.
        let opened = fs::OpenOptions::new().write(true).create_new(true).open(&full);
        let mut file = match opened {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(OutputError::Collision { path: path.to_owned() });
            }
            other => other.at("write", &full)?,
        };
        file.write_all(bytes).at("write", &full)?;
        if [MANIFEST_PATH, RELEASE_PATH, SIGNATURE_PATH].contains(&path) {
            file.sync_all().at("flush", &full)?;
        }
        Ok(())
    }

    fn make_folder(&self, path: &str) -> Result<(), OutputError> {
        let made = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if made().contains(path) {
            return Ok(());
        }
        let full = self.folder.join(path);
        match fs::create_dir_all(&full) {
            Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotADirectory) => {
                return Err(OutputError::Collision { path: self.file_on_the_way(path).to_owned() });
            }
            other => other.at("make the folder", &full)?,
        }
        made().insert(path.to_owned());
        Ok(())
    }

    /// The first part of the path that is a file.
    fn file_on_the_way<'p>(&self, path: &'p str) -> &'p str {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let parts = ends.filter_map(|end| path.get(..end));
        let is_file = |part: &&str| is_file(&self.folder.join(part));
        parts.into_iter().find(is_file).unwrap_or(path)
    }
}

fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_dir())
}

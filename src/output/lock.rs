//! One build at a time for each target.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::error::{At as _, OutputError};

/// How often the lock file may vanish under us before we call the target busy.
const ATTEMPTS: usize = 16;

/// The work folder beside a target, held by this process.
///
/// The lock is the system's: a killed build lets go of it, and what it left in
/// the folder is recovered by the next one.
#[derive(Debug)]
pub(super) struct WorkFolder {
    path: PathBuf,
    lock: File,
}

impl WorkFolder {
    /// Makes or takes over the work folder of a target.
    ///
    /// # Errors
    /// [`OutputError::Busy`] when another process holds it.
    pub(super) fn hold(target: &Path, path: PathBuf) -> Result<Self, OutputError> {
        for _ in 0..ATTEMPTS {
            refuse_link(&path)?;
            fs::create_dir_all(&path).at("make the folder", &path)?;
            refuse_foreign(&path)?;
            let file = path.join("lock");
            // The holder before us may remove the folder right here: try again.
            let opened = fs::OpenOptions::new().write(true).create(true).truncate(false).open(&file);
            let lock = match opened {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                other => other.at("write", &file)?,
            };
            match lock.try_lock() {
                Ok(()) if still_there(&lock, &file) => return Ok(Self { path, lock }),
                Ok(()) => {}
                Err(fs::TryLockError::WouldBlock) => break,
                Err(fs::TryLockError::Error(source)) => {
                    return Err(OutputError::Io { action: "lock", path: file, source });
                }
            }
        }
        Err(OutputError::Busy { path: target.to_owned() })
    }

    /// A path inside the folder.
    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Removes the folder and lets go. An old site that could not be put back
    /// stays in it, for the next build to recover.
    pub(super) fn finish(self) -> Result<(), OutputError> {
        let file = self.join("lock");
        fs::remove_file(&file).at("remove", &file)?;
        drop(self.lock);
        match fs::remove_dir(&self.path) {
            // Another build has come in, or an old site waits for recovery.
            Err(error) if error.kind() == std::io::ErrorKind::DirectoryNotEmpty => Ok(()),
            other => other.at("remove", &self.path),
        }
    }
}

/// A folder of the same name that somebody else made is left alone.
fn refuse_foreign(path: &Path) -> Result<(), OutputError> {
    let entries = match fs::read_dir(path) {
        // The holder before us removed it just now; the caller tries again.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => other.at("read", path)?,
    };
    for entry in entries {
        let name = entry.at("read", path)?.file_name();
        if !["lock", "new", "old", "trash"].iter().any(|ours| name == *ours) {
            return Err(OutputError::ForeignFolder { path: path.to_owned() });
        }
    }
    Ok(())
}

/// A link in the place of the work folder could send our writes elsewhere.
fn refuse_link(path: &Path) -> Result<(), OutputError> {
    match fs::symlink_metadata(path) {
        Ok(meta) if !meta.is_dir() => Err(OutputError::NotAFolder { path: path.to_owned() }),
        _ => Ok(()),
    }
}

/// Whether the file that was locked is still the one at the path.
#[cfg(unix)]
fn still_there(lock: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(held), Ok(there)) = (lock.metadata(), fs::symlink_metadata(path)) else { return false };
    (held.dev(), held.ino()) == (there.dev(), there.ino())
}

/// Elsewhere an open file cannot be removed, so it is still there.
#[cfg(not(unix))]
fn still_there(_: &File, path: &Path) -> bool {
    path.exists()
}

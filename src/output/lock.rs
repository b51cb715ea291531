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

    /// Removes the folder with everything that is left in it, and lets go.
    pub(super) fn finish(self) -> Result<(), OutputError> {
        fs::remove_dir_all(&self.path).at("remove", &self.path)?;
        drop(self.lock);
        Ok(())
    }
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

//! Writing a tree of files into a fresh folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::error::{At as _, OutputError};

/// Files by path, relative, with `/` between components.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// Refuses trees that could write outside their folder or trip over themselves.
///
/// # Errors
/// [`OutputError::UnsafePath`] or [`OutputError::Collision`].
pub(super) fn check_paths(files: &Files) -> Result<(), OutputError> {
    for path in files.keys() {
        if !is_safe(path) {
            return Err(OutputError::UnsafePath { path: path.clone() });
        }
        let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        if let Some(both) = folders.into_iter().find(|folder| files.contains_key(*folder)) {
            return Err(OutputError::Collision { path: both.to_owned() });
        }
    }
    Ok(())
}

/// Whether a path stays below its folder on every system.
#[must_use]
pub fn is_safe(path: &str) -> bool {
    let odd = |c: char| c == '\\' || c == ':' || c.is_control();
    !path.is_empty()
        && path.len() <= 1024
        && !path.contains(odd)
        && path.split('/').all(|part| !matches!(part, "" | "." | "..") && part.len() <= 255)
}

/// Writes every file below `folder`, which is made.
///
/// Data is left to the system to flush, except for the files named in `sync`:
/// ten thousand flushes would cost more than the build, and a page that a power
/// cut left short is named by `verify`.
///
/// # Errors
/// The first operation that fails, with its path.
pub(super) fn write(folder: &Path, files: &Files, sync: &dyn Fn(&str) -> bool) -> Result<(), OutputError> {
    fs::create_dir(folder).at("make the folder", folder)?;
    let mut made = BTreeSet::new();
    for (path, bytes) in files {
        let full = folder.join(path);
        if let Some(parent) = path.rsplit_once('/').map(|(parent, _)| parent)
            && made.insert(parent)
        {
            let parent = folder.join(parent);
            fs::create_dir_all(&parent).at("make the folder", &parent)?;
        }
        // `create_new`: two paths that the file system takes for one must not
        // overwrite each other silently.
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&full).at("write", &full)?;
        file.write_all(bytes).at("write", &full)?;
        if sync(path) {
            file.sync_all().at("flush", &full)?;
        }
    }
    Ok(())
}

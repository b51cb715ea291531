//! Replacing a built site in one step.
//!
//! The new tree is written whole into a work folder beside the target (same
//! file system), file by file as the pages are made. Then the old folder is renamed aside and the new one renamed
//! in; the standard library offers no single call that exchanges two folders.
//! A build that is killed at any point leaves the old or the new site whole:
//! in its place, or (between the two renames) in the work folder, from where
//! the next build puts it back before it does anything else.
//!
//! Nothing that jiedu did not write is ever deleted. A target without a
//! manifest is refused unless it is empty; foreign files inside an old site
//! are moved to a folder `<name>.kept-<n>` beside it. Only then does the old
//! site get the name `trash`, under which the work folder holds nothing but
//! what is to be deleted: a build killed while it deletes leaves no riddle.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use super::error::{At as _, OutputError};
use super::lock::WorkFolder;
use super::owned::{Owner, foreign_files, is_ours, refuse_foreign};
use super::staging::{Files, Staging};

/// What a publication did besides writing the site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Published {
    /// The folder written, links resolved.
    pub folder: PathBuf,
    /// Where foreign files of the old folder went, when there were any.
    pub kept: Option<PathBuf>,
}

/// The steps between which a build can be killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// The work folder is held and what was left in it is recovered.
    Held,
    /// The new tree is complete in the work folder.
    Staged,
    /// The new tree waits under the name where the old one will stand.
    Ready,
    /// Only where folders cannot be exchanged: the old folder is in the work
    /// folder, nothing at the target.
    Aside,
    /// The new folder is at the target.
    Swapped,
    /// The old folder is gone.
    Disposed,
}

/// A site on its way to a folder: its files are written beside the target,
/// where nobody sees them before [`Publication::finish`].
///
/// Dropped before that, it leaves the target as it was.
#[derive(Debug)]
pub struct Publication {
    published: Published,
    owner: Owner,
    /// Folders above the target that were not there before.
    parents: Vec<PathBuf>,
    /// None when it is all over.
    open: Option<Open>,
}

/// What is held while files are written.
#[derive(Debug)]
struct Open {
    work: WorkFolder,
    staging: Staging,
}

impl Publication {
    /// Begins to write a site that is to stand at `target`, replacing the site
    /// that may be there.
    ///
    /// # Errors
    /// [`OutputError`] when the target may not be replaced, or another build
    /// is at it.
    pub fn begin(target: &Path) -> Result<Self, OutputError> {
        Self::of(target, Owner::Site)
    }

    /// Begins to write evidence that is kept out of a site, to the folder beside
    /// it that [`evidence_folder`] names.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub fn begin_evidence(site: &Path) -> Result<Self, OutputError> {
        Self::of(&evidence_folder(site), Owner::Evidence)
    }

    fn of(target: &Path, owner: Owner) -> Result<Self, OutputError> {
        let parents = missing_parents(target);
        let mut publication = Self { published: Published::default(), owner, parents, open: None };
        let folder = resolve(target)?;
        let (parent, name) = match (folder.parent(), folder.file_name()) {
            (Some(parent), Some(name)) => (parent.to_owned(), name.to_owned()),
            _ => return Err(OutputError::NoName { path: target.to_owned() }),
        };
        if folder.exists() {
            refuse_foreign(&folder, owner)?;
        }
        let work = WorkFolder::hold(&folder, parent.join(work_name(&name)))?;
        publication.published.folder = folder;
        let staged =
            recover(&work, &mut publication.published, owner).and_then(|()| Staging::make(work.join("new")));
        match staged {
            Ok(staging) => publication.open = Some(Open { work, staging }),
            Err(error) => {
                let _ = work.finish();
                return Err(error);
            }
        }
        Ok(publication)
    }

    /// Writes one file, by any thread.
    ///
    /// # Errors
    /// A path that could leave the folder or that two files want, or the
    /// operation that fails.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<(), OutputError> {
        self.open.as_ref().map_or(Ok(()), |open| open.staging.put(path, bytes))
    }

    /// Puts the site in its place.
    ///
    /// # Errors
    /// [`OutputError`]; the target is then as it was before, unless the error
    /// is about removing the old site after the new one was put in place.
    pub fn finish(self) -> Result<Published, OutputError> {
        self.swap_in(&mut |_| {})
    }

    fn swap_in(mut self, reached: &mut dyn FnMut(Step)) -> Result<Published, OutputError> {
        if let Some(open) = &self.open {
            reached(Step::Staged);
            swap(&open.work, &mut self.published, self.owner, reached)?;
        }
        if let Some(open) = self.open.take() {
            open.work.finish()?;
        }
        // The renames themselves should survive a power cut. Not every system can
        // flush a folder; the site is complete either way.
        if let Some(parent) = self.published.folder.parent() {
            let _ = fs::File::open(parent).and_then(|parent| parent.sync_all());
        }
        self.parents.clear();
        Ok(std::mem::take(&mut self.published))
    }
}

impl Drop for Publication {
    /// Clears up after a publication that was given up. A panic is left to the
    /// next build, as a kill is.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Some(open) = self.open.take() {
            // What failed is more telling than what clearing up may add.
            let _ = recover(&open.work, &mut self.published, self.owner);
            let _ = open.work.finish();
        }
        for parent in &self.parents {
            // Somebody else's files keep it.
            if fs::remove_dir(parent).is_err() {
                break;
            }
        }
    }
}

/// The name of the work folder beside a target.
pub(super) fn work_name(target: &OsStr) -> OsString {
    joined(joined(".", target), ".jiedu")
}

/// Folders that must be made for a target, the deepest first.
fn missing_parents(target: &Path) -> Vec<PathBuf> {
    let above = target.ancestors().skip(1);
    let missing = above.take_while(|folder| {
        let absent = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
        !folder.as_os_str().is_empty() && fs::symlink_metadata(folder).as_ref().is_err_and(absent)
    });
    missing.map(Path::to_owned).collect()
}

/// Writes a site to a folder, replacing the site that was there.
///
/// # Errors
/// [`OutputError`]; the target is then as it was before, unless the error is
/// about removing the old site after the new one was put in place.
pub fn publish(files: &Files, target: &Path) -> Result<Published, OutputError> {
    replace(files, target, Owner::Site, &mut |_| {})
}

/// Writes evidence that is kept out of the site, to the folder beside it that
/// [`evidence_folder`] names.
///
/// # Errors
/// [`OutputError`]; the folder is then as it was before.
pub fn publish_evidence(files: &Files, site: &Path) -> Result<Published, OutputError> {
    replace(files, &evidence_folder(site), Owner::Evidence, &mut |_| {})
}

/// The folder beside a site that holds its evidence in private mode:
/// `<site>-evidence`.
#[must_use]
pub fn evidence_folder(site: &Path) -> PathBuf {
    let real = fs::canonicalize(site).unwrap_or_else(|_| site.to_owned());
    let name = real.file_name().map_or_else(OsString::new, OsString::from);
    real.with_file_name(joined(&name, "-evidence"))
}

/// Checks, before the work of a build, that the target may be replaced.
///
/// # Errors
/// The [`OutputError`] that [`publish`] would give.
pub fn check_target(target: &Path) -> Result<(), OutputError> {
    match fs::symlink_metadata(target) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(OutputError::Io { action: "read", path: target.to_owned(), source }),
        Ok(_) => refuse_foreign(&resolve_existing(target)?, Owner::Site),
    }
}

pub(super) fn replace(
    files: &Files,
    target: &Path,
    owner: Owner,
    reached: &mut dyn FnMut(Step),
) -> Result<Published, OutputError> {
    let publication = Publication::of(target, owner)?;
    reached(Step::Held);
    for (path, bytes) in files {
        publication.put(path, bytes)?;
    }
    publication.swap_in(reached)
}

/// Exchanges the complete new tree with what stands at the target.
fn swap(
    work: &WorkFolder,
    published: &mut Published,
    owner: Owner,
    reached: &mut dyn FnMut(Step),
) -> Result<(), OutputError> {
    let folder = published.folder.clone();
    let (new, old) = (work.join("new"), work.join("old"));
    if folder.exists() {
        // Looked at again under the lock: another build may have been here.
        refuse_foreign(&folder, owner)?;
        // Under the name from which recovery never takes a half-written tree:
        // after the exchange the old site stands there.
        fs::rename(&new, &old).at("set ready", &new)?;
        reached(Step::Ready);
        if exchange(&old, &folder).is_err() {
            fs::rename(&old, &new).at("set ready", &new)?;
            fs::rename(&folder, &old).at("move aside", &folder)?;
            reached(Step::Aside);
            fs::rename(&new, &folder).at("put in place", &folder)?;
        }
    } else {
        fs::rename(&new, &folder).at("put in place", &folder)?;
    }
    reached(Step::Swapped);
    dispose(work, published, owner)?;
    reached(Step::Disposed);
    Ok(())
}

/// Exchanges two folders in one step, where the system can: at no instant is
/// there no site.
#[cfg(target_os = "linux")]
pub(super) fn exchange(a: &Path, b: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

/// Other systems have no such call: two renames take its place.
#[cfg(not(target_os = "linux"))]
pub(super) fn exchange(_a: &Path, _b: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Puts right what a killed or failed build left behind. All of it is ours: the
/// work folder holds nothing else.
fn recover(work: &WorkFolder, published: &mut Published, owner: Owner) -> Result<(), OutputError> {
    let old = work.join("old");
    // Only a whole site is put back: builds of older versions could be killed
    // while they deleted it under this name.
    if !published.folder.exists() && is_ours(&old, owner) {
        fs::rename(&old, &published.folder).at("put back", &published.folder)?;
    }
    dispose(work, published, owner)?;
    remove(&work.join("new"))
}

/// Removes the old folder, after moving what is not ours out of it.
fn dispose(work: &WorkFolder, published: &mut Published, owner: Owner) -> Result<(), OutputError> {
    let (old, trash) = (work.join("old"), work.join("trash"));
    remove(&trash)?;
    if is_ours(&old, owner) {
        let foreign = foreign_files(&old, owner)?;
        if !foreign.is_empty() {
            published.kept = Some(keep(&old, &published.folder, &foreign)?);
        }
    }
    if fs::symlink_metadata(&old).is_ok() {
        fs::rename(&old, &trash).at("move aside", &old)?;
    }
    remove(&trash)
}

/// Removes a folder, a file or a link (and not what it leads to), if it is there.
fn remove(path: &Path) -> Result<(), OutputError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other.at("remove", path),
    }
}

/// Moves foreign files to a new folder beside the site.
fn keep(old: &Path, folder: &Path, foreign: &[PathBuf]) -> Result<PathBuf, OutputError> {
    let name = folder.file_name().map_or_else(OsString::new, OsString::from);
    let kept = (1..=u32::MAX)
        .map(|n| folder.with_file_name(joined(&name, format!(".kept-{n}"))))
        .find(|path| fs::symlink_metadata(path).is_err())
        .unwrap_or_else(|| folder.with_file_name(joined(&name, ".kept")));
    for path in foreign {
        let to = kept.join(path);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).at("make the folder", parent)?;
        }
        let from = old.join(path);
        fs::rename(&from, &to).at("move aside", &from)?;
    }
    Ok(kept)
}

/// The real folder behind a target, whose parents are made when missing.
fn resolve(target: &Path) -> Result<PathBuf, OutputError> {
    match fs::symlink_metadata(target) {
        Ok(_) => resolve_existing(target),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let name = target.file_name().ok_or_else(|| OutputError::NoName { path: target.to_owned() })?;
            let parent = match target.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent,
                _ => Path::new("."),
            };
            fs::create_dir_all(parent).at("make the folder", parent)?;
            Ok(fs::canonicalize(parent).at("read", parent)?.join(name))
        }
        Err(source) => Err(OutputError::Io { action: "read", path: target.to_owned(), source }),
    }
}

/// The real folder behind an existing target; a link is followed once, here,
/// so that the link stays and the folder behind it is replaced.
fn resolve_existing(target: &Path) -> Result<PathBuf, OutputError> {
    match fs::canonicalize(target) {
        Ok(real) if real.is_dir() => Ok(real),
        Ok(_) => Err(OutputError::NotAFolder { path: target.to_owned() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(OutputError::NotAFolder { path: target.to_owned() })
        }
        Err(source) => Err(OutputError::Io { action: "read", path: target.to_owned(), source }),
    }
}

fn joined(a: impl AsRef<OsStr>, b: impl AsRef<OsStr>) -> OsString {
    let mut out = OsString::from(a.as_ref());
    out.push(b.as_ref());
    out
}

//! Writing files so that nothing is lost: whole or not at all, and never over
//! something that stands there.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::WorkspaceError;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// As the user's mask has it.
    Shared,
    /// Only the owner: private keys.
    Private,
}

/// Writes a new file, with its folders. The content appears under its name in
/// one step, complete.
///
/// # Errors
/// [`WorkspaceError::Exists`] when the name is taken, or the disk's answer.
pub(super) fn write_new(path: &Path, bytes: &[u8], access: Access) -> Result<(), WorkspaceError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| WorkspaceError::io(folder, error))?;
    let fail = |error| WorkspaceError::io(path, error);
    let mut file = builder(access).tempfile_in(folder).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    file.persist_noclobber(path).map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => WorkspaceError::Exists { path: path.to_owned() },
        _ => WorkspaceError::io(path, error.error),
    })?;
    Ok(())
}

/// Writes a new file below a folder, at a path with `/` between its parts. None
/// of the folders on the way may be a link: a branch of somebody else may have
/// put one there, and what is written would lie outside.
///
/// # Errors
/// As [`write_new`]; `ENTRY_MODE` for a link on the way.
pub(super) fn write_below(
    root: &Path,
    path: &str,
    bytes: &[u8],
    access: Access,
) -> Result<(), WorkspaceError> {
    refuse_links(root, path)?;
    write_new(&root.join(path), bytes, access)
}

/// Refuses a path below a folder that leads through a link, or out of it.
///
/// # Errors
/// `ENTRY_MODE` and the link.
pub(super) fn refuse_links(root: &Path, path: &str) -> Result<(), WorkspaceError> {
    let mut at = root.to_owned();
    for part in path.split('/') {
        at.push(part);
        let is_link = fs::symlink_metadata(&at).is_ok_and(|meta| meta.is_symlink());
        if is_link || matches!(part, "" | "." | "..") {
            let shown = at.display();
            return Err(WorkspaceError::refused(
                "ENTRY_MODE",
                format!("“{shown}”是符号链接，写入会落到仓库之外，未写任何文件；请删除这个链接后再试"),
                format!(
                    "`{shown}` is a symbolic link, and what is written would lie outside of the repository; nothing was written. Remove the link"
                ),
            ));
        }
    }
    Ok(())
}

/// Writes a file anew, in one step.
///
/// # Errors
/// The disk's answer; the file is then as it was.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), WorkspaceError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let fail = |error| WorkspaceError::io(path, error);
    let mut file = builder(Access::Shared).tempfile_in(folder).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    file.persist(path).map_err(|error| fail(error.error))?;
    Ok(())
}

/// Files that appear together: all of them or none. A new folder is filled
/// beside its place and then renamed; in a folder that exists, what was written
/// is taken back when one of them fails.
///
/// # Errors
/// [`WorkspaceError::Exists`] when a name is taken, `ENTRY_MODE` when a link
/// leads out of the root, or the disk's answer.
pub(super) fn write_together(
    root: &Path,
    folder: &str,
    files: &[(String, Vec<u8>)],
) -> Result<(), WorkspaceError> {
    files.iter().try_for_each(|(path, _)| refuse_links(root, path))?;
    if let Some((taken, _)) = files.iter().find(|(path, _)| root.join(path).symlink_metadata().is_ok()) {
        return Err(WorkspaceError::Exists { path: root.join(taken) });
    }
    let target = root.join(folder);
    let within =
        |path: &str| path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')).map(str::to_owned);
    if target.symlink_metadata().is_ok() || files.iter().any(|(path, _)| within(path).is_none()) {
        let mut done: Vec<&str> = Vec::new();
        for (path, bytes) in files {
            if let Err(error) = write_new(&root.join(path), bytes, Access::Shared) {
                for path in done {
                    let _ = fs::remove_file(root.join(path));
                }
                return Err(error);
            }
            done.push(path);
        }
        return Ok(());
    }
    let parent = target.parent().unwrap_or(root);
    fs::create_dir_all(parent).map_err(|error| WorkspaceError::io(parent, error))?;
    let stage = tempfile::Builder::new()
        .prefix(".jiedu-")
        .tempdir_in(parent)
        .map_err(|error| WorkspaceError::io(parent, error))?;
    let whole = stage.path().join("set");
    for (path, bytes) in files {
        let path = within(path).unwrap_or_else(|| path.clone());
        write_new(&whole.join(path), bytes, Access::Shared)?;
    }
    fs::rename(&whole, &target).map_err(|error| WorkspaceError::io(&target, error))
}

#[cfg(unix)]
fn builder(access: Access) -> tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = match access {
        // The process's mask is applied to it.
        Access::Shared => 0o666,
        Access::Private => 0o600,
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".jiedu-").permissions(fs::Permissions::from_mode(mode));
    builder
}

#[cfg(not(unix))]
fn builder(_access: Access) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".jiedu-");
    builder
}

/// Whether the folder is absent or empty.
///
/// # Errors
/// The disk's answer; a file of that name counts as not empty.
pub(super) fn is_vacant(path: &Path) -> Result<bool, WorkspaceError> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(WorkspaceError::io(path, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_overwrites_and_leaves_no_litter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.md");
        write_new(&path, b"one", Access::Shared).unwrap();
        assert!(matches!(write_new(&path, b"two", Access::Shared), Err(WorkspaceError::Exists { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        assert!(!is_vacant(folder.path()).unwrap());
        assert!(!is_vacant(&path).unwrap());
        assert!(is_vacant(&folder.path().join("none")).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(root.path().join("a")).unwrap();
        std::os::unix::fs::symlink(outside.path(), root.path().join("a/link")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("none"), root.path().join("dangling")).unwrap();
        for path in ["a/link/x", "a/link", "dangling/x", "a/../../x", "a/link/y/z"] {
            let refused = write_below(root.path(), path, b"x", Access::Shared);
            assert!(matches!(refused, Err(WorkspaceError::Refused { code: "ENTRY_MODE", .. })), "{path}");
        }
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
        write_below(root.path(), "a/b/c", b"x", Access::Shared).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn private_files_are_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write_new(&path, b"secret", Access::Private).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

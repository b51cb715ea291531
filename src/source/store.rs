//! One view of folders and files, whether they are git objects or a disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::SourceError;
use super::object::{ObjectError, ObjectId, partial_clone};
use super::repository::Repository;
use super::tree::{Mode, TreeEntry, parse_tree};

/// What an entry of a folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A plain file (raw mode exactly 100644).
    File,
    /// A folder (raw mode exactly 40000).
    Folder,
    /// Anything else; how to call it, in Chinese and English.
    Other(String, String),
}

/// An entry of a folder.
#[derive(Debug, Clone)]
pub(crate) struct Entry<N> {
    pub(crate) name: Vec<u8>,
    pub(crate) kind: Kind,
    pub(crate) node: N,
}

/// Why something below a folder cannot be read.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The fault of this one file or folder, with its reason code.
    Fault(&'static str),
    /// A file larger than allowed.
    TooLarge(u64),
    /// Nothing read from here can be trusted.
    Fatal(SourceError),
}

/// Something that has folders and files.
pub(crate) trait Store: Sync {
    /// Names a folder or file inside the store.
    type Node: Clone + Send + Sync;

    /// The entries of a folder in a stable order.
    fn list(&self, folder: &Self::Node) -> Result<Vec<Entry<Self::Node>>, Trouble>;

    /// The bytes of a file of at most `limit` bytes.
    fn load(&self, file: &Self::Node, limit: usize) -> Result<Arc<[u8]>, Trouble>;
}

impl Store for Repository {
    type Node = ObjectId;

    fn list(&self, folder: &ObjectId) -> Result<Vec<Entry<ObjectId>>, Trouble> {
        let bytes =
            self.objects.tree(*folder).map_err(|error| Trouble::Fatal(error.refuse("目录", *folder)))?;
        let entries = parse_tree(&self.objects, &bytes).map_err(|_| Trouble::Fault("TREE_MALFORMED"))?;
        Ok(entries.into_iter().map(Entry::from).collect())
    }

    fn load(&self, file: &ObjectId, limit: usize) -> Result<Arc<[u8]>, Trouble> {
        self.objects.blob(*file, limit).map_err(|error| match error {
            ObjectError::Promised => Trouble::Fatal(partial_clone()),
            ObjectError::Missing => Trouble::Fault("OBJECT_MISSING"),
            ObjectError::TooLarge(size) => Trouble::TooLarge(size as u64),
            ObjectError::Corrupt | ObjectError::WrongKind => Trouble::Fault("OBJECT_CORRUPT"),
        })
    }
}

impl From<TreeEntry> for Entry<ObjectId> {
    fn from(entry: TreeEntry) -> Self {
        let kind = match entry.mode {
            Mode::File => Kind::File,
            Mode::Folder => Kind::Folder,
            Mode::Other(mode) => {
                let (zh, en) = match mode.as_str() {
                    "120000" => ("符号链接", "a symbolic link"),
                    "100755" => ("可执行文件", "an executable file"),
                    "160000" => ("子模块", "a submodule"),
                    _ => ("不规范的类型", "of an unusual mode"),
                };
                Kind::Other(format!("{zh}（{mode}）"), format!("{en} ({mode})"))
            }
        };
        Self { name: entry.name, kind, node: entry.id }
    }
}

/// A folder on disk, seen with the same eyes as a git tree.
#[derive(Debug)]
pub(crate) struct Disk {
    /// Executable bits mean something on this file system.
    keeps_modes: bool,
}

impl Disk {
    /// Looks at a repository's folder.
    pub(crate) fn new(root: &Path) -> Self {
        // Some mounted file systems show every file as executable; then
        // `site.toml` is too, and the bit says nothing.
        Self {
            keeps_modes: !fs::symlink_metadata(root.join("site.toml")).is_ok_and(|meta| is_executable(&meta)),
        }
    }
}

#[cfg(unix)]
fn is_executable(meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    meta.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}

impl Store for Disk {
    type Node = PathBuf;

    fn list(&self, folder: &PathBuf) -> Result<Vec<Entry<PathBuf>>, Trouble> {
        let fail = |error| Trouble::Fatal(SourceError::io(folder, error));
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let meta = fs::symlink_metadata(entry.path()).map_err(fail)?;
            let kind = if meta.is_symlink() {
                Kind::Other("符号链接".into(), "a symbolic link".into())
            } else if meta.is_dir() {
                Kind::Folder
            } else if !meta.is_file() {
                Kind::Other("特殊文件".into(), "a special file".into())
            } else if self.keeps_modes && is_executable(&meta) {
                Kind::Other("可执行文件".into(), "an executable file".into())
            } else {
                Kind::File
            };
            let name = entry.file_name().into_encoded_bytes();
            // Git does not see a folder without files, and neither do we.
            if kind != Kind::Folder || !is_empty(&entry.path()) {
                entries.push(Entry { name, kind, node: entry.path() });
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn load(&self, file: &PathBuf, limit: usize) -> Result<Arc<[u8]>, Trouble> {
        let fail = |error| Trouble::Fatal(SourceError::io(file, error));
        let size = fs::symlink_metadata(file).map_err(fail)?.len();
        if size > limit as u64 {
            return Err(Trouble::TooLarge(size));
        }
        fs::read(file).map(Arc::from).map_err(fail)
    }
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

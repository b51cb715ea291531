//! Repositories for this room's tests, built object by object.

use std::path::Path;

use git2::{ObjectType, Oid};

use super::{OpenOptions, Repository};
use jiedu_base::name::CommitId;

/// A repository in a temporary folder.
pub(crate) struct TestRepo {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) git: git2::Repository,
}

/// An entry of a hand-made tree: mode, name, object.
pub(crate) type Row<'a> = (&'a str, &'a [u8], Oid);

impl TestRepo {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = git2::RepositoryInitOptions::new();
        let git =
            git2::Repository::init_opts(folder.path(), options.initial_head("main").external_template(false))
                .unwrap();
        Self { folder, git }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn open(&self) -> Repository {
        Repository::open(self.path(), OpenOptions::default()).unwrap()
    }

    pub(crate) fn blob(&self, bytes: &[u8]) -> Oid {
        self.git.odb().unwrap().write(ObjectType::Blob, bytes).unwrap()
    }

    /// A raw tree, in the order given and with no check at all.
    pub(crate) fn tree(&self, rows: &[Row<'_>]) -> Oid {
        let bytes: Vec<u8> = rows
            .iter()
            .flat_map(|(mode, name, id)| [mode.as_bytes(), b" ", name, b"\0", id.as_bytes()].concat())
            .collect();
        self.git.odb().unwrap().write(ObjectType::Tree, &bytes).unwrap()
    }

    /// A tree of plain files from `path` and content.
    pub(crate) fn files(&self, files: &[(&str, &[u8])]) -> Oid {
        let mut index = git2::Index::new().unwrap();
        for (path, bytes) in files {
            index
                .add(&git2::IndexEntry {
                    ctime: git2::IndexTime::new(0, 0),
                    mtime: git2::IndexTime::new(0, 0),
                    dev: 0,
                    ino: 0,
                    mode: 0o100_644,
                    uid: 0,
                    gid: 0,
                    file_size: 0,
                    id: self.blob(bytes),
                    flags: 0,
                    flags_extended: 0,
                    path: path.as_bytes().to_vec(),
                })
                .unwrap();
        }
        index.write_tree_to(&self.git).unwrap()
    }

    /// A tree with one set made of the rows, and a `site.toml`.
    pub(crate) fn around_set(&self, rows: &[Row<'_>]) -> Oid {
        let set = self.tree(rows);
        let year = self.tree(&[("40000", b"a", set)]);
        let policies = self.tree(&[("40000", b"2025", year)]);
        let content = self.tree(&[("40000", b"policies", policies)]);
        self.tree(&[("40000", b"content", content), ("100644", b"site.toml", self.blob(b"[site]\n"))])
    }

    /// Writes a commit and moves `main` to it.
    pub(crate) fn commit(&self, tree: Oid, parents: &[Oid], message: &str) -> Oid {
        let parents = parents.iter().map(|parent| format!("parent {parent}\n")).collect::<Vec<_>>().concat();
        let raw = format!(
            "tree {tree}\n{parents}author A <a@x> 1000 +0800\ncommitter A <a@x> 1000 +0800\n\n{message}\n"
        );
        self.raw_commit(raw.as_bytes())
    }

    pub(crate) fn raw_commit(&self, raw: &[u8]) -> Oid {
        let id = self.git.odb().unwrap().write(ObjectType::Commit, raw).unwrap();
        std::fs::write(self.path().join(".git/refs/heads/main"), format!("{id}\n")).unwrap();
        id
    }
}

/// The id as the rest of the program writes it.
pub(crate) fn commit_id(id: Oid) -> CommitId {
    CommitId::parse(&id.to_string()).unwrap()
}

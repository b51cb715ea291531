//! Writing git objects in process: trees from plain maps, commits as raw bytes
//! with the signature header where git puts it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use git2::{Index, IndexEntry, IndexTime, ObjectType, Oid, Repository, RepositoryInitOptions};
use ssh_key::{HashAlg, LineEnding, PrivateKey};

use super::people::Staff;
use crate::WorkspaceError;

/// Files of a commit by path.
pub(super) type Files = BTreeMap<String, Arc<[u8]>>;

/// A branch while it grows.
#[derive(Debug, Clone, Default)]
pub(super) struct Branch {
    /// Its last commit; none before the first.
    pub(super) tip: Option<Oid>,
    /// What the last commit holds.
    pub(super) files: Files,
}

/// A repository being filled.
pub(super) struct Objects {
    repository: Repository,
}

/// Who, when, and why.
pub(super) struct Entry<'a> {
    pub(super) who: &'a Staff,
    /// Seconds since the epoch.
    pub(super) time: i64,
    pub(super) message: &'a str,
    pub(super) key: Option<&'a PrivateKey>,
}

impl Objects {
    /// Makes an empty repository; nothing of the machine's templates enters.
    pub(super) fn create(path: &Path) -> Result<Self, WorkspaceError> {
        let mut options = RepositoryInitOptions::new();
        options.external_template(false).initial_head("main").no_reinit(true);
        let repository =
            Repository::init_opts(path, &options).map_err(WorkspaceError::git("create the repository"))?;
        Ok(Self { repository })
    }

    /// Adds a commit on top of the branch, merging `other` when given; gives
    /// back its raw bytes.
    pub(super) fn commit(
        &self,
        branch: &mut Branch,
        other: Option<Oid>,
        entry: &Entry<'_>,
    ) -> Result<Vec<u8>, WorkspaceError> {
        let fail = || WorkspaceError::git("write a git object");
        let tree = match (branch.tip, entry.key) {
            // A statement changes no file.
            (Some(tip), Some(_)) => self.repository.find_commit(tip).map_err(fail())?.tree_id(),
            _ => self.tree(&branch.files)?,
        };
        let who = format!("{} <{}> {} +0800", entry.who.name, entry.who.email(), entry.time);
        let parents = branch.tip.iter().chain(&other).map(|parent| format!("parent {parent}\n"));
        let parents = parents.collect::<Vec<_>>().concat();
        let head = format!("tree {tree}\n{parents}author {who}\ncommitter {who}\n");
        let message = format!("\n{}", entry.message);
        let payload = format!("{head}{message}").into_bytes();
        let raw = match entry.key {
            Some(key) => {
                format!("{head}{}{message}", signature_header(key, &payload, entry.who)?).into_bytes()
            }
            None => payload,
        };
        let odb = self.repository.odb().map_err(fail())?;
        branch.tip = Some(odb.write(ObjectType::Commit, &raw).map_err(fail())?);
        Ok(raw)
    }

    fn tree(&self, files: &Files) -> Result<Oid, WorkspaceError> {
        let fail = || WorkspaceError::git("write a git object");
        let mut index = Index::new().map_err(fail())?;
        for (path, bytes) in files {
            let id = self.repository.blob(bytes).map_err(fail())?;
            index.add(&entry(path, id)).map_err(fail())?;
        }
        index.write_tree_to(&self.repository).map_err(fail())
    }

    /// Points `main` at the commit and writes the work tree, byte for byte.
    pub(super) fn finish(&self, branch: &Branch) -> Result<Oid, WorkspaceError> {
        let tip = branch.tip.unwrap_or(Oid::ZERO_SHA1);
        self.repository
            .reference("refs/heads/main", tip, false, "jiedu demo")
            .map_err(WorkspaceError::git("move a branch"))?;
        let mut checkout = git2::build::CheckoutBuilder::new();
        checkout.force().disable_filters(true);
        self.repository
            .checkout_head(Some(&mut checkout))
            .map_err(WorkspaceError::git("write the work tree"))?;
        Ok(tip)
    }
}

fn entry(path: &str, id: Oid) -> IndexEntry {
    let never = IndexTime::new(0, 0);
    IndexEntry {
        ctime: never,
        mtime: never,
        dev: 0,
        ino: 0,
        mode: 0o100_644,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}

/// The `gpgsig` header over the payload, folded as git folds it.
fn signature_header(key: &PrivateKey, payload: &[u8], who: &Staff) -> Result<String, WorkspaceError> {
    let broken =
        |error: ssh_key::Error| WorkspaceError::Key { path: who.id.into(), problem: error.to_string() };
    let signature = key.sign("git", HashAlg::Sha512, payload).map_err(broken)?;
    let armour = signature.to_pem(LineEnding::LF).map_err(broken)?;
    Ok(format!("gpgsig {}\n", armour.trim_end().replace('\n', "\n ")))
}

//! Keeping statements as files, so that squashing, rebasing and deleted
//! branches do not lose them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::WorkspaceError;
use super::files::{Access, refuse_links, write_below};
use jiedu_approve::statement::{Looks, looks, parse_message, statement_id};
use jiedu_base::name::Digest;
use jiedu_source::Repository;

/// What `collect` found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Collected {
    /// Ids of statements that were written now, sorted.
    pub written: Vec<Digest>,
    /// How many were kept already.
    pub kept: usize,
    /// Commits that look like statements but cannot be read as such.
    pub unreadable: usize,
}

/// Copies the statements reachable from HEAD and from each of `refs` into
/// `evidence/statements/` of the work tree. Running it again writes nothing.
///
/// # Errors
/// The repository is bare or cannot be read, a ref is unknown, or the disk's
/// answer.
pub fn collect(repository: &Repository, refs: &[String]) -> Result<Collected, WorkspaceError> {
    let root = repository.work_tree().ok_or_else(|| {
        WorkspaceError::usage(
            "这是裸仓库，没有文件可写；请在普通克隆里收集",
            "a bare repository has no files; collect in a clone",
        )
    })?;
    let mut collected = Collected::default();
    let mut found = BTreeMap::new();
    for name in std::iter::once("HEAD").chain(refs.iter().map(String::as_str)) {
        let history = repository.history(&repository.resolve(name)?)?;
        for (_, raw) in history.candidates() {
            gather(&mut found, &mut collected, raw);
        }
    }
    for (id, raw) in found {
        if write(root, &id, &raw)? {
            collected.written.push(id);
        } else {
            collected.kept += 1;
        }
    }
    Ok(collected)
}

fn gather(found: &mut BTreeMap<Digest, Arc<[u8]>>, collected: &mut Collected, raw: &Arc<[u8]>) {
    if looks(raw) != Looks::Candidate {
        return;
    }
    let message = std::str::from_utf8(raw).ok().and_then(|text| text.split_once("\n\n"));
    if message.is_some_and(|(header, text)| header.contains("\ngpgsig") && parse_message(text).is_ok()) {
        found.entry(statement_id(raw)).or_insert_with(|| raw.clone());
    } else {
        collected.unreadable += 1;
    }
}

/// Writes one statement unless its name is taken: the id names the content, and
/// whether a copy's signature holds is judged when it is read.
fn write(root: &Path, id: &Digest, raw: &[u8]) -> Result<bool, WorkspaceError> {
    let path = format!("evidence/statements/{}.commit", id.hex());
    refuse_links(root, "evidence/statements")?;
    if fs::symlink_metadata(root.join(&path)).is_ok() {
        return Ok(false);
    }
    match write_below(root, &path, raw, Access::Shared) {
        Ok(()) => Ok(true),
        // Somebody else wrote the same statement at the same moment.
        Err(WorkspaceError::Exists { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

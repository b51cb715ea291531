//! Small data files anywhere in a revision, also where nothing is published from.

use std::path::Path;

use super::SourceError;
use super::object::ObjectId;
use super::path::shown;
use super::repository::Repository;
use super::store::{Kind, Store as _, Trouble};
use jiedu_base::name::CommitId;

/// Bytes of a file that are looked at: such a file is written by hand.
const LARGEST: usize = 256 << 10;
/// Files and folders that are looked at, so that no repository takes for ever.
const MOST: usize = 200_000;
/// Depth of folders.
const DEEPEST: usize = 24;

/// Whether a file, by its path and text, is one of those that are asked for.
pub type IsWanted<'a> = dyn Fn(&str, &str) -> bool + 'a;

impl Repository {
    /// The paths of `.toml` and `.json` files that a commit, or the index of the
    /// work tree, holds and that are wanted.
    ///
    /// # Errors
    /// A refusal when the commit or its tree is missing or corrupt.
    pub fn tracked(
        &self,
        commit: Option<&CommitId>,
        with_index: bool,
        is_wanted: &IsWanted<'_>,
    ) -> Result<Vec<String>, SourceError> {
        let mut search = Search { repository: self, is_wanted, left: MOST, found: Vec::new() };
        if let Some(commit) = commit {
            let tree = self.tree_of(self.object(commit)?)?;
            search.folder(&tree, "", 0)?;
        }
        if let Some(folder) = self.work_tree().filter(|_| with_index) {
            search.index(folder);
        }
        let mut found = search.found;
        found.sort();
        found.dedup();
        Ok(found)
    }
}

struct Search<'a> {
    repository: &'a Repository,
    is_wanted: &'a IsWanted<'a>,
    left: usize,
    found: Vec<String>,
}

impl Search<'_> {
    fn folder(&mut self, tree: &ObjectId, path: &str, depth: usize) -> Result<(), SourceError> {
        let entries = match self.repository.list(tree) {
            Ok(entries) => entries,
            Err(Trouble::Fatal(error)) => return Err(error),
            // What is malformed is reported by whoever reads it.
            Err(_) => return Ok(()),
        };
        for entry in entries {
            let Some(left) = self.left.checked_sub(1) else { return Ok(()) };
            self.left = left;
            let name = shown(&entry.name);
            let path = if path.is_empty() { name } else { format!("{path}/{name}") };
            match entry.kind {
                Kind::Folder if depth < DEEPEST => self.folder(&entry.node, &path, depth + 1)?,
                Kind::File if is_data(&path) => {
                    if let Ok(bytes) = self.repository.load(&entry.node, LARGEST) {
                        self.look(&path, &bytes);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Files that were added and not committed yet.
    fn index(&mut self, folder: &Path) {
        let paths = git2::Repository::open(folder).and_then(|repository| repository.index()).map(|index| {
            index.iter().filter_map(|entry| String::from_utf8(entry.path).ok()).collect::<Vec<String>>()
        });
        for path in paths.unwrap_or_default().into_iter().filter(|path| is_data(path)).take(MOST) {
            let file = folder.join(&path);
            let is_small = std::fs::symlink_metadata(&file)
                .is_ok_and(|meta| meta.is_file() && meta.len() <= LARGEST as u64);
            if let Some(bytes) = is_small.then(|| std::fs::read(&file).ok()).flatten() {
                self.look(&path, &bytes);
            }
        }
    }

    fn look(&mut self, path: &str, bytes: &[u8]) {
        if let Ok(text) = std::str::from_utf8(bytes)
            && (self.is_wanted)(path, text)
        {
            self.found.push(path.to_owned());
        }
    }
}

fn is_data(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("toml") || extension.eq_ignore_ascii_case("json")
    })
}

//! What changed when: the trees of a history, compared from commit to commit.
//!
//! Trees are compared by id from the top down, so a commit costs only the
//! folders that it changed, and a statement (which changes none) costs nothing.
//! Old commits are judged leniently: a malformed tree holds no sets, and only
//! an object that cannot be read at all is an error.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::SourceError;
use super::history::{Commit, History};
use super::object::ObjectId;
use super::repository::Repository;
use super::store::{Entry, Kind, Store as _, Trouble};
use crate::name::SetId;

/// From one place on the first-parent line on, until the next span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The place on the line, 0 = oldest commit.
    pub from: usize,
    /// The set's tree; none while the set does not exist (or is no folder).
    pub tree: Option<ObjectId>,
}

/// The history of every set.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// The trees of each set along the first-parent line, oldest first.
    pub sets: BTreeMap<SetId, Vec<Span>>,
    /// Commits without a second parent (places in the history) that changed
    /// the set.
    pub edits: BTreeMap<SetId, Vec<usize>>,
    /// The same for the set `site`.
    pub site_edits: Vec<usize>,
    /// Places on the line at which the set `site` changed.
    pub site_spans: Vec<usize>,
    /// Places on the line from which on files were there: paths below
    /// `evidence/statements/` and `roster/`, relative to the repository.
    pub since: BTreeMap<String, usize>,
}

/// What one commit changed against its first parent.
#[derive(Debug, Default)]
struct Changes {
    sets: Vec<(SetId, Option<ObjectId>)>,
    site: bool,
    /// Paths of collected statements and rosters that are new.
    files: Vec<String>,
}

impl Repository {
    /// Compares every commit of a history with its first parent.
    ///
    /// # Errors
    /// A refusal when a tree is missing or corrupt.
    pub fn timeline(&self, history: &History) -> Result<Timeline, SourceError> {
        let commits = history.commits();
        let differing: Vec<(usize, &Commit, Option<ObjectId>)> = commits
            .iter()
            .enumerate()
            .map(|(place, commit)| {
                (
                    place,
                    commit,
                    commit.parents.first().and_then(|&parent| commits.get(parent)).map(|parent| parent.tree),
                )
            })
            .filter(|(_, commit, before)| *before != Some(commit.tree))
            .collect();
        let mut changes: BTreeMap<usize, Changes> = differing
            .into_par_iter()
            .map(|(place, commit, before)| Ok((place, self.compare(before, commit.tree)?)))
            .collect::<Result<_, SourceError>>()?;
        let mut timeline = Timeline::default();
        for (place, change) in &changes {
            if commits.get(*place).is_some_and(|commit| commit.parents.len() < 2) {
                for (set, _) in &change.sets {
                    timeline.edits.entry(set.clone()).or_default().push(*place);
                }
                if change.site {
                    timeline.site_edits.push(*place);
                }
            }
        }
        for (position, place) in history.line_places().enumerate() {
            let Some(change) = changes.remove(&place) else { continue };
            for (set, tree) in change.sets {
                timeline.sets.entry(set).or_default().push(Span { from: position, tree });
            }
            if change.site {
                timeline.site_spans.push(position);
            }
            for file in change.files {
                timeline.since.entry(file).or_insert(position);
            }
        }
        Ok(timeline)
    }

    fn compare(&self, before: Option<ObjectId>, after: ObjectId) -> Result<Changes, SourceError> {
        let mut changes = Changes::default();
        for (name, old, new) in self.differences(before, Some(after))? {
            match name.as_slice() {
                b"site.toml" | b"themes" | b"wordlists" => changes.site = true,
                b"content" => self.compare_content(old, new, &mut changes)?,
                b"roster" => self.new_files(old, new, "roster", 1, &mut changes.files)?,
                b"evidence" => {
                    for (name, old, new) in self.differences(old, new)? {
                        if name == b"statements" {
                            self.new_files(old, new, "evidence/statements", 0, &mut changes.files)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(changes)
    }

    fn compare_content(
        &self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        changes: &mut Changes,
    ) -> Result<(), SourceError> {
        for (name, old, new) in self.differences(old, new)? {
            match name.as_slice() {
                b"pages" | b"topics" => changes.site = true,
                b"policies" => {
                    for (year, old, new) in self.differences(old, new)? {
                        for (slug, _, tree) in self.differences(old, new)? {
                            let id = [year.as_slice(), b"/", &slug].concat();
                            let id = String::from_utf8(id).ok().and_then(|id| SetId::parse(&id).ok());
                            changes.sets.extend(id.map(|id| (id, tree)));
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn new_files(
        &self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        path: &str,
        depth: usize,
        out: &mut Vec<String>,
    ) -> Result<(), SourceError> {
        let known: BTreeSet<Vec<u8>> =
            self.entries(old)?.into_iter().filter(is_file).map(|entry| entry.name).collect();
        for entry in self.entries(new)? {
            let Ok(name) = std::str::from_utf8(&entry.name) else { continue };
            let path = format!("{path}/{name}");
            if is_file(&entry) {
                if !known.contains(&entry.name) {
                    out.push(path);
                }
            } else if entry.kind == Kind::Folder && depth > 0 {
                self.new_files(None, Some(entry.node), &path, depth - 1, out)?;
            }
        }
        Ok(())
    }

    /// The names at which two folders differ, with the folder on either side.
    #[expect(clippy::type_complexity, reason = "a row of three, used in this file only")]
    fn differences(
        &self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
    ) -> Result<Vec<(Vec<u8>, Option<ObjectId>, Option<ObjectId>)>, SourceError> {
        if old == new {
            return Ok(Vec::new());
        }
        let mut names: BTreeMap<Vec<u8>, [Option<Entry<ObjectId>>; 2]> = BTreeMap::new();
        for (side, tree) in [old, new].into_iter().enumerate() {
            for entry in self.entries(tree)? {
                if let Some(slot) = names.entry(entry.name.clone()).or_default().get_mut(side) {
                    *slot = Some(entry);
                }
            }
        }
        let same = |sides: &[Option<Entry<ObjectId>>; 2]| match sides {
            [Some(old), Some(new)] => old.node == new.node && old.kind == new.kind,
            _ => false,
        };
        let folder = |entry: &Option<Entry<ObjectId>>| {
            entry.as_ref().filter(|entry| entry.kind == Kind::Folder).map(|entry| entry.node)
        };
        let rows = names.into_iter().filter(|(_, sides)| !same(sides));
        Ok(rows.map(|(name, sides)| (name, folder(&sides[0]), folder(&sides[1]))).collect())
    }

    /// The entries of a folder; none where there is no folder or no sound one.
    fn entries(&self, tree: Option<ObjectId>) -> Result<Vec<Entry<ObjectId>>, SourceError> {
        let Some(tree) = tree else { return Ok(Vec::new()) };
        match self.list(&tree) {
            Ok(entries) => Ok(entries),
            Err(Trouble::Fatal(error)) => Err(error),
            Err(_) => Ok(Vec::new()),
        }
    }
}

fn is_file(entry: &Entry<ObjectId>) -> bool {
    entry.kind == Kind::File
}

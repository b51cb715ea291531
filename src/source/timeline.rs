//! What changed when: the trees of a history, compared from commit to commit.
//!
//! Trees are compared by id from the top down, so a commit costs only the
//! folders that it changed, and a statement (which changes none) costs nothing.
//! Old commits are judged leniently: a malformed tree holds no sets, and only
//! an object that cannot be read at all is an error.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::SourceError;
use super::history::{Commit, History};
use super::object::ObjectId;
use super::repository::Repository;
use super::store::{Entry, Kind, Store as _, Trouble};
use super::tree::{RawEntry, order, raw_entries};
use jiedu_base::name::{SetId, SmallSet};

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
    /// Commits (places in the history) that wrote text of the set: those without
    /// a second parent that changed it, and merges that hold what no clean merge
    /// of their parents would give.
    pub edits: BTreeMap<SetId, Vec<usize>>,
    /// The same for the set `site`.
    pub site_edits: Vec<usize>,
    /// Places on the line at which the set `site` changed.
    pub site_spans: Vec<usize>,
    /// Places on the line at which each set of one file changed.
    pub small_spans: BTreeMap<SmallSet, Vec<usize>>,
    /// Commits without a second parent that changed it.
    pub small_edits: BTreeMap<SmallSet, Vec<usize>>,
    /// Places on the line from which on files were there: paths below
    /// `evidence/statements/` and `roster/`, relative to the repository.
    pub since: BTreeMap<String, usize>,
    /// Trees that sets had in commits beside the line.
    pub beside: BTreeMap<SetId, BTreeSet<ObjectId>>,
}

/// A name at which two folders differ, and the folder under it on either side.
type Difference = (Vec<u8>, Option<ObjectId>, Option<ObjectId>);

/// What one commit changed against its first parent.
#[derive(Debug, Default)]
struct Changes {
    sets: Vec<(SetId, Option<ObjectId>)>,
    site: bool,
    small: BTreeSet<SmallSet>,
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
                for set in &change.small {
                    timeline.small_edits.entry(set.clone()).or_default().push(*place);
                }
                if change.site {
                    timeline.site_edits.push(*place);
                }
            }
        }
        self.add_written_merges(history, &mut timeline)?;
        for (position, place) in history.line_places().enumerate() {
            let Some(change) = changes.remove(&place) else { continue };
            for (set, tree) in change.sets {
                timeline.sets.entry(set).or_default().push(Span { from: position, tree });
            }
            for set in change.small {
                timeline.small_spans.entry(set).or_default().push(position);
            }
            if change.site {
                timeline.site_spans.push(position);
            }
            for file in change.files {
                timeline.since.entry(file).or_insert(position);
            }
        }
        for (set, tree) in changes.into_values().flat_map(|change| change.sets) {
            timeline.beside.entry(set).or_default().extend(tree);
        }
        Ok(timeline)
    }

    /// Adds what merge commits wrote themselves.
    fn add_written_merges(&self, history: &History, timeline: &mut Timeline) -> Result<(), SourceError> {
        let commits = history.commits().iter().enumerate();
        let merges: Vec<(usize, &Commit)> = commits.filter(|(_, commit)| commit.parents.len() > 1).collect();
        let written = merges
            .into_par_iter()
            .map(|(place, commit)| Ok((place, self.written_in_merge(history, commit, &may_hold_text)?)))
            .collect::<Result<Vec<_>, SourceError>>()?;
        for (place, path) in
            written.iter().flat_map(|(place, paths)| paths.iter().map(move |path| (place, path)))
        {
            let owner = |path: &str| super::set_of_path(path).map(|(set, _)| set);
            // A path may name a folder that stands where a file is elsewhere.
            let owner = owner(path).or_else(|| owner(&format!("{path}/file")));
            let edits = match owner.map(|id| SetId::parse(&id)) {
                Some(Ok(set)) => timeline.edits.entry(set).or_default(),
                Some(Err(_)) => &mut timeline.site_edits,
                None => continue,
            };
            if edits.last() != Some(place) {
                edits.push(*place);
            }
        }
        Ok(())
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
                b"catalogue.toml" => drop(changes.small.insert(SmallSet::Catalogue)),
                b"lists" | b"reports" => {
                    let folder = String::from_utf8_lossy(&name).into_owned();
                    for (file, ..) in self.differences(old, new)? {
                        let path = format!("content/{folder}/{}", String::from_utf8_lossy(&file));
                        changes.small.extend(SmallSet::of_path(&path));
                    }
                }
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

    /// The names at which two folders differ, with the folder on either side,
    /// in order of the names. One walk along both, since they are sorted alike.
    fn differences(
        &self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
    ) -> Result<Vec<Difference>, SourceError> {
        if old == new {
            return Ok(Vec::new());
        }
        let (old, new) = (self.tree_bytes(old)?, self.tree_bytes(new)?);
        let sound = |bytes| raw_entries(self.objects.id_len(), bytes).unwrap_or_default();
        let (old, new) = (sound(&old), sound(&new));
        let mut rows: BTreeMap<&[u8], [Option<ObjectId>; 2]> = BTreeMap::new();
        let folder = |entry: &RawEntry<'_>| entry.is_folder().then_some(entry.id);
        let (mut left, mut right) = (old.iter().peekable(), new.iter().peekable());
        loop {
            let side = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(old), Some(new)) => order(old, new),
            };
            let old = left.next_if(|_| side != Ordering::Greater);
            let new = right.next_if(|_| side != Ordering::Less);
            if old.zip(new).is_some_and(|(old, new)| old.is_same(new)) {
                continue;
            }
            // What was a file and is a folder stands in two places.
            for (index, entry) in [old, new].into_iter().enumerate() {
                let Some(entry) = entry else { continue };
                if let Some(slot) = rows.entry(entry.name).or_default().get_mut(index) {
                    *slot = folder(entry);
                }
            }
        }
        Ok(rows.into_iter().map(|(name, [old, new])| (name.to_vec(), old, new)).collect())
    }

    /// The bytes of a folder; none where there is no folder.
    fn tree_bytes(&self, tree: Option<ObjectId>) -> Result<Arc<[u8]>, SourceError> {
        let Some(tree) = tree else { return Ok(Arc::default()) };
        self.objects.tree(tree).map_err(|error| error.refuse("目录", tree))
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

/// Whether text of a set or of the site may lie at a path or below it.
fn may_hold_text(path: &str) -> bool {
    let ours = ["content/policies/", "content/pages/", "content/topics/", "themes/", "wordlists/"];
    path == "content/" || path == "site.toml" || ours.iter().any(|folder| path.starts_with(folder))
}

fn is_file(entry: &Entry<ObjectId>) -> bool {
    entry.kind == Kind::File
}

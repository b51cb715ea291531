//! Text that a merge commit itself writes.
//!
//! A merge joins what others wrote. Whoever makes one may also write: resolve a
//! conflict, or change a line on the way, which no other commit shows. So the
//! tree of a merge is compared, path by path, with what a clean merge of its
//! parents gives; what differs was written by the person who committed it.
//!
//! Renames are not followed: a file that one side renamed and the other changed
//! counts as written, which at worst makes its merger an author too many.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use git2::{MergeFileInput, MergeFileOptions};

use super::SourceError;
use super::history::{Commit, History};
use super::object::{BLOB_LIMIT, ObjectId};
use super::repository::Repository;
use super::store::{Kind, Store as _, Trouble};
use super::tree::raw_entries;

/// Folders inside folders, at most; deeper ones hold no text of ours.
const DEPTH: usize = 40;

/// What lies under one name: an object, and whether it is a folder.
type Side = Option<(bool, ObjectId)>;

/// One path in the merge, its parents and their common ancestor.
#[derive(Clone, Copy)]
struct Sides {
    merged: Side,
    ours: Side,
    theirs: Side,
    base: Side,
}

impl Sides {
    /// Whether the merge holds here what every merge of these parents would.
    fn is_plain(&self) -> bool {
        let one_changed = self.ours == self.base && self.merged == self.theirs
            || self.theirs == self.base && self.merged == self.ours;
        one_changed || self.ours == self.theirs && self.merged == self.ours
    }

    fn all(&self) -> [Side; 4] {
        [self.merged, self.ours, self.theirs, self.base]
    }
}

impl Repository {
    /// The paths at which a merge commit differs from the clean merge of its
    /// parents, as far as `is_ours` lets paths through (folders end in a slash).
    ///
    /// A merge of more than two parents is compared with each further parent in
    /// turn.
    ///
    /// # Errors
    /// A refusal when a tree is missing or corrupt.
    pub(super) fn written_in_merge(
        &self,
        history: &History,
        merge: &Commit,
        is_ours: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<String>, SourceError> {
        let commits = history.commits();
        let Some((&first, others)) = merge.parents.split_first() else { return Ok(Vec::new()) };
        let tree = |place: usize| commits.get(place).map(|commit| (true, commit.tree));
        let mut written: Option<BTreeSet<String>> = None;
        for &other in others {
            let base = history.merge_base(first, other).and_then(tree);
            let sides =
                Sides { merged: Some((true, merge.tree)), ours: tree(first), theirs: tree(other), base };
            let found = self.differing(sides, is_ours)?;
            // With several other parents a path is written only if none of them
            // explains it.
            written = Some(match written {
                Some(before) => before.intersection(&found).cloned().collect(),
                None => found,
            });
        }
        Ok(written.unwrap_or_default().into_iter().collect())
    }

    fn differing(
        &self,
        root: Sides,
        is_ours: &dyn Fn(&str) -> bool,
    ) -> Result<BTreeSet<String>, SourceError> {
        let mut written = BTreeSet::new();
        let mut open = vec![(String::new(), root, 0_usize)];
        while let Some((path, sides, depth)) = open.pop() {
            if sides.is_plain() {
                continue;
            }
            let is_folder = sides.all().iter().flatten().all(|(folder, _)| *folder);
            if !is_folder || depth > DEPTH {
                if !self.merges_to(sides)? {
                    written.insert(path);
                }
                continue;
            }
            for (name, sides) in self.children(sides)? {
                let folder = sides.all().iter().flatten().any(|(folder, _)| *folder);
                let below = if path.is_empty() { name } else { format!("{path}/{name}") };
                if is_ours(&if folder { format!("{below}/") } else { below.clone() }) {
                    open.push((below, sides, depth + 1));
                }
            }
        }
        Ok(written)
    }

    /// The names in any of the folders, with what lies under each.
    fn children(&self, sides: Sides) -> Result<BTreeMap<String, Sides>, SourceError> {
        let nothing = Sides { merged: None, ours: None, theirs: None, base: None };
        let mut names: BTreeMap<String, Sides> = BTreeMap::new();
        let setters: [fn(&mut Sides, Side); 4] = [
            |sides, side| sides.merged = side,
            |sides, side| sides.ours = side,
            |sides, side| sides.theirs = side,
            |sides, side| sides.base = side,
        ];
        for (side, set) in sides.all().into_iter().zip(setters) {
            let Some((true, tree)) = side else { continue };
            let bytes = self.objects.tree(tree).map_err(|error| error.refuse("目录", tree))?;
            // A malformed tree holds no text of ours.
            let Ok(entries) = raw_entries(self.objects.id_len(), &bytes) else { continue };
            for entry in &entries {
                let entry = super::store::Entry::from(super::tree::TreeEntry::from(entry));
                let name = String::from_utf8_lossy(&entry.name).into_owned();
                set(names.entry(name).or_insert(nothing), Some((entry.kind == Kind::Folder, entry.node)));
            }
        }
        Ok(names)
    }

    /// Whether merging the two texts line by line gives the merged one. What
    /// conflicts has no such merge: whatever stands there was written.
    fn merges_to(&self, sides: Sides) -> Result<bool, SourceError> {
        let (Some((false, merged)), Some((false, ours)), Some((false, theirs))) =
            (sides.merged, sides.ours, sides.theirs)
        else {
            return Ok(false);
        };
        let base = sides.base.filter(|(folder, _)| !folder).map(|(_, id)| id);
        let load = |id: ObjectId| match self.load(&id, BLOB_LIMIT) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Trouble::Fatal(error)) => Err(error),
            Err(_) => Ok(None),
        };
        let (Some(merged), Some(ours), Some(theirs)) = (load(merged)?, load(ours)?, load(theirs)?) else {
            return Ok(false);
        };
        let base = base.map(load).transpose()?.flatten();
        let (mut a, mut b, mut c) = (MergeFileInput::new(), MergeFileInput::new(), MergeFileInput::new());
        let empty: &[u8] = &[];
        a.content(base.as_deref().unwrap_or(empty));
        b.content(&ours);
        c.content(&theirs);
        let clean = git2::merge_file(&a, &b, &c, Some(&mut MergeFileOptions::new()));
        Ok(clean.is_ok_and(|clean| clean.is_automergeable() && clean.content() == &*merged))
    }
}

impl History {
    /// The nearest common ancestor of two commits (places); of several the one
    /// that comes first from the roots.
    fn merge_base(&self, a: usize, b: usize) -> Option<usize> {
        const A: u8 = 1;
        const B: u8 = 2;
        const SEEN: u8 = 4;
        let generations = self.generations();
        let generation = |place: usize| generations.get(place).copied().unwrap_or(0);
        let mut flags: BTreeMap<usize, u8> = BTreeMap::new();
        let mut queue = BinaryHeap::new();
        for (place, flag) in [(a, A), (b, B)] {
            *flags.entry(place).or_default() |= flag;
            queue.push((generation(place), place));
        }
        while let Some((_, place)) = queue.pop() {
            let flag = flags.get(&place).copied().unwrap_or(0);
            if flag & SEEN != 0 {
                continue;
            }
            if flag & (A | B) == (A | B) {
                return Some(place);
            }
            flags.insert(place, flag | SEEN);
            for &parent in self.commits().get(place).map_or(&[][..], |commit| &commit.parents) {
                *flags.entry(parent).or_default() |= flag & (A | B);
                queue.push((generation(parent), parent));
            }
        }
        None
    }
}

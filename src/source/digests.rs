//! Digests of sets inside any tree of the history, each computed once.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::gather::{Gatherer, Rules};
use super::history::History;
use super::object::ObjectId;
use super::repository::Repository;
use super::snapshot::{read_site, read_small};
use super::store::{Entry, Kind, Store as _, Trouble};
use super::timeline::{Span, Timeline};
use super::tree::{RawEntry, TreeEntry, raw_entries};
use super::{POLICIES, SourceError};
use jiedu_base::files::{FileFault, SetFiles};
use jiedu_base::name::{Digest, SetId, SmallSet};

/// What a tree says about a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TreeDigest {
    /// It does not hold the set.
    Absent,
    /// It holds the set, but a fault voids the digest.
    Void,
    /// It holds the set, but objects of it are missing or corrupt.
    Damaged,
    /// The digest.
    Is(Digest),
}

/// Answers questions about trees, and remembers the answers. May be shared
/// between threads.
#[derive(Debug)]
pub struct Digests<'a> {
    repository: &'a Repository,
    sets: Mutex<BTreeMap<(SetId, ObjectId), TreeDigest>>,
    sites: Mutex<BTreeMap<Vec<Option<ObjectId>>, TreeDigest>>,
    /// Files of sets whose objects are missing or corrupt.
    damage: Mutex<BTreeMap<SetId, Vec<FileFault>>>,
    /// The first refusal that a caller could not pass on.
    failure: Mutex<Option<SourceError>>,
    /// Where a path leads from a root tree: statements of one round stand on
    /// the same tree, so they ask the same thing.
    places: Mutex<BTreeMap<(ObjectId, String), Place>>,
    /// What the first-parent line says: see [`Digests::along`].
    line: Line,
}

/// Root trees of the first-parent line with a place of theirs, and the trees
/// of the sets along it.
#[derive(Debug, Default)]
struct Line {
    roots: BTreeMap<ObjectId, usize>,
    sets: BTreeMap<SetId, Vec<Span>>,
}

impl Line {
    /// The tree of a set in a root tree, when the line knows it.
    fn tree(&self, root: ObjectId, id: &SetId) -> Option<ObjectId> {
        let position = self.roots.get(&root)?;
        let spans = self.sets.get(id)?;
        spans.get(spans.partition_point(|span| span.from <= *position).checked_sub(1)?)?.tree
    }
}

/// What lies at a path: its kind and object, or nothing.
type Place = Option<(Kind, ObjectId)>;

impl<'a> Digests<'a> {
    /// Questions about the trees of a repository.
    #[must_use]
    pub fn new(repository: &'a Repository) -> Self {
        Self {
            repository,
            sets: Mutex::default(),
            sites: Mutex::default(),
            damage: Mutex::default(),
            failure: Mutex::default(),
            places: Mutex::default(),
            line: Line::default(),
        }
    }

    /// Takes over what was learned while the history was compared: where the
    /// sets of its first-parent line are need not be looked up in the trees
    /// again, whose folders grow with the number of sets.
    #[must_use]
    pub fn along(mut self, history: &History, timeline: &Timeline) -> Self {
        let roots = history.line().enumerate().map(|(position, commit)| (commit.tree, position));
        self.line = Line { roots: roots.collect(), sets: timeline.sets.clone() };
        self
    }

    /// The digest of a set whose own tree is known; none when a fault voids it.
    ///
    /// # Errors
    /// A refusal when a tree of the set is missing or corrupt.
    pub fn of_set_tree(&self, id: &SetId, tree: ObjectId) -> Result<Option<Digest>, SourceError> {
        Ok(match self.in_set_tree(id, tree)? {
            TreeDigest::Is(digest) => Some(digest),
            TreeDigest::Absent | TreeDigest::Void | TreeDigest::Damaged => None,
        })
    }

    fn in_set_tree(&self, id: &SetId, tree: ObjectId) -> Result<TreeDigest, SourceError> {
        let key = (id.clone(), tree);
        if let Some(known) = lock(&self.sets).get(&key) {
            return Ok(*known);
        }
        let files = self.repository.gather(id, tree, false)?;
        let digest = of_files(&files, id.as_str());
        let damage: Vec<FileFault> = files.faults.into_iter().filter(FileFault::is_damage).collect();
        if !damage.is_empty() {
            lock(&self.damage).entry(id.clone()).or_default().extend(damage);
        }
        lock(&self.sets).insert(key, digest);
        Ok(digest)
    }

    /// Remembers a digest that was computed elsewhere.
    pub fn know(&self, id: &SetId, tree: ObjectId, digest: Digest) {
        lock(&self.sets).insert((id.clone(), tree), TreeDigest::Is(digest));
    }

    /// Keeps a refusal for whoever can act on it; the first one stays.
    pub fn fail(&self, error: SourceError) {
        lock(&self.failure).get_or_insert(error);
    }

    /// The refusal that was kept, once.
    #[must_use]
    pub fn failure(&self) -> Option<SourceError> {
        lock(&self.failure).take()
    }

    /// The missing and corrupt objects met so far, by the set they belong to and
    /// sorted by path.
    #[must_use]
    pub fn damage(&self) -> BTreeMap<SetId, Vec<FileFault>> {
        let mut damage = lock(&self.damage).clone();
        for faults in damage.values_mut() {
            faults.sort_by(|a, b| (&a.finding.place.path, a.code).cmp(&(&b.finding.place.path, b.code)));
            faults.dedup();
        }
        damage
    }

    /// The digest of a set in the tree of a commit.
    ///
    /// # Errors
    /// A refusal when a tree is missing or corrupt.
    pub fn of_set(&self, root: ObjectId, id: &SetId) -> Result<TreeDigest, SourceError> {
        let found = match self.line.tree(root, id) {
            Some(tree) => Some((Kind::Folder, tree)),
            None => self.find(root, &format!("{POLICIES}/{id}"))?,
        };
        Ok(match found {
            None => TreeDigest::Absent,
            Some((Kind::Folder, tree)) => self.in_set_tree(id, tree)?,
            Some(_) => TreeDigest::Void,
        })
    }

    /// The digest of the set `site` in the tree of a commit.
    ///
    /// # Errors
    /// A refusal when a tree is missing or corrupt.
    pub fn of_site(&self, root: ObjectId) -> Result<TreeDigest, SourceError> {
        let parts = ["site.toml", "themes", "wordlists", "content/pages", "content/topics"];
        let key = parts
            .iter()
            .map(|part| Ok(self.find(root, part)?.map(|(_, node)| node)))
            .collect::<Result<Vec<_>, SourceError>>()?;
        if let Some(known) = lock(&self.sites).get(&key) {
            return Ok(*known);
        }
        let files = read_site(self.repository, &root)?;
        // All rests on these files, so damage in them is no matter of one set.
        if let Some(fault) = files.faults.iter().find(|fault| fault.is_damage()) {
            let path = &fault.finding.place.path;
            return Err(damaged(fault.code, path));
        }
        let digest = match of_files(&files, "site") {
            TreeDigest::Is(_) if files.files.is_empty() => TreeDigest::Absent,
            digest => digest,
        };
        lock(&self.sites).insert(key, digest);
        Ok(digest)
    }

    /// The files of a set of one file in the tree of a commit.
    ///
    /// # Errors
    /// A refusal when a tree is missing or corrupt.
    pub fn small_files(&self, root: ObjectId, id: &SmallSet) -> Result<SetFiles, SourceError> {
        read_small(self.repository, &root, id)
    }

    /// Its digest there.
    ///
    /// # Errors
    /// A refusal when a tree is missing or corrupt.
    pub fn of_small(&self, root: ObjectId, id: &SmallSet) -> Result<TreeDigest, SourceError> {
        let files = self.small_files(root, id)?;
        Ok(match of_files(&files, &id.to_string()) {
            TreeDigest::Is(_) if files.files.is_empty() => TreeDigest::Absent,
            digest => digest,
        })
    }

    /// Whether the tree of a commit holds something at a path of a set, such as
    /// `plan.md`.
    ///
    /// # Errors
    /// A refusal when a tree is missing or corrupt.
    pub fn set_holds(&self, root: ObjectId, id: &SetId, path: &str) -> Result<bool, SourceError> {
        let found = match self.line.tree(root, id) {
            Some(tree) => self.find(tree, path)?,
            None => self.find(root, &format!("{POLICIES}/{id}/{path}"))?,
        };
        Ok(found.is_some())
    }

    /// SHA-256 of the bytes of one file in the tree of a commit.
    ///
    /// # Errors
    /// A refusal when a tree is missing or corrupt.
    pub fn of_file(&self, root: ObjectId, path: &str) -> Result<TreeDigest, SourceError> {
        Ok(match self.find(root, path)? {
            None => TreeDigest::Absent,
            Some((Kind::File, node)) => match self.repository.load(&node, super::object::BLOB_LIMIT) {
                Ok(bytes) => TreeDigest::Is(Digest::of(&bytes)),
                Err(Trouble::Fatal(error)) => return Err(error),
                Err(Trouble::Fault(code)) => return Err(damaged(code, path)),
                Err(Trouble::TooLarge(_)) => TreeDigest::Void,
            },
            Some(_) => TreeDigest::Void,
        })
    }

    fn find(&self, root: ObjectId, path: &str) -> Result<Place, SourceError> {
        let key = (root, path.to_owned());
        if let Some(known) = lock(&self.places).get(&key) {
            return Ok(known.clone());
        }
        let place = self.walk_to(root, path)?;
        lock(&self.places).insert(key, place.clone());
        Ok(place)
    }

    fn walk_to(&self, root: ObjectId, path: &str) -> Result<Place, SourceError> {
        let mut at = (Kind::Folder, root);
        for name in path.split('/') {
            if at.0 != Kind::Folder {
                return Ok(None);
            }
            let objects = &self.repository.objects;
            let bytes = objects.tree(at.1).map_err(|error| error.refuse("目录", at.1))?;
            let Ok(entries) = raw_entries(objects.id_len(), &bytes) else { return Ok(None) };
            match entries.iter().find(|entry| entry.name == name.as_bytes()) {
                Some(entry) => at = kind_and_node(entry),
                None => return Ok(None),
            }
        }
        Ok(Some(at))
    }
}

/// The refusal for a file on which everything rests.
fn damaged(code: &'static str, path: &str) -> SourceError {
    SourceError::refused(
        code,
        format!("“{path}”在历史中的内容缺失或已损坏；请运行 git fsck，并从可信的完整副本重新克隆"),
        format!(
            "the content of `{path}` in the history is missing or corrupt; run `git fsck` and clone again from a whole copy that you trust"
        ),
    )
}

/// What the files of a set say of its digest.
fn of_files(files: &SetFiles, id: &str) -> TreeDigest {
    match files.digest(id) {
        Some(digest) => TreeDigest::Is(digest),
        None if files.faults.iter().any(FileFault::is_damage) => TreeDigest::Damaged,
        None => TreeDigest::Void,
    }
}

fn kind_and_node(entry: &RawEntry<'_>) -> (Kind, ObjectId) {
    let entry = Entry::from(TreeEntry::from(entry));
    (entry.kind, entry.node)
}

impl Repository {
    /// The files of a set whose own tree is known.
    ///
    /// # Errors
    /// A refusal when a tree of the set is missing or corrupt.
    pub fn set_files(&self, id: &SetId, tree: ObjectId) -> Result<SetFiles, SourceError> {
        self.gather(id, tree, true)
    }

    fn gather(&self, id: &SetId, tree: ObjectId, check_text: bool) -> Result<SetFiles, SourceError> {
        let mut gatherer = Gatherer::new(self, Rules { check_text, ..Rules::SET }, id.as_str());
        gatherer.folder(tree, &format!("{POLICIES}/{id}"), "")?;
        Ok(gatherer.finish())
    }
}

/// A panic in another thread leaves the remembered answers as good as they were.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! A strict parser of raw tree objects.
//!
//! libgit2 hands out trees with `..`, duplicate names, wrong order and
//! normalised modes (`approvals.md` §4); what a set contains must not depend on
//! such leniency. Names are bytes here; whether a name is allowed is decided by
//! [`super::path`].

use std::cmp::Ordering;

use super::object::{ObjectId, Objects};
use super::path;

/// What a raw mode says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Exactly `100644`.
    File,
    /// Exactly `40000`.
    Folder,
    /// Anything else, as written: symbolic link, executable, submodule …
    Other(String),
}

/// One entry of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TreeEntry {
    /// The raw mode.
    pub(crate) mode: Mode,
    /// The name, any bytes but NUL.
    pub(crate) name: Vec<u8>,
    /// The object.
    pub(crate) id: ObjectId,
}

/// Bytes that are not a tree as git writes it: truncated, out of order or with
/// a name twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MalformedTree;

/// The names in the raw bytes of a tree object, whose ids have `id_len` bytes
/// (20 or 32), for those who hold trees outside a repository; nothing when git
/// would not write such a tree or a set may not hold one of the names.
#[must_use]
pub fn tree_names(bytes: &[u8], id_len: usize) -> Option<Vec<String>> {
    let entries = parse(id_len, bytes).ok()?;
    let names: Option<Vec<String>> =
        entries.iter().map(|entry| path::check_name(&entry.name).ok().map(str::to_owned)).collect();
    let collide = !path::collisions(entries.iter().map(|entry| entry.name.as_slice())).is_empty();
    names.filter(|_| !collide)
}

/// Parses the raw bytes of a tree.
pub(crate) fn parse_tree(objects: &Objects, bytes: &[u8]) -> Result<Vec<TreeEntry>, MalformedTree> {
    parse(objects.id_len(), bytes)
}

fn parse(id_len: usize, bytes: &[u8]) -> Result<Vec<TreeEntry>, MalformedTree> {
    Ok(raw_entries(id_len, bytes)?.iter().map(TreeEntry::from).collect())
}

/// An entry where it stands in the bytes of its tree: reading a folder of a
/// thousand sets for one of them copies nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RawEntry<'a> {
    mode: &'a [u8],
    pub(crate) name: &'a [u8],
    pub(crate) id: ObjectId,
}

impl RawEntry<'_> {
    pub(crate) fn is_folder(&self) -> bool {
        self.mode == b"40000"
    }

    /// Whether both stand for the same thing under their names.
    pub(crate) fn is_same(&self, other: &RawEntry<'_>) -> bool {
        self.id == other.id && self.mode == other.mode
    }

    /// git takes every 04xxxx mode for a folder when it sorts.
    fn sorts_as_folder(&self) -> bool {
        let zeros = self.mode.iter().take_while(|&&b| b == b'0').count();
        self.mode.get(zeros..).is_some_and(|mode| mode.len() == 5 && mode.starts_with(b"4"))
    }
}

impl From<&RawEntry<'_>> for TreeEntry {
    fn from(entry: &RawEntry<'_>) -> Self {
        let mode = match entry.mode {
            b"100644" => Mode::File,
            b"40000" => Mode::Folder,
            other => Mode::Other(String::from_utf8_lossy(other).into_owned()),
        };
        Self { mode, name: entry.name.to_vec(), id: entry.id }
    }
}

/// The entries of a tree, in its order.
pub(crate) fn raw_entries(id_len: usize, mut bytes: &[u8]) -> Result<Vec<RawEntry<'_>>, MalformedTree> {
    let mut entries: Vec<RawEntry<'_>> = Vec::with_capacity(bytes.len() / (id_len + 16));
    while !bytes.is_empty() {
        let (entry, rest) = parse_entry(id_len, bytes).ok_or(MalformedTree)?;
        if entries.last().is_some_and(|last| order(last, &entry) != Ordering::Less) {
            return Err(MalformedTree);
        }
        entries.push(entry);
        bytes = rest;
    }
    // A file `a` and a folder `a` sort apart, so order alone does not show them.
    // Folders of nothing but folders, as those of the sets are, need no look.
    if entries.iter().all(RawEntry::sorts_as_folder) {
        return Ok(entries);
    }
    let is_twice = |folder: &RawEntry<'_>| {
        let file = |entry: &RawEntry<'_>| compare(entry, folder.name, false);
        entries.binary_search_by(file).is_ok()
    };
    let folders = entries.iter().filter(|entry| entry.sorts_as_folder());
    if folders.into_iter().any(is_twice) { Err(MalformedTree) } else { Ok(entries) }
}

fn parse_entry(id_len: usize, bytes: &[u8]) -> Option<(RawEntry<'_>, &[u8])> {
    let space = bytes.iter().take(8).position(|&b| b == b' ')?;
    let (mode, rest) = (bytes.get(..space)?, bytes.get(space + 1..)?);
    if mode.is_empty() || !mode.iter().all(|b| matches!(b, b'0'..=b'7')) {
        return None;
    }
    let nul = rest.iter().position(|&b| b == 0)?;
    let (name, rest) = (rest.get(..nul)?, rest.get(nul + 1..)?);
    let id = ObjectId::from_raw(rest.get(..id_len)?)?;
    (!name.is_empty()).then(|| (RawEntry { mode, name, id }, rest.get(id_len..).unwrap_or(&[])))
}

/// Git's order: by bytes, folders as if their name ended in a slash.
pub(crate) fn order(a: &RawEntry<'_>, b: &RawEntry<'_>) -> Ordering {
    compare(a, b.name, b.sorts_as_folder())
}

/// Where an entry stands in git's order against a name.
pub(crate) fn compare(entry: &RawEntry<'_>, name: &[u8], as_folder: bool) -> Ordering {
    let shared = entry.name.len().min(name.len());
    let (head, tail) = entry.name.split_at(shared);
    let (other_head, other_tail) = name.split_at(shared);
    let slash = |is_folder: bool| is_folder.then_some(&b'/');
    let rest = || tail.iter().chain(slash(entry.sorts_as_folder()));
    head.cmp(other_head).then_with(|| rest().cmp(other_tail.iter().chain(slash(as_folder))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(entries: &[(&str, &str)]) -> Vec<u8> {
        entries
            .iter()
            .flat_map(|(mode, name)| [format!("{mode} {name}\0").into_bytes(), vec![7; 20]].concat())
            .collect()
    }

    fn parse(entries: &[(&str, &str)]) -> Result<Vec<TreeEntry>, MalformedTree> {
        let folder = tempfile::tempdir().unwrap();
        parse_tree(&Objects::open(folder.path(), false).unwrap(), &raw(entries))
    }

    #[test]
    fn modes_are_exact() {
        let modes: Vec<_> =
            parse(&[("100644", "a"), ("100664", "b"), ("40000", "c"), ("040000", "d"), ("120000", "e")])
                .unwrap()
                .into_iter()
                .map(|entry| entry.mode)
                .collect();
        let other = |text: &str| Mode::Other(text.to_owned());
        assert_eq!(modes, [Mode::File, other("100664"), Mode::Folder, other("040000"), other("120000")]);
    }

    #[test]
    fn order_and_duplicates_are_checked_as_git_does() {
        assert!(parse(&[("100644", "a.b"), ("40000", "a"), ("100644", "a0")]).is_ok());
        assert!(parse(&[("40000", "a"), ("100644", "a.b")]).is_err());
        assert!(parse(&[("100644", "a"), ("100644", "a")]).is_err());
        assert!(parse(&[("100644", "b"), ("100644", "a")]).is_err());
        assert!(
            parse(&[("100644", "a"), ("100644", "a.b"), ("40000", "a")]).is_err(),
            "file and folder of one name"
        );
    }

    #[test]
    fn truncated_bytes_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::open(folder.path(), false).unwrap();
        let good = raw(&[("100644", "a"), ("40000", "b")]);
        assert_eq!(parse_tree(&objects, &good).unwrap().len(), 2);
        for end in 1..good.len() {
            if end != 29 {
                assert!(parse_tree(&objects, &good[..end]).is_err(), "{end}");
            }
        }
        assert!(parse_tree(&objects, b"100644 \0aaaaaaaaaaaaaaaaaaaa").is_err(), "empty name");
        assert!(parse_tree(&objects, b"10x644 a\0aaaaaaaaaaaaaaaaaaaa").is_err());
    }
}

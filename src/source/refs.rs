//! From the name of a revision to a commit, read from the files of the
//! repository itself.
//!
//! Names resolve in git's order. Reflog and search forms (`@{1}`, `:/text`) are
//! deliberately absent: they depend on the machine, not on the history.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use git2::ObjectType;

use super::SourceError;
use super::commit::{CommitHeader, unreadable};
use super::object::{ObjectError, ObjectId, Objects};

/// Symbolic refs may point at each other this often.
const SYMREF_DEPTH: usize = 5;
/// Annotated tags may wrap each other this often.
const TAG_DEPTH: usize = 16;

/// Where the refs of a repository lie.
#[derive(Debug)]
pub(crate) struct Refs {
    /// Folder with `HEAD`; differs from `common` in a linked work tree.
    pub(crate) git_dir: PathBuf,
    /// Folder with `refs/`, `packed-refs` and `objects/`.
    pub(crate) common: PathBuf,
    packed: BTreeMap<String, String>,
}

impl Refs {
    pub(crate) fn open(git_dir: PathBuf, common: PathBuf) -> Result<Self, SourceError> {
        let text = read_optional(&common.join("packed-refs"))?.unwrap_or_default();
        let mut packed = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with(['#', '^'])) {
            if let Some((id, name)) = line.split_once(' ') {
                packed.insert(name.to_owned(), id.to_owned());
            }
        }
        Ok(Self { git_dir, common, packed })
    }

    /// Whether any ref lies below the folder, such as `refs/replace`.
    pub(crate) fn any_below(&self, folder: &str) -> bool {
        let prefix = format!("{folder}/");
        self.packed.keys().any(|name| name.starts_with(&prefix)) || holds_file(&self.common.join(folder), 0)
    }

    /// Whether a ref of that full name exists.
    pub(crate) fn exists(&self, name: &str) -> bool {
        is_ref_name(name) && matches!(self.read(name, 0), Ok(Some(_)))
    }

    /// The commit that a revision names.
    pub(crate) fn resolve(&self, objects: &Objects, revision: &str) -> Result<ObjectId, SourceError> {
        let unknown = || SourceError::UnknownRevision { revision: revision.to_owned() };
        let cut = revision.find(['^', '~']).unwrap_or(revision.len());
        let (base, suffix) = revision.split_at_checked(cut).ok_or_else(unknown)?;
        let id = self.base(objects, base)?.ok_or_else(unknown)?;
        let id = peel(objects, id, &unknown)?;
        follow(objects, id, suffix)?.ok_or_else(unknown)
    }

    fn base(&self, objects: &Objects, name: &str) -> Result<Option<ObjectId>, SourceError> {
        if let Some(id) = objects.parse_id(name) {
            return Ok(Some(id));
        }
        let name = if name == "@" { "HEAD" } else { name };
        if name == "HEAD" {
            return self.read("HEAD", 0).map(|hex| hex.and_then(|hex| objects.parse_id(&hex)));
        }
        if is_ref_name(name) {
            for pattern in ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"] {
                let full = format!("{pattern}{name}");
                if full.starts_with("refs/")
                    && let Some(hex) = self.read(&full, 0)?
                {
                    return Ok(objects.parse_id(&hex));
                }
            }
            if let Some(hex) = self.read(&format!("refs/remotes/{name}/HEAD"), 0)? {
                return Ok(objects.parse_id(&hex));
            }
        }
        let digits = name.len() >= 4 && name.bytes().all(|b| b.is_ascii_hexdigit());
        if digits { objects.by_prefix(&name.to_ascii_lowercase()) } else { Ok(None) }
    }

    /// The hexadecimal id behind a ref, loose files first.
    fn read(&self, name: &str, depth: usize) -> Result<Option<String>, SourceError> {
        let root = if name == "HEAD" { &self.git_dir } else { &self.common };
        let path = root.join(name);
        let text = if path.is_file() { read_optional(&path)? } else { None };
        let Some(text) = text.or_else(|| self.packed.get(name).cloned()) else { return Ok(None) };
        match text.trim_end().strip_prefix("ref:") {
            None => Ok(Some(text.trim_end().to_owned())),
            Some(target) => {
                let target = target.trim();
                let fine = depth < SYMREF_DEPTH && target.starts_with("refs/") && is_ref_name(target);
                if fine { self.read(target, depth + 1) } else { Ok(None) }
            }
        }
    }
}

/// Whether the text can be a ref name, so that it can be joined to a folder.
fn is_ref_name(name: &str) -> bool {
    let bad = |c: char| c.is_control() || matches!(c, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\');
    !name.contains(bad)
        && !name.contains("..")
        && !name.contains("@{")
        && name
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.') && part.strip_suffix(".lock").is_none())
}

/// Follows annotated tags to the commit.
fn peel(
    objects: &Objects,
    mut id: ObjectId,
    unknown: &dyn Fn() -> SourceError,
) -> Result<ObjectId, SourceError> {
    for _ in 0..TAG_DEPTH {
        match objects.kind(id) {
            Ok(ObjectType::Commit) => return Ok(id),
            Ok(ObjectType::Tag) => {
                let bytes = objects.tag(id).map_err(|error| error.refuse("标签", id))?;
                let target = std::str::from_utf8(bytes.get(..7 + objects.id_len() * 2).unwrap_or(&[])).ok();
                let target = target
                    .and_then(|line| line.strip_prefix("object "))
                    .and_then(|hex| objects.parse_id(hex));
                id = target.ok_or_else(unknown)?;
            }
            Ok(_) | Err(ObjectError::Missing) => return Err(unknown()),
            Err(error) => return Err(error.refuse("提交", id)),
        }
    }
    Err(unknown())
}

/// Applies `^`, `^2`, `~3`, `^0`, `^{}` and `^{commit}`.
fn follow(objects: &Objects, mut id: ObjectId, mut suffix: &str) -> Result<Option<ObjectId>, SourceError> {
    while !suffix.is_empty() {
        let Some((step, rest)) = first_step(suffix) else { return Ok(None) };
        suffix = rest;
        let (times, index) = match step {
            Step::Same => (0, 0),
            Step::Parent(number) => (1, number - 1),
            Step::Back(times) => (times, 0),
        };
        for _ in 0..times {
            match parent(objects, id, index)? {
                Some(found) => id = found,
                None => return Ok(None),
            }
        }
    }
    Ok(Some(id))
}

/// One step of a suffix.
enum Step {
    /// `^0`, `^{}`: the commit itself.
    Same,
    /// `^2`: the second parent; counted from 1.
    Parent(usize),
    /// `~3`: three times the first parent.
    Back(usize),
}

fn first_step(suffix: &str) -> Option<(Step, &str)> {
    let sign = suffix.chars().next()?;
    let suffix = suffix.get(1..)?;
    if sign == '^' && suffix.starts_with('{') {
        let (inside, rest) = suffix.get(1..)?.split_once('}')?;
        return matches!(inside, "" | "commit").then_some((Step::Same, rest));
    }
    let end = suffix.find(|c: char| !c.is_ascii_digit()).unwrap_or(suffix.len());
    let (digits, rest) = suffix.split_at_checked(end)?;
    let number: usize = if digits.is_empty() { 1 } else { digits.parse().ok()? };
    let step = match sign {
        '^' if number > 0 => Step::Parent(number),
        '~' => Step::Back(number),
        _ => Step::Same,
    };
    Some((step, rest))
}

fn parent(objects: &Objects, id: ObjectId, index: usize) -> Result<Option<ObjectId>, SourceError> {
    let bytes = objects.commit(id).map_err(|error| error.refuse("提交", id))?;
    let header = CommitHeader::parse(objects, &bytes).ok_or_else(|| unreadable(id))?;
    Ok(header.parents.get(index).copied())
}

/// The largest file of refs or settings that is read: a million refs fit.
const TEXT_LIMIT: u64 = 128 << 20;

/// A text file, or nothing where there is none.
pub(crate) fn read_optional(path: &Path) -> Result<Option<String>, SourceError> {
    let refuse = |why: &str| Err(SourceError::io(path, std::io::Error::other(why)));
    match fs::metadata(path) {
        // A pipe would keep us waiting.
        Ok(meta) if !meta.is_file() => return refuse("not a plain file"),
        Ok(meta) if meta.len() > TEXT_LIMIT => return refuse("too large"),
        _ => {}
    }
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SourceError::io(path, error)),
    }
}

/// Whether a folder holds a file at any depth that refs can have.
fn holds_file(folder: &Path, depth: usize) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => depth < 32 && holds_file(&entry.path(), depth + 1),
        _ => true,
    })
}

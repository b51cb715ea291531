//! The files of one revision, sorted into sets.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::finding::{Finding, Place, Severity};
use crate::name::{CommitId, Digest, SetId, SmallSet};
use crate::text::Message;

/// One file of a set: raw bytes, never filtered or normalised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetFile {
    /// Path relative to the set (for the set `site`: to the repository).
    pub path: String,
    /// The blob's bytes.
    pub bytes: Arc<[u8]>,
    /// SHA-256 of the bytes.
    pub digest: Digest,
}

/// An error of path, mode, object or encoding that keeps a set from being
/// published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// Reason code of `approvals.md` §8: `ENTRY_MODE`, `PATH_INVALID` …
    pub code: &'static str,
    /// The finding to show (blocking, names the set and the path).
    pub finding: Finding,
}

impl FileFault {
    /// A fault of the file at `path` (relative to the repository) in a set.
    pub fn new(code: &'static str, set: &str, path: &str, message: Message) -> Self {
        let finding =
            Finding::new(code, rule_of(code), "approval", Severity::Error, Place::whole(path), message);
        let finding = if set.is_empty() { finding } else { finding.in_set(set) };
        Self { code, finding: finding.blocking() }
    }

    /// Whether the set has no digest because of it: true for everything but
    /// faults of encoding, which leave path, size and bytes well defined.
    #[must_use]
    pub fn voids_digest(&self) -> bool {
        !(self.code.starts_with("TEXT_") || self.code == "LFS_POINTER")
    }

    /// Whether the repository itself is damaged: the content is not what
    /// somebody committed, so nothing can be concluded from it.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self.code, "OBJECT_MISSING" | "OBJECT_CORRUPT")
    }
}

fn rule_of(code: &str) -> &'static str {
    match code {
        "ENTRY_MODE" => "entry-mode",
        "PATH_INVALID" => "path-invalid",
        "PATH_COLLISION" => "path-collision",
        "TREE_MALFORMED" => "tree-malformed",
        "OBJECT_MISSING" => "object-missing",
        "OBJECT_CORRUPT" => "object-corrupt",
        "FILE_TOO_LARGE" => "file-too-large",
        "TOO_MANY_FILES" => "too-many-files",
        "STATEMENT_TOO_LARGE" => "statement-too-large",
        "LFS_POINTER" => "lfs-pointer",
        "TEXT_EOL" => "text-eol",
        "TEXT_BIDI" => "text-bidi",
        _ => "text-encoding",
    }
}

/// All files of one set, sorted by path bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetFiles {
    /// The files; those at fault by path, mode or object are not among them.
    pub files: Vec<SetFile>,
    /// What keeps the set from being published.
    pub faults: Vec<FileFault>,
}

impl SetFiles {
    /// The file at a path relative to the set.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&SetFile> {
        self.files
            .binary_search_by(|file| file.path.as_str().cmp(path))
            .ok()
            .and_then(|at| self.files.get(at))
    }

    /// The digest manifest of the set, unless a fault voids it.
    #[must_use]
    pub fn manifest(&self, id: &str) -> Option<Vec<u8>> {
        let sound = !self.faults.iter().any(FileFault::voids_digest);
        sound.then(|| set_manifest(id, &self.files))
    }

    /// The digest of the set, unless a fault voids it.
    #[must_use]
    pub fn digest(&self, id: &str) -> Option<Digest> {
        self.manifest(id).map(|manifest| Digest::of(&manifest))
    }
}

/// The digest manifest of a set (contract §3, details 8): every line ends in a
/// line feed, the files sorted by path bytes.
///
/// ```
/// use jiedu_base::files::set_manifest;
/// assert_eq!(set_manifest("2025/a", &[]), b"jiedu-set/1\nset 2025/a\nfiles 0\n");
/// ```
#[must_use]
pub fn set_manifest(id: &str, files: &[SetFile]) -> Vec<u8> {
    manifest_of(id, files.iter().map(|file| (file.path.as_str(), file.bytes.len(), file.digest)))
}

/// A digest manifest from paths, sizes and digests alone.
pub(crate) fn manifest_of<'a>(id: &str, files: impl Iterator<Item = (&'a str, usize, Digest)>) -> Vec<u8> {
    let mut rows: Vec<_> = files.collect();
    rows.sort_unstable_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let mut text = format!("jiedu-set/1\nset {id}\nfiles {}\n", rows.len());
    for (path, size, digest) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {size} {path}", digest.hex());
    }
    text.into_bytes()
}

/// What one revision (or the work tree) holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snapshot {
    /// The commit, or none for a folder.
    pub commit: Option<CommitId>,
    /// The sets below `content/policies/`.
    pub sets: BTreeMap<SetId, SetFiles>,
    /// `site.toml`, `themes/**`, `wordlists/**`, `content/pages/**`, `content/topics/**`.
    pub site: SetFiles,
    /// The catalogue, lists and reports, each one file; paths relative to the
    /// repository.
    pub small: BTreeMap<SmallSet, SetFiles>,
    /// `roster/**`, paths relative to `roster/`.
    pub roster: SetFiles,
    /// `evidence/statements/*`, paths relative to that folder. Faults here are
    /// reported and the files ignored.
    pub evidence: SetFiles,
    /// Findings about files that belong to no set.
    pub findings: Vec<Finding>,
}

//! The files of one revision, sorted into sets.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::finding::Finding;
use crate::name::{CommitId, Digest, SetId};

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

/// A path, mode or object error that takes a set its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// Reason code of `approvals.md` §8: `ENTRY_MODE`, `PATH_INVALID` …
    pub code: &'static str,
    /// The finding to show (blocking, names the set and the path).
    pub finding: Finding,
}

/// All files of one set, sorted by path bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetFiles {
    /// The files.
    pub files: Vec<SetFile>,
    /// What keeps the set from having a digest.
    pub faults: Vec<FileFault>,
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
    /// `roster/**`, paths relative to `roster/`.
    pub roster: SetFiles,
    /// `evidence/statements/*`, paths relative to that folder.
    pub evidence: SetFiles,
    /// Findings about files that belong to no set.
    pub findings: Vec<Finding>,
}

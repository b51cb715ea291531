//! What the verdicts need to know about the world, handed in by the caller.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Subject, TrustAnchor};
use jiedu_base::clock::Clock;
use jiedu_base::name::{CommitId, Digest};

/// Where the bytes of a statement were found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    /// A commit that is reachable from REV (over all parents).
    Commit(CommitId),
    /// A file directly in `evidence/statements/`, by its name there.
    File(String),
}

impl Carrier {
    /// The path shown in findings: `commit:<id>` or `evidence/statements/<name>`.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Commit(id) => format!("commit:{id}"),
            Self::File(name) => format!("evidence/statements/{name}"),
        }
    }
}

/// Raw commit bytes that may be a statement (`git cat-file commit`, without
/// the `commit <n>\0` prefix).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementSource {
    /// The bytes, unaltered.
    pub bytes: Arc<[u8]>,
    /// Where they were found.
    pub carrier: Carrier,
}

/// What a commit's tree says about a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InTree {
    /// The tree does not hold the subject.
    Absent,
    /// The tree holds it, but it has no digest (path or mode error).
    Unreadable,
    /// The tree holds it, but the repository is damaged there: nobody can tell
    /// what was in it. Whoever reads the repository answers for that.
    Damaged,
    /// Its digest there. For a roster: SHA-256 of the file's bytes.
    Digest(Digest),
}

/// What the verifier asks about git. Answers must come from raw objects of
/// commits reachable from REV, never from unreachable leftovers.
pub trait TreeFacts {
    /// The tree id (hexadecimal) of a commit reachable from REV; none when the
    /// commit is not reachable.
    fn tree_of(&self, commit: &CommitId) -> Option<String>;

    /// What the tree of a commit reachable from REV says about the subject.
    fn in_tree(&self, commit: &CommitId, subject: &Subject) -> InTree;
}

/// No git at all: statements known as files only (`verify` without `--repo`).
#[derive(Debug, Clone, Copy, Default)]
pub struct NothingReachable;

impl TreeFacts for NothingReachable {
    fn tree_of(&self, _commit: &CommitId) -> Option<String> {
        None
    }

    fn in_tree(&self, _commit: &CommitId, _subject: &Subject) -> InTree {
        InTree::Absent
    }
}

/// By what authority roster 1 is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// The anchor the website team keeps.
    Trusted(TrustAnchor),
    /// None given: roster 1 is taken as found, and the report says so.
    Provisional,
}

/// Everything that [`Approvals::read`](super::Approvals::read) judges.
pub struct ReadInput<'a> {
    /// The files below `roster/`, by path relative to it: `1.toml`,
    /// `accepted/1.txt` …
    pub roster: &'a BTreeMap<String, Arc<[u8]>>,
    /// All commits and collected files that may be statements, in any order.
    pub statements: &'a [StatementSource],
    /// The trust anchor.
    pub anchor: &'a Anchor,
    /// The publication instant.
    pub at: Clock,
    /// Whether the instant was given by the user (details 71).
    pub at_given: bool,
    /// The sets (and `site`) that exist at REV, with their present digests;
    /// decides which refusals are errors and which are old history.
    pub current: &'a BTreeMap<Subject, Option<Digest>>,
    /// Git.
    pub tree: &'a dyn TreeFacts,
}

/// What the text itself and its history say, for one digest of one set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetFacts {
    /// 重要: the profile's extra steps apply.
    pub important: bool,
    /// The highest round that cleared a text of the set, as its editions say: a
    /// withdrawal of an earlier round is over.
    pub cleared: Option<u32>,
    /// E-mails of authors, committers and `Co-authored-by` of the non-merge
    /// commits that changed the set since the previous edition (details 38).
    pub history_emails: BTreeSet<String>,
    /// Other sets at REV whose files are byte for byte the same: their
    /// approvals do not count here (`SET_MISMATCH`).
    pub twins: Vec<Subject>,
    /// The work tree is being checked: what is merely not yet approved is a
    /// hint (details 63).
    pub drafting: bool,
}

//! What the approval room may ask about git, answered from raw objects of the
//! commits reachable from the revision.

use jiedu_approve::{InTree, Subject, TreeFacts};
use jiedu_base::name::CommitId;
use jiedu_source::{Digests, History, Repository, SourceError, TreeDigest};

/// A revision's history as the verifier sees it.
#[derive(Debug, Clone, Copy)]
pub struct GitFacts<'a> {
    /// The repository.
    pub repository: &'a Repository,
    /// Its reachable commits.
    pub history: &'a History,
    /// Digests in their trees.
    pub digests: &'a Digests<'a>,
}

impl TreeFacts for GitFacts<'_> {
    fn tree_of(&self, commit: &CommitId) -> Option<String> {
        self.history.get(self.repository, commit).map(|commit| commit.tree.to_string())
    }

    fn in_tree(&self, commit: &CommitId, subject: &Subject) -> InTree {
        let Some(commit) = self.history.get(self.repository, commit) else { return InTree::Absent };
        let answer: Result<TreeDigest, SourceError> = match subject {
            Subject::Set(id) => self.digests.of_set(commit.tree, id),
            Subject::Site => self.digests.of_site(commit.tree),
            Subject::Small(id) => self.digests.of_small(commit.tree, id),
            Subject::Roster(version) => self.digests.of_file(commit.tree, &format!("roster/{version}.toml")),
        };
        match answer {
            Ok(TreeDigest::Absent) => InTree::Absent,
            Ok(TreeDigest::Is(digest)) => InTree::Digest(digest),
            // A tree that cannot be read proves nothing in favour of a statement.
            Ok(TreeDigest::Void) => InTree::Unreadable,
            Ok(TreeDigest::Damaged) => InTree::Damaged,
            Err(error) => {
                self.digests.fail(error);
                InTree::Unreadable
            }
        }
    }
}

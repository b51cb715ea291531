//! Approved texts that the first-parent line does not pass.
//!
//! A merge whose first parent is older than the approvals leaves everything
//! reachable, so every chain is complete, yet the line on which editions are
//! found goes around the commits at which they were current. History alone does
//! not say which parent was the published one: a branch that was approved and
//! then changed before it was merged looks the same. So nothing is published
//! from beside the line; what is approved there and stands higher than all that
//! the line shows is named, and whoever builds decides. What was really
//! published is known to the release before (`--previous`), which settles it.

use std::sync::Arc;

use super::walk::{SetLine, Walk};
use jiedu_approve::{Cleared, SetFacts, Subject};
use jiedu_base::name::{Digest, SetId};
use jiedu_model::PublicationSet;
use jiedu_source::{ObjectId, SourceError};

/// A text with a complete chain that is no edition.
#[derive(Debug, Clone)]
pub struct Hidden {
    /// The text.
    pub set: Arc<PublicationSet>,
    /// Its digest.
    pub digest: Digest,
    /// The round that approved it.
    pub revision: u32,
    /// The commit of the last statement of that round that is one.
    pub commit: Option<String>,
}

impl Walk<'_> {
    /// The approved text of the highest round that lies in reachable history
    /// but is no edition, when that round is higher than those of all editions
    /// that stand.
    ///
    /// # Errors
    /// A refusal when an object of such a text is missing or corrupt.
    pub fn hidden(&self, id: &SetId, line: &SetLine) -> Result<Option<Hidden>, SourceError> {
        let subject = Subject::from(id);
        let mut best: Option<Hidden> = None;
        // Not every text that some refused statement names: whoever may push
        // could name any number of them.
        for digest in &self.approvals.submitted(&subject) {
            if line.editions.iter().any(|parsed| parsed.edition.digest == *digest) {
                continue;
            }
            let least = best.as_ref().map(|hidden| hidden.revision).max(line.cleared());
            let higher = |chain: &Cleared| least.is_none_or(|least| chain.revision() > least);
            // Which steps there are is said by the text, so it is read only
            // when some reading of it would do.
            if ![false, true]
                .iter()
                .any(|&important| self.whole(&subject, digest, important).any(|c| higher(&c)))
            {
                continue;
            }
            let Some(tree) = self.tree_anywhere(id, digest)? else { continue };
            let set = (self.parse)(id, &self.repository.set_files(id, tree)?).value;
            let important = set.policy.as_ref().is_some_and(|policy| policy.meta.important);
            let chain = self.whole(&subject, digest, important).find(higher);
            let Some(chain) = chain else { continue };
            let commit = chain.steps().iter().rev().find_map(|step| step.commit.as_ref());
            best = Some(Hidden {
                set: Arc::new(set),
                digest: *digest,
                revision: chain.revision(),
                commit: commit.map(ToString::to_string),
            });
        }
        Ok(best)
    }

    /// Complete chains, whoever wrote the text: that is judged where a text
    /// becomes an edition, and here it would only keep silent.
    fn whole(&self, subject: &Subject, digest: &Digest, important: bool) -> impl Iterator<Item = Cleared> {
        let facts = SetFacts { important, ..SetFacts::default() };
        self.approvals.chains(subject, digest, &facts).into_iter()
    }

    /// A tree of the set with that digest, in any reachable commit.
    fn tree_anywhere(&self, id: &SetId, digest: &Digest) -> Result<Option<ObjectId>, SourceError> {
        let line = self.timeline.sets.get(id).into_iter().flatten().filter_map(|span| span.tree);
        let beside = self.timeline.beside.get(id).into_iter().flatten().copied();
        for tree in line.chain(beside) {
            if self.digests.of_set_tree(id, tree)? == Some(*digest) {
                return Ok(Some(tree));
            }
        }
        Ok(None)
    }
}

//! Finding the provision that a clause link names.

use jiedu_base::name::SetId;
use jiedu_link::ClauseIndex;
use jiedu_model::PolicyDocument;

/// The provisions of a document by the names that links use.
#[derive(Debug)]
pub(crate) struct Clauses<'a> {
    policy: &'a PolicyDocument,
}

impl<'a> Clauses<'a> {
    /// The provisions of a document.
    pub(crate) fn new(policy: &'a PolicyDocument) -> Self {
        Self { policy }
    }

    /// The provision that the name stands for, when it stands for one alone.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        ClauseIndex::new(self.policy).find(name)
    }

    /// Whether a provision has this anchor.
    pub(crate) fn has_anchor(&self, anchor: &str) -> bool {
        self.policy.provisions.iter().any(|provision| provision.anchor == anchor)
    }

    /// The anchor of that provision.
    pub(crate) fn anchor(&self, name: &str) -> Option<&'a str> {
        Some(self.policy.provisions.get(self.find(name)?)?.anchor.as_str())
    }
}

/// Splits the target of a clause link into another set's id, when it names
/// one, and the provision.
pub(crate) fn split_target(target: &str) -> (Option<SetId>, &str) {
    match target.split_once('#') {
        Some((set, clause)) => (SetId::parse(set).ok(), clause),
        None => (None, target),
    }
}

//! Finding the provision that a clause link names.

use std::collections::BTreeMap;

use crate::model::PolicyDocument;
use crate::name::SetId;

/// The provisions of one document by the names that links use.
#[derive(Debug, Default)]
pub(crate) struct ClauseIndex {
    /// `None` for a name that several provisions share.
    names: BTreeMap<String, Option<usize>>,
}

impl ClauseIndex {
    /// Indexes a document: references win over bare labels.
    pub(crate) fn new(policy: &PolicyDocument) -> Self {
        let mut labels: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for (index, provision) in policy.provisions.iter().enumerate().filter(|(_, p)| !p.label.is_empty()) {
            labels.entry(normal(&provision.label)).and_modify(|known| *known = None).or_insert(Some(index));
        }
        let mut names: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for (index, provision) in policy.provisions.iter().enumerate() {
            names.entry(normal(&provision.reference)).and_modify(|known| *known = None).or_insert(Some(index));
            names.entry(provision.anchor.clone()).or_insert(Some(index));
        }
        for (label, index) in labels {
            names.entry(label).or_insert(index);
        }
        Self { names }
    }

    /// The provision that the name stands for, when it stands for one alone.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.names.get(&normal(name)).copied().flatten()
    }
}

/// White space dropped, half-width parentheses made full-width.
fn normal(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '(' => '（',
            ')' => '）',
            c => c,
        })
        .collect()
}

/// Splits the target of a clause link into another set's id, when it names
/// one, and the provision.
pub(crate) fn split_target(target: &str) -> (Option<SetId>, &str) {
    match target.split_once('#') {
        Some((set, clause)) => (SetId::parse(set).ok(), clause),
        None => (None, target),
    }
}

//! Finding the provision that a clause link names.

use crate::name::SetId;

pub(crate) use crate::link::ClauseIndex;

/// Splits the target of a clause link into another set's id, when it names
/// one, and the provision.
pub(crate) fn split_target(target: &str) -> (Option<SetId>, &str) {
    match target.split_once('#') {
        Some((set, clause)) => (SetId::parse(set).ok(), clause),
        None => (None, target),
    }
}

//! The newest version of the roster while it still lacks signatures.
//!
//! Roots sign one after another, and until the last of them has, the version
//! before stays in force: nothing in the new one counts, neither people nor
//! keys nor profiles. One thing cannot wait: a key that somebody else may hold.
//! A revocation that at least one root has signed suspends that key at once.

use std::collections::{BTreeMap, BTreeSet};

use super::chain::{RootVotes, RosterChain, unauthorised};
use super::{RevocationReason, Roster};
use crate::{Anchor, Reason, Refusal};
use jiedu_base::finding::{Finding, Message, Place, Severity};
use jiedu_base::name::PersonId;

/// A version that lacks nothing but signatures of roots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingRoster {
    /// Its number.
    pub version: u32,
    /// Roots whose signatures count, of those that are asked for first.
    pub have: usize,
    /// How many there must be.
    pub need: usize,
    /// Roots who may sign and have not.
    pub missing: Vec<PersonId>,
    /// Keys that are suspended until the version is signed or replaced.
    pub suspended: BTreeSet<String>,
}

impl RosterChain {
    /// Checks that enough roots agreed to every version after the first. The
    /// newest one may lack signatures when nothing relies on it: then it is set
    /// aside. `relied` is the highest version that a valid statement names.
    pub(crate) fn settle(
        mut self,
        votes: &BTreeMap<u32, RootVotes>,
        relied: u32,
        anchor: &Anchor,
    ) -> Result<Self, Refusal> {
        let none = RootVotes::default();
        let newest = self.rosters.len();
        for at in 1..newest {
            let (Some(old), Some(new)) = (self.rosters.get(at - 1), self.rosters.get(at)) else { break };
            let votes = votes.get(&new.version).unwrap_or(&none);
            if is_authorised(old, new, votes) {
                continue;
            }
            let remembered = match anchor {
                Anchor::Trusted(anchor) => anchor.min_roster,
                Anchor::Provisional => 0,
            };
            let may_wait = at + 1 == newest && !votes.other_bytes && relied.max(remembered) < new.version;
            if !may_wait {
                return Err(unauthorised(old, new, votes));
            }
            self.suspended = suspended(old, new, votes);
            self.pending = Some(pending(old, new, votes, &self.suspended));
        }
        if self.pending.is_some() {
            self.rosters.pop();
            self.lists.pop();
        }
        Ok(self)
    }
}

fn changes_roots(old: &Roster, new: &Roster) -> bool {
    old.root_members != new.root_members || old.root_threshold != new.root_threshold
}

fn is_authorised(old: &Roster, new: &Roster, votes: &RootVotes) -> bool {
    let by_new = !changes_roots(old, new) || votes.new.len() >= new.root_threshold;
    votes.old.len() >= old.root_threshold && by_new
}

/// The keys that the version revokes and that one root at least spoke against.
fn suspended(old: &Roster, new: &Roster, votes: &RootVotes) -> BTreeMap<String, RevocationReason> {
    if votes.old.is_empty() {
        return BTreeMap::new();
    }
    let known = old.revocations.iter().map(|revocation| &revocation.key).collect::<BTreeSet<_>>();
    let fresh = new.revocations.iter().filter(|revocation| !known.contains(&revocation.key));
    // Of two entries for one key the graver one counts, as in a signed roster.
    let mut keys = BTreeMap::new();
    for revocation in fresh {
        let reason = keys.entry(revocation.key.clone()).or_insert(revocation.reason);
        *reason = (*reason).min(revocation.reason);
    }
    keys
}

fn pending(
    old: &Roster,
    new: &Roster,
    votes: &RootVotes,
    suspended: &BTreeMap<String, RevocationReason>,
) -> PendingRoster {
    let mut members: BTreeSet<&PersonId> = old.root_members.difference(&votes.old).collect();
    let (have, need) = if votes.old.len() < old.root_threshold {
        (votes.old.len(), old.root_threshold)
    } else {
        (votes.new.len(), new.root_threshold)
    };
    if changes_roots(old, new) {
        members.extend(new.root_members.difference(&votes.new));
    }
    PendingRoster {
        version: new.version,
        have,
        need,
        missing: members.into_iter().cloned().collect(),
        suspended: suspended.keys().cloned().collect(),
    }
}

impl PendingRoster {
    /// The warning that it is not in force yet.
    pub(crate) fn finding(&self) -> Finding {
        let Self { version, have, need, missing, suspended } = self;
        let names: Vec<&str> = missing.iter().map(PersonId::as_str).collect();
        let (mut zh, mut en) = (
            format!(
                "名册第 {version} 版还没有生效：须由名册管理人 {need} 名签署，现有 {have} 名，还可以由 {} 签署；在那以前仍按上一版办理",
                names.join("、")
            ),
            format!(
                "roster {version} is not in force yet: it needs {need} roots and has {have}; {} may sign; the version before stays in force",
                names.join(", ")
            ),
        );
        if !suspended.is_empty() {
            let keys: Vec<&str> = suspended.iter().map(String::as_str).collect();
            zh += "；其中撤销的密钥即时停用：";
            zh += &keys.join("、");
            en += "; keys that it revokes are suspended at once: ";
            en += &keys.join(", ");
        }
        let reason = Reason::RosterPending;
        let advice = reason.advice();
        Finding::new(
            reason.code(),
            reason.rule(),
            "approval",
            Severity::Warning,
            Place::whole(format!("roster/{version}.toml")),
            Message::new(zh, en),
        )
        .note(advice.zh, advice.en)
    }
}

//! Whether one statement holds on its own: site, set, identity, tree, roster,
//! signer and signature, in that order (details 26).

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::gather::{Candidate, Copy, Found};
use super::roster::{Key, KeyUse, RosterChain};
use super::statement::{Decision, Kind, payload};
use super::{InTree, ReadInput, Reason, Roster, Subject};
use jiedu_base::name::{CommitId, Digest, PersonId};

/// Ids of the empty tree in SHA-1 and SHA-256 repositories.
const EMPTY_TREES: [&str; 2] = [
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
];

/// Everything the single checks compare with.
pub(super) struct Context<'a> {
    pub(super) input: &'a ReadInput<'a>,
    pub(super) chain: &'a RosterChain,
    /// The present digests, to recognise approvals of another set.
    owners: BTreeMap<Digest, &'a Subject>,
}

/// A statement whose signature holds.
#[derive(Debug, Clone)]
pub(super) struct Admitted {
    pub(super) found: usize,
    pub(super) copy: usize,
}

impl<'a> Context<'a> {
    pub(super) fn new(input: &'a ReadInput<'a>, chain: &'a RosterChain) -> Self {
        let owners =
            input.current.iter().filter_map(|(subject, digest)| Some(((*digest)?, subject))).collect();
        Self { input, chain, owners }
    }

    /// Judges all statements; signatures are verified in parallel, the answers
    /// stay in order.
    pub(super) fn admit(&self, all: &[Found]) -> Vec<Result<Admitted, Reason>> {
        // Git is asked one thread at a time.
        let prepared: Vec<Vec<Result<&Key, Reason>>> = all.iter().map(|found| self.prepare(found)).collect();
        all.par_iter()
            .zip(prepared)
            .enumerate()
            .map(|(index, (found, prepared))| verify(index, found, &prepared))
            .collect()
    }

    /// The checks before the signature, for every copy.
    fn prepare(&self, found: &Found) -> Vec<Result<&'a Key, Reason>> {
        let mut placed: Option<Result<(), Reason>> = None;
        let one = |copy: &Copy| {
            let candidate = copy.parsed.as_ref().map_err(|reason| *reason)?;
            // All copies share the payload, so git is asked once.
            (*placed.get_or_insert_with(|| self.place(candidate, found.commit())))?;
            self.signer(candidate)
        };
        found.copies.iter().map(one).collect()
    }

    /// Site, set, identity, merge, emptiness, tree.
    fn place(&self, candidate: &Candidate, commit: Option<&CommitId>) -> Result<(), Reason> {
        let statement = &candidate.statement;
        if self.chain.rosters.first().map(|roster| roster.digest) != Some(statement.site) {
            return Err(Reason::SiteMismatch);
        }
        if self.owners.get(&statement.digest).is_some_and(|owner| **owner != statement.subject) {
            return Err(Reason::SetMismatch);
        }
        if !candidate.one_ident {
            return Err(Reason::IdentMismatch);
        }
        match candidate.parents.as_slice() {
            [] if EMPTY_TREES.contains(&candidate.tree.as_str()) => Ok(()),
            [] => Err(Reason::StatementNotEmpty),
            [parent] => self.tree(candidate, parent, commit),
            _ => Err(Reason::StatementIsMerge),
        }
    }

    /// The tree must be the parent's, and must agree with the digest. Known as
    /// a file only, this can be asked only when the parent is reachable.
    fn tree(
        &self,
        candidate: &Candidate,
        parent: &CommitId,
        commit: Option<&CommitId>,
    ) -> Result<(), Reason> {
        let git = self.input.tree;
        match git.tree_of(parent) {
            Some(tree) if tree == candidate.tree => {}
            None if commit.is_none() => return Ok(()),
            Some(_) | None => return Err(Reason::StatementNotEmpty),
        }
        let statement = &candidate.statement;
        // Taking back speaks of an older text than the one it stands on.
        if statement.decision != Decision::Approve || statement.kind == Kind::Withdraw {
            return Ok(());
        }
        match git.in_tree(parent, &statement.subject) {
            // The statement itself is sound. That it seems to contradict its tree
            // would send people to sign again for what a broken disk did.
            InTree::Absent | InTree::Damaged => Ok(()),
            InTree::Digest(digest) if digest == statement.digest => Ok(()),
            InTree::Digest(_) | InTree::Unreadable => Err(Reason::TreeDisagrees),
        }
    }

    /// The roster named, and the key in it.
    fn signer(&self, candidate: &Candidate) -> Result<&'a Key, Reason> {
        let statement = &candidate.statement;
        let named = self.chain.named(statement.roster).ok_or(Reason::RosterUnknown)?;
        let fingerprint = candidate.signature.fingerprint();
        let (roster, wanted) = match statement.subject {
            Subject::Roster(version) => {
                (self.root_roster(named, version, &fingerprint, &statement.signer)?, KeyUse::Root)
            }
            Subject::Set(_) | Subject::Site | Subject::Small(_) => (named, KeyUse::Review),
        };
        let key = roster.key(&fingerprint).ok_or(Reason::KeyUnknown)?;
        if key.person != statement.signer {
            return Err(Reason::SignerMismatch);
        }
        if key.uses.contains(&wanted) { Ok(key) } else { Err(Reason::KeyUse) }
    }

    /// Where a root's key is looked up: in the version before, or, for roots
    /// that the new version brings, in the new one.
    fn root_roster(
        &self,
        named: &'a Roster,
        version: u32,
        key: &str,
        signer: &PersonId,
    ) -> Result<&'a Roster, Reason> {
        if named.version.checked_add(1) != Some(version) {
            return Err(Reason::RosterUnknown);
        }
        let is_root = |roster: &Roster| roster.root_members.contains(signer) && roster.key(key).is_some();
        let at = usize::try_from(named.version).unwrap_or(usize::MAX);
        let new = self.chain.rosters.get(at).filter(|roster| is_root(roster));
        Ok(if is_root(named) { named } else { new.unwrap_or(named) })
    }
}

/// Verifies the copies in order until one is good.
fn verify(found: usize, all: &Found, prepared: &[Result<&Key, Reason>]) -> Result<Admitted, Reason> {
    let mut first = None;
    for (copy, (form, prepared)) in all.copies.iter().zip(prepared).enumerate() {
        let verdict = prepared.and_then(|key| {
            let candidate = form.parsed.as_ref().map_err(|reason| *reason)?;
            candidate.signature.verify(&payload(&form.bytes), &key.verifier, key.require_pin)
        });
        match verdict {
            Ok(()) => return Ok(Admitted { found, copy }),
            Err(reason) => first = first.or(Some(reason)),
        }
    }
    Err(first.unwrap_or(Reason::Unsigned))
}

//! From raw commits and files to candidates, one per statement id.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::signature::{GIT_NAMESPACE, Signature};
use super::statement::{Claims, Looks, claims, looks, parse_commit, parse_message, statement_id};
use super::{Carrier, Reason, Statement, StatementSource};
use jiedu_base::name::{CommitId, Digest};

/// A statement that could be read; nothing of it is believed yet.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) tree: String,
    pub(super) parents: Vec<CommitId>,
    /// Author line and committer line are the same bytes.
    pub(super) one_ident: bool,
    pub(super) claimed_at: i64,
    pub(super) statement: Statement,
    pub(super) signature: Signature,
}

/// One statement id with everything found under it.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) id: Digest,
    pub(super) claims: Claims,
    /// All places, reachable commits first.
    pub(super) carriers: Vec<Carrier>,
    /// The distinct bytes, in the order of their first carrier.
    pub(super) copies: Vec<Copy>,
}

/// One signed form of a statement.
#[derive(Debug, Clone)]
pub(super) struct Copy {
    pub(super) bytes: Arc<[u8]>,
    pub(super) parsed: Result<Candidate, Reason>,
}

impl Found {
    /// The commit, when one is reachable.
    pub(super) fn commit(&self) -> Option<&CommitId> {
        self.carriers.iter().find_map(|carrier| match carrier {
            Carrier::Commit(id) => Some(id),
            Carrier::File(_) => None,
        })
    }
}

/// Something that is no statement although it lies or looks as if.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stray {
    pub(super) carrier: Carrier,
    pub(super) reason: Reason,
    pub(super) claims: Claims,
}

/// Sorts the sources by statement id. The order of the sources does not matter.
pub(super) fn gather(sources: &[StatementSource]) -> (Vec<Found>, Vec<Stray>) {
    let looked: Vec<(Looks, Option<Digest>)> = sources
        .par_iter()
        .map(|source| {
            let looks = looks(&source.bytes);
            let wanted = looks == Looks::Candidate || matches!(source.carrier, Carrier::File(_));
            (looks, wanted.then(|| statement_id(&source.bytes)))
        })
        .collect();
    let mut groups: BTreeMap<Digest, Vec<&StatementSource>> = BTreeMap::new();
    let mut strays = Vec::new();
    for (source, (looks, id)) in sources.iter().zip(looked) {
        match (stray(source, looks, id), id) {
            (Some(reason), _) => {
                let stray = Stray { carrier: source.carrier.clone(), reason, claims: claims(&source.bytes) };
                strays.push(stray);
            }
            (None, Some(id)) => groups.entry(id).or_default().push(source),
            (None, None) => {}
        }
    }
    strays.sort_by(|a, b| a.carrier.cmp(&b.carrier));
    strays.dedup();
    (groups.into_par_iter().map(|(id, sources)| found(id, sources)).collect(), strays)
}

/// Why a source is not even judged, if so. A file's name must be its id.
fn stray(source: &StatementSource, looks: Looks, id: Option<Digest>) -> Option<Reason> {
    if let (Carrier::File(name), Some(id)) = (&source.carrier, id)
        && *name != format!("{}.commit", id.hex())
    {
        return Some(Reason::EvidenceId);
    }
    match (looks, &source.carrier) {
        (Looks::Candidate, _) | (Looks::Other, Carrier::Commit(_)) => None,
        (Looks::NotAStatement, _) | (Looks::Other, Carrier::File(_)) => Some(Reason::NotAStatement),
    }
}

fn found(id: Digest, mut sources: Vec<&StatementSource>) -> Found {
    sources.sort_by(|a, b| (&a.carrier, &a.bytes).cmp(&(&b.carrier, &b.bytes)));
    let mut copies: Vec<Copy> = Vec::new();
    let mut seen: BTreeSet<&[u8]> = BTreeSet::new();
    for source in &sources {
        if seen.insert(&source.bytes) {
            copies.push(Copy { bytes: source.bytes.clone(), parsed: candidate(&source.bytes) });
        }
    }
    let mut carriers: Vec<Carrier> = sources.iter().map(|source| source.carrier.clone()).collect();
    carriers.dedup();
    let claims = sources.first().map(|source| claims(&source.bytes)).unwrap_or_default();
    Found { id, claims, carriers, copies }
}

/// Parses a candidate; the first failure is its reason.
fn candidate(bytes: &[u8]) -> Result<Candidate, Reason> {
    let commit = parse_commit(bytes)?;
    let signature = Signature::parse(&commit.armour, GIT_NAMESPACE)?;
    let statement = parse_message(commit.message)?;
    Ok(Candidate {
        tree: commit.tree.to_owned(),
        one_ident: commit.author == commit.committer,
        claimed_at: commit.claimed_at,
        parents: commit.parents,
        statement,
        signature,
    })
}

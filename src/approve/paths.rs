//! Chains: submit → step → step …, each statement linked to the one before.
//!
//! All beginnings of chains are grown step by step from the submissions, so the
//! cost follows the number of statements and no link can lead in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::book::Book;
use super::roster::{Profile, RosterChain};
use super::standing::{Held, profile_of};
use super::statement::{Decision, Kind};
use super::{Reason, Subject};
use jiedu_base::name::{Digest, PersonId};

/// Which statements count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    /// Those that hold now.
    Now,
    /// Those that held when signed, whatever became of key or role since.
    Ever,
    /// Those that held when signed, even if taken back or compromised since.
    Once,
    /// Those in an accepted list only: for profiles of older rosters.
    Accepted,
}

/// The steps to be taken and who may take them.
#[derive(Debug, Clone)]
pub(super) struct Rules<'a> {
    pub(super) profile: &'a Profile,
    pub(super) steps: Vec<String>,
    pub(super) mode: Mode,
    /// Persons who changed the text according to history.
    pub(super) history: BTreeSet<PersonId>,
}

/// A beginning of a chain, submit first; positions in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) revision: u32,
    pub(super) digest: Digest,
    pub(super) at: Vec<usize>,
}

/// All beginnings of chains for one digest, and why others did not continue.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) paths: Vec<Path>,
    pub(super) failed: BTreeMap<usize, Reason>,
}

impl<'a> Rules<'a> {
    /// The newest profile for a subject.
    pub(super) fn newest(
        chain: &'a RosterChain,
        subject: &Subject,
        important: bool,
        mode: Mode,
    ) -> Option<Self> {
        let profile = profile_of(chain.newest()?, subject)?;
        Some(Self { profile, steps: profile.sequence(important), mode, history: BTreeSet::new() })
    }

    /// Profiles of older rosters that differ from the newest; chains under them
    /// stay only through accepted lists (details 36).
    pub(super) fn older(chain: &'a RosterChain, subject: &Subject, important: bool) -> Vec<Self> {
        let newest = chain.newest().and_then(|roster| profile_of(roster, subject));
        let mut profiles: Vec<&Profile> = Vec::new();
        for profile in chain.rosters.iter().rev().filter_map(|roster| profile_of(roster, subject)) {
            if Some(profile) != newest && !profiles.contains(&profile) {
                profiles.push(profile);
            }
        }
        let rules = |profile: &'a Profile| Self {
            profile,
            steps: profile.sequence(important),
            mode: Mode::Accepted,
            history: BTreeSet::new(),
        };
        profiles.into_iter().map(rules).collect()
    }

    /// Every way in which some text of the subject may have been completed.
    pub(super) fn all(
        chain: &'a RosterChain,
        subject: Option<&Subject>,
        important: bool,
        modes: &[Mode],
    ) -> Vec<Self> {
        let Some(subject) = subject else { return Vec::new() };
        let of = |mode: &Mode| match mode {
            Mode::Now | Mode::Ever | Mode::Once => {
                Self::newest(chain, subject, important, *mode).into_iter().collect()
            }
            Mode::Accepted => Self::older(chain, subject, important),
        };
        modes.iter().flat_map(of).collect()
    }

    /// Whether the statement counts at all under these rules.
    fn counts(&self, book: &Book, at: usize, held: &Held) -> bool {
        let in_mode = match self.mode {
            Mode::Now => held.lapse.is_none(),
            Mode::Ever => true,
            Mode::Once => return !held.lacked_role && held.statement.decision == Decision::Approve,
            Mode::Accepted => held.is_accepted && held.lapse.is_none(),
        };
        in_mode && !held.is_void && !book.is_voided(at) && held.statement.decision == Decision::Approve
    }
}

/// Grows all chains for one digest.
pub(super) fn walk(book: &Book, rules: &Rules<'_>, digest: Digest, chain: &RosterChain) -> Walk {
    let mut walk = Walk::default();
    let mut growing = Vec::new();
    for &at in book.submits(digest) {
        let Some(held) = book.get(at).filter(|held| rules.counts(book, at, held)) else { continue };
        let s = &held.statement;
        match opens(book, held, chain) {
            Ok(()) => growing.push(Path { revision: s.revision, digest, at: vec![at] }),
            Err(reason) => {
                walk.failed.insert(at, reason);
            }
        }
    }
    for step in rules.steps.iter().skip(1) {
        let mut next = Vec::new();
        for path in &growing {
            grow(book, rules, path, step, &mut next, &mut walk.failed);
        }
        walk.paths.append(&mut growing);
        growing = next;
    }
    walk.paths.append(&mut growing);
    walk
}

/// Appends every statement that takes the next step after the path.
fn grow(
    book: &Book,
    rules: &Rules<'_>,
    path: &Path,
    step: &str,
    next: &mut Vec<Path>,
    failed: &mut BTreeMap<usize, Reason>,
) {
    let Some(last) = path.at.last().and_then(|at| book.get(*at)) else { return };
    for &at in book.followers(last.id) {
        let Some(held) = book.get(at) else { continue };
        let s = &held.statement;
        let follows = s.kind == Kind::Review
            && s.step == step
            && s.revision == path.revision
            && s.digest == path.digest;
        if !follows || !rules.counts(book, at, held) {
            continue;
        }
        match may_follow(book, rules, path, held) {
            Ok(()) => {
                let mut longer = path.clone();
                longer.at.push(at);
                next.push(longer);
            }
            Err(reason) => {
                failed.insert(at, reason);
            }
        }
    }
}

/// Whether a submission opens a round: the link to the round before, and known
/// authors.
pub(super) fn opens(book: &Book, submit: &Held, chain: &RosterChain) -> Result<(), Reason> {
    let s = &submit.statement;
    match (s.revision, s.previous) {
        (1, None) => {}
        (1, Some(_)) | (_, None) => return Err(Reason::OrderBroken),
        (revision, Some(previous)) => {
            let before = book.find(previous).and_then(|at| book.get(at)).filter(|before| !before.is_void);
            let before = before.ok_or(Reason::OrderBroken)?;
            if before.statement.revision.checked_add(1) != Some(revision) {
                return Err(Reason::RevisionMismatch);
            }
        }
    }
    let known =
        |author: &PersonId| chain.named(s.roster).is_some_and(|roster| roster.person(author).is_some());
    if s.authors.iter().all(known) { Ok(()) } else { Err(Reason::AuthorUnknown) }
}

/// Persons and authors: whether this signer may take a step after those before.
fn may_follow(book: &Book, rules: &Rules<'_>, path: &Path, next: &Held) -> Result<(), Reason> {
    let signer = &next.statement.signer;
    let step = next.statement.step.as_str();
    let earlier = path.at.iter().skip(1).filter_map(|at| book.get(*at));
    for before in earlier.filter(|before| &before.statement.signer == signer) {
        let twice_substitute = before.substitute_for.is_some() && next.substitute_for.is_some();
        if twice_substitute || !rules.profile.may_combine(&before.statement.step, step) {
            return Err(Reason::PersonRepeated);
        }
    }
    // A substitute may never be an author, whatever the profile allows.
    if rules.profile.author_may.contains(step) && next.substitute_for.is_none() {
        return Ok(());
    }
    let submit = path.at.first().and_then(|at| book.get(*at)).map(|held| &held.statement);
    if submit.is_some_and(|submit| &submit.signer == signer || submit.authors.contains(signer)) {
        return Err(Reason::AuthorIsReviewer);
    }
    if rules.history.contains(signer) { Err(Reason::AuthorUndeclared) } else { Ok(()) }
}

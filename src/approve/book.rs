//! All statements about one subject, indexed, with what was taken back.

use std::collections::{BTreeMap, BTreeSet};

use super::Reason;
use super::paths::{Mode, Rules, walk};
use super::roster::{Profile, RosterChain};
use super::standing::{Held, holds, profile_of};
use super::statement::{Claims, Decision, Kind};
use super::verdict::Withdrawal;
use jiedu_base::clock::Clock;
use jiedu_base::name::{CommitId, Digest, PersonId};

/// A statement that was refused on its own account.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub(super) id: Digest,
    pub(super) claims: Claims,
    pub(super) reason: Reason,
    pub(super) commit: Option<CommitId>,
    pub(super) path: String,
}

/// Everything said about one subject.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// Statements whose signatures hold, by id.
    pub(super) held: Vec<Held>,
    pub(super) refused: Vec<Refused>,
    by_id: BTreeMap<Digest, usize>,
    followers: BTreeMap<Digest, Vec<usize>>,
    submits: BTreeMap<Digest, Vec<usize>>,
    /// Approvals that their signers took back, and the retraction.
    voided: BTreeMap<usize, Digest>,
    /// Rounds that were rejected, with the smallest rejecting statement.
    rejected: BTreeMap<(u32, Digest), usize>,
    /// Negative statements without effect, and why.
    pub(super) idle: BTreeMap<usize, Reason>,
    withdrawals: Vec<Withdrawal>,
    /// Rounds that somebody wants withdrawn, but too few.
    partial_withdrawals: Vec<(u32, BTreeSet<PersonId>)>,
    /// Highest revision with a complete chain, counting what held when it was
    /// signed.
    highest_ever: Option<u32>,
}

impl Book {
    pub(super) fn new(mut held: Vec<Held>, mut refused: Vec<Refused>, chain: &RosterChain) -> Self {
        held.sort_by_key(|held| held.id);
        refused.sort_by_key(|refused| refused.id);
        let by_id = held.iter().enumerate().map(|(at, held)| (held.id, at)).collect();
        let mut book = Self { refused, by_id, ..Self::default() };
        for (at, one) in held.iter().enumerate() {
            if let Some(previous) = one.statement.previous {
                book.followers.entry(previous).or_default().push(at);
            }
            if one.statement.kind == Kind::Submit {
                book.submits.entry(one.statement.digest).or_default().push(at);
            }
        }
        book.held = held;
        book.take_back();
        book.withdraw(chain);
        let ever = [Mode::Ever, Mode::Accepted];
        book.highest_ever = book.highest(chain, false, &ever).max(book.highest(chain, true, &ever));
        book
    }

    pub(super) fn get(&self, at: usize) -> Option<&Held> {
        self.held.get(at)
    }

    pub(super) fn find(&self, id: Digest) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// The statements that name this one as the one before them, by id.
    pub(super) fn followers(&self, id: Digest) -> &[usize] {
        self.followers.get(&id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The submissions of one text, by id.
    pub(super) fn submits(&self, digest: Digest) -> &[usize] {
        self.submits.get(&digest).map(Vec::as_slice).unwrap_or_default()
    }

    /// All texts with a submission.
    pub(super) fn submitted(&self) -> impl Iterator<Item = Digest> {
        self.submits.keys().copied()
    }

    pub(super) fn is_voided(&self, at: usize) -> bool {
        self.voided.contains_key(&at)
    }

    /// The retraction that voids an approval.
    pub(super) fn retraction(&self, at: usize) -> Option<Digest> {
        self.voided.get(&at).copied()
    }

    pub(super) fn rejected(&self, revision: u32, digest: Digest) -> Option<&Held> {
        self.rejected.get(&(revision, digest)).and_then(|at| self.get(*at))
    }

    /// The statements that sent a round back, one a round and text.
    pub(super) fn rejections(&self) -> impl Iterator<Item = &Held> {
        self.rejected.values().filter_map(|at| self.get(*at))
    }

    /// Rounds that somebody wants withdrawn, but too few, with who does.
    pub(super) fn partial_withdrawals(&self) -> &[(u32, BTreeSet<PersonId>)] {
        &self.partial_withdrawals
    }

    pub(super) fn highest_ever(&self) -> Option<u32> {
        self.highest_ever
    }

    /// The highest revision and a statement of it that ends it: the last link
    /// of its longest row, so that the next round can name it.
    pub(super) fn last(&self) -> Option<(u32, Digest)> {
        let sound = || self.held.iter().filter(|held| !held.is_void);
        let revision = sound().map(|held| held.statement.revision).max()?;
        let round = || sound().filter(|held| held.statement.revision == revision);
        let linked: BTreeSet<Digest> = round().filter_map(|held| held.statement.previous).collect();
        let end = round().find(|held| !linked.contains(&held.id)).or_else(|| round().next())?;
        Some((revision, end.id))
    }

    /// All withdrawals that had effect, in force or not.
    pub(super) fn withdrawals(&self) -> &[Withdrawal] {
        &self.withdrawals
    }

    /// The withdrawal in force when `cleared` is the highest round that cleared
    /// a text: none once that is a higher one. Which round that is cannot be
    /// told from statements alone: the text says whether it is 重要, and its
    /// history who may not review it.
    pub(super) fn withdrawal(&self, cleared: Option<u32>) -> Option<&Withdrawal> {
        let in_force =
            |withdrawal: &&Withdrawal| cleared.is_none_or(|cleared| cleared <= withdrawal.revision);
        self.withdrawals.iter().filter(in_force).max_by_key(|w| (w.revision, std::cmp::Reverse(w.statement)))
    }

    /// Applies rejections and retractions.
    fn take_back(&mut self) {
        let mut voided = BTreeMap::new();
        let mut gone = BTreeMap::new();
        for (at, held) in self.held.iter().enumerate().filter(|(_, held)| !held.is_void) {
            let s = &held.statement;
            match s.decision {
                Decision::Approve => {}
                Decision::Reject => {
                    self.rejected.entry((s.revision, s.digest)).or_insert(at);
                }
                Decision::Retract if self.takes_back(held) => {
                    gone.entry((s.revision, s.step.clone(), s.digest, s.signer.clone())).or_insert(held.id);
                }
                Decision::Retract => {
                    self.idle.insert(at, Reason::OrderBroken);
                }
            }
        }
        for (at, held) in self.held.iter().enumerate() {
            let s = &held.statement;
            let key = (s.revision, s.step.clone(), s.digest, s.signer.clone());
            if let Some(by) = gone.get(&key).filter(|_| s.decision == Decision::Approve) {
                voided.insert(at, *by);
            }
        }
        self.voided = voided;
    }

    /// Whether a retraction names an approval of the same values. An approval
    /// that is not known here cannot save the others.
    fn takes_back(&self, retract: &Held) -> bool {
        let Some(previous) = retract.statement.previous else { return false };
        let Some(target) = self.find(previous).and_then(|at| self.get(at)) else { return true };
        let (a, b) = (&target.statement, &retract.statement);
        let same = (a.revision, &a.step, a.digest, &a.signer) == (b.revision, &b.step, b.digest, &b.signer);
        same && a.decision == Decision::Approve && a.kind == b.kind
    }

    /// Collects the withdrawals that have effect.
    fn withdraw(&mut self, chain: &RosterChain) {
        let mut joint: BTreeMap<(u32, Digest), Vec<(usize, bool)>> = BTreeMap::new();
        let mut idle = BTreeMap::new();
        let approved = |held: &&Held| {
            held.statement.kind == Kind::Review && held.statement.decision == Decision::Approve
        };
        let rounds: BTreeSet<(u32, Digest)> = self
            .held
            .iter()
            .filter(approved)
            .map(|held| (held.statement.revision, held.statement.digest))
            .collect();
        let withdraws = self
            .held
            .iter()
            .enumerate()
            .filter(|(_, held)| held.statement.kind == Kind::Withdraw && !held.is_void);
        for (at, held) in withdraws {
            match self.withdraws(held, &rounds, chain) {
                Ok(()) => {
                    let s = &held.statement;
                    let alone =
                        chain.named(s.roster).is_some_and(|roster| holds(roster, &s.signer, "withdraw"));
                    joint.entry((s.revision, s.digest)).or_default().push((at, alone));
                }
                Err(reason) => {
                    idle.insert(at, reason);
                }
            }
        }
        for ((revision, digest), votes) in joint {
            let alone = votes.iter().find(|(_, alone)| *alone);
            let chosen = alone.map_or_else(|| votes.clone(), |vote| vec![*vote]);
            let signers: BTreeSet<PersonId> = self.signers(&chosen);
            let first = chosen.first().and_then(|(at, _)| self.get(*at));
            let Some(first) = first.filter(|_| alone.is_some() || signers.len() >= 2) else {
                self.partial_withdrawals.push((revision, signers));
                continue;
            };
            let claimed_at = Clock::from_unix(first.claimed_at);
            let signers = signers.into_iter().collect();
            self.withdrawals.push(Withdrawal { statement: first.id, revision, digest, signers, claimed_at });
        }
        self.idle.append(&mut idle);
    }

    fn signers(&self, votes: &[(usize, bool)]) -> BTreeSet<PersonId> {
        votes.iter().filter_map(|(at, _)| self.get(*at)).map(|held| held.statement.signer.clone()).collect()
    }

    /// A withdrawal names the last statement of a chain that was complete once.
    fn withdraws(
        &self,
        held: &Held,
        rounds: &BTreeSet<(u32, Digest)>,
        chain: &RosterChain,
    ) -> Result<(), Reason> {
        let s = &held.statement;
        if !rounds.contains(&(s.revision, s.digest)) {
            return Err(Reason::DigestMismatch);
        }
        let target = s.previous.and_then(|id| self.find(id)).and_then(|at| self.get(at)).filter(|target| {
            let t = &target.statement;
            (t.revision, t.digest, t.kind, t.decision)
                == (s.revision, s.digest, Kind::Review, Decision::Approve)
        });
        let target = target.ok_or(Reason::OrderBroken)?;
        if self.was_complete(target, chain) { Ok(()) } else { Err(Reason::OrderBroken) }
    }

    /// Whether the steps up to this statement are those of some profile.
    fn was_complete(&self, last: &Held, chain: &RosterChain) -> bool {
        const LONGEST: usize = 64;
        let mut steps = vec![last.statement.step.as_str()];
        let mut at = last;
        while at.statement.kind != Kind::Submit && steps.len() <= LONGEST {
            let Some(before) = at.statement.previous.and_then(|id| self.find(id)).and_then(|at| self.get(at))
            else {
                return false;
            };
            steps.push(&before.statement.step);
            at = before;
        }
        steps.reverse();
        let fits =
            |profile: &Profile| [false, true].iter().any(|important| profile.sequence(*important) == steps);
        chain.rosters.iter().filter_map(|roster| profile_of(roster, &last.statement.subject)).any(fits)
    }

    /// The highest revision that has a complete chain for any text.
    fn highest(&self, chain: &RosterChain, important: bool, modes: &[Mode]) -> Option<u32> {
        let mut highest = None;
        for rules in
            Rules::all(chain, self.held.first().map(|held| &held.statement.subject), important, modes)
        {
            for digest in self.submits.keys() {
                let walk = walk(self, &rules, *digest, chain);
                let complete = walk.complete(self, rules.steps.len());
                highest = highest.max(complete.iter().map(|path| path.revision).max());
            }
        }
        highest
    }
}

impl super::paths::Walk {
    /// The complete chains of rounds that were not rejected.
    pub(super) fn complete(&self, book: &Book, length: usize) -> Vec<&super::paths::Path> {
        let whole = |path: &&super::paths::Path| {
            path.at.len() == length && book.rejected(path.revision, path.digest).is_none()
        };
        self.paths.iter().filter(whole).collect()
    }
}

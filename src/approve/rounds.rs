//! What people ask about the rounds of a subject: who submitted which text, who
//! sent it back and why, and what a decision still lacks.

use std::collections::BTreeSet;

use super::book::Book;
use super::judge::{can_sign, case};
use super::roster::Roster;
use super::standing::{Held, holds, profile_of};
use super::statement::{Decision, Kind, reason_of};
use super::{Approvals, SetFacts, Subject};
use jiedu_base::name::{Digest, PersonId};

/// A text that somebody submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The round.
    pub revision: u32,
    /// The text.
    pub digest: Digest,
    /// Who submitted it.
    pub signer: PersonId,
    /// Who wrote it.
    pub authors: Vec<PersonId>,
    /// How many approvals of other people the round holds.
    pub signatures: usize,
}

/// The statement that sent a round back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The round.
    pub revision: u32,
    /// English name of the step.
    pub step: String,
    /// Who rejected.
    pub signer: PersonId,
    /// The statement.
    pub statement: Digest,
    /// SHA-256 of the file with the reason in words, when one was signed.
    pub reason: Option<Digest>,
}

/// A withdrawal that lacks a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingWithdrawal {
    /// The round that is to be withdrawn.
    pub revision: u32,
    /// Who signed.
    pub signers: Vec<PersonId>,
    /// Who may sign, too: first those with the role `withdraw`.
    pub candidates: Vec<PersonId>,
}

impl Approvals {
    /// All submissions of a subject that count or counted, by round.
    #[must_use]
    pub fn submissions(&self, subject: &Subject) -> Vec<Submission> {
        let Some(book) = self.books.get(subject) else { return Vec::new() };
        let opened = book.held.iter().enumerate().filter(|(at, held)| {
            let s = &held.statement;
            let opens = s.kind == Kind::Submit && s.decision == Decision::Approve;
            opens && !held.is_void && !book.is_voided(*at)
        });
        let mut all: Vec<Submission> = opened.map(|(_, held)| submission(book, held)).collect();
        all.sort_by_key(|submission| submission.revision);
        all
    }

    /// Who wrote or submitted the text last submitted, the submitter first.
    #[must_use]
    pub fn writers(&self, subject: &Subject) -> Vec<PersonId> {
        let Some(last) = self.submissions(subject).pop() else { return Vec::new() };
        let others = last.authors.into_iter().filter(|author| *author != last.signer);
        std::iter::once(last.signer.clone()).chain(others.collect::<Vec<_>>()).collect()
    }

    /// The rejection of the highest round that was sent back.
    #[must_use]
    pub fn rejection(&self, subject: &Subject) -> Option<Rejection> {
        let book = self.books.get(subject)?;
        let held =
            book.rejections().max_by_key(|held| (held.statement.revision, std::cmp::Reverse(held.id)))?;
        let at = self.known().binary_search_by_key(&held.id, |known| known.id).ok();
        let bytes = at.and_then(|at| self.known().get(at)).map(|known| &known.bytes);
        Some(Rejection {
            revision: held.statement.revision,
            step: held.statement.step.clone(),
            signer: held.statement.signer.clone(),
            statement: held.id,
            reason: bytes.and_then(|bytes| reason_of(bytes)),
        })
    }

    /// The withdrawal that lacks a person; none when one is in force, or a
    /// later round than it names was `cleared`.
    #[must_use]
    pub fn pending_withdrawal(&self, subject: &Subject, cleared: Option<u32>) -> Option<PendingWithdrawal> {
        let book = self.books.get(subject)?;
        let in_force = book.withdrawal(cleared).map(|withdrawal| withdrawal.revision);
        let partial = book.partial_withdrawals().iter().filter(|(revision, _)| {
            cleared.is_none_or(|cleared| cleared <= *revision) && in_force < Some(*revision)
        });
        let (revision, signers) = partial.max_by_key(|(revision, _)| *revision)?;
        Some(PendingWithdrawal {
            revision: *revision,
            signers: signers.iter().cloned().collect(),
            candidates: self.may_withdraw(subject, signers),
        })
    }

    fn may_withdraw(&self, subject: &Subject, signed: &BTreeSet<PersonId>) -> Vec<PersonId> {
        let Some(newest) = self.chain.newest() else { return Vec::new() };
        let profile = profile_of(newest, subject).map(|profile| profile.sequence(true)).unwrap_or_default();
        let standing = self.standing();
        let can = |person: &PersonId| {
            let mut steps = std::iter::once("withdraw").chain(profile.iter().map(String::as_str));
            steps.any(|step| can_sign(&standing, newest, person, step))
        };
        let mut people: Vec<&PersonId> = newest
            .people
            .iter()
            .map(|person| &person.id)
            .filter(|person| !signed.contains(person) && can(person))
            .collect();
        people.sort_by_key(|person| !holds(newest, person, "withdraw"));
        people.into_iter().cloned().collect()
    }

    /// Who else could take a step of the round under way once its signer took
    /// it back; nobody means that the round ends with it.
    #[must_use]
    pub fn heirs(
        &self,
        subject: &Subject,
        digest: &Digest,
        facts: &SetFacts,
        step: &str,
        signer: &PersonId,
    ) -> Vec<PersonId> {
        let Some((newest, book)) = self.chain.newest().zip(self.books.get(subject)) else {
            return Vec::new();
        };
        let Some(mut case) = case(self, book, subject, *digest, facts) else { return Vec::new() };
        let Some(shown) = &mut case.shown else { return Vec::new() };
        let own = shown.at.iter().position(|at| {
            let held = book.get(*at);
            held.is_some_and(|held| held.statement.step == step && &held.statement.signer == signer)
        });
        let Some(index) = own else { return Vec::new() };
        // What follows the step falls with it.
        shown.at.truncate(index);
        let standing = self.standing();
        let free = |person: &PersonId| {
            person != signer && case.may_take(person, step, index) && !case.has_retracted(person, step)
        };
        let people = newest.people.iter().map(|person| &person.id);
        people.filter(|person| can_sign(&standing, newest, person, step) && free(person)).cloned().collect()
    }

    /// The name of a person, as the newest roster that lists them says.
    #[must_use]
    pub fn name_of(&self, person: &PersonId) -> Option<&str> {
        let listed = |roster: &'_ Roster| roster.person(person).is_some();
        let roster = self.rosters().iter().rev().find(|roster| listed(roster))?;
        roster.person(person).map(|person| person.name.as_str())
    }
}

fn submission(book: &Book, held: &Held) -> Submission {
    let s = &held.statement;
    let counts = |(at, other): (usize, &Held)| {
        let o = &other.statement;
        let same = o.kind == Kind::Review && o.decision == Decision::Approve;
        same && (o.revision, o.digest) == (s.revision, s.digest) && !other.is_void && !book.is_voided(at)
    };
    Submission {
        revision: s.revision,
        digest: s.digest,
        signer: s.signer.clone(),
        authors: s.authors.clone(),
        signatures: book.held.iter().enumerate().filter(|row| counts(*row)).count(),
    }
}

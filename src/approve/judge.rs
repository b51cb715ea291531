//! The verdict on one digest of one set.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::approvals::Approvals;
use super::book::Book;
use super::paths::{Mode, Path, Rules, Walk, walk};
use super::report;
use super::roster::Roster;
use super::standing::{Held, Standing};
use super::steps_view;
use super::{Cleared, Judgement, Reason, SetFacts, StepRecord, StepState, StepStatus, Subject};
use jiedu_base::name::{Digest, PersonId};

/// What was found out about one digest, before it is put into words.
pub(super) struct Case<'a> {
    pub(super) approvals: &'a Approvals,
    pub(super) book: &'a Book,
    pub(super) subject: &'a Subject,
    pub(super) digest: Digest,
    pub(super) facts: &'a SetFacts,
    pub(super) rules: Rules<'a>,
    pub(super) walk: Walk,
    /// The round that the steps speak of.
    pub(super) revision: Option<u32>,
    /// The chain, or the beginning of one, that is shown.
    pub(super) shown: Option<Path>,
}

/// Persons of any roster version with one of these e-mails.
pub(super) fn history_authors(rosters: &[Roster], facts: &SetFacts) -> BTreeSet<PersonId> {
    let mails: BTreeSet<String> = facts.history_emails.iter().map(|mail| mail.to_ascii_lowercase()).collect();
    let people = rosters.iter().flat_map(|roster| &roster.people);
    people
        .filter(|person| person.emails.iter().any(|mail| mails.contains(&mail.to_ascii_lowercase())))
        .map(|person| person.id.clone())
        .collect()
}

/// All ways in which the digest may be cleared: the newest profile, then older
/// ones by accepted statements.
fn ways<'a>(approvals: &'a Approvals, book: &Book, subject: &Subject, facts: &SetFacts) -> Vec<Rules<'a>> {
    let chain = &approvals.chain;
    let newest = Rules::newest(chain, subject, facts.important, Mode::Now);
    let accepted = book.held.iter().any(|held| held.is_accepted);
    let older = if accepted { Rules::older(chain, subject, facts.important) } else { Vec::new() };
    let history = history_authors(&chain.rosters, facts);
    newest.into_iter().chain(older).map(|rules| Rules { history: history.clone(), ..rules }).collect()
}

/// All chains that clear the digest, the one to show first: the highest
/// revision, then the smallest ids.
pub(super) fn chains(
    approvals: &Approvals,
    subject: &Subject,
    digest: Digest,
    facts: &SetFacts,
) -> Vec<Cleared> {
    let Some(book) = approvals.books.get(subject) else { return Vec::new() };
    let mut all = Vec::new();
    for rules in ways(approvals, book, subject, facts) {
        let walk = walk(book, &rules, digest, &approvals.chain);
        let mut complete = walk.complete(book, rules.steps.len());
        complete.sort_by_key(|path| order(book, path));
        all.extend(complete.into_iter().map(|path| cleared_by(approvals, book, subject, &rules, path)));
        if !all.is_empty() {
            break;
        }
    }
    all
}

/// Judges one digest of one set.
pub(super) fn judge(approvals: &Approvals, subject: &Subject, digest: Digest, facts: &SetFacts) -> Judgement {
    let empty = Book::default();
    let book = approvals.books.get(subject).unwrap_or(&empty);
    let Some(case) = case(approvals, book, subject, digest, facts) else {
        return unknown_profile(subject, digest);
    };
    let complete = case.shown.as_ref().filter(|path| path.at.len() == case.rules.steps.len());
    let rejected = case.revision.and_then(|revision| book.rejected(revision, digest));
    let superseded =
        complete.is_some_and(|path| book.highest_ever().is_some_and(|highest| highest > path.revision));
    let withdrawn = book.withdrawal(complete.map(|path| path.revision).max(facts.cleared)).cloned();
    let steps = steps_view::steps(&case);
    let wide = [
        withdrawn.is_some().then_some(Reason::Withdrawn),
        rejected.is_some().then_some(Reason::Rejected),
        superseded.then_some(Reason::RevisionSuperseded),
    ];
    let wide = wide.into_iter().flatten().next();
    let first_open =
        steps.iter().find(|step| step.status.state != StepState::Done).and_then(|step| step.reason);
    let reason = wide.or(first_open);
    let cleared = complete
        .filter(|_| reason.is_none())
        .map(|path| cleared_by(approvals, book, subject, &case.rules, path));
    let findings = report::judgement(&case, &steps, wide, rejected, withdrawn.as_ref());
    Judgement {
        subject: subject.clone(),
        digest,
        revision: case.revision,
        profile: case.rules.profile.name.clone(),
        steps: steps.into_iter().map(|step| step.status).collect(),
        cleared,
        reason,
        withdrawn,
        findings,
    }
}

/// Finds the chain to speak of: a complete one if there is any, else the
/// longest beginning of the present round.
pub(super) fn case<'a>(
    approvals: &'a Approvals,
    book: &'a Book,
    subject: &'a Subject,
    digest: Digest,
    facts: &'a SetFacts,
) -> Option<Case<'a>> {
    let mut first = None;
    for rules in ways(approvals, book, subject, facts) {
        let walk = walk(book, &rules, digest, &approvals.chain);
        let best =
            walk.complete(book, rules.steps.len()).into_iter().min_by_key(|path| order(book, path)).cloned();
        let case = Case { approvals, book, subject, digest, facts, rules, walk, revision: None, shown: best };
        if let Some(path) = &case.shown {
            return Some(Case { revision: Some(path.revision), ..case });
        }
        first = first.or(Some(case));
    }
    let mut case = first?;
    case.revision = present_revision(book, &case.walk, digest);
    let length = |path: &&Path| (Reverse(path.at.len()), order(book, path));
    let round = case.walk.paths.iter().filter(|path| Some(path.revision) == case.revision);
    case.shown = round.min_by_key(length).cloned();
    Some(case)
}

/// The round under way: the highest one opened for this text; else the highest
/// that was opened for any text; else the highest that anything claims.
pub(super) fn present_revision(book: &Book, walk: &Walk, digest: Digest) -> Option<u32> {
    let opened = walk.paths.iter().map(|path| path.revision).max();
    let submits = |of: Option<Digest>| {
        let held = book.held.iter().filter(|held| !held.is_void && held.statement.step == "submit");
        held.filter(|held| of.is_none_or(|digest| held.statement.digest == digest))
            .map(|held| held.statement.revision)
            .max()
    };
    let held = book.held.iter().map(|held| held.statement.revision).max();
    let claimed = || book.refused.iter().flat_map(|refused| &refused.claims.revisions).copied().max();
    opened.or_else(|| submits(Some(digest))).or_else(|| submits(None)).or(held).or_else(claimed)
}

/// Highest revision first, then smallest ids.
pub(super) fn order(book: &Book, path: &Path) -> (Reverse<u32>, Vec<Digest>) {
    (Reverse(path.revision), path.at.iter().filter_map(|at| book.get(*at)).map(|held| held.id).collect())
}

fn cleared_by(
    approvals: &Approvals,
    book: &Book,
    subject: &Subject,
    rules: &Rules<'_>,
    path: &Path,
) -> Cleared {
    Cleared {
        subject: subject.clone(),
        digest: path.digest,
        revision: path.revision,
        profile: rules.profile.name.clone(),
        steps: path.at.iter().filter_map(|at| book.get(*at)).map(|held| record(approvals, held)).collect(),
    }
}

/// A step as it is shown: name and post as the newest roster that still has
/// the person says.
fn record(approvals: &Approvals, held: &Held) -> StepRecord {
    let signer = &held.statement.signer;
    let person = approvals.chain.rosters.iter().rev().find_map(|roster| roster.person(signer));
    StepRecord {
        step: held.statement.step.clone(),
        signer: signer.clone(),
        name: person.map(|person| person.name.clone()).unwrap_or_default(),
        post: person.map(|person| person.post.clone()).unwrap_or_default(),
        substitute_for: held.substitute_for.clone(),
        claimed_at: held.claimed_at,
        key_fingerprint: held.fingerprint.clone(),
        statement: held.id,
        report: held.statement.report,
        commit: held.commit.clone(),
    }
}

/// Only for a subject that no profile fits (a roster).
fn unknown_profile(subject: &Subject, digest: Digest) -> Judgement {
    Judgement {
        subject: subject.clone(),
        digest,
        revision: None,
        profile: String::new(),
        steps: Vec::new(),
        cleared: None,
        reason: Some(Reason::StepMissing),
        withdrawn: None,
        findings: Vec::new(),
    }
}

impl Case<'_> {
    /// Who may take a step that is not done: holders and substitutes with a
    /// usable key, who are not kept from it by what was signed before.
    pub(super) fn candidates(&self, index: usize) -> Vec<PersonId> {
        let Some((newest, step)) = self.approvals.chain.newest().zip(self.rules.steps.get(index)) else {
            return Vec::new();
        };
        let standing = self.approvals.standing();
        let free = |person: &PersonId| {
            index == 0 || self.may_take(person, step, index) && !self.has_retracted(person, step)
        };
        newest
            .people
            .iter()
            .map(|person| &person.id)
            .filter(|person| can_sign(&standing, newest, person, step) && free(person))
            .cloned()
            .collect()
    }

    /// Whether the person took this step and took it back, which is for good:
    /// another holder or a new round must go on.
    pub(super) fn has_retracted(&self, person: &PersonId, step: &str) -> bool {
        self.book.held.iter().enumerate().any(|(at, held)| {
            let s = &held.statement;
            &s.signer == person
                && s.step == step
                && s.digest == self.digest
                && Some(s.revision) == self.revision
                && self.book.is_voided(at)
        })
    }

    /// Whether author and person rules leave the step to this person.
    pub(super) fn may_take(&self, person: &PersonId, step: &str, index: usize) -> bool {
        let profile = self.rules.profile;
        let path = self.shown.as_ref().map(|path| path.at.as_slice()).unwrap_or_default();
        let taken = |(at, held): (usize, &Held)| {
            at != 0
                && at != index
                && &held.statement.signer == person
                && !profile.may_combine(&held.statement.step, step)
        };
        let held = path.iter().filter_map(|at| self.book.get(*at));
        let submit = path.first().and_then(|at| self.book.get(*at)).map(|held| &held.statement);
        let author = submit.is_some_and(|submit| &submit.signer == person || submit.authors.contains(person))
            || self.rules.history.contains(person);
        !held.enumerate().any(taken) && (!author || profile.author_may.contains(step))
    }
}

/// Whether a person holds the step now, alone or for somebody, with a key.
pub(super) fn can_sign(standing: &Standing<'_>, newest: &Roster, person: &PersonId, step: &str) -> bool {
    let role =
        standing.holds_now(newest, person, step) || standing.substitutes_now(newest, person, step).is_some();
    role && standing.has_key_now(newest, person)
}

/// One step with its reason as an enum, before it becomes a [`StepStatus`].
pub(super) struct StepView {
    pub(super) status: StepStatus,
    pub(super) reason: Option<Reason>,
    /// The statement that failed within the chain (its own refusal is reported
    /// where it was refused).
    pub(super) culprit: Option<usize>,
    /// It only failed because the step before it did.
    pub(super) follows_failure: bool,
}

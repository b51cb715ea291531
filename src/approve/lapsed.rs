//! Chains that were complete once and do not hold any more.
//!
//! An edition that was published keeps its number when its approval falls away
//! later (details 5); the walk over editions asks here which those were.

use std::collections::{BTreeMap, BTreeSet};

use super::book::Book;
use super::judge::history_authors;
use super::paths::{Mode, Path, Rules, walk};
use super::standing::Held;
use super::{Approvals, Reason, SetFacts, Subject};
use jiedu_base::name::Digest;

/// A chain that was complete, and the reason why it does not count any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapsed {
    /// The digest that it had cleared.
    pub digest: Digest,
    /// The round.
    pub revision: u32,
    /// Its statements, submit first.
    pub statements: Vec<Digest>,
    /// Why it does not hold: rejected, retracted, key revoked, role ended …
    pub reason: Reason,
    /// The statement that ended it, when one did (a reject or retract).
    pub cause: Option<Digest>,
}

impl Approvals {
    /// All withdrawals of a subject that had effect. The edition that one names
    /// stays a tombstone even after a higher round is complete.
    #[must_use]
    pub fn withdrawals(&self, subject: &Subject) -> &[super::Withdrawal] {
        self.books.get(subject).map_or(&[], |book| book.withdrawals())
    }

    /// The withdrawal of a subject that is in force, whatever its present text.
    /// `cleared` is the highest round of an edition that may be shown: only
    /// such an edition ends a withdrawal, and with it brings older ones back.
    #[must_use]
    pub fn withdrawal(&self, subject: &Subject, cleared: Option<u32>) -> Option<&super::Withdrawal> {
        self.books.get(subject)?.withdrawal(cleared)
    }

    /// The chains for this digest that were complete when each statement is
    /// judged by the roster it names, but do not hold now.
    #[must_use]
    pub fn lapsed(&self, subject: &Subject, digest: &Digest, facts: &SetFacts) -> Vec<Lapsed> {
        let Some(book) = self.books.get(subject) else { return Vec::new() };
        let holding: BTreeSet<Vec<Digest>> =
            self.chains(subject, digest, facts).iter().map(super::Cleared::statements).collect();
        let newest = Rules::newest(&self.chain, subject, facts.important, Mode::Once);
        let older = Rules::older(&self.chain, subject, facts.important).into_iter();
        let mut found: BTreeMap<Vec<Digest>, Lapsed> = BTreeMap::new();
        for rules in newest.into_iter().chain(older) {
            let rules = Rules { mode: Mode::Once, ..rules };
            for path in walk(book, &rules, *digest, &self.chain).paths {
                let (revision, statements) = (path.revision, ids(book, &path));
                if statements.len() != rules.steps.len() || holding.contains(&statements) {
                    continue;
                }
                if self.wrote_and_signed(book, &rules, &path, facts, named(book, &path)) {
                    continue;
                }
                let (reason, cause) = why(book, &path);
                let now = self.chain.rosters.len();
                let (reason, cause) = match cause {
                    None if self.wrote_and_signed(book, &rules, &path, facts, now) => {
                        (Reason::AuthorUndeclared, None)
                    }
                    _ => (reason, cause),
                };
                let lapsed =
                    Lapsed { digest: *digest, revision, statements: statements.clone(), reason, cause };
                found.entry(statements).or_insert(lapsed);
            }
        }
        let mut all: Vec<Lapsed> = found.into_values().collect();
        all.sort_by(|a, b| (b.revision, &a.statements).cmp(&(a.revision, &b.statements)));
        all
    }

    /// Whether somebody took a step of the path who changed the text, as far as
    /// the first `versions` rosters tell whose e-mail it was. A later roster
    /// may list an old address: that ends an approval, but does not unmake it.
    fn wrote_and_signed(
        &self,
        book: &Book,
        rules: &Rules<'_>,
        path: &Path,
        facts: &SetFacts,
        versions: usize,
    ) -> bool {
        let rosters = self.chain.rosters.get(..versions).unwrap_or(&self.chain.rosters);
        let authors = history_authors(rosters, facts);
        let steps = path.at.iter().skip(1).filter_map(|at| book.get(*at));
        let barred = |held: &Held| {
            let may =
                held.substitute_for.is_none() && rules.profile.author_may.contains(&held.statement.step);
            !may && authors.contains(&held.statement.signer)
        };
        steps.into_iter().any(barred)
    }
}

/// The newest roster that the statements of a path name.
fn named(book: &Book, path: &Path) -> usize {
    let versions = path.at.iter().filter_map(|at| book.get(*at)).map(|held| held.statement.roster.0);
    versions.max().and_then(|version| usize::try_from(version).ok()).unwrap_or(0)
}

fn ids(book: &Book, path: &Path) -> Vec<Digest> {
    path.at.iter().filter_map(|at| book.get(*at)).map(|held| held.id).collect()
}

/// What ended the chain, and the statement that did.
fn why(book: &Book, path: &Path) -> (Reason, Option<Digest>) {
    if let Some(by) = book.rejected(path.revision, path.digest) {
        return (Reason::Rejected, Some(by.id));
    }
    let steps = || path.at.iter().filter_map(|at| Some((*at, book.get(*at)?)));
    if let Some(retract) = steps().find_map(|(at, _)| book.retraction(at)) {
        return (Reason::Retracted, Some(retract));
    }
    // Nothing lapsed, so the steps are those of a profile that is not in force.
    (steps().find_map(|(_, held)| held.lapse).unwrap_or(Reason::StepMissing), None)
}

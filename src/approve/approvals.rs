//! All approvals known at one revision, read once and asked often.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::admit::{Admitted, Context};
use super::book::{Book, Refused};
use super::gather::{Found, Stray, gather};
use super::judge;
use super::paths::{Mode, Rules, walk};
use super::report;
use super::roster::{KeyUse, PendingRoster, RootVotes, RosterChain, read_chain};
use super::signature::Signature;
use super::standing::{Held, Standing};
use super::{Anchor, Cleared, Judgement, ReadInput, Reason, Refusal, Roster, SetFacts, Subject};
use jiedu_base::clock::Clock;
use jiedu_base::finding::{Checked, Finding};
use jiedu_base::name::{CommitId, Digest, PersonId};

/// The purpose of publishers' signatures.
pub const RELEASE_NAMESPACE: &str = "jiedu-release@1";

/// Everything that was signed and holds, together with the roster chain.
#[derive(Debug)]
pub struct Approvals {
    pub(super) chain: RosterChain,
    pub(super) books: BTreeMap<Subject, Book>,
    at: Clock,
    at_given: bool,
    anchored: bool,
    known: Vec<KnownStatement>,
}

/// A statement that was found, whatever became of it.
#[derive(Debug, Clone)]
pub struct KnownStatement {
    /// Its id.
    pub id: Digest,
    /// Raw commit bytes with signature: what `collect` and the evidence keep.
    pub bytes: Arc<[u8]>,
    /// The commit, when it is reachable.
    pub commit: Option<CommitId>,
    /// Whether it is already collected under `evidence/statements/`.
    pub collected: bool,
    /// What it is about, as far as it says.
    pub subject: Option<Subject>,
    /// Why it was refused on its own account, if it was.
    pub refused: Option<Reason>,
}

impl Approvals {
    /// Verifies every statement and the chain of rosters.
    ///
    /// The findings name every refused statement; a refused statement alone
    /// never fails the reading.
    ///
    /// # Errors
    /// [`Refusal`] when the trust anchor or a roster version does not hold.
    pub fn read(input: &ReadInput<'_>) -> Result<Checked<Self>, Refusal> {
        let chain = read_chain(input.roster, input.anchor)?;
        let (found, strays) = gather(input.statements);
        let verdicts = Context::new(input, &chain).admit(&found);
        let votes = votes(&chain, &found, &verdicts);
        let chain = chain.settle(&votes, relied(&found, &verdicts), input.anchor)?;
        let standing = Standing { chain: &chain, at: input.at, at_given: input.at_given };
        let (books, mut known) = sort(&standing, &found, &verdicts);
        known.sort_by_key(|known| known.id);
        let approvals = Self {
            at: input.at,
            at_given: input.at_given,
            anchored: matches!(input.anchor, Anchor::Trusted(_)),
            books: books.into_iter().map(|(subject, pages)| (subject, pages.bind(&chain))).collect(),
            known,
            chain,
        };
        let mut findings = approvals.refusals(input, &found, &verdicts, &strays);
        findings.extend(approvals.chain.pending.as_ref().map(PendingRoster::finding));
        Ok(Checked { value: approvals, findings })
    }

    /// Digest of roster 1: the name of this authority.
    #[must_use]
    pub fn site(&self) -> Digest {
        self.chain.rosters.first().map_or_else(|| Digest::of(b""), |roster| roster.digest)
    }

    /// Whether a trust anchor was given.
    #[must_use]
    pub fn is_anchored(&self) -> bool {
        self.anchored
    }

    /// All versions of the roster, the first one first.
    #[must_use]
    pub fn rosters(&self) -> &[Roster] {
        &self.chain.rosters
    }

    /// The newest version, while it is not in force.
    #[must_use]
    pub fn pending_roster(&self) -> Option<&PendingRoster> {
        self.chain.pending.as_ref()
    }

    /// Every statement found, by id.
    #[must_use]
    pub fn known(&self) -> &[KnownStatement] {
        &self.known
    }

    /// The texts of a subject that somebody validly submitted, each once.
    #[must_use]
    pub fn submitted(&self, subject: &Subject) -> BTreeSet<Digest> {
        self.books.get(subject).map(|book| book.submitted().collect()).unwrap_or_default()
    }

    /// How one digest of one set stands now, with everything known.
    #[must_use]
    pub fn judge(&self, subject: &Subject, digest: &Digest, facts: &SetFacts) -> Judgement {
        judge::judge(self, subject, *digest, facts)
    }

    /// All chains that clear this digest, the one to show first; for the walk
    /// over editions, which compares their statements with what was known at
    /// each commit. Withdrawal and supersession are not considered here.
    #[must_use]
    pub fn chains(&self, subject: &Subject, digest: &Digest, facts: &SetFacts) -> Vec<Cleared> {
        judge::chains(self, subject, *digest, facts)
    }

    /// Who validly signed these bytes as publisher (`release.sshsig`).
    ///
    /// # Errors
    /// `PUBLISHER_INVALID` when the signature is not one of a publisher of the
    /// newest roster whose window contains the publication instant.
    pub fn check_publisher(&self, release: &[u8], armour: &str) -> Result<PersonId, Reason> {
        let invalid = Reason::PublisherInvalid;
        let signature = Signature::parse(armour, RELEASE_NAMESPACE).map_err(|_| invalid)?;
        let newest = self.chain.newest().ok_or(invalid)?;
        // OpenPGP signatures carry no purpose, so one made for a statement
        // could be passed off as a release.
        let key = newest
            .key(&signature.fingerprint())
            .filter(|key| key.kind == super::roster::KeyKind::Ssh)
            .ok_or(invalid)?;
        let publishes = |publisher: &super::roster::Publisher| {
            publisher.person == key.person && publisher.window.contains(self.at)
        };
        let usable = key.uses.contains(&KeyUse::Publish)
            && self.standing().key(&key.fingerprint, KeyUse::Publish, false).is_none();
        if !usable || !newest.publishers.iter().any(publishes) {
            return Err(invalid);
        }
        signature.verify(release, &key.verifier, key.require_pin).map_err(|_| invalid)?;
        Ok(key.person.clone())
    }

    pub(super) fn standing(&self) -> Standing<'_> {
        Standing { chain: &self.chain, at: self.at, at_given: self.at_given }
    }

    /// One finding for every statement that does not count on its own account.
    fn refusals(
        &self,
        input: &ReadInput<'_>,
        found: &[Found],
        verdicts: &[Result<Admitted, Reason>],
        strays: &[Stray],
    ) -> Vec<Finding> {
        let exists = |subject: &Subject| match subject {
            Subject::Roster(version) => {
                let waits = self.chain.pending.as_ref().is_some_and(|pending| pending.version == *version);
                waits || self.chain.rosters.iter().any(|roster| roster.version == *version)
            }
            Subject::Set(_) | Subject::Site | Subject::Small(_) => input.current.contains_key(subject),
        };
        let mut findings: Vec<Finding> = strays
            .iter()
            .map(|stray| report::stray(stray, stray.claims.subject.as_ref().is_some_and(exists)))
            .collect();
        let mut present = Present { approvals: self, input, revisions: BTreeMap::new() };
        for (found, verdict) in found.iter().zip(verdicts) {
            let Err(reason) = verdict else { continue };
            let refused = refused(found, *reason);
            let set =
                refused.claims.subject.as_ref().filter(|subject| exists(subject)).map(ToString::to_string);
            let claims = &refused.claims;
            let is_present = claims
                .subject
                .as_ref()
                .is_none_or(|subject| present.concerns(subject, &claims.digests, &claims.revisions));
            findings.push(report::refused(&refused, report::severity(is_present), set));
        }
        for book in self.books.values() {
            for held in book.held.iter().filter(|held| !is_outdated(input, book, held)) {
                let Some(reason) = held.lapse else { continue };
                findings.push(report::held(held, reason, report::severity(present.holds(held))));
            }
            let concerned: Vec<bool> =
                book.idle.keys().map(|at| book.get(*at).is_some_and(|held| present.holds(held))).collect();
            let idle = book.idle.iter().zip(concerned);
            findings.extend(idle.filter_map(|((at, reason), now)| {
                Some(report::held(book.get(*at)?, *reason, report::severity(now)))
            }));
        }
        findings
    }
}

/// What is under way now, per subject.
struct Present<'a> {
    approvals: &'a Approvals,
    input: &'a ReadInput<'a>,
    revisions: BTreeMap<Subject, Option<u32>>,
}

impl Present<'_> {
    fn holds(&mut self, held: &Held) -> bool {
        let s = &held.statement;
        self.concerns(&s.subject, &[s.digest], &[s.revision])
    }

    /// Whether the present digest or the present revision is named.
    fn concerns(&mut self, subject: &Subject, digests: &[Digest], revisions: &[u32]) -> bool {
        if matches!(subject, Subject::Roster(_)) {
            return true;
        }
        let Some(digest) = self.input.current.get(subject) else { return false };
        if digest.is_some_and(|digest| digests.contains(&digest)) {
            return true;
        }
        let approvals = self.approvals;
        let revision = *self.revisions.entry(subject.clone()).or_insert_with(|| {
            let book = approvals.books.get(subject)?;
            let digest = (*digest)?;
            let rules = Rules::newest(&approvals.chain, subject, false, Mode::Now)?;
            let walk = walk(book, &rules, digest, &approvals.chain);
            judge::present_revision(book, &walk, digest)
        });
        revision.is_some_and(|revision| revisions.contains(&revision))
    }
}

/// Whether the statement is about an earlier text of a set whose present text
/// nobody has submitted yet: a new edition is being written.
fn is_outdated(input: &ReadInput<'_>, book: &Book, held: &Held) -> bool {
    let present = input.current.get(&held.statement.subject).copied().flatten();
    present.is_some_and(|digest| digest != held.statement.digest && book.submits(digest).is_empty())
}

/// What belongs into one book.
#[derive(Default)]
struct Pages {
    held: Vec<Held>,
    refused: Vec<Refused>,
}

impl Pages {
    fn bind(self, chain: &RosterChain) -> Book {
        Book::new(self.held, self.refused, chain)
    }
}

/// Sorts statements into books by subject; rosters have none.
fn sort(
    standing: &Standing<'_>,
    all: &[Found],
    verdicts: &[Result<Admitted, Reason>],
) -> (BTreeMap<Subject, Pages>, Vec<KnownStatement>) {
    let mut books: BTreeMap<Subject, Pages> = BTreeMap::new();
    let mut known = Vec::new();
    for (found, verdict) in all.iter().zip(verdicts) {
        let copy = verdict.as_ref().map_or(0, |admitted| admitted.copy);
        let Some(copy) = found.copies.get(copy) else { continue };
        known.push(KnownStatement {
            id: found.id,
            bytes: copy.bytes.clone(),
            commit: found.commit().cloned(),
            collected: found.carriers.iter().any(|carrier| matches!(carrier, super::Carrier::File(_))),
            subject: found.claims.subject.clone(),
            refused: verdict.as_ref().err().copied(),
        });
        match (verdict, &copy.parsed, &found.claims.subject) {
            (Err(reason), _, Some(subject)) => {
                books.entry(subject.clone()).or_default().refused.push(refused(found, *reason));
            }
            (Ok(_), Ok(candidate), _) if !matches!(candidate.statement.subject, Subject::Roster(_)) => {
                let Some(named) = standing.chain.named(candidate.statement.roster) else { continue };
                let held = standing.weigh(found.id, candidate, named, path(found), found.commit().cloned());
                books.entry(candidate.statement.subject.clone()).or_default().held.push(held);
            }
            _ => {}
        }
    }
    (books, known)
}

fn refused(found: &Found, reason: Reason) -> Refused {
    Refused {
        id: found.id,
        claims: found.claims.clone(),
        reason,
        commit: found.commit().cloned(),
        path: path(found),
    }
}

fn path(found: &Found) -> String {
    found.carriers.first().map(super::Carrier::path).unwrap_or_default()
}

/// The highest version of the roster that a valid statement about a text names.
fn relied(all: &[Found], verdicts: &[Result<Admitted, Reason>]) -> u32 {
    let admitted = verdicts.iter().flatten();
    let candidates = admitted.filter_map(|admitted| {
        let copy = all.get(admitted.found)?.copies.get(admitted.copy)?;
        copy.parsed.as_ref().ok()
    });
    let texts = candidates.filter(|candidate| !matches!(candidate.statement.subject, Subject::Roster(_)));
    texts.map(|candidate| candidate.statement.roster.0).max().unwrap_or(0)
}

/// Counts the roots that agreed to each version.
///
/// Windows of root keys are not judged: the versions form one history that has
/// to stay readable for as long as the site exists, and what protects it from a
/// key that ended is the revocation in the version it signs and the minimum
/// version that the trust anchor remembers.
fn votes(
    chain: &RosterChain,
    all: &[Found],
    verdicts: &[Result<Admitted, Reason>],
) -> BTreeMap<u32, RootVotes> {
    let mut votes: BTreeMap<u32, RootVotes> = BTreeMap::new();
    for admitted in verdicts.iter().flatten() {
        let candidate = all.get(admitted.found).and_then(|found| found.copies.get(admitted.copy));
        let Some(Ok(candidate)) = candidate.map(|copy| &copy.parsed) else { continue };
        let s = &candidate.statement;
        let Subject::Roster(version) = s.subject else { continue };
        let pair =
            version.checked_sub(1).and_then(|old| chain.named((old, s.roster.1))).zip(roster(chain, version));
        let Some((old, new)) = pair else { continue };
        let entry = votes.entry(version).or_default();
        if s.digest != new.digest || s.revision != version {
            entry.other_bytes |= s.digest != new.digest;
            continue;
        }
        let fingerprint = candidate.signature.fingerprint();
        if new.revocation(&fingerprint).is_some() {
            continue;
        }
        let is_root = |roster: &Roster| {
            let key = roster
                .key(&fingerprint)
                .filter(|key| key.person == s.signer && key.uses.contains(&KeyUse::Root));
            roster.root_members.contains(&s.signer) && key.is_some()
        };
        if is_root(old) {
            entry.old.insert(s.signer.clone());
        }
        // One person who is a root in both counts on both sides, whichever of
        // the two versions lists the key that signed.
        if new.root_members.contains(&s.signer) && (is_root(old) || is_root(new)) {
            entry.new.insert(s.signer.clone());
        }
    }
    votes
}

fn roster(chain: &RosterChain, version: u32) -> Option<&Roster> {
    chain.rosters.get(usize::try_from(version).ok()?.checked_sub(1)?)
}

//! What somebody would sign next, refused early when it would be refused later.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::book::Book;
use super::judge::{can_sign, case};
use super::roster::{Key, KeyKind, KeyUse, Roster, read_chain};
use super::signature::SshKey;
use super::standing::{holds, profile_of};
use super::statement::{Decision, Kind, Statement};
use super::{Anchor, Approvals, Reason, Refusal, SetFacts, Subject};
use jiedu_base::name::{Digest, PersonId};

impl Approvals {
    /// The person who owns an SSH key (`type base64`, a comment may follow) in
    /// the newest roster, if the key may be used for this now.
    ///
    /// # Errors
    /// `KEY_UNKNOWN`, `KEY_USE`, or why the key does not count any more.
    pub fn owner(&self, public: &str, wanted: KeyUse) -> Result<PersonId, Reason> {
        let fields: Vec<&str> = public.split_whitespace().take(2).collect();
        let fingerprint = SshKey::parse(&fields.join(" "))?.fingerprint();
        self.owner_of(&fingerprint, wanted)
    }

    /// As [`Approvals::owner`], by fingerprint (`SHA256:…` or OpenPGP hex).
    ///
    /// # Errors
    /// As [`Approvals::owner`].
    pub fn owner_of(&self, fingerprint: &str, wanted: KeyUse) -> Result<PersonId, Reason> {
        let newest = self.chain.newest().ok_or(Reason::RosterUnknown)?;
        let key: &Key = newest.key(fingerprint).ok_or(Reason::KeyUnknown)?;
        if !key.uses.contains(&wanted) {
            return Err(Reason::KeyUse);
        }
        match self.standing().key(fingerprint, wanted, false) {
            Some(reason) => Err(reason),
            None => Ok(key.person.clone()),
        }
    }

    /// The statement that opens the next round for this text.
    ///
    /// # Errors
    /// The reason why it would be refused: no role, no key, unknown author.
    pub fn draft_submit(
        &self,
        subject: &Subject,
        digest: &Digest,
        signer: &PersonId,
        authors: &[PersonId],
    ) -> Result<Statement, Reason> {
        let newest = self.may_sign(signer, "submit")?;
        if authors.iter().any(|author| newest.person(author).is_none()) {
            return Err(Reason::AuthorUnknown);
        }
        let last = self.books.get(subject).and_then(Book::last);
        let (revision, previous) =
            last.map_or((1, None), |(revision, id)| (revision.saturating_add(1), Some(id)));
        let blank = self.blank(newest, subject, digest, signer);
        let authors = if authors.is_empty() { vec![signer.clone()] } else { authors.to_vec() };
        Ok(Statement { kind: Kind::Submit, revision, previous, authors, ..blank })
    }

    /// The statement that takes a step of the round under way, or rejects it,
    /// or takes an own approval back.
    ///
    /// # Errors
    /// The reason why it would be refused: not this step's turn
    /// (`ORDER_BROKEN`), no submission for this text (`STEP_MISSING`), not the
    /// holder, an author, a person who took another step or took this one back.
    pub fn draft_review(
        &self,
        subject: &Subject,
        digest: &Digest,
        facts: &SetFacts,
        step: &str,
        decision: Decision,
        signer: &PersonId,
    ) -> Result<Statement, Reason> {
        let book = self.books.get(subject).ok_or(Reason::StepMissing)?;
        let case = case(self, book, subject, *digest, facts).ok_or(Reason::RoleMissing)?;
        let shown = case.shown.as_ref().ok_or(Reason::StepMissing)?;
        let blank = |newest| Statement {
            kind: Kind::Review,
            revision: shown.revision,
            step: step.to_owned(),
            decision,
            ..self.blank(newest, subject, digest, signer)
        };
        let held = || shown.at.iter().filter_map(|at| book.get(*at));
        if decision == Decision::Retract {
            let newest = self.chain.newest().ok_or(Reason::RosterUnknown)?;
            let own = held().find(|held| held.statement.step == step && &held.statement.signer == signer);
            let own = own.ok_or(Reason::OrderBroken)?;
            let (kind, authors) = (own.statement.kind, own.statement.authors.clone());
            return Ok(Statement { kind, authors, previous: Some(own.id), ..blank(newest) });
        }
        let newest = self.may_sign(signer, step)?;
        let last = held().next_back().map(|held| held.id);
        if decision == Decision::Reject {
            return Ok(Statement { previous: last, ..blank(newest) });
        }
        if book.rejected(shown.revision, *digest).is_some() {
            return Err(Reason::Rejected);
        }
        let index = shown.at.len();
        if case.rules.steps.get(index).map(String::as_str) != Some(step) {
            return Err(Reason::OrderBroken);
        }
        if case.has_retracted(signer, step) {
            return Err(Reason::Retracted);
        }
        if !case.may_take(signer, step, index) {
            let repeated = held().skip(1).any(|held| &held.statement.signer == signer);
            return Err(if repeated { Reason::PersonRepeated } else { Reason::AuthorIsReviewer });
        }
        Ok(Statement { previous: last, ..blank(newest) })
    }

    /// The statement that takes down the chain of this edition.
    ///
    /// # Errors
    /// `DIGEST_MISMATCH` when no complete chain stands behind the text,
    /// `ROLE_MISSING` when the signer may not withdraw, not even with a second
    /// person.
    pub fn draft_withdraw(
        &self,
        subject: &Subject,
        digest: &Digest,
        facts: &SetFacts,
        signer: &PersonId,
    ) -> Result<Statement, Reason> {
        let newest = self.chain.newest().ok_or(Reason::RosterUnknown)?;
        let steps = profile_of(newest, subject).map(|profile| profile.sequence(true)).unwrap_or_default();
        let standing = self.standing();
        let mut roles = ["withdraw".to_owned()].into_iter().chain(steps);
        if !roles.any(|step| can_sign(&standing, newest, signer, &step)) {
            return Err(Reason::RoleMissing);
        }
        let chains = self.chains(subject, digest, facts);
        let chain = chains.first().ok_or(Reason::DigestMismatch)?;
        let previous = chain.statements().last().copied();
        let blank = self.blank(newest, subject, digest, signer);
        Ok(Statement {
            kind: Kind::Withdraw,
            revision: chain.revision(),
            step: "withdraw".to_owned(),
            previous,
            ..blank
        })
    }

    /// Whether one person may withdraw alone.
    #[must_use]
    pub fn withdraws_alone(&self, signer: &PersonId) -> bool {
        self.chain.newest().is_some_and(|roster| holds(roster, signer, "withdraw"))
    }

    /// The newest roster, when the person may take the step under it now.
    fn may_sign(&self, signer: &PersonId, step: &str) -> Result<&Roster, Reason> {
        let newest = self.chain.newest().ok_or(Reason::RosterUnknown)?;
        let standing = self.standing();
        let has_role = standing.holds_now(newest, signer, step)
            || standing.substitutes_now(newest, signer, step).is_some();
        match (has_role, standing.has_key_now(newest, signer)) {
            (true, true) => Ok(newest),
            (true, false) => Err(Reason::KeyUnknown),
            (false, _) => Err(Reason::RoleMissing),
        }
    }

    fn blank(&self, newest: &Roster, subject: &Subject, digest: &Digest, signer: &PersonId) -> Statement {
        Statement {
            kind: Kind::Submit,
            site: self.site(),
            subject: subject.clone(),
            revision: 1,
            step: "submit".to_owned(),
            decision: Decision::Approve,
            digest: *digest,
            roster: (newest.version, newest.digest),
            previous: None,
            signer: signer.clone(),
            authors: Vec::new(),
            report: None,
        }
    }
}

/// The statement by which a root agrees to the newest roster version, which may
/// still lack signatures.
///
/// # Errors
/// [`Refusal`] when the versions are not sound even without signatures, or the
/// key is no root's.
pub fn draft_roster(
    files: &BTreeMap<String, Arc<[u8]>>,
    anchor: &Anchor,
    key: &str,
) -> Result<Statement, Refusal> {
    let chain = read_chain(files, anchor)?;
    let refuse = |reason| Refusal { reason, findings: Vec::new() };
    let [.., old, new] = chain.rosters.as_slice() else { return Err(refuse(Reason::RosterSequence)) };
    let fields: Vec<&str> = key.split_whitespace().take(2).collect();
    let fingerprint =
        SshKey::parse(&fields.join(" ")).map_or_else(|_| key.to_ascii_lowercase(), |key| key.fingerprint());
    let found =
        old.key(&fingerprint).or_else(|| new.key(&fingerprint)).ok_or_else(|| refuse(Reason::KeyUnknown))?;
    if !found.uses.contains(&KeyUse::Root) {
        return Err(refuse(Reason::KeyUse));
    }
    let signer = found.person.clone();
    if !old.root_members.contains(&signer) && !new.root_members.contains(&signer) {
        return Err(refuse(Reason::RoleMissing));
    }
    Ok(Statement {
        kind: Kind::Roster,
        site: chain.rosters.first().map_or(new.digest, |first| first.digest),
        subject: Subject::Roster(new.version),
        revision: new.version,
        step: "roster".to_owned(),
        decision: Decision::Approve,
        digest: new.digest,
        roster: (old.version, old.digest),
        previous: None,
        signer,
        authors: Vec::new(),
        report: None,
    })
}

/// Reads roster files without asking for signatures: for `roster show` and
/// `roster diff`.
///
/// # Errors
/// [`Refusal`] when a version is not sound.
pub fn read_rosters(files: &BTreeMap<String, Arc<[u8]>>) -> Result<Vec<Roster>, Refusal> {
    read_chain(files, &Anchor::Provisional).map(|chain| chain.rosters)
}

/// The `gpg.format` in which git signs with a kind of key.
#[must_use]
pub fn git_format(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Ssh => "ssh",
        KeyKind::OpenPgp => "openpgp",
        KeyKind::X509Sm2 => "x509",
    }
}

//! Whether a signer may still speak: revocations, windows and roles, judged
//! against the newest roster at the publication instant.

use super::gather::Candidate;
use super::roster::{Key, KeyUse, Profile, RevocationReason, Roster, RosterChain, Substitute};
use super::statement::{Decision, Kind, Statement};
use super::{Reason, Subject};
use jiedu_base::clock::Clock;
use jiedu_base::name::{CommitId, Digest, PersonId};

/// A day, in seconds.
const DAY: i64 = 24 * 60 * 60;

/// A statement whose signature holds, with what weakens it.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) id: Digest,
    pub(super) statement: Statement,
    pub(super) claimed_at: i64,
    pub(super) fingerprint: String,
    pub(super) commit: Option<CommitId>,
    /// The first failure after the signature, in the order of details 26. An
    /// approval with one does not count.
    pub(super) lapse: Option<Reason>,
    /// What was true when it was signed fails: not even a rejection counts.
    pub(super) is_void: bool,
    /// The signer had no role for the step in the roster named.
    pub(super) lacked_role: bool,
    /// Signed for somebody else.
    pub(super) substitute_for: Option<PersonId>,
    /// In an accepted list.
    pub(super) is_accepted: bool,
    /// Where to show it: `commit:…` or `evidence/statements/…`.
    pub(super) path: String,
}

/// Judges the standing of signers at one instant.
pub(super) struct Standing<'a> {
    pub(super) chain: &'a RosterChain,
    pub(super) at: Clock,
    pub(super) at_given: bool,
}

/// What came of looking a role up.
enum RoleVerdict {
    Held(Option<PersonId>),
    /// Held when signed, not any more.
    Lapsed(Reason, Option<PersonId>),
    Never(Reason),
}

impl Standing<'_> {
    /// Weighs a verified statement. `named` is the roster it names.
    pub(super) fn weigh(
        &self,
        id: Digest,
        candidate: &Candidate,
        named: &Roster,
        path: String,
        commit: Option<CommitId>,
    ) -> Held {
        let statement = candidate.statement.clone();
        let fingerprint = candidate.signature.fingerprint();
        let is_accepted = self.chain.is_accepted(&id);
        let key = self.key(&fingerprint, KeyUse::Review, is_accepted);
        let time = self.time(candidate.claimed_at);
        let role = self.role(&statement, named, is_accepted);
        let (role_lapse, substitute_for, never) = match role {
            RoleVerdict::Held(holder) => (None, holder, false),
            RoleVerdict::Lapsed(reason, holder) => (Some(reason), holder, false),
            RoleVerdict::Never(reason) => (Some(reason), None, true),
        };
        let lapse = key.or(time).or(role_lapse);
        let is_void = self.is_compromised(&fingerprint, is_accepted)
            || (never && statement.decision != Decision::Retract);
        Held {
            id,
            statement,
            claimed_at: candidate.claimed_at,
            fingerprint,
            commit,
            lapse,
            is_void,
            lacked_role: never,
            substitute_for,
            is_accepted,
            path,
        }
    }

    fn is_compromised(&self, fingerprint: &str, is_accepted: bool) -> bool {
        let revocation = self.chain.newest().and_then(|roster| roster.revocation(fingerprint));
        !is_accepted
            && revocation.is_some_and(|revocation| revocation.reason == RevocationReason::Compromised)
    }

    /// Why a key does not count any more, or not yet.
    pub(super) fn key(&self, fingerprint: &str, wanted: KeyUse, is_accepted: bool) -> Option<Reason> {
        let newest = self.chain.newest()?;
        let key = newest.key(fingerprint);
        if key.is_some_and(|key| !key.window.has_begun(self.at)) {
            return Some(Reason::KeyNotYetValid);
        }
        if is_accepted {
            return None;
        }
        let revoked = newest.revocation(fingerprint).map(|revocation| revocation.reason);
        match revoked.or_else(|| self.chain.suspended.get(fingerprint).copied()) {
            Some(RevocationReason::Compromised) => return Some(Reason::KeyRevoked),
            Some(RevocationReason::Retired) => return Some(Reason::KeyRetired),
            None => {}
        }
        match key {
            Some(key) if !key.uses.contains(&wanted) => Some(Reason::KeyRetired),
            Some(key) if key.window.is_over(self.at) => Some(Reason::KeyExpired),
            Some(_) => None,
            None => Some(Reason::KeyRetired),
        }
    }

    /// A claim about the future is not plausible; with no instant given, the
    /// instant itself follows the newest commit.
    fn time(&self, claimed_at: i64) -> Option<Reason> {
        let late = self.at_given && claimed_at > self.at.unix().saturating_add(DAY);
        late.then_some(Reason::TimeImplausible)
    }

    /// The role for the statement's step: in the roster it names, and still.
    fn role(&self, statement: &Statement, named: &Roster, is_accepted: bool) -> RoleVerdict {
        let Some(newest) = self.chain.newest() else { return RoleVerdict::Never(Reason::RoleMissing) };
        let steps = steps_for(statement, named);
        let signer = &statement.signer;
        let direct = steps.iter().any(|step| holds(named, signer, step));
        let stand_in = steps.iter().find_map(|step| substitution(named, signer, step));
        let Some(missing) =
            (if direct { Some(Reason::RoleEnded) } else { stand_in.map(|_| Reason::SubstituteInvalid) })
        else {
            let replaces = named.substitutes.iter().any(|entry| {
                &entry.by == signer && steps.iter().any(|step| holds(named, &entry.holder, step))
            });
            return RoleVerdict::Never(if replaces {
                Reason::SubstituteInvalid
            } else {
                Reason::RoleMissing
            });
        };
        if steps.iter().any(|step| self.holds_now(newest, signer, step)) {
            return RoleVerdict::Held(None);
        }
        if let Some(holder) = steps.iter().find_map(|step| self.substitutes_now(newest, signer, step)) {
            return RoleVerdict::Held(Some(holder));
        }
        let holder = if direct { None } else { stand_in.map(|entry| entry.holder.clone()) };
        if is_accepted {
            return RoleVerdict::Held(holder);
        }
        let not_begun =
            |roster: &Roster| steps.iter().any(|step| begins_later(roster, signer, step, self.at));
        let reason = if direct && not_begun(newest) { Reason::RoleMissing } else { missing };
        RoleVerdict::Lapsed(reason, holder)
    }

    /// Whether the person holds the step's role at the instant.
    pub(super) fn holds_now(&self, roster: &Roster, person: &PersonId, step: &str) -> bool {
        let roles = roster.person(person).map(|person| person.roles.as_slice()).unwrap_or_default();
        roles.iter().any(|role| role.step == step && role.window.contains(self.at))
    }

    /// For whom the person may take the step at the instant.
    pub(super) fn substitutes_now(&self, roster: &Roster, person: &PersonId, step: &str) -> Option<PersonId> {
        let fits = |entry: &&Substitute| {
            &entry.by == person
                && entry.steps.contains(step)
                && entry.window.contains(self.at)
                && holds(roster, &entry.holder, step)
        };
        roster.substitutes.iter().find(fits).map(|entry| entry.holder.clone())
    }

    /// Whether the person has a key that may sign statements at the instant.
    pub(super) fn has_key_now(&self, roster: &Roster, person: &PersonId) -> bool {
        let usable = |key: &&Key| &key.person == person && key.uses.contains(&KeyUse::Review);
        roster
            .keys
            .iter()
            .filter(usable)
            .any(|key| self.key(&key.fingerprint, KeyUse::Review, false).is_none())
    }
}

/// The steps of which one must be held: the step itself; for a withdrawal its
/// own role or, with a second person, any step of the profile.
fn steps_for(statement: &Statement, named: &Roster) -> Vec<String> {
    if statement.kind != Kind::Withdraw {
        return vec![statement.step.clone()];
    }
    let profile =
        profile_of(named, &statement.subject).map(|profile| profile.sequence(true)).unwrap_or_default();
    ["withdraw".to_owned()].into_iter().chain(profile).collect()
}

/// The profile that a roster gives a subject.
pub(super) fn profile_of<'a>(roster: &'a Roster, subject: &Subject) -> Option<&'a Profile> {
    match subject {
        Subject::Site | Subject::Small(_) => roster.profile(super::roster::SITE_PROFILE),
        Subject::Set(_) | Subject::Roster(_) => roster.profile(&roster.default_profile),
    }
}

/// Whether the roster gives the person the role, whatever the window.
pub(super) fn holds(roster: &Roster, person: &PersonId, step: &str) -> bool {
    roster.person(person).is_some_and(|person| person.roles.iter().any(|role| role.step == step))
}

fn begins_later(roster: &Roster, person: &PersonId, step: &str, at: Clock) -> bool {
    let roles = roster.person(person).map(|person| person.roles.as_slice()).unwrap_or_default();
    roles.iter().any(|role| role.step == step && !role.window.has_begun(at))
}

fn substitution<'a>(roster: &'a Roster, person: &PersonId, step: &str) -> Option<&'a Substitute> {
    let fits = |entry: &&Substitute| {
        &entry.by == person && entry.steps.contains(step) && holds(roster, &entry.holder, step)
    };
    roster.substitutes.iter().find(fits)
}

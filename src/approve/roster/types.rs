//! One version of the roster as data.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::signature::PublicKey;
use jiedu_base::clock::Clock;
use jiedu_base::name::{Digest, PersonId};

/// One version of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// From 1.
    pub version: u32,
    /// SHA-256 of the file's bytes.
    pub digest: Digest,
    /// Digest of the version before; none in version 1.
    pub previous: Option<Digest>,
    /// Name of the profile of every policy set.
    pub default_profile: String,
    /// Digest of the accepted list that belongs to this version.
    pub accepted: Option<Digest>,
    /// Who may change the roster.
    pub root_members: BTreeSet<PersonId>,
    /// How many of them must agree.
    pub root_threshold: usize,
    /// Everybody.
    pub people: Vec<Person>,
    /// All keys.
    pub keys: Vec<Key>,
    /// Who may stand in for whom.
    pub substitutes: Vec<Substitute>,
    /// Keys that ended; only ever grows.
    pub revocations: Vec<Revocation>,
    /// Who may sign releases.
    pub publishers: Vec<Publisher>,
    /// Built-in profiles and the office's own.
    pub profiles: Vec<Profile>,
}

/// From 00:00 of `from` to 24:00 of `until`, Beijing time, both optional.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Window {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
}

impl Window {
    /// Whether the window has begun.
    #[must_use]
    pub fn has_begun(&self, at: Clock) -> bool {
        self.from.is_none_or(|from| from <= at.today())
    }

    /// Whether the window is over.
    #[must_use]
    pub fn is_over(&self, at: Clock) -> bool {
        self.until.is_some_and(|until| until < at.today())
    }

    /// Whether the instant lies inside.
    #[must_use]
    pub fn contains(&self, at: Clock) -> bool {
        self.has_begun(at) && !self.is_over(at)
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Never re-used.
    pub id: PersonId,
    /// 姓名.
    pub name: String,
    /// 职务.
    pub post: String,
    /// As used in commits.
    pub emails: Vec<String>,
    /// Steps the person may take.
    pub roles: Vec<Role>,
}

/// A step that a person may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// English name of the step.
    pub step: String,
    /// When.
    pub window: Window,
}

/// The kind of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// `ssh`.
    Ssh,
    /// `openpgp`.
    OpenPgp,
    /// `x509-sm2`: only in builds with the feature `sm2`.
    X509Sm2,
}

/// What a key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyUse {
    /// Everyday commits: never statements.
    Commit,
    /// Statements.
    Review,
    /// Roster versions.
    Root,
    /// Releases.
    Publish,
}

impl KeyUse {
    /// The word in the roster.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Review => "review",
            Self::Root => "root",
            Self::Publish => "publish",
        }
    }
}

/// A key of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Whose it is.
    pub person: PersonId,
    /// Its kind.
    pub kind: KeyKind,
    /// `SHA256:…` as OpenSSH prints it, the OpenPGP fingerprint in hex,
    /// or SHA-256 of an SM2 key in hex.
    pub fingerprint: String,
    /// The key as written in the roster.
    pub public: String,
    /// What it may sign.
    pub uses: BTreeSet<KeyUse>,
    /// When.
    pub window: Window,
    /// RSA of 2048 bits is tolerated.
    pub allow_rsa_2048: bool,
    /// A hardware key must have asked for its PIN.
    pub require_pin: bool,
    /// The key in the form that verifies.
    pub verifier: PublicKey,
}

/// Somebody who stands in for somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Substitute {
    /// The holder.
    pub holder: PersonId,
    /// Who stands in.
    pub by: PersonId,
    /// For which steps.
    pub steps: BTreeSet<String>,
    /// When; both ends are required.
    pub window: Window,
}

/// Why a key ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RevocationReason {
    /// Somebody else may have it: nothing it signed counts unless re-confirmed.
    Compromised,
    /// It is no longer used.
    Retired,
}

/// The end of a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revocation {
    /// Fingerprint.
    pub key: String,
    /// Why.
    pub reason: RevocationReason,
    /// The day written down; decides nothing.
    pub date: Date,
}

/// Somebody who may sign releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// Who.
    pub person: PersonId,
    /// When.
    pub window: Window,
}

/// A named list of steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Printed in every record.
    pub name: String,
    /// The steps in order, `submit` first.
    pub steps: Vec<String>,
    /// Groups of steps that one person may combine.
    pub groups: Vec<BTreeSet<String>>,
    /// Steps that an author may take.
    pub author_may: BTreeSet<String>,
    /// Steps inserted after `final-review` for 重要 texts.
    pub important: Vec<String>,
}

impl Roster {
    /// A person by id.
    #[must_use]
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.iter().find(|person| &person.id == id)
    }

    /// A key by its fingerprint.
    #[must_use]
    pub fn key(&self, fingerprint: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.fingerprint == fingerprint)
    }

    /// A profile by name.
    #[must_use]
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }

    /// Why the key ended, if it did.
    #[must_use]
    pub fn revocation(&self, fingerprint: &str) -> Option<&Revocation> {
        self.revocations.iter().filter(|revocation| revocation.key == fingerprint).min_by_key(|r| r.reason)
    }
}

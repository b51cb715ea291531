//! Reads one version of the roster and checks everything it says on its own.

use std::collections::{BTreeMap, BTreeSet};

use super::profiles::{DEFAULT, built_in};
use super::raw::{RawKey, RawPerson, RawProfile, RawRoster};
use super::{
    Key, KeyKind, KeyUse, Person, Profile, Publisher, Revocation, RevocationReason, Role, Roster, Substitute,
    Window,
};
use crate::Reason;
use crate::signature::{PublicKey, SshKey};
use jiedu_base::name::{Digest, PersonId};
use jiedu_base::text::Message;

/// Largest roster, in bytes.
const LIMIT: usize = 4 * 1024 * 1024;

/// What is wrong with a roster, and where when known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) reason: Reason,
    pub(crate) message: Message,
    pub(crate) range: Option<std::ops::Range<usize>>,
}

impl Fault {
    pub(super) fn new(reason: Reason, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { reason, message: Message::new(zh, en), range: None }
    }
}

fn schema(zh: impl Into<String>, en: impl Into<String>) -> Fault {
    Fault::new(Reason::RosterSchema, zh, en)
}

/// Parses `roster/<version>.toml`.
pub(crate) fn parse(version: u32, bytes: &[u8]) -> Result<Roster, Fault> {
    if bytes.len() > LIMIT {
        return Err(schema("名册超过 4 MiB", "the roster is larger than 4 MiB"));
    }
    let text =
        std::str::from_utf8(bytes).map_err(|_| schema("名册不是 UTF-8 文本", "the roster is not UTF-8"))?;
    let raw: RawRoster = toml::from_str(text).map_err(|error| {
        let problem = error.message().to_owned();
        Fault {
            range: error.span(),
            ..schema(format!("名册写法有误：{problem}"), format!("the roster cannot be read: {problem}"))
        }
    })?;
    if raw.version != version {
        let found = raw.version;
        return Err(Fault::new(
            Reason::RosterSequence,
            format!("文件名是第 {version} 版，内容写的是第 {found} 版"),
            format!("the file is version {version} but says {found}"),
        ));
    }
    Reader { raw, digest: Digest::of(bytes) }.roster()
}

struct Reader {
    raw: RawRoster,
    digest: Digest,
}

impl Reader {
    fn roster(&self) -> Result<Roster, Fault> {
        let raw = &self.raw;
        let profiles = profiles(&raw.profile)?;
        let steps = known_steps(&profiles);
        let people = people(&raw.person, &steps)?;
        let known: BTreeSet<&PersonId> = people.iter().map(|person| &person.id).collect();
        let keys = raw.key.iter().map(|key| read_key(key, &known)).collect::<Result<Vec<_>, _>>()?;
        shared(&keys)?;
        let default_profile = raw.default_profile.clone().unwrap_or_else(|| DEFAULT.to_owned());
        if !profiles.iter().any(|profile| profile.name == default_profile) {
            return Err(schema(
                format!("default_profile 指的流程不存在：{default_profile}"),
                format!("default_profile names no profile: {default_profile}"),
            ));
        }
        let roster = Roster {
            version: raw.version,
            digest: self.digest,
            previous: self.previous()?,
            default_profile,
            accepted: raw.accepted.as_deref().map(digest).transpose()?,
            root_members: raw
                .root
                .members
                .iter()
                .map(|id| person_in(id, &known))
                .collect::<Result<_, _>>()?,
            root_threshold: raw.root.threshold,
            substitutes: self.substitutes(&known, &steps)?,
            revocations: self.revocations()?,
            publishers: self.publishers(&known)?,
            people,
            keys,
            profiles,
        };
        self.check_powers(&roster)?;
        Ok(roster)
    }

    fn previous(&self) -> Result<Option<Digest>, Fault> {
        match (self.raw.version, self.raw.previous.as_str()) {
            (1, "none") => Ok(None),
            (1, _) | (_, "none") => Err(schema(
                "previous 只有第 1 版写 \"none\"",
                "previous is \"none\" in version 1 and only there",
            )),
            (_, text) => digest(text).map(Some),
        }
    }

    fn substitutes(
        &self,
        known: &BTreeSet<&PersonId>,
        steps: &BTreeSet<String>,
    ) -> Result<Vec<Substitute>, Fault> {
        let read = |raw: &super::raw::RawSubstitute| {
            let (holder, by) = (person_in(&raw.holder, known)?, person_in(&raw.by, known)?);
            if holder == by || raw.steps.is_empty() || raw.until < raw.from {
                return Err(schema(
                    format!("代签条目有误：{by} 代 {holder}"),
                    format!("bad substitution of {holder} by {by}"),
                ));
            }
            for step in &raw.steps {
                check_step(step, steps)?;
            }
            let window = Window { from: Some(raw.from), until: Some(raw.until) };
            Ok(Substitute { holder, by, steps: raw.steps.iter().cloned().collect(), window })
        };
        self.raw.substitute.iter().map(read).collect()
    }

    fn revocations(&self) -> Result<Vec<Revocation>, Fault> {
        let read = |raw: &super::raw::RawRevocation| {
            let reason = match raw.reason.as_str() {
                "compromised" => RevocationReason::Compromised,
                "retired" => RevocationReason::Retired,
                other => {
                    let zh = format!("撤销原因只能是 compromised 或 retired：{other}");
                    return Err(schema(zh, format!("a revocation is compromised or retired, not {other}")));
                }
            };
            let hex = raw.key.len() >= 40 && raw.key.bytes().all(|b| b.is_ascii_hexdigit());
            if !hex && !raw.key.starts_with("SHA256:") {
                let zh = format!("撤销条目要写密钥指纹：{}", raw.key);
                return Err(schema(zh, format!("a revocation names a fingerprint, not {}", raw.key)));
            }
            let key = if hex { raw.key.to_ascii_lowercase() } else { raw.key.clone() };
            Ok(Revocation { key, reason, date: raw.date })
        };
        self.raw.revocation.iter().map(read).collect()
    }

    fn publishers(&self, known: &BTreeSet<&PersonId>) -> Result<Vec<Publisher>, Fault> {
        let read = |raw: &super::raw::RawPublisher| {
            let window = Window { from: raw.from, until: raw.until };
            Ok(Publisher { person: person_in(&raw.person, known)?, window })
        };
        self.raw.publisher.iter().map(read).collect()
    }

    /// Roots and publishers must be able to do what they are named for.
    fn check_powers(&self, roster: &Roster) -> Result<(), Fault> {
        let members = roster.root_members.len();
        if members != self.raw.root.members.len() || !(1..=members).contains(&roster.root_threshold) {
            return Err(schema(
                "[root] 的成员不得重复，threshold 须在 1 与成员数之间",
                "[root] members must be distinct and threshold between 1 and their number",
            ));
        }
        let has = |person: &PersonId, wanted| {
            roster.keys.iter().any(|key| &key.person == person && key.uses.contains(&wanted))
        };
        let root = roster.root_members.iter().map(|person| (person, KeyUse::Root));
        let publishers = roster.publishers.iter().map(|publisher| (&publisher.person, KeyUse::Publish));
        for (person, wanted) in root.chain(publishers) {
            if !has(person, wanted) {
                let word = wanted.as_str();
                return Err(schema(
                    format!("{person} 没有用途（use）含 {word} 的密钥"),
                    format!("{person} has no key with use {word}"),
                ));
            }
        }
        Ok(())
    }
}

fn digest(text: &str) -> Result<Digest, Fault> {
    Digest::parse(text).map_err(|error| schema(format!("摘要写法有误：{}", error.text), error.to_string()))
}

fn person_in(text: &str, known: &BTreeSet<&PersonId>) -> Result<PersonId, Fault> {
    let id = PersonId::parse(text).ok().filter(|id| known.contains(id));
    id.ok_or_else(|| {
        schema(format!("名册里没有这个人：{text}"), format!("nobody in the roster has the id {text}"))
    })
}

fn check_step(step: &str, known: &BTreeSet<String>) -> Result<(), Fault> {
    if known.contains(step) {
        return Ok(());
    }
    Err(schema(format!("不认识的步骤：{step}"), format!("unknown step: {step}")))
}

/// Steps that a role may name: those of all profiles, and `withdraw`.
fn known_steps(profiles: &[Profile]) -> BTreeSet<String> {
    let of = |profile: &Profile| profile.sequence(true);
    profiles.iter().flat_map(of).chain(["withdraw".to_owned()]).collect()
}

fn people(raw: &[RawPerson], steps: &BTreeSet<String>) -> Result<Vec<Person>, Fault> {
    let read = |raw: &RawPerson| {
        let id = PersonId::parse(&raw.id)
            .map_err(|error| schema(format!("人员编号写法有误：{}", raw.id), error.to_string()))?;
        let role = |role: &super::raw::RawRole| {
            check_step(&role.step, steps)?;
            Ok(Role { step: role.step.clone(), window: Window { from: role.from, until: role.until } })
        };
        let roles = raw.roles.iter().map(role).collect::<Result<_, Fault>>()?;
        Ok(Person { id, name: raw.name.clone(), post: raw.post.clone(), emails: raw.emails.clone(), roles })
    };
    let people = raw.iter().map(read).collect::<Result<Vec<_>, Fault>>()?;
    let distinct: BTreeSet<&PersonId> = people.iter().map(|person| &person.id).collect();
    if people.is_empty() || distinct.len() != people.len() {
        return Err(schema("人员至少一名，编号不得重复", "there must be a person, and no id twice"));
    }
    Ok(people)
}

fn read_key(raw: &RawKey, known: &BTreeSet<&PersonId>) -> Result<Key, Fault> {
    let person = person_in(&raw.person, known)?;
    let (kind, verifier) = read_public(raw, &person)?;
    verifier.material().check_strength(raw.allow_rsa_2048).map_err(|reason| {
        Fault::new(
            reason,
            format!("{person} 的密钥强度不足（RSA 至少 3072 位；2048 位须写明 allow_rsa_2048）"),
            format!("a key of {person} is too weak (RSA needs 3072 bits, or 2048 with allow_rsa_2048)"),
        )
    })?;
    if raw.require_pin && !verifier.tells_of_pin() {
        return Err(schema(
            format!(
                "{person} 的密钥写了 require_pin，但只有硬件密钥（sk-ssh-ed25519、sk-ecdsa）的签名能证明输入过口令；请删去这一项，或改登记硬件密钥"
            ),
            format!(
                "a key of {person} has require_pin, but only signatures of hardware keys (sk-ssh-ed25519, sk-ecdsa) tell that a PIN was typed; remove it, or list a hardware key"
            ),
        ));
    }
    let uses = raw.uses.iter().map(|word| key_use(word)).collect::<Result<BTreeSet<_>, _>>()?;
    if uses.is_empty() {
        return Err(schema(
            format!("{person} 的密钥没有写用途 use"),
            format!("a key of {person} has no use"),
        ));
    }
    Ok(Key {
        person,
        kind,
        fingerprint: verifier.fingerprint(),
        public: raw.public.clone(),
        uses,
        window: Window { from: raw.from, until: raw.until },
        allow_rsa_2048: raw.allow_rsa_2048,
        require_pin: raw.require_pin,
        verifier,
    })
}

fn read_public(raw: &RawKey, person: &PersonId) -> Result<(KeyKind, PublicKey), Fault> {
    let unreadable = |reason: Reason| {
        let why = reason.explanation();
        schema(
            format!("{person} 的公钥无法使用：{}", why.zh),
            format!("the public key of {person} cannot be used: {}", why.en),
        )
    };
    match (raw.kind.as_str(), &raw.fingerprint) {
        ("ssh", None) => {
            let key = SshKey::parse(&raw.public).map_err(unreadable)?;
            Ok((KeyKind::Ssh, PublicKey::Ssh(Box::new(key))))
        }
        #[cfg(feature = "openpgp")]
        ("openpgp", Some(fingerprint)) => {
            let key = crate::signature::OpenPgpKey::parse(&raw.public, fingerprint).map_err(unreadable)?;
            Ok((KeyKind::OpenPgp, PublicKey::OpenPgp(Box::new(key))))
        }
        #[cfg(feature = "sm2")]
        ("x509-sm2", None) => {
            let key = crate::signature::Sm2Key::parse(&raw.public).map_err(unreadable)?;
            Ok((KeyKind::X509Sm2, PublicKey::Sm2(Box::new(key))))
        }
        #[cfg(not(feature = "sm2"))]
        ("x509-sm2", _) => Err(Fault::new(
            Reason::KeyKindReserved,
            format!(
                "{person} 的密钥类型是 x509-sm2（国密），这个 jiedu 程序没有编入国密功能；请改用带国密功能的程序（cargo build --release --features sm2），或改登记 ssh、openpgp 密钥"
            ),
            format!(
                "the key kind x509-sm2 of {person} is reserved in this build of jiedu; use a build with SM2 (cargo build --release --features sm2), or list an ssh or openpgp key"
            ),
        )),
        (kind, _) => Err(schema(
            format!("{person} 的密钥类型 {kind} 不可用（ssh、x509-sm2 不写 fingerprint，openpgp 必须写）"),
            format!(
                "key kind {kind} of {person} is not usable (ssh and x509-sm2 have no fingerprint, openpgp needs one)"
            ),
        )),
    }
}

fn key_use(word: &str) -> Result<KeyUse, Fault> {
    let all = [KeyUse::Commit, KeyUse::Review, KeyUse::Root, KeyUse::Publish];
    let found = all.into_iter().find(|known| known.as_str() == word);
    found.ok_or_else(|| schema(format!("不认识的密钥用途：{word}"), format!("unknown key use: {word}")))
}

/// No key may stand in the list twice, and never under two names.
fn shared(keys: &[Key]) -> Result<(), Fault> {
    let mut owners = BTreeMap::new();
    for key in keys {
        let Some(owner) = owners.insert(key.verifier.material(), &key.person) else { continue };
        let person = &key.person;
        return Err(if owner == person {
            schema(format!("{person} 的同一把密钥登记了两次"), format!("a key of {person} is listed twice"))
        } else {
            Fault::new(
                Reason::KeyShared,
                format!("同一把密钥登记在 {owner} 与 {person} 名下"),
                format!("one key is listed for {owner} and {person}"),
            )
        });
    }
    Ok(())
}

/// Built-in profiles and the office's own.
fn profiles(raw: &[RawProfile]) -> Result<Vec<Profile>, Fault> {
    let mut profiles = built_in();
    let mut seen = BTreeSet::new();
    for raw in raw {
        if !seen.insert(&raw.name) {
            return Err(schema(
                format!("流程 {} 写了两次", raw.name),
                format!("profile {} is listed twice", raw.name),
            ));
        }
        let standard = profiles.iter().find(|profile| profile.name == raw.name);
        let profile = read_profile(raw, standard)?;
        match standard {
            Some(standard) if *standard != profile => {
                return Err(schema(
                    format!("内置流程 {} 的内容不得改动", raw.name),
                    format!("the built-in profile {} must be repeated exactly", raw.name),
                ));
            }
            Some(_) => {}
            None => profiles.push(profile),
        }
    }
    Ok(profiles)
}

fn read_profile(raw: &RawProfile, standard: Option<&Profile>) -> Result<Profile, Fault> {
    let default_important = || standard.map(|profile| profile.important.clone()).unwrap_or_default();
    let profile = Profile {
        name: raw.name.clone(),
        steps: raw.steps.clone(),
        groups: raw.groups.iter().map(|group| group.iter().cloned().collect()).collect(),
        author_may: raw.author_may.iter().cloned().collect(),
        important: raw.important.clone().unwrap_or_else(default_important),
    };
    let word = |text: &str| {
        let ok = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        !text.is_empty() && text.len() <= 63 && !text.starts_with('-') && text.bytes().all(ok)
    };
    let all: BTreeSet<String> = profile.sequence(true).into_iter().collect();
    let distinct: BTreeSet<&String> = profile.steps.iter().collect();
    let starts = matches!(profile.steps.as_slice(), [first, second, ..] if first == "submit" && second == "secrecy-review");
    let named = profile
        .groups
        .iter()
        .flatten()
        .chain(&profile.author_may)
        .all(|step| all.contains(step) && step != "submit");
    let reserved = |step: &String| matches!(step.as_str(), "withdraw" | "roster");
    let extras_ok = profile.important.is_empty() || profile.steps.iter().any(|step| step == "final-review");
    let extras_new = profile.important.iter().all(|step| !distinct.contains(step));
    let sound = starts && named && extras_ok && extras_new && distinct.len() == profile.steps.len();
    if sound && word(&raw.name) && all.iter().all(|step| word(step) && !reserved(step)) {
        return Ok(profile);
    }
    Err(schema(
        format!(
            "流程 {} 有误：以 submit、secrecy-review 开头，步骤不得重复，groups 与 author_may 只能用其中的步骤，important 须有 final-review",
            raw.name
        ),
        format!(
            "profile {} is not sound: it starts with submit and secrecy-review, repeats no step, groups and author_may name its own steps, and important needs final-review",
            raw.name
        ),
    ))
}

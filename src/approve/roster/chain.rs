//! The chain of roster versions: consecutive, linked, anchored, authorised by
//! the roots before and after, and never forgetting a revocation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::parse::{Fault, parse};
use super::{PendingRoster, RevocationReason, Roster};
use crate::subject::parse_number;
use crate::{Anchor, Reason, Refusal, TrustAnchor};
use jiedu_base::finding::{Finding, Message, Place, Severity};
use jiedu_base::name::{Digest, PersonId};
use jiedu_base::text::{SourceFile, TextRange};

/// All versions and the statements that outlive their keys.
#[derive(Debug, Clone)]
pub(crate) struct RosterChain {
    pub(crate) rosters: Vec<Roster>,
    /// The accepted list of each version.
    pub(super) lists: Vec<BTreeSet<Digest>>,
    /// Keys that a version not yet in force revokes.
    pub(crate) suspended: BTreeMap<String, RevocationReason>,
    /// The version that is not yet in force.
    pub(crate) pending: Option<PendingRoster>,
}

/// Who agreed to one version, by the roster before it and by itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct RootVotes {
    pub(crate) old: BTreeSet<PersonId>,
    pub(crate) new: BTreeSet<PersonId>,
    /// Somebody with a root key agreed to other bytes under this number.
    pub(crate) other_bytes: bool,
}

type Files = BTreeMap<String, Arc<[u8]>>;

/// Reads all versions and checks everything that needs no statement.
pub(crate) fn read_chain(files: &Files, anchor: &Anchor) -> Result<RosterChain, Refusal> {
    let newest = sequence(files)?;
    if let Anchor::Trusted(anchor) = anchor {
        anchored(files, newest, anchor)?;
    }
    let mut rosters: Vec<Roster> = Vec::new();
    for version in 1..=newest {
        let bytes = files.get(&format!("{version}.toml")).map_or(&[][..], |bytes| bytes);
        let roster = parse(version, bytes).map_err(|fault| refuse(version, bytes, fault))?;
        if let Some(previous) = rosters.last() {
            linked(previous, &roster).map_err(|fault| refuse(version, bytes, fault))?;
        }
        rosters.push(roster);
    }
    one_owner(&rosters)?;
    let lists = accepted(files, &rosters)?;
    Ok(RosterChain { rosters, lists, suspended: BTreeMap::new(), pending: None })
}

impl RosterChain {
    /// Whether the roots keep this statement although its key or role ended.
    pub(crate) fn is_accepted(&self, statement: &Digest) -> bool {
        self.lists.iter().any(|list| list.contains(statement))
    }

    /// The newest version.
    pub(crate) fn newest(&self) -> Option<&Roster> {
        self.rosters.last()
    }

    /// The version that a statement names, if it is one of ours.
    pub(crate) fn named(&self, (version, digest): (u32, Digest)) -> Option<&Roster> {
        let at = usize::try_from(version).ok()?.checked_sub(1)?;
        self.rosters.get(at).filter(|roster| roster.digest == digest)
    }
}

pub(super) fn unauthorised(old: &Roster, new: &Roster, votes: &RootVotes) -> Refusal {
    let version = new.version;
    if votes.other_bytes {
        let zh = format!("名册第 {version} 版在签署之后被改动");
        return refuse(
            version,
            &[],
            Fault::new(Reason::RosterDigest, zh, format!("roster {version} was edited after it was signed")),
        );
    }
    let (have, need) = (votes.old.len(), old.root_threshold);
    let (have_new, need_new) = (votes.new.len(), new.root_threshold);
    let fault = Fault::new(
        Reason::RosterThreshold,
        format!(
            "名册第 {version} 版须由上一版的 {need} 名名册管理人签署，现有 {have} 名；名册管理人有变动时还须新版的 {need_new} 名，现有 {have_new} 名；请还没有签的名册管理人运行 jiedu roster sign，签完推送"
        ),
        format!(
            "roster {version} needs {need} roots of the version before (has {have}) and, as roots change, {need_new} of its own (has {have_new}); roots who have not signed run `jiedu roster sign` and push"
        ),
    );
    refuse(version, &[], fault)
}

/// The newest version; all from 1 on must be there.
fn sequence(files: &Files) -> Result<u32, Refusal> {
    let stem = |name: &String| {
        let stem = name.strip_suffix(".toml").filter(|_| !name.contains('/'))?;
        Some(parse_number(stem).ok_or_else(|| gap(&format!("roster/{name}"))))
    };
    let versions: Vec<u32> = files.keys().filter_map(stem).collect::<Result<_, _>>()?;
    let newest = versions.iter().copied().max().unwrap_or(0);
    if newest == 0 || u32::try_from(versions.len()) != Ok(newest) {
        let missing =
            (1..=newest).find(|version| !files.contains_key(&format!("{version}.toml"))).unwrap_or(1);
        return Err(gap(&format!("roster/{missing}.toml")));
    }
    Ok(newest)
}

fn gap(path: &str) -> Refusal {
    let message = Message::new(
        format!("名册须从 1.toml 起连续编号，缺少或不合：{path}"),
        format!("rosters are numbered 1.toml, 2.toml … without gaps; missing or wrong: {path}"),
    );
    refusal(Reason::RosterSequence, Place::whole(path), message)
}

/// Compares with what the website team remembers.
fn anchored(files: &Files, newest: u32, anchor: &TrustAnchor) -> Result<(), Refusal> {
    let digest = |version: u32| files.get(&format!("{version}.toml")).map(|bytes| Digest::of(bytes));
    if digest(1) != Some(anchor.site) {
        let message = Message::new(
            "名册第 1 版不是信任锚认定的那一份（SITE_MISMATCH）",
            "roster 1 is not the one the trust anchor names (SITE_MISMATCH)",
        );
        let mut refused = refusal(Reason::SiteMismatch, Place::whole("roster/1.toml"), message);
        let second = Message::new(
            "roster/1.toml 的摘要与信任锚的 site 不符",
            "the digest of roster/1.toml differs from `site` of the trust anchor",
        );
        refused
            .findings
            .extend(refusal(Reason::RosterDigest, Place::whole("roster/1.toml"), second).findings);
        return Err(refused);
    }
    if newest < anchor.min_roster {
        let seen = anchor.min_roster;
        let message = Message::new(
            format!("名册只到第 {newest} 版，信任锚已见过第 {seen} 版"),
            format!("the newest roster is {newest}, but the trust anchor has seen {seen}"),
        );
        return Err(refusal(Reason::RosterRollback, Place::whole(format!("roster/{newest}.toml")), message));
    }
    if anchor.min_roster_digest.is_some() && digest(anchor.min_roster) != anchor.min_roster_digest {
        let seen = anchor.min_roster;
        let message = Message::new(
            format!("名册第 {seen} 版与信任锚记录的不是同一份"),
            format!("roster {seen} is not the one the trust anchor remembers"),
        );
        return Err(refusal(Reason::RosterFork, Place::whole(format!("roster/{seen}.toml")), message));
    }
    Ok(())
}

/// The link to the version before, and its revocations.
fn linked(old: &Roster, new: &Roster) -> Result<(), Fault> {
    if new.previous != Some(old.digest) {
        return Err(Fault::new(
            Reason::RosterDigest,
            format!("previous 不是第 {} 版的摘要", old.version),
            format!("`previous` is not the digest of version {}", old.version),
        ));
    }
    let kept: BTreeSet<_> = new.revocations.iter().collect();
    match old.revocations.iter().find(|revocation| !kept.contains(revocation)) {
        Some(dropped) => Err(Fault::new(
            Reason::RosterRevocationDropped,
            format!("删掉了以前的撤销记录：{}", dropped.key),
            format!("an earlier revocation is gone: {}", dropped.key),
        )),
        None => Ok(()),
    }
}

/// No key may ever have belonged to two persons, in any version.
fn one_owner(rosters: &[Roster]) -> Result<(), Refusal> {
    let mut owners = BTreeMap::new();
    for roster in rosters {
        for key in &roster.keys {
            let owner = owners.entry(key.verifier.material()).or_insert(&key.person);
            if **owner != key.person {
                let fault = Fault::new(
                    Reason::KeyShared,
                    format!("{} 的密钥曾登记在 {owner} 名下", key.person),
                    format!("a key of {} once belonged to {owner}", key.person),
                );
                return Err(refuse(roster.version, &[], fault));
            }
        }
    }
    Ok(())
}

/// The accepted list of each version; each must be the one its roster names.
fn accepted(files: &Files, rosters: &[Roster]) -> Result<Vec<BTreeSet<Digest>>, Refusal> {
    let mut all = Vec::new();
    let lists = files.keys().filter(|name| name.starts_with("accepted/")).count();
    let mut named = 0;
    for roster in rosters {
        let name = format!("accepted/{}.txt", roster.version);
        let file = files.get(&name);
        if file.map(|bytes| Digest::of(bytes)) != roster.accepted {
            let message = Message::new(
                format!("roster/{name} 与名册第 {} 版写明的摘要不符", roster.version),
                format!("roster/{name} does not match the digest in roster {}", roster.version),
            );
            return Err(refusal(Reason::RosterDigest, Place::whole(format!("roster/{name}")), message));
        }
        let Some(bytes) = file else {
            all.push(BTreeSet::new());
            continue;
        };
        named += 1;
        let ids = list(bytes).ok_or_else(|| {
            let message = Message::new(
                "保留清单须每行一个 sha256:…，按序排列，行尾为 LF",
                "an accepted list has one sha256:… a line, sorted, ending in LF",
            );
            refusal(Reason::RosterSchema, Place::whole(format!("roster/{name}")), message)
        })?;
        all.push(ids.into_iter().collect());
    }
    if named == lists {
        return Ok(all);
    }
    let message = Message::new(
        "accepted/ 下有不属于任何名册版本的文件",
        "a file below accepted/ belongs to no roster version",
    );
    Err(refusal(Reason::RosterDigest, Place::whole("roster/accepted"), message))
}

fn list(bytes: &[u8]) -> Option<Vec<Digest>> {
    let text = std::str::from_utf8(bytes).ok()?;
    if text.is_empty() {
        return Some(Vec::new());
    }
    let ids: Vec<Digest> =
        text.strip_suffix('\n')?.split('\n').map(|line| Digest::parse(line).ok()).collect::<Option<_>>()?;
    ids.is_sorted().then_some(ids)
}

fn refuse(version: u32, bytes: &[u8], fault: Fault) -> Refusal {
    let path = format!("roster/{version}.toml");
    let place = match (fault.range, std::str::from_utf8(bytes)) {
        (Some(range), Ok(text)) => Place::range(&SourceFile::new(&path, text), TextRange::from(range)),
        _ => Place::whole(path),
    };
    refusal(fault.reason, place, fault.message)
}

fn refusal(reason: Reason, place: Place, message: Message) -> Refusal {
    let finding = Finding::new(reason.code(), reason.rule(), "approval", Severity::Error, place, message)
        .note(
            "名册或信任根不可信时，任何内容都不会生成；请联系名册的名册管理人核对。",
            "nothing is written while the roster or the trust root is in doubt; ask the roots of the roster",
        )
        .blocking();
    Refusal { reason, findings: vec![finding] }
}

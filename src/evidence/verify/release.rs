//! The release statement: who signed it, what it speaks of, what it follows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::VerifyInput;
use super::report::{Problem, VerifyReport};
use crate::builder::archive_digest;
use crate::ledger::Ledger;
use crate::manifest::{MANIFEST_PATH, Manifest, RELEASE_PATH, SIGNATURE_PATH};
use crate::release::Release;
use crate::seal::{forged, is_forged};
use crate::site::{BuiltSite, EVIDENCE};
use jiedu_approve::{
    Anchor, Approvals, Carrier, NothingReachable, ReadInput, Reason, StatementSource, Subject, TrustAnchor,
};
use jiedu_base::clock::Clock;
use jiedu_base::name::Digest;
use jiedu_base::text::Message;

/// The evidence files, wherever they are kept.
pub(super) struct Documents<'a> {
    files: BTreeMap<&'a str, &'a Arc<[u8]>>,
}

impl<'a> Documents<'a> {
    /// Evidence inside the site wins; beside it is looked at only when there
    /// is none inside.
    pub(super) fn new(site: &'a BuiltSite) -> Self {
        let below = |files: &'a BTreeMap<String, Arc<[u8]>>| -> BTreeMap<&'a str, &'a Arc<[u8]>> {
            files.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(EVIDENCE)?, bytes))).collect()
        };
        let inside = below(&site.documents);
        let files =
            if inside.is_empty() { site.archive.as_ref().map(below).unwrap_or_default() } else { inside };
        Self { files }
    }

    /// The bytes of an evidence file.
    pub(super) fn get(&self, path: &str) -> Option<&'a Arc<[u8]>> {
        self.files.get(path).copied()
    }

    /// The files below a folder of the evidence, by path relative to it.
    fn below(&self, folder: &str) -> BTreeMap<String, Arc<[u8]>> {
        let entries = self
            .files
            .iter()
            .filter_map(|(path, bytes)| Some(((*path).strip_prefix(folder)?.to_owned(), (*bytes).clone())));
        entries.collect()
    }
}

/// The path of an evidence file as problems name it.
pub(super) fn at(path: &str) -> String {
    format!("{EVIDENCE}{path}")
}

/// Reads `release.json`.
pub(super) fn read(site: &BuiltSite, report: &mut VerifyReport) -> Option<Release> {
    let Some(bytes) = site.document(RELEASE_PATH) else {
        let message = Message::new("网站没有 release.json（发布声明）", "there is no release.json");
        report.add("SITE_FILE_MISSING", RELEASE_PATH, message);
        return None;
    };
    match Release::parse(bytes) {
        Ok(release) => Some(release),
        Err(error) => {
            let message = Message::new(
                format!("release.json 有误：{error}"),
                format!("release.json is malformed: {error}"),
            );
            report.add("ENVELOPE_MALFORMED", RELEASE_PATH, message);
            None
        }
    }
}

/// Evidence beside the site is the one that the release names.
pub(super) fn archive(site: &BuiltSite, release: &Release, report: &mut VerifyReport) {
    let Some(expected) = release.archive else { return };
    let Some(files) = &site.archive else {
        let message = Message::new(
            "审签证据未随网站公开；请把存档的 `<网站文件夹>-evidence` 放在网站文件夹旁边再验证",
            "the evidence is not public; put the archived folder `<site>-evidence` beside the site to verify",
        );
        report.add("SITE_FILE_MISSING", at(""), message);
        return;
    };
    if digest_beside(files) != expected {
        let message = Message::new(
            "存档证据文件夹与发布时的不一致",
            "the evidence folder beside the site is not the one of this release",
        );
        report.add("SITE_FILE_CHANGED", at(""), message);
    }
}

/// The digest of evidence as it was read from beside a site.
fn digest_beside(files: &BTreeMap<String, Arc<[u8]>>) -> Digest {
    let inside =
        |(path, bytes): (&String, &Arc<[u8]>)| Some((path.strip_prefix(EVIDENCE)?.to_owned(), bytes.clone()));
    archive_digest(&files.iter().filter_map(inside).collect())
}

/// Whether the evidence beside a site is that of its release; also when the
/// release has none beside it.
#[must_use]
pub fn evidence_fits(site: &BuiltSite) -> bool {
    let release = site.document(RELEASE_PATH).and_then(|bytes| Release::parse(bytes).ok());
    let Some(expected) = release.and_then(|release| release.archive) else { return true };
    site.archive.as_ref().is_some_and(|files| digest_beside(files) == expected)
}

/// Judges rosters and statements again, from the files alone.
pub(super) fn approvals(
    anchor: &Anchor,
    documents: &Documents<'_>,
    release: &Release,
    report: &mut VerifyReport,
) -> Option<Approvals> {
    let Ok(clock) = Clock::parse(&release.judged_at) else {
        let message =
            Message::new("release.json 的发布时刻写法有误", "the instant in release.json cannot be read");
        report.add("ENVELOPE_MALFORMED", RELEASE_PATH, message);
        return None;
    };
    if !instants_agree(release, clock) {
        let message = Message::new(
            "release.json 的审签判定时刻与发布时刻不符",
            "release.json judges approvals at an instant that does not fit the one of publication",
        );
        report.add("ENVELOPE_MALFORMED", RELEASE_PATH, message);
    }
    let statements: Vec<StatementSource> = documents
        .below("statements/")
        .into_iter()
        .map(|(name, bytes)| StatementSource { bytes, carrier: Carrier::File(name) })
        .collect();
    let sets =
        release.sets.iter().map(|set| (Subject::from(&set.id), set.current().map(|edition| edition.digest)));
    let small = release.small.iter().map(|set| (Subject::Small(set.id.clone()), Some(set.digest)));
    let current: BTreeMap<Subject, Option<Digest>> =
        sets.chain(small).chain([(Subject::Site, Some(release.theme.digest))]).collect();
    let roster = documents.below("roster/");
    let input = ReadInput {
        roster: &roster,
        statements: &statements,
        anchor,
        at: clock,
        at_given: release.at_given,
        current: &current,
        tree: &NothingReachable,
    };
    match Approvals::read(&input) {
        Ok(checked) => {
            // What is published never holds a roster that is not in force.
            if let Some(pending) = checked.value.pending_roster() {
                let path = at(&format!("roster/{}.toml", pending.version));
                report.add("ROSTER_THRESHOLD", path, Reason::RosterThreshold.explanation());
            }
            Some(checked.value)
        }
        Err(refusal) => {
            let explained = refusal.reason.explanation();
            let detail = refusal.findings.first().map(|finding| finding.message.clone());
            let message = detail.unwrap_or(explained);
            let path = refusal.findings.first().map_or("roster/", |finding| finding.place.path.as_str());
            report.add(refusal.reason.code(), at(path), message);
            None
        }
    }
}

/// Whether keys are judged at the given instant, or, with the default one, at
/// the latest commit: an earlier one would revive keys that have ended.
fn instants_agree(release: &Release, judged: Clock) -> bool {
    let Ok(at) = Clock::parse(&release.at) else { return false };
    if release.at_given { judged.unix() == at.unix() } else { judged.unix() >= at.unix() }
}

/// Checks who signed the release.
pub(super) fn publisher(site: &BuiltSite, approvals: &Approvals, report: &mut VerifyReport) {
    let has_publishers = approvals.rosters().last().is_some_and(|roster| !roster.publishers.is_empty());
    if !has_publishers {
        report.warnings.push(Problem {
            path: RELEASE_PATH.to_owned(),
            code: "PUBLISHER_UNKNOWN",
            message: Message::new(
                "名册里没有发布人（[[publisher]]），无法证明网站由谁发布；请在名册下一版加入发布人，并用 --publish-key 生成网站",
                "the roster names no publisher ([[publisher]]), so nothing proves who published this site; name one in the next roster and build with --publish-key",
            ),
        });
    }
    let release = site.document(RELEASE_PATH).map(AsRef::as_ref).unwrap_or_default();
    let Some(armour) = site.document(SIGNATURE_PATH) else {
        // An office without publishers relies on the anchor alone (details 45).
        if has_publishers {
            let message = Message::new(
                "没有发布签名；请网站运维方用 `jiedu build --publish-key` 重新生成",
                "the release is not signed; build it with `--publish-key`",
            );
            report.add("PUBLISHER_INVALID", SIGNATURE_PATH, message);
        }
        return;
    };
    let checked = std::str::from_utf8(armour)
        .map_err(|_| None)
        .and_then(|text| approvals.check_publisher(release, text).map_err(Some));
    match checked {
        Ok(person) => report.publisher = Some(person),
        Err(reason) => {
            let why = reason.map_or_else(|| Message::new("不是文本", "not text"), Reason::explanation);
            // Either file may be the one that was touched.
            for path in [RELEASE_PATH, SIGNATURE_PATH] {
                let message = Message::new(
                    format!(
                        "发布签名无效（{}）：release.json 或 release.sshsig 被改动，或签名人不是名册里的发布人",
                        why.zh
                    ),
                    format!(
                        "the publisher's signature is not valid ({}): release.json or release.sshsig was changed, or the signer is no publisher of the roster",
                        why.en
                    ),
                );
                report.add("PUBLISHER_INVALID", path, message);
            }
        }
    }
}

/// Checks that the release speaks of this site, this roster and this ledger.
pub(super) fn agrees(
    site: &BuiltSite,
    approvals: &Approvals,
    release: &Release,
    documents: &Documents<'_>,
    report: &mut VerifyReport,
) {
    if site.files.get(MANIFEST_PATH).is_some_and(|fact| fact.digest != release.manifest) {
        let message = Message::new(
            "manifest.json 与发布声明所指的不一致，已被改动",
            "manifest.json was changed: it is not the one the release speaks of",
        );
        report.add("SITE_FILE_CHANGED", MANIFEST_PATH, message);
    }
    let manifest = site.document(MANIFEST_PATH).and_then(|bytes| Manifest::parse(bytes).ok());
    if manifest.is_some_and(|manifest| manifest.revision != release.commit || manifest.at != release.at) {
        let message = Message::new(
            "manifest.json 与发布声明所说的版本或发布时刻不一致",
            "manifest.json and the release disagree about the revision or the instant",
        );
        report.add("SITE_FILE_CHANGED", MANIFEST_PATH, message);
    }
    let newest = approvals.rosters().last().map(|roster| (roster.version, roster.digest));
    if release.site != approvals.site() || newest != Some((release.roster.version, release.roster.digest)) {
        let message = Message::new(
            "发布声明所指的名册与证据里的不一致",
            "the release names another roster than the evidence holds",
        );
        report.add("ROSTER_DIGEST", RELEASE_PATH, message);
    }
    let path = "ledger.txt";
    match documents.get(path).map(|bytes| Ledger::parse(bytes.as_ref())) {
        None => report.add(
            "SITE_FILE_MISSING",
            at(path),
            Message::new("证据里没有 ledger.txt（声明总账）", "the evidence has no ledger.txt"),
        ),
        Some(Err(error)) => report.add(
            "ENVELOPE_MALFORMED",
            at(path),
            Message::new(format!("声明总账有误：{error}"), format!("the ledger is malformed: {error}")),
        ),
        Some(Ok(ledger)) => {
            if ledger.digest() != release.ledger {
                let message = Message::new(
                    "声明总账与发布声明所指的不一致",
                    "the ledger is not the one the release names",
                );
                report.add("LEDGER_SHRUNK", at(path), message);
            }
            let held = Ledger::of(approvals.known());
            if let Some(id) = held.statements.difference(&ledger.statements).next() {
                let message = Message::new(
                    format!("声明 {id} 有证据却不在总账里"),
                    format!("the statement {id} is in evidence but not in the ledger"),
                );
                report.add("LEDGER_SHRUNK", at(path), message);
            }
        }
    }
}

/// Checks that the release follows what the anchor and `--previous` remember.
pub(super) fn follows(
    input: &VerifyInput<'_>,
    release: &Release,
    documents: &Documents<'_>,
    report: &mut VerifyReport,
) {
    let rollback = |report: &mut VerifyReport, zh: String, en: String| {
        report.add("RELEASE_ROLLBACK", RELEASE_PATH, Message::new(zh, en));
    };
    if let Anchor::Trusted(anchor) = input.anchor {
        let (sequence, least) = (release.sequence, anchor.min_release);
        if sequence < least {
            rollback(
                report,
                format!("这是第 {sequence} 次发布，而信任锚记录已发布到第 {least} 次：有人放回了旧网站"),
                format!(
                    "this is release {sequence}, but the anchor remembers release {least}: an old site was put back"
                ),
            );
        } else if sequence == least
            && anchor.min_release_digest.is_some_and(|digest| digest != release.digest())
        {
            rollback(
                report,
                format!("第 {sequence} 次发布与信任锚记录的不是同一份"),
                format!("release {sequence} is not the one the anchor remembers"),
            );
        }
    }
    let Some(previous) = input.previous else { return };
    if is_forged(previous, input.anchor) {
        report.add("RELEASE_ROLLBACK", RELEASE_PATH, forged(previous));
    }
    let same = previous.digest == Some(release.digest());
    if release.sequence < previous.sequence || (release.sequence == previous.sequence && !same) {
        rollback(
            report,
            format!("这是第 {} 次发布，不在所给的第 {} 次之后", release.sequence, previous.sequence),
            format!(
                "this is release {}, which does not follow the given release {}",
                release.sequence, previous.sequence
            ),
        );
    } else if release.sequence == previous.sequence.saturating_add(1) && release.previous != previous.digest {
        rollback(
            report,
            "这次发布所记的上一次发布不是所给的那一份".to_owned(),
            "this release follows another one than the given".to_owned(),
        );
    }
    let ledger = documents.get("ledger.txt").and_then(|bytes| Ledger::parse(bytes).ok()).unwrap_or_default();
    let lost =
        previous.ledger.as_ref().and_then(|before| before.statements.difference(&ledger.statements).next());
    if let Some(lost) = lost {
        let message = Message::new(
            format!("上一次发布的总账里有声明 {lost}，这一次没有：可能有退回或撤下的决定被隐瞒"),
            format!(
                "the statement {lost} of the earlier release is gone: a rejection or withdrawal may be hidden"
            ),
        );
        report.add("LEDGER_SHRUNK", at("ledger.txt"), message);
    }
}

/// The values to remember from now on.
pub(super) fn advance(anchor: &Anchor, release: &Release) -> Option<TrustAnchor> {
    let Anchor::Trusted(anchor) = anchor else { return None };
    Some(TrustAnchor {
        site: anchor.site,
        min_roster: release.roster.version,
        min_roster_digest: Some(release.roster.digest),
        min_release: release.sequence,
        min_release_digest: Some(release.digest()),
    })
}

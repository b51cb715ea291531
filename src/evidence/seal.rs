//! Adding evidence, manifest and release statement to a rendered tree.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::builder::{Sources, archive_digest, is_disclosed, is_public, tree};
use super::ledger::Ledger;
use super::manifest::{FileFact, GENERATOR, MANIFEST_PATH, Manifest, RELEASE_PATH, facts};
use super::release::{NOT_DISCLOSED, Release, ReleasedEdition, ReleasedSet, RosterRef, SiteRef, SmallRef};
use super::site::{BuiltSite, EVIDENCE};
use jiedu_approve::{Anchor, Approvals, Cleared};
use jiedu_base::clock::Clock;
use jiedu_base::name::{CommitId, Digest};
use jiedu_base::text::Message;
use jiedu_edition::{Edition, PublishedSet, SmallEdition};
use jiedu_redline as redline;

/// What a release is made of, besides the rendered files.
pub struct SealInput<'a> {
    /// The commit that was built.
    pub commit: &'a CommitId,
    /// The publication instant.
    pub clock: Clock,
    /// Whether a person chose the instant.
    pub at_given: bool,
    /// The instant at which keys and roles were judged.
    pub judged_at: Clock,
    /// Everything that was signed.
    pub approvals: &'a Approvals,
    /// `roster/**`, by path relative to that folder.
    pub roster: &'a BTreeMap<String, Arc<[u8]>>,
    /// The sets on the site.
    pub sets: &'a [PublishedSet],
    /// The catalogue, lists and reports on the site.
    pub small: &'a [SmallEdition],
    /// The clearance of the set `site`.
    pub site: &'a Cleared,
    /// Digest manifest of the set `site`.
    pub site_manifest: &'a [u8],
    /// `[record] evidence = "private"`: evidence goes beside the site.
    pub private: bool,
    /// The trust anchor.
    pub anchor: &'a Anchor,
    /// The release before, when `--previous` names one.
    pub previous: Option<&'a PreviousRelease>,
}

/// What the next release must know of the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousRelease {
    /// Its number.
    pub sequence: u64,
    /// Digest of its `release.json`; none before the first.
    pub digest: Option<Digest>,
    /// Its ledger; none when it is not known (a rebuild for `verify`).
    pub ledger: Option<Ledger>,
    /// All that it says, where it is known.
    pub release: Option<Release>,
    /// What the statements in its evidence say they are, by id: who took which
    /// step of which set.
    pub statements: BTreeMap<Digest, String>,
}

impl PreviousRelease {
    /// Reads the release of an older build of the site.
    ///
    /// # Errors
    /// What is wrong with it, in one phrase.
    pub fn read(site: &BuiltSite) -> Result<Self, String> {
        let bytes = site.document(RELEASE_PATH).ok_or("it has no release.json")?;
        let release = Release::parse(bytes).map_err(|error| format!("release.json: {error}"))?;
        let path = format!("{EVIDENCE}ledger.txt");
        let bytes = site
            .document(&path)
            .or_else(|| site.archive.as_ref()?.get(&path))
            .ok_or("it has no ledger.txt")?;
        let ledger = Ledger::parse(bytes).map_err(|error| format!("ledger.txt: {error}"))?;
        if ledger.digest() != release.ledger {
            return Err("ledger.txt is not the one its release.json names".into());
        }
        let statements = ledger
            .statements
            .iter()
            .filter_map(|id| {
                let path = format!("{EVIDENCE}statements/{}.commit", id.hex());
                let bytes = site.document(&path).or_else(|| site.archive.as_ref()?.get(&path))?;
                Some((*id, spoken(bytes)))
            })
            .collect();
        Ok(Self {
            sequence: release.sequence,
            digest: Some(release.digest()),
            ledger: Some(ledger),
            release: Some(release),
            statements,
        })
    }
}

/// A tree with everything but the publisher's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// All files of the site.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// Evidence that belongs beside the site, in private mode.
    pub archive: Option<BTreeMap<String, Arc<[u8]>>>,
    /// The release statement; none for drafts.
    pub release: Option<Release>,
}

/// A release that may not follow the one before (exit 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealRefusal {
    /// `RELEASE_ROLLBACK` or `LEDGER_SHRUNK`.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: Message,
}

/// Seals a release.
///
/// # Errors
/// [`SealRefusal`] when the release would roll back or hide something.
pub fn seal(mut files: BTreeMap<String, Arc<[u8]>>, input: &SealInput<'_>) -> Result<Sealed, SealRefusal> {
    let mut sealed = seal_listed(facts(&files), input)?;
    files.append(&mut sealed.files);
    Ok(Sealed { files, ..sealed })
}

/// Seals a release whose pages are written already: `listed` says what they
/// are, and the answer holds only the files that are added to them.
///
/// # Errors
/// [`SealRefusal`] when the release would roll back or hide something.
pub fn seal_listed(
    mut listed: BTreeMap<String, FileFact>,
    input: &SealInput<'_>,
) -> Result<Sealed, SealRefusal> {
    let ledger = Ledger::of(input.approvals.known());
    check_ledger(&ledger, input.previous)?;
    let sources = Sources {
        approvals: input.approvals,
        roster: input.roster,
        sets: input.sets,
        small: input.small,
        site_manifest: input.site_manifest,
    };
    let evidence = tree(&sources, &ledger);
    let archive = input.private.then(|| archive_digest(&evidence));
    let (mut files, mut beside) = (BTreeMap::new(), None);
    if input.private {
        beside = Some(evidence);
    } else {
        files.extend(evidence.into_iter().map(|(path, bytes)| (format!("{EVIDENCE}{path}"), bytes)));
    }
    listed.append(&mut facts(&files));
    let manifest = Manifest::listing(listed, input.commit.as_str(), &input.clock, false).to_json();
    let release = release(Digest::of(&manifest), &ledger, archive, input);
    check_sequence(&release, input.anchor)?;
    check_previous(input.previous, input.anchor)?;
    files.insert(MANIFEST_PATH.to_owned(), Arc::from(manifest));
    files.insert(RELEASE_PATH.to_owned(), Arc::from(release.to_json()));
    Ok(Sealed { files, archive: beside, release: Some(release) })
}

impl Sealed {
    /// Seals a site with drafts: a manifest that says so, no evidence, no
    /// release. Nothing but a new build without `--drafts` removes the mark.
    #[must_use]
    pub fn drafts(mut files: BTreeMap<String, Arc<[u8]>>, revision: &str, clock: &Clock) -> Self {
        let mut sealed = Self::drafts_listed(facts(&files), revision, clock);
        files.append(&mut sealed.files);
        Self { files, ..sealed }
    }

    /// The same for pages that are written already: only the manifest.
    #[must_use]
    pub fn drafts_listed(listed: BTreeMap<String, FileFact>, revision: &str, clock: &Clock) -> Self {
        let manifest = Manifest::listing(listed, revision, clock, true).to_json();
        let files = BTreeMap::from([(MANIFEST_PATH.to_owned(), Arc::from(manifest))]);
        Self { files, archive: None, release: None }
    }

    /// Adds the publisher's signature.
    pub fn add_signature(&mut self, armour: &str) {
        self.files.insert(super::SIGNATURE_PATH.to_owned(), Arc::from(armour.as_bytes()));
    }
}

fn release(manifest: Digest, ledger: &Ledger, archive: Option<Digest>, input: &SealInput<'_>) -> Release {
    let newest = input.approvals.rosters().last();
    let site = input.approvals.site();
    let roster = newest.map_or(RosterRef { version: 1, digest: site }, |roster| RosterRef {
        version: roster.version,
        digest: roster.digest,
    });
    let format = if input.commit.as_str().len() == 64 { "sha256" } else { "sha1" };
    let mut sets: Vec<ReleasedSet> = input.sets.iter().filter(|set| is_public(set)).map(released).collect();
    sets.sort_by(|a, b| a.id.cmp(&b.id));
    Release {
        manifest,
        site,
        sequence: input.previous.map_or(1, |previous| previous.sequence.saturating_add(1)),
        previous: input.previous.and_then(|previous| previous.digest),
        roster,
        commit: input.commit.to_string(),
        object_format: format.to_owned(),
        builder: GENERATOR.to_owned(),
        redline: redline::ALGORITHM.to_owned(),
        theme: SiteRef {
            digest: *input.site.digest(),
            revision: input.site.revision(),
            statements: input.site.statements(),
        },
        small: input.small.iter().map(released_small).collect(),
        at: input.clock.rfc3339(),
        at_given: input.at_given,
        judged_at: input.judged_at.rfc3339(),
        sets,
        ledger: ledger.digest(),
        archive,
    }
}

fn released_small(edition: &SmallEdition) -> SmallRef {
    SmallRef {
        id: edition.id().clone(),
        digest: *edition.proof().digest(),
        revision: edition.proof().revision(),
        statements: edition.proof().statements(),
    }
}

fn released(set: &PublishedSet) -> ReleasedSet {
    ReleasedSet {
        id: set.id.clone(),
        aliases: set.aliases().into_iter().cloned().collect(),
        withdrawn: set.withdrawn.as_ref().map(|(statement, _)| *statement),
        editions: set.editions.iter().map(released_edition).collect(),
    }
}

fn released_edition(edition: &Edition) -> ReleasedEdition {
    ReleasedEdition {
        number: edition.number,
        digest: edition.digest,
        revision: edition.revision,
        statements: edition.steps.iter().map(|step| step.statement).collect(),
        important: edition.set.policy.as_ref().is_some_and(|policy| policy.meta.important),
        void: edition.void.or((!is_disclosed(edition)).then_some(NOT_DISCLOSED)).map(str::to_owned),
    }
}

/// What a statement says it is: set, round, step, decision and signer.
fn spoken(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let value = |key: &str| {
        let found = text.lines().rev().find_map(|line| line.strip_prefix(key));
        found.unwrap_or("?").chars().take(80).collect()
    };
    let keys = [
        "Approval-Set: ",
        "Approval-Revision: ",
        "Approval-Step: ",
        "Approval-Decision: ",
        "Approval-Signer: ",
    ];
    let words: Vec<String> = keys.iter().map(|key| value(key)).collect();
    words.join(" ")
}

/// How many lost statements are named.
const NAMED: usize = 5;

/// The next ledger must hold all of the last one.
fn check_ledger(ledger: &Ledger, previous: Option<&PreviousRelease>) -> Result<(), SealRefusal> {
    let Some((previous, before)) = previous.and_then(|it| Some((it, it.ledger.as_ref()?))) else {
        return Ok(());
    };
    let lost: Vec<&Digest> = before.statements.difference(&ledger.statements).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = lost
        .iter()
        .take(NAMED)
        .map(|id| {
            previous.statements.get(id).map_or_else(|| id.to_string(), |said| format!("{said}（{id}）"))
        })
        .collect();
    let (count, names) = (lost.len(), names.join("; "));
    Err(SealRefusal {
        code: "LEDGER_SHRUNK",
        message: Message::new(
            format!(
                "上一次发布时已有的审签声明不见了 {count} 条：{names}。请在还有这些提交的克隆里运行 `jiedu collect` 收回仓库（或用 `jiedu collect --from 分支`），提交并推送后重新生成"
            ),
            format!(
                "{count} statement(s) of the last release are gone: {names}. Bring them back with `jiedu collect` (or `jiedu collect --from BRANCH`) in a clone that still has them, commit, push, and build again"
            ),
        ),
    })
}

/// The release before must be the one that the anchor remembers, where both
/// speak of the same number: else a forged older site could decide what this
/// one may leave out.
fn check_previous(previous: Option<&PreviousRelease>, anchor: &Anchor) -> Result<(), SealRefusal> {
    match previous.filter(|previous| is_forged(previous, anchor)) {
        None => Ok(()),
        Some(previous) => Err(SealRefusal { code: "RELEASE_ROLLBACK", message: forged(previous) }),
    }
}

/// Whether the given older release is another one than the anchor remembers.
pub(super) fn is_forged(previous: &PreviousRelease, anchor: &Anchor) -> bool {
    let Anchor::Trusted(anchor) = anchor else { return false };
    previous.sequence == anchor.min_release
        && anchor.min_release_digest.is_some_and(|digest| Some(digest) != previous.digest)
}

/// What to say of it.
pub(super) fn forged(previous: &PreviousRelease) -> Message {
    let sequence = previous.sequence;
    Message::new(
        format!(
            "`--previous` 给的第 {sequence} 次发布与信任锚记录的不是同一份；请指定真正在线上的网站文件夹"
        ),
        format!(
            "the release {sequence} given with `--previous` is not the one the anchor remembers; name the folder of the site that is online"
        ),
    )
}

/// A release may not be older than what the anchor remembers, nor another one
/// of the same number.
fn check_sequence(release: &Release, anchor: &Anchor) -> Result<(), SealRefusal> {
    let Anchor::Trusted(anchor) = anchor else { return Ok(()) };
    let forked = release.sequence == anchor.min_release
        && anchor.min_release_digest.is_some_and(|digest| digest != release.digest());
    if release.sequence >= anchor.min_release && !forked {
        return Ok(());
    }
    let (sequence, least) = (release.sequence, anchor.min_release);
    Err(SealRefusal {
        code: "RELEASE_ROLLBACK",
        message: Message::new(
            format!(
                "这将是第 {sequence} 次发布，而信任锚记录已发布到第 {least} 次；请用 `--previous` 指定现有网站文件夹"
            ),
            format!(
                "this would be release {sequence}, but the anchor remembers release {least}; name the present site with `--previous`"
            ),
        ),
    })
}

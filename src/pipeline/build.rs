//! `build`: from a judged revision to a sealed site, and the rebuild that
//! `verify --repo` compares with.
//!
//! Order of refusals: no trust anchor, untrusted ground, unapproved site-wide
//! files, release history (missing legal values stop where `site.toml` is read). Only then is anything
//! rendered, and only a complete site replaces the old one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::assemble::{Made, Source, assemble, in_memory};
use super::check::{names, work_tree_findings};
use super::due::{DueItem, due_of};
use super::instant::{Instant, Time};
use super::join::refuse_unexpected;
use super::pages::Pages;
use super::pins;
use super::revision::{ReadOptions, Revision};
use super::state::is_disclosed;
use super::vanished::{EDITION_HIDDEN, refuse_vanished};
use super::{JudgedSet, Stop, in_pool};
use jiedu_approve::{Cleared, SetState, StepState, StepStatus, TrustAnchor};
use jiedu_base::clock::Clock;
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::name::{CommitId, Digest, PersonId, SetId};
use jiedu_base::text::Message;
use jiedu_edition::{Birth, Edition, PublishedSet};
use jiedu_evidence::{PreviousRelease, Recorded, Sealed};
use jiedu_output::{self as output, Limits};
use jiedu_source::Repository;

/// What `build` is asked to do.
#[derive(Debug, Clone, Copy)]
pub struct BuildOptions<'a> {
    /// The revision.
    pub revision: &'a str,
    /// The instant.
    pub time: Time,
    /// The trust anchor; may be absent only with `drafts`.
    pub anchor: Option<&'a TrustAnchor>,
    /// Whether unapproved texts are let in, visibly marked.
    pub drafts: bool,
    /// Where the site goes.
    pub out: &'a Path,
    /// An older build that this release follows.
    pub previous: Option<&'a Path>,
    /// The publisher's key.
    pub publish_key: Option<&'a Path>,
    /// Threads; none for as many as the machine has.
    pub jobs: Option<usize>,
}

/// A set that is not on the site as it stands in the revision.
#[derive(Debug, Clone)]
pub struct LeftOut {
    /// Its id.
    pub id: SetId,
    /// 标题.
    pub title: String,
    /// Reason code.
    pub reason: &'static str,
    /// The edition that stays on the site instead.
    pub standing: Option<u32>,
    /// Whether a complete chain is held back by another rule.
    pub held_back: bool,
    /// The first step that is not done.
    pub next: Option<StepStatus>,
}

/// What was built.
#[derive(Debug)]
pub struct BuildReport {
    /// The commit.
    pub revision: CommitId,
    /// The instant.
    pub instant: Instant,
    /// The folder written.
    pub folder: PathBuf,
    /// Where foreign files of an old folder went, when there were any.
    pub kept: Option<PathBuf>,
    /// Files written.
    pub files: usize,
    /// HTML pages among them.
    pub pages: usize,
    /// Number of sets on the site, tombstones included.
    pub sets: usize,
    /// Those among them with a text that is shown, or with a withdrawal in its place.
    pub shown: usize,
    /// Sets left out, or held at an older edition.
    pub left_out: Vec<LeftOut>,
    /// Approved sets whose date is still to come.
    pub scheduled: Vec<SetId>,
    /// What a person should know.
    pub findings: Vec<Finding>,
    /// Number and digest of the release; none for drafts.
    pub release: Option<(u64, Digest)>,
    /// Whether the publisher's signature was made.
    pub signed: bool,
    /// Whether a rule holds back the newest approved text of a set that counts
    /// as published.
    held_back_editions: bool,
    /// The next instant at which the site says something else: the sets, not
    /// people and keys.
    pub next_due: Option<DueItem>,
    /// Names of the people of the roster, by id.
    pub names: BTreeMap<PersonId, String>,
}

impl BuildReport {
    /// Whether something is wrong that somebody must see to: an approved text
    /// that a rule holds back, no set at all on the site, or files that belong
    /// to no set. Drafts and next editions under way are the normal state of an
    /// office.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        let stray = |finding: &Finding| finding.severity == Severity::Error && finding.code != EDITION_HIDDEN;
        let is_empty = self.release.is_some() && self.shown == 0;
        // A damaged object is no draft under way: somebody must look at the disk.
        let is_damaged = |set: &LeftOut| matches!(set.reason, "OBJECT_CORRUPT" | "OBJECT_MISSING");
        let held_back = self.left_out.iter().any(|set| set.held_back || is_damaged(set));
        held_back || is_empty || self.held_back_editions || self.findings.iter().any(stray)
    }

    /// Whether any set is not on the site as it stands in the revision
    /// (`--strict`).
    #[must_use]
    pub fn leaves_out(&self) -> bool {
        !self.left_out.is_empty()
    }
}

/// Builds the site of a revision and puts it in place.
///
/// # Errors
/// [`Stop`]; nothing was written then.
pub fn build(repository: &Repository, options: &BuildOptions<'_>) -> Result<BuildReport, Stop> {
    in_pool(options.jobs, || publish(repository, options, &Source::Rendered, None))
}

/// Judges, makes or collects the pages, seals, and swaps the site in.
pub(super) fn publish(
    repository: &Repository,
    options: &BuildOptions<'_>,
    source: &Source<'_>,
    expect: Option<&[u8]>,
) -> Result<BuildReport, Stop> {
    output::check_target(options.out).map_err(|error| output_stop(&error))?;
    for site in [Some(options.out), options.previous].into_iter().flatten() {
        output::heal_evidence(site).map_err(|error| output_stop(&error))?;
    }
    let previous = options.previous.map(read_previous).transpose()?;
    let read = read(repository, options)?;
    let mut sets = site_sets(&read, options.drafts);
    let known = previous.as_ref().and_then(|previous| previous.release.as_ref());
    let known = known.map(|release| pins::released(&release.sets)).unwrap_or_default();
    let is_known = |id: &SetId, digest: &Digest| known.get(id).is_some_and(|set| set.contains(digest));
    let held = if options.drafts { Vec::new() } else { pins::hold_back(&mut sets, is_known) };
    if !options.drafts {
        refuse_forgotten_roster(&read, previous.as_ref())?;
        refuse_vanished(&read, &sets, previous.as_ref())?;
    }
    let publication = output::Publication::begin(options.out).map_err(|error| output_stop(&error))?;
    let seen = Pages::of(&sets);
    let put = |path: &str, bytes: Cow<'_, [u8]>| {
        seen.see(path, &bytes);
        publication.put(path, &bytes).map_err(|error| output_stop(&error))
    };
    let mut made = assemble(&read, &sets, options, previous.as_ref(), source, &put)?;
    refuse_unexpected(&made.sealed, expect)?;
    let signature = sign(&mut made.sealed, options)?;
    let signed = signature.is_some();
    let mut findings = notices(repository, &read, options);
    findings.extend(seen.findings(&read, &sets));
    findings.extend(held.iter().flat_map(|held| held.findings.iter().cloned()));
    findings.extend(signature.and_then(|armour| foreign_publisher(&read, &made.sealed, &armour)));
    made.sealed.files.iter().try_for_each(|(path, bytes)| put(path, Cow::Borrowed(bytes)))?;
    let Made { sealed, files, pages } = made;
    let report = BuildReport {
        revision: read.commit.clone(),
        instant: read.instant,
        folder: PathBuf::new(),
        kept: None,
        files: files + sealed.files.len(),
        pages,
        sets: sets.len(),
        shown: sets.iter().filter(|set| set.withdrawn.is_some() || set.current().is_some()).count(),
        left_out: if options.drafts { Vec::new() } else { left_out(&read, &held) },
        scheduled: of_state(&read, SetState::Scheduled),
        findings,
        release: sealed.release.as_ref().map(|release| (release.sequence, release.digest())),
        signed,
        held_back_editions: !options.drafts && read.sets.iter().any(is_kept_from_site),
        next_due: due_of(&read).due.into_iter().find(|item| item.who.is_none()),
        names: names(&read),
    };
    // Millions of small texts: nobody waits until they are given back.
    rayon::spawn(move || drop((sets, read)));
    // All of both is written before either is put in its place.
    let beside = sealed.archive.as_ref().map(|archive| write_beside(archive, options.out)).transpose()?;
    let published = publication.finish().map_err(|error| output_stop(&error))?;
    if let Some(beside) = beside {
        beside.finish().map_err(|error| output_stop(&error))?;
    }
    Ok(BuildReport { folder: published.folder, kept: published.kept, ..report })
}

/// Builds a recorded revision again, for `verify --repo`: all files but the
/// publisher's signature.
///
/// # Errors
/// Why it cannot be built.
pub fn rebuild(
    repository: &Repository,
    anchor: &TrustAnchor,
    jobs: Option<usize>,
    recorded: &Recorded,
) -> Result<BTreeMap<String, Arc<[u8]>>, Message> {
    let at = Clock::parse(&recorded.at)
        .map_err(|error| Message::new(format!("发布时刻无法读取：{error}"), error.to_string()))?;
    // The default instant follows from the commits; no clock may refuse it here.
    let time = Time { given: recorded.at_given.then_some(at), machine: Clock::at(jiff::Timestamp::MAX) };
    let options = BuildOptions {
        revision: &recorded.commit,
        time,
        anchor: Some(anchor),
        drafts: false,
        out: Path::new(""),
        previous: None,
        publish_key: None,
        jobs,
    };
    let work = || {
        let read = read(repository, &options)?;
        let mut sets = site_sets(&read, false);
        // What the site holds was published, by this release or one before.
        pins::hold_back(&mut sets, |id, digest| {
            recorded.editions.get(id).is_some_and(|set| set.contains(digest))
        });
        in_memory(|put| {
            Ok(assemble(&read, &sets, &options, recorded.previous.as_ref(), &Source::Rendered, put)?
                .sealed
                .files)
        })
    };
    in_pool(jobs, work).map_err(|stop| stop.message)
}

/// Reads the revision and refuses what must not be built from.
pub(super) fn read(repository: &Repository, options: &BuildOptions<'_>) -> Result<Revision, Stop> {
    if options.anchor.is_none() && !options.drafts {
        return Err(Stop::refused(
            "UNANCHORED",
            "没有信任锚，不能正式构建；请用 --trust 指定 trust.toml（由网站管理方在仓库之外保存），或用 --drafts 只作预览",
            "without a trust anchor nothing is built; give --trust trust.toml (kept outside the repository), or --drafts for a preview",
        ));
    }
    let read = Revision::read(
        repository,
        ReadOptions {
            revision: options.revision,
            time: options.time,
            anchor: options.anchor,
            drafting: false,
        },
    )?;
    if !options.drafts {
        clearance(&read)?;
    }
    Ok(read)
}

/// The clearance of the site-wide files that are in force.
pub(super) fn clearance(read: &Revision) -> Result<&Cleared, Stop> {
    if let Some(in_force) = &read.site_files.in_force {
        return Ok(in_force);
    }
    let (_, reason) = read.site_state();
    match (&read.site.cleared, reason) {
        (Some(cleared), None) => Ok(cleared),
        (_, reason) => {
            let code = reason.unwrap_or("STEP_MISSING");
            let stop = Stop::refused(
                "THEME_UNAPPROVED",
                format!(
                    "网站公用文件（site.toml、themes/、wordlists/、content/pages/、content/topics/）未经完整审签（{code}）；请先对 site 送审并审签"
                ),
                format!(
                    "the site-wide files (set `site`) are not approved ({code}); submit and approve `site` first"
                ),
            );
            Err(stop.with(read.site.findings.clone()))
        }
    }
}

/// The sets as the site shows them, sorted by id.
pub(super) fn site_sets(read: &Revision, drafts: bool) -> Vec<PublishedSet> {
    let sets = read.sets.iter();
    sets.filter_map(|set| if drafts { draft(set, read) } else { set.published() }).collect()
}

/// A set in a preview: as it is when approved, else its present text, marked.
pub(super) fn draft(set: &JudgedSet, read: &Revision) -> Option<PublishedSet> {
    let hidden = !is_disclosed(&set.set);
    let approved = matches!(set.state, SetState::Cleared | SetState::Exempt | SetState::Withdrawn);
    if hidden || approved {
        return set.published();
    }
    set.set.policy.as_ref()?;
    let birth = Birth {
        number: set.editions.last().map_or(1, |edition| edition.number + 1),
        commit: read.commit.clone(),
        instant: read.instant.at,
    };
    // The draft lies on top of what is published: readers of the preview see the
    // older editions, the history and the comparisons as they will be.
    let mut editions = set.editions.clone();
    editions.push(Edition::draft(birth, set.set.clone()));
    Some(PublishedSet { id: set.id.clone(), state: set.state, editions, withdrawn: None, draft: true })
}

/// Evidence that is kept out of the site, ready beside it.
fn write_beside(archive: &output::Files, site: &Path) -> Result<output::Publication, Stop> {
    let write = || {
        let beside = output::Publication::begin_evidence(site)?;
        archive.iter().try_for_each(|(path, bytes)| beside.put(path, bytes))?;
        Ok(beside)
    };
    write().map_err(|error| output_stop(&error))
}

/// Makes the publisher's signature, when there is a key and a release.
fn sign(sealed: &mut Sealed, options: &BuildOptions<'_>) -> Result<Option<String>, Stop> {
    let (Some(key), Some(release)) = (options.publish_key, &sealed.release) else { return Ok(None) };
    let armour = output::sign_release(key, &release.to_json()).map_err(|error| output_stop(&error))?;
    sealed.add_signature(&armour);
    Ok(Some(armour))
}

/// A signature that `verify` will refuse. The site stands: a roster that names
/// the publisher may be on its way, and signing again costs a minute.
fn foreign_publisher(read: &Revision, sealed: &Sealed, armour: &str) -> Option<Finding> {
    let release = sealed.release.as_ref()?.to_json();
    let reason = read.approvals.check_publisher(&release, armour).err()?;
    let newest = read.approvals.rosters().last()?;
    let message = Message::new(
        "--publish-key 的密钥不属于名册登记的发布人，这次发布的签名核验通不过",
        "the key of --publish-key does not belong to a publisher of the roster: this release will not verify",
    );
    let place = Place::whole(format!("roster/{}.toml", newest.version));
    let finding =
        Finding::new(reason.code(), reason.rule(), "approval", Severity::Warning, place, message).note(
            "请改用发布人的密钥重新生成；或由名册管理人在新版名册里登记 [[publisher]] 和用途含 publish 的密钥",
            "build again with a publisher's key, or have the roots list a [[publisher]] and a key with the use `publish`",
        );
    Some(finding)
}

/// A roster that the release before relied on cannot be set aside as unsigned.
fn refuse_forgotten_roster(read: &Revision, previous: Option<&PreviousRelease>) -> Result<(), Stop> {
    let Some(release) = previous.and_then(|previous| previous.release.as_ref()) else { return Ok(()) };
    let Some(pending) = read.pending.roster.as_ref().filter(|it| it.version <= release.roster.version) else {
        return Ok(());
    };
    let (version, need, have) = (pending.version, pending.need, pending.have);
    Err(Stop::refused(
        "ROSTER_THRESHOLD",
        format!(
            "上一次发布用的是名册第 {version} 版，现在它的签名却不够（须 {need} 名，现有 {have} 名）；请取回最新提交和收集的声明"
        ),
        format!(
            "the release before relied on roster {version}, which now lacks signatures (needs {need}, has {have}); fetch the newest commits and collected statements"
        ),
    ))
}

pub(super) fn read_previous(folder: &Path) -> Result<PreviousRelease, Stop> {
    let site = output::read_site(folder, &Limits::default()).map_err(|error| output_stop(&error))?;
    PreviousRelease::read(&site).map_err(|why| {
        Stop::usage(
            format!("--previous 指定的“{}”不能作为上一次发布：{why}", folder.display()),
            format!("`{}` cannot serve as the release before: {why}", folder.display()),
        )
    })
}

pub(super) fn output_stop(error: &output::OutputError) -> Stop {
    let message = error.message();
    Stop::usage(message.zh, message.en)
}

fn of_state(read: &Revision, state: SetState) -> Vec<SetId> {
    read.sets.iter().filter(|set| set.state == state).map(|set| set.id.clone()).collect()
}

/// Whether a rule holds back the newest approved text of a set that is published.
fn is_kept_from_site(set: &JudgedSet) -> bool {
    set.state != SetState::Blocked && holds_back(set)
}

/// Whether a complete chain of the set is kept from the site by another rule.
fn holds_back(set: &JudgedSet) -> bool {
    let is_complete = !set.steps.is_empty() && set.steps.iter().all(|step| step.state == StepState::Done);
    let present = set.state == SetState::Blocked && is_complete && set.reason != Some("REJECTED");
    let standing = set.standing_edition().map(|edition| edition.number);
    let newer = set.held_back.iter().any(|(number, _)| Some(*number) > standing);
    let hidden = set.findings.iter().any(|finding| finding.code == EDITION_HIDDEN);
    present || newer || hidden
}

fn left_out(read: &Revision, held: &[pins::Held]) -> Vec<LeftOut> {
    let blocked = read.sets.iter().filter(|set| set.state == SetState::Blocked);
    blocked
        .map(|set| LeftOut {
            id: set.id.clone(),
            title: set.title.clone(),
            reason: set.reason.unwrap_or("STEP_MISSING"),
            standing: set.standing_edition().map(|edition| edition.number),
            held_back: holds_back(set),
            next: set.steps.iter().find(|step| step.state != StepState::Done).cloned(),
        })
        .chain(held.iter().map(|held| LeftOut {
            id: held.id.clone(),
            title: read.set(&held.id).map(|set| set.title.clone()).unwrap_or_default(),
            reason: pins::LINK_RETARGETED,
            standing: held.standing,
            held_back: true,
            next: None,
        }))
        .collect()
}

/// Files that belong to no set, approved texts beside the line, and a work
/// tree that is not what was built.
fn notices(repository: &Repository, read: &Revision, options: &BuildOptions<'_>) -> Vec<Finding> {
    let mut findings = read.snapshot.findings.clone();
    let hidden =
        read.sets.iter().flat_map(|set| &set.findings).filter(|finding| finding.code == EDITION_HIDDEN);
    findings.extend(hidden.cloned());
    let at_head = repository.resolve("HEAD").is_ok_and(|head| head == read.commit);
    if let Some(folder) = repository.work_tree().filter(|_| at_head && !options.drafts) {
        let mut head = read.snapshot.clone();
        if let Some(present) = &read.site_files.present {
            head.site = present.clone();
        }
        findings.extend(work_tree_findings(folder, &head));
    }
    let waits = |finding: &&Finding| matches!(finding.code, "ROSTER_PENDING" | "THEME_UNAPPROVED");
    let pending = read.statement_findings.iter().chain(&read.site.findings).filter(waits);
    findings.extend(pending.filter(|_| !options.drafts).cloned());
    findings
}

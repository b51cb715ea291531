//! From judged sets to the files of a site, each handed on as it is made.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::build::{BuildOptions, clearance};
use super::parts::Parts;
use super::proofread::synonyms;
use super::{Revision, Shard, Stop};
use jiedu_approve::Anchor;
use jiedu_config::{Config, EvidenceMode};
use jiedu_edition::{PublishedSet, SmallEdition};
use jiedu_evidence::{FileFact, PreviousRelease, SealInput, Sealed, seal_listed};
use jiedu_render::{Put, RenderError, Wanted, render_into};
use jiedu_site::{SiteInput, SitePlan};
use jiedu_source::Snapshot;
use jiedu_theme::Theme;

/// A site of which the pages have been handed on.
pub(super) struct Made {
    /// What is added to the pages; its files are not handed on yet.
    pub(super) sealed: Sealed,
    /// Files handed on.
    pub(super) files: usize,
    /// HTML pages among them.
    pub(super) pages: usize,
}

/// Where the pages of a site come from.
pub(super) enum Source<'a> {
    /// They are made here, all of them.
    Rendered,
    /// They are made here, those of one part.
    Shard(Shard),
    /// Other machines made them.
    Parts(&'a Parts),
}

/// Makes or collects the pages, hands each to `put`, and says what they are.
pub(super) fn list_pages(
    read: &Revision,
    sets: &[PublishedSet],
    options: &BuildOptions<'_>,
    source: &Source<'_>,
    put: &Put<'_, Stop>,
) -> Result<BTreeMap<String, FileFact>, Stop> {
    let small = standing_small(read);
    let synonyms = synonyms(&read.snapshot.site);
    let input = SiteInput {
        synonyms: &synonyms,
        sets,
        small: &small,
        pages: &read.content.corpus.pages,
        topics: &read.content.corpus.topics,
        config: &read.config,
        clock: read.instant.at,
        revision: read.commit.as_str(),
        drafts: options.drafts,
    };
    let listed: Mutex<BTreeMap<String, FileFact>> = Mutex::default();
    let put = |path: &str, bytes: Cow<'_, [u8]>| {
        let fact = FileFact::of(&bytes);
        put(path, bytes)?;
        lock(&listed).insert(path.to_owned(), fact);
        Ok(())
    };
    match source {
        Source::Rendered => render_pages(input, &read.snapshot, options.jobs, &|_| true, &put)?,
        Source::Shard(shard) => {
            render_pages(input, &read.snapshot, options.jobs, &|path| shard.owns(path), &put)?;
        }
        Source::Parts(parts) => parts.files_into(&put)?,
    }
    Ok(listed.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Makes or collects the pages, hands each to `put`, and seals what they are.
pub(super) fn assemble(
    read: &Revision,
    sets: &[PublishedSet],
    options: &BuildOptions<'_>,
    previous: Option<&PreviousRelease>,
    source: &Source<'_>,
    put: &Put<'_, Stop>,
) -> Result<Made, Stop> {
    let listed = list_pages(read, sets, options, source, put)?;
    let is_page = |path: &&String| path.rsplit('.').next() == Some("html");
    let (files, pages) = (listed.len(), listed.keys().filter(is_page).count());
    if options.drafts {
        let sealed = Sealed::drafts_listed(listed, read.commit.as_str(), &read.instant.at);
        return Ok(Made { sealed, files, pages });
    }
    let anchor = options.anchor.map_or(Anchor::Provisional, |anchor| Anchor::Trusted(anchor.clone()));
    let small: Vec<SmallEdition> =
        standing_small(read).iter().filter_map(|editions| editions.last().cloned()).collect();
    let input = SealInput {
        commit: &read.commit,
        clock: read.instant.at,
        at_given: read.instant.given,
        judged_at: read.instant.keys,
        approvals: &read.approvals,
        roster: &read.roster,
        sets,
        small: &small,
        site: clearance(read)?,
        site_manifest: &read.content.corpus.site_manifest,
        private: read.config.record.evidence == EvidenceMode::Private,
        anchor: &anchor,
        previous,
    };
    let sealed = seal_listed(listed, &input)
        .map_err(|refusal| Stop::refused(refusal.code, refusal.message.zh, refusal.message.en))?;
    Ok(Made { sealed, files, pages })
}

/// The approved texts of the catalogue, of each list and each report.
pub(super) fn standing_small(read: &Revision) -> Vec<Vec<SmallEdition>> {
    read.small.iter().filter(|set| set.standing().is_some()).map(|set| set.editions.clone()).collect()
}

/// The pages and assets of a site, before any evidence.
fn render_pages(
    input: SiteInput<'_>,
    snapshot: &Snapshot,
    jobs: Option<usize>,
    wanted: &Wanted<'_>,
    put: &Put<'_, Stop>,
) -> Result<(), Stop> {
    let theme = theme(input.config, snapshot)?;
    let plan = SitePlan::new(input).map_err(|error| unusable(&error))?;
    render_into(&plan, &theme, jobs.unwrap_or(0), wanted, put)
}

/// The theme that the settings name.
pub(super) fn theme(config: &Config, snapshot: &Snapshot) -> Result<Theme, Stop> {
    Theme::load(&config.theme, &snapshot.site.files).map_err(|error| {
        Stop::usage(format!("主题不能使用：{error}"), format!("the theme cannot be used: {error}"))
    })
}

/// Runs work that hands files on, and keeps them; those it returns come on top.
pub(super) fn in_memory(
    work: impl FnOnce(&Put<'_, Stop>) -> Result<BTreeMap<String, Arc<[u8]>>, Stop>,
) -> Result<BTreeMap<String, Arc<[u8]>>, Stop> {
    let kept: Mutex<BTreeMap<String, Arc<[u8]>>> = Mutex::default();
    let mut more = work(&|path: &str, bytes: Cow<'_, [u8]>| {
        lock(&kept).insert(path.to_owned(), Arc::from(bytes));
        Ok(())
    })?;
    let mut files = kept.into_inner().unwrap_or_else(PoisonError::into_inner);
    files.append(&mut more);
    Ok(files)
}

impl From<RenderError> for Stop {
    fn from(error: RenderError) -> Self {
        unusable(&error)
    }
}

pub(super) fn unusable(error: &dyn std::error::Error) -> Stop {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    Stop::usage(format!("网站无法生成：{text}"), format!("the site cannot be made: {text}"))
}

/// A panic in another thread leaves what was gathered as good as it was.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

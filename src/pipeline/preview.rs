//! A site in memory, for `serve`: what is approved, or the work tree as it is
//! being written, marked as drafts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Stop;
use super::assemble::{in_memory, render_pages};
use super::build::{draft, site_sets};
use super::content::{self, Content};
use super::instant::Time;
use super::revision::{ReadOptions, Revision};
use crate::approve::{SetState, TrustAnchor};
use crate::edition::{Birth, Edition, PublishedSet};
use crate::model::{Disclosure, PublicationSet};
use crate::site::SiteInput;
use crate::source::{Repository, Snapshot, read_folder};

/// What a preview shows.
#[derive(Debug, Clone, Copy)]
pub struct PreviewOptions<'a> {
    /// The revision.
    pub revision: &'a str,
    /// The instant.
    pub time: Time,
    /// The trust anchor.
    pub anchor: Option<&'a TrustAnchor>,
    /// Whether to show the work tree, approved or not.
    pub drafts: bool,
}

/// The pages of a preview. They carry no evidence and never verify.
///
/// # Errors
/// [`Stop`] when the repository, the settings or the theme cannot be used.
pub fn preview(
    repository: &Repository,
    options: &PreviewOptions<'_>,
) -> Result<BTreeMap<String, Arc<[u8]>>, Stop> {
    let read = Revision::read(
        repository,
        ReadOptions {
            revision: options.revision,
            time: options.time,
            anchor: options.anchor,
            drafting: options.drafts,
        },
    )?;
    if let Some(folder) = repository.work_tree().filter(|_| options.drafts) {
        let snapshot = read_folder(folder)?;
        let (config, _) = content::config(&snapshot)?;
        let corpus = Content::parse(&snapshot, &config).corpus;
        let sets: Vec<PublishedSet> =
            corpus.sets.values().filter_map(|set| work_tree_set(set, &read)).collect();
        let input = SiteInput {
            sets: &sets,
            pages: &corpus.pages,
            topics: &corpus.topics,
            config: &config,
            clock: read.instant.at,
            revision: read.commit.as_str(),
            drafts: true,
        };
        return kept(input, &snapshot);
    }
    let sets = site_sets(&read, options.drafts);
    let input = SiteInput {
        sets: &sets,
        pages: &read.content.corpus.pages,
        topics: &read.content.corpus.topics,
        config: &read.config,
        clock: read.instant.at,
        revision: read.commit.as_str(),
        drafts: options.drafts,
    };
    kept(input, &read.snapshot)
}

fn kept(input: SiteInput<'_>, snapshot: &Snapshot) -> Result<BTreeMap<String, Arc<[u8]>>, Stop> {
    in_memory(|put| render_pages(input, snapshot, None, put).map(|()| BTreeMap::new()))
}

/// A set of the work tree: as published when nothing was changed, else a draft
/// after the editions that are out.
fn work_tree_set(set: &Arc<PublicationSet>, read: &Revision) -> Option<PublishedSet> {
    let judged = read.set(&set.id);
    if let Some(judged) = judged.filter(|judged| judged.digest.is_some() && judged.digest == set.digest) {
        return draft(judged, read);
    }
    let policy = set.policy.as_ref()?;
    if policy.meta.disclosure != Disclosure::Proactive {
        return None;
    }
    let last = judged.and_then(|judged| judged.editions.last()).map_or(0, |edition| edition.number);
    let birth = Birth { number: last + 1, commit: read.commit.clone(), instant: read.instant.at };
    Some(PublishedSet {
        id: set.id.clone(),
        state: SetState::Blocked,
        editions: vec![Edition::draft(birth, Arc::clone(set))],
        withdrawn: None,
        draft: true,
    })
}

//! A site for `serve`: what is approved, or the work tree as it is being
//! written, marked as drafts.
//!
//! A writer saves often. What the commits say is judged once for each commit;
//! of the work tree only the sets whose files changed are parsed again; and a
//! page is made when somebody looks at it. A preview carries no evidence and
//! never verifies.

use std::sync::Arc;

use super::Stop;
use super::assemble::{theme, unusable};
use super::build::{draft, site_sets};
use super::content;
use super::instant::Time;
use super::pins;
use super::proofread::synonyms;
use super::revision::{ReadOptions, Revision};
use jiedu_approve::{SetState, TrustAnchor};
use jiedu_config::Config;
use jiedu_edition::{Birth, Edition, PublishedSet};
use jiedu_model::{Corpus, Disclosure, ParsedSets, PublicationSet};
use jiedu_render::Shown;
use jiedu_site::{SiteInput, SitePlan};
use jiedu_source::{Repository, SetFile, Snapshot, read_folder};

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

impl<'a> From<&PreviewOptions<'a>> for ReadOptions<'a> {
    fn from(options: &PreviewOptions<'a>) -> Self {
        let PreviewOptions { revision, time, anchor, drafts } = *options;
        Self { revision, time, anchor, drafting: drafts }
    }
}

/// Looks at a repository again and again, always with the same options.
#[derive(Debug, Default)]
pub struct Previewer {
    /// The revision last read.
    read: Option<Arc<Revision>>,
    /// The work tree last seen.
    seen: Option<Arc<Snapshot>>,
    /// `site.toml` with which the sets below were parsed.
    settings: Option<SetFile>,
    parsed: ParsedSets,
}

/// A site that is ready to be looked at.
#[derive(Debug)]
pub struct Preview {
    read: Arc<Revision>,
    sets: Vec<PublishedSet>,
    work_tree: Option<WorkTree>,
    drafts: bool,
}

/// What the work tree says.
#[derive(Debug)]
struct WorkTree {
    snapshot: Arc<Snapshot>,
    config: Config,
    corpus: Corpus,
}

impl Previewer {
    /// The site as it stands now; none when nothing changed since the last look.
    ///
    /// # Errors
    /// [`Stop`] when the repository or the settings cannot be used.
    pub fn look(
        &mut self,
        repository: &Repository,
        options: &PreviewOptions<'_>,
    ) -> Result<Option<Preview>, Stop> {
        let commit = repository.resolve(options.revision)?;
        let known = self.read.take().filter(|read| read.commit == commit);
        let is_same = known.is_some();
        let read = match known {
            Some(read) => read,
            None => Arc::new(Revision::read(repository, options.into())?),
        };
        self.read = Some(Arc::clone(&read));
        let Some(folder) = repository.work_tree().filter(|_| options.drafts) else {
            let sets = || {
                let mut sets = site_sets(&read, options.drafts);
                if !options.drafts {
                    pins::hold_back(&mut sets, |_, _| false);
                }
                sets
            };
            return Ok((!is_same).then(|| Preview {
                sets: sets(),
                read: Arc::clone(&read),
                work_tree: None,
                drafts: options.drafts,
            }));
        };
        if !is_same {
            // Other approvals make another site of the same texts.
            self.seen = None;
        }
        let snapshot = read_folder(folder)?;
        if is_same && self.seen.as_ref().is_some_and(|seen| **seen == snapshot) {
            return Ok(None);
        }
        let work_tree = self.parse(snapshot)?;
        let sets = work_tree.corpus.sets.values().filter_map(|set| work_tree_set(set, &read)).collect();
        Ok(Some(Preview { sets, read, work_tree: Some(work_tree), drafts: true }))
    }

    fn parse(&mut self, snapshot: Snapshot) -> Result<WorkTree, Stop> {
        let snapshot = Arc::new(snapshot);
        // Also when it cannot be used: one fault is told once.
        self.seen = Some(Arc::clone(&snapshot));
        let (config, _) = content::config(&snapshot)?;
        let settings = snapshot.site.get("site.toml");
        if self.settings.as_ref() != settings {
            self.parsed = ParsedSets::default();
            self.settings = settings.cloned();
        }
        let corpus = Corpus::parse_again(&snapshot, &config, &mut self.parsed).value;
        Ok(WorkTree { snapshot, config, corpus })
    }
}

/// One file of the site as a build would make it now; none where the site has
/// no such file.
///
/// # Errors
/// [`Stop`] when the theme cannot be used or two things want one address.
pub fn site_file(read: &Arc<Revision>, path: &str) -> Result<Option<Vec<u8>>, Stop> {
    let sets = site_sets(read, false);
    let preview = Preview { sets, read: Arc::clone(read), work_tree: None, drafts: false };
    preview.show(|shown| shown.file(path))?.map_err(Stop::from)
}

impl Preview {
    /// Lets a visitor ask for files of the site.
    ///
    /// # Errors
    /// [`Stop`] when the theme cannot be used or two things want one address.
    pub fn show<T>(&self, visit: impl FnOnce(&Shown<'_>) -> T) -> Result<T, Stop> {
        let Self { read, sets, work_tree, drafts } = self;
        let (config, corpus, snapshot) = match work_tree {
            Some(WorkTree { snapshot, config, corpus }) => (config, corpus, snapshot.as_ref()),
            None => (&read.config, &read.content.corpus, &read.snapshot),
        };
        let synonyms = synonyms(&snapshot.site);
        let input = SiteInput {
            synonyms: &synonyms,
            sets,
            pages: &corpus.pages,
            topics: &corpus.topics,
            config,
            clock: read.instant.at,
            revision: read.commit.as_str(),
            drafts: *drafts,
        };
        let theme = theme(config, snapshot)?;
        let plan = SitePlan::new(input).map_err(|error| unusable(&error))?;
        Ok(visit(&Shown::new(&plan, &theme)?))
    }
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

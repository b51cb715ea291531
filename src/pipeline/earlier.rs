//! Earlier texts that a person compares with before signing: the one last
//! submitted, and the site-wide files in force.

use super::Stop;
use super::revision::{ReadOptions, Revision};
use jiedu_approve::Subject;
use jiedu_base::name::{Digest, SetId};
use jiedu_edition::GitFacts;
use jiedu_model::{PublicationSet, parse_set};
use jiedu_source::{Digests, Repository, SetFiles};

/// The site-wide files as they are, and as they were approved last.
#[derive(Debug, Clone)]
pub struct EarlierText {
    /// The round that approved the older files.
    pub round: Option<u32>,
    /// The older files; none when none were approved.
    pub old: Option<SetFiles>,
    /// The files as they are.
    pub new: SetFiles,
}

/// The text of a set with that digest, from wherever it lies in the history;
/// none when no reachable commit has it.
///
/// # Errors
/// [`Stop`] when an object is missing or corrupt.
pub fn earlier_text(
    repository: &Repository,
    read: &Revision,
    id: &SetId,
    digest: &Digest,
) -> Result<Option<PublicationSet>, Stop> {
    let history = repository.history(&read.commit)?;
    let timeline = repository.timeline(&history)?;
    let digests = Digests::new(repository);
    let line = timeline.sets.get(id).into_iter().flatten().filter_map(|span| span.tree);
    let beside = timeline.beside.get(id).into_iter().flatten().copied();
    for tree in line.chain(beside) {
        if digests.of_set_tree(id, tree)? == Some(*digest) {
            let files = repository.set_files(id, tree)?;
            return Ok(Some(parse_set(id, &files, &read.config).value));
        }
    }
    Ok(None)
}

/// The site-wide files as they are and as they were approved last, whatever is
/// in force.
///
/// # Errors
/// [`Stop`] when the repository, roster, anchor or settings cannot be used.
pub fn earlier_site(repository: &Repository, options: ReadOptions<'_>) -> Result<EarlierText, Stop> {
    let read = Revision::read(repository, ReadOptions { drafting: false, ..options })?;
    if let (Some(present), Some(cleared)) = (&read.site_files.present, &read.site_files.in_force) {
        let (round, new) = (Some(cleared.revision()), present.clone());
        return Ok(EarlierText { round, old: Some(read.snapshot.site.clone()), new });
    }
    // What is there is in force, or nothing is: then the text last submitted.
    let present = read.snapshot.site.digest("site");
    let last = read.approvals.submissions(&Subject::Site).into_iter().rev();
    let last = last.filter(|submission| Some(submission.digest) != present).max_by_key(|it| it.revision);
    let (mut round, mut old) = (None, None);
    if let Some(last) = last {
        old = site_with(repository, &read, &last.digest)?;
        round = old.as_ref().map(|_| last.revision);
    }
    Ok(EarlierText { round, old, new: read.snapshot.site.clone() })
}

/// The site-wide files with that digest on the first-parent line.
fn site_with(repository: &Repository, read: &Revision, digest: &Digest) -> Result<Option<SetFiles>, Stop> {
    let history = repository.history(&read.commit)?;
    let timeline = repository.timeline(&history)?;
    let digests = Digests::new(repository);
    let facts = GitFacts { repository, history: &history, digests: &digests };
    let line: Vec<_> = history.line().collect();
    for &position in timeline.site_spans.iter().rev() {
        let Some(commit) = line.get(position) else { continue };
        let found = jiedu_approve::TreeFacts::in_tree(&facts, &commit.id, &Subject::Site);
        if found == jiedu_approve::InTree::Digest(*digest) {
            return Ok(Some(repository.site_files(&commit.id)?));
        }
    }
    Ok(None)
}

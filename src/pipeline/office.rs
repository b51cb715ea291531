//! What the data of the office says beside its policies.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Stop, content};
use jiedu_base::finding::Finding;
use jiedu_base::name::SetId;
use jiedu_config::Config;
use jiedu_disclosure::cards::{Clauses, cards_of, check_cards};
use jiedu_model::{Corpus, PublicationSet};
use jiedu_source::{Repository, SourceError, read_folder};

/// The sets of a revision, or of the work tree, as texts: what `cards eval` reads.
///
/// # Errors
/// [`Stop`] when the repository or its settings cannot be used.
pub fn cards_at(
    repository: &Repository,
    revision: Option<&str>,
) -> Result<BTreeMap<SetId, Arc<PublicationSet>>, Stop> {
    let snapshot = match (revision, repository.work_tree()) {
        (None, Some(folder)) => read_folder(folder)?,
        (revision, _) => repository.snapshot(&repository.resolve(revision.unwrap_or("HEAD"))?)?,
    };
    let (config, _): (Config, _) = content::config(&snapshot)?;
    Ok(Corpus::parse(&snapshot, &config).value.sets)
}

/// What is wrong with the cards of the sets.
pub(super) fn card_findings(corpus: &Corpus) -> Vec<Finding> {
    let others = |id: &SetId| corpus.sets.get(id).and_then(|set| set.policy.as_ref());
    let mut findings = Vec::new();
    for (id, set) in &corpus.sets {
        let Some(sheet) = cards_of(set) else { continue };
        let mut found = sheet.findings;
        found.extend(check_cards(&sheet.value, &Clauses { own: set.policy.as_ref(), others: &others }));
        for finding in &mut found {
            finding.set.get_or_insert_with(|| id.to_string());
        }
        findings.extend(found);
    }
    findings
}

/// Requests that are tracked in the history of the repository.
pub(super) fn tracked_requests(
    repository: &Repository,
    revision: Option<&str>,
) -> Result<Vec<Finding>, Stop> {
    let commit = match repository.resolve(revision.unwrap_or("HEAD")) {
        Ok(commit) => Some(commit),
        Err(SourceError::Empty { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let paths = repository.tracked(
        commit.as_ref(),
        revision.is_none(),
        &jiedu_disclosure::requests::is_tracked_request,
    )?;
    Ok(paths.iter().map(|path| jiedu_disclosure::requests::in_repository(path)).collect())
}

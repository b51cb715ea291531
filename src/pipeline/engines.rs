//! `check` with external proofreaders.
//!
//! The program's own rules come first: engines are told what is known, and what
//! the rules take for personal data is masked before a text is sent.

use super::check::{CheckOptions, CheckReport, check_with};
use super::content::Content;
use super::proofread::{for_engines, wordlists_of};
use super::{Stop, in_pool};
use crate::config::Wordlist;
use crate::engine::{Ask, Audience, Limits, Lists, Prepared, consult};
use crate::finding::Finding;
use crate::markdown::Body;
use crate::model::{Disclosure, PublicationSet};
use crate::proof::Profile;
use crate::source::{Repository, Snapshot};

/// All findings of a revision or of the work tree, those of engines included.
///
/// # Errors
/// [`Stop`] when the repository, roster, anchor or settings cannot be used.
pub fn check_with_engines(
    repository: &Repository,
    options: &CheckOptions<'_>,
    ask: Asked<'_>,
) -> Result<CheckReport, Stop> {
    in_pool(options.jobs, || check_with(repository, options, Some(ask)))
}

/// Whoever puts requests to engines.
pub(super) type Asked<'a> = &'a mut (dyn Ask + Send);

/// A text that may go to engines.
pub(super) struct Offer<'a> {
    pub(super) set: String,
    pub(super) body: &'a Body,
    pub(super) profile: Profile,
    pub(super) allowed: &'a [String],
}

/// What engines say about the texts in which `own` was found; only about the
/// sets wanted.
pub(super) fn consult_all(
    content: &Content,
    snapshot: &Snapshot,
    own: &[Finding],
    wanted: &dyn Fn(&str) -> bool,
    ask: Asked<'_>,
) -> Vec<Finding> {
    let lists: Vec<Wordlist> = wordlists_of(&snapshot.site).into_iter().map(|list| list.value).collect();
    let mut findings = Vec::new();
    for offer in for_engines(content).into_iter().filter(|offer| wanted(&offer.set)) {
        let audience = audience(content, &offer.set);
        let mut found = consult_one(&offer, audience, &lists, own, ask);
        for finding in &mut found {
            finding.set.get_or_insert_with(|| offer.set.clone());
        }
        findings.append(&mut found);
    }
    findings
}

fn consult_one(
    offer: &Offer<'_>,
    audience: Audience,
    lists: &[Wordlist],
    own: &[Finding],
    ask: Asked<'_>,
) -> Vec<Finding> {
    let path = offer.body.file.path();
    let own: Vec<Finding> = own.iter().filter(|finding| finding.place.path == path).cloned().collect();
    let lists = Lists::new(lists, offer.allowed);
    match Prepared::new(offer.body, offer.profile, audience, lists, &own, Limits::default()) {
        Ok(prepared) => consult(offer.body, &prepared, &own, ask),
        Err(finding) => vec![*finding],
    }
}

/// A set that is not disclosed by itself stays in the office, with all its texts.
fn audience(content: &Content, set: &str) -> Audience {
    let disclosure = |set: &PublicationSet| set.policy.as_ref().map(|policy| policy.meta.disclosure);
    let found = content.corpus.sets.iter().find(|(id, _)| id.as_str() == set);
    match found.map(|(_, set)| disclosure(set)) {
        // A standing page has nobody to keep it from.
        None | Some(Some(Disclosure::Proactive)) => Audience::Public,
        Some(_) => Audience::Internal,
    }
}

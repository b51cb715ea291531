//! The evidence tree: enough to judge every edition with no repository.
//!
//! Only what the site shows is evidenced: statements about sets that are not
//! published (drafts, embargoed or undisclosed texts) stay out, since even
//! their names may be secret; the ledger holds their ids and nothing else. The
//! same goes for rounds of a published set that are still going on, or whose
//! text is embargoed: what reviewers wrote about it is not public.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ledger::{Ledger, is_kept};
use jiedu_approve::{Approvals, KnownStatement, Subject};
use jiedu_base::name::{Digest, SetId};
use jiedu_edition::{Edition, PublishedSet, SmallEdition};
use jiedu_model::Disclosure;

/// What the evidence is made of.
pub(super) struct Sources<'a> {
    pub(super) approvals: &'a Approvals,
    /// `roster/**`, by path relative to that folder.
    pub(super) roster: &'a BTreeMap<String, Arc<[u8]>>,
    pub(super) sets: &'a [PublishedSet],
    /// The catalogue, lists and reports.
    pub(super) small: &'a [SmallEdition],
    /// Digest manifest of the set `site`.
    pub(super) site_manifest: &'a [u8],
}

/// The files of the evidence folder, by path relative to it (details 82).
pub(super) fn tree(sources: &Sources<'_>, ledger: &Ledger) -> BTreeMap<String, Arc<[u8]>> {
    let mut files = BTreeMap::new();
    let public = sources.sets.iter().filter(|set| is_public(set));
    let shown: BTreeMap<&SetId, u32> =
        public.map(|set| (&set.id, last_round(set, sources.approvals))).collect();
    for statement in sources.approvals.known().iter().filter(|statement| is_kept(statement)) {
        let belongs = match &statement.subject {
            Some(Subject::Set(id)) => shown.get(id).is_some_and(|last| round(statement) <= *last),
            Some(Subject::Small(id)) => {
                let shown = sources.small.iter().find(|edition| edition.id() == id);
                shown.is_some_and(|edition| round(statement) <= edition.proof().revision())
            }
            Some(Subject::Site) => true,
            // A version that is not in force is nobody's business outside.
            Some(Subject::Roster(version)) => {
                sources.approvals.rosters().iter().any(|roster| roster.version == *version)
            }
            None => false,
        };
        if belongs {
            files.insert(format!("statements/{}.commit", statement.id.hex()), statement.bytes.clone());
        }
    }
    let newest = sources.approvals.rosters().len();
    for version in 1..=newest {
        for path in [format!("{version}.toml"), format!("accepted/{version}.txt")] {
            if let Some(bytes) = sources.roster.get(&path) {
                files.insert(format!("roster/{path}"), bytes.clone());
            }
        }
    }
    for set in sources.sets.iter().filter(|set| shown.contains_key(&set.id)) {
        for edition in set.editions.iter().filter(|edition| is_disclosed(edition)) {
            let path = format!("sets/{}/v{}.txt", set.id, edition.number);
            files.insert(path, Arc::from(edition.set.manifest.as_slice()));
        }
    }
    for edition in sources.small {
        files.insert(format!("sets/{}.txt", edition.id()), Arc::from(edition.manifest()));
    }
    files.insert("sets/site.txt".to_owned(), Arc::from(sources.site_manifest));
    files.insert("ledger.txt".to_owned(), Arc::from(ledger.to_bytes()));
    files
}

/// The last round of a set that the site speaks of: a shown edition or the
/// withdrawal in force.
fn last_round(set: &PublishedSet, approvals: &Approvals) -> u32 {
    let withdrawn = set.withdrawn.as_ref().map(|(id, _)| *id);
    let withdrawal = approvals.known().iter().find(|statement| Some(statement.id) == withdrawn);
    set.editions.iter().map(|edition| edition.revision).chain(withdrawal.map(round)).max().unwrap_or(0)
}

/// The round that a statement names.
fn round(statement: &KnownStatement) -> u32 {
    let lines = statement.bytes.split(|&b| b == b'\n');
    let named = lines.filter_map(|line| {
        std::str::from_utf8(line.strip_prefix(b"Approval-Revision: ")?).ok()?.parse().ok()
    });
    named.max().unwrap_or(0)
}

/// Whether the site shows the set at all, be it as a tombstone: a set whose
/// newest text is not to be disclosed leaves no trace.
pub(super) fn is_public(set: &PublishedSet) -> bool {
    let newest = set.current().or(set.editions.last());
    let all = || set.editions.iter().all(is_disclosed);
    !set.draft && newest.is_some_and(is_disclosed) && (set.withdrawn.is_none() || all())
}

/// Whether the text of an edition may be known outside.
pub(super) fn is_disclosed(edition: &Edition) -> bool {
    edition.set.policy.as_ref().is_none_or(|policy| policy.meta.disclosure == Disclosure::Proactive)
}

/// SHA-256 over the list of evidence files, for evidence that is kept beside
/// the site and therefore not in its manifest.
pub(super) fn archive_digest(files: &BTreeMap<String, Arc<[u8]>>) -> Digest {
    let lines =
        files.iter().map(|(path, bytes)| format!("{} {} {path}\n", Digest::of(bytes).hex(), bytes.len()));
    let list: String = std::iter::once("jiedu-archive/1\n".to_owned()).chain(lines).collect();
    Digest::of(list.as_bytes())
}

//! Every page below a set's address back to an edition of the release.

use std::collections::{BTreeMap, BTreeSet};

use super::release::Documents;
use super::report::VerifyReport;
use crate::release::{Release, ReleasedEdition, ReleasedSet};
use crate::set_manifest::SetManifest;
use crate::site::BuiltSite;
use jiedu_base::name::SetId;
use jiedu_base::text::Message;

/// Checks that pages below a set's address belong to the release, and that
/// attachments and images are the approved bytes.
pub(super) fn check(
    site: &BuiltSite,
    release: &Release,
    documents: &Documents<'_>,
    report: &mut VerifyReport,
) {
    let sets: BTreeMap<&SetId, &ReleasedSet> = release.sets.iter().map(|set| (&set.id, set)).collect();
    let aliases: BTreeSet<&SetId> = release.sets.iter().flat_map(|set| &set.aliases).collect();
    let mut manifests = Manifests::new();
    for (path, fact) in &site.files {
        let Some((id, rest)) = split(path) else { continue };
        let Some(set) = sets.get(&id) else {
            if !(rest == "index.html" && aliases.contains(&id)) {
                report.add("STEP_MISSING", path, unknown(path, &id));
            }
            continue;
        };
        if let Some(number) = editions_of(rest).find(|number| edition(set, *number).is_none()) {
            report.add("STEP_MISSING", path, unreleased(path, &id, number));
            continue;
        }
        let Some(file) = approved_file(set, rest) else { continue };
        if file.is_page {
            // An interpretation keeps its address when a later edition drops it.
            let approved = holders(set).into_iter().any(|number| {
                let found = manifest(&mut manifests, documents, &id, number);
                found.is_none_or(|manifest| manifest.files.contains_key(&file.path))
            });
            if !approved {
                report.add("STEP_MISSING", path, unexplained(path, &id));
            }
            continue;
        }
        // A manifest that is missing or malformed is a problem of its own.
        let Some(manifest) = manifest(&mut manifests, documents, &id, file.edition) else { continue };
        let listed = manifest.files.get(&file.path);
        if set.withdrawn.is_some() {
            let message = Message::new(
                format!("{id} 已撤下，文件 `{path}` 仍在网站上"),
                format!("{id} is withdrawn and `{path}` is still live"),
            );
            report.add("WITHDRAWN", path, message);
        } else if edition(set, file.edition).is_some_and(|edition| edition.void.is_some()) {
            let message = Message::new(
                format!("{id} 第 {} 版已失去审签依据，文件 `{path}` 仍在网站上", file.edition),
                format!("edition {} of {id} is void and `{path}` is still live", file.edition),
            );
            report.add("STEP_MISSING", path, message);
        } else if listed != Some(fact) {
            let message = Message::new(
                format!("`{path}` 与获批的文件不一致"),
                format!("`{path}` is not the file that was approved"),
            );
            report.add("DIGEST_MISMATCH", path, message);
        }
    }
}

/// Manifests by set and edition, read when first asked for.
type Manifests = BTreeMap<(SetId, u32), Option<SetManifest>>;

fn manifest<'m>(
    manifests: &'m mut Manifests,
    documents: &Documents<'_>,
    id: &SetId,
    number: u32,
) -> Option<&'m SetManifest> {
    let read = || {
        let path = format!("sets/{id}/v{number}.txt");
        documents.get(&path).and_then(|bytes| SetManifest::parse(bytes).ok())
    };
    manifests.entry((id.clone(), number)).or_insert_with(read).as_ref()
}

/// The editions whose interpretations may have pages: those that are shown;
/// where none is, all, since the pages then say what happened.
fn holders(set: &ReleasedSet) -> Vec<u32> {
    let shown = |edition: &&ReleasedEdition| edition.void.is_none() && set.withdrawn.is_none();
    let numbers: Vec<u32> = set.editions.iter().filter(shown).map(|edition| edition.number).collect();
    if numbers.is_empty() { set.editions.iter().map(|edition| edition.number).collect() } else { numbers }
}

fn unknown(path: &str, id: &SetId) -> Message {
    Message::new(
        format!("`{path}` 所属的 {id} 不在发布声明里，没有审签依据"),
        format!("`{path}` belongs to {id}, which the release does not name: nothing approves it"),
    )
}

fn unreleased(path: &str, id: &SetId, number: u32) -> Message {
    Message::new(
        format!("`{path}` 是 {id} 第 {number} 版的，发布声明里没有这一版"),
        format!("`{path}` belongs to edition {number} of {id}, which the release does not name"),
    )
}

fn unexplained(path: &str, id: &SetId) -> Message {
    Message::new(
        format!("`{path}` 不是 {id} 获批的解读材料"),
        format!("`{path}` is no interpretation that was approved with {id}"),
    )
}

fn edition(set: &ReleasedSet, number: u32) -> Option<&ReleasedEdition> {
    set.editions.iter().find(|edition| edition.number == number)
}

/// The editions that an address names: `v<N>/…` and `compare/<A>-<B>/…`.
fn editions_of(rest: &str) -> impl Iterator<Item = u32> {
    let (first, inner) = rest.split_once('/').unwrap_or((rest, ""));
    let named = match first {
        "compare" => inner.split('/').next().unwrap_or_default(),
        _ => first.strip_prefix('v').unwrap_or_default(),
    };
    named.split('-').filter_map(|number| number.parse().ok())
}

/// `policies/<year>/<slug>/<rest>` as set and rest.
fn split(path: &str) -> Option<(SetId, &str)> {
    let below = path.strip_prefix("policies/")?;
    let mut parts = below.splitn(3, '/');
    let (year, slug, rest) = (parts.next()?, parts.next()?, parts.next()?);
    Some((SetId::parse(&format!("{year}/{slug}")).ok()?, rest))
}

/// A file that is published as it was approved.
struct ApprovedFile {
    edition: u32,
    /// Path in the set.
    path: String,
    /// The page of a material, made from the file, not the file itself.
    is_page: bool,
}

/// Which file of the set a published file should be; none for pages.
fn approved_file(set: &ReleasedSet, rest: &str) -> Option<ApprovedFile> {
    let number =
        rest.split_once('/').and_then(|(first, inner)| Some((first.strip_prefix('v')?.parse().ok()?, inner)));
    let (edition, inner) = match number {
        Some(found) => found,
        None => (set.current().or(set.editions.last())?.number, rest),
    };
    if inner.starts_with("attachments/") {
        return Some(ApprovedFile { edition, path: inner.to_owned(), is_page: false });
    }
    let below = inner.strip_prefix("interpretation/")?;
    let page = below.strip_suffix("/index.html");
    let path = page.map_or_else(|| format!("materials/{below}"), |name| format!("materials/{name}.md"));
    Some(ApprovedFile { edition, path, is_page: page.is_some() })
}

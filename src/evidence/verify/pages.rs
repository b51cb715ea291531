//! Every page below a set's address back to an edition of the release.

use std::collections::{BTreeMap, BTreeSet};

use super::release::Documents;
use super::report::VerifyReport;
use crate::evidence::release::{Release, ReleasedSet};
use crate::evidence::set_manifest::SetManifest;
use crate::evidence::site::BuiltSite;
use crate::name::SetId;
use crate::text::Message;

/// Checks that pages below a set's address belong to the release, and that
/// attachments and images are the approved bytes.
pub(super) fn check(site: &BuiltSite, release: &Release, documents: &Documents<'_>, report: &mut VerifyReport) {
    let sets: BTreeMap<&SetId, &ReleasedSet> = release.sets.iter().map(|set| (&set.id, set)).collect();
    let aliases: BTreeSet<&SetId> = release.sets.iter().flat_map(|set| &set.aliases).collect();
    let mut manifests: BTreeMap<(SetId, u32), Option<SetManifest>> = BTreeMap::new();
    for (path, fact) in &site.files {
        let Some((id, rest)) = split(path) else { continue };
        let Some(set) = sets.get(&id) else {
            if !(rest == "index.html" && aliases.contains(&id)) {
                report.add("STEP_MISSING", path, unknown(path, &id));
            }
            continue;
        };
        let Some(file) = approved_file(set, rest) else { continue };
        let manifest = manifests.entry((id.clone(), file.edition)).or_insert_with(|| {
            let path = format!("sets/{id}/v{}.txt", file.edition);
            documents.get(&path).and_then(|bytes| SetManifest::parse(bytes).ok())
        });
        // A manifest that is missing or malformed is a problem of its own.
        let Some(manifest) = manifest else { continue };
        let listed = manifest.files.get(&file.path);
        if listed.is_none() && file.may_be_a_page {
            continue;
        }
        if set.withdrawn.is_some() {
            let message = Message::new(
                format!("{id} 已撤下，文件 `{path}` 仍在网站上"),
                format!("{id} is withdrawn and `{path}` is still live"),
            );
            report.add("WITHDRAWN", path, message);
        } else if listed != Some(fact) {
            let message = Message::new(
                format!("`{path}` 与获批的文件不一致"),
                format!("`{path}` is not the file that was approved"),
            );
            report.add("DIGEST_MISMATCH", path, message);
        }
    }
}

fn unknown(path: &str, id: &SetId) -> Message {
    Message::new(
        format!("`{path}` 所属的 {id} 不在发布声明里，没有审签依据"),
        format!("`{path}` belongs to {id}, which the release does not name: nothing approves it"),
    )
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
    /// Pages of interpretations stand beside the images of materials.
    may_be_a_page: bool,
}

/// Which file of the set a published file should be; none for pages.
fn approved_file(set: &ReleasedSet, rest: &str) -> Option<ApprovedFile> {
    let number = rest.split_once('/').and_then(|(first, inner)| Some((first.strip_prefix('v')?.parse().ok()?, inner)));
    let (edition, inner) = match number {
        Some(found) => found,
        None => (set.current().or(set.editions.last())?.number, rest),
    };
    if inner.starts_with("attachments/") {
        return Some(ApprovedFile { edition, path: inner.to_owned(), may_be_a_page: false });
    }
    let image = inner.strip_prefix("interpretation/")?;
    Some(ApprovedFile { edition, path: format!("materials/{image}"), may_be_a_page: image.ends_with("index.html") })
}

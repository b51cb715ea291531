//! Files of the site that need no template.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::SitePlan;
use super::catalogue::shown_edition;
use super::clause::{Clauses, split_target};
use super::links::{Destination, is_outward, join};
use super::pages::is_readable;
use super::route::{Route, decode_percent, encode_path};
use crate::edition::{Edition, PublishedSet};

impl SitePlan<'_> {
    /// Feeds, sitemap, twins, attachments and images.
    pub(super) fn plain_files(&self) -> BTreeMap<String, Arc<[u8]>> {
        let mut files: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
        self.add_feeds(&mut files);
        self.add_sitemap(&mut files);
        for set in self.sets {
            let current = shown_edition(set);
            for edition in set.editions.iter().filter(|edition| is_readable(set, edition)) {
                let is_current = current.is_some_and(|current| current.number == edition.number);
                for attachment in edition.set.attachments.iter().chain(&edition.set.images) {
                    if is_current || !self.is_shared(set, edition, &attachment.path) {
                        let path = self.file_path(set, edition, &attachment.path);
                        files.insert(path, Arc::clone(&attachment.bytes));
                    }
                }
            }
        }
        files
    }

    /// Where a file of an edition is published: attachments under their own
    /// path, images of materials beside the interpretations.
    fn file_path(&self, set: &PublishedSet, edition: &Edition, path: &str) -> String {
        let place = match path.strip_prefix("materials/") {
            Some(image) => format!("interpretation/{image}"),
            None => path.to_owned(),
        };
        let route = if self.is_shared(set, edition, path) {
            Route::in_set(&set.id, &place)
        } else {
            Route::in_set(&set.id, &format!("v{}/{place}", edition.number))
        };
        route.path().to_owned()
    }
}

/// The page on which links are led.
pub(super) struct Place<'p, 'a> {
    pub(super) plan: &'p SitePlan<'a>,
    pub(super) set: &'a PublishedSet,
    pub(super) edition: &'a Edition,
    /// The way to the site's root.
    pub(super) root: &'p str,
    /// The folder of the file inside the set: nothing or `materials`.
    pub(super) folder: &'static str,
    /// Address of the page that shows the policy's provisions; empty when it
    /// is this page.
    pub(super) policy_url: String,
    /// The provisions of this set's policy.
    pub(super) clauses: &'p Clauses<'a>,
}

impl Place<'_, '_> {
    /// Where an address as written leads from this page.
    pub(super) fn resolve(&self, address: &str, image: bool) -> Destination {
        if let Some(target) = address.strip_prefix("clause:") {
            return self.clause(&decode_percent(target)).map_or(Destination::Nowhere, Destination::To);
        }
        if is_outward(address) {
            return if image { Destination::Nowhere } else { Destination::To(address.to_owned()) };
        }
        let path = join(self.folder, &decode_percent(address));
        path.and_then(|path| self.file(&path)).map_or(Destination::Nowhere, Destination::To)
    }

    /// Where a clause link leads.
    pub(super) fn clause(&self, target: &str) -> Option<String> {
        let (other, name) = split_target(target);
        if let Some(id) = other.filter(|id| *id != self.set.id) {
            let entry = self.plan.catalogue.entry(&id)?;
            let anchor = entry.clauses().anchor(name)?;
            return Some(format!("{}{}#{anchor}", self.root, entry.route().url()));
        }
        let anchor = self.clauses.anchor(name)?;
        Some(format!("{}#{anchor}", self.policy_url))
    }

    /// Where a file of the set is on the site.
    fn file(&self, path: &str) -> Option<String> {
        let (set, root) = (self.set, self.root);
        if path == "policy.md" {
            return Some(format!("{root}{}", Route::set(&set.id).url()));
        }
        if let Some(name) = path.strip_prefix("materials/").and_then(|name| name.strip_suffix(".md")) {
            return self.plan.interpretation_url(set, name).map(|url| format!("{root}{url}"));
        }
        let all = self.edition.set.attachments.iter().chain(&self.edition.set.images);
        let found = all.into_iter().find(|attachment| attachment.path == path)?;
        Some(format!("{root}{}", encode_path(&self.plan.file_path(set, self.edition, &found.path))))
    }
}

impl SitePlan<'_> {
    /// The address of an interpretation that has a page.
    pub(super) fn interpretation_url(&self, set: &PublishedSet, name: &str) -> Option<String> {
        let entry = self.catalogue.entry(&set.id)?;
        let known = entry.edition.set.materials.iter().any(|material| material.name == name);
        known.then(|| Route::interpretation(&set.id, name).url())
    }
}

//! Files of the site that need no template.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::SitePlan;
use super::catalogue::shown_edition;
use super::clause::{Clauses, split_target};
use super::links::Destination;
use super::pages::is_readable;
use super::pinned::Pinboard;
use super::route::{Route, encode_path};
use jiedu_base::name::SetId;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_link::{Written, decode_percent, join, read_target};
use jiedu_model::InterpretationMaterial;

impl SitePlan<'_> {
    /// Feeds, sitemap, twins, attachments and images.
    pub(super) fn plain_files(&self) -> BTreeMap<String, Arc<[u8]>> {
        let mut files: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
        self.add_feeds(&mut files);
        self.add_sitemap(&mut files);
        files.extend(self.office.files.clone());
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

/// Where sets and standing pages lie in the repository.
const POLICIES: &str = "content/policies/";
const PAGES: &str = "content/pages/";

/// The page on which links are led.
pub(super) struct Place<'p, 'a> {
    pub(super) plan: &'p SitePlan<'a>,
    pub(super) set: &'a PublishedSet,
    pub(super) edition: &'a Edition,
    /// The clauses that the page's material was checked against; none on the
    /// policy's own pages.
    pub(super) pinboard: Option<&'p Pinboard<'p, 'a>>,
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
    /// Where an address as written leads from this page: as the check of links
    /// reads it, among what is published.
    pub(super) fn resolve(&self, address: &str, image: bool) -> Destination {
        let found = match read_target(address) {
            Written::Relative(path, fragment) => {
                let folder = format!("{POLICIES}{}/{}", self.set.id, self.folder);
                join(&folder, &decode_percent(path)).and_then(|path| self.file(&path, fragment))
            }
            // A picture is a file of the set.
            _ if image => None,
            Written::Clause(target) => self.clause(&decode_percent(target)),
            Written::Outside => Some(address.to_owned()),
            Written::Unsafe => None,
            Written::Fragment(fragment) => self.fragment(fragment),
            Written::Absolute(address) => self.plan.on_site(address, self.root),
        };
        found.map_or(Destination::Nowhere, Destination::To)
    }

    /// Where a clause link leads.
    pub(super) fn clause(&self, target: &str) -> Option<String> {
        if let Some((other, pin)) = self.pinboard.and_then(|pinboard| pinboard.find_here(target)) {
            let entry = other.and_then(|id| self.plan.catalogue.entry(&id));
            let policy = entry.map(|entry| entry.policy).or(self.edition.set.policy.as_ref())?;
            let anchor = &policy.provisions.get(pin.provision)?.anchor;
            let url = entry.map(|entry| format!("{}{}", self.root, entry.route().url()));
            return Some(format!("{}#{anchor}", url.unwrap_or_else(|| self.policy_url.clone())));
        }
        if self.pinboard.is_some_and(|pinboard| pinboard.is_gone(target)) {
            return None;
        }
        let (other, name) = split_target(target);
        let other = other.or_else(|| SetId::parse(target).ok());
        if let Some(id) = other.filter(|id| *id != self.set.id) {
            let url = self.plan.catalogue.entry(&id)?.route().url();
            if name == target {
                return Some(format!("{}{url}", self.root));
            }
            let anchor = self.plan.catalogue.entry(&id)?.clauses().anchor(name)?;
            return Some(format!("{}{url}#{anchor}", self.root));
        }
        let anchor = self.clauses.anchor(name)?;
        Some(format!("{}#{anchor}", self.policy_url))
    }

    /// An anchor of the text itself: its footnotes and sections, and the
    /// provisions of its policy.
    fn fragment(&self, fragment: &str) -> Option<String> {
        let is_section = |material: &InterpretationMaterial| {
            material.sections.iter().any(|section| section.anchor == fragment)
        };
        let is_here = is_footnote(fragment) || self.pinboard.is_some_and(|one| is_section(one.material()));
        let is_provision = self.clauses.has_anchor(fragment);
        match (is_here, is_provision) {
            (true, _) => Some(format!("#{fragment}")),
            (false, true) => Some(format!("{}#{fragment}", self.policy_url)),
            (false, false) => None,
        }
    }

    /// Where a file of the repository is on the site.
    fn file(&self, path: &str, fragment: Option<&str>) -> Option<String> {
        let own = path.strip_prefix(POLICIES).and_then(|rest| rest.strip_prefix(self.set.id.as_str()));
        match own.and_then(|rest| rest.strip_prefix('/')) {
            Some(inner) => self.plan.file_of(self.set, self.edition, inner, fragment, self.root),
            None => self.plan.in_repository(path, fragment, self.root),
        }
    }
}

/// Whether an anchor is one that the Markdown room gives to footnotes.
pub(super) fn is_footnote(anchor: &str) -> bool {
    let number = anchor.strip_prefix("fnref").or_else(|| anchor.strip_prefix("fn"));
    number.is_some_and(|number| {
        number.starts_with(|c: char| c.is_ascii_digit())
            && number.chars().all(|c| c.is_ascii_digit() || c == '-')
    })
}

impl SitePlan<'_> {
    /// The address of an interpretation that has a page.
    pub(super) fn interpretation_url(&self, set: &PublishedSet, name: &str) -> Option<String> {
        let entry = self.catalogue.entry(&set.id)?;
        let holds = |edition: &Edition| edition.set.materials.iter().any(|material| material.name == name);
        let known =
            entry.set.editions.iter().any(|edition| is_readable(entry.set, edition) && holds(edition));
        known.then(|| Route::interpretation(&set.id, name).url())
    }

    /// The material that the page of an interpretation shows: that of the
    /// newest edition which has one of the name.
    pub(super) fn shown_material<'s>(
        set: &'s PublishedSet,
        name: &str,
    ) -> Option<&'s InterpretationMaterial> {
        let readable = set.editions.iter().rev().filter(|edition| is_readable(set, edition));
        readable.flat_map(|edition| &edition.set.materials).find(|material| material.name == name)
    }

    /// Where a file of the repository is on the site, when it is published.
    pub(super) fn in_repository(&self, path: &str, fragment: Option<&str>, root: &str) -> Option<String> {
        if let Some(route) = path.strip_prefix(PAGES).and_then(|path| path.strip_suffix(".md")) {
            let known = self.standing.iter().any(|page| page.route == route);
            return known.then(|| format!("{root}{}{}", encode_path(route), "/"));
        }
        let (year, rest) = path.strip_prefix(POLICIES)?.split_once('/')?;
        let (slug, inner) = rest.split_once('/').unwrap_or((rest, "policy.md"));
        let entry = self.catalogue.entry(&SetId::parse(&format!("{year}/{slug}")).ok()?)?;
        self.file_of(entry.set, entry.edition, inner, fragment, root)
    }

    /// Where a file of an edition is on the site.
    fn file_of(
        &self,
        set: &PublishedSet,
        edition: &Edition,
        path: &str,
        fragment: Option<&str>,
        root: &str,
    ) -> Option<String> {
        let shown = self.catalogue.entry(&set.id).map(|entry| &entry.edition.set);
        let at =
            |has: bool| fragment.filter(|_| has).map(|fragment| format!("#{fragment}")).unwrap_or_default();
        if path == "policy.md" {
            let provisions = shown.and_then(|shown| shown.policy.as_ref()).map(|policy| &policy.provisions);
            let has = provisions.into_iter().flatten().any(|one| Some(one.anchor.as_str()) == fragment);
            return Some(format!("{root}{}{}", Route::set(&set.id).url(), at(has)));
        }
        if let Some(name) = path.strip_prefix("materials/").and_then(|name| name.strip_suffix(".md")) {
            let material = Self::shown_material(set, name);
            let sections = material.map(|material| &material.sections);
            let has = sections.into_iter().flatten().any(|one| Some(one.anchor.as_str()) == fragment);
            return self.interpretation_url(set, name).map(|url| format!("{root}{url}{}", at(has)));
        }
        let all = edition.set.attachments.iter().chain(&edition.set.images);
        let found = all.into_iter().find(|attachment| attachment.path == path)?;
        Some(format!("{root}{}", encode_path(&self.file_path(set, edition, &found.path))))
    }

    /// Where an address of the site itself leads: `/about/`, `/policies/2025/a/#art3`.
    pub(super) fn on_site(&self, address: &str, root: &str) -> Option<String> {
        let end = address.find(['#', '?']).unwrap_or(address.len());
        let (path, rest) = address.split_at_checked(end)?;
        let path = decode_percent(path.trim_start_matches('/'));
        if !path.is_empty() && self.files.contains_key(&path) {
            return Some(format!("{root}{}", encode_path(&path)));
        }
        let folder = path.strip_suffix("index.html").unwrap_or(&path).trim_end_matches('/');
        let route = Route::page(folder);
        let known = self.pages.binary_search_by(|page| page.route.cmp(&route)).is_ok();
        known.then(|| format!("{root}{}{rest}", route.url()))
    }
}

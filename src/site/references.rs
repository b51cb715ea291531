//! References between provisions as links, and who cites whom.
//!
//! A reference inside a text leads to the provision on the same page. One to
//! another document leads, where that document is published here, to the edition
//! that was in force on the day of the citing text; frozen pages hold no such
//! links, since they would change with other documents.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::SitePlan;
use super::body::Body;
use super::catalogue::{Catalogue, Entry};
use super::route::Route;
use jiedu_base::name::SetId;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_link::{ClauseIndex, Reference, TitleIndex, link_html, references};
use jiedu_model::{PolicyDocument, Provision};

/// The references of the current editions.
#[derive(Debug, Default)]
pub(crate) struct Citations {
    /// By position in the catalogue.
    own: Vec<Vec<Reference>>,
    titles: TitleIndex<usize>,
    /// Position of a document → citing document and reference, in order.
    citing: BTreeMap<usize, Vec<(usize, usize)>>,
}

impl Citations {
    pub(super) fn new(catalogue: &Catalogue<'_>) -> Self {
        let own: Vec<Vec<Reference>> =
            catalogue.entries.par_iter().map(|entry| references(entry.policy)).collect();
        let titles = TitleIndex::new(catalogue.entries.iter().map(|entry| entry.policy).enumerate());
        let mut citing: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (from, found) in own.iter().enumerate() {
            for (at, reference) in found.iter().enumerate() {
                let cited = reference.document.as_deref().and_then(|title| titles.get(title));
                if let Some(&cited) = cited.filter(|&&cited| cited != from) {
                    citing.entry(cited).or_default().push((from, at));
                }
            }
        }
        Self { own, titles, citing }
    }
}

/// A reference in `set.json`.
#[derive(Debug, Serialize)]
pub(super) struct ReferenceJson<'a> {
    from: Option<&'a str>,
    text: &'a str,
    document: Option<&'a str>,
    set: Option<&'a str>,
    target: Option<String>,
    url: Option<String>,
    missing: bool,
}

/// A reference of another document to this one in `set.json`.
#[derive(Debug, Serialize)]
pub(super) struct CitedByJson<'a> {
    set: &'a str,
    from: Option<&'a str>,
    text: &'a str,
    target: Option<String>,
    url: String,
}

/// Where a reference to another document leads.
struct Abroad<'a> {
    set: &'a SetId,
    route: Route,
    anchor: Option<String>,
}

impl<'a> SitePlan<'a> {
    /// Links the references in the text of a policy.
    pub(super) fn link_references(
        &self,
        set: &PublishedSet,
        policy: &'a PolicyDocument,
        body: &mut Body<'a>,
        root: &str,
        current: bool,
    ) {
        let position = self.catalogue.by_set.get(&set.id).copied().filter(|_| current);
        let known = position.and_then(|at| self.citations.own.get(at)).map(Vec::as_slice);
        let made = if known.is_none() { references(policy) } else { Vec::new() };
        let mut by_anchor: BTreeMap<&str, Vec<&Reference>> = BTreeMap::new();
        for reference in known.unwrap_or(&made) {
            if let Some(provision) = reference.within.and_then(|at| policy.provisions.get(at)) {
                by_anchor.entry(&provision.anchor).or_default().push(reference);
            }
        }
        if by_anchor.is_empty() {
            return;
        }
        for row in &mut body.rows {
            let own = std::iter::once(row.id).chain(row.also.iter().copied());
            let found = own.flat_map(|anchor| by_anchor.get(anchor).into_iter().flatten());
            let wanted: Vec<(&str, String)> = found
                .filter(|reference| !row.heading_text.contains(reference.text.as_str()))
                .filter_map(|reference| {
                    let href = self.href(policy, reference, root, position.is_some());
                    // What leads nowhere still counts in the order of equal texts.
                    (reference.target.is_some() || reference.is_foreign || href.is_some())
                        .then(|| (reference.text.as_str(), href.unwrap_or_default()))
                })
                .collect();
            link_row(&mut row.html, &wanted);
        }
    }

    /// The address of what a reference means.
    fn href(
        &self,
        policy: &PolicyDocument,
        reference: &Reference,
        root: &str,
        abroad: bool,
    ) -> Option<String> {
        if let Some(target) = reference.target {
            let anchor = &policy.provisions.get(target)?.anchor;
            return (reference.within != Some(target)).then(|| format!("#{anchor}"));
        }
        let found = abroad.then(|| self.abroad(policy, reference)).flatten()?;
        let anchor = found.anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        Some(format!("{root}{}{anchor}", found.route.url()))
    }

    /// The document that a reference cites, in the edition of its day.
    fn abroad(&self, policy: &PolicyDocument, reference: &Reference) -> Option<Abroad<'a>> {
        let at = *self.citations.titles.get(reference.document.as_deref()?)?;
        let entry = self.catalogue.entries.get(at)?;
        if std::ptr::eq(entry.policy, policy) {
            return None;
        }
        let day = policy.meta.signed.as_ref().map(|day| day.value);
        let day = day.or_else(|| policy.meta.published.as_ref().map(|day| day.value.date));
        let terms = self.terms(entry.set);
        let term = day.and_then(|day| {
            terms.iter().find(|term| term.from <= day && term.until.is_none_or(|until| day <= until))
        });
        let number = term.map_or(entry.edition.number, |term| term.number);
        let edition: &Edition = entry.set.editions.iter().find(|edition| edition.number == number)?;
        let cited = edition.set.policy.as_ref()?;
        let index = ClauseIndex::new(cited);
        let provision = reference.names.iter().find_map(|name| index.find(name));
        let anchor = provision.and_then(|at| cited.provisions.get(at)).map(|one| one.anchor.clone());
        let is_current = number == entry.edition.number;
        let route = if is_current { entry.route() } else { Route::edition(&entry.set.id, number) };
        Some(Abroad { set: &entry.set.id, route, anchor })
    }

    /// The references of a published policy.
    pub(super) fn references_json(&self, entry: &Entry<'a>) -> Vec<ReferenceJson<'_>> {
        let position = self.catalogue.by_set.get(&entry.set.id);
        let own = position.and_then(|&at| self.citations.own.get(at)).map(Vec::as_slice).unwrap_or_default();
        let anchor = |at: usize| entry.policy.provisions.get(at).map(|one| one.anchor.as_str());
        own.iter()
            .map(|reference| {
                let here = reference.target.and_then(anchor);
                let abroad = self.abroad(entry.policy, reference);
                let url = match (&here, &abroad) {
                    (Some(anchor), _) => Some(format!("{}#{anchor}", entry.route().url())),
                    (None, Some(found)) => {
                        let anchor = found.anchor.as_ref().map(|anchor| format!("#{anchor}"));
                        Some(format!("{}{}", found.route.url(), anchor.unwrap_or_default()))
                    }
                    (None, None) => None,
                };
                ReferenceJson {
                    from: reference.within.and_then(anchor),
                    text: &reference.text,
                    document: reference.document.as_deref(),
                    set: abroad.as_ref().map(|found| found.set.as_str()),
                    target: here.map(ToOwned::to_owned).or_else(|| abroad.and_then(|found| found.anchor)),
                    url: url.map(|url| self.base.absolute(&url)),
                    missing: reference.is_missing,
                }
            })
            .collect()
    }

    /// Who cites a published policy: other documents, provision by provision.
    pub(super) fn cited_by_json(&self, entry: &Entry<'a>) -> Vec<CitedByJson<'_>> {
        let position = self.catalogue.by_set.get(&entry.set.id);
        let citing = position.and_then(|at| self.citations.citing.get(at)).map(Vec::as_slice);
        let json = |&(from, at): &(usize, usize)| {
            let other = self.catalogue.entries.get(from)?;
            let reference = self.citations.own.get(from)?.get(at)?;
            let within = reference.within.and_then(|at| other.policy.provisions.get(at));
            let anchor = within.map(|one| format!("#{}", one.anchor)).unwrap_or_default();
            let index = ClauseIndex::new(entry.policy);
            let target = reference.names.iter().find_map(|name| index.find(name));
            Some(CitedByJson {
                set: other.set.id.as_str(),
                from: within.map(|one| one.anchor.as_str()),
                text: &reference.text,
                target: target
                    .and_then(|at| entry.policy.provisions.get(at))
                    .map(|one: &Provision| one.anchor.clone()),
                url: self.base.absolute(&format!("{}{anchor}", other.route().url())),
            })
        };
        citing.unwrap_or_default().iter().filter_map(json).collect()
    }
}

/// Puts links into the blocks of a row, in reading order.
fn link_row(html: &mut [Cow<'_, str>], wanted: &[(&str, String)]) {
    let mut wanted = wanted;
    for piece in html {
        if wanted.is_empty() {
            return;
        }
        let (linked, used) = link_html(piece, wanted);
        if used > 0 {
            *piece = Cow::Owned(linked);
        }
        wanted = wanted.get(used..).unwrap_or_default();
    }
}

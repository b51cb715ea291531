//! Texts so long that their contents page cannot hold every anchor.
//!
//! Links to `policies/2025/x/#art2999` then need the part that holds it:
//! every page is led there when it is written, so that the links work without
//! script too. A link from elsewhere lands on the contents page; a script goes
//! on from there, and the headings say which part holds what.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::rows::Words;
use super::split;
use crate::site::part::part_file;
use crate::site::{PageKind, Route, SitePlan};

/// Page from the site's root → anchor → file beside the page.
#[derive(Debug, Default)]
pub(super) struct Far(BTreeMap<String, BTreeMap<String, String>>);

impl Far {
    /// Looks through the policies that may be that long.
    pub(super) fn new(plan: &SitePlan<'_>, words: &Words) -> Self {
        let vast = plan.pages.par_iter().filter(|page| {
            matches!(page.kind, PageKind::Policy { .. } | PageKind::Edition { .. }) && plan.is_vast(page)
        });
        let found = vast.filter_map(|page| {
            let body = plan.view(page).body?;
            let parts = split::parts(&body, words);
            let mut anchors = BTreeMap::new();
            for (index, part) in parts.iter().enumerate() {
                for id in split::left_out(&parts, part) {
                    anchors.insert(id.to_owned(), part_file(index + 1));
                }
            }
            (!anchors.is_empty()).then(|| (page.route.url(), anchors))
        });
        Self(found.collect())
    }

    /// Leads the links of a page past the contents pages.
    pub(super) fn lead(&self, route: &Route, html: String) -> String {
        if self.0.is_empty() {
            return html;
        }
        let (root, own) = (route.root(), route.url());
        let mut out = String::with_capacity(html.len());
        let mut rest = html.as_str();
        while let Some((before, after)) = rest.split_once(" href=\"") {
            let (href, tail) = after.split_once('"').unwrap_or((after, ""));
            out.push_str(before);
            out.push_str(" href=\"");
            match self.place(&root, &own, href) {
                Some(place) => out.push_str(&place),
                None => out.push_str(href),
            }
            out.push('"');
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    fn place(&self, root: &str, own: &str, href: &str) -> Option<String> {
        let (page, anchor) = href.split_once('#')?;
        let key = if page == "./" { own } else { page.strip_prefix(root)? };
        let file = self.0.get(key)?.get(anchor)?;
        Some(format!("{page}{file}#{anchor}"))
    }
}

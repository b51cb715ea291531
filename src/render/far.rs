//! Texts so long that their contents page cannot hold every anchor.
//!
//! Links to `policies/2025/x/#art2999` then need the part that holds it:
//! every page is led there when it is written, so that the links work without
//! script too. A link from elsewhere lands on the contents page; a script goes
//! on from there, and the headings say which part holds what.

use std::collections::BTreeMap;

use memchr::memmem;
use rayon::prelude::*;

use super::rows::Words;
use super::split;
use jiedu_site::part::part_file;
use jiedu_site::{PageKind, Route, SitePlan};

/// How the address of a link begins.
const HREF: &str = " href=\"";

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
        // Copied up to here; most pages have no such link and stay as they are.
        let (mut out, mut done) = (String::new(), 0);
        for at in memmem::find_iter(html.as_bytes(), HREF.as_bytes()) {
            let from = at + HREF.len();
            let Some((href, _)) = html.get(from..).and_then(|rest| rest.split_once('"')) else { continue };
            let Some(place) = self.place(&root, &own, href) else { continue };
            out.push_str(html.get(done..from).unwrap_or_default());
            out.push_str(&place);
            done = from + href.len();
        }
        if done == 0 {
            return html;
        }
        out.push_str(html.get(done..).unwrap_or_default());
        out
    }

    fn place(&self, root: &str, own: &str, href: &str) -> Option<String> {
        let (page, anchor) = href.split_once('#')?;
        let key = if page == "./" { own } else { page.strip_prefix(root)? };
        let file = self.0.get(key)?.get(anchor)?;
        Some(format!("{page}{file}#{anchor}"))
    }
}

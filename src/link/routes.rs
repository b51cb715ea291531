//! Folders and files that every site has, which a link may name.

/// Folders with a page.
pub(crate) const LISTS: [&str; 11] = [
    "",
    "changes",
    "interpretations",
    "kinds",
    "policies",
    "search",
    "sitemap",
    "subjects",
    "topics",
    "validity",
    "years",
];
/// Files that no set has.
pub(crate) const FILES: [&str; 7] = [
    "catalogue.csv",
    "catalogue.json",
    "feed.json",
    "feed.xml",
    "robots.txt",
    "schema/jiedu.json",
    "sitemap.xml",
];

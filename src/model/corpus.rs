//! Everything a revision publishes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::bidi::check_bidi;
use super::set::read_page;
use super::topics::read_topics;
use super::{Corpus, PublicationSet, Spanned, parse_set};
use jiedu_base::files::{SetFiles, Snapshot};
use jiedu_base::finding::{Checked, Finding, Place, Severity};
use jiedu_base::name::SetId;
use jiedu_base::text::{self, Message, SourceFile};
use jiedu_config::Config;

/// Where standing pages lie in a repository.
const PAGES: &str = "content/pages/";

impl Corpus {
    /// Parses all sets, standing pages and topics of a snapshot.
    #[must_use]
    pub fn parse(snapshot: &Snapshot, config: &Config) -> Checked<Self> {
        Self::parse_again(snapshot, config, &mut ParsedSets::default())
    }

    /// The same for a snapshot of which most was parsed before: only sets whose
    /// files are not those of last time are parsed. `known` must come from calls
    /// with the same settings.
    #[must_use]
    pub fn parse_again(snapshot: &Snapshot, config: &Config, known: &mut ParsedSets) -> Checked<Self> {
        let before = std::mem::take(&mut known.sets);
        let files: Vec<(&SetId, &SetFiles)> = snapshot.sets.iter().collect();
        let parsed = files.into_par_iter().map(|(id, files)| {
            let same = before.get(id).filter(|(old, _)| old == files).map(|(_, parsed)| parsed.clone());
            let parse = || {
                let Checked { value, findings } = parse_set(id, files, config);
                Checked { value: Arc::new(value), findings }
            };
            (id.clone(), (files.clone(), same.unwrap_or_else(parse)))
        });
        known.sets = parsed.collect::<Vec<_>>().into_iter().collect();
        let mut findings: Vec<Finding> =
            known.sets.values().flat_map(|(_, set)| set.findings.iter().cloned()).collect();
        let sets = known.sets.iter().map(|(id, (_, set))| (id.clone(), set.value.clone())).collect();
        check_unique(&sets, &mut findings);
        findings.extend(spelled_controls(&snapshot.site));
        let corpus = Self {
            pages: read_pages(&snapshot.site, &mut findings),
            topics: read_topics(&snapshot.site, &mut findings),
            site_digest: snapshot.site.digest("site"),
            site_manifest: snapshot.site.manifest("site").unwrap_or_default(),
            sets,
        };
        Checked { value: corpus, findings }
    }
}

impl Corpus {
    /// A part of a corpus: the sets named, with the standing pages and topics.
    /// Only sets whose files are not those of last time are parsed; the others of
    /// `known` are kept for the next look and cost nothing.
    #[must_use]
    pub fn parse_some(
        snapshot: &Snapshot,
        config: &Config,
        known: &mut ParsedSets,
        wanted: &BTreeSet<SetId>,
    ) -> Checked<Self> {
        let mut findings = Vec::new();
        let mut sets = BTreeMap::new();
        for (id, files) in wanted.iter().filter_map(|id| Some((id, snapshot.sets.get(id)?))) {
            let same = known.sets.get(id).is_some_and(|(old, _)| old == files);
            if !same {
                let Checked { value, findings } = parse_set(id, files, config);
                let parsed = Checked { value: Arc::new(value), findings };
                known.sets.insert(id.clone(), (files.clone(), parsed));
            }
            if let Some((_, parsed)) = known.sets.get(id) {
                findings.extend(parsed.findings.iter().cloned());
                sets.insert(id.clone(), parsed.value.clone());
            }
        }
        check_unique(&sets, &mut findings);
        let corpus = Self {
            pages: read_pages(&snapshot.site, &mut findings),
            topics: read_topics(&snapshot.site, &mut findings),
            sets,
            ..Self::default()
        };
        Checked { value: corpus, findings }
    }
}

/// Sets that were parsed, with the files they were parsed from: what makes the
/// next look at a folder that is being edited cheap.
#[derive(Debug, Default)]
pub struct ParsedSets {
    sets: BTreeMap<SetId, (SetFiles, Checked<Arc<PublicationSet>>)>,
}

fn read_pages(site: &SetFiles, findings: &mut Vec<Finding>) -> Vec<super::StandingPage> {
    let mut pages = Vec::new();
    for file in &site.files {
        let Some(route) = file.path.strip_prefix(PAGES).and_then(|path| path.strip_suffix(".md")) else {
            continue;
        };
        let Ok(source) = text::decode(&file.path, &file.bytes) else { continue };
        let before = findings.len();
        if is_reserved(route) {
            findings.push(reserved_route(&source));
        } else if is_route(route) {
            pages.push(read_page(route, &source, findings));
        } else {
            findings.push(bad_route(&source));
        }
        for finding in findings.iter_mut().skip(before) {
            finding.set = Some("site".to_owned());
        }
    }
    pages.sort_by(|a, b| a.route.cmp(&b.route));
    pages
}

/// Small letters, digits, `-` and `_` between slashes: the route is an address.
fn is_route(route: &str) -> bool {
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    route.split('/').all(|part| {
        part.bytes().next().is_some_and(word) && part.bytes().all(|b| word(b) || b == b'-' || b == b'_')
    })
}

/// First parts of addresses at which the site has pages of its own.
const RESERVED: [&str; 20] = [
    "404",
    "assets",
    "at",
    "catalogue",
    "changes",
    "history",
    "index",
    "interpretations",
    "issuers",
    "kinds",
    "page",
    "policies",
    "schema",
    "search",
    "sitemap",
    "subjects",
    "topics",
    "validity",
    "witness",
    "years",
];

fn is_reserved(route: &str) -> bool {
    route.split('/').next().is_some_and(|first| RESERVED.contains(&first))
}

fn reserved_route(file: &SourceFile) -> Finding {
    let message = Message::new(
        "这个文件名对应的网址已由网站自己的页面占用，此页不会发布；请改名，如 guide.md",
        "the address of this file name belongs to a page of the site itself, so the page is not published; rename it",
    );
    Finding::new("M136", "page-name", "layout", Severity::Error, Place::whole(file.path()), message)
}

/// Bidirectional controls that files of the site spell with escapes.
fn spelled_controls(site: &SetFiles) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &site.files {
        check_bidi(&file.path, &file.bytes, &mut findings);
    }
    findings.into_iter().map(|finding| finding.in_set("site")).collect()
}

fn bad_route(file: &SourceFile) -> Finding {
    let message = Message::new(
        "页面的文件名会成为网址，只能用小写字母、数字和连字符，如 guide.md",
        "a page's file name becomes its address and may hold only small letters, digits and hyphens",
    );
    Finding::new("M136", "page-name", "layout", Severity::Error, Place::whole(file.path()), message)
}

/// 索引号, 发文字号 and 统一编号 stand for one document each.
fn check_unique(sets: &BTreeMap<SetId, Arc<PublicationSet>>, findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<(&str, &str), (&SetId, &SourceFile, &Spanned<String>)> = BTreeMap::new();
    for (id, set) in sets {
        let Some(policy) = &set.policy else { continue };
        let meta = &policy.meta;
        for (name, number) in [
            ("索引号", &meta.index_number),
            ("发文字号", &meta.document_number),
            ("统一编号", &meta.registration_number),
        ] {
            let Some(number) = number else { continue };
            let Some((other, file, first)) = seen.insert((name, &number.value), (id, &policy.file, number))
            else {
                continue;
            };
            let message = Message::new(
                format!("{name} `{}` 与 {other} 重复", number.value),
                format!("`{}` ({name}) is also the number of {other}", number.value),
            );
            let place = Place::range(&policy.file, number.range);
            let finding =
                Finding::new("M127", "number-repeated", "metadata", Severity::Error, place, message);
            let label = Message::new("另一处在这里", "the other one is here");
            findings.push(finding.label(file, first.range, label).in_set(id.to_string()));
        }
    }
}

//! Which sets a look at some sets needs besides: those that they name, and
//! those that name them.
//!
//! While somebody types, only these are looked at, so that a keystroke costs the
//! same in an archive of ten sets and of ten thousand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::content::Content;
use jiedu_base::name::SetId;
use jiedu_base::text::did_you_mean;
use jiedu_markdown::{Body, Link};
use jiedu_model::{Corpus, PublicationSet};
use jiedu_source::{Snapshot, set_of_path};

/// Numbers of documents, and the sets that bear them.
pub(super) type Numbers = BTreeMap<String, BTreeSet<SetId>>;

static ID: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[0-9]{4}/[a-z0-9][a-z0-9-]*").ok());

/// The numbers of all sets.
pub(super) fn numbers(corpus: &Corpus) -> Numbers {
    let mut all = Numbers::new();
    for (id, set) in &corpus.sets {
        for number in numbers_of(set) {
            all.entry(number.to_owned()).or_default().insert(id.clone());
        }
    }
    all
}

fn numbers_of(set: &PublicationSet) -> impl Iterator<Item = &str> {
    set.policy.iter().flat_map(|policy| {
        let meta = &policy.meta;
        let own = [&meta.index_number, &meta.document_number, &meta.registration_number];
        own.into_iter().flatten().map(|number| number.value.as_str())
    })
}

/// The sets that have to do with those of `open`. `last` is what was known when
/// everything was looked at; `with_site` asks for what the site's texts name, too.
pub(super) fn around(
    open: &Corpus,
    last: &Content,
    numbers: &Numbers,
    snapshot: &Snapshot,
    with_site: bool,
) -> BTreeSet<SetId> {
    let mut found = Around { snapshot, ids: open.sets.keys().cloned().collect() };
    for (id, set) in &open.sets {
        for body in bodies(set) {
            found.named_in(body.file.text());
            body.links.iter().for_each(|link| found.linked(body, link));
        }
        let sheets = set.questions.iter().map(|sheet| &sheet.file);
        for file in sheets.chain(set.opinions.iter().map(|sheet| &sheet.file)) {
            found.named_in(file.text());
        }
        let others =
            set.policy.iter().flat_map(|policy| policy.meta.amends.iter().chain(&policy.meta.repeals));
        for number in numbers_of(set).chain(others.map(|number| number.value.as_str())) {
            found.ids.extend(numbers.get(number).into_iter().flatten().cloned());
        }
        let graph = &last.graph;
        found.ids.extend(graph.materials(id).iter().map(|material| material.set.clone()));
        found.ids.extend(graph.relations(id).iter().map(|(_, other)| other.clone()));
        let provisions = last.corpus.sets.get(id).and_then(|set| set.policy.as_ref());
        for index in 0..provisions.map_or(0, |policy| policy.provisions.len()) {
            found.ids.extend(graph.explanations(id, index).iter().map(|one| one.set.clone()));
        }
    }
    if with_site {
        let pages = open.pages.iter().map(|page| &page.body);
        for body in pages.chain(open.topics.iter().map(|topic| &topic.body)) {
            found.named_in(body.file.text());
            body.links.iter().for_each(|link| found.linked(body, link));
        }
    }
    found.ids
}

fn bodies(set: &PublicationSet) -> impl Iterator<Item = &Body> {
    let policy = set.policy.iter().map(|policy| &policy.body);
    let plan = set.plan.iter().map(|plan| &plan.body);
    policy.chain(plan).chain(set.materials.iter().map(|material| &material.body))
}

struct Around<'a> {
    snapshot: &'a Snapshot,
    ids: BTreeSet<SetId>,
}

impl Around<'_> {
    /// Every id in a text, wherever it stands.
    fn named_in(&mut self, text: &str) {
        let Some(pattern) = ID.as_ref() else { return };
        let names: BTreeSet<&str> = pattern.find_iter(text).map(|found| found.as_str()).collect();
        for name in names.into_iter().take(500) {
            match SetId::parse(name) {
                Ok(id) if self.snapshot.sets.contains_key(&id) => drop(self.ids.insert(id)),
                // What it may be meant for is suggested.
                _ => {
                    let all = self.snapshot.sets.keys().map(SetId::as_str);
                    let meant = did_you_mean(name, all).and_then(|meant| SetId::parse(meant).ok());
                    self.ids.extend(meant);
                }
            }
        }
    }

    /// The set to which a relative link climbs.
    fn linked(&mut self, body: &Body, link: &Link) {
        if !link.target.starts_with('.') {
            return;
        }
        let folder = body.file.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut parts: Vec<&str> = folder.split('/').collect();
        for part in link.target.split(['/', '#']) {
            match part {
                ".." => drop(parts.pop()),
                "." | "" => {}
                part => parts.push(part),
            }
        }
        let set = set_of_path(&parts.join("/")).and_then(|(set, _)| SetId::parse(&set).ok());
        self.ids.extend(set.filter(|id| self.snapshot.sets.contains_key(id)));
    }
}

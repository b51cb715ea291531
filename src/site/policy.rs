//! The page of a policy, and of each of its editions.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::body::{Body, Coverage, Gloss, Ingredients, body};
use super::catalogue::{Material, listed_date, title};
use super::clause::{Clauses, split_target};
use super::files::Place;
use super::head::{Article, Head};
use super::links::lead;
use super::lists::{Crumb, here, home};
use super::notice::Notice;
use super::policy_parts::{AttachmentItem, MetaRow, Moment};
use super::route::{Route, decode_percent};
use super::title::phrases;
use super::{Content, Page, SitePlan, View};
use crate::edition::{Edition, PublishedSet};
use crate::model::{InterpretationMaterial, PolicyDocument, Section, Stage};
use crate::text::{escape_html, unescape_html};

/// Characters of a gloss before it is shortened at the end of a sentence.
const GLOSS_LENGTH: usize = 120;

/// What the page of a policy says around its text.
#[derive(Debug, Serialize)]
pub struct PolicyView {
    crumbs: Vec<Crumb>,
    issuer: String,
    number: String,
    /// 文种, from the title; may be empty.
    kind: &'static str,
    edition: u32,
    /// Key of the edition's word.
    edition_word: &'static str,
    title: String,
    /// The title as HTML, with breaks between phrases.
    title_html: String,
    notices: Vec<Notice>,
    meta: Vec<MetaRow>,
    permalink: String,
    json: String,
    compare: String,
    record: String,
    coverage: Coverage,
    exemption: String,
    interpretations: Vec<InterpretationItem>,
    attachments: Vec<AttachmentItem>,
    timeline: Vec<Moment>,
    /// Addresses of comparisons that are not with a neighbour.
    comparisons: Vec<Comparison>,
    digest: String,
    code: String,
    citation: String,
    index_number: String,
    /// Whether a text is shown that may be printed as an official document.
    printable: bool,
}

/// A link to the comparison of two editions.
#[derive(Debug, Serialize)]
pub struct Comparison {
    old: u32,
    new: u32,
    href: String,
}

/// A link to an interpretation.
#[derive(Debug, Serialize)]
pub struct InterpretationItem {
    title: String,
    href: String,
    form: String,
    date: String,
    /// Key of 二次解读 and the like; empty for the first release.
    stage: &'static str,
    /// Title of the other set it was published with; may be empty.
    from: String,
}

impl<'a> SitePlan<'a> {
    /// The current edition.
    pub(super) fn policy(&self, page: &Page, entry: usize) -> View<'a> {
        let Some(entry) = self.catalogue.entries.get(entry) else { return self.missing(page) };
        self.policy_page(page, entry.set, entry.edition, true)
    }

    /// An edition at its frozen address.
    pub(super) fn edition(&self, page: &Page, set: usize, edition: usize) -> View<'a> {
        let found = self.sets.get(set).and_then(|set| Some((set, set.editions.get(edition)?)));
        match found {
            Some((set, edition)) => self.policy_page(page, set, edition, false),
            None => self.missing(page),
        }
    }

    fn policy_page(
        &self,
        page: &Page,
        set: &'a PublishedSet,
        edition: &'a Edition,
        current: bool,
    ) -> View<'a> {
        let Some(policy) = &edition.set.policy else { return self.missing(page) };
        let root = page.route.root();
        let clauses = Clauses::new(policy);
        let place = Place {
            plan: self,
            set,
            edition,
            root: &root,
            folder: "",
            policy_url: String::new(),
            clauses: &clauses,
        };
        let glosses = self.glosses(&place, policy, current);
        let title = title(&policy.meta, &set.id);
        let mut tables = 0;
        let body = body(Ingredients { policy, glosses, title }, |html| {
            lead(html, &mut tables, |address, image| place.resolve(address, image))
        });
        let head = self.policy_head(page, set, edition, policy, current);
        let view = self.policy_view(&root, set, edition, policy, &body, current);
        View { head, content: Content::Policy(Box::new(view)), body: Some(body), slots: Vec::new() }
    }

    fn policy_head(
        &self,
        page: &Page,
        set: &PublishedSet,
        edition: &Edition,
        policy: &PolicyDocument,
        current: bool,
    ) -> Head {
        let root = page.route.root();
        let title = title(&policy.meta, &set.id);
        let number = policy.meta.document_number.as_ref().map(|number| number.value.as_str());
        let name = number.map_or_else(|| title.to_owned(), |number| format!("{number} · {title}"));
        let mut head =
            self.head(page, if current { name } else { format!("{name}（第{}版）", edition.number) });
        title.clone_into(&mut head.description);
        head.section = "policies";
        head.class = "gw";
        head.draft = set.draft;
        head.noindex |= set.draft;
        if self.catalogue.entry(&set.id).is_some_and(|entry| entry.edition.number == edition.number) {
            // The same text at two addresses: search engines are led to the short one.
            head.canonical = self.base.absolute(&Route::set(&set.id).url());
        }
        head.column(&self.config.columns.policies);
        let issuers: Vec<&str> = policy.meta.issuers.iter().map(|issuer| issuer.value.as_str()).collect();
        let source = policy
            .meta
            .reposted
            .as_ref()
            .map_or_else(|| issuers.join("、"), |reposted| reposted.value.name.clone());
        let source = if source.is_empty() { self.config.office.name.clone() } else { source };
        head.article(&Article { title, published: policy.meta.published.as_ref().map(|p| p.value), source });
        head.provenance = format!("{root}{}", Route::in_set(&set.id, "record/index.json").url());
        head.alternate(
            "application/json",
            "机器可读",
            format!("{root}{}", Route::in_set(&set.id, "set.json").url()),
        );
        if current {
            head.alternate(
                "application/atom+xml",
                title,
                format!("{root}{}", Route::in_set(&set.id, "feed.xml").url()),
            );
        }
        head
    }

    fn policy_view(
        &self,
        root: &str,
        set: &'a PublishedSet,
        edition: &'a Edition,
        policy: &'a PolicyDocument,
        body: &Body<'_>,
        current: bool,
    ) -> PolicyView {
        let meta = &policy.meta;
        let title = title(meta, &set.id);
        let number = meta.document_number.as_ref().map(|number| number.value.clone()).unwrap_or_default();
        let issuers: Vec<&str> = meta.issuers.iter().map(|issuer| issuer.value.as_str()).collect();
        let entry = self.catalogue.entry(&set.id);
        let permalink = self.base.absolute(
            &if current { Route::set(&set.id) } else { Route::edition(&set.id, edition.number) }.url(),
        );
        let timeline = Self::timeline(set, edition.number, root);
        let compare = timeline
            .iter()
            .find(|moment| moment.is_now())
            .map(|moment| moment.compare().to_owned())
            .unwrap_or_default();
        let printed = super::set_json::printed_validity(meta);
        let short = if number.is_empty() { title.to_owned() } else { number.clone() };
        let up = Crumb { key: "nav.policies", text: String::new(), href: format!("{root}policies/") };
        let mut crumbs = vec![home(root), up];
        if current {
            crumbs.push(here(&short));
        } else {
            crumbs.push(Crumb {
                key: "",
                text: short.clone(),
                href: format!("{root}{}", Route::set(&set.id).url()),
            });
            crumbs.push(here(&format!("第{}版", edition.number)));
        }
        PolicyView {
            crumbs,
            issuer: issuers.join("、"),
            citation: citation(title, &number, &issuers, edition, &permalink),
            number,
            kind: super::title::kind(title),
            edition: edition.number,
            edition_word: if meta.stage == Stage::Consultation {
                "policy.consultation-draft"
            } else {
                "policy.issued-text"
            },
            title: title.to_owned(),
            title_html: title_html(title, &issuers),
            notices: self.notices(set, edition, policy, current, root),
            meta: self.meta_rows(meta, title, Some(("", printed)), root),
            permalink,
            json: format!("{root}{}", Route::in_set(&set.id, "set.json").url()),
            compare,
            record: format!("{root}{}", Route::in_set(&set.id, "record/index.html").url()),
            coverage: body.coverage,
            exemption: meta.no_interpretation.as_ref().map(|reason| reason.value.clone()).unwrap_or_default(),
            interpretations: self.interpretation_items(set, edition, current && entry.is_some(), root),
            attachments: self.attachments(set, edition, root),
            timeline,
            comparisons: Self::far_comparisons(set, root),
            digest: edition.digest.to_string(),
            code: edition.digest.check_code(),
            index_number: meta.index_number.as_ref().map(|number| number.value.clone()).unwrap_or_default(),
            printable: !set.draft,
        }
    }

    /// The comparisons that the timeline does not link: first with last.
    fn far_comparisons(set: &PublishedSet, root: &str) -> Vec<Comparison> {
        let pairs = super::pages::compared(set);
        let numbers = pairs
            .iter()
            .filter_map(|(old, new)| Some((*old, *new, set.editions.get(*old)?, set.editions.get(*new)?)));
        let is_far = |old: usize, new: usize| pairs.iter().any(|(a, b)| *a == old && *b < new);
        numbers
            .filter(|(old, new, _, _)| is_far(*old, *new))
            .map(|(_, _, old, new)| Comparison {
                old: old.number,
                new: new.number,
                href: format!("{root}{}", Route::compare(&set.id, old.number, new.number).url()),
            })
            .collect()
    }

    fn notices(
        &self,
        set: &PublishedSet,
        edition: &Edition,
        policy: &PolicyDocument,
        current: bool,
        root: &str,
    ) -> Vec<Notice> {
        let entry = self.catalogue.entry(&set.id);
        let mut notices: Vec<Notice> = Self::draft_notice(set).into_iter().collect();
        if !current {
            notices.extend(Self::edition_notice(entry, edition, root));
        }
        // The state of force is that of the policy today, on old editions too.
        match Self::consultation_notice(&policy.meta) {
            Some(notice) => notices.push(notice),
            None => notices.extend(entry.map(|entry| Self::force_notice(&entry.force, root))),
        }
        let draft = entry.filter(|_| policy.meta.stage == Stage::Consultation);
        let closed = draft.filter(|entry| entry.force.state == "consultation-closed");
        notices.extend(closed.map(|entry| Self::force_notice(&entry.force, root)));
        notices
    }

    fn interpretation_items(
        &self,
        set: &'a PublishedSet,
        edition: &'a Edition,
        guests: bool,
        root: &str,
    ) -> Vec<InterpretationItem> {
        let own = edition.set.materials.iter().map(|material| Material { set, edition, material });
        let others = self.catalogue.guests.get(&set.id).filter(|_| guests).into_iter().flatten().copied();
        own.chain(others)
            .map(|material| InterpretationItem {
                title: material.title().to_owned(),
                href: self
                    .interpretation_url(material.set, &material.material.name)
                    .map(|url| format!("{root}{url}"))
                    .unwrap_or_default(),
                form: material.form().to_owned(),
                date: material.date().to_string(),
                stage: super::interpretation::stage_key(material.material.meta.stage),
                from: if material.set.id == set.id {
                    String::new()
                } else {
                    self.catalogue
                        .entry(&material.set.id)
                        .map(|entry| entry.title().to_owned())
                        .unwrap_or_default()
                },
            })
            .collect()
    }

    /// How many provisions of a policy are explained.
    pub(super) fn coverage(&self, entry: &super::catalogue::Entry<'a>) -> Coverage {
        let (set, edition) = (entry.set, entry.edition);
        let place = Place {
            plan: self,
            set,
            edition,
            root: "",
            folder: "",
            policy_url: String::new(),
            clauses: entry.clauses(),
        };
        super::body::coverage(entry.policy, &self.glosses(&place, entry.policy, true))
    }

    /// What explains the provisions of an edition: sections of its own
    /// materials, on the current page those of other sets too.
    fn glosses(
        &self,
        place: &Place<'_, 'a>,
        policy: &'a PolicyDocument,
        current: bool,
    ) -> BTreeMap<usize, Vec<Gloss<'a>>> {
        let mut glosses: BTreeMap<usize, Vec<Gloss<'a>>> = BTreeMap::new();
        for material in &place.edition.set.materials {
            let since = unchanged_since(place.set, place.edition, material);
            for (index, section) in material.sections.iter().enumerate() {
                let targets = section.heading_targets.iter().chain(&section.text_targets);
                let mut seen = BTreeSet::new();
                let holders = holders(material, section);
                for target in targets {
                    let (other, name) = split_target(target);
                    if other.is_some_and(|id| id != place.set.id) {
                        continue;
                    }
                    let Some(provision) = place.clauses.find(name).filter(|found| seen.insert(*found)) else {
                        continue;
                    };
                    let whole = Material { set: place.set, edition: place.edition, material };
                    let mut gloss = self.gloss(whole, index, holders.get(target).copied(), place.root);
                    gloss.stale = since.is_some_and(|old| !same_provision(old, policy, provision));
                    glosses.entry(provision).or_default().push(gloss);
                }
            }
        }
        for foreign in self.catalogue.foreign.get(&place.set.id).filter(|_| current).into_iter().flatten() {
            let mut gloss = self.gloss(foreign.material, foreign.section, None, place.root);
            gloss.from = self.catalogue.entry(&foreign.material.set.id).map(super::catalogue::Entry::title);
            gloss.stale = read_by(place.set, foreign.material.edition)
                .is_some_and(|old| !same_provision(old, policy, foreign.provision));
            glosses.entry(foreign.provision).or_default().push(gloss);
        }
        glosses
    }

    fn gloss(&self, material: Material<'a>, section: usize, holder: Option<usize>, root: &str) -> Gloss<'a> {
        let part = material.material.sections.get(section);
        let anchor = part.map_or("", |part| part.anchor.as_str());
        let url = self.interpretation_url(material.set, &material.material.name);
        Gloss {
            form: material.form(),
            heading: part.map_or("", |part| part.heading.as_str()),
            text: part.map(|part| excerpt(material.material, part, holder)).unwrap_or_default(),
            href: url
                .map(|url| format!("{root}{url}{}", self.fragment(material, anchor)))
                .unwrap_or_default(),
            edition: material.edition.number,
            stale: false,
            from: None,
        }
    }

    /// `#anchor`, when the page of the interpretation has it: the page shows
    /// the current edition, the gloss may belong to an older one.
    fn fragment(&self, material: Material<'_>, anchor: &str) -> String {
        let current = self.catalogue.entry(&material.set.id).map(|entry| entry.edition);
        let shown = current
            .and_then(|edition| edition.set.materials.iter().find(|m| m.name == material.material.name));
        let has = shown.is_some_and(|shown| shown.sections.iter().any(|section| section.anchor == anchor));
        if has { format!("#{anchor}") } else { String::new() }
    }
}

/// The policy of the earliest edition since which the material has not
/// been touched; nothing when that is this edition.
fn unchanged_since<'a>(
    set: &'a PublishedSet,
    edition: &Edition,
    material: &InterpretationMaterial,
) -> Option<&'a PolicyDocument> {
    let mut since = None;
    for older in set.editions.iter().rev().filter(|older| older.number < edition.number) {
        let same = older.set.materials.iter().find(|old| old.name == material.name)?;
        if same.file.text() != material.file.text() {
            break;
        }
        since = older.set.policy.as_ref();
    }
    since
}

/// The policy of the edition that was current when another set's edition
/// came into being.
fn read_by<'a>(set: &'a PublishedSet, reader: &Edition) -> Option<&'a PolicyDocument> {
    let known = set.editions.iter().rev().find(|edition| edition.instant <= reader.instant);
    known.or(set.editions.first())?.set.policy.as_ref()
}

/// Whether a provision had the same text in another edition's policy. One that
/// was not there counts as changed.
fn same_provision(old: &PolicyDocument, new: &PolicyDocument, provision: usize) -> bool {
    let Some(provision) = new.provisions.get(provision) else { return false };
    old.provisions.iter().any(|old| old.fingerprint == provision.fingerprint)
}

/// The first paragraph of a section, or for a link inside the text the one
/// that holds it; shortened at the end of a sentence.
fn excerpt(material: &InterpretationMaterial, section: &Section, holder: Option<usize>) -> String {
    let blocks = material.blocks.get(section.blocks.clone()).unwrap_or_default();
    let first = || blocks.iter().find(|block| block.heading.is_none() && !block.text.trim().is_empty());
    let block = holder.and_then(|holder| blocks.get(holder)).or_else(first);
    block.map(|block| shorten(block.text.trim())).unwrap_or_default()
}

/// Which block of a section holds each clause link first, by target. Empty for
/// a section whose heading is the link.
fn holders(material: &InterpretationMaterial, section: &Section) -> BTreeMap<String, usize> {
    let mut holders = BTreeMap::new();
    if !section.heading_targets.is_empty() {
        return holders;
    }
    let blocks = material.blocks.get(section.blocks.clone()).unwrap_or_default();
    for (index, block) in blocks.iter().enumerate() {
        for part in block.html.split("href=\"clause:").skip(1) {
            let target = part.split('"').next().unwrap_or("");
            holders.entry(decode_percent(&unescape_html(target))).or_insert(index);
        }
    }
    holders
}

/// Shortens to whole sentences.
pub(super) fn shorten(text: &str) -> String {
    let mut end = None;
    for (count, (at, c)) in text.char_indices().enumerate() {
        if matches!(c, '。' | '！' | '？' | '；') {
            end = Some(at + c.len_utf8());
        }
        if count + 1 >= GLOSS_LENGTH {
            let cut = end.unwrap_or(at + c.len_utf8());
            let short = text.get(..cut).unwrap_or(text);
            let more = if cut < text.len() { "……" } else { "" };
            return format!("{short}{more}");
        }
    }
    text.to_owned()
}

/// A title with break opportunities between its phrases.
pub(super) fn title_html(title: &str, issuers: &[&str]) -> String {
    phrases(title, issuers).into_iter().map(escape_html).collect::<Vec<_>>().join("<wbr>")
}

fn citation(title: &str, number: &str, issuers: &[&str], edition: &Edition, permalink: &str) -> String {
    let number = if number.is_empty() { String::new() } else { format!("（{number}）") };
    let date = listed_date(edition);
    let day = format!("{}年{}月{}日", date.year(), date.month(), date.day());
    format!("{}：《{title}》{number}，{day}发布，第{}版，{permalink}", issuers.join("、"), edition.number)
}

//! Clause links whose label has come to name another clause than it was aimed at.

use std::collections::{BTreeMap, BTreeSet};

use super::Stop;
use super::content::{self, Content};
use super::instant::Time;
use super::revision::{ReadOptions, Revision};
use jiedu_approve::TrustAnchor;
use jiedu_base::finding::{Applicability, Finding, Fix, Place, Severity};
use jiedu_base::name::{Digest, SetId};
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_edition::pins::{Redlines, Retargeted, Written, range, retargeted};
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{InterpretationMaterial, PolicyDocument, Provision, PublicationSet};
use jiedu_source::{Repository, Snapshot};

/// The code of every such finding, and of an edition held back for one.
pub const LINK_RETARGETED: &str = "LINK_RETARGETED";

/// The findings of the present texts of sets, each with the editions before it.
pub(super) fn findings<'a>(sets: impl Iterator<Item = (&'a PublicationSet, &'a [Edition])>) -> Vec<Finding> {
    let redlines = Redlines::default();
    sets.flat_map(|(set, editions)| of_set(set, editions, &redlines)).collect()
}

/// The findings of the present texts of a revision.
pub(super) fn of_revision(read: &Revision) -> Vec<Finding> {
    findings(read.sets.iter().map(|set| (&*set.set, set.editions.as_slice())))
}

/// The findings of texts in a folder, each with its editions at `HEAD`.
pub(super) fn of_folder(content: &Content, head: &Revision) -> Vec<Finding> {
    let sets = content.corpus.sets.iter();
    findings(sets.filter_map(|(id, set)| Some((&**set, head.set(id)?.editions.as_slice()))))
}

/// What `jiedu fix` mends: the clause links of a folder that have come to name
/// another clause, found with the editions at `HEAD`.
///
/// # Errors
/// [`Stop`] when the repository cannot be read.
pub fn retargeted_links(
    repository: &Repository,
    snapshot: &Snapshot,
    time: Time,
    anchor: Option<&TrustAnchor>,
) -> Result<Vec<Finding>, Stop> {
    let options = ReadOptions { revision: "HEAD", time, anchor, drafting: true };
    let head = Revision::read(repository, options)?;
    let (config, _) = content::config(snapshot)?;
    Ok(of_folder(&Content::parse(snapshot, &config), &head))
}

impl Revision {
    /// The clause links of a set's present text that have come to name another
    /// clause: such a text is not submitted.
    #[must_use]
    pub fn retargeted_links(&self, id: &SetId) -> Vec<Finding> {
        let sets = self.sets.iter().filter(|set| set.id == *id);
        findings(sets.map(|set| (&*set.set, set.editions.as_slice())))
    }
}

fn of_set(set: &PublicationSet, editions: &[Edition], redlines: &Redlines) -> Vec<Finding> {
    let shown: Vec<&Edition> = editions.iter().filter(|edition| edition.void.is_none()).collect();
    // The present text may be an edition already; what came after is not before it.
    let until = shown.iter().position(|edition| Some(edition.digest) == set.digest).unwrap_or(shown.len());
    let before: Vec<&PublicationSet> = shown.iter().take(until).map(|edition| &*edition.set).collect();
    let Some(policy) = &set.policy else { return Vec::new() };
    let mut findings = Vec::new();
    for material in &set.materials {
        for link in retargeted(&history(&before, set, material), redlines) {
            findings.extend(finding(policy, material, &link).map(|finding| finding.in_set(set.id.as_str())));
        }
    }
    findings
}

/// A material in the texts before, without a break, and in the present one.
fn history<'a>(
    before: &[&'a PublicationSet],
    set: &'a PublicationSet,
    material: &'a InterpretationMaterial,
) -> Vec<Written<'a>> {
    let known = before.iter().rev().map_while(|older| {
        let known = older.materials.iter().find(|old| old.name == material.name)?;
        Some(Written { policy: older.policy.as_ref(), material: known })
    });
    let mut all = vec![Written { policy: set.policy.as_ref(), material }];
    all.extend(known);
    all.reverse();
    all
}

fn finding(policy: &PolicyDocument, material: &InterpretationMaterial, link: &Retargeted) -> Option<Finding> {
    let section = range(material, link.section);
    let target = format!("clause:{}", link.target);
    let place = material
        .body
        .links
        .iter()
        .find(|known| {
            known.target == target && section.start <= known.range.start && known.range.end <= section.end
        })?
        .range;
    let of = |index: Option<usize>| index.and_then(|index| policy.provisions.get(index));
    let (meant, now) = (of(link.meant), of(link.now));
    let zh = format!(
        "`{target}` 原指{}，现为{}",
        meant.map_or_else(|| format!("{}（已删去）", link.label), called),
        now.map_or_else(|| "没有的条款".to_owned(), called)
    );
    let en = format!(
        "`{target}` meant {}, and now names {}",
        meant.map_or_else(|| format!("{} (deleted)", link.label), called),
        now.map_or_else(|| "no provision".to_owned(), called)
    );
    let finding = Finding::new(
        LINK_RETARGETED,
        "link-retargeted",
        "link",
        Severity::Error,
        Place::range(&material.file, place),
        Message::new(zh, en),
    );
    let mark = format!("<!-- 校对:已复核 {} -->", link.target);
    Some(match meant {
        Some(meant) => Finding { fix: mended(&material.file, place, &link.target, meant), ..finding }.note(
            format!("运行 jiedu fix 改写标号；确实要改指现在的条款，在本节标题下加一行 {mark}"),
            format!("run jiedu fix to rewrite the label; to aim at the present provision on purpose, put {mark} below the heading"),
        ),
        None => finding.note(
            format!("原来的条款已删去：删除这一链接；确实要改指现在的条款，在本节标题下加一行 {mark}"),
            format!("the provision is gone: remove the link, or put {mark} below the heading to aim at the present one"),
        ),
    })
}

/// How a provision is called in a message: `第七条“车辆应当保持整洁…”`.
fn called(provision: &Provision) -> String {
    const LENGTH: usize = 16;
    let text = provision.text.trim();
    let own = text.strip_prefix(provision.label.as_str()).unwrap_or(text).trim_start();
    let mut start: String = own.chars().take(LENGTH).filter(|c| *c != '\n').collect();
    if own.chars().nth(LENGTH).is_some() {
        start.push('…');
    }
    format!("{}“{start}”", provision.reference)
}

/// The link with the label of the clause that was meant, in the visible text too.
fn mended(file: &SourceFile, place: TextRange, label: &str, meant: &Provision) -> Option<Fix> {
    let link = file.text().get(place.start..place.end)?;
    let at = link.rfind("clause:")?;
    let (before, rest) = (link.get(..at)?, link.get(at + "clause:".len()..)?);
    // Brackets of the label itself come in pairs.
    let mut depth = 0_i32;
    let end = rest.find(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth < 0 || matches!(c, '>' | '"') || c.is_whitespace()
    });
    let tail = rest.get(end.unwrap_or(rest.len())..)?;
    let new = meant.reference.trim_end_matches('、');
    let shown = before.replacen(label, new, 1);
    let replacement = format!("{shown}clause:{}{tail}", meant.reference);
    Some(Fix { range: place, replacement, applicability: Applicability::Safe })
}

/// Takes the editions out whose clause links have come to name another clause,
/// unless readers have them already; gives back what was taken: the findings of
/// each, and the edition that stays.
pub(super) fn hold_back(
    sets: &mut Vec<PublishedSet>,
    is_published: impl Fn(&SetId, &Digest) -> bool,
) -> Vec<Held> {
    let redlines = Redlines::default();
    let mut held = Vec::new();
    for set in sets.iter_mut().filter(|set| !set.draft) {
        let mut kept: Vec<Edition> = Vec::with_capacity(set.editions.len());
        for edition in std::mem::take(&mut set.editions) {
            let findings = if edition.void.is_some() || is_published(&set.id, &edition.digest) {
                Vec::new()
            } else {
                of_set(&edition.set, &kept, &redlines)
            };
            if findings.is_empty() {
                kept.push(edition);
            } else {
                let number = edition.number;
                held.push(Held { id: set.id.clone(), number, findings, standing: None });
            }
        }
        set.editions = kept;
        let standing = set.editions.iter().rev().find(|edition| edition.void.is_none());
        for held in held.iter_mut().filter(|held| held.id == set.id) {
            held.standing = standing.map(|edition| edition.number);
        }
    }
    // One that a later edition has mended concerns nobody any more.
    held.retain(|held| held.standing < Some(held.number));
    sets.retain(|set| !set.editions.is_empty());
    held
}

/// An edition that was held back.
pub(super) struct Held {
    pub(super) id: SetId,
    number: u32,
    pub(super) findings: Vec<Finding>,
    /// The edition that stays on the site.
    pub(super) standing: Option<u32>,
}

/// The editions of a release, by set and digest.
pub(super) fn released(sets: &[jiedu_evidence::ReleasedSet]) -> BTreeMap<SetId, BTreeSet<Digest>> {
    let of = |set: &jiedu_evidence::ReleasedSet| set.editions.iter().map(|edition| edition.digest).collect();
    sets.iter().map(|set| (set.id.clone(), of(set))).collect()
}

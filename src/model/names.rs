//! Anchors, names, references, depths and fingerprints of provisions, which
//! need the whole outline (contract details 84).

use std::collections::{BTreeMap, BTreeSet};

use super::Provision;
use super::label::LabelKind;
use super::provisions::Draft;
use super::regions::without;
use jiedu_base::name::Digest;
use jiedu_base::text::{is_blank, numerals};

/// Anchors, references, depths and fingerprints, which need the whole outline.
pub(super) fn finish(drafts: Vec<Draft>) -> Vec<Provision> {
    let fingerprints = fingerprints(&drafts);
    let names = all_names(&drafts);
    let references = references(&drafts, &names);
    let mut anchors: Vec<String> = Vec::with_capacity(drafts.len());
    let mut used: BTreeMap<String, u32> = BTreeMap::new();
    for draft in &drafts {
        let mut anchor = base_anchor(&drafts, &anchors, draft);
        let count = used.entry(anchor.clone()).or_default();
        *count += 1;
        if *count > 1 {
            anchor = format!("{anchor}_{count}");
        }
        anchors.push(anchor);
    }
    let mut depths: Vec<u8> = Vec::with_capacity(drafts.len());
    for draft in &drafts {
        depths.push(draft.parent.and_then(|parent| depths.get(parent)).map_or(1, |depth| depth + 1));
    }
    let parts = drafts.into_iter().zip(anchors).zip(depths).zip(references).zip(names).zip(fingerprints);
    parts
        .map(|(((((draft, anchor), depth), reference), names), fingerprint)| Provision {
            anchor,
            label: draft.label,
            reference,
            names,
            heading: draft.heading,
            depth,
            parent: draft.parent,
            blocks: draft.blocks,
            text: draft.text,
            words_from: draft.words_from,
            range: draft.range,
            fingerprint,
            in_wrapper: draft.in_wrapper,
        })
        .collect()
}

/// The anchor before repeats are told apart.
fn base_anchor(drafts: &[Draft], anchors: &[String], draft: &Draft) -> String {
    let parent = draft.parent.and_then(|parent| Some((drafts.get(parent)?, anchors.get(parent)?)));
    let number =
        draft.addition.map_or_else(|| draft.number.to_string(), |more| format!("{}-{more}", draft.number));
    let prefix = if draft.in_wrapper { "w-" } else { "" };
    let below = |mark: &str| parent.map(|(_, anchor)| format!("{anchor}-{mark}{number}"));
    let alone = |mark: &str| format!("{prefix}{mark}{number}");
    match draft.kind {
        Some(LabelKind::Part) => alone("part"),
        Some(LabelKind::SubPart) => below("sub").unwrap_or_else(|| alone("sub")),
        Some(LabelKind::Chapter) => alone("ch"),
        Some(LabelKind::Division) => below("sec").unwrap_or_else(|| alone("sec")),
        Some(LabelKind::Article) => alone("art"),
        Some(LabelKind::Section) => match parent {
            Some((above, _)) if above.kind >= Some(LabelKind::Article) || above.kind.is_none() => {
                below("s").unwrap_or_else(|| alone("s"))
            }
            _ => alone("s"),
        },
        Some(LabelKind::Item) => item_anchor(drafts, anchors, draft, &number).unwrap_or_else(|| alone("i")),
        Some(LabelKind::Number) => below("").unwrap_or_else(|| alone("n")),
        Some(LabelKind::SubNumber) => below("").unwrap_or_else(|| alone("m")),
        None => parent.map_or_else(|| alone("p"), |(_, anchor)| format!("{anchor}-p{}", draft.paragraph)),
    }
}

/// `s2-5` under a section, `art3-i1` in an article, whichever its 款.
fn item_anchor(drafts: &[Draft], anchors: &[String], draft: &Draft, number: &str) -> Option<String> {
    let mut parent = draft.parent?;
    let mut above = drafts.get(parent)?;
    if above.kind.is_none() {
        parent = above.parent?;
        above = drafts.get(parent)?;
    }
    let mark = if above.kind == Some(LabelKind::Section) { "" } else { "i" };
    Some(format!("{}-{mark}{number}", anchors.get(parent)?))
}

/// The shortest link text that names each provision alone. A bare `1.` is too
/// little to be understood without its heading, unless it has none.
fn references(drafts: &[Draft], names: &[Vec<String>]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names.iter().flatten() {
        *counts.entry(name).or_default() += 1;
    }
    let pick = |(draft, names): (&Draft, &Vec<String>)| {
        let is_bare = draft.kind >= Some(LabelKind::Number) && names.len() > 1;
        let mut candidates = names.iter().skip(usize::from(is_bare));
        let alone = candidates.find(|name| counts.get(name.as_str()) == Some(&1));
        alone.or(names.last()).cloned().unwrap_or_default()
    };
    drafts.iter().zip(names).map(pick).collect()
}

/// The names of all provisions. Those of an annex that the text itself uses
/// belong to the text; with the annex before them they are the annex's.
fn all_names(drafts: &[Draft]) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = (0..drafts.len()).map(|index| names(drafts, index)).collect();
    if drafts.iter().all(|draft| draft.annex.is_none()) {
        return all;
    }
    let of_text = drafts.iter().zip(&all).filter(|(draft, _)| draft.annex.is_none());
    let taken: BTreeSet<String> = of_text.flat_map(|(_, names)| names.iter().cloned()).collect();
    for (draft, names) in drafts.iter().zip(&mut all) {
        let Some(annex) = &draft.annex else { continue };
        let own: Vec<String> = names.iter().map(|name| format!("{annex}{name}")).collect();
        names.retain(|name| !taken.contains(name));
        names.extend(own);
    }
    all
}

/// Every name of a provision, the shortest first: `（五）`, `二、（五）`; in an
/// article `第三条第（一）项`, `第三条第二款第（一）项`. Names of a wrapper
/// notice begin with `通知`, so that the enclosed text keeps the plain ones.
/// A label in other figures than those of laws has names in both.
fn names(drafts: &[Draft], index: usize) -> Vec<String> {
    let mut chain = Vec::new();
    let mut at = Some(index);
    while let Some(draft) = at.and_then(|current| drafts.get(current)) {
        chain.push(draft);
        // An article is numbered through the whole text: no chapter before it.
        at = if draft.kind == Some(LabelKind::Article) { None } else { draft.parent };
    }
    let mut names = names_of(&chain, |draft| &draft.label);
    if chain.iter().any(|draft| draft.canonical != draft.label) {
        let canonical = names_of(&chain, |draft| &draft.canonical);
        let known = names.len();
        // The shortest printed name stays the first, the complete one the last.
        names.splice(known.saturating_sub(1)..known.saturating_sub(1), canonical);
    }
    if drafts.get(index).is_some_and(|draft| draft.in_wrapper) {
        for name in &mut names {
            name.insert_str(0, "通知");
        }
    }
    names
}

/// The names by labels of one spelling.
fn names_of<'a>(chain: &[&'a Draft], label: impl Fn(&'a Draft) -> &'a str + Copy) -> Vec<String> {
    let in_article = chain.last().is_some_and(|draft| draft.kind == Some(LabelKind::Article));
    if in_article { article_names(chain, label) } else { suffixes(chain, label) }
}

/// The labels of a chain, innermost first, joined from each level downwards.
fn suffixes<'a>(chain: &[&'a Draft], label: impl Fn(&'a Draft) -> &'a str) -> Vec<String> {
    let mut name = String::new();
    let join = |draft: &&'a Draft| {
        name.insert_str(0, label(draft));
        name.clone()
    };
    chain.iter().map(join).collect()
}

/// The formal citation, with and without the 款 that an item stands in.
fn article_names<'a>(chain: &[&'a Draft], label: impl Fn(&'a Draft) -> &'a str) -> Vec<String> {
    let part = |draft: &&'a Draft| match draft.kind {
        None => format!("第{}款", numerals::write(draft.paragraph)),
        Some(LabelKind::Item) => format!("第{}项", draft.label),
        Some(_) => label(draft).to_owned(),
    };
    let full: String = chain.iter().rev().map(part).collect();
    let is_paragraph = chain.first().is_some_and(|draft| draft.kind.is_none());
    let short: String =
        chain.iter().rev().filter(|draft| is_paragraph || draft.kind.is_some()).map(part).collect();
    let mut names = if short == full { vec![full] } else { vec![short, full] };
    // The text of an article up to its second paragraph is its first 款.
    let has_paragraph = chain.iter().any(|draft| draft.kind.is_none());
    if let (false, [inner @ .., article]) = (has_paragraph, chain) {
        let rest: String = inner.iter().rev().map(part).collect();
        names.push(format!("{}第一款{rest}", label(article)));
    }
    names
}

/// Digests over own and children's text without white space.
fn fingerprints(drafts: &[Draft]) -> Vec<Digest> {
    let mut texts: Vec<String> = vec![String::new(); drafts.len()];
    for (index, draft) in drafts.iter().enumerate() {
        let own = without(&draft.text, is_blank);
        let mut at = Some(index);
        while let Some(current) = at {
            if let Some(text) = texts.get_mut(current) {
                text.push_str(&own);
            }
            at = drafts.get(current).and_then(|draft| draft.parent);
        }
    }
    texts.iter().map(|text| Digest::of(text.as_bytes())).collect()
}

//! What explains the provisions of an edition, and whether it still fits.

use std::collections::{BTreeMap, BTreeSet};

use super::SitePlan;
use super::body::Gloss;
use super::catalogue::Material;
use super::files::Place;
use super::pinned::Pinboard;
use super::policy::shorten;
use jiedu_base::text::unescape_html;
use jiedu_link::decode_percent;
use jiedu_model::{InterpretationMaterial, PolicyDocument, Section};

impl<'a> SitePlan<'a> {
    /// What explains the provisions of an edition: sections of its own
    /// materials, on the current page those of other sets too.
    pub(super) fn glosses(
        &self,
        place: &Place<'_, 'a>,
        policy: &'a PolicyDocument,
        current: bool,
    ) -> BTreeMap<usize, Vec<Gloss<'a>>> {
        let mut glosses: BTreeMap<usize, Vec<Gloss<'a>>> = BTreeMap::new();
        for material in &place.edition.set.materials {
            let whole = Material { set: place.set, edition: place.edition, material };
            let pinboard = Pinboard::new(&self.catalogue, whole);
            for (index, section) in material.sections.iter().enumerate() {
                let targets = section.heading_targets.iter().chain(&section.text_targets);
                let mut seen = BTreeSet::new();
                let holders = holders(material, section);
                for target in targets {
                    let Some((None, pin)) = pinboard.find(index, target) else { continue };
                    if !seen.insert(pin.provision) {
                        continue;
                    }
                    let mut gloss = self.gloss(whole, index, holders.get(target).copied(), place.root);
                    gloss.stale = pin.stale;
                    glosses.entry(pin.provision).or_default().push(gloss);
                }
            }
        }
        for foreign in self.catalogue.foreign.get(&place.set.id).filter(|_| current).into_iter().flatten() {
            let mut gloss = self.gloss(foreign.material, foreign.section, None, place.root);
            let from = self.catalogue.entry(&foreign.material.set.id);
            gloss.from = from.map(|entry| super::title::inside_marks(entry.title()));
            gloss.stale = foreign.stale;
            glosses.entry(foreign.provision).or_default().push(gloss);
        }
        self.question_glosses(place, policy, current, &mut glosses);
        glosses
    }

    fn gloss(&self, material: Material<'a>, section: usize, holder: Option<usize>, root: &str) -> Gloss<'a> {
        let part = material.material.sections.get(section);
        let anchor = part.map_or("", |part| part.anchor.as_str());
        let url = self.interpretation_url(material.set, &material.material.name);
        Gloss {
            form: material.form(),
            answers: false,
            heading: part.map_or("", |part| part.heading.as_str()),
            text: part.map(|part| excerpt(material.material, part, holder)).unwrap_or_default(),
            href: url
                .map(|url| format!("{root}{url}{}", Self::fragment(material, anchor)))
                .unwrap_or_default(),
            edition: material.edition.number,
            stale: false,
            from: None,
        }
    }

    /// `#anchor`, when the page of the interpretation has it: the page shows
    /// the newest text, the gloss may belong to an older one.
    fn fragment(material: Material<'_>, anchor: &str) -> String {
        let shown = Self::shown_material(material.set, &material.material.name);
        let has = shown.is_some_and(|shown| shown.sections.iter().any(|section| section.anchor == anchor));
        if has { format!("#{anchor}") } else { String::new() }
    }
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

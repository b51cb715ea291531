//! The documents of an office, typed.
//!
//! `Corpus::parse` turns a [`jiedu_base::files::Snapshot`] into publication sets:
//! policy, plan, materials, attachments. Bad content becomes findings, never an
//! error; what could be understood is kept.

mod active;
mod articles;
mod bidi;
mod contents;
mod corpus;
mod data;
mod joined;
mod kind;
mod label;
mod loose;
mod meta;
mod metadata_pages;
mod names;
mod pages;
mod placeholder;
mod provisions;
mod regions;
mod sections;
mod set;
mod svg;
mod topics;
mod types;
mod validity;

pub use corpus::ParsedSets;
pub use data::{Adoption, ClauseRef, Correction, Opinion, OpinionSheet, Question, QuestionSheet, Topic};
pub use kind::{CARRIED_KINDS, STATUTORY_KINDS, document_kind};
pub use loose::read_loose;
pub use meta::{KeyInfo, TextKind, front_matter_keys};
pub use set::parse_set;
pub use types::{
    Attachment, Consultation, Corpus, Disclosure, DocumentClass, InterpretationMaterial, InterpretationPlan,
    MaterialMeta, MaterialStage, PlannedForm, PolicyDocument, PolicyMeta, Provision, ProvisionOrder,
    PublicationSet, PublishDate, Reposted, Section, Spanned, Stage, StandingPage, Validity,
};
pub use validity::validity_on;

use jiedu_base::finding::Rule;
use jiedu_base::text::SourceFile;
use jiedu_markdown::{Body, RenderOptions, render_blocks};

/// Every kind of finding about front matter, metadata, layout and data files.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    pages::PAGES.iter().chain(&metadata_pages::PAGES).chain(&data::PAGES)
}

/// The anchors that the pages of a text would have, of provisions as in a policy and
/// of sections as in a material: for texts of which nobody says what they are.
pub fn anchors(body: &Body) -> std::collections::BTreeSet<String> {
    let options = RenderOptions { numbered_as_text: true, ..RenderOptions::default() };
    let numbered = render_blocks(&body.file, body.range, &options);
    let plain = render_blocks(&body.file, body.range, &RenderOptions::default());
    let outline = provisions::read_outline(&numbered, &PolicyMeta::default());
    let provisions = outline.provisions.into_iter().map(|one| one.anchor);
    provisions.chain(sections::read_sections(&plain, body).into_iter().map(|one| one.anchor)).collect()
}

/// The provisions of a text that is no set's policy, such as a statute.
#[must_use]
pub fn provisions_of(file: &SourceFile) -> Vec<Provision> {
    let front = jiedu_markdown::front_matter(file).value;
    let options = RenderOptions { numbered_as_text: true, ..RenderOptions::default() };
    let blocks = render_blocks(file, front.body, &options);
    provisions::read_outline(&blocks, &PolicyMeta::default()).provisions
}

#[cfg(test)]
mod laws_tests;
#[cfg(test)]
mod tests;

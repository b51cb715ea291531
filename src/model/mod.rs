//! The documents of an office, typed.
//!
//! `Corpus::parse` turns a [`crate::source::Snapshot`] into publication sets:
//! policy, plan, materials, attachments. Bad content becomes findings, never an
//! error; what could be understood is kept.

mod types;

pub use types::{
    Attachment, Consultation, Corpus, Disclosure, DocumentClass, InterpretationMaterial, InterpretationPlan,
    MaterialMeta, MaterialStage, PlannedForm, PolicyDocument, PolicyMeta, Provision, PublicationSet, PublishDate,
    Reposted, Section, Spanned, Stage, StandingPage, Validity,
};

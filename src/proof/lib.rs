//! Proofreading: the mechanical half of 三校.
//!
//! Text comes in as prose segments with a map back to the file
//! ([`markdown::parse_body`](jiedu_markdown::parse_body)); rules look at the
//! segments or at the document as a whole and leave findings with exact places
//! and graded fixes. Precision comes before recall: a rule that cries wolf costs
//! the proofreader more than a miss, so every rule knows the habits of official
//! writing that it must leave alone, and a guess is a hint.
//!
//! The parts: [`jiedu_base::finding::Rule`] is identity and page of a rule, the registry lists all
//! families, the runner applies them and the suppressions of the text
//! ([`suppress`]), [`Lists`] are the office's own words, [`fix_text`] applies
//! fixes. All of it is linear in the length of the text, deterministic, and
//! without any I/O.
//!
//! To add a rule see the `registry` file.

mod apply;
mod attached;
mod closing;
mod document;
mod habits;
mod lists;
mod measured;
mod model;
mod profile;
mod references;
mod registry;
mod report;
mod rules;
mod runner;
mod sensitive;
mod set;
mod sink;
pub mod suppress;
mod triggers;

pub use apply::{Fixed, Fixes, Replacement, apply_once, fitting_edits, fix_text};
pub use lists::Lists;
pub use measured::rule_infos;
pub use model::{Model, train};
pub use profile::Profile;
pub use references::References;
pub use registry::{all as rules, find};
pub use report::{Disposition, EngineAnswer, Entry, ListFile, Reading, Report, Text, rules_digest};
pub use runner::{
    Proofread, allowed_words, check_body, check_body_with, check_text, read_allowing, read_body, text_only,
};

pub use jiedu_markdown::body_range;
pub use sensitive::check_passages;
pub use set::check_set;

#[cfg(test)]
mod form_tests;
#[cfg(test)]
mod linear_tests;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;

//! What the office decides: `site.toml`, its calendar, its own word lists.
//!
//! Everything that differs from office to office is data with a default and
//! lives here: names and numbers for the page frame, the pattern of 索引号, the
//! tree of subjects, time limits, severities, labels of 三同步. National facts
//! that change by notice (holidays) are shipped as data beside the code.
//!
//! `site.toml` is strict: an unknown key is an error with a suggestion, since a
//! misspelt deadline would otherwise silently not apply. Every fault is named
//! with its place, all at once; only a file without errors gives a [`Config`].
//!
//! To add a setting: a field with its documentation in `settings`, one line
//! in `site_toml.rs`, and its key in the known keys there.

mod calendar;
pub mod datum;
mod json;
mod pages;
mod pattern;
mod quoted_keys;
mod settings;
mod site_toml;
mod subjects;
mod uscc;
mod wordlist;

pub use calendar::{Calendar, DayOff, UnknownYear};
pub use pattern::{NumberParts, NumberPattern};
pub use settings::{
    Column, Columns, Config, EvidenceMode, Labels, Office, Record, RuleLevel, RuleSettings, SiteSettings,
};
pub use subjects::SubjectTree;
pub use uscc::{has_valid_organisation_code, is_uscc};
pub use wordlist::{ForbiddenText, OwnedBy, Term, Wordlist};

use jiedu_base::finding::Rule;

/// Every kind of finding about settings and word lists.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    pages::PAGES.iter()
}

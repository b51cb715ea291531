//! Writes policy repositories: new ones, drafts, signed statements, collected
//! evidence, and the demonstration.
//!
//! Signing is left to the user's own git, so keys on tokens and in agents work;
//! this room only builds the text, checks beforehand what would be refused
//! afterwards, and reads back what git made of it. Nothing is overwritten:
//! files appear whole under a free name or not at all.
//!
//! - [`init`]: `site.toml`, first roster, trust anchor;
//! - [`new_policy`], [`new_material`]: drafts filled from `site.toml`;
//! - [`demo`]: the sample office with its history, made in process.

mod demo;
mod error;
mod files;
mod init;
mod keys;
mod roster_file;
mod sample;
mod scaffold;

pub use demo::{DemoOptions, DemoReport, Unfinished, demo};
pub use error::WorkspaceError;
pub use init::{Answers, NewRepository, Newcomer, evidence_question, init};
pub use keys::KeyFile;
pub use roster_file::{PersonDraft, RosterDraft};
pub use sample::{SAMPLE, SampleFile};
pub use scaffold::{Scaffold, new_material, new_policy};

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
//! - [`new_data_file`], [`new_topic`]: hotline questions, adopted opinions, topics;
//! - [`import`], [`attach`]: drafts and attachments from files that the office has;
//! - [`migrate`]: a whole shelf of them at once;
//! - [`SigningKey`], [`signer`], [`submit`], [`review`], [`withdraw`],
//!   [`agree_to_roster`]: what is about to be signed, or why it would not count;
//! - [`sign_statement`]: the commit, through the user's git;
//! - [`sync`]: fetch, merge with the remote line as first parent, push;
//! - [`ReasonFile`]: why something was rejected;
//! - [`collect`]: statements kept as files;
//! - [`demo`]: the sample office with its history, made in process.

mod attachments;
mod collect;
mod data_files;
mod demo;
mod drafting;
mod error;
mod files;
mod git;
mod import;
mod init;
mod keys;
mod migrate;
mod office_files;
mod reasons;
mod roster_file;
mod roster_signing;
mod sample;
mod scaffold;
mod signing;
mod surroundings;
mod sync;

pub use attachments::{Attached, attach, safe_name};
pub use collect::{Collected, collect};
pub use data_files::{DataFile, new_data_file, new_topic};
pub use demo::{DemoOptions, DemoReport, Proofreader, Unfinished, demo};
pub use drafting::{Matter, review, signer, submit, withdraw};
pub use error::WorkspaceError;
pub use import::{FileReport, ImportOptions, Imported, Role, import};
pub use init::{Answers, NewRepository, Newcomer, evidence_question, init};
pub use keys::KeyFile;
pub use migrate::{DocumentReport, Migration, Outcome, migrate, migrate_json, migrate_next};
pub use office_files::new_small;
pub use reasons::{ReasonFile, ReasonGiven, reason_given};
pub use roster_file::{PersonDraft, RosterDraft};
pub use roster_signing::agree_to_roster;
pub use sample::{SAMPLE, SampleFile};
pub use scaffold::{Scaffold, new_material, new_policy};
pub use signing::{SignedStatement, SigningKey, sign_statement, sign_with_reason};
pub use surroundings::{Elsewhere, is_behind, statements_elsewhere, uncommitted};
pub use sync::{Synced, restore_line, sync};

#[cfg(test)]
mod walk_tests;

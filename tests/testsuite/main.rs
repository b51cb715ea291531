//! One integration binary: one link step, shared helpers, no forgotten file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::format_push_string,
    clippy::format_collect,
    unreachable_pub,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod attachments;
mod attack_table;
mod attacks;
mod builds;
mod clerk;
mod comparing;
mod damage;
mod data_files;
mod deadlines;
mod engines;
mod exports;
mod fixing;
mod fuzzed;
mod handovers;
mod hostile;
mod house;
mod imported;
mod kills;
mod lsp;
mod lsp_client;
mod migrated;
mod office_data;
#[cfg(feature = "openpgp")]
mod openpgp_rows;
mod patrols;
mod pinning;
mod previews;
mod program;
#[allow(dead_code, reason = "shared by tests that come with their rooms")]
mod project;
mod proofreading;
mod published;
mod quotations;
mod reports;
mod revisions;
mod second_opinion;
mod second_verifier;
mod sharding;
#[cfg(feature = "sm2")]
mod sm2_rows;
mod streams;
mod structure;
mod tables;
mod usage;
mod verifying;
mod wrong_input;

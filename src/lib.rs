//! jiedu (解读) publishes government policies together with their
//! interpretation, and proves that nobody skipped a step.
//!
//! # Bird's-eye view
//!
//! An office keeps its policies as Markdown in git. One **publication set** is a
//! folder with a policy (政策文件), an interpretation plan (解读方案) and
//! interpretation materials (解读材料). Nothing is published unless the set is
//! whole (三同步) and a chain of signed statements shows that the right,
//! different people submitted, secrecy-reviewed, reviewed three times and
//! proofread three times exactly these bytes (三审三校). What is published can
//! be verified offline by anybody.
//!
//! Data flows one way:
//!
//! ```text
//! git objects ─ source ─▶ model ─▶ link ─▶ checks ─▶ edition ─▶ site ─▶ render ─▶ evidence ─▶ output
//!              (bytes)   (typed)  (graph)  approve     (what was  (plan)   (bytes)  (manifest)   (one swap)
//!                                          synchrony    current
//!                                          proof        when)
//! ```
//!
//! The whole product in one call, from git objects to a site that verifies:
//!
//! ```no_run
//! use std::path::Path;
//!
//! use jiedu::approve::TrustAnchor;
//! use jiedu::clock::Clock;
//! use jiedu::name::Digest;
//! use jiedu::pipeline::{BuildOptions, Time, build};
//! use jiedu::source::{OpenOptions, Repository};
//!
//! let repository = Repository::open(Path::new("zhengce"), OpenOptions::default())?;
//! let anchor = TrustAnchor::first(Digest::parse(&"sha256:…".to_owned())?);
//! let at = Clock::parse("2026-03-17T10:40:00+08:00")?;
//! let report = build(&repository, &BuildOptions {
//!     revision: "HEAD",
//!     time: Time { given: Some(at), machine: at },
//!     anchor: Some(&anchor),
//!     drafts: false,
//!     out: Path::new("public"),
//!     previous: None,
//!     publish_key: Some(Path::new("publish.key")),
//!     jobs: None,
//! })?;
//! for set in &report.left_out {
//!     println!("{} was left out: {}", set.id, set.reason);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Floor plan
//!
//! Every room has a floor and may use lower floors only; rooms on one floor do
//! not know each other. `tests/testsuite/floors.rs` enforces it.
//!
//! | floor | rooms | for |
//! |---|---|---|
//! | 0 | [`name`], [`text`], [`clock`] | identifiers, text with places, the publication instant |
//! | 1 | [`finding`] | what is wrong with content, and how it is shown |
//! | 2 | [`source`], [`markdown`], [`config`] | all reading; the only Markdown parsers; settings and calendars |
//! | 2 | [`office`] | one reader of each office format |
//! | 3 | [`attach`] | what stands in attachments, shown or hidden |
//! | 3 | [`model`] | policies, plans, materials, provisions |
//! | 4 | [`import`] | drafts from office files and web pages |
//! | 4 | [`link`] | clause links and the policy ↔ material graph |
//! | 5 | [`approve`], [`synchrony`], [`proof`], [`redline`] | three reviews and proofreads, three-synchronous rules, proofreading, differences |
//! | 6 | [`edition`], [`engine`] | which approved text was current when; external proofreaders |
//! | 7 | [`site`], [`theme`] | routes and page views; templates and assets |
//! | 8 | [`render`] | plan × theme → a tree of bytes |
//! | 9 | [`evidence`] | manifest, release, and verification from files alone |
//! | 10 | [`output`], [`workspace`] | writing built sites; writing policy repositories |
//! | 11 | [`pipeline`] | the stages in order |
//! | 12 | [`editor`] | answers about texts that are being written |
//! | 13 | the program | arguments, terminal, exit codes |
//!
//! `synchrony` stands beside `approve` because the rules it checks ask about
//! approvals only through plain facts that `pipeline` hands in.
//!
//! # Invariants
//!
//! - Only `source`, `output`, `workspace` and the program do I/O. Every other
//!   room is a function of its inputs.
//! - The library never prints, exits, reads the environment or the wall clock.
//!   "Now" is a [`clock::Clock`], passed in.
//! - Bad content never aborts an analysis: the answer is a
//!   [`finding::Checked`] value with findings. `Result` is for the world failing.
//! - An [`edition::Edition`] can only be made from what `approve` cleared.
//!   Drafts have a second door that stamps every page and the manifest.
//! - Same commit, same options, same binary: same bytes. Ordered collections
//!   only; results of parallel work are collected by index.
//! - `git2` is named in `source` and `workspace` only, the Markdown parsers in
//!   `markdown` only, `handlebars` in `theme` and `render` only, `similar` in
//!   `redline` only, `pgp` in `approve` only.
//!
//! # Where to begin
//!
//! - What is fixed for users: the README. How a rule is added: [`proof`]. How an
//!   approval is judged: [`approve`]. How a page kind is added: [`site`].
//! - The whole product in one file: [`pipeline`].

pub mod approve;
pub mod attach;
pub mod clock;
pub mod config;
pub mod edition;
pub mod editor;
pub mod engine;
pub mod evidence;
pub mod finding;
pub mod import;
pub mod link;
pub mod markdown;
pub mod model;
pub mod name;
pub mod office;
pub mod output;
pub mod pipeline;
pub mod proof;
pub mod redline;
pub mod render;
pub mod site;
pub mod source;
pub mod synchrony;
pub mod text;
pub mod theme;
pub mod workspace;

#[cfg(test)]
mod growth_tests;

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
//! # Crates
//!
//! Each row is a crate below `src/`, and each may use the rows above it only: the
//! compiler holds that, because a crate can name only what its `Cargo.toml` lists.
//! This crate is the facade (every crate under its own name, and the types that
//! most programs need at the root) and the program `jiedu`.
//!
//! | crates | for |
//! |---|---|
//! | `jiedu-base`: [`name`], [`text`], [`clock`], [`files`], [`finding`] | identifiers, texts with places, the publication instant, files of a set; what is wrong with content, and how it is shown |
//! | [`source`], [`markdown`], [`config`] | all reading; the only Markdown parsers; settings and calendars |
//! | [`office`] | one reader of each office format |
//! | [`attach`], [`import`] | what stands in attachments, shown or hidden; drafts from office files and web pages |
//! | [`model`] | policies, plans, materials, provisions |
//! | [`link`] | clause links and the graph between policies and materials |
//! | [`approve`], [`synchrony`], [`proof`], [`redline`] | three reviews and proofreads, three-synchronous rules, proofreading, differences |
//! | [`disclosure`] | requests, annual reports, cards, the catalogue and lists of an office |
//! | [`export`] | one edition as Word, Akoma Ntoso, plain text or archive |
//! | [`edition`], [`engine`] | which approved text was current when; external proofreaders |
//! | [`site`], [`theme`], [`render`] | routes and page views; templates and assets; from both to a tree of bytes |
//! | [`evidence`] | manifest, release, and verification from files alone |
//! | [`output`], [`workspace`] | writing built sites; writing policy repositories |
//! | [`pipeline`] | the stages in order |
//! | [`editor`] | answers about texts that are being written |
//! | the program | arguments, terminal, exit codes |
//!
//! Somebody who wants proofreading alone takes `jiedu-proof`; structure of texts
//! `jiedu-model`; differences `jiedu-redline`; signatures and chains
//! `jiedu-approve`. None of them needs libgit2.
//!
//! `synchrony` stands beside `approve` because the rules it checks ask about
//! approvals only through plain facts that `pipeline` hands in.
//!
//! # Words
//!
//! | word | 中文 | meaning |
//! |---|---|---|
//! | set | 发布集 | a policy with its plan, materials and attachments: one folder, approved and published as one |
//! | policy, plan, material | 政策文件, 解读方案, 解读材料 | the parts of a set |
//! | provision | 条款 | an article, paragraph, item … of a policy, with an anchor |
//! | clause link | 条文链接 | a link `clause:第三条` from an interpretation to what it explains |
//! | pin | 条文对应 | the provision that a clause link meant when its section was last set |
//! | digest | 摘要 | SHA-256 over the manifest of a set's files |
//! | check code | 核对码 | a digest's first characters, in groups that people compare |
//! | statement | 签署 | a signed commit by which a person submits, approves, rejects … a digest |
//! | round | 轮次 | the statements about one digest of a set, begun by a submission |
//! | step, profile | 步骤, 流程 | first review, second proof …; which steps a set needs, and who must differ |
//! | chain | 签署链 | statements that name each other, from submission to the last step |
//! | roster | 名册 | who holds which keys and roles; versioned and signed |
//! | trust anchor | 信任锚 | the first roster's digest, kept outside the repository |
//! | edition | 版本 | a set's text that a complete chain cleared, numbered from 1 |
//! | release | 发布 | one built site: manifest, evidence and the publisher's signature |
//! | evidence | 证据 | statements, rosters and manifests from which a site can be verified |
//! | redline | 修订对照 | the difference of two editions, provision by provision |
//! | finding | 检查结果 | something wrong, with a code, a place and often a fix |
//!
//! # Invariants
//!
//! - Only `source`, `output`, `workspace` and the program do I/O. Every other
//!   crate is a function of its inputs.
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

pub use jiedu_approve as approve;
pub use jiedu_attach as attach;
pub use jiedu_base::{clock, files, finding, name, text};
pub use jiedu_config as config;
pub use jiedu_disclosure as disclosure;
pub use jiedu_edition as edition;
pub use jiedu_editor as editor;
pub use jiedu_engine as engine;
pub use jiedu_evidence as evidence;
pub use jiedu_export as export;
pub use jiedu_import as import;
pub use jiedu_link as link;
pub use jiedu_markdown as markdown;
pub use jiedu_model as model;
pub use jiedu_office as office;
pub use jiedu_output as output;
pub use jiedu_pipeline as pipeline;
pub use jiedu_proof as proof;
pub use jiedu_redline as redline;
pub use jiedu_render as render;
pub use jiedu_site as site;
pub use jiedu_source as source;
pub use jiedu_synchrony as synchrony;
pub use jiedu_theme as theme;
pub use jiedu_workspace as workspace;

pub use jiedu_approve::{Approvals, TrustAnchor};
pub use jiedu_base::clock::Clock;
pub use jiedu_base::finding::{Finding, Severity};
pub use jiedu_base::name::{Digest, SetId};
pub use jiedu_pipeline::{BuildOptions, BuildReport, CheckOptions, build, check};
pub use jiedu_source::{OpenOptions, Repository};

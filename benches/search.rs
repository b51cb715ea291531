//! What the search index costs beside parsing, and a site to judge it on.
//!
//! `cargo bench --bench search [-- POLICIES [CORPUS [FOLDER]]]` (default 1,000
//! generated policies). CORPUS is a folder of Markdown texts, of which policies
//! are made: beyond their number, of articles of different ones. With FOLDER
//! the site is written there for `tests/browser/search.mjs`, which judges
//! recall, rank and bytes; `FOLDER --only-search` writes the search page and the
//! index alone. Both costs are measured in this run, in CPU seconds.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::string_slice,
    clippy::format_push_string,
    clippy::cast_precision_loss,
    unreachable_pub,
    dead_code,
    reason = "a bench prints, measures time and stops at the first fault"
)]

#[path = "support/measure.rs"]
mod measure;
#[path = "support/office.rs"]
mod office;
#[path = "support/peer.rs"]
mod peer;
#[path = "../tests/testsuite/project.rs"]
mod project;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiedu::approve::SetState;
use jiedu::clock::Clock;
use jiedu::config::Config;
use jiedu::edition::{Birth, Edition, PublishedSet};
use jiedu::model::Corpus;
use jiedu::name::{CommitId, Digest, SetId};
use jiedu::render::{RenderError, render_into};
use jiedu::site::{SiteInput, SitePlan};
use jiedu::source::{SetFile, SetFiles, Snapshot};
use jiedu::text::SourceFile;
use jiedu::theme::Theme;

use measure::cpu_seconds;

/// The promise: the index costs at most so many times what parsing does.
const MOST: f64 = 3.0;

const SITE: &str = "[site]\nname = \"示例市交通运输局政策文件库\"\nbase_url = \"https://policy.example.gov.cn/\"\n\n[office]\nname = \"示例市交通运输局\"\nuscc = \"113701000041890072\"\n";

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let before = cpu_seconds();
    let value = work();
    (value, cpu_seconds() - before)
}

fn main() {
    let only_search = std::env::args().any(|arg| arg == "--only-search");
    // `cargo test --benches` and `cargo bench` pass flags of the test harness.
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let policies: usize = args.next().and_then(|arg| arg.parse().ok()).unwrap_or(1_000);
    let corpus = args.next().map(PathBuf::from);
    let folder = args.next().map(PathBuf::from);
    let snapshot = snapshot(policies, corpus.as_deref());
    let config = Config::parse(&SourceFile::new("site.toml", SITE)).value.unwrap();
    let clock = Clock::parse("2026-05-01T09:00:00+08:00").unwrap();
    let bytes: usize = snapshot.sets.values().flat_map(|set| &set.files).map(|file| file.bytes.len()).sum();
    let (parsed, parsing) = timed(|| Corpus::parse(&snapshot, &config).value);
    let sets: Vec<PublishedSet> = parsed
        .sets
        .iter()
        .map(|(id, set)| {
            let commit = CommitId::parse(&format!("{:040x}", 1)).unwrap();
            let birth = Birth { number: 1, commit, instant: clock };
            let editions = vec![Edition::draft(birth, Arc::clone(set))];
            PublishedSet { id: id.clone(), state: SetState::Cleared, editions, withdrawn: None, draft: true }
        })
        .collect();
    let plan = SitePlan::new(SiteInput {
        synonyms: &[],
        sets: &sets,
        small: &[],
        pages: &[],
        topics: &[],
        config: &config,
        clock,
        revision: "0123456789abcdef0123456789abcdef01234567",
        drafts: true,
    })
    .unwrap();
    let sizes = Mutex::new(BTreeMap::new());
    let put = |path: &str, bytes: Cow<'_, [u8]>| {
        sizes.lock().unwrap().insert(path.to_owned(), bytes.len());
        Ok::<(), RenderError>(())
    };
    let ((), indexing) = timed(|| plan.search_into(&put).unwrap());
    let index = sizes.into_inner().unwrap();
    let size: usize = index.values().sum();
    println!("{policies} policies, {:.1} MB; {} threads", bytes as f64 / 1e6, rayon::current_num_threads());
    println!("parsing {parsing:.2} CPU s, index {indexing:.2} CPU s: {:.2} times", indexing / parsing);
    println!("index: {} files, {:.1} MB", index.len(), size as f64 / 1e6);
    print_sizes(&index);
    let verdict = if indexing <= MOST * parsing { "holds" } else { "DOES NOT HOLD" };
    println!("at most {MOST} times the cost of parsing: {verdict}");
    if let Some(folder) = folder {
        write(&plan, &folder, only_search);
    }
}

/// How many files of each kind the index has, and how large they are.
fn print_sizes(files: &BTreeMap<String, usize>) {
    for kind in ["/d/", "/s/", "/h/", "/f/", "/map", "/index"] {
        let sizes: Vec<usize> =
            files.iter().filter(|(path, _)| path.contains(kind)).map(|(_, size)| *size).collect();
        let (all, largest) = (sizes.iter().sum::<usize>(), sizes.iter().max().copied().unwrap_or(0));
        println!("  {kind:<7} {:>6} files {all:>10} bytes, largest {largest}", sizes.len());
    }
}

fn write(plan: &SitePlan<'_>, folder: &Path, only_search: bool) {
    let _ = fs::remove_dir_all(folder);
    let put = |path: &str, bytes: Cow<'_, [u8]>| {
        if !only_search || path.starts_with("search/") || path.starts_with("assets/") {
            let target = folder.join(path);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::write(target, bytes).unwrap();
        }
        Ok::<(), RenderError>(())
    };
    render_into(plan, &Theme::built_in().unwrap(), 0, &|_| true, &put).unwrap();
}

fn snapshot(policies: usize, corpus: Option<&Path>) -> Snapshot {
    let texts = corpus.map(read).unwrap_or_default();
    let mut snapshot = Snapshot::default();
    for number in 0..policies {
        let year = 2010 + number % 15;
        let text = if texts.is_empty() { office::policy(number) } else { regulation(&texts, number, year) };
        let id = SetId::parse(&format!("{year}/n{number}")).unwrap();
        let (digest, bytes) = (Digest::of(text.as_bytes()), text.into_bytes().into());
        let files = vec![SetFile { path: "policy.md".to_owned(), bytes, digest }];
        snapshot.sets.insert(id, SetFiles { files, faults: Vec::new() });
    }
    snapshot
}

fn read(folder: &Path) -> Vec<String> {
    let mut texts: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    texts.sort();
    texts
}

/// A policy of real articles.
fn regulation(texts: &[String], number: usize, year: usize) -> String {
    let paragraphs = |index: usize| texts[index % texts.len()].split("\n\n");
    let own: Vec<&str> = paragraphs(number).collect();
    let title = own[0].trim_start_matches("# ");
    let (title, text) = if number < texts.len() {
        (title.to_owned(), texts[number].clone())
    } else {
        let mixed: Vec<&str> = (0..own.len())
            .step_by(3)
            .flat_map(|place| paragraphs(number * 7 + place / 3 * 13).skip(place).take(3))
            .collect();
        (format!("{title}第{number}号"), mixed.join("\n\n"))
    };
    let (month, day) = (number % 12 + 1, number % 28 + 1);
    format!(
        "---\n标题: '{title}'\n发文机关: 示例市交通运输局\n发文字号: 示交规〔{year}〕{number}号\n主题分类: 综合政务_其他\n成文日期: {year}-{month:02}-{day:02}\n发布日期: {year}-{month:02}-{day:02}\n---\n\n{text}"
    )
}

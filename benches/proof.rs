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
    unreachable_pub,
    reason = "a bench prints what it measured and stops at the first thing that is not as it should be"
)]

#[path = "support/texts.rs"]
mod texts;

use std::time::Instant;

use jiedu::proof::{Lists, text_only};

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let files = texts::texts(folder.as_deref());
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

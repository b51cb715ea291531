//! Proofreading in megabytes a second, beside `autocorrect` on the same text.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml             # a made-up regulation
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- FOLDER   # the .md files of a folder
//! ```
//!
//! One thread, the runs of all in turn, the best of five of each, so that a busy
//! machine slows all alike. `autocorrect` reads the files as Markdown with its own
//! default rules, which look at blanks, widths and marks only.
//!
//! Over 1,862 regulations (32.8 MB) on a quiet machine: rules and lists 53.0 MB/s, with
//! statistics 11.3, `autocorrect` 2.14.2 6.4; over 30 clean official texts (0.4 MB)
//! 43.2, 5.9 and 7.0.

#[path = "../../support/texts.rs"]
mod texts;

use std::hint::black_box;
use std::time::Instant;

use jiedu::proof::{Lists, Model, text_only};

const ROUNDS: usize = 5;

fn main() {
    let folder = std::env::args().nth(1);
    let files = texts::texts(folder.as_deref());
    let bytes: usize = files.iter().map(|file| file.text().len()).sum();
    println!("{} files, {:.2} MB", files.len(), bytes as f64 / 1e6);
    let (whole, bare) = (Lists::default(), Lists::default().without_statistics());
    let start = Instant::now();
    black_box(Model::builtin());
    black_box(text_only(&files[..1], &whole, &|_, _| true));
    println!(
        "first file, with everything that is loaded once: {:.1} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
    let jiedu = |lists: &Lists| {
        black_box(text_only(&files, lists, &|_, _| true));
    };
    let peer = || {
        for file in &files {
            black_box(autocorrect::lint_for(file.text(), "markdown"));
        }
    };
    let contestants: [(&str, &dyn Fn()); 3] = [
        ("jiedu, rules and lists", &|| jiedu(&bare)),
        ("jiedu, with statistics", &|| jiedu(&whole)),
        ("autocorrect 2.14.2", &peer),
    ];
    let mut best = [f64::INFINITY; 3];
    for _ in 0..ROUNDS {
        for (best, (_, run)) in best.iter_mut().zip(&contestants) {
            let start = Instant::now();
            run();
            *best = best.min(start.elapsed().as_secs_f64());
        }
    }
    for (seconds, (name, _)) in best.iter().zip(&contestants) {
        let ratio = best[2] / seconds;
        println!("{name:24} {:6.2} MB/s   {ratio:5.1} × autocorrect", bytes as f64 / 1e6 / seconds);
    }
}

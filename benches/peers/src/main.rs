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
//! On a machine busy with other work, over 155 regulations (2.68 MB): rules and lists
//! 14.2 MB/s, with statistics 4.7 MB/s, `autocorrect` 2.14.2 4.05 MB/s.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use jiedu::proof::{Lists, Model, text_only};
use jiedu::text::SourceFile;

const ROUNDS: usize = 5;

fn main() {
    let folder = std::env::args().nth(1);
    let files = folder.map_or_else(made_up, |folder| read(&folder));
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

fn read(folder: &str) -> Vec<SourceFile> {
    let entries = std::fs::read_dir(folder).expect("the folder is readable");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    paths.sort();
    let paths = paths.iter().filter(|path| path.extension().is_some_and(|end| end == "md"));
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).expect("files are UTF-8");
        SourceFile::new(&path.to_string_lossy(), &text.replace('\r', ""))
    };
    paths.map(read).collect()
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
    for article in 1..3_000 {
        let body = bodies[article % bodies.len()];
        let _ = write!(text, "本条共计{article}项。{body}\n\n");
    }
    vec![SourceFile::new("made-up.md", &text)]
}

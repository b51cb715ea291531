//! What a keystroke costs in an editor, in archives of different sizes.
//!
//! `cargo bench --bench typing [-- SETS…]` (default 10, 100 and 1,000 generated
//! sets): the first look at everything, then the median of forty changes of a
//! material with the findings and the completion that an editor asks for.
//!
//! What matters is that the sets looked at do not grow with the archive, which a test
//! of `editor` counts, and that a keystroke stays unnoticed in the largest.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::string_slice,
    clippy::format_push_string,
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

use std::time::{Duration, Instant};

use jiedu::editor::Desk;
use jiedu::source::Snapshot;
use jiedu::text::Lang;

/// Changes that are measured.
const KEYS: usize = 40;

fn main() {
    let given: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if given.is_empty() { vec![10, 100, 1_000] } else { given };
    for size in sizes {
        let mut snapshot = Snapshot::default();
        let mut open = None;
        for (path, bytes) in office::files(size) {
            let Ok(text) = String::from_utf8(bytes) else { continue };
            if path.contains("/materials/") && open.is_none() {
                open = Some((path.clone(), text.clone()));
            }
            jiedu::source::overlay(&mut snapshot, &path, &text);
        }
        let (path, text) = open.expect("the office explains its policies");
        let mut desk = Desk::new(snapshot);
        let (first, found) = timed(|| {
            desk.write(&path, &text);
            desk.findings().len()
        });
        let mut keys: Vec<Duration> =
            (1..=KEYS).map(|count| keystroke(&mut desk, &path, &text, count)).collect();
        keys.sort_unstable();
        println!(
            "{size} sets: first look {first:.1?} ({found} findings), a keystroke {:.1?} (worst {:.1?}), sets looked at {}",
            keys[KEYS / 2],
            keys[KEYS - 1],
            desk.work()
        );
    }
}

fn keystroke(desk: &mut Desk, path: &str, text: &str, count: usize) -> Duration {
    let typed = format!("{text}\n{}", "字".repeat(count));
    let (took, _) = timed(|| {
        desk.write(path, &typed);
        let _ = desk.complete(path, typed.len(), Lang::Zh);
        desk.findings().len()
    });
    took
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let value = work();
    (start.elapsed(), value)
}

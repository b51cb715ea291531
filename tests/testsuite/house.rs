//! Rules of the house that a compiler does not know.

use std::path::Path;

use crate::floors::sources;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn no_test_file_is_forgotten() {
    let dir = root().join("tests/testsuite");
    let main = std::fs::read_to_string(dir.join("main.rs")).unwrap();
    for entry in std::fs::read_dir(&dir).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let stem = name.trim_end_matches(".rs");
        assert!(stem == "main" || main.contains(&format!("mod {stem};")), "{name} is not named in main.rs");
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{} does not begin with its purpose", path.display());
        let lines = text.lines().count();
        let reason =
            text.lines().take(20).any(|line| line.starts_with("//!") && line.contains("over 500 lines"));
        assert!(lines <= 500 || reason, "{} has {lines} lines and gives no reason", path.display());
    }
}

#[test]
fn nothing_is_left_behind() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        for word in [
            concat!("todo", "!("),
            concat!("unimple", "mented!("),
            concat!("FIX", "ME"),
            concat!("dbg", "!("),
        ] {
            assert!(!text.contains(word), "{} holds {word}", path.display());
        }
    }
}

/// Packages that must never come in.
const BANNED: [&str; 5] = ["openssl-sys", "chrono", "serde_yaml", "serde_yml", "reqwest"];

#[test]
fn dependencies_stay_few_and_known() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let names: Vec<&str> =
        lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    for banned in BANNED {
        assert!(!names.contains(&banned), "{banned} came in");
    }
    assert!(names.len() <= 420, "{} packages", names.len());
}

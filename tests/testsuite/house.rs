//! Rules of the house that a compiler does not know.

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust sources below a folder, sorted.
pub(crate) fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
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
    let foreign = names.iter().filter(|name| **name != "jiedu" && !name.starts_with("jiedu-")).count();
    // Completions and manual pages brought three.
    assert!(foreign <= 423, "{foreign} packages");
}

/// Heavy libraries, and the members that may name them. A member that does not
/// list a library cannot use it: the compiler holds the layers.
const WALLS: [(&str, &[&str]); 8] = [
    ("git2", &["source", "workspace"]),
    ("pulldown-cmark", &["markdown"]),
    ("comrak", &["markdown"]),
    ("handlebars", &["theme", "render"]),
    ("similar", &["redline"]),
    ("ssh-key", &["approve", "output", "workspace"]),
    ("pgp", &["approve"]),
    ("lopdf", &["attach"]),
];

#[test]
fn heavy_libraries_stay_with_the_members_that_need_them() {
    let mut members = 0;
    for entry in std::fs::read_dir(root().join("src")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(manifest) = std::fs::read_to_string(path.join("Cargo.toml")) else { continue };
        members += 1;
        let member = path.file_name().unwrap().to_str().unwrap().to_owned();
        let used = manifest.split("[dev-dependencies]").next().unwrap();
        for (library, allowed) in WALLS {
            let named = used
                .lines()
                .any(|line| line.strip_prefix(library).is_some_and(|rest| rest.starts_with([' ', '.', '='])));
            assert!(!named || allowed.contains(&member.as_str()), "{member} names {library}");
        }
    }
    assert!(members > 20, "the members were not found");
}

/// Members that somebody may want alone, and what they must do without.
#[test]
fn proofreading_structure_and_redlines_need_no_git() {
    for member in ["jiedu-proof", "jiedu-model", "jiedu-redline", "jiedu-approve"] {
        let tree = std::process::Command::new(env!("CARGO"))
            .args(["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none", "-p", member])
            .current_dir(root())
            .output()
            .unwrap();
        let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
        assert!(tree.starts_with(member), "cargo tree failed for {member}");
        assert!(!tree.contains("libgit2-sys"), "{member} needs libgit2");
    }
}

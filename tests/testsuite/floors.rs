//! Data flows one way: a room may use only rooms on lower floors.

use std::path::{Path, PathBuf};

/// The floor plan of the crate's front page.
const FLOORS: [(&str, u8); 27] = [
    ("name", 0),
    ("text", 0),
    ("clock", 0),
    ("finding", 1),
    ("source", 2),
    ("markdown", 2),
    ("config", 2),
    ("office", 2),
    ("model", 3),
    ("attach", 3),
    ("import", 4),
    ("link", 4),
    ("approve", 5),
    ("proof", 5),
    ("redline", 5),
    ("synchrony", 5),
    ("edition", 6),
    ("engine", 6),
    ("site", 7),
    ("theme", 7),
    ("render", 8),
    ("evidence", 9),
    ("output", 10),
    ("workspace", 10),
    ("pipeline", 11),
    ("editor", 12),
    ("bin", 13),
];

/// Crates that only the named rooms may use.
const WALLS: [(&str, &[&str]); 12] = [
    ("git2", &["source", "workspace"]),
    ("pulldown_cmark", &["markdown"]),
    ("comrak", &["markdown"]),
    ("handlebars", &["theme", "render"]),
    ("similar", &["redline"]),
    ("ssh_key", &["approve", "output", "workspace"]),
    ("pgp", &["approve"]),
    ("lopdf", &["attach"]),
    ("zip", &["office"]),
    ("quick_xml", &["office"]),
    ("html5ever", &["import"]),
    ("clap", &["bin"]),
];

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

/// Production code: a room's tests may look further than the room.
fn all_sources() -> Vec<PathBuf> {
    let mut out = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
    out.retain(|path| {
        let is_test = |part: &str| part == "tests" || part == "tests.rs" || part.ends_with("_tests.rs");
        !path.components().any(|part| part.as_os_str().to_str().is_some_and(is_test))
    });
    assert!(out.len() > 100, "the sources were not found");
    out
}

fn room_of(path: &Path) -> String {
    let relative = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

/// The production part of a file: what stands before its test module, without
/// comments.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The rooms named as `crate::<room>` (also in `crate::{a, b}` groups).
fn rooms_used(code: &str) -> Vec<String> {
    let word =
        |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    let mut used = Vec::new();
    for (at, found) in code.match_indices("crate::") {
        let rest = &code[at + found.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            for (i, c) in group.char_indices() {
                match c {
                    '}' if depth == 0 => break,
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    c if start && c.is_ascii_alphabetic() => {
                        used.push(word(&group[i..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            used.push(word(rest));
        }
    }
    used
}

#[test]
fn every_room_has_a_floor() {
    for path in all_sources() {
        let room = room_of(&path);
        assert!(room == "lib" || floor(&room).is_some(), "{} has no floor", path.display());
    }
}

#[test]
fn no_room_uses_its_own_floor_or_a_higher_one() {
    let mut wrong = Vec::new();
    for path in all_sources() {
        let room = room_of(&path);
        let Some(own) = floor(&room) else { continue };
        if room == "bin" {
            continue;
        }
        for used in rooms_used(&code(&std::fs::read_to_string(&path).unwrap())) {
            let Some(other) = floor(&used) else { continue };
            // name, text and clock are one ground floor: text is spoken everywhere.
            if used != room && other >= own && own > 0 {
                wrong.push(format!("{} (floor {own}) uses {used} (floor {other})", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn walled_crates_stay_behind_their_walls() {
    let mut wrong = Vec::new();
    for path in all_sources() {
        let room = room_of(&path);
        let code = code(&std::fs::read_to_string(&path).unwrap());
        for (krate, rooms) in WALLS {
            let named = code.contains(&format!("{krate}::")) || code.contains(&format!("use {krate}"));
            if named && !rooms.contains(&room.as_str()) {
                wrong.push(format!("{} names {krate}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_scanner_sees_groups_and_paths() {
    let text = "use crate::{finding::{Finding, Fix}, model};\nlet x = crate::site::y();";
    assert_eq!(rooms_used(text), ["finding", "model", "site"]);
}

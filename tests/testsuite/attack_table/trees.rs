//! Rows 76, 77 and 79 from a commit to the site: what a tree may hold that is
//! no plain file, and names that clash.

use git2::{Index, IndexEntry, IndexTime, ObjectType, Oid, Repository};
use jiedu::approve::SetState;

use super::forge::SET;
use super::histories::build;
use crate::project::{Project, project};

const FILE: u32 = 0o100_644;
const EXECUTABLE: u32 = 0o100_755;
const LINK: u32 = 0o120_000;
const SUBMODULE: u32 = 0o160_000;

fn published() -> Project {
    let mut p = project();
    p.set(SET).commit("draft").approve("site").approve(SET);
    p
}

/// Commits the present files and more, with any mode and any name that an
/// index takes.
fn commit_with(p: &mut Project, entries: &[(&str, u32, &[u8])]) {
    let git = Repository::open(p.path()).unwrap();
    let mut index = Index::new_ext(git.object_format()).unwrap();
    index.read_tree(&git.find_tree(p.tree()).unwrap()).unwrap();
    let zero = IndexTime::new(0, 0);
    for (path, mode, bytes) in entries {
        let id = if *mode == SUBMODULE { p.head() } else { p.write(ObjectType::Blob, bytes) };
        let entry = IndexEntry {
            ctime: zero,
            mtime: zero,
            dev: 0,
            ino: 0,
            mode: *mode,
            uid: 0,
            gid: 0,
            file_size: 0,
            id,
            flags: 0,
            flags_extended: 0,
            path: path.as_bytes().to_vec(),
        };
        index.add(&entry).unwrap();
    }
    let tree: Oid = index.write_tree_to(&git).unwrap();
    let head = p.head();
    p.commit_tree(tree, &[head], "odd entries");
}

/// Path, mode and bytes of an entry put into a tree.
type Planted<'a> = (String, u32, &'a [u8]);

#[test]
fn odd_entries_of_a_set_block_it_and_take_nothing_down() {
    let folder = "content/policies/2025/a";
    let at = |name: &str| format!("{folder}/{name}");
    let deep = at(&format!("attachments/{}报表.txt", "层/".repeat(60)));
    let rows: Vec<(Vec<Planted<'_>>, &str)> = vec![
        (vec![(at("attachments/secret.txt"), LINK, b"/etc/passwd")], "ENTRY_MODE"),
        (vec![(at("materials/article.md"), LINK, b"../../../../roster/1.toml")], "ENTRY_MODE"),
        (vec![(at("attachments/sub"), SUBMODULE, b"")], "ENTRY_MODE"),
        (vec![(at("attachments/run.sh"), EXECUTABLE, b"#!/bin/sh\n")], "ENTRY_MODE"),
        (vec![(at("policy.md"), EXECUTABLE, b"---\n")], "ENTRY_MODE"),
        (vec![(at("Policy.md"), FILE, b"x\n")], "PATH_COLLISION"),
        (
            vec![(at("attachments/A.txt"), FILE, b"x\n"), (at("attachments/a.TXT"), FILE, b"y\n")],
            "PATH_COLLISION",
        ),
        (vec![(at("attachments/CON.txt"), FILE, b"x\n")], "PATH_INVALID"),
        (vec![(at("attachments/.hidden"), FILE, b"x\n")], "PATH_INVALID"),
        (vec![(at(&format!("attachments/{}.txt", "长".repeat(90))), FILE, b"x\n")], "PATH_INVALID"),
    ];
    let home = tempfile::tempdir().unwrap();
    let first = home.path().join("first");
    build(&published(), &first, None).unwrap();
    for (index, (entries, code)) in rows.iter().enumerate() {
        let mut p = published();
        let entries: Vec<(&str, u32, &[u8])> =
            entries.iter().map(|(path, mode, bytes)| (path.as_str(), *mode, *bytes)).collect();
        commit_with(&mut p, &entries);
        let read = p.read().unwrap();
        let set = &read.sets[0];
        assert_eq!(
            (set.state, set.reason, set.digest),
            (SetState::Blocked, Some(*code), None),
            "{entries:?}"
        );
        assert_eq!(set.editions.len(), 1, "{entries:?}");
        let out = home.path().join(index.to_string());
        let report = build(&p, &out, Some(&first)).unwrap();
        assert_eq!(
            report.left_out.iter().map(|set| (set.reason, set.standing)).collect::<Vec<_>>(),
            [(*code, Some(1))]
        );
        assert!(out.join("policies/2025/a/v1/index.html").is_file());
        assert!(
            !out.join("policies/2025/a/attachments").exists(),
            "nothing of it is on the site: {entries:?}"
        );
    }
    // Depth alone is no fault: it is a text that nobody has approved yet.
    let mut p = published();
    commit_with(&mut p, &[(&deep, FILE, b"x\n")]);
    let read = p.read().unwrap();
    assert!(
        matches!(read.sets[0].reason, Some("DIGEST_MISMATCH" | "PATH_INVALID")),
        "{:?}",
        read.sets[0].reason
    );
    assert_eq!(read.sets[0].editions.len(), 1);
}

#[test]
fn odd_entries_of_what_all_rests_on_stop_the_build() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("site");
    build(&published(), &out, None).unwrap();
    let page = out.join("index.html");
    let before = std::fs::read(&page).unwrap();
    let stops: &[(&str, u32, &str)] = &[
        ("themes/own/base.css", LINK, "ENTRY_MODE"),
        ("content/pages/about.md", EXECUTABLE, "ENTRY_MODE"),
        ("wordlists/sub", SUBMODULE, "ENTRY_MODE"),
        ("roster/2.toml", LINK, "ENTRY_MODE"),
        ("roster/accepted/1.txt", EXECUTABLE, "ENTRY_MODE"),
        ("content/pages/CON.md", FILE, "PATH_INVALID"),
    ];
    for (path, mode, code) in stops {
        let mut p = published();
        commit_with(&mut p, &[(path, *mode, b"1.toml")]);
        let stop = build(&p, &out, None).unwrap_err();
        assert_eq!(stop.code, Some(*code), "{path}: {}", stop.message.zh);
        assert_eq!(std::fs::read(&page).unwrap(), before, "{path}: nothing was written");
    }
    // Evidence that is none is ignored and reported; elsewhere nobody looks.
    let mut p = published();
    let name = format!("evidence/statements/{}.commit", "0".repeat(64));
    commit_with(&mut p, &[(&name, LINK, b"/etc/passwd"), ("docs/link", LINK, b"/etc/passwd")]);
    let read = p.read().unwrap();
    assert_eq!(read.sets[0].state, SetState::Cleared);
    let odd: Vec<&str> = read
        .findings
        .iter()
        .map(|finding| finding.place.path.as_str())
        .filter(|path| path.contains("link") || path.contains("statements"))
        .collect();
    assert_eq!(odd, [name.as_str()]);
}

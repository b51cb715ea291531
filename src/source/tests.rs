//! Attacks on repositories and trees (`approvals.md` §8, rows 70–84).

use std::fs;

use git2::Oid;

use super::testing::{Row, TestRepo, commit_id};
use super::*;
use jiedu_base::name::{Digest, SetId};

fn set_id() -> SetId {
    SetId::parse("2025/a").unwrap()
}

/// The fault codes of the set `2025/a` made of these rows.
fn codes(repo: &TestRepo, rows: &[Row<'_>]) -> Vec<&'static str> {
    let head = repo.commit(repo.around_set(rows), &[], "x");
    let snapshot = repo.open().snapshot(&commit_id(head)).unwrap();
    snapshot.sets[&set_id()].faults.iter().map(|fault| fault.code).collect()
}

fn refusal(repo: &TestRepo) -> &'static str {
    Repository::open(repo.path(), OpenOptions::default()).unwrap_err().code().unwrap_or("none")
}

#[test]
fn digest_is_the_manifest_of_the_contract() {
    let repo = TestRepo::new();
    let files = [
        ("content/policies/2025/a/policy.md", &b"x"[..]),
        ("content/policies/2025/a/materials/b.md", b"y"),
        ("site.toml", b""),
    ];
    let head = repo.commit(repo.files(&files), &[], "x");
    let snapshot = repo.open().snapshot(&commit_id(head)).unwrap();
    let manifest = snapshot.sets[&set_id()].manifest("2025/a").unwrap();
    let expected = format!(
        "jiedu-set/1\nset 2025/a\nfiles 2\n{} 1 materials/b.md\n{} 1 policy.md\n",
        Digest::of(b"y").hex(),
        Digest::of(b"x").hex()
    );
    assert_eq!(String::from_utf8(manifest).unwrap(), expected);
    let site = snapshot.site.manifest("site").unwrap();
    assert_eq!(
        String::from_utf8(site).unwrap(),
        format!("jiedu-set/1\nset site\nfiles 1\n{} 0 site.toml\n", Digest::of(b"").hex())
    );
}

#[test]
fn modes_other_than_plain_files_are_refused() {
    let repo = TestRepo::new();
    let blob = repo.blob(b"x");
    for mode in ["120000", "160000", "100755", "100664", "100666"] {
        assert_eq!(
            codes(&repo, &[("100644", b"a.md", blob), (mode, b"policy.md", blob)]),
            ["ENTRY_MODE"],
            "{mode}"
        );
    }
    let empty = repo.tree(&[]);
    assert_eq!(codes(&repo, &[("040000", b"materials", empty)]), ["ENTRY_MODE"]);
}

#[test]
fn hostile_names_are_refused() {
    let repo = TestRepo::new();
    let blob = repo.blob(b"x");
    let names: [&[u8]; 9] = [
        b"..",
        b".git",
        b"a/b",
        b"a\\b",
        b".gitkeep",
        b"CON.md",
        b"\xff.md",
        "a\u{202e}.md".as_bytes(),
        b"a.",
    ];
    for name in names {
        assert_eq!(codes(&repo, &[("100644", name, blob)]), ["PATH_INVALID"], "{name:?}");
    }
    assert_eq!(
        codes(&repo, &[("100644", b"Policy.md", blob), ("100644", b"policy.md", blob)]),
        ["PATH_COLLISION"]
    );
    let twins = codes(
        &repo,
        &[("100644", "cafe\u{301}.md".as_bytes(), blob), ("100644", "café.md".as_bytes(), blob)],
    );
    assert_eq!(twins, ["PATH_COLLISION", "PATH_INVALID"]);
    let wide = codes(&repo, &[("100644", b"policy.md", blob), ("100644", "ｐolicy.md".as_bytes(), blob)]);
    assert_eq!(wide, ["PATH_COLLISION", "PATH_INVALID"]);
}

#[test]
fn malformed_trees_are_refused() {
    let repo = TestRepo::new();
    let blob = repo.blob(b"x");
    assert_eq!(codes(&repo, &[("100644", b"a", blob), ("100644", b"a", blob)]), ["TREE_MALFORMED"]);
    assert_eq!(codes(&repo, &[("100644", b"b", blob), ("100644", b"a", blob)]), ["TREE_MALFORMED"]);
    let root = repo.tree(&[("100644", b"site.toml", blob), ("100644", b"site.toml", blob)]);
    let head = repo.commit(root, &[], "x");
    assert_eq!(repo.open().snapshot(&commit_id(head)).unwrap_err().code(), Some("TREE_MALFORMED"));
}

#[test]
fn text_must_be_clean_and_keeps_its_digest() {
    let repo = TestRepo::new();
    let cases: [(&[u8], &str); 6] = [
        (b"a\r\n", "TEXT_EOL"),
        (b"\xef\xbb\xbfa", "TEXT_ENCODING"),
        (b"\xd5\xfe\xb2\xdf", "TEXT_ENCODING"),
        (b"a\0", "TEXT_ENCODING"),
        ("政\u{2066}策".as_bytes(), "TEXT_BIDI"),
        (b"version https://git-lfs.github.com/spec/v1\n", "LFS_POINTER"),
    ];
    for (bytes, code) in cases {
        let head = repo.commit(repo.around_set(&[("100644", b"policy.md", repo.blob(bytes))]), &[], "x");
        let snapshot = repo.open().snapshot(&commit_id(head)).unwrap();
        let set = &snapshot.sets[&set_id()];
        assert_eq!(set.faults[0].code, code);
        assert!(set.digest("2025/a").is_some());
        assert!(set.faults[0].finding.blocks);
    }
    assert!(
        codes(&repo, &[("100644", b"a.docx", repo.blob(b"a\r\n\0\xff"))]).is_empty(),
        "other files are opaque"
    );
    assert_eq!(codes(&repo, &[("100644", b"a.docx", repo.blob(cases[5].0))]), ["LFS_POINTER"]);
}

#[test]
fn sizes_and_numbers_are_limited() {
    let repo = TestRepo::new();
    let big = repo.blob(&vec![0; (32 << 20) + 1]);
    assert_eq!(codes(&repo, &[("100644", b"big.bin", big)]), ["FILE_TOO_LARGE"]);
    let blob = repo.blob(b"");
    let names: Vec<String> = (0..2001).map(|n| format!("{n:05}")).collect();
    let rows: Vec<Row<'_>> = names.iter().map(|name| ("100644", name.as_bytes(), blob)).collect();
    assert_eq!(codes(&repo, &rows), ["TOO_MANY_FILES"]);
    assert!(codes(&repo, &rows[1..]).is_empty());
    // Thirty levels of two folders each would be a billion folders.
    let mut bomb = repo.tree(&[("100644", b"a", blob)]);
    for _ in 0..30 {
        bomb = repo.tree(&[("40000", b"a", bomb), ("40000", b"b", bomb)]);
    }
    assert_eq!(codes(&repo, &[("40000", b"x", bomb)]).last(), Some(&"TOO_MANY_FILES"));
}

#[test]
fn missing_and_exchanged_objects_are_found() {
    let repo = TestRepo::new();
    let gone = Oid::from_str(&"1".repeat(40)).unwrap();
    assert_eq!(codes(&repo, &[("100644", b"policy.md", gone)]), ["OBJECT_MISSING"]);
    assert_eq!(codes(&repo, &[("100644", b"policy.md", repo.tree(&[]))]), ["OBJECT_CORRUPT"]);
    let (good, evil) = (repo.blob(b"good"), repo.blob(b"evil"));
    let loose = |id: Oid| {
        let hex = id.to_string();
        let (folder, name) = hex.split_at(2);
        repo.path().join(".git/objects").join(folder).join(name)
    };
    let bytes = fs::read(loose(evil)).unwrap();
    fs::remove_file(loose(good)).unwrap();
    fs::write(loose(good), bytes).unwrap();
    assert_eq!(codes(&repo, &[("100644", b"policy.md", good)]), ["OBJECT_CORRUPT"]);
    let head = repo.commit(gone, &[], "x");
    assert_eq!(repo.open().snapshot(&commit_id(head)).unwrap_err().code(), Some("OBJECT_MISSING"));
    let child = repo.commit(repo.tree(&[]), &[gone], "x");
    assert_eq!(repo.open().history(&commit_id(child)).unwrap_err().code(), Some("OBJECT_MISSING"));
}

#[test]
fn repositories_that_could_lie_are_refused() {
    let repo = TestRepo::new();
    let head = repo.commit(repo.around_set(&[]), &[], "x");
    let git = repo.path().join(".git");
    for (path, text, code) in [
        ("shallow", format!("{head}\n"), "REPO_SHALLOW"),
        ("info/grafts", format!("{head}\n"), "REPO_GRAFTS"),
        ("objects/info/alternates", "/elsewhere\n".to_owned(), "REPO_ALTERNATES"),
        ("refs/replace/1234", format!("{head}\n"), "REPO_REPLACE_REFS"),
        ("packed-refs", format!("{head} refs/replace/1234\n"), "REPO_REPLACE_REFS"),
    ] {
        let file = git.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        assert_eq!(refusal(&repo), code);
        fs::remove_file(file).unwrap();
    }
    repo.open();
    fs::write(git.join("objects/info/alternates"), "/elsewhere\n").unwrap();
    let options = OpenOptions { allow_alternates: true, ..OpenOptions::default() };
    assert!(Repository::open(repo.path(), options).is_ok());
}

#[test]
fn layout_of_the_policy_folder_is_judged() {
    let repo = TestRepo::new();
    let files: [(&str, &[u8]); 6] = [
        ("content/policies/readme.md", b""),
        ("content/policies/2025/note.md", b""),
        ("content/policies/2025/Upper/policy.md", b""),
        ("content/policies/25/a/policy.md", b""),
        ("content/policies/2025/a/policy.md", b""),
        ("docs/a b/con.txt", b""),
    ];
    let head = repo.commit(repo.files(&files), &[], "x");
    let snapshot = repo.open().snapshot(&commit_id(head)).unwrap();
    assert_eq!(snapshot.sets.keys().map(SetId::as_str).collect::<Vec<_>>(), ["2025/a"]);
    assert!(snapshot.findings.iter().all(|finding| finding.code == "PATH_INVALID" && !finding.blocks));
    assert_eq!(snapshot.findings.len(), 4);
}

#[test]
fn evidence_faults_are_reported_and_ignored() {
    let repo = TestRepo::new();
    let blob = repo.blob(b"x");
    let statements = repo.tree(&[
        ("100644", b"a.commit", blob),
        ("100644", b"b.commit", repo.blob(&vec![b'x'; 70_000])),
        ("120000", b"c.commit", blob),
    ]);
    let evidence = repo.tree(&[("40000", b"statements", statements)]);
    let roster = repo.tree(&[("100755", b"1.toml", blob)]);
    let head =
        repo.commit(repo.tree(&[("40000", b"evidence", evidence), ("40000", b"roster", roster)]), &[], "x");
    let snapshot = repo.open().snapshot(&commit_id(head)).unwrap();
    assert_eq!(snapshot.evidence.files.len(), 1);
    let faults: Vec<_> =
        snapshot.evidence.faults.iter().map(|fault| (fault.code, fault.finding.blocks)).collect();
    assert_eq!(faults, [("STATEMENT_TOO_LARGE", false), ("ENTRY_MODE", false)]);
    assert_eq!(snapshot.roster.faults[0].code, "ENTRY_MODE");
}

#[test]
fn revisions_resolve_like_in_git() {
    let repo = TestRepo::new();
    assert!(matches!(repo.open().resolve("HEAD"), Err(SourceError::Empty { .. })));
    let tree = repo.tree(&[]);
    let first = repo.commit(tree, &[], "1");
    let side = repo.commit(tree, &[first], "2");
    let second = repo.commit(tree, &[first], "3");
    let merge = repo.commit(tree, &[second, side], "4");
    let tag = format!("object {merge}\ntype commit\ntag v1\ntagger A <a@x> 1 +0000\n\nx\n");
    let tag = repo.git.odb().unwrap().write(git2::ObjectType::Tag, tag.as_bytes()).unwrap();
    fs::write(repo.path().join(".git/packed-refs"), format!("# pack-refs\n{tag} refs/tags/v1\n^{merge}\n"))
        .unwrap();
    let open = repo.open();
    let long = merge.to_string();
    for (name, id) in [
        ("HEAD", merge),
        ("@", merge),
        ("main", merge),
        ("refs/heads/main", merge),
        ("heads/main", merge),
        ("v1", merge),
        (&long, merge),
        (long.split_at(10).0, merge),
        ("HEAD^", second),
        ("HEAD~1", second),
        ("HEAD^2", side),
        ("v1^{commit}~2", first),
        ("HEAD^0", merge),
        ("HEAD^^", first),
    ] {
        assert_eq!(open.resolve(name).unwrap(), commit_id(id), "{name}");
    }
    for name in
        ["nothing", "HEAD~9", "HEAD^3", "../../x", "", "HEAD@{1}", "^", &"f".repeat(40), &tree.to_string()]
    {
        assert!(matches!(open.resolve(name), Err(SourceError::UnknownRevision { .. })), "{name}");
    }
}

#[test]
fn history_knows_reachability_and_edits() {
    let repo = TestRepo::new();
    let tree = |text: &[u8]| repo.files(&[("content/policies/2025/a/policy.md", text), ("site.toml", b"")]);
    let first = repo.commit(tree(b"1"), &[], "1");
    let side = repo.commit(tree(b"2"), &[first], "side\n\nApproval-Statement: review/1");
    let main = repo.commit(tree(b"1"), &[first], "main");
    let merge = repo.commit(tree(b"2"), &[main, side], "merge");
    let open = repo.open();
    let history = open.history(&commit_id(merge)).unwrap();
    assert_eq!(history.commits().len(), 4);
    assert_eq!(
        history.line().map(|commit| commit.id.clone()).collect::<Vec<_>>(),
        [first, main, merge].map(commit_id)
    );
    assert_eq!(history.get(&open, &commit_id(side)).unwrap().since, 2);
    assert_eq!(history.candidates().len(), 1);
    let timeline = open.timeline(&history).unwrap();
    let spans: Vec<usize> = timeline.sets[&set_id()].iter().map(|span| span.from).collect();
    assert_eq!(spans, [0, 2]);
    let editors: Vec<_> =
        timeline.edits[&set_id()].iter().map(|&place| history.commits()[place].id.clone()).collect();
    assert_eq!(editors.len(), 2, "the merge is not an edit");
    assert!(editors.contains(&commit_id(side)));
    let digests = Digests::new(&open);
    let tip = history.head().unwrap();
    let expected = open.snapshot(&tip.id).unwrap().sets[&set_id()].digest("2025/a").unwrap();
    assert_eq!(digests.of_set(tip.tree, &set_id()).unwrap(), TreeDigest::Is(expected));
    assert_eq!(digests.of_file(tip.tree, "roster/1.toml").unwrap(), TreeDigest::Absent);
    // What the line knows is what the trees say, on the line and beside it.
    let along = Digests::new(&open).along(&history, &timeline);
    for commit in history.commits() {
        for id in [set_id(), SetId::parse("2025/absent").unwrap()] {
            assert_eq!(along.of_set(commit.tree, &id).unwrap(), digests.of_set(commit.tree, &id).unwrap());
        }
    }
    assert_ne!(
        along.of_set(history.commits()[1].tree, &set_id()).unwrap(),
        along.of_set(tip.tree, &set_id()).unwrap()
    );
}

#[test]
fn a_work_tree_is_read_with_the_same_rules() {
    let repo = TestRepo::new();
    let root = repo.path();
    let set = root.join("content/policies/2025/a");
    fs::create_dir_all(set.join("materials")).unwrap();
    fs::write(root.join("site.toml"), "").unwrap();
    fs::write(set.join("policy.md"), "x").unwrap();
    let clean = read_folder(root).unwrap();
    assert_eq!(clean.sets[&set_id()].digest("2025/a"), {
        let head = repo.commit(repo.files(&[("content/policies/2025/a/policy.md", b"x")]), &[], "x");
        repo.open().snapshot(&commit_id(head)).unwrap().sets[&set_id()].digest("2025/a")
    });
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/passwd", set.join("secret.md")).unwrap();
        let faulty = read_folder(root).unwrap();
        assert_eq!(faulty.sets[&set_id()].faults[0].code, "ENTRY_MODE");
        assert_eq!(faulty.sets[&set_id()].files.len(), 1);
    }
}

#[test]
fn opens_exactly_the_path_unless_told_to_search() {
    let repo = TestRepo::new();
    let inner = repo.path().join("content");
    fs::create_dir(&inner).unwrap();
    assert!(matches!(
        Repository::open(&inner, OpenOptions::default()),
        Err(SourceError::NotARepository { .. })
    ));
    let up = OpenOptions { search_upward: true, ..OpenOptions::default() };
    assert_eq!(Repository::open(&inner, up).unwrap().work_tree(), Some(repo.path()));
    assert_eq!(Repository::open(&repo.path().join(".git"), up).unwrap().work_tree(), None);
}

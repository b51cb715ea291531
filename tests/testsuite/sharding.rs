//! A site that is made in parts is the site that is made at once, whatever the
//! number of parts; parts that do not belong together are refused.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiedu::pipeline::{
    BuildOptions, BuildReport, JoinOptions, Shard, Stop, StopKind, build, build_shard, join,
};

use crate::project::{Project, project};

fn office() -> Project {
    let mut p = project();
    for set in ["2025/a", "2025/b", "2025/c", "2024/d"] {
        p.set(set);
    }
    p.commit("drafts").approve("site");
    for set in ["2025/a", "2025/b", "2024/d"] {
        p.approve(set);
    }
    p
}

fn options<'a>(p: &Project, anchor: &'a jiedu::TrustAnchor, out: &'a Path) -> BuildOptions<'a> {
    BuildOptions {
        revision: "HEAD",
        time: p.time(),
        anchor: Some(anchor),
        drafts: false,
        out,
        previous: None,
        publish_key: None,
        jobs: Some(1),
    }
}

/// Every part of `count`, each in a folder of its own.
fn parts(p: &Project, folder: &Path, count: u32) -> Vec<PathBuf> {
    let anchor = p.anchor();
    let made = (1..=count).map(|index| {
        let into = folder.join(format!("part-{index}-of-{count}"));
        let shard = Shard::new(index, count).unwrap();
        build_shard(&p.open(), &options(p, &anchor, &into), shard).unwrap();
        into
    });
    made.collect()
}

fn joined(p: &Project, parts: &[PathBuf], out: &Path, expect: Option<&[u8]>) -> Result<BuildReport, Stop> {
    let anchor = p.anchor();
    let machine = p.time().machine;
    let options = JoinOptions {
        machine,
        anchor: Some(&anchor),
        out,
        previous: None,
        publish_key: None,
        expect,
        jobs: None,
    };
    join(&p.open(), parts, &options)
}

fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[test]
fn any_number_of_parts_gives_the_same_bytes() {
    let p = office();
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    let anchor = p.anchor();
    let once = build(&p.open(), &options(&p, &anchor, &whole)).unwrap();
    let expected = tree(&whole);
    let manifest = fs::read(whole.join(".well-known/jiedu/manifest.json")).unwrap();
    for count in [1, 2, 7] {
        let out = folder.path().join(format!("joined-{count}"));
        let parts = parts(&p, folder.path(), count);
        let report = joined(&p, &parts, &out, Some(&manifest)).unwrap();
        assert!(tree(&out) == expected, "{count} parts give another site");
        assert_eq!(report.is_incomplete(), once.is_incomplete());
        assert_eq!(report.left_out.len(), 1, "2025/c has no approvals");
        assert_eq!((report.files, report.pages, report.sets), (once.files, once.pages, once.sets));
    }
}

#[test]
fn a_part_that_is_made_again_replaces_itself() {
    let p = office();
    let folder = tempfile::tempdir().unwrap();
    let first = parts(&p, folder.path(), 2);
    fs::remove_file(first[1].join(".well-known/jiedu/part.json")).unwrap();
    let stop = joined(&p, &first, &folder.path().join("site"), None).unwrap_err();
    assert!(stop.kind == StopKind::Usage && stop.message.en.contains("no complete part"), "{stop}");
    let again = parts(&p, folder.path(), 2);
    joined(&p, &again, &folder.path().join("site"), None).unwrap();
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let mut p = office();
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    let two = parts(&p, folder.path(), 2);
    let three = parts(&p, folder.path(), 3);
    let refused = |p: &Project, parts: &[PathBuf], words: &str| {
        let stop = joined(p, parts, &site, None).unwrap_err();
        assert_eq!(stop.kind, StopKind::Usage, "{stop}");
        assert!(stop.message.en.contains(words), "{}: {}", words, stop.message.en);
        assert!(!site.exists());
    };
    refused(&p, &[], "no part");
    refused(&p, &two[..1], "missing: 2");
    refused(&p, &[two[0].clone(), two[0].clone()], "stands twice");
    refused(&p, &[two[0].clone(), three[1].clone()], "another build");
    refused(&p, &[two[0].clone(), folder.path().join("nowhere")], "nowhere");
    refused(&p, &[two[0].clone(), p.path().to_owned()], "no complete part");
    // Another commit.
    p.set("2025/e").commit("one more");
    let later = parts(&p, &folder.path().join("later"), 2);
    refused(&p, &[two[0].clone(), later[1].clone()], "another build");
    // A changed file, a file too many, a file of the sealed site.
    for (path, words) in [
        ("robots.txt", "not what its manifest lists"),
        ("policies/2025/x.html", "not what its manifest lists"),
        (".well-known/jiedu/release.json", "not what its manifest lists"),
    ] {
        let holder = two.iter().find(|part| part.join(path).exists()).unwrap_or(&two[0]);
        let full = holder.join(path);
        let before = fs::read(&full).ok();
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(&full, "changed").unwrap();
        refused(&p, &two, words);
        match before {
            Some(bytes) => fs::write(&full, bytes).unwrap(),
            None => fs::remove_file(&full).unwrap(),
        }
    }
}

#[test]
fn a_site_that_was_not_expected_is_not_written() {
    let p = office();
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    let parts = parts(&p, folder.path(), 2);
    let stop = joined(&p, &parts, &site, Some(b"{}")).unwrap_err();
    assert_eq!((stop.kind, stop.code), (StopKind::Security, Some("RENDER_MISMATCH")));
    assert!(!site.exists());
}

#[test]
fn a_forged_part_cannot_name_files_outside_the_site() {
    let p = office();
    let folder = tempfile::tempdir().unwrap();
    let parts = parts(&p, folder.path(), 1);
    let path = parts[0].join(".well-known/jiedu/manifest.json");
    let manifest = fs::read_to_string(&path).unwrap();
    fs::write(&path, manifest.replace("\"robots.txt\"", "\"../robots.txt\"")).unwrap();
    let stop = joined(&p, &parts, &folder.path().join("site"), None).unwrap_err();
    assert_eq!(stop.kind, StopKind::Usage);
    assert!(!folder.path().join("robots.txt").exists());
}

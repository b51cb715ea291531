//! Tests of writing and reading sites.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::owned::Owner;
use super::publish::{Step, replace};
use super::read::read_tree;
use super::*;
use jiedu_base::clock::Clock;
use jiedu_evidence::{Odd, Sealed};

fn site(pages: &[(&str, &str)]) -> Files {
    let files = pages.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().into())).collect();
    Sealed::drafts(files, "abc", &Clock::from_unix(0)).files
}

fn as_read(files: &Files) -> std::collections::BTreeMap<String, Vec<u8>> {
    files.iter().map(|(path, bytes)| (path.clone(), bytes.to_vec())).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn replaces_a_site_and_leaves_nothing_behind() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("deep/public");
    let old = site(&[("index.html", "旧"), ("gone/index.html", "x")]);
    let new = site(&[("index.html", "新"), ("policies/2025/a/index.html", "y")]);
    assert_eq!(publish(&old, &target).unwrap().kept, None);
    assert_eq!(read_tree(&target), as_read(&old));
    publish(&new, &target).unwrap();
    assert_eq!(read_tree(&target), as_read(&new));
    assert_eq!(names(target.parent().unwrap()), ["public"]);
}

#[test]
fn a_build_killed_at_any_step_leaves_the_old_or_the_new_site_whole() {
    for step in [Step::Held, Step::Staged, Step::Ready, Step::Swapped, Step::Disposed] {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("public");
        let old = site(&[("index.html", "旧")]);
        let new = site(&[("index.html", "新")]);
        publish(&old, &target).unwrap();
        let killed = catch_unwind(AssertUnwindSafe(|| {
            replace(&new, &target, Owner::Site, &mut |reached| assert_ne!(reached, step, "killed"))
        }));
        assert!(killed.is_err(), "{step:?}");
        let whole = [old.clone(), new.clone()].map(|files| as_read(&files));
        let at_target = target.exists().then(|| read_tree(&target));
        let aside = home.path().join(".public.jiedu/old");
        let found = at_target.unwrap_or_else(|| read_tree(&aside));
        assert!(whole.contains(&found), "{step:?}");
        if step < Step::Swapped {
            assert_eq!(read_tree(&target), whole[0], "{step:?}");
        }
        // A failing build after the kill puts the old site back in its place.
        let next = site(&[("index.html", "再新")]);
        let failed = catch_unwind(AssertUnwindSafe(|| {
            replace(&next, &target, Owner::Site, &mut |reached| assert_ne!(reached, Step::Held, "killed"))
        }));
        assert!(failed.is_err());
        assert!(whole.contains(&read_tree(&target)), "{step:?}");
        publish(&next, &target).unwrap();
        assert_eq!(read_tree(&target), as_read(&next), "{step:?}");
        assert_eq!(names(home.path()), ["public"], "{step:?}");
    }
}

#[test]
fn a_site_left_in_the_work_folder_is_put_back() {
    // What two renames leave behind when they are killed in between.
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("public");
    let [old, new] = ["旧", "新"].map(|text| site(&[("index.html", text)]));
    publish(&old, &target).unwrap();
    let kill_at = |step| {
        let killed = catch_unwind(AssertUnwindSafe(|| {
            replace(&new, &target, Owner::Site, &mut |reached| assert_ne!(reached, step, "killed"))
        }));
        assert!(killed.is_err());
    };
    kill_at(Step::Ready);
    fs::remove_dir_all(home.path().join(".public.jiedu/old")).unwrap();
    fs::rename(&target, home.path().join(".public.jiedu/old")).unwrap();
    kill_at(Step::Held);
    assert_eq!(read_tree(&target), as_read(&old));
}

#[test]
fn never_touches_a_folder_that_is_not_a_site() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("thesis");
    fs::create_dir(&target).unwrap();
    fs::write(target.join("论文.docx"), "five years").unwrap();
    let files = site(&[("index.html", "x")]);
    assert!(matches!(publish(&files, &target), Err(OutputError::ForeignFolder { .. })));
    assert!(matches!(check_target(&target), Err(OutputError::ForeignFolder { .. })));
    assert_eq!(names(&target), ["论文.docx"]);
    assert_eq!(names(home.path()), ["thesis"]);
    let file = home.path().join("note");
    fs::write(&file, "x").unwrap();
    assert!(matches!(publish(&files, &file), Err(OutputError::NotAFolder { .. })));
    assert!(publish(&files, Path::new("/")).is_err());
}

#[test]
fn a_work_folder_that_is_not_ours_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let other = home.path().join(".public.jiedu");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("mine"), "x").unwrap();
    let outcome = publish(&site(&[("index.html", "x")]), &home.path().join("public"));
    assert!(matches!(outcome, Err(OutputError::ForeignFolder { .. })));
    assert!(other.join("mine").exists() && !home.path().join("public").exists());
}

#[test]
fn an_empty_folder_is_filled() {
    let home = tempfile::tempdir().unwrap();
    let files = site(&[("index.html", "x")]);
    let target = home.path().join("public");
    fs::create_dir(&target).unwrap();
    check_target(&target).unwrap();
    publish(&files, &target).unwrap();
    assert_eq!(read_tree(&target), as_read(&files));
}

#[test]
fn foreign_files_in_a_site_are_moved_and_not_deleted() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("public");
    publish(&site(&[("index.html", "旧"), ("a/index.html", "x")]), &target).unwrap();
    fs::write(target.join("a/notes.txt"), "mine").unwrap();
    fs::create_dir(target.join(".git")).unwrap();
    fs::write(target.join(".git/HEAD"), "ref").unwrap();
    let new = site(&[("index.html", "新")]);
    let kept = publish(&new, &target).unwrap().kept.unwrap();
    assert_eq!(read_tree(&target), as_read(&new));
    assert_eq!(kept.file_name().unwrap(), "public.kept-1");
    assert_eq!(fs::read_to_string(kept.join("a/notes.txt")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(kept.join(".git/HEAD")).unwrap(), "ref");
    assert_eq!(read_tree(&kept).len(), 2);
    // A manifest that cannot be read says nothing about what is ours.
    fs::write(target.join(".well-known/jiedu/manifest.json"), "{").unwrap();
    let all = publish(&new, &target).unwrap().kept.unwrap();
    assert!(all.join("index.html").exists());
}

#[test]
fn two_builds_at_once_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("public");
    let files = site(&[("index.html", "x")]);
    let mut inner = None;
    replace(&files, &target, Owner::Site, &mut |step| {
        if step == Step::Staged {
            inner = Some(publish(&files, &target));
        }
    })
    .unwrap();
    assert!(matches!(inner, Some(Err(OutputError::Busy { .. }))));
    assert_eq!(read_tree(&target), as_read(&files));
}

#[test]
fn a_publication_that_is_given_up_leaves_no_trace() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("deep/er/public");
    let begun = Publication::begin(&target).unwrap();
    begun.put("a/index.html", b"x").unwrap();
    assert!(matches!(begun.put("a/index.html", b"y"), Err(OutputError::Collision { .. })));
    assert!(!target.exists());
    drop(begun);
    assert!(names(home.path()).is_empty());
    let old = site(&[("index.html", "旧")]);
    publish(&old, &target).unwrap();
    let begun = Publication::begin(&target).unwrap();
    begun.put("index.html", "新".as_bytes()).unwrap();
    drop(begun);
    assert_eq!(read_tree(&target), as_read(&old));
    assert_eq!(names(target.parent().unwrap()), ["public"]);
}

#[test]
fn paths_cannot_leave_the_folder() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("public");
    for bad in ["../x", "/etc/x", "a//b", "a/./b", "", "a/..", "c:\\x", "a\0b", "a/"] {
        let files = Files::from([(bad.to_owned(), b"x".as_slice().into())]);
        assert!(matches!(publish(&files, &target), Err(OutputError::UnsafePath { .. })), "{bad}");
    }
    let both = ["a", "a/b"].map(|path| (path.to_owned(), b"x".as_slice().into()));
    assert!(matches!(publish(&both.into(), &target), Err(OutputError::Collision { .. })));
    assert!(names(home.path()).is_empty());
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_linked_target_stays_a_link() {
        let home = tempfile::tempdir().unwrap();
        let real = home.path().join("real");
        let link = home.path().join("public");
        fs::create_dir(&real).unwrap();
        symlink(&real, &link).unwrap();
        let files = site(&[("index.html", "x")]);
        publish(&files, &link).unwrap();
        publish(&files, &link).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(read_tree(&real), as_read(&files));
        let dangling = home.path().join("nowhere");
        symlink(home.path().join("absent"), &dangling).unwrap();
        assert!(matches!(publish(&files, &dangling), Err(OutputError::NotAFolder { .. })));
    }

    #[test]
    fn a_link_inside_an_old_site_is_never_followed() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("public");
        let outside = home.path().join("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("precious"), "x").unwrap();
        publish(&site(&[("index.html", "x"), ("a/index.html", "x")]), &target).unwrap();
        fs::remove_dir_all(target.join("a")).unwrap();
        symlink(&outside, target.join("a")).unwrap();
        publish(&site(&[("index.html", "y")]), &target).unwrap();
        assert!(outside.join("precious").exists());
    }

    #[test]
    fn a_folder_that_may_not_be_written_is_named() {
        let home = tempfile::tempdir().unwrap();
        let locked = home.path().join("locked");
        fs::create_dir(&locked).unwrap();
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o500)).unwrap();
        let outcome = publish(&site(&[("index.html", "x")]), &locked.join("public"));
        // Root may write everywhere.
        if let Err(error) = outcome {
            assert!(error.to_string().contains("locked"), "{error}");
        }
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o700)).unwrap();
    }

    #[test]
    fn reading_names_links_and_pipes_without_opening_them() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("public");
        publish(&site(&[("index.html", "x")]), &target).unwrap();
        symlink("/etc/passwd", target.join("link")).unwrap();
        symlink(home.path(), target.join("folder")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(target.join("pipe")).status();
        let read = read_site(&target, &Limits::default()).unwrap();
        assert_eq!(read.odd.get("link"), Some(&Odd::Link));
        assert_eq!(read.odd.get("folder"), Some(&Odd::Link));
        if made.is_ok_and(|status| status.success()) {
            assert_eq!(read.odd.get("pipe"), Some(&Odd::Special));
        }
        assert!(read.files.contains_key("index.html"));
    }
}

#[test]
fn reading_has_bounds() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("public");
    publish(&site(&[("index.html", "long enough"), ("a/b/c/d.html", "x")]), &target).unwrap();
    let few = Limits { entries: 3, ..Limits::default() };
    assert!(matches!(read_site(&target, &few), Err(OutputError::TooMuch { .. })));
    let flat = Limits { depth: 1, ..Limits::default() };
    assert!(matches!(read_site(&target, &flat), Err(OutputError::TooMuch { .. })));
    let documents = Limits { documents: 10, ..Limits::default() };
    assert!(matches!(read_site(&target, &documents), Err(OutputError::TooMuch { .. })));
    let small = Limits { file: 3, ..Limits::default() };
    let read = read_site(&target, &small).unwrap();
    assert_eq!(read.odd.get("index.html"), Some(&Odd::TooLarge));
    assert!(matches!(read_site(&home.path().join("absent"), &small), Err(OutputError::Io { .. })));
}

#[test]
fn evidence_beside_the_site_is_replaced_and_read_back() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("public");
    publish(&site(&[("index.html", "x")]), &target).unwrap();
    let archive = Files::from([("ledger.txt".to_owned(), b"jiedu-ledger/1\n".as_slice().into())]);
    publish_evidence(&archive, &target).unwrap();
    publish_evidence(&archive, &target).unwrap();
    assert_eq!(names(home.path()), ["public", "public-evidence"]);
    let read = read_site(&target, &Limits::default()).unwrap();
    let archive = read.archive.unwrap();
    assert_eq!(archive.keys().collect::<Vec<_>>(), [".well-known/jiedu/evidence/ledger.txt"]);
}

#[test]
fn an_ed25519_key_file_signs_in_process() {
    let home = tempfile::tempdir().unwrap();
    let key = ssh_key::PrivateKey::new(
        ssh_key::private::KeypairData::Ed25519(ssh_key::private::Ed25519Keypair::from_seed(&[7; 32])),
        "",
    )
    .unwrap();
    let path = home.path().join("key");
    fs::write(&path, key.to_openssh(ssh_key::LineEnding::LF).unwrap().as_bytes()).unwrap();
    let armour = sign_release(&path, b"release").unwrap();
    assert_eq!(armour, sign_release(&path, b"release").unwrap());
    let signature = ssh_key::SshSig::from_pem(&armour).unwrap();
    key.public_key().verify("jiedu-release@1", b"release", &signature).unwrap();
    assert!(key.public_key().verify("git", b"release", &signature).is_err());
    assert!(matches!(sign_release(&home.path().join("none"), b"x"), Err(OutputError::Io { .. })));
}

/// Runs `ssh-keygen`; none where the program is absent.
fn ssh_keygen(args: &[&str], input: &[u8]) -> Option<bool> {
    use std::io::Write as _;
    let mut child = std::process::Command::new("ssh-keygen")
        .args(args)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(input).ok()?;
    Some(child.wait().ok()?.success())
}

#[test]
fn stock_ssh_keygen_agrees_with_both_ways_of_signing() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    for kind in ["ed25519", "ecdsa"] {
        let (key, signature, allowed) = (path(kind), path("sig"), path("allowed"));
        let made = ssh_keygen(&["-q", "-t", kind, "-N", "", "-C", "", "-f", &key], b"");
        if made != Some(true) {
            eprintln!("skipped: ssh-keygen is not installed");
            return;
        }
        let public = fs::read_to_string(format!("{key}.pub")).unwrap();
        fs::write(&allowed, format!("wang.zhan namespaces=\"jiedu-release@1\" {public}")).unwrap();
        fs::write(&signature, sign_release(Path::new(&key), b"release").unwrap()).unwrap();
        let verify =
            ["-Y", "verify", "-f", &allowed, "-I", "wang.zhan", "-n", "jiedu-release@1", "-s", &signature];
        assert_eq!(ssh_keygen(&verify, b"release"), Some(true), "{kind}");
        assert_eq!(ssh_keygen(&verify, b"other"), Some(false), "{kind}");
    }
    let junk = path("junk");
    fs::write(&junk, "not a key").unwrap();
    assert!(matches!(sign_release(Path::new(&junk), b"x"), Err(OutputError::Signing { .. })));
}

#[test]
fn what_a_kill_leaves_while_the_old_site_is_removed_blocks_nobody() {
    // The old site under the name it had in older versions, its manifest gone
    // first; the trash, half empty; odd things that only a broken disk leaves.
    let leftovers: [&[&str]; 5] = [
        &["old/policies/a.html"],
        &["old/.well-known/jiedu/release.json", "trash/a/b.html"],
        &["trash/index.html", "new/half.html"],
        &["old", "trash"],
        &["new/x", "old/.well-known/jiedu/manifest.json/odd", "trash/.well-known/jiedu/manifest.json"],
    ];
    for left in leftovers {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("public");
        publish(&site(&[("index.html", "旧")]), &target).unwrap();
        publish_evidence(&evidence_files(), &target).unwrap();
        for folder in [".public.jiedu", ".public-evidence.jiedu"] {
            for path in left {
                let path = home.path().join(folder).join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, "x").unwrap();
            }
        }
        let new = site(&[("index.html", "新")]);
        publish(&new, &target).unwrap();
        publish_evidence(&evidence_files(), &target).unwrap();
        assert_eq!(read_tree(&target), as_read(&new), "{left:?}");
        assert_eq!(names(home.path()), ["public", "public-evidence"], "{left:?}");
    }
}

fn evidence_files() -> Files {
    Files::from([("ledger.txt".to_owned(), b"jiedu-ledger/1\n".as_slice().into())])
}

#[test]
fn a_build_killed_while_it_removes_is_finished_by_the_next() {
    // Any part of the old site may be gone when the process dies.
    for keep in 0..5 {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("public");
        let old = site(&[("index.html", "旧"), ("a/index.html", "x"), ("b/c/d.html", "y"), ("e.css", "z")]);
        publish(&old, &target).unwrap();
        let new = site(&[("index.html", "新")]);
        let killed = catch_unwind(AssertUnwindSafe(|| {
            replace(&new, &target, Owner::Site, &mut |reached| assert_ne!(reached, Step::Swapped, "killed"))
        }));
        assert!(killed.is_err());
        let work = home.path().join(".public.jiedu");
        for (index, path) in old.keys().enumerate() {
            if index != keep {
                fs::remove_file(work.join("old").join(path)).unwrap();
            }
        }
        publish(&new, &target).unwrap();
        assert_eq!(read_tree(&target), as_read(&new));
        assert_eq!(names(home.path()), ["public"]);
    }
}

#[test]
fn only_bytes_that_a_manifest_lists_are_deleted() {
    let home = tempfile::tempdir().unwrap();
    let (real, target) = (home.path().join("real"), home.path().join("thesis"));
    publish(&site(&[("index.html", "页"), ("docs/a.txt", "ours")]), &real).unwrap();
    // A folder of the user, beside which a manifest of another site was put.
    fs::create_dir_all(target.join("docs")).unwrap();
    fs::create_dir_all(target.join(".well-known/jiedu")).unwrap();
    for (path, text) in [
        ("docs/a.txt", "mine"),
        ("index.html", "页"),
        (".well-known/jiedu/release.json", "{\"mine\":1}"),
        (".well-known/jiedu/release.sshsig", "mine"),
    ] {
        fs::write(target.join(path), text).unwrap();
    }
    fs::copy(real.join(".well-known/jiedu/manifest.json"), target.join(".well-known/jiedu/manifest.json"))
        .unwrap();
    let new = site(&[("index.html", "新")]);
    let kept = publish(&new, &target).unwrap().kept.unwrap();
    assert_eq!(read_tree(&target), as_read(&new));
    let kept = read_tree(&kept);
    assert_eq!(kept.len(), 3, "{:?}", kept.keys());
    assert_eq!(kept["docs/a.txt"], b"mine");
    // A page of ours that somebody changed by hand is not thrown away either.
    fs::write(target.join("index.html"), "改").unwrap();
    let kept = publish(&new, &target).unwrap().kept.unwrap();
    assert_eq!(fs::read_to_string(kept.join("index.html")).unwrap(), "改");
}

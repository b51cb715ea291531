//! The demonstration, from outside.

use super::*;
use jiedu_source::{OpenOptions, Repository};

const OPTIONS: DemoOptions = DemoOptions { seed: Some([7; 32]), proofreader: None };

#[test]
fn the_same_seed_gives_the_same_commits() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [a, b] = folders.each_ref().map(|folder| demo(folder.path(), OPTIONS).unwrap());
    assert_eq!(a.head, b.head);
    assert_eq!(a.at.rfc3339(), "2026-03-17T10:40:00+08:00");
    let other = tempfile::tempdir().unwrap();
    assert_ne!(demo(other.path(), DemoOptions::default()).unwrap().head, a.head);
}

#[test]
fn the_work_tree_is_what_was_committed() {
    let folder = tempfile::tempdir().unwrap();
    let report = demo(folder.path(), OPTIONS).unwrap();
    let repository = git2::Repository::open(&report.repository).unwrap();
    assert_eq!(repository.statuses(None).unwrap().len(), 0);
    let repository = Repository::open(&report.repository, OpenOptions::default()).unwrap();
    let snapshot = repository.snapshot(&report.head).unwrap();
    assert_eq!(snapshot.findings, []);
    assert_eq!(snapshot.sets.len(), 10);
    assert!(snapshot.sets.values().all(|set| set.faults.is_empty()));
    assert_eq!(snapshot.evidence.files.len(), 3 + 8 * 14 + 3 + 7 + 1 + 2 + 3);
    let trust = std::fs::read_to_string(&report.trust).unwrap();
    let roster = snapshot.roster.get("1.toml").unwrap();
    assert!(trust.contains(&roster.digest.to_string()));
}

#[test]
fn a_folder_with_anything_in_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine"), "").unwrap();
    assert!(matches!(demo(folder.path(), OPTIONS), Err(WorkspaceError::NotEmpty { .. })));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// The newest texts as typed documents, with what reading them found.
#[test]
fn the_sets_parse_without_findings() {
    let folder = tempfile::tempdir().unwrap();
    let report = demo(folder.path(), OPTIONS).unwrap();
    let repository = Repository::open(&report.repository, OpenOptions::default()).unwrap();
    let snapshot = repository.snapshot(&report.head).unwrap();
    let site = snapshot.site.get("site.toml").unwrap();
    let site = jiedu_base::text::SourceFile::new("site.toml", std::str::from_utf8(&site.bytes).unwrap());
    let config = jiedu_config::Config::parse(&site).value.unwrap();
    let checked = jiedu_model::Corpus::parse(&snapshot, &config);
    assert_eq!(checked.findings, []);
    let real = &checked.value.sets[&SetId::parse("2025/jijiaoban-14").unwrap()];
    let policy = real.policy.as_ref().unwrap();
    assert_eq!(policy.provisions.len(), 5 + 16);
    assert!(policy.enclosed_from.is_some());
}

/// Stock git gives the same verdict on every statement of the history.
#[test]
fn stock_git_accepts_every_statement() {
    use std::process::Command;
    if Command::new("git").arg("--version").output().is_err()
        || Command::new("ssh-keygen").arg("-?").output().is_err()
    {
        eprintln!("skipped: needs git and ssh-keygen");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let report = demo(folder.path(), OPTIONS).unwrap();
    let keys = STAFF.iter().flat_map(|person| person.keys.iter().map(move |purpose| (person, purpose)));
    let signers = keys.map(|(person, purpose)| {
        let [_, public] = person.key_files(&[7; 32], purpose).unwrap();
        format!("{} {public}", person.email())
    });
    let signers = signers.collect::<Vec<_>>().concat();
    let allowed = folder.path().join("allowed_signers");
    std::fs::write(&allowed, signers).unwrap();
    let setting = format!("gpg.ssh.allowedSignersFile={}", allowed.display());
    let log = Command::new("git")
        .args(["-c", &setting, "log", "--format=%G? %ae %GS %s"])
        .current_dir(&report.repository)
        .output()
        .unwrap();
    let log = String::from_utf8(log.stdout).unwrap();
    let (good, rest): (Vec<&str>, Vec<&str>) = log.lines().partition(|line| line.starts_with("G "));
    assert_eq!(good.len(), 3 + 8 * 14 + 3 + 7 + 1 + 2 + 3);
    assert!(rest.iter().all(|line| line.starts_with("N ")), "{rest:?}");
    for line in good {
        let [_, author, signer] = line.splitn(4, ' ').take(3).collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        assert_eq!(author, signer);
    }
}

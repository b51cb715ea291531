//! The demonstration, built and verified: nothing of it can be changed unseen.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiedu::approve::{Anchor, TrustAnchor};
use jiedu::clock::Clock;
use jiedu::evidence::{BuiltSite, FileFact, PreviousRelease, Recorded, VerifyInput, VerifyReport, verify};
use jiedu::output::{Limits, read_site};
use jiedu::pipeline::{BuildOptions, BuildReport, CheckOptions, Time, build, check, rebuild, report_digest};
use jiedu::source::{OpenOptions, Repository};
use jiedu::text::SourceFile;
use jiedu::workspace::{DemoOptions, DemoReport, demo};

/// Builds a demonstration, signed by its publisher.
pub fn release(
    made: &DemoReport,
    anchor: &TrustAnchor,
    out: &Path,
    previous: Option<&Path>,
    jobs: usize,
) -> BuildReport {
    let repository = Repository::open(&made.repository, OpenOptions::default()).unwrap();
    let options = BuildOptions {
        revision: "HEAD",
        time: Time { given: Some(made.at), machine: Clock::from_unix(4_000_000_000) },
        anchor: Some(anchor),
        drafts: false,
        out,
        previous,
        publish_key: Some(&made.publish_key),
        jobs: Some(jobs),
    };
    build(&repository, &options).unwrap()
}

/// How many signed reports cannot be made again.
fn stale_reports(made: &DemoReport) -> usize {
    let repository = Repository::open(&made.repository, OpenOptions::default()).unwrap();
    let options = CheckOptions {
        revision: Some("HEAD"),
        time: Time { given: Some(made.at), machine: Clock::from_unix(4_000_000_000) },
        anchor: None,
        sets: &[],
        rules: &["REPORT_STALE".to_owned()],
        min_severity: jiedu::finding::Severity::Hint,
        jobs: Some(1),
        references: None,
    };
    check(&repository, &options).unwrap().findings.len()
}

fn judge(site: &BuiltSite, anchor: &TrustAnchor) -> VerifyReport {
    let anchor = Anchor::Trusted(anchor.clone());
    verify(&VerifyInput { site, anchor: &anchor, previous: None, rebuild: None })
}

#[test]
fn the_demonstration_verifies_and_every_changed_byte_is_named() {
    let home = tempfile::tempdir().unwrap();
    let options = DemoOptions { seed: Some([7; 32]), proofreader: Some(report_digest) };
    let made = demo(&home.path().join("demo"), options).unwrap();
    let trust = fs::read_to_string(&made.trust).unwrap();
    let anchor = TrustAnchor::parse(&SourceFile::new("trust.toml", &trust)).unwrap();
    let report = release(&made, &anchor, &made.public, None, 2);
    assert!(report.signed);
    let left: Vec<&str> = report.left_out.iter().map(|set| set.id.as_str()).collect();
    assert_eq!(left, [made.unfinished.set.as_str()]);
    let site = read_site(&made.public, &Limits::default()).unwrap();
    let verdict = judge(&site, &anchor);
    assert_eq!(verdict.problems, []);
    assert_eq!(verdict.checked.files, report.files);

    // The proofreaders of the second year signed reports, which can be made again.
    let record = made.public.join("policies/2025/gongjiao-youhui/record/index.html");
    assert_eq!(fs::read_to_string(record).unwrap().matches("校对报告 sha256:").count(), 3);
    assert_eq!(stale_reports(&made), 0);

    // The same tree from another folder and another number of threads.
    let other = home.path().join("other");
    release(&made, &anchor, &other, None, 1);
    assert_eq!(read_site(&other, &Limits::default()).unwrap(), site);

    // One flipped bit of any file.
    for (path, fact) in &site.files {
        let mut bytes = fs::read(made.public.join(path)).unwrap();
        let Some(byte) = bytes.get_mut(usize::try_from(fact.size).unwrap() / 2) else { continue };
        *byte ^= 1;
        // Files outside the documents are known by their digest alone.
        if site.documents.contains_key(path) && !path.contains("/evidence/") {
            let mut changed = site.clone();
            changed.files.insert(path.clone(), FileFact::of(&bytes));
            changed.documents.insert(path.clone(), Arc::from(bytes));
            let verdict = judge(&changed, &anchor);
            assert!(verdict.problems.iter().any(|problem| problem.path == *path), "{path}");
        } else {
            assert_ne!(FileFact::of(&bytes), *fact, "{path}");
        }
    }

    rebuilt_and_followed(&home.path().join("next"), &made, &anchor, &site);
}

/// The recorded revision gives the same bytes, and the next release follows.
fn rebuilt_and_followed(next: &Path, made: &DemoReport, anchor: &TrustAnchor, site: &BuiltSite) {
    let repository = Repository::open(&made.repository, OpenOptions::default()).unwrap();
    let again = |recorded: &Recorded| rebuild(&repository, anchor, Some(2), recorded);
    let trusted = Anchor::Trusted(anchor.clone());
    let verdict = verify(&VerifyInput { site, anchor: &trusted, previous: None, rebuild: Some(&again) });
    assert_eq!(verdict.problems, []);
    assert!(verdict.rebuilt);
    let advanced = verdict.advanced.unwrap();
    release(made, &advanced, next, Some(&made.public), 2);
    let second = read_site(next, &Limits::default()).unwrap();
    let before = PreviousRelease::read(site).unwrap();
    let trusted = Anchor::Trusted(advanced.clone());
    let follows =
        VerifyInput { site: &second, anchor: &trusted, previous: Some(&before), rebuild: Some(&again) };
    let verdict = verify(&follows);
    assert_eq!(verdict.problems, []);
    // Served again after that, the first release is a rollback.
    let newest = verdict.advanced.unwrap();
    let codes: Vec<&str> = judge(site, &newest).problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["RELEASE_ROLLBACK"]);
}

/// The same commit and options give the same bytes whatever the zone, the
/// language, the folder and the number of threads of the machine.
#[test]
fn zones_languages_folders_and_threads_do_not_show() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("demo");
    demo(&dir, DemoOptions { seed: Some([9; 32]), ..DemoOptions::default() }).unwrap();
    let build = |out: &Path, jobs: &str, zone: &str, language: &str| {
        let status = std::process::Command::new(env!("CARGO_BIN_EXE_jiedu"))
            .arg("--repo")
            .arg(dir.join("repo"))
            .args(["build", "--at", "2026-03-17T10:40:00+08:00", "--jobs", jobs, "--trust"])
            .arg(dir.join("trust.toml"))
            .arg("--out")
            .arg(out)
            .env("TZ", zone)
            .env("LANG", language)
            .env("LC_ALL", language)
            .output()
            .unwrap();
        assert_eq!(status.status.code(), Some(0), "{}", String::from_utf8_lossy(&status.stderr));
        read_site(out, &Limits::default()).unwrap()
    };
    let first = build(&home.path().join("a"), "1", "America/New_York", "C");
    let second = build(&home.path().join("b/c"), "2", "Asia/Shanghai", "zh_CN.UTF-8");
    assert!(first.files.len() > 100);
    assert_eq!(first.files, second.files);
    assert_eq!(first.documents, second.documents);
}

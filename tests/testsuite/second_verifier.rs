//! A second verifier, in another language and from the public specification
//! alone, must agree with `verify` on every verdict about SSH keys.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiedu::approve::statement::Decision;
use jiedu::workspace::{DemoOptions, demo};

use crate::damage::Dice;
use crate::program::jiedu;
use crate::project::{Project, key, project};

/// Codes that both found, sorted, and whether the site holds.
#[derive(Debug, PartialEq, Eq)]
struct Verdict {
    ok: bool,
    problems: Vec<(String, String)>,
}

/// What is wrong with an edition's chain has many names here and one there.
fn plain(code: &str, path: &str) -> String {
    let page =
        path.starts_with("policies/") && path.ends_with("index.html") && !path.contains("/interpretation/");
    let other = ["SITE_FILE_", "WITHDRAWN"];
    if page && !other.iter().any(|known| code.starts_with(known)) {
        "NO_CHAIN".to_owned()
    } else {
        code.to_owned()
    }
}

fn verdict(json: &serde_json::Value) -> Verdict {
    let rows = json["problems"].as_array().unwrap();
    let mut problems: Vec<(String, String)> = rows
        .iter()
        .map(|row| {
            let (code, path) = (row["code"].as_str().unwrap(), row["path"].as_str().unwrap());
            (plain(code, path), path.to_owned())
        })
        .collect();
    problems.sort();
    problems.dedup();
    Verdict { ok: json["ok"].as_bool().unwrap(), problems }
}

fn second(site: &Path, trust: &Path) -> Option<serde_json::Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_verifier/verify.py");
    let mut python = Command::new("python3");
    python.arg(script).arg(site).arg("--trust").arg(trust).arg("--json");
    let out = python.output().ok()?;
    let text = String::from_utf8_lossy(&out.stdout);
    let found = serde_json::from_str(&text);
    Some(found.unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&out.stderr))))
}

/// Whether the programs that the second verifier needs are there.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn can_run() -> bool {
    let has = |name: &str, arg: &str| Command::new(name).arg(arg).output().is_ok();
    let all = has("python3", "--version") && has("ssh-keygen", "-?");
    if !all {
        eprintln!("skipped: needs python3 and ssh-keygen");
    }
    all
}

/// Asks both and compares.
#[track_caller]
fn agree(what: &str, site: &Path, trust: &Path) -> bool {
    let (site_text, trust_text) = (site.to_str().unwrap(), trust.to_str().unwrap());
    let ours =
        jiedu(site.parent().unwrap(), &["verify", site_text, "--trust", trust_text, "--format", "json"], b"");
    let theirs = second(site, trust).unwrap();
    assert_eq!(theirs["not_judged"].as_array().map(Vec::len), Some(0), "{what}: {theirs}");
    let (ours, theirs) = (verdict(&ours.json()), verdict(&theirs));
    assert_eq!(ours, theirs, "{what}: jiedu on the left, the second verifier on the right");
    ours.ok
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn trust_of(p: &Project, home: &Path) -> PathBuf {
    let path = home.join("trust.toml");
    fs::write(&path, format!("site = \"{}\"\n", p.anchor().site)).unwrap();
    path
}

fn build(p: &Project, home: &Path, name: &str) -> PathBuf {
    let trust = trust_of(p, home);
    let (repo, out) = (p.path().to_str().unwrap(), home.join(name));
    let args = ["--repo", repo, "build", "--out", out.to_str().unwrap(), "--trust", trust.to_str().unwrap()];
    let run = jiedu(home, &args, b"");
    assert!(run.code < 2, "{}", run.err);
    out
}

#[test]
fn both_accept_the_demonstration_and_refuse_every_tampered_copy_alike() {
    if can_run() {
        tamper(10, 11);
    }
}

#[test]
#[ignore = "takes minutes; run by .ci/long"]
fn both_refuse_some_hundred_tampered_copies_alike() {
    if can_run() {
        tamper(300, 12);
    }
}

/// Tampers with documents of the demonstration, one at a time.
fn tamper(cases: usize, seed: u64) {
    let home = tempfile::tempdir().unwrap();
    let options = DemoOptions { seed: Some([5; 32]), ..DemoOptions::default() };
    let made = demo(&home.path().join("demo"), options).unwrap();
    let repo = made.repository.to_str().unwrap().to_owned();
    let site = home.path().join("public");
    let mut args = vec!["--repo", &repo, "build", "--out", "public", "--trust"];
    let trust = made.trust.clone();
    args.push(trust.to_str().unwrap());
    let run = jiedu(home.path(), &args, b"");
    assert!(run.code < 2, "{}", run.err);
    agree("the demonstration", &site, &trust);
    let documents = site.join(".well-known/jiedu");
    let mut names: Vec<PathBuf> = crate::damage::files(&documents).into_keys().collect();
    names.push(PathBuf::from("../../index.html"));
    let mut dice = Dice(seed);
    for case in 0..cases {
        let copied = home.path().join("tampered");
        let _ = fs::remove_dir_all(&copied);
        copy(&site, &copied);
        let path = copied.join(".well-known/jiedu").join(&names[dice.roll(names.len())]);
        let mut bytes = fs::read(&path).unwrap();
        let at = dice.roll(bytes.len());
        match case % 4 {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << dice.roll(8),
            1 => bytes.truncate(at),
            2 => bytes.extend_from_slice(b"\n"),
            _ => bytes.clear(),
        }
        if case % 5 == 4 {
            fs::remove_file(&path).unwrap();
        } else {
            fs::write(&path, bytes).unwrap();
        }
        let ok = agree(&format!("case {case}: {}", path.display()), &copied, &trust);
        assert!(!ok, "case {case}: {}", path.display());
    }
}

/// Changes to a site whose signature nobody checks: whoever owns the server can
/// write a manifest and a release of his own.
#[test]
fn both_refuse_a_release_that_its_evidence_does_not_carry() {
    if !can_run() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let mut p = project();
    p.set("2025/a").set("2025/b");
    p.edit("content/policies/2025/b/policy.md", "14号", "15号");
    p.commit("draft").approve("site").approve("2025/a").approve("2025/b");
    let site = build(&p, home.path(), "whole");
    let trust = trust_of(&p, home.path());
    assert!(agree("whole", &site, &trust));
    let statements = ".well-known/jiedu/evidence/statements";
    let mut names: Vec<_> =
        fs::read_dir(site.join(statements)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    // A statement is left out, and manifest, ledger and release are made anew.
    for (index, name) in names.iter().enumerate().step_by(6) {
        let copied = home.path().join(format!("without{index}"));
        copy(&site, &copied);
        fs::remove_file(copied.join(statements).join(name)).unwrap();
        reseal(&copied);
        assert!(!agree(&format!("without {}", name.display()), &copied, &trust), "{}", name.display());
    }
    for (from, to) in [
        ("\"revision\":1", "\"revision\":2"),
        ("\"number\":1", "\"number\":0"),
        ("\"important\":false", "\"important\":true"),
        ("\"sequence\":1", "\"sequence\":0"),
        ("\"atGiven\":false", "\"atGiven\":true"),
        ("2025/a", "2025/c"),
        (
            "\"withdrawn\":[]",
            "\"withdrawn\":[{\"id\":\"2025/a\",\"statement\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"}]",
        ),
    ] {
        let copied = home.path().join("changed");
        let _ = fs::remove_dir_all(&copied);
        copy(&site, &copied);
        let path = copied.join(".well-known/jiedu/release.json");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        agree(&format!("{from} → {to}"), &copied, &trust);
    }
    let other = home.path().join("other.toml");
    for anchor in [
        "min_roster = 2",
        "min_release = 7",
        "min_release = 1\nmin_release_digest = \"sha256:0000000000000000000000000000000000000000000000000000000000000000\"",
    ] {
        fs::write(&other, format!("site = \"{}\"\n{anchor}\n", p.anchor().site)).unwrap();
        assert!(!agree(anchor, &site, &other));
    }
}

/// Writes manifest, ledger and release for the files as they are.
fn reseal(site: &Path) {
    let hex = |bytes: &[u8]| jiedu::name::Digest::of(bytes).hex();
    let documents = site.join(".well-known/jiedu");
    let ledger = documents.join("evidence/ledger.txt");
    let mut ids: Vec<String> = fs::read_dir(documents.join("evidence/statements"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| format!("sha256:{}", name.strip_suffix(".commit").unwrap()))
        .collect();
    ids.sort();
    fs::write(&ledger, format!("jiedu-ledger/1\n{}\n", ids.join("\n"))).unwrap();
    let mut manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(documents.join("manifest.json")).unwrap()).unwrap();
    let mut listed = serde_json::Map::new();
    for (path, bytes) in crate::damage::files(site) {
        let path = path.to_str().unwrap().to_owned();
        if !["manifest.json", "release.json", "release.sshsig"]
            .iter()
            .any(|name| path == format!(".well-known/jiedu/{name}"))
        {
            listed.insert(path, serde_json::json!({"sha256": hex(&bytes), "size": bytes.len()}));
        }
    }
    manifest["files"] = listed.into();
    let manifest = serde_json::to_vec(&manifest).unwrap();
    fs::write(documents.join("manifest.json"), &manifest).unwrap();
    let release = documents.join("release.json");
    let mut value: serde_json::Value = serde_json::from_slice(&fs::read(&release).unwrap()).unwrap();
    value["subject"][0]["digest"]["sha256"] = hex(&manifest).into();
    value["predicate"]["ledger"] = format!("sha256:{}", hex(&fs::read(&ledger).unwrap())).into();
    fs::write(release, serde_json::to_vec(&value).unwrap()).unwrap();
}

/// Rows of the attack table that end in a site: both judge it alike.
#[test]
fn both_judge_histories_of_the_attack_table_alike() {
    if !can_run() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let mut sites: Vec<(&str, Project)> = Vec::new();
    let base = || {
        let mut p = project();
        p.set("2025/a").commit("draft").approve("site").approve("2025/a");
        p
    };
    let mut p = base();
    p.edit("content/policies/2025/a/policy.md", "便民利民", "便民惠民").commit("next").approve("2025/a");
    sites.push(("two editions", p));
    let mut p = base();
    let mut withdrawal = p.draft("2025/a", "final");
    withdrawal.kind = jiedu::approve::statement::Kind::Withdraw;
    "withdraw".clone_into(&mut withdrawal.step);
    p.sign(&withdrawal);
    sites.push(("withdrawn", p));
    let mut p = base();
    p.edit("content/policies/2025/a/policy.md", "便民利民", "便民惠民").commit("next").submit("2025/a");
    let mut rejection = p.draft("2025/a", "secrecy");
    "secrecy-review".clone_into(&mut rejection.step);
    rejection.decision = Decision::Reject;
    p.sign(&rejection);
    sites.push(("rejected", p));
    let mut p = base();
    let forged = p.draft("2025/a", "second");
    let raw = p.signed(&forged, &key("writer"));
    p.raw_commit(&raw);
    sites.push(("signed with another's key", p));
    let mut p = base();
    p.next_roster(|text| text.replace("科员", "副科长")).agree("root");
    sites.push(("a second roster", p));
    for (index, (what, p)) in sites.iter().enumerate() {
        let folder = home.path().join(index.to_string());
        fs::create_dir(&folder).unwrap();
        let site = build(p, &folder, "site");
        assert!(agree(what, &site, &folder.join("trust.toml")), "{what}");
    }
}

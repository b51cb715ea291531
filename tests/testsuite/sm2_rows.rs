//! A reviewer with an SM2 key: git's `gpg.format = x509` with a signing program
//! of a page, from `jiedu approve` to the verified site.
//!
//! Skipped, with a message, where a program is absent.

use std::fs;
use std::path::Path;
use std::process::Command;

use git2::Oid;

use crate::program::jiedu;
use crate::project::{Project, STRICT, key, roster};
use crate::second_opinion::office::{finish, git, have};

const SET: &str = "2025/a";
/// Who has the token, and for which step.
const STEP: (&str, &str) = ("first-review", "first");

fn openssl(folder: &Path, args: &[&str]) -> Option<Vec<u8>> {
    let run = Command::new("openssl").current_dir(folder).args(args).output().ok()?;
    run.status.success().then_some(run.stdout)
}

/// A fresh key; none where openssl has no SM2.
fn public(home: &Path) -> Option<String> {
    openssl(home, &["ecparam", "-genkey", "-name", "SM2", "-noout", "-out", "key.pem"])?;
    String::from_utf8(openssl(home, &["pkey", "-in", "key.pem", "-pubout"])?).ok()
}

/// The roster with the reviewer's key replaced.
fn with_token(public: &str) -> String {
    let ssh = key(STEP.1).public_key().to_openssh().unwrap();
    let listed = format!("kind = \"ssh\"\npublic = \"{}\"", ssh.trim_end());
    let text = roster();
    assert!(text.contains(&listed));
    text.replace(&listed, &format!("kind = \"x509-sm2\"\npublic = \"\"\"\n{public}\"\"\""))
}

#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says why")]
fn a_reviewer_signs_with_a_chinese_token() {
    let home = tempfile::tempdir().unwrap();
    if !have(&[("git", "--version"), ("bash", "--version"), ("openssl", "version")]) {
        return;
    }
    let Some(public) = public(home.path()) else {
        eprintln!("skipped: needs an openssl with SM2");
        return;
    };
    let mut p = Project::with_roster(&with_token(&public));
    p.set(SET).commit("draft").approve("site").submit(SET);
    p.step(SET, STRICT[0].0, STRICT[0].1).checkout();
    let (out, trust) = (home.path().join("site"), home.path().join("trust.toml"));
    fs::write(&trust, format!("site = \"{}\"\n", p.anchor().site)).unwrap();
    let (out, trust) = (out.to_str().unwrap(), trust.to_str().unwrap());

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/approve/signature/sm2-sign.sh");
    let program = home.path().join("program");
    let secret = home.path().join("key.pem");
    let text =
        format!("#!/bin/bash\nSM2_KEY='{}' exec bash '{}' \"$@\"\n", secret.display(), script.display());
    fs::write(&program, text).unwrap();
    assert!(Command::new("chmod").arg("+x").arg(&program).status().unwrap().success());
    let set = |name: &str, value: &str| {
        finish(git(p.path()).args(["config", name, value]), b"").unwrap();
    };
    set("gpg.format", "x509");
    set("gpg.x509.program", program.to_str().unwrap());
    set("user.signingkey", "li.si");
    finish(git(p.path()).args(["read-tree", "HEAD"]), b"").unwrap();
    let approve = ["approve", SET, "--step", STEP.0];
    jiedu(p.path(), &approve, b"").expect(2, &["sha256sum"]);
    let der = openssl(home.path(), &["pkey", "-in", "key.pem", "-pubout", "-outform", "DER"]).unwrap();
    let hex = jiedu::name::Digest::of(&der).hex();
    set("user.signingkey", &hex);
    let listed = jiedu(p.path(), &["roster", "show"], b"").expect(0, &[]);
    assert!(listed.out.contains(&hex) || listed.err.contains(&hex), "{listed:?}");
    jiedu(p.path(), &approve, b"").expect(0, &[]);

    let mut draft = p.draft(SET, STEP.1);
    STEP.0.clone_into(&mut draft.step);
    let tip = fs::read_to_string(p.path().join(".git/refs/heads/main")).unwrap();
    let tip = Oid::from_str(tip.trim()).unwrap();
    assert!(String::from_utf8_lossy(&p.raw(tip)).contains("\ngpgsig -----BEGIN SIGNED MESSAGE-----\n"));
    p.adopt(&draft, tip);
    for (step, signer) in &STRICT[2..] {
        p.step(SET, step, signer);
    }
    jiedu(p.path(), &["build", "--out", out, "--trust", trust], b"").expect(0, &[]);
    assert!(Path::new(out).join("policies/2025/a/index.html").is_file());
    jiedu(p.path(), &["verify", out, "--trust", trust, "--repo", "."], b"").expect(0, &[]);

    // One changed bit of what was signed, and it counts no more.
    let raw = String::from_utf8(p.raw(tip)).unwrap().replace("职员first <", "职员First <");
    let evil = p.raw_commit(raw.as_bytes());
    p.adopt(&draft, evil);
    for (step, signer) in &STRICT[2..] {
        p.step(SET, step, signer);
    }
    jiedu(p.path(), &["check", "--rev", "HEAD", "--trust", trust], b"").expect(1, &["SIG_BAD"]);
}

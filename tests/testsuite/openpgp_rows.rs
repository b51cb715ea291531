//! Rows 51–53 of the attack table with the real gpg: signatures that gpg, or
//! libraries, would take.
//!
//! Skipped, with a message, where a program is absent.

use git2::ObjectType;
use jiedu::approve::statement::{Kind, message};
use jiedu::approve::{SetState, StepState};
use jiedu::name::{Digest, SetId};
use jiedu::pipeline::{ReadOptions, Revision};

use crate::project::ident;
use crate::second_opinion::office::{Means, Office, SET, finish, have, staff};

fn have_all() -> bool {
    have(&[("git", "--version"), ("ssh-keygen", "-?"), ("gpg", "--version"), ("gpgconf", "--version")])
}

/// A chain whose submission is signed as `sign` says, over its payload; the
/// code under which it is refused.
fn submitted(office: &mut Office, sign: impl Fn(&Office, &str, &[u8]) -> String) -> Option<&'static str> {
    let (_, writer) = staff()[0];
    let mut draft = office.project.draft(SET, writer);
    draft.kind = Kind::Submit;
    "submit".clone_into(&mut draft.step);
    draft.authors = vec![draft.signer.clone()];
    draft.site = Digest::of(office.roster.as_bytes());
    draft.roster = (1, draft.site);
    let tip = office.project.head();
    let raw = String::from_utf8(office.project.raw(tip)).unwrap();
    let who = ident(writer, office.project.now);
    let head = format!("{}\nparent {tip}\nauthor {who}\ncommitter {who}\n", raw.lines().next().unwrap());
    let body = format!("\n{}", message(&draft));
    let armour = sign(office, office.secret(writer), format!("{head}{body}").as_bytes());
    let commit = format!("{head}gpgsig {}\n{body}", armour.trim_end().replace('\n', "\n "));
    let id = office.project.write(ObjectType::Commit, commit.as_bytes());
    office.project.reset(id);
    let anchor = office.anchor();
    let options =
        ReadOptions { revision: "HEAD", time: office.project.time(), anchor: Some(&anchor), drafting: false };
    let read = Revision::read(&office.project.open(), options).unwrap();
    office.project.reset(tip);
    let set = read.set(&SetId::parse(SET).unwrap()).unwrap();
    assert_eq!(set.state, SetState::Blocked);
    let step = &set.steps[0];
    step.reason.filter(|_| step.state != StepState::Done)
}

fn detached(office: &Office, key: &str, more: &[&str], bytes: &[u8]) -> String {
    let key = format!("{key}!");
    let fixed = ["--armor", "--pinentry-mode", "loopback", "--passphrase", "", "--local-user", &key];
    office.gpg(&[&fixed[..], more, &["--detach-sign"]].concat(), bytes)
}

/// The packets of several armours in one.
fn joined(office: &Office, parts: &[Vec<u8>]) -> String {
    let file = office.home.path().join("packets");
    std::fs::write(&file, parts.concat()).unwrap();
    let armour = office.gpg(&["--enarmor", "--output", "-", file.to_str().unwrap()], b"");
    let body: Vec<&str> = armour.lines().filter(|line| !line.starts_with("Comment:")).collect();
    body.join("\n").replace("PGP ARMORED FILE", "PGP SIGNATURE")
}

fn packets(office: &Office, armour: &str) -> Vec<u8> {
    let file = office.home.path().join("armour");
    std::fs::write(&file, armour).unwrap();
    let mut gpg = std::process::Command::new("gpg");
    let run = gpg.env("GNUPGHOME", office.home.path()).args(["--batch", "--quiet", "--dearmor"]).arg(&file);
    let _ = std::fs::remove_file(file.with_extension("gpg"));
    finish(run, b"").unwrap();
    std::fs::read(file.with_extension("gpg")).unwrap()
}

#[test]
fn rows_51_and_52_signatures_that_gpg_or_libraries_would_take() {
    if !have_all() {
        return;
    }
    let mut office = Office::found(|_| Means::OpenPgp("rsa3072"));
    let with = |more: &'static [&'static str]| {
        move |office: &Office, key: &str, bytes: &[u8]| detached(office, key, more, bytes)
    };
    assert_eq!(submitted(&mut office, with(&[])), None, "sound but for the attack");
    assert_eq!(submitted(&mut office, with(&["--digest-algo", "SHA1"])), Some("SIG_ALGORITHM"));
    assert_eq!(submitted(&mut office, with(&["--textmode"])), Some("SIG_MALFORMED"));
    let notation = with(&["--sig-notation", "!x@office.example=y"]);
    assert_eq!(submitted(&mut office, notation), Some("SIG_MALFORMED"));
    for with_bad in [false, true] {
        let twice = |office: &Office, key: &str, bytes: &[u8]| {
            let good = packets(office, &detached(office, key, &[], bytes));
            let other = packets(office, &detached(office, key, &[], if with_bad { b"x" } else { bytes }));
            joined(office, &[good, other])
        };
        assert_eq!(submitted(&mut office, twice), Some("SIG_MULTIPLE"));
    }
    let trailing = |office: &Office, key: &str, bytes: &[u8]| {
        let good = packets(office, &detached(office, key, &[], bytes));
        let certificate = packets(office, &office.gpg(&["--armor", "--export", key], b""));
        joined(office, &[good, certificate])
    };
    assert_eq!(submitted(&mut office, trailing), Some("SIG_MALFORMED"));
    let other = |office: &Office, key: &str, _: &[u8]| detached(office, key, &[], b"another text");
    assert_eq!(submitted(&mut office, other), Some("SIG_BAD"));
}

#[test]
fn row_53_a_signing_subkey_that_the_roster_does_not_list() {
    if !have_all() {
        return;
    }
    let mut office = Office::found(|_| Means::OpenPgp("ed25519"));
    let writer = office.secret(staff()[0].1).to_owned();
    let unlocked = ["--pinentry-mode", "loopback", "--passphrase", ""];
    let add = ["--quick-add-key", &writer, "ed25519", "sign", "never"];
    office.gpg(&[&unlocked[..], &add].concat(), b"");
    let listed = office.gpg(&["--with-colons", "--list-keys", &writer], b"");
    let prints: Vec<&str> =
        listed.lines().filter_map(|line| line.strip_prefix("fpr:")?.split(':').nth(8)).collect();
    let subkey = (*prints.last().unwrap()).to_owned();
    assert_ne!(subkey, writer);
    let by = |key: String| move |office: &Office, _: &str, bytes: &[u8]| detached(office, &key, &[], bytes);
    assert_eq!(submitted(&mut office, by(writer)), None);
    assert_eq!(submitted(&mut office, by(subkey)), Some("KEY_UNKNOWN"));
}

//! Our *accept* implies that stock git and ssh-keygen accept: the exported
//! `allowed_signers`, chains made with the real git by keys of every kind, and
//! generated mutations (`approvals.md` §8 row 1 and its differential property).
//! gix, which shares no code with our parser, sees the same payload.
//!
//! Skipped, with a message, where one of the programs is absent.

mod mutate;
pub mod office;

use std::fs;
use std::process::Command;

use git2::Oid;
use jiedu::approve::signature::verify_ssh;
use jiedu::approve::statement::payload;
use jiedu::approve::{SetState, TrustAnchor};
use jiedu::name::SetId;
use jiedu::pipeline::{ReadOptions, Revision};
use jiedu::text::SourceFile;
use jiedu::workspace::{DemoOptions, demo};

use self::mutate::mutate;
use self::office::{Means, Office, SET, finish, git, have, have_git_and_ssh};
use crate::program::jiedu;
use crate::published::release;

#[test]
fn stock_git_and_ssh_keygen_accept_the_whole_demonstration() {
    if !have_git_and_ssh() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let made = demo(&home.path().join("demo"), DemoOptions { seed: Some([9; 32]), ..DemoOptions::default() })
        .unwrap();
    let trust = fs::read_to_string(&made.trust).unwrap();
    let anchor = TrustAnchor::parse(&SourceFile::new("trust.toml", &trust)).unwrap();
    release(&made, &anchor, &made.public, None, 2);
    let exported = jiedu(&made.repository, &["roster", "show", "--allowed-signers"], b"").expect(0, &[]).out;
    let signers = home.path().join("allowed_signers");
    fs::write(&signers, &exported).unwrap();

    let grep = ["log", "--format=%H", "--grep=^Approval-Statement: "];
    let found = finish(git(&made.repository).args(grep), b"").unwrap();
    let statements: Vec<&str> = found.lines().collect();
    assert!(statements.len() > 20, "{found}");
    let setting = format!("gpg.ssh.allowedSignersFile={}", signers.display());
    finish(git(&made.repository).args(["-c", &setting, "verify-commit"]).args(&statements), b"").unwrap();

    let known = made.public.join(".well-known/jiedu");
    let document = fs::read(known.join("release.json")).unwrap();
    let signature = known.join("release.sshsig");
    let keygen = |verb: &str, rest: &[&str], input: &[u8]| {
        let mut command = Command::new("ssh-keygen");
        finish(command.args(["-Y", verb, "-f"]).arg(&signers).arg("-s").arg(&signature).args(rest), input)
    };
    let principals = keygen("find-principals", &[], b"").unwrap();
    let principal = principals.lines().next().unwrap();
    let verify = |namespace: &str, input: &[u8]| keygen("verify", &["-I", principal, "-n", namespace], input);
    verify("jiedu-release@1", &document).unwrap();
    assert!(verify("git", &document).is_err(), "another purpose");
    assert!(verify("jiedu-release@1", b"{}").is_err(), "other bytes");
}

#[test]
fn an_rsa_key_beyond_4096_bits_fails_closed() {
    if !have_git_and_ssh() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("key");
    let keygen = |args: &[&str], input: &[u8]| {
        finish(Command::new("ssh-keygen").args(args).arg("-f").arg(&file), input).unwrap()
    };
    for (bits, accepted) in [("4096", true), ("4224", false)] {
        let _ = fs::remove_file(&file);
        keygen(&["-q", "-t", "rsa", "-b", bits, "-N", "", "-C", ""], b"");
        let public = fs::read_to_string(file.with_extension("pub")).unwrap();
        let armour = keygen(&["-Y", "sign", "-q", "-n", "git"], b"text");
        let verdict = verify_ssh("git", b"text", &armour, public.trim_end());
        assert_eq!(verdict.is_ok(), accepted, "{bits} bits: {verdict:?}");
    }
}

/// The payload as gix sees it, when it finds one signature.
fn gix_payload(raw: &[u8]) -> Option<Vec<u8>> {
    let found = gix_object::CommitRefIter::signature(raw, gix_hash::Kind::Sha1).ok()?;
    found.map(|(_, payload)| payload.to_bstring().into())
}

/// A chain made by the real git clears the set, and git agrees with every link.
#[track_caller]
fn clears(office: &mut Office) -> Vec<Oid> {
    let commits = office.chain();
    let anchor = office.anchor();
    let options =
        ReadOptions { revision: "HEAD", time: office.project.time(), anchor: Some(&anchor), drafting: false };
    let read = Revision::read(&office.project.open(), options).unwrap();
    let set = read.set(&SetId::parse(SET).unwrap()).unwrap();
    assert_eq!((set.state, set.reason), (SetState::Cleared, None), "{:?}", read.statement_findings);
    let signers = office.allowed_signers();
    for commit in &commits {
        office.git_accepts(&commit.to_string(), &signers).unwrap();
        let raw = office.project.raw(*commit);
        assert_eq!(gix_payload(&raw), Some(payload(&raw)));
    }
    commits
}

#[cfg(feature = "openpgp")]
fn have_all() -> bool {
    have(&[("git", "--version"), ("ssh-keygen", "-?"), ("gpg", "--version"), ("gpgconf", "--version")])
}

#[cfg(feature = "openpgp")]
#[test]
fn row_1_a_chain_of_openpgp_keys_clears() {
    if have_all() {
        clears(&mut Office::found(|_| Means::OpenPgp("ed25519")));
    }
}

#[cfg(feature = "openpgp")]
#[test]
fn row_1_a_mixed_chain_clears_and_no_mutation_is_ours_alone() {
    if !have_all() {
        return;
    }
    let mut office = Office::found(|at| if at % 2 == 0 { Means::Ssh } else { Means::OpenPgp("ed25519") });
    let commits = clears(&mut office);
    let signers = office.allowed_signers();
    for (name, commit) in [("SSH", commits[0]), ("OpenPGP", commits[1])] {
        let raw = office.project.raw(commit);
        assert!(office.we_accept(&raw), "{name} as made by git");
        let (mut changed, mut accepted) = (0, 0);
        for seed in 0..700 {
            let mutant = mutate(&raw, seed);
            if mutant == raw {
                continue;
            }
            changed += 1;
            if !office.we_accept(&mutant) {
                continue;
            }
            accepted += 1;
            assert_eq!(gix_payload(&mutant), Some(payload(&mutant)), "{name}, seed {seed}");
            let write = ["hash-object", "-t", "commit", "-w", "--stdin"];
            let id = finish(office.git().args(write), &mutant).unwrap();
            let verdict = office.git_accepts(id.trim(), &signers);
            assert!(
                verdict.is_ok(),
                "{name}, seed {seed}: {verdict:?}\n{}",
                String::from_utf8_lossy(&mutant)
            );
        }
        assert!(changed > 500 && accepted > 3, "{name}: {accepted} of {changed} changed forms were accepted");
    }
}

#[cfg(feature = "openpgp")]
#[test]
fn every_kind_of_key_that_can_be_made_here_is_accepted_by_both() {
    const SSH: [Means; 8] = [
        Means::Keygen("ed25519", "256"),
        Means::Keygen("ecdsa", "256"),
        Means::Keygen("ecdsa", "384"),
        Means::Keygen("ecdsa", "521"),
        Means::Keygen("rsa", "2048"),
        Means::Keygen("rsa", "3072"),
        Means::Keygen("rsa", "4096"),
        Means::Ssh,
    ];
    const OPENPGP: [Means; 4] = [
        Means::OpenPgp("ed25519"),
        Means::OpenPgp("rsa3072"),
        Means::OpenPgp("nistp256"),
        Means::OpenPgp("nistp384"),
    ];
    if !have_all() {
        return;
    }
    clears(&mut Office::found(|at| SSH[at % SSH.len()]));
    clears(&mut Office::found(|at| OPENPGP[at % OPENPGP.len()]));
}

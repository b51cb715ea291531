//! Our *accept* implies that stock git and ssh-keygen accept: the exported
//! `allowed_signers`, chains made with the real gpg, and generated mutations
//! (`approvals.md` §8 row 1 and its differential property).
//!
//! Skipped, with a message, where one of the programs is absent.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use git2::Oid;
use jiedu::approve::roster::allowed_signers;
use jiedu::approve::signature::verify_ssh;
use jiedu::approve::statement::{Kind, Looks, Statement, looks, message, statement_id};
use jiedu::approve::{
    Anchor, Approvals, Carrier, NothingReachable, ReadInput, SetState, StatementSource, TrustAnchor,
    read_rosters,
};
use jiedu::clock::Clock;
use jiedu::name::{Digest, SetId};
use jiedu::pipeline::{ReadOptions, Revision};
use jiedu::text::SourceFile;
use jiedu::workspace::{DemoOptions, demo};
use ssh_key::LineEnding;

use crate::program::jiedu;
use crate::project::{Project, STRICT, key, person, project};
use crate::published::release;

const SET: &str = "2025/a";

/// Whether all programs can be started; says so when not.
#[allow(clippy::print_stderr, reason = "a skipped test says why")]
fn have(programs: &[(&str, &str)]) -> bool {
    let missing = programs.iter().find(|(program, flag)| Command::new(program).arg(flag).output().is_err());
    if let Some((program, _)) = missing {
        eprintln!("skipped: needs {program}");
    }
    missing.is_none()
}

fn have_git_and_ssh() -> bool {
    have(&[("git", "--version"), ("ssh-keygen", "-?")])
}

/// Git without the settings of this machine.
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command
}

/// Runs a command to its end; its standard output when it succeeds.
fn finish(command: &mut Command, input: &[u8]) -> Result<String, String> {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that does not read its input closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

#[test]
fn stock_git_and_ssh_keygen_accept_the_whole_demonstration() {
    if !have_git_and_ssh() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let made = demo(&home.path().join("demo"), DemoOptions { seed: Some([9; 32]) }).unwrap();
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

/// How a person signs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Means {
    Ssh,
    OpenPgp,
}

/// A project whose staff sign with the real git, by OpenPGP or SSH keys.
struct Office {
    project: Project,
    roster: String,
    /// A short path: the agent's socket lies in it.
    home: tempfile::TempDir,
    means: BTreeMap<String, (Means, String)>,
}

impl Drop for Office {
    fn drop(&mut self) {
        // Ends the agent of this home only.
        let _ =
            Command::new("gpgconf").env("GNUPGHOME", self.home.path()).args(["--kill", "gpg-agent"]).output();
    }
}

fn staff() -> Vec<(&'static str, &'static str)> {
    [("submit", "writer")].into_iter().chain(STRICT).collect()
}

impl Office {
    /// Keys and a roster; `means` says how the n-th of the staff signs.
    fn found(means: impl Fn(usize) -> Means) -> Self {
        let home = tempfile::Builder::new().prefix("jg").rand_bytes(4).tempdir_in("/tmp").unwrap();
        let mut office = Self { project: project(), roster: String::new(), home, means: BTreeMap::new() };
        let mut text =
            String::from("version = 1\nprevious = \"none\"\n\n[root]\nmembers = [\"root\"]\nthreshold = 1\n");
        for (at, (step, id)) in staff().into_iter().enumerate() {
            let (entry, secret) = match means(at) {
                Means::Ssh => office.ssh_key(id, "review"),
                Means::OpenPgp => office.openpgp_key(id),
            };
            text.push_str(&member(id, &format!("{{ step = \"{step}\" }}"), &entry));
            office.means.insert(id.to_owned(), (means(at), secret));
        }
        let (entry, _) = office.ssh_key("root", "root");
        text.push_str(&member("root", "", &entry));
        office.project.file("roster/1.toml", &text);
        office.roster = text;
        office.project.set(SET).commit("draft");
        finish(office.git().args(["read-tree", "HEAD"]), b"").unwrap();
        office
    }

    fn ssh_key(&self, id: &str, usage: &str) -> (String, String) {
        let key = key(id);
        let file = self.home.path().join(id);
        key.write_openssh_file(&file, LineEnding::LF).unwrap();
        let public = key.public_key().to_openssh().unwrap();
        let entry = format!("kind = \"ssh\"\npublic = \"{}\"\nuse = [\"{usage}\"]\n", public.trim_end());
        (entry, file.to_str().unwrap().to_owned())
    }

    fn openpgp_key(&self, id: &str) -> (String, String) {
        let name = format!("{id} <{id}@office.example>");
        let unlocked = ["--pinentry-mode", "loopback", "--passphrase", ""];
        self.gpg(
            &[&unlocked[..], &["--quick-generate-key", &name, "ed25519", "sign", "never"]].concat(),
            b"",
        );
        let listed = self.gpg(&["--with-colons", "--list-keys", &name], b"");
        let line = listed.lines().find(|line| line.starts_with("fpr:")).unwrap();
        let fingerprint = line.split(':').nth(9).unwrap().to_owned();
        let certificate = self.gpg(&["--armor", "--export", &fingerprint], b"");
        let entry = format!(
            "kind = \"openpgp\"\nfingerprint = \"{}\"\npublic = '''\n{certificate}'''\nuse = [\"review\"]\n",
            fingerprint.to_lowercase()
        );
        (entry, fingerprint)
    }

    fn gpg(&self, args: &[&str], input: &[u8]) -> String {
        let mut gpg = Command::new("gpg");
        finish(gpg.env("GNUPGHOME", self.home.path()).args(["--batch", "--quiet", "--yes"]).args(args), input)
            .unwrap()
    }

    fn git(&self) -> Command {
        let mut git = git(self.project.path());
        git.env("GNUPGHOME", self.home.path());
        git
    }

    /// Has the real git commit and sign a statement, and takes it over.
    fn sign(&mut self, draft: &Statement) -> Oid {
        let id = draft.signer.as_str().to_owned();
        let (means, secret) = &self.means[&id];
        let format = if *means == Means::Ssh { "gpg.format=ssh" } else { "gpg.format=openpgp" };
        self.project.now += 60;
        let (date, mail) = (format!("{} +0800", self.project.now), format!("{id}@office.example"));
        let mut git = self.git();
        for role in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{role}_NAME"), &id).env(format!("GIT_{role}_EMAIL"), &mail);
            git.env(format!("GIT_{role}_DATE"), &date);
        }
        let key = format!("user.signingkey={secret}");
        git.args([
            "-c",
            format,
            "-c",
            &key,
            "commit",
            "--quiet",
            "--allow-empty",
            "-S",
            "--cleanup=verbatim",
            "-F",
            "-",
        ]);
        finish(&mut git, message(draft).as_bytes()).unwrap();
        let head = finish(self.git().args(["rev-parse", "HEAD"]), b"").unwrap();
        let commit = Oid::from_str(head.trim()).unwrap();
        self.project.adopt(draft, commit);
        commit
    }

    /// The whole chain of `strict`.
    fn chain(&mut self) -> Vec<Oid> {
        let mut commits = Vec::new();
        for (step, signer) in staff() {
            let mut draft = self.project.draft(SET, signer);
            step.clone_into(&mut draft.step);
            draft.site = Digest::of(self.roster.as_bytes());
            draft.roster = (1, draft.site);
            if step == "submit" {
                draft.kind = Kind::Submit;
                draft.authors = vec![person(signer)];
            }
            commits.push(self.sign(&draft));
        }
        commits
    }

    fn anchor(&self) -> TrustAnchor {
        TrustAnchor::first(Digest::of(self.roster.as_bytes()))
    }

    fn files(&self) -> BTreeMap<String, Arc<[u8]>> {
        BTreeMap::from([("1.toml".to_owned(), Arc::from(self.roster.as_bytes()))])
    }

    fn allowed_signers(&self) -> PathBuf {
        let rosters = read_rosters(&self.files()).unwrap();
        let path = self.home.path().join("allowed_signers");
        fs::write(&path, allowed_signers(&rosters[0])).unwrap();
        path
    }

    /// What stock git says of a commit.
    fn git_accepts(&self, commit: &str, signers: &Path) -> Result<String, String> {
        let setting = format!("gpg.ssh.allowedSignersFile={}", signers.display());
        finish(self.git().args(["-c", &setting, "verify-commit", commit]), b"")
    }

    /// Whether we accept raw bytes as a statement, collected as a file.
    fn we_accept(&self, raw: &[u8]) -> bool {
        if looks(raw) != Looks::Candidate {
            return false;
        }
        let carrier = Carrier::File(format!("{}.commit", statement_id(raw).hex()));
        let anchor = Anchor::Trusted(self.anchor());
        let input = ReadInput {
            roster: &self.files(),
            statements: &[StatementSource { bytes: raw.into(), carrier }],
            anchor: &anchor,
            at: Clock::from_unix(self.project.now),
            at_given: false,
            current: &BTreeMap::new(),
            tree: &NothingReachable,
        };
        let read = Approvals::read(&input).unwrap().value;
        read.known().iter().any(|known| known.refused.is_none())
    }
}

fn member(id: &str, roles: &str, key: &str) -> String {
    format!(
        "\n[[person]]\nid = \"{id}\"\nname = \"{id}\"\npost = \"科员\"\nemails = [\"{id}@office.example\"]\nroles = [{roles}]\n\
         \n[[key]]\nperson = \"{id}\"\n{key}"
    )
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
        clears(&mut Office::found(|_| Means::OpenPgp));
    }
}

#[cfg(feature = "openpgp")]
#[test]
fn row_1_a_mixed_chain_clears_and_no_mutation_is_ours_alone() {
    if !have_all() {
        return;
    }
    let mut office = Office::found(|at| if at % 2 == 0 { Means::Ssh } else { Means::OpenPgp });
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

/// A small generator: the same seed, the same choices.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }
}

/// The parts of a signed commit: headers before the signature, the armour
/// unfolded, and the rest from the empty line on.
fn parts(raw: &[u8]) -> (String, String, String) {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    let at = text.find("gpgsig ").unwrap();
    let end = at + text[at..].find("\n\n").unwrap();
    (text[..at].to_owned(), text[at + 7..end].replace("\n ", "\n"), text[end + 1..].to_owned())
}

fn joined(head: &str, armour: &str, rest: &str) -> Vec<u8> {
    format!("{head}gpgsig {}\n{rest}", armour.trim_end_matches('\n').replace('\n', "\n ")).into_bytes()
}

/// Changes a signed commit in one of the ways that readers differ over.
fn mutate(raw: &[u8], seed: u64) -> Vec<u8> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    for _ in 0..4 {
        dice.roll(2);
    }
    let (head, armour, rest) = parts(raw);
    match dice.roll(8) {
        0 => {
            let mut bytes = raw.to_vec();
            let at = dice.roll(bytes.len());
            bytes[at] ^= 1 << dice.roll(8);
            bytes
        }
        1 => {
            let extra = dice.pick(&[
                "encoding GBK\n",
                "gpgsig x\n",
                "foo bar\n",
                " more\n",
                "mergetag x\n",
                "gpgsig-sha256 x\n",
                "\n",
            ]);
            let place = dice.roll(3);
            match place {
                0 => joined(&format!("{head}{extra}"), &armour, &rest),
                1 => joined(&head, &armour, &format!("{extra}{rest}")),
                _ => joined(&format!("{extra}{head}"), &armour, &rest),
            }
        }
        2 => {
            let mut lines: Vec<&str> = std::str::from_utf8(raw).unwrap().split('\n').collect();
            let (a, b) = (dice.roll(lines.len()), dice.roll(lines.len()));
            match dice.roll(3) {
                0 => lines.swap(a, b),
                1 => drop(lines.remove(a)),
                _ => lines.insert(b, lines[a]),
            }
            lines.join("\n").into_bytes()
        }
        3 => {
            joined(&head, &format!("{armour}{}", dice.pick(&["\n\n", "\nx", "\r", " ", "\n-----END"])), &rest)
        }
        _ => joined(&head, &rearmoured(&armour, &mut dice), &rest),
    }
}

/// The same or a slightly other signature in another armour.
fn rearmoured(armour: &str, dice: &mut Dice) -> String {
    use base64ct::{Base64, Encoding as _};
    let mut lines: Vec<&str> = armour.trim_end().split('\n').collect();
    let (begin, end) = (lines.remove(0), lines.pop().unwrap());
    let is_pgp = begin.contains("PGP");
    let (headers, data) = if is_pgp {
        let blank = lines.iter().position(|line| line.is_empty()).unwrap();
        (lines[..=blank].to_vec(), lines[blank + 1..].to_vec())
    } else {
        (Vec::new(), lines)
    };
    let (data, checksum) = match data.split_last() {
        Some((last, before)) if is_pgp && last.starts_with('=') => (before.to_vec(), Some(*last)),
        _ => (data, None),
    };
    let mut bytes = Base64::decode_vec(&data.concat()).unwrap();
    match dice.roll(4) {
        0 => {
            let at = dice.roll(bytes.len());
            bytes[at] ^= 1 << dice.roll(8);
        }
        1 if dice.roll(2) == 0 => bytes.push(0),
        _ => {}
    }
    let encoded = Base64::encode_string(&bytes);
    let width = *dice.pick(&[64, 70, 76, 60, 4, encoded.len()]);
    let wrapped: Vec<&str> =
        (0..encoded.len()).step_by(width).map(|at| &encoded[at..encoded.len().min(at + width)]).collect();
    let keep = dice.roll(3) > 0;
    let headers = match dice.roll(4) {
        0 if is_pgp => vec![*dice.pick(&["Version: x", "Comment: y", "Hash: SHA256", "X: y"]), ""],
        _ => headers,
    };
    let mut all = vec![begin];
    all.extend(headers);
    all.extend(wrapped);
    all.extend(checksum.filter(|_| keep));
    all.push(end);
    all.join("\n")
}

//! An office whose staff sign with the real git, by keys of every kind.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use git2::Oid;
use jiedu::approve::roster::allowed_signers;
use jiedu::approve::statement::{Kind, Looks, Statement, looks, message, statement_id};
use jiedu::approve::{
    Anchor, Approvals, Carrier, NothingReachable, ReadInput, StatementSource, TrustAnchor, read_rosters,
};
use jiedu::clock::Clock;
use jiedu::name::Digest;
use ssh_key::LineEnding;

use crate::project::{Project, STRICT, key, person, project};

/// The set that is signed.
pub const SET: &str = "2025/a";

/// Whether all programs can be started; says so when not.
#[allow(clippy::print_stderr, reason = "a skipped test says why")]
pub fn have(programs: &[(&str, &str)]) -> bool {
    let missing = programs.iter().find(|(program, flag)| Command::new(program).arg(flag).output().is_err());
    if let Some((program, _)) = missing {
        eprintln!("skipped: needs {program}");
    }
    missing.is_none()
}

pub fn have_git_and_ssh() -> bool {
    have(&[("git", "--version"), ("ssh-keygen", "-?")])
}

/// Git without the settings of this machine.
pub fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command
}

/// Runs a command to its end; its standard output when it succeeds.
pub fn finish(command: &mut Command, input: &[u8]) -> Result<String, String> {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that does not read its input closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// How a person signs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// An Ed25519 key from a seed.
    Ssh,
    /// A key that ssh-keygen makes: type and bits.
    Keygen(&'static str, &'static str),
    /// A key that gpg makes, of this algorithm.
    OpenPgp(&'static str),
}

/// A project whose staff sign with the real git, by OpenPGP or SSH keys.
pub struct Office {
    pub project: Project,
    pub roster: String,
    /// A short path: the agent's socket lies in it.
    pub home: tempfile::TempDir,
    means: BTreeMap<String, (Means, String)>,
}

impl Drop for Office {
    fn drop(&mut self) {
        // Ends the agent of this home only.
        let _ =
            Command::new("gpgconf").env("GNUPGHOME", self.home.path()).args(["--kill", "gpg-agent"]).output();
    }
}

pub fn staff() -> Vec<(&'static str, &'static str)> {
    [("submit", "writer")].into_iter().chain(STRICT).collect()
}

impl Office {
    /// Keys and a roster; `means` says how the n-th of the staff signs.
    pub fn found(means: impl Fn(usize) -> Means) -> Self {
        let home = tempfile::Builder::new().prefix("jg").rand_bytes(4).tempdir_in("/tmp").unwrap();
        let mut office = Self { project: project(), roster: String::new(), home, means: BTreeMap::new() };
        let mut text =
            String::from("version = 1\nprevious = \"none\"\n\n[root]\nmembers = [\"root\"]\nthreshold = 1\n");
        for (at, (step, id)) in staff().into_iter().enumerate() {
            let (entry, secret) = match means(at) {
                Means::Ssh => office.ssh_key(id, "review"),
                Means::Keygen(kind, bits) => office.keygen(id, kind, bits),
                Means::OpenPgp(algorithm) => office.openpgp_key(id, algorithm),
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

    fn keygen(&self, id: &str, kind: &str, bits: &str) -> (String, String) {
        let file = self.home.path().join(id);
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-q", "-t", kind, "-b", bits, "-N", "", "-C", "", "-f"]).arg(&file);
        finish(&mut keygen, b"").unwrap();
        let public = fs::read_to_string(file.with_extension("pub")).unwrap();
        let weak = if (kind, bits) == ("rsa", "2048") { "allow_rsa_2048 = true\n" } else { "" };
        let entry = format!("kind = \"ssh\"\npublic = \"{}\"\nuse = [\"review\"]\n{weak}", public.trim_end());
        (entry, file.to_str().unwrap().to_owned())
    }

    fn openpgp_key(&self, id: &str, algorithm: &str) -> (String, String) {
        let name = format!("{id} <{id}@office.example>");
        let unlocked = ["--pinentry-mode", "loopback", "--passphrase", ""];
        self.gpg(
            &[&unlocked[..], &["--quick-generate-key", &name, algorithm, "sign", "never"]].concat(),
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

    /// What the person signs with: a key file, or a fingerprint.
    pub fn secret(&self, id: &str) -> &str {
        &self.means[id].1
    }

    pub fn gpg(&self, args: &[&str], input: &[u8]) -> String {
        let mut gpg = Command::new("gpg");
        finish(gpg.env("GNUPGHOME", self.home.path()).args(["--batch", "--quiet", "--yes"]).args(args), input)
            .unwrap()
    }

    pub fn git(&self) -> Command {
        let mut git = git(self.project.path());
        git.env("GNUPGHOME", self.home.path());
        git
    }

    /// Has the real git commit and sign a statement, and takes it over.
    pub fn sign(&mut self, draft: &Statement) -> Oid {
        let id = draft.signer.as_str().to_owned();
        let (means, secret) = &self.means[&id];
        let format = if matches!(means, Means::OpenPgp(_)) { "gpg.format=openpgp" } else { "gpg.format=ssh" };
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
    pub fn chain(&mut self) -> Vec<Oid> {
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

    pub fn anchor(&self) -> TrustAnchor {
        TrustAnchor::first(Digest::of(self.roster.as_bytes()))
    }

    pub fn files(&self) -> BTreeMap<String, Arc<[u8]>> {
        BTreeMap::from([("1.toml".to_owned(), Arc::from(self.roster.as_bytes()))])
    }

    pub fn allowed_signers(&self) -> PathBuf {
        let rosters = read_rosters(&self.files()).unwrap();
        let path = self.home.path().join("allowed_signers");
        fs::write(&path, allowed_signers(&rosters[0])).unwrap();
        path
    }

    /// What stock git says of a commit.
    pub fn git_accepts(&self, commit: &str, signers: &Path) -> Result<String, String> {
        let setting = format!("gpg.ssh.allowedSignersFile={}", signers.display());
        finish(self.git().args(["-c", &setting, "verify-commit", commit]), b"")
    }

    /// Whether we accept raw bytes as a statement, collected as a file.
    pub fn we_accept(&self, raw: &[u8]) -> bool {
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

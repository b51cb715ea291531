//! What a person should know before signing: changes that are not committed,
//! a clone that is behind, signatures that lie on another branch.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::WorkspaceError;
use super::git::Git;
use jiedu_approve::Subject;
use jiedu_approve::statement::{Looks, looks, parse_message, statement_id};
use jiedu_base::name::Digest;

/// How long a remote repository may take to say where its branch stands.
const PATIENCE: Duration = Duration::from_secs(6);
/// Branches that are searched for signatures, and signatures of each.
const BRANCHES: usize = 200;
const STATEMENTS: &str = "--max-count=500";

/// Paths with changes that are not committed, among those given.
///
/// # Errors
/// Git cannot be run.
pub fn uncommitted(folder: &Path, paths: &[&str]) -> Result<Vec<String>, WorkspaceError> {
    let git = Git::new(folder);
    let top = git.ask(&["rev-parse", "--show-toplevel"])?;
    let Some(top) = top else { return Ok(Vec::new()) };
    let args = [&["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--"][..], paths];
    let said = Git::new(Path::new(&top)).read(&args.concat())?;
    let said = String::from_utf8_lossy(&said);
    Ok(said.split('\0').filter_map(|line| line.get(3..)).map(str::to_owned).collect())
}

/// Whether the shared repository holds commits that this clone has not seen;
/// none when there is no shared repository, or it does not answer in time.
#[must_use]
pub fn is_behind(folder: &Path) -> Option<bool> {
    let git = Git::new(folder);
    let branch = git.ask(&["symbolic-ref", "--quiet", "--short", "HEAD"]).ok()??;
    let remote = git.setting(&format!("branch.{branch}.remote")).ok()??;
    let reference = git.setting(&format!("branch.{branch}.merge")).ok()??;
    let listed = ask_remote(folder, &remote, &reference)?;
    let tip = listed.split_whitespace().next()?;
    let is_known = git.succeeds(&["cat-file", "-e", tip]).ok()?;
    Some(!is_known || !git.succeeds(&["merge-base", "--is-ancestor", tip, "HEAD"]).ok()?)
}

/// Asks without ever asking the person for anything, and not for long.
fn ask_remote(folder: &Path, remote: &str, reference: &str) -> Option<String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["ls-remote", "--quiet", remote, reference]);
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_ASKPASS", "true").env("SSH_ASKPASS", "true");
    command.env("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=5");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    if !ends_in_time(&mut child) {
        // It is given up; nobody waits for what it might have said.
        let _ = child.kill();
        let _ = child.wait();
        return None;
    }
    let mut said = String::new();
    child.stdout.take()?.take(4096).read_to_string(&mut said).ok()?;
    Some(said)
}

fn ends_in_time(child: &mut Child) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(10)),
            Err(_) => return false,
        }
    }
    false
}

/// A statement that is reachable from another branch only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The branch.
    pub branch: String,
    /// What it is about.
    pub subject: Subject,
    /// The text it names.
    pub digest: Digest,
    /// English name of the step.
    pub step: String,
    /// Its id.
    pub statement: Digest,
}

/// Statements on other branches of this clone that HEAD does not reach, as
/// squashing a merge leaves them. Nothing of them is judged.
///
/// # Errors
/// Git cannot be run.
pub fn statements_elsewhere(folder: &Path) -> Result<Vec<Elsewhere>, WorkspaceError> {
    const GREP: &str = "--grep=^Approval-Statement: ";
    let git = Git::new(folder);
    let any = ["rev-list", "--max-count=1", GREP, "--branches", "--remotes", "--not", "HEAD"];
    if git.ask(&any)?.is_none() {
        return Ok(Vec::new());
    }
    let refs = git.read_text(&["for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes"])?;
    let mut found: Vec<Elsewhere> = Vec::new();
    for name in refs.lines().filter(|name| !name.ends_with("/HEAD")).take(BRANCHES) {
        let args = ["rev-list", STATEMENTS, GREP, name, "--not", "HEAD"];
        let commits = git.ask(&args)?.unwrap_or_default();
        let short = ["refs/heads/", "refs/remotes/"].iter().find_map(|kind| name.strip_prefix(kind));
        for commit in commits.lines() {
            let raw = git.read(&["cat-file", "commit", commit])?;
            found.extend(read(short.unwrap_or(name), &raw));
        }
    }
    found.sort_by(|a, b| (a.statement, &a.branch).cmp(&(b.statement, &b.branch)));
    found.dedup_by_key(|elsewhere| elsewhere.statement);
    Ok(found)
}

fn read(branch: &str, raw: &[u8]) -> Option<Elsewhere> {
    if looks(raw) != Looks::Candidate {
        return None;
    }
    let (_, message) = std::str::from_utf8(raw).ok()?.split_once("\n\n")?;
    let statement = parse_message(message).ok()?;
    Some(Elsewhere {
        branch: branch.to_owned(),
        subject: statement.subject,
        digest: statement.digest,
        step: statement.step,
        statement: statement_id(raw),
    })
}

//! Bringing a clone and the shared repository together.
//!
//! Editions are found on the first-parent line. `git pull` makes a person's own
//! line the first parent of its merge, and a push of that merge takes published
//! editions off the line. Here the remote line always is the first parent, so
//! that what others published stays where it was; nothing is rebased, since
//! that would void signatures, and no commit is ever left unreachable: what
//! cannot be merged yet is kept under a ref of its own until it is.

use std::path::Path;

use super::WorkspaceError;
use super::git::Git;

/// How often a push is tried again because somebody else was faster.
const TRIES: usize = 8;
/// Where own commits wait that could not be merged by themselves.
const WAITING: &str = "refs/jiedu/waiting";

/// What a synchronisation did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Synced {
    /// The name of the remote repository.
    pub remote: String,
    /// The branch on both sides.
    pub branch: String,
    /// How many commits of others came in.
    pub received: usize,
    /// How many own commits went out.
    pub sent: usize,
    /// Files that both sides changed and that a person must look through;
    /// nothing was pushed then.
    pub conflicts: Vec<String>,
}

/// Where the present branch is shared.
struct Shared<'a> {
    git: Git<'a>,
    remote: String,
    branch: String,
    /// The full name of the branch over there.
    reference: String,
}

/// Fetches, merges with the remote line as first parent, and pushes; tries
/// again when somebody else pushed meanwhile.
///
/// # Errors
/// There is no remote repository or no branch, local changes are in the way, or
/// git's own refusal. Conflicts are no error: see [`Synced::conflicts`].
pub fn sync(folder: &Path) -> Result<Synced, WorkspaceError> {
    let shared = Shared::find(folder)?;
    let mut done =
        Synced { remote: shared.remote.clone(), branch: shared.branch.clone(), ..Synced::default() };
    if let Some(open) = shared.finish_merge()? {
        done.conflicts = open;
        return Ok(done);
    }
    let mut theirs = shared.fetch()?;
    for _ in 0..TRIES {
        if let Some(tip) = &theirs {
            let own = shared.waiting(tip)?.unwrap_or(shared.head()?);
            done.received += shared.count(&own, tip)?;
            done.conflicts = shared.join(tip, &own)?;
            if !done.conflicts.is_empty() {
                return Ok(done);
            }
        }
        let head = shared.head()?;
        if theirs.as_ref() == Some(&head) {
            return Ok(done);
        }
        let sent = match &theirs {
            Some(tip) => shared.count(tip, &head)?,
            None => shared.git.read_text(&["rev-list", "--count", "HEAD"])?.parse().unwrap_or(0),
        };
        let refused = match shared.push() {
            Ok(()) => {
                done.sent += sent;
                return Ok(done);
            }
            Err(refused) => refused,
        };
        let now = shared.fetch()?;
        if now == theirs {
            // Nobody was faster: the push itself is not allowed.
            return Err(refused);
        }
        theirs = now;
    }
    Err(WorkspaceError::usage(
        "别人一直在推送，这次没有轮到；您的提交都在本机，请稍后再运行 jiedu sync",
        "others keep pushing; your commits are safe here, run `jiedu sync` again later",
    ))
}

/// Puts the first-parent line back to pass through a commit that it goes
/// around, by a new merge commit; no commit is changed or lost.
///
/// # Errors
/// The commit is unknown or no part of the present history, or as [`sync`].
pub fn restore_line(folder: &Path, commit: &str) -> Result<Synced, WorkspaceError> {
    let shared = Shared::find(folder)?;
    let mut done = sync(folder)?;
    if !done.conflicts.is_empty() {
        return Ok(done);
    }
    let head = shared.head()?;
    let named = format!("{commit}^{{commit}}");
    let through = shared.git.ask(&["rev-parse", "--quiet", "--verify", "--end-of-options", &named])?;
    let through = through.filter(|id| shared.is_ancestor(id, &head)).ok_or_else(|| {
        WorkspaceError::usage(
            format!("现在的历史里没有提交 {commit}"),
            format!("the present history has no commit {commit}"),
        )
    })?;
    if shared.is_on_line(&through, &head)? {
        return Ok(done);
    }
    let tree = shared.git.read_text(&["rev-parse", &format!("{head}^{{tree}}")])?;
    shared.merge_commit(&tree, &through, &head, "接回主线")?;
    shared.push()?;
    done.sent += 1;
    Ok(done)
}

impl<'a> Shared<'a> {
    fn find(folder: &'a Path) -> Result<Self, WorkspaceError> {
        let git = Git::new(folder);
        let branch = git.ask(&["symbolic-ref", "--quiet", "--short", "HEAD"])?.ok_or_else(|| {
            WorkspaceError::usage(
                "现在不在任何分支上，不能同步；请先运行 git switch main",
                "no branch is checked out; run `git switch main` first",
            )
        })?;
        let configured = git.setting(&format!("branch.{branch}.remote"))?;
        let merges = git.setting(&format!("branch.{branch}.merge"))?;
        let (remote, reference) = match (configured, merges) {
            (Some(remote), Some(reference)) => (remote, reference),
            _ => (only_remote(git)?, format!("refs/heads/{branch}")),
        };
        Ok(Self { git, remote, branch, reference })
    }

    fn head(&self) -> Result<String, WorkspaceError> {
        self.git.ask(&["rev-parse", "--quiet", "--verify", "HEAD"])?.ok_or_else(|| {
            WorkspaceError::usage(
                "仓库里还没有任何提交；请先提交内容",
                "the repository has no commit yet; commit the content first",
            )
        })
    }

    /// The tip over there, fetched; none when the branch does not exist yet.
    fn fetch(&self) -> Result<Option<String>, WorkspaceError> {
        let listed = self.git.read_text(&["ls-remote", "--quiet", &self.remote, &self.reference])?;
        if listed.is_empty() {
            return Ok(None);
        }
        self.git.read(&["fetch", "--quiet", &self.remote, &self.reference])?;
        self.git.read_text(&["rev-parse", "FETCH_HEAD"]).map(Some)
    }

    fn push(&self) -> Result<(), WorkspaceError> {
        let refspec = format!("HEAD:{}", self.reference);
        self.git.read(&["push", "--quiet", "--set-upstream", &self.remote, &refspec]).map(drop)
    }

    /// Brings the present branch to a commit that holds both sides, the tip over
    /// there on its first-parent line; else the files in conflict.
    fn join(&self, theirs: &str, own: &str) -> Result<Vec<String>, WorkspaceError> {
        if self.is_ancestor(own, theirs) {
            self.move_to(theirs)?;
            self.release(own)?;
            return Ok(Vec::new());
        }
        if self.is_ancestor(theirs, own) && self.is_on_line(theirs, own)? {
            self.move_to(own)?;
            return Ok(Vec::new());
        }
        let tree = if self.is_ancestor(theirs, own) {
            // Merged already, with the parents the other way round.
            self.git.read_text(&["rev-parse", &format!("{own}^{{tree}}")])?
        } else {
            match self.merge_trees(theirs, own)? {
                Ok(tree) => tree,
                Err(files) => return self.leave_to_person(theirs, own, files),
            }
        };
        let message = format!("合并本机的提交（{}）", self.branch);
        self.merge_commit(&tree, theirs, own, &message)?;
        self.release(own)?;
        Ok(Vec::new())
    }

    fn merge_commit(
        &self,
        tree: &str,
        first: &str,
        second: &str,
        message: &str,
    ) -> Result<(), WorkspaceError> {
        let args = ["commit-tree", tree, "-p", first, "-p", second, "-m", message];
        let commit = self.git.read_text(&args)?;
        self.move_to(&commit)
    }

    /// Moves the present branch and the work tree; files with local changes stay
    /// as they are, or nothing moves.
    fn move_to(&self, commit: &str) -> Result<(), WorkspaceError> {
        if self.head()? == commit {
            return Ok(());
        }
        self.git.read(&["reset", "--quiet", "--keep", commit]).map(drop).map_err(|error| match error {
            WorkspaceError::GitFailed { output, .. } => WorkspaceError::usage(
                format!("别人改过的文件在本机有还没提交的改动，没有同步；请先 git commit 提交，再运行 jiedu sync（git 的说明：{output}）"),
                format!("files that others changed have local changes, nothing was synchronised; commit them first, then run `jiedu sync` ({output})"),
            ),
            other => other,
        })
    }

    /// The tree of a clean merge, else the files in conflict.
    fn merge_trees(&self, theirs: &str, own: &str) -> Result<Result<String, Vec<String>>, WorkspaceError> {
        let open = WorkspaceError::git("open the repository");
        let folder = self.git.read_text(&["rev-parse", "--absolute-git-dir"])?;
        let repository = git2::Repository::open(&folder).map_err(open)?;
        let merge = || {
            let commit = |id: &str| repository.revparse_single(id).and_then(|object| object.peel_to_commit());
            let mut index = repository.merge_commits(&commit(theirs)?, &commit(own)?, None)?;
            if !index.has_conflicts() {
                return index.write_tree_to(&repository).map(|tree| Ok(tree.to_string()));
            }
            let mut files = Vec::new();
            for conflict in index.conflicts()? {
                let conflict = conflict?;
                let entry = conflict.our.or(conflict.their).or(conflict.ancestor);
                files.extend(entry.map(|entry| String::from_utf8_lossy(&entry.path).into_owned()));
            }
            files.sort();
            files.dedup();
            Ok(Err(files))
        };
        merge().map_err(WorkspaceError::git("merge"))
    }

    /// Both sides changed the same places: the person sees both versions in the
    /// files, on top of the line over there, and the own commits are kept.
    fn leave_to_person(
        &self,
        theirs: &str,
        own: &str,
        files: Vec<String>,
    ) -> Result<Vec<String>, WorkspaceError> {
        self.git.read(&["update-ref", &self.waiting_ref(), own])?;
        self.move_to(theirs)?;
        // Git ends with 1, as it should: the conflicts are what is wanted.
        let message = format!("合并本机的提交（{}）", self.branch);
        self.git.succeeds(&["merge", "--quiet", "--no-ff", "--no-commit", "-m", &message, own])?;
        Ok(files)
    }

    /// Ends a merge that a person has looked through; else the files that still
    /// hold both versions.
    fn finish_merge(&self) -> Result<Option<Vec<String>>, WorkspaceError> {
        if self.git.ask(&["rev-parse", "--quiet", "--verify", "MERGE_HEAD"])?.is_none() {
            return Ok(None);
        }
        let top = self.git.read_text(&["rev-parse", "--show-toplevel"])?;
        let names = self.git.read(&["diff", "--name-only", "--diff-filter=U", "-z"])?;
        let names = String::from_utf8_lossy(&names).into_owned();
        let unmerged: Vec<&str> = names.split('\0').filter(|name| !name.is_empty()).collect();
        let open: Vec<String> = unmerged
            .iter()
            .filter(|name| holds_both(&Path::new(&top).join(name)))
            .map(|name| (*name).to_owned())
            .collect();
        if !open.is_empty() {
            return Ok(Some(open));
        }
        if !unmerged.is_empty() {
            let top = Git::new(Path::new(&top));
            top.read(&[&["add", "--all", "--"][..], &unmerged].concat())?;
        }
        self.git.read(&["-c", "commit.gpgsign=false", "commit", "--quiet", "--no-edit"])?;
        Ok(None)
    }

    fn waiting_ref(&self) -> String {
        format!("{WAITING}/{}", self.branch)
    }

    /// Own commits that wait to be merged: a merge that was given up.
    fn waiting(&self, theirs: &str) -> Result<Option<String>, WorkspaceError> {
        let Some(own) = self.git.ask(&["rev-parse", "--quiet", "--verify", &self.waiting_ref()])? else {
            return Ok(None);
        };
        let head = self.head()?;
        if self.is_ancestor(&own, &head) {
            self.release(&own)?;
            return Ok(None);
        }
        if self.is_ancestor(&head, theirs) {
            return Ok(Some(own));
        }
        Err(WorkspaceError::usage(
            format!("上次合并没有做完，之后又有新的提交；请先运行 git merge {own} 合并，再运行 jiedu sync"),
            format!(
                "an earlier merge was given up and new commits were made since; run `git merge {own}`, then `jiedu sync`"
            ),
        ))
    }

    fn release(&self, own: &str) -> Result<(), WorkspaceError> {
        let name = self.waiting_ref();
        if self.git.ask(&["rev-parse", "--quiet", "--verify", &name])?.as_deref() == Some(own) {
            self.git.read(&["update-ref", "-d", &name, own])?;
        }
        Ok(())
    }

    fn is_ancestor(&self, older: &str, newer: &str) -> bool {
        self.git.succeeds(&["merge-base", "--is-ancestor", older, newer]).unwrap_or(false)
    }

    /// Whether a commit lies on the first-parent line of another.
    fn is_on_line(&self, commit: &str, tip: &str) -> Result<bool, WorkspaceError> {
        if commit == tip {
            return Ok(true);
        }
        let exclude = format!("^{commit}");
        let line = self.git.read_text(&["rev-list", "--first-parent", tip, &exclude])?;
        let Some(last) = line.lines().last() else { return Ok(false) };
        let parent = self.git.ask(&["rev-parse", "--quiet", "--verify", &format!("{last}^1")])?;
        Ok(parent.as_deref() == Some(commit))
    }

    /// Commits reachable from `until` but not from `from`.
    fn count(&self, from: &str, until: &str) -> Result<usize, WorkspaceError> {
        let range = format!("{from}..{until}");
        Ok(self.git.read_text(&["rev-list", "--count", &range])?.parse().unwrap_or(0))
    }
}

fn only_remote(git: Git<'_>) -> Result<String, WorkspaceError> {
    let names = git.read_text(&["remote"])?;
    let mut names = names.lines();
    let first = names.clone().find(|name| *name == "origin").or_else(|| names.next());
    first.map(str::to_owned).ok_or_else(|| {
        WorkspaceError::usage(
            "没有设置共享仓库；请运行 git remote add origin 共享仓库地址",
            "no shared repository is set up; run `git remote add origin ADDRESS`",
        )
    })
}

/// Whether a file still shows both versions. What is no text has no marks.
fn holds_both(file: &Path) -> bool {
    let Ok(bytes) = std::fs::read(file) else { return false };
    let mut lines = bytes.split(|&b| b == b'\n');
    lines.any(|line| line.starts_with(b"<<<<<<< ") || line.starts_with(b">>>>>>> "))
}

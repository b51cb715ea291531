//! Opening a repository, and refusing those that could lie.
//!
//! A repository is its folder: nothing is read from git's configuration except
//! the declared object format, nothing from the environment. What can make the
//! same id mean different content (replace refs, grafts, shallow history,
//! borrowed objects) is refused before anything is read (approvals §7).

use std::path::{Path, PathBuf};

use super::SourceError;
use super::object::{ObjectId, Objects};
use super::refs::{Refs, read_optional};
use jiedu_base::name::CommitId;

/// What a caller lets a repository do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenOptions {
    /// Accept objects borrowed from other repositories.
    pub allow_alternates: bool,
    /// Look for the repository in the parent folders too.
    pub search_upward: bool,
}

/// An opened repository. Safe to share between threads.
#[derive(Debug)]
pub struct Repository {
    pub(crate) objects: Objects,
    refs: Refs,
    work_tree: Option<PathBuf>,
}

impl Repository {
    /// Opens the repository at exactly this path (its work tree, or a bare
    /// repository), or above it when the options say so.
    ///
    /// # Errors
    /// [`SourceError::NotARepository`], or a refusal with a reason code.
    pub fn open(path: &Path, options: OpenOptions) -> Result<Self, SourceError> {
        let not_found = || SourceError::NotARepository { path: path.to_owned() };
        let mut folder = path.to_owned();
        if options.search_upward {
            folder = std::path::absolute(path).map_err(|error| SourceError::io(path, error))?;
        }
        loop {
            if let Some((git_dir, work_tree)) = find_git_dir(&folder)? {
                return Self::open_git_dir(git_dir, work_tree, options);
            }
            if !options.search_upward || !folder.pop() {
                return Err(not_found());
            }
        }
    }

    fn open_git_dir(
        git_dir: PathBuf,
        work_tree: Option<PathBuf>,
        options: OpenOptions,
    ) -> Result<Self, SourceError> {
        let common = match read_optional(&git_dir.join("commondir"))? {
            Some(text) => git_dir.join(text.trim_end()),
            None => git_dir.clone(),
        };
        let config = read_optional(&common.join("config"))?.unwrap_or_default();
        let format = declared_format(&config)?;
        let refs = Refs::open(git_dir, common)?;
        refuse_liars(&refs, options)?;
        let objects = Objects::open(&refs.common.join("objects"), format == Format::Sha256)?;
        let objects = objects.partial(declares_promisor(&config));
        Ok(Self { objects, refs, work_tree })
    }

    /// The folder with the files, unless the repository is bare.
    #[must_use]
    pub fn work_tree(&self) -> Option<&Path> {
        self.work_tree.as_deref()
    }

    /// The commit that a revision such as `HEAD`, `main~2` or an id names.
    ///
    /// # Errors
    /// [`SourceError::Empty`] when `HEAD` has no commit yet,
    /// [`SourceError::UnknownRevision`] when nothing has that name.
    pub fn resolve(&self, revision: &str) -> Result<CommitId, SourceError> {
        let unknown = || SourceError::UnknownRevision { revision: revision.to_owned() };
        match self.refs.resolve(&self.objects, revision) {
            Ok(id) => id.to_commit_id().ok_or_else(unknown),
            Err(SourceError::UnknownRevision { .. }) if matches!(revision, "HEAD" | "@") => {
                Err(self.why_no_head())
            }
            Err(error) => Err(error),
        }
    }

    /// `HEAD` names nothing: nothing committed yet, or its commit is gone.
    fn why_no_head(&self) -> SourceError {
        let unborn = read_optional(&self.refs.git_dir.join("HEAD")).ok().flatten().is_some_and(|text| {
            let target = text.trim_end().strip_prefix("ref:").map(|target| target.trim().to_owned());
            target.is_some_and(|target| !self.refs.exists(&target))
        });
        if unborn {
            let path = self.work_tree.clone().unwrap_or_else(|| self.refs.git_dir.clone());
            SourceError::Empty { path }
        } else {
            SourceError::refused(
                "OBJECT_MISSING",
                "HEAD 指向的提交不在仓库里；请换用完整克隆",
                "the commit that HEAD names is missing; use a full clone",
            )
        }
    }

    /// The object of a commit id.
    pub(crate) fn object(&self, commit: &CommitId) -> Result<ObjectId, SourceError> {
        let unknown = || SourceError::UnknownRevision { revision: commit.to_string() };
        self.objects.parse_id(commit.as_str()).ok_or_else(unknown)
    }
}

/// The git folder of a work tree, of a linked work tree, or of a bare repository.
fn find_git_dir(folder: &Path) -> Result<Option<(PathBuf, Option<PathBuf>)>, SourceError> {
    let inner = folder.join(".git");
    if inner.is_dir() && is_git_dir(&inner) {
        return Ok(Some((inner, Some(folder.to_owned()))));
    }
    if inner.is_file()
        && let Some(text) = read_optional(&inner)?
        && let Some(target) = text.trim_end().strip_prefix("gitdir: ")
    {
        let target = folder.join(target);
        return Ok(target.join("HEAD").is_file().then(|| (target, Some(folder.to_owned()))));
    }
    Ok(is_git_dir(folder).then(|| (folder.to_owned(), None)))
}

fn is_git_dir(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Sha1,
    Sha256,
}

/// The settings of a `config` file: section (with its subsection), key in lower
/// case and value.
fn settings(config: &str) -> impl Iterator<Item = (&str, String, &str)> {
    let mut section = "";
    config.lines().map(str::trim).filter_map(move |line| {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']').trim();
            return None;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, "true"));
        Some((section, key.trim().to_ascii_lowercase(), value.trim()))
    })
}

/// Whether the `config` names a remote from which missing objects were promised
/// (a partial clone). Only an explanation of what is missing depends on it.
fn declares_promisor(config: &str) -> bool {
    settings(config).any(|(section, key, value)| {
        let of_remote = section.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("remote"));
        let is_on = !matches!(value.to_ascii_lowercase().as_str(), "false" | "no" | "off" | "0");
        (of_remote && key == "promisor" && is_on)
            || (section.eq_ignore_ascii_case("extensions") && key == "partialclone")
    })
}

/// The object format that the repository's own `config` declares. Besides it
/// only promisor remotes are read from that file.
fn declared_format(config: &str) -> Result<Format, SourceError> {
    let mut format = Format::Sha1;
    let ours = |(section, ..): &(&str, String, &str)| section.eq_ignore_ascii_case("extensions");
    for (_, key, value) in settings(config).filter(ours) {
        match (key.as_str(), value) {
            ("objectformat", "sha1") | ("refstorage", "files") => {}
            ("objectformat", "sha256") => format = Format::Sha256,
            ("objectformat" | "refstorage", other) => {
                return Err(SourceError::Unsupported { what: format!("`{key} = {other}`") });
            }
            _ => {}
        }
    }
    Ok(format)
}

fn refuse_liars(refs: &Refs, options: OpenOptions) -> Result<(), SourceError> {
    let has_lines = |path: &str| -> Result<bool, SourceError> {
        let text = read_optional(&refs.common.join(path))?.unwrap_or_default();
        Ok(text.lines().any(|line| !line.trim().is_empty() && !line.starts_with('#')))
    };
    if has_lines("shallow")? {
        return Err(SourceError::refused(
            "REPO_SHALLOW",
            "这是浅克隆，历史不全，无法核对审签；请运行 git fetch --unshallow",
            "this is a shallow clone without its whole history; run `git fetch --unshallow`",
        ));
    }
    if has_lines("info/grafts")? {
        return Err(SourceError::refused(
            "REPO_GRAFTS",
            "仓库有 info/grafts 文件，会改写提交的先后关系；请删除该文件后再试",
            "the repository has `info/grafts`, which changes the parents of commits; remove the file",
        ));
    }
    if refs.any_below("refs/replace") {
        return Err(SourceError::refused(
            "REPO_REPLACE_REFS",
            "仓库有替换引用（refs/replace），同一编号会显示别的内容；请用 git replace -d 删除",
            "the repository has replace refs, which show other content under the same id; delete them with `git replace -d`",
        ));
    }
    if !options.allow_alternates && has_lines("objects/info/alternates")? {
        return Err(SourceError::refused(
            "REPO_ALTERNATES",
            "仓库借用了别处的对象（objects/info/alternates）；请用 git repack -a -d 转为完整仓库，或确认可信后加 --allow-alternates",
            "the repository borrows objects (`objects/info/alternates`); run `git repack -a -d` and remove the file, or give --allow-alternates if you trust it",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_format_is_the_only_setting_read() {
        assert_eq!(declared_format("[core]\n\tobjectformat = sha256\n").unwrap(), Format::Sha1);
        assert_eq!(declared_format("[extensions]\n\tobjectFormat = sha256\n").unwrap(), Format::Sha256);
        assert!(declared_format("[extensions]\nrefstorage = reftable\n").is_err());
        assert_eq!(declared_format("[extensions]\npartialclone = origin\n").unwrap(), Format::Sha1);
    }

    #[test]
    fn promisor_remotes_are_seen_in_every_spelling() {
        let yes = [
            "[remote \"origin\"]\n\tpromisor = true\n",
            "[Remote \"o\"]\nPromisor\n",
            "[extensions]\npartialClone = o",
        ];
        assert!(yes.into_iter().all(declares_promisor));
        let no = [
            "[remote \"origin\"]\n\turl = promisor\n",
            "[remote \"o\"]\npromisor = false\n",
            "[core]\npromisor = true",
        ];
        assert!(!no.into_iter().any(declares_promisor));
    }
}

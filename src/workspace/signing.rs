//! Making a statement with the user's own git (`contract-details.md` 79), and
//! reading back what came of it.

use std::path::{Path, PathBuf};

use super::git::{Git, Identity};
use super::{KeyFile, ReasonFile, WorkspaceError};
use jiedu_approve::Statement;
use jiedu_approve::roster::Person;
use jiedu_approve::statement::{message, message_with_reason, parse_message, reason_of, statement_id};
use jiedu_base::name::{CommitId, Digest};

/// The key that git is going to sign with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// `SHA256:…`; the OpenPGP fingerprint, or SHA-256 of an SM2 key, in
    /// lower-case hex.
    pub fingerprint: String,
    /// The public line, for SSH keys.
    pub public: Option<String>,
    /// Settings that make git use it.
    settings: Vec<String>,
}

impl SigningKey {
    /// Finds the key: `file` when given, else git's `user.signingkey`.
    ///
    /// # Errors
    /// No key is set up, the file is none, or the key is the one that signs
    /// everyday commits.
    pub fn find(repository: &Path, file: Option<&Path>) -> Result<Self, WorkspaceError> {
        let git = Git::new(repository);
        let key = match file {
            Some(file) => Self::of_file(file)?,
            None => Self::configured(git)?,
        };
        key.refuse_everyday(git)?;
        Ok(key)
    }

    fn of_file(file: &Path) -> Result<Self, WorkspaceError> {
        let KeyFile { public, fingerprint, .. } = KeyFile::read(file)?;
        let path = std::path::absolute(file).map_err(|error| WorkspaceError::io(file, error))?;
        let settings = vec!["gpg.format=ssh".to_owned(), format!("user.signingkey={}", path.display())];
        Ok(Self { fingerprint, public: Some(public), settings })
    }

    fn configured(git: Git<'_>) -> Result<Self, WorkspaceError> {
        let Some(value) = git.setting("user.signingkey")? else {
            return Err(WorkspaceError::usage(
                "git 里还没有设置签名密钥；请运行 git config user.signingkey 公钥文件，或用 --key 指明密钥文件",
                "no signing key is set up in git; run `git config user.signingkey <public key file>`, or give --key",
            ));
        };
        match git.setting("gpg.format")?.as_deref() {
            Some("ssh") => Self::configured_ssh(git, &value),
            Some("x509") => Self::configured_x509(&value),
            _ => Self::configured_openpgp(&value),
        }
    }

    /// Git's default format, in which an SSH key's file name would be taken for
    /// the name of an OpenPGP key.
    fn configured_openpgp(value: &str) -> Result<Self, WorkspaceError> {
        let bare = value.trim_start_matches("0x").trim_end_matches('!').replace(' ', "");
        if !bare.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(WorkspaceError::usage(
                format!(
                    "git 的 user.signingkey 是“{value}”，却没有说明是 SSH 密钥；请运行 git config gpg.format ssh，或用 --key 指明密钥文件（OpenPGP 密钥请写十六进制指纹）"
                ),
                format!(
                    "user.signingkey is `{value}`, but git is not told that it is an SSH key; run `git config gpg.format ssh`, or give --key (for OpenPGP, write the hexadecimal fingerprint)"
                ),
            ));
        }
        // A roster lists whole fingerprints; the last digits are no name.
        if bare.len() < 40 {
            return Err(WorkspaceError::usage(
                format!(
                    "git 的 user.signingkey“{value}”只是密钥编号；请写完整的 40 位指纹（gpg --list-keys --with-subkey-fingerprint 可以看到），例如 git config user.signingkey 指纹"
                ),
                format!(
                    "user.signingkey `{value}` is a key id; write the whole fingerprint of 40 digits (gpg --list-keys --with-subkey-fingerprint shows it)"
                ),
            ));
        }
        Ok(Self { fingerprint: bare.to_ascii_lowercase(), public: None, settings: Vec::new() })
    }

    /// An SM2 key on a token: git runs `gpg.x509.program`, and the setting says
    /// which key of the roster it is.
    fn configured_x509(value: &str) -> Result<Self, WorkspaceError> {
        let fingerprint = value.to_ascii_lowercase();
        if fingerprint.len() != 64 || !fingerprint.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(WorkspaceError::usage(
                format!(
                    "git 的 gpg.format 是 x509（国密），user.signingkey 却是“{value}”；请写公钥的 SHA-256（64 位十六进制）：openssl pkey -pubin -in 公钥.pem -outform DER | sha256sum"
                ),
                format!(
                    "gpg.format is x509 (SM2), but user.signingkey is `{value}`; write the SHA-256 of the public key (64 hex digits): openssl pkey -pubin -in KEY.pem -outform DER | sha256sum"
                ),
            ));
        }
        Ok(Self { fingerprint, public: None, settings: Vec::new() })
    }

    fn configured_ssh(git: Git<'_>, value: &str) -> Result<Self, WorkspaceError> {
        let literal = value.strip_prefix("key::").or_else(|| value.starts_with("ssh-").then_some(value));
        let KeyFile { public, fingerprint, .. } = if let Some(text) = literal {
            KeyFile::parse(text, Path::new("user.signingkey"))?
        } else {
            let path = git.path_setting("user.signingkey")?.unwrap_or_else(|| value.to_owned());
            KeyFile::read(&PathBuf::from(path))?
        };
        Ok(Self { fingerprint, public: Some(public), settings: Vec::new() })
    }

    /// A key that signs every commit would also sign a commit that somebody
    /// else's tool prepared (`approvals.md` §6.2).
    fn refuse_everyday(&self, git: Git<'_>) -> Result<(), WorkspaceError> {
        if git.ask(&["config", "--type=bool", "--get", "commit.gpgsign"])?.as_deref() != Some("true") {
            return Ok(());
        }
        match Self::configured(git) {
            Ok(everyday) if everyday.fingerprint == self.fingerprint => Err(WorkspaceError::refused(
                "KEY_USE",
                "这把密钥同时用于日常提交（commit.gpgsign 已开启）；审签须用专门的密钥：另生成一把并登记到名册，用 --key 指明，或运行 git config commit.gpgsign false",
                "this key also signs everyday commits (commit.gpgsign is on); approvals need a key of their own: make one, have it listed in the roster and give it with --key, or run `git config commit.gpgsign false`",
            )),
            _ => Ok(()),
        }
    }
}

/// A statement that git has signed and committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatement {
    /// The commit on the current branch.
    pub commit: CommitId,
    /// The statement's id.
    pub statement: Digest,
}

/// Signs a statement: one empty commit on the current branch, not pushed.
///
/// When git made something else than a statement (a hook added lines, a
/// setting changed an identity), the commit is taken back from the branch.
///
/// # Errors
/// Staged changes or an unfinished merge, git's own refusal, or
/// [`WorkspaceError::Refused`] with the reason why the commit would not count.
pub fn sign_statement(
    repository: &Path,
    statement: &Statement,
    key: &SigningKey,
    person: &Person,
) -> Result<SignedStatement, WorkspaceError> {
    sign_text(repository, statement, key, person, None)
}

/// The same for a rejection; its reason is kept in a commit of its own.
///
/// # Errors
/// As [`sign_statement`], and the disk's or git's answer about the file.
pub fn sign_with_reason(
    repository: &Path,
    statement: &Statement,
    key: &SigningKey,
    person: &Person,
    reason: &ReasonFile,
) -> Result<SignedStatement, WorkspaceError> {
    let signed = sign_text(repository, statement, key, person, Some(&reason.digest))?;
    reason.keep(repository, &signed.statement)?;
    Ok(signed)
}

fn sign_text(
    repository: &Path,
    statement: &Statement,
    key: &SigningKey,
    person: &Person,
    reason: Option<&Digest>,
) -> Result<SignedStatement, WorkspaceError> {
    let text = reason.map_or_else(|| message(statement), |reason| message_with_reason(statement, reason));
    let git = Git::new(repository);
    let before = head(git)?;
    refuse_half_done(git)?;
    let identity = identity(git, person)?;
    let mut settings = key.settings.clone();
    settings.push("i18n.commitEncoding=UTF-8".to_owned());
    git.commit(&settings, &identity, &text)?;
    let after = head(git)?;
    let raw = git.read(&["cat-file", "commit", &after])?;
    let is_same_reason = reason_of(&raw).as_ref() == reason;
    if let Err(error) = check(&raw, &before, statement, is_same_reason) {
        git.read(&["update-ref", "-m", "jiedu: not a statement", "HEAD", &before, &after])?;
        return Err(error);
    }
    let commit = CommitId::parse(&after).map_err(|error| {
        WorkspaceError::usage(format!("git 给出的提交编号有误：{error}"), error.to_string())
    })?;
    Ok(SignedStatement { commit, statement: statement_id(&raw) })
}

fn head(git: Git<'_>) -> Result<String, WorkspaceError> {
    git.ask(&["rev-parse", "--quiet", "--verify", "HEAD"])?.ok_or_else(|| {
        WorkspaceError::usage(
            "仓库里还没有任何提交；请先提交内容",
            "the repository has no commit yet; commit the content first",
        )
    })
}

/// A statement must not carry anything else.
fn refuse_half_done(git: Git<'_>) -> Result<(), WorkspaceError> {
    for unfinished in ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD"] {
        if git.ask(&["rev-parse", "--quiet", "--verify", unfinished])?.is_some() {
            return Err(WorkspaceError::usage(
                "仓库里有没做完的合并、拣选或变基；请先完成或放弃它（git status 会说明），再签名",
                "a merge, cherry-pick or rebase is under way; finish or abort it first (see `git status`)",
            ));
        }
    }
    if git.has_staged_changes()? {
        return Err(WorkspaceError::usage(
            "有已暂存但未提交的改动，签名不能夹带内容；请先 git commit 提交，或用 git restore --staged . 取消暂存",
            "there are staged changes, and a statement may carry none; commit them, or run `git restore --staged .`",
        ));
    }
    Ok(())
}

/// The roster's name; git's address when the roster lists it for the person.
fn identity(git: Git<'_>, person: &Person) -> Result<Identity, WorkspaceError> {
    let own = git.setting("user.email")?.unwrap_or_default();
    let listed =
        person.emails.iter().find(|email| email.eq_ignore_ascii_case(&own)).or(person.emails.first());
    Ok(Identity { name: person.name.clone(), email: listed.cloned().unwrap_or(own) })
}

/// Whether the commit is the statement that was meant.
fn check(
    raw: &[u8],
    before: &str,
    statement: &Statement,
    is_same_reason: bool,
) -> Result<(), WorkspaceError> {
    let not_utf8 = || {
        WorkspaceError::refused(
            "MESSAGE_ENCODING",
            "git 写出的提交不是 UTF-8",
            "the commit that git wrote is not UTF-8",
        )
    };
    let text = std::str::from_utf8(raw).map_err(|_| not_utf8())?;
    let (header, message) = text.split_once("\n\n").ok_or_else(not_utf8)?;
    let line = |key: &str| header.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    if line("parent ") != before {
        return Err(WorkspaceError::refused(
            "STATEMENT_IS_MERGE",
            "签名期间分支被别的操作改动，请再试一次",
            "the branch was changed by something else meanwhile; try again",
        ));
    }
    if line("author ") != line("committer ") {
        return Err(WorkspaceError::refused(
            "IDENT_MISMATCH",
            "作者与提交者不一致（环境变量 GIT_AUTHOR_DATE、GIT_COMMITTER_DATE 不同时会这样），请去掉后再试",
            "author and committer differ (different GIT_AUTHOR_DATE and GIT_COMMITTER_DATE do that); unset them and try again",
        ));
    }
    if line("gpgsig").is_empty() {
        return Err(WorkspaceError::refused(
            "UNSIGNED",
            "git 没有签名，请检查签名设置",
            "git did not sign; check its signing set-up",
        ));
    }
    match parse_message(message) {
        Ok(found) if found == *statement && is_same_reason => Ok(()),
        Ok(_) | Err(_) => Err(WorkspaceError::refused(
            "TRAILER_UNKNOWN",
            "提交钩子改动了审签文字；请在仓库设置中停用改写提交说明的钩子（commit-msg、prepare-commit-msg）",
            "a hook changed the text of the statement; switch off hooks that rewrite commit messages",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_programs_are_named_as_rosters_name_them() {
        let fingerprint = |key: SigningKey| key.fingerprint;
        let forty = "0A1B2C3D".repeat(5);
        let found = SigningKey::configured_openpgp(&format!("0x{forty}!")).map(fingerprint);
        assert_eq!(found.unwrap(), forty.to_lowercase());
        assert!(SigningKey::configured_openpgp("0A1B2C3D0A1B2C3D").is_err(), "a key id");
        assert!(SigningKey::configured_openpgp("~/.ssh/id.pub").is_err());
        let sm2 = "0A1B2C3D".repeat(8);
        assert_eq!(SigningKey::configured_x509(&sm2).map(fingerprint).unwrap(), sm2.to_lowercase());
        assert!(SigningKey::configured_x509(&forty).is_err());
    }
}

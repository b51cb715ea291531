//! The user's own git, which holds the keys and does the signing.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::WorkspaceError;

/// The user's git, working in one repository.
#[derive(Debug, Clone, Copy)]
pub(super) struct Git<'a> {
    folder: &'a Path,
}

impl<'a> Git<'a> {
    /// Git in that folder.
    pub(super) fn new(folder: &'a Path) -> Self {
        Self { folder }
    }

    fn command(self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.folder).args(args);
        command
    }

    /// Runs git and gives back what it said, whether it succeeded or not.
    fn output(self, args: &[&str]) -> Result<Output, WorkspaceError> {
        let mut command = self.command(args);
        command.stdin(Stdio::null());
        command.output().map_err(|source| WorkspaceError::GitMissing { source })
    }

    /// Standard output of a command that must succeed.
    pub(super) fn read(self, args: &[&str]) -> Result<Vec<u8>, WorkspaceError> {
        let output = self.output(args)?;
        if output.status.success() { Ok(output.stdout) } else { Err(failed(args, &output)) }
    }

    /// What a command that must succeed said, as text without the line end.
    pub(super) fn read_text(self, args: &[&str]) -> Result<String, WorkspaceError> {
        Ok(String::from_utf8_lossy(&self.read(args)?).trim_end().to_owned())
    }

    /// Whether a command succeeds.
    pub(super) fn succeeds(self, args: &[&str]) -> Result<bool, WorkspaceError> {
        Ok(self.output(args)?.status.success())
    }

    /// First line of a command that may find nothing.
    pub(super) fn ask(self, args: &[&str]) -> Result<Option<String>, WorkspaceError> {
        let output = self.output(args)?;
        if !output.status.success() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok((!text.is_empty()).then_some(text))
    }

    /// A setting as git resolves it, whatever file it stands in.
    pub(super) fn setting(self, key: &str) -> Result<Option<String>, WorkspaceError> {
        self.ask(&["config", "--get", key])
    }

    /// A setting that names a file, `~` resolved.
    pub(super) fn path_setting(self, key: &str) -> Result<Option<String>, WorkspaceError> {
        self.ask(&["config", "--type=path", "--get", key])
    }

    /// Whether the index holds anything that is not committed.
    pub(super) fn has_staged_changes(self) -> Result<bool, WorkspaceError> {
        Ok(!self.output(&["diff", "--cached", "--quiet", "--no-ext-diff"])?.status.success())
    }

    /// Runs `git commit` with the message on standard input. The terminal stays
    /// the user's, for pass phrases and PINs.
    pub(super) fn commit(
        self,
        settings: &[String],
        identity: &Identity,
        message: &str,
    ) -> Result<(), WorkspaceError> {
        let mut args: Vec<&str> = settings.iter().flat_map(|setting| ["-c", setting.as_str()]).collect();
        args.extend(["commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-S", "-F", "-"]);
        let mut command = self.command(&args);
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), &identity.name);
            command.env(format!("GIT_{role}_EMAIL"), &identity.email);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|source| WorkspaceError::GitMissing { source })?;
        if let Some(mut pipe) = child.stdin.take() {
            // When git stops reading, its own message says why.
            let _ = pipe.write_all(message.as_bytes());
        }
        let output = child.wait_with_output().map_err(|source| WorkspaceError::GitMissing { source })?;
        if output.status.success() { Ok(()) } else { Err(failed(&["commit"], &output)) }
    }
}

/// The name and address that stand on both lines of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) email: String,
}

fn failed(args: &[&str], output: &Output) -> WorkspaceError {
    let said = String::from_utf8_lossy(&output.stderr);
    let said = if said.trim().is_empty() { String::from_utf8_lossy(&output.stdout) } else { said };
    WorkspaceError::GitFailed {
        command: args.first().copied().unwrap_or_default().to_owned(),
        output: said.trim().to_owned(),
    }
}

//! Runs the program as its user would.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::project::Project;

/// What a run of the program gave.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// Asserts the exit code and that all phrases stand in the output.
    #[track_caller]
    pub fn expect(self, code: i32, phrases: &[&str]) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.out, self.err);
        for phrase in phrases {
            assert!(
                self.out.contains(phrase) || self.err.contains(phrase),
                "no `{phrase}` in\n{}\n{}",
                self.out,
                self.err
            );
        }
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }
}

/// Runs the program with a clean environment in a folder.
pub fn jiedu(folder: &Path, args: &[&str], input: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jiedu"))
        .args(args)
        .current_dir(folder)
        .env_remove("JIEDU_TRUST")
        .env_remove("JIEDU_PUBLISH_KEY")
        .env_remove("JIEDU_LANG")
        .env_remove("JIEDU_REPO")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    let out = child.wait_with_output().unwrap();
    Run {
        code: out.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&out.stdout).into_owned(),
        err: String::from_utf8_lossy(&out.stderr).into_owned(),
    }
}

/// Runs the program in a repository, with its trust anchor where that matters.
pub fn in_project(project: &Project, args: &[&str]) -> Run {
    jiedu(project.path(), args, b"")
}

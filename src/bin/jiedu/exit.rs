//! The one table of exit codes (contract §5).
//!
//! 0 done and clean · 1 findings of severity error, or sets left out ·
//! 2 wrong usage, configuration or environment · 3 refused on security grounds.
//! A panic (101) never leaves the program: `main` turns it into 2.

use std::process::ExitCode;

/// How the program ends. Ordered: the higher one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done and clean.
    Clean,
    /// Findings of severity error, or sets left out.
    Findings,
    /// Wrong usage, configuration or environment.
    Usage,
    /// Refused on security grounds.
    Refused,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
        })
    }
}

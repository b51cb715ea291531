//! Why a command stops: wrong usage, or refused on security grounds.

use jiedu_approve::Refusal;
use jiedu_base::finding::{Finding, Severity};
use jiedu_base::text::Message;
use jiedu_source::SourceError;

/// What kind of stop it is; decides the exit code (contract §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StopKind {
    /// The content at fault leaves nothing to report: exit 1.
    Content,
    /// Wrong usage, configuration or environment: exit 2.
    Usage,
    /// Refused on security grounds, nothing written: exit 3.
    Security,
}

/// A command that could not go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Stop {
    /// Usage or security.
    pub kind: StopKind,
    /// Reason code, for refusals.
    pub code: Option<&'static str>,
    /// What happened and what to do next.
    pub message: Message,
    /// The places at fault, when there are any.
    pub findings: Vec<Finding>,
}

impl Stop {
    /// Wrong usage, configuration or environment.
    #[must_use]
    pub fn usage(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind: StopKind::Usage, code: None, message: Message::new(zh, en), findings: Vec::new() }
    }

    /// Refused on security grounds.
    #[must_use]
    pub fn refused(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            kind: StopKind::Security,
            code: Some(code),
            message: Message::new(zh, en),
            findings: Vec::new(),
        }
    }

    /// Adds the places at fault.
    #[must_use]
    pub fn with(mut self, findings: Vec<Finding>) -> Self {
        self.findings = findings;
        self
    }

    /// The exit code.
    #[must_use]
    pub fn exit(&self) -> u8 {
        match self.kind {
            StopKind::Content => 1,
            StopKind::Usage => 2,
            StopKind::Security => 3,
        }
    }
}

impl From<SourceError> for Stop {
    fn from(error: SourceError) -> Self {
        let kind = if error.code().is_some() { StopKind::Security } else { StopKind::Usage };
        Self { kind, code: error.code(), message: error.message(), findings: Vec::new() }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        let first = refusal.findings.iter().find(|finding| finding.severity == Severity::Error);
        let message = first.map_or_else(|| refusal.reason.explanation(), |finding| finding.message.clone());
        Self {
            kind: StopKind::Security,
            code: Some(refusal.reason.code()),
            message,
            findings: refusal.findings,
        }
    }
}

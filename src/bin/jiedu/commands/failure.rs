//! Every error of the library as a failure of the program, in one place.

use jiedu::output::OutputError;
use jiedu::pipeline::{Stop, StopKind};
use jiedu::source::SourceError;
use jiedu::text::Message;
use jiedu::workspace::WorkspaceError;

use crate::exit::Exit;
use crate::ui::Failure;

/// A security refusal has a reason code; everything else is the environment.
fn failure(code: Option<&'static str>, message: Message) -> Failure {
    let exit = if code.is_some() { Exit::Refused } else { Exit::Usage };
    let mut failure = Failure { exit, code, message, hints: Vec::new() };
    if let Some(code) = code {
        failure =
            failure.hint(format!("运行 jiedu explain {code} 查看说明"), format!("run jiedu explain {code}"));
    }
    failure
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        failure(error.code(), error.message())
    }
}

impl From<WorkspaceError> for Failure {
    fn from(error: WorkspaceError) -> Self {
        failure(error.code(), error.message())
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        let exit = match stop.kind {
            StopKind::Content => Exit::Findings,
            StopKind::Usage => Exit::Usage,
            StopKind::Security => Exit::Refused,
        };
        let mut failure = Self { exit, code: stop.code, message: stop.message, hints: Vec::new() };
        for finding in &stop.findings {
            let at = finding.place.position();
            let place = format!("{}:{}:{}", finding.place.path, at.line, at.column);
            if finding.message != failure.message {
                failure = failure.hint(
                    format!("{place} [{}] {}", finding.code, finding.message.zh),
                    format!("{place} [{}] {}", finding.code, finding.message.en),
                );
            }
            failure.hints.extend(finding.notes.iter().cloned());
        }
        match failure.code {
            Some(code) => failure
                .hint(format!("运行 jiedu explain {code} 查看说明"), format!("run jiedu explain {code}")),
            None => failure,
        }
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        let message = error.message();
        Self::usage(message.zh, message.en)
    }
}

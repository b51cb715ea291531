//! Findings: what is wrong with the content, as plain data.
//!
//! A [`Finding`] is about content, an error is about the world. Analysis never
//! stops at the first finding: it returns [`Checked<T>`], a value with all of
//! them. Findings are sorted by (path, start, code) before anybody sees them.
//!
//! To add an output format: one pure function in `render/`, one arm in
//! [`render::Format`], one snapshot.

mod baseline;
mod fingerprint;
pub mod render;
mod report;
mod rule;

use std::borrow::Cow;

pub use baseline::{Baseline, Known, STALE as BASELINE_STALE, Sorted, stale as baseline_stale};
pub use fingerprint::fingerprints;
pub use report::{Checked, sort};
pub use rule::Rule;

pub use crate::text::{Lang, Message};
use crate::text::{SourceFile, TextRange};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Shown, never blocks.
    Hint,
    /// To be disposed of by a person.
    Warning,
    /// Makes `check` exit with 1.
    Error,
}

impl Severity {
    /// The word used in JSON and in options.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How far a fix may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// Same meaning; `fix` applies it.
    Safe,
    /// Probably right; a person must agree (`fix --unsafe`).
    NeedsReview,
    /// A suggestion to read, never applied.
    DisplayOnly,
}

impl Applicability {
    /// The word used in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::NeedsReview => "needs-review",
            Self::DisplayOnly => "display-only",
        }
    }
}

/// One replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced; usually the finding's own range.
    pub range: TextRange,
    /// What stands there afterwards.
    pub replacement: String,
    /// How far it may be trusted.
    pub applicability: Applicability,
}

/// A second place that explains the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The file of the place.
    pub file: SourceFile,
    /// The place.
    pub range: TextRange,
    /// What is to be seen there.
    pub message: Message,
}

/// Where a finding points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, when its text could be read.
    pub file: Option<SourceFile>,
    /// Path relative to the repository, or `commit:<id>`.
    pub path: String,
    /// The bytes concerned; empty at 0 when the whole file is meant.
    pub range: TextRange,
    /// Line and column when they are known although the text is not
    /// (undecodable files).
    pub position: Option<crate::text::Position>,
}

impl Place {
    /// A range in a file.
    #[must_use]
    pub fn range(file: &SourceFile, range: TextRange) -> Self {
        Self { path: file.path().to_owned(), file: Some(file.clone()), range, position: None }
    }

    /// A whole file or commit.
    pub fn whole(path: impl Into<String>) -> Self {
        Self { file: None, path: path.into(), range: TextRange::default(), position: None }
    }

    /// Line and column, from 1.
    #[must_use]
    pub fn position(&self) -> crate::text::Position {
        self.position.unwrap_or_else(|| {
            let start = self.range.start;
            self.file
                .as_ref()
                .map_or(crate::text::Position { line: 1, column: 1 }, |file| file.position(start))
        })
    }
}

/// One thing that is wrong with the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable code: `TS-01`, `STEP_MISSING`, `P203` …
    pub code: &'static str,
    /// Kebab-case name of the rule, the one people type in suppressions.
    pub rule: &'static str,
    /// Family; the names of the proofreading kit where they fit.
    pub category: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Whether the set concerned may not be published because of it.
    pub blocks: bool,
    /// The set concerned (`2025/slug`, `site`, `roster/2`), when known.
    pub set: Option<String>,
    /// Where it is.
    pub place: Place,
    /// One line, with the offending text.
    pub message: Message,
    /// More places.
    pub labels: Vec<Label>,
    /// What to do next, and why it matters.
    pub notes: Vec<Message>,
    /// A replacement, when one is known. In the place's file.
    pub fix: Option<Fix>,
    /// Who found it: `jiedu`, `wordlist:<path>` …
    pub source: Cow<'static, str>,
}

impl Finding {
    /// A finding of the program itself that blocks nothing.
    #[must_use]
    pub fn new(
        code: &'static str,
        rule: &'static str,
        category: &'static str,
        severity: Severity,
        place: Place,
        message: Message,
    ) -> Self {
        Self {
            code,
            rule,
            category,
            severity,
            blocks: false,
            set: None,
            place,
            message,
            labels: Vec::new(),
            notes: Vec::new(),
            fix: None,
            source: Cow::Borrowed("jiedu"),
        }
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.notes.push(Message::new(zh, en));
        self
    }

    /// Adds a label.
    #[must_use]
    pub fn label(mut self, file: &SourceFile, range: TextRange, message: Message) -> Self {
        self.labels.push(Label { file: file.clone(), range, message });
        self
    }

    /// Sets the fix: replaces the finding's own range.
    #[must_use]
    pub fn fix(mut self, replacement: impl Into<String>, applicability: Applicability) -> Self {
        self.fix = Some(Fix { range: self.place.range, replacement: replacement.into(), applicability });
        self
    }

    /// Names the set concerned.
    #[must_use]
    pub fn in_set(mut self, set: impl Into<String>) -> Self {
        self.set = Some(set.into());
        self
    }

    /// Marks the finding as one that keeps its set from being published.
    #[must_use]
    pub fn blocking(mut self) -> Self {
        self.blocks = true;
        self
    }
}

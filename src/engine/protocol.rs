//! The messages of the protocol, as they stand on the wire.
//!
//! Unknown fields are passed over on both sides, so that a later version can say
//! more; what changes a meaning gets a new protocol name.

use serde::{Deserialize, Serialize};

/// Protocol of a request.
pub const REQUEST: &str = "jiedu.proof-request/1";
/// Protocol of an answer.
pub(super) const ANSWER: &str = "jiedu.proof-answer/1";

/// What an engine is asked: one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Always [`REQUEST`].
    pub protocol: String,
    /// The text.
    pub document: Document,
    /// Its prose in reading order.
    pub segments: Vec<Segment>,
    /// `official`, `regulation` or `interpretation`.
    pub profile: String,
    /// The office's own words.
    pub lists: super::prepare::Lists,
    /// What was found already.
    pub findings: Vec<Known>,
    /// What the host allows.
    pub limits: WireLimits,
}

impl Request {
    /// The same request under other limits.
    #[must_use]
    pub fn with_limits(&self, limits: super::prepare::Limits) -> Self {
        Self { limits: limits.on_wire(), ..self.clone() }
    }
}

/// The text of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its path, for messages only.
    pub path: String,
    /// `text/markdown`.
    pub media_type: String,
    /// `sha256:<hex>` of `text` as UTF-8.
    pub sha256: String,
    /// The text; front matter is blank and personal data written as `X`, so that
    /// offsets are those of the file.
    pub text: String,
}

/// A piece of prose as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Its number, from 0.
    pub id: usize,
    /// `heading`, `paragraph`, `list-item`, `table-cell`, `quote`, `footnote`,
    /// `image-text` or `front-matter`.
    pub kind: String,
    /// First byte of its block in the text.
    pub start: usize,
    /// Byte after its block.
    pub end: usize,
    /// The prose, without Markdown marks.
    pub text: String,
}

/// A finding of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Code of the rule.
    pub code: String,
    /// Family.
    pub category: String,
    /// First byte in the text.
    pub start: usize,
    /// Byte after it.
    pub end: usize,
}

/// Limits that the host keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireLimits {
    /// Seconds until the engine is stopped.
    pub seconds: u64,
    /// Bytes of an answer.
    pub answer_bytes: usize,
    /// Findings that are kept.
    pub findings: usize,
}

/// What an engine answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Always `jiedu.proof-answer/1`.
    pub protocol: String,
    /// Who answers.
    pub engine: EngineId,
    /// `sha256` of the text that was read.
    pub document: String,
    /// What was found.
    #[serde(default)]
    pub findings: Vec<AnswerFinding>,
    /// Segments that were not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<Declined>,
    /// Why there is no answer; findings are then not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// An engine by its own name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EngineId {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Whether the same request always gets the same answer.
    #[serde(default)]
    pub deterministic: bool,
}

/// One finding of an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerFinding {
    /// The segment that the range speaks of; the whole text when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<usize>,
    /// First byte.
    pub start: usize,
    /// Byte after it.
    pub end: usize,
    /// What stands there: proof that both sides mean the same bytes.
    pub quote: String,
    /// Family, such as `wrong-word`; any other word is taken as `external`.
    #[serde(default)]
    pub category: String,
    /// What is wrong, in one line.
    pub message: String,
    /// What to write instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// `hint` or `warning`; never more than the host allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// From 0 to 1; shown to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

/// A segment that an engine did not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// Its number.
    pub segment: usize,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

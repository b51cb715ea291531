//! Answers on record, so that a check can be repeated without the engine.
//!
//! One JSON file an answer, named by the digest of the text that was sent and a
//! digest of the engine's name and version: the same text and engine give the
//! same file. A record is input from outside like any answer and is judged again
//! each time it is used.

use serde::{Deserialize, Serialize};

use jiedu_base::finding::Severity;
use jiedu_base::name::Digest;

use super::Reply;
use super::accept::clean;
use super::fault::Fault;
use super::prepare::Limits;
use super::protocol::{Answer, EngineId};

const SCHEMA: &str = "jiedu.engine-record/1";

/// One answer on record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Always `jiedu.engine-record/1`.
    schema: String,
    /// `sha256:<hex>` of the text that was sent.
    pub document: String,
    /// The highest severity that was allowed: `hint` or `warning`.
    grade: String,
    /// The answer.
    pub answer: Answer,
}

/// The name of the file in which an answer is kept.
///
/// ```
/// use jiedu_engine::{EngineId, record_name};
/// let engine = EngineId { name: "x".into(), version: "1".into(), deterministic: true };
/// let name = record_name(&format!("sha256:{}", "0".repeat(64)), &engine).unwrap();
/// assert!(name.starts_with("0000") && name.ends_with(".json"));
/// ```
#[must_use]
pub fn record_name(document: &str, engine: &EngineId) -> Option<String> {
    let text = Digest::parse(document).ok()?.hex();
    let engine =
        Digest::of(format!("jiedu-engine/1\n{}\n{}\n", engine.name, engine.version).as_bytes()).hex();
    Some(format!("{text}-{}.json", engine.get(..16)?))
}

impl Record {
    /// The record of an answer.
    #[must_use]
    pub fn new(answer: Answer, grade: Severity) -> Self {
        let grade = if grade == Severity::Hint { "hint" } else { "warning" };
        Self { schema: SCHEMA.to_owned(), document: answer.document.clone(), grade: grade.to_owned(), answer }
    }

    /// The bytes of the file.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Plain structs with string keys always serialise.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Who gave the answer of a record.
    #[must_use]
    pub fn engine(bytes: &[u8]) -> Option<EngineId> {
        let record: Self = serde_json::from_slice(bytes).ok()?;
        let EngineId { name, version, deterministic } = record.answer.engine;
        Some(EngineId { name: clean(&name, 60), version: clean(&version, 60), deterministic })
    }

    /// What a record says, as a reply.
    #[must_use]
    pub fn reply(bytes: &[u8]) -> Reply {
        let malformed = |why: String| Reply {
            name: "?".to_owned(),
            grade: Severity::Hint,
            limits: Limits::default(),
            answer: Err(Fault::Malformed { why }),
        };
        let record: Self = match serde_json::from_slice(bytes) {
            Ok(record) => record,
            Err(error) => return malformed(clean(&error.to_string(), 200)),
        };
        if record.schema != SCHEMA {
            return malformed("schema".to_owned());
        }
        Reply {
            name: clean(&record.answer.engine.name, 60),
            grade: if record.grade == "warning" { Severity::Warning } else { Severity::Hint },
            // An engine's own limits held when the answer was taken down.
            limits: Limits { findings: usize::MAX, answer_bytes: usize::MAX, ..Limits::default() },
            answer: Ok(serde_json::to_vec(&record.answer).unwrap_or_default()),
        }
    }
}

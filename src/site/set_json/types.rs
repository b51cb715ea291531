//! The shapes of the machine twins. What is here is a promise: fields are
//! added, never renamed or removed.

use serde::Serialize;

/// `set.json`.
#[derive(Debug, Serialize)]
pub(super) struct SetJson<'a> {
    pub(super) schema: &'static str,
    pub(super) id: &'a str,
    pub(super) url: String,
    pub(super) state: &'static str,
    pub(super) draft: bool,
    pub(super) metadata: MetadataJson<'a>,
    pub(super) validity: ValidityJson,
    pub(super) provisions: Vec<ProvisionJson<'a>>,
    pub(super) references: Vec<crate::references::ReferenceJson<'a>>,
    pub(super) cited_by: Vec<crate::references::CitedByJson<'a>>,
    pub(super) coverage: crate::body::Coverage,
    pub(super) interpretations: Vec<InterpretationJson<'a>>,
    pub(super) questions: Vec<QuestionJson<'a>>,
    pub(super) opinions: Option<OpinionsJson<'a>>,
    pub(super) topics: Vec<String>,
    pub(super) attachments: Vec<FileJson<'a>>,
    pub(super) editions: Vec<EditionJson<'a>>,
    pub(super) comparisons: Vec<crate::compare_json::ComparisonJson>,
    pub(super) evidence: EvidenceJson,
}

#[derive(Debug, Serialize)]
pub(super) struct MetadataJson<'a> {
    pub(super) title: &'a str,
    pub(super) issuers: Vec<&'a str>,
    pub(super) document_number: Option<&'a str>,
    pub(super) index_number: Option<&'a str>,
    pub(super) registration_number: Option<&'a str>,
    pub(super) class: &'static str,
    pub(super) subject: Option<Vec<&'a str>>,
    pub(super) signed_date: Option<String>,
    pub(super) publish_date: Option<String>,
    pub(super) effective_date: Option<String>,
    pub(super) expires: Option<String>,
    pub(super) validity: Option<&'static str>,
    pub(super) stage: &'static str,
    pub(super) consultation: Option<ConsultationJson<'a>>,
    pub(super) amends: Vec<&'a str>,
    pub(super) repeals: Vec<&'a str>,
    pub(super) no_interpretation: Option<&'a str>,
    pub(super) source: Option<SourceJson<'a>>,
    pub(super) aliases: Vec<&'a str>,
    pub(super) corrections: Vec<CorrectionJson<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct CorrectionJson<'a> {
    pub(super) date: String,
    pub(super) note: &'a str,
}

/// A question of `qa.toml` with its answer.
#[derive(Debug, Serialize)]
pub(super) struct QuestionJson<'a> {
    pub(super) id: &'a str,
    pub(super) question: &'a str,
    pub(super) answer: &'a str,
    pub(super) clauses: Vec<ClauseJson>,
    pub(super) source: Option<&'a str>,
    pub(super) answered_by: Option<&'a str>,
    pub(super) date: Option<String>,
    pub(super) url: String,
}

/// A provision, or a policy as a whole, that an entry of a data file names.
#[derive(Debug, Serialize)]
pub(super) struct ClauseJson {
    pub(super) reference: String,
    pub(super) url: Option<String>,
}

/// `opinions.toml`.
#[derive(Debug, Serialize)]
pub(super) struct OpinionsJson<'a> {
    pub(super) published: Option<String>,
    pub(super) received: Option<u32>,
    pub(super) note: Option<&'a str>,
    pub(super) opinions: Vec<OpinionJson<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct OpinionJson<'a> {
    pub(super) text: &'a str,
    pub(super) source: Option<&'a str>,
    pub(super) count: u32,
    pub(super) adopted: Option<&'static str>,
    pub(super) reason: Option<&'a str>,
    pub(super) clauses: Vec<ClauseJson>,
    pub(super) draft_clauses: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct ConsultationJson<'a> {
    pub(super) from: String,
    pub(super) until: String,
    pub(super) channels: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct SourceJson<'a> {
    pub(super) name: &'a str,
    pub(super) url: &'a str,
    pub(super) date: String,
}

#[derive(Debug, Serialize)]
pub(super) struct ValidityJson {
    pub(super) state: &'static str,
    /// The day of which `state` is said.
    pub(super) as_of: String,
    pub(super) date: Option<String>,
    pub(super) document: Option<String>,
    pub(super) url: Option<String>,
    /// The states day by day, as far as the published documents tell.
    pub(super) spans: Vec<ValiditySpanJson>,
}

/// A state with its first and last day.
#[derive(Debug, Serialize)]
pub(super) struct ValiditySpanJson {
    pub(super) state: &'static str,
    pub(super) from: String,
    pub(super) until: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct ProvisionJson<'a> {
    pub(super) anchor: &'a str,
    pub(super) label: &'a str,
    pub(super) reference: &'a str,
    pub(super) heading: &'a str,
    pub(super) depth: u8,
    pub(super) parent: Option<&'a str>,
    /// In the twin of an edition only, which never changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<&'a str>,
    pub(super) fingerprint: String,
    /// Absent in the twin of an edition, which never changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) explained_by: Option<Vec<ExplanationJson>>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct ExplanationJson {
    pub(super) set: String,
    pub(super) material: String,
    pub(super) anchor: String,
    pub(super) url: String,
    pub(super) stale: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct InterpretationJson<'a> {
    pub(super) set: &'a str,
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) form: Option<&'a str>,
    pub(super) stage: &'static str,
    pub(super) source: Option<&'a str>,
    pub(super) publish_date: Option<String>,
    pub(super) url: String,
    pub(super) sections: Vec<SectionJson<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct SectionJson<'a> {
    pub(super) anchor: &'a str,
    pub(super) heading: &'a str,
    pub(super) explains: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct FileJson<'a> {
    pub(super) path: &'a str,
    pub(super) url: String,
    pub(super) size: usize,
    pub(super) sha256: String,
}

#[derive(Debug, Serialize)]
pub(super) struct EditionJson<'a> {
    pub(super) number: u32,
    pub(super) url: String,
    pub(super) publish_date: String,
    pub(super) digest: String,
    pub(super) check_code: String,
    pub(super) commit: &'a str,
    pub(super) instant: String,
    pub(super) revision: u32,
    pub(super) profile: &'a str,
    pub(super) current: bool,
    pub(super) applies_from: Option<String>,
    pub(super) applies_until: Option<String>,
    pub(super) void: Option<&'static str>,
    pub(super) steps: Vec<StepJson<'a>>,
}

/// `v<N>/edition.json`: the text of an edition, and nothing that later builds
/// learn.
#[derive(Debug, Serialize)]
pub(super) struct EditionTextJson<'a> {
    pub(super) schema: &'static str,
    pub(super) set: &'a str,
    pub(super) url: String,
    pub(super) number: u32,
    pub(super) publish_date: String,
    pub(super) digest: String,
    pub(super) check_code: String,
    pub(super) draft: bool,
    pub(super) metadata: MetadataJson<'a>,
    pub(super) provisions: Vec<ProvisionJson<'a>>,
    pub(super) attachments: Vec<FileJson<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct StepJson<'a> {
    pub(super) step: &'a str,
    pub(super) post: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'a str>,
    pub(super) substitute: bool,
    pub(super) claimed_at: String,
    pub(super) key_fingerprint: &'a str,
    pub(super) statement: String,
    /// Digest of the proofreading report, where the step names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) report: Option<String>,
    pub(super) commit: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct EvidenceJson {
    pub(super) record: String,
    pub(super) manifest: Option<String>,
    pub(super) set_manifests: Vec<String>,
    pub(super) statements: Vec<String>,
}

/// `record/index.json`.
#[derive(Debug, Serialize)]
pub(super) struct RecordJson<'a> {
    pub(super) schema: &'static str,
    pub(super) set: &'a str,
    pub(super) state: &'static str,
    pub(super) draft: bool,
    pub(super) withdrawn: Option<WithdrawnJson>,
    pub(super) editions: Vec<EditionJson<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct WithdrawnJson {
    pub(super) statement: String,
    pub(super) claimed_at: String,
}

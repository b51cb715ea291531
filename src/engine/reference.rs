//! The reference engine: the program's own rules behind the protocol.
//!
//! It shows how an answer is made and is the known good side of the conformance
//! test. `jiedu engine` serves it.

use jiedu_base::finding::Finding;
use jiedu_base::text::SourceFile;
use jiedu_markdown::parse_body;
use jiedu_proof::{self as proof, Profile, body_range, check_body};

use super::prepare::profile_name;
use super::protocol::{ANSWER, Answer, AnswerFinding, EngineId, REQUEST, Request};

/// Answers the bytes of a request. Whatever they are, there is an answer.
#[must_use]
pub fn reference_answer(bytes: &[u8]) -> Answer {
    let engine = EngineId {
        name: "jiedu".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        deterministic: true,
    };
    let refuse = |error: String| Answer {
        protocol: ANSWER.to_owned(),
        engine: engine.clone(),
        document: String::new(),
        findings: Vec::new(),
        declined: Vec::new(),
        error: Some(error),
    };
    let request: Request = match serde_json::from_slice(bytes) {
        Ok(request) => request,
        Err(error) => return refuse(format!("not a request: {error}")),
    };
    if request.protocol != REQUEST {
        return refuse(format!("unknown protocol {}", request.protocol));
    }
    let file = SourceFile::new(&request.document.path, &request.document.text);
    let body = parse_body(&file, body_range(&file));
    let known = [Profile::Official, Profile::Regulation, Profile::Interpretation];
    let profile = known.into_iter().find(|one| profile_name(*one) == request.profile).unwrap_or_default();
    let allowed = request.lists.allow.iter().map(String::as_str);
    let found = check_body(&body, profile, &proof::Lists::new([]).for_text(None, allowed));
    let findings = found.iter().filter(|finding| !finding.place.range.is_empty());
    Answer {
        document: request.document.sha256.clone(),
        findings: findings.take(request.limits.findings).map(|finding| said(finding, &file)).collect(),
        error: None,
        ..refuse(String::new())
    }
}

fn said(finding: &Finding, file: &SourceFile) -> AnswerFinding {
    let range = finding.place.range;
    let fix = finding.fix.as_ref().filter(|fix| fix.range == range);
    AnswerFinding {
        segment: None,
        start: range.start,
        end: range.end,
        quote: file.slice(range).to_owned(),
        category: finding.category.to_owned(),
        message: finding.message.zh.clone(),
        suggestion: fix.map(|fix| fix.replacement.clone()),
        severity: Some(finding.severity.as_str().to_owned()),
        confidence: None,
    }
}

//! What became of each document, as a file to work through and to go on from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::listing::quoted;
use jiedu_base::text::Message;

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It is in a set now.
    Imported,
    /// It was in a set before this run.
    Already,
    /// It is the same text as another.
    Duplicate,
    /// An interpretation whose policy is not sure: it was not written.
    Doubtful,
    /// It was changed since an earlier run wrote it; nothing was overwritten.
    Changed,
    /// It bears a mark of secrecy and was not written.
    Marked,
    /// It could not be read or written.
    Failed,
}

impl Outcome {
    /// The word in machine output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Already => "already",
            Self::Duplicate => "duplicate",
            Self::Doubtful => "doubtful",
            Self::Changed => "changed",
            Self::Marked => "marked",
            Self::Failed => "failed",
        }
    }

    /// The words for people.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::Imported => Message::new("已导入", "imported"),
            Self::Already => Message::new("以前已导入", "imported before"),
            Self::Duplicate => Message::new("重复", "duplicate"),
            Self::Doubtful => Message::new("对应政策不确定，没有写入", "policy not sure, not written"),
            Self::Changed => Message::new("原件已改变，没有覆盖", "changed since, not overwritten"),
            Self::Marked => Message::new("带有密级标志，没有写入", "marked as secret, not written"),
            Self::Failed => Message::new("没有导入", "not imported"),
        }
    }
}

/// The report on one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentReport {
    /// Path below the shelf.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub digest: String,
    /// Where it was.
    pub old: String,
    /// Where it is on the new site.
    pub new: Option<String>,
    /// The set.
    pub set: Option<String>,
    /// `policy` or `material`.
    pub role: &'static str,
    /// Where it lies in the repository.
    pub path: Option<String>,
    /// Its title.
    pub title: String,
    /// 发文字号.
    pub number: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The document of which it is a copy, or the reason why it was not written.
    pub reason: String,
    /// Policies that it may explain, with what speaks for each.
    pub candidates: Vec<(String, Vec<String>)>,
    /// Documents that it replaces, with what speaks for it.
    pub replaces: Vec<(String, String)>,
    /// Printed names and paths of its attachments.
    pub attachments: Vec<(String, String)>,
    /// Links to files that are not on the shelf.
    pub missing: Vec<String>,
    /// What was left out of the text: kinds and how often.
    pub lost: BTreeMap<String, usize>,
}

/// The report in the form `jiedu.migrate/1`.
#[must_use]
pub fn migrate_json(documents: &[DocumentReport]) -> Value {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for document in documents {
        *counts.entry(document.outcome.word()).or_default() += 1;
    }
    let pairs = |pairs: &[(String, String)], a: &str, b: &str| -> Vec<Value> {
        pairs.iter().map(|(first, second)| json!({a: first, b: second})).collect()
    };
    let documents: Vec<Value> = documents
        .iter()
        .map(|it| {
            let candidates: Vec<Value> =
                it.candidates.iter().map(|(set, found)| json!({"policy": set, "evidence": found})).collect();
            json!({
                "file": it.file, "digest": it.digest, "old": it.old, "new": it.new, "set": it.set, "as": it.role,
                "path": it.path, "title": it.title, "number": it.number, "outcome": it.outcome.word(),
                "reason": it.reason, "candidates": candidates,
                "replaces": pairs(&it.replaces, "file", "evidence"),
                "attachments": pairs(&it.attachments, "name", "path"), "missing": it.missing, "lost": it.lost,
            })
        })
        .collect();
    json!({"schema": "jiedu.migrate/1", "counts": counts, "documents": documents})
}

/// What an earlier run wrote, by file: digest, set, path, address.
pub(super) fn earlier(text: &str) -> BTreeMap<String, Value> {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let documents = value["documents"].as_array().cloned().unwrap_or_default();
    let of_set = |it: &Value| {
        it["set"].is_string()
            && matches!(it["outcome"].as_str(), Some("imported" | "already" | "duplicate" | "changed"))
    };
    documents
        .into_iter()
        .filter(of_set)
        .filter_map(|it| Some((it["file"].as_str()?.to_owned(), it)))
        .collect()
}

/// Old and new addresses; attachments among them.
pub(super) fn redirects(documents: &[DocumentReport]) -> String {
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    for document in documents {
        if let Some(new) = &document.new {
            rows.entry(document.old.clone()).or_insert_with(|| new.clone());
        }
    }
    let mut out = String::from("old,new\n");
    for (old, new) in rows {
        let _ = writeln!(out, "{},{}", quoted(&old), quoted(&new));
    }
    out
}

/// The report for people, what needs a person first.
pub(super) fn sheet(documents: &[DocumentReport]) -> String {
    let mut out = String::from("# 迁移报告\n");
    let order = [
        Outcome::Marked,
        Outcome::Failed,
        Outcome::Doubtful,
        Outcome::Changed,
        Outcome::Duplicate,
        Outcome::Imported,
        Outcome::Already,
    ];
    for outcome in order {
        let of: Vec<&DocumentReport> = documents.iter().filter(|it| it.outcome == outcome).collect();
        if of.is_empty() {
            continue;
        }
        let _ = write!(out, "\n## {}（{} 件）\n\n", outcome.message().zh, of.len());
        for it in of {
            one(&mut out, it);
        }
    }
    out
}

fn one(out: &mut String, it: &DocumentReport) {
    let place = it.path.as_ref().map_or(String::new(), |path| format!(" → `{path}`"));
    let _ = writeln!(out, "- `{}` {}{place}", it.file, it.title);
    if !it.reason.is_empty() {
        let _ = writeln!(out, "  - {}", it.reason);
    }
    for (set, found) in &it.candidates {
        let _ = writeln!(out, "  - 对应政策：{set}（{}）", found.join("；"));
    }
    for (other, found) in &it.replaces {
        let _ = writeln!(out, "  - 取代 {other}（{found}）");
    }
    for file in &it.missing {
        let _ = writeln!(out, "  - 缺少附件：{file}");
    }
    let lost: Vec<String> = it.lost.iter().map(|(what, count)| format!("{what} {count} 处")).collect();
    if !lost.is_empty() {
        let _ = writeln!(out, "  - 没有导入：{}", lost.join("、"));
    }
}

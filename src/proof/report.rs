//! The proofreading report: what a proofreader signs off (proofreading.md §9).
//!
//! Canonical JSON: keys sorted, no blanks, one line feed at the end, so that
//! the same text, rules, lists and model give the same bytes anywhere and the
//! SHA-256 of the bytes names the report. No time, no person, no path outside
//! the repository. Personal data are masked, as in every message.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Serialize;

use jiedu_base::finding::{Finding, Severity, fingerprints};
use jiedu_base::name::Digest;

use super::model::{Model, lexicon};
use super::profile::Profile;
use super::registry;
use super::suppress::SetAside;

/// A text that was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Text {
    /// Path relative to the repository.
    pub path: String,
    /// How severe the rules were with it; none for attachments.
    pub profile: Option<Profile>,
    /// Hexadecimal SHA-256 of its bytes.
    pub sha256: String,
}

/// A word list that was used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ListFile {
    /// Path relative to the repository.
    pub path: String,
    /// Hexadecimal SHA-256 of its bytes.
    pub sha256: String,
}

/// An answer of an external proofreader that was on record with the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EngineAnswer {
    /// `sha256:<hex>` of the record.
    pub answer: String,
    /// Name of the engine.
    pub name: String,
    /// The text that it read.
    pub path: String,
    /// Version of the engine.
    pub version: String,
}

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Disposition {
    /// It stands in the text.
    Open,
    /// The text sets it aside and says why.
    Suppressed,
    /// It stood in the text before this one, and does not any more.
    Fixed,
}

/// One finding of the report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Entry {
    /// The rule's code.
    pub code: &'static str,
    /// Column, from 1, in characters.
    pub column: usize,
    /// What became of it.
    pub disposition: Disposition,
    /// What names it from one run to the next.
    pub fingerprint: String,
    /// Line, from 1; of the earlier text where it was fixed.
    pub line: usize,
    /// The message in Chinese.
    pub message: String,
    /// The file.
    pub path: String,
    /// Why it was set aside.
    pub reason: Option<String>,
    /// The rule's name.
    pub rule: &'static str,
    /// `error`, `warning`, `hint`.
    pub severity: &'static str,
    /// The external proofreader that said so; none for the program's own rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The report about one text of one set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Digest of the text that `fixed` findings stood in; none when there is
    /// nothing to compare with.
    base: Option<String>,
    /// Digest of the set.
    digest: String,
    /// Answers of external proofreaders; left out when there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    engines: Vec<EngineAnswer>,
    findings: Vec<Entry>,
    lists: Vec<ListFile>,
    /// Digest of the statistical model.
    model: String,
    /// Digest of the rules and of the words they know.
    rules: String,
    schema: &'static str,
    set: String,
    texts: Vec<Text>,
}

/// Everything found in one text of one set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// What is to be dealt with.
    pub open: Vec<Finding>,
    /// What the text sets aside.
    pub aside: Vec<SetAside>,
    /// Which answers of external proofreaders are among it.
    pub engines: Vec<EngineAnswer>,
}

impl Report {
    /// The report about a text. `before` is the text it is compared with, for
    /// what was fixed.
    #[must_use]
    pub fn new(
        set: &str,
        digest: Digest,
        mut texts: Vec<Text>,
        mut lists: Vec<ListFile>,
        model: &Model<'_>,
        reading: Reading,
        before: Option<(Digest, Reading)>,
    ) -> Self {
        texts.sort();
        lists.sort();
        let base = before.as_ref().map(|(digest, _)| digest.to_string());
        let mut engines = reading.engines.clone();
        engines.sort();
        let mut findings = entries(reading);
        if let Some((_, earlier)) = before {
            findings.extend(fixed(&findings, &entries(earlier)));
        }
        findings.sort_by(|a, b| key(a).cmp(&key(b)));
        Self {
            base,
            digest: digest.to_string(),
            engines,
            findings,
            lists,
            model: model.digest(),
            rules: rules_digest().to_string(),
            schema: "jiedu.report/1",
            set: set.to_owned(),
            texts,
        }
    }

    /// The answers of external proofreaders that it rests on.
    #[must_use]
    pub fn engines(&self) -> &[EngineAnswer] {
        &self.engines
    }

    /// The findings, by place.
    #[must_use]
    pub fn findings(&self) -> &[Entry] {
        &self.findings
    }

    /// How many findings have the disposition.
    #[must_use]
    pub fn count(&self, disposition: Disposition) -> usize {
        self.findings.iter().filter(|entry| entry.disposition == disposition).count()
    }

    /// How many errors are open: what should not be signed off.
    #[must_use]
    pub fn open_errors(&self) -> usize {
        let severity = Severity::Error.as_str();
        let open = |entry: &&Entry| entry.disposition == Disposition::Open && entry.severity == severity;
        self.findings.iter().filter(open).count()
    }

    /// The bytes of the report.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Plain structs always serialise; their fields stand in order.
        let mut text = serde_json::to_string(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// What `Approval-Report` names.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.to_json().as_bytes())
    }
}

type Key<'a> = (&'a str, usize, usize, &'a str, Disposition, &'a str);

fn key(entry: &Entry) -> Key<'_> {
    (&entry.path, entry.line, entry.column, entry.code, entry.disposition, &entry.fingerprint)
}

/// What of the open findings of an earlier text is gone. A finding whose
/// sentence changed has another fingerprint; as long as the same is said as
/// often about the file, it was not mended.
fn fixed(now: &[Entry], earlier: &[Entry]) -> Vec<Entry> {
    let prints: BTreeSet<(&str, &str)> = earlier.iter().map(print).collect();
    let mut said: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for new in now.iter().filter(|new| !prints.contains(&print(new))) {
        *said.entry((&new.path, new.code, &new.message)).or_default() += 1;
    }
    let kept: BTreeSet<(&str, &str)> = now.iter().map(print).collect();
    let mut is_gone = Vec::new();
    for old in earlier {
        let counts = old.disposition == Disposition::Open && !kept.contains(&print(old));
        let said = said.get_mut(&(old.path.as_str(), old.code, old.message.as_str()));
        let again = counts && said.is_some_and(|count| std::mem::replace(count, count.saturating_sub(1)) > 0);
        is_gone.push(counts && !again);
    }
    let mended = earlier.iter().zip(is_gone).filter(|(_, gone)| *gone);
    mended.map(|(old, _)| Entry { disposition: Disposition::Fixed, ..old.clone() }).collect()
}

fn print(entry: &Entry) -> (&str, &str) {
    (&entry.path, &entry.fingerprint)
}

/// The findings of a reading with their fingerprints, which only all of them
/// together have.
fn entries(reading: Reading) -> Vec<Entry> {
    let open = reading.open.into_iter().map(|finding| (finding, None));
    let aside = reading.aside.into_iter().map(|aside| (aside.finding, Some(aside.reason)));
    let mut all: Vec<(Finding, Option<String>)> = open.chain(aside).collect();
    all.sort_by(|(a, _), (b, _)| {
        let key = |finding: &Finding| (finding.place.path.clone(), finding.place.range, finding.code);
        key(a).cmp(&key(b))
    });
    let (findings, reasons): (Vec<Finding>, Vec<Option<String>>) = all.into_iter().unzip();
    let prints = fingerprints(&findings);
    let rows = findings.into_iter().zip(reasons).zip(prints);
    rows.map(|((finding, reason), fingerprint)| {
        let position = finding.place.position();
        Entry {
            code: finding.code,
            column: position.column,
            disposition: if reason.is_some() { Disposition::Suppressed } else { Disposition::Open },
            fingerprint,
            line: position.line,
            message: finding.message.zh,
            path: finding.place.path,
            reason,
            rule: finding.rule,
            severity: finding.severity.as_str(),
            source: Some(finding.source.into_owned()).filter(|source| source.starts_with("engine:")),
        }
    })
    .collect()
}

/// The digest of the rules: their identities and severities, and the words and
/// confusions they know. A corrected page of documentation does not change it.
#[must_use]
pub fn rules_digest() -> Digest {
    static DIGEST: LazyLock<Digest> = LazyLock::new(|| {
        let rules: Vec<String> = registry::all()
            .chain(jiedu_attach::rules())
            .map(|rule| {
                format!("{}\t{}\t{}\t{}\n", rule.code, rule.name, rule.category, rule.severity.as_str())
            })
            .collect();
        let mut parts: Vec<&[u8]> = vec![b"jiedu-rules/1\n"];
        parts.extend(rules.iter().map(String::as_bytes));
        parts.push(include_bytes!("data/words.txt"));
        parts.push(include_bytes!("data/free.txt"));
        parts.extend(lexicon::tables());
        Digest::of_parts(&parts)
    });
    *DIGEST
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lists, read_body};
    use jiedu_base::text::{SourceFile, TextRange};

    fn reading(text: &str) -> Reading {
        let file = SourceFile::new("content/policies/2025/a/policy.md", text);
        let body = jiedu_markdown::parse_body(&file, TextRange::new(0, text.len()));
        let read = read_body(&body, Profile::Official, &Lists::default(), Vec::new());
        Reading { open: read.open, aside: read.aside, engines: Vec::new() }
    }

    fn report(text: &str, before: Option<&str>) -> Report {
        let texts = vec![Text { path: "b".into(), profile: None, sha256: "0".into() }];
        let before = before.map(|text| (Digest::of(text.as_bytes()), reading(text)));
        Report::new(
            "2025/a",
            Digest::of(text.as_bytes()),
            texts,
            Vec::new(),
            Model::builtin(),
            reading(text),
            before,
        )
    }

    #[test]
    fn every_finding_has_a_disposition() {
        let old = "加强监管,抓好落实。\n\n各科室,各单位应当捡查。\n";
        let new =
            "<!-- 校对:忽略 half-width-mark 原文如此 -->\n加强监管,抓好落实。\n\n各科室,各单位应当检查。\n";
        let report = report(new, Some(old));
        let of = |wanted| report.findings().iter().filter(|e| e.disposition == wanted).collect::<Vec<_>>();
        let (open, aside, fixed) =
            (of(Disposition::Open), of(Disposition::Suppressed), of(Disposition::Fixed));
        assert_eq!((open.len(), aside.len(), fixed.len()), (1, 1, 1), "{:#?}", report.findings());
        assert_eq!((aside[0].line, aside[0].reason.as_deref()), (2, Some("原文如此")));
        assert_eq!((fixed[0].message.is_empty(), fixed[0].line), (false, 3));
        assert_eq!(report.open_errors(), 1);
    }

    #[test]
    fn the_bytes_are_canonical_and_depend_on_everything() {
        let one = report("加强监管,抓好落实。\n", None);
        let json = one.to_json();
        assert_eq!(one.digest(), Digest::of(json.as_bytes()));
        // Sorted keys, no blanks: what a reader of any language writes again.
        let value: BTreeMap<String, serde_json::Value> = serde_json::from_str(&json).unwrap();
        let order: Vec<usize> = value.keys().map(|key| json.find(&format!("\"{key}\":")).unwrap()).collect();
        assert!(json.starts_with("{\"base\":null,\"digest\":") && json.ends_with("}\n"));
        assert_eq!(order.len(), 9);
        for other in
            [report("加强监管，抓好落实。\n", None), report("加强监管,抓好落实。\n", Some("甲,乙。\n"))]
        {
            assert_ne!(other.digest(), one.digest());
        }
        assert_eq!(report("加强监管,抓好落实。\n", None).to_json(), json);
    }

    #[test]
    fn personal_data_are_masked() {
        let json = report("经办人刘某，电话13900008858，身份证号11010519491231002X。\n", None).to_json();
        assert!(json.contains("P601") && json.contains("P602"));
        assert!(!json.contains("13900008858") && !json.contains("19491231"), "{json}");
    }
}

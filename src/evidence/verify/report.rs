//! The verdict on a built site.

use std::collections::BTreeMap;

use serde_json::json;

use jiedu_approve::TrustAnchor;
use jiedu_base::name::PersonId;
use jiedu_base::text::{Lang, Message};

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file concerned, as a path in the site; empty when it is the site.
    pub path: String,
    /// Reason code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: Message,
}

/// How much was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checked {
    /// Files compared with the manifest.
    pub files: usize,
    /// Sets whose chains were judged.
    pub sets: usize,
    /// Statements that count in those chains.
    pub approvals: usize,
}

/// The verdict on a built site (`jiedu.verify/1`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyReport {
    /// How much was checked.
    pub checked: Checked,
    /// What does not hold, sorted by path and code.
    pub problems: Vec<Problem>,
    /// What does not speak against the site, and should be known.
    pub warnings: Vec<Problem>,
    /// How often each kind of problem was met.
    pub(super) counts: BTreeMap<&'static str, usize>,
    /// The values to store in `trust.toml` from now on; only when everything
    /// holds.
    pub advanced: Option<TrustAnchor>,
    /// Who signed the release.
    pub publisher: Option<PersonId>,
    /// Whether the site was rebuilt from its source and compared.
    pub rebuilt: bool,
}

impl VerifyReport {
    /// Whether the site holds: nothing is wrong.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.problems.is_empty()
    }

    /// Adds what stood in the way of checking: then nothing is proved.
    pub fn refuse(&mut self, code: &'static str, path: impl Into<String>, message: Message) {
        self.problems.push(Problem { path: path.into(), code, message });
        self.problems.sort();
        self.advanced = None;
    }

    /// The report as one JSON object.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> String {
        let rows = |rows: &[Problem]| {
            let row =
                |row: &Problem| json!({"code": row.code, "path": row.path, "message": row.message.get(lang)});
            rows.iter().map(row).collect::<Vec<_>>()
        };
        let advanced = self.advanced.as_ref().map(|anchor| {
            json!({
                "site": anchor.site.to_string(),
                "min_roster": anchor.min_roster,
                "min_roster_digest": anchor.min_roster_digest.map(|digest| digest.to_string()),
                "min_release": anchor.min_release,
                "min_release_digest": anchor.min_release_digest.map(|digest| digest.to_string()),
            })
        });
        let checked = json!({
            "files": self.checked.files,
            "sets": self.checked.sets,
            "approvals": self.checked.approvals,
        });
        let report = json!({
            "schema": "jiedu.verify/1",
            "ok": self.ok(),
            "checked": checked,
            "problems": rows(&self.problems),
            "warnings": rows(&self.warnings),
            "publisher": self.publisher.as_ref().map(PersonId::as_str),
            "rebuilt": self.rebuilt,
            "trust": advanced,
        });
        report.to_string()
    }
}

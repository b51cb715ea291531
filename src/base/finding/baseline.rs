//! Findings an office lives with: those of an archive taken over from elsewhere.
//!
//! A baseline is written once and only shrinks. What it names is left out of a
//! check, anything new is reported, and an entry whose finding is gone is
//! reported too, until the baseline is written again without it. Personal data,
//! secrets and whatever keeps a set from being published are never taken in.
//!
//! ```json
//! {"schema":"jiedu.baseline/1","files":{"a.md":[{"rule":"half-width-mark","fingerprint":"9f…"}]}}
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::rule::{Rule, is_waivable};
use super::{Finding, Message, Place, Severity, fingerprints};

/// The value of `schema`.
const SCHEMA: &str = "jiedu.baseline/1";

/// An entry of a baseline whose finding is gone.
pub static STALE: Rule = Rule {
    code: "P905",
    name: "baseline-stale",
    category: "suppression",
    severity: Severity::Warning,
    what: ("基线中的问题已经不在", "the baseline names findings that are gone"),
    why: (
        "基线只减不增：问题改好或原句改动以后，应当用 --write-baseline 重写，免得同样的问题再次出现时被放过。",
        "A baseline only shrinks: write it again with --write-baseline, or the same fault could come back unseen.",
    ),
    bad: "",
    good: "",
    except: ("", ""),
};

/// One finding that is lived with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Kebab-case name of the rule, for those who read the file.
    pub rule: String,
    /// The finding, as [`fingerprints`] names it.
    pub fingerprint: String,
}

/// The findings that are lived with, by file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    schema: String,
    files: BTreeMap<String, BTreeSet<Known>>,
}

/// Findings sorted by a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorted {
    /// What is to be reported.
    pub open: Vec<Finding>,
    /// How many were left out.
    pub known: usize,
    /// The entries whose finding is gone, by file.
    pub gone: BTreeMap<String, BTreeSet<Known>>,
}

impl Baseline {
    /// A baseline of these findings, which must be sorted; hints are not worth
    /// an entry and are taken in all the same, so that old text stays quiet.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let mut files: BTreeMap<String, BTreeSet<Known>> = BTreeMap::new();
        for (finding, fingerprint) in findings.iter().zip(fingerprints(findings)) {
            if may_stay(finding) {
                let known = Known { rule: finding.rule.to_owned(), fingerprint };
                files.entry(finding.place.path.clone()).or_default().insert(known);
            }
        }
        Self { schema: SCHEMA.to_owned(), files }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// What is wrong with the text, in the words of the JSON reader.
    pub fn parse(text: &str) -> Result<Self, String> {
        let baseline: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if baseline.schema == SCHEMA {
            Ok(baseline)
        } else {
            Err(format!("schema `{}`, not `{SCHEMA}`", baseline.schema))
        }
    }

    /// The text of the file, the same bytes for the same entries.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Plain structs with string keys always serialise.
        let mut out = serde_json::to_string_pretty(self).unwrap_or_default();
        out.push('\n');
        out
    }

    /// How many findings it names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.values().map(BTreeSet::len).sum()
    }

    /// Whether it names none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Leaves out what the baseline names. Findings must be sorted and complete:
    /// an entry counts as gone when its file was `read` and no finding has its
    /// fingerprint.
    #[must_use]
    pub fn sort_out(&self, findings: Vec<Finding>, read: impl Fn(&str) -> bool) -> Sorted {
        let prints = fingerprints(&findings);
        let mut gone: BTreeMap<String, BTreeSet<Known>> =
            self.files.iter().filter(|(path, _)| read(path)).map(|(k, v)| (k.clone(), v.clone())).collect();
        let mut open = Vec::new();
        let mut count = 0;
        for (finding, fingerprint) in findings.into_iter().zip(prints) {
            let path = &finding.place.path;
            let entry = Known { rule: finding.rule.to_owned(), fingerprint };
            if may_stay(&finding) && self.files.get(path).is_some_and(|known| known.contains(&entry)) {
                gone.get_mut(path).map(|gone| gone.remove(&entry));
                count += 1;
            } else {
                open.push(finding);
            }
        }
        gone.retain(|_, known| !known.is_empty());
        Sorted { open, known: count, gone }
    }

    /// The baseline without these entries.
    #[must_use]
    pub fn without(mut self, gone: &BTreeMap<String, BTreeSet<Known>>) -> Self {
        for (path, gone) in gone {
            if let Some(known) = self.files.get_mut(path) {
                known.retain(|entry| !gone.contains(entry));
            }
        }
        self.files.retain(|_, known| !known.is_empty());
        self
    }
}

/// What may be lived with at all.
fn may_stay(finding: &Finding) -> bool {
    !finding.blocks && is_waivable(finding.category)
}

/// One finding a file about entries that are gone. `path` is the baseline's own.
#[must_use]
pub fn stale(path: &str, gone: &BTreeMap<String, BTreeSet<Known>>) -> Vec<Finding> {
    let findings = gone.iter().map(|(file, known)| {
        let count = known.len();
        let message = Message::new(
            format!("基线中“{file}”的 {count} 处问题已经不在"),
            format!("{count} findings of `{file}` in the baseline are gone"),
        );
        Finding::new(STALE.code, STALE.name, STALE.category, STALE.severity, Place::whole(path), message)
            .note(
                "请加上 --write-baseline 再运行一次，基线随之缩短",
                "run again with --write-baseline to shrink it",
            )
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{SourceFile, TextRange};

    fn findings(text: &str) -> Vec<Finding> {
        let file = SourceFile::new("a.md", text);
        let all = [("捡查", "wrong-word"), ("139", "pii")].into_iter().flat_map(|(word, rule)| {
            let file = file.clone();
            text.match_indices(word).map(move |(at, word)| {
                let place = Place::range(&file, TextRange::new(at, at + word.len()));
                Finding::new("P000", rule, rule, Severity::Error, place, Message::new("", ""))
            })
        });
        let mut all: Vec<Finding> = all.collect();
        super::super::sort(&mut all);
        all
    }

    #[test]
    fn a_baseline_leaves_out_the_old_and_only_shrinks() {
        let old = findings("要捡查。\n\n再捡查。\n\n电话139。\n");
        let baseline = Baseline::of(&old);
        assert_eq!(baseline.len(), 2, "personal data never enter");
        assert_eq!(Baseline::parse(&baseline.to_json()), Ok(baseline.clone()));
        let now = baseline.sort_out(findings("序。\n\n再捡查。\n\n又捡查。\n\n电话139。\n"), |_| true);
        assert_eq!((now.known, now.open.len()), (1, 2));
        assert_eq!(stale("b.json", &now.gone).len(), 1);
        let shrunk = baseline.clone().without(&now.gone);
        assert_eq!(shrunk.len(), 1);
        assert!(baseline.sort_out(Vec::new(), |_| false).gone.is_empty(), "files not read are not gone");
        assert!(
            Baseline::parse("{}").is_err() && Baseline::parse("{\"schema\":\"x\",\"files\":{}}").is_err()
        );
    }
}

//! The keys and values of front matter as a list, for editors that complete them.
//!
//! The list is made from the tables by which front matter is read, so that what
//! is offered is what is accepted.

use super::fields::Key;
use super::{material, plan, policy};

/// The kinds of text that have front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextKind {
    /// `policy.md`.
    Policy,
    /// `plan.md`.
    Plan,
    /// `materials/<name>.md`.
    Material,
    /// A standing page below `content/pages/`.
    Page,
}

/// A key of front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// The Chinese form, which scaffolds write.
    pub zh: &'static str,
    /// The English form.
    pub en: &'static str,
    /// Another accepted form.
    pub other: Option<&'static str>,
    /// Whether the key must be there.
    pub is_required: bool,
    /// The values it may have, in Chinese and English; empty for free text.
    pub values: Vec<(&'static str, &'static str)>,
    /// The keys below it.
    pub inside: Vec<KeyInfo>,
}

impl KeyInfo {
    /// Whether this is the key as written.
    #[must_use]
    pub fn is(&self, written: &str) -> bool {
        self.zh == written || self.en == written || self.other == Some(written)
    }
}

const FLAG: [(&str, &str, bool); 2] = [("是", "true", true), ("否", "false", false)];

/// The keys that a kind of text may have, in the order in which people give them.
///
/// ```
/// use jiedu_model::{TextKind, front_matter_keys};
/// let keys = front_matter_keys(TextKind::Policy);
/// assert!(keys.iter().any(|key| key.zh == "标题" && key.en == "title" && key.is_required));
/// ```
#[must_use]
pub fn front_matter_keys(kind: TextKind) -> Vec<KeyInfo> {
    match kind {
        TextKind::Policy => infos(&policy::KNOWN, &policy::REQUIRED, policy_details),
        TextKind::Plan => infos(&plan::KNOWN, &plan::REQUIRED, plan_details),
        TextKind::Material => infos(&material::KNOWN, &material::REQUIRED, material_details),
        TextKind::Page => {
            let title = Key::new("标题", "title");
            infos(&[title, policy::PROOF], &[title], proof_details)
        }
    }
}

fn infos(known: &[Key], required: &[Key], complete: fn(&mut KeyInfo)) -> Vec<KeyInfo> {
    let info = |key: &Key| {
        let is_required = required.iter().any(|one| one.en == key.en);
        let mut info = bare(*key, is_required);
        complete(&mut info);
        info
    };
    known.iter().map(info).collect()
}

fn bare(key: Key, is_required: bool) -> KeyInfo {
    KeyInfo { zh: key.zh, en: key.en, other: key.other, is_required, values: Vec::new(), inside: Vec::new() }
}

fn values<T>(table: &[(&'static str, &'static str, T)]) -> Vec<(&'static str, &'static str)> {
    table.iter().map(|(zh, en, _)| (*zh, *en)).collect()
}

fn inside(keys: &[Key]) -> Vec<KeyInfo> {
    keys.iter().map(|key| bare(*key, false)).collect()
}

fn policy_details(info: &mut KeyInfo) {
    match info.en {
        "class" => info.values = values(&policy::CLASSES),
        "disclosure" => info.values = values(&policy::DISCLOSURES),
        "stage" => info.values = values(&policy::STAGES),
        "validity" => info.values = values(&policy::VALIDITIES),
        "important" => info.values = values(&FLAG),
        "consultation" => info.inside = inside(&policy::CONSULTATION_KEYS),
        "source" => info.inside = inside(&policy::REPOSTED_KEYS),
        _ => proof_details(info),
    }
}

fn plan_details(info: &mut KeyInfo) {
    if info.en == "forms" {
        info.inside = infos(&plan::FORM_KEYS, plan::FORM_KEYS.get(..1).unwrap_or_default(), |key| {
            if key.en == "later" {
                key.values = values(&FLAG);
            }
        });
    } else {
        proof_details(info);
    }
}

fn material_details(info: &mut KeyInfo) {
    if info.en == "stage" {
        info.values = values(&material::STAGES);
    } else {
        proof_details(info);
    }
}

fn proof_details(info: &mut KeyInfo) {
    match info.en {
        "proof" => info.inside = inside(&[policy::ALLOW]),
        "corrections" => info.inside = inside(&policy::CORRECTION_KEYS),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::{read_material_meta, read_plan_meta, read_policy_meta};
    use jiedu_base::text::SourceFile;
    use jiedu_markdown as markdown;

    #[test]
    fn every_key_that_is_offered_is_accepted() {
        for kind in [TextKind::Policy, TextKind::Plan, TextKind::Material] {
            for key in front_matter_keys(kind) {
                for form in [Some(key.zh), Some(key.en), key.other].into_iter().flatten() {
                    let values = key.values.iter().flat_map(|(zh, en)| [*zh, *en]);
                    for value in values.chain(std::iter::once("x")) {
                        let text = format!("---\n{form}: {value}\n---\n");
                        let file = SourceFile::new("a.md", &text);
                        let front = markdown::front_matter(&file).value;
                        let mut findings = Vec::new();
                        match kind {
                            TextKind::Policy => drop(read_policy_meta(&file, &front, &mut findings)),
                            TextKind::Plan => drop(read_plan_meta(&file, &front, &mut findings)),
                            _ => drop(read_material_meta(&file, &front, &mut findings)),
                        }
                        let wrong = |code| findings.iter().any(|finding| finding.code == code);
                        assert!(!wrong("M105"), "{text}");
                        assert!(value == "x" || !(wrong("M107") || wrong("M108")), "{text} {findings:?}");
                    }
                }
            }
        }
    }
}

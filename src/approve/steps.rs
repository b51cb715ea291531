//! The names of the steps.

/// English name, Chinese name.
const STEPS: [(&str, &str); 12] = [
    ("submit", "送审"),
    ("secrecy-review", "保密审查"),
    ("first-review", "初审"),
    ("second-review", "复审"),
    ("final-review", "终审"),
    ("extra-review", "加审"),
    ("gatekeeper", "专人把关"),
    ("first-proof", "一校"),
    ("second-proof", "二校"),
    ("third-proof", "三校"),
    ("withdraw", "撤下"),
    ("roster", "名册"),
];

/// Every step that a profile may have and that has a name of its own.
pub fn profile_steps() -> impl Iterator<Item = &'static str> {
    let not_of_profiles = ["withdraw", "roster"];
    STEPS.iter().map(|(name, _)| *name).filter(move |name| !not_of_profiles.contains(name))
}

/// The Chinese name of a step; a step of an office's own profile keeps its
/// English name.
#[must_use]
pub fn step_label(step: &str) -> &str {
    STEPS.iter().find(|(name, _)| *name == step).map_or(step, |(_, label)| label)
}

/// The English name of a step given in either language.
#[must_use]
pub fn step_name(text: &str) -> &str {
    STEPS.iter().find(|(_, label)| *label == text).map_or(text, |(name, _)| name)
}

/// Whether a proofreading report may be named at this step.
#[must_use]
pub fn is_proof(step: &str) -> bool {
    matches!(step, "first-proof" | "second-proof" | "third-proof")
}

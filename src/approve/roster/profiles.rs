//! The built-in profiles (details 35). Their printed names keep their meaning:
//! a roster may repeat them but not change them.

use std::collections::BTreeSet;

use super::Profile;

/// Name of the profile used when the roster names none.
pub(crate) const DEFAULT: &str = "strict";
/// Name of the profile of the set `site`.
pub const SITE: &str = "site";

/// The steps of every built-in profile for policies, in their order.
pub const POLICY_STEPS: [&str; 8] = [
    "submit",
    "secrecy-review",
    "first-review",
    "second-review",
    "final-review",
    "first-proof",
    "second-proof",
    "third-proof",
];
const LEVELS: [[&str; 2]; 3] =
    [["first-review", "first-proof"], ["second-review", "second-proof"], ["final-review", "third-proof"]];
const IMPORTANT: [&str; 3] = ["extra-review", "extra-review", "gatekeeper"];

/// `strict`, `three-level`, `three-level-drafter` and `site`.
pub(crate) fn built_in() -> Vec<Profile> {
    let owned = |steps: &[&str]| steps.iter().map(|step| (*step).to_owned()).collect::<Vec<_>>();
    let set = |steps: &[&str]| owned(steps).into_iter().collect::<BTreeSet<_>>();
    let levels = || LEVELS.iter().map(|level| set(level)).collect();
    let profile = |name: &str, groups, author_may| Profile {
        name: name.to_owned(),
        steps: owned(&POLICY_STEPS),
        groups,
        author_may,
        important: owned(&IMPORTANT),
    };
    let mut site = profile(SITE, Vec::new(), BTreeSet::new());
    site.steps = owned(&["submit", "secrecy-review", "final-review"]);
    site.important = Vec::new();
    vec![
        profile(DEFAULT, Vec::new(), BTreeSet::new()),
        profile("three-level", levels(), BTreeSet::new()),
        profile("three-level-drafter", levels(), set(&LEVELS[0])),
        site,
    ]
}

impl Profile {
    /// The steps in order, with the extra ones for 重要 texts.
    #[must_use]
    pub fn sequence(&self, important: bool) -> Vec<String> {
        let mut steps = self.steps.clone();
        if important {
            let at = steps.iter().position(|step| step == "final-review").map_or(steps.len(), |at| at + 1);
            steps.splice(at..at, self.important.iter().cloned());
        }
        steps
    }

    /// Whether one person may take both steps.
    #[must_use]
    pub fn may_combine(&self, one: &str, other: &str) -> bool {
        one != other && self.groups.iter().any(|group| group.contains(one) && group.contains(other))
    }
}

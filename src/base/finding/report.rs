//! A value together with everything that was found on the way to it.

use super::Finding;

/// A value and the findings made while computing it.
///
/// Analysis of bad content never fails; it returns what could be understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked<T> {
    /// What was understood.
    pub value: T,
    /// What was wrong.
    pub findings: Vec<Finding>,
}

impl<T> Checked<T> {
    /// A value without findings.
    pub fn clean(value: T) -> Self {
        Self { value, findings: Vec::new() }
    }

    /// Takes the value and hands its findings to the collector.
    pub fn drain_into(self, findings: &mut Vec<Finding>) -> T {
        findings.extend(self.findings);
        self.value
    }
}

/// Puts findings into the order in which they are shown, and drops repeats.
pub fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
    findings.dedup_by(|a, b| key(a) == key(b));
}

type Key<'a> = (&'a str, usize, &'a str, usize, &'a str, Option<&'a str>);

fn key(finding: &Finding) -> Key<'_> {
    let place = &finding.place;
    (
        &place.path,
        place.range.start,
        finding.code,
        place.range.end,
        &finding.message.zh,
        finding.set.as_deref(),
    )
}

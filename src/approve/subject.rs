//! What a statement can be about.

use std::fmt;

use jiedu_base::name::{SetId, SmallSet};

/// What a statement is about: one publication set, the site-wide files, or a
/// version of the roster. Written in `Approval-Set`.
///
/// ```
/// use jiedu_approve::Subject;
/// assert_eq!(Subject::parse("roster/2"), Some(Subject::Roster(2)));
/// assert_eq!(Subject::parse("site").map(|subject| subject.to_string()).as_deref(), Some("site"));
/// assert_eq!(Subject::parse("2025/Upper"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A publication set.
    Set(SetId),
    /// `site.toml`, themes, wordlists, pages and topics together.
    Site,
    /// The catalogue, a list or a report: one file.
    Small(SmallSet),
    /// A version of the roster.
    Roster(u32),
}

impl Subject {
    /// Parses `2025/slug`, `site`, `catalogue`, `lists/<name>`, `reports/<year>` or
    /// `roster/<n>`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "site" {
            return Some(Self::Site);
        }
        match text.strip_prefix("roster/") {
            Some(number) => parse_number(number).map(Self::Roster),
            None => SmallSet::parse(text).map(Self::Small).or_else(|| SetId::parse(text).ok().map(Self::Set)),
        }
    }

    /// The publication set, when it is one.
    #[must_use]
    pub fn set(&self) -> Option<&SetId> {
        match self {
            Self::Set(id) => Some(id),
            Self::Site | Self::Small(_) | Self::Roster(_) => None,
        }
    }
}

impl From<&SetId> for Subject {
    fn from(id: &SetId) -> Self {
        Self::Set(id.clone())
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(id) => id.fmt(f),
            Self::Site => f.write_str("site"),
            Self::Small(id) => id.fmt(f),
            Self::Roster(version) => write!(f, "roster/{version}"),
        }
    }
}

/// A revision or version: `[1-9][0-9]{0,8}`.
pub(crate) fn parse_number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let canonical = digits && (1..=9).contains(&text.len()) && !text.starts_with('0');
    canonical.then(|| text.parse().ok()).flatten()
}

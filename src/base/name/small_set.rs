//! The id of a set that is one data file: the catalogue, a list, an annual report.

use std::fmt;

use super::set_id::is_slug;

/// A set of its own that is one file below `content/`, approved by the steps of
/// the profile `site`.
///
/// ```
/// use jiedu_base::name::SmallSet;
/// let report = SmallSet::parse("reports/2025").unwrap();
/// assert_eq!(report.paths(), ["content/reports/2025.toml"]);
/// assert_eq!(SmallSet::of_path("content/lists/fees.csv").unwrap().to_string(), "lists/fees");
/// assert_eq!(SmallSet::parse("lists/Fees"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SmallSet {
    /// `content/catalogue.toml`: 主动公开事项目录.
    Catalogue,
    /// `content/lists/<name>.toml` or `.csv`: a list.
    List(String),
    /// `content/reports/<year>.toml`: an annual report.
    Report(String),
}

impl SmallSet {
    /// Parses `catalogue`, `lists/<name>` or `reports/<year>`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "catalogue" {
            return Some(Self::Catalogue);
        }
        match text.split_once('/')? {
            ("lists", name) if is_slug(name) => Some(Self::List(name.to_owned())),
            ("reports", year) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => {
                Some(Self::Report(year.to_owned()))
            }
            _ => None,
        }
    }

    /// The set to which a path of a repository belongs.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let inner = path.strip_prefix("content/")?;
        let stem = inner.strip_suffix(".toml").or_else(|| inner.strip_suffix(".csv"))?;
        Self::parse(stem).filter(|set| set.paths().iter().any(|known| known == path))
    }

    /// The paths at which its one file may lie.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        match self {
            Self::Catalogue => vec!["content/catalogue.toml".to_owned()],
            Self::List(name) => {
                vec![format!("content/lists/{name}.csv"), format!("content/lists/{name}.toml")]
            }
            Self::Report(year) => vec![format!("content/reports/{year}.toml")],
        }
    }
}

impl fmt::Display for SmallSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Catalogue => f.write_str("catalogue"),
            Self::List(name) => write!(f, "lists/{name}"),
            Self::Report(year) => write!(f, "reports/{year}"),
        }
    }
}

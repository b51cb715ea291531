//! The two-level tree of 主题分类.

use super::datum::{Codes, Datum, Reader};
use jiedu_base::text::SourceFile;

/// The tree of 中国政府网.
const NATIONAL: &str = include_str!("data/subjects.toml");

/// First-level subjects with their children, in the order of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubjectTree {
    /// Name and children of every first-level subject.
    pub levels: Vec<(String, Vec<String>)>,
}

impl SubjectTree {
    /// The tree used by 中国政府网: 22 first-level and 121 second-level subjects.
    #[must_use]
    pub fn national() -> Self {
        let file = SourceFile::new("subjects.toml", NATIONAL);
        let reader = Reader::new(&file, &Codes::SITE);
        let tree = reader.parse_toml();
        let subjects =
            tree.as_ref().and_then(|tree| tree.get("subject")).map(Datum::items).unwrap_or_default();
        let level =
            |subject: &Datum| Some((reader.text(subject, "name")?, reader.texts(subject, "children")));
        Self { levels: subjects.iter().filter_map(level).collect() }
    }

    /// Reads `first level → [second level, …]`.
    pub(super) fn read(reader: &Reader<'_>, table: &Datum) -> Self {
        let levels = table.entries().iter().map(|entry| (entry.key.clone(), reader.texts(table, &entry.key)));
        Self { levels: levels.collect() }
    }

    /// The children of a first-level subject; none when there is no such subject.
    #[must_use]
    pub fn children(&self, first: &str) -> Option<&[String]> {
        self.levels.iter().find(|(name, _)| name == first).map(|(_, children)| children.as_slice())
    }

    /// Whether the pair stands in the tree.
    #[must_use]
    pub fn contains(&self, first: &str, second: Option<&str>) -> bool {
        self.children(first)
            .is_some_and(|children| second.is_none_or(|second| children.iter().any(|child| child == second)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_national_tree_is_complete() {
        let tree = SubjectTree::national();
        assert_eq!(tree.levels.len(), 22);
        assert_eq!(tree.levels.iter().map(|(_, children)| children.len()).sum::<usize>(), 121);
        assert!(tree.contains("综合政务", Some("政务公开")));
        assert!(tree.contains("综合政务", None));
        assert!(!tree.contains("综合政务", Some("公路")));
        assert!(!tree.contains("交通", None));
    }
}

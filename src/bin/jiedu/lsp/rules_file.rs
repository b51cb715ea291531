//! The pages of all rules in one file, so that the code of a finding is a link.
//!
//! The link must work offline and without a website, so it leads to a file in
//! the folder for temporary files. The file is the same for every server of one
//! version and language and is written once, in one step.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use jiedu::finding::render::RuleInfo;
use jiedu::text::Lang;

/// Where each rule's page begins.
#[derive(Debug, Default)]
pub(super) struct RulesFile {
    uri: String,
    lines: BTreeMap<&'static str, usize>,
}

impl RulesFile {
    /// Writes the pages; none when the folder refuses.
    pub(super) fn write(folder: &Path, rules: &[RuleInfo], lang: Lang) -> Option<Self> {
        let mut text = String::new();
        let mut lines = BTreeMap::new();
        for rule in rules {
            lines.insert(rule.code, text.matches('\n').count() + 1);
            text.push_str(rule.page.get(lang));
            text.push('\n');
        }
        let name = match lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        };
        let path = folder.join(format!("jiedu-{}-rules-{name}.txt", env!("CARGO_PKG_VERSION")));
        let is_there = std::fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_file())
            && std::fs::read_to_string(&path).is_ok_and(|known| known == text);
        if !is_there {
            let mut file = tempfile::NamedTempFile::new_in(folder).ok()?;
            file.write_all(text.as_bytes()).ok()?;
            file.persist(&path).ok()?;
        }
        Some(Self { uri: super::uri::from_path(&path), lines })
    }

    /// The address of a rule's page.
    pub(super) fn href(&self, code: &str) -> Option<String> {
        self.lines.get(code).map(|line| format!("{}#L{line}", self.uri))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it should be")]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_found_at_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let rules = crate::commands::explain::rule_infos();
        let file = RulesFile::write(folder.path(), &rules, Lang::Zh).unwrap();
        let again = RulesFile::write(folder.path(), &rules, Lang::Zh).unwrap();
        assert_eq!(file.lines, again.lines);
        let path = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
        let text = std::fs::read_to_string(path).unwrap();
        for rule in rules {
            let (_, line) = file
                .href(rule.code)
                .unwrap()
                .rsplit_once("#L")
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .unwrap();
            let found = text.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap();
            assert!(found.starts_with(rule.code), "{found}");
        }
    }
}

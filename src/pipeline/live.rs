//! Findings about texts while they are being written.
//!
//! An editor asks after every pause in typing, so what did not change is not
//! parsed again, and only the sets in which somebody writes are proofread and
//! held to the three-synchronous rules. Approvals speak of commits and play no
//! part here: rules that need them judge as if nothing were known.

use std::collections::BTreeSet;

use super::content::{self, Content};
use super::proofread::proofread_sets;
use super::revision::file_findings;
use crate::config::Config;
use crate::finding::{self, Finding};
use crate::link::Graph;
use crate::model::{Corpus, ParsedSets};
use crate::source::{SetFile, Snapshot, set_of_path};
use crate::synchrony::{self, SynchronyFacts};

/// A folder under the eyes of an editor.
#[derive(Debug, Default)]
pub struct Live {
    settings: Option<SetFile>,
    config: Option<Config>,
    /// What is wrong with the settings.
    config_findings: Vec<Finding>,
    parsed: ParsedSets,
    content: Content,
}

impl Live {
    /// Looks at the folder as it stands now and gives all findings about the
    /// sets named (`site` for the files of the site), sorted.
    ///
    /// Settings that cannot be used are findings; the last good ones stay in
    /// force. Without any, the texts are parsed and only the files judged.
    pub fn look(&mut self, snapshot: &Snapshot, sets: &BTreeSet<String>) -> Vec<Finding> {
        self.read_settings(snapshot);
        let is_wanted = |finding: &Finding| {
            let set = finding.set.clone().or_else(|| set_of_path(&finding.place.path).map(|(set, _)| set));
            set.is_some_and(|set| sets.contains(&set))
        };
        let mut findings = self.config_findings.clone();
        findings.extend(file_findings(snapshot));
        if let Some(config) = &self.config {
            let mut found = Vec::new();
            let corpus = Corpus::parse_again(snapshot, config, &mut self.parsed).drain_into(&mut found);
            let graph = Graph::resolve(&corpus).drain_into(&mut found);
            found.retain(is_wanted);
            let facts = SynchronyFacts::default();
            let written = corpus.sets.iter().filter(|(id, _)| sets.contains(id.as_str()));
            let synchrony =
                written.flat_map(|(_, set)| synchrony::check(set, &graph, config, &facts)).collect();
            self.content = Content { corpus, graph, findings: found, synchrony };
            findings.extend(proofread_sets(&self.content, snapshot, &|set| sets.contains(set)));
        }
        findings.retain(is_wanted);
        finding::sort(&mut findings);
        findings
    }

    /// The texts at the last look, and the links between them.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The settings in force; none when none could ever be read.
    #[must_use]
    pub fn config(&self) -> Option<&Config> {
        self.config.as_ref()
    }

    fn read_settings(&mut self, snapshot: &Snapshot) {
        let file = snapshot.site.get("site.toml");
        if file.is_some() && file == self.settings.as_ref() {
            return;
        }
        self.settings = file.cloned();
        match content::config(snapshot) {
            Ok((config, findings)) => {
                self.config = Some(config);
                self.config_findings = findings;
                // What was parsed with other settings may have other findings.
                self.parsed = ParsedSets::default();
            }
            Err(stop) => self.config_findings = stop.findings,
        }
        for finding in &mut self.config_findings {
            finding.set.get_or_insert_with(|| SITE.to_owned());
        }
    }
}

const SITE: &str = "site";

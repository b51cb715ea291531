//! Findings about texts while they are being written.
//!
//! An editor asks after every pause in typing, so what did not change is not
//! parsed again, and only the sets in which somebody writes are proofread and
//! held to the three-synchronous rules. Approvals speak of commits and play no
//! part here: rules that need them judge as if nothing were known.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::content::{self, Content};
use super::near::{self, Numbers};
use super::office;
use super::proofread::{proofread_with, wordlists};
use super::revision::file_findings;
use jiedu_base::finding::{self, Finding};
use jiedu_base::name::{Digest, SetId};
use jiedu_config::Config;
use jiedu_link::Graph;
use jiedu_model::{Corpus, ParsedSets};
use jiedu_proof::Lists;
use jiedu_source::{SetFile, Snapshot, set_of_path};
use jiedu_synchrony::{self as synchrony, SynchronyFacts};

/// A folder under the eyes of an editor.
#[derive(Debug, Default)]
pub struct Live {
    settings: Option<SetFile>,
    config: Option<Config>,
    /// What is wrong with the settings.
    config_findings: Vec<Finding>,
    parsed: ParsedSets,
    content: Content,
    /// Which sets bear which numbers, as of the last look at everything.
    numbers: Numbers,
    /// The word lists, with what they were read from and what is wrong in them.
    lists: Option<(Vec<Digest>, Lists, Vec<Finding>)>,
    /// The day of texts that have none.
    today: Option<Date>,
    work: usize,
}

impl Live {
    /// Looks at the folder as it stands now and gives all findings about the
    /// sets named (`site` for the files of the site), sorted.
    ///
    /// Settings that cannot be used are findings; the last good ones stay in
    /// force. Without any, the texts are parsed and only the files judged.
    pub fn look(&mut self, snapshot: &Snapshot, sets: &BTreeSet<String>) -> Vec<Finding> {
        self.read_settings(snapshot);
        let is_wanted = |finding: &Finding| is_of(finding, sets);
        let mut findings = self.config_findings.clone();
        findings.extend(file_findings(snapshot));
        if let Some(config) = &self.config {
            let mut found = Vec::new();
            let corpus = Corpus::parse_again(snapshot, config, &mut self.parsed).drain_into(&mut found);
            let graph = Graph::resolve(&corpus).drain_into(&mut found);
            found.extend(office::card_findings(&corpus));
            found.retain(is_wanted);
            let synchrony = synchrony_of(&corpus, &graph, config, sets);
            self.numbers = near::numbers(&corpus);
            self.work = corpus.sets.len();
            let content = Content { corpus, graph, findings: found, synchrony };
            findings.extend(self.proofread(snapshot, &content, sets));
            self.content = content;
        }
        findings.retain(is_wanted);
        finding::sort(&mut findings);
        findings
    }

    /// The same when nothing changed but texts of the sets named since the last
    /// look: only these are looked at, with those that they name and that name
    /// them. What [`Live::content`] knows of links stays as it was.
    pub fn look_near(&mut self, snapshot: &Snapshot, sets: &BTreeSet<String>) -> Vec<Finding> {
        let is_same = snapshot.site.get("site.toml") == self.settings.as_ref();
        let Some(config) = self.config.clone().filter(|_| is_same) else { return self.look(snapshot, sets) };
        let open: BTreeSet<SetId> = sets.iter().filter_map(|set| SetId::parse(set).ok()).collect();
        let mine = Corpus::parse_some(snapshot, &config, &mut self.parsed, &open).value;
        let with_site = sets.contains(SITE);
        let ids = near::around(&mine, &self.content, &self.numbers, snapshot, with_site);
        self.work = ids.len();
        let mut found = Vec::new();
        let corpus = Corpus::parse_some(snapshot, &config, &mut self.parsed, &ids).drain_into(&mut found);
        let graph = Graph::resolve(&corpus).drain_into(&mut found);
        found.extend(office::card_findings(&corpus));
        let is_wanted = |finding: &Finding| is_of(finding, sets);
        found.retain(is_wanted);
        let synchrony = synchrony_of(&corpus, &graph, &config, sets);
        for (id, set) in &mine.sets {
            self.content.corpus.sets.insert(id.clone(), set.clone());
        }
        let content = Content { corpus, graph, findings: found, synchrony };
        let mut findings = self.config_findings.clone();
        let parts = open.iter().filter_map(|id| snapshot.sets.get(id));
        let faults = parts.chain([&snapshot.site, &snapshot.roster]).flat_map(|files| &files.faults);
        findings.extend(faults.map(|fault| fault.finding.clone()));
        findings.extend(self.proofread(snapshot, &content, sets));
        findings.retain(is_wanted);
        finding::sort(&mut findings);
        findings
    }

    /// Says which day it is: entries of word lists that are valid from a later one
    /// wait for it in texts without a date, as in a check. True when that is news.
    pub fn set_today(&mut self, today: Date) -> bool {
        let is_new = self.today != Some(today);
        if is_new {
            self.today = Some(today);
            self.lists = None;
        }
        is_new
    }

    /// How many sets the last look had to do with.
    #[must_use]
    pub fn work(&self) -> usize {
        self.work
    }

    /// Proofreads the sets named, with lists that are read when they changed.
    fn proofread(&mut self, snapshot: &Snapshot, content: &Content, sets: &BTreeSet<String>) -> Vec<Finding> {
        let is_list = |path: &str| path == "site.toml" || path.starts_with("wordlists/");
        let files = snapshot.site.files.iter().filter(|file| is_list(&file.path));
        let key: Vec<Digest> = files.map(|file| file.digest).collect();
        if self.lists.as_ref().is_none_or(|(known, ..)| *known != key) {
            let mut faults = Vec::new();
            let lists = wordlists(&snapshot.site, &mut faults);
            let lists = if let Some(today) = self.today { lists.on(today) } else { lists };
            self.lists = Some((key, lists, faults));
        }
        let Some((_, lists, faults)) = &self.lists else { return Vec::new() };
        let mut findings = faults.clone();
        findings.extend(proofread_with(content, lists, &|set| sets.contains(set)));
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

/// Whether a finding is about one of the sets.
fn is_of(finding: &Finding, sets: &BTreeSet<String>) -> bool {
    let set = finding.set.clone().or_else(|| set_of_path(&finding.place.path).map(|(set, _)| set));
    set.is_some_and(|set| sets.contains(&set))
}

/// What the three-synchronous rules say of the sets named.
fn synchrony_of(corpus: &Corpus, graph: &Graph, config: &Config, sets: &BTreeSet<String>) -> Vec<Finding> {
    let facts = SynchronyFacts::default();
    let written = corpus.sets.iter().filter(|(id, _)| sets.contains(id.as_str()));
    written.flat_map(|(_, set)| synchrony::check(set, graph, config, &facts)).collect()
}

//! What the texts of a revision say and what is wrong with them: model, links,
//! three-synchronous rules, proofreading, in one place for all commands.

use std::collections::BTreeMap;

use super::{Stop, office};
use jiedu_base::finding::{Finding, Severity};
use jiedu_base::name::SetId;
use jiedu_base::text;
use jiedu_config::Config;
use jiedu_edition::SetLine;
use jiedu_link::Graph;
use jiedu_model::Corpus;
use jiedu_source::Snapshot;
use jiedu_synchrony::{self as synchrony, SynchronyFacts};

/// The texts of a revision or a work tree, with their findings.
#[derive(Debug, Default)]
pub struct Content {
    /// The texts.
    pub corpus: Corpus,
    /// The links between them.
    pub graph: Graph,
    /// What was found in them, three-synchronous rules and proofreading aside.
    pub findings: Vec<Finding>,
    /// What the three-synchronous rules found.
    pub synchrony: Vec<Finding>,
}

impl Content {
    /// Parses a snapshot and runs the rules that can block a set.
    pub(super) fn parse(snapshot: &Snapshot, config: &Config) -> Self {
        let mut findings = Vec::new();
        let corpus = Corpus::parse(snapshot, config).drain_into(&mut findings);
        let graph = Graph::resolve(&corpus).drain_into(&mut findings);
        findings.extend(office::card_findings(&corpus));
        let synchrony = synchrony::check_corpus(&corpus, &graph, config);
        Self { corpus, graph, findings, synchrony }
    }

    /// Runs the three-synchronous rules again, with facts about some of the sets.
    pub(super) fn learn(&mut self, facts: &BTreeMap<SetId, SynchronyFacts>, config: &Config) {
        let unknown = SynchronyFacts::default();
        let sets = self.corpus.sets.iter();
        let found = sets.flat_map(|(id, set)| {
            synchrony::check(set, &self.graph, config, facts.get(id).unwrap_or(&unknown))
        });
        self.synchrony = found.collect();
    }

    /// The code of the first finding, by place and code, that blocks each set.
    pub(super) fn blocking(&self) -> BTreeMap<&str, &'static str> {
        let all = self.findings.iter().chain(&self.synchrony).filter(|finding| finding.blocks);
        let mut blocking: Vec<&Finding> = all.collect();
        blocking.sort_by(|a, b| {
            (&a.place.path, a.place.range.start, a.code).cmp(&(&b.place.path, b.place.range.start, b.code))
        });
        let mut codes = BTreeMap::new();
        for finding in blocking {
            if let Some(set) = &finding.set {
                codes.entry(set.as_str()).or_insert(finding.code);
            }
        }
        codes
    }

    /// What blocks the newest edition of sets whose present text is another:
    /// the rules judge that text among the newest editions of all other sets.
    pub(super) fn newest_editions<'a>(
        &self,
        lines: impl Iterator<Item = &'a SetLine>,
        config: &Config,
    ) -> BTreeMap<SetId, &'static str> {
        let mut corpus = self.corpus.clone();
        let mut replaced: BTreeMap<SetId, Vec<Finding>> = BTreeMap::new();
        for line in lines {
            let Some(newest) = line.editions.last() else { continue };
            let set = &newest.edition.set;
            if self
                .corpus
                .sets
                .get(&set.id)
                .is_none_or(|present| present.digest != Some(newest.edition.digest))
            {
                replaced.insert(set.id.clone(), newest.findings.clone());
                corpus.sets.insert(set.id.clone(), set.clone());
            }
        }
        if replaced.is_empty() {
            return BTreeMap::new();
        }
        let graph = Graph::resolve(&corpus).value;
        let found = synchrony::check_corpus(&corpus, &graph, config);
        let mut codes = BTreeMap::new();
        for (id, findings) in replaced {
            let code = findings
                .iter()
                .chain(&found)
                .find(|finding| blocks(finding, &id))
                .map(|finding| finding.code);
            codes.extend(code.map(|code| (id, code)));
        }
        codes
    }
}

fn blocks(finding: &Finding, id: &SetId) -> bool {
    finding.blocks && finding.set.as_deref() == Some(id.as_str())
}

/// The settings of a snapshot.
pub(super) fn config(snapshot: &Snapshot) -> Result<(Config, Vec<Finding>), Stop> {
    let Some(file) = snapshot.site.get("site.toml") else {
        return Err(Stop::usage(
            "这里没有 site.toml，不是政策仓库；请用 jiedu init 新建，或用 --repo 指明位置",
            "there is no site.toml, so this is no policy repository; make one with `jiedu init`, or name it with --repo",
        ));
    };
    let unusable = |findings: Vec<Finding>| {
        let errors = || findings.iter().filter(|finding| finding.severity == Severity::Error);
        let list = |text: fn(&Finding) -> &str| errors().map(text).collect::<Vec<_>>().join("; ");
        let (zh, en) = (list(|finding| &finding.message.zh), list(|finding| &finding.message.en));
        Stop::usage(format!("site.toml 不能使用：{zh}"), format!("site.toml cannot be used: {en}"))
            .with(findings)
    };
    let faults = || snapshot.site.faults.iter().map(|fault| fault.finding.clone());
    let decoded = text::decode("site.toml", &file.bytes);
    let source = decoded
        .map_err(|_| unusable(faults().filter(|finding| finding.place.path == "site.toml").collect()))?;
    let mut findings = Vec::new();
    match Config::parse(&source).drain_into(&mut findings) {
        Some(config) => Ok((config, findings)),
        None => Err(unusable(findings)),
    }
}

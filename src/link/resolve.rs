//! Walks a corpus and resolves every link in it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::clause::{ClauseIndex, Named, decode_percent};
use super::faults::{ambiguous, broken, clause_without_set, error, unknown_clause};
use super::paths::{self, Written};
use super::routes::{FILES, LISTS};
use super::{Explanation, Graph, LinkTarget, MaterialRef, Relation, TitleIndex};
use jiedu_base::finding::{Checked, Finding, Place, Severity};
use jiedu_base::name::SetId;
use jiedu_base::text::{Message, SourceFile, TextRange, did_you_mean};
use jiedu_markdown::{Body, Link};
use jiedu_model::{Corpus, InterpretationMaterial, PublicationSet, Spanned, Topic};

const POLICIES: &str = "content/policies/";
const PAGES: &str = "content/pages/";

impl Graph {
    /// Resolves all links of a corpus, in both directions.
    #[must_use]
    pub fn resolve(corpus: &Corpus) -> Checked<Self> {
        let mut resolver = Resolver::new(corpus);
        for (id, set) in &corpus.sets {
            resolver.set(id, set);
        }
        for page in &corpus.pages {
            resolver.body(&page.body, None);
        }
        for topic in &corpus.topics {
            resolver.body(&topic.body, None);
            resolver.topic(topic);
        }
        for (id, set) in &corpus.sets {
            resolver.relations(id, set);
            resolver.cited(id, set);
        }
        resolver.finish()
    }
}

struct Resolver<'a> {
    corpus: &'a Corpus,
    names: BTreeMap<&'a SetId, ClauseIndex<'a>>,
    /// Document number → set.
    numbers: BTreeMap<&'a str, &'a SetId>,
    /// Titles → set.
    titles: TitleIndex<&'a SetId>,
    /// Routes of standing pages.
    routes: BTreeSet<&'a str>,
    /// Anchors in the pages of the set at hand.
    anchors: BTreeSet<&'a str>,
    /// How many suggestions may still be looked for: each costs a walk over
    /// all names, and a text may hold any number of bad links.
    suggestions: Cell<usize>,
    graph: Graph,
    findings: Vec<Finding>,
}

/// Suggestions looked for in one corpus.
const MAX_SUGGESTIONS: usize = 200;

impl<'a> Resolver<'a> {
    fn new(corpus: &'a Corpus) -> Self {
        let policies =
            || corpus.sets.iter().filter_map(|(id, set)| set.policy.as_ref().map(|policy| (id, policy)));
        let names = policies().map(|(id, policy)| (id, ClauseIndex::new(policy))).collect();
        let numbers = policies().filter_map(|(id, policy)| {
            policy.meta.document_number.as_ref().map(|number| (number.value.as_str(), id))
        });
        let mut graph = Graph::default();
        for (id, policy) in policies() {
            graph.explanations.insert(id.clone(), vec![Vec::new(); policy.provisions.len()]);
        }
        Self {
            corpus,
            names,
            numbers: numbers.collect(),
            titles: TitleIndex::new(policies()),
            routes: corpus.pages.iter().map(|page| page.route.as_str()).collect(),
            anchors: BTreeSet::new(),
            suggestions: Cell::new(MAX_SUGGESTIONS),
            graph,
            findings: Vec::new(),
        }
    }

    /// Whether one more suggestion may be looked for.
    fn may_suggest(&self) -> bool {
        let left = self.suggestions.get();
        self.suggestions.set(left.saturating_sub(1));
        left > 0
    }

    fn finish(mut self) -> Checked<Graph> {
        for (id, materials) in &mut self.graph.materials {
            materials.sort_by(|a, b| (a.set != *id, a).cmp(&(b.set != *id, b)));
            materials.dedup();
        }
        for explanations in self.graph.explanations.values_mut().flatten() {
            explanations.sort();
            explanations.dedup();
        }
        for relations in self.graph.relations.values_mut() {
            relations.sort();
            relations.dedup();
        }
        Checked { value: self.graph, findings: self.findings }
    }

    fn push(&mut self, id: Option<&SetId>, finding: Finding) {
        let set = id.map_or_else(|| "site".to_owned(), ToString::to_string);
        self.findings.push(finding.in_set(set));
    }

    fn set(&mut self, id: &SetId, set: &'a PublicationSet) {
        let provisions =
            set.policy.iter().flat_map(|policy| &policy.provisions).map(|one| one.anchor.as_str());
        let sections =
            set.materials.iter().flat_map(|material| &material.sections).map(|one| one.anchor.as_str());
        self.anchors = provisions.chain(sections).collect();
        if let Some(policy) = &set.policy {
            self.body(&policy.body, Some(id));
            let references = super::references(policy);
            for finding in super::references::missing(policy, &references) {
                self.push(Some(id), finding);
            }
            if !references.is_empty() {
                self.graph.references.insert(id.clone(), references);
            }
            for alias in policy.meta.aliases.iter().filter(|alias| self.corpus.sets.contains_key(*alias)) {
                let message = Message::new(
                    format!("别名 {alias} 是另一组现有文件的编号"),
                    format!("the alias {alias} is the id of another set that exists"),
                );
                let place = Place::range(&policy.file, policy.file.line_range(1));
                self.push(
                    Some(id),
                    Finding::new("L309", "alias-taken", "link", Severity::Error, place, message),
                );
            }
        }
        if let Some(plan) = &set.plan {
            self.body(&plan.body, Some(id));
        }
        for material in &set.materials {
            self.body(&material.body, Some(id));
            self.explain(id, material);
            if let Some(policy) = &set.policy {
                for finding in super::content::check(policy, material) {
                    self.push(Some(id), finding);
                }
            }
            self.interprets(id, material);
        }
        self.data_files(id, set);
    }

    /// The provisions that the entries of the data files rest on.
    fn data_files(&mut self, id: &SetId, set: &PublicationSet) {
        let questions = set
            .questions
            .iter()
            .flat_map(|sheet| sheet.questions.iter().map(|question| (&sheet.file, &question.clauses)));
        let opinions = set
            .opinions
            .iter()
            .flat_map(|sheet| sheet.opinions.iter().map(|opinion| (&sheet.file, &opinion.clauses)));
        for (file, clauses) in questions.chain(opinions) {
            for clause in clauses {
                let link = Link {
                    text: String::new(),
                    target: clause.value.clone(),
                    range: clause.range,
                    is_image: false,
                    heading: None,
                    prose: None,
                };
                let label = clause.value.strip_prefix("clause:").unwrap_or(&clause.value);
                if let Err(finding) = self.clause(file, &link, label, Some(id)) {
                    self.push(Some(id), *finding);
                }
            }
        }
    }

    /// The sets of a topic.
    fn topic(&mut self, topic: &Topic) {
        for id in topic.policies.iter().filter(|id| !self.corpus.sets.contains_key(&id.value)) {
            let finding =
                self.unknown_set("L310", "topic-policy-unknown", &topic.file, id.range, id.value.as_str());
            self.push(None, finding);
        }
    }

    /// Links in both directions between the sections of a material and the
    /// provisions they name.
    fn explain(&mut self, id: &SetId, material: &InterpretationMaterial) {
        for (index, section) in material.sections.iter().enumerate() {
            let whole = section.heading_targets.iter().map(|target| (target, true));
            for (target, is_whole) in whole.chain(section.text_targets.iter().map(|target| (target, false))) {
                let key = (material.file.path().to_owned(), format!("clause:{target}"));
                let Some(LinkTarget::Provision { set, index: provision, .. }) = self.graph.targets.get(&key)
                else {
                    continue;
                };
                let explanation = Explanation {
                    set: id.clone(),
                    material: material.name.clone(),
                    section: index,
                    anchor: section.anchor.clone(),
                    is_whole,
                };
                let place = self.graph.explanations.get_mut(set).and_then(|all| all.get_mut(*provision));
                if let Some(place) = place {
                    place.push(explanation);
                }
            }
        }
    }

    fn interprets(&mut self, id: &SetId, material: &InterpretationMaterial) {
        let own = std::iter::once(id).filter(|_| material.meta.interprets.is_empty());
        let named = material.meta.interprets.iter().map(|other| &other.value);
        let reference = MaterialRef { set: id.clone(), name: material.name.clone() };
        for other in own.chain(named) {
            self.graph.materials.entry(other.clone()).or_default().push(reference.clone());
        }
        for other in
            material.meta.interprets.iter().filter(|other| !self.corpus.sets.contains_key(&other.value))
        {
            let finding = self.unknown_set(
                "L307",
                "interprets-unknown",
                &material.file,
                other.range,
                other.value.as_str(),
            );
            self.push(Some(id), finding);
        }
    }

    fn body(&mut self, body: &Body, own: Option<&SetId>) {
        for link in &body.links {
            match self.link(&body.file, link, own) {
                Ok(Some(target)) => {
                    self.graph.targets.insert((body.file.path().to_owned(), link.target.clone()), target);
                }
                Ok(None) => {}
                Err(finding) => self.push(own, *finding),
            }
        }
    }

    /// Where a link leads; none when it leaves the site or stays in the page.
    fn link(
        &self,
        file: &SourceFile,
        link: &Link,
        own: Option<&SetId>,
    ) -> Result<Option<LinkTarget>, Box<Finding>> {
        match paths::read(&link.target) {
            Written::Clause(label) => self.clause(file, link, label, own).map(Some),
            Written::Outside => Ok(None),
            Written::Unsafe => Err(Box::new(error(
                "L305",
                "link-unsafe",
                file,
                link,
                format!("链接 `{}` 的类型不允许，页面上只显示文字", link.target),
                format!("a link of the kind `{}` is not allowed and shown as text", link.target),
            ))),
            Written::Fragment(fragment) => self.fragment(file, link, fragment, own),
            Written::Absolute(address) => self.absolute(file, link, address),
            Written::Relative(path, fragment) => self.relative(file, link, path, fragment).map(Some),
        }
    }

    fn clause(
        &self,
        file: &SourceFile,
        link: &Link,
        label: &str,
        own: Option<&SetId>,
    ) -> Result<LinkTarget, Box<Finding>> {
        let decoded = decode_percent(label);
        let (set, label) = match decoded.split_once('#') {
            Some((set, label)) => (Some(set), label),
            None if SetId::parse(&decoded).is_ok() => (Some(decoded.as_str()), ""),
            None => (None, decoded.as_str()),
        };
        let id = match set {
            Some(set) => {
                SetId::parse(set).ok().filter(|id| self.corpus.sets.contains_key(id)).ok_or_else(|| {
                    Box::new(self.unknown_set("L303", "clause-set-unknown", file, link.range, set))
                })?
            }
            None => own.cloned().ok_or_else(|| Box::new(clause_without_set(file, link)))?,
        };
        if label.is_empty() {
            return Ok(LinkTarget::Policy { set: id, fragment: None });
        }
        let empty = ClauseIndex::default();
        let index = self.names.get(&id).unwrap_or(&empty);
        match index.resolve(label) {
            Named::One(index) => {
                let policy = self.corpus.sets.get(&id).and_then(|set| set.policy.as_ref());
                let anchor =
                    policy.and_then(|policy| policy.provisions.get(index)).map(|found| found.anchor.clone());
                Ok(LinkTarget::Provision { set: id, index, anchor: anchor.unwrap_or_default() })
            }
            Named::Several(candidates) => Err(Box::new(ambiguous(file, link, label, &candidates))),
            Named::None => {
                let candidates = if self.may_suggest() { index.similar(label) } else { Vec::new() };
                Err(Box::new(unknown_clause(file, link, label, &id, &candidates)))
            }
        }
    }

    fn unknown_set(
        &self,
        code: &'static str,
        rule: &'static str,
        file: &SourceFile,
        range: TextRange,
        set: &str,
    ) -> Finding {
        let message = Message::new(format!("没有编号为 `{set}` 的文件"), format!("there is no set `{set}`"));
        let finding = Finding::new(code, rule, "link", Severity::Error, Place::range(file, range), message);
        let ids = self.corpus.sets.keys().map(SetId::as_str);
        match self.may_suggest().then(|| did_you_mean(set, ids)).flatten() {
            Some(meant) => finding.note(format!("是不是 `{meant}`？"), format!("Did you mean `{meant}`?")),
            None => finding,
        }
    }

    /// `#anchor` in the same text: footnotes and sections are the renderer's,
    /// provisions of the own policy are known.
    fn fragment(
        &self,
        file: &SourceFile,
        link: &Link,
        fragment: &str,
        own: Option<&SetId>,
    ) -> Result<Option<LinkTarget>, Box<Finding>> {
        if own.is_none() || self.anchors.contains(fragment) {
            return Ok(None);
        }
        Err(Box::new(broken(file, link).note(
            "指向条款请用 clause: 链接，如 [第（五）项](clause:（五）)。",
            "Use a clause link for provisions: [text](clause:（五）).",
        )))
    }

    /// An address of the site itself.
    fn absolute(
        &self,
        file: &SourceFile,
        link: &Link,
        address: &str,
    ) -> Result<Option<LinkTarget>, Box<Finding>> {
        let path = address.split(['#', '?']).next().unwrap_or(address).trim_matches('/');
        let path = path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/');
        let first = path.split('/').next().unwrap_or("");
        let is_list = LISTS.contains(&first);
        let set = path
            .strip_prefix("policies/")
            .map(|rest| rest.splitn(3, '/').take(2).collect::<Vec<_>>().join("/"));
        let is_lost_set =
            set.is_some_and(|set| SetId::parse(&set).is_ok_and(|id| !self.corpus.sets.contains_key(&id)));
        let is_file = FILES.contains(&path);
        if !is_lost_set && (is_list || is_file || self.routes.contains(path)) {
            return Ok(None);
        }
        Err(Box::new(broken(file, link)))
    }

    fn relative(
        &self,
        file: &SourceFile,
        link: &Link,
        path: &str,
        fragment: Option<&str>,
    ) -> Result<LinkTarget, Box<Finding>> {
        let fragment = fragment.map(ToOwned::to_owned);
        let lost = || Box::new(broken(file, link));
        let folder = file.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = paths::join(folder, &decode_percent(path)).ok_or_else(lost)?;
        if let Some(route) = path.strip_prefix(PAGES).and_then(|path| path.strip_suffix(".md")) {
            let route = Some(route).filter(|route| self.routes.contains(route)).ok_or_else(lost)?;
            return Ok(LinkTarget::Page { route: route.to_owned(), fragment });
        }
        let rest = path.strip_prefix(POLICIES).ok_or_else(lost)?;
        let (year, rest) = rest.split_once('/').ok_or_else(lost)?;
        let (slug, inner) = rest.split_once('/').unwrap_or((rest, "policy.md"));
        let set = SetId::parse(&format!("{year}/{slug}")).map_err(|_| lost())?;
        let files = &self.corpus.sets.get(&set).ok_or_else(lost)?.files;
        let exists = files.binary_search_by(|file| file.path.as_str().cmp(inner)).is_ok();
        match (exists, inner.strip_prefix("materials/").and_then(|name| name.strip_suffix(".md"))) {
            (false, _) => Err(self.nearest_file(file, link, &set, inner)),
            _ if !self.has_anchor(&set, inner, fragment.as_deref()) => Err(lost()),
            (true, Some(name)) => Ok(LinkTarget::Material { set, name: name.to_owned(), fragment }),
            (true, None) if inner == "policy.md" => Ok(LinkTarget::Policy { set, fragment }),
            // A plan is not a page.
            (true, None) if inner == "plan.md" => Err(lost()),
            (true, None) => Ok(LinkTarget::File { set, path: inner.to_owned() }),
        }
    }

    /// Whether the page of a file has the place that a link names in it.
    fn has_anchor(&self, set: &SetId, inner: &str, fragment: Option<&str>) -> bool {
        let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) else { return true };
        let Some(set) = self.corpus.sets.get(set) else { return true };
        let fragment = decode_percent(fragment);
        if inner == "policy.md" {
            let mut provisions = set.policy.iter().flat_map(|policy| &policy.provisions);
            return provisions.any(|provision| provision.anchor == fragment);
        }
        let is_this = |material: &&InterpretationMaterial| material.file.path().ends_with(inner);
        set.materials
            .iter()
            .find(is_this)
            .is_none_or(|material| material.sections.iter().any(|section| section.anchor == fragment))
    }

    fn nearest_file(&self, file: &SourceFile, link: &Link, set: &SetId, inner: &str) -> Box<Finding> {
        let files = self.corpus.sets.get(set).map(|set| set.files.as_slice()).unwrap_or_default();
        let finding = broken(file, link);
        let paths = files.iter().map(|file| file.path.as_str());
        Box::new(match self.may_suggest().then(|| did_you_mean(inner, paths)).flatten() {
            Some(meant) => finding.note(format!("是不是 `{meant}`？"), format!("Did you mean `{meant}`?")),
            None => finding,
        })
    }

    /// Provisions of other documents that a policy cites.
    fn cited(&mut self, id: &SetId, set: &PublicationSet) {
        let Some(policy) = &set.policy else { return };
        let references = self.graph.references(id);
        let faulty = references.iter().filter_map(|reference| {
            let cited =
                self.titles.get(reference.document.as_deref()?).copied().filter(|cited| *cited != id)?;
            let index = self.names.get(cited)?;
            let exists = reference.names.first().is_none_or(|name| index.has(name));
            (!exists).then(|| super::references::not_in(policy, reference, cited))
        });
        let findings: Vec<Finding> = faulty.take(MAX_SUGGESTIONS).collect();
        for finding in findings {
            self.push(Some(id), finding);
        }
    }

    /// 修改 and 废止, by document number or set id, in both directions.
    fn relations(&mut self, id: &SetId, set: &PublicationSet) {
        let Some(policy) = &set.policy else { return };
        let amends = policy.meta.amends.iter().map(|other| (other, Relation::Amends, Relation::AmendedBy));
        let repeals =
            policy.meta.repeals.iter().map(|other| (other, Relation::Repeals, Relation::RepealedBy));
        for (other, there, back) in amends.chain(repeals) {
            match self.related(other) {
                Ok(Some(target)) if target == *id => {}
                Ok(Some(target)) => {
                    self.graph.relations.entry(id.clone()).or_default().push((there, target.clone()));
                    self.graph.relations.entry(target).or_default().push((back, id.clone()));
                }
                Ok(None) => {}
                Err(()) => {
                    let finding = self.unknown_set(
                        "L308",
                        "related-set-unknown",
                        &policy.file,
                        other.range,
                        &other.value,
                    );
                    self.push(Some(id), finding);
                }
            }
        }
    }

    /// The set meant by a number or id; none for a document that is not here.
    fn related(&self, other: &Spanned<String>) -> Result<Option<SetId>, ()> {
        match SetId::parse(&other.value) {
            Ok(id) if self.corpus.sets.contains_key(&id) => Ok(Some(id)),
            Ok(_) => Err(()),
            Err(_) => Ok(self.numbers.get(other.value.as_str()).map(|id| (*id).clone())),
        }
    }
}

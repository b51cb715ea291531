//! 审核记录: which steps each edition went through, and its machine form.

use serde::Serialize;

use super::catalogue::{Entry, is_disclosed, listed_date};
use super::lists::{Crumb, Pager, here_key, home, page_count, pager_of};
use super::route::Route;
use super::{Content, Page, SitePlan, View};
use jiedu_approve::{StepRecord, profile_steps};
use jiedu_base::clock::Clock;
use jiedu_base::name::SetId;
use jiedu_edition::{Edition, PublishedSet};

/// The record page.
#[derive(Debug, Serialize)]
pub struct RecordView {
    crumbs: Vec<Crumb>,
    title_html: String,
    number: String,
    policy: String,
    json: String,
    evidence: String,
    names: bool,
    draft: bool,
    editions: Vec<RecordEdition>,
    aliases: Vec<AliasLink>,
    withdrawn: String,
    pager: Pager,
}

#[derive(Debug, Serialize)]
struct RecordEdition {
    n: u32,
    href: String,
    /// The comparison with the edition before; may be empty.
    compare: String,
    date: String,
    revision: u32,
    profile: String,
    digest: String,
    code: String,
    commit: String,
    void: bool,
    manifest: String,
    steps: Vec<RecordStep>,
}

#[derive(Debug, Serialize)]
struct RecordStep {
    /// Key of the step's name, when it is one of the known ones.
    key: String,
    /// The step as the roster writes it.
    step: String,
    post: String,
    name: String,
    substitute: bool,
    time: String,
    instant: String,
    fingerprint: String,
    statement: String,
    short: String,
    /// Digest of the proofreading report, empty when the step names none.
    report: String,
}

#[derive(Debug, Serialize)]
struct AliasLink {
    id: String,
    href: String,
}

/// Editions on one page of the record: each brings its table of steps.
const PER_PAGE: usize = 10;

/// How many pages the record takes.
pub(super) fn pages(set: &PublishedSet) -> usize {
    page_count(set.editions.iter().filter(|edition| is_disclosed(edition)).count(), PER_PAGE)
}

/// A page of the record.
pub(super) fn route(id: &SetId, number: usize) -> Route {
    Route::list_page(&format!("policies/{id}/record"), number)
}

impl<'a> SitePlan<'a> {
    pub(super) fn record(&self, page: &Page, set: usize, number: usize) -> View<'a> {
        let Some(set) = self.sets.get(set) else { return self.missing(page) };
        let root = page.route.root();
        let shown = self.catalogue.entry(&set.id);
        let name = shown.map_or(set.id.as_str(), Entry::short);
        let title = shown.map_or_else(|| set.id.to_string(), |entry| entry.title().to_owned());
        let issuers: Vec<&str> = shown
            .iter()
            .flat_map(|entry| &entry.policy.meta.issuers)
            .map(|issuer| issuer.value.as_str())
            .collect();
        let mut head = self.head(page, super::lists::list_title(&format!("审核记录：{name}"), number));
        head.description = format!("{title}的审核记录");
        head.section = "policies";
        head.draft = set.draft;
        head.noindex |= set.draft;
        head.column(&self.config.columns.policies);
        let json = format!("{root}{}", Route::in_set(&set.id, "record/index.json").url());
        head.provenance.clone_from(&json);
        head.alternate("application/json", "机器可读", json.clone());
        let up = Crumb { key: "nav.policies", text: String::new(), href: format!("{root}policies/") };
        let policy = format!("{root}{}", Route::set(&set.id).url());
        let at = Crumb { key: "", text: name.to_owned(), href: policy.clone() };
        let aliases = shown.map(|entry| entry.policy.meta.aliases.as_slice()).unwrap_or_default();
        let aliases = aliases.iter().filter(|alias| !self.places.contains_key(alias));
        let content = RecordView {
            crumbs: vec![home(&root), up, at, here_key("record.heading")],
            number: shown.and_then(Entry::number).unwrap_or("").to_owned(),
            title_html: super::title::title_html(&title, &issuers),
            policy,
            json,
            evidence: if self.evidence_is_public() {
                format!("{root}.well-known/jiedu/manifest.json")
            } else {
                String::new()
            },
            names: self.config.record.names,
            draft: set.draft,
            editions: set
                .editions
                .iter()
                .rev()
                .filter(|e| is_disclosed(e))
                .skip(number.saturating_sub(1) * PER_PAGE)
                .take(PER_PAGE)
                .map(|e| self.record_edition(set, e, &root))
                .collect(),
            aliases: aliases
                .map(|alias| AliasLink {
                    id: alias.to_string(),
                    href: format!("{root}{}", Route::set(alias).url()),
                })
                .collect(),
            withdrawn: set.withdrawn.as_ref().map(|(_, when)| when.today().to_string()).unwrap_or_default(),
            pager: pager_of(pages(set), number, |number| format!("{root}{}", route(&set.id, number).url())),
        };
        View { head, content: Content::Record(Box::new(content)), body: None, slots: Vec::new(), twin: None }
    }

    /// Whether the evidence lies in the site. A site with drafts has none.
    pub(super) fn evidence_is_public(&self) -> bool {
        !self.drafts && self.config.record.evidence == jiedu_config::EvidenceMode::Public
    }

    fn record_edition(&self, set: &PublishedSet, edition: &Edition, root: &str) -> RecordEdition {
        RecordEdition {
            n: edition.number,
            href: format!("{root}{}", Route::edition(&set.id, edition.number).url()),
            compare: super::pages::before(set, edition)
                .map(|old| format!("{root}{}", Route::compare(&set.id, old.number, edition.number).url()))
                .unwrap_or_default(),
            date: listed_date(edition).to_string(),
            revision: edition.revision,
            profile: edition.profile.clone(),
            digest: edition.digest.to_string(),
            code: edition.digest.check_code(),
            commit: edition.commit.as_str().to_owned(),
            void: edition.void.is_some() || set.withdrawn.is_some(),
            manifest: if self.evidence_is_public() && !set.draft {
                format!("{root}.well-known/jiedu/evidence/sets/{}/v{}.txt", set.id, edition.number)
            } else {
                String::new()
            },
            steps: edition.steps.iter().map(|step| self.record_step(step, root)).collect(),
        }
    }

    fn record_step(&self, step: &StepRecord, root: &str) -> RecordStep {
        let when = Clock::from_unix(step.claimed_at);
        // Every theme names these.
        let known = profile_steps().any(|name| name == step.step);
        RecordStep {
            key: if known { format!("step.{}", step.step) } else { String::new() },
            step: step.step.clone(),
            post: step.post.clone(),
            name: if self.config.record.names { step.name.clone() } else { String::new() },
            substitute: step.substitute_for.is_some(),
            time: when.beijing().strftime("%Y-%m-%d %H:%M").to_string(),
            instant: when.rfc3339(),
            fingerprint: step.key_fingerprint.clone(),
            statement: if self.evidence_is_public() {
                format!("{root}.well-known/jiedu/evidence/statements/{}.commit", step.statement.hex())
            } else {
                String::new()
            },
            report: step.report.map(|digest| digest.to_string()).unwrap_or_default(),
            short: step.statement.hex().chars().take(12).collect(),
        }
    }
}

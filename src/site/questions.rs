//! 热线问答: the questions of a set (`qa.toml`), on a page of their own, beside
//! the provisions on which the answers rest, and with the interpretations.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::body::Gloss;
use super::catalogue::{Catalogue, Material};
use super::clause::{Clauses, split_target};
use super::consultation::Reference;
use super::files::Place;
use super::lists::{Crumb, here_key, home};
use super::notice::Notice;
use super::pinned::{Pin, followed};
use super::policy::shorten;
use super::route::Route;
use super::status::StatusView;
use super::{Content, Page, SitePlan, View};
use jiedu_base::name::SetId;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{PolicyDocument, Question};

/// The page of a set's questions.
#[derive(Debug, Serialize)]
pub struct QuestionsView {
    crumbs: Vec<Crumb>,
    policy: String,
    policy_href: String,
    /// The state of the policy, day by day.
    status: StatusView,
    notices: Vec<Notice>,
    edition: u32,
    questions: Vec<QuestionItem>,
    record: String,
    json: String,
}

/// A question with its answer.
#[derive(Debug, Serialize)]
pub struct QuestionItem {
    id: String,
    question: String,
    /// The answer, a paragraph each.
    answer: Vec<String>,
    clauses: Vec<Reference>,
    source: String,
    answered_by: String,
    date: String,
    /// A provision changed after the answer was given.
    stale: bool,
    /// Policies that the answer rests on and that lost their force.
    lost: Vec<String>,
    href: String,
}

/// A question of one set about a provision of another.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The set that holds the question.
    pub(crate) set: &'a PublishedSet,
    /// Its edition.
    pub(crate) edition: &'a Edition,
    /// The question.
    pub(crate) question: &'a Question,
    /// The provision, in the set that is asked about.
    pub(crate) provision: usize,
    /// Whether its words changed since the answer was given.
    pub(crate) stale: bool,
}

/// The questions of an edition.
pub(super) fn questions(edition: &Edition) -> &[Question] {
    edition.set.questions.as_ref().map(|sheet| sheet.questions.as_slice()).unwrap_or_default()
}

/// The page of a set's questions.
pub(super) fn route(id: &SetId) -> Route {
    Route::in_set(id, "qa/index.html")
}

impl<'a> SitePlan<'a> {
    pub(super) fn questions_page(&self, page: &Page, entry: usize) -> View<'a> {
        let Some(entry) = self.catalogue.entries.get(entry) else { return self.missing(page) };
        let (set, edition, root) = (entry.set, entry.edition, page.route.root());
        let mut head = self.head(page, format!("热线问答：{}", entry.short()));
        head.description = format!("《{}》热线问答", super::title::inside_marks(entry.title()));
        head.section = "interpretations";
        head.sheet = "art";
        head.draft = set.draft;
        head.noindex |= set.draft;
        head.column(&self.config.columns.interpretations);
        head.provenance = format!("{root}{}", Route::in_set(&set.id, "record/index.json").url());
        let json = format!("{root}{}", Route::in_set(&set.id, "set.json").url());
        head.alternate("application/json", "机器可读", json.clone());
        let policy_href = format!("{root}{}", entry.route().url());
        let notices: Vec<Notice> = Self::draft_notice(set).into_iter().collect();
        let content = QuestionsView {
            crumbs: vec![
                home(&root),
                Crumb {
                    key: "nav.interpretations",
                    text: String::new(),
                    href: format!("{root}interpretations/"),
                },
                Crumb { key: "", text: entry.short().to_owned(), href: policy_href.clone() },
                here_key("qa.heading"),
            ],
            policy: entry.title().to_owned(),
            policy_href,
            status: self.status_of_policies(&[entry], &root),
            notices,
            edition: edition.number,
            questions: questions(edition)
                .iter()
                .map(|question| {
                    self.question_item(set, edition, entry.policy, entry.clauses(), question, &root)
                })
                .collect(),
            record: format!("{root}{}", Route::in_set(&set.id, "record/index.html").url()),
            json,
        };
        View {
            head,
            content: Content::Questions(Box::new(content)),
            body: None,
            slots: Vec::new(),
            twin: None,
        }
    }

    fn question_item(
        &self,
        set: &'a PublishedSet,
        edition: &'a Edition,
        policy: &'a PolicyDocument,
        clauses: &Clauses<'_>,
        question: &Question,
        root: &str,
    ) -> QuestionItem {
        let named = question.clauses.iter();
        let find = |name: &str| pin(&self.catalogue, (set, edition), policy, question, name);
        QuestionItem {
            id: question.anchor.clone(),
            question: question.question.value.clone(),
            answer: question
                .answer
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty())
                .map(str::to_owned)
                .collect(),
            clauses: named
                .clone()
                .map(|name| {
                    let pin = find(&name.value).filter(|_| !name.value.contains('/'));
                    let now = pin.and_then(|pin| policy.provisions.get(pin.provision));
                    let written = now.map_or(name.value.as_str(), |now| now.anchor.as_str());
                    self.reference(set, edition, clauses, written, root)
                })
                .collect(),
            source: question.source.clone(),
            answered_by: question.answered_by.clone(),
            date: question.date.map(|date| date.to_string()).unwrap_or_default(),
            stale: named.clone().filter(|name| !name.value.contains('/')).any(|name| {
                // A clause that is gone leaves its answer without ground.
                find(&name.value).is_none_or(|pin| pin.stale) && clauses.find(&name.value).is_some()
            }),
            lost: named.filter_map(|name| self.lost(&set.id, &name.value)).collect(),
            href: format!("{root}{}#{}", route(&set.id).url(), question.anchor),
        }
    }

    /// The title of another policy that an answer rests on, once it is no
    /// longer in force.
    fn lost(&self, own: &SetId, written: &str) -> Option<String> {
        let id = SetId::parse(written).ok().or_else(|| split_target(written).0).filter(|id| id != own)?;
        let entry = self.catalogue.entry(&id)?;
        matches!(entry.force.state, "repealed" | "expired").then(|| super::title::inside_marks(entry.title()))
    }

    /// The questions that go with an interpretation: those about the
    /// provisions that it explains, and those about the policy as a whole.
    pub(super) fn related_questions(&self, material: Material<'a>, root: &str) -> Vec<QuestionItem> {
        let Some(policy) = &material.edition.set.policy else { return Vec::new() };
        let all = questions(material.edition);
        if all.is_empty() {
            return Vec::new();
        }
        let clauses = Clauses::new(policy);
        let sections = &material.material.sections;
        let targets = sections.iter().flat_map(|s| s.heading_targets.iter().chain(&s.text_targets));
        let explained: BTreeSet<usize> = targets
            .filter(|target| !target.contains('#'))
            .filter_map(|target| clauses.find(target))
            .collect();
        let touches = |question: &Question| {
            let mut own = question.clauses.iter().filter_map(|name| clauses.find(&name.value)).peekable();
            own.peek().is_none() || own.any(|provision| explained.contains(&provision))
        };
        let related = all.iter().filter(|question| touches(question));
        related
            .map(|question| {
                self.question_item(material.set, material.edition, policy, &clauses, question, root)
            })
            .collect()
    }

    /// Adds the questions about the provisions of an edition, on the current
    /// page those of other sets too.
    pub(super) fn question_glosses(
        &self,
        place: &Place<'_, 'a>,
        policy: &'a PolicyDocument,
        current: bool,
        glosses: &mut BTreeMap<usize, Vec<Gloss<'a>>>,
    ) {
        let Place { set, edition, root, .. } = *place;
        let shown = self.catalogue.entry(&set.id).map(|entry| questions(entry.edition)).unwrap_or_default();
        for question in questions(edition) {
            let has_page = shown.iter().any(|known| known.anchor == question.anchor);
            let href = format!("{root}{}#{}", route(&set.id).url(), question.anchor);
            let mut seen = BTreeSet::new();
            let find = |name: &str| pin(&self.catalogue, (set, edition), policy, question, name);
            for name in question.clauses.iter().filter(|name| !name.value.contains('/')) {
                let Some(pin) = find(&name.value).filter(|pin| seen.insert(pin.provision)) else {
                    continue;
                };
                let href = if has_page { href.clone() } else { String::new() };
                let gloss = gloss(question, href, edition.number, pin.stale);
                glosses.entry(pin.provision).or_default().push(gloss);
            }
        }
        for asked in self.catalogue.asked.get(&set.id).filter(|_| current).into_iter().flatten() {
            let href = format!("{root}{}#{}", route(&asked.set.id).url(), asked.question.anchor);
            let mut gloss = gloss(asked.question, href, asked.edition.number, asked.stale);
            let from = self.catalogue.entry(&asked.set.id);
            gloss.from = from.map(|entry| super::title::inside_marks(entry.title()));
            glosses.entry(asked.provision).or_default().push(gloss);
        }
    }
}

fn gloss(question: &Question, href: String, edition: u32, stale: bool) -> Gloss<'_> {
    Gloss {
        form: "热线问答",
        answers: true,
        heading: &question.question.value,
        text: shorten(&question.answer.replace('\n', "")),
        href,
        edition,
        stale,
        from: None,
    }
}

/// The first edition that has the question with the same answer.
pub(super) fn asked_in<'a>(set: &'a PublishedSet, edition: &'a Edition, question: &Question) -> &'a Edition {
    since(set, edition, question, |known| known.answer == question.answer)
}

/// The first edition in which the question rests on the clause by this name.
pub(super) fn named_in<'a>(
    set: &'a PublishedSet,
    edition: &'a Edition,
    question: &Question,
    name: &str,
) -> &'a Edition {
    since(set, edition, question, |known| known.clauses.iter().any(|clause| clause.value == name))
}

fn since<'a>(
    set: &'a PublishedSet,
    edition: &'a Edition,
    question: &Question,
    same: impl Fn(&Question) -> bool,
) -> &'a Edition {
    let older = set.editions.iter().rev().filter(|older| older.number < edition.number);
    let is_same = |older: &&Edition| {
        let known = || questions(older).iter();
        let by_words = known().find(|known| known.question.value == question.question.value);
        by_words.or_else(|| known().find(|known| known.anchor == question.anchor)).is_some_and(&same)
    };
    older.take_while(is_same).last().unwrap_or(edition)
}

/// The clause of the own policy that a question means.
fn pin(
    catalogue: &Catalogue<'_>,
    (set, edition): (&PublishedSet, &Edition),
    policy: &PolicyDocument,
    question: &Question,
    name: &str,
) -> Option<Pin> {
    let named = named_in(set, edition, question, name).set.policy.as_ref();
    let seen = asked_in(set, edition, question).set.policy.as_ref();
    followed(catalogue, name, (named, seen), policy)
}

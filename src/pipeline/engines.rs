//! `check` with external proofreaders.
//!
//! The program's own rules come first: engines are told what is known, and what
//! the rules take for personal data is masked before a text is sent.

use super::check::{CheckOptions, CheckReport, check_with};
use super::content::Content;
use super::proofread::{for_engines, wordlists_of};
use super::{Stop, in_pool};
use jiedu_base::finding::Finding;
use jiedu_config::Wordlist;
use jiedu_engine::{Ask, Audience, Limits, Lists, Prepared, Record, Reply, Request, consult, hear};
use jiedu_markdown::Body;
use jiedu_model::{Disclosure, PublicationSet};
use jiedu_proof::{EngineAnswer, Profile};
use jiedu_source::{Repository, SetFiles, Snapshot};

/// All findings of a revision or of the work tree, those of engines included.
///
/// # Errors
/// [`Stop`] when the repository, roster, anchor or settings cannot be used.
pub fn check_with_engines(
    repository: &Repository,
    options: &CheckOptions<'_>,
    ask: Asked<'_>,
) -> Result<CheckReport, Stop> {
    in_pool(options.jobs, || check_with(repository, options, Some(ask)))
}

/// Whoever puts requests to engines.
pub(super) type Asked<'a> = &'a mut (dyn Ask + Send);

/// A text that may go to engines.
pub(super) struct Offer<'a> {
    pub(super) set: String,
    pub(super) body: &'a Body,
    pub(super) profile: Profile,
    pub(super) allowed: &'a [String],
}

/// What engines say about the texts in which `own` was found; only about the
/// sets wanted.
pub(super) fn consult_all(
    content: &Content,
    snapshot: &Snapshot,
    own: &[Finding],
    wanted: &dyn Fn(&str) -> bool,
    ask: Asked<'_>,
) -> Vec<Finding> {
    let lists: Vec<Wordlist> = wordlists_of(&snapshot.site).into_iter().map(|list| list.value).collect();
    let mut findings = Vec::new();
    for offer in for_engines(content).into_iter().filter(|offer| wanted(&offer.set)) {
        let audience = audience(content, &offer.set);
        let mut found = consult_one(&offer, audience, &lists, own, ask);
        for finding in &mut found {
            finding.set.get_or_insert_with(|| offer.set.clone());
        }
        findings.append(&mut found);
    }
    findings
}

fn consult_one(
    offer: &Offer<'_>,
    audience: Audience,
    lists: &[Wordlist],
    own: &[Finding],
    ask: Asked<'_>,
) -> Vec<Finding> {
    let path = offer.body.file.path();
    let own: Vec<Finding> = own.iter().filter(|finding| finding.place.path == path).cloned().collect();
    let lists = Lists::new(lists, offer.allowed);
    match Prepared::new(offer.body, offer.profile, audience, lists, &own, Limits::default()) {
        Ok(prepared) => consult(offer.body, &prepared, &own, ask),
        Err(finding) => vec![*finding],
    }
}

/// A set that is not disclosed by itself stays in the office, with all its texts.
fn audience(content: &Content, set: &str) -> Audience {
    let disclosure = |set: &PublicationSet| set.policy.as_ref().map(|policy| policy.meta.disclosure);
    let found = content.corpus.sets.iter().find(|(id, _)| id.as_str() == set);
    match found.map(|(_, set)| disclosure(set)) {
        // A standing page has nobody to keep it from.
        None | Some(Some(Disclosure::Proactive)) => Audience::Public,
        Some(_) => Audience::Internal,
    }
}

/// Answers that were kept with the texts (`evidence/answers/`), for reports that
/// anybody can make again without the engines.
#[derive(Default)]
pub(super) struct Answers {
    files: SetFiles,
    lists: Vec<Wordlist>,
}

impl Answers {
    /// The answers kept at a revision, and the word lists that engines were told.
    pub(super) fn new(files: SetFiles, site: &SetFiles) -> Self {
        let lists = if files.files.is_empty() {
            Vec::new()
        } else {
            wordlists_of(site).into_iter().map(|list| list.value).collect()
        };
        Self { files, lists }
    }

    /// Whether there is any.
    pub(super) fn is_empty(&self) -> bool {
        self.files.files.is_empty()
    }

    /// What names the answers: the digests of all of them.
    pub(super) fn key(&self) -> Vec<jiedu_base::name::Digest> {
        self.files.files.iter().map(|file| file.digest).collect()
    }

    /// What was answered about a text in which `own` was found, suppressions not
    /// looked at, and who answered.
    pub(super) fn about(&self, offer: &Offer<'_>, own: &[Finding]) -> (Vec<Finding>, Vec<EngineAnswer>) {
        let lists = Lists::new(&self.lists, offer.allowed);
        // Whether the text might be sent was decided when it was.
        let Ok(prepared) =
            Prepared::new(offer.body, offer.profile, Audience::Public, lists, own, Limits::default())
        else {
            return (Vec::new(), Vec::new());
        };
        let mut book = Book { answers: self, path: offer.body.file.path(), used: Vec::new() };
        let findings = hear(offer.body, &prepared, own, &mut book);
        (findings, book.used)
    }
}

/// Gives the answers on record, and notes which.
struct Book<'a> {
    answers: &'a Answers,
    path: &'a str,
    used: Vec<EngineAnswer>,
}

impl Ask for Book<'_> {
    fn ask(&mut self, request: &Request) -> Vec<Reply> {
        let document = &request.document.sha256;
        let text = document.strip_prefix("sha256:").unwrap_or(document);
        let is_its = |name: &str| {
            let rest = name.strip_prefix(text).and_then(|rest| rest.strip_prefix('-'));
            rest.is_some_and(|rest| rest.strip_suffix(".json").is_some())
        };
        let files = self.answers.files.files.iter().filter(|file| is_its(&file.path));
        let mut replies = Vec::new();
        for file in files {
            let reply = Record::reply(&file.bytes);
            let version = Record::engine(&file.bytes).map(|engine| engine.version).unwrap_or_default();
            self.used.push(EngineAnswer {
                answer: file.digest.to_string(),
                name: reply.name.clone(),
                path: self.path.to_owned(),
                version,
            });
            replies.push(reply);
        }
        replies
    }
}

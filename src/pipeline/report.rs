//! Proofreading reports: made for those who sign, made again for those who check.
//!
//! A report rests on the bytes of a set, on the word lists of the revision at
//! which it was signed, on the answers of external proofreaders kept with it
//! (`evidence/answers/`), and on the text of the edition before it. None of these
//! change afterwards, so anybody with the repository and the same rules gets
//! the same bytes; who cannot is told so (`REPORT_STALE`), and no more: only
//! the bytes of the set void approvals (details 90).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Stop;
use super::engines::Answers;
use super::instant::Time;
use super::proofread::{lists_of, read_set, texts_of, wordlists};
use super::revision::{ReadOptions, Revision};
use super::state::JudgedSet;
use jiedu_approve::{Reason, StepState, step_label};
use jiedu_base::clock::Clock;
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::name::{CommitId, Digest, SetId};
use jiedu_base::text::Message;
use jiedu_model::PublicationSet;
use jiedu_proof::{ListFile, Lists, Report};
use jiedu_source::{OpenOptions, Repository, SetFiles};

/// The proofreading report about the text of a set at a revision.
///
/// # Errors
/// [`Stop`] when the revision has no such set, or the set has no digest.
pub fn proof_report(repository: &Repository, read: &Revision, id: &SetId) -> Result<Report, Stop> {
    let set = read.set(id).ok_or_else(|| {
        Stop::usage(
            format!("没有“{id}”这一套文件；运行 jiedu status 可以看到全部"),
            format!("there is no set `{id}`; `jiedu status` lists them all"),
        )
    })?;
    let digest = set.digest.ok_or_else(|| {
        Stop::usage(
            format!("“{id}”有不合规定的文件，没有摘要；运行 jiedu check 查看"),
            format!("`{id}` has no digest; see jiedu check"),
        )
    })?;
    let answers = repository.answer_files(&read.commit).unwrap_or_default();
    let words = Words::of(&read.snapshot.site, answers);
    Ok(words.report(&set.set, digest, base(set, digest)))
}

/// The digest of the report about a set at a commit of the repository in a
/// folder: what the proofreaders of a demonstration sign.
#[must_use]
pub fn report_digest(folder: &Path, commit: &CommitId, at: Clock, set: &SetId) -> Option<Digest> {
    let options = OpenOptions { allow_alternates: false, search_upward: false };
    let repository = Repository::open(folder, options).ok()?;
    let time = Time { given: Some(at), machine: at };
    let read = ReadOptions { revision: commit.as_str(), time, anchor: None, drafting: false };
    let read = Revision::read(&repository, read).ok()?;
    Some(proof_report(&repository, &read, set).ok()?.digest())
}

/// The text that a report about a digest is compared with: the edition before.
fn base(set: &JudgedSet, digest: Digest) -> Option<&PublicationSet> {
    let own = set.editions.iter().position(|edition| edition.digest == digest);
    let earlier = set.editions.iter().take(own.unwrap_or(set.editions.len())).rev();
    earlier.filter(|edition| edition.void.is_none()).map(|edition| &*edition.set).next()
}

/// The office's word lists at one revision, and what external proofreaders said.
struct Words {
    lists: Lists,
    files: Vec<ListFile>,
    answers: Answers,
}

impl Words {
    fn of(site: &SetFiles, answers: SetFiles) -> Self {
        let lists = wordlists(site, &mut Vec::new());
        Self { lists, files: lists_of(site), answers: Answers::new(answers, site) }
    }

    fn report(&self, set: &PublicationSet, digest: Digest, base: Option<&PublicationSet>) -> Report {
        let before = base.and_then(|base| Some((base.digest?, read_set(base, &self.lists, &self.answers))));
        let reading = read_set(set, &self.lists, &self.answers);
        let (lists, model) = (self.files.clone(), self.lists.model());
        Report::new(set.id.as_str(), digest, texts_of(set), lists, model, reading, before)
    }
}

/// A report that somebody signed.
struct Signed<'a> {
    set: &'a JudgedSet,
    text: &'a PublicationSet,
    digest: Digest,
    step: &'a str,
    report: Digest,
    /// Where its word lists may be found.
    commits: Vec<&'a CommitId>,
}

/// A warning for every report, named by a step of a present text or of an
/// edition on show, that the rules of today do not give again.
pub(super) fn stale_reports(repository: &Repository, read: &Revision) -> Vec<Finding> {
    let mut shelf = Shelf { repository, read, words: BTreeMap::new(), made: BTreeMap::new() };
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for set in &read.sets {
        for signed in signed_reports(set) {
            let key = (&set.id, signed.digest, signed.step, signed.report);
            if seen.insert(key) && !shelf.reproduces(&signed) {
                findings.push(stale(&signed));
            }
        }
    }
    findings
}

fn signed_reports(set: &JudgedSet) -> Vec<Signed<'_>> {
    let present = set.steps.iter().filter(|step| step.state == StepState::Done).filter_map(|step| {
        Some(Signed {
            set,
            text: &set.set,
            digest: set.digest?,
            step: &step.step,
            report: step.report?,
            commits: step.commit.iter().collect(),
        })
    });
    let shown = set.standing_edition().into_iter().flat_map(|edition| {
        edition.steps.iter().filter_map(move |step| {
            Some(Signed {
                set,
                text: &edition.set,
                digest: edition.digest,
                step: &step.step,
                report: step.report?,
                commits: step.commit.iter().chain([&edition.commit]).collect(),
            })
        })
    });
    // The edition's record knows more places to look.
    shown.chain(present).collect()
}

/// What a report rests on: lists, answers, text and earlier text.
type Ground = (Vec<ListFile>, Vec<Digest>, Digest, Option<Digest>);

/// Word lists of the revisions that reports were signed at, each read once.
struct Shelf<'a> {
    repository: &'a Repository,
    read: &'a Revision,
    words: BTreeMap<Option<&'a CommitId>, Option<Words>>,
    /// Digests of reports made, by lists, text and earlier text: the three proof
    /// steps of a round mostly name the same.
    made: BTreeMap<Ground, Digest>,
}

impl<'a> Shelf<'a> {
    /// The digest of a report made with the lists of a commit, or of the revision
    /// itself without one.
    fn digest(
        &mut self,
        place: Option<&'a CommitId>,
        signed: &Signed<'a>,
        base: Option<&PublicationSet>,
    ) -> Option<Digest> {
        let (repository, read) = (self.repository, self.read);
        let answers = |commit| repository.answer_files(commit).unwrap_or_default();
        let load = || match place {
            None => Some(Words::of(&read.snapshot.site, answers(&read.commit))),
            // A commit whose lists cannot be read gives no report.
            Some(commit) => repository.site_files(commit).ok().map(|site| Words::of(&site, answers(commit))),
        };
        let words = self.words.entry(place).or_insert_with(load).as_ref()?;
        let key =
            (words.files.clone(), words.answers.key(), signed.digest, base.and_then(|base| base.digest));
        let make = || words.report(signed.text, signed.digest, base).digest();
        Some(*self.made.entry(key).or_insert_with(make))
    }

    /// Whether some lists and some earlier text give the report again. What
    /// counted as the edition before is not recorded, and may have been void or
    /// not yet due, so all are tried.
    fn reproduces(&mut self, signed: &Signed<'a>) -> bool {
        let usual = base(signed.set, signed.digest);
        let others = signed.set.editions.iter().filter(|edition| edition.digest != signed.digest);
        let mut bases: Vec<Option<&PublicationSet>> = vec![usual, None];
        bases.extend(others.map(|edition| Some(&*edition.set)));
        let mut places = signed.commits.iter().copied().map(Some).chain([None]);
        places.any(|place| bases.iter().any(|base| self.digest(place, signed, *base) == Some(signed.report)))
    }
}

fn stale(signed: &Signed<'_>) -> Finding {
    let (id, label) = (&signed.set.id, step_label(signed.step));
    let message = Message::new(
        format!("“{id}”{label}所签的校对报告，用现在的规则和当时的词表重现不出来"),
        format!("`{id}`: the report that {} names cannot be made again with today's rules", signed.step),
    );
    let reason = Reason::ReportStale;
    let place = Place::whole(format!("content/policies/{id}"));
    Finding::new(reason.code(), reason.rule(), "approval", Severity::Warning, place, message)
        .in_set(id.to_string())
        .note(
            format!(
                "审签仍然有效，发布不受影响。规则或词典更新后会这样：运行 jiedu report {id} 看今天的报告，有新问题时改稿并重新送审"
            ),
            format!(
                "the approval stays valid and nothing is held back; rules may have been updated: see `jiedu report {id}`, and submit again when it finds something new"
            ),
        )
}

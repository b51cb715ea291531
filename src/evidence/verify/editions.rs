//! Every edition back to signed statements, and every page to an edition.

use super::release::{Documents, at};
use super::report::VerifyReport;
use crate::release::{NOT_DISCLOSED, Release, ReleasedEdition, ReleasedSet, SmallRef};
use crate::set_manifest::SetManifest;
use jiedu_approve::{Approvals, Cleared, Reason, SetFacts, Subject};
use jiedu_base::name::{Digest, SetId};
use jiedu_base::text::Message;

/// Judges every set of the release again.
pub(super) fn judge(
    approvals: &Approvals,
    release: &Release,
    documents: &Documents<'_>,
    report: &mut VerifyReport,
) {
    for set in &release.sets {
        report.checked.sets += 1;
        judge_set(approvals, set, documents, report);
    }
    for set in &release.small {
        report.checked.sets += 1;
        judge_small(approvals, set, documents, report);
    }
    judge_site(approvals, release, documents, report);
}

/// The catalogue, a list or a report: its digest and its chain.
fn judge_small(approvals: &Approvals, set: &SmallRef, documents: &Documents<'_>, report: &mut VerifyReport) {
    let id = set.id.to_string();
    let path = format!("sets/{id}.txt");
    check_manifest(&path, &id, &set.digest, documents, report);
    let subject = Subject::Small(set.id.clone());
    let chains = approvals.chains(&subject, &set.digest, &SetFacts::default());
    let is_named =
        |chain: &&Cleared| chain.revision() == set.revision && chain.statements() == set.statements;
    let withdrawn = approvals.withdrawal(&subject, Some(set.revision)).is_some();
    if let Some(chain) = chains.iter().find(is_named).filter(|_| !withdrawn) {
        report.checked.approvals += chain.steps().len();
        return;
    }
    let reason = if withdrawn { Reason::Withdrawn } else { Reason::StepMissing };
    let message = Message::new(
        format!("{id} 没有完整有效的审签链，或者已经撤下"),
        format!("`{id}` has no complete valid chain of approvals, or was withdrawn"),
    );
    report.add(reason.code(), at(&path), message);
}

fn judge_set(approvals: &Approvals, set: &ReleasedSet, documents: &Documents<'_>, report: &mut VerifyReport) {
    let subject = Subject::from(&set.id);
    check_numbers(set, report);
    for edition in &set.editions {
        if edition.void.as_deref() == Some(NOT_DISCLOSED) {
            continue;
        }
        let path = format!("sets/{}/v{}.txt", set.id, edition.number);
        check_manifest(&path, set.id.as_str(), &edition.digest, documents, report);
        if edition.void.is_none() {
            judge_edition(approvals, &subject, set, edition, report);
        }
    }
    // What an edition claims without a chain was named above.
    let shown = set.editions.iter().filter(|edition| edition.void.is_none());
    let cleared = shown.map(|edition| edition.revision).max();
    let withdrawn = approvals.withdrawal(&subject, cleared).map(|withdrawal| withdrawal.statement);
    if withdrawn != set.withdrawn {
        let id = &set.id;
        let message = match withdrawn {
            Some(statement) => Message::new(
                format!("{id} 已由声明 {statement} 撤下，网站仍按有效发布"),
                format!("{id} was withdrawn by statement {statement} and is still live"),
            ),
            None => Message::new(
                format!("网站称 {id} 已撤下，证据里没有这样的声明"),
                format!("the site calls {id} withdrawn; no statement says so"),
            ),
        };
        report.add("WITHDRAWN", format!("policies/{id}/index.html"), message);
    }
}

/// No edition of an older release may be missing, or have another number: only
/// a decision about a text that is not for the public, or another set that took
/// over the address, takes a whole set off the site.
pub(super) fn remain(
    previous: &Release,
    approvals: &Approvals,
    release: &Release,
    report: &mut VerifyReport,
) {
    for before in &previous.sets {
        let now = release.sets.iter().find(|set| set.id == before.id);
        if now.is_none() && (moved(previous, release, before) || decided_since(approvals, before)) {
            continue;
        }
        let is_here = |edition: &&ReleasedEdition| {
            let mut now = now.into_iter().flat_map(|set| &set.editions);
            now.any(|it| (it.number, it.digest) == (edition.number, edition.digest))
        };
        for edition in before.editions.iter().filter(|edition| !is_here(edition)) {
            let (id, number) = (&before.id, edition.number);
            let message = Message::new(
                format!("{id} 第 {number} 版在上一次发布里有，这一次不见了或换了文本，也没有撤下的决定"),
                format!(
                    "edition {number} of {id} was in the earlier release and is missing, or another text, though nobody withdrew it"
                ),
            );
            report.add("EDITION_VANISHED", format!("policies/{id}/v{number}/index.html"), message);
        }
    }
}

/// Whether another set took over the address since: one that named it already when
/// both were out did not.
fn moved(previous: &Release, release: &Release, before: &ReleasedSet) -> bool {
    let claims = |set: &ReleasedSet| set.aliases.contains(&before.id);
    let claimed = |id: &SetId| previous.sets.iter().any(|set| set.id == *id && claims(set));
    release.sets.iter().any(|set| claims(set) && !claimed(&set.id))
}

/// Whether a later round approved another text, which is not shown.
fn decided_since(approvals: &Approvals, before: &ReleasedSet) -> bool {
    let subject = Subject::from(&before.id);
    let last = before.editions.iter().map(|edition| edition.revision).max();
    let later = |digest: &Digest| {
        [false, true].into_iter().any(|important| {
            let facts = SetFacts { important, ..SetFacts::default() };
            let chains = approvals.chains(&subject, digest, &facts);
            chains.iter().any(|chain| Some(chain.revision()) > last)
        })
    };
    let other = |digest: &Digest| before.editions.iter().all(|edition| edition.digest != *digest);
    approvals.submitted(&subject).iter().any(|digest| other(digest) && later(digest))
}

/// Numbers rise from 1. A gap is no fault: a text that may not be shown, or not
/// yet, keeps its number (details 83); that none was left out is what
/// `--previous` and `--repo` find.
fn check_numbers(set: &ReleasedSet, report: &mut VerifyReport) {
    let numbers: Vec<u32> = set.editions.iter().map(|edition| edition.number).collect();
    if numbers.first() == Some(&0) || !numbers.is_sorted_by(|a, b| a < b) {
        let message = Message::new(
            format!("{} 的版次编号重复或者次序颠倒", set.id),
            format!("the numbers of the editions of {} do not rise", set.id),
        );
        report.add("REVISION_MISMATCH", at(&format!("sets/{}/", set.id)), message);
    }
}

fn judge_edition(
    approvals: &Approvals,
    subject: &Subject,
    set: &ReleasedSet,
    edition: &ReleasedEdition,
    report: &mut VerifyReport,
) {
    let facts = facts(edition);
    let chains = approvals.chains(subject, &edition.digest, &facts);
    let named = chains
        .iter()
        .find(|chain| chain.revision() == edition.revision && chain.statements() == edition.statements);
    if let Some(chain) = named {
        report.checked.approvals += chain.steps().len();
        return;
    }
    let verdict = approvals.judge(subject, &edition.digest, &facts);
    let reason = verdict.reason.unwrap_or(Reason::StepMissing);
    let why = reason.explanation();
    let page = if set.current() == Some(edition) {
        format!("policies/{}/index.html", set.id)
    } else {
        format!("policies/{}/v{}/index.html", set.id, edition.number)
    };
    let message = Message::new(
        format!("{} 第 {} 版没有完整有效的审签链：{}", set.id, edition.number, why.zh),
        format!(
            "edition {} of {} has no complete valid chain of approvals: {}",
            edition.number, set.id, why.en
        ),
    );
    report.add(reason.code(), page, message);
}

fn judge_site(
    approvals: &Approvals,
    release: &Release,
    documents: &Documents<'_>,
    report: &mut VerifyReport,
) {
    let theme = &release.theme;
    check_manifest("sets/site.txt", "site", &theme.digest, documents, report);
    let chains = approvals.chains(&Subject::Site, &theme.digest, &SetFacts::default());
    let named = chains
        .iter()
        .find(|chain| chain.revision() == theme.revision && chain.statements() == theme.statements);
    if let Some(chain) = named {
        report.checked.approvals += chain.steps().len();
        return;
    }
    let message = Message::new(
        "网站设置与版式（site）没有完整有效的审签链",
        "the site-wide files (set `site`) have no complete valid chain of approvals",
    );
    report.add("THEME_UNAPPROVED", at("sets/site.txt"), message);
}

/// A digest manifest is there, is well formed, and gives the digest.
fn check_manifest(
    path: &str,
    set: &str,
    digest: &Digest,
    documents: &Documents<'_>,
    report: &mut VerifyReport,
) {
    let Some(bytes) = documents.get(path) else {
        let message = Message::new(
            format!("证据里没有 {set} 的文件清单"),
            format!("the digest manifest of {set} is not in evidence"),
        );
        return report.add("SITE_FILE_MISSING", at(path), message);
    };
    match SetManifest::parse(bytes) {
        Ok(manifest) if manifest.set == set && manifest.digest == *digest => {}
        Ok(_) => {
            let message = Message::new(
                format!("{set} 的文件清单与获批的摘要不符"),
                format!("the digest manifest of {set} does not give the approved digest"),
            );
            report.add("DIGEST_MISMATCH", at(path), message);
        }
        Err(error) => {
            let message = Message::new(
                format!("文件清单有误：{error}"),
                format!("the digest manifest is malformed: {error}"),
            );
            report.add("ENVELOPE_MALFORMED", at(path), message);
        }
    }
}

fn facts(edition: &ReleasedEdition) -> SetFacts {
    SetFacts { important: edition.important, ..SetFacts::default() }
}

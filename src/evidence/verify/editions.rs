//! Every edition back to signed statements, and every page to an edition.

use std::collections::BTreeMap;

use super::release::{Documents, at};
use super::report::VerifyReport;
use crate::approve::{Approvals, Reason, SetFacts, Subject};
use crate::evidence::release::{Release, ReleasedEdition, ReleasedSet};
use crate::evidence::set_manifest::SetManifest;
use crate::evidence::site::BuiltSite;
use crate::name::{Digest, SetId};
use crate::text::Message;

/// Judges every set of the release again.
pub(super) fn judge(approvals: &Approvals, release: &Release, documents: &Documents<'_>, report: &mut VerifyReport) {
    for set in &release.sets {
        report.checked.sets += 1;
        judge_set(approvals, set, documents, report);
    }
    judge_site(approvals, release, documents, report);
}

fn judge_set(approvals: &Approvals, set: &ReleasedSet, documents: &Documents<'_>, report: &mut VerifyReport) {
    let subject = Subject::from(&set.id);
    check_numbers(set, report);
    for edition in &set.editions {
        let path = format!("sets/{}/v{}.txt", set.id, edition.number);
        check_manifest(&path, set.id.as_str(), &edition.digest, documents, report);
        if edition.void.is_none() {
            judge_edition(approvals, &subject, set, edition, report);
        }
    }
    let Some(last) = set.current().or(set.editions.last()) else { return };
    let verdict = approvals.judge(&subject, &last.digest, &facts(last));
    let withdrawn = verdict.withdrawn.map(|withdrawal| withdrawal.statement);
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

/// Numbers count from 1 without gaps: a gap would hide an edition.
fn check_numbers(set: &ReleasedSet, report: &mut VerifyReport) {
    let given = set.editions.iter().map(|edition| edition.number);
    if !given.eq((1..).take(set.editions.len())) {
        let message = Message::new(format!("{} 的版次编号不连续", set.id), format!("the editions of {} are not numbered from 1", set.id));
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
    let named = chains.iter().find(|chain| chain.revision() == edition.revision && chain.statements() == edition.statements);
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
        format!("edition {} of {} has no complete valid chain of approvals: {}", edition.number, set.id, why.en),
    );
    report.add(reason.code(), page, message);
}

fn judge_site(approvals: &Approvals, release: &Release, documents: &Documents<'_>, report: &mut VerifyReport) {
    let theme = &release.theme;
    check_manifest("sets/site.txt", "site", &theme.digest, documents, report);
    let chains = approvals.chains(&Subject::Site, &theme.digest, &SetFacts::default());
    let named = chains.iter().find(|chain| chain.revision() == theme.revision && chain.statements() == theme.statements);
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
fn check_manifest(path: &str, set: &str, digest: &Digest, documents: &Documents<'_>, report: &mut VerifyReport) {
    let Some(bytes) = documents.get(path) else {
        let message = Message::new(format!("证据里没有 {set} 的文件清单"), format!("the digest manifest of {set} is not in evidence"));
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
            let message = Message::new(format!("文件清单有误：{error}"), format!("the digest manifest is malformed: {error}"));
            report.add("ENVELOPE_MALFORMED", at(path), message);
        }
    }
}

fn facts(edition: &ReleasedEdition) -> SetFacts {
    SetFacts { important: edition.important, ..SetFacts::default() }
}

/// Checks that pages below a set's address belong to the release, and that
/// attachments are the approved bytes.
pub(super) fn pages(site: &BuiltSite, release: &Release, documents: &Documents<'_>, report: &mut VerifyReport) {
    let sets: BTreeMap<&SetId, &ReleasedSet> = release.sets.iter().map(|set| (&set.id, set)).collect();
    let mut approved: BTreeMap<(SetId, u32), Option<SetManifest>> = BTreeMap::new();
    for (path, fact) in &site.files {
        let Some((id, rest)) = split(path) else { continue };
        let Some(set) = sets.get(&id) else {
            let message = Message::new(
                format!("`{path}` 所属的 {id} 不在发布声明里，没有审签依据"),
                format!("`{path}` belongs to {id}, which the release does not name: nothing approves it"),
            );
            report.add("STEP_MISSING", path, message);
            continue;
        };
        let Some((number, attachment)) = attachment(set, rest) else { continue };
        if set.withdrawn.is_some() {
            let message = Message::new(format!("{id} 已撤下，附件 `{path}` 仍在网站上"), format!("{id} is withdrawn and `{path}` is still live"));
            report.add("WITHDRAWN", path, message);
            continue;
        }
        let manifest = approved.entry((id.clone(), number)).or_insert_with(|| {
            documents.get(&format!("sets/{id}/v{number}.txt")).and_then(|bytes| SetManifest::parse(bytes).ok())
        });
        let listed = manifest.as_ref().and_then(|manifest| manifest.files.get(attachment));
        if manifest.is_some() && listed != Some(fact) {
            let message = Message::new(
                format!("附件 `{path}` 与获批的文件不一致"),
                format!("`{path}` is not the approved attachment"),
            );
            report.add("DIGEST_MISMATCH", path, message);
        }
    }
}

/// `policies/<year>/<slug>/<rest>` as set and rest.
fn split(path: &str) -> Option<(SetId, &str)> {
    let below = path.strip_prefix("policies/")?;
    let mut parts = below.splitn(3, '/');
    let (year, slug, rest) = (parts.next()?, parts.next()?, parts.next()?);
    Some((SetId::parse(&format!("{year}/{slug}")).ok()?, rest))
}

/// An attachment's edition and its path in the set.
fn attachment<'a>(set: &ReleasedSet, rest: &'a str) -> Option<(u32, &'a str)> {
    if rest.starts_with("attachments/") {
        return Some((set.current().or(set.editions.last())?.number, rest));
    }
    let (edition, inner) = rest.split_once('/')?;
    let number = edition.strip_prefix('v')?.parse().ok()?;
    inner.starts_with("attachments/").then_some((number, inner))
}

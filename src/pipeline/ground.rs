//! Judging every set of a revision: editions first, then states.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::Stop;
use super::content::Content;
use super::facts::{partial_approvals, plans_at_first_submit};
use super::small::JudgedSmall;
use super::state::{JudgedSet, SetInput, is_disclosed, judge_set};
use super::vanished;
use jiedu_approve::{Judgement, Reason, SetFacts, SetState, Subject};
use jiedu_base::clock::Clock;
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::name::{Digest, PersonId, SetId};
use jiedu_base::text::Message;
use jiedu_config::Config;
use jiedu_edition::{Hidden, Known, SetLine, Walk};
use jiedu_model::PublicationSet;
use jiedu_source::{Snapshot, SourceError};

/// What the approvals of all sets are judged by.
pub(super) struct Ground<'a> {
    pub(super) walk: Walk<'a>,
    pub(super) known: Known,
    /// Sets with the same files, by a digest of them.
    pub(super) twins: BTreeMap<Digest, Vec<Subject>>,
    pub(super) drafting: bool,
    pub(super) at: Clock,
}

/// Every set, judged.
pub(super) struct Judged {
    /// The sets, sorted by id.
    pub(super) sets: Vec<JudgedSet>,
    /// The set `site`.
    pub(super) site: Judgement,
    /// The catalogue, lists and reports.
    pub(super) small: Vec<JudgedSmall>,
    /// What a new signature on each present text would be judged by.
    pub(super) signing: BTreeMap<Subject, SetFacts>,
}

impl Ground<'_> {
    /// Judges every set, and the set `site`.
    pub(super) fn judge(
        &self,
        content: &Content,
        snapshot: &Snapshot,
        config: &Config,
        (site_digest, site_emails): (Option<Digest>, BTreeSet<String>),
    ) -> Result<Judged, Stop> {
        let lines = self.lines(content)?;
        let gone = self.gone(content)?;
        let site_facts =
            SetFacts { history_emails: site_emails, drafting: self.drafting, ..SetFacts::default() };
        let site = self.site(site_digest, &site_facts)?;
        let small = self.small(snapshot)?;
        let mut signing = self.signing(content, &lines, site_facts);
        signing.extend(small.iter().map(JudgedSmall::signing));
        let newest = content.newest_editions(lines.iter().chain(gone.iter().map(|(_, line)| line)), config);
        let blocking = content.blocking();
        let Walk { repository, history, digests, approvals, .. } = self.walk;
        let plans = plans_at_first_submit(repository, history, digests, approvals);
        let rows: Vec<_> = content.corpus.sets.iter().zip(lines).collect();
        let judged = rows.into_par_iter().map(|((id, set), line)| {
            let hidden = self.hidden(id, &line)?;
            let judgement = set.digest.map(|digest| self.judgement(set, &digest, &line));
            let partial = judgement.as_ref().map(|judged| partial_approvals(&self.walk, set, judged, &line));
            let mut judged = judge_set(SetInput {
                set,
                faults: snapshot.sets.get(id).map_or(&[][..], |files| &files.faults),
                judgement,
                approvals,
                line,
                blocking: blocking.get(id.as_str()).copied(),
                newest_blocking: newest.get(id).copied(),
                plan_at_first_submit: plans.get(id).copied(),
                partial_approvals: partial.unwrap_or_default(),
                at: self.at,
            });
            if let Some(hidden) = hidden {
                judged.findings.push(vanished::off_the_line(id, &hidden));
                // A withdrawal, or a text that is not for the public, explains
                // nothing while a later decision about another text lies beside
                // the line.
                if judged.state != SetState::Blocked && set.digest != Some(hidden.digest) {
                    (judged.state, judged.reason) = (SetState::Blocked, Some(vanished::EDITION_HIDDEN));
                }
            }
            judged.findings.extend(self.withdrawal_pending(&judged));
            Ok(judged)
        });
        let mut sets = judged.collect::<Result<Vec<JudgedSet>, SourceError>>()?;
        // Another set that is approved may take over the address.
        let moved: BTreeSet<SetId> = sets.iter().flat_map(|set| &set.takes_over).cloned().collect();
        for (id, line) in gone.into_iter().filter(|(id, _)| !moved.contains(id)) {
            sets.extend(self.judge_gone(&id, line, newest.get(&id).copied())?);
        }
        sets.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Judged { sets, site, small, signing })
    }

    /// The editions of every set, in order of the sets.
    fn lines(&self, content: &Content) -> Result<Vec<SetLine>, Stop> {
        let sets: Vec<(&SetId, &Arc<PublicationSet>)> = content.corpus.sets.iter().collect();
        let lines = sets.into_par_iter().map(|(id, set)| self.walk.set(id, &self.known, Some(set)));
        lines.collect::<Result<Vec<_>, _>>().map_err(Stop::from)
    }

    /// Sets of the history whose folders are gone.
    fn gone(&self, content: &Content) -> Result<Vec<(SetId, SetLine)>, Stop> {
        let timeline = self.walk.timeline;
        let all: BTreeSet<&SetId> = timeline.sets.keys().chain(timeline.beside.keys()).collect();
        let lines = all
            .into_iter()
            .filter(|id| !content.corpus.sets.contains_key(id))
            .map(|id| Ok((id.clone(), self.walk.set(id, &self.known, None)?)));
        lines.collect::<Result<Vec<_>, SourceError>>().map_err(Stop::from)
    }

    /// Removing a folder approves nothing: a withdrawn set keeps its tombstone,
    /// and an approved text stays until it is withdrawn.
    fn judge_gone(
        &self,
        id: &SetId,
        line: SetLine,
        newest_blocking: Option<&'static str>,
    ) -> Result<Option<JudgedSet>, SourceError> {
        let hidden = self.hidden(id, &line)?;
        let newest = line.editions.last().map(|parsed| parsed.edition.set.clone());
        let Some(set) = newest.or_else(|| hidden.as_ref().map(|hidden| hidden.set.clone())) else {
            return Ok(None);
        };
        let input = SetInput {
            set: &set,
            faults: &[],
            judgement: None,
            approvals: self.walk.approvals,
            line,
            blocking: newest_blocking,
            newest_blocking,
            plan_at_first_submit: None,
            partial_approvals: Vec::new(),
            at: self.at,
        };
        let stands = input.line.editions.iter().any(|parsed| parsed.edition.void.is_none());
        let judged = JudgedSet { digest: None, ..judge_set(input) };
        let hidden = hidden.map(|hidden| vanished::off_the_line(id, &hidden));
        Ok(match (judged.state, hidden) {
            (_, Some(hidden)) => {
                let gone = stands.then(|| folder_gone(id));
                let findings = gone.into_iter().chain([hidden]).collect();
                let reason = Some(if stands { "POLICY_MISSING" } else { vanished::EDITION_HIDDEN });
                Some(JudgedSet { state: SetState::Blocked, reason, findings, ..judged })
            }
            (SetState::Withdrawn, None) => Some(judged),
            (SetState::Blocked, None) if stands => {
                Some(JudgedSet { reason: Some("POLICY_MISSING"), findings: vec![folder_gone(id)], ..judged })
            }
            _ => None,
        })
    }

    /// What is approved beside the line and would be shown if it stood on it.
    fn hidden(&self, id: &SetId, line: &SetLine) -> Result<Option<Hidden>, SourceError> {
        let hidden = self.walk.hidden(id, line)?.filter(|hidden| is_disclosed(&hidden.set));
        let withdrawal = self.walk.approvals.withdrawal(&Subject::from(id), line.cleared());
        let withdrawn = withdrawal.map(|withdrawal| withdrawal.revision);
        Ok(hidden.filter(|hidden| Some(hidden.revision) > withdrawn))
    }

    /// The warning that a withdrawal lacks a person.
    fn withdrawal_pending(&self, judged: &JudgedSet) -> Option<Finding> {
        let subject = Subject::from(&judged.id);
        let cleared = judged.standing_edition()?.revision;
        let pending = self.walk.approvals.pending_withdrawal(&subject, Some(cleared))?;
        let signed: Vec<&str> = pending.signers.iter().map(PersonId::as_str).collect();
        let others: Vec<&str> = pending.candidates.iter().map(PersonId::as_str).collect();
        let message = Message::new(
            format!(
                "{} 要撤下，{} 已签，还缺一人（可由 {} 签署）；在那以前仍在网站上",
                judged.id,
                signed.join("、"),
                others.join("、")
            ),
            format!(
                "{} is to be withdrawn: {} signed, one more person must ({}); until then it stays on the site",
                judged.id,
                signed.join(", "),
                others.join(", ")
            ),
        );
        let (reason, place) = (Reason::WithdrawalPending, format!("content/policies/{}", judged.id));
        let advice = reason.advice();
        let place = Place::whole(place);
        let finding =
            Finding::new(reason.code(), reason.rule(), "approval", Severity::Warning, place, message);
        Some(finding.in_set(judged.id.as_str()).note(advice.zh, advice.en))
    }

    fn judgement(&self, set: &PublicationSet, digest: &Digest, line: &SetLine) -> Judgement {
        self.walk.approvals.judge(&Subject::from(&set.id), digest, &self.set_facts(set, line))
    }

    fn set_facts(&self, set: &PublicationSet, line: &SetLine) -> SetFacts {
        let subject = Subject::from(&set.id);
        let twins = self.twins.get(&content_digest(&set.manifest)).map_or(&[][..], Vec::as_slice);
        SetFacts {
            important: is_important(set),
            cleared: line.cleared(),
            history_emails: line.history_emails.clone(),
            twins: twins.iter().filter(|twin| **twin != subject).cloned().collect(),
            drafting: self.drafting,
        }
    }

    fn signing(&self, content: &Content, lines: &[SetLine], site: SetFacts) -> BTreeMap<Subject, SetFacts> {
        let sets = content.corpus.sets.values().zip(lines);
        let sets = sets.map(|(set, line)| (Subject::from(&set.id), self.set_facts(set, line)));
        sets.chain([(Subject::Site, site)]).collect()
    }

    fn site(&self, digest: Option<Digest>, facts: &SetFacts) -> Result<Judgement, Stop> {
        let digest = digest.ok_or_else(|| {
            Stop::refused(
                "THEME_UNAPPROVED",
                "网站公用文件（site）没有摘要",
                "the site-wide files have no digest",
            )
        })?;
        Ok(self.walk.approvals.judge(&Subject::Site, &digest, facts))
    }
}

/// Sets that hold the same files under different ids.
pub(super) fn twins(content: &Content) -> BTreeMap<Digest, Vec<Subject>> {
    let mut twins: BTreeMap<Digest, Vec<Subject>> = BTreeMap::new();
    for set in content.corpus.sets.values().filter(|set| set.digest.is_some()) {
        twins.entry(content_digest(&set.manifest)).or_default().push(Subject::from(&set.id));
    }
    twins.retain(|_, sets| sets.len() > 1);
    twins
}

/// A digest of the files without the set's id.
fn content_digest(manifest: &[u8]) -> Digest {
    let rest = manifest.splitn(3, |&b| b == b'\n').nth(2).unwrap_or(manifest);
    Digest::of(rest)
}

/// An approved text without its folder.
fn folder_gone(id: &SetId) -> Finding {
    let message = Message::new(
        format!("{id} 的文件夹被删除，但没有撤下：已审签的版本仍留在网站上"),
        format!(
            "the folder of {id} is gone, but the set was not withdrawn: its approved text stays on the site"
        ),
    );
    let place = Place::whole(format!("content/policies/{id}/policy.md"));
    Finding::new("POLICY_MISSING", "policy-missing", "three-synchronous", Severity::Error, place, message)
        .in_set(id.as_str())
        .note(
            format!(
                "要从网站撤下，请有撤下权限的人运行 jiedu withdraw {id}；误删的，请用 git 恢复这个文件夹"
            ),
            format!(
                "to take it down, run `jiedu withdraw {id}`; if it was a mistake, restore the folder with git"
            ),
        )
}

/// Whether the profile's extra steps apply.
fn is_important(set: &PublicationSet) -> bool {
    set.policy.as_ref().is_some_and(|policy| policy.meta.important)
}

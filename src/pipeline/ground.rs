//! Judging every set of a revision: editions first, then states.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::Stop;
use super::content::Content;
use super::facts::plans_at_first_submit;
use super::state::{JudgedSet, SetInput, judge_set};
use crate::approve::{Judgement, SetFacts, Subject};
use crate::clock::Clock;
use crate::config::Config;
use crate::edition::{Known, SetLine, Walk};
use crate::model::PublicationSet;
use crate::name::{Digest, SetId};
use crate::source::Snapshot;

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
    ) -> Result<Judged, Stop> {
        let lines = self.lines(content)?;
        let site_facts = self.site_facts()?;
        let site = self.site(content, &site_facts)?;
        let signing = self.signing(content, &lines, site_facts);
        let newest = content.newest_editions(&lines, config);
        let blocking = content.blocking();
        let Walk { repository, history, digests, approvals, .. } = self.walk;
        let plans = plans_at_first_submit(repository, history, digests, approvals);
        let rows: Vec<_> = content.corpus.sets.iter().zip(lines).collect();
        let judged = rows.into_par_iter().map(|((id, set), line)| {
            let subject = Subject::from(id);
            judge_set(SetInput {
                set,
                faults: snapshot.sets.get(id).map_or(&[][..], |files| &files.faults),
                judgement: set.digest.map(|digest| self.judgement(set, &digest, &line)),
                withdrawn: approvals.withdrawal(&subject, is_important(set)),
                withdrawals: approvals.withdrawals(&subject),
                line,
                blocking: blocking.get(id.as_str()).copied(),
                newest_blocking: newest.get(id).copied(),
                plan_at_first_submit: plans.get(id).copied(),
                at: self.at,
            })
        });
        let mut sets: Vec<JudgedSet> = judged.collect();
        sets.extend(self.tombstones(content)?);
        sets.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Judged { sets, site, signing })
    }

    /// The editions of every set, in order of the sets.
    fn lines(&self, content: &Content) -> Result<Vec<SetLine>, Stop> {
        let sets: Vec<(&SetId, &Arc<PublicationSet>)> = content.corpus.sets.iter().collect();
        let lines = sets.into_par_iter().map(|(id, set)| self.walk.set(id, &self.known, Some(set)));
        lines.collect::<Result<Vec<_>, _>>().map_err(Stop::from)
    }

    /// Withdrawn sets whose folders are gone: they keep their tombstones, unless
    /// another set has taken over the address.
    fn tombstones(&self, content: &Content) -> Result<Vec<JudgedSet>, Stop> {
        let present = &content.corpus.sets;
        let metas = present.values().filter_map(|set| set.policy.as_ref()).map(|policy| &policy.meta);
        let aliases: BTreeSet<&SetId> = metas.flat_map(|meta| &meta.aliases).collect();
        let mut out = Vec::new();
        for id in
            self.walk.timeline.sets.keys().filter(|id| !present.contains_key(id) && !aliases.contains(id))
        {
            let subject = Subject::from(id);
            let Some(withdrawn) = self.walk.approvals.withdrawal(&subject, false) else { continue };
            let line = self.walk.set(id, &self.known, None)?;
            let Some(set) = line.editions.last().map(|parsed| parsed.edition.set.clone()) else { continue };
            let input = SetInput {
                set: &set,
                faults: &[],
                judgement: None,
                withdrawn: Some(withdrawn),
                withdrawals: self.walk.approvals.withdrawals(&subject),
                line,
                blocking: None,
                newest_blocking: None,
                plan_at_first_submit: None,
                at: self.at,
            };
            out.push(JudgedSet { digest: None, ..judge_set(input) });
        }
        Ok(out)
    }

    fn judgement(&self, set: &PublicationSet, digest: &Digest, line: &SetLine) -> Judgement {
        self.walk.approvals.judge(&Subject::from(&set.id), digest, &self.set_facts(set, line))
    }

    fn set_facts(&self, set: &PublicationSet, line: &SetLine) -> SetFacts {
        let subject = Subject::from(&set.id);
        let twins = self.twins.get(&content_digest(&set.manifest)).map_or(&[][..], Vec::as_slice);
        SetFacts {
            important: is_important(set),
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

    fn site(&self, content: &Content, facts: &SetFacts) -> Result<Judgement, Stop> {
        let digest = content.corpus.site_digest.ok_or_else(|| {
            Stop::refused(
                "THEME_UNAPPROVED",
                "网站公用文件（site）没有摘要",
                "the site-wide files have no digest",
            )
        })?;
        Ok(self.walk.approvals.judge(&Subject::Site, &digest, facts))
    }

    fn site_facts(&self) -> Result<SetFacts, Stop> {
        Ok(SetFacts {
            important: false,
            history_emails: self.walk.site_emails(&self.known)?,
            twins: Vec::new(),
            drafting: self.drafting,
        })
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

/// Whether the profile's extra steps apply.
fn is_important(set: &PublicationSet) -> bool {
    set.policy.as_ref().is_some_and(|policy| policy.meta.important)
}

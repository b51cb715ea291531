//! What comes due: the instants at which a site says something else than it did
//! when it was built, or at which somebody may no longer sign.
//!
//! A site is built at one instant. Statuses follow the reader's day by script,
//! but lists, feeds and embargoed texts wait for the next build, so an office
//! has to know when that must be. Days end at midnight in Beijing: what lasts
//! until a day changes at 00:00 of the day after.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::{Date, Time as CivilTime};
use serde::Serialize;

use super::revision::{ReadOptions, Revision};
use super::state::JudgedSet;
use super::{Stop, in_pool};
use jiedu_approve::{Roster, SetState};
use jiedu_base::clock::{Clock, beijing_instant};
use jiedu_base::name::PersonId;
use jiedu_link::Relation;
use jiedu_model::{PolicyMeta, PublicationSet, PublishDate, Stage};
use jiedu_source::Repository;

/// What changes at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// 发布日期 of an approved text or of a material.
    Publish,
    /// 施行日期.
    Effective,
    /// The day after 有效期至.
    Expires,
    /// A consultation begins.
    ConsultationOpens,
    /// The day after a consultation ends.
    ConsultationCloses,
    /// Another policy that amends this one takes effect.
    Amended,
    /// Another policy that repeals this one takes effect.
    Repealed,
    /// The day after the last of a key.
    KeyExpires,
    /// The day after the last of a role, or of a publisher.
    RoleEnds,
    /// Somebody begins or ceases to stand in.
    Substitute,
}

impl Why {
    /// The word in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Effective => "effective",
            Self::Expires => "expires",
            Self::ConsultationOpens => "consultation-opens",
            Self::ConsultationCloses => "consultation-closes",
            Self::Amended => "amended",
            Self::Repealed => "repealed",
            Self::KeyExpires => "key-expires",
            Self::RoleEnds => "role-ends",
            Self::Substitute => "substitute",
        }
    }

    /// The word in Chinese.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Publish => "到发布日期",
            Self::Effective => "施行",
            Self::Expires => "有效期届满",
            Self::ConsultationOpens => "开始征求意见",
            Self::ConsultationCloses => "征求意见截止",
            Self::Amended => "被修改",
            Self::Repealed => "被废止",
            Self::KeyExpires => "密钥到期",
            Self::RoleEnds => "职责到期",
            Self::Substitute => "代办起止",
        }
    }
}

/// One instant at which something changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DueItem {
    /// When.
    pub time: Clock,
    /// The set, or `roster/<n>` for people and keys.
    pub set: String,
    /// What changes.
    pub why: Why,
    /// Whom it concerns, for people and keys.
    pub who: Option<PersonId>,
}

/// What comes due after an instant, the next first.
#[derive(Debug, Clone)]
pub struct DueReport {
    /// The instant.
    pub at: Clock,
    /// What comes due after it.
    pub due: Vec<DueItem>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'a str,
    at: String,
    due: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    time: String,
    set: &'a str,
    why: &'a str,
}

impl DueReport {
    /// The document `jiedu.due/1`, ending in a line feed.
    #[must_use]
    pub fn to_json(&self) -> String {
        let item = |item: &'_ DueItem| (item.time.rfc3339(), item.set.clone(), item.why.as_str());
        let rows: Vec<_> = self.due.iter().map(item).collect();
        let due = rows.iter().map(|(time, set, why)| Item { time: time.clone(), set, why }).collect();
        let document = Document { schema: "jiedu.due/1", at: self.at.rfc3339(), due };
        // Plain structs with string keys always serialise.
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// What comes due at a revision, after the instant of the options.
///
/// # Errors
/// [`Stop`] when the repository, roster, anchor or settings cannot be used.
pub fn due(repository: &Repository, options: ReadOptions<'_>) -> Result<DueReport, Stop> {
    in_pool(None, || {
        let read = Revision::read(repository, options)?;
        Ok(due_of(&read))
    })
}

/// What comes due at a revision that was read.
pub(super) fn due_of(read: &Revision) -> DueReport {
    let at = read.instant.at;
    let mut all = Collector { at, items: BTreeSet::new() };
    for set in read.sets.iter().filter(|set| set.withdrawn.is_none()) {
        all.set(read, set);
    }
    if let Some(roster) = read.approvals.rosters().last() {
        all.roster(roster);
    }
    DueReport { at, due: all.items.into_iter().collect() }
}

/// The texts of a set that are approved: the one on the site, and one whose day
/// has not come.
fn approved(set: &JudgedSet) -> impl Iterator<Item = &PublicationSet> {
    let coming = (set.state == SetState::Scheduled).then_some(&*set.set);
    set.standing_edition().map(|edition| &*edition.set).into_iter().chain(coming)
}

struct Collector {
    at: Clock,
    items: BTreeSet<DueItem>,
}

impl Collector {
    fn add(&mut self, day: Date, time: CivilTime, set: &str, why: Why, who: Option<&PersonId>) {
        let time = Clock::at(beijing_instant(day.to_datetime(time)));
        if time > self.at {
            self.items.insert(DueItem { time, set: set.to_owned(), why, who: who.cloned() });
        }
    }

    fn begins(&mut self, day: Date, set: &str, why: Why) {
        self.add(day, CivilTime::midnight(), set, why, None);
    }

    /// What lasts until a day is over when the next one begins.
    fn ends(&mut self, day: Date, set: &str, why: Why, who: Option<&PersonId>) {
        if let Ok(next) = day.checked_add(1.day()) {
            self.add(next, CivilTime::midnight(), set, why, who);
        }
    }

    fn published(&mut self, date: PublishDate, set: &str) {
        self.add(date.date, date.time.unwrap_or(CivilTime::midnight()), set, Why::Publish, None);
    }

    fn set(&mut self, read: &Revision, set: &JudgedSet) {
        let id = set.id.as_str();
        for text in approved(set) {
            if let Some(policy) = &text.policy {
                self.policy(&policy.meta, id);
            }
            for date in text.materials.iter().filter_map(|material| material.meta.published.as_ref()) {
                self.published(date.value, id);
            }
        }
        for (relation, other) in read.content.graph.relations(&set.id) {
            let why = match relation {
                Relation::RepealedBy => Why::Repealed,
                Relation::AmendedBy => Why::Amended,
                _ => continue,
            };
            let others = read.set(other).filter(|other| other.withdrawn.is_none());
            for meta in others.into_iter().flat_map(approved).filter_map(|text| text.policy.as_ref()) {
                if let Some(day) = takes_effect(&meta.meta) {
                    self.begins(day, id, why);
                }
            }
        }
    }

    fn policy(&mut self, meta: &PolicyMeta, id: &str) {
        if let Some(date) = &meta.published {
            self.published(date.value, id);
        }
        if let Some(consultation) = meta.consultation.as_ref().filter(|_| meta.stage == Stage::Consultation) {
            self.begins(consultation.value.from, id, Why::ConsultationOpens);
            self.ends(consultation.value.until, id, Why::ConsultationCloses, None);
        }
        if let Some(day) = &meta.effective {
            self.begins(day.value, id, Why::Effective);
        }
        if let Some(day) = &meta.expires {
            self.ends(day.value, id, Why::Expires, None);
        }
    }

    fn roster(&mut self, roster: &Roster) {
        let subject = format!("roster/{}", roster.version);
        for key in roster.keys.iter().filter(|key| roster.revocation(&key.fingerprint).is_none()) {
            if let Some(day) = key.window.until {
                self.ends(day, &subject, Why::KeyExpires, Some(&key.person));
            }
        }
        let roles = roster
            .people
            .iter()
            .flat_map(|person| person.roles.iter().map(|role| (&person.id, role.window.until)));
        let publishers = roster.publishers.iter().map(|it| (&it.person, it.window.until));
        for (person, until) in roles.chain(publishers) {
            if let Some(day) = until {
                self.ends(day, &subject, Why::RoleEnds, Some(person));
            }
        }
        for substitute in &roster.substitutes {
            if let Some(day) = substitute.window.from {
                self.add(day, CivilTime::midnight(), &subject, Why::Substitute, Some(&substitute.by));
            }
            if let Some(day) = substitute.window.until {
                self.ends(day, &subject, Why::Substitute, Some(&substitute.by));
            }
        }
    }
}

/// The day on which a policy begins to act on others.
fn takes_effect(meta: &PolicyMeta) -> Option<Date> {
    let effective = meta.effective.as_ref().map(|date| date.value);
    effective.or_else(|| meta.published.as_ref().map(|date| date.value.date))
}

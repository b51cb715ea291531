//! Banners: what a reader has to know before reading.

use jiff::civil::Date;
use serde::Serialize;

use super::catalogue::Entry;
use super::validity::{Change, Force};
use super::{Route, SitePlan};
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{Correction, PolicyDocument, PolicyMeta, Stage};

/// A banner: a state in bold and a sentence with its source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// `ok`, `warn`, `bad` or nothing.
    pub tone: &'static str,
    /// Key of the state.
    pub label: String,
    /// Key of the sentence.
    pub text: String,
    /// Key of a state that fills `{state}`; may be empty.
    pub state: String,
    /// Fills `{n}`.
    pub n: u32,
    /// Fills `{date}`.
    pub date: String,
    /// Fills `{until}`.
    pub until: String,
    /// Fills `{document}`.
    pub document: String,
    /// Where the sentence leads; may be empty.
    pub href: String,
    /// Key of the link's text.
    pub link: &'static str,
    /// What else is said, one line each, as it is.
    pub lines: Vec<String>,
}

impl SitePlan<'_> {
    /// 未审签, in a build with drafts.
    pub(super) fn draft_notice(set: &PublishedSet) -> Option<Notice> {
        let text = "notice.draft-text".to_owned();
        set.draft.then(|| Notice { tone: "bad", label: "notice.draft".to_owned(), text, ..Notice::default() })
    }

    /// 有效性 with its source.
    pub(super) fn force_notice(force: &Force, root: &str) -> Notice {
        Notice {
            tone: force.tone,
            label: force.label.clone(),
            text: force.reason.clone(),
            date: force.date.clone(),
            document: force.document.clone(),
            href: if force.url.is_empty() { String::new() } else { format!("{root}{}", force.url) },
            link: if force.label == "validity.superseded" {
                "notice.see-newer"
            } else {
                "notice.see-document"
            },
            ..Notice::default()
        }
    }

    /// 征求意见: how far it is, how to answer, and that the draft has no effect.
    fn consultation_notice(
        set: &PublishedSet,
        edition: &Edition,
        meta: &PolicyMeta,
        day: Date,
    ) -> Option<Notice> {
        let consultation = meta.consultation.as_ref().filter(|_| meta.stage == Stage::Consultation)?;
        let (state, tone) = Self::consultation_state(set, edition, &consultation.value, day);
        Some(Notice {
            tone,
            label: "notice.consultation".to_owned(),
            state: state.to_owned(),
            text: "notice.consultation-text".to_owned(),
            date: consultation.value.from.to_string(),
            until: consultation.value.until.to_string(),
            ..Notice::default()
        })
    }

    /// What is known of an edition's force on a day, and what lies ahead then.
    pub(super) fn force_notices(
        &self,
        set: &PublishedSet,
        edition: &Edition,
        policy: &PolicyDocument,
        root: &str,
        day: Date,
    ) -> Vec<Notice> {
        let mut notices = Vec::new();
        let force = self.edition_force(set, edition, policy, day);
        match Self::consultation_notice(set, edition, &policy.meta, day) {
            Some(notice) => notices.push(notice),
            None => notices.extend(force.as_ref().map(|force| Self::force_notice(force, root))),
        }
        notices.extend(self.applies_notice(set, edition, policy, root, day));
        notices.extend(self.ahead_notices(&policy.meta, set, root, day));
        notices
    }

    /// Which edition applies, while that is not the newest one.
    fn applies_notice(
        &self,
        set: &PublishedSet,
        edition: &Edition,
        policy: &PolicyDocument,
        root: &str,
        day: Date,
    ) -> Option<Notice> {
        let entry = self.catalogue.entry(&set.id)?;
        let newest = entry.edition.number;
        // Before the newest came out nobody had to choose.
        if day < super::catalogue::came_out(set, entry.edition) {
            return None;
        }
        let term = self.applies_on(set, day)?;
        let until = term.until.map(|until| until.to_string()).unwrap_or_default();
        if term.holds(edition.number) {
            return Some(Notice {
                tone: "ok",
                label: "notice.applies-now".to_owned(),
                text: "notice.applies-now-text".to_owned(),
                until,
                ..Notice::default()
            });
        }
        (newest == edition.number && policy.meta.stage == Stage::Issued).then(|| Notice {
            tone: "warn",
            label: "notice.applies-other".to_owned(),
            text: "notice.applies-other-text".to_owned(),
            n: term.number,
            until,
            href: format!("{root}{}", Route::edition(&set.id, term.number).url()),
            link: "notice.see-edition",
            ..Notice::default()
        })
    }

    /// Repeals and amendments that are out and on that day not yet in force.
    pub(super) fn ahead_notices(
        &self,
        meta: &PolicyMeta,
        set: &PublishedSet,
        root: &str,
        day: Date,
    ) -> Vec<Notice> {
        if meta.stage == Stage::Consultation {
            return Vec::new();
        }
        let notice = |change: Change| Notice {
            tone: "warn",
            label: if change.repeals { "notice.will-repeal" } else { "notice.will-amend" }.to_owned(),
            text: "notice.ahead-text".to_owned(),
            date: change.from.map(|from| from.to_string()).unwrap_or_default(),
            document: change.document,
            href: format!("{root}{}", change.url),
            link: "notice.see-document",
            ..Notice::default()
        };
        self.ahead(meta, set, day).into_iter().map(notice).collect()
    }

    /// 更正: what was put right, and on an older edition what was put right
    /// after it.
    pub(super) fn correction_notice(
        corrections: &[Correction],
        newest: Option<&Entry<'_>>,
        edition: &Edition,
        root: &str,
    ) -> Vec<Notice> {
        let line = |correction: &Correction| format!("{}　{}", correction.date, correction.note);
        let mut notices = Vec::new();
        if !corrections.is_empty() {
            notices.push(Notice {
                tone: "warn",
                label: "notice.corrected".to_owned(),
                text: "notice.corrected-text".to_owned(),
                lines: corrections.iter().map(line).collect(),
                ..Notice::default()
            });
        }
        let newest = newest.filter(|entry| entry.edition.number > edition.number);
        let later = newest.map(|entry| {
            entry.policy.meta.corrections.iter().filter(|one| !corrections.contains(one)).map(line).collect()
        });
        if let (Some(lines), Some(entry)) = (later.filter(|lines: &Vec<String>| !lines.is_empty()), newest) {
            notices.push(Notice {
                tone: "bad",
                label: "notice.corrected-later".to_owned(),
                text: "notice.corrected-later-text".to_owned(),
                href: format!("{root}{}", entry.route().url()),
                link: "notice.see-current",
                lines,
                ..Notice::default()
            });
        }
        notices
    }

    /// 历史版本: which edition is shown and which one is current.
    pub(super) fn edition_notice(entry: Option<&Entry<'_>>, edition: &Edition, root: &str) -> Option<Notice> {
        let entry = entry?;
        let current = entry.edition.number == edition.number;
        let (tone, label) =
            if current { ("ok", "notice.current-edition") } else { ("warn", "notice.old-edition") };
        Some(Notice {
            tone,
            label: label.to_owned(),
            text: format!("{label}-text"),
            n: if current { edition.number } else { entry.edition.number },
            href: format!("{root}{}", Route::set(&entry.set.id).url()),
            link: "notice.see-current",
            ..Notice::default()
        })
    }
}

//! Banners: what a reader has to know before reading.

use serde::Serialize;

use super::catalogue::Entry;
use super::validity::{Change, Force};
use super::{Route, SitePlan};
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{Correction, PolicyDocument, PolicyMeta, Stage};

/// A banner: a state in bold and a sentence with its source.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Notice {
    /// `ok`, `warn`, `bad` or nothing.
    pub tone: &'static str,
    /// Key of the state.
    pub label: String,
    /// Key of the sentence.
    pub text: String,
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

    /// 征求意见: how to answer, and that the draft has no effect.
    pub(super) fn consultation_notice(meta: &PolicyMeta) -> Option<Notice> {
        let consultation = meta.consultation.as_ref().filter(|_| meta.stage == Stage::Consultation)?;
        Some(Notice {
            tone: "warn",
            label: "notice.consultation".to_owned(),
            text: "notice.consultation-text".to_owned(),
            date: consultation.value.from.to_string(),
            until: consultation.value.until.to_string(),
            ..Notice::default()
        })
    }

    /// What is known of an edition's force today, and what lies ahead.
    pub(super) fn force_notices(
        &self,
        set: &PublishedSet,
        edition: &Edition,
        policy: &PolicyDocument,
        root: &str,
    ) -> Vec<Notice> {
        let mut notices = Vec::new();
        let force = self.edition_force(set, edition, policy);
        match Self::consultation_notice(&policy.meta) {
            Some(notice) => notices.push(notice),
            None => notices.extend(force.as_ref().map(|force| Self::force_notice(force, root))),
        }
        let is_newest =
            self.catalogue.entry(&set.id).is_some_and(|entry| entry.edition.number == edition.number);
        if let Some(term) = self.applies_today(set) {
            let until = term.until.map(|until| until.to_string()).unwrap_or_default();
            // The newest edition is not in force yet: another one is to be read until then.
            let now = Notice {
                tone: "ok",
                label: "notice.applies-now".to_owned(),
                text: "notice.applies-now-text".to_owned(),
                until: until.clone(),
                ..Notice::default()
            };
            let other = Notice {
                tone: "warn",
                label: "notice.applies-other".to_owned(),
                text: "notice.applies-other-text".to_owned(),
                n: term.number,
                until,
                href: format!("{root}{}", Route::edition(&set.id, term.number).url()),
                link: "notice.see-edition",
                ..Notice::default()
            };
            if term.number == edition.number {
                notices.push(now);
            } else if is_newest && policy.meta.stage == Stage::Issued {
                notices.push(other);
            }
        }
        notices.extend(self.ahead_notices(&policy.meta, set, root));
        notices
    }

    /// Repeals and amendments that are out and not yet in force.
    pub(super) fn ahead_notices(&self, meta: &PolicyMeta, set: &PublishedSet, root: &str) -> Vec<Notice> {
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
        self.ahead(meta, set).into_iter().map(notice).collect()
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

//! Banners: what a reader has to know before reading.

use serde::Serialize;

use super::catalogue::Entry;
use super::validity::Force;
use super::{Route, SitePlan};
use crate::edition::{Edition, PublishedSet};
use crate::model::{PolicyMeta, Stage};

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
            link: "notice.see-document",
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
            lines: consultation.value.channels.clone(),
            ..Notice::default()
        })
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

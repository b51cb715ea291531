//! The parts of a policy page around its text.

use serde::Serialize;

use super::SitePlan;
use super::catalogue::{came_out, is_disclosed};
use super::consultation::is_draft_text;
use super::groups::By;
use super::pages::is_readable;
use super::route::{Route, encode_path};
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{Attachment, DocumentClass, PolicyMeta};

/// A row of the metadata table.
#[derive(Debug, Clone, Serialize)]
pub struct MetaRow {
    /// Key of its name.
    key: &'static str,
    /// Its value; empty is 原文未标注.
    value: String,
    /// Where it leads; may be empty.
    href: String,
    /// ISO date when it is one.
    datetime: String,
    /// Key of the value's text, where the value is a word of the interface.
    word: String,
    /// Whether it repeats the status of the page, which changes with the day.
    status: bool,
    /// Extra class: `wide`, `full`.
    class: &'static str,
}

/// A file that goes with the policy.
#[derive(Debug, Clone, Serialize)]
pub struct AttachmentItem {
    name: String,
    href: String,
    kind: String,
    size: String,
    sha256: String,
}

/// A moment of the set's life.
#[derive(Debug, Clone, Serialize)]
pub struct Moment {
    date: String,
    /// Key of what happened.
    what: &'static str,
    n: u32,
    /// Whether it is the edition being read.
    now: bool,
    href: String,
    compare: String,
    code: String,
    consultation: bool,
    /// The first and the last day on which the edition applies; may be empty.
    from: String,
    until: String,
}

impl SitePlan<'_> {
    /// The metadata table, in the order readers of government sites expect.
    pub(super) fn meta_rows(
        &self,
        meta: &PolicyMeta,
        title: &str,
        force: Option<(&str, &str)>,
        root: &str,
    ) -> Vec<MetaRow> {
        let text =
            |value: Option<&jiedu_model::Spanned<String>>| value.map(|v| v.value.clone()).unwrap_or_default();
        let subject = meta.subject.as_ref().map(|subject| &subject.value);
        let subject_text = subject.map(|(first, second)| match second {
            Some(second) => format!("{first} · {second}"),
            None => first.clone(),
        });
        let subject_href = subject
            .map(|(first, _)| super::groups::subject_slug(first, &self.config.office.subjects))
            .filter(|slug| self.groups.of(By::Subject).contains_key(slug))
            .map(|slug| format!("{root}subjects/{slug}/"));
        let issuers: Vec<&str> = meta.issuers.iter().map(|issuer| issuer.value.as_str()).collect();
        let published = meta.published.as_ref().map(|published| published.value);
        let shown = published.map(|p| match p.time {
            Some(time) => format!("{} {:02}:{:02}", p.date, time.hour(), time.minute()),
            None => p.date.to_string(),
        });
        let day = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let mut rows = vec![
            row("meta.index-number", text(meta.index_number.as_ref())),
            MetaRow {
                href: subject_href.unwrap_or_default(),
                ..row("meta.subject", subject_text.unwrap_or_default())
            },
            row("meta.issuer", issuers.join("、")),
            row("meta.document-number", text(meta.document_number.as_ref())),
            date_row("meta.signed", day(meta.signed.as_ref().map(|date| date.value))),
            MetaRow {
                datetime: day(published.map(|p| p.date)),
                ..row("meta.published", shown.unwrap_or_default())
            },
            row("meta.registration-number", text(meta.registration_number.as_ref())),
        ];
        let (word, value) = force.unwrap_or(("", ""));
        rows.push(MetaRow { word: word.to_owned(), status: true, ..row("meta.validity", value.to_owned()) });
        if let Some(date) = &meta.effective {
            rows.push(date_row("meta.effective", date.value.to_string()));
        }
        if let Some(date) = &meta.expires {
            rows.push(date_row("meta.expires", date.value.to_string()));
        }
        if meta.class != DocumentClass::Policy {
            rows.push(MetaRow { word: class_key(meta.class).to_owned(), ..row("meta.class", String::new()) });
        }
        if let Some(reposted) = &meta.reposted {
            let said = format!("{}（{}）", reposted.value.name, reposted.value.date);
            let safe = super::links::is_outward(&reposted.value.url);
            let href = if safe { reposted.value.url.clone() } else { String::new() };
            rows.push(MetaRow { href, ..row("meta.reposted", said) });
        }
        rows.push(MetaRow { class: "full", ..row("meta.title", title.to_owned()) });
        // Pairs fill the grid two by two; an odd one before the title takes the row.
        let pairs = rows.len() - 1;
        if let Some(last) = rows.get_mut(pairs.saturating_sub(1)).filter(|_| pairs % 2 == 1) {
            last.class = "wide all";
        }
        rows
    }

    /// The files that go with an edition, with their addresses.
    pub(super) fn attachments(
        &self,
        set: &PublishedSet,
        edition: &Edition,
        root: &str,
    ) -> Vec<AttachmentItem> {
        let item = |attachment: &Attachment| {
            let name = attachment.path.strip_prefix("attachments/").unwrap_or(&attachment.path);
            AttachmentItem {
                name: name.to_owned(),
                href: format!("{root}{}", self.attachment_url(set, edition, &attachment.path)),
                kind: name.rsplit_once('.').map(|(_, kind)| kind.to_ascii_uppercase()).unwrap_or_default(),
                size: size_text(attachment.bytes.len()),
                sha256: attachment.digest.hex(),
            }
        };
        edition.set.attachments.iter().map(item).collect()
    }

    /// Where an attachment of an edition is published, from the site's root:
    /// below the set when the current edition has the same bytes there, else
    /// below the edition.
    pub(super) fn attachment_url(&self, set: &PublishedSet, edition: &Edition, path: &str) -> String {
        let route = if self.is_shared(set, edition, path) {
            Route::in_set(&set.id, path)
        } else {
            Route::in_set(&set.id, &format!("v{}/{path}", edition.number))
        };
        encode_path(route.path())
    }

    /// Whether the current edition has the same bytes at the path.
    pub(super) fn is_shared(&self, set: &PublishedSet, edition: &Edition, path: &str) -> bool {
        let Some(entry) = self.catalogue.entry(&set.id) else { return false };
        let find = |edition: &Edition| {
            let mut all = edition.set.attachments.iter().chain(&edition.set.images);
            all.find(|attachment| attachment.path == path).map(|attachment| attachment.digest)
        };
        entry.edition.number == edition.number || find(entry.edition) == find(edition)
    }

    /// The life of a set, newest first.
    pub(super) fn timeline(&self, set: &PublishedSet, reading: u32, root: &str) -> Vec<Moment> {
        let terms = self.terms(set);
        let mut moments = Vec::new();
        if let Some((_, when)) = &set.withdrawn {
            moments.push(Moment {
                date: when.today().to_string(),
                what: "timeline.withdrawn",
                ..Moment::default()
            });
        }
        let mut older = set.editions.iter().rev().filter(|edition| is_disclosed(edition)).peekable();
        while let Some(edition) = older.next() {
            let readable = is_readable(set, edition);
            let before = older.clone().find(|before| is_readable(set, before)).filter(|_| readable);
            let consultation = is_draft_text(edition);
            let term = terms.iter().find(|term| term.number == edition.number);
            let until = term.and_then(|term| term.until).map(|until| until.to_string());
            moments.push(Moment {
                date: came_out(set, edition).to_string(),
                from: term.map(|term| term.from.to_string()).unwrap_or_default(),
                what: if edition.void.is_some() { "timeline.void" } else { happened(edition, before) },
                n: edition.number,
                now: edition.number == reading,
                href: format!("{root}{}", Route::edition(&set.id, edition.number).url()),
                compare: before
                    .map(|before| {
                        format!("{root}{}", Route::compare(&set.id, before.number, edition.number).url())
                    })
                    .unwrap_or_default(),
                code: edition.digest.check_code(),
                consultation,
                until: until.unwrap_or_default(),
            });
        }
        let signed = set.current().and_then(|edition| edition.set.policy.as_ref()?.meta.signed.as_ref());
        if let Some(signed) = signed.filter(|_| set.withdrawn.is_none()) {
            let date = signed.value.to_string();
            moments.push(Moment { date, what: "timeline.signed", ..Moment::default() });
        }
        moments
    }

    /// The timeline of a page: of a long life the newest part, the edition
    /// that is read, and how it began.
    pub(super) fn short_timeline(all: &[Moment]) -> Vec<Moment> {
        if all.len() <= MOMENTS {
            return all.to_vec();
        }
        let near = |at: usize| all.get(at.saturating_sub(1)..=at + 1).unwrap_or_default();
        let ends = |at: usize| at + 2 >= all.len() || at + 4 < MOMENTS;
        let kept = all.iter().enumerate().filter(|(at, _)| ends(*at) || near(*at).iter().any(|m| m.now));
        kept.map(|(_, moment)| moment.clone()).collect()
    }
}

/// Moments that a policy's page shows; the record names every edition.
const MOMENTS: usize = 24;

/// Key of an edition that added explanations and left the text as it was.
pub(super) const EXPLAINED: &str = "timeline.explained";

/// Key of what an edition was, seen from the readable one before it.
pub(super) fn happened(edition: &Edition, before: Option<&Edition>) -> &'static str {
    let policy = |edition: &Edition| edition.set.policy.as_ref().map(|policy| policy.file.text().to_owned());
    let corrections =
        |edition: &Edition| edition.set.policy.as_ref().map_or(0, |policy| policy.meta.corrections.len());
    match before {
        _ if is_draft_text(edition) => "timeline.consultation",
        None => "timeline.issued",
        Some(before) if is_draft_text(before) => "timeline.finalised",
        Some(before) if corrections(edition) > corrections(before) => "timeline.corrected",
        Some(before) if policy(edition) == policy(before) => EXPLAINED,
        Some(_) => "timeline.revised",
    }
}

impl Moment {
    /// Whether it is the edition being read.
    pub(super) fn is_now(&self) -> bool {
        self.now
    }

    /// Whether the text differs from that of the edition before.
    pub(super) fn is_rewritten(&self) -> bool {
        self.what != EXPLAINED
    }

    /// Address of the comparison with the edition before; may be empty.
    pub(super) fn compare(&self) -> &str {
        &self.compare
    }
}

impl Default for Moment {
    fn default() -> Self {
        Self {
            date: String::new(),
            what: "timeline.issued",
            n: 0,
            now: false,
            href: String::new(),
            compare: String::new(),
            code: String::new(),
            consultation: false,
            from: String::new(),
            until: String::new(),
        }
    }
}

fn row(key: &'static str, value: String) -> MetaRow {
    MetaRow {
        key,
        value,
        href: String::new(),
        datetime: String::new(),
        word: String::new(),
        status: false,
        class: "",
    }
}

fn date_row(key: &'static str, date: String) -> MetaRow {
    MetaRow { datetime: date.clone(), ..row(key, date) }
}

fn class_key(class: DocumentClass) -> &'static str {
    match class {
        DocumentClass::Normative => "class.normative",
        DocumentClass::Rule => "class.rule",
        DocumentClass::Policy => "class.policy",
        DocumentClass::Other => "class.other",
    }
}

/// A size as people say it, in powers of 1024.
pub(super) fn size_text(bytes: usize) -> String {
    const STEP: usize = 1024;
    match bytes {
        0..STEP => format!("{bytes} B"),
        b if b < STEP * STEP => format!("{}.{} KB", b / STEP, b % STEP * 10 / STEP),
        b => format!("{}.{} MB", b / (STEP * STEP), b % (STEP * STEP) * 10 / (STEP * STEP)),
    }
}

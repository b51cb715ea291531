//! The machine twin of a comparison: `compare/<A>-<B>/index.json`.
//!
//! `jiedu.compare/1`, described in the site's JSON Schema: what became of
//! every provision that differs, by anchor, with the runs of text that stayed,
//! went and came. What reads the same is counted and not repeated.

use serde::Serialize;

use super::SitePlan;
use super::catalogue::came_out;
use super::pages::compared;
use super::route::Route;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_redline::{Change, Counts, Entry, Kind, Pair, Passage, Redline, SpanKind, TextDiff, pairs};

#[derive(Debug, Serialize)]
struct CompareJson<'s> {
    schema: &'static str,
    set: &'s str,
    url: String,
    draft: bool,
    old: SideJson,
    new: SideJson,
    counts: CountsJson,
    fields: Vec<FieldJson<'s>>,
    changes: Vec<ChangeJson<'s>>,
    pairs: Vec<Pair>,
}

#[derive(Debug, Serialize)]
struct SideJson {
    number: u32,
    url: String,
    publish_date: String,
    digest: String,
}

#[derive(Debug, Serialize)]
struct CountsJson {
    split: usize,
    merged: usize,
    inserted: usize,
    deleted: usize,
    reworded: usize,
    moved: usize,
    renumbered: usize,
    same: usize,
    chars_inserted: usize,
    chars_deleted: usize,
}

#[derive(Debug, Serialize)]
struct FieldJson<'s> {
    name: &'s str,
    spans: Vec<SpanJson<'s>>,
}

#[derive(Debug, Serialize)]
struct ChangeJson<'s> {
    id: String,
    url: String,
    change: &'static str,
    kind: &'static str,
    moved: bool,
    renumbered: bool,
    reworded: bool,
    old: Option<PassageJson<'s>>,
    new: Option<PassageJson<'s>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    more_old: Vec<PassageJson<'s>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    more_new: Vec<PassageJson<'s>>,
    spans: Vec<SpanJson<'s>>,
}

#[derive(Debug, Serialize)]
struct PassageJson<'s> {
    anchor: Option<&'s str>,
    label: &'s str,
    reference: &'s str,
    text: &'s str,
}

#[derive(Debug, Serialize)]
struct SpanJson<'s> {
    kind: &'static str,
    text: &'s str,
}

/// A comparison as `set.json` names it.
#[derive(Debug, Serialize)]
pub(super) struct ComparisonJson {
    old: u32,
    new: u32,
    url: String,
    twin: String,
}

/// The file beside the page.
pub(super) fn route(set: &PublishedSet, old: u32, new: u32) -> Route {
    Route::in_set(&set.id, &format!("compare/{old}-{new}/index.json"))
}

impl SitePlan<'_> {
    /// The twin of the page that compares two editions.
    pub(super) fn compare_json(
        &self,
        set: &PublishedSet,
        old: &Edition,
        new: &Edition,
        redline: &Redline,
    ) -> Vec<u8> {
        let url = self.base.absolute(&Route::compare(&set.id, old.number, new.number).url());
        let side = |edition: &Edition| SideJson {
            number: edition.number,
            url: self.base.absolute(&Route::edition(&set.id, edition.number).url()),
            publish_date: came_out(set, edition).to_string(),
            digest: edition.digest.to_string(),
        };
        let fields =
            redline.fields.iter().map(|field| FieldJson { name: &field.name.zh, spans: spans(&field.text) });
        super::set_json::to_bytes(&CompareJson {
            schema: "jiedu.compare/1",
            set: set.id.as_str(),
            draft: set.draft,
            old: side(old),
            new: side(new),
            counts: counts(redline.counts),
            fields: fields.collect(),
            changes: super::compare::shown(redline)
                .map(|(index, entry)| change(&url, index, entry))
                .collect(),
            pairs: pairs(redline),
            url,
        })
    }

    /// The comparisons of a set, for its `set.json`.
    pub(super) fn comparisons_json(&self, set: &PublishedSet) -> Vec<ComparisonJson> {
        let number = |index: usize| set.editions.get(index).map(|edition| edition.number);
        let pairs = compared(set).into_iter().filter_map(|(old, new)| Some((number(old)?, number(new)?)));
        pairs
            .map(|(old, new)| ComparisonJson {
                old,
                new,
                url: self.base.absolute(&Route::compare(&set.id, old, new).url()),
                twin: self.base.absolute(&route(set, old, new).url()),
            })
            .collect()
    }
}

fn counts(counts: Counts) -> CountsJson {
    CountsJson {
        split: counts.split,
        merged: counts.merged,
        inserted: counts.inserted,
        deleted: counts.deleted,
        reworded: counts.reworded,
        moved: counts.moved,
        renumbered: counts.renumbered,
        same: counts.same,
        chars_inserted: counts.chars_inserted,
        chars_deleted: counts.chars_deleted,
    }
}

fn change<'s>(page: &str, index: usize, entry: &'s Entry) -> ChangeJson<'s> {
    let id = format!("d{index}");
    ChangeJson {
        url: format!("{page}#{id}"),
        id,
        change: match entry.change {
            Change::Inserted => "inserted",
            Change::Deleted => "deleted",
            Change::Split => "split",
            Change::Merged => "merged",
            _ => "changed",
        },
        kind: entry.kind().map_or("moved", Kind::as_str),
        moved: entry.moved,
        renumbered: entry.renumbered,
        reworded: entry.reworded,
        old: entry.old_passage.as_ref().map(passage),
        new: entry.new_passage.as_ref().map(passage),
        more_old: entry.more_old.iter().map(|(_, more)| passage(more)).collect(),
        more_new: entry.more_new.iter().map(|(_, more)| passage(more)).collect(),
        spans: spans(&entry.text),
    }
}

fn passage(passage: &Passage) -> PassageJson<'_> {
    PassageJson {
        anchor: passage.anchor.as_deref(),
        label: &passage.label,
        reference: &passage.reference,
        text: &passage.text,
    }
}

fn spans(diff: &TextDiff) -> Vec<SpanJson<'_>> {
    let span = |span: &'_ jiedu_redline::Span| match span.kind {
        SpanKind::Equal => "equal",
        SpanKind::Insert => "insert",
        SpanKind::Delete => "delete",
        SpanKind::MovedAway => "moved-away",
        SpanKind::MovedHere => "moved-here",
    };
    diff.spans.iter().map(|run| SpanJson { kind: span(run), text: &run.text }).collect()
}

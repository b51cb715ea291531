//! Two editions side by side and merged, in one page without script.

use std::fmt::Write as _;

use serde::Serialize;

use super::catalogue::{came_out, title};
use super::head::Head;
use super::lists::{Crumb, here, home};
use super::notice::Notice;
use super::part::PartView;
use super::policy::shorten;
use super::route::Route;
use super::{Content, Page, SitePlan, View};
use jiedu_base::text::escape_html_into;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::Stage;
use jiedu_redline::{Change, Counts, Entry, Redline, SpanKind, TextDiff, compare};

/// The page of a comparison.
#[derive(Debug, Serialize)]
pub struct CompareView {
    crumbs: Vec<Crumb>,
    title: String,
    policy: String,
    /// Address of the machine twin.
    json: String,
    old: Side,
    new: Side,
    notices: Vec<Notice>,
    inserted: usize,
    deleted: usize,
    reworded: usize,
    moved: usize,
    renumbered: usize,
    same: usize,
    empty: bool,
    changes: Vec<ChangeLink>,
    fields: Vec<FieldLine>,
    /// Whether the rows stand on pages of their own.
    split: bool,
}

impl CompareView {
    /// Makes it the page in front of its parts.
    pub(crate) fn split(&mut self) {
        self.split = true;
        self.changes.clear();
    }

    /// The page of a part, counted from 1.
    pub(crate) fn part(&self, number: usize, count: usize, span: &str) -> PartView {
        let mut part = PartView::new(&self.crumbs, &self.notices, number, count, span);
        part.title_html = format!("第{}版与第{}版对照", self.old.n, self.new.n);
        part.compare = true;
        part
    }
}

/// One of the two editions.
#[derive(Debug, Serialize)]
struct Side {
    n: u32,
    date: String,
    href: String,
    consultation: bool,
}

/// A line of the list of differences.
#[derive(Debug, Serialize)]
struct ChangeLink {
    href: String,
    name: String,
    /// What happened.
    tags: Vec<Tag>,
    text: String,
}

/// What happened to a provision, in a word.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Tag {
    pub(super) word: &'static str,
    pub(super) tone: &'static str,
}

/// A value of the metadata that differs.
#[derive(Debug, Serialize)]
struct FieldLine {
    name: String,
    html: String,
}

impl<'a> SitePlan<'a> {
    pub(super) fn compare(&self, page: &Page, set: usize, old: usize, new: usize) -> View<'a> {
        let found =
            self.sets.get(set).and_then(|set| Some((set, set.editions.get(old)?, set.editions.get(new)?)));
        let Some((set, old, new)) = found else { return self.missing(page) };
        let (Some(before), Some(after)) = (&old.set.policy, &new.set.policy) else {
            return self.missing(page);
        };
        let root = page.route.root();
        let redline = compare(before, after);
        let title = title(&after.meta, &set.id);
        let name = after.meta.document_number.as_ref().map_or(title, |number| number.value.as_str());
        let path = super::compare_json::route(set, old.number, new.number);
        let mut head = self.compare_head(page, set, (name, title), (old.number, new.number));
        head.alternate("application/json", "机器可读", format!("{root}{}", path.url()));
        let side = |edition: &Edition, consultation: bool| Side {
            n: edition.number,
            date: came_out(set, edition).to_string(),
            href: format!("{root}{}", Route::edition(&set.id, edition.number).url()),
            consultation,
        };
        let up = Crumb { key: "nav.policies", text: String::new(), href: format!("{root}policies/") };
        let policy = format!("{root}{}", Route::set(&set.id).url());
        let counts: Counts = redline.counts;
        let content = CompareView {
            crumbs: vec![
                home(&root),
                up,
                Crumb { key: "", text: name.to_owned(), href: policy.clone() },
                here(&format!("第{}版与第{}版对照", old.number, new.number)),
            ],
            title: title.to_owned(),
            policy,
            json: format!("{root}{}", path.url()),
            old: side(old, before.meta.stage == Stage::Consultation),
            new: side(new, after.meta.stage == Stage::Consultation),
            notices: Self::draft_notice(set).into_iter().collect(),
            inserted: counts.inserted,
            deleted: counts.deleted,
            reworded: counts.reworded,
            moved: counts.moved,
            renumbered: counts.renumbered,
            same: counts.same,
            empty: redline.is_empty(),
            split: false,
            changes: shown(&redline).map(|(index, entry)| change_link(index, entry)).collect(),
            fields: redline
                .fields
                .iter()
                .map(|field| FieldLine { name: field.name.zh.clone(), html: field_html(&field.text) })
                .collect(),
        };
        let twin = Some((path.path().to_owned(), self.compare_json(set, old, new, &redline)));
        let href = format!("{root}{}", Route::edition(&set.id, new.number).url());
        let html = rows_html(&redline, &href, old.number, new.number);
        View {
            head,
            content: Content::Compare(Box::new(content)),
            body: None,
            slots: vec![("rows", html)],
            twin,
        }
    }

    /// The head of a comparison: of a policy, by its short name and its title.
    fn compare_head(
        &self,
        page: &Page,
        set: &PublishedSet,
        (name, title): (&str, &str),
        (old, new): (u32, u32),
    ) -> Head {
        let mut head = self.head(page, format!("版本对照：{name} 第{old}版与第{new}版"));
        let within = super::title::inside_marks(title);
        head.description = format!("《{within}》第{old}版与第{new}版逐条对照");
        head.section = "policies";
        head.sheet = "policy";
        head.draft = set.draft;
        head.noindex |= set.draft;
        head.column(&self.config.columns.policies);
        let record = Route::in_set(&set.id, "record/index.json");
        head.provenance = format!("{}{}", page.route.root(), record.url());
        head
    }
}

/// The entries that a reader has to see.
pub(super) fn shown(redline: &Redline) -> impl Iterator<Item = (usize, &Entry)> {
    redline
        .entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| !matches!(entry.change, Change::Same | Change::MovedAway))
}

fn tags(entry: &Entry) -> Vec<Tag> {
    let mut tags = Vec::new();
    match entry.change {
        Change::Inserted => tags.push(Tag { word: "新增", tone: "ok" }),
        Change::Deleted => tags.push(Tag { word: "删除", tone: "bad" }),
        _ => {
            for (happened, word, tone) in [
                (entry.reworded, "修改", "warn"),
                (entry.moved, "移动", "link"),
                (entry.renumbered, "序号顺延", ""),
            ] {
                if happened {
                    tags.push(Tag { word, tone });
                }
            }
        }
    }
    tags
}

fn name_of(entry: &Entry) -> String {
    let Some(passage) = entry.passage() else { return String::new() };
    if passage.anchor.is_none() {
        return shorten_name(&passage.text);
    }
    if passage.heading.is_empty() {
        passage.reference.clone()
    } else {
        format!("{}{}", passage.label, passage.heading)
    }
}

fn shorten_name(text: &str) -> String {
    const LENGTH: usize = 18;
    let mut name: String = text.trim().chars().take(LENGTH).collect();
    if text.trim().chars().count() > LENGTH {
        name.push('…');
    }
    name
}

fn change_link(index: usize, entry: &Entry) -> ChangeLink {
    let runs = |kind| {
        entry
            .text
            .spans
            .iter()
            .filter(|span| span.kind == kind && !span.text.trim().is_empty())
            .collect::<Vec<_>>()
    };
    let text = match entry.change {
        Change::Inserted | Change::Deleted => {
            entry.passage().map(|passage| shorten(passage.text.trim())).unwrap_or_default()
        }
        _ => {
            let (gone, came) = (runs(SpanKind::Delete), runs(SpanKind::Insert));
            match (gone.as_slice(), came.as_slice()) {
                ([], []) => String::new(),
                ([gone], [came]) => format!("“{}”改为“{}”", shorten(&gone.text), shorten(&came.text)),
                ([gone], []) => format!("删去“{}”", shorten(&gone.text)),
                ([], [came]) => format!("增加“{}”", shorten(&came.text)),
                (gone, came) => format!("改动{}处", gone.len().max(came.len())),
            }
        }
    };
    ChangeLink { href: format!("#d{index}"), name: name_of(entry), tags: tags(entry), text }
}

/// The rows: each holds the merged text twice, and the style sheet hides half
/// of each copy when both sides are shown.
fn rows_html(redline: &Redline, href: &str, old: u32, new: u32) -> String {
    let mut out = String::new();
    let places: Vec<usize> = shown(redline).map(|(index, _)| index).collect();
    for (place, (index, entry)) in shown(redline).enumerate() {
        let _ = write!(out, "<section class=\"drow\" id=\"d{index}\"><header><h3>");
        escape_html_into(&mut out, &name_of(entry));
        out.push_str("</h3>");
        for tag in tags(entry) {
            let _ = write!(out, "<span class=\"tag {}\">{}</span>", tag.tone, tag.word);
        }
        out.push_str("<p class=\"jump\">");
        if let Some(anchor) = entry.new_passage.as_ref().and_then(|passage| passage.anchor.as_ref()) {
            out.push_str("<a href=\"");
            escape_html_into(&mut out, &format!("{href}#{anchor}"));
            out.push_str("\">看条文");
            out.push_str("<span class=\"vh\">：");
            escape_html_into(&mut out, &name_of(entry));
            out.push_str("</span></a>");
        }
        if let Some(next) = places.get(place + 1) {
            let _ = write!(out, "<a href=\"#d{next}\">下一处</a>");
        }
        out.push_str("</p></header>\n");
        let merged = diff_html(&entry.text);
        // What a side lacks is said in words where the sides stand apart.
        let lacks = |change: Change, words: &str| {
            if entry.change == change { format!("<p class=\"sbs none\">{words}</p>") } else { String::new() }
        };
        let before = lacks(Change::Inserted, "本版没有");
        let after = lacks(Change::Deleted, "本版已删去");
        let _ = writeln!(
            out,
            "<div class=\"pair\"><div class=\"old\"><p class=\"lab sbs\">第{old}版</p>{before}<p>{merged}</p></div><div class=\"new\"><p class=\"lab\">第{new}版</p>{after}<p>{merged}</p></div></div></section>"
        );
    }
    out
}

/// A value of the metadata: a date or a number is read whole, not digit by digit.
fn field_html(diff: &TextDiff) -> String {
    const LONGEST: usize = 40;
    let side = |without: SpanKind| {
        let spans = diff.spans.iter().filter(|span| span.kind != without);
        spans.map(|span| span.text.as_str()).collect::<String>()
    };
    let (old, new) = (side(SpanKind::Insert), side(SpanKind::Delete));
    let is_code = |text: &str| !text.chars().any(|c| matches!(c, '《' | '关' | '\n'));
    if old.chars().count().max(new.chars().count()) > LONGEST || !is_code(&old) || !is_code(&new) {
        return diff_html(diff);
    }
    let mut out = String::new();
    for (tag, text) in [("del", old), ("ins", new)].into_iter().filter(|(_, text)| !text.is_empty()) {
        let _ = write!(out, "{}<{tag}>", if out.is_empty() { "" } else { " " });
        escape_html_into(&mut out, &text);
        let _ = write!(out, "</{tag}>");
    }
    out
}

fn diff_html(diff: &TextDiff) -> String {
    let mut out = String::new();
    for span in &diff.spans {
        let (open, close) = match span.kind {
            SpanKind::Equal => ("", ""),
            SpanKind::Insert => ("<ins>", "</ins>"),
            SpanKind::Delete => ("<del>", "</del>"),
        };
        out.push_str(open);
        for (index, line) in span.text.split('\n').enumerate() {
            if index > 0 {
                out.push_str("<br>");
            }
            escape_html_into(&mut out, line);
        }
        out.push_str(close);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedu_redline::diff_text;

    #[test]
    fn dates_and_numbers_are_read_whole() {
        let dates = field_html(&diff_text("2025-09-28", "2025-12-15"));
        assert_eq!(dates, "<del>2025-09-28</del> <ins>2025-12-15</ins>");
        assert_eq!(field_html(&diff_text("", "2026-02-01")), "<ins>2026-02-01</ins>");
        let title = field_html(&diff_text("关于甲办法的公告", "关于甲办法的通知"));
        assert!(title.starts_with("关于甲办法的"), "{title}");
    }
}

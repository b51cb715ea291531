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
use super::table::{lines, sides, table_csv, table_html};
use super::{Content, Page, SitePlan, View};
use jiedu_base::text::escape_html_into;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::Stage;
use jiedu_redline::{Change, Counts, Entry, FieldChange, Redline, Span, SpanKind, TextDiff, compare};

/// The table in two columns on a page of its own, and as CSV.
pub const TABLE: &str = "table.html";
const TABLE_CSV: &str = "table.csv";

/// The page of a comparison.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the template asks several questions")]
pub struct CompareView {
    crumbs: Vec<Crumb>,
    title: String,
    policy: String,
    /// Address of the machine twin.
    json: String,
    old: Side,
    new: Side,
    notices: Vec<Notice>,
    /// How many were split and merged.
    split_up: usize,
    merged: usize,
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
    /// Address of the table in two columns, as CSV.
    csv: String,
    /// Whether that table stands on a page of its own.
    table_apart: bool,
    /// Whether this is that page.
    table_only: bool,
    /// Whether two files are compared and not two editions of a site.
    loose: bool,
    /// The CSV file itself, path and text.
    #[serde(skip)]
    csv_file: (String, String),
}

impl CompareView {
    /// Makes it the page in front of its parts.
    pub fn split(&mut self) {
        self.split = true;
        self.changes.clear();
    }

    /// Puts the table in two columns on a page of its own.
    pub fn table_apart(&mut self) {
        self.table_apart = true;
    }

    /// Makes it that page, or what it was.
    pub fn table_only(&mut self, only: bool) {
        self.table_only = only;
    }

    /// The path and text of the table as CSV.
    pub fn csv_file(&mut self) -> (String, String) {
        std::mem::take(&mut self.csv_file)
    }

    /// The page of a part, counted from 1.
    pub fn part(&self, number: usize, count: usize, span: &str) -> PartView {
        let mut part = PartView::new(&self.crumbs, &self.notices, number, count, span);
        part.title_html = format!("第{}版与第{}版对照", self.old.n, self.new.n);
        part.compare = true;
        part
    }
}

/// One of the two editions.
#[derive(Debug, Clone, Default, Serialize)]
struct Side {
    n: u32,
    /// How a loose text is called.
    name: String,
    date: String,
    href: String,
    consultation: bool,
}

/// A line of the list of differences.
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
struct FieldLine {
    name: String,
    html: String,
}

/// A comparison of two files that are no editions of a site: the view, and the
/// HTML of its slots.
pub fn loose(
    redline: &Redline,
    title: &str,
    names: (&str, &str),
) -> (CompareView, Vec<(&'static str, String)>) {
    let side = |name: &str| Side { name: name.to_owned(), ..Side::default() };
    let view = CompareView { old: side(names.0), new: side(names.1), loose: true, ..counted(redline, title) };
    let rows = rows_html(redline, "", names.0, names.1);
    (view, vec![("rows", rows), ("table", table_html(redline, names.0, names.1))])
}

/// What the redline alone says.
fn counted(redline: &Redline, title: &str) -> CompareView {
    let counts: Counts = redline.counts;
    CompareView {
        crumbs: Vec::new(),
        title: title.to_owned(),
        policy: String::new(),
        json: String::new(),
        old: Side::default(),
        new: Side::default(),
        notices: Vec::new(),
        split_up: counts.split,
        merged: counts.merged,
        inserted: counts.inserted,
        deleted: counts.deleted,
        reworded: counts.reworded,
        moved: counts.moved,
        renumbered: counts.renumbered,
        same: counts.same,
        empty: redline.is_empty(),
        split: false,
        csv: String::new(),
        table_apart: false,
        table_only: false,
        loose: false,
        csv_file: (String::new(), String::new()),
        changes: shown(redline).map(|(index, entry)| change_link(index, entry)).collect(),
        fields: field_lines(redline),
    }
}

fn field_lines(redline: &Redline) -> Vec<FieldLine> {
    let line = |field: &FieldChange| FieldLine { name: field.name.zh.clone(), html: field_html(&field.text) };
    redline.fields.iter().map(line).collect()
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
            name: String::new(),
            date: came_out(set, edition).to_string(),
            href: format!("{root}{}", Route::edition(&set.id, edition.number).url()),
            consultation,
        };
        let up = Crumb { key: "nav.policies", text: String::new(), href: format!("{root}policies/") };
        let policy = format!("{root}{}", Route::set(&set.id).url());
        let names = (format!("第{}版", old.number), format!("第{}版", new.number));
        let folder = page.route.path().strip_suffix("index.html").unwrap_or_default();
        let content = CompareView {
            crumbs: vec![
                home(&root),
                up,
                Crumb { key: "", text: name.to_owned(), href: policy.clone() },
                here(&format!("第{}版与第{}版对照", old.number, new.number)),
            ],
            policy,
            json: format!("{root}{}", path.url()),
            old: side(old, before.meta.stage == Stage::Consultation),
            new: side(new, after.meta.stage == Stage::Consultation),
            notices: Self::draft_notice(set).into_iter().collect(),
            csv: TABLE_CSV.to_owned(),
            csv_file: (format!("{folder}{TABLE_CSV}"), table_csv(&redline, &names.0, &names.1)),
            ..counted(&redline, title)
        };
        let twin = Some((path.path().to_owned(), self.compare_json(set, old, new, &redline)));
        let href = format!("{root}{}", Route::edition(&set.id, new.number).url());
        let html = rows_html(&redline, &href, &names.0, &names.1);
        View {
            head,
            content: Content::Compare(Box::new(content)),
            body: None,
            slots: vec![("rows", html), ("table", table_html(&redline, &names.0, &names.1))],
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
        head.sheet = "more";
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
    let tag = |word, tone| Tag { word, tone };
    let mut tags = Vec::new();
    match entry.change {
        Change::Inserted => tags.push(tag("新增", "ok")),
        Change::Deleted => tags.push(tag("删去", "bad")),
        Change::Split => tags.push(tag("拆分", "link")),
        Change::Merged => tags.push(tag("合并", "link")),
        _ => {
            if entry.moved {
                tags.push(tag("移动", "link"));
            }
            if entry.renumbered {
                tags.push(tag(if entry.moved || entry.reworded { "编号变动" } else { "仅改编号" }, ""));
            }
        }
    }
    if entry.reworded {
        tags.push(tag("修改", "warn"));
    }
    tags
}

fn name_of(entry: &Entry) -> String {
    let Some(passage) = entry.passage() else { return String::new() };
    if passage.anchor.is_none() {
        return shorten_name(&passage.text);
    }
    if entry.is_group() {
        return super::table::said(entry);
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
        Change::Split | Change::Merged if !entry.reworded => "文字未改".to_owned(),
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
/// Without an address there are no links to the text itself.
fn rows_html(redline: &Redline, href: &str, old: &str, new: &str) -> String {
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
        if let Some(anchor) = entry
            .new_passage
            .as_ref()
            .and_then(|passage| passage.anchor.as_ref())
            .filter(|_| !href.is_empty())
        {
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
        pair_html(&mut out, entry, old, new);
        out.push_str("</section>\n");
    }
    out
}

/// Both sides of a row.
fn pair_html(out: &mut String, entry: &Entry, old: &str, new: &str) {
    if entry.is_group() {
        let (before, after) = sides(entry);
        for (class, number, side) in [("pair grp\"><div class=\"old", old, before), ("new", new, after)] {
            let _ = write!(out, "<div class=\"{class}\"><p class=\"lab\">");
            escape_html_into(out, number);
            out.push_str("</p>");
            for passage in &side {
                out.push_str("<p>");
                for span in passage {
                    span_html(out, span);
                }
                out.push_str("</p>");
            }
            out.push_str("</div>");
        }
        out.push_str("</div>");
        return;
    }
    let merged = diff_html(&entry.text);
    let name = |name: &str| {
        let mut html = String::new();
        escape_html_into(&mut html, name);
        html
    };
    let (old, new) = (name(old), name(new));
    // What a side lacks is said in words where the sides stand apart.
    let lacks = |change: Change, words: &str| {
        if entry.change == change { format!("<p class=\"sbs none\">{words}</p>") } else { String::new() }
    };
    let before = lacks(Change::Inserted, "本版没有");
    let after = lacks(Change::Deleted, "本版已删去");
    let _ = write!(
        out,
        "<div class=\"pair\"><div class=\"old\"><p class=\"lab sbs\">{old}</p>{before}<p>{merged}</p></div><div class=\"new\"><p class=\"lab\">{new}</p>{after}<p>{merged}</p></div></div>"
    );
}

/// A value of the metadata: a date or a number is read whole, not digit by digit.
fn field_html(diff: &TextDiff) -> String {
    const LONGEST: usize = 40;
    let (old, new) = (diff.old(), diff.new_text());
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
        span_html(&mut out, span);
    }
    out
}

fn span_html(out: &mut String, span: &Span) {
    let (open, close) = match span.kind {
        SpanKind::Equal => ("", ""),
        SpanKind::Insert => ("<ins>", "</ins>"),
        SpanKind::Delete => ("<del>", "</del>"),
        SpanKind::MovedAway => ("<s class=\"mv\" title=\"移至本条他处\">", "</s>"),
        SpanKind::MovedHere => ("<u class=\"mv\" title=\"自本条他处移来\">", "</u>"),
    };
    out.push_str(open);
    lines(out, &span.text);
    out.push_str(close);
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

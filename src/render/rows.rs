//! Writes the rows of a policy's text, and its contents.
//!
//! Written by hand and not by a template: bodies are nearly all of the site's
//! bytes, and pass through here once, straight into the page.

use std::fmt::Write as _;

use jiedu_base::text::escape_html_into;
use jiedu_site::body::{Body, Gloss, Row, RowKind};
use jiedu_theme::{Theme, ThemeError};

/// The words that rows need, looked up once.
pub(super) struct Words {
    link: String,
    explains: String,
    interpretation: String,
    full: String,
    answer: String,
    with_edition: String,
    stale: String,
    stale_text: String,
    history: String,
    none: String,
    more: String,
    from: String,
    pub(super) split: String,
    pub(super) split_compare: String,
    pub(super) whole: String,
    pub(super) part: String,
}

impl Words {
    /// Looks every word up.
    pub(super) fn new(theme: &Theme) -> Result<Self, ThemeError> {
        let text = |key: &str| theme.text(key).map(str::to_owned);
        Ok(Self {
            link: text("clause.link")?,
            explains: text("clause.gloss-label")?,
            interpretation: text("clause.interpretation")?,
            full: text("clause.full")?,
            answer: text("clause.answer")?,
            with_edition: text("clause.with-edition")?,
            stale: text("clause.stale")?,
            stale_text: text("clause.stale-text")?,
            history: text("clause.history")?,
            none: text("clause.none")?,
            more: text("clause.more")?,
            from: text("clause.from")?,
            split: text("part.split")?,
            split_compare: text("part.split-compare")?,
            whole: text("part.whole")?,
            part: text("part.name")?,
        })
    }
}

/// The contents as list items: headings of the two upper levels. The template
/// adds the parts of the page that follow the text.
pub(super) fn contents(body: &Body<'_>) -> String {
    let mut out = String::new();
    let entries: Vec<&Row<'_>> =
        body.rows.iter().filter(|row| !row.id.is_empty() && !row.heading_text.is_empty()).collect();
    let top = entries.iter().map(|row| row.depth).min().unwrap_or(1);
    let (mut open, mut nested) = (false, false);
    for row in entries.iter().filter(|row| row.depth <= top + 1) {
        if row.depth == top || !open {
            out.push_str(match (open, nested) {
                (true, true) => "</ol></li><li>",
                (true, false) => "</li><li>",
                (false, _) => "<li>",
            });
            (open, nested) = (true, false);
            contents_link(&mut out, row);
            continue;
        }
        out.push_str(if nested { "<li>" } else { "<ol><li>" });
        nested = true;
        contents_link(&mut out, row);
        out.push_str("</li>");
    }
    out.push_str(match (open, nested) {
        (true, true) => "</ol></li>",
        (true, false) => "</li>",
        (false, _) => "",
    });
    out
}

fn contents_link(out: &mut String, row: &Row<'_>) {
    out.push_str("<a href=\"#");
    escape_html_into(out, row.id);
    out.push_str("\">");
    escape_html_into(out, row.heading_text.trim_end_matches(['。', '：']));
    out.push_str("</a>");
}

/// The rows.
pub(super) fn rows(body: &Body<'_>, words: &Words) -> String {
    let length: usize = body.rows.iter().flat_map(|row| &row.html).map(|html| html.len()).sum();
    let mut out = String::with_capacity(length * 5 / 4 + 1024);
    groups(&body.rows).for_each(|group| push_group(&mut out, group, words));
    out
}

/// The rows of one group.
pub(super) fn group_html(group: &[Row<'_>], words: &Words) -> String {
    let mut out = String::new();
    push_group(&mut out, group, words);
    out
}

/// Rows that one group may hold, and the bytes of their text: parts of a long
/// text are cut between groups.
const GROUP: (usize, usize) = (40, 16_000);

/// The rows in groups: an explained provision and the provisions inside it
/// that nothing explains by itself, so that its text goes on beside the notes
/// and not below them. Every other row stands alone.
pub(super) fn groups<'r, 'b>(rows: &'r [Row<'b>]) -> impl Iterator<Item = &'r [Row<'b>]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let (first, others) = rest.split_first()?;
        let mut bytes = 0;
        let inside = others.iter().take(GROUP.0).take_while(|row| {
            bytes += row.html.iter().map(|html| html.len()).sum::<usize>();
            bytes <= GROUP.1 && goes_on(first, row)
        });
        let (group, after) = rest.split_at_checked(1 + inside.count()).unwrap_or((rest, &[]));
        rest = after;
        Some(group)
    })
}

fn goes_on(first: &Row<'_>, row: &Row<'_>) -> bool {
    first.kind == RowKind::Clause
        && !first.glosses.is_empty()
        && row.kind == RowKind::Clause
        && row.depth > first.depth
        && row.heading.is_none()
        && row.glosses.is_empty()
        && !row.unexplained
}

fn push_group(out: &mut String, group: &[Row<'_>], words: &Words) {
    let Some((row, inside)) = group.split_first() else { return };
    match row.kind {
        RowKind::Clause => clause(out, row, inside, words),
        RowKind::Title => heading(out, row),
        RowKind::Signature => wrapped(out, "<div class=\"sign\">", row, "</div>\n"),
        RowKind::Number => wrapped(out, "<div class=\"docno\">", row, "</div>\n"),
        RowKind::Addressee => wrapped(out, "<div class=\"to\">", row, "</div>\n"),
        RowKind::Plain => wrapped(out, "", row, ""),
    }
}

fn wrapped(out: &mut String, open: &str, row: &Row<'_>, close: &str) {
    out.push_str(open);
    row.html.iter().for_each(|html| out.push_str(html));
    out.push_str(close);
}

fn heading(out: &mut String, row: &Row<'_>) {
    if let Some((level, html)) = &row.heading {
        let _ = write!(out, "<h{level}>{html}</h{level}>");
    }
}

/// One provision: its text on the left, with those inside it; what explains
/// it on the right. A provision that stands alone has no more marks around it
/// than its anchor needs: bodies are nearly all of the site's bytes.
fn clause(out: &mut String, row: &Row<'_>, inside: &[Row<'_>], words: &Words) {
    if row.glosses.is_empty() && inside.is_empty() && !row.unexplained {
        return alone(out, row, words);
    }
    let has = if row.glosses.is_empty() { "" } else { " has" };
    let tag = if row.heading.is_some() { "section" } else { "div" };
    let _ = write!(out, "<{tag} class=\"clause{has}\" id=\"");
    escape_html_into(out, row.id);
    out.push_str("\"><div class=\"txt\">");
    text_of(out, row, words);
    for row in inside {
        clause(out, row, &[], words);
    }
    out.push_str("</div>");
    match row.glosses.as_slice() {
        [] => {
            let _ = write!(out, "<p class=\"nogloss\">{}</p>", words.none);
        }
        [one] => gloss(out, one, row, words),
        [first, more @ ..] => {
            out.push_str("<div class=\"glosses\">");
            gloss(out, first, row, words);
            let count = words.more.replace("{n}", &more.len().to_string());
            let _ = write!(out, "<details class=\"moregl\"><summary>{count}</summary>");
            for one in more {
                gloss(out, one, row, words);
            }
            out.push_str("</details></div>");
        }
    }
    let _ = writeln!(out, "</{tag}>");
}

/// A provision without anything beside it.
fn alone(out: &mut String, row: &Row<'_>, words: &Words) {
    let one = match row.html.as_slice() {
        [one] if row.heading.is_none() => {
            one.trim_end().strip_prefix("<p>").filter(|rest| rest.ends_with("</p>"))
        }
        _ => None,
    };
    if let Some(rest) = one {
        out.push_str("<p id=\"");
        escape_html_into(out, row.id);
        out.push_str("\">");
        also(out, row);
        out.push_str(rest.strip_suffix("</p>").unwrap_or(rest));
        history(out, row, words);
        out.push_str("</p>\n");
        return;
    }
    let tag = if row.heading.is_some() { "section" } else { "div" };
    let _ = write!(out, "<{tag} id=\"");
    escape_html_into(out, row.id);
    out.push_str("\">");
    text_of(out, row, words);
    let _ = writeln!(out, "</{tag}>");
}

/// Heading and text, with the ways to the provision and to its history.
fn text_of(out: &mut String, row: &Row<'_>, words: &Words) {
    also(out, row);
    if let Some((level, html)) = &row.heading {
        if row.run_in {
            let _ = write!(out, "<h{level} class=\"r\"><a href=\"#");
            escape_html_into(out, row.id);
            let _ = write!(out, "\">{html}</a></h{level}>");
        } else {
            let _ = write!(out, "<h{level}>{html}<a class=\"lk\" href=\"#");
            escape_html_into(out, row.id);
            out.push_str("\" aria-label=\"");
            escape_html_into(out, &format!("{}，{}", words.link, row.reference));
            let _ = write!(out, "\">#</a></h{level}>");
        }
    }
    row.html.iter().for_each(|html| out.push_str(html.trim_end()));
    if !row.history.is_empty() {
        // Inside the last paragraph, so that the link takes no line of its own.
        let closes = out.ends_with("</p>");
        out.truncate(out.len() - if closes { "</p>".len() } else { 0 });
        history(out, row, words);
        out.push_str(if closes { "</p>" } else { "" });
    }
}

/// The anchors of provisions that begin inside the row.
fn also(out: &mut String, row: &Row<'_>) {
    for id in &row.also {
        out.push_str("<span id=\"");
        escape_html_into(out, id);
        out.push_str("\"></span>");
    }
}

/// The way to a provision's history: a sign with a name.
fn history(out: &mut String, row: &Row<'_>, words: &Words) {
    if row.history.is_empty() {
        return;
    }
    out.push_str("<a class=\"lk on\" href=\"");
    escape_html_into(out, &row.history);
    out.push_str("\" aria-label=\"");
    escape_html_into(out, &format!("{}，{}", words.history, row.reference));
    out.push_str("\">↺</a>");
}

fn gloss(out: &mut String, gloss: &Gloss<'_>, row: &Row<'_>, words: &Words) {
    let stale = if gloss.stale { " stale" } else { "" };
    let form = if gloss.form.is_empty() { words.interpretation.as_str() } else { gloss.form };
    let _ = write!(out, "<div class=\"gloss{stale}\" role=\"note\" aria-label=\"");
    let label = words.explains.replace("{form}", form).replace("{reference}", row.reference);
    escape_html_into(out, &label);
    out.push_str("\"><p><b>");
    escape_html_into(out, form);
    out.push_str("</b>");
    if !gloss.heading.is_empty() {
        out.push_str("<strong>");
        escape_html_into(out, gloss.heading);
        out.push_str("</strong>");
    }
    out.push_str("</p>");
    if !gloss.text.is_empty() {
        out.push_str("<p>");
        escape_html_into(out, &gloss.text);
        out.push_str("</p>");
    }
    if gloss.stale {
        let _ = write!(out, "<p class=\"src\"><b>{}</b>{}</p>", words.stale, words.stale_text);
    }
    out.push_str("<p class=\"src\">");
    if !gloss.href.is_empty() {
        out.push_str("<a href=\"");
        escape_html_into(out, &gloss.href);
        out.push_str("\">");
        escape_html_into(out, if gloss.answers { &words.answer } else { &words.full });
        out.push_str("<span class=\"vh\">：");
        escape_html_into(out, row.reference);
        escape_html_into(out, gloss.heading);
        out.push_str("</span></a> · ");
    }
    match &gloss.from {
        Some(title) => escape_html_into(out, &words.from.replace("{title}", title)),
        None => escape_html_into(out, &words.with_edition.replace("{n}", &gloss.edition.to_string())),
    }
    out.push_str("</p></div>");
}

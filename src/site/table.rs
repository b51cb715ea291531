//! 新旧条文对照表: two editions in two columns, as legislators print them.
//!
//! What stayed is plain, what came is bold, what went is struck out; what was
//! split, merged, moved or only renumbered is said in words. The table is ours
//! and not the issuer's, and says so at its head.

use std::fmt::Write as _;

use jiedu_base::text::{Lang, escape_html_into};
use jiedu_redline::{Change, Entry, Passage, Redline, Span, SpanKind, notes};

/// What stands at the head of every table.
pub(crate) const HEAD: &str = "本站整理，以正式公布文本为准";

/// One edition's text of an entry: its passages, each as runs.
type Side = Vec<Vec<Span>>;

/// The table as HTML; `old` and `new` name the columns.
pub(crate) fn table_html(redline: &Redline, old: &str, new: &str) -> String {
    let mut out = String::from("<table class=\"law2\"><caption>");
    out.push_str(HEAD);
    out.push_str("</caption><thead><tr>");
    for name in [old, new] {
        out.push_str("<th scope=\"col\">");
        escape_html_into(&mut out, name);
        out.push_str("</th>");
    }
    out.push_str("</tr></thead><tbody>\n");
    for entry in redline.entries.iter().filter(|entry| entry.change != Change::MovedAway) {
        let (old, new) = sides(entry);
        out.push_str("<tr><td>");
        cell(&mut out, &old, if entry.change == Change::Inserted { "（新增）" } else { "" });
        out.push_str("</td><td>");
        let words = said(entry);
        if !words.is_empty() && entry.change != Change::Inserted && entry.change != Change::Deleted {
            out.push_str("<p class=\"k\">");
            escape_html_into(&mut out, &format!("【{words}】"));
            out.push_str("</p>");
        }
        cell(&mut out, &new, if entry.change == Change::Deleted { "（删去）" } else { "" });
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody></table>");
    out
}

/// The table as CSV, with a byte-order mark so that spreadsheets read it.
pub(crate) fn table_csv(redline: &Redline, old: &str, new: &str) -> String {
    let mut out = format!("\u{feff}{HEAD},,,,\r\n变化,旧条号,{},新条号,{}\r\n", field(old), field(new));
    for entry in redline.entries.iter().filter(|entry| entry.change != Change::MovedAway) {
        let names = |passages: &mut dyn Iterator<Item = &Passage>| {
            let names: Vec<&str> = passages.map(|passage| passage.reference.as_str()).collect();
            names.join("、")
        };
        let (old, new) = sides(entry);
        let kind = entry.kind().map(|kind| kind.name().zh).unwrap_or_default();
        let fields = [kind, names(&mut entry.olds()), plain(&old), names(&mut entry.news()), plain(&new)];
        let line: Vec<String> = fields.iter().map(|text| field(text)).collect();
        let _ = write!(out, "{}\r\n", line.join(","));
    }
    out
}

/// A field of a CSV file; what a spreadsheet would run as a formula is quoted.
fn field(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

fn plain(side: &Side) -> String {
    let passage = |spans: &Vec<Span>| spans.iter().map(|span| span.text.as_str()).collect::<String>();
    side.iter().map(passage).collect::<Vec<_>>().join("\n")
}

/// What happened, in words; nothing for a mere change of words, which shows.
pub(crate) fn said(entry: &Entry) -> String {
    let is_plain = !entry.is_group() && !entry.moved && !entry.renumbered;
    if is_plain && !matches!(entry.change, Change::Inserted | Change::Deleted) {
        return String::new();
    }
    notes(entry, Lang::Zh).join("，")
}

/// The passages of both editions with what went and what came.
pub(crate) fn sides(entry: &Entry) -> (Side, Side) {
    let spans = |has: fn(SpanKind) -> bool| -> Vec<Span> {
        entry.text.spans.iter().filter(|span| has(span.kind)).cloned().collect()
    };
    let (old, new) = (spans(SpanKind::is_old), spans(SpanKind::is_new));
    if entry.is_group() {
        return (cut(old, entry.olds()), cut(new, entry.news()));
    }
    let one = |spans: Vec<Span>, exists: bool| if exists { vec![spans] } else { Vec::new() };
    (one(old, entry.old_passage.is_some()), one(new, entry.new_passage.is_some()))
}

/// Cuts the joined words of several passages where they meet, and puts the
/// labels back.
fn cut<'p>(spans: Vec<Span>, passages: impl Iterator<Item = &'p Passage>) -> Side {
    let mut rest = spans.into_iter().flat_map(|span| {
        let kind = span.kind;
        span.text.chars().map(move |c| (kind, c)).collect::<Vec<_>>()
    });
    let mut side = Side::new();
    for passage in passages {
        let mut runs: Vec<Span> = Vec::new();
        let label = passage.printed_label();
        if !label.is_empty() {
            let space = if label.starts_with('第') { "　" } else { "" };
            runs.push(Span { kind: SpanKind::Equal, text: format!("{label}{space}") });
        }
        for (kind, c) in rest.by_ref().take(passage.words().chars().count()) {
            match runs.last_mut().filter(|run| run.kind == kind) {
                Some(run) => run.text.push(c),
                None => runs.push(Span { kind, text: c.to_string() }),
            }
        }
        side.push(runs);
    }
    side
}

/// The passages of one side as paragraphs.
pub(crate) fn cell(out: &mut String, side: &Side, none: &str) {
    if side.is_empty() && !none.is_empty() {
        let _ = write!(out, "<p class=\"none\">{none}</p>");
    }
    for passage in side {
        out.push_str("<p>");
        for span in passage {
            let (open, close) = match span.kind {
                SpanKind::Equal => ("", ""),
                SpanKind::Insert => ("<strong>", "</strong>"),
                SpanKind::Delete => ("<del>", "</del>"),
                SpanKind::MovedAway => ("<s class=\"mv\">", "</s>"),
                SpanKind::MovedHere => ("<strong class=\"mv\">", "</strong>"),
            };
            out.push_str(open);
            lines(out, &span.text);
            out.push_str(close);
        }
        out.push_str("</p>");
    }
}

/// Text as HTML, with its line ends.
pub(crate) fn lines(out: &mut String, text: &str) {
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push_str("<br>");
        }
        escape_html_into(out, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedu_redline::compare_passages;

    fn article(number: u32, label: &str, text: &str) -> Passage {
        Passage {
            anchor: Some(format!("art{number}")),
            label: label.to_owned(),
            reference: label.to_owned(),
            depth: 1,
            text: format!("{label} {text}"),
            ..Passage::default()
        }
    }

    #[test]
    fn merged_articles_stand_beside_each_other_without_a_change() {
        let old = [
            article(1, "第一条", "停车场应当公示收费标准。"),
            article(2, "第二条", "停车场应当保持照明良好。"),
        ];
        let new = [article(1, "第一条", "停车场应当公示收费标准。停车场应当保持照明良好。")];
        let redline = compare_passages(&old, &new);
        let html = table_html(&redline, "修改前", "修改后");
        assert!(
            html.contains(
                "<td><p>第一条　停车场应当公示收费标准。</p><p>第二条　停车场应当保持照明良好。</p></td>"
            ),
            "{html}"
        );
        assert!(html.contains("【第一条、第二条合并为第一条】"), "{html}");
        assert!(!html.contains("<del>") && !html.contains("<strong>"), "{html}");
        let csv = table_csv(&redline, "=1+1", "修改后");
        assert!(
            csv.starts_with("\u{feff}本站整理，以正式公布文本为准") && csv.contains("\"'=1+1\""),
            "{csv}"
        );
        assert!(csv.contains("\"合并\",\"第一条、第二条\""), "{csv}");
    }

    #[test]
    fn what_came_is_bold_and_what_went_is_struck() {
        let redline = compare_passages(
            &[article(1, "第一条", "停车场应当在三日内公示收费标准。")],
            &[article(1, "第一条", "停车场应当在五日内公示收费标准。")],
        );
        let html = table_html(&redline, "旧", "新");
        assert!(html.contains("在<del>三</del>日") && html.contains("在<strong>五</strong>日"), "{html}");
    }
}

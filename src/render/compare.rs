//! Comparisons too long for one page: the list of changes with every anchor,
//! the rows in parts beside it, and all of them once more for print.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::rows::Words;
use super::split::{INDEX, PART, Size};
use jiedu_base::text::escape_html_into;
use jiedu_site::part::{WHOLE, part_file};

/// How a row of a comparison begins; what it quotes is escaped.
const ROW: &str = "<section class=\"drow\" id=\"";

/// Some rows of a comparison.
#[derive(Debug, Default)]
pub(super) struct Part<'h> {
    /// Anchor, name as HTML and text of every row.
    rows: Vec<(&'h str, &'h str, &'h str)>,
    size: Size,
}

impl Part<'_> {
    /// The first and the last provision, as plain text.
    pub(super) fn span(&self) -> String {
        let mut names = self.rows.iter().map(|(_, name, _)| *name);
        let first = names.next().unwrap_or("");
        let span = match names.next_back() {
            Some(last) => format!("{first}—{last}"),
            None => first.to_owned(),
        };
        jiedu_base::text::unescape_html(&span)
    }

    /// The rows; a link to a row elsewhere leads into its part.
    pub(super) fn html(&self, places: &BTreeMap<&str, usize>) -> String {
        let own = self.rows.first().and_then(|(id, ..)| places.get(id));
        let mut out = String::new();
        for (_, _, row) in &self.rows {
            let mut pieces = row.split(" href=\"#");
            out.push_str(pieces.next().unwrap_or_default());
            for piece in pieces {
                let to = places.get(piece.split('"').next().unwrap_or_default());
                let file = to.filter(|to| Some(*to) != own).map(|to| part_file(*to)).unwrap_or_default();
                let _ = write!(out, " href=\"{file}#{piece}");
            }
        }
        out
    }
}

/// Cuts the rows into parts.
pub(super) fn parts(html: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut starts = html.match_indices(ROW).map(|(at, _)| at).peekable();
    while let Some(start) = starts.next() {
        let end = starts.peek().copied().unwrap_or(html.len());
        let row = html.get(start..end).unwrap_or_default();
        let id = row.strip_prefix(ROW).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let name =
            row.split_once("<h3>").and_then(|(_, rest)| rest.split("</h3>").next()).unwrap_or_default();
        let size = Size::of(row);
        let fits = parts.last().is_some_and(|part| !part.size.and(size).exceeds(PART));
        if !fits {
            parts.push(Part::default());
        }
        if let Some(part) = parts.last_mut() {
            part.size = part.size.and(size);
            part.rows.push((id, name, row));
        }
    }
    parts
}

/// The part of every row, counted from 1.
pub(super) fn places<'h>(parts: &[Part<'h>]) -> BTreeMap<&'h str, usize> {
    let numbered = parts.iter().enumerate();
    numbered.flat_map(|(index, part)| part.rows.iter().map(move |(id, ..)| (*id, index + 1))).collect()
}

/// The list that stands on the page of the comparison: the parts, and in each
/// an anchor for every change, unless there are too many for one page; a script
/// goes straight to the change.
pub(super) fn index(parts: &[Part<'_>], words: &Words) -> String {
    let links: Vec<String> = parts.iter().enumerate().map(|(index, part)| entries(part, index + 1)).collect();
    let size = links.iter().fold(Size::default(), |size, links| size.and(Size::of(links)));
    let is_whole = !size.exceeds(INDEX);
    let mut out = String::from("<div class=\"parts\"><p>");
    escape_html_into(&mut out, &words.split_compare);
    let _ = write!(out, "<a class=\"pad\" href=\"{WHOLE}\">");
    escape_html_into(&mut out, &words.whole);
    out.push_str("</a></p>");
    for (index, (part, links)) in parts.iter().zip(&links).enumerate() {
        out.push_str("<h3");
        if !is_whole {
            let ids: Vec<&str> = part.rows.iter().map(|(id, ..)| *id).collect();
            let _ = write!(out, " data-ids=\"{}\"", ids.join(" "));
        }
        let _ = write!(out, "><a href=\"{}\">", part_file(index + 1));
        escape_html_into(&mut out, &words.part.replace("{n}", &(index + 1).to_string()));
        out.push(' ');
        escape_html_into(&mut out, &part.span());
        out.push_str("</a></h3>");
        if is_whole {
            let _ = write!(out, "<p>{links}</p>");
        }
    }
    out.push_str("</div>");
    out
}

fn entries(part: &Part<'_>, number: usize) -> String {
    let mut out = String::new();
    let file = part_file(number);
    for (id, name, row) in &part.rows {
        let _ = write!(out, "<a id=\"{id}\" data-go href=\"{file}#{id}\">{name}");
        let header = row.split("</header>").next().unwrap_or_default();
        let tags = header.split("<span class=\"tag").skip(1);
        let tags = tags.filter_map(|tag| tag.split_once('>')?.1.split("</span>").next());
        let tags: Vec<&str> = tags.collect();
        let _ = write!(out, "（{}）</a> ", tags.join("、"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_into_parts_and_find_each_other() {
        let row = |n: usize| {
            let filler = "字".repeat(20_000);
            format!(
                "{ROW}d{n}\"><header><h3>第{n}条</h3><span class=\"tag warn\">修改</span><p><a href=\"#d{}\">下一处</a></p></header>{filler}</section>\n",
                n + 1
            )
        };
        let html: String = (1..=3).map(row).collect();
        let parts = parts(&html);
        assert_eq!(parts.len(), 3, "60 kB each");
        let places = places(&parts);
        assert_eq!(places.get("d3"), Some(&3));
        assert!(parts[0].html(&places).contains("href=\"part-2.html#d2\""));
        assert_eq!(parts.iter().map(|part| part.rows.len()).sum::<usize>(), 3, "none is lost");
        assert_eq!(parts[1].span(), "第2条");
        assert_eq!(entries(&parts[1], 2), "<a id=\"d2\" data-go href=\"part-2.html#d2\">第2条（修改）</a> ");
    }
}

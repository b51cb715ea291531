//! Leading the links of rendered Markdown to their places on the site.
//!
//! The Markdown room leaves `clause:` links and relative paths as written.
//! Here every `href` and `src` is either led to a page, a file or an anchor
//! that exists, or taken away: a reader never meets a dead link, and no page
//! asks another host for anything.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiedu_base::text::{escape_html_into, unescape_html};

/// What becomes of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    /// It leads there.
    To(String),
    /// There is no such place: its text stays, the link goes.
    Nowhere,
}

/// Leads every link and image of a piece of HTML. `resolve` gets the address
/// as written (`src` of images with `true`); `tables` counts the page's tables.
pub(crate) fn lead<'h>(
    html: &'h str,
    tables: &mut usize,
    mut resolve: impl FnMut(&str, bool) -> Destination,
) -> Cow<'h, str> {
    let has_table = html.contains("<table");
    if !has_table && !html.contains(" href=\"") && !html.contains("<img") {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + 32);
    let mut rest = html;
    while let Some((before, tag_on)) = rest.split_once('<') {
        out.push_str(before);
        let Some((tag, after)) = tag_on.split_once('>') else {
            out.push('<');
            rest = tag_on;
            continue;
        };
        if tag.starts_with("a ") {
            lead_anchor(&mut out, tag, &mut resolve);
        } else if tag.starts_with("img ") {
            lead_image(&mut out, tag, &mut resolve);
        } else if !(has_table && dress_table(&mut out, tag, tables)) {
            out.push('<');
            out.push_str(tag);
            out.push('>');
        }
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Tables may be wider than a screen: they get a frame of their own that
/// scrolls, header cells their scope, and alignment becomes a class. Answers
/// whether the tag was one of a table's.
fn dress_table(out: &mut String, tag: &str, tables: &mut usize) -> bool {
    let name = tag.split(' ').next().unwrap_or(tag);
    match name {
        "table" => {
            // Numbered, because regions of one page need different names.
            *tables += 1;
            let _ = write!(
                out,
                "<section class=\"scroll\" aria-label=\"表{tables}，可横向滚动\" tabindex=\"0\"><table>"
            );
        }
        "/table" => out.push_str("</table></section>"),
        "th" | "td" => {
            out.push('<');
            out.push_str(name);
            if name == "th" {
                let scope = attribute(tag, "scope").filter(|scope| *scope == "row").unwrap_or("col");
                let _ = write!(out, " scope=\"{scope}\"");
            }
            match attribute(tag, "align") {
                Some("center") => out.push_str(" class=\"ac\""),
                Some("right") => out.push_str(" class=\"ar\""),
                _ => {}
            }
            out.push('>');
        }
        _ => return false,
    }
    true
}

fn lead_anchor(out: &mut String, tag: &str, resolve: &mut impl FnMut(&str, bool) -> Destination) {
    out.push_str("<a");
    let destination = attribute(tag, "href").map(|target| resolve(&unescape_html(target), false));
    if let Some(Destination::To(address)) = destination {
        push_attribute(out, "href", &address);
    }
    for name in ["title", "id", "aria-label"] {
        if let Some(value) = attribute(tag, name) {
            push_attribute(out, name, &unescape_html(value));
        }
    }
    out.push('>');
}

fn lead_image(out: &mut String, tag: &str, resolve: &mut impl FnMut(&str, bool) -> Destination) {
    let alternative = unescape_html(attribute(tag, "alt").unwrap_or(""));
    let source = attribute(tag, "src").map(unescape_html);
    if let Some(Destination::To(address)) = source.map(|source| resolve(&source, true)) {
        out.push_str("<img");
        push_attribute(out, "src", &address);
        push_attribute(out, "alt", &alternative);
        push_attribute(out, "loading", "lazy");
        out.push('>');
    } else {
        // A picture from elsewhere is not fetched; what it says stays.
        out.push_str("<span class=\"noimg\">");
        escape_html_into(out, &alternative);
        out.push_str("</span>");
    }
}

/// The value of an attribute, still escaped.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    after.split_once('"').map(|(value, _)| value)
}

fn push_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape_html_into(out, value);
    out.push('"');
}

/// Whether an address may stand on a page as it is written.
pub(crate) fn is_outward(address: &str) -> bool {
    let lower: String = address.chars().take(8).collect::<String>().to_ascii_lowercase();
    ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clause_only(address: &str, _: bool) -> Destination {
        match address.strip_prefix("clause:") {
            Some(_) => Destination::To("#s2-5".to_owned()),
            None => Destination::Nowhere,
        }
    }

    #[test]
    fn links_lead_somewhere_or_go() {
        let html = "<p>见<a href=\"clause:%E4%BA%94\">五</a>和<a href=\"javascript:x\">此</a></p>";
        assert_eq!(lead(html, &mut 0, clause_only), "<p>见<a href=\"#s2-5\">五</a>和<a>此</a></p>");
        let image = "<p><img src=\"https://x.example/a.png\" alt=\"图 &quot;一&quot;\" /></p>";
        assert_eq!(lead(image, &mut 0, clause_only), "<p><span class=\"noimg\">图 &quot;一&quot;</span></p>");
        let table = "<table><thead><tr><th align=\"right\">甲</th></tr></thead></table>";
        let dressed = lead(table, &mut 1, clause_only);
        assert!(
            dressed.contains("<th scope=\"col\" class=\"ar\">甲</th>") && dressed.contains("表2"),
            "{dressed}"
        );
        assert!(matches!(lead("<p>无</p>", &mut 0, clause_only), Cow::Borrowed(_)));
        assert_eq!(lead("<a href=\"x", &mut 0, clause_only), "<a href=\"x");
        let back = "<a href=\"clause:x\" aria-label=\"返回正文\">↩</a>";
        assert_eq!(lead(back, &mut 0, clause_only), "<a href=\"#s2-5\" aria-label=\"返回正文\">↩</a>");
    }
}

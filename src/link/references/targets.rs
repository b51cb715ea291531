//! Annexes that a text has, and references as links in its HTML.

use std::collections::BTreeSet;

use super::scan::{Raw, Start};
use jiedu_base::text::{is_blank, numerals};
use jiedu_markdown::Prose;
use jiedu_model::PolicyDocument;

/// The annexes of a text, by kind and number in digits: headings, the list
/// behind 附件：, and files.
pub(super) fn annexes(policy: &PolicyDocument) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut list = 0;
    for block in &policy.blocks {
        let text = block.text.trim_matches(is_blank);
        for (kind, number) in headings(text) {
            found.insert(format!("附{kind}{number}"));
        }
        let is_list = ["附件：", "附件:", "附："].iter().any(|start| text.starts_with(start));
        let entry = text.trim_start_matches(|c| is_blank(c) || "附件：:".contains(c));
        let number: String = entry.chars().take_while(char::is_ascii_digit).collect();
        list = if is_list || (list > 0 && !number.is_empty()) { 8 } else { list - i32::from(list > 0) };
        if list > 0 && number.len() <= 3 && !number.is_empty() {
            found.insert(format!("附件{number}"));
        }
    }
    let files = policy.body.links.iter().filter(|link| link.target.starts_with("attachments/"));
    for link in files {
        found.extend(
            headings(link.text.trim_matches(is_blank)).map(|(kind, number)| format!("附{kind}{number}")),
        );
    }
    found
}

/// The annex whose heading a text begins with.
fn headings(text: &str) -> impl Iterator<Item = (char, u32)> {
    let text = text.trim_start_matches(['【', '[', '（', '(']);
    let read = || {
        let rest = text.strip_prefix('附')?;
        let kind = rest.chars().next().filter(|c| "件表录图".contains(*c))?;
        let rest = rest.strip_prefix(kind)?.trim_start_matches(is_blank);
        let end = rest.find(|c: char| !c.is_ascii_digit() && !numerals::is_numeral(c)).unwrap_or(rest.len());
        Some((kind, numerals::read(rest.get(..end)?)?))
    };
    let is_sentence = text.contains('。');
    read().filter(|_| !is_sentence).into_iter()
}

/// Whether a reference to an annex is the annex's own heading.
pub(super) fn is_annex_heading(prose: &Prose, raw: &Raw) -> bool {
    let before = prose.text.get(..raw.start).unwrap_or_default();
    let is_first = before.chars().all(|c| is_blank(c) || matches!(c, '【' | '[' | '（' | '('));
    matches!(raw.from, Start::Annex(_)) && is_first && !prose.text.contains('。')
}

/// Puts links around references in the HTML of a block: `wanted` holds printed
/// texts and addresses in reading order, an empty address for a text that gets no
/// link. What already stands in a link, or has a tag inside, stays as it is. Also
/// tells how many were met.
pub fn link_html(html: &str, wanted: &[(&str, String)]) -> (String, usize) {
    let mut out = String::with_capacity(html.len() + wanted.len() * 40);
    let mut rest = html;
    let mut used = 0;
    let mut in_link = 0_u32;
    while !rest.is_empty() {
        let end = rest.find('<').unwrap_or(rest.len());
        let (mut text, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        while let Some((ahead, (printed, href), at)) = next(text, wanted.get(used..).unwrap_or_default()) {
            let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
            out.push_str(before);
            text = after.get(printed.len()..).unwrap_or_default();
            if in_link == 0 && !href.is_empty() {
                out.push_str("<a class=\"ref\" href=\"");
                out.push_str(href);
                out.push_str("\">");
                out.push_str(printed);
                out.push_str("</a>");
            } else {
                out.push_str(printed);
            }
            used += ahead + 1;
        }
        out.push_str(text);
        let close = tail.find('>').map_or(tail.len(), |at| at + 1);
        let (tag, after) = tail.split_at_checked(close).unwrap_or((tail, ""));
        if tag.starts_with("<a ") || tag == "<code>" {
            in_link += 1;
        } else if tag == "</a>" || tag == "</code>" {
            in_link = in_link.saturating_sub(1);
        }
        out.push_str(tag);
        rest = after;
    }
    (out, used)
}

/// How many wanted texts may be passed over: one that a tag cuts in two is not found.
const AHEAD: usize = 3;

/// The wanted text that comes next, and where.
fn next<'w>(text: &str, wanted: &'w [(&'w str, String)]) -> Option<(usize, &'w (&'w str, String), usize)> {
    let found = wanted.iter().take(AHEAD).enumerate();
    let mut found = found.filter_map(|(ahead, one)| Some((ahead, one, text.find(one.0)?)));
    let first = found.next()?;
    Some(found.fold(first, |best, other| if other.2 < best.2 { other } else { best }))
}

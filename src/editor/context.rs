//! What stands at a place of a text.

use jiedu_base::text::TextRange;
use jiedu_markdown::Link;
use jiedu_model::TextKind;
use jiedu_source::set_of_path;

use super::desk::Desk;

/// What kind of text lies at a path of a repository.
pub(super) fn kind_of(path: &str) -> Option<TextKind> {
    let (_, inner) = set_of_path(path)?;
    match inner {
        "policy.md" => Some(TextKind::Policy),
        "plan.md" => Some(TextKind::Plan),
        _ => {
            let (folder, _) = inner.strip_suffix(".md")?.rsplit_once('/')?;
            match folder {
                "materials" => Some(TextKind::Material),
                _ if inner.starts_with("content/pages/") => Some(TextKind::Page),
                _ => None,
            }
        }
    }
}

/// The link around an offset.
pub(super) fn link_at<'a>(desk: &'a Desk, path: &str, offset: usize) -> Option<&'a Link> {
    let body = desk.body(path)?;
    // A link inside an image's text is the smaller one.
    let around = body.links.iter().filter(|link| touches(link.range, offset));
    around.min_by_key(|link| link.range.len())
}

/// Whether an offset lies in a range or at its end.
pub(super) fn touches(range: TextRange, offset: usize) -> bool {
    range.start <= offset && offset <= range.end
}

/// The text of the front matter, between its two `---` lines; the text may be
/// half-typed, so the second line need not be there yet. None when the text
/// does not begin with one.
pub(super) fn front_matter(text: &str) -> Option<TextRange> {
    let rest = text.strip_prefix("---\n")?;
    let end = rest.match_indices("---").map(|(at, _)| at).find(|&at| {
        let (before, after) = (rest.get(..at).unwrap_or(""), rest.get(at + 3..).unwrap_or(""));
        (before.is_empty() || before.ends_with('\n')) && (after.is_empty() || after.starts_with('\n'))
    });
    Some(TextRange::new(4, end.map_or(text.len(), |end| end + 4)))
}

/// The word around an offset in front matter: what stands between blanks,
/// commas, brackets and quotes.
pub(super) fn token_at(text: &str, offset: usize) -> Option<TextRange> {
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '[' | ']' | '{' | '}' | '"' | '\'');
    let before = text.get(..offset)?;
    let start = before
        .rfind(is_end)
        .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let end = text.get(offset..)?.find(is_end).map_or(text.len(), |at| offset + at);
    (start < end).then(|| TextRange::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_may_be_half_typed() {
        let range = |text| front_matter(text).map(|range| (range.start, range.end));
        assert_eq!(range("---\na: 1\n---\n正文"), Some((4, 9)));
        assert_eq!(range("---\na: 1\nb"), Some((4, 10)));
        assert_eq!(range("---\na: ---\n---\n"), Some((4, 11)));
        assert_eq!(range("正文"), None);
    }

    #[test]
    fn a_word_ends_at_marks() {
        let text = "解读对象: [2025/甲, 2025/b]";
        let word = |at| token_at(text, at).and_then(|range| text.get(range.start..range.end));
        assert_eq!(word(text.find('甲').unwrap()), Some("2025/甲"));
        assert_eq!(word(text.len() - 1), Some("2025/b"));
        assert_eq!(word(0), Some("解读对象:"));
    }
}

//! Run-in headings: `（五）加强政策解读回应。严格落实…` is a heading and a
//! paragraph for readers who jump from heading to heading.

/// A paragraph cut after its run-in heading.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Split {
    /// HTML of the heading, its final mark included.
    pub(crate) heading: String,
    /// HTML of the rest as a paragraph; empty when nothing follows.
    pub(crate) rest: String,
}

/// The inside of `<h2>…</h2>`.
pub(crate) fn inner_of_heading(html: &str) -> Option<&str> {
    let (_, inner) = html.trim().split_once('>')?;
    inner.rsplit_once("</").map(|(inner, _)| inner)
}

/// Cuts `<p>…</p>` after the words of the heading and the mark that ends them.
/// `None` when the words are not there or a tag would be cut in two.
pub(crate) fn split_run_in(html: &str, words: &str) -> Option<Split> {
    let inner = html.trim().strip_prefix("<p>")?.strip_suffix("</p>")?;
    let mut wanted = words.chars().filter(|c| !c.is_whitespace()).peekable();
    let mut cursor = Cursor { rest: inner, open: 0 };
    while wanted.peek().is_some() {
        let c = cursor.next_char()?;
        if !c.is_whitespace() && wanted.next() != Some(c) {
            return None;
        }
    }
    cursor.skip_tags_closing();
    let mut ahead = cursor.clone();
    if matches!(ahead.next_char(), Some('。' | '．' | '：' | ':' | '.' | '！' | '？' | '；')) {
        cursor = ahead;
    }
    cursor.skip_tags_closing();
    if cursor.open != 0 {
        return None;
    }
    let heading = inner.get(..inner.len() - cursor.rest.len())?.trim();
    let rest = cursor.rest.trim_start_matches(['\n', ' ', '　']);
    let rest = rest.strip_prefix("<br />").or_else(|| rest.strip_prefix("<br>")).unwrap_or(rest).trim_start();
    let rest = if rest.is_empty() { String::new() } else { format!("<p>{rest}</p>") };
    Some(Split { heading: heading.to_owned(), rest })
}

#[derive(Clone)]
struct Cursor<'a> {
    rest: &'a str,
    /// Tags opened and not yet closed.
    open: usize,
}

impl Cursor<'_> {
    /// The next character of the text, tags passed over.
    fn next_char(&mut self) -> Option<char> {
        while self.rest.starts_with('<') {
            self.skip_tag()?;
        }
        for (entity, c) in [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\'')] {
            if let Some(rest) = self.rest.strip_prefix(entity) {
                self.rest = rest;
                return Some(c);
            }
        }
        let c = self.rest.chars().next()?;
        self.rest = self.rest.get(c.len_utf8()..)?;
        Some(c)
    }

    fn skip_tag(&mut self) -> Option<()> {
        let (tag, rest) = self.rest.split_once('>')?;
        if tag.starts_with("</") {
            self.open = self.open.checked_sub(1)?;
        } else if !tag.ends_with('/') && !tag.starts_with("<br") && !tag.starts_with("<img") {
            self.open += 1;
        }
        self.rest = rest;
        Some(())
    }

    fn skip_tags_closing(&mut self) {
        while self.open > 0 && self.rest.starts_with("</") && self.skip_tag().is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_in_heading_is_cut_off() {
        let split =
            split_run_in("<p>（五）加强政策解读回应。严格落实“三同步”。</p>\n", "（五）加强政策解读回应")
                .unwrap();
        assert_eq!(
            (split.heading.as_str(), split.rest.as_str()),
            ("（五）加强政策解读回应。", "<p>严格落实“三同步”。</p>")
        );
        let bold = split_run_in("<p><strong>一、总则。</strong>各单位</p>", "一、总则").unwrap();
        assert_eq!(
            (bold.heading.as_str(), bold.rest.as_str()),
            ("<strong>一、总则。</strong>", "<p>各单位</p>")
        );
        assert_eq!(split_run_in("<p>一、总则</p>", "一、总则").unwrap().rest, "");
    }

    #[test]
    fn a_tag_is_never_cut_in_two() {
        assert_eq!(split_run_in("<p><em>一、总则。各单位</em></p>", "一、总则"), None);
        assert_eq!(split_run_in("<p>别的</p>", "一、总则"), None);
        assert_eq!(split_run_in("<p>一、A&amp;B。x</p>", "一、A&B").unwrap().heading, "一、A&amp;B。");
        assert_eq!(inner_of_heading("<h2>一、<em>总</em>则</h2>\n"), Some("一、<em>总</em>则"));
    }
}

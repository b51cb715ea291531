//! Text into HTML.

/// Escapes text for element content and quoted attributes.
///
/// ```
/// assert_eq!(jiedu::text::escape_html("<b>&\"“'"), "&lt;b&gt;&amp;&quot;“&#39;");
/// ```
#[must_use]
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    escape_html_into(&mut out, text);
    out
}

/// Appends escaped text. Control characters, which HTML forbids, become U+FFFD.
pub fn escape_html_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

/// Undoes the references that the Markdown room writes: `&amp;`, `&lt;`,
/// `&gt;`, `&quot;`, `&#39;`. Others stay as they are.
#[must_use]
pub fn unescape_html(html: &str) -> String {
    const NAMES: [(&str, char); 6] =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&#x27;", '\'')];
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let known = NAMES.iter().find_map(|(name, c)| Some((*c, tail.strip_prefix(name)?)));
        let (c, after) = known.unwrap_or_else(|| ('&', tail.strip_prefix('&').unwrap_or("")));
        out.push(c);
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_and_back() {
        for text in ["", "a&b", "<script>&amp;</script>", "“中文”'\"", "&#39"] {
            assert_eq!(unescape_html(&escape_html(text)), text);
        }
        assert_eq!(escape_html("a\u{0}\u{1b}b"), "a\u{fffd}\u{fffd}b");
    }
}

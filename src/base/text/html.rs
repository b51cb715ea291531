//! Text into HTML.

/// Escapes text for element content and quoted attributes.
///
/// ```
/// assert_eq!(jiedu_base::text::escape_html("<b>&\"“'"), "&lt;b&gt;&amp;&quot;“&#39;");
/// ```
#[must_use]
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    escape_html_into(&mut out, text);
    out
}

/// Appends escaped text. Control characters, which HTML forbids, become U+FFFD.
pub fn escape_html_into(out: &mut String, text: &str) {
    let mut rest = text;
    // Nearly all text needs nothing: it is copied in runs.
    while let Some(at) = rest.bytes().position(is_special) {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let mut chars = tail.chars();
        match chars.next() {
            Some('&') => out.push_str("&amp;"),
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('"') => out.push_str("&quot;"),
            Some('\'') => out.push_str("&#39;"),
            Some(c @ ('\t' | '\n')) => out.push(c),
            Some(c) if c.is_control() => out.push('\u{fffd}'),
            Some(c) => out.push(c),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Whether a byte begins a character that may not stand as it is. 0xc2 begins
/// the control characters from U+0080 to U+009F (and some others).
fn is_special(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'' | 0..=0x1f | 0x7f | 0xc2)
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
        assert_eq!(escape_html("甲\t乙\n·\u{85}§\u{7f}"), "甲\t乙\n·\u{fffd}§\u{fffd}");
    }
}

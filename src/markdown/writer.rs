//! Writes HTML and, beside it, the plain text a reader sees.

use std::fmt::Write as _;

use super::prose::is_cjk;

/// HTML and plain text under construction.
///
/// A soft break waits until the next character is known: between two Chinese
/// characters it leaves nothing, elsewhere a space.
#[derive(Default)]
pub(super) struct Writer {
    /// Finished pieces; a soft break is a piece of its own, filled in later.
    pieces: Vec<String>,
    html: String,
    text: String,
    pending: Option<Pending>,
    /// Address and alternative text of the outermost open image.
    image: Option<(String, String)>,
    /// How many images are open, one inside the other.
    open_images: usize,
    /// Cells finished in the current table row.
    cells: usize,
}

/// An undecided soft break.
struct Pending {
    piece: usize,
}

impl Writer {
    /// A tag, written as it is.
    pub(super) fn tag(&mut self, tag: &str) {
        self.html.push_str(tag);
    }

    /// Text to be shown.
    pub(super) fn text(&mut self, text: &str) {
        let Some(first) = text.chars().next() else { return };
        if let Some(pending) = self.pending.take() {
            let leaves_gap = !(self.text.chars().next_back().is_none_or(is_cjk) && is_cjk(first));
            if leaves_gap {
                self.text.push(' ');
                if let Some(piece) = self.pieces.get_mut(pending.piece) {
                    piece.push('\n');
                }
            }
        }
        self.text.push_str(text);
        escape(text, &mut self.html);
    }

    /// A line end in the source.
    pub(super) fn soft_break(&mut self) {
        self.pieces.push(std::mem::take(&mut self.html));
        self.pending = Some(Pending { piece: self.pieces.len() });
        self.pieces.push(String::new());
    }

    /// A line end in the page.
    pub(super) fn line_break(&mut self) {
        self.pending = None;
        self.html.push_str("<br>");
        self.text.push('\n');
    }

    /// The end of a block inside a block.
    pub(super) fn end_block(&mut self, tag: &str) {
        self.pending = None;
        self.html.push_str(tag);
        self.separate();
    }

    /// Begins a new line in the text, unless it stands at one.
    pub(super) fn separate(&mut self) {
        self.pending = None;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// The beginning of a table row.
    pub(super) fn row(&mut self, tag: &str) {
        self.separate();
        self.cells = 0;
        self.html.push_str(tag);
    }

    /// The end of a table cell: a tab in the text.
    pub(super) fn end_cell(&mut self, tag: &str) {
        self.pending = None;
        self.cells += 1;
        self.html.push_str(tag);
        self.text.push('\t');
    }

    /// The beginning of a link; an address that could run code gets no link.
    pub(super) fn open_link(&mut self, url: &str) {
        if is_safe(url) {
            self.html.push_str("<a href=\"");
            escape_url(&encoded(url), &mut self.html);
            self.html.push_str("\">");
        }
    }

    /// The end of a link.
    pub(super) fn close_link(&mut self, url: &str) {
        if is_safe(url) {
            self.html.push_str("</a>");
        }
    }

    /// The beginning of an image; of nested ones only the outermost counts.
    pub(super) fn open_image(&mut self, url: &str) {
        self.open_images += 1;
        self.image.get_or_insert_with(|| (url.to_owned(), String::new()));
    }

    /// Whether alternative text is being written.
    pub(super) fn in_image(&self) -> bool {
        self.open_images > 0
    }

    /// The column of the next cell of the current table row.
    pub(super) fn column(&self) -> usize {
        self.cells
    }

    /// Text for the alternative text of the open image.
    pub(super) fn attribute_text(&mut self, text: &str) {
        if let Some((_, alternative)) = &mut self.image {
            alternative.push_str(text);
        }
    }

    /// The end of an image.
    pub(super) fn close_image(&mut self) {
        self.open_images = self.open_images.saturating_sub(1);
        if self.open_images > 0 {
            return;
        }
        let Some((url, alternative)) = self.image.take() else { return };
        if !is_safe(&url) {
            return self.text(&alternative);
        }
        self.html.push_str("<img src=\"");
        escape_url(&url, &mut self.html);
        self.html.push_str("\" alt=\"");
        escape(&alternative, &mut self.html);
        self.html.push_str("\">");
    }

    /// HTML and text, the text without white space at its ends.
    pub(super) fn finish(mut self) -> (String, String) {
        self.pieces.push(self.html);
        (self.pieces.concat(), self.text.trim().to_owned())
    }
}

/// Whether an address is relative or of a kind that is only followed.
pub(super) fn is_safe(url: &str) -> bool {
    let before_path = url.split(['/', '?', '#']).next().unwrap_or("");
    match before_path.split_once(':') {
        None => true,
        Some((scheme, _)) => {
            let scheme: String = scheme.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
            ["http", "https", "mailto", "tel", "clause"].contains(&scheme.to_ascii_lowercase().as_str())
        }
    }
}

/// Escapes text for HTML content and quoted attributes.
pub(super) fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(c),
        }
    }
}

/// An address of another site as RFC 3986 wants it: characters outside of ASCII
/// and brackets in its path as bytes. Addresses inside of the site are encoded
/// where they are made.
fn encoded(url: &str) -> std::borrow::Cow<'_, str> {
    let path = ["http://", "https://"].iter().find_map(|scheme| {
        let rest = url.strip_prefix(scheme)?;
        Some(scheme.len() + rest.find(['/', '?', '#'])?)
    });
    let is_bare = |c: char| !c.is_ascii() || matches!(c, '[' | ']' | '{' | '}' | '|' | '^');
    let Some(path) = path.filter(|_| url.contains(is_bare)) else { return url.into() };
    let mut out = url.get(..path).unwrap_or_default().to_owned();
    for c in url.get(path..).unwrap_or_default().chars() {
        if is_bare(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// Escapes an address for a quoted attribute.
fn escape_url(url: &str, html: &mut String) {
    for c in url.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            ' ' => html.push_str("%20"),
            '"' => html.push_str("%22"),
            '<' => html.push_str("%3C"),
            '>' => html.push_str("%3E"),
            '\\' => html.push_str("%5C"),
            '`' => html.push_str("%60"),
            c if c.is_control() => {}
            _ => html.push(c),
        }
    }
}

/// What kind of address an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    /// `<a href>`.
    Link,
    /// `<img src>`.
    Image,
}

/// Rewrites the addresses in rendered HTML. `map` gets every address as it was
/// written in Markdown and answers with the new one, or none to keep it.
///
/// Exact because text never holds a bare `<`: only this room writes tags.
///
/// ```
/// use jiedu_markdown::map_links;
/// let html = map_links("<p><a href=\"clause:（五）\">看</a></p>", |_, target| {
///     target.strip_prefix("clause:").map(|_| "#s2-5".to_owned())
/// });
/// assert_eq!(html, "<p><a href=\"#s2-5\">看</a></p>");
/// ```
#[must_use]
pub fn map_links(html: &str, mut map: impl FnMut(LinkKind, &str) -> Option<String>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let opened = [("<a href=\"", LinkKind::Link), ("<img src=\"", LinkKind::Image)]
            .into_iter()
            .find_map(|(open, kind)| tag.strip_prefix(open).map(|tail| (open, kind, tail)));
        let Some((open, kind, tail)) = opened else {
            out.push('<');
            rest = tag.strip_prefix('<').unwrap_or("");
            continue;
        };
        let (written, tail) = tail.split_once('"').unwrap_or((tail, ""));
        out.push_str(open);
        match map(kind, &unescape_url(written)) {
            Some(new) => escape_url(&new, &mut out),
            None => out.push_str(written),
        }
        out.push('"');
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn unescape_url(url: &str) -> String {
    let mut text = url.to_owned();
    for (escaped, plain) in
        [("%20", " "), ("%22", "\""), ("%3C", "<"), ("%3E", ">"), ("%5C", "\\"), ("%60", "`"), ("&amp;", "&")]
    {
        if text.contains(escaped) {
            text = text.replace(escaped, plain);
        }
    }
    text
}

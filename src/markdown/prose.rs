//! From Markdown to prose: what a reader sees, with the way back to the file.
//!
//! One pass over pulldown-cmark's events with their byte ranges; no recursion,
//! so nesting costs memory only. Emphasis marks, link targets and soft breaks
//! between Han characters disappear, entities and escapes map as a whole, code,
//! web addresses and raw HTML stay readable but are marked opaque. A bold run
//! the parser does not recognise (`**重点。**各单位`) loses its asterisks
//! here too, since the renderer shows it bold.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::blank::with_blank_lines;
use super::types::{Body, Html, Link, Piece, Prose, ProseKind};
use jiedu_base::text::{SourceFile, TextRange, is_han};

/// Splits a body into prose, links and raw HTML.
///
/// ```
/// use jiedu_base::text::{SourceFile, TextRange};
/// let file = SourceFile::new("a.md", "要**落实\n到位**。");
/// let body = jiedu_markdown::parse_body(&file, TextRange::new(0, file.text().len()));
/// assert_eq!(body.prose[0].text, "要落实到位。");
/// ```
#[must_use]
pub fn parse_body(file: &SourceFile, body: TextRange) -> Body {
    let text = with_blank_lines(file.slice(body));
    let mut reader = Reader::new(file, body);
    for (event, range) in Parser::new_ext(&text, options()).into_offset_iter() {
        reader.event(event, &range);
    }
    reader.flush();
    reader.body
}

/// The extensions of the dialect: tables and footnotes. No strikethrough, since
/// `20~30元，40~50元` must stay two ranges.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES
}

/// A block that holds others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    Quote,
    Item,
    Footnote,
}

/// A segment under construction.
struct Draft {
    kind: ProseKind,
    text: String,
    pieces: Vec<Piece>,
    opaque: Vec<TextRange>,
    range: TextRange,
    /// A soft break that becomes a blank or nothing, by what follows.
    soft_break: Option<TextRange>,
    has_link: bool,
}

impl Draft {
    fn new(kind: ProseKind, range: TextRange) -> Self {
        let (text, pieces, opaque) = (String::new(), Vec::new(), Vec::new());
        Self { kind, text, pieces, opaque, range, soft_break: None, has_link: false }
    }

    /// Appends what the reader sees of a source range.
    fn push(&mut self, text: &str, source: TextRange) {
        let Some(next) = text.chars().next() else { return };
        if let Some(at) = self.soft_break.take()
            && !(self.text.chars().next_back().is_none_or(is_cjk) && is_cjk(next))
        {
            self.append(" ", at);
        }
        self.append(text, source);
    }

    fn append(&mut self, text: &str, source: TextRange) {
        let piece = Piece {
            text: self.text.len(),
            text_len: text.len(),
            source: source.start,
            source_len: source.len(),
        };
        self.text.push_str(text);
        if let Some(last) = self.pieces.last_mut()
            && last.text_len == last.source_len
            && piece.text_len == piece.source_len
            && last.source + last.source_len == piece.source
        {
            last.text_len += piece.text_len;
            last.source_len += piece.source_len;
        } else {
            self.pieces.push(piece);
        }
        self.range.end = self.range.end.max(source.end);
    }

    fn push_opaque(&mut self, text: &str, source: TextRange) {
        self.push(text, source);
        let end = self.text.len();
        self.opaque.push(TextRange::new(end - text.len(), end));
    }
}

/// The open links and images.
struct OpenLink {
    target: String,
    range: TextRange,
    is_image: bool,
    is_address: bool,
    text: String,
}

struct Reader<'a> {
    file: &'a SourceFile,
    base: usize,
    body: Body,
    containers: Vec<Container>,
    draft: Option<Draft>,
    /// Alternative texts wait here until their paragraph is complete.
    images: Vec<Draft>,
    /// The images that are open, as indexes into `images`.
    open_images: Vec<usize>,
    links: Vec<OpenLink>,
    depth: usize,
    table: Option<(usize, usize, usize)>,
    tables: usize,
    is_code: bool,
    html: Option<TextRange>,
}

impl<'a> Reader<'a> {
    fn new(file: &'a SourceFile, range: TextRange) -> Self {
        let body =
            Body { file: file.clone(), range, prose: vec![], links: vec![], html: vec![], blocks: vec![] };
        Self {
            file,
            base: range.start,
            body,
            containers: Vec::new(),
            draft: None,
            images: Vec::new(),
            open_images: Vec::new(),
            links: Vec::new(),
            depth: 0,
            table: None,
            tables: 0,
            is_code: false,
            html: None,
        }
    }

    fn event(&mut self, event: Event<'_>, range: &Range<usize>) {
        let source = TextRange::new(self.base + range.start, self.base + range.end);
        match event {
            Event::Start(tag) => self.start(tag, source),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, source),
            Event::Code(code) => self.opaque(&code, source),
            Event::Html(_) => {
                self.html = Some(self.html.map_or(source, |open| TextRange::new(open.start, source.end)));
            }
            Event::InlineHtml(html) => self.inline_html(&html, source),
            Event::SoftBreak => {
                if let Some(draft) = self.target() {
                    draft.soft_break = Some(source);
                }
            }
            Event::HardBreak => {
                if let Some(draft) = self.target() {
                    draft.push("\n", source);
                }
            }
            Event::Rule => self.block(source),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
            Event::InlineMath(text) | Event::DisplayMath(text) => self.opaque(&text, source),
        }
    }

    fn start(&mut self, tag: Tag<'_>, source: TextRange) {
        match tag {
            Tag::Link { dest_url, link_type, .. } => {
                let is_address =
                    matches!(link_type, pulldown_cmark::LinkType::Autolink | pulldown_cmark::LinkType::Email);
                self.open_link(dest_url.into_string(), source, false, is_address);
                return;
            }
            Tag::Image { dest_url, .. } => {
                self.open_link(dest_url.into_string(), source, true, false);
                return;
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => return,
            _ => {}
        }
        self.flush();
        if !matches!(tag, Tag::HtmlBlock) {
            self.block(source);
        }
        self.depth += 1;
        let trimmed = self.trimmed(source);
        match tag {
            Tag::Paragraph | Tag::TableCell => self.draft = Some(Draft::new(self.kind(), trimmed)),
            Tag::Heading { level, .. } => {
                self.draft = Some(Draft::new(ProseKind::Heading(level as u8), trimmed));
            }
            Tag::BlockQuote(_) => self.containers.push(Container::Quote),
            Tag::Item => self.containers.push(Container::Item),
            Tag::FootnoteDefinition(_) => self.containers.push(Container::Footnote),
            Tag::CodeBlock(_) => self.is_code = true,
            Tag::Table(_) => {
                self.table = Some((self.tables, 0, 0));
                self.tables += 1;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link | TagEnd::Image => return self.close_link(),
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript => return,
            TagEnd::HtmlBlock => self.html_block(),
            TagEnd::CodeBlock => self.is_code = false,
            _ => {}
        }
        self.flush();
        self.depth = self.depth.saturating_sub(1);
        match (tag, &mut self.table) {
            (TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::FootnoteDefinition, _) => {
                self.containers.pop();
            }
            (TagEnd::TableCell, Some((_, _, column))) => *column += 1,
            (TagEnd::TableHead | TagEnd::TableRow, Some((_, row, column))) => {
                *row += 1;
                *column = 0;
            }
            (TagEnd::Table, _) => self.table = None,
            _ => {}
        }
    }

    fn kind(&self) -> ProseKind {
        if let Some((table, row, column)) = self.table {
            return ProseKind::TableCell { table, row, column };
        }
        match self.containers.last() {
            Some(Container::Quote) => ProseKind::Quote,
            Some(Container::Item) => ProseKind::ListItem,
            Some(Container::Footnote) => ProseKind::Footnote,
            None => ProseKind::Paragraph,
        }
    }

    /// Notes a top-level block.
    fn block(&mut self, source: TextRange) {
        if self.depth == 0 {
            let range = self.trimmed(source);
            self.body.blocks.push(range);
        }
    }

    /// The range without the line feeds at its end.
    fn trimmed(&self, source: TextRange) -> TextRange {
        let length = self.file.slice(source).trim_end_matches(['\n', ' ']).len();
        TextRange::new(source.start, source.start + length)
    }

    /// Where text goes: the innermost image's, else the segment's draft.
    fn target(&mut self) -> Option<&mut Draft> {
        match self.open_images.last() {
            Some(&image) => self.images.get_mut(image),
            None => self.draft.as_mut(),
        }
    }

    fn text(&mut self, text: &str, source: TextRange) {
        if self.is_code || self.is_lost_mark(text, source) {
            return;
        }
        if self.draft.is_none() {
            // The text of a tight list item stands in no paragraph.
            self.draft = Some(Draft::new(self.kind(), source));
        }
        let is_address = self.links.last().is_some_and(|link| link.is_address);
        if let Some(link) = self.links.last_mut() {
            link.text.push_str(text);
        }
        let Some(draft) = self.target() else { return };
        if is_address {
            draft.push_opaque(text, source);
        } else if text.len() == source.len() {
            push_runs(draft, text, source.start);
        } else {
            draft.push(text, source);
        }
    }

    /// Whether the text is one of several asterisks that the parser took for
    /// text, beside a character where the renderer takes them for bold.
    fn is_lost_mark(&self, text: &str, source: TextRange) -> bool {
        if text.is_empty() || text.bytes().any(|b| b != b'*') {
            return false;
        }
        let bytes = self.file.text().as_bytes();
        let before = source.start.checked_sub(1).and_then(|at| bytes.get(at)).copied();
        before != Some(b'\\')
            && (text.len() > 1 || before == Some(b'*') || bytes.get(source.end) == Some(&b'*'))
    }

    fn opaque(&mut self, text: &str, source: TextRange) {
        if self.draft.is_none() {
            self.draft = Some(Draft::new(self.kind(), source));
        }
        if let Some(link) = self.links.last_mut() {
            link.text.push_str(text);
        }
        if let Some(draft) = self.target() {
            draft.push_opaque(text, source);
        }
    }

    fn inline_html(&mut self, html: &str, source: TextRange) {
        let comment = comment_text(html);
        if comment.is_none() {
            self.opaque(html, source);
        }
        self.body.html.push(Html { range: source, comment });
    }

    /// Takes a block of HTML apart: comments, and what is left of it.
    fn html_block(&mut self) {
        let Some(range) = self.html.take() else { return };
        let text = self.file.slice(range);
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let open = rest.find("<!--").unwrap_or(rest.len());
            let (raw, tail) = rest.split_at(open);
            let lead = raw.len() - raw.trim_start().len();
            if !raw.trim().is_empty() {
                let start = range.start + at + lead;
                self.body
                    .html
                    .push(Html { range: TextRange::new(start, start + raw.trim().len()), comment: None });
                if self.depth == 1 {
                    self.body.blocks.push(TextRange::new(start, start + raw.trim().len()));
                }
            }
            if tail.is_empty() {
                break;
            }
            let length = tail.find("-->").map_or(tail.len(), |end| end + 3);
            let start = range.start + at + open;
            let comment = tail.get(..length).and_then(comment_text).unwrap_or_default();
            self.body
                .html
                .push(Html { range: TextRange::new(start, start + length), comment: Some(comment) });
            at += open + length;
        }
    }

    fn open_link(&mut self, target: String, range: TextRange, is_image: bool, is_address: bool) {
        if self.draft.is_none() {
            self.draft = Some(Draft::new(self.kind(), range));
        }
        if is_image {
            self.open_images.push(self.images.len());
            self.images.push(Draft::new(ProseKind::ImageText, range));
        }
        self.links.push(OpenLink { target, range, is_image, is_address, text: String::new() });
    }

    fn close_link(&mut self) {
        let Some(open) = self.links.pop() else { return };
        if open.is_image {
            self.open_images.pop();
        }
        // What is nested deeper than anybody writes is not copied outwards.
        if let Some(outer) = self.links.last_mut().filter(|outer| outer.text.len() < 10_000) {
            outer.text.push_str(&open.text);
        }
        let index = self.body.prose.len();
        let in_heading = self.draft.as_ref().is_some_and(|draft| matches!(draft.kind, ProseKind::Heading(_)));
        if let Some(draft) = &mut self.draft {
            draft.has_link = true;
            draft.range.end = draft.range.end.max(open.range.end);
        }
        let OpenLink { target, range, is_image, text, .. } = open;
        let heading = in_heading.then_some(index);
        self.body.links.push(Link { text, target, range, is_image, heading, prose: Some(index) });
    }

    fn flush(&mut self) {
        if let Some(draft) = self.draft.take() {
            self.keep(draft);
        }
        for image in std::mem::take(&mut self.images) {
            self.keep(image);
        }
    }

    fn keep(&mut self, draft: Draft) {
        let Draft { kind, text, pieces, opaque, range, has_link, .. } = draft;
        if !text.is_empty() || has_link {
            self.body.prose.push(Prose { kind, text, pieces, opaque, range });
        }
    }
}

/// Appends text that stands in the file as it is; web addresses are opaque.
fn push_runs(draft: &mut Draft, text: &str, source: usize) {
    // Every address holds one of these, and nearly no text does.
    if !text.contains("://") && !text.contains("www.") {
        return draft.push(text, TextRange::new(source, source + text.len()));
    }
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let start = next_address(rest).unwrap_or(rest.len());
        let (plain, tail) = rest.split_at(start);
        draft.push(plain, TextRange::new(source + at, source + at + start));
        at += start;
        let (address, _) = tail.split_at(address_length(tail));
        if !address.is_empty() {
            draft.push_opaque(address, TextRange::new(source + at, source + at + address.len()));
            at += address.len();
        }
    }
}

/// Where the next web address begins.
fn next_address(text: &str) -> Option<usize> {
    let starts = ["http://", "https://", "www."];
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|&at| {
        matches!(bytes.get(at), Some(b'h' | b'w'))
            && bytes
                .get(at..)
                .is_some_and(|rest| starts.iter().any(|start| rest.starts_with(start.as_bytes())))
    })
}

/// How far a web address reaches: over ASCII letters, digits and its own marks.
fn address_length(text: &str) -> usize {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+=%".contains(c);
    let raw = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    text.get(..raw).map_or(raw, |address| address.trim_end_matches(['.', ',', ':', '?', '!', '*']).len())
}

/// What a comment says, when the HTML is a comment.
fn comment_text(html: &str) -> Option<String> {
    let inner = html.strip_prefix("<!--")?;
    Some(inner.strip_suffix("-->").unwrap_or(inner).trim().to_owned())
}

/// Whether a line may be broken beside the character without leaving a gap.
pub(super) fn is_cjk(c: char) -> bool {
    is_han(c)
        || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff60}' | '\u{2014}' | '\u{2018}'..='\u{201d}' | '\u{2026}')
}

#[cfg(test)]
#[path = "prose_tests.rs"]
mod tests;

//! From Markdown to HTML, block by block.
//!
//! comrak parses, this file writes: the bytes of published pages are ours and
//! do not change with the parser's next release. No recursion, so nesting costs
//! memory only; containers deeper than [`MAX_DEPTH`] are not written any more,
//! their text is. Raw HTML appears as the text it is, comments not at all.

use std::collections::BTreeMap;

use comrak::arena_tree::NodeEdge;
use comrak::nodes::{ListDelimType, ListType, Node, NodeValue, TableAlignment};

use super::blank::with_blank_lines;
use super::options::{RenderOptions, comrak_options};
use super::types::RenderedBlock;
use super::writer::Writer;
use jiedu_base::text::{SourceFile, TextRange};

/// Nesting of quotes, lists, emphasis and links beyond which no tags are
/// written.
const MAX_DEPTH: usize = 48;

/// Blocks and whether something was nested too deep to be shown as written.
pub struct Rendered {
    /// The blocks.
    pub blocks: Vec<RenderedBlock>,
    /// The first block that is nested too deep.
    pub too_deep: Option<TextRange>,
}

/// Renders a body as top-level blocks in reading order; footnotes, when there
/// are any, are the last block.
///
/// ```
/// use jiedu_base::text::{SourceFile, TextRange};
/// let file = SourceFile::new("a.md", "# 甲\n\n**很重要。**但\n要看\n");
/// let body = TextRange::new(0, file.text().len());
/// let blocks = jiedu_markdown::render_blocks(&file, body, &jiedu_markdown::RenderOptions::default());
/// assert_eq!(blocks[0].html, "<h2>甲</h2>");
/// assert_eq!(blocks[1].html, "<p><strong>很重要。</strong>但要看</p>");
/// ```
#[must_use]
pub fn render_blocks(file: &SourceFile, body: TextRange, options: &RenderOptions) -> Vec<RenderedBlock> {
    render(file, body, options).blocks
}

/// As [`render_blocks`], telling about too deep nesting.
pub fn render(file: &SourceFile, body: TextRange, options: &RenderOptions) -> Rendered {
    let arena = comrak::Arena::new();
    let text = with_blank_lines(file.slice(body));
    let root = comrak::parse_document(&arena, &text, &comrak_options());
    let shift = heading_shift(root, options);
    let first_line = file.position(body.start).line;
    let mut renderer = Renderer {
        file,
        body,
        first_line,
        options,
        shift,
        notes: BTreeMap::new(),
        blocks: Vec::new(),
        too_deep: None,
    };
    renderer.number_notes(root);
    for node in root.children() {
        renderer.top_level(node);
    }
    renderer.footnotes(root);
    Rendered { blocks: renderer.blocks, too_deep: renderer.too_deep }
}

/// What is added to heading levels so that the highest becomes 2.
fn heading_shift(root: Node<'_>, options: &RenderOptions) -> i8 {
    let levels = root.children().filter_map(|node| match &node.data().value {
        NodeValue::Heading(heading) if !is_title(node, options) => Some(heading.level),
        _ => None,
    });
    let highest = levels.min().unwrap_or(2);
    2 - i8::try_from(highest).unwrap_or(2)
}

/// Whether the node is a first-level heading that repeats the page's title.
fn is_title(node: Node<'_>, options: &RenderOptions) -> bool {
    let NodeValue::Heading(heading) = &node.data().value else { return false };
    heading.level == 1
        && options.title.as_ref().is_some_and(|title| {
            let heading = plain(node);
            title.split_whitespace().flat_map(str::chars).eq(heading.split_whitespace().flat_map(str::chars))
        })
}

/// The text of a node as read.
fn plain(node: Node<'_>) -> String {
    let mut writer = Writer::default();
    for edge in node.traverse() {
        if let NodeEdge::Start(inner) = edge {
            match &inner.data().value {
                NodeValue::Text(text) => writer.text(text),
                NodeValue::Code(code) => writer.text(&code.literal),
                NodeValue::SoftBreak => writer.soft_break(),
                _ => {}
            }
        }
    }
    writer.finish().1
}

struct Renderer<'a> {
    file: &'a SourceFile,
    body: TextRange,
    first_line: usize,
    options: &'a RenderOptions,
    shift: i8,
    /// Footnote name → its number in order of reference.
    notes: BTreeMap<String, usize>,
    blocks: Vec<RenderedBlock>,
    too_deep: Option<TextRange>,
}

impl Renderer<'_> {
    fn number_notes(&mut self, root: Node<'_>) {
        for node in root.children() {
            if let NodeValue::FootnoteDefinition(note) = &node.data().value {
                let number = self.notes.len() + 1;
                self.notes.insert(note.name.clone(), number);
            }
        }
    }

    fn top_level(&mut self, node: Node<'_>) {
        let is_numbered = match &node.data().value {
            NodeValue::FootnoteDefinition(_) => return,
            NodeValue::List(list) => list.list_type == ListType::Ordered,
            _ => false,
        };
        if is_numbered && self.options.numbered_as_text {
            for item in node.children() {
                self.numbered_item(item);
            }
        } else {
            self.block(node, "");
        }
    }

    /// An item of a numbered list as paragraphs, the number as text.
    fn numbered_item(&mut self, item: Node<'_>) {
        let mut label = match &item.data().value {
            NodeValue::Item(list) => {
                format!("{}{}", list.start, if list.delimiter == ListDelimType::Paren { ")" } else { "." })
            }
            _ => String::new(),
        };
        let opens_with_text =
            item.first_child().is_some_and(|child| matches!(child.data().value, NodeValue::Paragraph));
        if !opens_with_text {
            let mut writer = Writer::default();
            writer.tag("<p>");
            writer.text(&std::mem::take(&mut label));
            writer.tag("</p>");
            self.push(writer, self.range(item), None);
        }
        for child in item.children() {
            self.block(child, &std::mem::take(&mut label));
        }
    }

    fn block(&mut self, node: Node<'_>, label: &str) {
        let range = self.range(node);
        let mut writer = Writer::default();
        let is_title = is_title(node, self.options);
        let heading = match &node.data().value {
            NodeValue::Heading(_) if is_title => Some(1),
            NodeValue::Heading(heading) => Some(self.level(heading.level)),
            _ => None,
        };
        let is_deep = self.write(node, &mut writer, label, is_title);
        if is_deep && self.too_deep.is_none() {
            self.too_deep = Some(range);
        }
        self.push(writer, range, heading);
    }

    fn push(&mut self, writer: Writer, range: TextRange, heading: Option<u8>) {
        let (html, text) = writer.finish();
        if !html.is_empty() {
            self.blocks.push(RenderedBlock { range, html, heading, text });
        }
    }

    /// The level at which a heading is shown.
    fn level(&self, level: u8) -> u8 {
        level.saturating_add_signed(self.shift).clamp(2, 6)
    }

    /// The lines of a block in the file, from its first mark to its last.
    fn range(&self, node: Node<'_>) -> TextRange {
        let place = node.data().sourcepos;
        let line = |number: usize| self.file.line_range(self.first_line + number.saturating_sub(1));
        let mut start =
            (line(place.start.line).start + place.start.column.saturating_sub(1)).min(self.body.end);
        while !self.file.text().is_char_boundary(start) {
            start -= 1;
        }
        let end = line(place.end.line.max(place.start.line)).end.min(self.body.end).max(start);
        let text = self.file.slice(TextRange::new(start, end));
        TextRange::new(start, start + text.trim_end().len())
    }

    /// Writes a node; true when something was nested too deep for tags.
    fn write(&self, root: Node<'_>, writer: &mut Writer, label: &str, is_title: bool) -> bool {
        let mut depth = 0;
        let mut is_deep = false;
        let mut label = label;
        for edge in root.traverse() {
            match edge {
                NodeEdge::Start(node) => {
                    depth += 1;
                    is_deep |= depth > MAX_DEPTH;
                    self.open(node, writer, depth <= MAX_DEPTH, is_title);
                    if matches!(node.data().value, NodeValue::Paragraph) && !label.is_empty() {
                        writer.text(std::mem::take(&mut label));
                    }
                }
                NodeEdge::End(node) => {
                    self.close(node, writer, depth <= MAX_DEPTH, is_title);
                    depth -= 1;
                }
            }
        }
        is_deep
    }

    fn open(&self, node: Node<'_>, writer: &mut Writer, shows_tags: bool, is_title: bool) {
        let data = node.data();
        match &data.value {
            NodeValue::Image(image) => writer.open_image(&image.url),
            _ if writer.in_image() => image_text(&data.value, writer),
            NodeValue::Text(text) => writer.text(text),
            NodeValue::SoftBreak => writer.soft_break(),
            NodeValue::LineBreak => writer.line_break(),
            NodeValue::Code(code) => {
                writer.tag("<code>");
                writer.text(&code.literal);
                writer.tag("</code>");
            }
            NodeValue::HtmlInline(html) if !is_comment(html) => writer.text(html),
            NodeValue::HtmlBlock(block) => {
                let rest = without_comments(&block.literal);
                if !rest.is_empty() {
                    writer.tag("<pre>");
                    writer.text(&rest);
                    writer.tag("</pre>");
                }
            }
            NodeValue::CodeBlock(code) => {
                writer.tag("<pre><code>");
                writer.text(&code.literal);
                writer.tag("</code></pre>");
            }
            NodeValue::ThematicBreak => writer.tag("<hr>"),
            NodeValue::FootnoteReference(cited) => self.note_reference(&cited.name, cited.ref_num, writer),
            value if shows_tags => self.open_tag(node, value, writer, is_title),
            _ => {}
        }
    }

    fn open_tag(&self, node: Node<'_>, value: &NodeValue, writer: &mut Writer, is_title: bool) {
        match value {
            NodeValue::Paragraph if !in_tight_list(node) => writer.tag("<p>"),
            NodeValue::Paragraph => writer.separate(),
            NodeValue::Heading(_) if is_title => writer.tag("<h1>"),
            NodeValue::Heading(heading) => writer.tag(&format!("<h{}>", self.level(heading.level))),
            NodeValue::BlockQuote => writer.tag("<blockquote>"),
            NodeValue::List(list) if list.list_type == ListType::Bullet => writer.tag("<ul>"),
            NodeValue::List(list) if list.start == 1 => writer.tag("<ol>"),
            NodeValue::List(list) => writer.tag(&format!("<ol start=\"{}\">", list.start)),
            NodeValue::Item(list) => {
                writer.separate();
                let is_numbered = list.list_type == ListType::Ordered;
                writer.tag(&if is_numbered {
                    format!("<li value=\"{}\">", list.start)
                } else {
                    "<li>".to_owned()
                });
            }
            NodeValue::Table(_) => writer.tag("<table>"),
            NodeValue::TableRow(true) => writer.row("<thead><tr>"),
            NodeValue::TableRow(false) => {
                let is_first = node
                    .previous_sibling()
                    .is_some_and(|row| matches!(row.data().value, NodeValue::TableRow(true)));
                writer.row(if is_first { "<tbody><tr>" } else { "<tr>" });
            }
            NodeValue::TableCell => cell(node, writer),
            NodeValue::Strong => writer.tag("<strong>"),
            NodeValue::Emph => writer.tag("<em>"),
            NodeValue::Link(link) => writer.open_link(&link.url),
            _ => {}
        }
    }

    fn close(&self, node: Node<'_>, writer: &mut Writer, shows_tags: bool, is_title: bool) {
        let data = node.data();
        match &data.value {
            NodeValue::Image(_) => writer.close_image(),
            _ if !shows_tags || writer.in_image() => {}
            NodeValue::Paragraph if !in_tight_list(node) => writer.end_block("</p>"),
            NodeValue::Heading(_) if is_title => writer.tag("</h1>"),
            NodeValue::Heading(heading) => writer.tag(&format!("</h{}>", self.level(heading.level))),
            NodeValue::BlockQuote => writer.end_block("</blockquote>"),
            NodeValue::List(list) if list.list_type == ListType::Bullet => writer.end_block("</ul>"),
            NodeValue::List(_) => writer.end_block("</ol>"),
            NodeValue::Item(_) => writer.end_block("</li>"),
            NodeValue::Table(_) => {
                let has_body = node.first_child().is_some_and(|head| head.next_sibling().is_some());
                writer.end_block(if has_body { "</tbody></table>" } else { "</table>" });
            }
            NodeValue::TableRow(is_head) => {
                writer.end_block(if *is_head { "</tr></thead>" } else { "</tr>" });
            }
            NodeValue::TableCell => {
                writer.end_cell(if cell_kind(node) == CellKind::Data { "</td>" } else { "</th>" });
            }
            NodeValue::Strong => writer.tag("</strong>"),
            NodeValue::Emph => writer.tag("</em>"),
            NodeValue::Link(link) => writer.close_link(&link.url),
            _ => {}
        }
    }

    fn note_reference(&self, name: &str, occurrence: u32, writer: &mut Writer) {
        let Some(number) = self.notes.get(name) else { return };
        let prefix = &self.options.id_prefix;
        let id = note_reference_id(prefix, *number, occurrence);
        writer.tag(&format!("<sup><a href=\"#{prefix}fn{number}\" id=\"{id}\">[{number}]</a></sup>"));
    }

    /// All footnotes as one block.
    fn footnotes(&mut self, root: Node<'_>) {
        let mut writer = Writer::default();
        let mut whole: Option<TextRange> = None;
        for node in root.children() {
            let data = node.data();
            let NodeValue::FootnoteDefinition(note) = &data.value else { continue };
            let Some(number) = self.notes.get(&note.name).copied() else { continue };
            let range = self.range(node);
            whole = Some(
                whole.map_or(range, |all| TextRange::new(all.start.min(range.start), all.end.max(range.end))),
            );
            let prefix = &self.options.id_prefix;
            writer.tag(&format!("<li id=\"{prefix}fn{number}\">"));
            for child in node.children() {
                self.write(child, &mut writer, "", false);
            }
            for occurrence in 1..=note.total_references.min(20) {
                let id = note_reference_id(prefix, number, occurrence);
                writer.tag(&format!(" <a href=\"#{id}\" aria-label=\"返回正文\">↩</a>"));
            }
            writer.end_block("</li>");
        }
        if let Some(range) = whole {
            let (html, text) = writer.finish();
            let html = format!("<section class=\"footnotes\"><ol>{html}</ol></section>");
            self.blocks.push(RenderedBlock { range, html, heading: None, text });
        }
    }
}

fn note_reference_id(prefix: &str, number: usize, occurrence: u32) -> String {
    if occurrence == 1 {
        format!("{prefix}fnref{number}")
    } else {
        format!("{prefix}fnref{number}-{occurrence}")
    }
}

/// Whether the node is a paragraph of a tight list, which has no tags.
fn in_tight_list(node: Node<'_>) -> bool {
    let list = node
        .parent()
        .filter(|item| matches!(item.data().value, NodeValue::Item(_)))
        .and_then(comrak::arena_tree::Node::parent);
    list.is_some_and(|list| matches!(&list.data().value, NodeValue::List(list) if list.tight))
}

fn in_head(cell: Node<'_>) -> bool {
    cell.parent().is_some_and(|row| matches!(row.data().value, NodeValue::TableRow(true)))
}

/// What an inline adds to the alternative text of the image around it.
fn image_text(value: &NodeValue, writer: &mut Writer) {
    match value {
        NodeValue::Text(text) => writer.attribute_text(text),
        NodeValue::Code(code) => writer.attribute_text(&code.literal),
        NodeValue::SoftBreak | NodeValue::LineBreak => writer.attribute_text(" "),
        _ => {}
    }
}

fn cell(node: Node<'_>, writer: &mut Writer) {
    let column = writer.column();
    let table = node.parent().and_then(comrak::arena_tree::Node::parent);
    let alignment = table.and_then(|table| match &table.data().value {
        NodeValue::Table(table) => table.alignments.get(column).copied(),
        _ => None,
    });
    let class = match alignment {
        Some(TableAlignment::Left) => " class=\"align-left\"",
        Some(TableAlignment::Center) => " class=\"align-center\"",
        Some(TableAlignment::Right) => " class=\"align-right\"",
        _ => "",
    };
    let scope = match cell_kind(node) {
        CellKind::ColumnHead => "th scope=\"col\"",
        CellKind::RowHead => "th scope=\"row\"",
        CellKind::Data => "td",
    };
    writer.tag(&format!("<{scope}{class}>"));
}

/// What a cell of a table is to its row and column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CellKind {
    ColumnHead,
    RowHead,
    Data,
}

/// An empty cell heads nothing; below an empty corner the first column heads
/// its rows (WCAG 2.2, 1.3.1, technique H63).
fn cell_kind(node: Node<'_>) -> CellKind {
    let is_blank = |cell: Node<'_>| cell.first_child().is_none();
    if in_head(node) {
        return if is_blank(node) { CellKind::Data } else { CellKind::ColumnHead };
    }
    let corner = node
        .parent()
        .and_then(comrak::arena_tree::Node::parent)
        .and_then(comrak::arena_tree::Node::first_child);
    let corner = corner.and_then(comrak::arena_tree::Node::first_child);
    let has_row_heads = corner.is_some_and(|corner| in_head(corner) && is_blank(corner));
    if node.previous_sibling().is_none() && has_row_heads && !is_blank(node) {
        CellKind::RowHead
    } else {
        CellKind::Data
    }
}

fn is_comment(html: &str) -> bool {
    html.starts_with("<!--")
}

/// The literal without its comments and the white space around the rest.
fn without_comments(literal: &str) -> String {
    let mut rest = literal;
    let mut kept = String::new();
    while let Some((before, tail)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = tail.split_once("-->").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.trim().to_owned()
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;

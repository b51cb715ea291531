//! A tree of nodes as lines and tables, each with what surrounds it.

use std::collections::BTreeMap;

use super::dom::{Dom, Id, Kind, is_block};
use super::table;
use crate::page::{Block, Loss, Move, Piece, tidy};
use jiedu_base::text::Message;
use jiedu_office::{number_in_format, subscript, superscript};

/// Longest address of a link that is kept, in bytes.
const LONGEST_LINK: usize = 2_048;
/// Most losses that are listed one by one.
pub(super) const MOST_LOSSES: usize = 20_000;

/// A block and the characters of it that are links.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) block: Block,
    pub(super) linked: usize,
    /// The innermost element that parts lines around it.
    pub(super) owner: Id,
    /// Its first node: nodes are numbered in the order of the page.
    pub(super) at: Id,
}

/// What holds inside of an element.
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a mark-up of its own")]
struct Style {
    bold: bool,
    italic: bool,
    struck: bool,
    raised: bool,
    lowered: bool,
    link: Option<String>,
    is_linked: bool,
}

/// Reads the blocks below a node.
pub(super) struct Reader<'d> {
    dom: &'d Dom,
    /// Elements that are left out.
    skipped: &'d dyn Fn(Id) -> bool,
    pieces: Vec<Piece>,
    linked: usize,
    level: u8,
    item: Option<String>,
    /// First node of the line under way.
    at: Option<Id>,
    /// The number of the last item of each ordered list.
    counts: BTreeMap<Id, i64>,
    pub(super) found: Vec<Found>,
    pub(super) lost: Vec<Loss>,
    pub(super) moved: Vec<Move>,
}

fn place() -> Message {
    Message::new("网页正文", "text of the page")
}

impl<'d> Reader<'d> {
    pub(super) fn new(dom: &'d Dom, skipped: &'d dyn Fn(Id) -> bool) -> Self {
        Self {
            dom,
            skipped,
            pieces: Vec::new(),
            linked: 0,
            level: 0,
            item: None,
            at: None,
            counts: BTreeMap::new(),
            found: Vec::new(),
            lost: Vec::new(),
            moved: Vec::new(),
        }
    }

    /// Reads a node and what is below it.
    pub(super) fn read(mut self, id: Id) -> Self {
        self.node(id, &Style::default(), id);
        self.flush(id);
        self
    }

    fn node(&mut self, id: Id, style: &Style, owner: Id) {
        let dom = self.dom;
        match dom.node(id).map(|node| &node.kind) {
            Some(Kind::Text(text)) => {
                if !text.trim().is_empty() {
                    self.at.get_or_insert(id);
                }
                self.text(text, style);
            }
            Some(Kind::Element(name)) => self.element(id, name, style, owner),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, style: &Style) {
        if style.struck {
            self.lose("加删除线的文字", "struck text", text);
            return;
        }
        let text = match (style.raised, style.lowered) {
            (true, _) => superscript(text),
            (_, true) => subscript(text),
            _ => text.to_owned(),
        };
        if style.is_linked {
            self.linked += text.chars().filter(|c| !c.is_whitespace()).count();
        }
        self.pieces.push(Piece {
            text,
            bold: style.bold,
            italic: style.italic,
            link: style.link.clone(),
            note: None,
        });
    }

    fn lose(&mut self, zh: &str, en: &str, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.lost.len() < MOST_LOSSES {
            self.lost.push(Loss { what: Message::new(zh, en), place: place(), text });
        }
    }

    fn element(&mut self, id: Id, name: &str, style: &Style, owner: Id) {
        let dom = self.dom;
        if dom.is_machinery(id) || (self.skipped)(id) || matches!(name, "select" | "button" | "title") {
            return;
        }
        if dom.is_hidden(id) {
            let text = dom.text(id);
            if !text.is_empty() {
                self.lose("网页上隐藏的文字", "text hidden on the page", &text);
            }
            return;
        }
        match name {
            "br" => self.line(owner),
            "hr" => self.flush(owner),
            "img" => {
                let words =
                    dom.attribute(id, "alt").or(dom.attribute(id, "title")).unwrap_or_default().to_owned();
                self.lose("图片", "picture", &words);
            }
            "embed" | "video" | "audio" => {
                let source = dom.attribute(id, "src").unwrap_or_default().to_owned();
                self.lose("嵌入的文件或音视频", "embedded file", &source);
            }
            "input" => self.input(id, style),
            "rt" | "rp" => {
                let text = dom.text(id);
                self.lose("注音", "reading aid", &text);
            }
            "table" => self.table(id, style, owner),
            "li" => self.list_item(id, style),
            _ => {
                let inner = styled(dom, id, name, style);
                let is_block = is_block(name);
                if is_block {
                    self.flush(owner);
                }
                let level = heading(name);
                if level > 0 {
                    self.level = level;
                }
                let owner = if is_block { id } else { owner };
                for &child in dom.children(id) {
                    self.node(child, &inner, owner);
                }
                if is_block {
                    self.flush(owner);
                }
            }
        }
    }

    /// A box of a form as a mark.
    fn input(&mut self, id: Id, style: &Style) {
        let dom = self.dom;
        let kind = dom.attribute(id, "type").unwrap_or("text").to_ascii_lowercase();
        if matches!(kind.as_str(), "checkbox" | "radio") {
            let mark = if dom.attribute(id, "checked").is_some() { "☑" } else { "☐" };
            self.text(mark, style);
        }
    }

    fn list_item(&mut self, id: Id, style: &Style) {
        let dom = self.dom;
        self.flush(id);
        let parent = dom.node(id).map_or(0, |node| node.parent);
        let label = if dom.name(parent) == "ol" { self.number(parent, id) } else { Some(String::new()) };
        self.item = label;
        for &child in dom.children(id) {
            self.node(child, style, id);
        }
        self.flush(id);
        self.item = None;
    }

    fn table(&mut self, id: Id, style: &Style, owner: Id) {
        self.flush(owner);
        let dom = self.dom;
        let grid = table::read(dom, id);
        if grid.is_layout {
            for &cell in &grid.cells {
                for &child in dom.children(cell) {
                    self.node(child, style, cell);
                }
                self.flush(cell);
            }
            return;
        }
        let mut linked = 0;
        let mut rows = Vec::new();
        for row in &grid.rows {
            let mut cells = Vec::new();
            for cell in row {
                let inner = cell.map(|cell| {
                    let inner = Reader::new(dom, self.skipped).read_cell(cell);
                    self.lost.extend(inner.lost);
                    linked += inner.linked;
                    inner.pieces
                });
                cells.push(inner.unwrap_or_default());
            }
            rows.push(cells);
        }
        rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        if grid.merged > 0 {
            self.moved.push(Move {
                what: Message::new(
                    format!("{} 处合并单元格", grid.merged),
                    format!("{} joined cells", grid.merged),
                ),
                place: place(),
                to: Message::new("拆开的单元格，内容在左上格", "parted cells, the text in the first of them"),
            });
        }
        if rows.iter().all(|row| row.len() < 2) {
            let lines = rows.into_iter().flatten().filter_map(|cell| Block::from_pieces(0, cell));
            self.found.extend(lines.map(|block| Found { block, linked: 0, owner: id, at: id }));
        } else if !rows.is_empty() {
            self.found.push(Found { block: Block::Table(rows), linked, owner: id, at: id });
        }
    }

    /// A cell as one line.
    fn read_cell(mut self, id: Id) -> Self {
        for &child in self.dom.children(id) {
            self.node(child, &Style::default(), id);
        }
        self.flush(id);
        let mut pieces = Vec::new();
        let mut linked = 0;
        for found in self.found.drain(..) {
            linked += found.linked;
            if !pieces.is_empty() {
                pieces.push(Piece::plain(" "));
            }
            match found.block {
                Block::Line { pieces: inner, .. }
                | Block::Item { pieces: inner }
                | Block::Footnote { pieces: inner, .. } => {
                    pieces.extend(inner);
                }
                table @ Block::Table(_) => pieces.push(Piece::plain(table.text())),
            }
        }
        self.pieces = tidy(pieces);
        self.linked = linked;
        self
    }

    fn flush(&mut self, owner: Id) {
        self.line(owner);
        self.level = 0;
    }

    fn line(&mut self, owner: Id) {
        let mut pieces = std::mem::take(&mut self.pieces);
        let linked = std::mem::take(&mut self.linked);
        let at = self.at.take().unwrap_or(owner);
        let is_blank = pieces.iter().all(|piece| piece.text.trim().is_empty());
        if is_blank {
            return;
        }
        let mut is_item = false;
        if let Some(label) = self.item.take() {
            is_item = label.is_empty();
            if !label.is_empty() {
                pieces.insert(0, Piece::plain(label));
            }
        }
        if let Some(block) = Block::from_pieces(self.level, pieces) {
            let block = match block {
                Block::Line { pieces, level: 0 } if is_item => Block::Item { pieces },
                block => block,
            };
            self.found.push(Found { block, linked, owner, at });
        }
    }
}

fn heading(name: &str) -> u8 {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => level - b'0',
        _ => 0,
    }
}

/// The style inside of an element.
fn styled(dom: &Dom, id: Id, name: &str, style: &Style) -> Style {
    let mut inner = style.clone();
    match name {
        "b" | "strong" => inner.bold = true,
        "i" | "em" => inner.italic = true,
        "s" | "del" | "strike" => inner.struck = true,
        "sup" => inner.raised = true,
        "sub" => inner.lowered = true,
        "a" => {
            let target =
                dom.attribute(id, "href").map(str::trim).filter(|target| target.len() <= LONGEST_LINK);
            let leads_out = |target: &&str| {
                ["http://", "https://", "mailto:"].iter().any(|start| target.starts_with(start))
            };
            inner.link = target.filter(leads_out).map(str::to_owned);
            inner.is_linked = target.is_some() || dom.attribute(id, "onclick").is_some();
        }
        _ => {}
    }
    if let Some(style) = dom.attribute(id, "style") {
        let style: String =
            style.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        inner.struck |= style.contains("line-through");
        inner.raised |= style.contains("vertical-align:super");
        inner.lowered |= style.contains("vertical-align:sub;") || style.ends_with("vertical-align:sub");
    }
    inner
}

impl Reader<'_> {
    /// The printed number of an item of an ordered list.
    fn number(&mut self, list: Id, item: Id) -> Option<String> {
        let dom = self.dom;
        let whole =
            |id: Id, name: &str| dom.attribute(id, name).and_then(|text| text.trim().parse::<i64>().ok());
        let before = self.counts.get(&list).copied();
        let next =
            before.map_or_else(|| whole(list, "start").unwrap_or(1), |before| before.saturating_add(1));
        let number = whole(item, "value").unwrap_or(next);
        self.counts.insert(list, number);
        let style = dom.attribute(list, "style").unwrap_or_default().replace(' ', "");
        if style.contains("list-style:none") || style.contains("list-style-type:none") {
            return None;
        }
        let number = u32::try_from(number).ok()?;
        let format = match dom.attribute(list, "type") {
            Some("a") => "lowerLetter",
            Some("A") => "upperLetter",
            Some("i") => "lowerRoman",
            Some("I") => "upperRoman",
            _ if style.contains("cjk-ideographic") || style.contains("simp-chinese") => {
                return Some(format!("{}、", number_in_format("chineseCounting", number)?));
            }
            _ => "decimal",
        };
        Some(format!("{}. ", number_in_format(format, number)?))
    }
}

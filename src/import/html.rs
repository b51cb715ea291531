//! Web pages: the lines, headings and tables of the document, without the page
//! around it.
//!
//! The page is read as tokens, so a page with broken nesting is read like any
//! other. Where the page marks its text (`ContentStart` of 国办发〔2017〕47号, or
//! one of the containers that government publishing systems use), lines outside
//! are left behind, except those that are metadata of the document.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::furniture::is_furniture;
use super::head::is_metadata;
use super::page::{Block, Page, Piece, tidy};
use jiedu_base::text::Message;

/// `id` or `class` of the container that holds the text, by publishing systems.
const CONTAINERS: [&str; 12] = [
    "zoom",
    "ucap-content",
    "trs_editor",
    "trs_ueditor",
    "view",
    "article",
    "article-content",
    "article_content",
    "pages_content",
    "content",
    "con_con",
    "main-content",
];
/// Elements whose text is no text of the document.
const SKIPPED: [&str; 15] = [
    "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "select",
    "button", "textarea", "iframe", "svg", "object",
];
/// Elements that never have an end tag.
const VOID: [&str; 9] = ["br", "img", "input", "meta", "link", "hr", "col", "wbr", "area"];
/// Elements that part lines.
const BLOCKS: [&str; 26] = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "thead",
    "tbody",
    "section",
    "article",
    "main",
    "blockquote",
    "pre",
    "center",
    "body",
    "title",
];
/// Longest address of a link that is kept, in bytes.
const LONGEST_LINK: usize = 2_048;
/// Tables in tables deeper than this are text of the innermost one: the text of
/// a table is copied once for each around it.
const DEEPEST_TABLE: usize = 16;
/// Fewest characters of a container that is taken for the text.
const ENOUGH: usize = 80;

pub(super) fn read(text: &str) -> Page {
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().page()
}

#[derive(Default)]
struct Reader(RefCell<State>);

#[derive(Default)]
struct State {
    title: String,
    article_title: Option<String>,
    in_title: bool,
    /// Name and depth of the element whose content is skipped.
    skipped: Option<(String, usize)>,
    /// Name and depth of the container that holds the text.
    inside: Option<(String, usize)>,
    marked: bool,
    level: u8,
    bold: usize,
    italic: usize,
    link: Option<String>,
    pieces: Vec<Piece>,
    tables: Vec<Vec<Vec<String>>>,
    /// For each open table, what stands before it in the cell around it.
    around: Vec<Vec<Piece>>,
    /// Tables open inside the deepest that is read as one.
    deeper: usize,
    /// Each block, and whether it stands in the text.
    blocks: Vec<(bool, Block)>,
    images: usize,
    files: Vec<String>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return state.start(&tag),
            Token::TagToken(tag) => state.end(&tag.name),
            Token::CharacterTokens(text) => state.text(&text),
            Token::CommentToken(comment) => state.marker(comment.trim()),
            Token::EOFToken => state.flush(),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

impl State {
    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth += usize::from(skipped == name);
            return TokenSinkResult::Continue;
        }
        if SKIPPED.contains(&name) {
            if !tag.self_closing {
                self.skipped = Some((name.to_owned(), 1));
            }
            return match name {
                "script" => TokenSinkResult::RawData(ScriptData),
                "style" | "iframe" | "noscript" => TokenSinkResult::RawData(Rawtext),
                "textarea" => TokenSinkResult::RawData(Rcdata),
                _ => TokenSinkResult::Continue,
            };
        }
        if BLOCKS.contains(&name) {
            self.flush();
        }
        self.enter(tag, name);
        match name {
            "title" => {
                self.in_title = true;
                return TokenSinkResult::RawData(Rcdata);
            }
            "meta" => self.meta(tag),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.level = name.trim_start_matches('h').parse().unwrap_or(0);
            }
            "b" | "strong" => self.bold += 1,
            "i" | "em" => self.italic += 1,
            // Every piece of text in it keeps a copy of the address.
            "a" => {
                let target = attribute(tag, "href").filter(|target| target.len() <= LONGEST_LINK);
                self.link = target.map(str::to_owned);
            }
            "br" => self.flush_keeping_level(),
            "img" => self.images += 1,
            "table" if self.tables.len() >= DEEPEST_TABLE => self.deeper += 1,
            "table" => {
                self.tables.push(Vec::new());
                self.around.push(std::mem::take(&mut self.pieces));
            }
            "tr" => {
                if let Some(rows) = self.tables.last_mut() {
                    rows.push(Vec::new());
                }
            }
            "td" | "th" => self.pieces.clear(),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    /// Tells whether the text begins here.
    fn enter(&mut self, tag: &Tag, name: &str) {
        match &mut self.inside {
            Some((container, depth)) => *depth += usize::from(container == name),
            None if !VOID.contains(&name) && name != "body" => {
                let named = ["id", "class"].iter().filter_map(|key| attribute(tag, key)).any(|value| {
                    value
                        .split_ascii_whitespace()
                        .any(|word| CONTAINERS.contains(&word.to_ascii_lowercase().as_str()))
                });
                if named || matches!(name, "main" | "article") {
                    self.inside = Some((name.to_owned(), 1));
                }
            }
            None => {}
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((skipped, depth)) = &mut self.skipped {
            if skipped == name {
                *depth -= 1;
                if *depth == 0 {
                    self.skipped = None;
                }
            }
            return;
        }
        match name {
            "title" => self.in_title = false,
            "b" | "strong" => self.bold = self.bold.saturating_sub(1),
            "i" | "em" => self.italic = self.italic.saturating_sub(1),
            "a" => self.link = None,
            "td" | "th" => self.cell(),
            "table" if self.deeper > 0 => self.deeper -= 1,
            "table" => self.table(),
            _ if BLOCKS.contains(&name) => self.flush(),
            _ => {}
        }
        if let Some((container, depth)) = &mut self.inside
            && container == name
        {
            *depth -= 1;
            if *depth == 0 {
                self.flush();
                self.inside = None;
            }
        }
    }

    /// `<meta>`: the marks of 国办发〔2017〕47号.
    fn meta(&mut self, tag: &Tag) {
        let name = attribute(tag, "name").unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "articletitle" => self.article_title = attribute(tag, "content").map(str::to_owned),
            _ => self.marker(name),
        }
    }

    fn marker(&mut self, name: &str) {
        if name.eq_ignore_ascii_case("ContentStart") {
            self.flush();
            self.marked = true;
        } else if name.eq_ignore_ascii_case("ContentEnd") {
            self.flush();
            self.marked = false;
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped.is_some() {
            return;
        }
        if self.in_title {
            self.title.push_str(text);
            return;
        }
        let link = self.link.clone().filter(|target| {
            let outside = target.starts_with("http://") || target.starts_with("https://");
            outside || target.starts_with("mailto:")
        });
        if let Some(target) = self.link.as_ref().filter(|_| link.is_none())
            && is_file(target)
            && self.files.last() != Some(target)
        {
            self.files.push(target.clone());
        }
        self.pieces.push(Piece {
            text: text.to_owned(),
            bold: self.bold > 0,
            italic: self.italic > 0,
            link,
            note: None,
        });
    }

    fn flush(&mut self) {
        self.flush_keeping_level();
        if self.tables.is_empty() {
            self.level = 0;
        }
    }

    fn flush_keeping_level(&mut self) {
        if self.tables.is_empty() {
            let pieces = std::mem::take(&mut self.pieces);
            if let Some(block) = Block::from_pieces(self.level, pieces) {
                self.blocks.push((self.inside.is_some() || self.marked, block));
            }
        } else {
            self.pieces.push(Piece::plain(" "));
        }
    }

    fn cell(&mut self) {
        let text: String = tidy(std::mem::take(&mut self.pieces)).iter().map(|p| p.text.as_str()).collect();
        if let Some(rows) = self.tables.last_mut() {
            if rows.is_empty() {
                rows.push(Vec::new());
            }
            if let Some(row) = rows.last_mut() {
                row.push(text);
            }
        }
    }

    fn table(&mut self) {
        let Some(mut rows) = self.tables.pop() else { return };
        let mut around = self.around.pop().unwrap_or_default();
        around.append(&mut self.pieces);
        self.pieces = around;
        rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        if !self.tables.is_empty() {
            // A table in a cell is layout: its text goes into the cell.
            let text = rows.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
            self.pieces.push(Piece::plain(text));
            return;
        }
        let inside = self.inside.is_some() || self.marked;
        if rows.iter().all(|row| row.len() < 2) {
            let lines =
                rows.into_iter().flatten().filter_map(|cell| Block::from_pieces(0, vec![Piece::plain(cell)]));
            self.blocks.extend(lines.map(|line| (inside, line)));
        } else {
            self.blocks.push((inside, Block::Table(rows)));
        }
    }

    fn page(mut self) -> Page {
        while !self.tables.is_empty() {
            self.cell();
            self.table();
        }
        self.flush();
        let length = |block: &Block| block.text().chars().count();
        let held: usize =
            self.blocks.iter().filter(|(inside, _)| *inside).map(|(_, block)| length(block)).sum();
        let marked = held >= ENOUGH;
        let mut notes = Vec::new();
        let mut left = 0;
        let mut blocks = Vec::new();
        for (inside, block) in self.blocks {
            let text = block.text();
            if (marked && !inside && !is_metadata(&text)) || is_furniture(&text) {
                left += 1;
            } else {
                blocks.push(block);
            }
        }
        if left > 0 {
            notes.push(Message::new(
                format!("网页上的其他文字（导航、页脚等）{left} 行没有导入"),
                format!("{left} lines of the page around the text were left out"),
            ));
        }
        if self.images > 0 {
            notes.push(Message::new(
                format!("图片 {} 幅没有导入；需要的请放入 materials 文件夹并写明替代文字", self.images),
                format!("{} pictures were left out; put those you need into the materials folder, with a text equivalent", self.images),
            ));
        }
        for file in &self.files {
            notes.push(Message::new(
                format!("链接的文件“{file}”请下载后放入 attachments 文件夹"),
                format!("download the linked file `{file}` into the attachments folder"),
            ));
        }
        let title = self.article_title.unwrap_or(self.title);
        Page { title: Some(title.trim().to_owned()).filter(|title| !title.is_empty()), blocks, notes }
    }
}

fn is_file(target: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".pdf", ".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".ofd", ".zip", ".rar", ".jpg", ".png"]
        .iter()
        .any(|extension| path.ends_with(extension))
}

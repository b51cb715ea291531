//! A page as a tree. The tokens are those of the HTML Standard; nesting is
//! repaired the way browsers do it for the mistakes that pages of offices make:
//! paragraphs, items and cells that never end, ends that nothing began.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// A node by its number; 0 is the page.
pub(super) type Id = usize;

/// Elements nested deeper than this belong to the last one.
const DEEPEST: usize = 160;
/// Most nodes of a page; what comes after is left out and told.
const MAX_NODES: usize = 1_500_000;
/// Longest value of an attribute that is kept, in bytes.
const LONGEST_VALUE: usize = 2_048;
/// Attributes that say something about the text.
const KEPT: &[&str] = &[
    "id", "class", "href", "src", "alt", "title", "name", "content", "rowspan", "colspan", "type", "start",
    "value", "style", "onclick", "hidden", "checked", "property", "data",
];
/// Elements that never have an end tag.
const VOID: &[&str] = &[
    "br", "img", "input", "meta", "link", "hr", "col", "wbr", "area", "base", "embed", "source", "track",
    "param",
];
/// Elements that part lines.
const BLOCKS: &[&str] = &[
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
    "tfoot",
    "td",
    "th",
    "caption",
    "section",
    "article",
    "main",
    "blockquote",
    "pre",
    "center",
    "body",
    "html",
    "head",
    "title",
    "header",
    "footer",
    "nav",
    "aside",
    "form",
    "fieldset",
    "figure",
    "figcaption",
    "hr",
    "address",
    "ucapcontent",
    "founder-content",
];

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// An element by its name.
    Element(String),
    /// Characters.
    Text(String),
    /// A comment that publishing systems put around the text.
    Comment(String),
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) parent: Id,
    pub(super) children: Vec<Id>,
    attributes: Vec<(String, String)>,
}

/// A page.
#[derive(Debug)]
pub(super) struct Dom {
    pub(super) nodes: Vec<Node>,
    /// Whether the page was too large to be read to its end.
    pub(super) is_cut: bool,
}

/// Reads a page.
pub(super) fn read(text: &str) -> Dom {
    let root =
        Node { kind: Kind::Element(String::new()), parent: 0, children: Vec::new(), attributes: Vec::new() };
    let builder = Builder {
        dom: Dom { nodes: vec![root], is_cut: false },
        open: vec![0],
        deeper: Vec::new(),
        text: String::new(),
    };
    let tokenizer = Tokenizer::new(Sink(RefCell::new(builder)), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut builder = tokenizer.sink.0.into_inner();
    builder.flush();
    builder.dom
}

struct Sink(RefCell<Builder>);

struct Builder {
    dom: Dom,
    open: Vec<Id>,
    /// Names of elements open below the deepest that is kept.
    deeper: Vec<String>,
    /// Characters that came by since the last tag: references part a text.
    text: String,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut builder = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return builder.start(&tag),
            Token::TagToken(tag) => builder.end(&tag.name),
            Token::CharacterTokens(text) => builder.text.push_str(&text),
            Token::CommentToken(comment) => {
                let comment = comment.trim();
                if comment.len() <= 80 && !comment.is_empty() {
                    builder.flush();
                    builder.add(Kind::Comment(comment.to_owned()), Vec::new());
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Builder {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.add(Kind::Text(text), Vec::new());
        }
    }

    fn add(&mut self, kind: Kind, attributes: Vec<(String, String)>) -> Id {
        let parent = self.open.last().copied().unwrap_or(0);
        if self.dom.nodes.len() >= MAX_NODES {
            self.dom.is_cut = true;
            return parent;
        }
        let id = self.dom.nodes.len();
        self.dom.nodes.push(Node { kind, parent, children: Vec::new(), attributes });
        if let Some(parent) = self.dom.nodes.get_mut(parent) {
            parent.children.push(id);
        }
        id
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        self.flush();
        let name: &str = &tag.name;
        self.close_implied(name);
        let attributes = tag.attrs.iter().filter_map(|attribute| {
            let key: &str = &attribute.name.local;
            (KEPT.contains(&key) && attribute.value.len() <= LONGEST_VALUE)
                .then(|| (key.to_owned(), attribute.value.to_string()))
        });
        let attributes = attributes.collect();
        if VOID.contains(&name) || (tag.self_closing && name.contains(':')) {
            self.add(Kind::Element(name.to_owned()), attributes);
        } else if self.open.len() >= DEEPEST {
            self.deeper.push(name.to_owned());
        } else {
            let id = self.add(Kind::Element(name.to_owned()), attributes);
            if self.open.last() != Some(&id) {
                self.open.push(id);
            }
        }
        match name {
            "script" => TokenSinkResult::RawData(ScriptData),
            "style" | "iframe" | "noscript" | "xmp" => TokenSinkResult::RawData(Rawtext),
            "textarea" | "title" => TokenSinkResult::RawData(Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    fn name(&self, id: Id) -> &str {
        self.dom.name(id)
    }

    /// Ends elements that a new one cannot stand in.
    fn close_implied(&mut self, name: &str) {
        let (closes, stops): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "table", "td", "th"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl", "table", "td", "th"]),
            "tr" => (&["tr", "td", "th"], &["table"]),
            "td" | "th" => (&["td", "th"], &["table", "tr"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot", "tr", "td", "th"], &["table"]),
            "option" => (&["option"], &["select"]),
            name if is_block(name) => (&["p"], &["table", "td", "th", "div", "li", "body", "blockquote"]),
            _ => return,
        };
        let mut at = None;
        for (index, &id) in self.open.iter().enumerate().rev() {
            let open = self.name(id);
            if closes.contains(&open) {
                at = Some(index);
                if name != "tr" && !matches!(name, "tbody" | "thead" | "tfoot") {
                    break;
                }
            } else if stops.contains(&open) {
                break;
            }
        }
        if let Some(at) = at {
            self.open.truncate(at.max(1));
            self.deeper.clear();
        }
    }

    fn end(&mut self, name: &str) {
        self.flush();
        if let Some(last) = self.deeper.last() {
            if last == name {
                self.deeper.pop();
            }
            return;
        }
        let is_inline = !is_block(name);
        for (index, &id) in self.open.iter().enumerate().rev() {
            let open = self.name(id);
            if open == name {
                self.open.truncate(index.max(1));
                return;
            }
            // An end of something small ends nothing large; one outside of a
            // cell ends nothing in it.
            let is_wall = matches!(open, "td" | "th" | "table")
                && !matches!(
                    name,
                    "table" | "tr" | "tbody" | "thead" | "tfoot" | "body" | "html" | "td" | "th"
                );
            if is_wall || (is_inline && is_block(open) && open != "p") {
                return;
            }
        }
    }
}

/// Whether an element parts lines.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

impl Dom {
    pub(super) fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// Name of an element; empty for text and comments.
    pub(super) fn name(&self, id: Id) -> &str {
        match self.nodes.get(id).map(|node| &node.kind) {
            Some(Kind::Element(name)) => name,
            _ => "",
        }
    }

    pub(super) fn children(&self, id: Id) -> &[Id] {
        self.nodes.get(id).map_or(&[], |node| &node.children)
    }

    pub(super) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        let found = self.nodes.get(id)?.attributes.iter().find(|(key, _)| key == name)?;
        Some(&found.1)
    }

    /// Ids and classes, in lower case without `-`, `_` and digits at the end.
    pub(super) fn tokens(&self, id: Id) -> Vec<String> {
        let values = ["id", "class"].into_iter().filter_map(|key| self.attribute(id, key));
        values
            .flat_map(str::split_ascii_whitespace)
            .take(12)
            .map(|token| {
                let plain: String =
                    token.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect();
                plain.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
            })
            .collect()
    }

    /// Descendants in document order, the node itself first.
    pub(super) fn descendants(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut stack = vec![id];
        std::iter::from_fn(move || {
            let next = stack.pop()?;
            stack.extend(self.children(next).iter().rev());
            Some(next)
        })
    }

    /// Whether a reader does not see an element.
    pub(super) fn is_hidden(&self, id: Id) -> bool {
        if self.attribute(id, "hidden").is_some() {
            return true;
        }
        let style = self.attribute(id, "style").unwrap_or_default().to_ascii_lowercase();
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        style.contains("display:none") || style.contains("visibility:hidden")
    }

    /// Whether an element never holds text of the page.
    pub(super) fn is_machinery(&self, id: Id) -> bool {
        matches!(
            self.name(id),
            "script" | "style" | "noscript" | "template" | "head" | "svg" | "textarea" | "iframe" | "object"
        )
    }

    /// All characters below a node that a reader sees, blanks made one.
    pub(super) fn text(&self, id: Id) -> String {
        let mut out = String::new();
        let mut stack = vec![id];
        while let Some(next) = stack.pop() {
            match self.nodes.get(next).map(|node| &node.kind) {
                Some(Kind::Text(text)) => out.push_str(text),
                Some(Kind::Element(name)) if !self.is_machinery(next) => {
                    if is_block(name) || name == "br" {
                        out.push(' ');
                    }
                    stack.extend(self.children(next).iter().rev());
                }
                _ => {}
            }
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The characters of the window's title.
    pub(super) fn text_of_title(&self, id: Id) -> String {
        let texts = self.children(id).iter().filter_map(|&child| {
            match self.nodes.get(child).map(|node| &node.kind) {
                Some(Kind::Text(text)) => Some(text.as_str()),
                _ => None,
            }
        });
        texts.collect()
    }
}

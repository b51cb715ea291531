//! Reads pages as a browser does: elements in document order and every parse
//! error. For tests.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, parse_document};

/// An element: name, attributes, its own text.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) text: String,
}

impl Element {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// A parsed page.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) elements: Vec<Element>,
    pub(crate) errors: Vec<String>,
    pub(crate) comments: Vec<String>,
}

impl Parsed {
    pub(crate) fn of(html: &str) -> Self {
        parse_document(Sink::default(), ParseOpts::default()).one(html)
    }

    pub(crate) fn named<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// The `content` values of a `<meta name>`.
    pub(crate) fn metas(&self, name: &str) -> Vec<&str> {
        self.named("meta")
            .filter(|meta| meta.get("name") == Some(name))
            .filter_map(|meta| meta.get("content"))
            .collect()
    }

    /// What is wrong with the page by itself.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = self.errors.clone();
        let mut ids = BTreeSet::new();
        for element in &self.elements {
            if let Some(id) = element.get("id").filter(|id| !ids.insert(id.to_owned())) {
                faults.push(format!("id {id} twice"));
            }
            for name in element.attributes.keys() {
                if name == "style" || name.starts_with("on") {
                    faults.push(format!("inline {name} on {}", element.name));
                }
            }
        }
        let count = |name: &str| self.named(name).count();
        if (count("h1"), count("main"), count("title"), count("style")) != (1, 1, 1, 0) {
            faults.push(format!(
                "{} h1, {} main, {} title, {} style",
                count("h1"),
                count("main"),
                count("title"),
                count("style")
            ));
        }
        if self.named("html").any(|html| html.get("lang") != Some("zh-CN")) {
            faults.push("lang".to_owned());
        }
        faults.extend(
            self.named("script")
                .filter(|script| {
                    script.get("src").is_none() && script.get("type") != Some("application/ld+json")
                })
                .map(|_| "inline script".to_owned()),
        );
        faults.extend(
            self.named("img")
                .filter(|image| image.get("alt").is_none())
                .map(|_| "image without alt".to_owned()),
        );
        faults.extend(
            self.comments
                .iter()
                .filter(|comment| comment.contains("jiedu:"))
                .map(|comment| format!("slot left: {comment}")),
        );
        let mut last = 0;
        for level in
            self.elements.iter().filter_map(|element| element.name.strip_prefix('h')?.parse::<u8>().ok())
        {
            if level > last + 1 {
                faults.push(format!("heading level {last} to {level}"));
            }
            last = level;
        }
        faults
    }
}

#[derive(Default)]
struct Sink(RefCell<Parsed>);

const DOCUMENT: usize = usize::MAX;
const OTHER: usize = usize::MAX - 1;

#[derive(Debug)]
struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }
    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl Sink {
    fn text(&self, parent: usize, child: NodeOrText<usize>) {
        if let (NodeOrText::AppendText(text), Some(element)) =
            (child, self.0.borrow_mut().elements.get_mut(parent))
        {
            element.text.push_str(&text);
        }
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Parsed;
    type ElemName<'a> = Name;

    fn finish(self) -> Parsed {
        self.0.into_inner()
    }
    fn parse_error(&self, message: Cow<'static, str>) {
        self.0.borrow_mut().errors.push(message.into_owned());
    }
    fn get_document(&self) -> usize {
        DOCUMENT
    }
    fn elem_name<'a>(&'a self, target: &'a usize) -> Name {
        let parsed = self.0.borrow();
        let name = parsed.elements.get(*target).map_or("", |element| element.name.as_str());
        let space = if parsed
            .elements
            .get(*target)
            .is_some_and(|element| element.attributes.contains_key("\u{0}svg"))
        {
            "http://www.w3.org/2000/svg"
        } else {
            "http://www.w3.org/1999/xhtml"
        };
        Name(QualName::new(None, Namespace::from(space), LocalName::from(name)))
    }
    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> usize {
        let mut parsed = self.0.borrow_mut();
        let mut attributes: BTreeMap<String, String> =
            attributes.into_iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
        if name.ns.ends_with("svg") {
            attributes.insert("\u{0}svg".to_owned(), String::new());
        }
        parsed.elements.push(Element { name: name.local.to_string(), attributes, text: String::new() });
        parsed.elements.len() - 1
    }
    fn create_comment(&self, text: StrTendril) -> usize {
        self.0.borrow_mut().comments.push(text.to_string());
        OTHER
    }
    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        OTHER
    }
    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.text(*parent, child);
    }
    fn append_based_on_parent_node(&self, element: &usize, _: &usize, child: NodeOrText<usize>) {
        self.text(*element, child);
    }
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}
    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }
    fn same_node(&self, x: &usize, y: &usize) -> bool {
        x == y
    }
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append_before_sibling(&self, _: &usize, _: NodeOrText<usize>) {}
    fn add_attrs_if_missing(&self, _: &usize, _: Vec<Attribute>) {}
    fn remove_from_parent(&self, _: &usize) {}
    fn reparent_children(&self, _: &usize, _: &usize) {}
}

//! A part as a tree, for formats whose text depends on what stands around it.

use super::Fault;
use super::xml::{Node, walk};

/// Most nodes of one part: some 300 MB of memory. A book of a thousand pages has
/// under a million.
const MAX_NODES: usize = 2_000_000;

/// A node by its number.
pub(super) type Id = usize;

#[derive(Debug, Default)]
struct Entry {
    /// Number of the local name; text nodes have none.
    name: Option<u32>,
    text: String,
    attributes: Vec<(u32, String)>,
    first: Option<Id>,
    last: Option<Id>,
    next: Option<Id>,
}

/// Elements by local name and their text. Node 0 is the part itself.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Entry>,
    names: Vec<String>,
    numbers: std::collections::BTreeMap<String, u32>,
}

impl Tree {
    /// Reads a part. At a fault the tree holds what came before it.
    pub(super) fn read(part: &str, bytes: &[u8]) -> (Self, Option<Fault>) {
        let mut tree = Self { nodes: vec![Entry::default()], ..Self::default() };
        let mut open = vec![0];
        let mut is_full = false;
        let walked = walk(part, bytes, |node| {
            if tree.nodes.len() >= MAX_NODES {
                is_full = true;
                return;
            }
            let parent = open.last().copied().unwrap_or(0);
            match node {
                Node::Open(name, attributes) => {
                    let number = tree.number(name);
                    let attributes =
                        attributes.all().map(|(key, value)| (tree.number(&key), value)).collect();
                    open.push(tree.add(parent, Entry { name: Some(number), attributes, ..Entry::default() }));
                }
                Node::Close(_) => {
                    open.pop();
                }
                Node::Text(text) => {
                    // References part a text into pieces.
                    let last = tree.nodes.get(parent).and_then(|entry| entry.last);
                    match last.and_then(|last| tree.nodes.get_mut(last)).filter(|entry| entry.name.is_none())
                    {
                        Some(entry) => entry.text.push_str(text),
                        None => {
                            tree.add(parent, Entry { text: text.to_owned(), ..Entry::default() });
                        }
                    }
                }
            }
        });
        let fault = if is_full { Some(Fault::TooLarge) } else { walked.err() };
        (tree, fault)
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    fn add(&mut self, parent: Id, entry: Entry) -> Id {
        let id = self.nodes.len();
        self.nodes.push(entry);
        let before = self.nodes.get_mut(parent).and_then(|parent| {
            parent.first.get_or_insert(id);
            parent.last.replace(id)
        });
        if let Some(before) = before.and_then(|before| self.nodes.get_mut(before)) {
            before.next = Some(id);
        }
        id
    }

    /// Local name of an element; empty for text and for the part.
    pub(super) fn name(&self, id: Id) -> &str {
        let number = self.nodes.get(id).and_then(|entry| entry.name);
        number.and_then(|number| self.names.get(number as usize)).map_or("", String::as_str)
    }

    /// The characters of a text node.
    pub(super) fn characters(&self, id: Id) -> &str {
        self.nodes.get(id).map_or("", |entry| entry.text.as_str())
    }

    /// An attribute by local name.
    pub(super) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        let number = self.numbers.get(name)?;
        let found = self.nodes.get(id)?.attributes.iter().find(|(key, _)| key == number)?;
        Some(&found.1)
    }

    /// Children in order, texts among them.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let first = self.nodes.get(id).and_then(|entry| entry.first);
        std::iter::successors(first, |&id| self.nodes.get(id).and_then(|entry| entry.next))
    }

    /// The first child element of a name.
    pub(super) fn child(&self, id: Id, name: &str) -> Option<Id> {
        self.children(id).find(|&child| self.name(child) == name)
    }

    /// `w:val` of the first child element of a name.
    pub(super) fn value(&self, id: Id, child: &str) -> Option<&str> {
        self.attribute(self.child(id, child)?, "val")
    }

    /// Whether a child switch such as `<w:b/>` is there, and what it says.
    pub(super) fn switch(&self, id: Id, child: &str) -> Option<bool> {
        let child = self.child(id, child)?;
        Some(!matches!(self.attribute(child, "val"), Some("0" | "false" | "off" | "none")))
    }

    /// All descendants in document order, the node itself first.
    pub(super) fn descendants(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut stack = vec![id];
        std::iter::from_fn(move || {
            let next = stack.pop()?;
            let at = stack.len();
            stack.extend(self.children(next));
            if let Some(added) = stack.get_mut(at..) {
                added.reverse();
            }
            Some(next)
        })
    }

    /// The first descendant element of a name.
    pub(super) fn find(&self, id: Id, name: &str) -> Option<Id> {
        self.descendants(id).find(|&node| self.name(node) == name)
    }

    /// All text below a node.
    pub(super) fn text(&self, id: Id) -> String {
        self.descendants(id).map(|node| self.characters(node)).collect()
    }
}

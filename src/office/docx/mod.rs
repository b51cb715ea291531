//! Word files (Office Open XML, ECMA-376-1): everything that stands in one, with
//! what a reader sees of it.
//!
//! - `lists`, `styles`, `props`: what paragraphs and runs look like;
//! - `fields`, `math`, `symbols`, `drawing`: text that stands in another form;
//! - `body`, `runs`: the walk through a part.

mod body;
mod drawing;
mod fields;
mod lists;
mod math;
mod props;
mod runs;
mod styles;
mod symbols;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::tree::Tree;
use super::{Block, Document, Fault, Limits, NoteKind, Package, Paragraph, Part, PartKind, Run};
use body::Reader;
use lists::Lists;
use styles::Styles;

pub(crate) use symbols::character as symbol_character;

/// More names than these are not kept.
const MOST_AUTHORS: usize = 50;

/// Targets of a part's relations, by id.
type Links = BTreeMap<String, Rc<str>>;

/// The file while it is read.
struct Source<'p, 'b> {
    package: &'p mut Package<'b>,
    limits: &'p mut Limits,
    document: Document,
}

/// Reads a `.docx`.
#[must_use]
pub fn read(package: &mut Package<'_>, limits: &mut Limits) -> Document {
    let mut source = Source { package, limits, document: Document::default() };
    let main = main_part(&mut source);
    let folder = main.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let beside = |name: &str| format!("{folder}{name}");
    let styles = source.tree(&beside("styles.xml")).map(|tree| styles::read(&tree)).unwrap_or_default();
    let mut lists = source.tree(&beside("numbering.xml")).map(|tree| lists::read(&tree)).unwrap_or_default();
    if source.package.has(&main) {
        source.text(&main, PartKind::Body, &styles, &mut lists);
    } else {
        source.document.faults.push(Fault::damaged(&main, "缺少 · missing"));
    }
    for (start, kind) in [("header", PartKind::Header), ("footer", PartKind::Footer)] {
        for name in source.package.like(&beside(start), ".xml") {
            source.text(&name, kind.clone(), &styles, &mut lists);
        }
    }
    for (name, kind) in [("footnotes.xml", NoteKind::Foot), ("endnotes.xml", NoteKind::End)] {
        source.notes(&beside(name), kind, &styles, &mut lists);
    }
    for name in source.package.like(&beside("comments"), ".xml") {
        source.comments(&name, &styles, &mut lists);
    }
    for start in ["diagrams/data", "charts/chart"] {
        for name in source.package.like(&beside(start), ".xml") {
            source.drawing(&name);
        }
    }
    source.document
}

/// The name of the part that holds the text.
fn main_part(source: &mut Source<'_, '_>) -> String {
    let found = source.tree("_rels/.rels").and_then(|tree| {
        let root = tree.child(0, "Relationships")?;
        let relation = tree
            .children(root)
            .find(|&id| tree.attribute(id, "Type").is_some_and(|kind| kind.ends_with("/officeDocument")))?;
        Some(tree.attribute(relation, "Target")?.trim_start_matches('/').to_owned())
    });
    found.filter(|name| source.package.has(name)).unwrap_or_else(|| "word/document.xml".to_owned())
}

impl Source<'_, '_> {
    /// A part as a tree; at a fault what stands before it.
    fn tree(&mut self, name: &str) -> Option<Tree> {
        match self.package.part(name, self.limits) {
            Ok(bytes) => {
                let (tree, fault) = Tree::read(name, &bytes?);
                self.document.faults.extend(fault);
                Some(tree)
            }
            Err(fault) => {
                self.document.faults.push(fault);
                None
            }
        }
    }

    fn links(&mut self, part: &str) -> Links {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut links = Links::new();
        let Some(tree) = self.tree(&format!("{folder}_rels/{name}.rels")) else { return links };
        let root = tree.child(0, "Relationships").unwrap_or(0);
        for id in tree.children(root) {
            if let (Some(name), Some(target)) = (tree.attribute(id, "Id"), tree.attribute(id, "Target"))
                && let Some(target) = fields::address(target)
            {
                links.insert(name.to_owned(), target);
            }
        }
        links
    }

    fn text(&mut self, name: &str, kind: PartKind, styles: &Styles, lists: &mut Lists) {
        let links = self.links(name);
        let Some(tree) = self.tree(name) else { return };
        self.track(&tree);
        let root =
            tree.child(0, "document").and_then(|id| tree.child(id, "body")).or(tree.children(0).next());
        let blocks = Reader::new(&tree, styles, lists, &links).part(root.unwrap_or(0));
        self.document.parts.push(Part { kind, blocks });
    }

    /// Counts changes and remembers who made them.
    fn track(&mut self, tree: &Tree) {
        let tracked = &mut self.document.tracked;
        for id in tree.descendants(0) {
            match tree.name(id) {
                "ins" | "moveTo" => tracked.inserted += 1,
                "del" | "moveFrom" => tracked.deleted += 1,
                "comment" => {}
                _ => continue,
            }
            if let Some(author) =
                tree.attribute(id, "author").filter(|_| tracked.authors.len() < MOST_AUTHORS)
            {
                tracked.authors.insert(author.chars().take(30).collect());
            }
        }
    }

    fn notes(&mut self, name: &str, kind: NoteKind, styles: &Styles, lists: &mut Lists) {
        let links = self.links(name);
        let Some(tree) = self.tree(name) else { return };
        let root = tree.children(0).next().unwrap_or(0);
        for id in tree.children(root).filter(|&id| matches!(tree.name(id), "footnote" | "endnote")) {
            // The lines between text and notes are notes, too.
            if tree.attribute(id, "type").is_some_and(|kind| kind != "normal") {
                continue;
            }
            let blocks = Reader::new(&tree, styles, lists, &links).part(id);
            let number = tree.attribute(id, "id").unwrap_or_default().to_owned();
            self.document.parts.push(Part { kind: PartKind::Note(kind, number), blocks });
        }
    }

    fn comments(&mut self, name: &str, styles: &Styles, lists: &mut Lists) {
        let links = Links::new();
        let Some(tree) = self.tree(name) else { return };
        self.track(&tree);
        let root = tree.children(0).next().unwrap_or(0);
        for id in tree.children(root).filter(|&id| tree.name(id) == "comment") {
            let blocks = Reader::new(&tree, styles, lists, &links).part(id);
            let own = |name| tree.attribute(id, name).unwrap_or_default().to_owned();
            self.document.parts.push(Part { kind: PartKind::Comment(own("id"), own("author")), blocks });
        }
    }

    /// The words of a diagram or chart, each paragraph or value once.
    fn drawing(&mut self, name: &str) {
        let Some(tree) = self.tree(name) else { return };
        let mut blocks = Vec::new();
        for id in tree.descendants(0).filter(|&id| matches!(tree.name(id), "p" | "v")) {
            let text = if tree.name(id) == "v" { tree.text(id) } else { drawing::words(&tree, id) };
            if !text.trim().is_empty() {
                let run = Run { text, ..Run::default() };
                blocks.push(Block::Paragraph(Paragraph {
                    index: blocks.len() + 1,
                    runs: vec![run],
                    ..Paragraph::default()
                }));
            }
        }
        self.document.parts.push(Part { kind: PartKind::Drawing, blocks });
    }
}

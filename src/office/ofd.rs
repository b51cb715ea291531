//! OFD (GB/T 33190-2016): the characters of each page, put together to lines by
//! their places, however the writing program cut them up.

use super::tree::{Id, Tree};
use super::{Block, Document, Fault, Limits, Package, Paragraph, Part, PartKind, Run};

/// Most pages that are read.
const MOST_PAGES: usize = 2_000;
/// Most pieces of text of one page.
const MOST_PIECES: usize = 200_000;

/// A piece of text at its place, in millimetres.
#[derive(Debug)]
struct Piece {
    x: f64,
    y: f64,
    size: f64,
    /// Where it ends.
    end: f64,
    text: String,
}

struct Source<'p, 'b> {
    package: &'p mut Package<'b>,
    limits: &'p mut Limits,
    document: Document,
}

/// Reads an `.ofd`.
#[must_use]
pub fn read(package: &mut Package<'_>, limits: &mut Limits) -> Document {
    let mut source = Source { package, limits, document: Document::default() };
    let mut number = 0;
    let Some(root) = source.tree("OFD.xml") else {
        source.document.faults.push(Fault::damaged("OFD.xml", "缺少 · missing"));
        return source.document;
    };
    let roots: Vec<String> =
        named(&root, "DocRoot").into_iter().map(|id| root.text(id).trim().to_owned()).collect();
    for path in roots {
        source.one(path.trim_start_matches('/'), &mut number);
    }
    if source.document.parts.is_empty() && source.document.faults.is_empty() {
        source.document.faults.push(Fault::damaged("OFD.xml", "没有页面 · no pages"));
    }
    source.document
}

fn named(tree: &Tree, name: &str) -> Vec<Id> {
    tree.descendants(0).filter(|&id| tree.name(id) == name).collect()
}

/// A path of a part, relative to the folder of another.
fn beside(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl Source<'_, '_> {
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

    /// One document of the file.
    fn one(&mut self, path: &str, number: &mut usize) {
        let Some(tree) = self.tree(path) else { return };
        let folder = folder_of(path);
        let templates: Vec<(String, String)> = named(&tree, "TemplatePage")
            .into_iter()
            .filter_map(|id| {
                Some((tree.attribute(id, "ID")?.to_owned(), beside(folder, tree.attribute(id, "BaseLoc")?)))
            })
            .collect();
        let pages = named(&tree, "Page");
        let pages: Vec<String> =
            pages.into_iter().filter_map(|id| Some(beside(folder, tree.attribute(id, "BaseLoc")?))).collect();
        if pages.len() > MOST_PAGES {
            self.document.faults.push(Fault::TooLarge);
        }
        for path in pages.into_iter().take(MOST_PAGES) {
            *number += 1;
            let mut pieces = Vec::new();
            if let Some(page) = self.tree(&path) {
                for id in named(&page, "Template") {
                    let name = page.attribute(id, "TemplateID").unwrap_or_default();
                    let found = templates.iter().find(|(id, _)| id == name).map(|(_, path)| path.clone());
                    if let Some(tree) = found.and_then(|path| self.tree(&path)) {
                        collect(&tree, &mut pieces);
                    }
                }
                collect(&page, &mut pieces);
            }
            let blocks = lines(pieces);
            self.document.parts.push(Part { kind: PartKind::Page(*number), blocks });
        }
        self.annotations(&tree, folder);
    }

    /// Notes, stamps and watermarks on pages.
    fn annotations(&mut self, tree: &Tree, folder: &str) {
        let lists: Vec<String> =
            named(tree, "Annotations").into_iter().map(|id| beside(folder, tree.text(id).trim())).collect();
        for path in lists {
            let Some(list) = self.tree(&path) else { continue };
            let base = folder_of(&path).to_owned();
            for id in named(&list, "FileLoc") {
                let Some(notes) = self.tree(&beside(&base, list.text(id).trim())) else { continue };
                let mut pieces = Vec::new();
                collect(&notes, &mut pieces);
                for id in named(&notes, "Remark") {
                    pieces.push(Piece { x: 0.0, y: f64::MAX, size: 4.0, end: 0.0, text: notes.text(id) });
                }
                let blocks = lines(pieces);
                if !blocks.is_empty() {
                    let kind = PartKind::Comment(String::new(), String::new());
                    self.document.parts.push(Part { kind, blocks });
                }
            }
        }
    }
}

fn numbers(text: &str) -> Vec<f64> {
    text.split_whitespace()
        .take(64)
        .filter_map(|number| number.parse::<f64>().ok().filter(|number| number.is_finite()))
        .collect()
}

/// The texts of a page with their places.
fn collect(tree: &Tree, pieces: &mut Vec<Piece>) {
    for object in named(tree, "TextObject") {
        let attribute = |name| numbers(tree.attribute(object, name).unwrap_or_default());
        let boundary = attribute("Boundary");
        let at = |index: usize| boundary.get(index).copied().unwrap_or(0.0);
        let matrix = attribute("CTM");
        let size = attribute("Size").first().copied().unwrap_or(4.0).abs().clamp(0.5, 200.0);
        let scale = matrix.first().copied().filter(|scale| *scale > 0.0).unwrap_or(1.0);
        let (mut x, mut y) = (0.0, 0.0);
        for code in tree.children(object).filter(|&id| tree.name(id) == "TextCode") {
            let place = |name| numbers(tree.attribute(code, name).unwrap_or_default()).first().copied();
            // Places that are left out are those of the code before.
            x = place("X").unwrap_or(x);
            y = place("Y").unwrap_or(y);
            let text = tree.text(code);
            let (own_x, own_y) = moved(&matrix, x, y);
            if pieces.len() < MOST_PIECES && !text.is_empty() {
                let width =
                    advance(tree.attribute(code, "DeltaX").unwrap_or_default(), text.chars().count(), size);
                let left = at(0) + own_x;
                pieces.push(Piece {
                    x: left,
                    y: at(1) + own_y,
                    size: size * scale,
                    end: left + width * scale,
                    text,
                });
            }
        }
    }
}

/// A point moved by the matrix of its object.
fn moved(matrix: &[f64], x: f64, y: f64) -> (f64, f64) {
    let [xx, xy, yx, yy, right, down] = matrix else { return (x, y) };
    (xx * x + yx * y + right, xy * x + yy * y + down)
}

/// How wide a text is: its steps, and the last character.
fn advance(steps: &str, count: usize, size: f64) -> f64 {
    let mut sum = 0.0;
    let mut words = steps.split_whitespace();
    while let Some(word) = words.next() {
        if word == "g" {
            let times = words.next().and_then(|times| times.parse::<f64>().ok()).unwrap_or(0.0);
            let step = words.next().and_then(|step| step.parse::<f64>().ok()).unwrap_or(0.0);
            sum += times * step;
        } else {
            sum += word.parse::<f64>().unwrap_or(0.0);
        }
    }
    if sum > 0.0 { sum + size } else { size * f64::from(u32::try_from(count).unwrap_or(u32::MAX)) }
}

/// Pieces in lines, top to bottom.
fn lines(mut pieces: Vec<Piece>) -> Vec<Block> {
    pieces.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Vec<Piece>> = Vec::new();
    for piece in pieces {
        match rows.last_mut() {
            Some(row)
                if row
                    .first()
                    .is_some_and(|first| (piece.y - first.y).abs() < first.size.max(piece.size) * 0.5) =>
            {
                row.push(piece);
            }
            _ => rows.push(vec![piece]),
        }
    }
    let mut blocks = Vec::new();
    for mut row in rows {
        row.sort_by(|a, b| a.x.total_cmp(&b.x));
        let mut text = String::new();
        let mut end = f64::MIN;
        for piece in &row {
            let parts = end > f64::MIN && piece.x - end > piece.size * 0.8;
            if parts && !text.ends_with(' ') {
                text.push(' ');
            }
            text.push_str(&piece.text);
            end = end.max(piece.end);
        }
        let text = text.trim().to_owned();
        if !text.is_empty() {
            let runs = vec![Run { text, ..Run::default() }];
            blocks.push(Block::Paragraph(Paragraph {
                index: blocks.len() + 1,
                runs,
                ..Paragraph::default()
            }));
        }
    }
    blocks
}

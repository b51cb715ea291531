//! Pictures, text boxes and embedded objects inside of a run (`DrawingML` and
//! the older VML).

use crate::tree::{Id, Tree};
use crate::{Run, RunKind};

/// The characters of a paragraph of `DrawingML`.
pub(super) fn words(tree: &Tree, id: Id) -> String {
    tree.descendants(id).filter(|&node| tree.name(node) == "t").map(|node| tree.text(node)).collect()
}

/// What a drawing shows.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    /// Contents of its text boxes.
    pub(super) boxes: Vec<Id>,
    /// Pictures, objects and decorated text.
    pub(super) runs: Vec<Run>,
}

/// Reads a `drawing`, `pict` or `object`.
pub(super) fn read(tree: &Tree, id: Id) -> Drawing {
    let mut drawing = Drawing::default();
    let mut description = String::new();
    let mut has_content = false;
    let mut stack = vec![id];
    while let Some(node) = stack.pop() {
        match tree.name(node) {
            // The text of a box is read as paragraphs; the older copy of a
            // drawing repeats it.
            "txbxContent" => {
                drawing.boxes.push(node);
                has_content = true;
                continue;
            }
            "Fallback" => continue,
            "docPr" | "cNvPr" if description.is_empty() => {
                let words = tree.attribute(node, "descr").filter(|words| !words.trim().is_empty());
                words.or(tree.attribute(node, "title")).unwrap_or_default().clone_into(&mut description);
            }
            // Decorated text, and watermarks.
            "textpath" => {
                let text = tree.attribute(node, "string").unwrap_or_default().to_owned();
                has_content |= !text.is_empty();
                drawing.runs.push(Run { text, ..Run::default() });
            }
            "imagedata" | "blip" | "chart" | "relIds" => {
                has_content = true;
                let words = tree.attribute(node, "title").unwrap_or_default();
                let text = if description.is_empty() { words } else { &description };
                drawing.runs.push(Run { kind: RunKind::Picture, text: text.to_owned(), ..Run::default() });
            }
            "OLEObject" => {
                has_content = true;
                let text = tree.attribute(node, "ProgID").unwrap_or_default().to_owned();
                drawing.runs.push(Run { kind: RunKind::Object, text, ..Run::default() });
            }
            _ => {}
        }
        let at = stack.len();
        stack.extend(tree.children(node));
        if let Some(added) = stack.get_mut(at..) {
            added.reverse();
        }
    }
    // A bare shape: a line, a frame, a stamp.
    if !has_content && !description.is_empty() {
        drawing.runs.push(Run { kind: RunKind::Picture, text: description, ..Run::default() });
    }
    drawing.runs.retain(|run| run.kind != RunKind::Text || !run.text.is_empty());
    drawing
}

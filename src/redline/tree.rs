//! The passages of a document as a tree, and the units that are aligned.
//!
//! The *own words* of a passage are its text without the printed label, with
//! white space evened out: what is counted and what is compared. A *segment*
//! is what stands directly below the headings of a text (编、章、节): an article,
//! a `一、` of a notice, a paragraph outside all provisions, each with all that
//! stands below it.

use std::ops::Range;

use super::Passage;

/// A document ready for alignment.
pub(super) struct Tree<'a> {
    pub(super) passages: &'a [Passage],
    pub(super) nodes: Vec<Node>,
    /// Places of the segments' first passages, in reading order.
    pub(super) segments: Vec<usize>,
}

/// What the alignment knows of a passage.
pub(super) struct Node {
    pub(super) parent: Option<usize>,
    /// The place after the last passage below it.
    pub(super) end: usize,
    /// Index into [`Tree::segments`]; none for a heading.
    pub(super) segment: Option<usize>,
    /// Own words.
    pub(super) words: String,
    pub(super) chars: usize,
}

impl<'a> Tree<'a> {
    pub(super) fn new(passages: &'a [Passage]) -> Self {
        let mut tree = Self { passages, nodes: Vec::with_capacity(passages.len()), segments: Vec::new() };
        let mut open: Vec<usize> = Vec::new();
        for (at, passage) in passages.iter().enumerate() {
            // A paragraph outside all provisions neither holds nor ends one.
            if passage.depth > 0 {
                while let Some(&top) = open.last() {
                    if passages.get(top).is_some_and(|above| above.depth < passage.depth) {
                        break;
                    }
                    open.pop();
                }
            }
            let parent = open.last().copied().filter(|_| passage.depth > 0);
            let words = own_words(passage);
            let chars = words.chars().count();
            let segment = tree.segment(at, passage, parent);
            tree.nodes.push(Node { parent, end: at + 1, segment, words, chars });
            if passage.depth > 0 {
                open.push(at);
            }
        }
        for at in (0..tree.nodes.len()).rev() {
            let end = tree.end(at);
            if let Some(above) = tree.parent(at).and_then(|parent| tree.nodes.get_mut(parent)) {
                above.end = above.end.max(end);
            }
        }
        tree
    }

    fn segment(&mut self, at: usize, passage: &Passage, parent: Option<usize>) -> Option<usize> {
        if is_heading(passage) {
            return None;
        }
        let above = parent.and_then(|parent| self.nodes.get(parent)).and_then(|node| node.segment);
        above.or_else(|| {
            self.segments.push(at);
            Some(self.segments.len() - 1)
        })
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn words(&self, at: usize) -> &str {
        self.nodes.get(at).map_or("", |node| node.words.as_str())
    }

    pub(super) fn chars(&self, at: usize) -> usize {
        self.nodes.get(at).map_or(0, |node| node.chars)
    }

    pub(super) fn parent(&self, at: usize) -> Option<usize> {
        self.nodes.get(at).and_then(|node| node.parent)
    }

    pub(super) fn end(&self, at: usize) -> usize {
        self.nodes.get(at).map_or(at + 1, |node| node.end)
    }

    /// The passage and all below it.
    pub(super) fn below(&self, at: usize) -> Range<usize> {
        at..self.end(at)
    }

    pub(super) fn segment_of(&self, at: usize) -> Option<usize> {
        self.nodes.get(at).and_then(|node| node.segment)
    }

    /// Whether a segment begins here.
    pub(super) fn is_segment(&self, at: usize) -> bool {
        self.segment_of(at).and_then(|segment| self.segments.get(segment)) == Some(&at)
    }

    pub(super) fn is_provision(&self, at: usize) -> bool {
        self.passages.get(at).is_some_and(|passage| passage.anchor.is_some())
    }

    /// The printed label with its brackets and blanks evened out.
    pub(super) fn label(&self, at: usize) -> &str {
        self.passages.get(at).map_or("", Passage::printed_label)
    }

    /// The passage's level word, for headings: `章`.
    pub(super) fn level(&self, at: usize) -> Option<char> {
        self.passages.get(at).and_then(level)
    }
}

/// Own words as they are counted: without the label and what sets it off from
/// the text, blanks evened out, none between Han characters.
pub(super) fn own_words(passage: &Passage) -> String {
    let mut body = passage.body();
    if body.len() < passage.text.len() {
        body = body.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '：' | ':'));
    }
    let mut out = String::with_capacity(body.len());
    let mut blank = false;
    for c in body.trim().chars() {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && !(c.len_utf8() > 2 && out.chars().next_back().is_some_and(|last| last.len_utf8() > 2)) {
            out.push(' ');
        }
        blank = false;
        out.push(c);
    }
    out
}

/// 编、分编、章、节.
fn is_heading(passage: &Passage) -> bool {
    level(passage).is_some()
}

fn level(passage: &Passage) -> Option<char> {
    let label = passage.label.strip_prefix('第')?;
    let label = label.split('之').next().unwrap_or(label);
    label.chars().next_back().filter(|unit| matches!(unit, '编' | '章' | '节'))
}

//! Paragraph styles: outline level and list, inherited along `basedOn`.

use std::collections::BTreeMap;

use super::xml::{Node, attribute, walk};
use crate::ImportError;

/// Longest chain of `basedOn` followed; a cycle ends there.
const MAX_CHAIN: usize = 16;

/// What a style says of its paragraphs.
#[derive(Debug, Clone, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    list: Option<(String, usize)>,
}

/// The paragraph styles of a file, by id.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<String, Style>);

pub(super) fn read(part: &str) -> Result<Styles, ImportError> {
    let mut styles = BTreeMap::new();
    let mut open: Option<(String, Style)> = None;
    walk("word/styles.xml", part, |node| {
        match node {
            Node::Start("style", element) => {
                open = attribute(element, "styleId").map(|id| (id, Style::default()));
            }
            Node::End("style") => styles.extend(open.take()),
            Node::Start(name, element) => {
                let Some((_, style)) = &mut open else { return Ok(()) };
                let value = attribute(element, "val");
                match name {
                    "name" => style.name = value.unwrap_or_default().to_ascii_lowercase(),
                    "basedOn" => style.based_on = value,
                    "outlineLvl" => style.outline = value.and_then(|level| level.parse().ok()),
                    "numId" => {
                        let level = style.list.take().map_or(0, |(_, level)| level);
                        style.list = value.map(|id| (id, level));
                    }
                    "ilvl" => {
                        let level = value.and_then(|level| level.parse().ok()).unwrap_or(0);
                        let id = style.list.take().map_or_else(String::new, |(id, _)| id);
                        style.list = Some((id, level));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(Styles(styles))
}

impl Styles {
    fn chain(&self, id: &str) -> impl Iterator<Item = &Style> {
        let first = self.0.get(id);
        std::iter::successors(first, |style| self.0.get(style.based_on.as_ref()?)).take(MAX_CHAIN)
    }

    /// Outline level from 0.
    pub(super) fn outline(&self, id: &str) -> Option<u8> {
        self.chain(id).find_map(|style| style.outline)
    }

    /// List and level.
    pub(super) fn list(&self, id: &str) -> Option<(String, usize)> {
        self.chain(id).find_map(|style| style.list.clone()).filter(|(list, _)| !list.is_empty())
    }

    /// Word's own style for titles.
    pub(super) fn is_title(&self, id: &str) -> bool {
        self.chain(id).any(|style| style.name == "title")
    }
}

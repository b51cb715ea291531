//! Styles: outline level, list and character properties, inherited along
//! `basedOn` (ECMA-376-1, 17.7).

use std::collections::BTreeMap;

use super::props::Props;
use crate::tree::{Id, Tree};

/// Longest chain of `basedOn` followed; a cycle ends there.
const MAX_CHAIN: usize = 16;

#[derive(Debug, Clone, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    list: Option<(String, Option<usize>)>,
    is_centred: Option<bool>,
    props: Props,
}

/// The styles of a file, by id.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: BTreeMap<String, Style>,
    /// The paragraph style of paragraphs that name none.
    default: String,
}

pub(super) fn read(tree: &Tree) -> Styles {
    let mut styles = Styles::default();
    let root = tree.child(0, "styles").unwrap_or(0);
    for id in tree.children(root).filter(|&id| tree.name(id) == "style") {
        let Some(name) = tree.attribute(id, "styleId") else { continue };
        if tree.attribute(id, "type") == Some("paragraph")
            && matches!(tree.attribute(id, "default"), Some("1" | "true" | "on"))
        {
            name.clone_into(&mut styles.default);
        }
        styles.styles.insert(name.to_owned(), style(tree, id));
    }
    styles
}

fn style(tree: &Tree, id: Id) -> Style {
    let properties = tree.child(id, "pPr");
    let value = |name| properties.and_then(|properties| tree.value(properties, name));
    let list = properties.and_then(|properties| tree.child(properties, "numPr")).and_then(|list| {
        let level = tree.value(list, "ilvl").and_then(|level| level.parse().ok());
        Some((tree.value(list, "numId")?.to_owned(), level))
    });
    Style {
        name: tree.value(id, "name").unwrap_or_default().to_ascii_lowercase(),
        based_on: tree.value(id, "basedOn").map(str::to_owned),
        outline: value("outlineLvl").and_then(|level| level.parse().ok()),
        list,
        is_centred: value("jc").map(|how| how == "center"),
        props: tree.child(id, "rPr").map(|props| Props::read(tree, props)).unwrap_or_default(),
    }
}

impl Styles {
    fn chain(&self, id: &str) -> impl Iterator<Item = &Style> {
        let id = if id.is_empty() { self.default.as_str() } else { id };
        let first = self.styles.get(id);
        std::iter::successors(first, |style| self.styles.get(style.based_on.as_ref()?)).take(MAX_CHAIN)
    }

    /// Outline level from 0.
    pub(super) fn outline(&self, id: &str) -> Option<u8> {
        self.chain(id).find_map(|style| style.outline)
    }

    /// List and level.
    pub(super) fn list(&self, id: &str) -> Option<(String, Option<usize>)> {
        self.chain(id).find_map(|style| style.list.clone()).filter(|(list, _)| !list.is_empty())
    }

    /// Word's own style for titles.
    pub(super) fn is_title(&self, id: &str) -> bool {
        self.chain(id).any(|style| style.name == "title")
    }

    /// A line of a table of contents, or its heading.
    pub(super) fn is_contents(&self, id: &str) -> bool {
        self.chain(id).any(|style| {
            let level = style.name.strip_prefix("toc ");
            level.is_some_and(|level| level == "heading" || level.bytes().all(|byte| byte.is_ascii_digit()))
        })
    }

    pub(super) fn is_centred(&self, id: &str) -> bool {
        self.chain(id).find_map(|style| style.is_centred).unwrap_or(false)
    }

    /// Character properties that a style gives.
    pub(super) fn props(&self, id: &str) -> Props {
        self.chain(id).fold(Props::default(), |own, base| own.over(base.props))
    }
}

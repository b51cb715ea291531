//! Character properties that decide what a reader sees (ECMA-376-1, 17.3.2).

use crate::Layer;
use crate::tree::{Id, Tree};

/// What run properties or a style say; `None` where they are silent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Props {
    pub(super) bold: Option<bool>,
    pub(super) italic: Option<bool>,
    pub(super) struck: Option<bool>,
    pub(super) hidden: Option<bool>,
    pub(super) layer: Option<Layer>,
}

impl Props {
    /// Reads an `rPr`.
    pub(super) fn read(tree: &Tree, id: Id) -> Self {
        let strike = tree.switch(id, "strike");
        let double = tree.switch(id, "dstrike");
        let layer = tree.value(id, "vertAlign").map(|how| match how {
            "superscript" => Layer::Superscript,
            "subscript" => Layer::Subscript,
            _ => Layer::Line,
        });
        // Digits that were raised or lowered by hand (half-points).
        let position = tree.value(id, "position").and_then(|text| text.parse::<i32>().ok());
        let by_hand = position.and_then(|raised| match raised {
            6.. => Some(Layer::Superscript),
            ..=-6 => Some(Layer::Subscript),
            _ => None,
        });
        Self {
            bold: tree.switch(id, "b"),
            italic: tree.switch(id, "i"),
            struck: match (strike, double) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (None, None) => None,
                _ => Some(false),
            },
            hidden: tree.switch(id, "vanish").or(tree.switch(id, "specVanish").filter(|on| *on)),
            layer: layer.or(by_hand),
        }
    }

    /// These where they speak, else those below them.
    pub(super) fn over(self, below: Self) -> Self {
        Self {
            bold: self.bold.or(below.bold),
            italic: self.italic.or(below.italic),
            struck: self.struck.or(below.struck),
            hidden: self.hidden.or(below.hidden),
            layer: self.layer.or(below.layer),
        }
    }
}

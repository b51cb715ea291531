//! Whether a comparison says at its boundary what the clause says there.
//!
//! 以上, 以下, 以内 include the number; 不满, 超过 do not (民法典 art. 1259). Only
//! the boundary is judged: a clause that excludes (超过500人的不予支持) is rightly
//! turned round by a card (`<=`).

use super::Comparison;
use super::figures::Quantity;

/// Words before a number, the longer ones first, and what they say.
const BEFORE: [(&str, Comparison); 22] = [
    ("不低于", Comparison::AtLeast),
    ("不少于", Comparison::AtLeast),
    ("不小于", Comparison::AtLeast),
    ("不超过", Comparison::AtMost),
    ("未超过", Comparison::AtMost),
    ("不高于", Comparison::AtMost),
    ("不多于", Comparison::AtMost),
    ("不大于", Comparison::AtMost),
    ("未达到", Comparison::Less),
    ("不满", Comparison::Less),
    ("未满", Comparison::Less),
    ("不足", Comparison::Less),
    ("至少", Comparison::AtLeast),
    ("达到", Comparison::AtLeast),
    ("年满", Comparison::AtLeast),
    ("至多", Comparison::AtMost),
    ("最多", Comparison::AtMost),
    ("超过", Comparison::Greater),
    ("高于", Comparison::Greater),
    ("大于", Comparison::Greater),
    ("低于", Comparison::Less),
    ("少于", Comparison::Less),
];

/// What the words around a number say, when they say it plainly.
pub(super) fn said(quantity: &Quantity<'_>, unit: &str) -> Option<Comparison> {
    let before = quantity.before.strip_suffix("人民币").unwrap_or(quantity.before);
    if let Some((_, said)) = BEFORE.iter().find(|(word, _)| before.ends_with(word)) {
        return Some(*said);
    }
    let after = quantity.after;
    let base = unit.trim_start_matches(['百', '千', '万', '亿']);
    let rest = after.strip_prefix(base).or_else(|| after.strip_prefix('个')?.strip_prefix(base))?;
    let rest = rest.strip_prefix("（含）").unwrap_or(rest);
    let rest = rest.strip_prefix(['及', '（', '(']).unwrap_or(rest);
    let open = rest.contains("不含") && rest.chars().take(8).collect::<String>().contains("不含");
    if rest.starts_with("以上") {
        return Some(if open { Comparison::Greater } else { Comparison::AtLeast });
    }
    if rest.starts_with("以下") || rest.starts_with("以内") {
        return Some(if open { Comparison::Less } else { Comparison::AtMost });
    }
    None
}

/// Whether a card's comparison agrees with the clause's, or is its opposite.
pub(super) fn agrees(card: Comparison, clause: Comparison) -> bool {
    let opposite = match clause {
        Comparison::Greater => Comparison::AtMost,
        Comparison::AtLeast => Comparison::Less,
        Comparison::Less => Comparison::AtLeast,
        Comparison::AtMost => Comparison::Greater,
        _ => return true,
    };
    card == clause || card == opposite
}

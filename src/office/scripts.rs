//! Raised and lowered characters in plain text.

const RAISED: [(char, char); 19] = [
    ('0', '⁰'),
    ('1', '¹'),
    ('2', '²'),
    ('3', '³'),
    ('4', '⁴'),
    ('5', '⁵'),
    ('6', '⁶'),
    ('7', '⁷'),
    ('8', '⁸'),
    ('9', '⁹'),
    ('+', '⁺'),
    ('-', '⁻'),
    ('−', '⁻'),
    ('=', '⁼'),
    ('(', '⁽'),
    (')', '⁾'),
    ('n', 'ⁿ'),
    ('i', 'ⁱ'),
    (' ', ' '),
];
const LOWERED: [(char, char); 27] = [
    ('0', '₀'),
    ('1', '₁'),
    ('2', '₂'),
    ('3', '₃'),
    ('4', '₄'),
    ('5', '₅'),
    ('6', '₆'),
    ('7', '₇'),
    ('8', '₈'),
    ('9', '₉'),
    ('+', '₊'),
    ('-', '₋'),
    ('−', '₋'),
    ('=', '₌'),
    ('(', '₍'),
    (')', '₎'),
    ('a', 'ₐ'),
    ('e', 'ₑ'),
    ('o', 'ₒ'),
    ('x', 'ₓ'),
    ('i', 'ᵢ'),
    ('n', 'ₙ'),
    ('m', 'ₘ'),
    ('t', 'ₜ'),
    ('j', 'ⱼ'),
    ('r', 'ᵣ'),
    (' ', ' '),
];

/// Marks that look the same raised: the number in a circle that calls a note.
fn is_mark(c: char) -> bool {
    matches!(c, '①'..='⓿' | '⁰'..='₎' | '²' | '³' | '¹' | '°' | '℃' | '*' | '′' | '″' | '®' | '™' | '©')
}

fn convert(text: &str, table: &[(char, char)], mark: char) -> String {
    let one = |c: char| table.iter().find(|(plain, _)| *plain == c).map(|(_, there)| *there);
    let all: Option<String> =
        text.chars().map(|c| one(c).or_else(|| (is_mark(c) || c.is_whitespace()).then_some(c))).collect();
    match all {
        Some(all) => all,
        None if text.trim().is_empty() => text.to_owned(),
        None => format!("{mark}({})", text.trim()),
    }
}

/// Raised text: `²`, or `^(…)` where Unicode has no such character.
pub fn superscript(text: &str) -> String {
    convert(text, &RAISED, '^')
}

/// Lowered text: `₂`, or `_(…)`.
pub fn subscript(text: &str) -> String {
    convert(text, &LOWERED, '_')
}

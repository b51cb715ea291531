//! Folding: one spelling for what readers type in several.
//!
//! `search.js` does the same to what is typed; a test holds the two tables
//! together.

/// Folds a text: white space goes, full-width forms become half-width, brackets
/// of any kind become round ones, ASCII letters become small.
pub(crate) fn fold(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace()).map(fold_char)
}

fn fold_char(c: char) -> char {
    let narrow = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    match narrow {
        '[' | '{' | '【' | '〔' | '﹝' => '(',
        ']' | '}' | '】' | '〕' | '﹞' => ')',
        c => c.to_ascii_lowercase(),
    }
}

/// Whether a folded character is a key: digits, Latin letters, Han characters
/// of the basic plane (those a browser counts as one unit).
pub(crate) fn is_indexed(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

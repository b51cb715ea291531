//! Text with places: the only room that slices strings by byte offset.
//!
//! Chinese text makes a wrong offset a panic, so everything that cuts text does
//! it through [`SourceFile::slice`], which answers with an empty string instead.
//! A [`TextRange`] is a half-open range of bytes; lines and columns are computed
//! when a finding is shown, never stored.

mod decode;
mod html;
mod language;
mod loose;
pub mod numerals;
mod source_file;
mod suggest;
mod terminal;

pub use decode::{TextFault, TextFaultKind, decode, is_lfs_pointer, is_text_path, validate};
pub use html::{escape_html, escape_html_into, unescape_html};
pub use language::{Lang, Message};
pub use loose::{Loose, decode_loosely};
pub use source_file::{Position, SourceFile, TextRange};
pub use suggest::did_you_mean;
pub use terminal::{printable, printable_line, printable_styled};

/// Whether the character is a Han ideograph (or 〇, which is written among them).
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{3007}'
        | '\u{20000}'..='\u{323af}' | '\u{f900}'..='\u{faff}')
}

/// Whether a reader sees nothing of the character, not even a gap: zero-width
/// blanks and joiners, soft hyphens, marks of direction, variation selectors,
/// control characters (Unicode `Default_Ignorable_Code_Point` and `Cc`).
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || (c.is_control() && !c.is_whitespace())
}

/// Whether the character leaves no mark on paper.
#[must_use]
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// The width of a character in terminal columns: 2 for wide ones, else 1.
#[must_use]
pub fn display_width(c: char) -> usize {
    let wide = matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}');
    if wide { 2 } else { 1 }
}

/// Whether the character has no glyph of its own, so that a name or a line with
/// it looks like one without: Unicode's `Default_Ignorable_Code_Point`
/// (`DerivedCoreProperties.txt`, Unicode 16).
#[must_use]
pub fn is_default_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Whether the character changes the direction of the text after it: the
/// embeddings, overrides and isolates of UAX #9.
#[must_use]
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

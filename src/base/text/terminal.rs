//! Text on its way to a terminal.
//!
//! Titles, paths and messages come from anyone who may push. On a terminal,
//! control characters in them move the cursor, change the window's title or
//! hide what follows; bidirectional controls make a line read differently than
//! it is. What a signer sees must be what there is, so these characters are
//! shown and never sent.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::is_default_ignorable;

/// Select Graphic Rendition sequences that this program itself writes: colours
/// that are readable on any ground, bold, underline, strike, reset. Concealed
/// (8), inverse (7), black and backgrounds are not among them.
const STYLES: [&str; 12] = ["0", "1", "4", "9", "22", "39", "31", "32", "33", "34", "35", "36"];
/// Longest parameter list of a sequence of ours.
const STYLE_LIMIT: usize = 12;

/// The text with every character shown that a terminal would obey or hide.
/// Line feeds and tabs stay.
///
/// ```
/// use jiedu_base::text::printable;
/// assert_eq!(printable("通知\u{1b}[8m\u{202e}"), "通知␛[8m<U+202E>");
/// ```
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    filter(text, |_| None)
}

/// The same for text that was coloured by this program: its own colours stay.
#[must_use]
pub fn printable_styled(text: &str) -> Cow<'_, str> {
    filter(text, style)
}

/// The same for text that must stay on one line.
#[must_use]
pub fn printable_line(text: &str) -> Cow<'_, str> {
    match printable(text) {
        shown if shown.contains('\n') => shown.replace('\n', " ").into(),
        shown => shown,
    }
}

fn filter(text: &str, allowed: impl Fn(&str) -> Option<&str>) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let kept = if c == '\u{1b}' { allowed(rest) } else { None };
        let taken = kept.map_or(c.len_utf8(), str::len);
        match kept {
            Some(sequence) => out.push_str(sequence),
            None => push_visible(&mut out, c),
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.into()
}

/// A sequence of ours at the start of the text.
fn style(text: &str) -> Option<&str> {
    let body = text.strip_prefix("\u{1b}[")?;
    let end = body.bytes().take(STYLE_LIMIT).position(|b| b == b'm')?;
    let ours = body.get(..end)?.split(';').all(|part| part.is_empty() || is_style(part));
    if ours { text.get(..end + 3) } else { None }
}

fn is_style(part: &str) -> bool {
    // Bright colours are the plain ones of a second row.
    STYLES.contains(&part) || matches!(part.as_bytes(), [b'9', b'1'..=b'6'])
}

fn push_visible(out: &mut String, c: char) {
    match c {
        '\u{7f}' => out.push('\u{2421}'),
        // The pictures of control characters stand in the same order.
        '\0'..='\u{1f}' if c != '\n' && c != '\t' => {
            out.extend(char::from_u32(0x2400 + u32::from(c)));
        }
        _ if is_unsafe(c) => {
            // Writing to a string cannot fail.
            let _ = write!(out, "<U+{:04X}>", u32::from(c));
        }
        _ => out.push(c),
    }
}

/// Whether a terminal would obey the character, or hide it.
fn is_unsafe(c: char) -> bool {
    match c {
        // Joiners and selectors of glyphs are part of correct words and names.
        '\n' | '\t' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => false,
        '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' => true,
        _ => c.is_control() || is_default_ignorable(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        for (text, shown) in [
            ("a\u{1b}]0;x\u{7}b", "a␛]0;x␇b"),
            ("\u{1b}[31m红", "␛[31m红"),
            ("\u{9b}31m", "<U+009B>31m"),
            ("行\r覆盖\u{8}", "行␍覆盖␈"),
            ("x\u{202e}y\u{2066}z\u{200f}", "x<U+202E>y<U+2066>z<U+200F>"),
            ("\u{7f}\u{2028}\u{200b}\u{feff}\u{e0041}\u{115f}", "␡<U+2028><U+200B><U+FEFF><U+E0041><U+115F>"),
        ] {
            assert_eq!(printable(text), shown);
        }
        for same in ["标题\t一\n二", "葛󠄀 👨‍👩‍👧", "é\u{301}"] {
            assert_eq!(printable(same), same);
        }
        assert_eq!(printable_line("a\nb\u{1b}"), "a b␛");
    }

    #[test]
    fn only_plain_colours_pass_as_styled() {
        for same in
            ["\u{1b}[1;31m错误\u{1b}[0m", "\u{1b}[m", "\u{1b}[32;4mx\u{1b}[0m", "\u{1b}[1m\u{1b}[94mx"]
        {
            assert_eq!(printable_styled(same), same);
        }
        for bad in [
            "\u{1b}[8mx",
            "\u{1b}[30;40mx",
            "\u{1b}[2J",
            "\u{1b}]0;t\u{7}",
            "\u{1b}[1;8m",
            "\u{1b}[7m",
            "\u{1b}",
            "\u{1b}[38;5;16m",
        ] {
            assert!(!printable_styled(bad).contains('\u{1b}'), "{bad:?}");
        }
    }
}

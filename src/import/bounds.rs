//! Web pages that are made to keep a reader busy.
//!
//! The tokenizer compares each attribute of an element with all before it and
//! takes each character reference one by one. No page of an office comes near
//! these bounds.

use super::ImportError;

/// Attributes of one element.
const ATTRIBUTES: usize = 2_000;
/// Character references in a page.
const REFERENCES: usize = 500_000;

/// Refuses a page that is beyond the bounds.
pub(super) fn check(text: &str) -> Result<(), ImportError> {
    let line = |at: usize| text.as_bytes().iter().take(at).filter(|&&b| b == b'\n').count() + 1;
    if text.bytes().filter(|&b| b == b'&').count() > REFERENCES {
        return Err(ImportError::Intricate { line: 1 });
    }
    match overloaded_tag(text.as_bytes()) {
        Some(at) => Err(ImportError::Intricate { line: line(at) }),
        None => Ok(()),
    }
}

/// Where a tag with too many attributes begins. Every blank, slash or quote
/// that something follows may begin an attribute: at worst too many are counted.
fn overloaded_tag(bytes: &[u8]) -> Option<usize> {
    let (mut start, mut count, mut quote, mut parted) = (None, 0_usize, None, false);
    for (at, &byte) in bytes.iter().enumerate() {
        if start.is_none() {
            let next = bytes.get(at + 1);
            if byte == b'<' && next.is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/') {
                (start, count, quote, parted) = (Some(at), 0, None, false);
            }
            continue;
        }
        match (quote, byte) {
            (Some(open), _) if open == byte => (quote, parted) = (None, true),
            // A quote begins a value only after `=`; elsewhere it is a letter.
            (None, b'"' | b'\'') if at > 0 && bytes.get(at - 1) == Some(&b'=') => quote = Some(byte),
            (None, b'>') => start = None,
            (None, _) if byte.is_ascii_whitespace() || byte == b'/' => parted = true,
            (None, _) if parted => {
                count += 1;
                parted = false;
                if count > ATTRIBUTES {
                    return start;
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_made_to_keep_a_reader_busy_are_refused() {
        let attributes = |n: usize| (0..n).map(|n| format!(" a{n}=\"x y\"")).collect::<Vec<_>>().concat();
        for bad in [
            format!("<p>\n<p{}>x</p>", attributes(200_000)),
            format!("<p{}", " a".repeat(5_000)),
            format!("<p {}>", "a=''".repeat(5_000)),
            "&amp;".repeat(600_000),
            "&".repeat(600_000),
        ] {
            assert!(matches!(check(&bad), Err(ImportError::Intricate { .. })));
        }
        let page =
            format!("<p{}>第一条 a b c</p>", attributes(300)).repeat(50) + &"一 二 三 &nbsp; ".repeat(90_000);
        assert!(check(&page).is_ok());
    }
}

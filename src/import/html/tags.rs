//! Makes a page cheap to read: a tag with very many attributes costs a reader
//! the square of their number, because each is compared with all before it.

use std::borrow::Cow;

/// Longest tag, in bytes. Tags of real pages that carry pictures in an attribute
/// are cut too; their text does not stand in the tag.
const LONGEST: usize = 16 << 10;
/// Most attributes of one tag, by their equals signs and blanks.
const MOST: usize = 200;

/// The page with monstrous tags cut down to their name.
pub(crate) fn tamed(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = memchr::memchr(b'<', bytes.get(at..).unwrap_or_default()) {
        let start = at + found;
        if bytes.get(start..).is_some_and(|rest| rest.starts_with(b"<!--")) {
            at = after(bytes, start + 4, b"-->");
            continue;
        }
        let is_tag = bytes.get(start + 1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/');
        if !is_tag {
            at = start + 1;
            continue;
        }
        let (end, is_large) = tag_end(bytes, start);
        if is_large {
            let name = bytes.get(start..end).unwrap_or_default();
            let length =
                name.iter().take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'>').take(60).count();
            out.push_str(text.get(copied..start + length).unwrap_or_default());
            out.push('>');
            copied = end;
        }
        at = end.max(start + 1);
        // What looks like a tag in a script is none.
        for (open, close) in
            [(&b"script"[..], &b"</script"[..]), (b"style", b"</style"), (b"textarea", b"</textarea")]
        {
            let name = bytes.get(start + 1..start + 1 + open.len()).unwrap_or_default();
            if name.eq_ignore_ascii_case(open) {
                at = before(bytes, at, close);
            }
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// The page without what stands in scripts, where `<` begins no tag.
pub(crate) fn without_scripts(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while at < bytes.len() {
        let start = before(bytes, at, b"<script");
        let open = after(bytes, start, b">");
        out.push_str(text.get(at..open).unwrap_or_default());
        at = before(bytes, open, b"</script").max(open);
    }
    out
}

/// The byte after the next occurrence of some bytes; the end when there is none.
fn after(bytes: &[u8], from: usize, what: &[u8]) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let found = rest.windows(what.len()).position(|window| window.eq_ignore_ascii_case(what));
    found.map_or(bytes.len(), |found| from + found + what.len())
}

/// The byte at which the next occurrence begins.
fn before(bytes: &[u8], from: usize, what: &[u8]) -> usize {
    let end = after(bytes, from, what);
    if end == bytes.len() { end } else { end - what.len() }
}

/// The byte after a tag, and whether the tag is beyond the bounds.
fn tag_end(bytes: &[u8], start: usize) -> (usize, bool) {
    let (mut quote, mut parts, mut at) = (None, 0_usize, start);
    while let Some(&byte) = bytes.get(at) {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (None, b'"' | b'\'')
                if bytes
                    .get(at.wrapping_sub(1))
                    .is_some_and(|&before| before == b'=' || before.is_ascii_whitespace()) =>
            {
                quote = Some(byte);
            }
            (None, b'>') => return (at + 1, parts > MOST || at - start > LONGEST),
            (None, b'=' | b' ' | b'\n' | b'\t' | b'/') => parts += 1,
            // Within quotes, and letters.
            _ => {}
        }
        at += 1;
    }
    (bytes.len(), parts > MOST || at - start > LONGEST)
}

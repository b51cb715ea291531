//! From bytes to text, with the exact place of what is wrong.
//!
//! Committed text is UTF-8, LF, without byte-order mark, NUL or bidirectional
//! controls (contract §1, approvals §6.1). Nothing is repaired here: a digest is
//! taken over the bytes, so a silent repair would approve what nobody saw.

use super::{SourceFile, is_bidi_control};

/// What is wrong with the bytes of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFaultKind {
    /// Not UTF-8.
    NotUtf8,
    /// Starts with a byte-order mark.
    ByteOrderMark,
    /// Holds a carriage return.
    CarriageReturn,
    /// Holds a NUL byte.
    Nul,
    /// Holds a bidirectional control character.
    Bidi,
    /// Is a Git LFS pointer instead of content.
    LfsPointer,
}

/// A fault and the place of its first occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextFault {
    /// What is wrong.
    pub kind: TextFaultKind,
    /// Byte offset of the first occurrence.
    pub offset: usize,
    /// Line of the first occurrence, from 1.
    pub line: usize,
    /// Column of the first occurrence in characters (bytes where the text is
    /// not UTF-8), from 1.
    pub column: usize,
}

/// Extensions of files that must be clean text; all others are opaque
/// (contract details 13).
const TEXT_EXTENSIONS: [&str; 10] =
    [".md", ".txt", ".toml", ".csv", ".svg", ".css", ".js", ".hbs", ".html", ".json"];

/// Whether the file at this path must be clean text.
#[must_use]
pub fn is_text_path(path: &str) -> bool {
    TEXT_EXTENSIONS.iter().any(|extension| path.ends_with(extension))
}

/// Decodes a text file strictly.
///
/// # Errors
/// The first [`TextFault`] found.
pub fn decode(path: &str, bytes: &[u8]) -> Result<SourceFile, TextFault> {
    validate(bytes).map(|text| SourceFile::new(path, text))
}

/// Whether the bytes begin like a Git LFS pointer, which stands for content
/// that is not in the repository.
#[must_use]
pub fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.starts_with(b"version https://git-lfs.github.com/spec/")
}

/// Judges bytes like [`decode`] without keeping a copy of them.
///
/// # Errors
/// The first [`TextFault`] found.
pub fn validate(bytes: &[u8]) -> Result<&str, TextFault> {
    let fault = |kind, offset: usize| {
        let before = bytes.get(..offset).unwrap_or(bytes);
        let line = before.split(|&b| b == b'\n').count();
        let tail = before.rsplit(|&b| b == b'\n').next().unwrap_or(before);
        let column = std::str::from_utf8(tail).map_or(tail.len(), |text| text.chars().count()) + 1;
        TextFault { kind, offset, line, column }
    };
    if is_lfs_pointer(bytes) {
        return Err(fault(TextFaultKind::LfsPointer, 0));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(fault(TextFaultKind::ByteOrderMark, 0));
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| fault(TextFaultKind::NotUtf8, error.valid_up_to()))?;
    if let Some(at) = bytes.iter().position(|&b| b == b'\r' || b == 0) {
        let kind = if bytes[at] == 0 { TextFaultKind::Nul } else { TextFaultKind::CarriageReturn };
        return Err(fault(kind, at));
    }
    match text.find(is_bidi_control) {
        Some(at) => Err(fault(TextFaultKind::Bidi, at)),
        None => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_fault_and_its_place() {
        let kind = |bytes: &[u8]| decode("a.md", bytes).unwrap_err();
        assert_eq!(
            kind(b"a\nb\r\n"),
            TextFault { kind: TextFaultKind::CarriageReturn, offset: 3, line: 2, column: 2 }
        );
        assert_eq!(kind(b"\xef\xbb\xbfa").kind, TextFaultKind::ByteOrderMark);
        assert_eq!(kind(b"ok \xd5\xfe").kind, TextFaultKind::NotUtf8);
        assert_eq!(kind(b"a\0b").kind, TextFaultKind::Nul);
        assert_eq!(kind("政\u{202e}策".as_bytes()).column, 2);
        assert_eq!(kind(b"version https://git-lfs.github.com/spec/v1\n").kind, TextFaultKind::LfsPointer);
    }
}

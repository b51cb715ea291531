//! What a file is, by its first bytes; its name decides only between kinds of
//! text.

use jiedu_office::{Compound, Package, is_word};

/// Formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Docx,
    Xlsx,
    Pptx,
    OpenDocument,
    Ofd,
    /// A zip file of none of these.
    Archive,
    Doc,
    /// Another compound file: an old workbook, or an encrypted file.
    Compound,
    Encrypted,
    Rtf,
    Pdf,
    Html,
    Text,
    /// A picture, an archive, a program.
    Other,
}

/// Looks at the bytes of a file.
pub(super) fn kind(name: &str, bytes: &[u8]) -> Kind {
    let extension =
        name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    let head = bytes.get(..1024.min(bytes.len())).unwrap_or_default();
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zipped(bytes, &extension);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return match Compound::open(bytes) {
            Ok(file) if file.has("EncryptedPackage") => Kind::Encrypted,
            Ok(file) if is_word(&file) => Kind::Doc,
            _ => Kind::Compound,
        };
    }
    if bytes.starts_with(b"{\\rtf") {
        return Kind::Rtf;
    }
    if head.windows(5).any(|five| five == b"%PDF-") {
        return Kind::Pdf;
    }
    let other: [&[u8]; 7] =
        [b"Rar!", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x1f\x8b"];
    if other.iter().any(|start| bytes.starts_with(start)) {
        return Kind::Other;
    }
    let start = String::from_utf8_lossy(head).trim_start_matches('\u{feff}').trim_start().to_lowercase();
    let is_page = ["<!doctype html", "<html", "<head", "<body", "<!--", "<?xml", "<div", "<table", "<meta"]
        .iter()
        .any(|tag| start.starts_with(tag));
    match extension.as_str() {
        "html" | "htm" | "shtml" | "xhtml" | "mht" => Kind::Html,
        "txt" | "md" | "text" if !(is_page && start.contains("<html")) => Kind::Text,
        _ if is_page => Kind::Html,
        // What Word once saved as a page or a text, under its own name.
        // Damaged: the reader says what is wrong.
        "docx" => Kind::Docx,
        "doc" | "wps" | "rtf" if looks_like_text(bytes) => Kind::Text,
        _ => Kind::Other,
    }
}

fn zipped(bytes: &[u8], extension: &str) -> Kind {
    let Ok(package) = Package::open(bytes) else {
        // Damaged: its name says what it was to be.
        return if extension == "docx" { Kind::Docx } else { Kind::Archive };
    };
    let has = |name: &str| package.has(name);
    if has("word/document.xml") || (has("_rels/.rels") && has("[Content_Types].xml") && extension == "docx") {
        Kind::Docx
    } else if has("xl/workbook.xml") {
        Kind::Xlsx
    } else if has("ppt/presentation.xml") {
        Kind::Pptx
    } else if has("OFD.xml") {
        Kind::Ofd
    } else if has("content.xml") {
        Kind::OpenDocument
    } else if extension == "docx" {
        Kind::Docx
    } else {
        Kind::Archive
    }
}

fn looks_like_text(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && !bytes.iter().take(4096).any(|byte| *byte == 0)
        && jiedu_office::decode::text(bytes).is_ok()
}

//! What stands in an attachment: its text, and what its pages do not show.
//!
//! Bytes in, passages of text out, each with the place that a person would look
//! at (sheet and cell, paragraph, page) and whether a reader sees it at all:
//! hidden sheets, rows and columns, comments, deleted text and document
//! properties are published with the file like anything else. What may not be
//! published is judged elsewhere; this room only reads.
//!
//! Word, Excel and `PowerPoint` files (`.docx`, `.xlsx`, `.pptx`), `OpenDocument`
//! (`.odt`, `.ods`, `.odp`), PDF, plain text and tables in UTF-8, UTF-16 and
//! GB 18030, and zip archives of those are read as what they are; of pictures, also
//! those inside of documents, what they say about who took them and where. Of the binary formats of before 2007 (`.doc`, `.xls`) runs of
//! characters are read, which finds numbers and names but no places.
//!
//! # Hostile files
//!
//! Everything is bounded: the size of a part and of all parts together, the
//! ratio of compression, the number of parts, pages and cells, the nesting of
//! archives, the length of the text handed out. Past a bound reading stops and
//! the file is reported; it never stops a check.
//!
//! To add a format: a file with a function over bytes that fills a
//! `Reading`, one arm in `read_into`.

mod binary;
mod docx;
mod odf;
mod ooxml;
mod pages;
mod pdf;
mod picture;
mod pptx;
mod text;
mod types;
mod xlsx;
mod zipped;

#[cfg(test)]
mod package_tests;
#[cfg(test)]
mod tests;

use types::{Budget, Reading};

use jiedu_base::finding::Rule;
pub use types::{Extract, Passage, Remark, Spot, Veil};

/// Every kind of remark about attachments.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    pages::PAGES.iter().copied()
}

/// Reads an attachment. `name` is its file name; the bytes decide what it is,
/// the name only where they leave it open.
///
/// ```
/// use jiedu_attach::{Spot, extract};
/// let read = extract("名单.csv", "姓名,电话\n张三,13900008858\n".as_bytes());
/// assert_eq!(read.passages[1].spot, Spot::Line(2));
/// ```
#[must_use]
pub fn extract(name: &str, bytes: &[u8]) -> Extract {
    let mut budget = Budget::default();
    let mut reading = Reading::new(&mut budget, String::new());
    read_into(&mut reading, name, bytes, 0);
    reading.finish()
}

/// Reads a file, perhaps one inside an archive.
fn read_into(reading: &mut Reading<'_>, name: &str, bytes: &[u8], depth: usize) {
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    let kind = sniff(bytes);
    if let Some(expected) = expected(&extension)
        && kind != expected
    {
        reading.remark(
            &pages::MISMATCH,
            Spot::File,
            format!("扩展名是 .{extension}，内容却不是这种格式"),
            format!("called .{extension}, but the content is something else"),
        );
    }
    match kind {
        Kind::Zip => zipped::read(reading, bytes, depth),
        Kind::Pdf => pdf::read(reading, bytes),
        Kind::Picture => picture::read(reading, bytes),
        Kind::Binary => binary::read(reading, bytes, &extension),
        Kind::Archive => reading.remark(
            &pages::UNREAD,
            Spot::File,
            "压缩包格式不能读取，内容没有检查；请改附解压后的文件或 .zip",
            "an archive that cannot be read, so nothing in it was checked; attach the files, or a .zip",
        ),
        Kind::Rtf => docx::passages(reading, &jiedu_office::read_rtf(bytes)),
        Kind::Text if is_text(&extension) => text::read(reading, bytes),
        Kind::Text => {}
    }
}

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Zip,
    Pdf,
    /// JPEG, PNG, TIFF, WebP, HEIC.
    Picture,
    /// Compound files: `.doc`, `.xls`, `.ppt`, and encrypted newer ones.
    Binary,
    /// Archives that are not read.
    Archive,
    /// Rich text.
    Rtf,
    /// Anything else.
    Text,
}

fn sniff(bytes: &[u8]) -> Kind {
    let head = bytes.get(..1024.min(bytes.len())).unwrap_or_default();
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        Kind::Zip
    } else if picture::is_picture(bytes) {
        Kind::Picture
    } else if head.windows(5).any(|five| five == b"%PDF-") {
        Kind::Pdf
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        Kind::Binary
    } else if bytes.starts_with(b"{\\rtf") {
        Kind::Rtf
    } else if bytes.starts_with(b"Rar!") || bytes.starts_with(b"7z\xbc\xaf\x27\x1c") {
        Kind::Archive
    } else {
        Kind::Text
    }
}

/// What a file with the extension has to be.
fn expected(extension: &str) -> Option<Kind> {
    Some(match extension {
        "docx" | "docm" | "xlsx" | "xlsm" | "pptx" | "pptm" | "odt" | "ods" | "odp" | "zip" => Kind::Zip,
        "pdf" => Kind::Pdf,
        "csv" | "txt" => Kind::Text,
        _ => return None,
    })
}

/// Texts in which sensitive content is looked for.
fn is_text(extension: &str) -> bool {
    matches!(
        extension,
        "csv" | "tsv" | "txt" | "md" | "html" | "htm" | "json" | "xml" | "svg" | "ics" | "rtf" | "geojson"
    )
}

//! PDF: the text of pages, notes, form fields, properties, embedded files and
//! scripts.
//!
//! Objects are found in one bounded pass (`file`) and contents are read by a
//! reader of our own (`lexer`, `page`, `font`), because a few kilobytes can keep
//! a reader that trusts the file busy for hours. `lopdf` undoes filters and
//! encryption and knows the Latin encodings.

mod file;
mod font;
mod lexer;
mod page;

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Dictionary, Document, Object, decode_text_string};

use super::ooxml::report;
use super::pages;
use super::types::{Reading, Spot, Veil};

/// Longest stream, unpacked.
const LARGEST: usize = 16 << 20;
/// Longest content of a page, unpacked.
const LARGEST_PAGE: usize = 4 << 20;
/// More pages than this are not read.
const MOST_PAGES: usize = 1_000;

/// Photographs that are looked at, and the bytes of each.
const MOST_PICTURES: usize = 200;
const PICTURE_HEAD: usize = 192 << 10;

/// Properties that name persons, as PDF calls them.
const PROPERTIES: [(&[u8], &str, &str); 3] =
    [(b"Author", "作者", "author"), (b"Subject", "主题", "subject"), (b"Keywords", "关键词", "keywords")];

/// Reads a PDF. Files are hostile and parts of the reader are someone else's:
/// should one give up with a panic, the file counts as one that cannot be read.
pub(super) fn read(reading: &mut Reading<'_>, bytes: &[u8]) {
    let whole = catch_unwind(AssertUnwindSafe(|| {
        let file = file::read(bytes, reading.budget)?;
        if file.is_locked {
            reading.unread(
                "PDF 已加密，没有检查；公开的附件不应当设密码",
                "the PDF is encrypted and was not checked; what is published needs no password",
            );
            return Some(false);
        }
        let is_partial = text(reading, &file.document);
        objects(reading, &file.document);
        properties(reading, &file.document);
        Some(file.is_partial || is_partial)
    }));
    if !matches!(whole, Ok(Some(false))) {
        reading.unread(
            "PDF 结构异常，其中一部分读不出来，没有检查个人信息；请用 Word 或 WPS 重新导出 PDF，或者由人工检查",
            "the PDF is oddly built and a part of it cannot be read for personal data: export it again from the word processor, or have a person check it",
        );
    }
}

/// The text, page by page; says whether a part was beyond the bounds.
fn text(reading: &mut Reading<'_>, document: &Document) -> bool {
    let (pages, is_partial) = page::pages(document);
    if pages.is_empty() {
        reading.unread(
            "PDF 里没有可以读取的页面，没有检查；请重新导出 PDF，或者由人工检查",
            "the PDF has no pages that can be read, so nothing was checked; export it again, or have a person check it",
        );
    }
    if is_partial {
        reading.full();
    }
    let mut reader = page::Reader::new(document);
    let mut blank = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        if reading.is_full() && !is_partial {
            break;
        }
        if reading.budget.limits.bytes == 0 {
            reading.full();
            break;
        }
        if !reader.page(reading, page, index + 1) {
            blank.push(index + 1);
        }
    }
    if !blank.is_empty() {
        let (count, first) = (blank.len(), blank.first().copied().unwrap_or(1));
        reading.remark(
            &pages::SCANNED,
            Spot::Page(first),
            format!("等共 {count} 页没有可以读取的文字，可能是扫描件，请人工检查"),
            format!("and {count} pages in all have no readable text; a person must check them"),
        );
    }
    reader.is_partial
}

/// Notes, embedded files and scripts, wherever they hang.
fn objects(reading: &mut Reading<'_>, document: &Document) {
    let (mut notes, mut files, mut scripts, mut photographs) = (0, 0, 0, 0);
    for object in document.objects.values() {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => {
                // A photograph keeps what the camera wrote.
                if photographs < MOST_PICTURES && super::picture::is_picture(&stream.content) {
                    photographs += 1;
                    reading.nested("图片", stream.content.get(..PICTURE_HEAD).unwrap_or(&stream.content), 0);
                }
                &stream.dict
            }
            _ => continue,
        };
        let name = |key: &[u8]| dictionary.get(key).and_then(Object::as_name).unwrap_or_default();
        files += usize::from(name(b"Type") == b"Filespec" && dictionary.has(b"EF"));
        scripts += usize::from(name(b"S") == b"JavaScript");
        // What is filled into a form is seen; the document may share one string.
        if dictionary.has(b"FT")
            && let Some(value) = string(document, dictionary, b"V")
        {
            pay(reading, value.len());
            reading.passage(&Spot::Part("表单".to_owned()), Veil::None, &value);
        }
        let is_note = matches!(
            name(b"Subtype"),
            b"Text" | b"FreeText" | b"Highlight" | b"Underline" | b"StrikeOut" | b"Caret" | b"Popup"
        );
        // Very many notes may share one long text, blanks perhaps.
        let Some(cost) = raw(document, dictionary, b"Contents").filter(|_| is_note).map(<[u8]>::len) else {
            continue;
        };
        pay(reading, cost);
        if !reading.is_full()
            && let Some(text) = string(document, dictionary, b"Contents")
        {
            notes += 1;
            reading.passage(&Spot::Part("批注".to_owned()), Veil::Comment, &text);
        }
    }
    if notes > 0 {
        reading.remark(
            &pages::COMMENTS,
            Spot::File,
            format!("含有 {notes} 条批注"),
            format!("{notes} notes"),
        );
    }
    if files > 0 {
        reading.remark(
            &pages::EMBEDDED,
            Spot::File,
            format!("内嵌了 {files} 个文件，会随附件一起公开"),
            format!("{files} embedded files are published with it"),
        );
    }
    if scripts > 0 {
        reading.remark(&pages::MACROS, Spot::File, "含有脚本", "it holds scripts");
    }
}

/// Takes bytes off the budget; at its end reading stops.
fn pay(reading: &mut Reading<'_>, bytes: usize) {
    match reading.budget.limits.bytes.checked_sub(bytes) {
        Some(rest) => reading.budget.limits.bytes = rest,
        None => reading.full(),
    }
}

fn properties(reading: &mut Reading<'_>, document: &Document) {
    let info = document.trailer.get(b"Info").and_then(|info| document.dereference(info));
    let empty = Dictionary::new();
    let info = info.and_then(|(_, info)| info.as_dict()).unwrap_or(&empty);
    let mut named = Vec::new();
    for (key, zh, en) in PROPERTIES {
        let Some(text) = string(document, info, key) else { continue };
        reading.passage(&Spot::Property(zh.to_owned()), Veil::Property, &text);
        let short: String = text.trim().chars().take(30).collect();
        if key == b"Author" && !short.is_empty() {
            named.push((format!("{zh}“{short}”"), format!("{en} `{short}`")));
        }
    }
    // Newer programs write the same as XMP, sometimes only there.
    let metadata = document.catalog().and_then(|catalog| catalog.get_deref(b"Metadata", document));
    if let Some(xmp) =
        metadata.and_then(Object::as_stream).ok().and_then(|it| file::plain(it, 1 << 20, reading.budget))
        && let Some(author) = super::picture::xmp_author(&xmp)
    {
        reading.passage(&Spot::Property("作者".to_owned()), Veil::Property, &author);
        let short: String = author.chars().take(30).collect();
        let known = (format!("作者“{short}”"), format!("author `{short}`"));
        if !named.contains(&known) {
            named.push(known);
        }
    }
    report(reading, &named);
}

/// The bytes of a string, as they stand in the file.
fn raw<'d>(document: &'d Document, dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d [u8]> {
    document.dereference(dictionary.get(key).ok()?).ok()?.1.as_str().ok()
}

fn string(document: &Document, dictionary: &Dictionary, key: &[u8]) -> Option<String> {
    let (_, object) = document.dereference(dictionary.get(key).ok()?).ok()?;
    decode_text_string(object).ok().filter(|text| !text.trim().is_empty())
}

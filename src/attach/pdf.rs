//! PDF: the text of pages, notes, properties, embedded files and scripts.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, decode_text_string};

use super::ooxml::report;
use super::pages;
use super::types::{Reading, Spot, Veil};

/// Longest stream, unpacked.
const LARGEST: usize = 16 << 20;
/// Longest content of a page, unpacked.
const LARGEST_PAGE: usize = 4 << 20;
/// More pages than this are not read.
const MOST_PAGES: usize = 1_000;

/// Properties that name persons, as PDF calls them.
const PROPERTIES: [(&[u8], &str, &str); 3] =
    [(b"Author", "作者", "author"), (b"Subject", "主题", "subject"), (b"Keywords", "关键词", "keywords")];

/// Reads a PDF. Files are hostile and the reader is someone else's: should it
/// give up with a panic, the file counts as one that cannot be read.
pub(super) fn read(reading: &mut Reading<'_>, bytes: &[u8]) {
    let read = catch_unwind(AssertUnwindSafe(|| load(bytes)));
    let Ok(Some(document)) = read else {
        reading.unread(
            "PDF 已损坏，不能读取，没有检查",
            "the PDF is damaged and cannot be read; nothing was checked",
        );
        return;
    };
    if document.is_encrypted() {
        reading.unread(
            "PDF 已加密，没有检查；公开的附件不应当设密码",
            "the PDF is encrypted and was not checked; what is published needs no password",
        );
        return;
    }
    let whole = catch_unwind(AssertUnwindSafe(|| {
        text(reading, &document);
        objects(reading, &document);
        properties(reading, &document);
    }));
    if whole.is_err() {
        reading.unread(
            "PDF 结构异常，只检查了一部分，请人工检查其余内容",
            "the PDF is oddly built; only a part of it was checked",
        );
    }
}

fn load(bytes: &[u8]) -> Option<Document> {
    let options = LoadOptions { max_decompressed_size: Some(LARGEST), ..LoadOptions::default() };
    Document::load_mem_with_options(bytes, options).ok()
}

/// The text, page by page.
fn text(reading: &mut Reading<'_>, document: &Document) {
    let pages = document.get_pages();
    if pages.is_empty() {
        reading.unread(
            "PDF 里没有可以读取的页面，没有检查",
            "the PDF has no pages that can be read; nothing was checked",
        );
    }
    let mut blank = Vec::new();
    for (index, (number, id)) in pages.iter().enumerate() {
        if index >= MOST_PAGES || reading.is_full() {
            reading.full();
            break;
        }
        // What a page costs is known before its text is made: content and fonts
        // may be shared by all pages.
        let content = document.get_page_content_with_limit(*id, LARGEST_PAGE);
        let cost = content.as_ref().map_or(LARGEST_PAGE, Vec::len).saturating_add(fonts_cost(document, *id));
        if cost > reading.budget.bytes {
            reading.full();
            break;
        }
        reading.budget.bytes -= cost;
        let chunks = document.extract_text_chunks_with_limit(&[*number], LARGEST_PAGE);
        let text: String = chunks.into_iter().flatten().collect();
        let page = index + 1;
        let mut any = false;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            any = true;
            reading.passage(&Spot::Page(page), Veil::None, line);
        }
        if !any {
            blank.push(page);
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
}

/// The bytes of the tables that turn a page's codes into characters.
fn fonts_cost(document: &Document, page: ObjectId) -> usize {
    let fonts: BTreeMap<Vec<u8>, &Dictionary> = document.get_page_fonts(page).unwrap_or_default();
    let cost = |font: &&Dictionary| {
        let (_, table) = document.dereference(font.get(b"ToUnicode").ok()?).ok()?;
        let stream = table.as_stream().ok()?;
        Some(stream.decompressed_content_with_limit(LARGEST_PAGE).map_or(LARGEST_PAGE, |bytes| bytes.len()))
    };
    fonts.values().filter_map(cost).fold(0, usize::saturating_add)
}

/// Notes, embedded files and scripts, wherever they hang.
fn objects(reading: &mut Reading<'_>, document: &Document) {
    let (mut notes, mut files, mut scripts) = (0, 0, 0);
    for object in document.objects.values() {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            _ => continue,
        };
        let name = |key: &[u8]| dictionary.get(key).and_then(Object::as_name).unwrap_or_default();
        files += usize::from(name(b"Type") == b"Filespec" && dictionary.has(b"EF"));
        scripts += usize::from(name(b"S") == b"JavaScript");
        let is_note = matches!(
            name(b"Subtype"),
            b"Text" | b"FreeText" | b"Highlight" | b"Underline" | b"StrikeOut" | b"Caret" | b"Popup"
        );
        // Very many notes may share one long text, blanks perhaps.
        let Some(cost) = raw(document, dictionary, b"Contents").filter(|_| is_note).map(<[u8]>::len) else {
            continue;
        };
        match reading.budget.bytes.checked_sub(cost) {
            Some(rest) => reading.budget.bytes = rest,
            None => reading.full(),
        }
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

fn properties(reading: &mut Reading<'_>, document: &Document) {
    let info = document.trailer.get(b"Info").and_then(|info| document.dereference(info));
    let Ok(info) = info.and_then(|(_, info)| info.as_dict()) else { return };
    let mut named = Vec::new();
    for (key, zh, en) in PROPERTIES {
        let Some(text) = string(document, info, key) else { continue };
        reading.passage(&Spot::Property(zh.to_owned()), Veil::Property, &text);
        let short: String = text.trim().chars().take(30).collect();
        if key == b"Author" && !short.is_empty() {
            named.push((format!("{zh}“{short}”"), format!("{en} `{short}`")));
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

//! A Word document (ECMA-376, `WordprocessingML`) for circulation.
//!
//! The layout follows GB/T 9704-2012: A4 with the margins of §5.2, text in 仿宋
//! of size 3 (16 pt) with a line pitch of 28.95 pt (22 lines of 28 characters),
//! levels in 黑体 and 楷体 (§7.3.3), the title in 小标宋 of size 2, page numbers
//! between dashes in size 4 (§7.5). Numbers are typed as text: whoever copies a
//! paragraph copies its number too. East-Asian fonts are named, none is embedded.

use std::fmt::Write as _;

use super::blocks::{Block, blocks};
use super::xml::escape;
use super::{ExportError, Source, package};
use jiedu_markdown::Body;
use jiedu_model::PolicyDocument;
use jiedu_redline::{Change, Entry, Kind, SpanKind, compare};

/// What the document shows.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// The policy.
    Policy,
    /// The policy and after it every interpretation.
    Set,
    /// The policy with what changed since an older text, as tracked changes.
    Redline(&'a PolicyDocument),
    /// The table of old and new provisions (新旧条文对照表).
    Table(&'a PolicyDocument),
}

/// The notice above every comparison.
const NOTICE: &str = "本站整理，以正式公布文本为准";
/// The notice on every page of a text that nobody approved.
const DRAFT: &str = "未审签稿，不得公开";

/// The document as the bytes of a `.docx` file.
///
/// # Errors
/// The parts cannot be packed.
pub fn docx(source: &Source<'_>, content: Content<'_>) -> Result<Vec<u8>, ExportError> {
    let mut body = String::new();
    match content {
        Content::Policy => text(&mut body, title(source), &source.policy.body),
        Content::Set => {
            text(&mut body, title(source), &source.policy.body);
            for material in &source.set.materials {
                body.push_str("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>\n");
                let title = material.meta.title.as_ref().map(|title| title.value.as_str());
                text(&mut body, title, &material.body);
            }
        }
        Content::Redline(old) => redline(&mut body, source, old),
        Content::Table(old) => table(&mut body, source, old),
    }
    let document = format!("{DOCUMENT_HEAD}{body}{}", section(source.edition.is_none()));
    let core = core(source);
    let parts: [(&str, &str); 8] = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", PACKAGE_RELATIONS),
        ("docProps/core.xml", &core),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS),
        ("word/document.xml", &document),
        ("word/footer1.xml", FOOTER),
        ("word/header1.xml", &header()),
        ("word/styles.xml", STYLES),
    ];
    package::pack(parts.map(|(name, text)| (name.to_owned(), text.as_bytes())))
}

fn title<'a>(source: &Source<'a>) -> Option<&'a str> {
    source.policy.meta.title.as_ref().map(|title| title.value.as_str())
}

/// A text with its title, unless the text has one itself.
fn text(out: &mut String, title: Option<&str>, body: &Body) {
    let all = blocks(body);
    let has_title =
        all.iter().any(|block| matches!(block, Block::Heading(1, text) if Some(text.as_str()) == title));
    if let Some(title) = title.filter(|_| !has_title) {
        paragraph(out, "Title", &run(title, ""));
    }
    let mut first = true;
    for block in &all {
        match block {
            // Only one title: whoever reads the file back takes all of its style as one.
            Block::Heading(1, text) if !first || !has_title => {
                paragraph(out, "EnclosedTitle", &run(text, ""));
            }
            Block::Heading(level, text) => {
                first &= *level != 1;
                paragraph(out, style_of(*level, text), &run(text, ""));
            }
            Block::Paragraph(text) => paragraph(out, style_of_text(text), &run(text, "")),
            Block::Note(text) => paragraph(out, "Note", &run(text, "")),
            Block::Table(rows) => rows_of(out, rows),
        }
    }
}

/// The style of a heading: what its label says counts, not the depth in Markdown.
fn style_of(level: u8, text: &str) -> &'static str {
    let first_level = text.split_once('、').is_some_and(|(number, _)| {
        !number.is_empty() && number.chars().all(|c| "〇一二三四五六七八九十百".contains(c))
    });
    match level {
        1 => "Title",
        _ if first_level => "Heading1",
        _ if text.starts_with(['（', '(']) => "Heading2",
        2 => "Heading1",
        _ => "Heading3",
    }
}

/// 主送机关 stands at the margin (GB/T 9704-2012 §7.3.2); all else is indented.
fn style_of_text(text: &str) -> &'static str {
    let short = text.chars().count() <= 60;
    if short && text.ends_with('：') && !text.contains(['。', '，', '；']) {
        "Addressee"
    } else {
        "Normal"
    }
}

fn paragraph(out: &mut String, style: &str, runs: &str) {
    let _ = writeln!(out, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>");
}

/// A run; a line break inside becomes one of Word.
fn run(text: &str, properties: &str) -> String {
    let mut out = String::new();
    for (index, line) in text.split('\n').enumerate() {
        let properties =
            if properties.is_empty() { String::new() } else { format!("<w:rPr>{properties}</w:rPr>") };
        let broken = if index > 0 { "<w:br/>" } else { "" };
        let _ =
            write!(out, "<w:r>{properties}{broken}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escape(line));
    }
    out
}

/// A table with a line around every cell; the first row is repeated on each page.
fn rows_of(out: &mut String, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| (0..columns).map(|column| run(row.get(column).map_or("", String::as_str), "")).collect())
        .collect();
    grid(out, &cells);
}

/// A table of runs.
fn grid(out: &mut String, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    if columns == 0 {
        return;
    }
    // The width of the text is 156 mm, which is 8,845 twentieths of a point.
    let width = 8845 / columns.max(1);
    out.push_str("<w:tbl><w:tblPr><w:tblStyle w:val=\"Grid\"/><w:tblW w:w=\"0\" w:type=\"auto\"/></w:tblPr><w:tblGrid>");
    for _ in 0..columns {
        let _ = write!(out, "<w:gridCol w:w=\"{width}\"/>");
    }
    out.push_str("</w:tblGrid>\n");
    for (index, row) in rows.iter().enumerate() {
        out.push_str("<w:tr>");
        if index == 0 {
            out.push_str("<w:trPr><w:tblHeader/></w:trPr>");
        }
        for cell in row {
            let _ = write!(
                out,
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"Cell\"/></w:pPr>{cell}</w:p></w:tc>"
            );
        }
        out.push_str("</w:tr>\n");
    }
    out.push_str("</w:tbl>\n<w:p><w:pPr><w:pStyle w:val=\"Normal\"/></w:pPr></w:p>\n");
}

/// The new text in which what came and went since the old one is tracked.
fn redline(out: &mut String, source: &Source<'_>, old: &PolicyDocument) {
    let difference = compare(old, source.policy);
    paragraph(out, "Title", &run(title(source).unwrap_or_default(), ""));
    paragraph(out, "Note", &run(NOTICE, ""));
    let mut tracker = Tracker { id: 0, at: source.at };
    for entry in &difference.entries {
        if entry.change == Change::MovedAway {
            continue;
        }
        let runs: String = entry.text.spans.iter().map(|span| tracker.span(span.kind, &span.text)).collect();
        paragraph(out, "Normal", &runs);
    }
}

/// Writes tracked changes, each with a number of its own.
struct Tracker<'a> {
    id: usize,
    at: &'a str,
}

impl Tracker<'_> {
    fn span(&mut self, kind: SpanKind, text: &str) -> String {
        let (element, content) = match kind {
            SpanKind::Equal => return run(text, ""),
            SpanKind::Insert | SpanKind::MovedHere => ("ins", run(text, "")),
            SpanKind::Delete | SpanKind::MovedAway => {
                ("del", run(text, "").replace("<w:t ", "<w:delText ").replace("</w:t>", "</w:delText>"))
            }
        };
        self.id += 1;
        let (id, at) = (self.id, escape(self.at));
        format!("<w:{element} w:id=\"{id}\" w:author=\"jiedu\" w:date=\"{at}\">{content}</w:{element}>")
    }
}

/// The table that legislators print: unchanged text plain, what came bold,
/// what went struck.
fn table(out: &mut String, source: &Source<'_>, old: &PolicyDocument) {
    let difference = compare(old, source.policy);
    paragraph(out, "Title", &run(&format!("{}新旧条文对照表", title(source).unwrap_or_default()), ""));
    paragraph(out, "Note", &run(NOTICE, ""));
    let mut rows = vec![vec![run("原条文", "<w:b/>"), run("新条文", "<w:b/>"), run("变动", "<w:b/>")]];
    for entry in difference.entries.iter().filter(|entry| entry.change != Change::MovedAway) {
        rows.push(vec![side(entry, true), side(entry, false), run(&what(entry), "")]);
    }
    grid(out, &rows);
}

/// One side of an entry.
fn side(entry: &Entry, old: bool) -> String {
    if entry.is_group() {
        let passages: Vec<&str> = if old {
            entry.olds().map(|passage| passage.text.as_str()).collect()
        } else {
            entry.news().map(|passage| passage.text.as_str()).collect()
        };
        return run(&passages.join("\n"), "");
    }
    let spans = entry.text.spans.iter();
    spans
        .map(|span| match span.kind {
            SpanKind::Equal => run(&span.text, ""),
            SpanKind::Insert | SpanKind::MovedHere if !old => run(&span.text, "<w:b/>"),
            SpanKind::Delete | SpanKind::MovedAway if old => run(&span.text, "<w:strike/>"),
            _ => String::new(),
        })
        .collect()
}

/// What became of a provision; nothing where nothing did.
fn what(entry: &Entry) -> String {
    entry.kind().filter(|kind| *kind != Kind::Same).map(|kind| kind.name().zh).unwrap_or_default()
}

fn section(draft: bool) -> String {
    let header = if draft { "<w:headerReference w:type=\"default\" r:id=\"rId3\"/>" } else { "" };
    format!(
        "<w:sectPr>{header}<w:footerReference w:type=\"default\" r:id=\"rId2\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\" w:header=\"851\" w:footer=\"1400\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>\n"
    )
}

fn header() -> String {
    format!(
        "{XML}<w:hdr {NAMESPACES}><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>{}</w:p></w:hdr>\n",
        run(DRAFT, "<w:b/>")
    )
}

fn core(source: &Source<'_>) -> String {
    let title = escape(title(source).unwrap_or_default());
    let issuer = escape(source.policy.meta.issuers.first().map_or("", |issuer| issuer.value.as_str()));
    format!(
        "{XML}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{title}</dc:title><dc:creator>{issuer}</dc:creator><dc:language>zh-CN</dc:language></cp:coreProperties>\n"
    )
}

macro_rules! xml_head {
    () => {
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    };
}
macro_rules! namespaces {
    () => {
        "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
    };
}

const XML: &str = xml_head!();
const NAMESPACES: &str = namespaces!();
const DOCUMENT_HEAD: &str = concat!(xml_head!(), "<w:document ", namespaces!(), "><w:body>\n");
const CONTENT_TYPES: &str = concat!(
    xml_head!(),
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">",
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>",
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>",
    "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>",
    "<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>",
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/>",
    "<Override PartName=\"/word/header1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml\"/>",
    "<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>",
    "</Types>\n"
);
const PACKAGE_RELATIONS: &str = concat!(
    xml_head!(),
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>",
    "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>",
    "</Relationships>\n"
);
const DOCUMENT_RELATIONS: &str = concat!(
    xml_head!(),
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/>",
    "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer\" Target=\"footer1.xml\"/>",
    "<Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/header\" Target=\"header1.xml\"/>",
    "</Relationships>\n"
);
/// — 1 —
const FOOTER: &str = concat!(
    xml_head!(),
    "<w:ftr ",
    namespaces!(),
    "><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr><w:r><w:t xml:space=\"preserve\">— </w:t></w:r>",
    "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>",
    "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
    "<w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>\n"
);
const STYLES: &str = concat!(
    xml_head!(),
    "<w:styles ",
    namespaces!(),
    "><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"仿宋_GB2312\" w:cs=\"Times New Roman\"/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault></w:docDefaults>",
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:pPr><w:spacing w:line=\"579\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc w:val=\"both\"/></w:pPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"Title\"><w:name w:val=\"Title\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:spacing w:before=\"579\" w:after=\"579\" w:line=\"640\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"center\"/></w:pPr><w:rPr><w:rFonts w:eastAsia=\"方正小标宋_GBK\"/><w:sz w:val=\"44\"/><w:szCs w:val=\"44\"/></w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"EnclosedTitle\"><w:name w:val=\"Enclosed Title\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:keepNext/><w:spacing w:before=\"579\" w:after=\"579\" w:line=\"640\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"center\"/></w:pPr><w:rPr><w:rFonts w:eastAsia=\"方正小标宋_GBK\"/><w:sz w:val=\"44\"/><w:szCs w:val=\"44\"/></w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"Addressee\"><w:name w:val=\"Addressee\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/></w:pPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:keepNext/><w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr><w:rFonts w:eastAsia=\"黑体\"/></w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"Heading2\"><w:name w:val=\"heading 2\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:keepNext/><w:outlineLvl w:val=\"1\"/></w:pPr><w:rPr><w:rFonts w:eastAsia=\"楷体_GB2312\"/></w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"Heading3\"><w:name w:val=\"heading 3\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:keepNext/><w:outlineLvl w:val=\"2\"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"Note\"><w:name w:val=\"Note\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/></w:pPr><w:rPr><w:sz w:val=\"28\"/></w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"Cell\"><w:name w:val=\"Cell\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:spacing w:line=\"400\" w:lineRule=\"atLeast\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/></w:pPr><w:rPr><w:sz w:val=\"24\"/></w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"Footer\"><w:name w:val=\"footer\"/><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:rPr><w:rFonts w:eastAsia=\"宋体\"/><w:sz w:val=\"28\"/></w:rPr></w:style>",
    "<w:style w:type=\"table\" w:styleId=\"Grid\"><w:name w:val=\"Grid\"/><w:tblPr><w:tblBorders><w:top w:val=\"single\" w:sz=\"4\"/><w:left w:val=\"single\" w:sz=\"4\"/><w:bottom w:val=\"single\" w:sz=\"4\"/><w:right w:val=\"single\" w:sz=\"4\"/><w:insideH w:val=\"single\" w:sz=\"4\"/><w:insideV w:val=\"single\" w:sz=\"4\"/></w:tblBorders></w:tblPr></w:style>",
    "</w:styles>\n"
);

//! Files made here, whole and broken.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

use super::*;
use jiedu_testing::{FACTOR, cost, is_square};

/// A zip file of parts.
pub(super) fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    package_of(&parts)
}

pub(super) fn package_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn docx() -> Vec<u8> {
    package(&[
        (
            "word/document.xml",
            "<w:document xmlns:w=\"w\" xmlns:mc=\"m\"><w:body>\
             <w:p><w:r><w:t>身份证号：110105</w:t></w:r><w:r><w:t>19491231002X</w:t></w:r></w:p>\
             <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>内部掌握</w:t></w:r><w:r><w:t>公开 &amp; 透明&#x3002;</w:t></w:r></w:p>\
             <w:p><w:ins w:author=\"张三\"><w:r><w:t>新增</w:t></w:r></w:ins><w:del w:author=\"李四\"><w:r><w:delText>旧的</w:delText></w:r></w:del></w:p>\
             <w:tbl><w:tr><w:tc><w:p><w:r><w:t>电话</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>13900008858</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
             <w:p><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>文本框</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
             <mc:Fallback><w:p><w:r><w:t>文本框</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:p>\
             </w:body></w:document>",
        ),
        (
            "word/comments.xml",
            "<w:comments xmlns:w=\"w\"><w:comment w:author=\"王五\"><w:p><w:r><w:t>这里改一下</w:t></w:r></w:p></w:comment></w:comments>",
        ),
        (
            "docProps/core.xml",
            "<cp xmlns:dc=\"d\"><dc:creator>赵六</dc:creator><lastModifiedBy>Administrator</lastModifiedBy></cp>",
        ),
        ("word/embeddings/a.xlsx", "x"),
        ("word/vbaProject.bin", "x"),
    ])
}

fn xlsx() -> Vec<u8> {
    package(&[
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"名单\" r:id=\"rId1\"/><sheet name=\"底稿\" state=\"veryHidden\" r:id=\"rId2\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>",
        ),
        (
            "xl/sharedStrings.xml",
            "<sst><si><t>姓名</t></si><si><r><t>银行</t></r><r><t>卡号</t></r><rPh><t>x</t></rPh></si></sst>",
        ),
        (
            "xl/worksheets/sheet1.xml",
            "<worksheet><cols><col min=\"3\" max=\"4\" hidden=\"1\"/></cols><sheetData>\
            <row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>\
            <row r=\"2\" hidden=\"1\"><c r=\"A2\" t=\"inlineStr\"><is><t>张三</t></is></c><c r=\"B2\" t=\"str\"><v>6217000000352579167</v></c></row>\
            <row r=\"3\"><c r=\"A3\"><v>1.3900008858E10</v></c><c r=\"C3\"><v>7</v></c><c r=\"E3\" t=\"s\"><v>99</v></c></row></sheetData></worksheet>",
        ),
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            "<Relationships><Relationship Id=\"a\" Target=\"../comments1.xml\"/></Relationships>",
        ),
        (
            "xl/comments1.xml",
            "<comments><authors><author>甲</author></authors><commentList><comment ref=\"A3\"><text><t>电话待核</t></text></comment></commentList></comments>",
        ),
        (
            "xl/worksheets/sheet2.xml",
            "<worksheet><sheetData><row><c><v>5</v></c></row></sheetData></worksheet>",
        ),
        (
            "xl/worksheets/sheet9.xml",
            "<worksheet><sheetData><row><c t=\"str\"><v>无人提及</v></c></row></sheetData></worksheet>",
        ),
    ])
}

fn pdf(text: &str) -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let font =
        document.add_object(dictionary! {"Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier"});
    let content = format!("BT /F1 12 Tf 50 700 Td ({text}) Tj ET");
    let content = document.add_object(Stream::new(dictionary! {}, content.into_bytes()));
    let note = document.add_object(dictionary! {"Type" => "Annot", "Subtype" => "Text", "Contents" => Object::string_literal("look here")});
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content, "Annots" => vec![note.into()],
        "Resources" => dictionary! {"Font" => dictionary! {"F1" => font}},
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    let blank = document.add_object(dictionary! {"Type" => "Page", "Parent" => pages, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()]});
    document.objects.insert(
        pages,
        dictionary! {"Type" => "Pages", "Kids" => vec![page.into(), blank.into()], "Count" => 2}.into(),
    );
    let catalog = document.add_object(dictionary! {"Type" => "Catalog", "Pages" => pages});
    let info = document.add_object(dictionary! {"Author" => Object::string_literal("Zhao Liu")});
    document.add_object(
        dictionary! {"Type" => "Action", "S" => "JavaScript", "JS" => Object::string_literal("1")},
    );
    document.trailer.set("Root", catalog);
    document.trailer.set("Info", info);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

pub(super) fn passages(read: &Extract) -> Vec<(String, Veil, &str)> {
    read.passages
        .iter()
        .map(|passage| (passage.spot.to_string(), passage.veil, passage.text.as_str()))
        .collect()
}

pub(super) fn codes(read: &Extract) -> Vec<&'static str> {
    let mut codes: Vec<_> = read.remarks.iter().map(|remark| remark.rule.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn word_files_show_what_word_hides() {
    let read = extract("a.docx", &docx());
    let all = passages(&read);
    let has = |spot: &str, veil: Veil, text: &str| {
        assert!(all.contains(&(spot.to_owned(), veil, text)), "{spot} {veil:?} {text} in {all:#?}");
    };
    has("第 1 段", Veil::None, "身份证号：11010519491231002X");
    has("第 2 段", Veil::HiddenText, "内部掌握");
    has("第 2 段", Veil::None, "公开 & 透明。");
    has("第 3 段", Veil::None, "新增");
    has("第 3 段", Veil::Deleted, "旧的");
    has("第 5 段", Veil::None, "13900008858");
    has("批注", Veil::Comment, "这里改一下");
    has("文档属性“作者”", Veil::Property, "赵六");
    assert_eq!(all.iter().filter(|(_, _, text)| *text == "文本框").count(), 1);
    assert_eq!(codes(&read), ["A112", "A113", "A114", "A115", "A116", "A117"]);
    let properties = read.remarks.iter().find(|remark| remark.rule.code == "A115").unwrap();
    assert!(properties.message.zh.contains("赵六") && !properties.message.zh.contains("Administrator"));
}

#[test]
fn workbooks_show_hidden_sheets_rows_columns_and_comments() {
    let read = extract("a.xlsx", &xlsx());
    let all = passages(&read);
    let has = |spot: &str, veil: Veil, text: &str| {
        assert!(all.contains(&(spot.to_owned(), veil, text)), "{spot} {veil:?} {text} in {all:#?}");
    };
    has("工作表“名单”B1 单元格", Veil::None, "银行卡号");
    has("工作表“名单”A2 单元格", Veil::Hidden, "张三");
    has("工作表“名单”B2 单元格", Veil::Hidden, "银行卡号：6217000000352579167");
    has("工作表“名单”A3 单元格", Veil::None, "13900008858");
    has("工作表“名单”C3 单元格", Veil::Hidden, "7");
    has("工作表“名单”A3 单元格", Veil::Comment, "电话待核");
    has("工作表“底稿”A1 单元格", Veil::Hidden, "5");
    has("工作表“sheet9.xml”A1 单元格", Veil::Hidden, "无人提及");
    assert_eq!(codes(&read), ["A111", "A113"]);
    let hidden: Vec<_> = read.remarks.iter().filter(|remark| remark.rule.code == "A111").collect();
    assert_eq!(hidden.len(), 4, "two sheets, a row, columns");
    assert!(hidden.iter().any(|remark| remark.message.zh.contains("C:D")));
}

#[test]
fn slides_and_notes_are_read() {
    let bytes = package(&[
        ("ppt/presentation.xml", "<p/>"),
        (
            "ppt/slides/slide1.xml",
            "<p:sld xmlns:p=\"p\" xmlns:a=\"a\"><a:p><a:r><a:t>标题</a:t></a:r></a:p></p:sld>",
        ),
        (
            "ppt/slides/slide2.xml",
            "<p:sld show=\"0\" xmlns:p=\"p\" xmlns:a=\"a\"><a:p><a:t>藏</a:t></a:p></p:sld>",
        ),
        ("ppt/notesSlides/notesSlide1.xml", "<n xmlns:a=\"a\"><a:p><a:t>讲稿</a:t></a:p></n>"),
    ]);
    let read = extract("a.pptx", &bytes);
    let all = passages(&read);
    assert_eq!(all[0], ("第 1 页".to_owned(), Veil::None, "标题"));
    assert_eq!(all[1], ("第 2 页".to_owned(), Veil::Hidden, "藏"));
    assert_eq!(all[2], ("备注".to_owned(), Veil::Comment, "讲稿"));
    assert_eq!(codes(&read), ["A111", "A113"]);
}

#[test]
fn pdf_text_notes_and_scans_are_told_apart() {
    let read = extract("a.pdf", &pdf("Call 13900008858"));
    let all = passages(&read);
    assert!(all.contains(&("第 1 页".to_owned(), Veil::None, "Call 13900008858")), "{all:?}");
    assert!(all.contains(&("批注".to_owned(), Veil::Comment, "look here")), "{all:?}");
    assert!(all.contains(&("文档属性“作者”".to_owned(), Veil::Property, "Zhao Liu")), "{all:?}");
    assert_eq!(codes(&read), ["A105", "A113", "A115", "A117"]);
    let scanned = read.remarks.iter().find(|remark| remark.rule.code == "A105").unwrap();
    assert_eq!(scanned.spot, Spot::Page(2));
}

#[test]
fn texts_come_in_every_encoding() {
    let text = "姓名,电话\n张三,13900008858\n";
    let utf_16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let gbk = encoding_rs::GB18030.encode(text).0.into_owned();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    for bytes in [text.as_bytes(), &utf_16, &gbk, &marked] {
        let read = extract("名单.csv", bytes);
        assert_eq!(passages(&read)[1], ("第 2 行".to_owned(), Veil::None, "张三,13900008858"));
        assert!(read.remarks.is_empty());
    }
    let noise: Vec<u8> = (0..2_000_u32).map(|i| (i * 7919).to_be_bytes()[2] | 0x80).collect();
    assert_eq!(codes(&extract("a.txt", &noise)), ["A101"]);
    // A picture is nobody's text.
    assert!(extract("a.png", &noise).remarks.is_empty());
}

#[test]
fn names_that_lie_and_formats_that_cannot_be_read() {
    assert_eq!(codes(&extract("a.pdf", b"plain")), ["A104"]);
    assert_eq!(codes(&extract("a.csv", &docx()))[..1], ["A104"]);
    assert_eq!(codes(&extract("a.rar", b"Rar!\x1a\x07\x00")), ["A101"]);
    assert_eq!(codes(&extract("a.zip", &package(&[("META-INF/manifest.xml", "x")]))), ["A101"]);
    let mut old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    old.extend("联系电话：13900008858，请保密。".encode_utf16().flat_map(u16::to_le_bytes));
    let read = extract("a.doc", &old);
    assert_eq!(codes(&read), ["A103"]);
    assert!(read.passages.iter().any(|passage| passage.text.contains("13900008858")), "{read:?}");
    let mut locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    locked.extend("\0EncryptedPackage\0".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(codes(&extract("a.docx", &locked)), ["A101", "A104"]);
}

#[test]
fn archives_are_opened_to_a_depth() {
    let inner = package_of(&[("名单.csv", "张三,13900008858".as_bytes()), ("b.docx", &docx())]);
    let read = extract("a.zip", &package_of(&[("子.zip", &inner), ("空/", b"")]));
    let spots: Vec<String> = read.passages.iter().map(|passage| passage.spot.to_string()).collect();
    assert!(spots.iter().any(|spot| spot == "其中的 子.zip/名单.csv 第 1 行"), "{spots:?}");
    assert!(codes(&read).contains(&"A114"), "what a document in an archive hides shows as well");
    let mut nested = b"text".to_vec();
    for _ in 0..50 {
        nested = package_of(&[("a.zip", &nested)]);
    }
    assert_eq!(codes(&extract("a.zip", &nested)), ["A102"]);
}

#[test]
fn bombs_are_refused() {
    // A part that unpacks to 64 MiB of blanks.
    let bomb = package_of(&[("word/document.xml", &vec![b' '; 64 << 20])]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(codes(&extract("a.docx", &bomb)), ["A102"]);
    // Many parts that are each within the bounds.
    let part = vec![b'x'; 300 << 10];
    let names: Vec<String> = (0..1_000).map(|i| format!("{i}.txt")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), part.as_slice())).collect();
    let read = extract("a.zip", &package_of(&parts));
    assert_eq!(codes(&read), ["A102"]);
    // A long string that every cell names.
    let cells = "<c t=\"s\"><v>0</v></c>".repeat(50_000);
    let sheet = format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>");
    let strings = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(300_000));
    let bytes = package(&[
        ("xl/workbook.xml", "<workbook/>"),
        ("xl/sharedStrings.xml", &strings),
        ("xl/worksheets/sheet1.xml", &sheet),
    ]);
    let read = extract("a.xlsx", &bytes);
    assert!(codes(&read).contains(&"A102"));
    assert!(read.passages.iter().map(|passage| passage.text.len()).sum::<usize>() <= 16 << 20);
}

#[test]
fn broken_files_never_stop_a_check() {
    let mut seed = 1_u32;
    let mut random = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize
    };
    for (name, whole) in
        [("a.docx", docx()), ("a.xlsx", xlsx()), ("a.pdf", pdf("text")), ("a.csv", "甲,乙\n".into())]
    {
        for cut in (0..whole.len()).step_by(whole.len().div_ceil(60)) {
            let _ = extract(name, &whole[..cut]);
        }
        for _ in 0..80 {
            let mut bytes = whole.clone();
            for _ in 0..=random() % 8 {
                let at = random() % bytes.len();
                bytes[at] = random().to_be_bytes()[7];
            }
            let _ = extract(name, &bytes);
        }
    }
    for body in
        ["<a", "<a b=\"&x;\">&y;&#xffffffff;&#0;</b>", "<!DOCTYPE a [<!ENTITY x \"&x;\">]><w:t>&x;</w:t>"]
    {
        let _ = extract("a.docx", &package(&[("word/document.xml", body)]));
    }
    let deep = format!("<w:p>{}", "<w:p><w:r><w:t>深</w:t></w:r>".repeat(100_000));
    let read = extract("a.docx", &package(&[("word/document.xml", &deep)]));
    // Nesting or packing beyond reason: one of them is told.
    let told = codes(&read);
    assert!(told == ["A101"] || told == ["A102"], "{told:?}");
    let nested =
        format!("%PDF-1.4\n1 0 obj\n{}\nendobj\ntrailer <</Root 1 0 R>>\n%%EOF", "[".repeat(200_000));
    assert!(!extract("a.pdf", nested.as_bytes()).remarks.is_empty());
}

/// The parts of a workbook with one sheet.
fn workbook<'p>(sheets: &'p str, strings: &'p str, sheet: &'p str) -> [(&'p str, &'p str); 4] {
    [
        ("xl/workbook.xml", sheets),
        ("xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"r\" Target=\"worksheets/sheet1.xml\"/></R>"),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
    ]
}

/// Makes a file of a size.
type Make = fn(usize) -> Vec<u8>;

/// Small files that tempt a reader to the square of their size.
#[test]
fn work_is_linear_in_the_size_of_a_file() {
    let shapes: [(&str, &str, Make); 5] = [
        ("a long string that every cell shows", "a.xlsx", |n| shared_string(n, "x")),
        ("blanks that every cell shows", "a.xlsx", |n| shared_string(n, " ")),
        ("hidden columns without number", "a.xlsx", |n| {
            let column = |at: usize| format!("<col hidden=\"1\" min=\"{0}\" max=\"{0}\"/>", at * 2);
            let columns: String = (1..n).map(column).collect();
            let sheet = format!("<worksheet>{columns}{}</worksheet>", "<c><v>1</v></c>".repeat(n));
            package(&workbook(ONE_SHEET, "<sst/>", &sheet))
        }),
        ("sheets without number in a package of many parts", "a.xlsx", |n| {
            let many = format!("<workbook>{}</workbook>", "<sheet state=\"hidden\" r:id=\"r\"/>".repeat(n));
            let names: Vec<String> = (0..n / 6).map(|part| format!("xl/media/{part:030}.png")).collect();
            let mut parts = workbook(&many, "<sst/>", "<worksheet/>").to_vec();
            parts.extend(names.iter().map(|name| (name.as_str(), "")));
            package(&parts)
        }),
        ("notes that share one text", "a.pdf", |n| {
            let mut document = lopdf::Document::load_mem(&pdf("text")).unwrap();
            let shared = document.add_object(lopdf::Object::string_literal(" ".repeat(2_000)));
            for _ in 0..n / 2 {
                document.add_object(
                    lopdf::dictionary! {"Type" => "Annot", "Subtype" => "Text", "Contents" => shared},
                );
            }
            let mut bytes = Vec::new();
            document.save_to(&mut bytes).unwrap();
            bytes
        }),
    ];
    for (shape, name, make) in shapes {
        let read = |file: &[u8]| {
            cost(|| {
                let read = extract(name, file);
                assert!(read.passages.len() < 1_000_000 && read.remarks.len() <= 2_000, "{shape}");
            })
        };
        let (short, long) = (make(4_000), make(4_000 * FACTOR));
        assert!(!is_square(read, short.as_slice(), long.as_slice()), "{shape}");
    }
}

const ONE_SHEET: &str = "<workbook><sheet name=\"a\" r:id=\"r\"/></workbook>";

/// A workbook of as many cells as `n` tells, all of which show one string as long.
fn shared_string(n: usize, letter: &str) -> Vec<u8> {
    let cells = "<c r=\"A1\" t=\"s\"><v>0</v></c>".repeat(n);
    let strings = format!("<sst><si><t>{}</t></si></sst>", letter.repeat(20 * n));
    package(&workbook(ONE_SHEET, &strings, &format!("<worksheet>{cells}</worksheet>")))
}

#[test]
fn hidden_columns_are_told_however_they_are_listed() {
    let one = "<workbook><sheet name=\"a\" r:id=\"r\"/></workbook>";
    let sheet = "<worksheet><col hidden=\"1\" min=\"3\" max=\"5\"/><col hidden=\"1\" min=\"1\" max=\"1\"/>\
                 <col hidden=\"1\" min=\"4\" max=\"7\"/><col hidden=\"1\" min=\"9\" max=\"8\"/>\
                 <row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\"><v>2</v></c><c r=\"G1\"><v>3</v></c><c r=\"H1\"><v>4</v></c></row></worksheet>";
    let read = extract("a.xlsx", &package(&workbook(one, "<sst/>", sheet)));
    let veils: Vec<Veil> = read.passages.iter().map(|passage| passage.veil).collect();
    assert_eq!(veils, [Veil::Hidden, Veil::None, Veil::Hidden, Veil::None]);
    assert!(read.remarks.iter().any(|remark| remark.message.en == "hides columns A, C:G"));
}

#[test]
fn remarks_do_not_spread_personal_numbers() {
    let core = "<p><creator>赵六 13900008856</creator></p>";
    let files = [("word/document.xml", "<w:document/>"), ("docProps/core.xml", core)];
    let read = extract("a.docx", &package(&files));
    let said: Vec<&str> = read.remarks.iter().map(|remark| remark.message.zh.as_str()).collect();
    assert!(said.iter().any(|zh| zh.contains("赵六 139******56")), "{said:?}");
    assert!(read.passages.iter().any(|passage| passage.text.contains("13900008856")));
}

#[test]
fn names_of_authors_stay_short() {
    let author = "张".repeat(100_000);
    let document = format!("<w:document><w:ins w:author=\"{author}\"/></w:document>");
    let read = extract("a.docx", &package(&[("word/document.xml", document.as_str())]));
    assert!(read.remarks.iter().all(|remark| remark.message.zh.len() < 1_000));
}

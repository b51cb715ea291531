//! Attachments are published like texts, and checked like them.

use std::io::Write as _;

use crate::program::in_project;
use crate::project::{Project, project};

const FOLDER: &str = "content/policies/2025/a/attachments";

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A list of persons with a hidden sheet that has their numbers.
pub fn workbook() -> Vec<u8> {
    package(&[
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"公示\" r:id=\"a\"/><sheet name=\"底册\" state=\"hidden\" r:id=\"b\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<R><Relationship Id=\"a\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"b\" Target=\"worksheets/sheet2.xml\"/></R>",
        ),
        (
            "xl/worksheets/sheet1.xml",
            "<w><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>张某</v></c></row></sheetData></w>",
        ),
        (
            "xl/worksheets/sheet2.xml",
            "<w><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>张三</v></c><c r=\"B1\" t=\"str\"><v>11010519491231002X</v></c></row></sheetData></w>",
        ),
    ])
}

fn with(name: &str, bytes: &[u8]) -> Project {
    let mut project = project();
    project.set("2025/a").file(&format!("{FOLDER}/{name}"), bytes).commit("draft");
    project
}

#[test]
fn what_a_workbook_hides_is_found_and_the_place_named() {
    let project = with("名单.xlsx", &workbook());
    let run = in_project(&project, &["check", "--rev", "HEAD", "--format", "json"]).expect(1, &[]);
    let json = run.json();
    let findings = json["findings"].as_array().unwrap();
    let of = |code: &str| findings.iter().find(|finding| finding["code"] == code).unwrap().clone();
    let leak = of("P601");
    let message = leak["message"].as_str().unwrap();
    assert!(message.contains("工作表“底册”B1 单元格") && message.contains("隐藏"), "{message}");
    assert!(!message.contains("19491231"), "the number itself is not repeated: {message}");
    assert_eq!(
        (leak["set"].as_str(), leak["path"].as_str()),
        (Some("2025/a"), Some(&*format!("{FOLDER}/名单.xlsx")))
    );
    assert!(of("A111")["message"].as_str().unwrap().contains("底册"));
    in_project(&project, &["explain", "A111"]).expect(0, &["attachment-hidden", "隐藏"]);
    // Part of what a proofreader signs.
    let report = in_project(&project, &["report", "2025/a"]).expect(1, &[]);
    assert!(report.out.contains("名单.xlsx") && report.out.contains("A111"));
}

#[test]
fn findings_of_a_long_list_are_folded() {
    let row = |n: u32| format!("张三,139000{n:05}\n");
    let project = with("名单.csv", (0..3_000).map(row).collect::<String>().as_bytes());
    let run = in_project(&project, &["check", "--rev", "HEAD", "--format", "json"]).expect(1, &[]);
    let json = run.json();
    let count = json["findings"].as_array().unwrap().iter().filter(|one| one["code"] == "P602").count();
    assert_eq!(count, 10);
    assert!(run.out.contains("第 1 行"));
}

#[test]
fn a_clean_attachment_is_silent_and_a_broken_one_is_named() {
    let clean = with("说明.txt", "一般说明。\n".as_bytes());
    let run = in_project(&clean, &["check", "--rev", "HEAD", "--format", "concise"]);
    assert!(!run.out.contains("attachments/"), "{}", run.out);
    let broken = with("坏.docx", b"PK\x03\x04 not really");
    in_project(&broken, &["check", "--rev", "HEAD", "--format", "concise"]).expect(1, &["A101", "坏.docx"]);
}

#[test]
fn a_photograph_says_where_it_was_taken() {
    // EXIF with a position alone: two fields of degrees, minutes, seconds.
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
    exif.extend(b"\x02\0\x02\0\x05\0\x03\0\0\0\x38\0\0\0\x04\0\x05\0\x03\0\0\0\x38\0\0\0\0\0\0\0");
    exif.extend([36, 1, 40, 1, 0, 1].iter().flat_map(|n: &u32| n.to_le_bytes()));
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let picture = [b"\xff\xd8\xff\xe1".as_slice(), &length, &exif, b"\xff\xda\0\x02\xff\xd9"].concat();
    let mut project = with("现场.jpg", &picture);
    project.file("content/policies/2025/a/materials/photo.jpg", &picture).commit("photo");
    let run = in_project(&project, &["check", "--rev", "HEAD", "--format", "json"]);
    let json = run.json();
    let found: Vec<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["code"] == "A118")
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    assert_eq!(found.len(), 2, "the picture beside a material, too: {}", run.out);
    assert!(run.out.contains("北纬36.7°"), "{}", run.out);
}

#[test]
fn a_hostile_pdf_is_a_finding_and_no_wait() {
    use std::fmt::Write as _;
    let (mut head, body) = (String::new(), "1".repeat(2_000_000));
    for id in 1_000..3_000 {
        write!(head, "{id} 0 ").unwrap();
    }
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(format!("{head}{body}").as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let mut pdf =
        b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]>>endobj ".to_vec();
    pdf.extend(
        format!(
            "9 0 obj<</Type/ObjStm/N 2000/First {}/Filter/FlateDecode/Length {}>>stream\n",
            head.len(),
            packed.len()
        )
        .bytes(),
    );
    pdf.extend(&packed);
    pdf.extend(b"\nendstream endobj trailer<</Root 1 0 R>>");
    let project = with("通知.pdf", &pdf);
    in_project(&project, &["check", "--rev", "HEAD", "--format", "concise"]).expect(1, &["A101", "重新导出"]);
}

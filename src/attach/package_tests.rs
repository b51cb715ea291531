//! `OpenDocument` files, photographs inside of documents, and hostile packages.

use std::fmt::Write as _;

use super::tests::{codes, package, package_of, passages};
use super::*;

fn odt() -> Vec<u8> {
    package(&[
        ("META-INF/manifest.xml", "<manifest/>"),
        (
            "content.xml",
            "<office:document-content xmlns:office='o'><office:automatic-styles>\
             <style:style style:name='T1'><style:text-properties text:display='none'/></style:style></office:automatic-styles>\
             <office:body><office:text><text:tracked-changes><text:changed-region><text:deletion>\
             <office:change-info><dc:creator>李四</dc:creator></office:change-info><text:p>旧的</text:p></text:deletion>\
             </text:changed-region></text:tracked-changes>\
             <text:p>身份证号：110105<text:span>19491231002X</text:span><office:annotation><dc:creator>王五</dc:creator>\
             <text:p>这里改一下</text:p></office:annotation></text:p>\
             <text:p>公开<text:s/>透明<text:span text:style-name='T1'>内部掌握</text:span></text:p>\
             <text:section text:display='none'><text:p>暗处</text:p></text:section></office:text></office:body></office:document-content>",
        ),
        (
            "styles.xml",
            "<office:document-styles><style:header><text:p>页眉在此</text:p></style:header></office:document-styles>",
        ),
        (
            "meta.xml",
            "<office:document-meta><meta:initial-creator>赵六</meta:initial-creator></office:document-meta>",
        ),
        ("Basic/script-lc.xml", "<l/>"),
        ("Object 1/content.xml", "<o/>"),
    ])
}

fn ods() -> Vec<u8> {
    package(&[
        ("META-INF/manifest.xml", "<manifest/>"),
        (
            "content.xml",
            "<d><office:automatic-styles><style:style style:name='ta2'><style:table-properties table:display='false'/>\
             </style:style></office:automatic-styles><office:spreadsheet>\
             <table:table table:name='名单'><table:table-column table:number-columns-repeated='2'/>\
             <table:table-column table:visibility='collapse'/>\
             <table:table-row><table:table-cell><text:p>姓名</text:p></table:table-cell><table:table-cell><text:p>银行卡号</text:p></table:table-cell></table:table-row>\
             <table:table-row table:visibility='collapse'><table:table-cell><text:p>张三</text:p></table:table-cell><table:table-cell><text:p>6217000000352579167</text:p></table:table-cell></table:table-row>\
             <table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>\
             <table:table-row><table:table-cell table:number-columns-repeated='2'/><table:table-cell><text:p>7</text:p>\
             <office:annotation><text:p>电话待核</text:p></office:annotation></table:table-cell></table:table-row></table:table>\
             <table:table table:name='底稿' table:style-name='ta2'><table:table-row><table:table-cell><text:p>5</text:p></table:table-cell></table:table-row></table:table>\
             </office:spreadsheet></d>",
        ),
    ])
}

#[test]
fn open_documents_show_what_is_hidden() {
    let read = extract("a.odt", &odt());
    let all = passages(&read);
    let has = |all: &[(String, Veil, &str)], spot: &str, veil: Veil, text: &str| {
        assert!(
            all.iter().any(|one| one == &(spot.to_owned(), veil, text)),
            "{spot} {veil:?} {text} in {all:#?}"
        );
    };
    has(&all, "第 2 段", Veil::None, "身份证号：11010519491231002X");
    has(&all, "批注", Veil::Comment, "这里改一下");
    has(&all, "第 3 段", Veil::None, "公开 透明");
    has(&all, "第 3 段", Veil::HiddenText, "内部掌握");
    has(&all, "第 4 段", Veil::HiddenText, "暗处");
    has(&all, "第 1 段", Veil::Deleted, "旧的");
    has(&all, "页眉页脚", Veil::None, "页眉在此");
    has(&all, "文档属性“最初作者”", Veil::Property, "赵六");
    assert_eq!(codes(&read), ["A112", "A113", "A114", "A115", "A116", "A117"]);

    let read = extract("a.ods", &ods());
    let all = passages(&read);
    has(&all, "工作表“名单”A2 单元格", Veil::Hidden, "张三");
    has(&all, "工作表“名单”B2 单元格", Veil::Hidden, "银行卡号：6217000000352579167");
    has(&all, "工作表“名单”C1048003 单元格", Veil::Hidden, "7");
    has(&all, "工作表“底稿”A1 单元格", Veil::Hidden, "5");
    has(&all, "批注", Veil::Comment, "电话待核");
    assert_eq!(codes(&read), ["A111", "A113"]);
    let locked = package(&[("content.xml", "x"), ("META-INF/manifest.xml", "<m><encryption-data/></m>")]);
    assert_eq!(codes(&extract("a.odt", &locked)), ["A101"]);
}

#[test]
fn photographs_inside_of_documents_are_looked_at() {
    use super::picture::tests::{exif, jpeg};
    let photograph = jpeg(&[(0xe1, [b"Exif\0\0".as_slice(), &exif(true)].concat())]);
    let long = [photograph.as_slice(), &vec![7; 3 << 20]].concat();
    for (name, main, picture) in [
        ("a.docx", "word/document.xml", "word/media/image1.jpeg"),
        ("a.xlsx", "xl/workbook.xml", "xl/media/image1.jpeg"),
        ("a.odt", "content.xml", "Pictures/1.jpg"),
    ] {
        let file = package_of(&[(main, b"<a/>"), ("META-INF/manifest.xml", b"<m/>"), (picture, &long)]);
        let read = extract(name, &file);
        assert_eq!(codes(&read), ["A118", "A119", "A120"], "{name}");
        assert!(read.remarks[0].spot.to_string().contains(picture));
    }
}

/// Entities, deep nesting, members that unpack to much, archives that hold
/// themselves: each ends soon and says so.
#[test]
fn hostile_packages_end_soon() {
    let mut laughs = "<!DOCTYPE a [<!ENTITY l0 \"ha\">".to_owned();
    let mut wide = "<w:p ".to_owned();
    let mut styles = String::new();
    for n in 1..30 {
        write!(laughs, "<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)).unwrap();
    }
    laughs += "]><w:document><w:p><w:t>&l29;</w:t></w:p></w:document>";
    for n in 0..100_000 {
        write!(wide, "a{n}='1' ").unwrap();
        write!(styles, "<style name='T{n}'><text-properties display='none'/></style>").unwrap();
    }
    wide += "/>";
    let deep = "<a>".repeat(500_000);
    let long = format!("<w:p><w:t>{}</w:t></w:p>", "长".repeat(2_000_000));
    for (main, body) in [
        ("word/document.xml", laughs.as_str()),
        ("word/document.xml", &deep),
        ("word/document.xml", &wide),
        ("word/document.xml", &long),
        ("xl/workbook.xml", &deep),
        ("ppt/presentation.xml", &deep),
        ("content.xml", &deep),
        ("content.xml", &styles),
        ("content.xml", &"<text:p>".repeat(200_000)),
        (
            "content.xml",
            &"<table:table><table:table-column number-columns-repeated='4294967295'/>".repeat(50_000),
        ),
    ] {
        let read = extract("a.zip", &package(&[(main, body), ("META-INF/manifest.xml", "<m/>")]));
        assert!(read.passages.iter().map(|passage| passage.text.len()).sum::<usize>() <= 16 << 20);
    }
    for main in ["content.xml", "xl/sharedStrings.xml", "docProps/core.xml", "word/media/a.jpg"] {
        let blanks = vec![b' '; 34 << 20];
        let parts: [(&str, &[u8]); 4] =
            [(main, &blanks), ("META-INF/manifest.xml", b"<m/>"), ("word/document.xml", b"<a/>"), ("z", b"")];
        let _ = extract("a.docx", &package_of(&parts));
    }
}

//! Files as offices have them, and files that nobody should have made.

mod web;
mod words;

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{Block, Changes, Head, ImportError, Options, Page, body};
use jiedu_testing::{FACTOR, cost, is_square};

const NOTICE: &str = "无障碍浏览
索 引 号: 11990100MB0000019L/2026-00007 主题分类: 综合政务/政务公开
成文日期: 2026-03-01 发布日期: 2026-03-02 09:30
发布机关: 示例市交通运输局 统一编号:
标  题: 示例市交通运输局关于印发示例市停车管理办法的通知
发文字号: 示交发[2026]7号 有 效 性:

示例市交通运输局
关于印发示例市停车管理办法的通知
示交发〔2026〕7 号

各县区交通运输局:

现将《示例市停车管理办法》印发给你们。

                示例市交通运输局
                2026年3月1日
(此件主动公开)
示例市停车管理办法
第一章　总则
第一条 为规范停车,制定本办法。
1. 收费标准另行规定。
附件:收费表.docx
Produced By 某某系统
";

/// Reads a file whose changes nobody judged.
fn read(name: &str, bytes: &[u8]) -> Result<Page, ImportError> {
    super::read(name, bytes, Options::default())
}

fn of(name: &str, text: &str) -> (Head, String) {
    let page = read(name, text.as_bytes()).unwrap();
    let head = Head::read(&page);
    let text = body(&head.text, &head.titles);
    (head, text)
}

fn value(field: Option<&super::Field>) -> &str {
    field.map_or("", |field| field.value.as_str())
}

#[test]
fn a_saved_page_gives_up_its_metadata() {
    let (head, text) = of("a.txt", NOTICE);
    assert_eq!(value(head.title.as_ref()), "示例市交通运输局关于印发示例市停车管理办法的通知");
    assert_eq!(value(head.number.as_ref()), "示交发〔2026〕7号");
    assert_eq!(value(head.index.as_ref()), "11990100MB0000019L/2026-00007");
    assert_eq!(value(head.subject.as_ref()), "综合政务_政务公开");
    assert_eq!(value(head.signed.as_ref()), "2026-03-01");
    assert_eq!(value(head.published.as_ref()), "2026-03-02 09:30");
    assert_eq!(value(head.disclosure.as_ref()), "主动公开");
    assert_eq!(head.issuers.iter().map(|body| body.value.as_str()).collect::<Vec<_>>(), ["示例市交通运输局"]);
    assert_eq!(head.registration, None);
    assert_eq!(
        text,
        "示交发〔2026〕7 号\n\n各县区交通运输局:\n\n现将《示例市停车管理办法》印发给你们。\n\n\
         示例市交通运输局\n\n2026年3月1日\n\n(此件主动公开)\n\n# 示例市停车管理办法\n\n## 第一章 总则\n\n\
         第一条 为规范停车,制定本办法。\n\n1\\. 收费标准另行规定。\n\n附件:收费表.docx\n"
    );
}

#[test]
fn without_metadata_the_layout_tells() {
    let text = "示例市交通运输局　示例市财政局\n关于规范停车收费的通告\n各停车场：\n请遵照执行。\n示例市交通运输局\n示例市财政局\n二〇二六年三月二十九日\n";
    let (head, _) = of("a.txt", text);
    assert_eq!(value(head.signed.as_ref()), "2026-03-29");
    assert_eq!(head.issuers.len(), 2);
    assert_eq!(head.published, None, "what is not printed is not invented");
    assert_eq!(head.number, None);
    let title = value(head.title.as_ref());
    assert!(title.ends_with("关于规范停车收费的通告"), "{title}");
}

#[test]
fn impossible_dates_are_no_dates() {
    for line in ["2026年2月30日", "2026-13-01", "二〇二六年十三月一日"] {
        let (head, text) = of("a.txt", &format!("关于停车的通知\n正文。\n{line}\n"));
        assert_eq!(head.signed, None, "{line}");
        assert!(text.contains(line), "the line itself stays");
    }
}

#[test]
fn encodings() {
    let (gbk, _, _) = encoding_rs::GBK.encode("关于停车的通知\r\n正文。\r\n");
    for bytes in
        [gbk.to_vec(), "\u{feff}关于停车的通知\n正文。".as_bytes().to_vec(), utf16("关于停车的通知\n正文。")]
    {
        let page = read("a.txt", &bytes).unwrap();
        assert_eq!(page.blocks.iter().map(Block::text).collect::<Vec<_>>(), ["关于停车的通知", "正文。"]);
    }
    let broken = b"abc\nd\xff\xff\xff\xff";
    assert_eq!(read("a.txt", broken), Err(ImportError::Encoding { line: 2, column: 2 }));
    assert_eq!(read("a.doc", b""), Err(ImportError::Kind));
    assert_eq!(read("docx", b""), Err(ImportError::Kind));
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_web_page() {
    let html = "<html><head><meta name=ArticleTitle content='关于停车的通知'><title>关于停车的通知_某局</title>\
        <script>if (a<b) document.write('</p>')</script></head><body><nav>首页</nav>\
        <table><tr><td>索引号：</td><td>X/2026-1</td></tr><tr><td>发布日期：</td><td>2026-03-02</td></tr></table>\
        <div>当前位置：首页 &gt; 文件</div><h1>关于停车的通知</h1>\
        <div id=zoom><p>第一条&nbsp;&nbsp;为<b>规范</b>停车 &amp; 收费，根据《办法》制定，这里再写一些字凑够长度，使它被看作正文，还要再长一些才行，\
        所以继续写下去，直到超过规定的字数为止，现在应该已经够了。</p>\
        <p>见<a href='/files/a.pdf'>收费表</a>和<a href='https://example.gov.cn/a'>网页</a>。<img src=x></p>\
        <table><tr><th>项目</th><th>标准</th></tr><tr><td>小型|车</td><td>5元</td></tr></table></div>\
        <footer>版权</footer></body></html>";
    let page = read("a.html", html.as_bytes()).unwrap();
    let head = Head::read(&page);
    assert_eq!(value(head.title.as_ref()), "关于停车的通知");
    assert_eq!(value(head.index.as_ref()), "X/2026-1");
    assert_eq!(value(head.published.as_ref()), "2026-03-02");
    let text = body(&head.text, &head.titles);
    assert!(text.starts_with("第一条 为**规范**停车 & 收费"), "{text}");
    assert!(text.contains("见收费表和[网页](<https://example.gov.cn/a>)。"), "{text}");
    assert!(text.ends_with("| 项目 | 标准 |\n| --- | --- |\n| 小型\\|车 | 5元 |\n"), "{text}");
    for lost in ["首页", "版权", "当前位置", "document"] {
        assert!(!text.contains(lost), "{lost}");
    }
    let lost: String = page.lost.iter().map(|loss| loss.text.as_str()).collect();
    assert!(lost.contains("当前位置") && page.files.iter().any(|(file, _)| file == "/files/a.pdf"), "{lost}");
}

/// A Word file of the given parts.
fn docx(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn document(body: &str) -> String {
    format!("<?xml version='1.0'?><w:document xmlns:w='w' xmlns:r='r'><w:body>{body}</w:body></w:document>")
}

const NUMBERING: &str = "<w:numbering xmlns:w='w'><w:abstractNum w:abstractNumId='3'>\
    <w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='%1、'/></w:lvl>\
    <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='（%2）'/></w:lvl>\
    <w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='bullet'/><w:lvlText w:val='•'/></w:lvl>\
    </w:abstractNum><w:num w:numId='7'><w:abstractNumId w:val='3'/></w:num></w:numbering>";

fn item(level: u8, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='7'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

#[test]
fn a_word_file() {
    let text = [
        "<w:p><w:pPr><w:pStyle w:val='T'/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>关于停车的通知</w:t></w:r></w:p>",
        &item(0, "总体要求"),
        &item(1, "明确责任。各单位&amp;部门。"),
        &item(1, "加强宣传。"),
        &item(0, "组织保障"),
        &item(1, "落实经费。"),
        &item(2, "要点"),
        "<w:p><w:r><w:t>普通</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>重点</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>",
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p><w:r><w:t>合并</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>三</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    ]
    .concat();
    let file = docx(&[
        ("word/document.xml", &document(&text)),
        ("word/numbering.xml", NUMBERING),
        (
            "word/styles.xml",
            "<w:styles xmlns:w='w'><w:style w:styleId='T'><w:name w:val='Title'/></w:style></w:styles>",
        ),
        (
            "word/footnotes.xml",
            "<w:footnotes xmlns:w='w'><w:footnote w:id='2'><w:p><w:r><w:t>注文。</w:t></w:r></w:p></w:footnote></w:footnotes>",
        ),
    ]);
    let page = read("a.docx", &file).unwrap();
    assert_eq!(page.title.as_ref().map(|title| title.text.as_str()), Some("关于停车的通知"));
    let head = Head::read(&page);
    assert_eq!(
        body(&head.text, &head.titles),
        "## 一、总体要求\n\n（一）明确责任。各单位&部门。\n\n（二）加强宣传。\n\n## 二、组织保障\n\n（一）落实经费。\n\n\
         - 要点\n\n普通**重点**[^1]\n\n| 合并 |  | 三 |\n| --- | --- | --- |\n\n[^1]: 注文。\n"
    );
    let lost: Vec<_> = page.lost.iter().map(|loss| (loss.what.zh.as_str(), loss.text.as_str())).collect();
    assert_eq!(lost, [("隐藏文字", "隐藏")]);
    assert!(page.moved.iter().any(|it| it.what.zh.contains("合并单元格")), "{:?}", page.moved);
}

#[test]
fn unsettled_and_damaged_word_files_are_refused() {
    let with = |body: &str| read("a.docx", &docx(&[("word/document.xml", &document(body))]));
    assert_eq!(
        with("<w:p/><w:p><w:ins><w:r><w:t>新</w:t></w:r></w:ins></w:p>"),
        Err(ImportError::TrackedChanges { paragraph: 2 })
    );
    let deep = "<w:p>".repeat(1000);
    for body in [deep.as_str(), "<w:p>&boom;</w:p>", "<w:p></w:r>"] {
        assert!(matches!(with(body), Err(ImportError::Damaged { .. })), "{}", body.len());
    }
    let entity = "<!DOCTYPE x [<!ENTITY a 'b'>]><w:document/>";
    assert!(matches!(
        read("a.docx", &docx(&[("word/document.xml", entity)])),
        Err(ImportError::Damaged { .. })
    ));
    assert!(matches!(read("a.docx", &docx(&[("other.xml", "")])), Err(ImportError::Damaged { .. })));
    assert!(matches!(read("a.docx", b"PK not a zip"), Err(ImportError::Damaged { .. })));
}

#[test]
fn a_part_that_unpacks_without_end_is_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    let blank = vec![b' '; 1 << 20];
    for _ in 0..51 {
        zip.write_all(&blank).unwrap();
    }
    let file = zip.finish().unwrap().into_inner();
    assert!(file.len() < 1 << 20);
    assert_eq!(read("a.docx", &file), Err(ImportError::TooLarge));
}

#[test]
fn what_markdown_would_act_upon_is_escaped() {
    for line in [
        "# 不是标题",
        "1. 不是列表",
        "- 不是列表",
        "a*b*c",
        "<b>x</b>",
        "[a](b)",
        "&lt;",
        "| a |",
        "`x`",
        "12) a",
        "+ a",
        "=== x",
    ] {
        let page = read("a.txt", line.as_bytes()).unwrap();
        let text = body(&page.blocks, &[]);
        let file = jiedu_base::text::SourceFile::new("a.md", &text);
        let range = jiedu_base::text::TextRange::new(0, text.len());
        let parsed = jiedu_markdown::parse_body(&file, range);
        let read_back: String = parsed.prose.iter().map(|prose| prose.text.as_str()).collect();
        assert_eq!(read_back, line, "{text}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000), kind in 0..3_usize) {
        let name = ["a.txt", "a.html", "a.docx"][kind];
        if let Ok(page) = read(name, &bytes) {
            let head = Head::read(&page);
            let _ = body(&head.text, &head.titles);
        }
    }

    #[test]
    fn no_markup_panics(text in r"(<(/?)(p|table|tr|td|a|div id=zoom|title|script|br|b)>|[一二三、。年月日第条《》关于通知 :\n0-9]){0,200}") {
        if let Ok(page) = read("a.html", text.as_bytes()) {
            let head = Head::read(&page);
            let _ = body(&head.text, &head.titles);
        }
    }

    /// Every character of a plain text arrives, in order.
    #[test]
    fn nothing_of_a_text_is_lost(lines in proptest::collection::vec(r"[甲乙丙丁，。、a-c0-9（）]{1,30}", 1..20)) {
        let text = lines.join("\n");
        let page: Page = read("a.txt", text.as_bytes()).unwrap();
        let kept: Vec<String> = page.blocks.iter().map(Block::text).collect();
        prop_assert_eq!(kept, lines);
    }
}

#[test]
fn a_file_without_any_text_is_refused_by_name() {
    for (name, text) in [("a.html", "<p>"), ("a.html", ""), ("a.txt", ""), ("a.txt", " \n\n")] {
        assert_eq!(read(name, text.as_bytes()), Err(ImportError::Empty), "{name} {text:?}");
    }
}

/// Small pages that tempt a reader to the square of their size.
#[test]
fn pages_are_read_in_linear_time() {
    let shapes: [fn(usize) -> String; 3] = [
        |n| format!("<p><a href=\"https://a.example/{}\">{}", "x".repeat(20 * n), "字<b>".repeat(n)),
        |n| format!("{}{}<p>末行", "<table><tr><td>".repeat(n), "字".repeat(4 * n)),
        |n| {
            let (open, close) = ("<table><tr><td>".repeat(n), "</td></tr></table>".repeat(n));
            format!("{open}{}{close}<p>末行", "字".repeat(4 * n))
        },
    ];
    for (number, make) in shapes.iter().enumerate() {
        let (short, long) = (make(12_500), make(12_500 * FACTOR));
        let work = |page: &str| cost(|| read("a.html", page.as_bytes()).unwrap());
        assert!(!is_square(work, short.as_str(), long.as_str()), "{number}");
        let page = read("a.html", long.as_bytes()).unwrap();
        let text: String = page.blocks.iter().map(Block::text).collect();
        assert_eq!(text.matches('字').count(), long.matches('字').count());
        let lost: String = page.lost.iter().map(|loss| loss.text.as_str()).collect();
        assert!(text.contains("末行") || lost.contains("末行") || number == 0);
    }
}

#[test]
fn text_beside_a_table_in_a_cell_is_kept() {
    let html = "<table><tr><td>前<table><tr><td>里</td></tr></table>后</td><td>旁</td></tr></table>";
    let page = read("a.html", html.as_bytes()).unwrap();
    let text: String = page.blocks.iter().map(Block::text).collect();
    for part in ["前", "里", "后", "旁"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

//! Word files with what offices put into them: each trap that once lost text.

use super::super::Page;
use super::{Block, Changes, ImportError, Options, body, document, docx};

const STYLES: &str = "<w:styles xmlns:w='w'>\
    <w:style w:type='paragraph' w:styleId='T'><w:name w:val='Title'/></w:style>\
    <w:style w:type='paragraph' w:styleId='C1'><w:name w:val='toc 1'/></w:style>\
    <w:style w:type='character' w:styleId='Sup'><w:name w:val='raised'/><w:rPr><w:vertAlign w:val='superscript'/></w:rPr></w:style>\
    </w:styles>";

fn run(properties: &str, text: &str) -> String {
    format!("<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>")
}

fn paragraph(content: &str) -> String {
    format!("<w:p>{content}</w:p>")
}

fn import(text: &str, parts: &[(&str, &str)], changes: Option<Changes>) -> Result<Page, ImportError> {
    let main = document(text);
    let mut all = vec![("word/document.xml", main.as_str()), ("word/styles.xml", STYLES)];
    all.extend(parts);
    super::super::read("a.docx", &docx(&all), Options { changes })
}

/// The Markdown of a text.
fn markdown(text: &str) -> String {
    body(&import(text, &[], None).unwrap().blocks, &[])
}

fn lost(page: &Page) -> Vec<(&str, &str)> {
    page.lost.iter().map(|loss| (loss.what.zh.as_str(), loss.text.as_str())).collect()
}

#[test]
fn raised_and_lowered_characters_stay_so() {
    let sup = "<w:vertAlign w:val='superscript'/>";
    let text = [run("", "面积10m"), run(sup, "2"), run("", "，共10"), run(sup, "5"), run("", "辆，H")]
        .concat()
        + &run("<w:vertAlign w:val='subscript'/>", "2")
        + &run("", "O，x")
        + &run("<w:rStyle w:val='Sup'/>", "年")
        + &run("", "，y")
        + &run("<w:position w:val='12'/><w:sz w:val='12'/>", "-1");
    assert_eq!(markdown(&paragraph(&text)), "面积10m²，共10⁵辆，H₂O，x^(年)，y⁻¹\n");
}

#[test]
fn struck_and_hidden_text_is_never_live_and_never_silent() {
    let text = run("", "罚款")
        + &run("<w:strike/>", "五百元")
        + &run("<w:dstrike/>", "左右")
        + &run("<w:vanish/>", "内部")
        + &run("", "二百元。");
    let page = import(&paragraph(&text), &[], None).unwrap();
    assert_eq!(body(&page.blocks, &[]), "罚款二百元。\n");
    assert_eq!(lost(&page), [("加删除线的文字", "五百元左右"), ("隐藏文字", "内部")]);
}

#[test]
fn notes_at_foot_and_end_are_called_in_order() {
    let text = run("", "甲")
        + "<w:r><w:endnoteReference w:id='2'/></w:r>"
        + &run("", "乙")
        + "<w:r><w:footnoteReference w:id='3'/></w:r>";
    let notes = |name: &str, id: u8, text: &str| {
        format!(
            "<w:{name}s xmlns:w='w'><w:{name} w:type='separator' w:id='0'><w:p><w:r><w:t>线</w:t></w:r></w:p></w:{name}>\
            <w:{name} w:id='{id}'><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{name}>\
            <w:{name} w:id='9'><w:p><w:r><w:t>无人引用{text}</w:t></w:r></w:p></w:{name}></w:{name}s>"
        )
    };
    let (foot, end) = (notes("footnote", 3, "脚注文"), notes("endnote", 2, "尾注文"));
    let page = import(&paragraph(&text), &[("word/footnotes.xml", &foot), ("word/endnotes.xml", &end)], None)
        .unwrap();
    assert_eq!(body(&page.blocks, &[]), "甲[^1]乙[^2]\n\n[^1]: 尾注文\n\n[^2]: 脚注文\n");
    assert_eq!(
        lost(&page),
        [("正文没有引用的注释", "无人引用脚注文"), ("正文没有引用的注释", "无人引用尾注文")]
    );
}

fn field(instruction: &str, result: &str) -> String {
    format!(
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> {instruction} </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType='separate'/></w:r>{result}<w:r><w:fldChar w:fldCharType='end'/></w:r>"
    )
}

#[test]
fn fields_show_what_word_shows() {
    let link = field("HYPERLINK \"https://www.example.gov.cn/a\"", &run("", "全文"));
    let bare = |instruction: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
        )
    };
    let boxed = "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='1'/></w:checkBox></w:ffData></w:fldChar></w:r>\
        <w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>";
    let text = link
        + &run("", "，")
        + &bare("EQ \\f(1,2)")
        + &run("", "，")
        + &bare("eq \\o\\ac(○,3)")
        + &run("", "，10")
        + &bare("EQ \\s\\up5(2)")
        + boxed
        + &field("PAGE", &run("", "1"))
        + "<w:fldSimple w:instr='DATE'><w:r><w:t>今日</w:t></w:r></w:fldSimple>";
    assert_eq!(markdown(&paragraph(&text)), "[全文](<https://www.example.gov.cn/a>)，1/2，③，10²☑1今日\n");
}

#[test]
fn formulas_symbols_and_reading_aids() {
    let math = "<m:oMath xmlns:m='m'><m:f><m:num><m:r><m:t>a+1</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f>\
        <m:r><m:t>+</m:t></m:r><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>\
        <m:r><m:t>+</m:t></m:r><m:rad><m:deg/><m:e><m:r><m:t>y</m:t></m:r></m:e></m:rad></m:oMath>";
    let symbols = "<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r><w:r><w:t>是</w:t></w:r><w:r><w:sym w:font='Wingdings' w:char='F0A8'/></w:r>\
        <w:r><w:t>否</w:t></w:r><w:r><w:sym w:font='Wingdings 2' w:char='0052'/></w:r><w:r><w:sym w:font='Webdings' w:char='F059'/></w:r>";
    let ruby = "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>zì</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>字</w:t></w:r></w:rubyBase></w:ruby></w:r>";
    let page = import(&paragraph(&(math.to_owned() + symbols + ruby)), &[], None).unwrap();
    assert_eq!(body(&page.blocks, &[]), "(a+1)/b+x²+√y☑是☐否☑字\n");
    assert_eq!(lost(&page), [("符号字体中的字符", "Webdings F059"), ("注音", "zì")]);
}

#[test]
fn contents_headers_boxes_pictures_and_comments_are_accounted_for() {
    let toc = field("TOC \\o", &run("", "第一章　总则 1"));
    let text = [
        paragraph(&("<w:pPr><w:pStyle w:val='C1'/></w:pPr>".to_owned() + &run("", "第二章　附则 3"))),
        paragraph(&toc),
        paragraph(&run("", "第一章　总则")),
        paragraph(
            &(run("", "正文。")
                + "<w:r><w:drawing><wp:docPr xmlns:wp='wp' descr='局徽'/><a:blip xmlns:a='a'/></w:drawing></w:r>\
                   <w:r><mc:AlternateContent xmlns:mc='mc'><mc:Choice><w:drawing><wps:txbx xmlns:wps='s'><w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice>\
                   <mc:Fallback><w:pict><v:textbox xmlns:v='v'><w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>\
                   <w:r><w:commentReference w:id='0'/></w:r>"),
        ),
    ]
    .concat();
    let header = "<w:hdr xmlns:w='w'><w:p><w:r><w:t>机密★5年</w:t></w:r></w:p></w:hdr>";
    let comments = "<w:comments xmlns:w='w'><w:comment w:id='0' w:author='张某'><w:p><w:r><w:t>再核一下</w:t></w:r></w:p></w:comment></w:comments>";
    let page = import(&text, &[("word/header1.xml", header), ("word/comments.xml", comments)], None).unwrap();
    assert_eq!(body(&page.blocks, &[]), "## 第一章 总则\n\n正文。\n\n框内文字\n");
    assert_eq!(
        lost(&page),
        [
            ("图片", "局徽"),
            ("页眉", "机密★5年"),
            ("批注（张某）", "再核一下"),
            ("目录（网站按章节自动生成）", "第二章　附则 3\n第一章　总则 1"),
        ]
    );
    assert_eq!(page.moved.iter().map(|it| it.what.zh.as_str()).collect::<Vec<_>>(), ["文本框"]);
    assert_eq!(page.margins, ["机密★5年"]);
}

const CHANGED: &str = "<w:p><w:pPr><w:rPr><w:del w:id='1' w:author='甲'/></w:rPr></w:pPr><w:r><w:t>罚款</w:t></w:r>\
    <w:del w:id='2' w:author='甲'><w:r><w:delText>五百元</w:delText></w:r></w:del>\
    <w:ins w:id='3' w:author='乙'><w:r><w:t>二百元</w:t></w:r></w:ins></w:p><w:p><w:r><w:t>以下。</w:t></w:r></w:p>";

#[test]
fn tracked_changes_are_settled_by_choice() {
    assert_eq!(import(CHANGED, &[], None), Err(ImportError::TrackedChanges { paragraph: 1 }));
    let text = |changes| body(&import(CHANGED, &[], Some(changes)).unwrap().blocks, &[]);
    assert_eq!(text(Changes::Accept), "罚款二百元以下。\n");
    assert_eq!(text(Changes::Reject), "罚款五百元\n\n以下。\n");
    assert_eq!(text(Changes::Show), "罚款【删：五百元】【增：二百元】\n\n以下。\n");
    let page = import(CHANGED, &[], Some(Changes::Accept)).unwrap();
    assert_eq!(lost(&page), [("修订中已删除的文字", "五百元")]);
    // A change of format alone is no change of the text.
    let format = "<w:p><w:pPr><w:pPrChange w:id='1'><w:pPr/></w:pPrChange></w:pPr><w:r><w:rPr><w:b/><w:rPrChange w:id='2'><w:rPr/></w:rPrChange></w:rPr><w:t>文字</w:t></w:r></w:p>";
    assert_eq!(markdown(format), "文字\n");
}

#[test]
fn soft_breaks_part_lines_but_not_titles() {
    let lines = run("", "第一条　甲。") + "<w:r><w:br/></w:r>" + &run("", "第二条　乙。");
    assert_eq!(markdown(&paragraph(&lines)), "第一条 甲。\n\n第二条 乙。\n");
    let title = |breaks: &str| {
        paragraph(
            &("<w:pPr><w:jc w:val='center'/></w:pPr>".to_owned()
                + &run("", "示例市交通运输局")
                + breaks
                + &run("", "关于停车的通知")),
        )
    };
    assert_eq!(markdown(&title("<w:r><w:br/></w:r>")), "示例市交通运输局关于停车的通知\n");
}

fn numbering(levels: &str, numbers: &str) -> String {
    format!(
        "<w:numbering xmlns:w='w'><w:abstractNum w:abstractNumId='0'>{levels}</w:abstractNum>\
         <w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>{numbers}</w:numbering>"
    )
}

fn level(at: usize, format: &str, text: &str, more: &str) -> String {
    format!(
        "<w:lvl w:ilvl='{at}'><w:start w:val='1'/><w:numFmt w:val='{format}'/>{more}<w:lvlText w:val='{text}'/></w:lvl>"
    )
}

fn item(list: usize, level: usize, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{list}'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

fn numbered(levels: &str, numbers: &str, items: &[(usize, usize)]) -> Vec<String> {
    let text: String = items.iter().map(|(list, level)| item(*list, *level, "文")).collect();
    let page = import(&text, &[("word/numbering.xml", &numbering(levels, numbers))], None).unwrap();
    page.blocks.iter().map(Block::text).collect()
}

#[test]
fn articles_run_on_across_chapters() {
    let levels = level(0, "chineseCountingThousand", "第%1章", "<w:suff w:val='space'/>")
        + &level(1, "chineseCountingThousand", "第%2条", "<w:lvlRestart w:val='0'/>")
        + &level(2, "chineseCounting", "（%3）", "<w:suff w:val='nothing'/>");
    let lines = numbered(&levels, "", &[(1, 0), (1, 1), (1, 2), (1, 2), (1, 1), (1, 2), (1, 0), (1, 1)]);
    assert_eq!(
        lines,
        ["第一章 文", "第一条 文", "（一）文", "（二）文", "第二条 文", "（一）文", "第二章 文", "第三条 文"]
    );
    // Restart after the first level only.
    let levels = level(0, "decimal", "%1.", "")
        + &level(1, "decimal", "%2)", "")
        + &level(2, "upperLetter", "%3.", "<w:lvlRestart w:val='1'/>");
    let lines = numbered(&levels, "", &[(1, 0), (1, 1), (1, 2), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2)]);
    assert_eq!(lines, ["1. 文", "1) 文", "A. 文", "2) 文", "B. 文", "2. 文", "1) 文", "A. 文"]);
}

#[test]
fn lists_of_one_shape_count_on_unless_one_starts_again() {
    let levels = level(0, "ideographTraditional", "%1、", "") + &level(1, "decimal", "%1.%2", "<w:isLgl/>");
    let numbers = "<w:num w:numId='2'><w:abstractNumId w:val='0'/></w:num>\
        <w:num w:numId='3'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride></w:num>\
        <w:num w:numId='4'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'><w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimalEnclosedParen'/><w:suff w:val='nothing'/><w:lvlText w:val='%1'/></w:lvl></w:lvlOverride></w:num>";
    let lines = numbered(&levels, numbers, &[(1, 0), (2, 0), (3, 0), (3, 0), (4, 0), (1, 1), (9, 0)]);
    assert_eq!(lines, ["甲、文", "乙、文", "戊、文", "己、文", "⑺文", "7.1 文", "文"]);
}

#[test]
fn joined_cells_keep_columns_in_line() {
    let cell = |properties: &str, text: &str| {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
    };
    let row = |cells: &str| format!("<w:tr>{cells}</w:tr>");
    let table = [
        row(&(cell("<w:gridSpan w:val='2'/>", "项目") + &cell("", "标准"))),
        row(&(cell("<w:vMerge w:val='restart'/>", "小型|车") + &cell("", "首小时") + &cell("", "5元"))),
        row(&(cell("<w:vMerge/>", "") + &cell("", "以后") + &cell("", "2元"))),
        "<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>".to_owned()
            + &cell("", "夜间")
            + &cell("", "免费")
            + "</w:tr>",
    ]
    .concat();
    assert_eq!(
        markdown(&format!("<w:tbl>{table}</w:tbl>")),
        "| 项目 |  | 标准 |\n| --- | --- | --- |\n| 小型\\|车 | 首小时 | 5元 |\n|  | 以后 | 2元 |\n|  | 夜间 | 免费 |\n"
    );
}

#[test]
fn markup_without_end_is_bounded() {
    let fields = "<w:r><w:fldChar w:fldCharType='begin'/></w:r>".repeat(20_000);
    assert_eq!(
        import(&paragraph(&(run("", "前") + &fields + &run("", "后"))), &[], None).unwrap().blocks.len(),
        1
    );
    let revisions = "<w:ins w:id='1'><w:r><w:t>新</w:t></w:r></w:ins><w:del w:id='2'><w:r><w:delText>旧</w:delText></w:r></w:del>".repeat(10_000);
    let page = import(&paragraph(&revisions), &[], Some(Changes::Accept)).unwrap();
    assert_eq!(page.blocks.first().map(|block| block.text().chars().count()), Some(10_000));
    assert_eq!(page.lost.len(), 1);
}

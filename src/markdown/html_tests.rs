//! Tests of the HTML writer.

use super::*;

fn blocks(text: &str, options: &RenderOptions) -> Vec<RenderedBlock> {
    let file = SourceFile::new("a.md", text);
    render_blocks(&file, TextRange::new(0, text.len()), options)
}

fn html(text: &str) -> String {
    blocks(text, &RenderOptions::default()).into_iter().map(|block| block.html).collect::<Vec<_>>().join("\n")
}

#[test]
fn soft_breaks_leave_no_gap_between_chinese_characters() {
    assert_eq!(html("政务\n公开，\n落实"), "<p>政务公开，落实</p>");
    assert_eq!(html("政务\n**公开**"), "<p>政务<strong>公开</strong></p>");
    assert_eq!(html("two\nwords"), "<p>two\nwords</p>");
    assert_eq!(html("甲  \n乙"), "<p>甲<br>乙</p>");
    assert_eq!(blocks("政务\n公开\nwith\nGit", &RenderOptions::default())[0].text, "政务公开 with Git");
}

#[test]
fn raw_html_is_text_and_comments_vanish() {
    assert_eq!(html("<script>alert(1)</script>"), "<pre>&lt;script&gt;alert(1)&lt;/script&gt;</pre>");
    assert_eq!(html("a <b>c</b>"), "<p>a &lt;b&gt;c&lt;/b&gt;</p>");
    assert_eq!(html("<!-- 校对:忽略 x y -->\n\n文"), "<p>文</p>");
    assert_eq!(html("文<!-- x -->字"), "<p>文字</p>");
    assert_eq!(html("<!-- a --> 尾"), "<pre>尾</pre>");
    assert_eq!(html("<!-- never closed\n\n文"), "");
}

#[test]
fn addresses_that_could_run_code_are_no_links() {
    assert_eq!(html("[x](javascript:alert(1))"), "<p>x</p>");
    assert_eq!(html("[x](JaVaScRiPt:alert(1))"), "<p>x</p>");
    assert_eq!(html("[x](data:text/html,x)"), "<p>x</p>");
    assert_eq!(html("![x](file:///etc/passwd)"), "<p>x</p>");
    assert_eq!(html("[x](clause:（五）)"), "<p><a href=\"clause:（五）\">x</a></p>");
    assert_eq!(html("[x](a:b)"), "<p>x</p>");
    assert_eq!(html("[x](./a:b)"), "<p><a href=\"./a:b\">x</a></p>");
    assert_eq!(html("![图](a%20b.png)"), "<p><img src=\"a%20b.png\" alt=\"图\"></p>");
}

#[test]
fn headings_begin_at_two_and_the_title_is_one() {
    let options = RenderOptions { title: Some("总 标题".to_owned()), ..RenderOptions::default() };
    let levels = |text: &str| blocks(text, &options).iter().map(|block| block.heading).collect::<Vec<_>>();
    assert_eq!(levels("# 总标题\n\n## 一、甲\n\n### （一）乙"), [Some(1), Some(2), Some(3)]);
    assert_eq!(levels("# 总标题\n\n# 附文\n\n## 一、甲"), [Some(1), Some(2), Some(3)]);
    assert_eq!(levels("## 一\n\n# 二"), [Some(3), Some(2)]);
    assert_eq!(levels("### 一"), [Some(2)]);
}

#[test]
fn numbers_stay_as_printed() {
    assert_eq!(html("3. 甲\n5. 乙"), "<ol start=\"3\"><li value=\"3\">甲</li><li value=\"5\">乙</li></ol>");
    let options = RenderOptions { numbered_as_text: true, ..RenderOptions::default() };
    let texts: Vec<_> =
        blocks("3. 甲\n5. 乙\n\n   丙", &options).into_iter().map(|block| (block.html, block.text)).collect();
    let text = |html: &str, text: &str| (html.to_owned(), text.to_owned());
    assert_eq!(texts, [text("<p>3.甲</p>", "3.甲"), text("<p>5.乙</p>", "5.乙"), text("<p>丙</p>", "丙")]);
    assert_eq!(blocks("1)\n2) 乙", &options)[0].text, "1)");
}

#[test]
fn tables_and_footnotes() {
    assert_eq!(
        html("|项目|金额|\n|-|-:|\n|甲|1|"),
        "<table><thead><tr><th scope=\"col\">项目</th><th scope=\"col\" class=\"align-right\">金额</th></tr></thead>\
         <tbody><tr><td>甲</td><td class=\"align-right\">1</td></tr></tbody></table>"
    );
    assert_eq!(html("|甲|\n|-|"), "<table><thead><tr><th scope=\"col\">甲</th></tr></thead></table>");
    let notes = html("甲[^a]乙[^a]\n\n[^a]: 注");
    assert_eq!(
        notes,
        "<p>甲<sup><a href=\"#fn1\" id=\"fnref1\">[1]</a></sup>乙<sup><a href=\"#fn1\" id=\"fnref1-2\">[1]</a></sup></p>\n\
         <section class=\"footnotes\"><ol><li id=\"fn1\"><p>注</p> <a href=\"#fnref1\" aria-label=\"返回正文\">↩</a> \
         <a href=\"#fnref1-2\" aria-label=\"返回正文\">↩</a></li></ol></section>"
    );
}

#[test]
fn ranges_are_those_of_the_file() {
    let text = "---\na: 1\n---\n\n## 标题\n\n第一段\n续行  \n\n> 引\n";
    let file = SourceFile::new("a.md", text);
    let blocks = render_blocks(&file, TextRange::new(13, text.len()), &RenderOptions::default());
    let seen: Vec<_> = blocks.iter().map(|block| file.slice(block.range)).collect();
    assert_eq!(seen, ["## 标题", "第一段\n续行", "> 引"]);
}

#[test]
fn hostile_depth_and_length_are_harmless() {
    let file = SourceFile::new("a.md", &format!("{}文", "> ".repeat(10_000)));
    let rendered = render(&file, TextRange::new(0, file.text().len()), &RenderOptions::default());
    assert!(rendered.too_deep.is_some());
    assert_eq!(rendered.blocks[0].html.matches("<blockquote>").count(), MAX_DEPTH);
    assert_eq!(rendered.blocks[0].text, "文");
    let stars = "*".repeat(100_000);
    assert!(html(&format!("{stars}文{stars}")).contains('文'));
    let images = format!("{}文{}", "![".repeat(2_000), "](a)".repeat(2_000));
    assert!(html(&images).contains('文'));
    let table = format!("|甲|\n|-|\n{}", "|乙|\n".repeat(20_000));
    assert_eq!(html(&table).matches("<td>").count(), 20_000);
}

//! Pages as the publishing systems of offices write them, made up for this
//! purpose. The reader was mended in sight of all of them: fresh pages are the
//! judge of how well it does.

use serde_json::Value;

use super::super::{Block, Head, Options, read};

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn pages() -> Vec<(String, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/web_pages");
    let list = std::fs::read_to_string(format!("{folder}/pages.json")).unwrap();
    let list: Vec<Value> = serde_json::from_str(&list).unwrap();
    assert!(list.len() >= 30);
    list.into_iter().map(|page| (format!("{folder}/{}", page["file"].as_str().unwrap()), page)).collect()
}

#[test]
fn pages_of_every_system_give_up_their_document() {
    let mut wrong = Vec::new();
    for (path, expected) in pages() {
        let page = read(&path, &std::fs::read(&path).unwrap(), Options::default()).unwrap();
        let head = Head::read(&page);
        let name = expected["file"].as_str().unwrap();
        let title = head.title.as_ref().map_or("", |title| title.value.as_str());
        if plain(title) != plain(expected["title"].as_str().unwrap()) {
            wrong.push(format!("{name}: title {title}"));
        }
        let number = head.number.as_ref().map(|number| number.value.as_str());
        if number != expected["number"].as_str() {
            wrong.push(format!("{name}: number {number:?}"));
        }
        let text = plain(&head.text.iter().map(Block::text).collect::<Vec<_>>().join("\n"));
        for part in expected["text"].as_array().unwrap() {
            if !text.contains(&plain(part.as_str().unwrap())) {
                wrong.push(format!("{name}: lost {part}"));
            }
        }
        for part in expected["none"].as_array().unwrap() {
            if text.contains(&plain(part.as_str().unwrap())) {
                wrong.push(format!("{name}: kept {part}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Nothing that a reader sees is neither in the text nor listed.
#[test]
fn every_character_of_a_page_is_accounted_for() {
    let tag =
        regex::Regex::new(r"(?s)<(script|style|title)[^>]*>.*?</(?:script|style|title)>|<!--.*?-->|<[^>]*>")
            .unwrap();
    for (path, expected) in pages() {
        let bytes = std::fs::read(&path).unwrap();
        let page = read(&path, &bytes, Options::default()).unwrap();
        let mut known: String = page.blocks.iter().map(Block::text).collect::<Vec<_>>().join("\n");
        for part in page.lost.iter().map(|loss| &loss.text) {
            known.push('\n');
            known.push_str(part);
        }
        let known = plain(&known);
        let source = jiedu_office::decode::html(&bytes).unwrap();
        let source = tag.replace_all(&source, "\n");
        for line in source.lines() {
            let line = plain(&jiedu_base::text::unescape_html(line)).replace(['\u{ad}'], "");
            let is_raised = ["2", "原公布数字作废"].contains(&line.as_str());
            assert!(is_raised || line.contains('&') || known.contains(&line), "{}: {line}", expected["file"]);
        }
    }
}

#[test]
fn monstrous_pages_are_read_soon() {
    let attributes = (0..200_000).map(|n| format!("a{n}='1'")).collect::<Vec<_>>().join(" ");
    let page = format!(
        "<div {attributes}><h1>关于停车的通知</h1><p>各单位应当按照规定做好停车管理工作，方便群众。</p></div>"
    );
    let references = format!("<p>{}停车管理工作通知。</p>", "&amp;".repeat(400_000));
    let script = format!(
        "<script>for(i=0;i<n;i++){{{}}}</script><p>正文应当保留下来，不受脚本影响。</p>",
        "a = b; ".repeat(10_000)
    );
    let unclosed = "<b><i><font>".repeat(100_000) + "深处的文字。";
    let items = format!("<ol>{}</ol>", "<li>事项。</li>".repeat(50_000));
    for text in [page, references, script, unclosed, items] {
        let page = read("a.html", text.as_bytes(), Options::default()).unwrap();
        assert!(!page.blocks.is_empty());
    }
}

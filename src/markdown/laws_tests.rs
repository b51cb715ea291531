//! Laws of the Markdown room, over generated texts and the sample content.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use jiedu_base::text::{SourceFile, TextRange};

/// Pieces out of which hostile and ordinary texts are put together.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("---\n".to_owned()),
        Just("标题: 某局\n".to_owned()),
        Just("- a\n".to_owned()),
        Just("key: [x, {y: z}]\n".to_owned()),
        Just("\"未闭合".to_owned()),
        Just("> ".to_owned()),
        Just("# 一、甲\n\n".to_owned()),
        Just("**粗。**文".to_owned()),
        Just("|甲|乙|\n|-|-|\n|1|2|\n\n".to_owned()),
        Just("[链](clause:（一）)".to_owned()),
        Just("![图](a b.png)".to_owned()),
        Just("<b>&amp;<!-- 注 -->".to_owned()),
        Just("[^1]\n\n[^1]: 注\n\n".to_owned()),
        Just("1. 甲\n2. 乙\n\n".to_owned()),
        Just("```\n代码\n".to_owned()),
        Just("\t   \n".to_owned()),
        "[\u{4e00}-\u{4e20}a-z0-9 \n*_`\\[\\](){}:#&<>|~-]{0,12}",
        any::<String>().prop_map(|text| text.replace(['\r', '\0'], "")),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn check_ranges(file: &SourceFile, entries: &[Entry]) -> Result<(), TestCaseError> {
    let is_place = |range: TextRange| file.text().get(range.start..range.end).is_some();
    let mut open: Vec<&Node> = Vec::new();
    for entry in entries {
        prop_assert!(is_place(entry.key_range), "{:?}", entry);
        open.push(&entry.value);
    }
    while let Some(node) = open.pop() {
        prop_assert!(is_place(node.range), "{:?}", node);
        match &node.value {
            NodeValue::List(items) => open.extend(items),
            NodeValue::Map(entries) => check_ranges(file, entries)?,
            NodeValue::Blank | NodeValue::Text(_) => {}
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_split_of_front_matter_loses_no_byte(head in any::<bool>(), rest in text()) {
        let text = if head { format!("---\n{rest}") } else { rest };
        let file = SourceFile::new("a.md", &text);
        let front = front_matter(&file).value;
        if front.is_present && front.yaml.end > 0 {
            let fence = TextRange::new(front.yaml.end, front.body.start);
            prop_assert_eq!(file.slice(fence).trim_end(), "---");
            let whole = [file.slice(TextRange::new(0, front.yaml.start)), file.slice(front.yaml), file.slice(fence), file.slice(front.body)];
            prop_assert_eq!(whole.concat(), text);
        } else {
            prop_assert_eq!(file.slice(front.body), &text);
        }
        check_ranges(&file, &front.entries)?;
    }

    #[test]
    fn blocks_lie_in_the_body_and_hold_no_foreign_tags(text in text()) {
        let file = SourceFile::new("a.md", &text);
        let body = front_matter(&file).value.body;
        for numbered_as_text in [false, true] {
            let options = RenderOptions { numbered_as_text, ..RenderOptions::default() };
            for block in render_blocks(&file, body, &options) {
                prop_assert!(text.get(block.range.start..block.range.end).is_some());
                prop_assert!(block.range.start >= body.start && block.range.end <= body.end);
                prop_assert_eq!(block.html.matches('<').count(), block.html.matches('>').count());
                for tag in ["<b>", "<script", "<!--", "javascript:"] {
                    prop_assert!(!block.html.contains(tag), "{}", block.html);
                }
            }
        }
    }

    #[test]
    fn mapping_no_link_changes_nothing(text in text()) {
        let file = SourceFile::new("a.md", &text);
        for block in render_blocks(&file, TextRange::new(0, text.len()), &RenderOptions::default()) {
            prop_assert_eq!(map_links(&block.html, |_, _| None), block.html);
        }
    }
}

fn markdown_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            markdown_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// The facts come from one parser and the pages from another: they must see
/// the same blocks.
#[test]
fn both_parsers_see_the_same_blocks_in_the_sample_content() {
    let mut files = Vec::new();
    markdown_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content"), &mut files);
    assert!(files.len() > 10);
    for path in files {
        let file = SourceFile::new(path.to_str().unwrap(), &std::fs::read_to_string(&path).unwrap());
        let body = front_matter(&file).value.body;
        let rendered: Vec<TextRange> =
            render_blocks(&file, body, &RenderOptions::default()).iter().map(|block| block.range).collect();
        assert_eq!(rendered, parse_body(&file, body).blocks, "{}", path.display());
    }
}

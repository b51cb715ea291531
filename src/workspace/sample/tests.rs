//! The sample content against its sources.

use std::collections::BTreeSet;
use std::path::Path;

use unicode_normalization::UnicodeNormalization as _;

use super::*;

fn walk(folder: &Path, root: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, root, found);
        } else {
            found.insert(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
        }
    }
}

fn text(path: &str) -> &'static str {
    let file = SAMPLE.iter().find(|file| file.path == path).unwrap();
    std::str::from_utf8(file.bytes).unwrap()
}

/// NFKC without white space: what the restored punctuation may not change.
fn essence(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// The text of a policy as read: no front matter, comments or heading marks.
fn body(text: &str) -> String {
    let rest = text.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap().1;
    let lines = rest.lines().filter(|line| !line.starts_with("<!--"));
    lines.map(|line| line.trim_start_matches('#').trim_start()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_table_lists_every_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let mut found = BTreeSet::new();
    walk(&root, &root, &mut found);
    assert_eq!(
        SAMPLE.iter().map(|file| file.path.to_owned()).collect::<Vec<_>>(),
        found.into_iter().collect::<Vec<_>>()
    );
}

#[test]
fn files_are_lf_utf8_text() {
    for file in SAMPLE {
        let text = std::str::from_utf8(file.bytes).unwrap();
        assert!(!text.contains(['\r', '\t', '\0', '\u{feff}']), "{}", file.path);
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{}", file.path);
    }
}

/// The real notice is the source, character for character, up to the
/// full-width punctuation that the source lost.
#[test]
fn the_real_notice_is_faithful() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/input/jinan-2025-14.txt");
    let policy = body(text("policies/2025/jijiaoban-14/policy.md"));
    let Ok(source) = std::fs::read_to_string(&path) else {
        // A checkout without the source still notices any change of the text.
        let digest = jiedu_base::name::Digest::of(essence(&policy).as_bytes());
        assert_eq!(digest.to_string(), FAITHFUL);
        return;
    };
    // The page's header table and furniture are not text.
    let start = source.find("济南市城乡交通运输局\n\n关于印发").unwrap();
    let end = source.find("Produced By").unwrap();
    let source = source.get(start..end).unwrap();
    assert_eq!(essence(&policy), essence(source));
    assert_eq!(jiedu_base::name::Digest::of(essence(source).as_bytes()).to_string(), FAITHFUL);
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let chars: Vec<char> = policy.chars().collect();
    for pair in chars.windows(2) {
        let lost = (",:;()".contains(pair[0]) && han(pair[1])) || (han(pair[0]) && ",:;()".contains(pair[1]));
        assert!(!lost, "half-width mark left: {}{}", pair[0], pair[1]);
    }
    assert!(policy.contains("济交办〔2025〕14 号") && policy.contains("任务分工.docx"));
}

const FAITHFUL: &str = "sha256:4e5c04242a7ec13159c95c8a0044591f4dbb0bde585eb2971a85f550b87fcb26";

/// Every provision of the real notice is meant to be found: sixteen items,
/// twelve of them interpreted.
#[test]
fn the_interpretation_covers_what_it_should() {
    let policy = text("policies/2025/jijiaoban-14/policy.md");
    let article = text("policies/2025/jijiaoban-14/materials/article.md");
    let items = [
        "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五",
        "十六",
    ];
    let linked = items.iter().filter(|item| article.contains(&format!("](clause:（{item}）)"))).count();
    assert!(items.iter().all(|item| policy.contains(&format!("\n（{item}）"))));
    assert_eq!(linked, 12);
}

#[test]
fn the_sample_word_list_is_sound() {
    let file =
        jiedu_base::text::SourceFile::new("wordlists/office.toml", text("repository/wordlists/office.toml"));
    assert_eq!(jiedu_config::Wordlist::parse(&file).findings, []);
}

#[test]
fn sample_texts_say_that_they_are_samples() {
    for file in SAMPLE.iter().filter(|file| file.is_markdown() && !file.path.ends_with("README.md")) {
        let real = file.path == "policies/2025/jijiaoban-14/policy.md";
        assert_eq!(text(file.path).contains("**示例**"), !real, "{}", file.path);
    }
}

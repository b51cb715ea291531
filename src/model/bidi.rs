//! Bidirectional controls that are spelled and not written.
//!
//! The bytes of a text are judged where they are read; but a character
//! reference in Markdown, an escape in YAML, TOML, JSON or a style sheet puts
//! the same character before the reader's eyes. So parsed values and rendered
//! text are judged here, by the grammar of each kind of file.

use std::sync::LazyLock;

use regex::Regex;

use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{self, Message, SourceFile, TextRange, is_bidi_control};
use jiedu_markdown::{self as markdown, Entry, Node, NodeValue};

/// Spellings of one character in mark-up, scripts and style sheets.
static SPELLINGS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)&#x0*([0-9a-f]{4,6});?|&#0*([0-9]{4,7});?|\\u\{0*([0-9a-f]{4,6})\}|\\u([0-9a-f]{4})|\\U0*([0-9a-f]{4,6})|\\0{0,2}([0-9a-f]{4,6})",
    )
    .ok()
});

/// Reports what a file spells, with the place; blocks its set.
pub(super) fn check_bidi(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) {
    let Ok(file) = text::decode(path, bytes) else { return };
    let place = match path.rsplit_once('.').map(|(_, kind)| kind) {
        Some("md") => in_markdown(&file),
        Some("toml") => in_toml(&file),
        Some("svg" | "html" | "hbs" | "css" | "js" | "json") => spelled(&file, whole(&file)),
        _ => None,
    };
    let Some(range) = place else { return };
    let message = Message::new(
        "用转义写出了双向文字控制符，会使显示与内容不一致；请删除",
        "spells a bidirectional control character with an escape, which makes text read differently than it is; delete it",
    );
    let place = Place::range(&file, range);
    findings
        .push(Finding::new("TEXT_BIDI", "text-bidi", "approval", Severity::Error, place, message).blocking());
}

fn whole(file: &SourceFile) -> TextRange {
    TextRange::new(0, file.text().len())
}

fn in_markdown(file: &SourceFile) -> Option<TextRange> {
    let body = markdown::body_range(file);
    let head = file.slice(TextRange::new(0, body.start));
    let in_head = || {
        let front = markdown::front_matter(file).value;
        in_entries(&front.entries)
    };
    let found = if head.contains('\\') { in_head() } else { None };
    found.or_else(|| markdown::find_decoded(file, body, is_bidi_control))
}

fn in_entries(entries: &[Entry]) -> Option<TextRange> {
    entries.iter().find_map(|entry| {
        if entry.key.contains(is_bidi_control) { Some(entry.key_range) } else { in_node(&entry.value) }
    })
}

fn in_node(node: &Node) -> Option<TextRange> {
    match &node.value {
        NodeValue::Text(text) => text.contains(is_bidi_control).then_some(node.range),
        NodeValue::List(items) => items.iter().find_map(in_node),
        NodeValue::Map(entries) => in_entries(entries),
        NodeValue::Blank => None,
    }
}

/// Values of TOML, some of which are Markdown of their own (`qa.toml`).
fn in_toml(file: &SourceFile) -> Option<TextRange> {
    let text = file.text();
    if !text.contains(['\\', '&']) {
        return None;
    }
    let table: toml::Table = text.parse().ok()?;
    let mut open: Vec<&toml::Value> = table.values().collect();
    let holds = |text: &str| {
        text.contains(is_bidi_control) || {
            let value = SourceFile::new("value.md", text);
            markdown::find_decoded(&value, whole(&value), is_bidi_control).is_some()
        }
    };
    let mut found = table.keys().any(|key| key.contains(is_bidi_control));
    while let Some(value) = open.pop().filter(|_| !found) {
        match value {
            toml::Value::String(text) => found = holds(text),
            toml::Value::Array(items) => open.extend(items),
            toml::Value::Table(table) => {
                found = table.keys().any(|key| key.contains(is_bidi_control));
                open.extend(table.values());
            }
            _ => {}
        }
    }
    let place = || spelled(file, whole(file)).unwrap_or(TextRange::new(0, 0));
    found.then(place)
}

/// The first spelling of such a character, whatever it stands in.
fn spelled(file: &SourceFile, range: TextRange) -> Option<TextRange> {
    let mut all = SPELLINGS.as_ref()?.captures_iter(file.slice(range));
    all.find_map(|found| {
        let (number, digits) = (1..7).find_map(|number| Some((number, found.get(number)?)))?;
        let radix = if number == 2 { 10 } else { 16 };
        let c = char::from_u32(u32::from_str_radix(digits.as_str(), radix).ok()?)?;
        let whole = found.get(0)?;
        is_bidi_control(c).then(|| TextRange::new(range.start + whole.start(), range.start + whole.end()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> bool {
        let mut findings = Vec::new();
        check_bidi(path, text.as_bytes(), &mut findings);
        assert!(findings.iter().all(|finding| finding.blocks && finding.code == "TEXT_BIDI"));
        !findings.is_empty()
    }

    #[test]
    fn every_spelling_that_reaches_a_reader_is_found() {
        for (path, text) in [
            ("a.md", "正文&#x202E;反"),
            ("a.md", "正文&#8238;反"),
            ("a.md", "正文&#X0202e;反"),
            ("a.md", "[链接](a.html \"题&#x2067;\")"),
            ("a.md", "[链接](<a&#x202D;.html>)"),
            ("a.md", "| 甲 |\n|---|\n| &#x2066; |\n"),
            ("a.md", "---\n标题: \"甲\\u202e乙\"\n---\n正文"),
            ("a.md", "---\n标题: \"甲\\U0000202e乙\"\n---\n正文"),
            ("a.md", "---\n征求意见:\n  渠道: [甲, \"\\u2069\"]\n---\n正文"),
            ("qa.toml", "[[\"问答\"]]\n\"问\" = \"甲\\u202E\"\n"),
            ("qa.toml", "[[\"问答\"]]\n\"答\" = \"甲 &#x202E; 乙\"\n"),
            ("site.toml", "[site]\nname = \"\\U0000202B\"\n"),
            ("site.toml", "\"\\u202b\" = 1\n"),
            ("a.svg", "<text>&#x202e;</text>"),
            ("a.css", "a::after { content: \"\\202e \" }"),
            ("a.css", "a::after { content: \"\\00202e\" }"),
            ("a.js", "'\\u{202e}'"),
            ("a.hbs", "<p>&#8238;</p>"),
        ] {
            assert!(found(path, text), "{path}: {text}");
        }
    }

    #[test]
    fn what_only_names_such_a_character_is_none() {
        for (path, text) in [
            ("a.md", "字符 `&#x202E;` 不可用"),
            ("a.md", "```\n&#x202E;\n```\n"),
            ("a.md", "转义 \\\\u202e 不起作用，A&amp;B &copy;"),
            ("a.md", "---\n标题: 甲\\u202e乙\n---\n正文"),
            ("a.md", "---\n标题: '甲\\u202e乙'\n---\n&#x2026;"),
            ("qa.toml", "\"问\" = '甲\\u202e乙'\n\"答\" = \"A&B\"\n"),
            ("a.css", "a::after { content: \"\\2026\" }"),
            ("a.csv", "&#x202E;"),
        ] {
            assert!(!found(path, text), "{path}: {text}");
        }
    }
}

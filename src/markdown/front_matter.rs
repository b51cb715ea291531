//! Front matter: the YAML between two `---` lines, every key and value with
//! its bytes in the file.
//!
//! The tree is untyped: what a key means is the model's business. YAML is kept
//! small on purpose: no anchors, aliases, tags or second documents, bounded
//! size and depth, so that no text can make the reader work long. Split law:
//! `fence + yaml + fence + body` is the whole file, no byte lost.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy};

use super::fence::{fence, split};
use jiedu_base::finding::{Checked, Finding, Place, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange};

/// Bytes of YAML beyond which front matter is refused.
const MAX_BYTES: usize = 256 * 1024;

/// A file's front matter and where its body begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrontMatter {
    /// Whether the file begins with a closed `---` block.
    pub is_present: bool,
    /// Whether the YAML could be read.
    pub is_readable: bool,
    /// The YAML between the fences.
    pub yaml: TextRange,
    /// Everything after the closing fence; the whole file when there is none.
    pub body: TextRange,
    /// Keys and values in the order of the file.
    pub entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key as written.
    pub key: String,
    /// Its bytes in the file.
    pub key_range: TextRange,
    /// The value.
    pub value: Node,
}

/// A value and its bytes in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The bytes; an empty range after the key for a blank value.
    pub range: TextRange,
    /// What it is.
    pub value: NodeValue,
}

/// A YAML value. Numbers, dates and booleans stay text: the schema knows what
/// a key should hold, and `2025-06-30` or `014` must not change on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeValue {
    /// Nothing (`key:`), `~` or `null`.
    Blank,
    /// A scalar as text.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping.
    Map(Vec<Entry>),
}

impl FrontMatter {
    /// The first entry with one of the keys.
    #[must_use]
    pub fn get(&self, keys: &[&str]) -> Option<&Entry> {
        self.entries.iter().find(|entry| keys.contains(&entry.key.as_str()))
    }
}

impl Node {
    /// The text of a scalar.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let NodeValue::Text(text) = &self.value { Some(text) } else { None }
    }

    /// Whether nothing stands there.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match &self.value {
            NodeValue::Blank => true,
            NodeValue::Text(text) => text.trim().is_empty(),
            NodeValue::List(_) | NodeValue::Map(_) => false,
        }
    }
}

/// Reads the front matter of a file.
///
/// A file that does not begin with `---` has none, which is no finding here;
/// an open fence, unreadable YAML and a key given twice are, and block.
#[must_use]
pub fn front_matter(file: &SourceFile) -> Checked<FrontMatter> {
    let text = file.text();
    let all = TextRange::new(0, text.len());
    let none = FrontMatter { body: all, ..FrontMatter::default() };
    if !(fence(text).is_some() || text == "---") {
        return Checked::clean(none);
    }
    let Some((yaml, body)) = split(text) else {
        let message = Message::new(
            "文件开头的 `---` 没有对应的结束行 `---`，文件信息读不出来",
            "the front matter is not closed: a second `---` line is missing",
        );
        let finding = fault("M101", "front-matter-open", file, TextRange::new(0, 3), message).note(
            "在文件信息的最后一行下面另起一行，写上 `---`。",
            "Add a line `---` below the last line of the front matter.",
        );
        return Checked { value: FrontMatter { is_present: true, ..none }, findings: vec![finding] };
    };
    let mut findings = Vec::new();
    let entries = read_yaml(file, yaml, &mut findings);
    let value = FrontMatter {
        is_present: true,
        is_readable: entries.is_some(),
        yaml,
        body,
        entries: entries.unwrap_or_default(),
    };
    Checked { value, findings }
}

fn fault(
    code: &'static str,
    rule: &'static str,
    file: &SourceFile,
    range: TextRange,
    message: Message,
) -> Finding {
    Finding::new(code, rule, "front-matter", Severity::Error, Place::range(file, range), message).blocking()
}

fn read_yaml(file: &SourceFile, yaml: TextRange, findings: &mut Vec<Finding>) -> Option<Vec<Entry>> {
    if yaml.len() > MAX_BYTES {
        let message = Message::new(
            format!("文件信息超过 {} KB，请把正文放到 `---` 之后", MAX_BYTES / 1024),
            format!(
                "the front matter is longer than {} KiB; move the text below the closing `---`",
                MAX_BYTES / 1024
            ),
        );
        findings.push(fault("M102", "front-matter-unreadable", file, TextRange::new(0, 3), message));
        return None;
    }
    let text = file.slice(yaml);
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Some(Vec::new());
    }
    match serde_saphyr::from_str_with_options::<Located>(text, options()) {
        Ok(root) => {
            let mut tree = Tree { file, yaml, findings };
            let node = tree.place(root, yaml.start);
            if let NodeValue::Map(entries) = node.value {
                return Some(entries);
            }
            let message = Message::new(
                "文件信息应当是一行一项的“名称: 值”",
                "the front matter should be lines of `key: value`",
            );
            findings.push(fault("M102", "front-matter-unreadable", file, node.range, message));
            None
        }
        Err(error) => {
            findings.push(unreadable(file, yaml, &error));
            None
        }
    }
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 20_000,
            max_nodes: 8_000,
            max_depth: 16,
            max_anchors: 0,
            max_aliases: 0,
            max_documents: 1,
            flow_nesting_limit: 16,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
    }
}

fn unreadable(file: &SourceFile, yaml: TextRange, error: &serde_saphyr::Error) -> Finding {
    let offset = error.location().and_then(|location| location.span().byte_offset());
    let mut at =
        yaml.start + offset.and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0).min(yaml.len());
    while !file.text().is_char_boundary(at) {
        at -= 1;
    }
    let line = file.position(at).line;
    let line_range = file.line_range(line);
    let range = TextRange::new(at, line_range.end.max(at));
    let detail = error.without_snippet().to_string();
    let detail = detail.lines().next().unwrap_or_default();
    let message = Message::new(
        format!(
            "文件信息第 {line} 行读不出来：{}",
            file.slice(line_range).trim().chars().take(40).collect::<String>()
        ),
        format!("the front matter cannot be read at line {line}: {detail}"),
    );
    fault("M102", "front-matter-unreadable", file, range, message)
        .note(
            "每行写成“名称: 值”（冒号用半角，后面空一格）；值里有半角冒号、引号、方括号时，给整个值加上双引号。不能用锚点（&）和别名（*）。",
            "Write `key: value` with an ASCII colon and a space; quote values that hold colons, quotes or brackets. Anchors (&) and aliases (*) are not allowed.",
        )
}

/// A YAML value with where the parser saw it.
struct Located {
    raw: Raw,
    start: Option<usize>,
    len: Option<usize>,
}

enum Raw {
    Blank,
    /// A scalar that YAML takes for text.
    Text(String),
    /// A scalar that YAML takes for a number or a truth value: read as written.
    Literal,
    List(Vec<Located>),
    Map(Vec<(Located, Located)>),
}

impl<'de> Deserialize<'de> for Located {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = serde_saphyr::Spanned::<Raw>::deserialize(deserializer)?;
        let span = spanned.referenced.span();
        let size = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok());
        Ok(Self { raw: spanned.value, start: size(span.byte_offset()), len: size(span.byte_len()) })
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a list or a mapping")
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Literal)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Literal)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Literal)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Literal)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Literal)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Literal)
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Blank)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Blank)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = fields.next_key::<Located>()? {
            map.push((key, fields.next_value()?));
        }
        Ok(Raw::Map(map))
    }
}

/// Turns located values into nodes with ranges of the file.
struct Tree<'a> {
    file: &'a SourceFile,
    yaml: TextRange,
    findings: &'a mut Vec<Finding>,
}

impl Tree<'_> {
    /// `after` is where a value without a place of its own stands.
    fn place(&mut self, located: Located, after: usize) -> Node {
        let own = self.range(&located);
        let range = own.unwrap_or_else(|| TextRange::new(after, after));
        match located.raw {
            Raw::Blank => {
                let range = own
                    .filter(|range| !self.file.slice(*range).contains('\n'))
                    .unwrap_or(TextRange::new(after, after));
                Node { range, value: NodeValue::Blank }
            }
            Raw::Text(text) => Node { range, value: NodeValue::Text(text) },
            Raw::Literal => Node { range, value: NodeValue::Text(self.file.slice(range).trim().to_owned()) },
            Raw::List(items) => {
                let items: Vec<Node> = items.into_iter().map(|item| self.place(item, range.start)).collect();
                let range = spanning(range, items.iter().map(|item| item.range));
                Node { range, value: NodeValue::List(items) }
            }
            Raw::Map(fields) => {
                let mut entries: Vec<Entry> = Vec::with_capacity(fields.len());
                let mut seen = std::collections::BTreeMap::new();
                for (key, value) in fields {
                    let key = self.place(key, range.start);
                    let key_range = key.range;
                    let NodeValue::Text(key) = key.value else {
                        self.bad_key(key_range);
                        continue;
                    };
                    let value = self.place(value, key_range.end);
                    if let Some(first) = seen.insert(key.clone(), key_range) {
                        self.twice(&key, key_range, first);
                        continue;
                    }
                    entries.push(Entry { key, key_range, value });
                }
                let range =
                    spanning(range, entries.iter().flat_map(|entry| [entry.key_range, entry.value.range]));
                Node { range, value: NodeValue::Map(entries) }
            }
        }
    }

    /// The bytes in the file, when the parser gave some that lie on characters.
    fn range(&self, located: &Located) -> Option<TextRange> {
        let start = self.yaml.start + located.start?;
        let end = (start + located.len?).min(self.yaml.end);
        let trimmed = self.file.text().get(start..end)?.trim_end();
        Some(TextRange::new(start, start + trimmed.len()))
    }

    fn bad_key(&mut self, range: TextRange) {
        let message = Message::new("名称应当是一段文字", "a key should be a text");
        self.findings.push(fault("M102", "front-matter-unreadable", self.file, range, message));
    }

    fn twice(&mut self, key: &str, range: TextRange, first: TextRange) {
        let message = Message::new(
            format!("`{key}` 写了两次，请只留一处"),
            format!("`{key}` is given twice; keep one"),
        );
        let label = Message::new("第一处在这里", "first given here");
        self.findings.push(
            fault("M103", "front-matter-key-twice", self.file, range, message).label(self.file, first, label),
        );
    }
}

/// The smallest range that holds `own` and the parts.
fn spanning(own: TextRange, parts: impl Iterator<Item = TextRange>) -> TextRange {
    parts.fold(own, |all, part| TextRange::new(all.start.min(part.start), all.end.max(part.end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (SourceFile, Checked<FrontMatter>) {
        let file = SourceFile::new("policy.md", text);
        let checked = front_matter(&file);
        (file, checked)
    }

    fn codes(text: &str) -> Vec<&'static str> {
        read(text).1.findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn keys_and_values_carry_their_bytes() {
        let (file, checked) = read(
            "---\n标题: 关于“三同步”的通知\n发文机关:\n  - 交通局\n  - \"发改委\"\n成文日期: 2025-06-29\n有效性:\n重要: true\n编号: 014\n征求意见: {开始: 2025-01-01, 渠道: [a, b]}\n---\n正文\n",
        );
        assert_eq!(checked.findings, []);
        let front = checked.value;
        assert_eq!(file.slice(front.body), "正文\n");
        let seen: Vec<_> = front
            .entries
            .iter()
            .map(|entry| (file.slice(entry.key_range), file.slice(entry.value.range), entry.value.as_text()))
            .collect();
        assert_eq!(seen[0], ("标题", "关于“三同步”的通知", Some("关于“三同步”的通知")));
        assert_eq!(seen[2], ("成文日期", "2025-06-29", Some("2025-06-29")));
        assert_eq!(seen[3], ("有效性", "", None));
        assert_eq!(seen[4], ("重要", "true", Some("true")));
        assert_eq!(seen[5], ("编号", "014", Some("014")));
        assert!(front.entries[3].value.is_blank());
        let NodeValue::List(items) = &front.entries[1].value.value else { panic!() };
        assert_eq!(file.slice(items[1].range), "\"发改委\"");
        let NodeValue::Map(inner) = &front.entries[6].value.value else { panic!() };
        assert_eq!(file.slice(inner[0].key_range), "开始");
    }

    #[test]
    fn no_front_matter_is_no_finding() {
        for text in ["", "正文", "----\na: 1\n----\n", "\n---\na: 1\n---\n"] {
            let (_, checked) = read(text);
            assert!(!checked.value.is_present && checked.findings.is_empty(), "{text}");
            assert_eq!(checked.value.body.len(), text.len());
        }
        assert!(read("---\n# nothing\n---\n").1.value.is_readable);
    }

    #[test]
    fn faults_are_named_and_block() {
        assert_eq!(codes("---\n标题: x\n正文"), ["M101"]);
        assert_eq!(codes("---"), ["M101"]);
        assert_eq!(codes("---\na: 1\na: 2\n---\n"), ["M103"]);
        for bad in
            ["a: [1", "a: \"x", "- a\n- b", "只有一句话", "a: &x 1\nb: *x", "a: b: c", "a: 1\n...\nb: 2"]
        {
            let text = format!("---\n{bad}\n---\n");
            assert_eq!(codes(&text), ["M102"], "{bad}");
            assert!(read(&text).1.findings[0].blocks);
        }
    }

    #[test]
    fn bombs_are_refused_quickly() {
        let deep = format!("---\na: {}\n---\n", "[".repeat(100_000));
        assert_eq!(codes(&deep), ["M102"]);
        let lines: Vec<String> = (0..200).map(|depth| format!("{}a:", " ".repeat(depth))).collect();
        let nested = lines.join("\n");
        assert_eq!(codes(&format!("---\n{nested}\n---\n")), ["M102"]);
        let laughs = "---\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\n";
        assert_eq!(codes(laughs), ["M102"]);
        let long = format!("---\na: {}\n---\n", "x".repeat(MAX_BYTES));
        assert_eq!(codes(&long), ["M102"]);
    }
}

//! The list of documents beside a shelf: a table (CSV) or what a publishing
//! system hands out (JSON in the form of gkmlpt: `articles` with `title`,
//! `document_number`, `identifier`, `publisher`, `date`, `url`, `attachment`).

use std::collections::BTreeMap;

use serde_json::Value;

use jiedu_base::text::Message;
use jiedu_office::decode;

/// What a list says of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) file: Option<String>,
    pub(super) url: Option<String>,
    pub(super) title: Option<String>,
    pub(super) number: Option<String>,
    pub(super) index: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) published: Option<String>,
    pub(super) signed: Option<String>,
    /// Printed names of attachments and where they were.
    pub(super) attachments: Vec<(String, String)>,
}

/// What a column or key is, by its usual names.
const NAMES: &[(&str, &[&str])] = &[
    ("file", &["文件", "文件名", "本地文件", "file", "path", "filename", "local"]),
    (
        "url",
        &["网址", "地址", "旧地址", "链接", "原网址", "url", "post_url", "old", "old_url", "link", "href"],
    ),
    ("title", &["标题", "题名", "名称", "title", "name"]),
    ("number", &["发文字号", "文号", "document_number", "number", "wenhao"]),
    ("index", &["索引号", "identifier", "index", "index_number"]),
    ("issuer", &["发布机构", "发文机关", "发布机关", "publisher", "issuer"]),
    (
        "published",
        &[
            "发布日期",
            "发布时间",
            "display_publish_time",
            "publish_time",
            "published",
            "created_at",
            "pubdate",
        ],
    ),
    ("signed", &["成文日期", "date", "signed"]),
];

/// Reads a list by its content.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Entry>, Message> {
    let text = decode::text(bytes).map_err(|fault| {
        Message::new(
            format!("清单第 {} 行编码无法识别，请另存为 UTF-8", fault.line),
            format!("the list is in no known encoding at line {}", fault.line),
        )
    })?;
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with(['{', '[']) { json(text) } else { table(text) }
}

fn key_of(name: &str) -> Option<&'static str> {
    let plain = name.trim().to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(key, _)| *key)
}

fn set(entry: &mut Entry, key: &str, value: &str) {
    let value = value.trim();
    if value.is_empty() {
        return;
    }
    let slot = match key {
        "file" => &mut entry.file,
        "url" => &mut entry.url,
        "title" => &mut entry.title,
        "number" => &mut entry.number,
        "index" => &mut entry.index,
        "issuer" => &mut entry.issuer,
        "published" => &mut entry.published,
        _ => &mut entry.signed,
    };
    slot.get_or_insert_with(|| value.to_owned());
}

fn json(text: &str) -> Result<Vec<Entry>, Message> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        Message::new(format!("清单不是完整的 JSON：{error}"), format!("the list is no whole JSON: {error}"))
    })?;
    let mut lists = Vec::new();
    collect(&value, &mut lists, 0);
    Ok(lists)
}

/// Finds the records: objects with a title, however they are wrapped.
fn collect(value: &Value, out: &mut Vec<Entry>, depth: usize) {
    match value {
        Value::Array(items) if depth < 8 => items.iter().for_each(|item| collect(item, out, depth + 1)),
        Value::Object(map) => {
            let has_title = map.keys().any(|key| matches!(key_of(key), Some("title" | "file" | "url")));
            if let Some(articles) = map.get("articles").filter(|value| value.is_array()) {
                // What stands beside the list describes it and is no document.
                collect(articles, out, depth + 1);
            } else if has_title {
                out.push(record(map));
            } else if depth < 8 {
                map.values().for_each(|value| collect(value, out, depth + 1));
            }
        }
        _ => {}
    }
}

fn record(map: &serde_json::Map<String, Value>) -> Entry {
    let mut entry = Entry::default();
    // `url` is the page, `post_url` its older form.
    for (_, names) in NAMES {
        for name in *names {
            let Some(value) = map.get(*name) else { continue };
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => continue,
            };
            if let Some(key) = key_of(name) {
                set(&mut entry, key, &text);
            }
        }
    }
    for key in ["attachment", "attachments", "附件"] {
        for file in map.get(key).and_then(Value::as_array).into_iter().flatten() {
            let text = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let url = text("url");
            if !url.is_empty() {
                entry.attachments.push((text("name"), url));
            }
        }
    }
    entry
}

fn table(text: &str) -> Result<Vec<Entry>, Message> {
    let mut rows = rows(text).into_iter();
    let heads: BTreeMap<usize, &str> = rows
        .next()
        .unwrap_or_default()
        .iter()
        .enumerate()
        .filter_map(|(column, name)| Some((column, key_of(name)?)))
        .collect();
    if !heads.values().any(|key| matches!(*key, "file" | "url" | "title")) {
        return Err(Message::new(
            "清单第 1 行应当是列名，至少有“文件”“网址”“标题”之一",
            "the first row of the list holds names of columns, at least one of file, url, title",
        ));
    }
    let entry = |row: Vec<String>| {
        let mut entry = Entry::default();
        for (column, value) in row.iter().enumerate() {
            if let Some(key) = heads.get(&column) {
                set(&mut entry, key, value);
            }
        }
        entry
    };
    Ok(rows.map(entry).filter(|entry| *entry != Entry::default()).collect())
}

/// Rows of a CSV file (RFC 4180); a tab in the first line makes it one of tabs.
pub(super) fn rows(text: &str) -> Vec<Vec<String>> {
    let separator = if text.lines().next().is_some_and(|line| line.contains('\t')) { '\t' } else { ',' };
    let (mut rows, mut row, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if is_quoted || cell.is_empty() => is_quoted = !is_quoted,
            c if c == separator && !is_quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' => {}
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    rows
}

/// A cell as CSV writes it.
pub(super) fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, read};

    #[test]
    fn lists_of_every_form() {
        let csv = "文件,标题,文号,网址\na.html,\"关于停车,收费的通知\",示交发〔2026〕7号,https://old.example/a.html\n";
        let found = read(csv.as_bytes()).unwrap();
        assert_eq!(found[0].title.as_deref(), Some("关于停车,收费的通知"));
        assert_eq!(found[0].url.as_deref(), Some("https://old.example/a.html"));
        let json = r#"{"classify":{"name":"x"},"articles":[{"id":1,"title":"甲","document_number":"示交发〔2026〕7号","identifier":"X","publisher":"某局","url":"http://a/b.html","attachment":[{"name":"表.xlsx","url":"/f/1.xlsx"}]}]}"#;
        let found = read(json.as_bytes()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].number.as_deref(), Some("示交发〔2026〕7号"));
        assert_eq!(found[0].attachments, [("表.xlsx".to_owned(), "/f/1.xlsx".to_owned())]);
        assert_eq!(
            read(r#"[{"title":"甲"}]"#.as_bytes()).unwrap(),
            [Entry { title: Some("甲".into()), ..Entry::default() }]
        );
        assert!(read("一,二\n1,2\n".as_bytes()).is_err() && read(b"{").is_err());
    }
}

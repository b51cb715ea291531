//! TOML as the tree that typed reading of front matter takes.
//!
//! The same [`Fields`](crate::meta::Fields) then read both, so that keys
//! in two languages, suggestions and strict dates work alike. Findings get the
//! codes of data files and never block.

use toml::de::{DeTable, DeValue};

use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_markdown::{Body, Entry, FrontMatter, Node, NodeValue, parse_body};

/// The keys and values of a TOML file; a syntax error is a finding.
pub(super) fn read_toml(file: &SourceFile, findings: &mut Vec<Finding>) -> Option<FrontMatter> {
    match DeTable::parse(file.text()) {
        Ok(table) => {
            let entries = entries(file, table.into_inner());
            Some(FrontMatter { is_present: true, is_readable: true, entries, ..FrontMatter::default() })
        }
        Err(error) => {
            let range = error.span().map_or_else(TextRange::default, TextRange::from);
            let message = Message::new(
                format!("文件不符合 TOML 格式，读不出来：{}", error.message()),
                format!("the file is not valid TOML: {}", error.message()),
            );
            let place = Place::range(file, range);
            findings.push(
                Finding::new("Q101", "data-unreadable", "data", Severity::Error, place, message).note(
                    "中文项目名和文字都要加英文引号，如 \"问题\" = \"……\"；多行文字前后各用三个引号。",
                    "Quote Chinese keys and all texts: \"问题\" = \"…\"; three quotes around text of several lines.",
                ),
            );
            None
        }
    }
}

/// In the order of the file, whatever order the parser keeps.
fn entries(file: &SourceFile, table: DeTable<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            key_range: unquoted(file, key.span().into()),
            key: key.into_inner().into_owned(),
            value: node(file, value.span().into(), value.into_inner()),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_range);
    entries
}

fn node(file: &SourceFile, range: TextRange, value: DeValue<'_>) -> Node {
    let text = |text: String| NodeValue::Text(text);
    match value {
        DeValue::String(string) => Node { range: unquoted(file, range), value: text(string.into_owned()) },
        DeValue::Array(items) => {
            let items =
                items.into_iter().map(|item| node(file, item.span().into(), item.into_inner())).collect();
            Node { range, value: NodeValue::List(items) }
        }
        DeValue::Table(table) => Node { range, value: NodeValue::Map(entries(file, table)) },
        // Numbers, dates and booleans as written: the schema knows what a key
        // should hold.
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
            Node { range, value: text(file.slice(range).trim().to_owned()) }
        }
    }
}

/// The range inside the quotes, so that a fix keeps them.
fn unquoted(file: &SourceFile, range: TextRange) -> TextRange {
    let written = file.slice(range);
    for quote in ["\"\"\"", "'''", "\"", "'"] {
        let is_quoted =
            written.len() >= 2 * quote.len() && written.starts_with(quote) && written.ends_with(quote);
        if is_quoted {
            return TextRange::new(range.start + quote.len(), range.end - quote.len());
        }
    }
    range
}

/// A text as prose with its places; none when escapes keep it from standing in
/// the file as it reads.
pub(super) fn prose(file: &SourceFile, range: TextRange, text: &str) -> Option<Body> {
    let at = range.start + file.slice(range).find(text)?;
    (!text.is_empty()).then(|| parse_body(file, TextRange::new(at, at + text.len())))
}

/// Gives what typed reading found the codes of data files.
pub(super) fn as_data_findings(findings: &mut [Finding]) {
    for finding in findings {
        (finding.code, finding.rule) = match finding.code {
            "M103" => ("Q105", "data-key-twice"),
            "M105" => ("Q102", "data-unknown-key"),
            "M106" => ("Q103", "data-missing-key"),
            "M107" | "M108" => ("Q104", "data-wrong-value"),
            _ => (finding.code, finding.rule),
        };
        if finding.code == "Q103" {
            finding.notes.clear();
        }
        finding.category = "data";
        finding.blocks = false;
    }
}

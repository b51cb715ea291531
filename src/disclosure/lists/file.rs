//! `content/lists/<name>.toml` and `.csv`.
//!
//! ```toml
//! "名称" = "涉企行政检查事项清单"
//! "种类" = "行政检查事项"
//! "更新" = 2026-03-01
//!
//! [["条目"]]
//! "检查事项" = "出租汽车经营服务检查"
//! "检查依据" = "《巡游出租汽车经营服务管理规定》第三十九条"
//! "检查主体" = "示例市交通运输局"
//! "检查对象" = "出租汽车经营者"
//! ```

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::kinds::{KINDS, ListKind, list_kind};
use crate::{FORM, csv};
use jiedu_base::finding::{Checked, Finding, Place, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_config::datum::{Codes, Datum, Reader, Value};

const CODES: Codes = Codes { category: "list", ..FORM };

/// A list; what could be read of it.
#[derive(Debug, Clone)]
pub struct List {
    /// 名称.
    pub title: String,
    /// 种类.
    pub kind: Option<&'static ListKind>,
    /// 更新.
    pub updated: Option<Date>,
    /// The fields, in the order in which they first stand.
    pub heads: Vec<String>,
    /// The rows; a field that a row lacks is empty.
    pub rows: Vec<Vec<String>>,
}

/// Reads a list; `name` is the one of its file.
#[must_use]
pub fn read_list(file: &SourceFile, name: &str) -> Checked<List> {
    if file.path().rsplit('.').next() == Some("csv") {
        return read_csv(file, name);
    }
    let reader = Reader::new(file, &CODES);
    let mut list =
        List { title: name.to_owned(), kind: None, updated: None, heads: Vec::new(), rows: Vec::new() };
    let mut ranges = Vec::new();
    if let Some(root) = reader.parse_toml() {
        read_head(&reader, &root, &mut list);
        let items = root.get("条目").map(Datum::items).unwrap_or_default();
        if items.is_empty() {
            reader.missing(Some(&root), "[[条目]]", "至少一条");
        }
        list.heads = heads(items);
        for item in items {
            list.rows.push(list.heads.iter().map(|head| cell(&reader, item.get(head))).collect());
            ranges.push(item.range);
        }
    }
    let mut findings = reader.finish();
    findings.extend(lacking(file, &list, &ranges));
    Checked { value: list, findings }
}

fn read_head(reader: &Reader<'_>, root: &Datum, list: &mut List) {
    reader.only(root, &["名称", "种类", "更新", "条目"]);
    if let Some(title) = reader.text(root, "名称") {
        list.title = title;
    } else {
        reader.missing(Some(root), "名称", "清单名称");
    }
    list.updated = reader.date(root, "更新");
    match reader.text(root, "种类") {
        None => reader.missing(Some(root), "种类", "清单种类"),
        Some(kind) => {
            list.kind = list_kind(&kind);
            if list.kind.is_none() {
                let range = root.get("种类").map(|datum| datum.range).unwrap_or_default();
                let known = KINDS.map(|kind| kind.name).join("、");
                reader.wrong(range, &format!("下列之一：{known}"), &format!("one of: {known}"));
            }
        }
    }
}

fn heads(items: &[Datum]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let keys = items.iter().flat_map(|item| item.entries().iter().map(|entry| entry.key.clone()));
    keys.filter(|key| seen.insert(key.clone())).collect()
}

fn cell(reader: &Reader<'_>, datum: Option<&Datum>) -> String {
    match datum.map(|datum| (&datum.value, datum)) {
        None => String::new(),
        Some((Value::Text(text), _)) => text.trim().to_owned(),
        Some((Value::Bool(true), _)) => "是".to_owned(),
        Some((Value::Bool(false), _)) => "否".to_owned(),
        Some((Value::Date(date), _)) => date.to_string(),
        Some((Value::List(items), _)) => {
            items.iter().map(|item| cell(reader, Some(item))).collect::<Vec<_>>().join("；")
        }
        Some((Value::Table(_), datum)) => {
            reader.wrong(
                datum.range,
                "文字、数字、日期或者它们的列表",
                "a text, number or date, or a list of them",
            );
            String::new()
        }
        Some((Value::Integer(_) | Value::Other, datum)) => reader.file().slice(datum.range).to_owned(),
    }
}

fn read_csv(file: &SourceFile, name: &str) -> Checked<List> {
    let mut rows = csv::parse(file.text());
    let heads = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
    let mut findings = Vec::new();
    let distinct: BTreeSet<&String> = heads.iter().collect();
    if heads.is_empty() || distinct.len() != heads.len() || heads.iter().any(String::is_empty) {
        let message = Message::new(
            "第一行应是各列的名称，不能空着，也不能重复",
            "the first line holds the names of the columns, each once",
        );
        let place = Place::range(file, file.line_range(1));
        findings.push(Finding::new("O502", "list-heads", "list", Severity::Error, place, message));
    }
    for row in &mut rows {
        row.resize(heads.len(), String::new());
    }
    let is_kind = |kind: &&ListKind| kind.required.iter().all(|field| heads.iter().any(|head| head == field));
    let kind = KINDS.iter().find(is_kind);
    Checked { value: List { title: name.to_owned(), kind, updated: None, heads, rows }, findings }
}

/// Rows without a field that their kind requires.
fn lacking(file: &SourceFile, list: &List, ranges: &[TextRange]) -> Vec<Finding> {
    let Some(kind) = list.kind else { return Vec::new() };
    let mut findings = Vec::new();
    for (row, range) in list.rows.iter().zip(ranges) {
        let has = |field: &&str| {
            let at = list.heads.iter().position(|head| head == *field);
            at.and_then(|at| row.get(at)).is_some_and(|cell| !cell.is_empty())
        };
        let absent: Vec<&str> = kind.required.iter().copied().filter(|field| !has(field)).collect();
        if absent.is_empty() {
            continue;
        }
        let name = row.iter().find(|cell| !cell.is_empty()).map_or("", String::as_str);
        let message = Message::new(
            format!("“{name}”这一条缺少：{}", absent.join("、")),
            format!("the row `{name}` lacks: {}", absent.join(", ")),
        );
        let place = Place::range(file, *range);
        let finding = Finding::new("O501", "list-field-missing", "list", Severity::Error, place, message);
        findings.push(finding.note(kind.basis, kind.basis));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::{Change, changes};
    use super::*;

    const FILE: &str = "名称 = \"招标\"\n种类 = \"招标投标\"\n更新 = 2026-03-01\n[[条目]]\n项目名称 = \"甲\"\n招标人 = \"某局\"\n公告日期 = 2026-02-01\n监督部门 = \"某办\"\n[[条目]]\n项目名称 = \"乙\"\n招标人 = \"某局\"\n公告日期 = 2026-02-02\n监督部门 = \"某办\"\n";

    fn read(path: &str, text: &str) -> Checked<List> {
        read_list(&SourceFile::new(path, text), "a")
    }

    #[test]
    fn every_kind_needs_its_fields() {
        assert_eq!(read("a.toml", FILE).findings, []);
        let found = read("a.toml", &FILE.replace("监督部门 = \"某办\"\n[[", "[[")).findings;
        assert_eq!((found.len(), found[0].code), (1, "O501"));
        assert!(found[0].message.zh.contains("监督部门") && found[0].message.zh.contains('甲'));
        assert_eq!(read("a.toml", &FILE.replace("招标投标", "招投标")).findings[0].code, "O104");
        assert_eq!(read("a.toml", &FILE.replace("名称 = \"招标\"", "名字 = \"招标\"")).findings.len(), 2);
        assert_eq!(read("a.toml", "[[").findings[0].code, "O101");
    }

    #[test]
    fn tables_of_spreadsheets_are_lists() {
        let list = read("a.csv", "项目名称,招标人,公告日期,监督部门\n甲,某局,2026-02-01,某办\n乙\n");
        assert_eq!((list.findings.len(), list.value.rows.len()), (0, 2));
        assert_eq!(list.value.kind.map(|kind| kind.name), Some("招标投标"));
        assert_eq!(read("a.csv", "甲,甲\n1,2\n").findings[0].code, "O502");
        assert_eq!(read("a.csv", "").findings[0].code, "O502");
    }

    #[test]
    fn changes_are_told_row_by_row() {
        let old = read("a.toml", FILE).value;
        let new = FILE.replace("2026-02-02", "2026-02-09").replace("\"甲\"", "\"丙\"");
        let found = changes(&old, &read("a.toml", &new).value);
        assert_eq!(found.len(), 3);
        assert!(matches!(&found[0], Change::Added(row) if row[0] == "丙"));
        assert!(
            matches!(&found[1], Change::Changed { name, cells } if name == "乙" && cells[0].0 == "公告日期")
        );
        assert!(matches!(&found[2], Change::Removed(row) if row[0] == "甲"));
        assert!(changes(&old, &old).is_empty());
    }
}

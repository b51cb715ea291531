//! `content/reports/<year>.toml`.
//!
//! ```toml
//! "年份" = 2025
//!
//! ["表二"]
//! "规章" = { "制发" = 0, "废止" = 0, "现行有效" = 0 }
//! "行政规范性文件" = { "制发" = 2, "废止" = 1, "现行有效" = 14 }
//! "行政许可" = 120
//! "行政处罚" = 35
//! "行政强制" = 4
//! "行政事业性收费" = 0
//!
//! ["表三"]                  # 自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计
//! "1" = [40, 2, 0, 0, 1, 0, 43]
//!
//! ["表四"]                  # 维持 纠正 其他 尚未审结 总计
//! "复议" = [1, 0, 0, 0, 1]
//! ```

use std::collections::BTreeMap;

use super::form::{APPLICANTS, OUTCOMES, REVIEWS, ROWS};
use crate::{Decimal, FORM};
use jiedu_base::finding::{Checked, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange, did_you_mean};
use jiedu_config::datum::{Codes, Datum, Reader, Value};

pub(super) const MISSING: (&str, &str) = ("O201", "report-row-missing");
pub(super) const NUMBER: (&str, &str) = ("O202", "report-number");
pub(super) const ROW_SUM: (&str, &str) = ("O203", "report-row-sum");
pub(super) const COLUMN_SUM: (&str, &str) = ("O204", "report-column-sum");
pub(super) const YEAR: (&str, &str) = ("O207", "report-year");

const CODES: Codes = Codes { category: "report", missing: MISSING, wrong: NUMBER, ..FORM };

/// Numbers of a row, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers<const N: usize> {
    /// The numbers in the order of the columns; the last is the sum.
    pub values: [i64; N],
    /// The place of the row.
    pub range: TextRange,
}

/// A line of table two about documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Documents {
    /// 制发.
    pub issued: i64,
    /// 废止.
    pub repealed: i64,
    /// 现行有效.
    pub in_force: i64,
    /// Its place.
    pub range: TextRange,
}

/// A report; what could be read of it.
#[derive(Debug, Clone)]
pub struct AnnualReport {
    /// The file.
    pub file: SourceFile,
    /// 年份.
    pub year: Option<i64>,
    /// 单位.
    pub organ: Option<String>,
    /// 规章 and 行政规范性文件, by name.
    pub documents: BTreeMap<&'static str, Documents>,
    /// 行政许可, 行政处罚, 行政强制, 行政事业性收费, by name.
    pub amounts: BTreeMap<&'static str, Decimal>,
    /// Table three by row.
    pub requests: BTreeMap<&'static str, Numbers<7>>,
    /// Table four by block.
    pub reviews: BTreeMap<&'static str, Numbers<5>>,
    /// 总体情况, 主要问题及改进情况, 其他需要报告的事项.
    pub texts: BTreeMap<&'static str, String>,
}

/// The parts of a report in words.
pub(crate) const TEXTS: [&str; 3] = ["总体情况", "主要问题及改进情况", "其他需要报告的事项"];
/// The lines of table two about documents.
pub(crate) const DOCUMENTS: [&str; 2] = ["规章", "行政规范性文件"];
/// Its other lines.
pub(crate) const AMOUNTS: [&str; 4] = ["行政许可", "行政处罚", "行政强制", "行政事业性收费"];

/// Reads a report and checks what one row can have wrong.
#[must_use]
pub fn read_report(file: &SourceFile) -> Checked<Option<AnnualReport>> {
    let reader = Reader::new(file, &CODES);
    let report = reader.parse_toml().map(|root| read(&reader, &root));
    Checked { value: report, findings: reader.finish() }
}

fn read(reader: &Reader<'_>, root: &Datum) -> AnnualReport {
    let keys: Vec<&str> = ["年份", "单位", "表二", "表三", "表四"].into_iter().chain(TEXTS).collect();
    reader.only(root, &keys);
    let table = |key: &str| {
        let table = reader.table(root, key);
        if root.get(key).is_none() {
            reader.missing(Some(root), key, "官方表格");
        }
        table
    };
    let mut report = AnnualReport {
        file: reader.file().clone(),
        year: read_year(reader, root),
        organ: reader.text(root, "单位"),
        documents: BTreeMap::new(),
        amounts: BTreeMap::new(),
        requests: BTreeMap::new(),
        reviews: BTreeMap::new(),
        texts: TEXTS.into_iter().filter_map(|key| Some((key, reader.text(root, key)?))).collect(),
    };
    if let Some(second) = table("表二") {
        read_second(reader, second, &mut report);
    }
    if let Some(third) = table("表三") {
        read_third(reader, third, &mut report);
    }
    if let Some(fourth) = table("表四") {
        reader.only(fourth, &REVIEWS.map(|(key, _)| key));
        for (key, label) in REVIEWS {
            let name = format!("表四“{key}”（{label}）");
            let datum = fourth.get(key);
            let row = numbers(reader, Some(fourth), datum, (key, &name), OUTCOMES);
            report.reviews.extend(row.map(|row| (key, row)));
        }
    }
    report
}

fn read_year(reader: &Reader<'_>, root: &Datum) -> Option<i64> {
    let Some(datum) = root.get("年份") else {
        reader.missing(Some(root), "年份", "报告的年份");
        return None;
    };
    let year = if let Value::Integer(year @ 1949..=9999) = datum.value { Some(year) } else { None };
    let Some(year) = year else {
        reader.wrong(datum.range, "年份，如 2025", "a year such as 2025");
        return None;
    };
    let name = reader.file().path().rsplit(['/', '\\']).next().unwrap_or("");
    let stem = name.strip_suffix(".toml").unwrap_or(name);
    let is_year = stem.len() == 4 && stem.bytes().all(|b| b.is_ascii_digit());
    if is_year && stem != year.to_string() {
        reader.push(
            YEAR,
            datum.range,
            Message::new(
                format!("“年份”写的是{year}，文件名是 {name}；两处应当一致"),
                format!("`年份` says {year}, but the file is called {name}"),
            ),
        );
    }
    Some(year)
}

fn read_second(reader: &Reader<'_>, table: &Datum, report: &mut AnnualReport) {
    let keys: Vec<&str> = DOCUMENTS.into_iter().chain(AMOUNTS).collect();
    reader.only(table, &keys);
    for key in DOCUMENTS {
        let name = format!("表二“{key}”");
        let Some(datum) = table.get(key) else {
            missing(reader, Some(table), &name);
            continue;
        };
        if !matches!(datum.value, Value::Table(_)) {
            wrong(reader, datum.range, &name, "应为 { 制发 = …, 废止 = …, 现行有效 = … }");
            continue;
        }
        reader.only(datum, &["制发", "废止", "现行有效"]);
        let part = |part: &str| {
            let name = format!("{name}的“{part}”");
            if let Some(value) = datum.get(part) {
                return whole(reader, value, &name);
            }
            missing(reader, Some(datum), &name);
            None
        };
        let (issued, repealed, in_force) = (part("制发"), part("废止"), part("现行有效"));
        if let (Some(issued), Some(repealed), Some(in_force)) = (issued, repealed, in_force) {
            report.documents.insert(key, Documents { issued, repealed, in_force, range: datum.range });
        }
    }
    for key in AMOUNTS {
        let name = format!("表二“{key}”");
        match table.get(key) {
            None => missing(reader, Some(table), &name),
            Some(datum) => {
                report.amounts.extend(amount(reader, datum, key, &name).map(|value| (key, value)));
            }
        }
    }
}

/// A count; of fees an amount of money, which may have a fraction.
fn amount(reader: &Reader<'_>, datum: &Datum, key: &str, name: &str) -> Option<Decimal> {
    if key != "行政事业性收费" {
        return whole(reader, datum, name).map(Decimal::from_integer);
    }
    let value = match datum.value {
        Value::Integer(value) => Some(Decimal::from_integer(value)),
        Value::Other => Decimal::parse(reader.file().slice(datum.range)),
        _ => None,
    };
    match value {
        Some(value) if value.is_negative() => negative(reader, datum.range, name, &value.to_string()),
        Some(value) => return Some(value),
        None => wrong(reader, datum.range, name, "应为金额（数字）；空、/、— 都不是 0"),
    }
    None
}

fn read_third(reader: &Reader<'_>, table: &Datum, report: &mut AnnualReport) {
    let mut rows: BTreeMap<String, &Datum> = BTreeMap::new();
    flatten(table, "", &mut rows);
    let keys = ROWS.map(|row| row.key);
    for (key, datum) in rows.iter().filter(|(key, _)| !keys.contains(&key.as_str())) {
        let meant = did_you_mean(key, keys).map(|key| format!("，是不是“{key}”？")).unwrap_or_default();
        let message =
            Message::new(format!("表三没有“{key}”这一行{meant}"), format!("table three has no row `{key}`"));
        reader.push(CODES.unknown, datum.range, message);
    }
    for row in ROWS {
        let name = format!("表三“{}”（{}）", row.key, row.label);
        let found = numbers(reader, Some(table), rows.get(row.key).copied(), (row.key, &name), APPLICANTS);
        report.requests.extend(found.map(|found| (row.key, found)));
    }
}

/// Rows by key, also where `3.1 = […]` was written without quotation marks,
/// which TOML takes for a table in a table.
fn flatten<'d>(table: &'d Datum, prefix: &str, out: &mut BTreeMap<String, &'d Datum>) {
    for entry in table.entries() {
        let key = if prefix.is_empty() { entry.key.clone() } else { format!("{prefix}.{}", entry.key) };
        match entry.value.value {
            Value::Table(_) => flatten(&entry.value, &key, out),
            _ => {
                out.insert(key, &entry.value);
            }
        }
    }
}

/// The numbers of a row, whose last is the sum of the others.
fn numbers<const N: usize>(
    reader: &Reader<'_>,
    table: Option<&Datum>,
    datum: Option<&Datum>,
    (key, name): (&str, &str),
    columns: [&str; N],
) -> Option<Numbers<N>> {
    let Some(datum) = datum else {
        missing(reader, table, name);
        return None;
    };
    let items = datum.items();
    if !matches!(datum.value, Value::List(_)) || items.len() != N {
        let columns = columns.join("、");
        wrong(reader, datum.range, name, &format!("应有 {N} 个整数，依次是{columns}"));
        return None;
    }
    let mut values = [0; N];
    let mut sound = true;
    for ((item, slot), column) in items.iter().zip(&mut values).zip(columns) {
        match whole(reader, item, &format!("{name}的“{column}”")) {
            Some(value) => *slot = value,
            None => sound = false,
        }
    }
    let row = Numbers { values, range: datum.range };
    sound.then(|| check_row(reader, &row, (key, name), columns)).map(|()| row)
}

fn check_row<const N: usize>(
    reader: &Reader<'_>,
    row: &Numbers<N>,
    (key, name): (&str, &str),
    columns: [&str; N],
) {
    let Some((total, parts)) = row.values.split_last() else { return };
    let sum: i128 = parts.iter().map(|&part| i128::from(part)).sum();
    if sum == i128::from(*total) {
        return;
    }
    let last = columns.last().copied().unwrap_or("");
    let message = Message::new(
        format!("{name}：前 {} 列之和是 {sum}，“{last}”写的是 {total}", parts.len()),
        format!("row {key}: the first {} columns add up to {sum}, but the total says {total}", parts.len()),
    );
    reader.push(ROW_SUM, row.range, message);
}

/// A whole number that is not negative.
fn whole(reader: &Reader<'_>, datum: &Datum, name: &str) -> Option<i64> {
    match datum.value {
        Value::Integer(value) if value >= 0 => Some(value),
        Value::Integer(value) => {
            negative(reader, datum.range, name, &value.to_string());
            None
        }
        _ => {
            wrong(reader, datum.range, name, "应为整数；没有就写 0，空、/、— 都不是 0");
            None
        }
    }
}

fn negative(reader: &Reader<'_>, range: TextRange, name: &str, value: &str) {
    let message =
        Message::new(format!("{name}是负数 {value}"), format!("{name} is a negative number: {value}"));
    reader.push(NUMBER, range, message);
}

fn wrong(reader: &Reader<'_>, range: TextRange, name: &str, zh: &str) {
    let found: String = reader.file().slice(range).chars().take(60).collect();
    let message = Message::new(
        format!("{name}{zh}，写的是 `{found}`"),
        format!("{name} is not what belongs there: `{found}`"),
    );
    reader.push(NUMBER, range, message);
}

fn missing(reader: &Reader<'_>, table: Option<&Datum>, name: &str) {
    let at = table.map_or(0, |table| table.range.start);
    let message = Message::new(format!("缺少{name}这一行"), format!("{name} is missing"));
    reader.report(MISSING, Severity::Error, TextRange::new(at, at), message);
}

/// Whether a file is meant as a report: by its folder, or by its tables.
#[must_use]
pub fn looks_like_report(file: &SourceFile) -> bool {
    let mut parts = file.path().rsplit(['/', '\\']);
    let name = parts.next().unwrap_or("");
    let in_reports = parts.next() == Some("reports");
    let stem = name.strip_suffix(".toml").unwrap_or("");
    let is_year = stem.len() == 4 && stem.bytes().all(|b| b.is_ascii_digit());
    let has = |word: &str| file.text().contains(word);
    (in_reports && is_year) || has("表三") || (has("年份") && (has("表二") || has("表四") || is_year))
}

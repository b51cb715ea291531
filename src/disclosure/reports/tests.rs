//! Annual reports: every row and column, and published figures.

use std::fmt::Write as _;

use super::*;
use jiedu_base::finding::{Finding, Severity};
use jiedu_base::text::SourceFile;

/// A report with the rows given in place of rows of zeros.
pub(crate) fn report(year: i64, rows: &[(&str, [i64; 7])], in_force: (i64, i64, i64)) -> String {
    let mut out = format!(
        "\"年份\" = {year}\n[\"表二\"]\n\"规章\" = {{ \"制发\" = 0, \"废止\" = 0, \"现行有效\" = 0 }}\n\"行政规范性文件\" = {{ \"制发\" = {}, \"废止\" = {}, \"现行有效\" = {} }}\n\"行政许可\" = 1\n\"行政处罚\" = 2\n\"行政强制\" = 3\n\"行政事业性收费\" = 12.5\n[\"表三\"]\n",
        in_force.0, in_force.1, in_force.2
    );
    for row in ROWS {
        let values = rows.iter().find(|(key, _)| *key == row.key).map_or([0; 7], |(_, values)| *values);
        writeln!(out, "\"{}\" = {values:?}", row.key).unwrap();
    }
    out + "[\"表四\"]\n\"复议\" = [119, 25, 91, 24, 259]\n\"直接诉讼\" = [7, 0, 15, 6, 28]\n\"复议后诉讼\" = [21, 1, 7, 9, 38]\n"
}

fn findings(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let report = read_report(&SourceFile::new(path, text)).drain_into(&mut findings);
    findings.extend(report.iter().flat_map(check_sums));
    findings
}

/// 宿迁 2025: the first row of table three, table four and table two.
const SUQIAN: [i64; 7] = [3746, 63, 0, 0, 19, 2, 3830];

#[test]
fn a_published_report_has_no_faults() {
    let rows = [("1", SUQIAN), ("3.1", SUQIAN), ("3.7", SUQIAN)];
    let text = report(2025, &rows, (61, 59, 422));
    assert_eq!(findings("2025.toml", &text), []);
    // 济南市政府 2024: 543 (6 carried) = 541 + 2.
    let one = |n: i64| [n, 0, 0, 0, 0, 0, n];
    let rows = [("1", one(537)), ("2", one(6)), ("3.1", one(541)), ("3.7", one(541)), ("4", one(2))];
    assert_eq!(findings("a.toml", &report(2024, &rows, (0, 0, 0))), []);
}

#[test]
fn every_row_is_added_up_and_named() {
    for row in ROWS {
        let rows = [(row.key, [1, 0, 0, 0, 0, 0, 0])];
        let found = findings("2025.toml", &report(2025, &rows, (0, 0, 0)));
        let sum = found.iter().find(|finding| finding.code == "O203").unwrap();
        assert!(sum.message.zh.contains(&format!("“{}”", row.key)), "{}", sum.message.zh);
        assert!(found.iter().all(|finding| finding.severity == Severity::Error));
    }
}

#[test]
fn every_column_is_added_up() {
    for column in 0..6 {
        let mut values = [0; 7];
        values[column] = 1;
        values[6] = 1;
        for (key, others) in [("3.5.2", 1), ("1", 1), ("2", 1), ("4", 1), ("3.7", 2)] {
            let found = findings("2025.toml", &report(2025, &[(key, values)], (0, 0, 0)));
            assert_eq!(found.len(), others, "{key} {column}: {found:#?}");
            assert!(found.iter().all(|finding| finding.code == "O204"));
            assert!(found[0].message.zh.contains(APPLICANTS[column]), "{}", found[0].message.zh);
        }
    }
}

#[test]
fn faults_of_single_numbers_name_their_row() {
    let good = report(2025, &[], (0, 0, 0));
    let cases = [
        ("\"3.3.8\" = [0, 0, 0, 0, 0, 0, 0]\n", "", "3.3.8"),
        ("\"3.3.8\" = [0, 0, 0, 0, 0, 0, 0]", "\"3.3.8\" = [0, 0, 0, 0, 0, 0]", "3.3.8"),
        ("\"3.3.8\" = [0, 0, 0, 0, 0, 0, 0]", "\"3.3.8\" = [-1, 1, 0, 0, 0, 0, 0]", "3.3.8"),
        ("\"3.3.8\" = [0, 0, 0, 0, 0, 0, 0]", "\"3.3.8\" = [0, 0, \"/\", 0, 0, 0, 0]", "3.3.8"),
        ("\"3.3.8\" = [0, 0, 0, 0, 0, 0, 0]", "\"3.3.8\" = [0, 0, 0.5, 0, 0, 0, 1]", "3.3.8"),
        ("\"3.3.8\" = [0, 0, 0, 0, 0, 0, 0]", "\"3.3.8\" = \"—\"", "3.3.8"),
        ("\"复议\" = [119, 25, 91, 24, 259]", "\"复议\" = [119, 25, 91, 24, 258]", "复议"),
        ("\"复议后诉讼\" = [21, 1, 7, 9, 38]\n", "", "复议后诉讼"),
        ("\"行政强制\" = 3\n", "", "行政强制"),
        ("\"行政强制\" = 3", "\"行政强制\" = -3", "行政强制"),
        ("\"行政事业性收费\" = 12.5", "\"行政事业性收费\" = -12.5", "行政事业性收费"),
        ("\"年份\" = 2025", "\"年份\" = 2024", "年份"),
        ("\"年份\" = 2025", "\"年份\" = \"二〇二五\"", "年份"),
    ];
    for (from, to, row) in cases {
        assert!(good.contains(from), "{from}");
        let found = findings("content/reports/2025.toml", &good.replacen(from, to, 1));
        assert_eq!(found.len(), 1, "{to}: {found:#?}");
        assert!(found[0].message.zh.contains(row), "{}", found[0].message.zh);
        assert_eq!(found[0].severity, Severity::Error);
    }
}

#[test]
fn keys_may_stand_without_quotation_marks() {
    let text = report(2025, &[("3.1", SUQIAN), ("3.7", SUQIAN), ("1", SUQIAN)], (1, 0, 1)).replace('"', "");
    assert_eq!(findings("2025.toml", &text), []);
}

#[test]
fn an_unknown_row_and_key_are_found() {
    let text = report(2025, &[], (0, 0, 0)).replace("[\"表四\"]", "\"3.8\" = [0,0,0,0,0,0,0]\n[\"表四\"]");
    let found = findings("2025.toml", &text);
    assert_eq!(found.len(), 1);
    assert!(found[0].message.zh.contains("3.8"));
    let found = findings("2025.toml", &format!("\"总体情框\" = \"\"\n{}", report(2025, &[], (0, 0, 0))));
    assert_eq!((found.len(), found[0].severity), (1, Severity::Warning));
    assert!(found[0].message.zh.contains("总体情况"));
}

#[test]
fn hostile_files_are_findings() {
    for text in [
        "",
        "\u{0}",
        "[[",
        "\"表三\" = 1",
        "\"年份\" = 99999999999999999999",
        "[\"表三\".\"1\"]\n",
        "\"表二\" = [[[[[]]]]]",
    ] {
        assert!(!findings("2025.toml", text).is_empty(), "{text}");
    }
    let huge = report(2025, &[("1", [i64::MAX; 7])], (0, 0, 0));
    assert!(findings("2025.toml", &huge).iter().any(|finding| finding.code == "O203"));
}

#[test]
fn two_years_are_held_against_each_other() {
    let read = |path: &str, text: &str| read_report(&SourceFile::new(path, text)).value.unwrap();
    // 宿迁: 61 issued, 59 repealed, 422 in force at the end of 2025.
    let earlier = read("2024.toml", &report(2024, &[], (1, 2, 420)));
    assert_eq!(check_against(&earlier, &read("2025.toml", &report(2025, &[], (61, 59, 422)))), []);
    let found = check_against(&earlier, &read("2025.toml", &report(2025, &[], (61, 59, 421))));
    assert_eq!(found.len(), 1);
    assert!(found[0].message.zh.contains("行政规范性文件") && found[0].message.zh.contains("422"));
    assert_eq!(check_against(&earlier, &read("2026.toml", &report(2026, &[], (0, 0, 0)))), []);
    let one = [1, 0, 0, 0, 0, 0, 1];
    let found = check_against(&earlier, &read("2025.toml", &report(2025, &[("2", one)], (2, 0, 422))));
    assert_eq!((found.len(), found[0].severity), (1, Severity::Warning));
}

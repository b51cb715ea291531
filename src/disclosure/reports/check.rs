//! What the columns of a report say to each other, and two years to one another.

use super::AnnualReport;
use super::file::COLUMN_SUM;
use super::form::{APPLICANTS, RESULT_ROWS};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{Message, TextRange};

/// The columns of table three: what came in equals what was dealt with and what
/// is carried over, and the results add up to their total. A column with a row
/// that could not be read is left out: that row has been reported.
#[must_use]
pub fn check_sums(report: &AnnualReport) -> Vec<Finding> {
    let mut findings = Vec::new();
    let row = |key: &str| report.requests.get(key).map(|row| (row.values.map(i128::from), row.range));
    if let Some((totals, range)) = row("3.7") {
        let results: Option<Vec<_>> = RESULT_ROWS.iter().map(|key| row(key)).collect();
        if let Some(results) = results {
            let sum = |column: usize| results.iter().map(|(values, _)| at(values, column)).sum();
            let about =
                ("表三“3.7”（总计）应为“3.1”至“3.6.3”各行之和", "row 3.7 is the sum of rows 3.1 to 3.6.3");
            findings.extend(columns(report, range, about, |column| (sum(column), at(&totals, column))));
        }
        if let (Some((new, _)), Some((carried, _)), Some((left, range))) = (row("1"), row("2"), row("4")) {
            let about = (
                "表三“1”（本年新收）加“2”（上年结转）应等于“3.7”（总计）加“4”（结转下年度）",
                "rows 1 and 2 together equal rows 3.7 and 4",
            );
            findings.extend(columns(report, range, about, |column| {
                (at(&new, column) + at(&carried, column), at(&totals, column) + at(&left, column))
            }));
        }
    }
    findings
}

fn at(values: &[i128; 7], column: usize) -> i128 {
    values.get(column).copied().unwrap_or(0)
}

/// One finding that lists the columns in which the two sides differ.
fn columns(
    report: &AnnualReport,
    range: TextRange,
    (zh, en): (&str, &str),
    sides: impl Fn(usize) -> (i128, i128),
) -> Option<Finding> {
    let differs = |(column, name): (usize, &&str)| {
        let (should, is) = sides(column);
        (should != is)
            .then(|| (format!("“{name}”列应为 {should}，写的是 {is}"), format!("{name}: {should}, not {is}")))
    };
    let (zhs, ens): (Vec<_>, Vec<_>) = APPLICANTS.iter().enumerate().filter_map(differs).unzip();
    if zhs.is_empty() {
        return None;
    }
    let message = Message::new(format!("{zh}：{}", zhs.join("；")), format!("{en}: {}", ens.join("; ")));
    let place = Place::range(&report.file, range);
    let (code, rule) = COLUMN_SUM;
    Some(Finding::new(code, rule, "report", Severity::Error, place, message))
}

/// A report against that of the year before: 现行有效 is last year's plus 制发
/// minus 废止, and what was carried over is what was left. Reports of years that
/// do not follow each other have nothing to say to each other.
#[must_use]
pub fn check_against(earlier: &AnnualReport, later: &AnnualReport) -> Vec<Finding> {
    let follows = earlier.year.zip(later.year).is_some_and(|(a, b)| a + 1 == b);
    if !follows {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (key, now) in &later.documents {
        let Some(before) = earlier.documents.get(key) else { continue };
        let should = i128::from(before.in_force) + i128::from(now.issued) - i128::from(now.repealed);
        if should == i128::from(now.in_force) {
            continue;
        }
        let message = Message::new(
            format!(
                "表二“{key}”的“现行有效”应为 {should}（上年 {} + 制发 {} − 废止 {}），写的是 {}",
                before.in_force, now.issued, now.repealed, now.in_force
            ),
            format!(
                "{key} in force should be {should} ({} last year + {} issued - {} repealed), not {}",
                before.in_force, now.issued, now.repealed, now.in_force
            ),
        );
        let place = Place::range(&later.file, now.range);
        let finding = Finding::new("O205", "report-in-force", "report", Severity::Error, place, message);
        findings.push(finding.label(
            &earlier.file,
            before.range,
            Message::new("上一年的数字在这里", "last year's number is here"),
        ));
    }
    findings.extend(carried(earlier, later));
    findings
}

/// Row 2 of a year is row 4 of the year before.
fn carried(earlier: &AnnualReport, later: &AnnualReport) -> Option<Finding> {
    let (left, taken) = (earlier.requests.get("4")?, later.requests.get("2")?);
    if left.values == taken.values {
        return None;
    }
    let list = |values: &[i64]| values.iter().map(i64::to_string).collect::<Vec<_>>().join("、");
    let message = Message::new(
        format!(
            "表三“2”（上年结转）是 {}，上一年的“4”（结转下年度）是 {}",
            list(&taken.values),
            list(&left.values)
        ),
        format!("row 2 is {}, but row 4 of the year before is {}", list(&taken.values), list(&left.values)),
    );
    let place = Place::range(&later.file, taken.range);
    let finding = Finding::new("O206", "report-carried", "report", Severity::Warning, place, message);
    Some(finding.label(
        &earlier.file,
        left.range,
        Message::new("上一年的这一行在这里", "the row of the year before is here"),
    ))
}

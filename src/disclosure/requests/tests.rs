//! Requests: deadlines with their derivation, and what is refused.

use jiff::civil::date;

use super::*;
use jiedu_base::text::SourceFile;
use jiedu_config::Calendar;

fn request(text: &str) -> Request {
    let read = read_request(&SourceFile::new("r.toml", text));
    assert_eq!(read.findings, [], "{text}");
    read.value.unwrap()
}

fn due(text: &str) -> Deadline {
    deadline(&request(text), &Calendar::official()).unwrap()
}

fn refused(text: &str) -> String {
    deadline(&request(text), &Calendar::official()).unwrap_err().message.zh
}

#[test]
fn worked_values_of_the_reference() {
    assert_eq!(due("收到 = 2025-06-29").due, date(2025, 7, 25));
    assert_eq!(due("收到 = 2025-09-25").due, date(2025, 10, 29));
    assert_eq!(due("收到 = 2026-02-12").due, date(2026, 3, 18));
    assert_eq!(due("收到 = \"2025-06-29\"\n延期 = false").days, 20);
}

#[test]
fn skipped_days_carry_their_reason() {
    let found = due("收到 = 2025-09-25");
    let why = |day| found.skipped.iter().find(|skipped| skipped.date == day).map(|skipped| skipped.why);
    assert_eq!(why(date(2025, 9, 27)), Some(Why::Weekend));
    assert_eq!(why(date(2025, 9, 28)), None, "a Sunday that is worked");
    assert_eq!(why(date(2025, 10, 1)), Some(Why::Holiday));
    assert_eq!(why(date(2025, 10, 4)), Some(Why::Holiday), "a Saturday that the notice names");
    assert_eq!(why(date(2025, 10, 11)), None);
    assert_eq!(found.skipped.len() + 20, 34);
}

#[test]
fn an_extension_adds_twenty_days() {
    let plain = due("收到 = 2025-03-03");
    let longer = due("收到 = 2025-03-03\n延期 = true");
    assert_eq!(plain.due, date(2025, 3, 31));
    assert_eq!(longer.due, Calendar::official().add_working_days(plain.due, 20).unwrap());
}

#[test]
fn the_last_supplement_begins_anew() {
    let text = "收到 = 2025-03-03\n补正 = [{ 告知 = 2025-03-05, 收到 = 2025-03-20 }, { 告知 = 2025-03-06, 收到 = 2025-03-12 }]";
    assert_eq!(due(text).from, date(2025, 3, 20));
    assert_eq!(due("收到 = 2025-03-03\n补正 = []").from, date(2025, 3, 3));
    assert_eq!(
        due("收到 = 2025-03-03\n补正 = [{ 告知 = 2025-03-03, 收到 = 2025-03-03 }]").from,
        date(2025, 3, 3)
    );
}

#[test]
fn spans_of_third_parties_do_not_count_and_may_overlap() {
    let plain = due("收到 = 2025-03-03").due;
    let one = due("收到 = 2025-03-03\n第三方 = [{ 开始 = 2025-03-10, 结束 = 2025-03-14 }]");
    assert_eq!(one.due, Calendar::official().add_working_days(plain, 5).unwrap_or(plain));
    let third: Vec<_> = one.skipped.iter().filter(|day| day.why == Why::ThirdParty).collect();
    assert_eq!((third.len(), third[0].date, third[4].date), (5, date(2025, 3, 10), date(2025, 3, 14)));
    let twice = due(
        "收到 = 2025-03-03\n第三方 = [{ 开始 = 2025-03-10, 结束 = 2025-03-14 }, { 开始 = 2025-03-12, 结束 = 2025-03-14 }]",
    );
    assert_eq!(twice, one);
    let outside = due("收到 = 2025-03-03\n第三方 = [{ 开始 = 2025-02-10, 结束 = 2025-03-03 }]");
    assert_eq!(outside.due, plain);
}

#[test]
fn what_cannot_be_derived_is_refused() {
    assert!(refused("收到 = 2026-12-20").contains("2027"));
    assert!(refused("收到 = 2024-06-01").contains("2024"));
    assert!(
        refused("收到 = 2025-03-03\n第三方 = [{ 开始 = 2025-03-14, 结束 = 2025-03-10 }]")
            .contains("早于开始")
    );
    assert!(refused("收到 = 2025-03-03\n第三方 = [{ 开始 = 2025-03-14 }]").contains("结束"));
    assert!(
        refused("收到 = 2025-03-03\n补正 = [{ 告知 = 2025-03-10, 收到 = 2025-03-07 }]").contains("早于告知")
    );
    assert!(refused("收到 = 2025-03-03\n补正 = [{ 告知 = 2025-03-10 }]").contains("补正"));
    assert!(
        refused("收到 = 2025-03-03\n补正 = [{ 告知 = 2025-03-01, 收到 = 2025-03-07 }]").contains("早于收到")
    );

    assert!(
        refused("收到 = 2025-03-03\n第三方 = [{ 开始 = 2025-03-10, 结束 = 9999-12-31 }]").contains("2027")
    );
}

#[test]
fn misspelt_and_wrong_values_are_found() {
    for (text, part) in [
        ("收到 = 2025-03-03\n延其 = true", "延期"),
        ("收到 = 2025-02-30", ""),
        ("受到 = 2025-03-03", "收到"),
        ("收到 = 2025-03-03\n延期 = \"是\"", "true"),
        ("收到 = 2025-03-03\n补正 = 2025-03-04", "一组表"),
        ("收到 = 2025-03-03\n补正 = [2025-03-04]", "一张表"),
        ("收到 = 2025-03-03\n状态 = \"办结\"", "归档"),
        ("收到 = ", ""),
    ] {
        let found = read_request(&SourceFile::new("r.toml", text)).findings;
        assert!(found.iter().any(|finding| finding.message.zh.contains(part)), "{text}: {found:?}");
    }
}

#[test]
fn requests_are_told_from_other_data() {
    let is = |text: &str| looks_like_request(&SourceFile::new("a.toml", text));
    assert!(is("\"收到\" = 2025-03-03\n"));
    assert!(is("编号 = \"1\"\n收到 = 2025-03-03\n申请人 = \"某某\"\n"));
    assert!(!is("\"公布日期\" = 2025-01-01\n\"收到意见\" = 23\n"));
    assert!(!is("[[意见]]\n收到 = 2025-01-01\n"));
    assert!(!is("收到"));
}

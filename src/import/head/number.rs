//! 发文字号 as documents print it (GB/T 9704-2012, 7.2.5), and numbers of orders
//! and public notices.

use std::sync::LazyLock;

use regex::Regex;

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?P<code>\p{Han}[\p{Han}A-Za-z、·]{0,17})\s*[〔\[（(【﹝〖［]\s*(?P<year>\d{4})\s*年?\s*[〕\]）)】﹞〗］]\s*第?\s*0*(?P<serial>[1-9]\d{0,5})\s*号",
    )
    .ok()
});
static ORDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[（(]?(\p{Han}{2,40}(?:令|公告|通告))[（(]?(?:\d{4}年)?第?[〇零一二三四五六七八九十百\d]{1,6}号[）)]?$",
    )
    .ok()
});
static SERIAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[（(〔]?(?:\d{4}年)?第[〇零一二三四五六七八九十百\d]{1,6}号[）)〕]?$").ok()
});

fn plain(line: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    };
    line.chars().filter(|c| !c.is_whitespace()).map(narrow).collect()
}

/// A number that is a whole line, its brackets and blanks put in order; what
/// may stand beside it are brackets, its own label and 签发人.
pub(super) fn document_number(line: &str) -> Option<String> {
    let bare = plain(line);
    if let Some(found) = NUMBER.as_ref().and_then(|pattern| pattern.captures(&bare)) {
        let whole = found.get(0)?;
        let before = bare.get(..whole.start())?;
        let after = bare.get(whole.end()..)?;
        let label = before.trim_end_matches(['：', ':']);
        let is_labelled = label.len() < before.len() && ["文号", "发文字号", "编号", "字号"].contains(&label);
        let is_alone = (is_labelled || before.chars().all(|c| "（([【".contains(c))) && {
            let after = after.trim_start_matches(['）', ')', ']', '】', '，', ',']);
            after.is_empty() || after.starts_with("签发人")
        };
        let part = |name| found.name(name).map_or("", |part| part.as_str());
        let code = part("code");
        let code =
            ["发文字号", "文号"].iter().fold(code, |code, label| code.strip_prefix(label).unwrap_or(code));
        return (is_alone && !code.is_empty() && code.chars().count() <= 14)
            .then(|| format!("{code}〔{}〕{}号", part("year"), part("serial")));
    }
    let found = ORDER.as_ref().and_then(|pattern| pattern.captures(&bare))?;
    found.get(1)?;
    Some(bare.trim_matches(['（', '）', '(', ')']).replace(['（', '('], ""))
}

/// A number in brackets at the end of a title.
pub(super) fn in_title(title: &str) -> Option<String> {
    let bare = plain(title);
    let inner = bare.strip_suffix(['）', ')'])?;
    let at = inner.rfind(['（', '('])?;
    // The brackets of the number itself may be round.
    let from = inner.get(..at).and_then(|before| before.rfind(['（', '(']));
    [Some(at), from].into_iter().flatten().find_map(|at| {
        let text = inner.get(at..)?;
        document_number(text.trim_start_matches(['（', '(']))
    })
}

/// The number of an order whose heading and number stand in two lines.
pub(super) fn of_two_lines(first: &str, second: &str) -> Option<String> {
    let (first, second) = (plain(first), plain(second));
    let is_serial = SERIAL.as_ref().is_some_and(|pattern| pattern.is_match(&second));
    let is_heading = ["令", "公告", "通告"].iter().any(|end| first.ends_with(end))
        && !first.contains('，')
        && first.chars().count() <= 40;
    (is_serial && is_heading).then(|| first + second.trim_matches(['（', '）', '(', ')', '〔', '〕']))
}

/// Whether a line is only the serial of an order or notice.
pub(super) fn is_serial(line: &str) -> bool {
    SERIAL.as_ref().is_some_and(|pattern| pattern.is_match(&plain(line)))
}

/// Who issued an order or notice, by its heading.
pub(super) fn issuer_of(number: &str) -> Option<&str> {
    let at = ["令第", "令（", "公告", "通告"].iter().filter_map(|mark| number.find(mark)).min()?;
    number.get(..at).filter(|issuer| issuer.chars().count() >= 3)
}

#[cfg(test)]
mod tests {
    use super::{document_number, in_title, issuer_of, of_two_lines};

    #[test]
    fn numbers_are_read_however_they_are_spelled() {
        for (line, number) in [
            ("示交发〔2026〕7 号", "示交发〔2026〕7号"),
            ("示交发[2026]07号", "示交发〔2026〕7号"),
            ("（国办发〔2017〕47号）", "国办发〔2017〕47号"),
            ("示交发﹝２０２６﹞７号", "示交发〔2026〕7号"),
            ("示交规字（2026）第3号", "示交规字〔2026〕3号"),
            ("文号：示交发〔2026〕7号", "示交发〔2026〕7号"),
            ("示交发〔2026〕7号　　　签发人：张某", "示交发〔2026〕7号"),
            ("示例市人民政府令第15号", "示例市人民政府令第15号"),
            ("示例市人民政府令　第 15 号", "示例市人民政府令第15号"),
            ("国家税务总局公告2025年第3号", "国家税务总局公告2025年第3号"),
        ] {
            assert_eq!(document_number(line).as_deref(), Some(number), "{line}");
        }
        for line in [
            "根据国办发〔2017〕47号文件",
            "《关于停车的通知》（示交发〔2026〕7号）同时废止",
            "第15号",
            "2026年7号",
        ] {
            assert_eq!(document_number(line), None, "{line}");
        }
        assert_eq!(in_title("关于停车的通知（示交发〔2026〕7号）").as_deref(), Some("示交发〔2026〕7号"));
        assert_eq!(in_title("关于停车的通知(示交发(2026)7号)").as_deref(), Some("示交发〔2026〕7号"));
        assert_eq!(of_two_lines("示例市人民政府令", "第 15 号").as_deref(), Some("示例市人民政府令第15号"));
        assert_eq!(issuer_of("示例市人民政府令第15号"), Some("示例市人民政府"));
    }
}

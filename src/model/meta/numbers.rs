//! 索引号, 发文字号, 统一编号: their form and what they must agree with.

use super::agreement::Report;
use crate::{DocumentClass, PolicyMeta, Spanned};
use jiedu_base::finding::{Applicability, Finding, Severity};
use jiedu_config::{Office, is_uscc};

/// A document number taken apart: `济交办〔2025〕14号`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DocumentNumber<'a> {
    pub(super) code: &'a str,
    pub(super) year: i16,
}

/// Reads a document number; none when its form is wrong.
pub(super) fn read_document_number(text: &str) -> Option<DocumentNumber<'_>> {
    let (code, rest) = text.split_once('〔')?;
    let (year, rest) = rest.split_once('〕')?;
    let serial = rest.strip_suffix('号')?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_code = !code.is_empty() && code.chars().all(|c| c.is_alphanumeric() && !c.is_ascii_digit());
    let is_serial = !serial.is_empty() && digits(serial) && !serial.starts_with('0');
    let year = (year.len() == 4 && digits(year)).then(|| year.parse().ok())??;
    (is_code && is_serial).then_some(DocumentNumber { code, year })
}

/// Orders are numbered otherwise: `国务院令第711号`.
fn is_order(text: &str) -> bool {
    let serial = text
        .split_once("令第")
        .and_then(|(organ, rest)| rest.strip_suffix('号').filter(|_| !organ.is_empty()));
    serial.is_some_and(|serial| {
        !serial.is_empty() && serial.bytes().all(|b| b.is_ascii_digit()) && !serial.starts_with('0')
    })
}

/// The number that was probably meant, when only marks and padding are wrong.
fn repaired(text: &str) -> Option<String> {
    let mut fixed = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '[' | '(' | '（' | '【' | '﹝' | '［' | '{' => fixed.push('〔'),
            ']' | ')' | '）' | '】' | '﹞' | '］' | '}' => fixed.push('〕'),
            '０'..='９' => fixed.extend(u32::from(c).checked_sub(0xfee0).and_then(char::from_u32)),
            _ => fixed.push(c),
        }
    }
    let fixed = fixed.replace("年〕", "〕").replace("〕第", "〕");
    let (head, tail) = fixed.split_once('〕')?;
    let tail = tail.trim_start_matches('0');
    let tail = if tail.ends_with('号') { tail.to_owned() } else { format!("{tail}号") };
    let fixed = format!("{head}〕{tail}");
    read_document_number(&fixed).is_some().then_some(fixed)
}

/// Whether the text was issued by the office itself: another organ's text, as
/// lead of a joint one or reposted, carries that organ's numbers.
fn is_own(meta: &PolicyMeta, office: &Office) -> bool {
    let lead = meta.issuers.first().map(|issuer| issuer.value.as_str());
    let own = lead.is_none_or(|lead| lead == office.name || office.short_name.as_deref() == Some(lead));
    own && meta.reposted.is_none()
}

/// 发文字号: form, the office's codes, the year.
pub(super) fn check_document_number(report: &mut Report<'_>, meta: &PolicyMeta, office: &Office) {
    let Some(number) = &meta.document_number else { return };
    let Some(parts) = read_document_number(&number.value) else {
        if !is_order(&number.value) {
            wrong_document_number(report, number);
        }
        return;
    };
    if !office.codes.is_empty() && is_own(meta, office) && !office.codes.iter().any(|code| code == parts.code)
    {
        report.push(
            finding(
                report,
                "M113",
                "document-number-code",
                Severity::Warning,
                number,
                format!("机关代字“{}”不在 site.toml 的 codes 里", parts.code),
                format!("the code `{}` is not among `codes` in site.toml", parts.code),
            )
            .note(
                "联合行文用主办机关的字号；本单位的新代字请加到 [office] codes。",
                "Add a new code of the office to [office] codes.",
            ),
        );
    }
    if let Some(signed) = &meta.signed
        && signed.value.year() != parts.year
    {
        let message = (
            format!("发文字号的年份 {} 与成文日期 {} 不一致", parts.year, signed.value),
            format!(
                "the year {} of the document number differs from the signed date {}",
                parts.year, signed.value
            ),
        );
        report.push(finding(
            report,
            "M114",
            "document-number-year",
            Severity::Warning,
            number,
            message.0,
            message.1,
        ));
    }
}

fn wrong_document_number(report: &mut Report<'_>, number: &Spanned<String>) {
    let wrong = finding(
        report,
        "M112",
        "document-number-form",
        Severity::Error,
        number,
        format!(
            "发文字号 `{}` 的写法不对，应为“机关代字〔年份〕序号号”，如 济交办〔2025〕14号",
            number.value
        ),
        format!("the document number `{}` should read like 济交办〔2025〕14号", number.value),
    )
    .note(
        "年份用四位数字和六角括号〔〕，序号不编虚位、不加“第”，中间不留空格（GB/T 9704-2012 第 7.2.5 条）。",
        "Four-digit year in 〔〕, serial without padding or 第, no spaces (GB/T 9704-2012, 7.2.5).",
    );
    report.push(match repaired(&number.value) {
        Some(fixed) => wrong.fix(fixed, Applicability::Safe),
        None => wrong,
    });
}

/// 索引号: the office's pattern, its code, the check character.
pub(super) fn check_index_number(report: &mut Report<'_>, meta: &PolicyMeta, office: &Office) {
    let Some(number) = &meta.index_number else { return };
    let pattern = office.index_pattern.as_str();
    let Some(parts) = office.index_pattern.read(&number.value) else {
        report.push(finding(
            report,
            "M109",
            "index-number-form",
            Severity::Error,
            number,
            format!("索引号 `{}` 不符合本单位的格式 {pattern}", number.value),
            format!("the index number `{}` does not follow the office's pattern {pattern}", number.value),
        ));
        return;
    };
    let Some(code) = parts.uscc else { return };
    if !is_uscc(&code) {
        report.push(
            finding(
                report,
                "M110",
                "index-number-checksum",
                Severity::Error,
                number,
                format!("索引号里的统一社会信用代码 `{code}` 校验位不对，可能抄错了"),
                format!("the credit code `{code}` in the index number fails its check character"),
            )
            .note(
                "请与单位的登记证书核对 18 位代码（GB 32100-2015）。",
                "Compare the 18 characters with the registration certificate.",
            ),
        );
    } else if code != office.uscc && is_own(meta, office) {
        report.push(finding(
            report,
            "M111",
            "index-number-office",
            Severity::Warning,
            number,
            format!("索引号里的代码 `{code}` 不是本单位的代码 `{}`", office.uscc),
            format!("the code `{code}` in the index number is not the office's `{}`", office.uscc),
        ));
    }
}

/// 统一编号: there iff the document is a 行政规范性文件.
pub(super) fn check_registration(report: &mut Report<'_>, meta: &PolicyMeta, office: &Office) {
    let is_normative = meta.class == DocumentClass::Normative;
    match &meta.registration_number {
        None if is_normative && meta.stage == crate::Stage::Issued => report.push(report.finding(
            "M116",
            "registration-number-presence",
            Severity::Error,
            report.top(),
            "行政规范性文件应当有统一编号（统一登记、统一编号、统一印发）",
            "a 行政规范性文件 needs a registration number (统一编号)",
        )),
        Some(number) if !is_normative => report.push(finding(
            report,
            "M116",
            "registration-number-presence",
            Severity::Error,
            number,
            "只有行政规范性文件才有统一编号；请改“文件类别”，或去掉统一编号".to_owned(),
            "only a 行政规范性文件 has a registration number; change the class or drop the number".to_owned(),
        )),
        Some(number) => check_registration_form(report, meta, office, number),
        None => {}
    }
}

fn check_registration_form(
    report: &mut Report<'_>,
    meta: &PolicyMeta,
    office: &Office,
    number: &Spanned<String>,
) {
    let Some(pattern) = &office.registration_pattern else { return };
    let Some(parts) = pattern.read(&number.value) else {
        report.push(finding(
            report,
            "M130",
            "registration-number-form",
            Severity::Error,
            number,
            format!("统一编号 `{}` 不符合格式 {}", number.value, pattern.as_str()),
            format!(
                "the registration number `{}` does not follow the pattern {}",
                number.value,
                pattern.as_str()
            ),
        ));
        return;
    };
    let document_year = meta
        .document_number
        .as_ref()
        .and_then(|number| read_document_number(&number.value))
        .map(|parts| parts.year);
    if let (Some(year), Some(document_year)) = (parts.year, document_year)
        && year != document_year
    {
        report.push(finding(
            report,
            "M131",
            "registration-number-year",
            Severity::Warning,
            number,
            format!("统一编号的年份 {year} 与发文字号的年份 {document_year} 不一致"),
            format!("the year {year} differs from the document number's {document_year}"),
        ));
    }
}

fn finding(
    report: &Report<'_>,
    code: &'static str,
    rule: &'static str,
    severity: Severity,
    at: &Spanned<String>,
    zh: String,
    en: String,
) -> Finding {
    report.finding(code, rule, severity, at.range, zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_numbers_in_use_are_read() {
        for good in ["济交办〔2025〕14号", "国办发明电〔2021〕11号", "鲁政办发〔2025〕5号"]
        {
            assert!(read_document_number(good).is_some(), "{good}");
        }
        assert!(is_order("国务院令第711号") && is_order("山东省人民政府令第337号"));
    }

    #[test]
    fn wrong_forms_are_repaired_when_the_meaning_is_clear() {
        for bad in [
            "济交办[2025]14号",
            "济交办(2025)14号",
            "济交办（2025）14号",
            "济交办【2025】14号",
            "济交办﹝2025﹞14号",
            "济交办〔2025年〕14号",
            "济交办〔2025〕014号",
            "济交办〔2025〕第14号",
            "济交办〔2025〕14 号",
            "济交办〔２０２５〕14号",
            "济交办〔2025〕14",
        ] {
            assert_eq!(read_document_number(bad), None, "{bad}");
            assert_eq!(repaired(bad).as_deref(), Some("济交办〔2025〕14号"), "{bad}");
        }
        for bad in ["济交办〔25〕14号", "14号", "〔2025〕14号", ""] {
            assert_eq!(read_document_number(bad), None, "{bad}");
            assert_eq!(repaired(bad), None, "{bad}");
        }
    }
}

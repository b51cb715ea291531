//! What the values of a policy's front matter must agree with: each other, the
//! office's settings, the calendar. Nothing here blocks.

use super::numbers;
use crate::{DocumentClass, PolicyMeta, Stage, Validity};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_config::Config;
use jiedu_markdown::{FrontMatter, Node, NodeValue};

/// Where findings about one front matter go.
pub(super) struct Report<'a> {
    file: &'a SourceFile,
    top: TextRange,
    findings: &'a mut Vec<Finding>,
}

impl Report<'_> {
    /// Where a missing value is reported.
    pub(super) fn top(&self) -> TextRange {
        self.top
    }

    pub(super) fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    pub(super) fn finding(
        &self,
        code: &'static str,
        rule: &'static str,
        severity: Severity,
        range: TextRange,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Finding {
        Finding::new(code, rule, "metadata", severity, Place::range(self.file, range), Message::new(zh, en))
    }
}

/// Checks the front matter of a policy.
pub(crate) fn check_policy_meta(
    file: &SourceFile,
    front: &FrontMatter,
    meta: &PolicyMeta,
    config: &Config,
    findings: &mut Vec<Finding>,
) {
    let mut report = Report { file, top: file.line_range(1), findings };
    numbers::check_index_number(&mut report, meta, &config.office);
    numbers::check_document_number(&mut report, meta, &config.office);
    numbers::check_registration(&mut report, meta, &config.office);
    check_dates(&mut report, meta, config);
    check_term(&mut report, meta, config);
    check_subject(&mut report, meta, config);
    check_consultation(&mut report, meta);
    check_validity(&mut report, meta);
    check_title(&mut report, meta, config);
    for entry in &front.entries {
        check_placeholder(&mut report, &entry.value);
    }
}

/// 成文 ≤ 发布, and 20 working days between them at most (条例第二十六条).
fn check_dates(report: &mut Report<'_>, meta: &PolicyMeta, config: &Config) {
    let (Some(signed), Some(published)) = (&meta.signed, &meta.published) else { return };
    let (from, until) = (signed.value, published.value.date);
    if from > until {
        let finding = report.finding(
            "M115",
            "published-before-signed",
            Severity::Error,
            published.range,
            format!("发布日期 {until} 早于成文日期 {from}"),
            format!("the publish date {until} is earlier than the signed date {from}"),
        );
        report.push(finding.label(report.file, signed.range, Message::new("成文日期", "signed date")));
        return;
    }
    let limit = config.rules.disclosure_days;
    match config.calendar.working_days_between(from, until) {
        Ok(days) if days > limit => report.push(
            report
                .finding(
                    "M121",
                    "published-late",
                    Severity::Warning,
                    published.range,
                    format!("成文后第 {days} 个工作日才发布，超过 {limit} 个工作日"),
                    format!("published {days} working days after signing; the limit is {limit}"),
                )
                .note(
                    "《政府信息公开条例》第二十六条：自形成或者变更之日起 20 个工作日内公开。",
                    "Disclosure regulation, art. 26: within 20 working days.",
                ),
        ),
        Ok(_) => {}
        Err(unknown) => report.push(unknown_year(report, unknown.year, published.range)),
    }
}

/// A date for which no holiday notice is known: said, never a block.
fn unknown_year(report: &Report<'_>, year: i16, range: TextRange) -> Finding {
    report
        .finding(
            "M122",
            "calendar-year-unknown",
            Severity::Hint,
            range,
            format!("没有 {year} 年的节假日安排，算不出工作日，请人工核对期限"),
            format!("no holiday notice is known for {year}: working days cannot be counted"),
        )
        .note(
            format!("可以在 site.toml 里加 [calendar.{year}]。"),
            format!("Add [calendar.{year}] to site.toml."),
        )
}

/// 施行日期 and 有效期至.
fn check_term(report: &mut Report<'_>, meta: &PolicyMeta, config: &Config) {
    let Some(expires) = &meta.expires else { return };
    let start = meta.effective.as_ref().or(meta.signed.as_ref());
    let Some(start) = start else { return };
    if expires.value <= start.value {
        let finding = report.finding(
            "M120",
            "term-order",
            Severity::Error,
            expires.range,
            format!("有效期至 {} 不晚于施行日期 {}", expires.value, start.value),
            format!("the expiry {} is not later than the effective date {}", expires.value, start.value),
        );
        return report.push(finding);
    }
    if meta.class != DocumentClass::Normative {
        return;
    }
    let title = meta.title.as_ref().map_or("", |title| title.value.as_str());
    let is_trial = title.contains("暂行") || title.contains("试行");
    let years = if is_trial { config.rules.trial_years } else { config.rules.validity_years };
    let span = jiff::Span::new().try_years(i64::from(years)).ok();
    let last =
        span.and_then(|span| start.value.checked_add(span).ok()).and_then(|date| date.yesterday().ok());
    if last.is_some_and(|last| expires.value > last) {
        let finding = report.finding(
            "M132",
            "term-too-long",
            Severity::Warning,
            expires.range,
            format!("有效期超过 {years} 年（{}至 {}）", start.value, expires.value),
            format!("the term is longer than {years} years ({} to {})", start.value, expires.value),
        );
        let (zh, en) = (
            "“暂行”“试行”文件用较短的上限；上限在 site.toml 的 [rules] validity_years、trial_years 里设。",
            "The limits are [rules] validity_years and trial_years in site.toml.",
        );
        report.push(finding.note(zh, en));
    }
}

fn check_subject(report: &mut Report<'_>, meta: &PolicyMeta, config: &Config) {
    let Some(subject) = &meta.subject else { return };
    let (first, second) = (&subject.value.0, subject.value.1.as_deref());
    let tree = &config.office.subjects;
    if tree.contains(first, second) {
        return;
    }
    let (zh, en) = match (tree.children(first), second) {
        (Some(children), Some(second)) => (
            format!("主题分类“{first}”下面没有“{second}”，可选：{}", children.join("、")),
            format!("subject `{first}` has no second level `{second}`; it has: {}", children.join(", ")),
        ),
        _ => (
            format!("主题分类里没有“{first}”这个一级分类"),
            format!("`{first}` is not a first-level subject"),
        ),
    };
    report.push(report.finding("M117", "subject-unknown", Severity::Warning, subject.range, zh, en));
}

/// 征求意见 iff 阶段 is 征求意见.
fn check_consultation(report: &mut Report<'_>, meta: &PolicyMeta) {
    let is_draft = meta.stage == Stage::Consultation;
    match &meta.consultation {
        None if is_draft => report.push(report.finding(
            "M118",
            "consultation-presence",
            Severity::Error,
            report.top(),
            "阶段是“征求意见”，但没有填“征求意见”的开始、截止和渠道",
            "the stage is 征求意见, but `consultation` with its dates and channels is missing",
        )),
        Some(consultation) if !is_draft => report.push(report.finding(
            "M118",
            "consultation-presence",
            Severity::Error,
            consultation.range,
            "填了“征求意见”，但阶段不是“征求意见”",
            "`consultation` is given, but the stage is not 征求意见",
        )),
        Some(consultation) if consultation.value.until < consultation.value.from => {
            report.push(report.finding(
                "M133",
                "consultation-order",
                Severity::Error,
                consultation.range,
                format!(
                    "征求意见截止日期 {} 早于开始日期 {}",
                    consultation.value.until, consultation.value.from
                ),
                format!(
                    "the consultation ends {} before it begins {}",
                    consultation.value.until, consultation.value.from
                ),
            ));
        }
        _ => {}
    }
}

/// 有效性 must agree with the dates when it is given: as far as the day of
/// publication tells; see [`crate::validity_on`] for other days.
fn check_validity(report: &mut Report<'_>, meta: &PolicyMeta) {
    let (Some(validity), Some(published)) = (&meta.validity, &meta.published) else { return };
    let day = published.value.date;
    if validity.value == Validity::Expired && meta.expires.is_none() {
        report.push(report.finding(
            "M119",
            "validity-disagrees",
            Severity::Warning,
            validity.range,
            "有效性写“失效”，却没有写“有效期至”：读者看不出何时失效；被废止的请写“废止”",
            "expired, but no expiry date says since when; write repealed where it was repealed",
        ));
    }
    let disagrees = match validity.value {
        Validity::InForce => meta.expires.as_ref().is_some_and(|expires| expires.value < day),
        Validity::NotYet => meta.effective.as_ref().is_none_or(|effective| effective.value <= day),
        // Whether a term has run out depends on the day of reading.
        Validity::Expired | Validity::Repealed | Validity::Amended | Validity::Partial => false,
    };
    if disagrees {
        report.push(report.finding(
            "M119",
            "validity-disagrees",
            Severity::Error,
            validity.range,
            "有效性与施行日期、有效期至、发布日期对不上",
            "the validity does not agree with the effective, expiry and publish dates",
        ));
    }
}

fn check_title(report: &mut Report<'_>, meta: &PolicyMeta, config: &Config) {
    let Some(title) = &meta.title else { return };
    let length = u32::try_from(title.value.chars().count()).unwrap_or(u32::MAX);
    let limit = config.rules.title_length;
    if length > limit {
        report.push(report.finding(
            "M123",
            "title-long",
            Severity::Hint,
            title.range,
            format!("标题有 {length} 个字，超过 {limit} 个字，可考虑精简"),
            format!("the title has {length} characters, more than {limit}"),
        ));
    }
}

/// Values that a broken template leaves behind.
fn check_placeholder(report: &mut Report<'_>, node: &Node) {
    match &node.value {
        NodeValue::Text(text) => {
            let leaked = ["None", "null", "undefined", "NaN", "{{", "}}", "TODO", "XXX"];
            let words = || text.split(|c: char| !c.is_ascii_alphanumeric());
            let found = leaked.iter().find(|word| {
                if word.starts_with(['{', '}']) {
                    text.contains(**word)
                } else {
                    words().any(|part| part == **word)
                }
            });
            if let Some(word) = found {
                report.push(report.finding(
                    "M124",
                    "placeholder-left",
                    Severity::Error,
                    node.range,
                    format!("`{word}` 像是没有填上的占位内容"),
                    format!("`{word}` looks like a placeholder that was never filled in"),
                ));
            }
        }
        NodeValue::List(items) => items.iter().for_each(|item| check_placeholder(report, item)),
        NodeValue::Map(entries) => entries.iter().for_each(|entry| check_placeholder(report, &entry.value)),
        NodeValue::Blank => {}
    }
}

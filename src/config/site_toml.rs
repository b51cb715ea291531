//! Reads `site.toml`.

use std::collections::BTreeMap;

use super::datum::{Codes, Datum, Reader};
use super::settings::{
    Column, Columns, Config, EvidenceMode, Labels, Office, Record, RuleLevel, RuleSettings, SiteSettings,
};
use super::{Calendar, NumberPattern, SubjectTree, is_uscc};
use jiedu_base::finding::{Checked, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange};

/// Rules that keep a set from being published whatever the office sets
/// (contract details 74).
const FIXED: [&str; 17] = [
    "TS-01",
    "TS-02",
    "TS-04",
    "TS-07",
    "TS-09",
    "TS-16",
    "plan-missing",
    "material-missing",
    "interprets-other-set",
    "plan-unit-missing",
    "approval-covers-part",
    "plan-without-forms",
    "planned-material-missing",
    "planned-form-open",
    "release-not-together",
    "disclosure-mismatch",
    "policy-missing",
];

impl Config {
    /// Reads `site.toml`. The value is none when there is any error; all
    /// errors are reported at once.
    #[must_use]
    pub fn parse(file: &SourceFile) -> Checked<Option<Self>> {
        let reader = Reader::new(file, &Codes::SITE);
        let config = reader.parse_toml().map(|root| read(&reader, &root));
        let failed = reader.has_errors();
        Checked { value: config.filter(|_| !failed), findings: reader.finish() }
    }
}

fn read(reader: &Reader<'_>, root: &Datum) -> Config {
    reader.only(root, &["site", "office", "columns", "labels", "rules", "record", "theme", "calendar"]);
    let office = read_office(reader, root);
    let theme = reader.table(root, "theme").and_then(|theme| {
        reader.only(theme, &["name"]);
        reader.text(theme, "name")
    });
    let mut calendar = Calendar::official();
    if let Some(years) = reader.table(root, "calendar") {
        calendar.read_years(reader, years);
    }
    Config {
        site: read_site(reader, root, &office.name),
        columns: read_columns(reader, root),
        labels: read_labels(reader, root),
        rules: reader.table(root, "rules").map(|rules| read_rules(reader, rules)).unwrap_or_default(),
        record: reader.table(root, "record").map(|record| read_record(reader, record)).unwrap_or_default(),
        theme: theme.unwrap_or_else(|| "default".to_owned()),
        office,
        calendar,
    }
}

fn required(reader: &Reader<'_>, table: Option<&Datum>, section: &str, key: &str, zh: &str) -> String {
    let found = table.and_then(|table| table.get(key).is_some().then(|| reader.text(table, key)));
    match found {
        // A value of the wrong type has been reported by the reader.
        Some(Some(text)) => text,
        Some(None) if table.and_then(|table| table.get(key)).is_some_and(|datum| !is_text(datum)) => {
            String::new()
        }
        _ => {
            reader.missing(table, &format!("[{section}] {key}"), zh);
            String::new()
        }
    }
}

fn is_text(datum: &Datum) -> bool {
    matches!(datum.value, super::datum::Value::Text(_))
}

fn read_site(reader: &Reader<'_>, root: &Datum, office: &str) -> SiteSettings {
    let table = reader.table(root, "site");
    let name = required(reader, table, "site", "name", "网站规范名称");
    let mut base_url = required(reader, table, "site", "base_url", "网站地址");
    let Some(table) = table else { return SiteSettings { name, base_url, ..SiteSettings::default() } };
    reader.only(
        table,
        &[
            "name",
            "base_url",
            "id_code",
            "icp",
            "police",
            "sponsor",
            "operator",
            "contact",
            "error_report_url",
            "organ_mark_url",
            "production",
        ],
    );
    check_url(reader, table, "base_url");
    if !base_url.is_empty() && !base_url.ends_with('/') {
        base_url.push('/');
    }
    for key in ["error_report_url", "organ_mark_url"] {
        check_url(reader, table, key);
    }
    let site = SiteSettings {
        name,
        base_url,
        id_code: reader.text(table, "id_code"),
        icp: reader.text(table, "icp"),
        police: reader.text(table, "police"),
        sponsor: reader.text(table, "sponsor").unwrap_or_else(|| office.to_owned()),
        operator: reader.text(table, "operator"),
        contact: reader.text(table, "contact"),
        error_report_url: reader.text(table, "error_report_url"),
        organ_mark_url: reader.text(table, "organ_mark_url"),
        production: reader.flag(table, "production").unwrap_or_default(),
    };
    if let (Some(code), Some(datum)) = (&site.id_code, table.get("id_code"))
        && !is_site_code(code)
    {
        let en = "a site code: ten digits, or `bm` and eight digits";
        reader.wrong(datum.range, "网站标识码（10 位数字，或 bm 加 8 位数字）", en);
    }
    check_production(reader, table, &site);
    site
}

/// `http(s)://host/…` without a query or fragment.
fn check_url(reader: &Reader<'_>, table: &Datum, key: &str) {
    let (Some(datum), Some(text)) = (table.get(key), reader.text(table, key)) else { return };
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or("");
    let bad = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\');
    let is_base = key == "base_url" && text.contains(['?', '#']);
    if host.is_empty() || host.starts_with('/') || text.contains(bad) || is_base {
        reader.wrong(datum.range, "以 https:// 开头的网址", "an address that begins with https://");
    }
}

fn is_site_code(code: &str) -> bool {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    digits(code, 10) || code.strip_prefix("bm").is_some_and(|rest| digits(rest, 8))
}

/// A site in production needs the complete frame; all gaps are named at once.
fn check_production(reader: &Reader<'_>, table: &Datum, site: &SiteSettings) {
    let items = [
        ("id_code", "网站标识码", &site.id_code),
        ("icp", "ICP备案号", &site.icp),
        ("police", "公安备案号", &site.police),
        ("contact", "联系方式", &site.contact),
        ("error_report_url", "找错入口", &site.error_report_url),
    ];
    let missing: Vec<_> = items.iter().filter(|(_, _, value)| value.is_none()).collect();
    let (true, Some(datum)) = (site.production && !missing.is_empty(), table.get("production")) else {
        return;
    };
    let list = |separator, name: fn(&(&'static str, &'static str, &Option<String>)) -> String| {
        missing.iter().map(|item| name(item)).collect::<Vec<_>>().join(separator)
    };
    let message = Message::new(
        format!("正式网站（production = true）还缺：{}", list("、", |(key, zh, _)| format!("{zh}（{key}）"))),
        format!("a site in production also needs: {}", list(", ", |(key, _, _)| (*key).to_owned())),
    );
    reader.push(("C105", "config-production-incomplete"), datum.range, message);
}

fn read_office(reader: &Reader<'_>, root: &Datum) -> Office {
    let table = reader.table(root, "office");
    let name = required(reader, table, "office", "name", "单位全称");
    let uscc = required(reader, table, "office", "uscc", "统一社会信用代码");
    if let Some(datum) = table.and_then(|table| table.get("uscc"))
        && !uscc.is_empty()
        && !is_uscc(&uscc)
    {
        let zh = "18 位统一社会信用代码（校验位不对或有不允许的字符）";
        reader.wrong(datum.range, zh, "an 18-character credit code with a right check character");
    }
    let pattern = |key| {
        let text = table.and_then(|table| reader.text(table, key))?;
        let pattern = NumberPattern::parse(&text);
        if let (None, Some(datum)) = (&pattern, table.and_then(|table| table.get(key))) {
            reader.wrong(
                datum.range,
                "编号格式，如 {uscc}/{year}-{serial}",
                "a pattern such as {uscc}/{year}-{serial}",
            );
        }
        pattern
    };
    let index_pattern = pattern("index_pattern").or_else(|| NumberPattern::parse("{uscc}/{year}-{serial}"));
    let registration_pattern = pattern("registration_pattern");
    let mut codes = Vec::new();
    let mut subjects = None;
    let mut short_name = None;
    if let Some(table) = table {
        let known =
            ["name", "uscc", "short_name", "codes", "index_pattern", "registration_pattern", "subjects"];
        reader.only(table, &known);
        codes = reader.texts(table, "codes");
        short_name = reader.text(table, "short_name");
        subjects = reader.table(table, "subjects").map(|tree| SubjectTree::read(reader, tree));
    }
    Office {
        name,
        uscc,
        short_name,
        codes,
        index_pattern: index_pattern.unwrap_or_default(),
        registration_pattern,
        subjects: subjects.unwrap_or_else(SubjectTree::national),
    }
}

fn read_columns(reader: &Reader<'_>, root: &Datum) -> Columns {
    let table = reader.table(root, "columns");
    if let Some(table) = table {
        reader.only(table, &["policies", "interpretations"]);
    }
    let column = |key, name: &str, description: &str| {
        let mut column = Column {
            name: name.to_owned(),
            description: description.to_owned(),
            keywords: vec![name.to_owned(), "政务公开".to_owned()],
            kind: name.to_owned(),
        };
        if let Some(given) = table.and_then(|table| reader.table(table, key)) {
            reader.only(given, &["name", "description", "keywords", "type"]);
            for (field, key) in [
                (&mut column.name, "name"),
                (&mut column.description, "description"),
                (&mut column.kind, "type"),
            ] {
                *field = reader.text(given, key).unwrap_or_else(|| field.clone());
            }
            if given.get("keywords").is_some() {
                column.keywords = reader.texts(given, "keywords");
            }
        }
        column
    };
    Columns {
        policies: column("policies", "政策文件", "公开发布的政策文件及其解读"),
        interpretations: column("interpretations", "政策解读", "对政策文件的解读材料"),
    }
}

fn read_labels(reader: &Reader<'_>, root: &Datum) -> Labels {
    let table = reader.table(root, "labels");
    if let Some(table) = table {
        reader.only(table, &["synchrony", "organise", "sign", "deploy"]);
    }
    let label = |key, default: &str| {
        table.and_then(|table| reader.text(table, key)).unwrap_or_else(|| default.to_owned())
    };
    Labels {
        synchrony: label("synchrony", "三同步"),
        organise: label("organise", "同步组织"),
        sign: label("sign", "同步审签"),
        deploy: label("deploy", "同步部署"),
    }
}

fn read_rules(reader: &Reader<'_>, table: &Datum) -> RuleSettings {
    let default = RuleSettings::default();
    reader.only(
        table,
        &[
            "interpretation_days",
            "consultation_days",
            "disclosure_days",
            "validity_years",
            "trial_years",
            "title_length",
            "excerpt_percent",
            "home_idle_days",
            "column_idle_days",
            "expiry_notice_days",
            "urgent_days",
            "rectify_days",
            "elements",
            "severity",
        ],
    );
    let number = |key, most, default| reader.number(table, key, most).unwrap_or(default);
    let elements =
        if table.get("elements").is_some() { reader.texts(table, "elements") } else { default.elements };
    RuleSettings {
        interpretation_days: number("interpretation_days", 250, default.interpretation_days),
        consultation_days: number("consultation_days", 365, default.consultation_days),
        disclosure_days: number("disclosure_days", 250, default.disclosure_days),
        validity_years: number("validity_years", 100, default.validity_years),
        trial_years: number("trial_years", 100, default.trial_years),
        title_length: number("title_length", 1000, default.title_length),
        excerpt_percent: number("excerpt_percent", 100, default.excerpt_percent),
        home_idle_days: number("home_idle_days", 3650, default.home_idle_days),
        column_idle_days: number("column_idle_days", 3650, default.column_idle_days),
        expiry_notice_days: number("expiry_notice_days", 3650, default.expiry_notice_days),
        urgent_days: number("urgent_days", 250, default.urgent_days),
        rectify_days: number("rectify_days", 250, default.rectify_days),
        elements,
        severity: reader
            .table(table, "severity")
            .map(|levels| read_severity(reader, levels))
            .unwrap_or_default(),
    }
}

fn read_severity(reader: &Reader<'_>, table: &Datum) -> BTreeMap<String, RuleLevel> {
    let mut levels = BTreeMap::new();
    for entry in table.entries() {
        let level = match reader.text(table, &entry.key).as_deref() {
            Some("off") => RuleLevel::Off,
            Some("hint") => RuleLevel::At(Severity::Hint),
            Some("warning") => RuleLevel::At(Severity::Warning),
            Some("error") => RuleLevel::At(Severity::Error),
            _ => {
                reader.wrong(
                    entry.value.range,
                    " off、hint、warning 或 error",
                    "off, hint, warning or error",
                );
                continue;
            }
        };
        if FIXED.contains(&entry.key.as_str()) && level != RuleLevel::At(Severity::Error) {
            refuse_fixed(reader, &entry.key, entry.value.range);
            continue;
        }
        levels.insert(entry.key.clone(), level);
    }
    levels
}

fn refuse_fixed(reader: &Reader<'_>, rule: &str, range: TextRange) {
    let message = Message::new(
        format!("`{rule}` 是发布的必要条件，不能降级或关闭"),
        format!("`{rule}` is a condition of publication and can neither be lowered nor switched off"),
    );
    reader.push(("C106", "config-fixed-rule"), range, message);
}

fn read_record(reader: &Reader<'_>, table: &Datum) -> Record {
    reader.only(table, &["names", "evidence"]);
    let evidence = match (reader.text(table, "evidence").as_deref(), table.get("evidence")) {
        (Some("private"), _) => EvidenceMode::Private,
        (Some("public") | None, _) => EvidenceMode::Public,
        (Some(_), datum) => {
            reader.wrong(
                datum.map(|datum| datum.range).unwrap_or_default(),
                " public 或 private",
                "public or private",
            );
            EvidenceMode::Private
        }
    };
    Record { names: reader.flag(table, "names").unwrap_or_default(), evidence }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMUM: &str = "[site]\nname = \"示例市交通运输局政策文件库\"\nbase_url = \"https://policy.example.gov.cn\"\n\n[office]\nname = \"示例市交通运输局\"\nuscc = \"113701000041890072\"\n";

    fn parse(text: &str) -> Checked<Option<Config>> {
        Config::parse(&SourceFile::new("site.toml", text))
    }

    #[test]
    fn the_minimum_is_enough() {
        let checked = parse(MINIMUM);
        assert_eq!(checked.findings, []);
        let config = checked.value.unwrap();
        assert_eq!(config.site.base_url, "https://policy.example.gov.cn/");
        assert_eq!(config.site.domain(), "policy.example.gov.cn");
        assert_eq!(config.site.sponsor, "示例市交通运输局");
        assert_eq!(config.rules.interpretation_days, 3);
        assert!(!config.record.names);
    }

    #[test]
    fn unknown_keys_are_errors_with_a_suggestion_and_a_place() {
        let checked = parse(&format!("{MINIMUM}shortname = \"交通局\"\n"));
        assert_eq!(checked.value, None);
        let [finding] = checked.findings.as_slice() else { panic!("{:?}", checked.findings) };
        assert_eq!((finding.code, finding.place.position().line), ("C102", 8));
        assert!(finding.message.zh.contains("short_name"), "{}", finding.message.zh);
    }

    #[test]
    fn every_missing_key_is_named() {
        let checked = parse("");
        let texts: Vec<_> = checked.findings.iter().map(|finding| finding.message.en.as_str()).collect();
        for key in ["[site] name", "[site] base_url", "[office] name", "[office] uscc"] {
            assert!(texts.iter().any(|text| text.contains(key)), "{key}");
        }
        assert_eq!(checked.value, None);
    }

    #[test]
    fn production_names_all_gaps_at_once() {
        let text = MINIMUM.replace("[office]", "production = true\nicp = \"鲁ICP备1号\"\n[office]");
        let checked = parse(&text);
        let [finding] = checked.findings.as_slice() else { panic!("{:?}", checked.findings) };
        assert_eq!(finding.code, "C105");
        for key in ["id_code", "police", "contact", "error_report_url"] {
            assert!(finding.message.en.contains(key));
        }
        assert!(!finding.message.en.contains("icp"));
    }

    #[test]
    fn wrong_values_point_at_themselves() {
        for (extra, code) in [
            ("[rules]\ninterpretation_days = -1\n", "C104"),
            ("[rules]\ninterpretation_days = \"3\"\n", "C104"),
            ("[rules.severity]\n\"TS-01\" = \"off\"\n", "C106"),
            ("[rules.severity]\nspacing = \"loud\"\n", "C104"),
            ("[record]\nevidence = \"secret\"\n", "C104"),
            ("[calendar.2027]\ndays_off = [\"2027-13-01\"]\n", "C104"),
            ("= broken", "C101"),
        ] {
            let checked = parse(&format!("{MINIMUM}{extra}"));
            assert_eq!(
                checked.findings.iter().map(|finding| finding.code).collect::<Vec<_>>(),
                [code],
                "{extra}"
            );
            assert_eq!(checked.value, None);
        }
        assert_eq!(parse(&MINIMUM.replace("0072", "0073")).findings[0].code, "C104");
        assert_eq!(parse(&MINIMUM.replace("https:", "javascript:")).findings[0].code, "C104");
    }

    #[test]
    fn an_office_adds_the_next_year() {
        let extra = "[calendar.2027]\nsource = \"x\"\ndays_off = [2027-01-01]\n";
        let config = parse(&format!("{MINIMUM}{extra}")).value.unwrap();
        assert_eq!(config.calendar.is_working_day(jiff::civil::date(2027, 1, 1)), Ok(false));
        assert_eq!(config.calendar.is_working_day(jiff::civil::date(2027, 1, 4)), Ok(true));
    }
}

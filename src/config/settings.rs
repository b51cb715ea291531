//! The settings of an office, with their defaults.

use std::collections::BTreeMap;

use super::{Calendar, NumberPattern, SubjectTree};
use jiedu_base::finding::Severity;

/// `site.toml`, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `[site]`.
    pub site: SiteSettings,
    /// `[office]`.
    pub office: Office,
    /// `[columns]`.
    pub columns: Columns,
    /// `[labels]`.
    pub labels: Labels,
    /// `[rules]`.
    pub rules: RuleSettings,
    /// `[record]`.
    pub record: Record,
    /// `[theme] name`: a folder below `themes/`; default `default`.
    pub theme: String,
    /// The shipped holiday notices, with `[calendar.<year>]` laid over them.
    pub calendar: Calendar,
}

/// `[site]`: the page frame that 国办发〔2017〕47号 asks for. An item without a
/// value is left out of the pages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SiteSettings {
    /// `name`, required: the site's standard name.
    pub name: String,
    /// `base_url`, required: where the site stands, ending in `/`.
    pub base_url: String,
    /// `id_code`: 网站标识码, ten digits or `bm` and eight.
    pub id_code: Option<String>,
    /// `icp`: ICP备案号.
    pub icp: Option<String>,
    /// `police`: 公安备案号.
    pub police: Option<String>,
    /// `sponsor`: 主办单位; default the office's name.
    pub sponsor: String,
    /// `operator`: 承办单位.
    pub operator: Option<String>,
    /// `contact`: 联系方式.
    pub contact: Option<String>,
    /// `error_report_url`: 我为政府网站找错.
    pub error_report_url: Option<String>,
    /// `organ_mark_url`: 党政机关网站标识.
    pub organ_mark_url: Option<String>,
    /// `production`: whether the frame must be complete.
    pub production: bool,
}

impl SiteSettings {
    /// The host name of the site, for `SiteDomain`.
    #[must_use]
    pub fn domain(&self) -> &str {
        let rest = self.base_url.split_once("://").map_or(self.base_url.as_str(), |(_, rest)| rest);
        rest.split(['/', ':']).next().unwrap_or(rest)
    }
}

/// `[office]`: who publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// `name`, required: full name.
    pub name: String,
    /// `uscc`, required: 统一社会信用代码.
    pub uscc: String,
    /// `short_name`: 规范化简称.
    pub short_name: Option<String>,
    /// `codes`: 机关代字, such as `济交办`; empty means any.
    pub codes: Vec<String>,
    /// `index_pattern`: shape of 索引号; default `{uscc}/{year}-{serial}`.
    pub index_pattern: NumberPattern,
    /// `registration_pattern`: shape of 统一编号, when the office has one.
    pub registration_pattern: Option<NumberPattern>,
    /// `[office.subjects]`: the tree of 主题分类; default that of 中国政府网.
    pub subjects: SubjectTree,
}

/// A column of the site, for the 47号 tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// `name`: `ColumnName`.
    pub name: String,
    /// `description`: `ColumnDescription`.
    pub description: String,
    /// `keywords`: `ColumnKeywords`.
    pub keywords: Vec<String>,
    /// `type`: `ColumnType`.
    pub kind: String,
}

/// `[columns]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// `[columns.policies]`.
    pub policies: Column,
    /// `[columns.interpretations]`.
    pub interpretations: Column,
}

/// `[labels]`: what the office calls things that differ from place to place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// `synchrony`; default 三同步.
    pub synchrony: String,
    /// `organise`; default 同步组织.
    pub organise: String,
    /// `sign`; default 同步审签.
    pub sign: String,
    /// `deploy`; default 同步部署.
    pub deploy: String,
}

/// How a rule was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleLevel {
    /// `off`: not run.
    Off,
    /// `hint`, `warning` or `error`.
    At(Severity),
}

/// `[rules]`: time limits, thresholds, severities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSettings {
    /// `interpretation_days`: working days within which the first material
    /// follows the policy (TS-08); default 3, 0 means the same day.
    pub interpretation_days: u32,
    /// `consultation_days`: days a draft is open for comment (TS-14); default 30.
    pub consultation_days: u32,
    /// `disclosure_days`: working days from 成文 to 发布 (条例第二十六条); default 20.
    pub disclosure_days: u32,
    /// `validity_years`: longest 有效期 of a 规范性文件; default 5.
    pub validity_years: u32,
    /// `trial_years`: longest 有效期 of 暂行 and 试行; default 2.
    pub trial_years: u32,
    /// `title_length`: characters above which a title is reported; default 50.
    pub title_length: u32,
    /// `excerpt_percent`: share of a material's text that may stand word for
    /// word in the policy before it counts as an excerpt; default 60.
    pub excerpt_percent: u32,
    /// `home_idle_days`: days without anything new on the home page (patrol;
    /// 国办秘函〔2019〕19号: two weeks); default 14, 0 switches it off.
    pub home_idle_days: u32,
    /// `column_idle_days`: the same for a first-level column of policies (six
    /// months); default 183, 0 switches it off.
    pub column_idle_days: u32,
    /// `expiry_notice_days`: days before 有效期至 from which a policy is
    /// announced as ending (patrol); default 90, 0 switches it off.
    pub expiry_notice_days: u32,
    /// `urgent_days`: working days in which leaked personal data and secrets are
    /// to be dealt with (patrol); default 1.
    pub urgent_days: u32,
    /// `rectify_days`: the same for everything else; default 10.
    pub rectify_days: u32,
    /// `elements`: content elements that a material set has to cover (TS-12);
    /// default 背景依据, 目标任务, 主要内容.
    pub elements: Vec<String>,
    /// `[rules.severity]`: rule name or code → `off`, `hint`, `warning`, `error`.
    pub severity: BTreeMap<String, RuleLevel>,
}

impl RuleSettings {
    /// How a rule was set, by code or name; none when it was not.
    #[must_use]
    pub fn level(&self, code: &str, rule: &str) -> Option<RuleLevel> {
        self.severity.get(rule).or_else(|| self.severity.get(code)).copied()
    }
}

impl Default for RuleSettings {
    fn default() -> Self {
        Self {
            interpretation_days: 3,
            consultation_days: 30,
            disclosure_days: 20,
            validity_years: 5,
            trial_years: 2,
            title_length: 50,
            excerpt_percent: 60,
            home_idle_days: 14,
            column_idle_days: 183,
            expiry_notice_days: 90,
            urgent_days: 1,
            rectify_days: 10,
            elements: ["背景依据", "目标任务", "主要内容"].map(str::to_owned).to_vec(),
            severity: BTreeMap::new(),
        }
    }
}

/// Where the evidence of approvals goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum EvidenceMode {
    /// `public`: into the site, so that anybody can check.
    #[default]
    Public,
    /// `private`: beside the site, for the archive.
    Private,
}

/// `[record]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// `names`: whether pages name the persons who reviewed; default no.
    pub names: bool,
    /// `evidence`.
    pub evidence: EvidenceMode,
}

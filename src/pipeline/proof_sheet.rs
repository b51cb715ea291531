//! The proof sheet (校样): one printable page with everything a reviewer signs.
//!
//! Rendered texts, open findings and the check code, which a reviewer compares
//! with what `approve` shows on another screen (`approvals.md` §5). It is a
//! working paper of the office, never part of a site.

use serde::Serialize;

use super::Stop;
use super::check::{CheckOptions, check};
use super::revision::{ReadOptions, Revision};
use super::state::JudgedSet;
use jiedu_approve::{StepState, step_label};
use jiedu_base::finding::{Finding, Severity};
use jiedu_base::name::SetId;
use jiedu_markdown::{RenderOptions, render_blocks};
use jiedu_model::PublicationSet;
use jiedu_source::Repository;
use jiedu_theme::Theme;

#[derive(Serialize)]
pub(super) struct Sheet {
    pub(super) title: String,
    pub(super) check_code: String,
    pub(super) facts: Vec<Fact>,
    pub(super) findings: Vec<Line>,
    pub(super) parts: Vec<Part>,
    pub(super) steps: Vec<Step>,
}

#[derive(Serialize)]
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) value: String,
}

#[derive(Serialize)]
pub(super) struct Line {
    pub(super) place: String,
    pub(super) severity: &'static str,
    pub(super) message: String,
    pub(super) code: &'static str,
}

#[derive(Serialize)]
pub(super) struct Part {
    pub(super) kind: &'static str,
    pub(super) title: String,
    pub(super) blocks: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) state: String,
}

/// The proof sheet of a set as an HTML page that stands alone.
///
/// # Errors
/// [`Stop`] when the repository cannot be used, the set is unknown, or a fault
/// leaves it without a digest.
pub fn proof_sheet(repository: &Repository, id: &SetId, options: &CheckOptions<'_>) -> Result<String, Stop> {
    let revision = options.revision.unwrap_or("HEAD");
    let options = CheckOptions { revision: Some(revision), sets: std::slice::from_ref(id), ..*options };
    let report = check(repository, &options)?;
    let read = Revision::read(
        repository,
        ReadOptions { revision, time: options.time, anchor: options.anchor, drafting: false },
    )?;
    let set = read.set(id).ok_or_else(|| {
        Stop::usage(format!("版本 {revision} 里没有“{id}”"), format!("there is no set `{id}` at {revision}"))
    })?;
    let digest = set.digest.ok_or_else(|| {
        Stop::usage(
            format!("“{id}”有不合规定的文件，没有摘要；运行 jiedu check 查看"),
            format!("`{id}` has no digest; see jiedu check"),
        )
    })?;
    let open = report.findings.iter().filter(|finding| finding.category != "approval");
    let sheet = Sheet {
        title: set.title.clone(),
        check_code: digest.check_code(),
        facts: facts(set, &read, &digest.to_string()),
        findings: open.map(line).collect(),
        parts: parts(&set.set),
        steps: set
            .steps
            .iter()
            .skip(1)
            .map(|step| Step {
                name: step_label(&step.step).to_owned(),
                state: state(step.state, step.by.as_ref()),
            })
            .collect(),
    };
    let unusable = |error: &dyn std::fmt::Display| {
        Stop::usage(format!("主题不能使用：{error}"), format!("the theme cannot be used: {error}"))
    };
    let theme =
        Theme::load(&read.config.theme, &read.snapshot.site.files).map_err(|error| unusable(&error))?;
    theme.render("proof", &sheet).map_err(|error| unusable(&error))
}

fn facts(set: &JudgedSet, read: &Revision, digest: &str) -> Vec<Fact> {
    let mut facts = vec![
        Fact { name: "集编号", value: set.id.to_string() },
        Fact { name: "标题", value: set.title.clone() },
        Fact { name: "提交", value: read.commit.to_string() },
        Fact { name: "摘要", value: digest.to_owned() },
    ];
    if let Some(policy) = &set.set.policy {
        let meta = &policy.meta;
        let issuers: Vec<&str> = meta.issuers.iter().map(|issuer| issuer.value.as_str()).collect();
        facts.push(Fact { name: "发文机关", value: issuers.join("、") });
        let number = meta.document_number.as_ref().map_or("（空）", |number| &number.value);
        facts.push(Fact { name: "发文字号", value: number.to_owned() });
        let date = |date: Option<jiff::civil::Date>| {
            date.map_or_else(|| "（空）".to_owned(), |date| date.to_string())
        };
        facts.push(Fact { name: "成文日期", value: date(meta.signed.as_ref().map(|date| date.value)) });
        facts.push(Fact {
            name: "发布日期",
            value: date(meta.published.as_ref().map(|date| date.value.date)),
        });
    }
    facts.push(Fact {
        name: "文件",
        value: set.set.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>().join("、"),
    });
    facts
}

pub(super) fn line(finding: &Finding) -> Line {
    let position = finding.place.position();
    Line {
        place: format!("{}:{}:{}", finding.place.path, position.line, position.column),
        severity: match finding.severity {
            Severity::Error => "错误",
            Severity::Warning => "警告",
            Severity::Hint => "提示",
        },
        message: finding.message.zh.clone(),
        code: finding.code,
    }
}

fn parts(set: &PublicationSet) -> Vec<Part> {
    let html =
        |blocks: &[jiedu_markdown::RenderedBlock]| blocks.iter().map(|block| block.html.clone()).collect();
    let policy = set.policy.iter().map(|policy| Part {
        kind: "政策文件",
        title: policy.meta.title.as_ref().map_or_else(String::new, |title| title.value.clone()),
        blocks: html(&policy.blocks),
    });
    let plan = set.plan.iter().map(|plan| Part {
        kind: "解读方案",
        title: plan.unit.as_ref().map_or_else(String::new, |unit| unit.value.clone()),
        blocks: html(&render_blocks(&plan.file, plan.body.range, &RenderOptions::default())),
    });
    let materials = set.materials.iter().map(|material| Part {
        kind: "解读材料",
        title: material
            .meta
            .title
            .as_ref()
            .map_or_else(|| material.name.clone(), |title| title.value.clone()),
        blocks: html(&material.blocks),
    });
    policy.chain(plan).chain(materials).collect()
}

pub(super) fn state(state: StepState, by: Option<&jiedu_base::name::PersonId>) -> String {
    let by = by.map_or_else(String::new, |person| format!("（{person}）"));
    match state {
        StepState::Done => format!("已签名{by}"),
        StepState::Missing => "未办".to_owned(),
        StepState::Invalid => format!("签名无效{by}"),
    }
}

//! The document `jiedu.patrol/1`, and the list for people.

use std::fmt::Write as _;

use serde::Serialize;

use super::{PatrolItem, PatrolKind, PatrolReport};
use jiedu_base::finding::render::{Item, items};
use jiedu_base::finding::{Finding, Severity};
use jiedu_base::text::Lang;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    revision: &'a str,
    at: String,
    anchored: bool,
    sets: usize,
    editions: usize,
    columns: Vec<ColumnView<'a>>,
    items: Vec<ItemView<'a>>,
}

#[derive(Serialize)]
struct ColumnView<'a> {
    column: &'a str,
    name: &'a str,
    entries: usize,
    newest: Option<String>,
    idle_days: Option<i32>,
    limit_days: u32,
}

#[derive(Serialize)]
struct ItemView<'a> {
    kind: &'static str,
    editions: &'a [u32],
    due: Option<String>,
    #[serde(flatten)]
    finding: Item<'a>,
}

impl PatrolReport {
    /// The document `jiedu.patrol/1`, ending in a line feed.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> String {
        let findings: Vec<Finding> = self.items.iter().map(|item| item.finding.clone()).collect();
        let views = self.items.iter().zip(items(&findings, lang)).map(|(item, finding)| ItemView {
            kind: item.kind.as_str(),
            editions: &item.editions,
            due: item.due.map(|date| date.to_string()),
            finding,
        });
        let document = Document {
            schema: "jiedu.patrol/1",
            revision: self.revision.as_str(),
            at: self.at.rfc3339(),
            anchored: self.anchored,
            sets: self.published.0,
            editions: self.published.1,
            columns: self
                .columns
                .iter()
                .map(|column| ColumnView {
                    column: column.key,
                    name: &column.name,
                    entries: column.entries,
                    newest: column.newest.map(|date| date.to_string()),
                    idle_days: column.idle_days,
                    limit_days: column.limit_days,
                })
                .collect(),
            items: views.collect(),
        };
        // Plain structs with string keys always serialise.
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The list for people: what is to be settled by when.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        let mut out = String::new();
        let mut last = None;
        for item in &self.items {
            let is_hint = item.finding.severity == Severity::Hint;
            if last != Some((item.due, is_hint)) {
                last = Some((item.due, is_hint));
                let head = match (item.due, is_hint, zh) {
                    (Some(date), _, true) => format!("{date} 前整改"),
                    (Some(date), _, false) => format!("by {date}"),
                    (None, true, true) => "提示，不设期限".to_owned(),
                    (None, true, false) => "hints, without a due date".to_owned(),
                    (None, false, true) => "须整改，期限算不出来（缺少节假日安排）".to_owned(),
                    (None, false, false) => {
                        "to be settled; due dates unknown for want of a calendar".to_owned()
                    }
                };
                // Writing to a string cannot fail.
                let _ = writeln!(out, "── {head} ──");
            }
            line(&mut out, item, lang);
        }
        let (sets, editions) = self.published;
        let count = |severity| self.items.iter().filter(|item| item.finding.severity == severity).count();
        let (errors, warnings, hints) =
            (count(Severity::Error), count(Severity::Warning), count(Severity::Hint));
        let _ = if zh {
            writeln!(out, "巡查 {sets} 组、{editions} 个版本：错误 {errors}，警告 {warnings}，提示 {hints}")
        } else {
            writeln!(
                out,
                "{sets} sets, {editions} editions: {errors} errors, {warnings} warnings, {hints} hints"
            )
        };
        out
    }
}

fn line(out: &mut String, item: &PatrolItem, lang: Lang) {
    let zh = lang == Lang::Zh;
    let finding = &item.finding;
    let severity = match (finding.severity, zh) {
        (Severity::Error, true) => "错误",
        (Severity::Warning, true) => "警告",
        (Severity::Hint, true) => "提示",
        (severity, false) => severity.as_str(),
    };
    let numbers: Vec<String> = item.editions.iter().map(u32::to_string).collect();
    let editions = match (numbers.is_empty(), zh) {
        (true, _) => String::new(),
        (false, true) => format!(" 第 {} 版", numbers.join("、")),
        (false, false) => format!(" edition {}", numbers.join(", ")),
    };
    let set = finding.set.as_deref().unwrap_or("");
    let place = &finding.place;
    let at = if place.file.is_some() {
        let position = place.position();
        format!("{}:{}:{}", place.path, position.line, position.column)
    } else {
        place.path.clone()
    };
    let message = finding.message.get(lang);
    let _ = writeln!(
        out,
        "{severity}[{}] {} {set}{editions}\n  {message}\n  {at}",
        finding.code,
        kind(item.kind, zh)
    );
}

fn kind(kind: PatrolKind, zh: bool) -> &'static str {
    if !zh {
        return kind.as_str();
    }
    match kind {
        PatrolKind::PersonalData => "个人信息",
        PatrolKind::Secrecy => "涉密标识",
        PatrolKind::Validity => "有效性",
        PatrolKind::Renamed => "名称用语",
        PatrolKind::Link => "站内链接",
        PatrolKind::Idle => "栏目更新",
        PatrolKind::Attachment => "附件",
        PatrolKind::Report => "校对报告",
        PatrolKind::Calendar => "工作日历",
        PatrolKind::Text => "文字",
    }
}

//! `opinions.toml`: what became of the opinions that a consultation brought.
//!
//! ```toml
//! "公布日期" = 2025-11-20               # published
//! "收到意见" = 23                       # received: how many in all
//! "说明" = "……"                         # note
//!
//! [["意见"]]                            # opinions
//! "内容" = "清理时限太短。"             # text
//! "来源" = "电子邮件"                   # source
//! "数量" = 6                            # count, 1 when not given
//! "采纳" = "部分采纳"                   # adopted: 采纳 yes, 部分采纳 partly, 未采纳 no
//! "理由" = "……"                         # reason: required unless adopted
//! "条款" = ["第七条"]                   # clauses of the present text
//! "原条款" = ["第六条"]                 # draft-clauses, as printed in the draft
//! ```

use super::sheet::{as_data_findings, prose, read_toml};
use super::types::{Adoption, Opinion, OpinionSheet};
use crate::meta::{Fields, Key};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{Message, SourceFile};
use jiedu_markdown::{Body, Node, NodeValue};

const PUBLISHED: Key = Key::new("公布日期", "published");
const RECEIVED: Key = Key::new("收到意见", "received");
const NOTE: Key = Key::new("说明", "note");
const OPINIONS: Key = Key::new("意见", "opinions");
const TEXT: Key = Key::new("内容", "text");
const SOURCE: Key = Key::new("来源", "source");
const COUNT: Key = Key::new("数量", "count");
const ADOPTED: Key = Key::new("采纳", "adopted");
const REASON: Key = Key::new("理由", "reason");
const CLAUSES: Key = Key::new("条款", "clauses");
const DRAFT_CLAUSES: Key = Key::new("原条款", "draft-clauses");

const ADOPTIONS: [(&str, &str, Adoption); 3] = [
    ("采纳", "yes", Adoption::Yes),
    ("部分采纳", "partly", Adoption::Partly),
    ("未采纳", "no", Adoption::No),
];

/// Reads `opinions.toml`. What could be read is kept.
pub(crate) fn read_opinions(file: &SourceFile, findings: &mut Vec<Finding>) -> OpinionSheet {
    let mut sheet = OpinionSheet {
        file: file.clone(),
        published: None,
        received: None,
        note: String::new(),
        opinions: Vec::new(),
        prose: Vec::new(),
    };
    let mut found = Vec::new();
    if let Some(tree) = read_toml(file, &mut found) {
        let mut fields = Fields::new(file, &tree, &mut found);
        fields.only(&[PUBLISHED, RECEIVED, NOTE, OPINIONS]);
        fields.require(PUBLISHED);
        sheet.published = fields.date(PUBLISHED).map(|date| date.value);
        sheet.received = number(&mut fields, RECEIVED);
        let note = fields.text(NOTE);
        sheet.prose.extend(note.as_ref().and_then(|note| prose(file, note.range, &note.value)));
        sheet.note = note.map(|note| note.value).unwrap_or_default();
        if let Some(node) = fields.node(OPINIONS) {
            if let NodeValue::List(items) = &node.value {
                let read = items.iter().filter_map(|item| read_opinion(&mut fields, item, &mut sheet.prose));
                sheet.opinions = read.collect();
            } else {
                fields.wrong(node.range, "若干段 [[\"意见\"]]", "`[[opinions]]` tables", false);
            }
        }
        check_sum(&sheet, fields.findings);
    }
    as_data_findings(&mut found);
    findings.extend(found);
    sheet
}

fn read_opinion(fields: &mut Fields<'_>, node: &Node, texts: &mut Vec<Body>) -> Option<Opinion> {
    let mut inner = fields.inside(node)?;
    inner.only(&[TEXT, SOURCE, COUNT, ADOPTED, REASON, CLAUSES, DRAFT_CLAUSES]);
    inner.require(TEXT);
    inner.require(ADOPTED);
    let text = inner.text(TEXT);
    let adoption = inner.choice(ADOPTED, &ADOPTIONS, false).map(|adoption| adoption.value);
    // Whoever is not followed is told why (重大行政决策程序暂行条例; 山东省优化营商环境条例).
    if matches!(adoption, Some(Adoption::Partly | Adoption::No)) {
        inner.require(REASON);
    }
    let reason = inner.text(REASON);
    let count = number(&mut inner, COUNT).unwrap_or(1).max(1);
    let source = inner.text(SOURCE).map(|source| source.value).unwrap_or_default();
    let (clauses, draft_clauses) = (inner.texts(CLAUSES), inner.texts(DRAFT_CLAUSES));
    let text = text?;
    for text in [Some(&text), reason.as_ref()].into_iter().flatten() {
        texts.extend(prose(inner.file, text.range, &text.value));
    }
    let reason = reason.map(|reason| reason.value).unwrap_or_default();
    Some(Opinion { text, source, count, adoption, reason, clauses, draft_clauses })
}

/// A whole number.
fn number(fields: &mut Fields<'_>, key: Key) -> Option<u32> {
    let node = fields.node(key)?;
    let number = node.as_text().and_then(|text| text.parse().ok());
    if number.is_none() {
        fields.wrong(node.range, "整数", "a whole number", false);
    }
    number
}

/// The opinions listed cannot be more than were received.
fn check_sum(sheet: &OpinionSheet, findings: &mut Vec<Finding>) {
    let Some(received) = sheet.received else { return };
    let listed: u64 = sheet.opinions.iter().map(|opinion| u64::from(opinion.count)).sum();
    if listed <= u64::from(received) {
        return;
    }
    let message = Message::new(
        format!("列出的意见共{listed}条，多于写明的收到意见{received}条"),
        format!("{listed} opinions are listed, more than the {received} received"),
    );
    let place = Place::range(&sheet.file, sheet.file.line_range(1));
    findings.push(Finding::new("Q107", "opinions-miscounted", "data", Severity::Error, place, message));
}

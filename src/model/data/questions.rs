//! `qa.toml`: questions that people asked, with the office's answers.
//!
//! ```toml
//! "来源" = "12345市民服务热线"          # source: where they were asked
//!
//! [["问答"]]                            # questions
//! "编号" = "waidi"                      # id: optional, part of the address
//! "问题" = "外地老年人怎样办卡？"       # question
//! "答复" = "带居民身份证或者居住证。"   # answer: plain text, may span lines
//! "条款" = ["第六条"]                   # clauses: also "2025/other#第三条"
//! "答复单位" = "公共交通处"             # answered-by
//! "日期" = 2026-03-02                   # date of the answer
//! ```

use std::collections::BTreeMap;

use super::sheet::{as_data_findings, prose, read_toml};
use super::types::{Question, QuestionSheet};
use crate::meta::{Fields, Key};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::name::Digest;
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_markdown::{Body, Node, NodeValue};

const SOURCE: Key = Key::new("来源", "source");
const QUESTIONS: Key = Key::new("问答", "questions");
const ID: Key = Key::new("编号", "id");
const QUESTION: Key = Key::new("问题", "question");
const ANSWER: Key = Key::new("答复", "answer");
const CLAUSES: Key = Key::new("条款", "clauses");
const ANSWERED_BY: Key = Key::new("答复单位", "answered-by");
const DATE: Key = Key::new("日期", "date");

/// Reads `qa.toml`. What could be read is kept.
pub(crate) fn read_questions(file: &SourceFile, findings: &mut Vec<Finding>) -> QuestionSheet {
    let mut sheet = QuestionSheet { file: file.clone(), questions: Vec::new(), prose: Vec::new() };
    let mut found = Vec::new();
    if let Some(tree) = read_toml(file, &mut found) {
        let mut fields = Fields::new(file, &tree, &mut found);
        fields.only(&[SOURCE, QUESTIONS]);
        fields.require(QUESTIONS);
        let source = fields.text(SOURCE).map(|source| source.value).unwrap_or_default();
        let items: &[Node] = match fields.node(QUESTIONS).map(|node| &node.value) {
            Some(NodeValue::List(items)) => items,
            _ => &[],
        };
        let mut seen = BTreeMap::new();
        for item in items {
            if let Some(question) = read_question(&mut fields, item, &source, &mut sheet.prose) {
                check_once(file, &question, &mut seen, fields.findings);
                sheet.questions.push(question);
            }
        }
        let other = fields.node(QUESTIONS).filter(|node| !matches!(node.value, NodeValue::List(_)));
        if let Some(node) = other {
            fields.wrong(node.range, "若干段 [[\"问答\"]]", "`[[questions]]` tables", false);
        }
    }
    as_data_findings(&mut found);
    findings.extend(found);
    sheet
}

fn read_question(
    fields: &mut Fields<'_>,
    node: &Node,
    source: &str,
    texts: &mut Vec<Body>,
) -> Option<Question> {
    let mut inner = fields.inside(node)?;
    inner.only(&[ID, QUESTION, ANSWER, CLAUSES, SOURCE, ANSWERED_BY, DATE]);
    inner.require(QUESTION);
    inner.require(ANSWER);
    let (question, answer) = (inner.text(QUESTION), inner.text(ANSWER));
    let id = inner.text(ID).filter(|id| {
        let fits = is_id(&id.value);
        if !fits {
            inner.wrong(
                id.range,
                "小写字母、数字和连字符，如 banka",
                "small letters, digits and hyphens",
                false,
            );
        }
        fits
    });
    let own = inner.text(SOURCE).map(|source| source.value);
    let answered_by = inner.text(ANSWERED_BY).map(|unit| unit.value).unwrap_or_default();
    let (clauses, date) = (inner.texts(CLAUSES), inner.date(DATE).map(|date| date.value));
    let (question, answer) = (question?, answer?);
    for text in [&question, &answer] {
        texts.extend(prose(inner.file, text.range, &text.value));
    }
    let anchor = id
        .map_or_else(|| Digest::of(question.value.as_bytes()).hex().chars().take(8).collect(), |id| id.value);
    Some(Question {
        anchor: format!("qa-{anchor}"),
        question,
        answer: answer.value,
        clauses,
        source: own.unwrap_or_else(|| source.to_owned()),
        answered_by,
        date,
    })
}

/// Part of an address.
fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 63
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The same question, or the same 编号, stands once.
fn check_once(
    file: &SourceFile,
    question: &Question,
    seen: &mut BTreeMap<String, TextRange>,
    findings: &mut Vec<Finding>,
) {
    let here = question.question.range;
    let Some(first) = seen.insert(question.anchor.clone(), here) else { return };
    let message = Message::new("同一个问题或者编号出现了两次", "the same question or id stands twice");
    let place = Place::range(file, here);
    findings.push(Finding::new("Q106", "question-repeated", "data", Severity::Error, place, message).label(
        file,
        first,
        Message::new("第一处在这里", "first given here"),
    ));
}

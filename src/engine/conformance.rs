//! A conformance test that any engine can be run through.
//!
//! Each case is a request with what a conforming engine does with it. Whether
//! the engine finds anything is its own affair; that it speaks the protocol, and
//! counts bytes of UTF-8, is not.

use jiedu_base::finding::Severity;
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_markdown::parse_body;
use jiedu_proof::Profile;

use super::accept::accept;
use super::fault::Fault;
use super::prepare::{Audience, Limits, Lists, Prepared};
use super::protocol::Request;

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    /// What is tried, for people.
    pub name: Message,
    /// The bytes to send.
    pub request: Vec<u8>,
    prepared: Option<Prepared>,
    expect: Expect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A sound answer, nothing of it dropped.
    Sound,
    /// The same answer as to the case before, when the engine calls itself
    /// deterministic.
    Same,
    /// An answer that refuses.
    Refusal,
}

/// What became of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be; the number of findings.
    Good(usize),
    /// Not as it should be, and why.
    Bad(Message),
}

/// The cases, in order.
#[must_use]
pub fn cases(limits: Limits) -> Vec<Case> {
    let plain = "# 关于做好出行服务工作的通知\n\n各单位要加强监管,抓好落实。\n\n- 按装设施\n- 完善站点\n";
    let rare = "**😀𠮷**市：见[附件](attachments/a.pdf)，第二行\n换行&amp;实体。\n\n| 甲 | 乙 |\n|---|---|\n| 㐀㐁 | é |\n";
    let long = "各单位要加强组织领导，压实工作责任，确保各项任务落到实处。\n\n".repeat(2_000);
    let sound = |zh: &str, en: &str, text: &str, expect| {
        let prepared = prepared(text, limits)?;
        let request = serde_json::to_vec(&prepared.request).ok()?;
        Some(Case { name: Message::new(zh, en), request, prepared: Some(prepared), expect })
    };
    let odd = |zh: &str, en: &str, request: Vec<u8>| {
        Some(Case { name: Message::new(zh, en), request, prepared: None, expect: Expect::Refusal })
    };
    let other = |change: fn(&mut Request)| {
        let mut request = prepared(plain, limits)?.request;
        change(&mut request);
        serde_json::to_vec(&request).ok()
    };
    let cases = [
        sound("普通文稿", "an ordinary text", plain, Expect::Sound),
        sound("同一文稿再问一次", "the same text once more", plain, Expect::Same),
        sound("空文稿", "an empty text", "", Expect::Sound),
        sound(
            "生僻字、表情、表格、实体、软换行",
            "rare characters, emoji, tables, entities, soft breaks",
            rare,
            Expect::Sound,
        ),
        sound("长文稿", "a long text", &long, Expect::Sound),
        other(|request| "jiedu.proof-request/99".clone_into(&mut request.protocol))
            .and_then(|bytes| odd("未知协议版本", "an unknown version of the protocol", bytes)),
        odd("不是 JSON", "no JSON", b"{".to_vec()),
    ];
    cases.into_iter().flatten().collect()
}

fn prepared(text: &str, limits: Limits) -> Option<Prepared> {
    let file = SourceFile::new("conformance.md", text);
    let body = parse_body(&file, TextRange::new(0, text.len()));
    Prepared::new(&body, Profile::Official, Audience::Public, Lists::default(), &[], limits).ok()
}

/// Judges the answer to a case; `before` is the answer to the case before it.
#[must_use]
pub fn judge(case: &Case, answer: &Result<Vec<u8>, Fault>, before: Option<&[u8]>, limits: Limits) -> Outcome {
    let bytes = match (answer, case.expect) {
        // An engine may also refuse by failing.
        (Err(Fault::Failed { .. }), Expect::Refusal) => return Outcome::Good(0),
        (Err(fault), _) => return Outcome::Bad(fault.message()),
        (Ok(bytes), _) => bytes,
    };
    let Some(prepared) = &case.prepared else { return refusal(bytes) };
    let accepted = match accept(prepared, &[], bytes, limits, Severity::Warning) {
        Ok(accepted) => accepted,
        Err(fault) => return Outcome::Bad(fault.message()),
    };
    if !accepted.dropped.is_empty() {
        let reasons = format!("{:?}", accepted.dropped);
        return Outcome::Bad(Message::new(
            format!("有的结果与原文对不上：{reasons}"),
            format!("findings do not match the text: {reasons}"),
        ));
    }
    if case.expect == Expect::Same && accepted.engine.deterministic && before != Some(bytes) {
        return Outcome::Bad(Message::new(
            "自称结果确定（deterministic），但两次答复不同",
            "it calls itself deterministic, and the two answers differ",
        ));
    }
    Outcome::Good(accepted.findings().len())
}

fn refusal(bytes: &[u8]) -> Outcome {
    let answer: Option<super::protocol::Answer> = serde_json::from_slice(bytes).ok();
    if answer.is_some_and(|answer| answer.error.is_some()) {
        return Outcome::Good(0);
    }
    Outcome::Bad(Message::new(
        "应当以 error 字段或失败退出拒绝",
        "it should refuse, with the field `error` or a failing exit",
    ))
}

//! Answers, honest and hostile, against what is believed of them.

use serde_json::{Value, json};

use super::*;
use jiedu_base::text::SourceFile;
use jiedu_config::Wordlist;
use jiedu_markdown::parse_body;
use jiedu_proof::{self as proof, Profile, body_range};

const TEXT: &str = "---\n标题: 甲\n负责人: 13800138000\n---\n\n各单位要加强**监\n管**，电话13912345678。\n\n第二段😀𠮷文字。\n";

fn body(text: &str) -> Body {
    let file = SourceFile::new("a.md", text);
    let range = body_range(&file);
    parse_body(&file, range)
}

fn own(body: &Body) -> Vec<Finding> {
    proof::check_body(body, Profile::Official, &proof::Lists::default())
}

fn prepared(text: &str) -> (Body, Vec<Finding>, Prepared) {
    let body = body(text);
    let own = own(&body);
    let prepared =
        Prepared::new(&body, Profile::Official, Audience::Public, Lists::default(), &own, Limits::default());
    (body, own, prepared.unwrap())
}

fn answer(prepared: &Prepared, findings: &Value) -> Vec<u8> {
    let engine = json!({"name": "外校", "version": "1", "deterministic": true});
    let document = &prepared.request.document.sha256;
    json!({"protocol": "jiedu.proof-answer/1", "engine": engine, "document": document, "findings": findings})
        .to_string()
        .into_bytes()
}

fn at(text: &str, what: &str) -> (usize, usize) {
    let start = text.find(what).unwrap();
    (start, start + what.len())
}

fn judged(text: &str, findings: &Value, grade: Severity) -> Accepted {
    let (_, own, prepared) = prepared(text);
    accept(&prepared, &own, &answer(&prepared, findings), Limits::default(), grade).unwrap()
}

#[test]
fn personal_data_and_front_matter_stay_in_the_office() {
    let (_, _, prepared) = prepared(TEXT);
    let sent = serde_json::to_string(&prepared.request).unwrap();
    for secret in ["13912345678", "13800138000", "负责人"] {
        assert!(!sent.contains(secret), "{sent}");
    }
    let text = &prepared.request.document.text;
    assert_eq!(text.len(), TEXT.len());
    assert!(text.contains("电话XXXXXXXXXXX。"));
    assert!(prepared.request.segments.iter().any(|segment| segment.text.contains("加强监管，电话XXX")));
}

#[test]
fn what_is_not_for_the_public_is_not_sent() {
    let refused = |text: &str, audience| {
        let body = body(text);
        let own = own(&body);
        let prepared =
            Prepared::new(&body, Profile::Official, audience, Lists::default(), &own, Limits::default());
        prepared.err().map(|finding| finding.code)
    };
    assert_eq!(refused("正文。", Audience::Internal), Some("E903"));
    assert_eq!(refused("机密★10年\n\n正文。", Audience::Public), Some("E903"));
    let many = (0..200).map(|n| format!("电话139{n:08}。\n\n")).collect::<Vec<_>>().concat();
    assert_eq!(refused(&many, Audience::Public), Some("E903"));
    assert_eq!(refused("正文。", Audience::Public), None);
}

#[test]
fn a_finding_is_believed_when_its_words_stand_there() {
    let (start, end) = at(TEXT, "文字");
    let said = json!([{"start": start, "end": end, "quote": "文字", "category": "style",
        "message": "含糊\u{1b}[31m\u{202e}", "suggestion": "具体说法", "severity": "error", "confidence": 0.5}]);
    let accepted = judged(TEXT, &said, Severity::Warning);
    let finding = accepted.findings().first().unwrap();
    assert_eq!((finding.code, finding.category, finding.severity), ("E101", "style", Severity::Hint));
    assert_eq!(finding.message.zh, "外校：含糊[31m");
    assert_eq!(finding.source, "engine:外校 1");
    let fix = finding.fix.as_ref().unwrap();
    assert_eq!(fix.applicability, jiedu_base::finding::Applicability::DisplayOnly);
    assert!(!finding.blocks);
}

#[test]
fn a_segment_maps_back_through_emphasis_and_soft_breaks() {
    let (_, own, prepared) = prepared(TEXT);
    let segment = prepared.request.segments.iter().find(|segment| segment.text.contains("监管")).unwrap();
    let (start, end) = at(&segment.text, "监管");
    let said = json!([{"segment": segment.id, "start": start, "end": end, "quote": "监管", "message": "x"}]);
    let accepted =
        accept(&prepared, &own, &answer(&prepared, &said), Limits::default(), Severity::Hint).unwrap();
    let range = accepted.findings().first().unwrap().place.range;
    assert_eq!(TEXT.get(range.start..range.end), Some("监\n管"));
}

#[test]
fn the_grade_is_capped() {
    let (start, end) = at(TEXT, "文字");
    let said = |severity: &str| json!([{"start": start, "end": end, "quote": "文字", "message": "x", "severity": severity}]);
    let graded =
        |severity: &str, cap| judged(TEXT, &said(severity), cap).findings().first().unwrap().severity;
    assert_eq!(graded("warning", Severity::Error), Severity::Warning);
    assert_eq!(graded("warning", Severity::Hint), Severity::Hint);
    assert_eq!(graded("error", Severity::Error), Severity::Hint);
}

#[test]
fn what_does_not_match_the_text_is_dropped_and_counted() {
    let (start, end) = at(TEXT, "文字");
    let (mask, mask_end) = at(TEXT, "13912345678");
    let one = |start: usize, end: usize, quote: &str| json!({"start": start, "end": end, "quote": quote, "message": "x"});
    let said = json!([
        one(start + 1, end, "文字"),
        one(end, start, "文字"),
        one(usize::MAX - 1, usize::MAX, "文字"),
        one(4, 10, "标题"),
        one(start, end, "别的"),
        one(start, start, ""),
        {"start": start, "end": end, "quote": "文字", "message": " \u{200b}\n"},
        {"segment": 9999, "start": 0, "end": 3, "quote": "x", "message": "x"},
        {"segment": 0, "start": 1, "end": 2, "quote": "x", "message": "x"},
        one(mask, mask_end, "XXXXXXXXXXX"),
    ]);
    let accepted = judged(TEXT, &said, Severity::Warning);
    assert!(accepted.findings().is_empty(), "{:?}", accepted.findings());
    assert_eq!(accepted.dropped.values().sum::<usize>(), 10, "{:?}", accepted.dropped);
    let shown = accepted.into_findings();
    assert_eq!(shown.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["E902"]);
}

#[test]
fn repeats_of_what_is_known_say_nothing() {
    let text = "加强监管,抓好落实。\n";
    let (start, end) = at(text, ",");
    let said = json!([{"start": start, "end": end, "quote": ",", "category": "style", "message": "半角"}]);
    assert!(judged(text, &said, Severity::Warning).into_findings().is_empty());
}

#[test]
fn many_findings_are_cut_in_the_order_of_the_text() {
    let text = "字".repeat(300);
    let said: Vec<Value> = (0..300)
        .rev()
        .map(|n| json!({"start": n * 3, "end": n * 3 + 3, "quote": "字", "message": "x"}))
        .collect();
    let accepted = judged(&text, &json!(said), Severity::Warning);
    assert_eq!(accepted.findings().len(), 200);
    assert_eq!(accepted.dropped.get("surplus"), Some(&100));
    assert_eq!(accepted.findings().first().unwrap().place.range.start, 0);
}

#[test]
fn a_bad_answer_is_a_fault_and_no_pass() {
    let (_, own, prepared) = prepared(TEXT);
    let fault = |bytes: &[u8]| accept(&prepared, &own, bytes, Limits::default(), Severity::Hint).unwrap_err();
    let good = String::from_utf8(answer(&prepared, &json!([]))).unwrap();
    let deep = "[".repeat(100_000);
    for bytes in [
        "",
        "{",
        "null",
        "[1]",
        deep.as_str(),
        &format!("{good} {good}"),
        &good.replace("answer/1", "answer/2"),
    ] {
        assert!(matches!(fault(bytes.as_bytes()), Fault::Malformed { .. }));
    }
    assert!(matches!(fault(b"\xff\xfe"), Fault::Malformed { .. }));
    assert!(matches!(fault(&vec![b' '; 2 << 20]), Fault::TooLarge { .. }));
    assert!(matches!(fault(good.replace("sha256:", "sha256:0").as_bytes()), Fault::OtherText));
    let refusal = good.replace("\"findings\"", "\"error\":\"过载\",\"findings\"");
    assert_eq!(fault(refusal.as_bytes()), Fault::Refused { why: "过载".to_owned() });
    let finding = Fault::TimedOut { seconds: 3 }.finding(&prepared.file, "外校");
    assert_eq!((finding.code, finding.severity, finding.blocks), ("E901", Severity::Warning, false));
}

/// Replies as told.
struct Told(Vec<Reply>);

impl Ask for Told {
    fn ask(&mut self, _: &Request) -> Vec<Reply> {
        self.0.clone()
    }
}

#[test]
fn the_text_may_set_a_finding_aside_with_a_reason() {
    for (comment, left) in [("", 1), ("<!-- 校对:忽略 engine-finding 原文如此 -->\n\n", 0)] {
        let text = format!("{comment}第二段文字。\n");
        let (body, own, prepared) = prepared(&text);
        let (start, end) = at(&text, "文字");
        let said = json!([{"start": start, "end": end, "quote": "文字", "message": "x"}]);
        let reply = Reply {
            name: "外校".to_owned(),
            grade: Severity::Hint,
            limits: Limits::default(),
            answer: Ok(answer(&prepared, &said)),
        };
        let failed = Reply { answer: Err(Fault::TimedOut { seconds: 1 }), ..reply.clone() };
        let found = consult(&body, &prepared, &own, &mut Told(vec![reply, failed]));
        let codes = |code| found.iter().filter(|finding| finding.code == code).count();
        assert_eq!((codes("E101"), codes("E901")), (left, 1), "{found:?}");
    }
}

#[test]
fn a_record_gives_the_same_findings_again() {
    let (_, own, prepared) = prepared(TEXT);
    let (start, end) = at(TEXT, "文字");
    let said = json!([{"start": start, "end": end, "quote": "文字", "message": "x", "severity": "warning"}]);
    let first =
        accept(&prepared, &own, &answer(&prepared, &said), Limits::default(), Severity::Warning).unwrap();
    let record = Record::new(first.answer.clone(), Severity::Warning);
    let name = record_name(&record.document, &first.engine).unwrap();
    assert!(prepared.request.document.sha256.ends_with(name.split('-').next().unwrap()));
    let reply = Record::reply(record.to_json().as_bytes());
    let again = accept(&prepared, &own, &reply.answer.unwrap(), Limits::default(), reply.grade).unwrap();
    assert_eq!(again.findings(), first.findings());
    for bytes in [&b"{}"[..], b"", b"{\"schema\":\"x\"}"] {
        assert!(matches!(Record::reply(bytes).answer, Err(Fault::Malformed { .. })));
    }
}

#[test]
fn the_reference_engine_conforms() {
    let limits = Limits::default();
    let mut before: Option<Vec<u8>> = None;
    for case in cases(limits) {
        let answer = serde_json::to_vec(&reference_answer(&case.request)).unwrap();
        let outcome = judge(&case, &Ok(answer.clone()), before.as_deref(), limits);
        assert!(matches!(outcome, Outcome::Good(_)), "{}: {outcome:?}", case.name.en);
        before = Some(answer);
    }
    let first = &cases(limits)[0];
    assert!(matches!(judge(first, &Ok(b"{}".to_vec()), None, limits), Outcome::Bad(_)));
    assert!(matches!(judge(first, &Err(Fault::TimedOut { seconds: 1 }), None, limits), Outcome::Bad(_)));
}

#[test]
fn the_offices_words_go_with_the_request() {
    let file = SourceFile::new("a.toml", "allow = [\"机购\"]\n[[terms]]\nuse = \"甲\"\navoid = [\"乙\"]\n");
    let list = Wordlist::parse(&file).value;
    let lists = Lists::new([&list], &["丙".to_owned()]);
    assert_eq!(lists.allow, ["丙", "机购"]);
    assert_eq!(lists.terms.first().map(|term| term.r#use.as_str()), Some("甲"));
}

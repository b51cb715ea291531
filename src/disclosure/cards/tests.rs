//! Cards: their values, clauses and verdicts, at their boundaries too.

use std::fmt::Write as _;
use std::sync::Arc;

use super::*;
use jiedu_base::files::{SetFile, SetFiles};
use jiedu_base::finding::Severity;
use jiedu_base::name::{Digest, SetId};
use jiedu_base::text::SourceFile;
use jiedu_config::Config;
use jiedu_model::{PublicationSet, parse_set};

const POLICY: &str = "---\n标题: 某市网约车合规发展扶持办法\n发文机关: 某局\n索引号: 113701000041890072/2025-00001\n主题分类: 交通\n成文日期: 2025-06-29\n发布日期: 2025-06-30\n---\n\n第一条 为促进发展，制定本办法。\n\n第二条 本办法所称企业，是指高新技术企业、专精特新企业。\n\n第三条 企业注册资本不低于三百万元、从业人员超过50人，且2025年6月30日前登记的，可以申请补助。\n\n（一）补助金额为10万元，30个工作日内拨付；\n\n（二）占比不超过百分之三十。\n\n第四条 年满18周岁的驾驶员，可以申请。\n";

fn set(cards: &str) -> PublicationSet {
    let file = |path: &str, text: &str| SetFile {
        path: path.to_owned(),
        bytes: Arc::from(text.as_bytes()),
        digest: Digest::of(text.as_bytes()),
    };
    let files =
        SetFiles { files: vec![file("cards.toml", cards), file("policy.md", POLICY)], faults: Vec::new() };
    let site = "[site]\nname = \"某\"\nbase_url = \"https://a.example/\"\n[office]\nname = \"某局\"\nuscc = \"113701000041890072\"\n";
    let config = Config::parse(&SourceFile::new("site.toml", site)).value.unwrap();
    parse_set(&SetId::parse("2025/a").unwrap(), &files, &config).value
}

fn card(kind: &str, conditions: &[(&str, &str, &str, &str, &str)]) -> String {
    let mut out = format!(
        "[[卡片]]\n编号 = \"a\"\n名称 = \"补助\"\n类型 = \"{kind}\"\n对象 = \"企业\"\n条文 = \"第三条\"\n"
    );
    for (fact, sign, value, unit, clause) in conditions {
        writeln!(out, "[[卡片.条件]]\n事实 = \"{fact}\"\n比较 = \"{sign}\"\n值 = {value}").unwrap();
        if !unit.is_empty() {
            writeln!(out, "单位 = \"{unit}\"").unwrap();
        }
        if !clause.is_empty() {
            writeln!(out, "条文 = \"{clause}\"").unwrap();
        }
    }
    out
}

fn found(text: &str) -> Vec<(&'static str, Severity)> {
    let set = set(text);
    let mut findings = Vec::new();
    let sheet = cards_of(&set).unwrap().drain_into(&mut findings);
    findings.extend(check_cards(&sheet, &Clauses { own: set.policy.as_ref(), others: &|_| None }));
    findings.iter().map(|finding| (finding.code, finding.severity)).collect()
}

fn verdict(text: &str, facts: &str) -> Eligibility {
    let set = set(text);
    let sheet = cards_of(&set).unwrap().value;
    let facts = Facts::read(&SourceFile::new("facts.json", facts)).value;
    let clauses = Clauses { own: set.policy.as_ref(), others: &|_| None };
    evaluate(&sheet, &clauses, &facts).remove(0)
}

const GOOD: &[(&str, &str, &str, &str, &str)] = &[
    ("注册资本", ">=", "300", "万元", ""),
    ("从业人员", ">", "50", "人", "第三条"),
    ("登记日期", "<", "2025-06-30", "", "第三条"),
    ("企业类型", "in", "[\"高新技术企业\", \"专精特新企业\"]", "", "第二条"),
    ("占比", "<=", "30", "%", "第三条第二项"),
    ("信用良好", "=", "true", "", "第三条"),
];

#[test]
fn a_good_sheet_has_no_faults() {
    assert_eq!(found(&card("申报", GOOD)), []);
    let parts = format!(
        "{}待遇 = {{ 内容 = \"补助10万元\", 条文 = \"第三条第一项\" }}\n材料 = [\"申请表\"]\n",
        card("申报", &[])
    );
    assert_eq!(found(&parts), []);
}

#[test]
fn values_must_stand_in_their_clause() {
    let error = ("O301", Severity::Error);
    for condition in [
        ("注册资本", ">=", "500", "万元", ""),
        ("注册资本", ">=", "300", "元", ""),
        ("注册资本", ">=", "300", "万元", "第四条"),
        ("年龄", ">=", "18", "周岁", "第三条"),
        ("条", "=", "3", "", "第一条"),
        ("登记日期", "<", "2025-06-03", "", ""),
        ("企业类型", "in", "[\"高新技术企业\", \"瞪羚企业\"]", "", "第二条"),
    ] {
        assert!(found(&card("申报", &[condition])).contains(&error), "{condition:?}");
    }
    let part = format!("{}待遇 = \"补助20万元\"\n", card("申报", &[]));
    assert_eq!(found(&part), [error]);
}

#[test]
fn clauses_must_exist_and_values_fit_their_comparison() {
    for (condition, code) in [
        (("a", "=", "300", "万元", "第九条"), "O302"),
        (("a", ">=", "\"高新技术企业\"", "", "第二条"), "O305"),
        (("a", "in", "300", "万元", ""), "O305"),
        (("a", "in", "[]", "", ""), "O305"),
        (("a", "in", "[300, \"高新技术企业\"]", "", ""), "O305"),
        (("a", "≥", "300", "万元", ""), "O305"),
        (("a", ">", "true", "", ""), "O305"),
        (("a", ">", "50", "人", ""), ""),
        (("a", ">=", "50", "人", ""), "O303"),
        (("a", "<=", "50", "人", ""), ""),
        (("a", ">", "300", "万元", ""), "O303"),
        (("a", ">", "18", "周岁", "第四条"), "O303"),
    ] {
        let codes = found(&card("申报", &[condition]));
        let expected = if code.is_empty() { Vec::new() } else { vec![code] };
        assert_eq!(codes.iter().map(|(code, _)| *code).collect::<Vec<_>>(), expected, "{condition:?}");
    }
    assert_eq!(found(&card("免申", &[])), [("O305", Severity::Error)]);
}

#[test]
fn contradictions_and_repeats_are_found() {
    let both = [("a", ">", "50", "人", ""), ("a", "<", "50", "人", "")];
    assert!(found(&card("申报", &both)).contains(&("O304", Severity::Warning)));
    let fine = [("a", ">", "50", "人", ""), ("a", "<=", "300", "万元", "")];
    assert!(!found(&card("申报", &fine)).iter().any(|(code, _)| *code == "O304"));
    let twice = card("申报", &[]) + &card("申报", &[]);
    assert_eq!(found(&twice), [("O306", Severity::Error)]);
    let automatic = format!("{}材料 = \"申请表\"\n", card("免申即享", &[]));
    assert_eq!(found(&automatic), [("O307", Severity::Warning)]);
}

#[test]
fn unknown_and_missing_keys_are_found() {
    assert!(found("[[卡片]]\n").len() >= 4);
    assert_eq!(
        found(&card("申报", &[]).replace("对象", "对像")).iter().filter(|(code, _)| *code == "O102").count(),
        1
    );
    assert_eq!(found("").first(), Some(&("O103", Severity::Error)));
    assert_eq!(found("卡片 = 1").first().map(|(code, _)| *code), Some("O305"));
}

#[test]
fn verdicts_have_three_values() {
    let text = card("申报", GOOD);
    let all = r#"{"注册资本":300,"从业人员":51,"登记日期":"2025-06-29","企业类型":"专精特新企业","占比":30.0,"信用良好":true}"#;
    let yes = verdict(&text, all);
    assert_eq!((yes.result, yes.needs.len(), yes.because.len()), (Answer::Yes, 0, 6));
    assert_eq!(yes.because[4].clause.as_deref(), Some("art3-i2"));
    assert_eq!((yes.because[1].condition, yes.because[1].clause.as_deref()), (1, Some("art3")));
    for (from, to) in [
        ("300,", "299.999999999999,"),
        ("51", "50"),
        ("2025-06-29", "2025-06-30"),
        ("专精特新企业", "其他企业"),
        ("30.0", "30.0000001"),
        ("true", "false"),
    ] {
        let no = verdict(&text, &all.replacen(from, to, 1));
        assert_eq!((no.result, no.needs.len()), (Answer::No, 0), "{to}");
    }
    for (from, to, needs) in [
        ("\"注册资本\":300", "\"其他\":1", "注册资本"),
        ("300,", "\"300\",", "注册资本"),
        ("300,", "null,", "注册资本"),
        ("300,", "[300],", "注册资本"),
        ("300,", "{\"值\":300},", "注册资本"),
        ("300,", "true,", "注册资本"),
        ("\"2025-06-29\"", "20250629", "登记日期"),
        ("\"2025-06-29\"", "\"2025年6月29日\"", "登记日期"),
        ("true", "1", "信用良好"),
        ("true", "\"true\"", "信用良好"),
        ("\"专精特新企业\"", "1", "企业类型"),
    ] {
        let unknown = verdict(&text, &all.replacen(from, to, 1));
        assert_eq!((unknown.result, unknown.needs), (Answer::Unknown, vec![needs.to_owned()]), "{to}");
    }
}

#[test]
fn a_false_condition_outweighs_a_missing_fact() {
    let found = verdict(&card("申报", GOOD), r#"{"从业人员":50}"#);
    assert_eq!(found.result, Answer::No);
    assert_eq!(found.because[0].result, Answer::Unknown);
    // A condition that nobody understands never makes a yes.
    let broken = verdict(&card("申报", &[("a", "≥", "300", "万元", "")]), r#"{"a":300}"#);
    assert_eq!(broken.result, Answer::Unknown);
}

#[test]
fn boundaries_hold_for_every_comparison() {
    for (sign, below, at, above) in [
        (">", Answer::No, Answer::No, Answer::Yes),
        (">=", Answer::No, Answer::Yes, Answer::Yes),
        ("<", Answer::Yes, Answer::No, Answer::No),
        ("<=", Answer::Yes, Answer::Yes, Answer::No),
        ("=", Answer::No, Answer::Yes, Answer::No),
        ("!=", Answer::Yes, Answer::No, Answer::Yes),
    ] {
        let text = card("申报", &[("a", sign, "300", "万元", "")]);
        for (value, expected) in
            [("299.9999999999999999", below), ("300", at), ("3e2", at), ("300.0000000000000001", above)]
        {
            assert_eq!(verdict(&text, &format!("{{\"a\":{value}}}")).result, expected, "{value} {sign} 300");
        }
    }
}

#[test]
fn facts_that_are_no_object_or_stand_twice_are_faults() {
    for bad in ["[]", "1", "", "{", "{\"a\":1,\"a\":2}", "null"] {
        assert!(!Facts::read(&SourceFile::new("f.json", bad)).findings.is_empty(), "{bad}");
    }
}

#[test]
fn cards_go_stale_with_their_clause() {
    let text = card("申报", GOOD);
    let new = set(&text);
    let mut old_policy = new.policy.clone().unwrap();
    let sheet = cards_of(&new).unwrap().value;
    let no = |_: &SetId| None;
    let current = Clauses { own: new.policy.as_ref(), others: &no };
    assert_eq!(stale_cards(&[(sheet.clone(), current), (sheet.clone(), current)]), []);
    let at = old_policy.provisions.iter().position(|provision| provision.anchor == "art2").unwrap();
    old_policy.provisions[at].fingerprint = Digest::of(b"other");
    let before = Clauses { own: Some(&old_policy), others: &no };
    let stale = stale_cards(&[(sheet.clone(), before), (sheet.clone(), current)]);
    assert_eq!(stale[0].clauses, ["第二条"]);
    // Looked at again: the card itself changed.
    let rewritten = cards_of(&set(&text.replace("补助", "补贴"))).unwrap().value;
    assert_eq!(stale_cards(&[(sheet, before), (rewritten, current)]), []);
}

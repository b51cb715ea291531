//! Data files, read.

use jiff::civil::date;

use super::*;
use jiedu_base::files::{SetFile, SetFiles};
use jiedu_base::finding::Finding;
use jiedu_base::name::{Digest, SetId};
use jiedu_base::text::SourceFile;
use jiedu_config::Config;

fn questions(text: &str) -> (QuestionSheet, Vec<Finding>) {
    let mut findings = Vec::new();
    let sheet = read_questions(&SourceFile::new("qa.toml", text), &mut findings);
    (sheet, findings)
}

fn opinions(text: &str) -> (OpinionSheet, Vec<Finding>) {
    let mut findings = Vec::new();
    let sheet = read_opinions(&SourceFile::new("opinions.toml", text), &mut findings);
    (sheet, findings)
}

fn codes(findings: &[Finding]) -> Vec<(&str, &str)> {
    assert!(findings.iter().all(|finding| !finding.blocks && finding.category == "data"));
    findings
        .iter()
        .map(|finding| {
            let file = finding.place.file.as_ref().unwrap();
            (finding.code, file.slice(finding.place.range))
        })
        .collect()
}

#[test]
fn questions_are_read_in_either_language() {
    let (chinese, found) = questions(
        "\"来源\" = \"热线\"\n[[\"问答\"]]\n\"编号\" = \"banka\"\n\"问题\" = \"怎样办卡？\"\n\"答复\" = \"\"\"\n带证件。\n当场办。\"\"\"\n\"条款\" = [\"第六条\", \"2025/b#第一条\"]\n\"日期\" = 2026-03-02\n",
    );
    assert_eq!(found, []);
    let (english, found) = questions(
        "source = '热线'\n[[questions]]\nid = 'banka'\nquestion = '怎样办卡？'\nanswer = \"带证件。\\n当场办。\"\nclauses = ['第六条', '2025/b#第一条']\ndate = '2026-03-02'\n",
    );
    assert_eq!(found, []);
    for sheet in [&chinese, &english] {
        let question = &sheet.questions[0];
        assert_eq!((question.anchor.as_str(), question.source.as_str()), ("qa-banka", "热线"));
        assert_eq!((question.answer.as_str(), question.date), ("带证件。\n当场办。", Some(date(2026, 3, 2))));
        assert_eq!(question.clauses[1].value, "2025/b#第一条");
    }
    // An answer with escapes has no places and is not proofread.
    assert_eq!((chinese.prose.len(), english.prose.len()), (2, 1));
    let prose = &chinese.prose[1];
    assert_eq!(prose.file.slice(prose.range), "带证件。\n当场办。");
}

#[test]
fn a_question_without_an_id_is_named_by_its_words() {
    let text = "[[questions]]\nquestion = '甲？'\nanswer = '一。'\n";
    let (sheet, _) = questions(text);
    let (more, found) =
        questions(&format!("[[questions]]\nquestion = '乙？'\nanswer = '二。'\n{text}{text}"));
    assert_eq!(sheet.questions[0].anchor, more.questions[1].anchor);
    assert_eq!(codes(&found), [("Q106", "甲？")]);
}

#[test]
fn faults_of_questions_are_named_and_the_rest_is_kept() {
    let (sheet, found) = questions(
        "[[questions]]\nquestion = '甲？'\n[[questions]]\nquestion = '乙？'\nanser = '二。'\nanswer = '二。'\ndate = '2026/3/2'\nid = 'Ä'\n",
    );
    assert_eq!(
        codes(&found).into_iter().map(|(code, _)| code).collect::<Vec<_>>(),
        ["Q103", "Q102", "Q104", "Q104"]
    );
    assert!(
        found.iter().any(|finding| finding.fix.as_ref().is_some_and(|fix| fix.replacement == "2026-03-02"))
    );
    assert_eq!(sheet.questions.len(), 1);
    for broken in
        ["问题 = 1", "[[", "[[questions]]\nquestion = \"", "questions = 3", "questions = [3]", "\u{0}"]
    {
        let (sheet, found) = questions(broken);
        assert!(!found.is_empty() && sheet.questions.is_empty(), "{broken}");
    }
    let deep = format!("questions = {}1{}", "[".repeat(50_000), "]".repeat(50_000));
    assert_eq!(codes(&questions(&deep).1)[0].0, "Q101");
}

#[test]
fn an_opinion_not_followed_says_why() {
    let (sheet, found) = opinions(
        "\"公布日期\" = 2025-11-20\n\"收到意见\" = 4\n[[\"意见\"]]\n\"内容\" = \"太短。\"\n\"数量\" = 3\n\"采纳\" = \"部分采纳\"\n\"理由\" = \"已放宽。\"\n\"条款\" = \"第七条\"\n\"原条款\" = \"第六条\"\n[[\"意见\"]]\n\"内容\" = \"太长。\"\n\"采纳\" = \"采纳\"\n",
    );
    assert_eq!(found, []);
    let counts: Vec<(u32, Option<Adoption>)> =
        sheet.opinions.iter().map(|opinion| (opinion.count, opinion.adoption)).collect();
    assert_eq!(counts, [(3, Some(Adoption::Partly)), (1, Some(Adoption::Yes))]);
    assert_eq!((sheet.published, sheet.received), (Some(date(2025, 11, 20)), Some(4)));
    let (_, found) = opinions(
        "published = 2025-11-20\nreceived = 1\n[[opinions]]\ntext = '甲'\nadopted = 'no'\ncount = 2\n[[opinions]]\ntext = '乙'\nadopted = '是'\n",
    );
    let codes: Vec<&str> = codes(&found).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["Q103", "Q104", "Q107"]);
}

/// They are files of the set: digest, findings and places are the set's.
#[test]
fn data_files_belong_to_their_set() {
    let config = Config::parse(&SourceFile::new(
        "site.toml",
        "[site]\nname = 'a'\nbase_url = 'https://a.example/'\n[office]\nname = 'b'\nuscc = '113701000041890072'\n",
    ));
    let policy = "---\n标题: 公告\n发文机关: 某局\n索引号: 113701000041890072/2025-00001\n主题分类: 综合政务_政务公开\n成文日期: 2025-06-29\n发布日期: 2025-06-30\n阶段: 征求意见\n征求意见: {开始: 2025-06-30, 截止: 2025-07-30}\n更正: {日期: 2025-07-01, 说明: 电话有误}\n---\n\n正文。\n";
    let file = |path: &str, text: &str| SetFile {
        path: path.to_owned(),
        bytes: text.as_bytes().into(),
        digest: Digest::of(text.as_bytes()),
    };
    let files = vec![
        file("opinions.toml", "published = 2025-07-01\n"),
        file("policy.md", policy),
        file("qa.toml", "x = 1\n"),
    ];
    let id = SetId::parse("2025/a").unwrap();
    let with = SetFiles { files: files.clone(), faults: Vec::new() };
    let checked = crate::parse_set(&id, &with, &config.value.unwrap());
    let found: Vec<(&str, &str)> = checked
        .findings
        .iter()
        .map(|finding| (finding.code, finding.place.path.as_str()))
        .filter(|(code, _)| code.starts_with('Q'))
        .collect();
    let at = |name| format!("content/policies/2025/a/{name}");
    assert_eq!(
        found,
        [
            ("Q102", at("qa.toml").as_str()),
            ("Q103", at("qa.toml").as_str()),
            ("Q108", at("opinions.toml").as_str())
        ]
    );
    assert!(checked.findings.iter().all(|finding| finding.set.as_deref() == Some("2025/a")));
    let corrections = &checked.value.policy.unwrap().meta.corrections;
    assert_eq!((corrections.len(), corrections[0].note.as_str()), (1, "电话有误"));
    let without = SetFiles { files: files[..2].to_vec(), faults: Vec::new() };
    assert_ne!(checked.value.digest, without.digest("2025/a"));
}

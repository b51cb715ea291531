//! Tests of whole sets, with the sample content and the real document.

use std::path::Path;
use std::sync::Arc;

use super::*;
use jiedu_base::files::{SetFile, SetFiles};
use jiedu_base::finding::{Checked, Severity};
use jiedu_base::name::{Digest, SetId};
use jiedu_base::text::SourceFile;
use jiedu_config::Config;

const SITE: &str = "[site]\nname = \"x\"\nbase_url = \"https://x.example/\"\n[office]\nname = \"济南市城乡交通运输局\"\nuscc = \"113701000041890072\"\n";

fn config() -> Config {
    Config::parse(&SourceFile::new("site.toml", SITE)).value.unwrap()
}

fn files(parts: &[(&str, &str)]) -> SetFiles {
    let file = |(path, text): &(&str, &str)| SetFile {
        path: (*path).to_owned(),
        bytes: Arc::from(text.as_bytes()),
        digest: Digest::of(text.as_bytes()),
    };
    let mut files: Vec<SetFile> = parts.iter().map(file).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    SetFiles { files, faults: Vec::new() }
}

fn parse(parts: &[(&str, &str)]) -> Checked<PublicationSet> {
    parse_set(&SetId::parse("2025/a").unwrap(), &files(parts), &config())
}

/// The policy of a set whose body is the given text.
pub(super) fn parse_policy(body: &str) -> PolicyDocument {
    parse(&[("policy.md", &policy("").replace("一、甲\n", body))]).value.policy.unwrap()
}

fn codes(checked: &Checked<PublicationSet>) -> Vec<&str> {
    checked.findings.iter().map(|finding| finding.code).collect()
}

const HEAD: &str = "---\n标题: 某局关于某事的通知\n发文机关: 某局\n发文字号: 济交办〔2025〕14号\n索引号: 113701000041890072/2025-00432\n主题分类: 综合政务_政务公开\n成文日期: 2025-06-29\n发布日期: 2025-06-30 09:00\n";

fn policy(extra: &str) -> String {
    format!("{HEAD}{extra}---\n\n一、甲\n")
}

#[test]
fn a_complete_policy_has_no_findings() {
    let checked = parse(&[("policy.md", &policy(""))]);
    assert_eq!(checked.findings, []);
    let set = checked.value;
    let meta = &set.policy.as_ref().unwrap().meta;
    assert_eq!(meta.subject.as_ref().unwrap().value, ("综合政务".to_owned(), Some("政务公开".to_owned())));
    assert_eq!(meta.published.as_ref().unwrap().value.time.unwrap().hour(), 9);
    assert!(set.digest.is_some());
}

#[test]
fn english_keys_say_the_same() {
    let text = "---\ntitle: 某局关于某事的通知\nissuer: [某局, 某委]\nindex-number: 113701000041890072/2025-00432\nsubject: 综合政务/政务公开\nsigned-date: 2025-06-29\npublish-date: 2025-06-30\nstage: 征求意见\nconsultation: {from: 2025-07-01, until: 2025-07-31, channels: [信箱]}\nproof: {allow: [某]}\n---\n";
    let checked = parse(&[("policy.md", text)]);
    assert_eq!(checked.findings, []);
    let meta = checked.value.policy.unwrap().meta;
    assert_eq!(meta.issuers.len(), 2);
    assert_eq!(meta.consultation.unwrap().value.channels, ["信箱"]);
    assert_eq!(meta.allowed_words, ["某"]);
}

#[test]
fn what_the_contract_says_blocks_blocks() {
    for (text, code) in [
        ("正文".to_owned(), "M104"),
        ("---\n标题: x\n".to_owned(), "M101"),
        (HEAD.replace("标题: 某局关于某事的通知\n", "") + "---\n", "M106"),
        (HEAD.replace("某局关于某事的通知", "") + "---\n", "M106"),
        (HEAD.replace("2025-06-29", "2025年6月29日") + "---\n", "M107"),
        (HEAD.replace("09:00", "9点") + "---\n", "M107"),
        (policy("公开方式: 不公开\n"), "M107"),
        (policy("阶段: 讨论\n"), "M107"),
    ] {
        let checked = parse(&[("policy.md", &text)]);
        let blocking: Vec<_> =
            checked.findings.iter().filter(|finding| finding.blocks).map(|finding| finding.code).collect();
        assert_eq!(blocking, [code], "{text}");
    }
    let withheld = parse(&[("policy.md", &policy("公开方式: 不公开\n"))]).value.policy.unwrap().meta;
    assert_eq!(withheld.disclosure, Disclosure::Unreadable);
}

#[test]
fn what_may_be_wrong_without_blocking() {
    for (extra, code) in [
        ("发布机关: 某局\n", "M103"),
        ("成文曰期: 2025-06-29\n", "M105"),
        ("重要: 很\n", "M108"),
        ("统一编号: JNCR-2025-0140001\n", "M116"),
        ("文件类别: 行政规范性文件\n", "M116"),
        ("阶段: 征求意见\n", "M118"),
        ("征求意见: {开始: 2025-01-01, 截止: 2025-02-01}\n", "M118"),
        ("施行日期: 2025-07-01\n有效期至: 2025-07-01\n", "M120"),
        ("施行日期: 2025-01-01\n有效性: 尚未生效\n", "M119"),
        ("有效性: 失效\n", "M119"),
        ("有效期至: 2025-06-29\n有效性: 有效\n施行日期: 2025-06-01\n", "M119"),
        ("别名: [2025/X]\n", "M108"),
        ("转载: {来源: a, 网址: \"javascript:x\", 日期: 2025-01-01}\n", "M108"),
    ] {
        let checked = parse(&[("policy.md", &policy(extra))]);
        assert_eq!(codes(&checked), [code], "{extra}");
        assert!(code == "M103" || !checked.findings[0].blocks);
    }
    for (from, to, code) in [
        ("2025-00432", "2018-None", "M109"),
        ("113701000041890072/", "113701000041890073/", "M110"),
        (
            "发文机关: 某局\n发文字号: 济交办〔2025〕14号\n索引号: 113701000041890072/",
            "发文机关: 济南市城乡交通运输局\n发文字号: 济交办〔2025〕14号\n索引号: 11370104076190664C/",
            "M111",
        ),
        ("济交办〔2025〕14号", "济交办[2025]14号", "M112"),
        ("济交办〔2025〕14号", "济交办〔2024〕14号", "M114"),
        ("2025-06-30 09:00", "2025-06-28", "M115"),
        ("2025-06-30 09:00", "2025-07-28", "M121"),
        ("2025-06-30 09:00", "2027-07-28", "M122"),
        ("政务公开", "交通", "M117"),
    ] {
        let text = policy("").replace(from, to);
        let found = codes(&parse(&[("policy.md", &text)])).into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert!(found.contains(&code.to_owned()), "{to}: {found:?}");
    }
}

#[test]
fn plans_and_materials_in_both_languages() {
    let zh = "---\n解读单位: 办公室\n解读时间: 2025-06-30\n解读形式:\n  - 形式: 文字解读\n    渠道: [门户网站]\n    材料: article.md\n  - 形式: 政策问答\n    后续: true\n  - 形式: 视频\n    材料: 后续\n---\n提纲\n";
    let en = "---\nunit: 办公室\ndate: 2025-06-30\nforms:\n  - form: 文字解读\n    channels: [门户网站]\n    material: article.md\n  - form: 政策问答\n    later: true\n---\n提纲\n";
    for text in [zh, en] {
        let checked = parse(&[("policy.md", &policy("")), ("plan.md", text)]);
        assert!(codes(&checked).iter().all(|code| *code == "M137"), "{:?}", codes(&checked));
        let plan = checked.value.plan.unwrap();
        assert_eq!(plan.forms[0].material.as_deref(), Some("article.md"));
        assert!(plan.forms[1].later && plan.forms.last().unwrap().later);
        assert_eq!(plan.forms.last().unwrap().material, None);
    }
    let missing = parse(&[("policy.md", &policy("")), ("plan.md", "---\n第一解读人: x\n---\n提纲\n")]);
    assert_eq!(codes(&missing), ["M106"; 3]);
    let empty = parse(&[("policy.md", &policy("")), ("plan.md", zh.trim_end_matches("提纲\n"))]);
    let outline = |finding: &&jiedu_base::finding::Finding| finding.message.zh.contains("提纲");
    assert_eq!(empty.findings.iter().filter(outline).count(), 1);
    let material = "---\n标题: 解读\n阶段: 跟踪解读\n解读对象: [2025/a, 2025/b]\n不涉及:\n  执行标准: 不设\n---\n## [甲](clause:一、)\n";
    let checked = parse(&[("policy.md", &policy("")), ("materials/follow.md", material)]);
    assert_eq!(checked.findings, []);
    let material = &checked.value.materials[0];
    assert_eq!((material.meta.interprets.len(), material.meta.stage), (2, MaterialStage::FollowUp));
    assert_eq!(material.sections[0].heading_targets, ["一、"]);
}

#[test]
fn the_layout_of_a_set() {
    let checked = parse(&[
        ("policy.md", &policy("")),
        ("materials/a.png", "x"),
        ("materials/解读.md", "---\n标题: x\n---\n"),
        ("attachments/表.xlsx", "x"),
        ("notes.md", "x"),
        ("attachments/deep/x.pdf", "x"),
    ]);
    assert_eq!(codes(&checked), ["M129", "M134", "M129"]);
    assert_eq!((checked.value.images.len(), checked.value.attachments.len()), (1, 1));
    let empty = parse(&[("plan.md", "x")]);
    assert!(codes(&empty).contains(&"POLICY_MISSING"));
}

/// The sample content lies in the repository; its real document is the
/// reference case of provisions.
#[test]
fn the_real_document_has_five_sections_with_sixteen_running_items() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/policies/2025/jijiaoban-14/policy.md");
    let text = std::fs::read_to_string(path).unwrap();
    let checked = parse(&[("policy.md", &text)]);
    let errors: Vec<_> =
        checked.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let policy = checked.value.policy.unwrap();
    let anchors: Vec<_> = policy.provisions.iter().map(|provision| provision.anchor.as_str()).collect();
    assert_eq!(
        anchors,
        [
            "s1", "s1-1", "s1-2", "s1-3", "s2", "s2-4", "s2-5", "s2-6", "s2-7", "s3", "s3-8", "s3-9", "s4",
            "s4-10", "s4-11", "s4-12", "s5", "s5-13", "s5-14", "s5-15", "s5-16",
        ]
    );
    let fifth = &policy.provisions[6];
    assert_eq!((fifth.reference.as_str(), fifth.heading.as_str()), ("（五）", "加强政策解读回应"));
    let last = policy.provisions.last().unwrap();
    assert!(last.text.ends_with("品牌影响力。"), "{}", last.text);
    assert_eq!(
        policy.blocks[policy.enclosed_from.unwrap()].text,
        "2025年济南市城乡交通运输局政务公开工作要点"
    );
}

#[test]
fn labelled_lines_need_an_empty_line() {
    let text = policy("").replace("一、甲\n", "一、甲\n（一）乙\n续行\n\n第三条 丙\n1. 丁\n");
    let checked = parse(&[("policy.md", &text)]);
    assert_eq!(codes(&checked), ["M139"]);
    let fix = checked.findings[0].fix.as_ref().unwrap();
    assert!(text.get(fix.range.start..).unwrap().starts_with("（一）乙"));
}

/// Every code that this room and the ones it builds on report has its page.
#[test]
fn every_code_has_a_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src");
    let codes: std::collections::BTreeSet<&str> =
        rules().chain(jiedu_link::rules()).chain(jiedu_config::rules()).map(|page| page.code).collect();
    let pattern = regex::Regex::new("\"([MLCW]\\d{3})\"").unwrap();
    let mut folders: Vec<_> = ["markdown", "config", "model", "link"].map(|room| root.join(room)).to_vec();
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                for code in pattern.captures_iter(&std::fs::read_to_string(&path).unwrap()) {
                    seen += 1;
                    assert!(
                        codes.contains(code.get(1).unwrap().as_str()),
                        "{} in {}",
                        &code[1],
                        path.display()
                    );
                }
            }
        }
    }
    assert!(seen > 50);
}

/// Ten thousand of anything must not take noticeable time.
#[test]
fn large_and_hostile_sets_are_read_in_linear_time() {
    let articles: String = (0..20_000).map(|_| "第二条规定的情形\n\n").collect();
    let links = (0..5_000)
        .map(|at| format!("[x](clause:（{at}）) [y](#z{at}) [z](no{at}.md)\n\n"))
        .collect::<Vec<_>>()
        .concat();
    let labels: String = (0..5_000).map(|_| "（一）甲。乙\n\n").collect();
    let facts = (1..5_000).map(|at| format!("补贴{at}元。\n\n")).collect::<Vec<_>>().concat();
    let body = format!("第一条 甲\n\n{articles}{labels}{links}");
    let material = format!("---\n标题: 解读\n---\n{facts}{links}");
    let set =
        parse(&[("policy.md", &policy("").replace("一、甲\n", &body)), ("materials/a.md", &material)]).value;
    let corpus = Corpus { sets: [(set.id.clone(), Arc::new(set))].into(), ..Corpus::default() };
    assert!(corpus.sets.values().next().unwrap().policy.as_ref().unwrap().provisions.len() > 25_000);
}

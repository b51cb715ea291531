//! A fixture that fires and one that does not for every condition.

use std::path::Path;
use std::sync::Arc;

use super::*;
use jiedu_base::files::{SetFile, SetFiles, Snapshot};
use jiedu_base::finding::Severity;
use jiedu_base::name::{Digest, SetId};
use jiedu_base::text::{Lang, SourceFile};
use jiedu_model::Corpus;

const SITE: &str = "[site]\nname = \"x\"\nbase_url = \"https://x.example/\"\n[office]\nname = \"某局\"\nuscc = \"113701000041890072\"\n";
const POLICY: &str = "---\n标题: 某局关于印发《某办法》的通知\n发文机关: 某局\n发文字号: 某发〔2025〕14号\n索引号: 113701000041890072/2025-00432\n主题分类: 综合政务\n成文日期: 2025-04-24\n发布日期: 2025-04-25\n---\n\n各单位：\n\n某局\n\n2025年4月24日\n\n（此件主动公开）\n\n# 某办法\n\n第一条 补贴500元，占50%，年满65周岁的人3个工作日内领取。\n";
const PLAN: &str = "---\n解读单位: 办公室\n解读时间: 2025-04-25\n解读形式:\n  - 形式: 文字解读\n    材料: article.md\n---\n\n提纲\n";
const ARTICLE: &str = "---\n标题: 解读\n形式: 文字解读\n发布日期: 2025-04-29\n---\n\n《某局关于印发〈某办法〉的通知》（某发〔2025〕14号）于4月25日发布。\n\n## 一、背景依据\n\n## 二、目标任务\n\n## 三、主要内容\n\n补贴500元，占百分之五十。\n";

/// A good set, to be spoilt.
struct Fixture {
    files: Vec<(String, String)>,
    site: String,
    facts: SynchronyFacts,
}

impl Fixture {
    fn good() -> Self {
        let files = [("policy.md", POLICY), ("plan.md", PLAN), ("materials/article.md", ARTICLE)];
        Self {
            files: files.map(|(path, text)| (path.to_owned(), text.to_owned())).to_vec(),
            site: SITE.to_owned(),
            facts: SynchronyFacts::default(),
        }
    }

    fn without(mut self, path: &str) -> Self {
        self.files.retain(|(name, _)| name != path);
        self
    }

    fn with(mut self, path: &str, text: &str) -> Self {
        self = self.without(path);
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    fn change(mut self, path: &str, from: &str, to: &str) -> Self {
        for (name, text) in &mut self.files {
            if name == path {
                assert!(text.contains(from), "{from} is not in {path}");
                *text = text.replace(from, to);
            }
        }
        self
    }

    fn site(mut self, extra: &str) -> Self {
        self.site.push_str(extra);
        self
    }

    fn facts(mut self, fill: impl FnOnce(&mut SynchronyFacts)) -> Self {
        fill(&mut self.facts);
        self
    }

    fn findings(self) -> Vec<Finding> {
        let config = Config::parse(&SourceFile::new("site.toml", &self.site)).value.unwrap();
        let file = |(path, text): &(String, String)| SetFile {
            path: path.clone(),
            bytes: Arc::from(text.as_bytes()),
            digest: Digest::of(text.as_bytes()),
        };
        let mut files: Vec<SetFile> = self.files.iter().map(file).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let id = SetId::parse("2025/a").unwrap();
        let sets = [(id.clone(), SetFiles { files, faults: Vec::new() })].into();
        let corpus = Corpus::parse(&Snapshot { sets, ..Snapshot::default() }, &config).value;
        let graph = Graph::resolve(&corpus).value;
        check(&corpus.sets[&id], &graph, &config, &self.facts)
    }

    fn names(self) -> Vec<&'static str> {
        self.findings().into_iter().map(|finding| finding.rule).collect()
    }
}

#[test]
fn a_good_set_is_silent() {
    assert_eq!(Fixture::good().findings(), []);
}

#[test]
fn ts01_plan_and_material() {
    assert_eq!(Fixture::good().without("plan.md").names(), ["plan-missing"]);
    let alone = || Fixture::good().without("plan.md").without("materials/article.md");
    assert_eq!(alone().names(), ["plan-missing", "material-missing"]);
    assert!(alone().findings().iter().all(|finding| finding.code == "TS-01" && finding.blocks));
    assert_eq!(
        alone().change("policy.md", "发布日期", "不解读理由: 内容明确\n发布日期").names(),
        [] as [&str; 0]
    );
    let withheld = alone().change("policy.md", "发布日期", "公开方式: 依申请公开\n发布日期").change(
        "policy.md",
        "主动公开",
        "依申请公开",
    );
    assert_eq!(withheld.names(), [] as [&str; 0]);
    assert_eq!(alone().without("policy.md").names(), [] as [&str; 0]);
}

#[test]
fn ts02_one_task() {
    let other = Fixture::good().change("materials/article.md", "形式:", "解读对象: [2025/b]\n形式:");
    assert_eq!(other.names(), ["interprets-other-set"]);
    let both = Fixture::good().change("materials/article.md", "形式:", "解读对象: [2025/b, 2025/a]\n形式:");
    assert_eq!(both.names(), [] as [&str; 0]);
    let unit = Fixture::good().change("plan.md", "解读单位: 办公室", "解读单位:").findings();
    assert_eq!((unit[0].code, unit[0].rule, unit[0].blocks), ("TS-02", "plan-unit-missing", true));
}

#[test]
fn ts07_every_form_has_a_material() {
    assert_eq!(
        Fixture::good().change("plan.md", "材料: article.md", "材料: artcle.md").names(),
        ["planned-material-missing"]
    );
    assert_eq!(
        Fixture::good().change("plan.md", "    材料: article.md\n", "").names(),
        ["plan-without-forms"]
    );
    let open = Fixture::good().change("plan.md", "---\n\n提纲", "  - 形式: 视频\n---\n\n提纲");
    assert_eq!(open.names(), ["planned-form-open"]);
    let later =
        Fixture::good().change("plan.md", "---\n\n提纲", "  - 形式: 视频\n    后续: true\n---\n\n提纲");
    assert_eq!(later.names(), [] as [&str; 0]);
}

#[test]
fn ts08_the_window_is_counted_in_working_days() {
    let at = |date: &str| Fixture::good().change("materials/article.md", "2025-04-29", date);
    assert_eq!(at("2025-04-25").names(), [] as [&str; 0]);
    // 2025-04-27 is a Sunday that is worked, 04-29 the third working day.
    assert_eq!(at("2025-04-29").names(), [] as [&str; 0]);
    assert_eq!(at("2025-04-30").names(), ["interpretation-late"]);
    assert_eq!(at("2025-04-24").names(), ["interpretation-early"]);
    assert_eq!(at("2029-04-24").names(), ["interpretation-window-unknown"]);
    assert!(at("2025-04-30").findings().iter().all(|finding| !finding.blocks));
    let none = "[rules]\ninterpretation_days = 0\n";
    assert_eq!(at("2025-04-26").site(none).names(), ["interpretation-late"]);
    assert_eq!(at("2025-04-30").site("[rules]\ninterpretation_days = 4\n").names(), [] as [&str; 0]);
}

#[test]
fn ts11_the_policy_is_cited() {
    let without = Fixture::good().change(
        "materials/article.md",
        "《某局关于印发〈某办法〉的通知》（某发〔2025〕14号）",
        "文件",
    );
    assert_eq!(without.names(), ["policy-not-cited"]);
    let no_number = Fixture::good().change("materials/article.md", "（某发〔2025〕14号）", "").findings();
    assert!(no_number[0].message.zh.ends_with("发文字号"), "{}", no_number[0].message.zh);
    let broken = Fixture::good().change("materials/article.md", "印发〈某办法〉", "印发\n〈某办法〉");
    assert_eq!(broken.names(), [] as [&str; 0]);
}

#[test]
fn ts12_content_elements() {
    let missing = || Fixture::good().change("materials/article.md", "## 二、目标任务\n\n", "");
    assert_eq!(missing().names(), ["element-missing"]);
    let excused = missing().change("materials/article.md", "形式:", "不涉及:\n  目标任务: 无\n形式:");
    assert_eq!(excused.names(), [] as [&str; 0]);
    let unexplained = missing().change("materials/article.md", "形式:", "不涉及:\n  目标任务:\n形式:");
    assert_eq!(unexplained.names(), ["element-reason-missing"]);
    let revises = Fixture::good().change("policy.md", "发布日期", "废止: [某发〔2020〕1号]\n发布日期");
    assert_eq!(revises.names(), ["element-missing"]);
    assert_eq!(missing().site("[rules]\nelements = []\n").names(), [] as [&str; 0]);
}

#[test]
fn ts13_facts_agree() {
    let wrong = |to: &str| Fixture::good().change("materials/article.md", "补贴500元", to);
    for bad in
        ["补贴600元", "补贴50元", "占60%", "年满60周岁", "5个工作日内", "2025年5月1日起", "某发〔2025〕15号"]
    {
        assert_eq!(wrong(bad).names(), ["fact-unsupported"], "{bad}");
    }
    for good in ["补贴５００元", "占50%", "3个工作日", "（某发〔2025〕14号）", "2025年4月24日", "共三部分"]
    {
        assert_eq!(wrong(good).names(), [] as [&str; 0], "{good}");
    }
    let declared =
        wrong("全市2.3万元").change("materials/article.md", "形式:", "事实来源:\n  2.3万元: 统计公报\n形式:");
    assert_eq!(declared.names(), [] as [&str; 0]);
    let finding = &wrong("补贴600元").findings()[0];
    assert_eq!(finding.place.file.as_ref().unwrap().slice(finding.place.range), "600元");
}

#[test]
fn ts14_consultations() {
    let draft = |dates: &str| {
        Fixture::good().change(
            "policy.md",
            "发布日期",
            &format!("阶段: 征求意见\n征求意见: {{{dates}}}\n发布日期"),
        )
    };
    assert_eq!(draft("开始: 2025-04-25, 截止: 2025-05-25, 渠道: [信箱]").names(), [] as [&str; 0]);
    assert_eq!(draft("开始: 2025-04-25, 截止: 2025-05-02, 渠道: [信箱]").names(), ["consultation-short"]);
    assert_eq!(draft("开始: 2025-04-25, 截止: 2025-05-25").names(), ["consultation-channel-missing"]);
    let bare = draft("开始: 2025-04-25, 截止: 2025-05-25, 渠道: [信箱]").without("materials/article.md");
    assert!(bare.names().contains(&"consultation-note-missing"));
}

#[test]
fn ts15_follow_up() {
    let follow = |head: &str| {
        Fixture::good()
            .with("materials/later.md", &format!("---\n标题: 跟踪\n阶段: 跟踪解读\n{head}---\n\n正文\n"))
    };
    assert_eq!(follow("发布日期: 2025-12-31\n").names(), [] as [&str; 0]);
    assert_eq!(follow("").names(), ["follow-up-undated"]);
    assert_eq!(follow("发布日期: 2025-04-25\n").names(), ["follow-up-undated"]);
    let gone = Fixture::good().facts(|facts| facts.removed_materials.push("materials/qa.md".to_owned()));
    assert_eq!(gone.names(), ["earlier-material-gone"]);
}

#[test]
fn ts16_note_and_front_matter_agree() {
    let mismatch = Fixture::good().change("policy.md", "此件主动公开", "此件依申请公开").findings();
    assert_eq!((mismatch[0].code, mismatch[0].blocks), ("TS-16", true));
    let agreed = Fixture::good().change("policy.md", "此件主动公开", "此件依申请公开").change(
        "policy.md",
        "发布日期",
        "公开方式: 依申请公开\n发布日期",
    );
    assert_eq!(agreed.names(), [] as [&str; 0]);
}

#[test]
fn facts_from_outside_speak_only_when_filled_in() {
    type Fill = fn(&mut SynchronyFacts);
    let cases: [(&str, Fill); 9] = [
        ("TS-03", |facts| facts.plan_at_first_submit = Some(false)),
        ("TS-04", |facts| {
            let missing = vec!["plan.md".to_owned()];
            facts.partial_approvals.push(PartialApproval {
                step: "first-review".into(),
                signer: "li.si".into(),
                missing,
            });
        }),
        ("TS-05", |facts| {
            facts.voided_approvals.push(VoidedApproval {
                step: "first-review".into(),
                signer: "li.si".into(),
                changed: vec![],
            });
        }),
        ("TS-06", |facts| facts.final_approvers = vec!["a".into(), "b".into()]),
        ("TS-09", |facts| facts.absent_members.push("materials/article.md".into())),
        ("TS-10", |facts| facts.missing_links.push(MissingLink { from: "/a/".into(), to: "/b/".into() })),
        ("TS-17", |facts| facts.secrecy_review = Some(SecrecyReview::Missing)),
        ("TS-17", |facts| facts.secrecy_review = Some(SecrecyReview::Late)),
        ("TS-18", |facts| {
            facts.refused_signers.push(RefusedSigner {
                step: "x".into(),
                signer: "li.si".into(),
                code: "KEY_EXPIRED".into(),
            });
        }),
    ];
    for (code, fill) in cases {
        let found = Fixture::good().facts(fill).findings();
        assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), [code]);
        assert_eq!(found[0].blocks, ["TS-04", "TS-09"].contains(&code), "{code}");
    }
    let fine = Fixture::good().facts(|facts| {
        facts.plan_at_first_submit = Some(true);
        facts.final_approvers = vec!["a".into(), "a".into()];
        facts.secrecy_review = Some(SecrecyReview::First);
    });
    assert_eq!(fine.names(), [] as [&str; 0]);
}

#[test]
fn weights_and_pages_follow_the_contract() {
    for rule in rules() {
        let is_blocking = ["TS-01", "TS-02", "TS-04", "TS-07", "TS-09", "TS-16"].contains(&rule.code);
        assert_eq!(rule.blocks, is_blocking, "{}", rule.code);
        assert_eq!(rule.severity == Severity::Error, is_blocking, "{}", rule.code);
        let page = rule.page(Lang::Zh);
        assert!(page.contains(rule.code) && page.contains("为什么"), "{page}");
        assert!(find(rule.names[0]).is_some_and(|found| found.code == rule.code));
    }
    assert_eq!(rules().count(), 18);
    assert!(find("ts-01").is_some() && find("TS-19").is_none());
}

#[test]
fn an_office_sets_severities_but_not_of_what_blocks() {
    let late = || Fixture::good().change("materials/article.md", "2025-04-29", "2025-04-30");
    assert_eq!(late().site("[rules.severity]\n\"TS-08\" = \"off\"\n").names(), [] as [&str; 0]);
    assert_eq!(
        late().site("[rules.severity]\ninterpretation-late = \"hint\"\n").findings()[0].severity,
        Severity::Hint
    );
    for name in rules()
        .filter(|rule| rule.blocks)
        .flat_map(|rule| std::iter::once(rule.code).chain(rule.names.iter().copied()))
    {
        let text = format!("{SITE}[rules.severity]\n\"{name}\" = \"off\"\n");
        let checked = Config::parse(&SourceFile::new("site.toml", &text));
        assert_eq!(
            checked.findings.iter().map(|finding| finding.code).collect::<Vec<_>>(),
            ["C106"],
            "{name}"
        );
    }
}

/// The sample content as a whole: what is wrong in it is wrong on purpose.
#[test]
fn the_sample_content_has_no_blocking_findings_but_the_planned_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let config = Config::parse(&SourceFile::new(
        "site.toml",
        &std::fs::read_to_string(root.join("repository/site.toml")).unwrap(),
    ));
    let mut sets = std::collections::BTreeMap::new();
    for year in ["2025", "2026"] {
        for entry in std::fs::read_dir(root.join("policies").join(year)).unwrap() {
            let folder = entry.unwrap();
            let mut files = Vec::new();
            collect(&folder.path(), "", &mut files);
            files.sort_by(|a: &SetFile, b| a.path.cmp(&b.path));
            let id = SetId::parse(&format!("{year}/{}", folder.file_name().to_str().unwrap())).unwrap();
            sets.insert(id, SetFiles { files, faults: Vec::new() });
        }
    }
    let config = config.value.unwrap();
    let parsed = Corpus::parse(&Snapshot { sets, ..Snapshot::default() }, &config);
    let graph = Graph::resolve(&parsed.value);
    let mut findings = parsed.findings;
    findings.extend(graph.findings);
    findings.extend(check_corpus(&parsed.value, &graph.value, &config));
    let seen: Vec<String> = findings
        .iter()
        .map(|finding| {
            format!("{} {} {} {}", finding.code, finding.place.path, finding.blocks, finding.message.zh)
        })
        .collect();
    let blocking: Vec<_> =
        findings.iter().filter(|finding| finding.blocks).map(|finding| finding.code).collect();
    assert_eq!(blocking, [] as [&str; 0], "{seen:#?}");
    eprintln!("{seen:#?}");
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<SetFile>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            let bytes = std::fs::read(entry.path()).unwrap();
            files.push(SetFile { path: name, digest: Digest::of(&bytes), bytes: bytes.into() });
        }
    }
}

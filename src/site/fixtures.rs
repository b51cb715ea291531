//! Published sets for tests: from texts in the code, and from the sample
//! content of the project.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::missing_errors_doc,
    reason = "only tests use it, and a panic there is a failed test"
)]

use std::path::Path;
use std::sync::Arc;

use super::{SiteInput, SitePlan};
use jiedu_approve::{POLICY_STEPS, SetState, StepRecord};
use jiedu_base::clock::Clock;
use jiedu_base::files::{SetFile, SetFiles, Snapshot};
use jiedu_base::name::{CommitId, Digest, PersonId, SetId};
use jiedu_base::text::SourceFile;
use jiedu_config::Config;
use jiedu_edition::{Birth, Edition, PublishedSet};
use jiedu_model::{Corpus, StandingPage, Topic, parse_set};

/// Everything that a plan borrows.
pub struct Sample {
    pub config: Config,
    pub sets: Vec<PublishedSet>,
    pub pages: Vec<StandingPage>,
    pub topics: Vec<Topic>,
    pub clock: Clock,
    pub drafts: bool,
}

impl Sample {
    /// A site with nothing on it.
    pub fn empty() -> Self {
        Self {
            config: config(""),
            sets: Vec::new(),
            pages: Vec::new(),
            topics: Vec::new(),
            clock: Clock::parse("2026-05-01T09:00:00+08:00").unwrap(),
            drafts: false,
        }
    }

    /// A site with one policy in two editions, and what explains it.
    pub fn small() -> Self {
        let mut sample = Self::empty();
        sample.sets.push(published(
            "2025/a",
            &[
                &[("policy.md", POLICY_1), MATERIAL, PLAN],
                &[("policy.md", POLICY_2), MATERIAL, PLAN, ATTACHMENT],
            ],
        ));
        sample.pages = standing(&[(
            "content/pages/about.md",
            "---\n标题: 关于本站\n---\n\n# 关于本站\n\n说明，见[政策](clause:2025/a#（一）)。\n",
        )]);
        sample
    }

    /// The plan of it.
    pub fn plan(&self) -> SitePlan<'_> {
        self.try_plan().unwrap()
    }

    pub fn try_plan(&self) -> Result<SitePlan<'_>, super::SiteError> {
        SitePlan::new(SiteInput {
            synonyms: &[],
            sets: &self.sets,
            small: &[],
            pages: &self.pages,
            topics: &self.topics,
            config: &self.config,
            clock: self.clock,
            revision: "0123456789abcdef0123456789abcdef01234567",
            drafts: self.drafts,
        })
    }

    /// The sample content of the project, each set with its editions.
    pub fn content() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
        let mut sample = Self::empty();
        sample.config =
            Config::parse(&SourceFile::new("site.toml", &read(&root.join("repository/site.toml"))))
                .value
                .unwrap();
        for year in folders(&root.join("policies")) {
            for slug in folders(&root.join("policies").join(&year)) {
                let id = format!("{year}/{slug}");
                let mut editions: Vec<Vec<SetFile>> = Vec::new();
                let older = root.join("editions").join(&id);
                for number in folders(&older) {
                    editions.push(files_below(&older.join(number), ""));
                }
                editions.push(files_below(&root.join("policies").join(&id), ""));
                sample.sets.push(published_files(&id, editions, &sample.config));
            }
        }
        let mut pages = files_below(&root.join("pages"), "content/pages/");
        pages.extend(files_below(&root.join("topics"), "content/topics/"));
        let snapshot =
            Snapshot { site: SetFiles { files: pages, faults: Vec::new() }, ..Snapshot::default() };
        let corpus = Corpus::parse(&snapshot, &sample.config).value;
        (sample.pages, sample.topics) = (corpus.pages, corpus.topics);
        sample
    }
}

/// A configuration; `more` follows the `[office]` table.
pub fn config(more: &str) -> Config {
    let text = format!(
        "[site]\nname = \"示例市交通运输局政策文件库\"\nbase_url = \"https://policy.example.gov.cn/zc/\"\nid_code = \"3701000001\"\ncontact = \"0531-00000000\"\nerror_report_url = \"https://zfwzgl.www.gov.cn/exposure/jiucuo.html\"\n\n[office]\nname = \"示例市交通运输局\"\nuscc = \"113701000041890072\"\n{more}"
    );
    Config::parse(&SourceFile::new("site.toml", &text)).value.unwrap()
}

/// A set whose editions hold the given files.
pub fn published(id: &str, editions: &[&[(&str, &str)]]) -> PublishedSet {
    let files =
        editions.iter().map(|files| files.iter().map(|(path, text)| file(path, text.as_bytes())).collect());
    published_files(id, files.collect(), &config(""))
}

fn published_files(id: &str, editions: Vec<Vec<SetFile>>, config: &Config) -> PublishedSet {
    let id = SetId::parse(id).unwrap();
    let mut made = Vec::new();
    for (index, mut files) in editions.into_iter().enumerate() {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let number = u32::try_from(index + 1).unwrap();
        let set = Arc::new(parse_set(&id, &SetFiles { files, faults: Vec::new() }, config).value);
        let birth = Birth {
            number,
            commit: CommitId::parse(&format!("{number:040x}")).unwrap(),
            instant: Clock::parse(&format!("2025-0{}-01T09:00:00+08:00", number.min(9))).unwrap(),
        };
        let digest = set.digest.unwrap();
        // The door for lapsed editions, opened again: tests have no signatures.
        let mut edition = Edition::lapsed(birth, set, digest, number, "TEST");
        edition.void = None;
        "strict".clone_into(&mut edition.profile);
        edition.steps = steps(number);
        made.push(edition);
    }
    PublishedSet { id, state: SetState::Cleared, editions: made, withdrawn: None, draft: false }
}

fn steps(number: u32) -> Vec<StepRecord> {
    POLICY_STEPS
        .iter()
        .enumerate()
        .map(|(index, step)| StepRecord {
            step: (*step).to_owned(),
            signer: PersonId::parse(&format!("person.{index}")).unwrap(),
            name: format!("某人{index}"),
            post: "科长".to_owned(),
            substitute_for: None,
            claimed_at: 1_751_000_000 + i64::try_from(index).unwrap() * 3600,
            key_fingerprint: "SHA256:AAAAC3NzaC1lZDI1NTE5AAAAIJ0123456789abcdefg".to_owned(),
            statement: Digest::of(format!("{number} {step}").as_bytes()),
            report: (*step == "first-proof").then(|| Digest::of(b"report")),
            commit: None,
        })
        .collect()
}

pub(crate) fn standing(files: &[(&str, &str)]) -> Vec<StandingPage> {
    let files = files.iter().map(|(path, text)| file(path, text.as_bytes())).collect();
    let snapshot = Snapshot { site: SetFiles { files, faults: Vec::new() }, ..Snapshot::default() };
    Corpus::parse(&snapshot, &config("")).value.pages
}

pub(crate) fn file(path: &str, bytes: &[u8]) -> SetFile {
    SetFile { path: path.to_owned(), bytes: bytes.into(), digest: Digest::of(bytes) }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn folders(path: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn files_below(path: &Path, prefix: &str) -> Vec<SetFile> {
    let mut files = Vec::new();
    for name in folders(path) {
        let inner = path.join(&name);
        if inner.is_dir() {
            files.extend(files_below(&inner, &format!("{prefix}{name}/")));
        } else {
            files.push(file(&format!("{prefix}{name}"), &std::fs::read(&inner).unwrap()));
        }
    }
    files
}

const POLICY_1: &str = "---\n标题: 示例市交通运输局关于印发公开要点的通知\n发文机关: 示例市交通运输局\n发文字号: 示交办〔2025〕1号\n索引号: 113701000041890072/2025-00001\n主题分类: 综合政务_政务公开\n成文日期: 2025-06-29\n发布日期: 2025-06-30\n---\n\n各单位：\n\n现印发给你们。\n\n示例市交通运输局\n\n2025年6月29日\n\n## 一、总体要求\n\n（一）加强公开。及时公开信息，见[第二项](clause:（二）)。\n\n（二）加强解读。同步解读政策。\n\n## 二、保障措施\n\n（三）加强领导。落实责任。\n";

const POLICY_2: &str = "---\n标题: 示例市交通运输局关于印发公开要点的通知\n发文机关: 示例市交通运输局\n发文字号: 示交办〔2025〕1号\n索引号: 113701000041890072/2025-00001\n主题分类: 综合政务_政务公开\n成文日期: 2025-06-29\n发布日期: 2025-08-01 10:30\n有效期至: 2030-06-30\n---\n\n各单位：\n\n现印发给你们。\n\n示例市交通运输局\n\n2025年6月29日\n\n## 一、总体要求\n\n（一）加强公开。全面及时公开信息，见[第二项](clause:（二）)。\n\n（二）加强解读。同步解读政策，见[附件](attachments/分工 表.txt)。\n\n## 二、保障措施\n\n（三）加强领导。落实责任。\n\n（四）加强监督。定期检查。\n";

const MATERIAL: (&str, &str) = (
    "materials/article.md",
    "---\n标题: 公开要点解读\n形式: 文字解读\n来源: 办公室\n发布日期: 2025-06-30\n---\n\n先说几句。\n\n## 背景\n\n依据上级要求。\n\n## [为什么要公开](clause:（一）)\n\n公开是为了让群众知道。\n\n## 怎么落实\n\n按[第三项](clause:（三）)办理，见[要点](../policy.md)。\n",
);

const PLAN: (&str, &str) = (
    "plan.md",
    "---\n解读单位: 办公室\n解读时间: 2025-06-30\n解读形式:\n  - 形式: 文字解读\n    渠道: [门户网站]\n    时间: 2025-06-30\n    负责人: 办公室\n    材料: article.md\n---\n\n提纲。\n",
);

const ATTACHMENT: (&str, &str) = ("attachments/分工 表.txt", "任务分工\n");

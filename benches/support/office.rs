//! A generated office: many sets of real lengths, each with a complete chain
//! of signed statements, in one packed repository. The same numbers give the
//! same repository.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use git2::{ObjectType, Oid};
use jiedu::approve::Subject;
use jiedu::approve::statement::{Decision, Kind, Statement, message, statement_id};
use jiedu::name::Digest;
use jiedu::source::{SetFile, set_manifest};
use ssh_key::{HashAlg, LineEnding};

use crate::project::{SITE, START, STRICT, ident, key, person, roster};

/// Sizes in bytes of real regulations, at every twentieth of 1,862 of them
/// (github.com/LawRefBook/Laws, folders DLC and 部门规章).
const SIZES: [usize; 20] = [
    5971, 7845, 9129, 10275, 11404, 12328, 13321, 14265, 15325, 16284, 17320, 18208, 19418, 20572, 21812,
    23273, 24947, 27981, 34000, 60000,
];

/// Phrases of which the articles are made.
const PHRASES: [&str; 12] = [
    "市交通运输主管部门负责本行政区域内的监督管理工作",
    "经营者应当建立健全安全生产责任制度",
    "乘客有权要求驾驶员出示从业资格证件",
    "应当自受理之日起二十个工作日内作出决定",
    "任何单位和个人有权对违法行为进行举报",
    "鼓励采用清洁能源车辆和智能化调度系统",
    "应当按照规定公布服务项目、收费标准和监督电话",
    "不得擅自停止营运或者减少班次",
    "逾期不改正的，处一千元以上五千元以下罚款",
    "根据《中华人民共和国道路运输条例》等有关规定",
    "结合本市实际，制定本办法",
    "各区县人民政府应当加强组织领导，落实资金保障",
];

const NUMERALS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// The generated repository.
pub struct Office {
    /// Its folder.
    pub path: PathBuf,
    /// Bytes of Markdown in it.
    pub bytes: usize,
    /// Number of statements.
    pub statements: usize,
    git: git2::Repository,
    tip: Option<Oid>,
    tree: Oid,
    now: i64,
}

impl Office {
    /// Makes the repository in an empty folder.
    pub fn found(path: &Path, sets: usize) -> Self {
        let mut options = git2::RepositoryInitOptions::new();
        options.initial_head("main").external_template(false);
        let git = git2::Repository::init_opts(path, &options).expect("the folder is writable");
        let files = files(sets);
        let bytes = files
            .iter()
            .filter(|(path, _)| crate::peer::is_markdown(path))
            .map(|(_, bytes)| bytes.len())
            .sum();
        let empty = git.treebuilder(None).and_then(|builder| builder.write());
        let tree = empty.expect("the object store is writable");
        let mut office =
            Self { path: path.to_owned(), bytes, statements: 0, tip: None, tree, now: START, git };
        // Set by set, as an office works: the texts come in a commit of their
        // own, and its approvals follow.
        let mut sets: BTreeMap<&str, Vec<(&str, &[u8])>> = BTreeMap::new();
        for (path, bytes) in &files {
            let set = path.strip_prefix("content/policies/").and_then(|rest| rest.match_indices('/').nth(1));
            let folder = set.map_or("", |(at, _)| &path[..at + "content/policies/".len()]);
            sets.entry(folder).or_default().push((path, bytes));
        }
        for (folder, files) in sets {
            office.commit(&files);
            let inner = |path: &str| path[folder.len()..].trim_start_matches('/').to_owned();
            let files = files.iter().filter(|(path, _)| !path.starts_with("roster/"));
            let mut files: Vec<SetFile> = files
                .map(|(path, bytes)| SetFile {
                    path: inner(path),
                    bytes: (*bytes).into(),
                    digest: Digest::of(bytes),
                })
                .collect();
            files.sort_by(|a, b| a.path.cmp(&b.path));
            let id = if folder.is_empty() { "site" } else { &folder["content/policies/".len()..] };
            office.approve(id, Digest::of(&set_manifest(id, &files)));
        }
        let head = path.join(".git/refs/heads/main");
        let tip = office.tip.expect("something was committed");
        std::fs::write(head, format!("{tip}\n")).expect("the folder is writable");
        // Real repositories are packed; without git the loose objects do.
        let _ = Command::new("git").arg("-C").arg(path).args(["repack", "-adq"]).status();
        office
    }

    fn tick(&mut self) -> i64 {
        self.now += 60;
        self.now
    }

    fn write(&self, raw: &[u8]) -> Oid {
        self.git
            .odb()
            .and_then(|odb| odb.write(ObjectType::Commit, raw))
            .expect("the object store is writable")
    }

    /// Commits files on top of what there is.
    fn commit(&mut self, files: &[(&str, &[u8])]) {
        let mut update = git2::build::TreeUpdateBuilder::new();
        for (path, bytes) in files {
            let id = self.git.blob(bytes).expect("the object store is writable");
            update.upsert(*path, id, git2::FileMode::Blob);
        }
        let before = self.git.find_tree(self.tree).expect("it was just written");
        self.tree = update.create_updated(&self.git, &before).expect("paths are valid");
        drop(before);
        let who = ident("writer", self.tick());
        let raw =
            format!("tree {}\n{}author {who}\ncommitter {who}\n\ndraft\n", self.tree, self.parent_line());
        self.tip = Some(self.write(raw.as_bytes()));
    }

    fn parent_line(&self) -> String {
        self.tip.map(|tip| format!("parent {tip}\n")).unwrap_or_default()
    }

    fn approve(&mut self, id: &str, digest: Digest) {
        let is_site = id == "site";
        let submitter = if is_site { "webmaster" } else { "writer" };
        let steps: &[(&str, &str)] = if is_site { &SITE } else { &STRICT };
        let mut previous = None;
        for (step, signer) in [("submit", submitter)].iter().chain(steps) {
            let site = Digest::of(roster().as_bytes());
            let is_submit = *step == "submit";
            let mut authors = if is_submit { vec![person(signer)] } else { Vec::new() };
            if is_submit && is_site {
                authors.push(person("writer"));
            }
            let statement = Statement {
                kind: if is_submit { Kind::Submit } else { Kind::Review },
                site,
                subject: Subject::parse(id).expect("generated ids are valid"),
                revision: 1,
                step: (*step).to_owned(),
                decision: Decision::Approve,
                digest,
                roster: (1, site),
                previous,
                signer: person(signer),
                authors,
                report: None,
            };
            previous = Some(self.sign(&statement));
        }
    }

    fn sign(&mut self, statement: &Statement) -> Digest {
        let who = ident(statement.signer.as_str(), self.tick());
        let head = format!("tree {}\n{}author {who}\ncommitter {who}\n", self.tree, self.parent_line());
        let body = format!("\n{}", message(statement));
        let payload = format!("{head}{body}");
        let signature = key(statement.signer.as_str()).sign("git", HashAlg::Sha512, payload.as_bytes());
        let armour =
            signature.and_then(|signature| signature.to_pem(LineEnding::LF)).expect("Ed25519 keys sign");
        let raw = format!("{head}gpgsig {}\n{body}", armour.trim_end().replace('\n', "\n ")).into_bytes();
        self.tip = Some(self.write(&raw));
        self.statements += 1;
        statement_id(&raw)
    }
}

/// Every file of an office with so many sets, by path.
pub fn files(sets: usize) -> BTreeMap<String, Vec<u8>> {
    let site = "[site]\nname = \"示例市交通运输局政策文件库\"\nbase_url = \"https://policy.example.gov.cn/\"\n\n[office]\nname = \"示例市交通运输局\"\nuscc = \"113701000041890072\"\n";
    let mut files = BTreeMap::from([
        ("site.toml".to_owned(), site.as_bytes().to_vec()),
        ("roster/1.toml".to_owned(), roster().into_bytes()),
    ]);
    for number in 0..sets {
        let folder = format!("content/policies/2025/s-{number}");
        files.insert(format!("{folder}/policy.md"), policy(number).into_bytes());
        files.insert(format!("{folder}/plan.md"), PLAN.as_bytes().to_vec());
        files.insert(format!("{folder}/materials/article.md"), article(number).into_bytes());
    }
    files
}

/// 第…条 in Chinese numerals, up to 999.
fn numeral(n: usize) -> String {
    let digit = |d: usize| NUMERALS.get(d).copied().unwrap_or("");
    let (hundreds, tens, ones) = (n / 100, n / 10 % 10, n % 10);
    let mut text = String::new();
    if hundreds > 0 {
        text.push_str(digit(hundreds));
        text.push('百');
        if tens == 0 && ones > 0 {
            text.push('零');
        }
    }
    if tens > 0 {
        if tens > 1 || hundreds > 0 {
            text.push_str(digit(tens));
        }
        text.push('十');
    }
    text.push_str(digit(ones));
    text
}

pub fn policy(number: usize) -> String {
    let size = SIZES.get(number * 7 % SIZES.len()).copied().unwrap_or(10_000);
    let mut text = format!(
        "---\n标题: 示例市交通运输局关于印发《示例市第{number}号管理办法》的通知\n发文机关: 示例市交通运输局\n发文字号: 示交〔2025〕{}号\n索引号: 113701000041890072/2025-{number:05}\n主题分类: 综合政务_政务公开\n成文日期: 2025-06-28\n发布日期: 2025-06-30\n---\n\n",
        number + 1
    );
    let mut seed = number;
    let mut articles = 0;
    while text.len() < size {
        if articles % 12 == 0 {
            let _ = write!(text, "## 第{}章 规定\n\n", numeral(articles / 12 + 1));
        }
        articles += 1;
        let _ = write!(text, "第{}条 ", numeral(articles));
        for clause in 0..4 {
            seed = (seed * 31 + clause + 7) % 9973;
            text.push_str(PHRASES.get(seed % PHRASES.len()).copied().unwrap_or(""));
            text.push_str(if clause == 3 { "。\n\n" } else { "，" });
        }
    }
    text
}

fn article(number: usize) -> String {
    format!(
        "---\n标题: 《示例市第{number}号管理办法》解读\n形式: 文字解读\n来源: 示例市交通运输局\n发布日期: 2025-06-30\n---\n\n《示例市交通运输局关于印发《示例市第{number}号管理办法》的通知》（示交〔2025〕{}号）已经印发，现解读如下。\n\n## [一、背景依据](clause:第一条)\n\n{}。\n\n## [二、主要内容](clause:第二条)\n\n{}。\n\n## [三、适用范围](clause:第三条)\n\n{}。\n",
        number + 1,
        PHRASES[9],
        PHRASES[5],
        PHRASES[0],
    )
}

const PLAN: &str = "---\n解读单位: 办公室\n第一解读人: 局主要负责人\n解读时间: 2025-06-30\n解读形式:\n  - 形式: 文字解读\n    渠道: [门户网站]\n    时间: 2025-06-30\n    负责人: 办公室\n    材料: article.md\n---\n\n说明背景、依据和主要内容。\n";

//! A policy repository for tests, built in memory with fixed times and keys.
//!
//! ```ignore
//! let mut p = project();
//! p.set("2025/a").commit("draft").approve("2025/a");
//! let read = p.read();
//! ```
//!
//! Everything is deterministic: the same calls give the same commit ids. Keys
//! are Ed25519 from seeds; no program outside this process is run.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use git2::{ObjectType, Oid};
use jiedu::approve::statement::{self, Decision, Kind, Statement, message};
use jiedu::approve::{Subject, TrustAnchor};
use jiedu::clock::Clock;
use jiedu::name::{CommitId, Digest, PersonId, SetId, SmallSet};
use jiedu::pipeline::{ReadOptions, Revision, Stop, Time};
use jiedu::source::{OpenOptions, Repository, Snapshot};
use ssh_key::private::Ed25519Keypair;
use ssh_key::{HashAlg, LineEnding, PrivateKey};

/// Ids of the staff and the steps they may take; `writer` submits.
const STAFF: [(&str, &[&str]); 12] = [
    ("writer", &["submit"]),
    ("secrecy", &["secrecy-review"]),
    ("first", &["first-review"]),
    ("second", &["second-review"]),
    ("final", &["final-review", "withdraw"]),
    ("proof1", &["first-proof"]),
    ("proof2", &["second-proof"]),
    ("proof3", &["third-proof"]),
    ("extra1", &["extra-review"]),
    ("extra2", &["extra-review"]),
    ("gate", &["gatekeeper"]),
    ("webmaster", &["submit"]),
];
/// Who takes which step of the profile `strict`, in order.
pub const STRICT: [(&str, &str); 7] = [
    ("secrecy-review", "secrecy"),
    ("first-review", "first"),
    ("second-review", "second"),
    ("final-review", "final"),
    ("first-proof", "proof1"),
    ("second-proof", "proof2"),
    ("third-proof", "proof3"),
];
/// Who takes which step of the profile `site`, in order.
pub const SITE: [(&str, &str); 2] = [("secrecy-review", "secrecy"), ("final-review", "final")];
/// 2025-07-01 09:00 in Beijing: the time of the first commit.
pub const START: i64 = 1_751_331_600;

/// A repository under construction.
pub struct Project {
    folder: tempfile::TempDir,
    git: git2::Repository,
    files: BTreeMap<String, Vec<u8>>,
    head: Option<Oid>,
    /// Time of the next commit.
    pub now: i64,
    /// Who authors ordinary commits.
    pub author: String,
    revisions: BTreeMap<String, (u32, Digest)>,
    site: Digest,
    /// All versions of the roster.
    rosters: Vec<String>,
    last_read: RefCell<Option<(Oid, Snapshot)>>,
}

/// A repository with a roster and a `site.toml`, nothing committed yet.
pub fn project() -> Project {
    Project::with_format(false)
}

impl Project {
    /// The same in a repository of either object format.
    pub fn with_format(sha256: bool) -> Self {
        Self::found(sha256, &roster())
    }

    /// The same under another first roster.
    pub fn with_roster(first: &str) -> Self {
        Self::found(false, first)
    }

    fn found(sha256: bool, first: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = git2::RepositoryInitOptions::new();
        options.initial_head("main").external_template(false);
        if sha256 {
            options.object_format(git2::ObjectFormat::Sha256);
        }
        let git = git2::Repository::init_opts(folder.path(), &options).unwrap();
        let mut project = Self {
            folder,
            git,
            files: BTreeMap::new(),
            head: None,
            now: START,
            author: "writer".into(),
            revisions: BTreeMap::new(),
            site: Digest::of(first.as_bytes()),
            rosters: vec![first.to_owned()],
            last_read: RefCell::default(),
        };
        project.file("roster/1.toml", first);
        project.file("site.toml", SITE_TOML);
        project
    }

    /// The folder of the repository.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Sets the bytes of a file.
    pub fn file(&mut self, path: &str, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.files.insert(path.to_owned(), bytes.as_ref().to_vec());
        self
    }

    /// Removes a file.
    pub fn remove(&mut self, path: &str) -> &mut Self {
        self.files.remove(path);
        self
    }

    /// The present text of a file of a set.
    pub fn text(&self, path: &str) -> String {
        String::from_utf8(self.files[path].clone()).unwrap()
    }

    /// Replaces text in a file.
    pub fn edit(&mut self, path: &str, from: &str, to: &str) -> &mut Self {
        let text = self.text(path);
        assert!(text.contains(from), "`{from}` is not in {path}");
        let text = text.replace(from, to);
        self.file(path, text)
    }

    /// Adds a set that breaks no rule: policy, plan and one material.
    pub fn set(&mut self, id: &str) -> &mut Self {
        let (year, slug) = id.split_once('/').unwrap();
        let folder = format!("content/policies/{id}");
        let serial = slug.bytes().fold(7_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 100_000);
        let fill = |text: &str| {
            text.replace("{year}", year).replace("{slug}", slug).replace("{serial}", &format!("{serial:05}"))
        };
        self.file(&format!("{folder}/policy.md"), fill(POLICY));
        self.file(&format!("{folder}/plan.md"), fill(PLAN));
        self.file(&format!("{folder}/materials/article.md"), fill(MATERIAL))
    }

    /// Commits all files as they are now, by [`Project::author`].
    pub fn commit(&mut self, message: &str) -> &mut Self {
        let tree = self.tree();
        let parents: Vec<Oid> = self.head.into_iter().collect();
        self.commit_tree(tree, &parents, message);
        self
    }

    /// Commits a tree on the parents given and moves `main` there.
    pub fn commit_tree(&mut self, tree: Oid, parents: &[Oid], message: &str) -> Oid {
        let who = ident(&self.author.clone(), self.tick());
        let mut raw = format!("tree {tree}\n");
        for parent in parents {
            raw += &format!("parent {parent}\n");
        }
        raw += &format!("author {who}\ncommitter {who}\n\n{message}\n");
        self.raw_commit(raw.as_bytes())
    }

    /// Writes raw commit bytes and moves `main` there.
    pub fn raw_commit(&mut self, raw: &[u8]) -> Oid {
        let id = self.write(ObjectType::Commit, raw);
        self.reset(id);
        id
    }

    /// Moves `main`; the files stay as they are.
    pub fn reset(&mut self, id: Oid) {
        fs::write(self.path().join(".git/refs/heads/main"), format!("{id}\n")).unwrap();
        self.head = Some(id);
    }

    /// Writes any object.
    pub fn write(&self, kind: ObjectType, bytes: &[u8]) -> Oid {
        self.git.odb().unwrap().write(kind, bytes).unwrap()
    }

    /// The tree of the present files.
    pub fn tree(&self) -> Oid {
        let mut index = git2::Index::new_ext(self.git.object_format()).unwrap();
        for (path, bytes) in &self.files {
            index.add(&entry(path, self.write(ObjectType::Blob, bytes))).unwrap();
        }
        index.write_tree_to(&self.git).unwrap()
    }

    /// The commit at the tip.
    pub fn head(&self) -> Oid {
        self.head.unwrap()
    }

    /// The tip as the program writes it.
    pub fn head_id(&self) -> CommitId {
        CommitId::parse(&self.head().to_string()).unwrap()
    }

    fn tick(&mut self) -> i64 {
        self.now += 60;
        self.now - 60
    }

    /// The digest of a set (or `site`) at the tip.
    pub fn digest(&self, id: &str) -> Digest {
        let tree = self.git.find_commit(self.head()).unwrap().tree_id();
        let mut last = self.last_read.borrow_mut();
        // Statements do not change the tree, so a round reads it once.
        if last.as_ref().is_none_or(|(read, _)| *read != tree) {
            *last = Some((tree, self.open().snapshot(&self.head_id()).unwrap()));
        }
        let snapshot = &last.as_ref().unwrap().1;
        let files = match SmallSet::parse(id) {
            Some(small) => &snapshot.small[&small],
            None => SetId::parse(id).map_or(&snapshot.site, |id| &snapshot.sets[&id]),
        };
        files.digest(id).unwrap()
    }

    /// Opens the next round and takes all steps of `strict` (of `site` for the
    /// set `site`), on top of the tip.
    pub fn approve(&mut self, id: &str) -> &mut Self {
        self.submit(id);
        let is_short = id == "site" || SmallSet::parse(id).is_some();
        let steps: &[(&str, &str)] = if is_short { &SITE } else { &STRICT };
        for (step, person) in steps {
            self.step(id, step, person);
        }
        self
    }

    /// Opens the next round: `writer` submits (`webmaster` for `site`).
    pub fn submit(&mut self, id: &str) -> &mut Self {
        let signer = if id == "site" { "webmaster" } else { "writer" };
        let (revision, previous) =
            self.revisions.get(id).map_or((1, None), |(revision, last)| (revision + 1, Some(*last)));
        let mut draft = self.draft(id, signer);
        draft.kind = Kind::Submit;
        "submit".clone_into(&mut draft.step);
        draft.revision = revision;
        draft.previous = previous;
        // Whoever set the repository up wrote its settings.
        draft.authors =
            if id == "site" { vec![person(signer), person("writer")] } else { vec![person(signer)] };
        self.sign(&draft);
        self
    }

    /// Takes a step of the present round.
    pub fn step(&mut self, id: &str, step: &str, signer: &str) -> &mut Self {
        let mut draft = self.draft(id, signer);
        step.clone_into(&mut draft.step);
        self.sign(&draft);
        self
    }

    /// A review of the present round with everything in order but the step.
    pub fn draft(&self, id: &str, signer: &str) -> Statement {
        let (revision, previous) =
            self.revisions.get(id).copied().map_or((1, None), |(revision, last)| (revision, Some(last)));
        Statement {
            kind: Kind::Review,
            site: self.site,
            subject: Subject::parse(id).unwrap(),
            revision,
            step: String::new(),
            decision: Decision::Approve,
            digest: self.digest(id),
            roster: self.newest_roster(),
            previous,
            signer: person(signer),
            authors: Vec::new(),
            report: None,
        }
    }

    /// Number and digest of the newest roster.
    pub fn newest_roster(&self) -> (u32, Digest) {
        let last = self.rosters.last().unwrap();
        (u32::try_from(self.rosters.len()).unwrap(), Digest::of(last.as_bytes()))
    }

    /// Commits the next version of the roster, made from the last one; nobody
    /// has agreed to it yet.
    pub fn next_roster(&mut self, change: impl FnOnce(String) -> String) -> &mut Self {
        let (version, digest) = self.newest_roster();
        let (_, rest) = self.rosters.last().unwrap().split_once("\n\n[root]").unwrap();
        let next = version + 1;
        let text = change(format!("version = {next}\nprevious = \"{digest}\"\n\n[root]{rest}"));
        self.file(&format!("roster/{next}.toml"), &text);
        self.rosters.push(text);
        self.commit("next roster")
    }

    /// One root agrees to the newest version.
    pub fn agree(&mut self, root: &str) -> &mut Self {
        let draft = self.agreement(root);
        self.sign(&draft);
        self
    }

    /// What a root signs to agree to the newest version.
    pub fn agreement(&self, root: &str) -> Statement {
        let (version, digest) = self.newest_roster();
        let before = self.rosters.iter().rev().nth(1).unwrap();
        Statement {
            kind: Kind::Roster,
            site: self.site,
            subject: Subject::Roster(version),
            revision: version,
            step: "roster".to_owned(),
            decision: Decision::Approve,
            digest,
            roster: (version - 1, Digest::of(before.as_bytes())),
            previous: None,
            signer: person(root),
            authors: Vec::new(),
            report: None,
        }
    }

    /// Signs a statement with its signer's key and commits it on the tip.
    pub fn sign(&mut self, draft: &Statement) -> Digest {
        let raw = self.signed(draft, &key(draft.signer.as_str()));
        self.raw_commit(&raw);
        let id = statement::statement_id(&raw);
        if draft.decision == Decision::Approve {
            self.revisions.insert(draft.subject.to_string(), (draft.revision, id));
        }
        id
    }

    /// Takes over a statement that the real git committed on the tip.
    pub fn adopt(&mut self, draft: &Statement, commit: Oid) {
        let raw = self.raw(commit);
        self.head = Some(commit);
        self.revisions.insert(draft.subject.to_string(), (draft.revision, statement::statement_id(&raw)));
    }

    /// The raw bytes of a commit.
    pub fn raw(&self, commit: Oid) -> Vec<u8> {
        self.git.odb().unwrap().read(commit).unwrap().data().to_vec()
    }

    /// The raw bytes of a signed statement on the tip.
    pub fn signed(&mut self, draft: &Statement, key: &PrivateKey) -> Vec<u8> {
        let tip = self.head();
        let tree = self.git.find_commit(tip).unwrap().tree_id();
        let who = ident(draft.signer.as_str(), self.tick());
        let head = format!("tree {tree}\nparent {tip}\nauthor {who}\ncommitter {who}\n");
        let body = format!("\n{}", message(draft));
        let signature = key.sign("git", HashAlg::Sha512, format!("{head}{body}").as_bytes()).unwrap();
        let armour = signature.to_pem(LineEnding::LF).unwrap();
        let header = if tip.as_bytes().len() == 20 { "gpgsig" } else { "gpgsig-sha256" };
        format!("{head}{header} {}\n{body}", armour.trim_end().replace('\n', "\n ")).into_bytes()
    }

    /// Writes the files into the work tree.
    pub fn checkout(&self) -> &Self {
        for (path, bytes) in &self.files {
            let path = self.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        self
    }

    /// Opens the repository.
    pub fn open(&self) -> Repository {
        Repository::open(self.path(), OpenOptions::default()).unwrap()
    }

    /// The trust anchor that belongs to it.
    pub fn anchor(&self) -> TrustAnchor {
        TrustAnchor::first(self.site)
    }

    /// Now, for the functions that ask.
    pub fn time(&self) -> Time {
        Time { given: None, machine: Clock::from_unix(self.now) }
    }

    /// Reads and judges the tip.
    pub fn read(&self) -> Result<Revision, Stop> {
        let anchor = self.anchor();
        let options =
            ReadOptions { revision: "HEAD", time: self.time(), anchor: Some(&anchor), drafting: false };
        Revision::read(&self.open(), options)
    }
}

/// The id of a person.
pub fn person(id: &str) -> PersonId {
    PersonId::parse(id).unwrap()
}

/// The key of a person.
pub fn key(person: &str) -> PrivateKey {
    let seed = Digest::of(format!("test key of {person}").as_bytes());
    PrivateKey::new(Ed25519Keypair::from_seed(seed.as_bytes()).into(), "").unwrap()
}

/// An author or committer line.
pub fn ident(person: &str, time: i64) -> String {
    format!("{person} <{person}@office.example> {time} +0800")
}

/// The first roster: everyone of [`STAFF`] and one root.
pub fn roster() -> String {
    let mut text =
        String::from("version = 1\nprevious = \"none\"\n\n[root]\nmembers = [\"root\"]\nthreshold = 1\n");
    let people = STAFF.iter().copied().chain([("root", &[][..])]);
    for (id, steps) in people {
        let roles: Vec<String> = steps.iter().map(|step| format!("{{ step = \"{step}\" }}")).collect();
        let usage = if id == "root" { "root" } else { "review" };
        let public = key(id).public_key().to_openssh().unwrap();
        text.push_str(&format!(
            "\n[[person]]\nid = \"{id}\"\nname = \"职员{id}\"\npost = \"科员\"\nemails = [\"{id}@office.example\"]\nroles = [{}]\n\
             \n[[key]]\nperson = \"{id}\"\nkind = \"ssh\"\npublic = \"{}\"\nuse = [\"{usage}\"]\n",
            roles.join(", "),
            public.trim_end()
        ));
    }
    text
}

fn entry(path: &str, id: Oid) -> git2::IndexEntry {
    let zero = git2::IndexTime::new(0, 0);
    git2::IndexEntry {
        ctime: zero,
        mtime: zero,
        dev: 0,
        ino: 0,
        mode: 0o100_644,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}

const SITE_TOML: &str = "[site]
name = \"示例市交通运输局政策文件库\"
base_url = \"https://policy.example.gov.cn/\"

[office]
name = \"示例市交通运输局\"
uscc = \"113701000041890072\"
";

const POLICY: &str = "---
标题: 示例市交通运输局关于做好{slug}工作的通知
发文机关: 示例市交通运输局
发文字号: 示交办〔{year}〕14号
索引号: 113701000041890072/{year}-{serial}
主题分类: 工业、交通_其他
成文日期: {year}-06-25
发布日期: {year}-06-30
---

# 示例市交通运输局关于做好{slug}工作的通知

各有关单位：

为做好有关工作，根据有关规定，现通知如下：

## 一、总体要求

坚持便民利民，完善服务措施。

## 二、主要措施

（一）优化办理流程。

（二）加强宣传解读。

示例市交通运输局

{year}年6月25日
";

const PLAN: &str = "---
解读单位: 办公室
第一解读人: 局主要负责人
解读时间: {year}-06-30
解读形式:
  - 形式: 文字解读
    渠道: [门户网站]
    时间: {year}-06-30
    负责人: 办公室
    材料: article.md
---

解读提纲：背景依据、目标任务、主要内容。
";

const MATERIAL: &str = "---
标题: 《示例市交通运输局关于做好{slug}工作的通知》解读
形式: 文字解读
来源: 示例市交通运输局办公室
发布日期: {year}-06-30
---

## 背景依据

为做好有关工作，制定本通知。

## 目标任务

完善服务措施。

## 主要内容 [（一）](clause:（一）)

优化办理流程，加强宣传解读。
";

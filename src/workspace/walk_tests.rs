//! A whole round with the real git and ssh-keygen: two clones and a bare
//! repository. Skipped, with a message, where either program is absent.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use jiff::civil::date;

use super::*;
use jiedu_approve::roster::Person;
use jiedu_approve::statement::Decision;
use jiedu_approve::{
    Anchor, Approvals, Carrier, Judgement, ReadInput, SetFacts, Statement, StatementSource, Subject,
    TrustAnchor,
};
use jiedu_base::clock::Clock;
use jiedu_base::name::SetId;
use jiedu_base::text::SourceFile;
use jiedu_config::{Config, EvidenceMode};
use jiedu_edition::GitFacts;
use jiedu_source::{Digests, OpenOptions, Repository};

const STAFF: [(&str, &str); 8] = [
    ("zhang.wen", "送审"),
    ("qian.min", "保密审查"),
    ("li.chu", "初审"),
    ("wang.fu", "复审"),
    ("chen.zhong", "终审+withdraw"),
    ("sun.yi", "一校"),
    ("zhou.er", "二校"),
    ("wu.san", "三校"),
];
const SET: &str = "2026/gongjiao-1";

fn have(program: &str, flag: &str) -> bool {
    Command::new(program).arg(flag).output().is_ok()
}

fn run(folder: &Path, program: &str, args: &[&str]) {
    let output = Command::new(program).current_dir(folder).args(args).output().unwrap();
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn git(folder: &Path, args: &[&str]) {
    run(folder, "git", args);
}

/// The office: keys, one bare repository, a writer's and a reviewer's clone.
struct Office {
    folder: tempfile::TempDir,
    writer: PathBuf,
    reviewer: PathBuf,
}

impl Office {
    fn found() -> Option<Self> {
        if !have("git", "--version") || !have("ssh-keygen", "-?") {
            eprintln!("skipped: needs git and ssh-keygen");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let people = STAFF.iter().map(|(id, steps)| newcomer(root, id, steps)).collect();
        let answers = Answers {
            name: Some("示例网站".into()),
            base_url: Some("https://policy.example.gov.cn/".into()),
            office: Some("示例市交通运输局".into()),
            uscc: Some("113701000041890072".into()),
            evidence: Some(EvidenceMode::Public),
            roots: vec![newcomer(root, "liu.gen", ""), newcomer(root, "xu.gen", "")],
            people,
            ..Answers::default()
        };
        let first = root.join("first");
        init(&first, &answers).unwrap();
        identify(&first);
        git(&first, &["add", "-A"]);
        git(&first, &["commit", "--quiet", "-m", "建立政策仓库"]);
        git(root, &["clone", "--quiet", "--bare", "first", "shared.git"]);
        let [writer, reviewer] = ["writer", "reviewer"].map(|name| {
            git(root, &["clone", "--quiet", "shared.git", name]);
            let clone = root.join(name);
            identify(&clone);
            clone
        });
        Some(Self { folder, writer, reviewer })
    }

    fn key(&self, person: &str) -> PathBuf {
        self.folder.path().join(person)
    }

    /// What is known at HEAD of a clone, as the program sees it.
    fn read<T>(&self, clone: &Path, then: impl FnOnce(&Matter<'_>) -> T) -> T {
        let repository = Repository::open(clone, OpenOptions::default()).unwrap();
        let commit = repository.resolve("HEAD").unwrap();
        let (snapshot, history) =
            (repository.snapshot(&commit).unwrap(), repository.history(&commit).unwrap());
        let digests = Digests::new(&repository);
        let statements: Vec<StatementSource> = history
            .candidates()
            .into_iter()
            .map(|(commit, raw)| StatementSource {
                bytes: raw.clone(),
                carrier: Carrier::Commit(commit.id.clone()),
            })
            .chain(snapshot.evidence.files.iter().map(|file| StatementSource {
                bytes: file.bytes.clone(),
                carrier: Carrier::File(file.path.clone()),
            }))
            .collect();
        let roster: BTreeMap<String, Arc<[u8]>> =
            snapshot.roster.files.iter().map(|file| (file.path.clone(), file.bytes.clone())).collect();
        let id = SetId::parse(SET).unwrap();
        let digest = snapshot.sets[&id].digest(SET).unwrap();
        let subject = Subject::Set(id);
        let trust = fs::read_to_string(self.folder.path().join("trust.toml")).unwrap();
        let anchor = Anchor::Trusted(TrustAnchor::parse(&SourceFile::new("trust.toml", &trust)).unwrap());
        let input = ReadInput {
            roster: &roster,
            statements: &statements,
            anchor: &anchor,
            at: Clock::from_unix(history.latest_time()),
            at_given: false,
            current: &BTreeMap::from([(subject.clone(), Some(digest))]),
            tree: &GitFacts { repository: &repository, history: &history, digests: &digests },
        };
        let approvals = Approvals::read(&input).unwrap().value;
        let facts = SetFacts::default();
        then(&Matter { approvals: &approvals, subject: &subject, digest, facts: &facts })
    }

    fn judge(&self, clone: &Path) -> Judgement {
        self.read(clone, |matter| matter.approvals.judge(matter.subject, &matter.digest, matter.facts))
    }

    /// Drafts and signs in a clone, with the person's own key.
    fn sign(
        &self,
        clone: &Path,
        person: &str,
        draft: impl FnOnce(&Matter<'_>, &Person) -> Result<Statement, WorkspaceError>,
    ) -> Result<SignedStatement, WorkspaceError> {
        let key = SigningKey::find(clone, Some(&self.key(person)))?;
        let (statement, person) = self.read(clone, |matter| {
            let person = signer(matter.approvals, &key)?;
            Ok::<_, WorkspaceError>((draft(matter, person)?, person.clone()))
        })?;
        sign_statement(clone, &statement, &key, &person)
    }

    fn approve(&self, person: &str, step: &str) -> Result<SignedStatement, WorkspaceError> {
        self.sign(&self.reviewer, person, |matter, signer| review(matter, signer, step, Decision::Approve))
    }

    /// The writer drafts a set, commits and submits it, and pushes.
    fn submit(&self) {
        let site = fs::read_to_string(self.writer.join("site.toml")).unwrap();
        let config = Config::parse(&SourceFile::new("site.toml", &site)).value.unwrap();
        let id = SetId::parse(SET).unwrap();
        new_policy(&self.writer, &id, "示例通知", &config, date(2026, 3, 2)).unwrap();
        new_material(&self.writer, &id, "article", None, &config, date(2026, 3, 2)).unwrap();
        git(&self.writer, &["add", "-A"]);
        git(&self.writer, &["commit", "--quiet", "-m", "起草"]);
        self.sign(&self.writer, "zhang.wen", |matter, signer| submit(matter, signer, &[])).unwrap();
        git(&self.writer, &["push", "--quiet"]);
        git(&self.reviewer, &["pull", "--quiet", "--no-rebase"]);
    }
}

fn newcomer(folder: &Path, id: &str, steps: &str) -> Newcomer {
    run(folder, "ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-C", id, "-f", id]);
    let key = folder.join(format!("{id}.pub"));
    Newcomer::parse(&format!("{id}=某人,{id}@office.example,{},{steps}", key.display())).unwrap()
}

fn identify(clone: &Path) {
    for (key, value) in [
        ("user.name", "某人"),
        ("user.email", "someone@office.example"),
        ("commit.gpgsign", "false"),
        ("core.hooksPath", ".git/hooks"),
    ] {
        git(clone, &["config", key, value]);
    }
}

#[test]
fn a_whole_round_over_two_clones() {
    let Some(office) = Office::found() else { return };
    office.submit();
    for (person, steps) in STAFF.iter().skip(1) {
        let step = steps.split('+').next().unwrap();
        office.approve(person, step).unwrap();
    }
    assert!(office.judge(&office.reviewer).cleared.is_some());
    git(&office.reviewer, &["push", "--quiet"]);
    git(&office.writer, &["pull", "--quiet", "--no-rebase"]);
    assert!(office.judge(&office.writer).cleared.is_some());

    let repository = Repository::open(&office.writer, OpenOptions::default()).unwrap();
    let collected = collect(&repository, &[]).unwrap();
    assert_eq!((collected.written.len(), collected.kept), (STAFF.len(), 0));
    let again = collect(&repository, &["origin/main".to_owned()]).unwrap();
    assert_eq!((again.written.len(), again.kept), (0, STAFF.len()));
    assert!(collect(&repository, &["nowhere".to_owned()]).is_err());

    // Squashed history: the approvals live on in the files.
    git(&office.writer, &["checkout", "--quiet", "--orphan", "squashed"]);
    git(&office.writer, &["add", "-A"]);
    git(&office.writer, &["commit", "--quiet", "-m", "整理历史"]);
    assert!(office.judge(&office.writer).cleared.is_some());
}

fn code<T: std::fmt::Debug>(result: Result<T, WorkspaceError>) -> Option<&'static str> {
    result.unwrap_err().code()
}

#[test]
fn what_would_not_count_is_refused_before_signing() {
    let Some(office) = Office::found() else { return };
    office.submit();
    let head = office.judge(&office.reviewer);
    assert_eq!(code(office.approve("li.chu", "初审")), Some("ORDER_BROKEN"));
    assert_eq!(code(office.approve("li.chu", "保密审查")), Some("ROLE_MISSING"));
    assert_eq!(code(office.approve("liu.gen", "保密审查")), Some("KEY_USE"));
    newcomer(office.folder.path(), "stranger", "");
    assert_eq!(code(office.approve("stranger", "保密审查")), Some("KEY_UNKNOWN"));
    assert!(matches!(office.approve("qian.min", "四校"), Err(WorkspaceError::Usage { .. })));
    let twice = office.sign(&office.reviewer, "zhang.wen", |matter, signer| submit(matter, signer, &[]));
    assert!(matches!(twice, Err(WorkspaceError::Usage { .. })));
    assert_eq!(office.judge(&office.reviewer), head, "nothing was signed");

    let policy = office.reviewer.join("content/policies").join(SET).join("policy.md");
    let text = fs::read_to_string(&policy).unwrap();
    fs::write(&policy, text.replace("示例通知", "示例通告")).unwrap();
    git(&office.reviewer, &["add", "-A"]);
    assert!(
        matches!(office.approve("qian.min", "保密审查"), Err(WorkspaceError::Usage { .. })),
        "staged changes"
    );
    git(&office.reviewer, &["commit", "--quiet", "-m", "改动"]);
    assert_eq!(code(office.approve("qian.min", "保密审查")), Some("DIGEST_MISMATCH"));
    let resubmitted =
        office.sign(&office.reviewer, "zhang.wen", |matter, signer| submit(matter, signer, &[]));
    assert!(resubmitted.is_ok(), "{resubmitted:?}");
    assert_eq!(office.judge(&office.reviewer).revision, Some(2));
}

#[test]
fn a_commit_that_is_no_statement_is_taken_back() {
    let Some(office) = Office::found() else { return };
    office.submit();
    let head =
        |clone: &Path| Repository::open(clone, OpenOptions::default()).unwrap().resolve("HEAD").unwrap();
    let before = head(&office.reviewer);
    let hook = office.reviewer.join(".git/hooks/commit-msg");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\necho 'Reviewed-by: hook' >> \"$1\"\n").unwrap();
    run(&office.reviewer, "chmod", &["+x", ".git/hooks/commit-msg"]);
    assert_eq!(code(office.approve("qian.min", "保密审查")), Some("TRAILER_UNKNOWN"));
    assert_eq!(head(&office.reviewer), before);
    fs::write(&hook, "#!/bin/sh\necho 'Signed-off-by: a <a@b>' >> \"$1\"\n").unwrap();
    office.approve("qian.min", "保密审查").unwrap();
    assert_ne!(head(&office.reviewer), before);
}

#[test]
fn the_everyday_key_is_refused() {
    let Some(office) = Office::found() else { return };
    office.submit();
    let key = office.key("qian.min.pub").display().to_string();
    git(&office.reviewer, &["config", "gpg.format", "ssh"]);
    git(&office.reviewer, &["config", "user.signingkey", &key]);
    let from_settings = SigningKey::find(&office.reviewer, None).unwrap();
    assert_eq!(
        from_settings.fingerprint,
        SigningKey::find(&office.reviewer, Some(&office.key("qian.min"))).unwrap().fingerprint
    );
    git(&office.reviewer, &["config", "commit.gpgsign", "true"]);
    assert_eq!(code(office.approve("qian.min", "保密审查")), Some("KEY_USE"));
}

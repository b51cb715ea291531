//! The clerk's guide (`README.zh-CN.md`), walked with the program itself and
//! the real git and ssh-keygen: an office is founded, its site approved, a text
//! goes from draft to the verified site over two clones and a bare repository.
//! Skipped, with a message, where either program is absent.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub const SET: &str = "2026/gongjiao-1";
pub const STAFF: [(&str, &str); 8] = [
    ("zhang.wen", "送审"),
    ("qian.min", "保密审查"),
    ("li.chu", "初审"),
    ("wang.fu", "复审"),
    ("chen.zhong", "终审+withdraw"),
    ("sun.yi", "一校"),
    ("zhou.er", "二校"),
    ("wu.san", "三校"),
];

pub struct Office {
    folder: tempfile::TempDir,
}

impl Office {
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn key(&self, person: &str) -> String {
        self.path(person).display().to_string()
    }

    /// Runs the program in a folder; its exit code and what it said.
    pub fn jiedu(&self, folder: &str, args: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_jiedu"))
            .current_dir(self.path(folder))
            .args(args)
            .output()
            .unwrap();
        (output.status.code().unwrap(), said(&output))
    }

    pub fn jiedu_ok(&self, folder: &str, args: &[&str]) -> String {
        let (code, said) = self.jiedu(folder, args);
        assert_eq!(code, 0, "jiedu {args:?}: {said}");
        said
    }

    pub fn git(&self, folder: &str, args: &[&str]) {
        run(&self.path(folder), "git", args);
    }

    pub fn sign(&self, folder: &str, person: &str, args: &[&str]) -> String {
        let key = self.key(person);
        // `submit` asks on a terminal only.
        let consent: &[&str] = if args[0] == "submit" { &[] } else { &["--yes"] };
        self.jiedu_ok(folder, &[args, consent, &["--key", &key]].concat())
    }

    /// Keys, repository, bare copy and two clones.
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    pub fn found() -> Option<Self> {
        let have = |program: &str| Command::new(program).arg("--version").output().is_ok();
        if !have("git") || !have("ssh-keygen") {
            eprintln!("skipped: needs git and ssh-keygen");
            return None;
        }
        let office = Self { folder: tempfile::tempdir().unwrap() };
        let mut init: Vec<String> =
            ["init", "first", "--name", "示例网站", "--base-url", "https://policy.example.gov.cn/"]
                .into_iter()
                .chain([
                    "--office",
                    "示例市交通运输局",
                    "--uscc",
                    "113701000041890072",
                    "--evidence",
                    "public",
                ])
                .map(str::to_owned)
                .collect();
        for (id, steps) in STAFF {
            init.extend(["--person".to_owned(), office.newcomer(id, id, steps)]);
        }
        for id in ["liu.gen", "xu.gen"] {
            init.extend(["--root".to_owned(), office.newcomer(id, id, "")]);
        }
        init.extend(["--publisher".to_owned(), office.newcomer("zhang.wen", "publish", "")]);
        office.jiedu_ok(".", &init.iter().map(String::as_str).collect::<Vec<_>>());
        office.identify("first");
        office.git("first", &["add", "-A"]);
        office.git("first", &["commit", "--quiet", "-m", "建立政策仓库"]);
        office.git(".", &["clone", "--quiet", "--bare", "first", "shared.git"]);
        for clone in ["writer", "reviewer"] {
            office.git(".", &["clone", "--quiet", "shared.git", clone]);
            office.identify(clone);
        }
        Some(office)
    }

    fn newcomer(&self, id: &str, key: &str, steps: &str) -> String {
        run(self.folder.path(), "ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-C", id, "-f", key]);
        format!("{id}=某人,{id}@office.example,{key}.pub,{steps}")
    }

    fn identify(&self, clone: &str) {
        let settings = [
            ("user.name", "某人"),
            ("user.email", "someone@office.example"),
            ("commit.gpgsign", "false"),
            ("pull.rebase", "false"),
        ];
        for (key, value) in settings {
            self.git(clone, &["config", key, value]);
        }
    }

    pub fn hand_over(&self, from: &str, to: &str) {
        self.git(from, &["push", "--quiet"]);
        self.git(to, &["pull", "--quiet"]);
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

pub fn run(folder: &Path, program: &str, args: &[&str]) {
    let output = Command::new(program).current_dir(folder).args(args).output().unwrap();
    assert!(output.status.success(), "{program} {args:?}: {}", said(&output));
}

#[test]
fn a_text_goes_from_draft_to_the_verified_site() {
    let Some(office) = Office::found() else { return };
    for (person, args) in [
        ("zhang.wen", ["submit", "site", "", ""]),
        ("qian.min", ["approve", "site", "--step", "保密审查"]),
        ("chen.zhong", ["approve", "site", "--step", "终审"]),
    ] {
        let args: Vec<&str> = args.into_iter().filter(|arg| !arg.is_empty()).collect();
        office.sign("writer", person, &args);
    }
    office
        .jiedu_ok("writer", &["new", "policy", SET, "--title", "示例市交通运输局关于印发《示例办法》的通知"]);
    office.jiedu_ok("writer", &["new", "material", SET, "article"]);
    office.git("writer", &["add", "-A"]);
    office.git("writer", &["commit", "--quiet", "-m", "起草"]);
    office.sign("writer", "zhang.wen", &["submit", SET]);
    office.hand_over("writer", "reviewer");

    for (person, steps) in STAFF.into_iter().skip(1) {
        let step = steps.split('+').next().unwrap();
        office.sign("reviewer", person, &["approve", SET, "--step", step]);
    }
    let (code, said) = office
        .jiedu("reviewer", &["approve", SET, "--step", "三校", "--yes", "--key", &office.key("wu.san")]);
    assert_eq!(code, 2, "signed twice: {said}");
    office.hand_over("reviewer", "writer");

    office.jiedu_ok("writer", &["collect"]);
    office.git("writer", &["add", "evidence"]);
    office.git("writer", &["commit", "--quiet", "-m", "收集签名"]);
    let publish = office.key("publish");
    let build = ["build", "--out", "../public", "--trust", "../trust.toml", "--publish-key", &publish];
    office.jiedu_ok("writer", &build);
    office.jiedu_ok("writer", &["verify", "../public", "--trust", "../trust.toml", "--repo", "."]);
    let page = office.path("public/policies/2026/gongjiao-1/index.html");
    assert!(page.is_file());

    office.sign("writer", "chen.zhong", &["withdraw", SET]);
    office.jiedu_ok("writer", &[&build[..], &["--previous", "../public"]].concat());
    let page = std::fs::read_to_string(page).unwrap();
    assert!(!page.contains("在此粘贴正文"), "a tombstone shows no text");
}

#[test]
fn a_changed_text_needs_a_new_round() {
    let Some(office) = Office::found() else { return };
    office.jiedu_ok("writer", &["new", "policy", SET, "--title", "示例通知"]);
    office.jiedu_ok("writer", &["new", "material", SET, "article"]);
    office.git("writer", &["add", "-A"]);
    office.git("writer", &["commit", "--quiet", "-m", "起草"]);
    office.sign("writer", "zhang.wen", &["submit", SET]);
    let policy = office.path("writer").join("content/policies").join(SET).join("policy.md");
    let text = std::fs::read_to_string(&policy).unwrap();
    std::fs::write(&policy, text.replace("示例通知", "示例通告")).unwrap();
    office.git("writer", &["commit", "--quiet", "-a", "-m", "改动"]);
    let (code, said) = office
        .jiedu("writer", &["approve", SET, "--step", "保密审查", "--yes", "--key", &office.key("qian.min")]);
    assert_ne!(code, 0);
    assert!(said.contains("重新送审"), "{said}");
    office.sign("writer", "zhang.wen", &["submit", SET]);
    office.sign("writer", "qian.min", &["approve", SET, "--step", "保密审查"]);
    office.sign("writer", "li.chu", &["approve", SET, "--step", "初审", "--reject"]);
    let (code, said) =
        office.jiedu("writer", &["approve", SET, "--step", "初审", "--yes", "--key", &office.key("li.chu")]);
    assert_ne!(code, 0, "{said}");
    // The same text in a new round: what was rejected is the old one.
    office.sign("writer", "zhang.wen", &["submit", SET]);
    office.sign("writer", "qian.min", &["approve", SET, "--step", "保密审查"]);
    office.sign("writer", "li.chu", &["approve", SET, "--step", "初审"]);
    office.sign("writer", "wang.fu", &["approve", SET, "--step", "复审"]);
    let (code, said) = office.jiedu("writer", &["roster", "sign", "--yes", "--key", &office.key("liu.gen")]);
    assert_eq!(code, 2, "there is nothing to agree to: {said}");
    assert!(said.contains("roster/2.toml"), "{said}");
}

#[test]
fn proofreaders_sign_with_the_report() {
    let Some(office) = Office::found() else { return };
    for (person, args) in [
        ("zhang.wen", &["submit", "site"][..]),
        ("qian.min", &["approve", "site", "--step", "保密审查"]),
        ("chen.zhong", &["approve", "site", "--step", "终审"]),
    ] {
        office.sign("writer", person, args);
    }
    office
        .jiedu_ok("writer", &["new", "policy", SET, "--title", "示例市交通运输局关于印发《示例办法》的通知"]);
    office.jiedu_ok("writer", &["new", "material", SET, "article"]);
    office.git("writer", &["add", "-A"]);
    office.git("writer", &["commit", "--quiet", "-m", "起草"]);
    office.sign("writer", "zhang.wen", &["submit", SET]);
    for (person, steps) in STAFF.into_iter().skip(1).take(4) {
        office.sign("writer", person, &["approve", SET, "--step", steps.split('+').next().unwrap()]);
    }
    let key = office.key("sun.yi");
    let refused = ["approve", SET, "--step", "初审", "--report", "--yes", "--key", &key];
    assert_ne!(office.jiedu("writer", &refused).0, 0, "a report belongs to the proof steps");
    let digest = office.jiedu("writer", &["report", SET, "--digest"]).1;
    let digest = digest.trim();
    assert!(digest.starts_with("sha256:"), "{digest}");
    let printed =
        office.jiedu("writer", &["approve", SET, "--step", "一校", "--report", "--print", "--key", &key]).1;
    assert!(printed.contains(&format!("Approval-Signer: sun.yi\nApproval-Report: {digest}\n")), "{printed}");
    for (person, step) in [("sun.yi", "一校"), ("zhou.er", "二校"), ("wu.san", "三校")] {
        let said = office.sign("writer", person, &["approve", SET, "--step", step, "--report"]);
        assert!(said.contains(digest) && said.contains("校对报告"), "{said}");
        let log = Command::new("git")
            .current_dir(office.path("writer"))
            .args(["log", "-1", "--format=%B"])
            .output();
        let message = String::from_utf8(log.unwrap().stdout).unwrap();
        assert!(message.contains("Approval-Statement: review/2\n"), "{message}");
        assert!(message.trim_end().ends_with(&format!("Approval-Report: {digest}")), "{message}");
    }
    office.jiedu_ok("writer", &["collect"]);
    office.git("writer", &["add", "evidence"]);
    office.git("writer", &["commit", "--quiet", "-m", "收集签名"]);
    let (_, said) =
        office.jiedu("writer", &["check", "--rev", "HEAD", "--trust", "../trust.toml", "--format", "json"]);
    assert!(!said.contains("REPORT_STALE") && said.contains("\"state\": \"cleared\""), "{said}");
    assert_eq!(said.matches(&format!("\"report\": \"{digest}\"")).count(), 3, "{said}");
    let publish = office.key("publish");
    office.jiedu_ok(
        "writer",
        &["build", "--out", "../public", "--trust", "../trust.toml", "--publish-key", &publish],
    );
    office.jiedu_ok("writer", &["verify", "../public", "--trust", "../trust.toml", "--repo", "."]);
    let record =
        std::fs::read_to_string(office.path("public/policies/2026/gongjiao-1/record/index.html")).unwrap();
    assert_eq!(record.matches(digest).count(), 3, "the record page names the report");
    // Stock git agrees with the signatures.
    let signers = office.jiedu("writer", &["roster", "show", "--allowed-signers"]).1;
    std::fs::write(office.path("signers"), signers).unwrap();
    let file = office.path("signers").display().to_string();
    let check = ["-c", &format!("gpg.ssh.allowedSignersFile={file}"), "verify-commit", "HEAD~1"];
    office.git("writer", &check);
}

//! External proofreaders: honest, absent, hostile, on record.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::{Run, in_project, jiedu};
use crate::project::project;

const TEXT: &str = "便民措施要落实到位。\n\n加强监管,抓好落实。\n";
/// An engine that finds the first word of the text, in the shell.
const HONEST: &str = r#"doc=$(sed 's/.*"sha256":"\(sha256:[0-9a-f]*\)".*/\1/'); printf '{"protocol":"jiedu.proof-answer/1","engine":{"name":"外校","version":"1"},"document":"%s","findings":[{"start":0,"end":6,"quote":"便民","category":"style","message":"含糊","suggestion":"方便群众","severity":"warning"}]}' "$doc""#;

struct Office(tempfile::TempDir);

impl Office {
    fn new() -> Self {
        let office = Self(tempfile::tempdir().unwrap());
        std::fs::write(office.path().join("a.md"), TEXT).unwrap();
        office
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Settings of an engine that is a script.
    fn engine(&self, name: &str, script: &str, more: &str) -> PathBuf {
        let script = serde_json::to_string(script).unwrap();
        let path = self.path().join(format!("{name}.toml"));
        std::fs::write(
            &path,
            format!("name = \"{name}\"\nseconds = 2\n{more}\ncommand = [\"sh\", \"-c\", {script}]\n"),
        )
        .unwrap();
        path
    }

    fn check(&self, args: &[&str]) -> Run {
        let all = [&["check", "--text-only", "a.md", "--format", "json"], args].concat();
        jiedu(self.path(), &all, b"")
    }
}

fn of_code<'a>(report: &'a Value, code: &str) -> Vec<&'a Value> {
    report["findings"].as_array().unwrap().iter().filter(|one| one["code"] == code).collect()
}

#[test]
fn an_engine_adds_findings_that_never_block_nor_fix() {
    let office = Office::new();
    let engine = office.engine("honest", HONEST, "grade = \"warning\"");
    let engine = engine.to_str().unwrap();
    let report = office.check(&["--engine", engine]).expect(1, &[]).json();
    let found = of_code(&report, "E101");
    assert_eq!(found.len(), 1, "{report}");
    assert_eq!((&found[0]["severity"], &found[0]["category"]), (&"warning".into(), &"style".into()));
    assert_eq!(found[0]["source"], "engine:外校 1");
    assert_eq!(found[0]["fix"]["applicability"], "display-only");
    // The default grade is hint.
    let engine = office.engine("lower", HONEST, "");
    let report = office.check(&["--engine", engine.to_str().unwrap()]).json();
    assert_eq!(of_code(&report, "E101")[0]["severity"], "hint");
    // Filters know the rule, and its page can be read.
    office.check(&["--engine", engine.to_str().unwrap(), "--rules", "engine-finding"]).expect(0, &["E101"]);
    jiedu(office.path(), &["explain", "E901"], b"").expect(0, &["engine-failed"]);
}

#[test]
fn answers_on_record_are_replayed_without_the_engine() {
    let office = Office::new();
    let engine = office.engine("honest", HONEST, "grade = \"warning\"");
    let first = office.check(&["--engine", engine.to_str().unwrap(), "--engine-answers", "answers"]);
    let names: Vec<_> = std::fs::read_dir(office.path().join("answers")).unwrap().collect();
    assert_eq!(names.len(), 1);
    std::fs::remove_file(&engine).unwrap();
    let again = office.check(&["--engine-answers", "answers"]);
    assert_eq!((again.code, again.out), (first.code, first.out));

    std::fs::write(office.path().join("a.md"), format!("{TEXT}又一段。\n")).unwrap();
    let report = office.check(&["--engine-answers", "answers"]).json();
    assert_eq!((of_code(&report, "E101").len(), of_code(&report, "E901").len()), (0, 1), "{report}");

    let record = names[0].as_ref().unwrap().path();
    std::fs::write(office.path().join("a.md"), TEXT).unwrap();
    let forged = std::fs::read_to_string(&record).unwrap().replace("便民", "利民");
    std::fs::write(&record, forged).unwrap();
    let report = office.check(&["--engine-answers", "answers"]).json();
    assert_eq!((of_code(&report, "E101").len(), of_code(&report, "E902").len()), (0, 1), "{report}");
    std::fs::write(&record, "{").unwrap();
    let report = office.check(&["--engine-answers", "answers"]).json();
    assert_eq!(of_code(&report, "E901").len(), 1, "{report}");
}

#[test]
fn an_engine_that_misbehaves_is_a_warning_and_gone_in_time() {
    let office = Office::new();
    for (name, script) in [
        ("hang", "sleep 600"),
        ("endless", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"),
        ("deaf", "exec 0<&-; exit 3"),
        ("garbage", "printf '{\"a\":'"),
        ("silent", ":"),
        ("orphan", "sleep 600 & printf x"),
        ("trap", "trap '' TERM INT HUP; exec 1>&-; sleep 600"),
    ] {
        let engine = office.engine(name, script, "answer-bytes = 100000");
        let since = Instant::now();
        let report = office.check(&["--engine", engine.to_str().unwrap()]).expect(1, &[]).json();
        let found = of_code(&report, "E901");
        assert_eq!((found.len(), &found[0]["severity"]), (1, &"warning".into()), "{name}: {report}");
        assert!(since.elapsed() < Duration::from_secs(20), "{name}");
        assert!(!of_code(&report, "P101").is_empty(), "{name}: the own rules are not silenced");
    }
    let path = office.path().join("none.toml");
    std::fs::write(&path, "command = [\"/nowhere/engine\"]\n").unwrap();
    let report = office.check(&["--engine", path.to_str().unwrap()]).json();
    assert_eq!(of_code(&report, "E901").len(), 1);
}

#[test]
fn an_engine_that_fails_three_times_is_not_asked_again() {
    let office = Office::new();
    for name in ["b", "c", "d", "e"] {
        std::fs::write(office.path().join(format!("{name}.md")), TEXT).unwrap();
    }
    let engine = office.engine("count", "echo x >> count; exit 1", "");
    let args = ["check", "--text-only", ".", "--format", "json", "--engine", engine.to_str().unwrap()];
    let report = jiedu(office.path(), &args, b"").json();
    assert_eq!(of_code(&report, "E901").len(), 5, "every text that was not read is told");
    assert_eq!(std::fs::read_to_string(office.path().join("count")).unwrap().lines().count(), 3);
}

#[test]
fn a_repository_never_makes_the_checker_run_a_program() {
    let office = Office::new();
    let mut p = project();
    p.set("2025/a").set("2025/b");
    p.edit("content/policies/2025/b/policy.md", "发文机关:", "公开方式: 依申请公开\n发文机关:");
    p.commit("drafts");
    let inside = p.path().join("engine.toml");
    std::fs::write(&inside, "command = [\"sh\", \"-c\", \"touch ran\"]\n").unwrap();
    let args = ["check", "--rev", "HEAD", "--engine", "engine.toml"];
    in_project(&p, &args).expect(2, &["engine.toml", "仓库"]);
    assert!(!p.path().join("ran").exists());

    // Named from outside it is asked, but never about what is not for the public.
    let engine = office.engine("list", "cat >> asked; exit 1", "");
    let args = ["check", "--rev", "HEAD", "--format", "json", "--engine", engine.to_str().unwrap()];
    let report = in_project(&p, &args).json();
    let kept = of_code(&report, "E903");
    assert!(!kept.is_empty() && kept.iter().all(|one| one["set"] == "2025/b"), "{kept:?}");
    assert!(of_code(&report, "E901").iter().all(|one| one["set"] == "2025/a"));
    let asked = std::fs::read_to_string(office.path().join("asked")).unwrap();
    assert!(asked.contains("content/policies/2025/a/") && !asked.contains("content/policies/2025/b/"));
}

#[test]
fn the_conformance_test_tells_good_from_bad() {
    let office = Office::new();
    let program = env!("CARGO_BIN_EXE_jiedu");
    jiedu(office.path(), &["--lang", "en", "engine-test", program, "engine"], b"")
        .expect(0, &["7 cases, 0 failed"]);
    jiedu(office.path(), &["engine-test", "sh", "-c", "cat >/dev/null; echo {}"], b"").expect(1, &["未通过"]);
    jiedu(office.path(), &["engine-test"], b"").expect(2, &["--engine"]);
    let answer = jiedu(office.path(), &["engine"], b"no request").expect(0, &[]).json();
    assert!(answer["error"].is_string(), "{answer}");
}

#[test]
fn the_documented_engine_conforms() {
    if std::process::Command::new("python3").arg("--version").output().is_err() {
        eprintln!("skipped: there is no python3");
        return;
    }
    let office = Office::new();
    let page = include_str!("../../src/engine/README.md");
    let script = page.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    std::fs::write(office.path().join("engine.py"), script).unwrap();
    std::fs::write(office.path().join("engine.toml"), "command = [\"python3\", \"engine.py\"]\n").unwrap();
    let test = ["--lang", "en", "engine-test", "--engine", "engine.toml"];
    jiedu(office.path(), &test, b"").expect(0, &["7 cases, 0 failed", "(1 findings,"]);
}

#[test]
fn wrong_settings_are_told() {
    let office = Office::new();
    for text in [
        "",
        "command = []",
        "command = [\"x\"]\ngrade = \"error\"",
        "command = [\"x\"]\nshell = true",
        "command =",
    ] {
        std::fs::write(office.path().join("x.toml"), text).unwrap();
        office.check(&["--engine", "x.toml"]).expect(2, &["x.toml"]);
    }
    office.check(&["--engine", "absent.toml"]).expect(2, &["absent.toml"]);
    office.check(&["--engine-answers", "absent"]).expect(2, &["absent"]);
}

//! Proofreading reports, signed by proofreaders and made again by everybody.

use jiedu::name::Digest;

use crate::program::{Run, in_project};
use crate::project::{Project, STRICT, project};

const POLICY: &str = "content/policies/2025/a/policy.md";
const LIST: &str = "wordlists/names.toml";

/// A set under review whose text has one fault, and one that is set aside.
fn under_review() -> Project {
    let mut project = project();
    project.set("2025/a").edit(POLICY, "优化办理流程。", "优化办理流程,缩短时限。").edit(
        POLICY,
        "（二）加强",
        "<!-- 校对:忽略 half-width-mark 原文如此 -->\n（二）加强引导,加强",
    );
    project.file(LIST, "[[terms]]\nuse = \"生态环境局\"\navoid = [\"环保局\"]\n");
    project.commit("draft");
    project
}

fn report(project: &Project, rev: &str) -> Digest {
    let run = in_project(project, &["report", "2025/a", "--rev", rev, "--digest"]);
    Digest::parse(run.out.trim()).unwrap()
}

/// All steps; the proof steps name the report given.
fn approve_with(project: &mut Project, report: Digest) {
    project.submit("2025/a");
    for (step, person) in STRICT {
        let mut draft = project.draft("2025/a", person);
        step.clone_into(&mut draft.step);
        draft.report = step.ends_with("-proof").then_some(report);
        project.sign(&draft);
    }
}

fn check(project: &Project) -> Run {
    in_project(project, &["check", "--rev", "HEAD", "--format", "json"])
}

fn stale(run: &Run) -> usize {
    let findings = run.json()["findings"].as_array().unwrap().clone();
    findings.iter().filter(|finding| finding["code"] == "REPORT_STALE").count()
}

#[test]
fn a_report_says_what_is_open_and_what_is_set_aside() {
    let project = under_review();
    let run = in_project(&project, &["report", "2025/a"]).expect(1, &["未处理", "报告摘要：sha256:"]);
    let json = run.json();
    assert_eq!(json["schema"], "jiedu.report/1");
    assert_eq!(json["digest"], project.digest("2025/a").to_string());
    assert_eq!(json["lists"][0]["path"], LIST);
    assert_eq!(json["texts"].as_array().unwrap().len(), 3);
    let of = |wanted: &str| -> Vec<String> {
        let all = json["findings"].as_array().unwrap();
        let all = all.iter().filter(|one| one["disposition"] == wanted && one["rule"] == "half-width-mark");
        all.map(|one| one["reason"].as_str().unwrap_or("").to_owned()).collect()
    };
    assert_eq!((of("open"), of("suppressed")), (vec![String::new()], vec!["原文如此".to_owned()]));
    assert_eq!(report(&project, "HEAD"), Digest::of(run.out.as_bytes()), "sha256sum agrees");
    in_project(&project, &["report", "2025/none"]).expect(2, &["2025/none"]);
}

#[test]
fn a_signed_report_is_shown_and_can_be_made_again() {
    let mut project = under_review();
    let digest = report(&project, "HEAD");
    approve_with(&mut project, digest);
    let run = check(&project);
    assert_eq!(stale(&run), 0, "{}", run.out);
    let json = run.json();
    let steps = json["sets"][0]["steps"].as_array().unwrap();
    assert_eq!(steps.iter().filter(|step| step["report"] == digest.to_string()).count(), 3);
    assert_eq!(steps.iter().filter(|step| step["state"] == "done").count(), 8);
    // A new word for the lists afterwards changes no report of the past.
    project.file(LIST, "[[terms]]\nuse = \"办事\"\navoid = [\"办理\"]\n").commit("list");
    project.approve("site");
    assert_ne!(report(&project, "HEAD"), digest);
    assert_eq!(stale(&check(&project)), 0);
    let out = tempfile::tempdir().unwrap();
    project.checkout();
    let to = out.path().join("site");
    std::fs::write(out.path().join("trust.toml"), format!("site = \"{}\"\n", project.anchor().site)).unwrap();
    let trust = out.path().join("trust.toml");
    let args = ["build", "--out", to.to_str().unwrap(), "--trust", trust.to_str().unwrap()];
    in_project(&project, &args).expect(0, &[]);
    let page = std::fs::read_to_string(to.join("policies/2025/a/record/index.html")).unwrap();
    assert_eq!(page.matches(&digest.to_string()).count(), 3, "the record page names the report");
    let twin = std::fs::read_to_string(to.join("policies/2025/a/record/index.json")).unwrap();
    assert!(twin.contains(&digest.to_string()));
}

#[test]
fn a_wrong_report_warns_and_blocks_nothing() {
    let mut project = under_review();
    approve_with(&mut project, Digest::of(b"some other report"));
    let run = check(&project);
    assert_eq!(stale(&run), 3);
    let json = run.json();
    assert_eq!(json["sets"][0]["state"], "cleared");
    let finding = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["code"] == "REPORT_STALE")
        .unwrap()
        .clone();
    assert_eq!((finding["severity"].as_str(), finding["set"].as_str()), (Some("warning"), Some("2025/a")));
}

#[test]
fn a_report_of_the_text_before_is_stale() {
    let mut project = under_review();
    let old = report(&project, "HEAD");
    project.edit(POLICY, "优化办理流程,缩短时限。", "优化办理流程，缩短时限。").commit("mend");
    approve_with(&mut project, old);
    assert_eq!(stale(&check(&project)), 3);
}

#[test]
fn what_was_mended_since_the_edition_before_is_fixed() {
    let mut project = under_review();
    project.approve("2025/a");
    project.edit(POLICY, "优化办理流程,缩短时限。", "优化办理流程，缩短时限。").commit("mend");
    let run = in_project(&project, &["report", "2025/a"]).expect(0, &["改好 1 处"]);
    let json = run.json();
    assert!(json["base"].as_str().unwrap().starts_with("sha256:"));
    let digest = report(&project, "HEAD");
    approve_with(&mut project, digest);
    // Once published, the edition before is still what it is compared with.
    assert_eq!(stale(&check(&project)), 0);
    assert_eq!(report(&project, "HEAD"), digest);
}

#[test]
fn a_report_on_a_review_step_is_refused() {
    let mut project = under_review();
    let digest = report(&project, "HEAD");
    project.submit("2025/a").step("2025/a", "secrecy-review", "secrecy");
    let mut draft = project.draft("2025/a", "first");
    "first-review".clone_into(&mut draft.step);
    draft.report = Some(digest);
    project.sign(&draft);
    check(&project).expect(1, &["TRAILER_MALFORMED"]);
}

/// Settings of an engine that finds one place in the policy, in the shell.
fn engine(folder: &std::path::Path, start: usize, quote: &str) -> String {
    let script = format!(
        r#"all=$(cat); doc=$(printf '%s' "$all" | sed 's/.*"sha256":"\\(sha256:[0-9a-f]*\\)".*/\\1/'); found=''; case "$all" in *policy.md*) found='{{"start":{start},"end":{},"quote":"{quote}","category":"style","message":"含糊","severity":"warning"}}';; esac; printf '{{"protocol":"jiedu.proof-answer/1","engine":{{"name":"外校","version":"7"}},"document":"%s","findings":[%s]}}' "$doc" "$found""#,
        start + quote.len()
    )
    .replace("\\\\", "\\");
    let path = folder.join("engine.toml");
    let command = serde_json::to_string(&script).unwrap();
    std::fs::write(
        &path,
        format!("name = \"外校\"\ngrade = \"warning\"\ncommand = [\"sh\", \"-c\", {command}]\n"),
    )
    .unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn what_engines_said_is_in_the_report_with_who_said_it() {
    let mut project = under_review();
    let plain = report(&project, "HEAD");
    let start = project.text(POLICY).find("优化办理流程").unwrap();
    let outside = tempfile::tempdir().unwrap();
    let settings = engine(outside.path(), start, "优化办理流程");
    project.checkout();
    let ask = ["check", "2025/a", "--engine", &settings, "--engine-answers", "evidence/answers"];
    in_project(&project, &ask).expect(1, &["外校：含糊"]);
    let records: Vec<_> = std::fs::read_dir(project.path().join("evidence/answers"))
        .unwrap()
        .map(|one| one.unwrap().path())
        .collect();
    assert_eq!(records.len(), 3, "one for each text");
    assert_eq!(report(&project, "HEAD"), plain, "what is not committed is not there");
    for record in &records {
        let name = format!("evidence/answers/{}", record.file_name().unwrap().to_str().unwrap());
        project.file(&name, std::fs::read(record).unwrap());
    }
    project.commit("answers");
    let run = in_project(&project, &["report", "2025/a"]);
    let json = run.json();
    let engines = json["engines"].as_array().unwrap();
    assert_eq!(engines.len(), 3);
    let of_policy = engines.iter().find(|one| one["path"] == POLICY).unwrap();
    assert_eq!((&of_policy["name"], &of_policy["version"]), (&"外校".into(), &"7".into()));
    let digests: Vec<String> =
        records.iter().map(|path| Digest::of(&std::fs::read(path).unwrap()).to_string()).collect();
    assert!(digests.contains(&of_policy["answer"].as_str().unwrap().to_owned()));
    let said = json["findings"].as_array().unwrap().iter().find(|one| one["code"] == "E101").unwrap().clone();
    assert_eq!((&said["source"], &said["disposition"]), (&"engine:外校 7".into(), &"open".into()));
    // Signed, it can be made again without the engine, also when the answers
    // were taken away afterwards; other answers make another report.
    let digest = report(&project, "HEAD");
    assert_ne!(digest, plain);
    approve_with(&mut project, digest);
    assert_eq!(stale(&check(&project)), 0);
    let forged = std::fs::read_to_string(&records[0]).unwrap().replace("外校", "别家");
    let name = format!("evidence/answers/{}", records[0].file_name().unwrap().to_str().unwrap());
    project.file(&name, forged).commit("forged");
    assert_ne!(report(&project, "HEAD"), digest);
    assert_eq!(stale(&check(&project)), 0);
}

#[test]
fn a_text_may_set_aside_what_an_engine_says() {
    let mut project = under_review();
    project
        .edit(POLICY, "（一）优化", "<!-- 校对:忽略 engine-finding 原文如此 -->\n（一）优化")
        .commit("draft");
    let start = project.text(POLICY).find("优化办理流程").unwrap();
    let outside = tempfile::tempdir().unwrap();
    let settings = engine(outside.path(), start, "优化办理流程");
    project.checkout();
    let ask = ["check", "2025/a", "--engine", &settings, "--engine-answers", "evidence/answers"];
    let run = in_project(&project, &ask);
    assert!(!run.out.contains("含糊"), "{}", run.out);
    for record in std::fs::read_dir(project.path().join("evidence/answers")).unwrap() {
        let path = record.unwrap().path();
        let name = format!("evidence/answers/{}", path.file_name().unwrap().to_str().unwrap());
        project.file(&name, std::fs::read(&path).unwrap());
    }
    project.commit("answers");
    let json = in_project(&project, &["report", "2025/a"]).json();
    let said = json["findings"].as_array().unwrap().iter().find(|one| one["code"] == "E101").unwrap().clone();
    assert_eq!((&said["reason"], &said["disposition"]), (&"原文如此".into(), &"suppressed".into()));
}

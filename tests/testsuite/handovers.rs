//! Handing over: consent, reasons, synchronising clones, decisions that lack a
//! person, and changes that wait while something older is in force.

use std::fs;
use std::process::Command;

use jiedu::approve::Reason;
use jiedu::approve::statement::{Decision, reason_of};

use crate::clerk::{Office, SET, STAFF};
use crate::program::in_project;
use crate::project::{Project, project};

const POLICY: &str = "content/policies/2025/a/policy.md";

fn git(office: &Office, folder: &str, args: &[&str]) -> String {
    let out = Command::new("git").current_dir(office.path(folder)).args(args).output().unwrap();
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

/// The writer's clone with a draft, submitted and shared.
fn submitted() -> Option<Office> {
    let office = Office::found()?;
    office
        .jiedu_ok("writer", &["new", "policy", SET, "--title", "示例市交通运输局关于印发《示例办法》的通知"]);
    office.jiedu_ok("writer", &["new", "material", SET, "article"]);
    git(&office, "writer", &["add", "-A"]);
    git(&office, "writer", &["commit", "--quiet", "-m", "起草"]);
    office.sign("writer", "zhang.wen", &["submit", SET, "--push"]);
    office.jiedu_ok("reviewer", &["sync"]);
    Some(office)
}

#[test]
fn nothing_is_signed_that_nobody_agreed_to() {
    let Some(office) = submitted() else { return };
    let key = office.key("qian.min");
    let approve = ["approve", SET, "--step", "保密审查", "--key", &key];
    let head = git(&office, "reviewer", &["rev-parse", "HEAD"]);
    let (code, said) = office.jiedu("reviewer", &approve);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("--code") && said.contains("--yes") && said.contains("--print"), "{said}");
    let digest = office.jiedu_ok("reviewer", &["digest", SET]);
    let hex = digest.trim().trim_start_matches("sha256:");
    for (typed, expected) in [(&hex[..16], 2), ("zz", 2), (hex, 2), (&"0".repeat(32)[..], 3)] {
        let (code, said) = office.jiedu("reviewer", &[&approve[..], &["--code", typed]].concat());
        assert_eq!(code, expected, "{typed}: {said}");
    }
    let both = ["approve", SET, "site", "--step", "保密审查", "--key", &key, "--code", &hex[..32]];
    assert_eq!(office.jiedu("reviewer", &both).0, 2, "one set only");
    assert_eq!(git(&office, "reviewer", &["rev-parse", "HEAD"]), head, "nothing was signed");
    // Blanks and case do not matter.
    let groups: Vec<String> = hex.as_bytes()[..32]
        .chunks(4)
        .map(|group| String::from_utf8(group.to_vec()).unwrap().to_uppercase())
        .collect();
    office.jiedu_ok("reviewer", &[&approve[..], &["--code", &groups.join(" ")]].concat());
    assert_ne!(git(&office, "reviewer", &["rev-parse", "HEAD"]), head);
    for command in [&["withdraw", SET][..], &["roster", "sign"]] {
        assert_eq!(office.jiedu("reviewer", &[command, &["--key", &key]].concat()).0, 2, "{command:?}");
    }
}

#[test]
fn clones_come_together_with_the_shared_line_first() {
    let Some(office) = submitted() else { return };
    // Both sign without having seen the other; neither loses anything.
    office.sign("reviewer", "qian.min", &["approve", SET, "--step", "保密审查"]);
    fs::write(office.path("writer").join("note.md"), "另一件事。\n").unwrap();
    git(&office, "writer", &["add", "note.md"]);
    git(&office, "writer", &["commit", "--quiet", "-m", "另一件事"]);
    office.jiedu_ok("writer", &["sync"]);
    let shared = git(&office, "writer", &["rev-parse", "HEAD"]);
    let said = office.sign("reviewer", "li.chu", &["approve", SET, "--step", "初审", "--push"]);
    assert!(said.contains("还没有取回"), "the clone was stale: {said}");
    let parents = git(&office, "reviewer", &["log", "-1", "--format=%P"]);
    assert_eq!(parents.split(' ').next(), Some(shared.as_str()), "the shared line is the first parent");
    assert_eq!(
        git(&office, "shared.git", &["rev-parse", "main"]),
        git(&office, "reviewer", &["rev-parse", "HEAD"])
    );
    assert!(office.path("reviewer").join("note.md").is_file(), "the work tree follows");
    // A pull with the parents the other way round is put right before it is shared.
    office.sign("writer", "zhang.wen", &["submit", "site"]);
    git(&office, "writer", &["pull", "--quiet", "--no-edit"]);
    let own = git(&office, "writer", &["log", "-1", "--format=%P"]);
    let shared = git(&office, "shared.git", &["rev-parse", "main"]);
    assert_ne!(own.split(' ').next(), Some(shared.as_str()), "as git pull does it");
    office.jiedu_ok("writer", &["sync"]);
    let line = git(&office, "shared.git", &["rev-list", "--first-parent", "main"]);
    assert!(line.lines().any(|commit| commit == shared), "the shared line still passes what was shared");
    office.jiedu_ok("reviewer", &["sync"]);
    office.sign("reviewer", "wang.fu", &["approve", SET, "--step", "复审", "--push"]);
}

#[test]
fn conflicts_are_left_to_the_person_and_nothing_is_lost() {
    let Some(office) = submitted() else { return };
    let policy = format!("content/policies/{SET}/policy.md");
    let edit = |clone: &str, words: &str| {
        let path = office.path(clone).join(&policy);
        let text = fs::read_to_string(&path).unwrap();
        let line = text.lines().find(|line| line.starts_with("标题:")).unwrap().to_owned();
        fs::write(&path, text.replace(&line, &format!("标题: {words}"))).unwrap();
        git(&office, clone, &["commit", "--quiet", "-am", words]);
    };
    edit("writer", "甲的写法");
    edit("reviewer", "乙的写法");
    office.jiedu_ok("writer", &["sync"]);
    let own = git(&office, "reviewer", &["rev-parse", "HEAD"]);
    let (code, said) = office.jiedu("reviewer", &["sync"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains(&policy) && said.contains("<<<<<<<"), "{said}");
    // Given up and begun again: the own commit is still there.
    git(&office, "reviewer", &["merge", "--abort"]);
    assert_eq!(office.jiedu("reviewer", &["sync"]).0, 1);
    assert_eq!(office.jiedu("reviewer", &["sync"]).0, 1, "both versions still stand in the file");
    let path = office.path("reviewer").join(&policy);
    let text = fs::read_to_string(&path).unwrap();
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| {
            !line.starts_with("<<<<<<< ") && !line.starts_with("=======") && !line.starts_with(">>>>>>> ")
        })
        .filter(|line| !line.contains("甲的写法"))
        .collect();
    fs::write(&path, kept.join("\n") + "\n").unwrap();
    office.jiedu_ok("reviewer", &["sync"]);
    let main = git(&office, "shared.git", &["rev-list", "main"]);
    assert!(main.lines().any(|commit| commit == own), "the own commit is part of the history");
    assert!(git(&office, "reviewer", &["for-each-ref", "refs/jiedu"]).is_empty());
}

#[test]
fn a_rejection_says_why_to_the_office_only() {
    let Some(office) = submitted() else { return };
    office.sign("reviewer", "qian.min", &["approve", SET, "--step", "保密审查"]);
    let key = office.key("li.chu");
    let reject = ["approve", SET, "--step", "初审", "--reject", "--yes", "--key", &key];
    for bad in ["", "两\n行", "反\u{202e}转", &"长".repeat(2001)] {
        assert_eq!(office.jiedu("reviewer", &[&reject[..], &["--reason", bad]].concat()).0, 2, "{bad:?}");
    }
    let without = ["approve", SET, "--step", "初审", "--yes", "--reason", "x", "--key", &key];
    assert_eq!(office.jiedu("reviewer", &without).0, 2, "a reason belongs to a rejection");
    office
        .jiedu_ok("reviewer", &[&reject[..], &["--reason", "第二条的期限与上位法不一致", "--push"]].concat());
    let log = git(&office, "reviewer", &["log", "-3", "--format=%H"]);
    let raw = log.lines().find_map(|commit| {
        let raw = git(&office, "reviewer", &["cat-file", "commit", commit]);
        raw.contains("Approval-Decision: reject").then_some(raw)
    });
    let raw = raw.unwrap();
    assert!(raw.contains("\n\nReason: sha256:") && !raw.contains("上位法"), "{raw}");
    let folder = office.path("reviewer").join("evidence/reasons");
    let file = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let words = fs::read(&file).unwrap();
    assert_eq!(reason_of(format!("{raw}\n").as_bytes()), Some(jiedu::name::Digest::of(&words)));
    let text = String::from_utf8(words).unwrap();
    let (salt, rest) = text.split_once('\n').unwrap();
    assert!(salt.len() == 32 && salt.bytes().all(|b| b.is_ascii_hexdigit()), "{salt}");
    assert!(rest.starts_with("第二条的期限"), "{rest}");
    // The writer sees it, and whose turn it is.
    office.jiedu_ok("writer", &["sync"]);
    let said = office.jiedu_ok("writer", &["status", SET]);
    assert!(said.contains("第二条的期限与上位法不一致") && said.contains("jiedu submit"), "{said}");
    git(&office, "writer", &["config", "user.email", "zhang.wen@office.example"]);
    let mine = office.jiedu_ok("writer", &["status", "--mine"]);
    assert!(mine.contains(SET), "{mine}");
    // The next round is compared with the one before.
    let policy = office.path("writer").join(format!("content/policies/{SET}/policy.md"));
    let text = fs::read_to_string(&policy).unwrap();
    fs::write(&policy, text.replace("示例办法", "示例规定")).unwrap();
    git(&office, "writer", &["commit", "--quiet", "-am", "改"]);
    let said = office.sign("writer", "zhang.wen", &["submit", SET]);
    assert!(said.contains("与上一次送审的文本（第 1 轮）相比") && !said.contains("首次送审"), "{said}");
    assert!(said.contains("1 个签名"), "what the edit voided: {said}");
}

#[test]
fn a_withdrawal_says_who_must_sign_too() {
    let mut p = project();
    p.set("2025/a").commit("draft").approve("site").approve("2025/a");
    let mut draft = p.draft("2025/a", "first");
    draft.kind = jiedu::approve::statement::Kind::Withdraw;
    draft.step = "withdraw".into();
    p.sign(&draft);
    let run = in_project(&p, &["status"]).expect(0, &[]);
    assert!(run.out.contains("还缺一人") && run.out.contains("jiedu withdraw 2025/a"), "{}", run.out);
    let json = in_project(&p, &["status", "--format", "json"]).json();
    assert_eq!(json["sets"][0]["withdrawal"]["signed"][0], "first");
    assert_eq!(json["sets"][0]["withdrawal"]["candidates"][0], "final", "who may alone comes first");
    assert_eq!(json["sets"][0]["state"], "cleared");
    let run = in_project(&p, &["check", "--rev", "HEAD", "--format", "json"]);
    assert!(run.out.contains("WITHDRAWAL_PENDING"), "{}", run.out);
    let mut second = draft.clone();
    second.signer = crate::project::person("second");
    p.sign(&second);
    let json = in_project(&p, &["status", "--format", "json"]).json();
    assert_eq!(json["sets"][0]["state"], "withdrawn");
    assert!(json["sets"][0].get("withdrawal").is_none());
}

fn published() -> Project {
    let mut p = project();
    p.set("2025/a").commit("draft").approve("site").approve("2025/a");
    p
}

/// Builds with the program; the exit code and whether the site is there.
fn build(p: &Project, extra: &[&str]) -> (i32, String, bool) {
    let folder = tempfile::tempdir().unwrap();
    let trust = folder.path().join("trust.toml");
    fs::write(&trust, p.anchor().to_toml()).unwrap();
    let out = folder.path().join("public");
    let args = ["build", "--trust", trust.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let run = in_project(p, &[&args[..], extra].concat());
    let verified = (run.code <= 1).then(|| {
        let verify = ["verify", out.to_str().unwrap(), "--trust", trust.to_str().unwrap(), "--repo", "."];
        in_project(p, &[&["--repo", p.path().to_str().unwrap()], &verify[..4]].concat()).code
    });
    assert!(verified.is_none_or(|code| code == 0), "the site verifies and rebuilds");
    (run.code, run.err, out.join("policies/2025/a/index.html").is_file())
}

#[test]
fn site_wide_files_that_wait_leave_the_approved_ones_in_force() {
    let mut p = published();
    p.file("content/pages/about.md", "---\n标题: 关于本站\n---\n\n正文。\n")
        .commit("a page that nobody approved");
    let (code, said, built) = build(&p, &[]);
    assert_eq!((code, built), (0, true), "{said}");
    assert!(said.contains("THEME_UNAPPROVED"), "{said}");
    for args in [&["status", "--format", "json"][..], &["check", "--rev", "HEAD", "--format", "json"]] {
        let run = in_project(&p, args).expect(0, &[]);
        let json = run.json();
        assert_eq!(json["pending"]["site"]["missing"][0], "submit", "{args:?}");
        assert!(json["pending"]["site"]["digest"].as_str().unwrap().starts_with("sha256:"));
        assert!(json["pending"]["roster"].is_null());
    }
    let json = in_project(&p, &["check", "--rev", "HEAD", "--format", "json"]).json();
    let warning = json["findings"].as_array().unwrap().iter().find(|it| it["code"] == "THEME_UNAPPROVED");
    let warning = warning.unwrap();
    assert_eq!((&warning["set"], &warning["severity"]), (&"site".into(), &"warning".into()));
    // Settings that cannot even be read stop nothing either.
    p.file("site.toml", "[site\n").commit("a slip in the settings");
    assert_eq!(build(&p, &[]).0, 0);
    in_project(&p, &["status"]).expect(0, &[]);
    // Approved, it is in force.
    let mut p = published();
    p.file("content/pages/about.md", "---\n标题: 关于本站\n---\n\n正文。\n").commit("a page").approve("site");
    let json = in_project(&p, &["status", "--format", "json"]).json();
    assert!(json["pending"]["site"].is_null());
    // Never approved: refused as ever.
    let mut p = project();
    p.set("2025/a").commit("draft").approve("2025/a");
    assert_eq!(build(&p, &[]).0, 3);
}

#[test]
fn a_roster_that_waits_stops_nothing() {
    let mut p = published();
    p.next_roster(|text| text + "# next\n");
    let (code, said, built) = build(&p, &[]);
    assert_eq!((code, built), (0, true), "{said}");
    assert!(said.contains("ROSTER_PENDING"), "{said}");
    for args in [&["status"][..], &["log", "2025/a"], &["diff", "2025/a"], &["roster", "check"], &["patrol"]]
    {
        assert_ne!(in_project(&p, args).code, 3, "{args:?}");
    }
    let json = in_project(&p, &["status", "--format", "json"]).json();
    assert_eq!(json["pending"]["roster"]["version"], 2);
    assert_eq!(
        (&json["pending"]["roster"]["have"], &json["pending"]["roster"]["need"]),
        (&0.into(), &1.into())
    );
    assert_eq!(json["pending"]["roster"]["missing"][0], "root");
    p.agree("root");
    let json = in_project(&p, &["status", "--format", "json"]).json();
    assert!(json["pending"]["roster"].is_null());
}

#[test]
fn a_build_ends_with_one_only_when_something_is_held_back() {
    let mut p = published();
    p.set("2025/b").commit("an unfinished draft");
    p.edit(POLICY, "便民利民", "便民惠民").commit("an unfinished next edition");
    assert_eq!(build(&p, &[]).0, 0);
    assert_eq!(build(&p, &["--strict"]).0, 1);
    let mut p = published();
    p.remove("content/policies/2025/a/plan.md").commit("no plan").approve("2025/a");
    let (code, said, built) = build(&p, &[]);
    assert_eq!((code, built), (1, true), "a complete chain is held back, the site is whole: {said}");
    let mut p = project();
    p.set("2025/a").commit("draft").approve("site");
    let (code, _, built) = build(&p, &[]);
    assert_eq!((code, built), (1, false), "no set is published at all");
}

#[test]
fn what_was_signed_of_the_old_text_is_no_fault_of_the_new_one() {
    let mut p = published();
    p.edit(POLICY, "便民利民", "便民惠民").commit("edit");
    let json = in_project(&p, &["check", "--rev", "HEAD", "--format", "json"]).json();
    let codes: Vec<&str> =
        json["findings"].as_array().unwrap().iter().filter_map(|it| it["code"].as_str()).collect();
    assert!(!codes.contains(&Reason::DigestMismatch.code()), "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == "STEP_MISSING").count(), 1, "{codes:?}");
    // Submitted, the round is judged as it is.
    p.submit("2025/a");
    let json = in_project(&p, &["status", "2025/a", "--format", "json"]).json();
    assert_eq!(json["sets"][0]["steps"][0]["state"], "done");
}

#[test]
fn a_retraction_that_ends_the_round_is_the_writers_turn() {
    let mut p = project();
    p.set("2025/a").commit("draft").submit("2025/a").step("2025/a", "secrecy-review", "secrecy");
    let mut draft = p.draft("2025/a", "secrecy");
    draft.step = "secrecy-review".into();
    draft.decision = Decision::Retract;
    p.sign(&draft);
    let json = in_project(&p, &["status", "--format", "json"]).json();
    assert_eq!(json["sets"][0]["writers"][0], "writer");
}

#[test]
fn sets_and_paths_choose_what_is_shown() {
    let mut p = published();
    p.set("2025/b").commit("b");
    p.checkout();
    let run = in_project(&p, &["status", "2025/b"]).expect(0, &[]);
    assert!(run.out.contains("2025/b") && !run.out.contains("2025/a"), "{}", run.out);
    let run = in_project(&p, &["status", "content/policies/2025/b/policy.md"]).expect(0, &[]);
    assert!(run.out.contains("2025/b") && !run.out.contains("2025/a"), "{}", run.out);
    // What is finished takes one line.
    let run = in_project(&p, &["status"]).expect(0, &[]);
    let of_a: Vec<&str> = run.out.lines().filter(|line| line.contains("2025/a")).collect();
    assert!(of_a.len() == 1 && of_a[0].contains("可发布"), "{}", run.out);
    assert!(!run.out.contains("职员first（first）"), "{}", run.out);
    let run = in_project(&p, &["status", "2025/a"]).expect(0, &[]);
    assert!(run.out.contains("职员first（first）"), "names beside ids: {}", run.out);
    p.edit("content/policies/2025/b/policy.md", "便民利民", "侯车室").checkout();
    let paths = ["check", "content/policies/2025/b/plan.md", "--format", "json"];
    assert_eq!(in_project(&p, &paths).json()["findings"].as_array().unwrap().len(), 0);
    let paths = ["check", "content/policies/2025/b/policy.md", "--format", "json"];
    assert!(!in_project(&p, &paths).json()["findings"].as_array().unwrap().is_empty());
    let _ = STAFF;
}

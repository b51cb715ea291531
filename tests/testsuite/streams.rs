//! What a command was asked for goes to standard output; notes and errors go to
//! standard error, so that `jiedu status > a.txt` holds the answer.

use std::fs;
use std::process::Command;

use crate::program::in_project;
use crate::project::{Project, key, project};

fn published() -> Project {
    let mut p = project();
    p.set("2025/a").commit("draft").approve("site").approve("2025/a");
    p.checkout();
    p
}

#[test]
fn answers_of_judging_commands_are_on_standard_output() {
    let p = published();
    let rows: [(&[&str], &str); 8] = [
        (&["status"], "2025/a"),
        (&["check"], "提示"),
        (&["patrol"], "巡查"),
        (&["roster", "show"], "writer"),
        (&["roster", "check"], "名册各版本相连"),
        (&["log", "2025/a"], "v1"),
        (&["explain", "REJECTED"], "REJECTED"),
        (&["digest", "2025/a"], "sha256:"),
    ];
    for (args, phrase) in rows {
        let run = in_project(&p, args);
        assert!(!run.out.trim().is_empty(), "{args:?}: {}", run.err);
        assert!(run.out.contains(phrase) || args == ["check"] || args == ["patrol"], "{args:?}: {}", run.out);
        let quiet = in_project(&p, &[args, &["-q"]].concat());
        assert_eq!(quiet.out, run.out, "{args:?}");
        assert!(quiet.err.is_empty(), "{args:?}: {}", quiet.err);
    }
}

#[test]
fn differences_between_rosters_and_keys_are_answers_too() {
    let mut p = published();
    p.next_roster(|text| text.replace("name = \"职员first\"", "name = \"初一\"")).agree("root");
    let run = in_project(&p, &["roster", "diff", "1", "2"]).expect(0, &[]);
    assert!(run.out.contains("first"), "{} {}", run.out, run.err);
    let file = p.path().join("key.pub");
    fs::write(&file, key("first").public_key().to_openssh().unwrap()).unwrap();
    let run = in_project(&p, &["key", "show", file.to_str().unwrap()]).expect(0, &[]);
    assert!(run.out.contains("SHA256:") && run.err.is_empty(), "{} {}", run.out, run.err);
}

#[test]
fn a_verdict_is_on_standard_output() {
    let p = published();
    let trust = p.path().join("trust.toml");
    fs::write(&trust, p.anchor().to_toml()).unwrap();
    let trust = trust.to_str().unwrap();
    let public = p.path().join("public");
    let public = public.to_str().unwrap();
    let built = in_project(&p, &["build", "--out", public, "--trust", trust]).expect(0, &[]);
    assert!(built.out.is_empty(), "progress is no answer: {}", built.out);
    let run = in_project(&p, &["verify", public, "--trust", trust]).expect(0, &[]);
    assert!(run.out.contains("核验通过") && run.out.contains("min_roster"), "{} {}", run.out, run.err);
}

#[test]
fn language_and_repository_come_from_the_environment() {
    let p = published();
    let elsewhere = tempfile::tempdir().unwrap();
    let run = |envs: &[(&str, &str)], args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jiedu"));
        command.current_dir(elsewhere.path()).args(args);
        for name in ["JIEDU_LANG", "JIEDU_REPO", "NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR"] {
            command.env_remove(name);
        }
        let out = command.envs(envs.iter().copied()).output().unwrap();
        (out.status.code(), String::from_utf8(out.stdout).unwrap())
    };
    let repo = p.path().to_str().unwrap();
    let (code, said) = run(&[("JIEDU_REPO", repo), ("JIEDU_LANG", "en")], &["status"]);
    assert_eq!(code, Some(0));
    assert!(said.contains("judged at"), "{said}");
    let (_, said) = run(&[("JIEDU_REPO", repo), ("JIEDU_LANG", "en")], &["status", "--lang", "zh"]);
    assert!(said.contains("判断时刻"), "what is typed wins: {said}");
    assert_ne!(run(&[], &["status"]).0, Some(0), "there is no repository here");

    fs::write(elsewhere.path().join("a.md"), "侯车室。\n").unwrap();
    let check = ["check", "--text-only", "a.md"];
    let coloured = |envs: &[(&str, &str)]| run(envs, &check).1.contains('\u{1b}');
    assert!(!coloured(&[]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")]));
    let always = ["--color", "always", "check", "--text-only", "a.md"];
    assert!(run(&[("NO_COLOR", "1")], &always).1.contains('\u{1b}'), "what is typed wins");
}

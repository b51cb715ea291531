//! How the program answers to wrong, odd and bare command lines.

use std::fs;

use crate::program::{in_project, jiedu};
use crate::project::project;

const COMMANDS: [&[&str]; 34] = [
    &["demo"],
    &["init"],
    &["new"],
    &["new", "policy"],
    &["new", "material"],
    &["new", "qa"],
    &["new", "opinions"],
    &["new", "topic"],
    &["import"],
    &["submit"],
    &["approve"],
    &["status"],
    &["collect"],
    &["withdraw"],
    &["roster"],
    &["roster", "check"],
    &["roster", "show"],
    &["roster", "diff"],
    &["roster", "sign"],
    &["key"],
    &["key", "new"],
    &["report"],
    &["proof"],
    &["check"],
    &["patrol"],
    &["fix"],
    &["explain"],
    &["digest"],
    &["compare"],
    &["diff"],
    &["log"],
    &["build"],
    &["verify"],
    &["help"],
];

#[test]
fn every_command_has_help() {
    let folder = tempfile::tempdir().unwrap();
    for command in COMMANDS {
        let mut args = command.to_vec();
        if command != ["help"] {
            args.push("--help");
        }
        let run = jiedu(folder.path(), &args, b"").expect(0, &["用法：jiedu"]);
        assert!(run.err.is_empty(), "{command:?}: {}", run.err);
    }
}

#[test]
fn colour_is_shown_when_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let look = |when: &str| {
        jiedu(folder.path(), &["--color", when, "check", "--text-only", "-"], "侯车室。\n".as_bytes()).out
    };
    assert!(look("always").contains('\u{1b}'));
    assert!(!look("never").contains('\u{1b}') && !look("auto").contains('\u{1b}'));
}

#[test]
fn a_word_list_that_cannot_be_used_stops_the_check() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.json", r#"{"terms":1}"#), ("b.json", "["), ("c.toml", "terms = 3\n")] {
        fs::write(folder.path().join(name), text).unwrap();
        let args = ["check", "--text-only", "--format", "json", "--wordlist", name, "-"];
        let run = jiedu(folder.path(), &args, "一切正常。\n".as_bytes()).expect(2, &[name]);
        assert!(run.out.is_empty(), "{}", run.out);
    }
}

#[test]
fn explanations_say_what_to_do_and_read_both_spellings() {
    let folder = tempfile::tempdir().unwrap();
    let explain = |code: &str| jiedu(folder.path(), &["explain", code], b"").expect(0, &[]).out;
    assert!(explain("SIG_BAD").contains("jiedu collect"));
    assert_eq!(explain("PLAN_MISSING"), explain("plan-missing"));
    assert_eq!(explain("MATERIAL_MISSING"), explain("TS-01"));
}

#[test]
fn a_file_without_text_is_not_imported() {
    let mut p = project();
    p.commit("settings");
    p.checkout();
    for name in ["a.txt", "b.html"] {
        fs::write(p.path().join(name), "\n").unwrap();
        let file = p.path().join(name);
        in_project(&p, &["import", file.to_str().unwrap(), "--into", "2025/empty"]).expect(2, &[name]);
        assert!(!p.path().join("content/policies/2025/empty").exists());
    }
}

#[test]
fn the_statistics_of_an_office_are_no_text_to_git() {
    let attributes = include_str!("../../content/repository/gitattributes");
    for kind in ["bin", "odt", "wps", "png"] {
        assert!(attributes.lines().any(|line| line == format!("*.{kind} binary")), "{kind}");
    }
}

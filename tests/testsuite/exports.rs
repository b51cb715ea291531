//! `jiedu export` as a person calls it: files that other programs read, an
//! older edition beside the newer, and what is refused.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output};

use crate::project::{Project, project};

fn published() -> Project {
    let mut p = project();
    p.set("2025/a").commit("draft").approve("site").approve("2025/a");
    p.set("2025/b").commit("another");
    p.checkout();
    p
}

fn export(p: &Project, out: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jiedu"))
        .args(["--lang", "en", "export", "2025/a", "--out"])
        .arg(out)
        .args(more)
        .current_dir(p.path())
        .env_remove("JIEDU_TRUST")
        .output()
        .unwrap()
}

#[test]
fn every_format_is_written_and_the_same_twice() {
    let p = published();
    let folder = tempfile::tempdir().unwrap();
    for format in ["docx", "akn", "json", "txt", "zip"] {
        let out = folder.path().join(format!("a.{format}"));
        let first = export(&p, &out, &["--format", format]);
        assert_eq!(first.status.code(), Some(0), "{format}: {}", String::from_utf8_lossy(&first.stderr));
        let bytes = fs::read(&out).unwrap();
        export(&p, &out, &["--format", format]);
        assert_eq!(bytes, fs::read(&out).unwrap(), "{format}");
    }
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("a.json")).unwrap()).unwrap();
    assert!(json.is_object());
    let mut archive = zip::ZipArchive::new(fs::File::open(folder.path().join("a.zip")).unwrap()).unwrap();
    let mut policy = String::new();
    archive.by_name("set/policy.md").unwrap().read_to_string(&mut policy).unwrap();
    assert_eq!(policy, p.text("content/policies/2025/a/policy.md"));
    assert!(archive.by_name("roster/1.toml").is_ok());
}

#[test]
fn what_cannot_be_exported_says_what_to_do() {
    let p = published();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.docx");
    for (more, words) in [
        (&["--format", "docx", "--what", "redline"][..], "no older edition"),
        (&["--format", "docx", "--edition", "7"][..], "no edition 7"),
        (&["--format", "json", "--draft"][..], "no page on the site"),
    ] {
        let refused = export(&p, &out, more);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{said}");
        assert!(said.contains(words), "{said}");
        assert!(!out.exists());
    }
    assert_eq!(export(&p, Path::new("/nowhere/a.txt"), &["--format", "txt"]).status.code(), Some(2));
    assert_eq!(export(&p, &out, &["--format", "docx", "--draft"]).status.code(), Some(0));
}

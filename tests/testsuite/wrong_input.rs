//! Wrong input of every kind ends in a precise message and the right exit code.

use std::path::Path;
use std::process::Command;

use crate::program::{Run, in_project, jiedu};
use crate::project::{Project, project};

fn check(project: &Project) -> Run {
    in_project(project, &["check", "--rev", "HEAD", "--format", "concise"])
}

fn loose(name: &str, bytes: &[u8]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    jiedu(folder.path(), &["check", "--text-only", name, "--format", "concise"], b"")
}

fn with_set() -> Project {
    let mut project = project();
    project.set("2025/a");
    project
}

const POLICY: &str = "content/policies/2025/a/policy.md";

#[test]
fn a_folder_that_is_no_repository() {
    let folder = tempfile::tempdir().unwrap();
    for args in [&["check", "--rev", "HEAD"][..], &["status"], &["digest", "2025/a"], &["check"]] {
        jiedu(folder.path(), args, b"").expect(2, &["仓库"]);
    }
    jiedu(folder.path(), &["--lang", "en", "status"], b"").expect(2, &["repository"]);
}

#[test]
fn an_empty_repository() {
    let folder = tempfile::tempdir().unwrap();
    git2::Repository::init(folder.path()).unwrap();
    jiedu(folder.path(), &["status"], b"").expect(2, &["提交"]);
    jiedu(folder.path(), &["check", "--rev", "HEAD"], b"").expect(2, &["提交"]);
}

#[test]
fn a_revision_or_set_that_does_not_exist() {
    let mut project = with_set();
    project.commit("draft");
    in_project(&project, &["check", "--rev", "nowhere"]).expect(2, &["nowhere"]);
    in_project(&project, &["check", "--rev", "HEAD", "2025/none"]).expect(2, &["2025/none"]);
    in_project(&project, &["digest", "2025/NONE"]).expect(2, &["2025/NONE", "集编号"]);
    in_project(&project, &["check", "--rules", "P999"]).expect(2, &["P999"]);
    in_project(&project, &["explain", "NO_SUCH"]).expect(2, &["NO_SUCH"]);
    in_project(&project, &["check", "--rev", "HEAD", "--at", "yesterday"]).expect(2, &["--at"]);
    in_project(&project, &["check", "--rev", "HEAD", "--trust", "missing.toml"]).expect(2, &["missing.toml"]);
}

#[test]
fn a_repository_that_lies_about_its_history() {
    let mut shallow = with_set();
    shallow.commit("draft");
    std::fs::write(shallow.path().join(".git/shallow"), format!("{}\n", shallow.head())).unwrap();
    check(&shallow).expect(3, &["REPO_SHALLOW"]);
    let mut grafted = with_set();
    grafted.commit("draft");
    std::fs::create_dir_all(grafted.path().join(".git/info")).unwrap();
    std::fs::write(grafted.path().join(".git/info/grafts"), format!("{}\n", grafted.head())).unwrap();
    check(&grafted).expect(3, &["REPO_GRAFTS"]);
}

#[test]
fn front_matter_that_cannot_be_read() {
    for (name, text) in [
        ("unclosed", "---\n标题: 甲\n\n正文\n"),
        ("bad yaml", "---\n标题: [甲\n---\n正文\n"),
        ("a list", "---\n- 甲\n---\n正文\n"),
        (
            "a bomb",
            "---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n---\n正文\n",
        ),
        ("nothing", ""),
    ] {
        let mut project = with_set();
        project.file(POLICY, text).commit("draft");
        let run = check(&project);
        assert_eq!(run.code, 1, "{name}: {}{}", run.out, run.err);
        assert!(run.out.contains(POLICY), "{name}: {}", run.out);
    }
}

#[test]
fn text_that_is_not_clean() {
    for (bytes, code) in [
        (&b"\xb9\xd8\xd3\xda\xcd\xa8\xd6\xaa\n"[..], "TEXT_ENCODING"),
        (b"---\r\na: 1\r\n---\r\n", "TEXT_EOL"),
        (b"\xef\xbb\xbf---\n", "TEXT_ENCODING"),
        ("政策\u{202e}文件\n".as_bytes(), "TEXT_BIDI"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "LFS_POINTER"),
    ] {
        let mut project = with_set();
        project.file(POLICY, bytes).commit("draft");
        check(&project).expect(1, &[&format!("{POLICY}:1:"), code]);
    }
    loose("gbk.md", b"\xb9\xd8\xd3\xda\n").expect(1, &["gbk.md:1:1", "TEXT_ENCODING"]);
}

#[test]
fn members_that_are_missing() {
    let mut project = with_set();
    project.remove("content/policies/2025/a/plan.md").commit("draft");
    check(&project).expect(1, &["TS-01"]);
    let mut project = with_set();
    project.remove(POLICY).commit("draft");
    check(&project).expect(1, &["POLICY_MISSING"]);
}

#[test]
fn links_that_lead_nowhere_or_in_circles() {
    let mut project = with_set();
    project.set("2025/b");
    project.file(
        "content/policies/2025/a/materials/x.md",
        "---\n标题: 甲\n形式: 文字解读\n---\n\n## [乙](clause:2025/b#第九条)\n\n文。\n",
    );
    project.file(
        "content/policies/2025/b/materials/x.md",
        "---\n标题: 乙\n形式: 文字解读\n---\n\n## [甲](clause:2025/a#第九条)\n\n文。\n",
    );
    project.commit("draft");
    check(&project).expect(1, &["2025/a/materials/x.md:6:", "第九条"]);
}

#[test]
fn a_file_of_fifty_megabytes() {
    let mut project = with_set();
    project.file("content/policies/2025/a/attachments/a.bin", vec![7; 50 << 20]).commit("draft");
    let run = check(&project);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("attachments/a.bin"), "{}", run.out);
    loose("big.md", &vec![b'a'; 33 << 20]).expect(1, &["big.md", "TEXT_TOO_LARGE"]);
}

#[test]
fn ten_thousand_nested_quotes() {
    let quotes = format!("{}深\n", "> ".repeat(10_000));
    let run = loose("deep.md", quotes.as_bytes());
    assert!((0..=1).contains(&run.code), "{} {}", run.code, run.err);
    let lists = (0..3_000).map(|depth| format!("{}- 项\n", "  ".repeat(depth))).collect::<String>();
    assert!((0..=1).contains(&loose("lists.md", lists.as_bytes()).code));
    let mut project = with_set();
    let text = format!("{}\n{quotes}", project.text(POLICY));
    project.file(POLICY, text).commit("draft");
    assert!((0..=1).contains(&check(&project).code));
}

#[test]
fn a_table_of_a_million_lines() {
    let table = format!("|甲|乙|\n|-|-|\n{}", "|1|2|\n".repeat(1_000_000));
    assert!((0..=1).contains(&loose("table.md", table.as_bytes()).code));
}

#[test]
fn brackets_and_marks_in_the_ten_thousands() {
    for piece in ["[", "![", "**", "<", "（", "“", "`", "《", "(clause:", "&", "\\"] {
        let run = loose("marks.md", piece.repeat(50_000).as_bytes());
        assert!((0..=1).contains(&run.code), "{piece}: {} {}", run.code, run.err);
    }
}

#[test]
fn a_symbolic_link_in_a_set() {
    let mut project = with_set();
    project.commit("draft").checkout();
    let link = project.path().join("content/policies/2025/a/materials/link.md");
    std::os::unix::fs::symlink("/etc/passwd", link).unwrap();
    let run = in_project(&project, &["check", "--format", "concise"]);
    assert!(run.out.contains("ENTRY_MODE") && !run.out.contains("root:"), "{}{}", run.out, run.err);
}

#[test]
fn loose_folders_with_a_cycle_and_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("a")).unwrap();
    std::os::unix::fs::symlink("..", folder.path().join("a/up")).unwrap();
    std::fs::write(folder.path().join("a/x.md"), "各单位,请办理。\n").unwrap();
    jiedu(folder.path(), &["check", "--text-only", ".", "--format", "concise"], b"")
        .expect(1, &["a/x.md:1:4"]);
    let run = jiedu(
        folder.path(),
        &["check", "--text-only", "-", "--format", "json"],
        "各单位,请办理。\n".as_bytes(),
    );
    assert_eq!((run.code, run.json()["findings"][0]["path"].as_str()), (1, Some("-")));
    jiedu(folder.path(), &["check", "--text-only", "none.md"], b"").expect(2, &["none.md"]);
    jiedu(folder.path(), &["check", "--text-only"], b"").expect(2, &["--text-only"]);
}

#[test]
fn a_reader_who_closes_the_pipe() {
    let script = format!("'{}' explain | head -1", env!("CARGO_BIN_EXE_jiedu"));
    let out = Command::new("bash")
        .args(["-o", "pipefail", "-c", &script])
        .current_dir(Path::new("/"))
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

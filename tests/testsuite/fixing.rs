//! `fix` as its user sees it: the office's own lists and statistics, patches
//! that git applies, and nothing changed but what was said.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::{in_project, jiedu};
use crate::project::{Project, project};

const POLICY: &str = "content/policies/2025/a/policy.md";
const ARTICLE: &str = "content/policies/2025/a/materials/article.md";

fn draft() -> Project {
    let mut project = project();
    project
        .set("2025/a")
        .edit(POLICY, "优化办理流程。", "优化办理流程,缩短时限。环保局负责。")
        .commit("draft");
    project
}

#[test]
fn lists_in_json_and_dated_entries_count_as_in_check() {
    let mut project = draft();
    project.file("wordlists/names.json", r#"{"terms": [{"use": "生态环境局", "avoid": ["环保局"]}]}"#);
    project.file(
        "wordlists/later.toml",
        "owner = \"办公室\"\nreason = \"改用新名\"\nvalid-from = 2099-01-01\n[[terms]]\nuse = \"时间\"\navoid = [\"时限\"]\n",
    );
    project.commit("lists").checkout();
    let run = in_project(&project, &["fix", "--unsafe", "2025/a"]).expect(0, &[]);
    let text = fs::read_to_string(project.path().join(POLICY)).unwrap();
    assert!(text.contains("生态环境局负责"), "{}\n{text}", run.out);
    assert!(text.contains("流程，缩短时限"), "an entry of 2099 does not apply yet: {text}");
}

/// An entry that is not yet valid waits also where a text has no date.
#[test]
fn an_entry_of_a_later_day_waits_for_texts_without_a_date() {
    let mut project = draft();
    project.file("content/pages/guide.md", "# 指南\n\n找环保局办理。\n");
    let list = |day: &str| {
        format!(
            "owner = \"办公室\"\nreason = \"改名\"\nvalid-from = {day}\n[[terms]]\nuse = \"生态环境局\"\navoid = [\"环保局\"]\n"
        )
    };
    let on_page = |project: &Project| {
        let json = in_project(project, &["check", "--rev", "HEAD", "--format", "json"]).json();
        let all = json["findings"].as_array().unwrap().clone();
        all.iter()
            .filter(|one| {
                one["path"] == "content/pages/guide.md" && one["message"].as_str().unwrap().contains("环保局")
            })
            .count()
    };
    project.file("wordlists/names.toml", list("2099-01-01")).commit("list");
    assert_eq!(on_page(&project), 0);
    project.file("wordlists/names.toml", list("2001-01-01")).commit("list");
    assert_eq!(on_page(&project), 1);
}

#[test]
fn a_patch_applies_with_git() {
    if Command::new("git").arg("--version").output().is_err() {
        skipped("needs git");
        return;
    }
    let project = draft();
    project.checkout();
    let before = fs::read_to_string(project.path().join(POLICY)).unwrap();
    // A last line without an end, as editors leave it.
    let article = fs::read_to_string(project.path().join(ARTICLE)).unwrap();
    fs::write(project.path().join(ARTICLE), format!("{article}\n最后一行,没有换行。")).unwrap();
    let patch = in_project(&project, &["fix", "--patch"]).expect(0, &[]);
    assert_eq!(fs::read_to_string(project.path().join(POLICY)).unwrap(), before, "a patch changes nothing");
    let file = project.path().join("../fix.patch");
    let folder = tempfile::tempdir().unwrap();
    let file = if fs::write(&file, &patch.out).is_ok() { file } else { folder.path().join("p") };
    fs::write(&file, &patch.out).unwrap();
    let apply = |args: &[&str]| {
        let out = Command::new("git")
            .current_dir(project.path())
            .arg("apply")
            .args(args)
            .arg(&file)
            .output()
            .unwrap();
        assert!(out.status.success(), "{}\n{}", String::from_utf8_lossy(&out.stderr), patch.out);
    };
    apply(&["--check"]);
    apply(&["--whitespace=nowarn"]);
    let by_git: Vec<String> =
        [POLICY, ARTICLE].iter().map(|path| fs::read_to_string(project.path().join(path)).unwrap()).collect();
    assert!(by_git[0].contains("流程，缩短") && by_git[1].ends_with("最后一行，没有换行。"), "{by_git:?}");
    // The same as `fix` writes, and nothing is left to fix.
    project.checkout();
    fs::write(project.path().join(ARTICLE), format!("{article}\n最后一行,没有换行。")).unwrap();
    in_project(&project, &["fix"]).expect(0, &[]);
    let by_fix: Vec<String> =
        [POLICY, ARTICLE].iter().map(|path| fs::read_to_string(project.path().join(path)).unwrap()).collect();
    assert_eq!(by_git, by_fix);
    in_project(&project, &["fix", "--patch"]).expect(0, &["0"]);
    let _ = fs::remove_file(file);
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// A text as Windows editors save it: mark, line ends, front matter, table,
/// trailing blanks, entities and a reference that a fix would break.
const WINDOWS: &str = "\u{feff}---\r\n标题: 测试,一下\r\n---\r\n\r\n# 题\r\n\r\n各科室,**加强,落实**,见[文件,一](a.md)。  \r\n\
    第二行,结束。\r\n\r\n| 水,电 | １２ |\r\n|---|---|\r\n| 甲 | &amp;乙,丙 |\r\n\r\n定义[甲,乙]。\r\n\r\n[甲,乙]: b.md\r\n";

#[test]
fn files_outside_of_any_repository_are_fixed_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let write = |name: &str, text: &[u8]| fs::write(folder.join(name), text).unwrap();
    write("a.md", WINDOWS.as_bytes());
    write("gbk.txt", b"\xd6\xd0,\xce\xc4");
    jiedu(folder, &["fix", "--text-only", "--dry-run", "a.md"], b"").expect(0, &["可以修改 1 个文件"]);
    assert_eq!(fs::read_to_string(folder.join("a.md")).unwrap(), WINDOWS);
    let run =
        jiedu(folder, &["fix", "--text-only", "."], b"").expect(0, &["已修改 2 个文件", "gbk.txt", "UTF-8"]);
    assert!(run.out.contains("a.md"), "{}", run.out);
    let fixed = fs::read_to_string(folder.join("a.md")).unwrap();
    // The reference stays; nothing but the marks changes, in the title too.
    let body = WINDOWS.replace("[甲,乙]", "[甲\u{1}乙]");
    let wanted = body.replace(',', "，").replace("１２", "12").replace('\u{1}', ",");
    // The mark and the line ends of Windows go: a commit with them is refused.
    let plain = |text: &str| text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    assert_eq!(fixed, plain(&wanted));
    assert_eq!(fs::read_to_string(folder.join("gbk.txt")).unwrap(), "中，文");
    jiedu(folder, &["fix", "--text-only", "a.md"], b"").expect(0, &["已修改 0 个文件"]);
    let filtered =
        jiedu(folder, &["fix", "--text-only", "-"], WINDOWS.as_bytes()).expect(0, &["已修改 1 个文件"]);
    assert_eq!(plain(&filtered.out), fixed);
    write("words.toml", "[[terms]]\nuse = \"生态环境局\"\navoid = [\"环保局\"]\n".as_bytes());
    let args = ["fix", "--text-only", "--unsafe", "--wordlist", "words.toml", "-"];
    assert_eq!(jiedu(folder, &args, "环保局负责。\n".as_bytes()).out, "生态环境局负责。\n");
    jiedu(folder, &["fix", "--text-only"], b"").expect(2, &["没有指定"]);
    jiedu(folder, &["fix", "--wordlist", "words.toml"], b"").expect(2, &["--text-only"]);
}

#[cfg(unix)]
#[test]
fn what_is_fixed_is_the_file_itself() {
    use std::os::unix::ffi::OsStrExt as _;
    let home = tempfile::tempdir().unwrap();
    let (inside, outside) = (home.path().join("in"), home.path().join("y.md"));
    fs::create_dir(&inside).unwrap();
    let faulty = "各单位,请办理。\n";
    fs::write(&outside, faulty).unwrap();
    std::os::unix::fs::symlink(&outside, inside.join("link.md")).unwrap();
    // A name in GBK, beside what it looks like when it is read as UTF-8.
    let odd = inside.join(std::ffi::OsStr::from_bytes(b"a\xff.md"));
    fs::write(&odd, faulty).unwrap();
    fs::write(inside.join("a\u{fffd}.md"), "别的文字。\n").unwrap();
    jiedu(&inside, &["fix", "--text-only", "."], b"").expect(1, &["已修改 0 个文件", "文件名不是 UTF-8"]);
    assert_eq!(fs::read_to_string(&outside).unwrap(), faulty, "a link in a folder is not followed");
    assert_eq!(fs::read_to_string(&odd).unwrap(), faulty);
    assert_eq!(fs::read_to_string(inside.join("a\u{fffd}.md")).unwrap(), "别的文字。\n");
    // A link named by hand is: the file behind it is mended and the link stays.
    jiedu(&inside, &["fix", "--text-only", "link.md"], b"").expect(0, &["已修改 1 个文件"]);
    assert_eq!(fs::read_to_string(&outside).unwrap(), "各单位，请办理。\n");
    assert!(inside.join("link.md").is_symlink());
}

#[test]
fn patches_of_odd_names_and_line_ends_are_taken_by_git() {
    if Command::new("git").arg("--version").output().is_err() {
        return skipped("needs git");
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let names = ["甲 \"乙\".md", "plain.md", "two words.md"];
    for name in names {
        fs::write(folder.join(name), WINDOWS.trim_end()).unwrap();
    }
    let run = jiedu(folder, &["fix", "--text-only", "--patch", "."], b"").expect(0, &["可以修改 3 个文件"]);
    fs::write(folder.join("p.patch"), &run.out).unwrap();
    let git = |args: &[&str]| Command::new("git").args(args).current_dir(folder).output().unwrap();
    assert!(git(&["init", "-q"]).status.success());
    let applied = git(&["apply", "p.patch"]);
    assert!(applied.status.success(), "{}\n{}", String::from_utf8_lossy(&applied.stderr), run.out);
    for name in names {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        assert!(text.contains("第二行，结束。\r\n") && text.starts_with('\u{feff}'), "{text}");
    }
}

/// Over real documents: a second run has nothing to do, and what the first did
/// is what it said.
#[test]
fn fixing_real_texts_twice_is_fixing_them_once() {
    let archive = Path::new("/work/shared/corpus/local-regulations.tar.gz");
    let unpacked = tempfile::tempdir().unwrap();
    let tar = Command::new("tar").arg("xzf").arg(archive).current_dir(unpacked.path()).output();
    if !archive.exists() || !tar.is_ok_and(|out| out.status.success()) {
        skipped("no corpus of regulations on this machine");
        return;
    }
    let mut files = Vec::new();
    gather(unpacked.path(), &mut files);
    files.sort();
    let step = (files.len() / 150).max(1);
    let mut project = project();
    project.set("2025/a").commit("draft").checkout();
    let folder = project.path().join("content/policies/2025/a/materials");
    let mut before = std::collections::BTreeMap::new();
    for (index, file) in files.iter().step_by(step).take(150).enumerate() {
        let Ok(text) = fs::read_to_string(file) else { continue };
        let text = text.replace(['\r', '\u{feff}'], "");
        let path = folder.join(format!("t{index}.md"));
        // Faults of the mechanical kinds, so that there is something to mend.
        let text = text.replacen("，", ",", 3).replacen("。", "。。", 1);
        fs::write(&path, &text).unwrap();
        before.insert(path, text);
    }
    let first = jiedu(project.path(), &["fix"], b"").expect(0, &[]);
    let once: Vec<String> = before.keys().map(|path| fs::read_to_string(path).unwrap()).collect();
    let second = jiedu(project.path(), &["fix"], b"").expect(0, &["0"]);
    assert_eq!(second.out, "", "nothing is left to fix");
    let twice: Vec<String> = before.keys().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert_eq!(once, twice);
    let changed = before.values().zip(&once).filter(|(old, new)| old != new).count();
    assert!(changed > before.len() / 2, "{changed} of {}", before.len());
    let said: usize = first.out.lines().filter(|line| line.starts_with("content/")).count();
    assert_eq!(said, changed);
    // Only marks, blanks and width: every Han character stays where it was.
    let han = |text: &str| text.chars().filter(|c| ('\u{4e00}'..='\u{9fa5}').contains(c)).collect::<String>();
    for ((path, old), new) in before.iter().zip(&once) {
        assert_eq!(han(old), han(new), "{}", path.display());
    }
}

fn gather(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|end| end == "md" || end == "txt") {
            files.push(path);
        }
    }
}

#[test]
fn a_repository_without_sets_has_nothing_to_fix() {
    if Command::new("git").arg("--version").output().is_err() {
        skipped("needs git");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    Command::new("git").args(["init", "-q"]).current_dir(folder.path()).status().unwrap();
    jiedu(folder.path(), &["fix"], b"").expect(2, &["一组文件也没有", "--text-only"]);
}

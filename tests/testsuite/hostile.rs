//! What hostile texts, themes and folders do to the commands: nothing reaches
//! the site, the terminal or the disk beside it.

use std::fs;

use crate::program::{Run, jiedu};
use crate::project::{Project, project};

const POLICY: &str = "content/policies/2025/a/policy.md";

/// A project, its trust anchor beside it, and a folder for what is built.
struct Desk {
    p: Project,
    home: tempfile::TempDir,
}

impl Desk {
    fn over(p: Project) -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("trust.toml"), format!("site = \"{}\"\n", p.anchor().site)).unwrap();
        Self { p, home }
    }

    fn run(&self, args: &[&str]) -> Run {
        let repo = self.p.path().to_str().unwrap();
        jiedu(self.home.path(), &[&["--lang", "en", "--repo", repo], args].concat(), b"")
    }

    fn build(&self) -> Run {
        self.run(&["build", "--out", "public", "--trust", "trust.toml"])
    }
}

fn approved(change: impl FnOnce(&mut Project)) -> Desk {
    let mut p = project();
    p.set("2025/a");
    change(&mut p);
    p.commit("draft").approve("site").approve("2025/a").checkout();
    Desk::over(p)
}

#[test]
fn a_bidirectional_control_is_found_however_it_is_spelled() {
    for (path, from, to) in [
        (POLICY, "便民利民", "便民&#x202E;利民"),
        (POLICY, "便民利民", "便民&#8238;利民"),
        (POLICY, "标题: 示例市交通运输局关于做好a工作的通知", "标题: \"示例市\\u202e通知\""),
        (
            "content/policies/2025/a/materials/article.md",
            "完善服务措施",
            "[完善](https://example.gov.cn \"&#x2067;\")服务",
        ),
    ] {
        let desk = approved(|p| {
            p.edit(path, from, to);
        });
        desk.run(&["check", "--rev", "HEAD", "--format", "concise"]).expect(1, &["TEXT_BIDI", path]);
        desk.build().expect(1, &["TEXT_BIDI"]);
        assert!(!desk.home.path().join("public/policies/2025/a").exists(), "{to}");
    }
    for (path, text) in [
        ("site.toml", None),
        ("content/pages/about.md", Some("---\n标题: 关于\n---\n\n甲&#x202E;乙\n")),
        ("content/topics/t.md", Some("---\n标题: \"题\\u202e\"\n政策: [2025/a]\n---\n\n说明\n")),
    ] {
        let desk = approved(|p| {
            match text {
                Some(text) => p.file(path, text),
                None => p.edit(path, "政策文件库", "文件\\u202e库"),
            };
        });
        desk.run(&["check", "--rev", "HEAD", "--format", "concise"]).expect(1, &["TEXT_BIDI", path]);
        desk.build().expect(3, &["TEXT_BIDI"]);
        assert!(!desk.home.path().join("public").exists());
    }
}

#[test]
fn no_command_sends_control_characters_to_a_terminal() {
    let title = "标题: \"示例市\\u001b]0;x\\u0007\\u001b[8m\\u009b31m\\u200f通知\"";
    let mut p = project();
    p.set("2025/a").edit(POLICY, "标题: 示例市交通运输局关于做好a工作的通知", title);
    p.edit(POLICY, "便民利民", "便民\u{1b}[2J利民,,\u{9b}1m").commit("draft").checkout();
    let desk = Desk::over(p);
    for args in [
        &["status"][..],
        &["check", "--rev", "HEAD"],
        &["--color", "always", "check", "--rev", "HEAD"],
        &["check", "--rev", "HEAD", "--format", "concise"],
        &["check", "--rev", "HEAD", "--format", "github"],
        &["build", "--drafts", "--out", "drafts"],
        &["explain", "M142"],
    ] {
        let run = desk.run(args);
        let said = format!("{}{}", run.out, run.err);
        let sgr = regex_like_styles(&said);
        assert!(!sgr.chars().any(|c| c.is_control() && c != '\n'), "{args:?}: {said:?}");
        assert!(!said.contains('\u{200f}') && !said.contains("\u{1b}[8m"), "{args:?}");
    }
}

/// The text without the plain colours that the program writes itself.
fn regex_like_styles(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        match after.split_once('m') {
            Some((style, tail))
                if style.len() < 8 && style.bytes().all(|b| b.is_ascii_digit() || b == b';') =>
            {
                rest = tail;
            }
            _ => {
                out.push('\u{1b}');
                rest = after;
            }
        }
    }
    out + rest
}

#[test]
fn a_site_without_a_publisher_says_so_and_can_be_refused() {
    let desk = approved(|_| {});
    desk.build().expect(0, &[]);
    desk.run(&["verify", "public", "--trust", "trust.toml"]).expect(0, &["PUBLISHER_UNKNOWN", "verified"]);
    let json =
        desk.run(&["verify", "public", "--trust", "trust.toml", "--format", "json"]).expect(0, &[]).json();
    assert_eq!(
        (json["ok"].as_bool(), json["warnings"][0]["code"].as_str()),
        (Some(true), Some("PUBLISHER_UNKNOWN"))
    );
    desk.run(&["verify", "public", "--trust", "trust.toml", "--require-publisher"])
        .expect(3, &["PUBLISHER_UNKNOWN"]);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_links_of_a_branch() {
    use std::os::unix::fs::symlink;
    let desk = approved(|_| {});
    let (root, outside) = (desk.p.path(), desk.home.path().join("outside"));
    fs::create_dir(&outside).unwrap();
    symlink(&outside, root.join("evidence")).unwrap();
    desk.run(&["collect"]).expect(3, &["ENTRY_MODE", "symbolic link"]);
    symlink(&outside, root.join("content/policies/2024")).unwrap();
    desk.run(&["new", "policy", "2024/x", "--title", "通知"]).expect(3, &["ENTRY_MODE"]);
    fs::write(desk.home.path().join("a.txt"), "示例市关于做好工作的通知\n\n各有关单位：\n\n现通知如下。\n")
        .unwrap();
    desk.run(&["import", "a.txt", "--into", "2024/y"]).expect(3, &["ENTRY_MODE"]);
    fs::remove_dir_all(root.join("content/policies/2025/a/materials")).unwrap();
    symlink(&outside, root.join("content/policies/2025/a/materials")).unwrap();
    desk.run(&["new", "material", "2025/a", "more"]).expect(3, &["ENTRY_MODE"]);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
}

#[test]
fn a_page_at_an_address_of_the_site_is_a_finding_and_stops_nothing() {
    for name in ["policies", "search", "index", "topics/more"] {
        let page = format!("content/pages/{name}.md");
        let desk = approved(|p| {
            p.file(&page, "---\n标题: 占用\n---\n\n正文。\n");
        });
        desk.run(&["check", "--rev", "HEAD", "--format", "concise"]).expect(1, &["M136", &page]);
        let run = desk.build();
        assert!(desk.home.path().join("public/policies/2025/a/index.html").is_file(), "{name}: {}", run.err);
    }
}

#[test]
fn themes_that_would_never_end_are_refused_with_their_place() {
    let deep = format!("{}x{}", "{{#if a}}".repeat(1_000), "{{/if}}".repeat(1_000));
    for (files, said) in [
        (&[("notice", "{{> pager}}"), ("pager", "{{> notice}}")][..], "include"),
        (&[("notice", "{{> notice}}")], "include"),
        (&[("notice", deep.as_str())], "deep"),
    ] {
        let desk = approved(|p| {
            for (name, text) in files {
                p.file(&format!("themes/default/templates/{name}.hbs"), text);
            }
        });
        desk.build().expect(2, &[said, "themes/default/templates/"]);
    }
}

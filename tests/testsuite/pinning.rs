//! Clause links over several editions: what they mean, and when that is in doubt.

use std::fs;
use std::path::Path;

use jiedu::pipeline::{BuildOptions, BuildReport, build};

use crate::program::in_project;
use crate::project::{Project, project};

const POLICY: &str = "content/policies/2025/a/policy.md";
const ARTICLE: &str = "content/policies/2025/a/materials/article.md";
const LINKED: &str = "## 主要内容 [（一）](clause:（一）)";

fn built(p: &Project, out: &Path, previous: Option<&Path>, drafts: bool) -> BuildReport {
    let anchor = p.anchor();
    let options = BuildOptions {
        revision: "HEAD",
        time: p.time(),
        anchor: Some(&anchor),
        drafts,
        out,
        previous,
        publish_key: None,
        jobs: Some(1),
    };
    build(&p.open(), &options).unwrap()
}

/// One edition is out; then a provision comes before the one explained.
fn renumbered() -> Project {
    let mut p = project();
    p.set("2025/a").commit("draft").approve("2025/a").approve("site");
    p.edit(POLICY, "（二）", "（三）").edit(
        POLICY,
        "（一）优化办理流程。",
        "（一）设立专门窗口受理群众申请。\n\n（二）优化办理流程。",
    );
    p
}

fn page(out: &Path, path: &str) -> String {
    fs::read_to_string(out.join("policies/2025/a").join(path)).unwrap()
}

/// The row of a provision.
fn row<'p>(page: &'p str, anchor: &str) -> &'p str {
    let (_, rest) =
        page.split_once(&format!("id=\"{anchor}\"")).unwrap_or_else(|| panic!("{anchor}: {page}"));
    rest.split("<div class=\"clause").next().unwrap()
}

#[test]
fn a_label_that_came_to_name_another_clause_blocks_until_it_is_mended() {
    let out = tempfile::tempdir().unwrap();
    let site = |name: &str| out.path().join(name);
    let mut p = renumbered();
    p.edit(ARTICLE, "完善服务措施。", "进一步完善服务措施。").commit("second");
    p.checkout();
    let rules = ["check", "--rules", "link-retargeted", "--format", "json"];
    let found = in_project(&p, &rules).json();
    let finding = &found["findings"][0];
    assert_eq!(
        (finding["code"].as_str(), finding["category"].as_str()),
        (Some("LINK_RETARGETED"), Some("link"))
    );
    assert_eq!(finding["severity"], "error");
    let message = finding["message"].to_string();
    assert!(message.contains("原指（二）") && message.contains("现为（一）"), "{message}");

    // Signed by everybody all the same: the edition is held back, unless readers have it.
    p.approve("2025/a");
    let report = built(&p, &site("one"), None, false);
    let left: Vec<_> = report.left_out.iter().map(|set| (set.reason, set.standing)).collect();
    assert_eq!(left, [("LINK_RETARGETED", Some(1))]);
    assert!(report.is_incomplete() && page(&site("one"), "index.html").contains("优化办理流程"));
    assert!(!site("one").join("policies/2025/a/v2").exists());

    // `fix` rewrites the label, in the visible text too, and then all is well.
    p.checkout();
    in_project(&p, &["fix"]).expect(0, &[]);
    let text = fs::read_to_string(p.path().join(ARTICLE)).unwrap();
    assert!(text.contains("## 主要内容 [（二）](clause:（二）)"), "{text}");
    p.file(ARTICLE, &text).commit("mended").approve("2025/a");
    p.checkout();
    assert_eq!(in_project(&p, &rules).json()["findings"].as_array().unwrap().len(), 0);
    assert!(built(&p, &site("two"), Some(&site("one")), false).left_out.is_empty());
    let page = page(&site("two"), "index.html");
    assert!(row(&page, "s2-2").contains("role=\"note\"") && !row(&page, "s2-1").contains("role=\"note\""));
    assert!(!row(&page, "s2-2").contains("待复核"));
}

#[test]
fn submit_refuses_and_says_what_to_do() {
    let mut p = renumbered();
    p.commit("second");
    p.checkout();
    let key = p.path().join("writer");
    let private = crate::project::key("writer");
    fs::write(&key, private.to_openssh(ssh_key::LineEnding::LF).unwrap().as_bytes()).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let key = key.to_string_lossy().into_owned();
    let run = in_project(&p, &["submit", "2025/a", "--key", &key, "--print"]);
    run.expect(1, &["LINK_RETARGETED", "原指（二）", "jiedu fix"]);
}

#[test]
fn a_signed_line_aims_at_the_present_clause_on_purpose() {
    let out = tempfile::tempdir().unwrap();
    let mut p = renumbered();
    p.edit(ARTICLE, LINKED, &format!("{LINKED}\n\n<!-- 校对:已复核 （一） -->"))
        .commit("second")
        .approve("2025/a");
    p.checkout();
    in_project(&p, &["check", "--rules", "link-retargeted"]).expect(0, &["未发现问题"]);
    assert!(built(&p, out.path(), None, false).left_out.is_empty());
    let page = page(out.path(), "index.html");
    assert!(row(&page, "s2-1").contains("role=\"note\"") && !row(&page, "s2-1").contains("待复核"), "{page}");
}

#[test]
fn review_is_cleared_section_by_section() {
    let out = tempfile::tempdir().unwrap();
    let mut p = project();
    p.set("2025/a").commit("draft").approve("2025/a").approve("site");
    p.edit(POLICY, "优化办理流程。", "优化和简化办理流程。");
    // Another section is edited: the one that explains the clause was not looked at.
    p.edit(ARTICLE, "完善服务措施。", "进一步完善服务措施。").commit("second").approve("2025/a");
    built(&p, &out.path().join("two"), None, false);
    let second = page(&out.path().join("two"), "index.html");
    assert!(row(&second, "s2-1").contains("待复核"), "{second}");
    p.edit(ARTICLE, "加强宣传解读。", "加强宣传和解读。").commit("third").approve("2025/a");
    built(&p, &out.path().join("three"), Some(&out.path().join("two")), false);
    let third = page(&out.path().join("three"), "index.html");
    assert!(!row(&third, "s2-1").contains("待复核"), "{third}");
}

/// What a page says, without what differs between a preview and a release: the
/// marks of drafts and what names the moment of building.
fn said(page: &str) -> String {
    let (_, main) = page.split_once("<main").unwrap();
    main.split("</main>").next().unwrap().to_owned()
}

#[test]
fn a_preview_lies_on_top_of_what_is_published() {
    let out = tempfile::tempdir().unwrap();
    let site = |name: &str| out.path().join(name);
    let mut p = renumbered();
    p.edit(ARTICLE, LINKED, "## 主要内容 [（二）](clause:（二）)").commit("second");
    built(&p, &site("before"), None, false);
    built(&p, &site("preview"), None, true);
    // What is published stays as it is.
    let published = page(&site("before"), "v1/index.html");
    let previewed = page(&site("preview"), "v1/index.html");
    assert!(previewed.contains("优化办理流程") && published.contains("优化办理流程"));
    let draft = page(&site("preview"), "index.html");
    assert!(draft.contains("设立专门窗口") && draft.contains("未审签"), "{draft}");
    assert!(page(&site("preview"), "v2/index.html").contains("设立专门窗口"));
    // What the preview showed is what is published later.
    p.approve("2025/a");
    built(&p, &site("after"), Some(&site("before")), false);
    for path in
        ["compare/1-2/index.html", "history/index.html", "index.html", "interpretation/article/index.html"]
    {
        let (before, after) = (page(&site("preview"), path), page(&site("after"), path));
        assert!(before.contains("未审签") && !after.contains("未审签"), "{path}");
        let rows = |page: &str| -> Vec<String> {
            let page = said(page);
            let parts = page.split("<section class=\"drow\"").chain(page.split("role=\"note\"")).skip(1);
            parts
                .map(|part| {
                    part.split("</section>").next().unwrap().split("</aside>").next().unwrap().to_owned()
                })
                .collect()
        };
        assert_eq!(rows(&before).len(), rows(&after).len(), "{path}");
    }
    let rows = |name: &str| {
        let page = page(&site(name), "compare/1-2/index.html");
        let from = page.find("<section class=\"drow\"").unwrap();
        page[from..].split("<p><a class=\"topl\"").next().unwrap().to_owned()
    };
    assert_eq!(rows("preview"), rows("after"));
    let twin = |name: &str| -> serde_json::Value {
        serde_json::from_str(&page(&site(name), "compare/1-2/index.json")).unwrap()
    };
    assert_eq!(twin("preview")["pairs"], twin("after")["pairs"]);
}

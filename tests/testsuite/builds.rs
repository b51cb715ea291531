//! `build` from signed commits to a site on disk, and the rebuild that verifies
//! it (details 45–50, 69, 72, 77, 83).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiedu::approve::Anchor;
use jiedu::evidence::{VerifyInput, verify};
use jiedu::output::{Limits, read_site};
use jiedu::pipeline::{self, BuildOptions, BuildReport, Stop};

use crate::project::{Project, project};

const POLICY: &str = "content/policies/2025/a/policy.md";

/// Builds the tip into a folder.
fn build(p: &Project, out: &Path, change: impl FnOnce(&mut BuildOptions<'_>)) -> Result<BuildReport, Stop> {
    build_after(p, out, None, change)
}

/// The same, following an older build.
fn build_after(
    p: &Project,
    out: &Path,
    previous: Option<&Path>,
    change: impl FnOnce(&mut BuildOptions<'_>),
) -> Result<BuildReport, Stop> {
    let anchor = p.anchor();
    let mut options = BuildOptions {
        revision: "HEAD",
        time: p.time(),
        anchor: Some(&anchor),
        drafts: false,
        out,
        previous,
        publish_key: None,
        jobs: Some(1),
    };
    change(&mut options);
    pipeline::build(&p.open(), &options)
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(at) = pending.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else {
                found.insert(
                    path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned(),
                    fs::read(&path).unwrap(),
                );
            }
        }
    }
    found
}

fn approved() -> Project {
    let mut p = project();
    p.set("2025/a").commit("draft").approve("site").approve("2025/a");
    p
}

#[test]
fn a_site_is_built_verified_and_rebuilt() {
    let p = approved();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    let report = build(&p, &out, |_| {}).unwrap();
    assert!(!report.is_incomplete(), "{:?}", report.left_out);
    assert!(out.join("policies/2025/a/v1/index.html").is_file());
    assert_eq!(report.release.map(|(sequence, _)| sequence), Some(1));
    let site = read_site(&out, &Limits::default()).unwrap();
    let anchor = p.anchor();
    let repository = p.open();
    let rebuild =
        |recorded: &jiedu::evidence::Recorded| pipeline::rebuild(&repository, &anchor, Some(2), recorded);
    let input = VerifyInput {
        site: &site,
        anchor: &Anchor::Trusted(p.anchor()),
        previous: None,
        rebuild: Some(&rebuild),
    };
    let verified = verify(&input);
    assert!(verified.ok(), "{:#?}", verified.problems);
}

#[test]
fn folder_and_threads_do_not_show() {
    let p = approved();
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "deeper/two"].map(|name| folder.path().join(name));
    fs::create_dir_all(two.parent().unwrap()).unwrap();
    build(&p, &one, |options| options.jobs = Some(1)).unwrap();
    build(&p, &two, |options| options.jobs = Some(8)).unwrap();
    assert!(files(&one) == files(&two));
}

/// Runs the program with a limit on the size of files (in blocks of 512 or
/// 1,024 bytes): writing fails in the middle of a file, as on a full disk.
#[cfg(unix)]
fn build_within(p: &Project, folder: &Path, blocks: u32) -> std::process::Output {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let trust = folder.join("trust.toml");
    fs::write(&trust, format!("site = \"{}\"\n", p.anchor().site)).unwrap();
    let mut program = std::process::Command::new("sh");
    program.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_jiedu"), "--lang", "en", "--repo"]);
    program.arg(p.path()).args(["build", "--trust"]).arg(trust).arg("--out").arg(folder.join("public"));
    program.output().unwrap()
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_site_before_whole_and_nothing_beside_it() {
    let mut p = approved();
    let folder = tempfile::tempdir().unwrap();
    let names = || -> Vec<_> {
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    };
    // Nothing stood there: nothing is left.
    let failed = build_within(&p, folder.path(), 8);
    let said = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert_eq!(failed.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot write") && said.contains("public"), "{said}");
    assert_eq!(names(), ["trust.toml"]);
    // A site stood there: it stays as it was.
    build(&p, &folder.path().join("public"), |_| {}).unwrap();
    let before = files(&folder.path().join("public"));
    p.set("2025/b").commit("b").approve("2025/b");
    let failed = build_within(&p, folder.path(), 8);
    assert_eq!(failed.status.code(), Some(2), "{}", String::from_utf8_lossy(&failed.stderr));
    assert!(files(&folder.path().join("public")) == before, "the old site was touched");
    assert_eq!(names().len(), 2, "{:?}", names());
    // The disk has room again.
    let done = build_within(&p, folder.path(), 1 << 20);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(folder.path().join("public/policies/2025/b/index.html").is_file());
}

#[test]
fn a_blocked_set_is_left_out_and_reported() {
    let mut p = approved();
    p.set("2025/b").commit("b").submit("2025/b");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    let report = build(&p, &out, |_| {}).unwrap();
    assert!(report.leaves_out() && !report.is_incomplete(), "an unfinished draft is no fault");
    let left = &report.left_out[0];
    assert_eq!((left.id.as_str(), left.reason, left.standing), ("2025/b", "STEP_MISSING", None));
    assert_eq!(left.next.as_ref().map(|step| step.step.as_str()), Some("secrecy-review"));
    assert!(out.join("policies/2025/a/index.html").is_file());
    assert!(!out.join("policies/2025/b").exists());
}

#[test]
fn an_unapproved_change_leaves_the_last_edition_up() {
    let mut p = approved();
    p.edit(POLICY, "便民利民", "便民惠民").commit("edit");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    let report = build(&p, &out, |_| {}).unwrap();
    assert_eq!(report.left_out[0].standing, Some(1));
    let page = fs::read_to_string(out.join("policies/2025/a/index.html")).unwrap();
    assert!(page.contains("便民利民") && !page.contains("便民惠民"));
}

#[test]
fn refusals_write_nothing() {
    let mut unapproved = project();
    unapproved.set("2025/a").commit("draft").approve("2025/a");
    let mut production = project();
    production.edit("site.toml", "[office]", "production = true\n[office]").commit("x").approve("site");
    for (p, anchored, exit, code) in [
        (&unapproved, true, 3, Some("THEME_UNAPPROVED")),
        (&production, true, 2, None),
        (&unapproved, false, 3, Some("UNANCHORED")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("public");
        let stop = build(p, &out, |options| {
            if !anchored {
                options.anchor = None;
            }
        });
        let stop = stop.unwrap_err();
        assert_eq!((stop.exit(), stop.code), (exit, code), "{stop}");
        assert!(!out.exists());
    }
    let stop = build(&production, Path::new("/nonexistent/out"), |_| {}).unwrap_err();
    for key in ["id_code", "icp", "police", "contact", "error_report_url"] {
        assert!(stop.message.en.contains(key), "{stop}");
    }
}

#[test]
fn a_synchrony_fault_holds_an_approved_text_back() {
    // Details 83: the number stays unused and the edition before is shown.
    let mut p = approved();
    p.remove("content/policies/2025/a/plan.md").commit("no plan").approve("2025/a");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    let report = build(&p, &out, |_| {}).unwrap();
    assert_eq!((report.left_out[0].reason, report.left_out[0].standing), ("TS-01", Some(1)));
    assert!(out.join("policies/2025/a/v1").exists() && !out.join("policies/2025/a/v2").exists());
}

#[test]
fn a_set_that_never_had_a_page_leaves_no_trace() {
    let mut p = project();
    p.set("2025/a").remove("content/policies/2025/a/plan.md").commit("no plan");
    p.approve("site").approve("2025/a");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    let report = build(&p, &out, |_| {}).unwrap();
    assert_eq!((report.left_out[0].reason, report.left_out[0].standing), ("TS-01", None));
    assert!(!out.join("policies/2025").exists());
    let map = fs::read_to_string(out.join("sitemap.xml")).unwrap();
    assert!(!map.contains("2025/a"), "{map}");
}

#[test]
fn drafts_are_shown_with_their_mark_and_never_released() {
    let mut p = approved();
    p.set("2025/b").commit("b");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    let report = build(&p, &out, |options| {
        options.drafts = true;
        options.anchor = None;
    });
    assert!(report.unwrap().release.is_none());
    let page = fs::read_to_string(out.join("policies/2025/b/index.html")).unwrap();
    assert!(page.contains("未审签") && page.contains("noindex"));
    assert!(!out.join(".well-known/jiedu/release.json").exists());
    let manifest = fs::read_to_string(out.join(".well-known/jiedu/manifest.json")).unwrap();
    assert!(manifest.contains("\"drafts\""));
}

#[test]
fn a_release_follows_the_one_before() {
    let mut p = approved();
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    build(&p, &first, |_| {}).unwrap();
    p.set("2025/b").commit("b").approve("2025/b");
    let report = build_after(&p, &second, Some(&first), |_| {}).unwrap();
    assert_eq!(report.release.map(|(sequence, _)| sequence), Some(2));
}

#[test]
fn a_theme_that_loses_links_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let codes = |p: &Project| -> Vec<&'static str> {
        let report = build(p, &folder.path().join("public"), |_| {}).unwrap();
        assert!(!report.is_incomplete(), "links block nothing");
        report.findings.iter().map(|finding| finding.code).filter(|code| code.starts_with("TS-")).collect()
    };
    assert_eq!(codes(&approved()), [""; 0]);
    let mut p = project();
    p.set("2025/a").file("themes/default/templates/interpretation.hbs", "<p>{{view.source}}</p>\n");
    p.commit("draft").approve("site").approve("2025/a");
    assert_eq!(codes(&p), ["TS-10"]);
}

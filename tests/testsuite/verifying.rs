//! Sites built and verified by the program as its users run it: private
//! evidence, names, foreign publishers, borrowed objects, unreadable folders,
//! post-dated commits, junk and hostile files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiedu::output::{Limits, OutputError, read_site};
use ssh_key::LineEnding;

use crate::program::{Run, jiedu};
use crate::project::{Project, SITE, STRICT, key, project};

const POLICY: &str = "content/policies/2025/a/policy.md";

/// A repository, its trust anchor, and where its site goes.
struct Desk {
    p: Project,
    home: tempfile::TempDir,
    trust: String,
    out: PathBuf,
}

impl Desk {
    /// Everything of the project approved.
    fn approved(mut p: Project) -> Self {
        p.approve("site").approve("2025/a");
        Self::over(p)
    }

    fn over(p: Project) -> Self {
        let home = tempfile::tempdir().unwrap();
        let trust = home.path().join("trust.toml");
        fs::write(&trust, format!("site = \"{}\"\n", p.anchor().site)).unwrap();
        let out = home.path().join("public");
        Self { p, trust: trust.to_str().unwrap().to_owned(), out, home }
    }

    fn run(&self, command: &[&str], extra: &[&str]) -> Run {
        let args = [command, &["--trust", &self.trust], extra].concat();
        jiedu(self.p.path(), &args, b"")
    }

    fn build(&self, extra: &[&str]) -> Run {
        self.run(&["build", "--out", self.out.to_str().unwrap()], extra)
    }

    fn verify(&self, extra: &[&str]) -> Run {
        self.run(&["verify", self.out.to_str().unwrap()], &[extra, &["--format", "json"]].concat())
    }

    /// Codes of the problems that `verify` finds.
    #[track_caller]
    fn problems(&self, extra: &[&str]) -> Vec<String> {
        let run = self.verify(extra);
        let report = run.json();
        let problems = report["problems"].as_array().unwrap();
        assert_eq!(run.code, if problems.is_empty() { 0 } else { 3 }, "{}", run.err);
        assert_eq!(report["ok"].as_bool(), Some(problems.is_empty()));
        let mut codes: Vec<String> =
            problems.iter().map(|problem| problem["code"].as_str().unwrap().to_owned()).collect();
        codes.dedup();
        codes
    }

    /// All files of the site by path, and their bytes.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut open = vec![self.out.clone()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(&self.out).unwrap().to_str().unwrap().to_owned();
                    found.insert(name, fs::read(&path).unwrap());
                }
            }
        }
        found
    }

    #[track_caller]
    fn nowhere(&self, word: &str) {
        for (path, bytes) in self.files() {
            let holds = bytes.windows(word.len()).any(|part| part == word.as_bytes());
            assert!(!holds, "{path} holds {word}");
        }
    }
}

fn drafted() -> Project {
    let mut p = project();
    p.set("2025/a").commit("draft");
    p
}

fn with_settings(more: &str) -> Project {
    let mut p = project();
    let text = p.text("site.toml") + more;
    p.file("site.toml", text).set("2025/a").commit("draft");
    p
}

const NONE: [&str; 0] = [];

#[test]
fn a_key_that_the_roster_does_not_name_publishes_nothing() {
    let desk = Desk::approved(drafted());
    let file = desk.home.path().join("key");
    key("first").write_openssh_file(&file, LineEnding::LF).unwrap();
    desk.build(&["--publish-key", file.to_str().unwrap()]).expect(0, &["PUBLISHER_INVALID", "roster/1.toml"]);
    assert_eq!(desk.problems(&[]), ["PUBLISHER_INVALID"]);
    // Without publishers the anchor alone is relied on.
    assert!(!desk.build(&[]).expect(0, &[]).err.contains("PUBLISHER_INVALID"));
    assert_eq!(desk.problems(&[]), NONE);
}

#[test]
fn borrowed_objects_prove_nothing() {
    let desk = Desk::approved(drafted());
    desk.build(&[]).expect(0, &[]);
    assert_eq!(desk.problems(&["--repo", "."]), NONE);
    let other = project();
    let objects = other.path().join(".git/objects");
    fs::create_dir_all(desk.p.path().join(".git/objects/info")).unwrap();
    fs::write(desk.p.path().join(".git/objects/info/alternates"), format!("{}\n", objects.display()))
        .unwrap();
    assert_eq!(desk.problems(&["--repo", "."]), ["REPO_ALTERNATES"]);
    let text = jiedu(
        desk.p.path(),
        &["verify", desk.out.to_str().unwrap(), "--trust", &desk.trust, "--repo", "."],
        b"",
    );
    text.expect(3, &["REPO_ALTERNATES", "--allow-alternates"]);
    assert_eq!(desk.problems(&["--repo", ".", "--allow-alternates"]), NONE);
    // Without --repo nothing of the repository is read.
    assert_eq!(desk.problems(&[]), NONE);
    desk.build(&[]).expect(3, &["REPO_ALTERNATES"]);
    jiedu(desk.p.path(), &["verify", desk.out.to_str().unwrap(), "--trust", &desk.trust, "--repo", "/"], b"")
        .expect(2, &["仓库"]);
}

#[test]
fn a_site_that_cannot_be_read_is_not_verified() {
    let desk = Desk::approved(drafted());
    desk.build(&[]).expect(0, &[]);
    let deep = (0..40).fold(desk.out.clone(), |at, _| at.join("d"));
    fs::create_dir_all(&deep).unwrap();
    assert_eq!(desk.problems(&[]), ["SITE_TOO_LARGE"]);
    let run = jiedu(desk.p.path(), &["verify", desk.out.to_str().unwrap(), "--trust", &desk.trust], b"");
    assert!(!run.expect(3, &["SITE_TOO_LARGE", "太深"]).err.contains("写不成"));
    // No folder at all is a slip of the pen.
    for name in ["nothing", "trust.toml"] {
        let path = desk.home.path().join(name);
        let run = jiedu(desk.p.path(), &["verify", path.to_str().unwrap(), "--trust", &desk.trust], b"");
        assert!(!run.expect(2, &[name]).err.contains("写不成"));
    }
    let denied = OutputError::Io {
        action: "read",
        path: PathBuf::from("x"),
        source: std::io::ErrorKind::PermissionDenied.into(),
    };
    assert_eq!(denied.code(), Some("SITE_UNREADABLE"));
    for code in ["SITE_TOO_LARGE", "SITE_UNREADABLE", "REPO_ALTERNATES", "SITE_FILE_EXTRA"] {
        jiedu(desk.p.path(), &["explain", code], b"").expect(0, &[code]);
    }
}

#[test]
fn private_evidence_is_kept_beside_the_site() {
    let desk = Desk::approved(with_settings("\n[record]\nevidence = \"private\"\n"));
    desk.build(&[]).expect(0, &[]);
    let beside = desk.home.path().join("public-evidence");
    assert!(!desk.out.join(".well-known/jiedu/evidence").exists());
    assert!(beside.join("ledger.txt").is_file() && beside.join("roster/1.toml").is_file());
    assert_eq!(fs::read_dir(beside.join("statements")).unwrap().count(), STRICT.len() + SITE.len() + 2);
    for word in ["Approval-Statement", "jiedu/evidence/", "BEGIN SSH SIGNATURE", "@office.example", "职员"]
    {
        desk.nowhere(word);
    }
    // The record page still says what was done.
    let record =
        String::from_utf8(desk.files().remove("policies/2025/a/record/index.html").unwrap()).unwrap();
    assert!(record.contains("SHA256:") && record.contains("科员"));
    assert_eq!(desk.problems(&[]), NONE);
    assert_eq!(desk.problems(&["--repo", "."]), NONE);
    // Kept elsewhere, it must be named; changed, it is found out.
    let archive = desk.home.path().join("archive");
    fs::rename(&beside, &archive).unwrap();
    assert_ne!(desk.problems(&[]), NONE);
    let archive_path = archive.to_str().unwrap();
    assert_eq!(desk.problems(&["--evidence", archive_path]), NONE);
    fs::write(archive.join("ledger.txt"), "").unwrap();
    assert!(desk.problems(&["--evidence", archive_path]).contains(&"SITE_FILE_CHANGED".to_owned()));
    desk.verify(&["--evidence", "nowhere"]).expect(2, &["nowhere"]);
}

#[test]
fn a_site_is_not_replaced_when_its_evidence_cannot_be() {
    let desk = Desk::approved(with_settings("\n[record]\nevidence = \"private\"\n"));
    let beside = desk.home.path().join("public-evidence");
    fs::create_dir(&beside).unwrap();
    fs::write(beside.join("minutes.txt"), "of somebody else").unwrap();
    desk.build(&[]).expect(2, &["public-evidence"]);
    assert!(!desk.out.exists());
    fs::remove_file(beside.join("minutes.txt")).unwrap();
    desk.build(&[]).expect(0, &[]);
    assert_eq!(desk.problems(&[]), NONE);
    // The same over a site that stands.
    let before = desk.files();
    fs::remove_file(beside.join("ledger.txt")).unwrap();
    desk.build(&[]).expect(2, &["public-evidence"]);
    assert_eq!(desk.files(), before);
}

#[test]
fn a_build_killed_between_site_and_evidence_is_finished_by_the_next() {
    for left in ["new", "old"] {
        let mut desk = Desk::approved(with_settings("\n[record]\nevidence = \"private\"\n"));
        let (out, home) = (desk.out.to_str().unwrap().to_owned(), desk.home.path().to_owned());
        desk.build(&[]).expect(0, &[]);
        desk.p.edit(POLICY, "优化办理流程", "改进办理流程").commit("next").approve("2025/a");
        // The second release, as it is between its two last steps.
        let next = home.join("next");
        let build = ["build", "--out", next.to_str().unwrap(), "--previous", &out];
        desk.run(&build, &[]).expect(0, &[]);
        fs::rename(&desk.out, home.join("first")).unwrap();
        fs::rename(&next, &desk.out).unwrap();
        let work = home.join(".public-evidence.jiedu");
        fs::create_dir(&work).unwrap();
        fs::write(work.join("lock"), "").unwrap();
        fs::rename(home.join("next-evidence"), work.join(left)).unwrap();
        assert!(desk.problems(&[]).contains(&"SITE_FILE_CHANGED".to_owned()), "{left}");
        // Nothing but a re-run is needed, also when it follows what stands there.
        desk.build(&["--previous", &out]).expect(0, &[]);
        assert_eq!(desk.problems(&[]), NONE, "{left}");
        assert_eq!(desk.problems(&["--repo", "."]), NONE, "{left}");
        assert!(!work.exists());
    }
}

#[test]
fn a_text_that_was_withheld_leaves_a_gap_in_the_numbers() {
    let mut p = project();
    p.set("2025/a").edit(POLICY, "发布日期:", "公开方式: 不予公开\n发布日期:").commit("kept back");
    p.approve("2025/a");
    p.edit(POLICY, "公开方式: 不予公开\n", "").commit("opened");
    let desk = Desk::approved(p);
    desk.build(&[]).expect(0, &[]);
    assert!(desk.out.join("policies/2025/a/v2/index.html").is_file(), "numbers follow approvals");
    assert!(!desk.out.join("policies/2025/a/v1").exists(), "and what was kept back leaves no trace");
    assert_eq!(desk.problems(&["--repo", "."]), [""; 0]);
}

#[test]
fn a_forged_release_before_is_not_followed() {
    let desk = Desk::approved(drafted());
    desk.build(&[]).expect(0, &[]);
    let anchor = fs::read_to_string(&desk.trust).unwrap();
    let other = format!("{anchor}min_release = 1\nmin_release_digest = \"sha256:{}\"\n", "0".repeat(64));
    fs::write(&desk.trust, other).unwrap();
    let next = desk.out.with_extension("next");
    let old = desk.out.to_str().unwrap();
    let run = desk.run(&["build", "--out", next.to_str().unwrap(), "--previous", old], &[]);
    run.expect(3, &["RELEASE_ROLLBACK"]);
    assert!(!next.exists(), "nothing is written");
}

#[test]
fn names_are_shown_only_where_the_office_wants_it() {
    let plain = Desk::approved(with_settings("\n[record]\nevidence = \"private\"\nnames = false\n"));
    plain.build(&[]).expect(0, &[]);
    plain.nowhere("职员");
    let named = Desk::approved(with_settings("\n[record]\nnames = true\n"));
    named.build(&[]).expect(0, &[]);
    let files = named.files();
    let holds = |path: &str| String::from_utf8_lossy(&files[path]).contains("职员final");
    assert!(holds("policies/2025/a/record/index.html"));
    // What was signed is evidence, whatever the pages show.
    let default = Desk::approved(drafted());
    default.build(&[]).expect(0, &[]);
    for (path, bytes) in default.files() {
        let told = String::from_utf8_lossy(&bytes).contains("职员");
        assert_eq!(told, path == ".well-known/jiedu/evidence/roster/1.toml", "{path}");
    }
    assert_eq!((plain.problems(&[]), named.problems(&[]), default.problems(&[])), (vec![], vec![], vec![]));
}

/// In the year 2100, long after any machine's clock.
const FAR: i64 = 4_102_444_800;

#[test]
fn post_dated_commits_open_no_embargo() {
    let mut p = project();
    p.set("2025/a").edit(POLICY, "发布日期: 2025-06-30", "发布日期: 2099-01-01").commit("draft");
    p.approve("site").approve("2025/a");
    let honest = p.now;
    p.now = FAR;
    p.file("docs/note.md", "x\n").commit("from the future");
    let desk = Desk::over(p);
    desk.build(&[]).expect(2, &["--at"]);
    assert!(!desk.out.exists(), "nothing was written");
    // Nothing is out yet: an empty site is never a finished build.
    desk.build(&["--at", "2025-07-02T09:00:00+08:00"]).expect(1, &["2025/a"]);
    desk.nowhere("优化办理流程");
    assert_eq!(desk.problems(&[]), NONE);
    assert!(honest < FAR);
}

#[test]
fn post_dated_statements_do_not_count() {
    let mut p = drafted();
    p.approve("site").submit("2025/a");
    for (step, signer) in STRICT {
        if step == "final-review" {
            p.now = FAR;
        }
        p.step("2025/a", step, signer);
    }
    let desk = Desk::over(p);
    desk.build(&[]).expect(2, &["--at"]);
    desk.build(&["--at", "2025-07-02T09:00:00+08:00"]).expect(1, &["TIME_IMPLAUSIBLE"]);
    desk.nowhere("优化办理流程");
}

#[test]
fn junk_beside_statements_changes_nothing() {
    let mut p = drafted();
    p.approve("site").approve("2025/a");
    let digits = "0".repeat(64);
    for (path, bytes) in [
        ("evidence/readme.txt", &b"\xff\xfe junk"[..]),
        ("evidence/statements/x.commit", b"tree x\n"),
        (&format!("evidence/statements/{digits}.commit"), b"tree\0\n\n"),
        (&format!("evidence/statements/{digits}"), b""),
        (&format!("evidence/statements/deep/{digits}.commit"), b"x"),
        ("evidence/statements/empty.commit", b""),
        ("evidence/statements/CON.commit", b"x"),
    ] {
        p.file(path, bytes);
    }
    p.file("evidence/huge.bin", vec![7; 1 << 20]);
    p.file("evidence/statements/big.commit", vec![b'\n'; 1 << 20]).commit("junk");
    let desk = Desk::over(p);
    desk.build(&[]).expect(0, &[]);
    assert!(desk.out.join("policies/2025/a/index.html").is_file());
    assert_eq!(desk.problems(&["--repo", "."]), NONE);
    let run = desk.run(&["check", "--rev", "HEAD"], &["--format", "json"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("EVIDENCE_ID") && run.out.contains("cleared"), "{}", run.out);
}

#[test]
fn junk_among_rosters_stops_everything() {
    let nested = vec![b'['; 100_000];
    for (path, bytes, code) in [
        ("roster/2.toml", &b"\xff junk"[..], "ROSTER_"),
        ("roster/2.toml", b"", "ROSTER_"),
        ("roster/2.toml", &nested, "ROSTER_"),
        ("roster/02.toml", b"", "ROSTER_SEQUENCE"),
        ("roster/accepted/1.txt", b"junk", "ROSTER_DIGEST"),
        ("roster/.gitkeep", b"", "PATH_INVALID"),
    ] {
        let mut p = drafted();
        p.approve("site").approve("2025/a");
        p.file(path, bytes).commit("junk");
        let desk = Desk::over(p);
        desk.build(&[]).expect(3, &[code]);
        assert!(!desk.out.exists(), "{path}");
    }
}

#[test]
fn a_hostile_site_toml_is_refused_or_harmless() {
    const URL: &str = "https://policy.example.gov.cn/";
    let refused = |from: &str, to: &str| {
        let mut p = drafted();
        p.edit("site.toml", from, to).commit("hostile").approve("site").approve("2025/a");
        let desk = Desk::over(p);
        let run = desk.build(&[]);
        assert!(matches!(run.code, 2 | 3), "{to}: {} {}", run.code, run.err);
        assert!(run.err.contains("site.toml") || run.err.contains("themes/"), "{}", run.err);
        assert!(!desk.out.exists(), "{to}");
    };
    for address in ["javascript:alert(1)//", "https://x/\\\"><script>alert(1)</script>/", "file:///etc/", ""]
    {
        refused(URL, address);
    }
    let nested = format!("x = {}1{}\n\n[office]", "[".repeat(5_000), "]".repeat(5_000));
    for text in [
        "error_report_url = \"javascript:alert(1)\"\n\n[office]",
        "[theme]\nname = \"../..\"\n\n[office]",
        &nested,
    ] {
        refused("[office]", text);
    }
    refused("[site]\n", "[site]\nname = \"twice\"\n");
    // Names are text, never markup.
    let mut p = drafted();
    p.edit("site.toml", "示例市交通运输局政策文件库", "<script>alert(1)</script>&amp;")
        .commit("a hostile name");
    let desk = Desk::approved(p);
    desk.build(&[]).expect(0, &[]);
    for (path, bytes) in desk.files().into_iter().filter(|(path, _)| !path.contains("/evidence/")) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let is_markup = Path::new(&path).extension().is_some_and(|kind| kind == "html" || kind == "xml");
        assert!(!is_markup || !text.contains("<script>alert(1)"), "{path}");
    }
}

#[test]
fn a_patched_page_that_was_signed_again() {
    use jiedu::evidence::{MANIFEST_PATH, Manifest, RELEASE_PATH, Release};
    let desk = Desk::approved(drafted());
    desk.build(&[]).expect(0, &[]);
    let page = desk.out.join("policies/2025/a/index.html");
    let text = fs::read_to_string(&page).unwrap().replace("优化办理流程", "取消办理流程");
    fs::write(&page, text).unwrap();
    assert_eq!(desk.problems(&[]), ["SITE_FILE_CHANGED"]);
    // Whoever publishes can make manifest and release agree again.
    let read = |path: &str| fs::read(desk.out.join(path)).unwrap();
    let mut manifest = Manifest::parse(&read(MANIFEST_PATH)).unwrap();
    let site = read_site(&desk.out, &Limits::default()).unwrap();
    manifest.files.insert("policies/2025/a/index.html".to_owned(), site.files["policies/2025/a/index.html"]);
    let bytes = manifest.to_json();
    fs::write(desk.out.join(MANIFEST_PATH), &bytes).unwrap();
    let mut release = Release::parse(&read(RELEASE_PATH)).unwrap();
    release.manifest = jiedu::name::Digest::of(&bytes);
    fs::write(desk.out.join(RELEASE_PATH), release.to_json()).unwrap();
    assert_eq!(desk.problems(&[]), NONE, "from the files alone this cannot be seen");
    assert_eq!(desk.problems(&["--repo", "."]), ["RENDER_MISMATCH"]);
}

#[test]
fn active_attachments_are_reported() {
    let mut p = project();
    p.set("2025/a").file("content/policies/2025/a/attachments/query.html", "<script>alert(1)</script>");
    p.commit("draft");
    let desk = Desk::approved(p);
    let run = desk.run(&["check", "--rev", "HEAD"], &["--format", "concise"]);
    run.expect(1, &["attachments/query.html", "M142"]);
    desk.build(&[]).expect(0, &[]);
    jiedu(desk.p.path(), &["explain", "M142"], b"").expect(0, &["附件", "运行"]);
}

/// Nothing depends on the order in which files were written or are listed.
#[test]
fn the_order_of_files_never_matters() {
    let desk = Desk::approved(drafted());
    desk.build(&[]).expect(0, &[]);
    let copy = desk.home.path().join("copy");
    for (path, bytes) in desk.files().into_iter().rev() {
        let path = copy.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let limits = Limits::default();
    assert_eq!(read_site(&copy, &limits).unwrap(), read_site(&desk.out, &limits).unwrap());
    desk.run(&["verify", copy.to_str().unwrap()], &[]).expect(0, &[]);
}

#[test]
fn the_proof_sheet_shows_text_findings_and_check_code() {
    let mut p = project();
    p.set("2025/a").edit(POLICY, "优化办理流程", "优化办理流程,,改进服务").commit("draft");
    let desk = Desk::over(p);
    let code = desk.p.digest("2025/a").check_code();
    let sheet = desk.run(&["proof", "2025/a"], &[]).expect(0, &["改进服务"]).out;
    assert!(sheet.contains(&*code) && sheet.contains("content/policies/2025/a/policy.md"));
    let clean = Desk::over(drafted());
    clean.run(&["proof", "2025/a"], &[]).expect(0, &["待处理的问题（1）"]);
}

#[test]
fn a_text_whose_folder_is_gone_can_be_withdrawn() {
    let mut p = drafted();
    p.approve("site").approve("2025/a");
    for name in ["policy.md", "plan.md", "materials/article.md"] {
        p.remove(&format!("content/policies/2025/a/{name}"));
    }
    p.commit("remove").checkout();
    let desk = Desk::over(p);
    // The approved edition stays, and nothing complete is held back.
    desk.build(&[]).expect(0, &["2025/a", "POLICY_MISSING"]);
    assert!(desk.out.join("policies/2025/a/index.html").is_file());
    assert_eq!(desk.problems(&["--repo", "."]), NONE);
    let git = |args: &[&str]| {
        std::process::Command::new("git")
            .args(args)
            .current_dir(desk.p.path())
            .status()
            .is_ok_and(|s| s.success())
    };
    if !git(&["read-tree", "HEAD"]) {
        return;
    }
    assert!(git(&["config", "user.name", "final"]) && git(&["config", "user.email", "final@office.example"]));
    let file = desk.home.path().join("key");
    key("final").write_openssh_file(&file, LineEnding::LF).unwrap();
    jiedu(desk.p.path(), &["withdraw", "2025/a", "--yes", "--key", file.to_str().unwrap()], b"")
        .expect(0, &[]);
    desk.build(&[]).expect(0, &[]);
    desk.nowhere("优化办理流程");
    assert!(desk.out.join("policies/2025/a/index.html").is_file(), "the tombstone");
    assert_eq!(desk.problems(&[]), NONE);
}

//! Programs killed at random instants, inside whatever they are doing: the next
//! run finishes the work, the site is whole at every moment, nothing is lost.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::damage::{Dice, files};
use crate::program::jiedu;
use crate::project::{Project, project};

type Tree = BTreeMap<PathBuf, Vec<u8>>;

fn start(folder: &Path, args: &[&str]) -> Child {
    let mut program = Command::new(env!("CARGO_BIN_EXE_jiedu"));
    program.args(args).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    program.spawn().unwrap()
}

/// Starts the program and kills it after a part of the time it takes; whether
/// it was still running.
fn kill(folder: &Path, args: &[&str], whole: Duration, dice: &mut Dice) -> bool {
    let mut child = start(folder, args);
    std::thread::sleep(whole.mul_f64(f64::from(u32::try_from(dice.roll(1_000)).unwrap()) / 900.0));
    let running = child.try_wait().unwrap().is_none();
    let _ = child.kill();
    child.wait().unwrap();
    running
}

/// Two editions, and the tip of each.
fn office(private: bool) -> (Project, String) {
    let mut p = project();
    p.set("2025/a");
    if private {
        p.edit("site.toml", "[office]", "[record]\nevidence = \"private\"\n\n[office]");
    }
    p.commit("draft").approve("site").approve("2025/a");
    let first = p.head().to_string();
    p.edit("content/policies/2025/a/policy.md", "完善服务措施", "完善各项服务措施");
    p.commit("second edition").approve("2025/a");
    (p, first)
}

/// Kills builds of two revisions in turn; how many were struck while they ran.
fn kill_builds(kills: usize, private: bool, seed: u64) -> usize {
    let (p, first) = office(private);
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("trust.toml"), format!("site = \"{}\"\n", p.anchor().site)).unwrap();
    let repo = p.path().to_str().unwrap().to_owned();
    let build = |revision: &str, out: &str| -> Vec<String> {
        let words = ["--repo", &repo, "build", "--rev", revision, "--out", out, "--trust", "trust.toml"];
        words.map(str::to_owned).to_vec()
    };
    let run = |args: &[String]| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let run = jiedu(home.path(), &args, b"");
        assert_eq!(run.code, 0, "{}", run.err);
    };
    let began = Instant::now();
    run(&build(&first, "one"));
    run(&build("HEAD", "two"));
    let whole = began.elapsed() / 2;
    let right: [Tree; 2] = ["one", "two"].map(|name| files(&home.path().join(name)));
    run(&build(&first, "site"));
    let (mut dice, mut struck) = (Dice(seed), 0);
    for round in 0..kills {
        let args = build(if round % 2 == 0 { "HEAD" } else { &first }, "site");
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        struck += usize::from(kill(home.path(), &args, whole, &mut dice));
        let site = home.path().join("site");
        let aside = home.path().join(".site.jiedu/old");
        let found = files(if site.exists() { &site } else { &aside });
        assert!(right.contains(&found), "round {round} of seed {seed}: neither the old nor the new site");
        // Now and then somebody lets one run to its end.
        if round % 5 == 4 {
            run(&build("HEAD", "site"));
            assert!(files(&site) == right[1], "round {round} of seed {seed}");
        }
    }
    run(&build("HEAD", "site"));
    assert!(files(&home.path().join("site")) == right[1]);
    let mut names: Vec<String> = fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected: &[&str] = if private {
        &["one", "one-evidence", "site", "site-evidence", "trust.toml", "two", "two-evidence"]
    } else {
        &["one", "site", "trust.toml", "two"]
    };
    assert_eq!(names, expected);
    let verified = jiedu(home.path(), &["verify", "site", "--trust", "trust.toml"], b"");
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
    struck
}

/// Kills `collect`; what the next one leaves is complete.
fn kill_collects(kills: usize, seed: u64) -> usize {
    let (p, _) = office(false);
    p.checkout();
    let began = Instant::now();
    assert_eq!(jiedu(p.path(), &["collect"], b"").code, 0);
    let whole = began.elapsed();
    let folder = p.path().join("evidence/statements");
    let right = files(&folder);
    let (mut dice, mut struck) = (Dice(seed), 0);
    for round in 0..kills {
        fs::remove_dir_all(&folder).unwrap();
        struck += usize::from(kill(p.path(), &["collect"], whole, &mut dice));
        let left = if folder.exists() { files(&folder) } else { Tree::new() };
        let named = left.iter().filter(|(name, _)| name.extension().is_some_and(|kind| kind == "commit"));
        for (name, bytes) in named {
            assert_eq!(right.get(name), Some(bytes), "round {round}: a statement is half written");
        }
        assert_eq!(jiedu(p.path(), &["collect"], b"").code, 0);
        let mut now = files(&folder);
        now.retain(|name, _| name.extension().is_some_and(|kind| kind == "commit"));
        assert!(now == right, "round {round}");
    }
    struck
}

/// Kills `import`; each file is whole or not there, and the next run says so.
fn kill_imports(kills: usize, seed: u64) -> usize {
    let (p, _) = office(false);
    p.checkout();
    let home = tempfile::tempdir().unwrap();
    let source = home.path().join("通知.txt");
    fs::write(
        &source,
        "示例市交通运输局关于做好工作的通知\n\n各有关单位：\n\n现通知如下。\n\n一、总体要求。\n",
    )
    .unwrap();
    let args = |id: &str| ["import", source.to_str().unwrap(), "--into", id].map(str::to_owned);
    let words = |args: &[String; 4]| args.clone();
    let began = Instant::now();
    let first = args("2026/right");
    let run = jiedu(p.path(), &first.each_ref().map(String::as_str), b"");
    assert_eq!(run.code, 0, "{}", run.err);
    let whole = began.elapsed();
    let right = files(&p.path().join("content/policies/2026/right"));
    let (mut dice, mut struck) = (Dice(seed), 0);
    for round in 0..kills {
        let args = words(&args(&format!("2026/n{round}")));
        struck += usize::from(kill(p.path(), &args.each_ref().map(String::as_str), whole, &mut dice));
        let folder = p.path().join(format!("content/policies/2026/n{round}"));
        let left = if folder.exists() { files(&folder) } else { Tree::new() };
        for (name, bytes) in left.iter().filter(|(name, _)| !name.to_string_lossy().starts_with(".jiedu-")) {
            assert_eq!(right.get(name).map(Vec::len), Some(bytes.len()), "round {round}: {}", name.display());
        }
    }
    struck
}

#[test]
fn builds_killed_anywhere_leave_a_whole_site_and_block_nobody() {
    kill_builds(5, false, 1);
    kill_builds(3, true, 2);
}

#[test]
fn writers_killed_anywhere_leave_whole_files() {
    kill_collects(2, 3);
    kill_imports(2, 4);
}

/// `cargo test --test testsuite kills:: -- --ignored --nocapture`
#[test]
#[ignore = "takes long; run by .ci/long"]
fn a_thousand_kills() {
    let struck = [
        ("build", kill_builds(500, false, 101)),
        ("build, private evidence", kill_builds(250, true, 102)),
        ("collect", kill_collects(150, 103)),
        ("import", kill_imports(150, 104)),
    ];
    println!("struck while running: {struck:?}");
}

//! Evidence and statements carried to where they do not belong: another site,
//! another set, another office, another history.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiedu::approve::statement::statement_id;
use jiedu::approve::{Anchor, SetState};
use jiedu::evidence::{VerifyInput, verify};
use jiedu::output::{Limits, read_site};

use super::forge::SET;
use super::histories::build;
use crate::project::{Project, project, roster};

const POLICY: &str = "content/policies/2025/a/policy.md";

fn published_under(text: &str) -> Project {
    let mut p = Project::with_roster(text);
    p.set(SET).commit("draft").approve("site").approve(SET);
    p
}

/// Another office with the same people and keys.
fn other_office() -> String {
    roster().replace("post = \"科员\"", "post = \"职员\"")
}

/// The raw commits from the tip back to the first.
fn commits(p: &Project) -> Vec<Vec<u8>> {
    let git = git2::Repository::open(p.path()).unwrap();
    let mut at = Some(p.head());
    let mut out = Vec::new();
    while let Some(id) = at {
        out.push(p.raw(id));
        at = git.find_commit(id).unwrap().parent_ids().next();
    }
    out
}

/// Its statements, as collected files.
fn collected(p: &Project) -> Vec<(String, Vec<u8>)> {
    let signed = commits(p).into_iter().filter(|raw| raw.windows(7).any(|part| part == b"gpgsig "));
    signed.map(|raw| (format!("evidence/statements/{}.commit", statement_id(&raw).hex()), raw)).collect()
}

fn problems(p: &Project, site: &Path) -> Vec<&'static str> {
    let site = read_site(site, &Limits::default()).unwrap();
    let input =
        VerifyInput { site: &site, anchor: &Anchor::Trusted(p.anchor()), previous: None, rebuild: None };
    let mut codes: Vec<&str> = verify(&input).problems.iter().map(|problem| problem.code).collect();
    codes.dedup();
    codes
}

fn files(folder: &Path) -> BTreeMap<String, Arc<[u8]>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, Arc::from(fs::read(&path).unwrap()));
            }
        }
    }
    found
}

/// Replaces one folder of a site by that of another.
fn replace(site: &Path, other: &Path, folder: &str) {
    fs::remove_dir_all(site.join(folder)).unwrap();
    for (path, bytes) in files(&other.join(folder)) {
        let path = site.join(folder).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn evidence_of_another_site_proves_nothing_here() {
    let home = tempfile::tempdir().unwrap();
    let (here, there) = (published_under(&roster()), published_under(&other_office()));
    let (ours, theirs) = (home.path().join("ours"), home.path().join("theirs"));
    let fresh = || {
        for (p, out) in [(&here, &ours), (&there, &theirs)] {
            build(p, out, None).unwrap();
            assert_eq!(problems(p, out), Vec::<&str>::new());
        }
    };
    fresh();
    assert_eq!(problems(&here, &theirs), ["SITE_MISMATCH"], "a whole site of another office");
    replace(&ours, &theirs, ".well-known/jiedu/evidence");
    let found = problems(&here, &ours);
    assert!(found.contains(&"SITE_MISMATCH") && found.contains(&"SITE_FILE_CHANGED"), "{found:?}");
    fresh();
    replace(&ours, &theirs, ".well-known/jiedu");
    assert!(problems(&here, &ours).contains(&"SITE_MISMATCH"));
    fresh();
    replace(&ours, &theirs, ".well-known/jiedu/evidence/statements");
    let found = problems(&here, &ours);
    assert!(found.contains(&"STEP_MISSING") || found.contains(&"SITE_FILE_MISSING"), "{found:?}");
}

#[test]
fn collected_statements_of_others_count_for_nothing() {
    let replay = |from: &Project, code: &str| {
        let mut p = project();
        p.set(SET).commit("draft").approve("site");
        for (path, bytes) in collected(from) {
            p.file(&path, bytes);
        }
        p.commit("evidence of others");
        let read = p.read().unwrap();
        let set = &read.sets[0];
        assert_eq!((set.state, set.editions.len()), (SetState::Blocked, 0));
        let refused = read.findings.iter().any(|finding| finding.code == code);
        assert!(refused || set.reason == Some(code), "{code}: {:?}", set.reason);
    };
    // Another office, with the same keys and the same text.
    replay(&published_under(&other_office()), "SITE_MISMATCH");
    // Another set with the same text: the digest names the set.
    let mut b = project();
    b.set(SET).commit("draft");
    for name in ["policy.md", "plan.md", "materials/article.md"] {
        let text = b.text(&format!("content/policies/{SET}/{name}"));
        b.file(&format!("content/policies/2025/b/{name}"), text)
            .remove(&format!("content/policies/{SET}/{name}"));
    }
    b.commit("another address").approve("2025/b");
    replay(&b, "STEP_MISSING");
    // Another edition of this set.
    let mut edition = project();
    edition.set(SET).edit(POLICY, "优化办理流程", "改进办理流程").commit("draft").approve(SET);
    replay(&edition, "DIGEST_MISMATCH");
}

#[test]
fn a_history_written_anew_around_the_same_text() {
    let home = tempfile::tempdir().unwrap();
    let p = published_under(&roster());
    let first = home.path().join("first");
    build(&p, &first, None).unwrap();
    // The same files on other parents, by another author at another time,
    // with the statements as files.
    let rebased = |two: bool| {
        let mut q = project();
        q.now += 86_400;
        q.file("docs/note.md", "x\n").commit("another root");
        q.author = "webmaster".into();
        q.set(SET);
        if two {
            q.edit(POLICY, "优化办理流程", "改进办理流程");
        }
        q.commit("the text");
        q
    };
    let mut q = rebased(false);
    for (path, bytes) in collected(&p) {
        q.file(&path, bytes);
    }
    q.commit("evidence");
    let read = q.read().unwrap();
    assert_eq!((read.sets[0].state, read.sets[0].editions[0].number), (SetState::Cleared, 1));
    assert!(!build(&q, &home.path().join("same"), Some(&first)).unwrap().is_incomplete());
    // Without the evidence nothing is approved, and the release before says so.
    let bare = rebased(false);
    assert_eq!(bare.read().unwrap().sets[0].reason, Some("STEP_MISSING"));
    assert_eq!(build(&bare, &home.path().join("bare"), None).unwrap_err().code, Some("THEME_UNAPPROVED"));

    // A history that keeps only the newest of two editions.
    let mut p = published_under(&roster());
    p.edit(POLICY, "优化办理流程", "改进办理流程").commit("next").approve(SET);
    let both = home.path().join("both");
    build(&p, &both, None).unwrap();
    let mut q = rebased(true);
    for (path, bytes) in collected(&p) {
        q.file(&path, bytes);
    }
    q.commit("evidence");
    assert_eq!(q.read().unwrap().sets[0].state, SetState::Cleared);
    let stop = build(&q, &home.path().join("lost"), Some(&both)).unwrap_err();
    assert_eq!(stop.code, Some("EDITION_VANISHED"));
    // And without some of the evidence the ledger shrinks: what was lost is
    // named by what it says.
    let mut q = published_under(&roster());
    q.now += 60;
    let stop = build(&q, &home.path().join("shrunk"), Some(&first));
    assert!(stop.is_ok(), "the same statements");
    let mut short = project();
    short.now += 600;
    short.set(SET).commit("draft").approve("site").approve(SET);
    let stop = build(&short, &home.path().join("shrunk 2"), Some(&first)).unwrap_err();
    assert_eq!(stop.code, Some("LEDGER_SHRUNK"));
    assert!(
        stop.message.zh.contains("2025/a 1 third-proof approve proof3")
            || stop.message.zh.contains("approve")
    );
}

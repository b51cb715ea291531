//! Tests of sealing and verification.

mod tampering;
mod world;

use std::sync::Arc;

use self::world::{BUILT, Files, Release, World, sign};
use super::*;
use jiedu_approve::{Anchor, TrustAnchor};
use jiedu_base::text::{Lang, Message};

fn check(files: &Files, anchor: &Anchor) -> VerifyReport {
    verify(&VerifyInput { site: &BuiltSite::of(files), anchor, previous: None, rebuild: None })
}

fn codes(report: &VerifyReport) -> Vec<(&str, &str)> {
    report.problems.iter().map(|problem| (problem.code, problem.path.as_str())).collect()
}

#[test]
fn a_sealed_site_verifies_from_its_files_alone() {
    let (release, sealed) = &*BUILT;
    let report = check(&sealed.files, &release.world.anchor());
    assert_eq!(codes(&report), []);
    assert_eq!(report.checked, Checked { files: sealed.files.len(), sets: 2, approvals: 8 * 3 + 3 });
    assert_eq!(report.publisher.as_ref().unwrap().as_str(), "wang.zhan");
    let advanced = report.advanced.clone().unwrap();
    assert_eq!((advanced.min_roster, advanced.min_release), (1, 1));
    assert_eq!(advanced.min_release_digest, sealed.release.as_ref().map(super::Release::digest));
    let json: serde_json::Value = serde_json::from_str(&report.to_json(Lang::Zh)).unwrap();
    assert_eq!((&json["schema"], &json["ok"]), (&"jiedu.verify/1".into(), &true.into()));
}

#[test]
fn sealing_does_not_depend_on_order_and_release_json_is_canonical() {
    let mut release = Release::new();
    let first = release.build();
    release.world.statements.reverse();
    let second = release.build();
    assert_eq!(first, second);
    let bytes = &first.files[RELEASE_PATH];
    let parsed = super::Release::parse(bytes).unwrap();
    assert_eq!(Some(&parsed), first.release.as_ref(), "what is written reads back");
    let mut moved = parsed;
    moved.sets[0].aliases.insert(release.ids[1].clone());
    assert_eq!(super::Release::parse(&moved.to_json()), Ok(moved));
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    for bad in [
        text.replacen("\"predicateType\"", "\"_type\":\"x\",\"predicateType\"", 1),
        text.replacen("in-toto.io/Statement/v1", "in-toto.io/Statement/v2", 1),
        text.replacen("\"sequence\":1", "\"sequence\":1.0", 1),
        format!("{text}{text}"),
    ] {
        assert_ne!(bad, text);
        assert!(super::Release::parse(bad.as_bytes()).is_err(), "{bad}");
    }
    // The signature is over the bytes: white space says nothing.
    let spaced = format!("{}\n", text.replacen(":1,", ": 1,", 1));
    assert_eq!(super::Release::parse(spaced.as_bytes()), super::Release::parse(bytes));
}

#[test]
fn without_an_anchor_nothing_is_ok() {
    let report = check(&BUILT.1.files, &Anchor::Provisional);
    assert_eq!(codes(&report), [("UNANCHORED", "")]);
    assert!(!report.ok() && report.advanced.is_none());
}

#[test]
fn another_authority_is_refused() {
    let stranger = Anchor::Trusted(TrustAnchor::first(jiedu_base::name::Digest::of(b"other")));
    let report = check(&BUILT.1.files, &stranger);
    assert!(!report.ok());
}

#[test]
fn drafts_never_verify() {
    let release = &BUILT.0;
    let drafts = Sealed::drafts(Release::pages(), "abc", &release.world.clock);
    assert!(!drafts.files.contains_key(RELEASE_PATH));
    let report = check(&drafts.files, &release.world.anchor());
    assert_eq!(codes(&report), [("DRAFTS", MANIFEST_PATH)]);
}

#[test]
fn only_a_publisher_of_the_roster_signs() {
    let (release, mut sealed) = (&BUILT.0, BUILT.1.clone());
    let anchor = release.world.anchor();
    sign(&mut sealed, "shen.yi");
    assert!(codes(&check(&sealed.files, &anchor)).contains(&("PUBLISHER_INVALID", SIGNATURE_PATH)));
    sealed.files.remove(SIGNATURE_PATH);
    assert_eq!(codes(&check(&sealed.files, &anchor)), [("PUBLISHER_INVALID", SIGNATURE_PATH)]);
}

#[test]
fn an_office_without_publishers_relies_on_the_anchor() {
    let release = Release::with(World::new(false));
    let mut sealed = release.build();
    sealed.files.remove(SIGNATURE_PATH);
    assert_eq!(codes(&check(&sealed.files, &release.world.anchor())), []);
}

#[test]
fn an_old_release_served_again_is_seen() {
    let mut release = Release::new();
    let first = release.build();
    release.previous = Some(PreviousRelease::read(&BuiltSite::of(&first.files)).unwrap());
    let second = release.build();
    assert_eq!(second.release.as_ref().unwrap().sequence, 2);
    let advanced = check(&second.files, &release.world.anchor()).advanced.unwrap();
    let anchor = Anchor::Trusted(advanced);
    assert_eq!(codes(&check(&second.files, &anchor)), []);
    assert_eq!(codes(&check(&first.files, &anchor)), [("RELEASE_ROLLBACK", RELEASE_PATH)]);
    // Building without `--previous` would start again at 1.
    release.previous = None;
    let refusal = release.try_seal(Release::pages(), &anchor).unwrap_err();
    assert_eq!(refusal.code, "RELEASE_ROLLBACK");
    // Another release of the number that is remembered.
    release.previous = Some(PreviousRelease::read(&BuiltSite::of(&first.files)).unwrap());
    release.world.clock = jiedu_base::clock::Clock::parse("2025-08-01T00:00:00Z").unwrap();
    let mut fork = release.try_seal(Release::pages(), &release.world.anchor()).unwrap();
    sign(&mut fork, "wang.zhan");
    assert_eq!(codes(&check(&fork.files, &anchor)), [("RELEASE_ROLLBACK", RELEASE_PATH)]);
}

#[test]
fn a_statement_that_was_known_may_not_vanish() {
    let mut release = Release::new();
    let subject = jiedu_approve::Subject::from(&release.ids[0]);
    let mut rejected = release.world.statement(
        jiedu_approve::statement::Kind::Review,
        &subject,
        jiedu_base::name::Digest::of(b"draft"),
    );
    rejected.revision = 3;
    rejected.step = "first-review".to_owned();
    rejected.signer = jiedu_base::name::PersonId::parse("shen.yi").unwrap();
    rejected.decision = jiedu_approve::statement::Decision::Reject;
    rejected.previous = Some(jiedu_base::name::Digest::of(b"x"));
    release.world.sign(&rejected);
    let first = release.build();
    let before = PreviousRelease::read(&BuiltSite::of(&first.files)).unwrap();
    release.world.statements.pop();
    release.previous = Some(PreviousRelease { ledger: None, ..before.clone() });
    let second = release.build();
    let site = BuiltSite::of(&second.files);
    let anchor = release.world.anchor();
    let report =
        verify(&VerifyInput { site: &site, anchor: &anchor, previous: Some(&before), rebuild: None });
    assert_eq!(codes(&report), [("LEDGER_SHRUNK", ".well-known/jiedu/evidence/ledger.txt")]);
    release.previous = Some(before);
    assert_eq!(release.try_seal(Release::pages(), &anchor).unwrap_err().code, "LEDGER_SHRUNK");
}

#[test]
fn private_evidence_stands_beside_the_site() {
    let mut release = Release::new();
    release.private = true;
    let sealed = release.build();
    let anchor = release.world.anchor();
    assert!(!sealed.files.keys().any(|path| path.starts_with(EVIDENCE)));
    assert!(!check(&sealed.files, &anchor).ok());
    let mut site = BuiltSite::of(&sealed.files);
    let archive: Files = sealed
        .archive
        .unwrap()
        .into_iter()
        .map(|(path, bytes)| (format!("{EVIDENCE}{path}"), bytes))
        .collect();
    let judge =
        |site: &BuiltSite| verify(&VerifyInput { site, anchor: &anchor, previous: None, rebuild: None });
    site.archive = Some(archive.clone());
    assert_eq!(codes(&judge(&site)), []);
    for path in archive.keys() {
        let mut changed = archive.clone();
        let mut bytes = changed[path].to_vec();
        *bytes.last_mut().unwrap() ^= 1;
        changed.insert(path.clone(), Arc::from(bytes));
        site.archive = Some(changed);
        assert!(!judge(&site).ok(), "{path}");
    }
}

#[test]
fn a_rebuilt_site_is_compared_byte_for_byte() {
    let (release, sealed) = &*BUILT;
    let site = BuiltSite::of(&sealed.files);
    let anchor = release.world.anchor();
    let judge = |rebuild: &Rebuild<'_>| {
        verify(&VerifyInput { site: &site, anchor: &anchor, previous: None, rebuild: Some(rebuild) })
    };
    let same = |recorded: &Recorded| {
        assert_eq!((recorded.previous.as_ref(), recorded.at_given), (None, true));
        Ok(sealed.files.clone())
    };
    assert_eq!(codes(&judge(&same)), []);
    let other = |_: &Recorded| {
        let mut files = sealed.files.clone();
        files.insert("index.html".to_owned(), Arc::from(b"other".as_slice()));
        files.remove("policies/index.html");
        Ok(files)
    };
    assert_eq!(
        codes(&judge(&other)),
        [("RENDER_MISMATCH", "index.html"), ("RENDER_MISMATCH", "policies/index.html")]
    );
    let fails = |_: &Recorded| Err(Message::new("找不到提交", "no such commit"));
    assert_eq!(codes(&judge(&fails)), [("RENDER_MISMATCH", "")]);
}

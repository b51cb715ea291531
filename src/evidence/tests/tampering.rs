//! Nothing of a site can be changed unseen, by a visitor or by the publisher.

use std::sync::Arc;

use proptest::prelude::*;

use super::world::{BUILT, Files, NEW, Release, digest_of, sign};
use super::{check, codes};
use crate::{
    BuiltSite, EVIDENCE, FileFact, MANIFEST_PATH, Manifest, Odd, RELEASE_PATH, SIGNATURE_PATH, Sealed,
    VerifyInput, verify,
};
use jiedu_approve::Subject;

fn flipped(files: &Files, path: &str, at: usize, bit: u8) -> Files {
    let mut files = files.clone();
    let mut bytes = files[path].to_vec();
    bytes[at] ^= 1 << bit;
    files.insert(path.to_owned(), Arc::from(bytes));
    files
}

#[test]
fn a_flipped_byte_anywhere_fails_and_names_the_file() {
    let (release, sealed) = &*BUILT;
    let anchor = release.world.anchor();
    for (index, (path, bytes)) in sealed.files.iter().enumerate() {
        let places = [0, bytes.len() / 2, bytes.len() - 1];
        // Every place of the three documents, one of every other file.
        let signed = [MANIFEST_PATH, RELEASE_PATH, SIGNATURE_PATH].contains(&path.as_str());
        for (place, at) in
            places.into_iter().enumerate().filter(|(place, _)| signed || place % 3 == index % 3)
        {
            let report = check(&flipped(&sealed.files, path, at, 0), &anchor);
            let named = report.problems.iter().any(|problem| problem.path == *path);
            assert!(!report.ok() && named, "{path} at {at} ({place}): {:?}", codes(&report));
        }
    }
}

#[test]
fn no_byte_of_the_signature_is_without_meaning() {
    let (release, sealed) = &*BUILT;
    let approvals = release.world.approvals();
    let armour = &sealed.files[SIGNATURE_PATH];
    let accepts = |armour: &[u8]| {
        std::str::from_utf8(armour)
            .is_ok_and(|text| approvals.check_publisher(&sealed.files[RELEASE_PATH], text).is_ok())
    };
    assert!(accepts(armour));
    for at in 0..armour.len() {
        let mut changed = armour.to_vec();
        changed[at] ^= 1;
        assert!(!accepts(&changed), "byte {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn any_flipped_bit_of_the_documents_fails(seed in any::<(prop::sample::Index, prop::sample::Index)>(), bit in 0_u8..8) {
        let (release, sealed) = &*BUILT;
        let documents: Vec<&String> = sealed.files.keys().filter(|path| path.starts_with(".well-known/")).collect();
        let path = seed.0.get(&documents).as_str();
        let at = seed.1.index(sealed.files[path].len());
        let report = check(&flipped(&sealed.files, path, at, bit), &release.world.anchor());
        prop_assert!(report.problems.iter().any(|problem| problem.path == path), "{} at {}", path, at);
    }

    #[test]
    fn hostile_documents_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), which in 0_usize..4) {
        let (release, mut sealed) = (&BUILT.0, BUILT.1.clone());
        let path = [MANIFEST_PATH, RELEASE_PATH, SIGNATURE_PATH, ".well-known/jiedu/evidence/ledger.txt"][which];
        sealed.files.insert(path.to_owned(), Arc::from(bytes));
        prop_assert!(!check(&sealed.files, &release.world.anchor()).ok());
    }
}

#[test]
fn hostile_documents_get_clear_answers() {
    let (release, sealed) = &*BUILT;
    let anchor = release.world.anchor();
    let manifest = String::from_utf8(sealed.files[MANIFEST_PATH].to_vec()).unwrap();
    let with = |path: &str, text: String| {
        let mut files = sealed.files.clone();
        files.insert(path.to_owned(), Arc::from(text.into_bytes()));
        check(&files, &anchor)
    };
    let outside = manifest.replacen("\"index.html\"", "\"../../etc/passwd\"", 1);
    let report = with(MANIFEST_PATH, outside);
    assert!(codes(&report).contains(&("SITE_FILE_MISSING", "../../etc/passwd")));
    let twice = manifest.replacen("\"files\"", "\"files\": {}, \"files\"", 1);
    for bad in [twice, "[".repeat(1_000_000), "{\"schema\":1}".to_owned(), String::new()] {
        assert!(codes(&with(MANIFEST_PATH, bad)).contains(&("ENVELOPE_MALFORMED", MANIFEST_PATH)));
    }
    for bad in ["{\"a\":".repeat(1_000_000), "{\"_type\":1,\"_type\":1}".to_owned()] {
        assert!(codes(&with(RELEASE_PATH, bad)).contains(&("ENVELOPE_MALFORMED", RELEASE_PATH)));
    }
}

#[test]
fn missing_and_extra_files_are_named() {
    let (release, sealed) = &*BUILT;
    let anchor = release.world.anchor();
    let mut files = sealed.files.clone();
    files.remove("index.html");
    files.insert("shell.php".to_owned(), Arc::from(b"x".as_slice()));
    assert_eq!(
        codes(&check(&files, &anchor)),
        [("SITE_FILE_MISSING", "index.html"), ("SITE_FILE_EXTRA", "shell.php")]
    );
    let mut site = BuiltSite::of(&sealed.files);
    site.files.remove("index.html");
    site.odd.insert("index.html".to_owned(), Odd::Link);
    site.odd.insert("pipe".to_owned(), Odd::Special);
    let report = verify(&VerifyInput { site: &site, anchor: &anchor, previous: None, rebuild: None });
    assert_eq!(codes(&report), [("SITE_FILE_CHANGED", "index.html"), ("SITE_FILE_EXTRA", "pipe")]);
}

/// A dishonest publisher: changes files and seals them again with good digests
/// and a good signature.
fn resealed(mut sealed: Sealed, change: impl FnOnce(&mut Files, &mut crate::Release)) -> Files {
    let mut release = sealed.release.clone().unwrap();
    change(&mut sealed.files, &mut release);
    let mut manifest = Manifest::parse(&sealed.files[MANIFEST_PATH]).unwrap();
    let unlisted = [MANIFEST_PATH, RELEASE_PATH, SIGNATURE_PATH];
    manifest.files = sealed
        .files
        .iter()
        .filter(|(path, _)| !unlisted.contains(&path.as_str()))
        .map(|(path, bytes)| (path.clone(), FileFact::of(bytes)))
        .collect();
    let manifest = manifest.to_json();
    release.manifest = jiedu_base::name::Digest::of(&manifest);
    sealed.files.insert(MANIFEST_PATH.to_owned(), Arc::from(manifest));
    sealed.files.insert(RELEASE_PATH.to_owned(), Arc::from(release.to_json()));
    sign(&mut sealed, "wang.zhan");
    sealed.files
}

#[test]
#[expect(clippy::too_many_lines, reason = "one line of attack after another on the same site")]
fn a_publisher_cannot_approve() {
    let anchor = BUILT.0.world.anchor();
    let sealed = || BUILT.1.clone();
    let text: Arc<[u8]> = Arc::from(b"forged".as_slice());
    let page = |path: &str| (path.to_owned(), text.clone());
    let cases: Vec<(&str, Files)> = vec![
        (
            "DIGEST_MISMATCH",
            resealed(sealed(), |files, _| {
                files.extend([page("policies/2025/a/attachments/a.txt")]);
            }),
        ),
        (
            "STEP_MISSING",
            resealed(sealed(), |files, _| files.extend([page("policies/2025/forged/index.html")])),
        ),
        (
            "DIGEST_MISMATCH",
            resealed(sealed(), |files, _| {
                files.extend([page("policies/2025/a/attachments/extra.txt")]);
            }),
        ),
        (
            "DIGEST_MISMATCH",
            resealed(sealed(), |files, released| {
                let (manifest, digest) = digest_of("2025/a", &[("policy.md", "forged")]);
                files.insert(format!("{EVIDENCE}sets/2025/a/v2.txt"), Arc::from(manifest));
                released.sets[0].editions[1].digest = digest;
            }),
        ),
        ("WITHDRAWN", resealed(sealed(), |_, released| released.sets[1].withdrawn = None)),
        (
            "WITHDRAWN",
            resealed(sealed(), |files, _| {
                files.extend([page("policies/2025/gone/attachments/a.txt")]);
            }),
        ),
        (
            "STEP_MISSING",
            resealed(sealed(), |files, released| {
                let dropped = released.sets[0].editions[1].statements[3];
                files.remove(&format!("{EVIDENCE}statements/{}.commit", dropped.hex()));
            }),
        ),
        (
            "SITE_FILE_MISSING",
            resealed(sealed(), |files, _| {
                files.remove(&format!("{EVIDENCE}sets/2025/a/v1.txt"));
            }),
        ),
        (
            "STEP_MISSING",
            resealed(sealed(), |files, _| files.extend([page("policies/2025/a/v9/index.html")])),
        ),
        (
            "STEP_MISSING",
            resealed(sealed(), |files, _| files.extend([page("policies/2025/a/v9/attachments/a.txt")])),
        ),
        (
            "STEP_MISSING",
            resealed(sealed(), |files, _| files.extend([page("policies/2025/a/compare/1-9/index.html")])),
        ),
        (
            "STEP_MISSING",
            resealed(sealed(), |files, _| {
                files.extend([page("policies/2025/a/interpretation/forged/index.html")]);
            }),
        ),
        (
            "STEP_MISSING",
            resealed(sealed(), |files, released| {
                let attachment = files["policies/2025/a/attachments/a.txt"].clone();
                files.insert("policies/2025/a/v1/attachments/a.txt".to_owned(), attachment);
                released.sets[0].editions[0].void = Some("RETRACTED".to_owned());
            }),
        ),
        (
            "ENVELOPE_MALFORMED",
            resealed(sealed(), |_, released| released.judged_at = "2020-01-01T00:00:00Z".to_owned()),
        ),
        ("SITE_FILE_CHANGED", resealed(sealed(), |_, released| released.commit = "0".repeat(40))),
        (
            "THEME_UNAPPROVED",
            resealed(sealed(), |_, released| {
                released.theme.digest = digest_of("site", &[("site.toml", "forged")]).1;
            }),
        ),
        (
            "REVISION_MISMATCH",
            resealed(sealed(), |_, released| {
                released.sets[0].editions[1].number = 1;
            }),
        ),
        (
            "SITE_FILE_MISSING",
            resealed(sealed(), |_, released| {
                released.sets[0].editions[1].number = 3;
            }),
        ),
        (
            "LEDGER_SHRUNK",
            resealed(sealed(), |files, released| {
                let empty = crate::Ledger::default();
                files.insert(format!("{EVIDENCE}ledger.txt"), Arc::from(empty.to_bytes()));
                released.ledger = empty.digest();
            }),
        ),
    ];
    for (code, files) in cases {
        let report = check(&files, &anchor);
        assert!(codes(&report).iter().any(|(found, _)| *found == code), "{code}: {:?}", report.problems);
    }
    assert_eq!(codes(&check(&resealed(sealed(), |_, _| {}), &anchor)), []);
}

#[test]
fn a_reject_of_the_published_text_takes_it_down() {
    let mut release = Release::new();
    let sealed = release.build();
    let subject = Subject::from(&release.ids[0]);
    let mut reject = release.world.statement(
        jiedu_approve::statement::Kind::Review,
        &subject,
        digest_of("2025/a", &NEW).1,
    );
    reject.revision = 2;
    reject.step = "second-review".to_owned();
    reject.decision = jiedu_approve::statement::Decision::Reject;
    reject.signer = jiedu_base::name::PersonId::parse("shen.er").unwrap();
    reject.previous = Some(sealed.release.as_ref().unwrap().sets[0].editions[1].statements[2]);
    let id = release.world.sign(&reject);
    let bytes = release.world.statements.last().unwrap().bytes.clone();
    let files = resealed(sealed, |files, released| {
        files.insert(format!("{EVIDENCE}statements/{}.commit", id.hex()), bytes);
        let mut ledger = crate::Ledger::parse(&files[&format!("{EVIDENCE}ledger.txt")]).unwrap();
        ledger.statements.insert(id);
        files.insert(format!("{EVIDENCE}ledger.txt"), Arc::from(ledger.to_bytes()));
        released.ledger = ledger.digest();
    });
    let report = check(&files, &release.world.anchor());
    assert_eq!(codes(&report), [("REJECTED", "policies/2025/a/index.html")]);
}

/// A publisher who leaves out what was published: the statements are all there,
/// and every edition that is shown has its chain.
#[test]
fn an_edition_of_the_release_before_may_not_vanish() {
    let (first, sealed) = &*BUILT;
    let anchor = first.world.anchor();
    let before = crate::PreviousRelease::read(&BuiltSite::of(&sealed.files)).unwrap();
    let judge = |change: &dyn Fn(&mut Files, &mut crate::Release)| {
        let files = resealed(sealed.clone(), |files, release| {
            release.sequence = 2;
            release.previous = before.digest;
            change(files, release);
        });
        let site = BuiltSite::of(&files);
        let alone = verify(&VerifyInput { site: &site, anchor: &anchor, previous: None, rebuild: None });
        assert_eq!(codes(&alone), [], "nothing to compare with");
        let input = VerifyInput { site: &site, anchor: &anchor, previous: Some(&before), rebuild: None };
        let report = verify(&input);
        codes(&report).into_iter().map(|(code, path)| (code.to_owned(), path.to_owned())).collect::<Vec<_>>()
    };
    let gone = |number: u32| ("EDITION_VANISHED".to_owned(), format!("policies/2025/a/v{number}/index.html"));
    assert_eq!(judge(&|_, _| {}), []);
    let newest = judge(&|files, release| {
        release.sets[0].editions.pop();
        files.retain(|path, _| !path.contains("2025/a/v2"));
    });
    assert_eq!(newest, [gone(2)]);
    let whole = judge(&|files, release| {
        release.sets.remove(0);
        files.retain(|path, _| !path.contains("2025/a/"));
    });
    assert_eq!(whole, [gone(1), gone(2)]);
}

//! Rows about the roster itself (9, 46, 47, 59, 61–68).

use base64ct::{Base64, Encoding as _};
use jiedu::approve::TrustAnchor;
use jiedu::approve::statement::message;
use jiedu::name::Digest;
use jiedu::pipeline::{ReadOptions, Revision};

use super::forge::*;
use crate::project::{Project, key, person, project, roster};

/// The public key of a person, as the roster writes it.
fn line(who: &str) -> String {
    key(who).public_key().to_openssh().unwrap().trim_end().to_owned()
}

/// One more person with a key.
fn member(id: &str, public: &str, usage: &str) -> String {
    format!(
        "\n[[person]]\nid = \"{id}\"\nname = \"{id}\"\npost = \"科员\"\nemails = [\"{id}@office.example\"]\nroles = []\n\
         \n[[key]]\nperson = \"{id}\"\nkind = \"ssh\"\npublic = \"{public}\"\nuse = [\"{usage}\"]\n"
    )
}

/// A roster with three roots, two of whom must agree.
fn three_roots() -> String {
    let more = member("root2", &line("root2"), "root") + &member("root3", &line("root3"), "root");
    roster().replace(
        "members = [\"root\"]\nthreshold = 1",
        "members = [\"root\", \"root2\", \"root3\"]\nthreshold = 2",
    ) + &more
}

#[track_caller]
fn refuses(text: &str, code: &str) {
    assert_eq!(stopped(&drafted_under(text)), Some(code));
}

#[test]
fn one_key_for_two_persons() {
    refuses(&(roster() + &member("thief", &line("first"), "review")), "KEY_SHARED");
}

#[test]
fn weak_keys() {
    let mut small = vec![0, 0, 0, 11];
    small.extend_from_slice(b"ssh-ed25519\0\0\0\x20\x01");
    small.extend_from_slice(&[0; 31]);
    let small = format!("ssh-ed25519 {}", Base64::encode_string(&small));
    let short = |text: &str| text.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let rsa_1024 = short(include_str!("../../fixtures/signatures/rsa-1024.pub"));
    let rsa_2048 = short(include_str!("../../fixtures/signatures/rsa-2048.pub"));
    for public in [&small, &rsa_1024, &rsa_2048] {
        refuses(&(roster() + &member("weak", public, "review")), "KEY_WEAK");
    }
    let allowed = member("weak", &rsa_2048, "review") + "allow_rsa_2048 = true\n";
    assert_eq!(stopped(&drafted_under(&(roster() + &allowed))), None);
    let still = member("weak", &rsa_1024, "review") + "allow_rsa_2048 = true\n";
    refuses(&(roster() + &still), "KEY_WEAK");
}

#[test]
fn a_revocation_may_not_be_dropped() {
    let fingerprint = key("gate").public_key().fingerprint(ssh_key::HashAlg::Sha256);
    let revoked =
        format!("\n[[revocation]]\nkey = \"{fingerprint}\"\nreason = \"retired\"\ndate = 2025-07-01\n");
    let mut p = drafted();
    p.next_roster(|text| text + &revoked).agree("root");
    assert_eq!(stopped(&p), None);
    p.next_roster(|text| text.replace(&revoked, "")).agree("root");
    assert_eq!(stopped(&p), Some("ROSTER_REVOCATION_DROPPED"));
}

/// How many roots agreed to the version that waits, of how many.
fn waiting(p: &Project) -> Option<(usize, usize)> {
    let pending = p.read().unwrap().pending.roster;
    pending.map(|pending| (pending.have, pending.need))
}

#[test]
fn rosters_need_enough_roots() {
    let start = || {
        let mut p = drafted_under(&three_roots());
        p.next_roster(|text| text + "# next\n");
        p
    };
    let mut p = start();
    assert_eq!(waiting(&p), Some((0, 2)), "nobody agreed");
    p.agree("root").agree("root");
    assert_eq!(waiting(&p), Some((1, 2)), "one person twice");
    p.agree("first");
    assert_eq!(waiting(&p), Some((1, 2)), "a reviewer");
    // In another's name.
    let draft = p.agreement("root2");
    let raw = p.signed(&draft, &key("root"));
    p.raw_commit(&raw);
    assert_eq!(waiting(&p), Some((1, 2)), "somebody else's name");
    p.agree("root2");
    assert_eq!((stopped(&p), waiting(&p)), (None, None));
    // Two keys of one root are one vote.
    let second = member("x", &line("second key of root"), "root");
    let second = second[second.find("[[key]]").unwrap()..].replace("\"x\"", "\"root\"");
    let mut p = drafted_under(&(three_roots() + "\n" + &second));
    p.next_roster(|text| text + "# next\n").agree("root");
    let draft = p.agreement("root");
    let raw = p.signed(&draft, &key("second key of root"));
    p.raw_commit(&raw);
    assert_eq!(waiting(&p), Some((1, 2)), "two keys, one person");
}

#[test]
fn new_roots_cannot_appoint_themselves() {
    let mut p = drafted();
    p.next_roster(|text| {
        text.replace("members = [\"root\"]", "members = [\"usurper\"]")
            + &member("usurper", &line("usurper"), "root")
    });
    p.agree("usurper");
    assert_eq!(waiting(&p), Some((0, 1)), "signed by itself only");
    p.agree("root");
    assert_eq!((stopped(&p), waiting(&p)), (None, None), "both sides agreed");
}

#[test]
fn versions_are_consecutive() {
    for name in ["3", "2147483648", "02", "0"] {
        let mut p = drafted();
        p.file(&format!("roster/{name}.toml"), roster()).commit("jump");
        assert_eq!(stopped(&p), Some("ROSTER_SEQUENCE"), "{name}");
    }
    let mut p = drafted();
    p.file("roster/2.toml", roster()).commit("says it is version 1");
    assert_eq!(stopped(&p), Some("ROSTER_SEQUENCE"));
    let mut p = drafted();
    p.remove("roster/1.toml").commit("no roster");
    assert_eq!(stopped(&p), Some("ROSTER_SEQUENCE"));
}

fn read_with(p: &Project, anchor: &TrustAnchor) -> Option<&'static str> {
    let options = ReadOptions { revision: "HEAD", time: p.time(), anchor: Some(anchor), drafting: false };
    Revision::read(&p.open(), options).err().and_then(|stop| stop.code)
}

#[test]
fn rollback_and_fork() {
    let mut p = drafted();
    let start = p.head();
    p.next_roster(|text| text + "# next\n").agree("root");
    let (version, digest) = p.newest_roster();
    let newest = TrustAnchor { min_roster: version, min_roster_digest: Some(digest), ..p.anchor() };
    assert_eq!(read_with(&p, &newest), None);
    let other = TrustAnchor { min_roster_digest: Some(Digest::of(b"the other one")), ..newest.clone() };
    assert_eq!(read_with(&p, &other), Some("ROSTER_FORK"));
    p.reset(start);
    assert_eq!(read_with(&p, &newest), Some("ROSTER_ROLLBACK"));
}

#[test]
fn rosters_edited_or_malformed() {
    let mut p = drafted();
    p.next_roster(|text| text + "# next\n").agree("root");
    p.edit("roster/2.toml", "# next", "# other").commit("edit");
    assert_eq!(stopped(&p), Some("ROSTER_DIGEST"));
    let mut p = drafted();
    p.edit("roster/1.toml", "科员", "科长").commit("edit the first");
    assert!(matches!(stopped(&p), Some("SITE_MISMATCH" | "ROSTER_DIGEST")), "{:?}", stopped(&p));
    for (from, to) in [
        ("threshold = 1", "threshold = 2"),
        ("threshold = 1", "threshold = 0"),
        ("threshold = 1", "threshold = 1\nthreshold = 1"),
        ("\n[root]", "colour = \"red\"\n[root]"),
        ("step = \"second-review\"", "step = \"sekond\""),
        ("kind = \"ssh\"", "kind = \"x509\""),
        ("use = [\"root\"]", "use = [\"review\"]"),
        ("\n[root]", "default_profile = \"lax\"\n[root]"),
    ] {
        refuses(&roster().replacen(from, to, 1), "ROSTER_SCHEMA");
    }
}

#[test]
fn a_roster_that_never_was_valid() {
    for named in [(2, Digest::of(b"future")), (1, Digest::of(b"wrong"))] {
        let p = chain(drafted(), |p, draft| {
            let mut draft = draft.clone();
            draft.roster = named;
            signed(payload(p, &message(&draft)), STEP.1)
        });
        assert_eq!(refused(&p), Some("ROSTER_UNKNOWN"));
    }
    // Agreement to a version that does not exist changes nothing.
    let mut p = project();
    p.set(SET).commit("draft").approve(SET);
    p.next_roster(|text| text + "# next\n").agree("root");
    let mut odd = p.agreement("root");
    odd.subject = jiedu::approve::Subject::parse("roster/9").unwrap();
    odd.signer = person("root");
    p.sign(&odd);
    assert_eq!(stopped(&p), None);
}

//! Rows about the roster, keys over time, and the trust anchor.

use super::kit::*;
use crate::{Anchor, Reason, Statement, StepState, Subject, TrustAnchor};
use jiedu_base::clock::Clock;
use jiedu_base::name::Digest;

const INVALID: StepState = StepState::Invalid;

fn at(text: &str) -> Clock {
    Clock::parse(text).unwrap()
}

/// The member's block with more lines in the key.
fn with_key_lines(id: &str, step: &str, lines: &str) -> String {
    let plain = member(id, &[step], &["review"]);
    roster_1().replace(&plain, &format!("{}\n{lines}\n\n", plain.trim_end()))
}

fn revoke(name: &str, reason: &str) -> String {
    let fingerprint = crate::signature::SshKey::parse(&key(name).public).unwrap().fingerprint();
    format!("[[revocation]]\nkey = \"{fingerprint}\"\nreason = \"{reason}\"\ndate = 2025-07-01\n\n")
}

#[test]
fn row_09_one_key_for_two_persons() {
    let shared = member("thief", &[], &["review"]).replace(&key("thief").public, &key("fu.shen").public);
    assert_eq!(Office::with_roster(roster_1() + &shared).refusal(), Reason::KeyShared);
}

#[test]
fn row_09_also_across_versions() {
    let mut office = Office::new();
    let renamed = members().replace("\"fu.shen\"", "\"fu.shen2\"");
    office.next_roster("", &renamed);
    assert_eq!(office.refusal(), Reason::KeyShared);
}

#[test]
fn row_47_small_order_key() {
    let mut blob = vec![0, 0, 0, 11];
    blob.extend_from_slice(b"ssh-ed25519");
    blob.extend_from_slice(&[0, 0, 0, 32, 1]);
    blob.extend_from_slice(&[0; 31]);
    let line = format!("ssh-ed25519 {}", <base64ct::Base64 as base64ct::Encoding>::encode_string(&blob));
    let roster = roster_1().replace(&key("fu.shen").public, &line);
    assert_eq!(Office::with_roster(roster).refusal(), Reason::KeyWeak);
}

#[test]
fn row_54_key_past_its_end_cannot_be_backdated() {
    let mut office = Office::with_roster(with_key_lines("fu.shen", "second-review", "until = 2025-06-30"));
    office.chain();
    office.at = at("2025-06-30T23:59:59+08:00");
    assert_eq!(office.verdict(), None, "valid to the end of the last day");
    office.at = at("2025-07-01T00:00:00+08:00");
    assert_eq!(office.verdict(), Some(Reason::KeyExpired));
    assert_eq!(office.step("second-review"), (INVALID, Some("KEY_EXPIRED")));
}

#[test]
fn row_55_key_not_yet_valid() {
    let mut office = Office::with_roster(with_key_lines("fu.shen", "second-review", "from = \"2025-07-02\""));
    office.chain();
    office.at = at("2025-07-01T23:59:59+08:00");
    assert_eq!(office.step("second-review"), (INVALID, Some("KEY_NOT_YET_VALID")));
    office.at = at("2025-07-02T00:00:00+08:00");
    assert_eq!(office.verdict(), None);
}

#[test]
fn row_56_and_57_retired_key() {
    let mut office = Office::new();
    let ids = office.chain();
    let mut bare = office.clone();
    bare.next_roster("", &(members() + &revoke("fu.shen", "retired")));
    assert_eq!(bare.step("second-review"), (INVALID, Some("KEY_RETIRED")));
    let line = office.accept(&ids);
    office.next_roster(&line, &(members() + &revoke("fu.shen", "retired")));
    assert_eq!(office.verdict(), None);
    // Made afterwards, naming the old roster.
    let late = Statement { roster: (1, office.site()), ..office.statement("second-review", 1, Some(ids[2])) };
    let late = Statement { digest: text("B"), ..late };
    office.current.insert(subject(), Some(text("B")));
    office.sign(&late);
    assert_eq!(office.step("second-review"), (INVALID, Some("KEY_RETIRED")));
}

#[test]
fn row_56_key_that_simply_left_the_roster_is_retired() {
    let mut office = Office::new();
    office.chain();
    let renewed = members().replace(&key("fu.shen").public, &key("new").public);
    office.next_roster("", &renewed);
    assert_eq!(office.step("second-review"), (INVALID, Some("KEY_RETIRED")));
}

#[test]
fn row_58_compromised_key() {
    let mut office = Office::new();
    let ids = office.chain();
    let mut confirmed = office.clone();
    office.next_roster("", &(members() + &revoke("fu.shen", "compromised")));
    assert_eq!(office.verdict(), Some(Reason::KeyRevoked));
    assert_eq!(office.step("second-review"), (INVALID, Some("KEY_REVOKED")));
    let line = confirmed.accept(&ids[3..4]);
    confirmed.next_roster(&line, &(members() + &revoke("fu.shen", "compromised")));
    assert_eq!(confirmed.verdict(), None, "re-confirmed by the roots");
}

#[test]
fn row_58_reject_by_a_compromised_key_does_not_count_by_a_retired_one_it_does() {
    use crate::statement::Decision;
    let mut office = Office::new();
    let ids = office.chain();
    let reject = Statement { decision: Decision::Reject, ..office.statement("second-review", 1, None) };
    office.sign(&reject);
    for (reason, expected) in [("compromised", None), ("retired", Some(Reason::Rejected))] {
        let mut office = office.clone();
        let line = office.accept(&ids);
        office.next_roster(&line, &(members() + &revoke("fu.shen", reason)));
        assert_eq!(office.verdict(), expected, "{reason}");
    }
}

#[test]
fn row_59_revocation_dropped() {
    let mut office = Office::new();
    office.next_roster("", &(members() + &revoke("fu.shen", "retired")));
    assert!(office.read().is_ok());
    office.next_roster("", &members());
    assert_eq!(office.refusal(), Reason::RosterRevocationDropped);
}

#[test]
fn row_60_role_ended() {
    let mut office = Office::new();
    let ids = office.chain();
    let mut kept = office.clone();
    let ended =
        members().replace("{ step = \"second-review\" }", "{ step = \"second-review\", until = 2025-06-29 }");
    let removed = members().replace("{ step = \"second-review\" }", "");
    for roster in [&ended, &removed] {
        let mut office = office.clone();
        office.next_roster("", roster);
        assert_eq!(office.step("second-review"), (INVALID, Some("ROLE_ENDED")));
    }
    let line = kept.accept(&ids);
    kept.next_roster(&line, &removed);
    assert_eq!(kept.verdict(), None);
    office.at = at("2025-06-30T11:00:00+08:00");
}

fn unsigned_next(members: &str) -> Office {
    let mut office = Office::new();
    let previous = office.site().to_string();
    office.add_roster(head(2, &previous, "") + members);
    office
}

#[test]
fn row_61_and_62_threshold() {
    let mut office = unsigned_next(&members());
    assert_eq!(office.waiting(), Some((0, 2)));
    office.sign_roster(2, "chen.gen", "chen.gen");
    assert_eq!(office.waiting(), Some((1, 2)));
    let mut twice = office.clone();
    let again = Statement { previous: None, ..twice.statement("submit", 2, None) };
    drop(again);
    twice.sign_roster(2, "chen.gen", "chen.gen");
    assert_eq!(twice.waiting(), Some((1, 2)), "one person twice");
    let mut reviewer = office.clone();
    reviewer.sign_roster(2, "fu.shen", "fu.shen");
    assert_eq!(reviewer.waiting(), Some((1, 2)), "not a root");
    let mut borrowed = office.clone();
    borrowed.sign_roster(2, "sun.gen", "chen.gen");
    assert_eq!(borrowed.waiting(), Some((1, 2)), "somebody else's name");
    office.sign_roster(2, "sun.gen", "sun.gen");
    assert_eq!(office.waiting(), None);
}

#[test]
fn a_version_that_something_relies_on_cannot_wait() {
    // The anchor remembers it.
    let mut office = unsigned_next(&members());
    office.anchor = Some(anchored(&office, 2, office.roster_digest(2)));
    assert_eq!(office.refusal(), Reason::RosterThreshold);
    // A valid statement names it.
    let mut office = unsigned_next(&members());
    let named = Statement { roster: (2, office.roster_digest(2)), ..office.statement("submit", 1, None) };
    office.sign(&named);
    assert_eq!(office.refusal(), Reason::RosterThreshold);
    // It was edited after a root signed it.
    let mut office = unsigned_next(&members());
    office.sign_roster(2, "chen.gen", "chen.gen");
    let edited = String::from_utf8(office.files["2.toml"].to_vec()).unwrap() + "# later\n";
    office.files.insert("2.toml".to_owned(), edited.into_bytes().into());
    assert_eq!(office.refusal(), Reason::RosterDigest);
    // It is not the newest.
    let mut office = unsigned_next(&members());
    let second = office.roster_digest(2).to_string();
    office.add_roster(head(3, &second, "") + &members());
    assert_eq!(office.refusal(), Reason::RosterThreshold);
    // Any other fault of it.
    let office = unsigned_next(&members().replace("\"chu.shen\"", "\"chu.shen2\""));
    assert_eq!(office.refusal(), Reason::KeyShared);
}

#[test]
fn nothing_in_a_waiting_version_counts_but_a_revocation() {
    let mut office = Office::new();
    office.chain();
    let previous = office.site().to_string();
    // Neither its people nor its profile.
    let mut other = office.clone();
    other.add_roster(
        head(2, &previous, "default_profile = \"three-level\"\n")
            + &members().replace("{ step = \"second-review\" }", ""),
    );
    assert_eq!((other.verdict(), other.waiting()), (None, Some((0, 2))));
    // A revocation waits for one root, who need not be the last.
    let revoked = head(2, &previous, "") + &members() + &revoke("fu.shen", "compromised");
    office.add_roster(revoked);
    assert_eq!(office.verdict(), None, "nobody signed it");
    let mut reviewer = office.clone();
    reviewer.sign_roster(2, "fu.shen", "fu.shen");
    assert_eq!(reviewer.verdict(), None, "a reviewer is no root");
    office.sign_roster(2, "sun.gen", "sun.gen");
    assert_eq!(office.verdict(), Some(Reason::KeyRevoked));
    assert_eq!(office.step("second-review"), (INVALID, Some("KEY_REVOKED")));
    assert_eq!(office.waiting(), Some((1, 2)));
    office.sign_roster(2, "chen.gen", "chen.gen");
    assert_eq!((office.verdict(), office.waiting()), (Some(Reason::KeyRevoked), None));
}

#[test]
fn row_62_two_keys_of_one_root_are_one_vote() {
    let second = format!(
        "[[key]]\nperson = \"chen.gen\"\nkind = \"ssh\"\npublic = \"{}\"\nuse = [\"root\"]\n\n",
        key("second").public
    );
    let mut office = Office::with_roster(roster_1() + &second);
    let previous = office.site().to_string();
    office.add_roster(head(2, &previous, "") + &members() + &second);
    office.sign_roster(2, "chen.gen", "chen.gen");
    office.sign_roster(2, "chen.gen", "second");
    assert_eq!(office.waiting(), Some((1, 2)));
}

#[test]
fn row_63_new_roots_signing_for_themselves() {
    let newcomers = "[\"li.xin\", \"liu.xin\", \"wu.gen\"]";
    let people = members() + &member("li.xin", &[], &["root"]) + &member("liu.xin", &[], &["root"]);
    let mut office = Office::new();
    let previous = office.site().to_string();
    let text = head(2, &previous, "").replace("[\"chen.gen\", \"sun.gen\", \"wu.gen\"]", newcomers) + &people;
    office.add_roster(text);
    for root in ["li.xin", "liu.xin"] {
        office.sign_roster(2, root, root);
    }
    assert_eq!(office.waiting(), Some((0, 2)));
    for root in ["chen.gen", "sun.gen"] {
        office.sign_roster(2, root, root);
    }
    assert!(office.read().is_ok(), "both sides agreed");
    let votes_of_old_only: Vec<_> = office.sources.drain(..2).collect();
    assert_eq!(office.waiting(), Some((0, 2)), "the new roots must agree too");
    drop(votes_of_old_only);
    office.sign_roster(2, "wu.gen", "wu.gen");
    office.sign_roster(2, "li.xin", "li.xin");
    assert!(office.read().is_ok(), "a root of both versions counts on both sides");
}

#[test]
fn row_64_version_skipped() {
    let mut office = Office::new();
    let bytes = office.files["1.toml"].clone();
    for name in ["3.toml", "2147483648.toml", "02.toml", "0.toml"] {
        let mut office = office.clone();
        office.files.insert(name.to_owned(), bytes.clone());
        assert_eq!(office.refusal(), Reason::RosterSequence, "{name}");
    }
    office.files.insert("2.toml".to_owned(), bytes);
    assert_eq!(office.refusal(), Reason::RosterSequence, "says version 1");
    office.files.clear();
    assert_eq!(office.refusal(), Reason::RosterSequence);
}

fn anchored(office: &Office, min_roster: u32, digest: Digest) -> Anchor {
    let site = office.site();
    Anchor::Trusted(TrustAnchor { min_roster, min_roster_digest: Some(digest), ..TrustAnchor::first(site) })
}

#[test]
fn row_65_and_66_rollback_and_fork() {
    let mut office = Office::new();
    office.next_roster("", &members());
    office.anchor = Some(anchored(&office, 2, office.roster_digest(2)));
    assert!(office.read().is_ok());
    let mut fork = office.clone();
    fork.anchor = Some(anchored(&fork, 2, text("the other one")));
    assert_eq!(fork.refusal(), Reason::RosterFork);
    office.files.remove("2.toml");
    assert_eq!(office.refusal(), Reason::RosterRollback);
}

#[test]
fn row_15_another_authority() {
    let mut office = Office::new();
    office.anchor = Some(Anchor::Trusted(TrustAnchor::first(text("other"))));
    assert_eq!(office.refusal(), Reason::SiteMismatch);
    office.anchor = Some(Anchor::Provisional);
    let read = office.read().unwrap();
    assert!(!read.value.is_anchored());
}

#[test]
fn row_67_edited_after_signing() {
    let mut office = Office::new();
    office.next_roster("", &members());
    let edited = format!("{}\n# a comment\n", office.rosters[1]);
    office.files.insert("2.toml".to_owned(), edited.clone().into_bytes().into());
    assert_eq!(office.refusal(), Reason::RosterDigest);
    let mut middle = Office::new();
    middle.next_roster("", &members());
    middle.next_roster("", &members());
    middle.files.insert("2.toml".to_owned(), edited.into_bytes().into());
    assert_eq!(middle.refusal(), Reason::RosterDigest);
}

#[test]
fn row_67_schema() {
    let bad = [
        roster_1().replacen("threshold = 2", "threshold = 4", 1),
        roster_1().replacen("threshold = 2", "threshold = 0", 1),
        roster_1().replacen("threshold = 2", "threshold = 2\nthreshold = 2", 1),
        roster_1().replacen("\n[root]", "colour = \"red\"\n[root]", 1),
        roster_1().replacen("step = \"second-review\"", "step = \"sekond\"", 1),
        roster_1().replacen("use = [\"root\"]", "use = [\"review\"]", 1),
        roster_1().replacen("use = [\"root\"]", "use = [\"rot\"]", 1),
        roster_1().replacen("previous = \"none\"", "previous = \"\"", 1),
        roster_1().replacen("\n[root]", "default_profile = \"lax\"\n[root]", 1),
        roster_1() + "[[profile]]\nname = \"strict\"\nsteps = [\"submit\", \"secrecy-review\"]\n",
        roster_1() + "[[profile]]\nname = \"lax\"\nsteps = [\"submit\", \"final-review\"]\n",
        roster_1() + &member("fu.shen", &[], &["review"]),
        roster_1()
            + "[[substitute]]\nfor = \"fu.shen\"\nby = \"jia.yi\"\nsteps = [\"second-review\"]\nfrom = 2025-07-01\n",
        // No signature of a plain key tells of a PIN.
        roster_1().replacen("kind = \"ssh\"", "kind = \"ssh\"\nrequire_pin = true", 1),
        "not toml at all [".to_owned(),
    ];
    for roster in bad {
        assert_eq!(Office::with_roster(roster.clone()).refusal(), Reason::RosterSchema, "{roster}");
    }
}

/// Builds with the feature read such keys; this one is none.
#[test]
fn a_reserved_kind_of_key_is_refused_under_its_own_code() {
    let roster = roster_1().replacen("kind = \"ssh\"", "kind = \"x509-sm2\"", 1);
    let reason = if cfg!(feature = "sm2") { Reason::RosterSchema } else { Reason::KeyKindReserved };
    assert_eq!(Office::with_roster(roster).refusal(), reason);
}

#[test]
fn row_67_accepted_list_must_match_its_roster() {
    let mut office = Office::new();
    office.files.insert("accepted/1.txt".to_owned(), b"".to_vec().into());
    assert_eq!(office.refusal(), Reason::RosterDigest);
    let mut missing = Office::new();
    let line = missing.accept(&[text("x")]);
    missing.next_roster(&line, &members());
    assert!(missing.read().is_ok());
    missing.files.remove("accepted/2.txt");
    assert_eq!(missing.refusal(), Reason::RosterDigest);
}

#[test]
fn row_68_roster_never_valid() {
    for (version, digest) in [(2, text("future")), (1, text("wrong"))] {
        let mut office = Office::new();
        office.chain_with("final-review", |office, s| {
            office.sign(&Statement { roster: (version, digest), ..s })
        });
        assert_eq!(office.verdict(), Some(Reason::RosterUnknown));
        assert_eq!(office.step("final-review"), (INVALID, Some("ROSTER_UNKNOWN")));
    }
}

fn with_substitute(steps: &str) -> Office {
    let entry = format!(
        "[[substitute]]\nfor = \"fu.shen\"\nby = \"jia.yi\"\nsteps = [{steps}]\nfrom = 2025-06-01\nuntil = 2025-06-30\n"
    );
    Office::with_roster(roster_1() + &entry)
}

#[test]
fn row_69_substitute() {
    let mut office = with_substitute("\"second-review\"");
    office.chain_with("second-review", |office, s| office.sign(&Statement { signer: person("jia.yi"), ..s }));
    office.at = at("2025-06-30T12:00:00+08:00");
    let cleared = office.judge().cleared.unwrap();
    assert_eq!(cleared.steps()[3].signer, person("jia.yi"));
    assert_eq!(cleared.steps()[3].substitute_for, Some(person("fu.shen")));
    office.at = at("2025-07-01T12:00:00+08:00");
    assert_eq!(office.verdict(), Some(Reason::SubstituteInvalid));
    assert_eq!(office.step("second-review"), (INVALID, Some("SUBSTITUTE_INVALID")));
}

#[test]
fn row_69_one_substitute_for_two_steps() {
    let entry = "[[substitute]]\nfor = \"zhong.shen\"\nby = \"jia.yi\"\nsteps = [\"final-review\"]\nfrom = 2025-06-01\nuntil = 2025-12-31\n";
    let mut office = with_substitute("\"second-review\"");
    let roster = office.rosters[0].clone() + entry;
    office = Office::with_roster(roster);
    let ids = office.steps(1, None, &["submit", "secrecy-review", "first-review"]);
    let second =
        Statement { signer: person("jia.yi"), ..office.statement("second-review", 1, ids.last().copied()) };
    let second = office.sign(&second);
    let last = Statement { signer: person("jia.yi"), ..office.statement("final-review", 1, Some(second)) };
    office.sign(&last);
    office.at = at("2025-06-30T12:00:00+08:00");
    assert_eq!(office.step("final-review"), (INVALID, Some("PERSON_REPEATED")));
}

#[test]
fn row_68_roster_statement_for_no_version_is_reported_alone() {
    let mut office = Office::new();
    office.chain();
    let odd = Statement { subject: Subject::Roster(9), ..office.statement("submit", 9, None) };
    office.sign(&odd);
    assert_eq!(office.verdict(), None, "a junk statement alone changes nothing");
}

#[test]
fn tightened_profile_voids_what_is_not_accepted() {
    let extra = "default_profile = \"short\"\n[root]";
    let short = "[[profile]]\nname = \"short\"\nsteps = [\"submit\", \"secrecy-review\", \"final-review\"]\n";
    let mut office = Office::with_roster(roster_1().replacen("\n[root]", extra, 1) + short);
    let ids = office.steps(1, None, &["submit", "secrecy-review", "final-review"]);
    assert_eq!(office.verdict(), None);
    let mut kept = office.clone();
    office.next_roster("", &members());
    assert_eq!(office.verdict(), Some(Reason::StepMissing));
    let line = kept.accept(&ids);
    kept.next_roster(&line, &members());
    let judgement = kept.judge();
    assert_eq!((judgement.reason, judgement.profile.as_str()), (None, "short"));
}

#[test]
fn publisher_signs_releases_only_with_a_publishing_key() {
    use crate::RELEASE_NAMESPACE;
    use crate::signature::sign_ssh;
    let office = Office::new();
    let approvals = office.read().unwrap().value;
    let sign = |who: &str, namespace: &str| sign_ssh(&key(who).private, namespace, b"release").unwrap();
    assert_eq!(
        approvals.check_publisher(b"release", &sign("wang.zhan", RELEASE_NAMESPACE)),
        Ok(person("wang.zhan"))
    );
    for (bytes, armour) in [
        (&b"other"[..], sign("wang.zhan", RELEASE_NAMESPACE)),
        (b"release", sign("wang.zhan", "git")),
        (b"release", sign("fu.shen", RELEASE_NAMESPACE)),
        (b"release", "junk".to_owned()),
    ] {
        assert_eq!(approvals.check_publisher(bytes, &armour), Err(Reason::PublisherInvalid));
    }
}

#[test]
fn future_claims_are_implausible_only_against_a_given_instant() {
    let mut office = Office::new();
    office.chain();
    office.at = Clock::from_unix(NOON - 2 * 24 * 3600);
    assert_eq!(office.verdict(), Some(Reason::TimeImplausible));
    office.at_given = false;
    assert_eq!(office.verdict(), None);
}

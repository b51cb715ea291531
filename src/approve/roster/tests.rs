//! Rosters on their own: what changed, what stock git is given, built-in profiles.

use super::parse::parse;
use super::profiles::built_in;
use super::*;
use crate::tests::kit::{key, member, roster_1};

fn roster(text: &str) -> Roster {
    parse(1, text.as_bytes()).unwrap()
}

#[test]
fn names_what_changed_and_what_to_look_at_twice() {
    let old = roster(&roster_1());
    assert!(diff(&old, &old).is_empty());
    let text = roster_1()
        .replacen("threshold = 2", "threshold = 3", 1)
        .replace("post = \"科员\"", "post = \"科长\"");
    let new = roster(&(text + &member("xin.ren", &["first-review"], &["review"])));
    let changes = diff(&old, &new);
    let weighty: Vec<&str> =
        changes.iter().filter(|change| change.is_weighty).map(|change| change.message.zh.as_str()).collect();
    assert_eq!(weighty.len(), 2, "{weighty:?}");
    assert!(weighty[0].contains("/ 2 → "), "{}", weighty[0]);
    assert!(weighty[1].starts_with("新增密钥 SHA256:"), "{}", weighty[1]);
    assert!(changes.iter().any(|change| change.message.zh.starts_with("新增人员 xin.ren")));
}

#[test]
fn allowed_signers_separate_statements_from_releases() {
    let everyday = format!(
        "[[key]]\nperson = \"fu.shen\"\nkind = \"ssh\"\npublic = \"{}\"\nuse = [\"commit\"]\n\n",
        key("everyday").public
    );
    let text = allowed_signers(&roster(&(roster_1() + &everyday)));
    let line = |name: &str| text.lines().find(|line| line.ends_with(&key(name).public));
    assert_eq!(
        line("fu.shen").unwrap(),
        format!("fu.shen@office.example namespaces=\"git\" {}", key("fu.shen").public)
    );
    assert!(line("wang.zhan").unwrap().contains("namespaces=\"git,jiedu-release@1\""));
    assert_eq!(line("everyday"), None);
}

#[test]
fn built_in_profiles_begin_alike_and_extras_follow_the_final_review() {
    for profile in built_in() {
        assert!(profile.steps.starts_with(&["submit".to_owned(), "secrecy-review".to_owned()]));
        let plain = profile.sequence(false);
        assert_eq!(profile.sequence(true).len(), plain.len() + profile.important.len());
    }
    let strict = &built_in()[0];
    assert_eq!(strict.sequence(true)[5..8], ["extra-review", "extra-review", "gatekeeper"]);
    assert!(!built_in()[1].may_combine("first-review", "second-review"));
    assert!(built_in()[1].may_combine("first-review", "first-proof"));
}

#[test]
fn repeating_a_built_in_profile_exactly_is_allowed() {
    let text = roster_1()
        + "[[profile]]\nname = \"site\"\nsteps = [\"submit\", \"secrecy-review\", \"final-review\"]\n";
    assert_eq!(roster(&text).profiles.len(), 4);
}

#[test]
fn dates_are_bare_or_quoted_and_nothing_else() {
    let with = |from: &str| {
        roster_1().replacen("{ step = \"submit\" }", &format!("{{ step = \"submit\", from = {from} }}"), 1)
    };
    for good in ["2025-01-01", "\"2025-01-01\""] {
        assert!(roster(&with(good)).people[0].roles[0].window.from.is_some());
    }
    for bad in ["2025-01-01T00:00:00Z", "\"2025-1-1\"", "20250101", "\"2025-02-30\""] {
        assert!(parse(1, with(bad).as_bytes()).is_err(), "{bad}");
    }
}

#[cfg(feature = "openpgp")]
#[test]
fn openpgp_keys_need_their_fingerprint() {
    let certificate = include_str!("../../../tests/fixtures/signatures/gpg-ed25519.asc");
    let fingerprint = include_str!("../../../tests/fixtures/signatures/gpg-ed25519.fpr").trim();
    let entry = |line: &str| {
        let key =
            format!("kind = \"openpgp\"\npublic = \"\"\"\n{certificate}\"\"\"\n{line}\nuse = [\"review\"]\n");
        roster_1() + "[[key]]\nperson = \"fu.shen\"\n" + &key
    };
    let good = roster(&entry(&format!("fingerprint = \"{fingerprint}\"")));
    assert!(good.key(&fingerprint.to_lowercase()).is_some());
    assert!(parse(1, entry("").as_bytes()).is_err());
    assert!(parse(1, entry(&format!("fingerprint = \"{}\"", "0".repeat(40))).as_bytes()).is_err());
}

//! Statements as git itself writes them.

use super::*;
use crate::Reason;
use crate::signature::{PublicKey, Signature, SshKey};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/fixtures/signatures/", $name))
    };
}

fn check(commit: &[u8], key: &PublicKey) -> Result<Statement, Reason> {
    assert_eq!(looks(commit), Looks::Candidate);
    let parsed = parse_commit(commit)?;
    assert_eq!(parsed.author, parsed.committer);
    Signature::parse(&parsed.armour, "git")?.verify(&payload(commit), key, false)?;
    parse_message(parsed.message)
}

#[test]
fn reads_what_git_signs_with_ssh_in_both_kinds_of_repository() {
    let public = std::str::from_utf8(fixture!("ed25519-256.pub")).unwrap();
    let key = PublicKey::Ssh(Box::new(SshKey::parse(public.trim()).unwrap()));
    let one = check(fixture!("git-sha1.commit"), &key).unwrap();
    let other = check(fixture!("git-sha256.commit"), &key).unwrap();
    assert_eq!(one, other);
    assert_eq!((one.step.as_str(), one.signer.as_str()), ("second-review", "li.si"));
}

#[cfg(feature = "openpgp")]
#[test]
fn reads_what_git_signs_with_gpg() {
    use crate::signature::OpenPgpKey;
    let text = |bytes: &'static [u8]| std::str::from_utf8(bytes).unwrap();
    let key = OpenPgpKey::parse(text(fixture!("gpg-rsa3072.asc")), text(fixture!("gpg-rsa3072.fpr")).trim());
    let key = PublicKey::OpenPgp(Box::new(key.unwrap()));
    assert!(check(fixture!("git-gpg.commit"), &key).is_ok());
}

#[test]
fn message_and_parser_agree() {
    let commit = parse_commit(fixture!("git-sha1.commit")).unwrap();
    let statement = parse_message(commit.message).unwrap();
    assert_eq!(message(&statement), commit.message);
}

#[test]
fn statement_ids_do_not_depend_on_the_signature() {
    let commit = fixture!("git-sha1.commit");
    let text = std::str::from_utf8(commit).unwrap();
    let start = text.find("gpgsig ").unwrap();
    let end = text.find("-----END SSH SIGNATURE-----\n").unwrap() + 28;
    let bare = [&commit[..start], &commit[end..]].concat();
    assert_eq!(payload(commit), bare);
    assert_eq!(statement_id(commit), statement_id(&bare));
    assert_ne!(statement_id(commit), statement_id(&[&bare[..], b"\n"].concat()));
}

#[test]
fn other_commits_are_silent() {
    let plain = b"tree x\n\nFix a typo\n\nSigned-off-by: A <a@b>\n";
    assert_eq!(looks(plain), Looks::Other);
    assert_eq!(looks(b"tree x\n\nSquash\n\n  APPROVAL-step: x\n\nend\n"), Looks::NotAStatement);
    assert_eq!(looks(b""), Looks::Other);
}

/// A first proof as `review/2`, as the author of the message writes it.
fn review_2() -> String {
    let commit = parse_commit(fixture!("git-sha1.commit")).unwrap();
    let mut statement = parse_message(commit.message).unwrap();
    "first-proof".clone_into(&mut statement.step);
    statement.report = Some(jiedu_base::name::Digest::of(b"report"));
    message(&statement)
}

#[test]
fn a_proof_step_may_name_its_report() {
    let text = review_2();
    let statement = parse_message(&text).unwrap();
    assert_eq!(statement.kind_name(), "review/2");
    assert_eq!(statement.report, Some(jiedu_base::name::Digest::of(b"report")));
    assert_eq!(message(&statement), text);
    // Lines that hooks add come after it.
    assert!(parse_message(&format!("{text}Signed-off-by: A <a@b>\n")).is_ok());
    for (from, to) in [("first-proof", "second-proof"), ("first-proof", "third-proof")] {
        assert!(parse_message(&text.replace(from, to)).is_ok());
    }
}

#[test]
fn a_report_anywhere_else_is_refused() {
    let text = review_2();
    let report = text.lines().last().unwrap().to_owned();
    let refused = |text: &str| parse_message(text).unwrap_err();
    // At a step that is no proofreading, whatever it is called.
    for step in ["first-review", "secrecy-review", "final-review", "gatekeeper", "fourth-proof", "submit"] {
        assert_eq!(refused(&text.replace("first-proof", step)), Reason::TrailerMalformed, "{step}");
    }
    // Before the signer, or at the head of the paragraph.
    let signer = text.lines().find(|line| line.starts_with("Approval-Signer")).unwrap();
    let swapped = text.replace(&format!("{signer}\n{report}\n"), &format!("{report}\n{signer}\n"));
    assert_eq!(refused(&swapped), Reason::TrailerMalformed);
    // Missing, twice, in the older form, in other kinds.
    assert_eq!(refused(&text.replace(&format!("{report}\n"), "")), Reason::TrailerMalformed);
    assert_eq!(refused(&format!("{text}{report}\n")), Reason::TrailerDuplicate);
    assert_eq!(refused(&text.replace("review/2", "review/1")), Reason::TrailerUnknown);
    assert_eq!(refused(&text.replace("review/2", "withdraw/1")), Reason::TrailerUnknown);
    assert_eq!(refused(&text.replace("review/2", "review/3")), Reason::TrailerUnknown);
    // Not a digest, other case of key or digest, an earlier `Signed-off-by`.
    for wrong in ["Approval-Report: sha256:00", "Approval-report: sha256:00", "Approval-Report: none"] {
        assert_eq!(refused(&text.replace(&report, wrong)), Reason::TrailerMalformed, "{wrong}");
    }
    let upper = report.to_uppercase().replace("APPROVAL-REPORT: SHA256", "Approval-Report: sha256");
    assert_eq!(refused(&text.replace(&report, &upper)), Reason::TrailerMalformed);
    let hooked = text.replace(&report, &format!("Signed-off-by: A <a@b>\n{report}"));
    assert_eq!(refused(&hooked), Reason::TrailerUnknown);
}

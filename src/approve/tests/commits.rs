//! Rows about the bytes of one statement.

use super::kit::*;
use crate::signature::sign_ssh;
use crate::statement::{message, statement_id};
use crate::{Carrier, Reason, Statement, StatementSource, StepState};

/// Makes the final review from its message and tells which code refuses it.
/// The rest of the chain is sound, so any other code is a failure of the test.
fn refused_as(make: impl Fn(&mut Office, &str, &Statement) -> Vec<u8>) -> Option<&'static str> {
    let mut office = Office::new();
    office.chain_with("final-review", |office, statement| {
        let text = message(&statement);
        let bytes = make(office, &text, &statement);
        office.add(bytes)
    });
    let (state, reason) = office.step("final-review");
    if state == StepState::Done {
        assert_eq!(office.verdict(), None);
        return None;
    }
    let errors = office.errors();
    let reason = reason.unwrap();
    assert!(errors.contains(reason), "{errors:?} lacks {reason}");
    assert_eq!(errors.len(), 1, "one reason only: {errors:?}");
    Some(reason)
}

/// Signs a changed message: the signature is good, the trailers are not.
fn message_refused_as(change: impl Fn(&str) -> String) -> Option<&'static str> {
    refused_as(|_, text, _| signed(&unsigned(&change(text)), "zhong.shen"))
}

/// Changes the finished commit.
fn bytes_refused_as(change: impl Fn(Vec<u8>) -> Vec<u8>) -> Option<&'static str> {
    refused_as(|_, text, _| change(signed(&unsigned(text), "zhong.shen")))
}

#[test]
fn row_03_unsigned() {
    assert_eq!(refused_as(|_, text, _| unsigned(text)), Some("UNSIGNED"));
}

#[test]
fn row_04_unknown_key() {
    assert_eq!(refused_as(|_, text, _| signed(&unsigned(text), "stranger")), Some("KEY_UNKNOWN"));
}

#[test]
fn row_10_signer_names_someone_else() {
    assert_eq!(refused_as(|_, text, _| signed(&unsigned(text), "fu.shen")), Some("SIGNER_MISMATCH"));
}

#[test]
fn row_21_duplicate_trailer() {
    let twice =
        |text: &str| text.replace("Approval-Decision", "Approval-Step: final-review\nApproval-Decision");
    assert_eq!(message_refused_as(twice), Some("TRAILER_DUPLICATE"));
}

#[test]
fn row_22_other_case_fold_and_form() {
    let changes: [fn(&str) -> String; 9] = [
        |text| text.replace("Approval-Step:", "approval-step:"),
        |text| text.replace("Approval-Decision", "approval-step: x\nApproval-Decision"),
        |text| text.replace("Approval-Decision: approve", "Approval-Decision: approve\n folded"),
        |text| text.replace("Approval-Step: ", "Approval-Step:  "),
        |text| text.replace("Approval-Step: ", "Approval-Step:"),
        |text| text.replace("Approval-Decision: approve", "Approval-Decision: ａpprove"),
        |text| text.replace("Approval-Revision: 1", "Approval-Revision: 01"),
        |text| text.replace("Approval-Set: 2025/a", "Approval-Set: 2025/a "),
        |text| format!("{text}\n"),
    ];
    for (index, change) in changes.into_iter().enumerate() {
        assert_eq!(message_refused_as(change), Some("TRAILER_MALFORMED"), "change {index}");
    }
}

#[test]
fn row_22_order_of_trailers_and_subject() {
    let swapped = |text: &str| {
        text.replace(
            "Approval-Step: final-review\nApproval-Decision: approve\n",
            "Approval-Decision: approve\nApproval-Step: final-review\n",
        )
    };
    assert_eq!(message_refused_as(swapped), Some("TRAILER_MALFORMED"));
    let headless = |text: &str| text.split_once("\n\n").unwrap().1.to_owned();
    assert_eq!(message_refused_as(headless), Some("TRAILER_MALFORMED"));
    let carriage =
        |text: &str| text.replace("Approval-Decision: approve\n", "Approval-Decision: approve\r\n");
    assert_eq!(message_refused_as(carriage), Some("TRAILER_MALFORMED"));
}

#[test]
fn row_23_unknown_trailer() {
    for line in ["Approval-Note: x", "Approval-Authors: fu.shen", "Reviewed-by: x"] {
        assert_eq!(message_refused_as(|text| format!("{text}{line}\n")), Some("TRAILER_UNKNOWN"), "{line}");
    }
    let before = |text: &str| text.replace("Approval-Signer", "Signed-off-by: A <a@b>\nApproval-Signer");
    assert_eq!(message_refused_as(before), Some("TRAILER_UNKNOWN"));
}

#[test]
fn hooks_may_add_their_lines_at_the_end() {
    let hooks = |text: &str| {
        format!(
            "{text}Signed-off-by: 李四 <li.si@office.example>\nChange-Id: I0123\nSigned-off-by: B <b@b>\n"
        )
    };
    assert_eq!(message_refused_as(hooks), None);
}

#[test]
fn unknown_wins_over_duplicate_and_malformed_over_unknown() {
    let both = |text: &str| {
        text.replace("Approval-Decision", "Approval-Step: x\nApproval-Note: x\nApproval-Decision")
    };
    assert_eq!(message_refused_as(both), Some("TRAILER_UNKNOWN"));
    let all = |text: &str| format!("{}x\n", both(text));
    assert_eq!(message_refused_as(all), Some("TRAILER_MALFORMED"));
}

#[test]
fn row_24_and_25_not_a_statement() {
    let changes: [fn(&str) -> String; 2] = [
        |text| format!("{text}\nOne more paragraph.\n"),
        |text| text.replace("\nApproval", "\n    Approval"),
    ];
    for change in changes {
        let mut office = Office::new();
        office.chain_with("final-review", |office, statement| {
            office.add(signed(&unsigned(&change(&message(&statement))), "zhong.shen"))
        });
        assert_eq!(office.step("final-review"), (StepState::Missing, Some("STEP_MISSING")));
        let findings = office.read().unwrap().findings;
        let hint = findings.iter().find(|finding| finding.code == "NOT_A_STATEMENT").unwrap();
        assert_eq!(hint.severity, jiedu_base::finding::Severity::Hint);
    }
}

#[test]
fn row_26_injected_by_rebase() {
    let rebased = |_: &mut Office, text: &str, _: &Statement| {
        let commit = replaced(
            &unsigned(text),
            &format!("committer Clerk <clerk@office.example> {NOON}"),
            &format!("committer Clerk <clerk@office.example> {}", NOON + 60),
        );
        signed(&commit, "zhong.shen")
    };
    assert_eq!(refused_as(rebased), Some("IDENT_MISMATCH"));
}

#[test]
fn row_27_injected_by_cherry_pick_or_amend() {
    let picked = |_: &mut Office, text: &str, _: &Statement| {
        signed(&replaced(&unsigned(text), "author Clerk", "author Attacker"), "zhong.shen")
    };
    assert_eq!(refused_as(picked), Some("IDENT_MISMATCH"));
}

#[test]
fn row_28_everyday_key() {
    let everyday = format!(
        "[[key]]\nperson = \"zhong.shen\"\nkind = \"ssh\"\npublic = \"{}\"\nuse = [\"commit\"]\n\n",
        key("everyday").public
    );
    let mut office = Office::with_roster(roster_1() + &everyday);
    office.chain_with("final-review", |office, statement| {
        office.add(signed(&unsigned(&message(&statement)), "everyday"))
    });
    assert_eq!(office.step("final-review"), (StepState::Invalid, Some("KEY_USE")));
    assert_eq!(office.verdict(), Some(Reason::KeyUse));
}

#[test]
fn row_29_and_30_merge() {
    for count in [1, 2] {
        let merged = |_: &mut Office, text: &str, _: &Statement| {
            let parents: String =
                ["\nparent ".to_owned() + &"0".repeat(40), "\nparent ".to_owned() + &"1".repeat(40)][..count]
                    .concat();
            signed(&replaced(&unsigned(text), "\nauthor", &format!("{parents}\nauthor")), "zhong.shen")
        };
        assert_eq!(refused_as(merged), Some("STATEMENT_IS_MERGE"));
    }
}

#[test]
fn row_32_statement_also_edits_files() {
    let edits = |_: &mut Office, text: &str, _: &Statement| {
        signed(&replaced(&unsigned(text), &"a".repeat(40), &"b".repeat(40)), "zhong.shen")
    };
    assert_eq!(refused_as(edits), Some("STATEMENT_NOT_EMPTY"));
    let rootless = |_: &mut Office, text: &str, _: &Statement| {
        signed(&replaced(&unsigned(text), &format!("parent {}\n", parent()), ""), "zhong.shen")
    };
    assert_eq!(refused_as(rootless), Some("STATEMENT_NOT_EMPTY"));
    let empty_root = |_: &mut Office, text: &str, _: &Statement| {
        let commit = replaced(&unsigned(text), &format!("parent {}\n", parent()), "");
        signed(&replaced(&commit, &"a".repeat(40), "4b825dc642cb6eb9a060e54bf8d69288fbee4904"), "zhong.shen")
    };
    assert_eq!(refused_as(empty_root), None);
}

#[test]
fn row_34_message_altered() {
    assert_eq!(bytes_refused_as(|bytes| replaced(&bytes, "终审", "经终审")), Some("SIG_BAD"));
}

#[test]
fn row_35_header_altered() {
    let renamed = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).unwrap();
        text.replace("Clerk <", "Cleric <").into_bytes()
    };
    assert_eq!(bytes_refused_as(renamed), Some("SIG_BAD"));
}

#[test]
fn row_36_nul_and_more() {
    assert_eq!(
        bytes_refused_as(|bytes| [bytes, b"\0Approval-Step: x".to_vec()].concat()),
        Some("COMMIT_NUL")
    );
}

/// The signature header as it stands in the commit.
fn signature_of(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let start = text.find("gpgsig ").unwrap();
    let end = text.find("-----END SSH SIGNATURE-----\n").unwrap() + "-----END SSH SIGNATURE-----\n".len();
    text.get(start..end).unwrap().to_owned()
}

#[test]
fn row_37_signature_moved_into_the_message() {
    let moved = |bytes: Vec<u8>| {
        let signature = signature_of(&bytes);
        [replaced(&bytes, &signature, ""), signature.into_bytes()].concat()
    };
    assert_eq!(bytes_refused_as(moved), Some("UNSIGNED"));
}

#[test]
fn row_38_trailer_hidden_by_a_prefix() {
    let hidden = |bytes: Vec<u8>| {
        let signature = signature_of(&bytes);
        let bytes = replaced(&bytes, &signature, "");
        let bytes =
            replaced(&bytes, "Approval-Decision", "gpgsigApproval-Decision: reject\nApproval-Decision");
        [bytes, signature.into_bytes()].concat()
    };
    assert_eq!(bytes_refused_as(hidden), Some("UNSIGNED"));
}

#[test]
fn row_39_unknown_header() {
    assert_eq!(bytes_refused_as(|bytes| insert(&bytes, "gpgsigfoo x\n")), Some("HEADER_UNKNOWN"));
    assert_eq!(
        bytes_refused_as(|bytes| replaced(&bytes, "gpgsig ", "gpgsigfoo x\ngpgsig ")),
        Some("HEADER_UNKNOWN")
    );
    assert_eq!(
        bytes_refused_as(|bytes| replaced(&bytes, "\nauthor", "\nnote x\nauthor")),
        Some("HEADER_UNKNOWN")
    );
}

#[test]
fn row_40_two_signatures() {
    assert_eq!(bytes_refused_as(|bytes| insert(&bytes, &signature_of(&bytes))), Some("SIG_MULTIPLE"));
}

#[test]
fn row_41_signature_under_the_other_name() {
    let other = |bytes: Vec<u8>| insert(&bytes, &signature_of(&bytes).replace("gpgsig ", "gpgsig-sha256 "));
    assert_eq!(bytes_refused_as(other), Some("HEADER_UNKNOWN"));
}

#[test]
fn row_42_sha256_repository() {
    let long = |text: &str| {
        let commit = String::from_utf8(unsigned(text)).unwrap();
        commit.replace(&"a".repeat(40), &"a".repeat(64)).replace(&parent(), &"1".repeat(64)).into_bytes()
    };
    let mut office = Office::new();
    office.chain_with("final-review", |office, statement| {
        let bytes = signed(&long(&message(&statement)), "zhong.shen");
        office.collect(replaced(&bytes, "gpgsig ", "gpgsig-sha256 "))
    });
    assert_eq!(office.verdict(), None, "a converted statement stays valid");
    assert_eq!(refused_as(|_, text, _| signed(&long(text), "zhong.shen")), Some("HEADER_UNKNOWN"));
}

#[test]
fn row_43_text_around_the_armour() {
    let after = |bytes: Vec<u8>| {
        replaced(&bytes, "-----END SSH SIGNATURE-----", "-----END SSH SIGNATURE-----\n more")
    };
    let before = |bytes: Vec<u8>| replaced(&bytes, "gpgsig -----BEGIN", "gpgsig text\n -----BEGIN");
    let carriage = |bytes: Vec<u8>| replaced(&bytes, "SSH SIGNATURE-----\n ", "SSH SIGNATURE-----\r\n ");
    for change in [after as fn(Vec<u8>) -> Vec<u8>, before, carriage] {
        assert_eq!(bytes_refused_as(change), Some("SIG_MALFORMED"));
    }
}

#[test]
fn row_44_namespace() {
    for namespace in ["file", "", "jiedu-release@1"] {
        let other = |_: &mut Office, text: &str, _: &Statement| {
            let payload = unsigned(text);
            with_armour(&payload, &sign_ssh(&key("zhong.shen").private, namespace, &payload).unwrap())
        };
        assert_eq!(refused_as(other), Some("SIG_NAMESPACE"), "{namespace}");
    }
}

/// Decodes the armour, changes the blob, armours it again.
fn with_blob(bytes: &[u8], change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    use base64ct::{Base64, Encoding};
    let signature = signature_of(bytes);
    let lines: Vec<&str> = signature.lines().map(str::trim).collect();
    let blob = Base64::decode_vec(&lines[1..lines.len() - 1].concat()).unwrap();
    let encoded = Base64::encode_string(&change(blob));
    replaced(
        bytes,
        &signature,
        &format!("gpgsig -----BEGIN SSH SIGNATURE-----\n {encoded}\n -----END SSH SIGNATURE-----\n"),
    )
}

fn substitute(blob: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = blob.windows(from.len()).position(|part| part == from).unwrap();
    [&blob[..at], to, &blob[at + from.len()..]].concat()
}

#[test]
fn row_45_reserved_version_hash_and_trailing_bytes() {
    let changes: [fn(Vec<u8>) -> Vec<u8>; 6] = [
        |blob| substitute(&blob, b"SSHSIG\0\0\0\x01", b"SSHSIG\0\0\0\0"),
        |blob| substitute(&blob, b"SSHSIG\0\0\0\x01", b"SSHSIG\0\0\0\x02"),
        |blob| substitute(&blob, b"git\0\0\0\0", b"git\0\0\0\x01x"),
        |blob| substitute(&blob, b"\0\0\0\x06sha512", b"\0\0\0\x04sha1"),
        |blob| [blob, vec![0]].concat(),
        |blob| blob[..blob.len() - 1].to_vec(),
    ];
    for (index, change) in changes.into_iter().enumerate() {
        assert_eq!(
            bytes_refused_as(|bytes| with_blob(&bytes, change)),
            Some("SIG_MALFORMED"),
            "change {index}"
        );
    }
}

#[test]
fn row_49_certificate_and_other_kinds() {
    let certificate = |blob: Vec<u8>| {
        let blob = substitute(&blob, b"\0\0\0\x0bssh-ed25519", b"\0\0\0\x20ssh-ed25519-cert-v01@openssh.com");
        substitute(&blob, b"\0\0\0\x33", b"\0\0\0\x48")
    };
    assert_eq!(bytes_refused_as(|bytes| with_blob(&bytes, certificate)), Some("SIG_ALGORITHM"));
}

#[test]
fn row_50_armour_wrapped_otherwise() {
    for width in [64, 76, 10_000] {
        let wrapped = |bytes: Vec<u8>| {
            let signature = signature_of(&bytes);
            let lines: Vec<&str> = signature.lines().map(str::trim).collect();
            let encoded = lines[1..lines.len() - 1].concat();
            let folded: Vec<String> = encoded
                .as_bytes()
                .chunks(width)
                .map(|part| format!(" {}\n", String::from_utf8_lossy(part)))
                .collect();
            let armour = format!(
                "gpgsig -----BEGIN SSH SIGNATURE-----\n{} -----END SSH SIGNATURE-----\n",
                folded.concat()
            );
            replaced(&bytes, &signature, &armour)
        };
        assert_eq!(bytes_refused_as(wrapped), None, "width {width}");
    }
}

#[test]
fn row_85_encoding_header() {
    let encoded = |_: &mut Office, text: &str, _: &Statement| {
        let payload = insert(&unsigned(text), "encoding GBK\n");
        signed(&payload, "zhong.shen")
    };
    assert_eq!(refused_as(encoded), Some("ENCODING_HEADER"));
}

#[test]
fn row_86_message_is_not_utf8() {
    let broken = |_: &mut Office, text: &str, _: &Statement| {
        let mut payload = unsigned(text);
        let at = payload.windows(2).position(|pair| pair == b"\n\n").unwrap() + 2;
        payload.splice(at..at, [0xfe, 0xff]);
        signed(&payload, "zhong.shen")
    };
    assert_eq!(refused_as(broken), Some("MESSAGE_ENCODING"));
}

#[test]
fn row_87_huge_message() {
    assert_eq!(
        message_refused_as(|text| format!("{}{text}", "x".repeat(8_000_000))),
        Some("STATEMENT_TOO_LARGE")
    );
}

#[test]
fn row_88_file_renamed_or_corrupted() {
    let mut office = Office::new();
    office.chain();
    office.git.is_reachable = false;
    let sources = std::mem::take(&mut office.sources);
    let put = |office: &mut Office, bytes: &[u8], name: String| {
        office.sources.push(StatementSource { bytes: bytes.into(), carrier: Carrier::File(name) });
    };
    for source in &sources {
        let name = format!("{}.commit", statement_id(&source.bytes).hex());
        put(&mut office, &source.bytes, name);
    }
    assert_eq!(office.verdict(), None);
    let last = sources.last().unwrap();
    let mut renamed = office.clone();
    renamed.sources.pop();
    put(&mut renamed, &last.bytes, format!("{}.commit", "0".repeat(64)));
    assert_eq!(renamed.verdict(), Some(Reason::StepMissing));
    assert!(renamed.errors().contains("EVIDENCE_ID"));
    let mut altered = office.clone();
    altered.sources.pop();
    let name = format!("{}.commit", statement_id(&last.bytes).hex());
    put(&mut altered, &replaced(&last.bytes, "三校", "二校"), name.clone());
    assert!(altered.errors().contains("EVIDENCE_ID"));
    let mut bad_signature = office.clone();
    bad_signature.sources.pop();
    let other = signed(&unsigned("other\n"), "san.jiao");
    let swapped = replaced(&last.bytes, &signature_of(&last.bytes), &signature_of(&other));
    put(&mut bad_signature, &swapped, name);
    assert_eq!(bad_signature.verdict(), Some(Reason::SigBad));
}

#[test]
fn a_bad_copy_cannot_block_a_good_one() {
    let mut office = Office::new();
    office.chain();
    let last = office.sources.last().unwrap().bytes.clone();
    let other = signed(&unsigned("other\n"), "san.jiao");
    let bad = replaced(&last, &signature_of(&last), &signature_of(&other));
    office.add(bad.clone());
    office.collect(bad);
    office.sources.rotate_right(2);
    assert_eq!(office.verdict(), None);
    assert!(office.errors().is_empty());
}

#[test]
fn site_is_judged_before_identity_and_identity_before_the_signature() {
    let both = |_: &mut Office, _: &str, statement: &Statement| {
        let text = message(&Statement { site: text("other"), ..statement.clone() });
        signed(&replaced(&unsigned(&text), "author Clerk", "author Attacker"), "stranger")
    };
    assert_eq!(refused_as(both), Some("SITE_MISMATCH"));
    let ident = |_: &mut Office, text: &str, _: &Statement| {
        replaced(&signed(&unsigned(text), "zhong.shen"), "author Clerk", "author Attacker")
    };
    assert_eq!(refused_as(ident), Some("IDENT_MISMATCH"));
}

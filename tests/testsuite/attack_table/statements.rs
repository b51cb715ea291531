//! Rows about the bytes of one statement (3, 4, 10, 21–30, 34–50, 85–87).

use base64ct::{Base64, Encoding as _};
use ed25519_dalek::Signer as _;
use jiedu::approve::statement::message;
use sha2::{Digest as _, Sha256, Sha512};

use super::forge::*;
use crate::project::{key, roster};

#[test]
fn unsigned_and_unknown_keys() {
    let by = |who: Option<&str>| {
        refused(&chain(drafted(), |p, draft| {
            let payload = payload(p, &message(draft));
            who.map_or_else(|| payload.clone().into_bytes(), |who| signed(&payload, who))
        }))
    };
    assert_eq!(by(Some(STEP.1)), None, "the forge itself is sound");
    assert_eq!(by(None), Some("UNSIGNED"));
    assert_eq!(by(Some("stranger")), Some("KEY_UNKNOWN"));
    assert_eq!(by(Some("second")), Some("SIGNER_MISMATCH"));
}

#[test]
fn trailers() {
    let decision = "Approval-Decision: approve\n";
    let put = |line: &'static str| move |text: &str| text.replace(decision, &format!("{line}{decision}"));
    for (change, code) in [
        (&put("Approval-Step: final-review\n") as &dyn Fn(&str) -> String, "TRAILER_DUPLICATE"),
        (&put("approval-step: final-review\n"), "TRAILER_MALFORMED"),
        (&put(" folded\n"), "TRAILER_MALFORMED"),
        (&put("Approval-Note: x\n"), "TRAILER_UNKNOWN"),
        (&|text: &str| format!("{text}Reviewed-by: x <x@y>\n"), "TRAILER_UNKNOWN"),
        (&|text: &str| text.replace(decision, ""), "TRAILER_MALFORMED"),
    ] {
        assert_eq!(message_refused(change), Some(code));
    }
    // An id that is none (a capital, a Cyrillic letter, a way out) names no set.
    for id in ["2025/A", "2025/а", "2025/../2025/a", "2025/a/b"] {
        let p = chain(drafted(), |p, draft| {
            let text = message(draft).replace("2025/a", id);
            signed(payload(p, &text), STEP.1)
        });
        assert_eq!(refused(&p), Some("STEP_MISSING"), "{id}");
        let findings = p.read().unwrap().statement_findings;
        assert!(findings.iter().any(|finding| finding.code == "TRAILER_MALFORMED"), "{id}: {findings:?}");
    }
    assert_eq!(message_refused(|text| format!("{text}Signed-off-by: A <a@b>\nChange-Id: I1\n")), None);
}

#[test]
fn what_only_looks_like_a_statement() {
    for change in [(|text: &str| format!("{text}\nOne more paragraph.\n")) as fn(&str) -> String, |text| {
        text.replace("\nApproval", "\n    Approval")
    }] {
        let p = chain(drafted(), |p, draft| signed(payload(p, &change(&message(draft))), STEP.1));
        assert_eq!(refused(&p), Some("STEP_MISSING"));
        let findings = p.read().unwrap().statement_findings;
        assert!(findings.iter().any(|finding| finding.code == "NOT_A_STATEMENT"), "{findings:?}");
    }
}

#[test]
fn injected_statements() {
    // Rebase and amend keep the author line and write another committer line.
    let rebased = |payload: String| {
        let (head, tail) = payload.split_once("\ncommitter ").unwrap();
        let (who, rest) = tail.split_once(" +0800").unwrap();
        let (name, time) = who.rsplit_once(' ').unwrap();
        let later = time.parse::<i64>().unwrap() + 30;
        format!("{head}\ncommitter {name} {later} +0800{rest}").into_bytes()
    };
    assert_eq!(payload_refused(rebased), Some("IDENT_MISMATCH"));
    let picked = |payload: String| swap(payload.as_bytes(), "author final", "author attacker");
    assert_eq!(payload_refused(picked), Some("IDENT_MISMATCH"));
}

#[test]
fn an_everyday_key() {
    let everyday = key("everyday").public_key().to_openssh().unwrap();
    let entry = format!(
        "\n[[key]]\nperson = \"final\"\nkind = \"ssh\"\npublic = \"{}\"\nuse = [\"commit\"]\n",
        everyday.trim_end()
    );
    let p = drafted_under(&(roster() + &entry));
    let p = chain(p, |p, draft| signed(payload(p, &message(draft)), "everyday"));
    assert_eq!(refused(&p), Some("KEY_USE"));
}

#[test]
fn merges() {
    for more in [1, 2] {
        let p = chain(drafted(), |p, draft| {
            let payload = payload(p, &message(draft));
            let first = String::from_utf8(p.raw(p.head())).unwrap();
            let parent = first.lines().find(|line| line.starts_with("parent ")).unwrap();
            let parents = format!("{parent}\n").repeat(more);
            signed(swap(payload.as_bytes(), "author ", &format!("{parents}author ")), STEP.1)
        });
        assert_eq!(refused(&p), Some("STATEMENT_IS_MERGE"));
    }
}

#[test]
fn altered_commits() {
    assert_eq!(bytes_refused(|bytes| swap(&bytes, "终审", "经终审")), Some("SIG_BAD"));
    let renamed = |bytes: Vec<u8>| {
        String::from_utf8(bytes).unwrap().replace("final <final@", "finai <final@").into_bytes()
    };
    assert_eq!(bytes_refused(renamed), Some("SIG_BAD"));
    let appended = |bytes: Vec<u8>| [bytes, b"\0Approval-Step: x".to_vec()].concat();
    assert_eq!(bytes_refused(appended), Some("COMMIT_NUL"));
}

#[test]
fn moved_and_hidden_signatures() {
    let moved = |bytes: Vec<u8>| {
        let signature = signature_of(&bytes);
        [swap(&bytes, &signature, ""), signature.into_bytes()].concat()
    };
    assert_eq!(bytes_refused(moved), Some("UNSIGNED"));
    let hidden = |bytes: Vec<u8>| {
        let signature = signature_of(&bytes);
        let bytes = swap(&bytes, &signature, "");
        let bytes = swap(&bytes, "Approval-Decision", "gpgsigApproval-Decision: reject\nApproval-Decision");
        [bytes, signature.into_bytes()].concat()
    };
    assert_eq!(bytes_refused(hidden), Some("UNSIGNED"));
}

#[test]
fn foreign_headers() {
    for change in [
        (|bytes: Vec<u8>| insert(&bytes, "gpgsigfoo x\n")) as fn(Vec<u8>) -> Vec<u8>,
        |bytes| swap(&bytes, "gpgsig ", "gpgsigfoo x\ngpgsig "),
        |bytes| insert(&bytes, &signature_of(&bytes).replace("gpgsig ", "gpgsig-sha256 ")),
        |bytes| insert(&bytes, "mergetag x\n"),
    ] {
        assert_eq!(bytes_refused(change), Some("HEADER_UNKNOWN"));
    }
    assert_eq!(bytes_refused(|bytes| insert(&bytes, &signature_of(&bytes))), Some("SIG_MULTIPLE"));
}

#[test]
fn text_around_the_armour() {
    const END: &str = "-----END SSH SIGNATURE-----";
    for change in [
        (|bytes: Vec<u8>| swap(&bytes, END, &format!("{END}\n more"))) as fn(Vec<u8>) -> Vec<u8>,
        |bytes| swap(&bytes, "gpgsig -----BEGIN", "gpgsig text\n -----BEGIN"),
        |bytes| swap(&bytes, "SSH SIGNATURE-----\n ", "SSH SIGNATURE-----\r\n "),
    ] {
        assert_eq!(bytes_refused(change), Some("SIG_MALFORMED"));
    }
}

#[test]
fn signatures_for_another_purpose() {
    for namespace in ["file", "jiedu-release@1"] {
        let p = chain(drafted(), |p, draft| {
            signed_for(payload(p, &message(draft)).as_bytes(), &key(STEP.1), namespace)
        });
        assert_eq!(refused(&p), Some("SIG_NAMESPACE"), "{namespace}");
    }
}

#[test]
fn malformed_signature_blobs() {
    for (at, change) in [
        (|blob: Vec<u8>| patched(&blob, b"SSHSIG\0\0\0\x01", b"SSHSIG\0\0\0\0")) as fn(Vec<u8>) -> Vec<u8>,
        |blob| patched(&blob, b"SSHSIG\0\0\0\x01", b"SSHSIG\0\0\0\x02"),
        |blob| patched(&blob, b"git\0\0\0\0", b"git\0\0\0\x01x"),
        |blob| patched(&blob, b"\0\0\0\x06sha512", b"\0\0\0\x04sha1"),
        |blob| [blob, vec![0]].concat(),
        |blob| blob[..blob.len() - 1].to_vec(),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(bytes_refused(|bytes| with_blob(&bytes, change)), Some("SIG_MALFORMED"), "{at}");
    }
}

#[test]
fn algorithms_that_are_not_accepted() {
    let certificate = |blob: Vec<u8>| {
        let blob = patched(&blob, b"\0\0\0\x0bssh-ed25519", b"\0\0\0\x20ssh-ed25519-cert-v01@openssh.com");
        patched(&blob, b"\0\0\0\x33", b"\0\0\0\x48")
    };
    assert_eq!(bytes_refused(|bytes| with_blob(&bytes, certificate)), Some("SIG_ALGORITHM"));
    // An RSA key that may sign, under SHA-1.
    let public = include_str!("../../fixtures/signatures/rsa-3072.pub");
    let line: Vec<&str> = public.split_whitespace().take(2).collect();
    let plain = key(STEP.1).public_key().to_openssh().unwrap();
    let p = drafted_under(&roster().replace(plain.trim_end(), &line.join(" ")));
    let p = chain(p, |p, draft| {
        let armour = include_str!("../../fixtures/signatures/rsa-3072.sshsig");
        let commit = with_armour(payload(p, &message(draft)).as_bytes(), armour);
        with_blob(&commit, |blob| {
            patched(&blob, b"\0\0\x01\x94\0\0\0\x0crsa-sha2-512", b"\0\0\x01\x8f\0\0\0\x07ssh-rsa")
        })
    });
    assert_eq!(refused(&p), Some("SIG_ALGORITHM"));
}

/// A commit signed by a security key whose flags are as given.
fn hardware(flags: u8) -> Option<&'static str> {
    const KIND: &[u8] = b"sk-ssh-ed25519@openssh.com";
    let put = |parts: &[&[u8]]| -> Vec<u8> {
        let framed = parts.iter().map(|part| {
            let length = u32::try_from(part.len()).unwrap().to_be_bytes();
            [&length[..], part].concat()
        });
        framed.collect::<Vec<_>>().concat()
    };
    let secret = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let public = put(&[KIND, &secret.verifying_key().to_bytes(), b"ssh:"]);
    let line = format!("sk-ssh-ed25519@openssh.com {}", Base64::encode_string(&public));
    let plain = key(STEP.1).public_key().to_openssh().unwrap();
    let p = drafted_under(&roster().replace(plain.trim_end(), &line));
    refused(&chain(p, |p, draft| {
        let payload = payload(p, &message(draft)).into_bytes();
        let data = [&b"SSHSIG"[..], &put(&[b"git", b"", b"sha512", &Sha512::digest(&payload)])].concat();
        let tail = [flags, 0, 0, 0, 7];
        let covered = [&Sha256::digest(b"ssh:")[..], &tail, &Sha256::digest(&data)].concat();
        let mut inner = put(&[KIND, &secret.sign(&covered).to_bytes()]);
        inner.extend_from_slice(&tail);
        let fields = put(&[&public, b"git", b"", b"sha512", &inner]);
        let blob = [&b"SSHSIG\0\0\0\x01"[..], &fields].concat();
        let armour = format!(
            "-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----",
            Base64::encode_string(&blob)
        );
        with_armour(&payload, &armour)
    }))
}

#[test]
fn an_untouched_hardware_key() {
    assert_eq!(hardware(0b001), None);
    assert_eq!(hardware(0b000), Some("SK_NO_TOUCH"));
    assert_eq!(hardware(0b100), Some("SK_NO_TOUCH"));
}

#[test]
fn armour_wrapped_otherwise_is_accepted() {
    for width in [64, 76, 10_000] {
        let wrapped = |bytes: Vec<u8>| {
            let signature = signature_of(&bytes);
            let lines: Vec<&str> = signature.lines().map(str::trim).collect();
            let encoded = lines[1..lines.len() - 1].concat();
            let chunks = encoded.as_bytes().chunks(width);
            let folded: String = chunks.map(|part| format!(" {}\n", String::from_utf8_lossy(part))).collect();
            let again =
                format!("gpgsig -----BEGIN SSH SIGNATURE-----\n{folded} -----END SSH SIGNATURE-----\n");
            swap(&bytes, &signature, &again)
        };
        assert_eq!(bytes_refused(wrapped), None, "width {width}");
    }
}

#[test]
fn encodings_and_sizes() {
    assert_eq!(payload_refused(|text| insert(text.as_bytes(), "encoding GBK\n")), Some("ENCODING_HEADER"));
    let latin = |text: String| {
        let at = text.find("\n\n").unwrap() + 2;
        let mut bytes = text.into_bytes();
        bytes.splice(at..at, [0xfe, 0xff]);
        bytes
    };
    assert_eq!(payload_refused(latin), Some("MESSAGE_ENCODING"));
    let huge = |text: &str| format!("{}{text}", "x".repeat(8_000_000));
    assert_eq!(message_refused(huge), Some("STATEMENT_TOO_LARGE"));
}

//! Signatures: what is accepted, and that nothing else is.

use base64ct::{Base64, Encoding};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use super::wire::put_string;
use super::*;

fn pair(seed: u8) -> KeyPair {
    key_pair(&[seed; 32], "test").unwrap()
}

#[test]
fn signs_and_verifies_for_one_purpose_and_key() {
    let key = pair(1);
    assert_eq!(public_of(&key.private).unwrap(), key.public);
    let armour = sign_ssh(&key.private, "git", b"text").unwrap();
    assert_eq!(verify_ssh("git", b"text", &armour, &key.public), Ok(()));
    assert_eq!(verify_ssh("git", b"texu", &armour, &key.public), Err(Reason::SigBad));
    assert_eq!(verify_ssh("file", b"text", &armour, &key.public), Err(Reason::SigNamespace));
    assert_eq!(verify_ssh("git", b"text", &armour, &pair(2).public), Err(Reason::KeyUnknown));
    assert!(!format!("{key:?}").contains("PRIVATE"));
}

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../tests/fixtures/signatures/", $name))
    };
}

const PAYLOAD: &[u8] = include_bytes!("../../../tests/fixtures/signatures/payload.txt");

fn check(armour: &str, public: &str) -> Result<(), Reason> {
    let altered = [PAYLOAD, b" "].concat();
    let key = public.trim();
    let verdict = verify_ssh("git", PAYLOAD, armour, key);
    assert!(verify_ssh("git", &altered, armour, key).is_err());
    verdict
}

#[test]
fn accepts_what_ssh_keygen_makes_with_every_kind_of_key() {
    for (armour, public) in [
        (fixture!("ed25519-256.sshsig"), fixture!("ed25519-256.pub")),
        (fixture!("ecdsa-256.sshsig"), fixture!("ecdsa-256.pub")),
        (fixture!("ecdsa-384.sshsig"), fixture!("ecdsa-384.pub")),
        (fixture!("ecdsa-521.sshsig"), fixture!("ecdsa-521.pub")),
        (fixture!("rsa-3072.sshsig"), fixture!("rsa-3072.pub")),
        (fixture!("rsa-2048.sshsig"), fixture!("rsa-2048.pub")),
    ] {
        assert_eq!(check(armour, public), Ok(()), "{public}");
    }
}

#[test]
fn row_46_weak_rsa() {
    assert_eq!(check(fixture!("rsa-1024.sshsig"), fixture!("rsa-1024.pub")), Err(Reason::KeyWeak));
    let strength =
        |public: &str, allow| SshKey::parse(public.trim()).unwrap().material().check_strength(allow);
    assert_eq!(strength(fixture!("rsa-3072.pub"), false), Ok(()));
    assert_eq!(strength(fixture!("rsa-2048.pub"), false), Err(Reason::KeyWeak));
    assert_eq!(strength(fixture!("rsa-2048.pub"), true), Ok(()));
}

#[test]
fn row_46_rsa_with_sha1() {
    let blob = blob_of(fixture!("rsa-3072.sshsig"));
    let at = blob.windows(12).rposition(|part| part == b"rsa-sha2-512").unwrap();
    let mut weak = blob[..at - 8].to_vec();
    let mut inner = Vec::new();
    put_string(&mut inner, b"ssh-rsa");
    inner.extend_from_slice(&blob[at + 12..]);
    put_string(&mut weak, &inner);
    assert_eq!(check(&armour::armour_ssh(&weak), fixture!("rsa-3072.pub")), Err(Reason::SigAlgorithm));
}

fn blob_of(armour: &str) -> Vec<u8> {
    let lines: Vec<&str> = armour.lines().collect();
    Base64::decode_vec(&lines[1..lines.len() - 1].concat()).unwrap()
}

/// A hardware signature as a security key would make it: key line and armour.
fn hardware(
    kind: &str,
    key_fields: &[&[u8]],
    flags: u8,
    sign: impl Fn(&[u8]) -> Vec<u8>,
) -> (String, String) {
    let mut key = Vec::new();
    put_string(&mut key, kind.as_bytes());
    for field in key_fields {
        put_string(&mut key, field);
    }
    put_string(&mut key, b"ssh:");
    let tail = [flags, 0, 0, 0, 7];
    let data = ssh::signed_data(b"git", ssh_key::HashAlg::Sha512, PAYLOAD);
    let covered = [Sha256::digest(b"ssh:").to_vec(), tail.to_vec(), Sha256::digest(data).to_vec()].concat();
    let mut inner = Vec::new();
    put_string(&mut inner, kind.as_bytes());
    put_string(&mut inner, &sign(&covered));
    inner.extend_from_slice(&tail);
    let mut blob = b"SSHSIG\0\0\0\x01".to_vec();
    for part in [&key[..], b"git", b"", b"sha512", &inner] {
        put_string(&mut blob, part);
    }
    (format!("{kind} {}", Base64::encode_string(&key)), armour::armour_ssh(&blob))
}

fn hardware_ed25519(flags: u8) -> (String, String) {
    use ed25519_dalek::Signer as _;
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let public = key.verifying_key().to_bytes();
    hardware("sk-ssh-ed25519@openssh.com", &[&public], flags, |bytes| key.sign(bytes).to_bytes().to_vec())
}

fn hardware_ecdsa(flags: u8) -> (String, String) {
    use ed25519_dalek::Signer as _;
    let key = ssh_key::PrivateKey::from_openssh(fixture!("ecdsa-256.key")).unwrap();
    let point = key.public_key().key_data().ecdsa().unwrap().as_sec1_bytes().to_vec();
    let sign = |bytes: &[u8]| {
        let signature: ssh_key::Signature = key.try_sign(bytes).unwrap();
        signature.as_bytes().to_vec()
    };
    hardware("sk-ecdsa-sha2-nistp256@openssh.com", &[b"nistp256", &point], flags, sign)
}

#[test]
fn row_48_hardware_key_must_be_touched() {
    for make in [hardware_ed25519, hardware_ecdsa] {
        let verdict = |flags, pin| {
            let (key, armour) = make(flags);
            let key = PublicKey::Ssh(Box::new(SshKey::parse(&key).unwrap()));
            Signature::parse(&armour, "git").unwrap().verify(PAYLOAD, &key, pin)
        };
        assert_eq!(verdict(0b001, false), Ok(()));
        assert_eq!(verdict(0b000, false), Err(Reason::SkNoTouch));
        assert_eq!(verdict(0b100, false), Err(Reason::SkNoTouch));
        assert_eq!(verdict(0b001, true), Err(Reason::SkNoTouch), "PIN demanded");
        assert_eq!(verdict(0b101, true), Ok(()));
        let (key, armour) = make(1);
        assert_eq!(verify_ssh("git", b"other", &armour, &key), Err(Reason::SigBad));
    }
}

#[test]
fn small_order_key_is_weak_whatever_it_signs() {
    let mut point = [0; 32];
    point[0] = 1;
    assert_eq!(Material::Ed25519(point).check_strength(false), Err(Reason::KeyWeak));
}

#[test]
fn base64_is_canonical() {
    for bad in ["AB==", "AAB=", "AA=", "AA", "A A=", "AA==AA=="] {
        assert!(Base64::decode_vec(bad).is_err(), "{bad}");
    }
}

#[test]
fn key_lines_are_strict() {
    let line = pair(1).public;
    assert!(SshKey::parse(&line).is_ok());
    for bad in [
        format!("{line} comment"),
        format!(" {line}"),
        line.replace("ssh-ed25519 ", "ssh-rsa "),
        String::new(),
    ] {
        assert!(SshKey::parse(&bad).is_err(), "{bad}");
    }
}

#[cfg(feature = "openpgp")]
mod openpgp_signatures {
    use super::*;

    fn key(certificate: &str, fingerprint: &str) -> Result<PublicKey, Reason> {
        OpenPgpKey::parse(certificate, fingerprint.trim()).map(|key| PublicKey::OpenPgp(Box::new(key)))
    }

    fn verdict(armour: &str, key: &PublicKey, bytes: &[u8]) -> Result<(), Reason> {
        Signature::parse(armour, "git")?.verify(bytes, key, false)
    }

    #[test]
    fn accepts_what_gpg_makes() {
        for (certificate, fingerprint, armour) in [
            (fixture!("gpg-ed25519.asc"), fixture!("gpg-ed25519.fpr"), fixture!("gpg-ed25519.sig")),
            (fixture!("gpg-nistp256.asc"), fixture!("gpg-nistp256.fpr"), fixture!("gpg-nistp256.sig")),
            (fixture!("gpg-rsa3072.asc"), fixture!("gpg-rsa3072.fpr"), fixture!("gpg-rsa3072.sig")),
            (fixture!("gpg-subkey.asc"), fixture!("gpg-subkey.fpr"), fixture!("gpg-subkey.sig")),
        ] {
            let key = key(certificate, fingerprint).unwrap();
            assert_eq!(key.material().check_strength(false), Ok(()));
            assert_eq!(verdict(armour, &key, PAYLOAD), Ok(()), "{fingerprint}");
            assert_eq!(verdict(armour, &key, b"other"), Err(Reason::SigBad));
        }
    }

    #[test]
    fn row_51_and_52_what_gpg_or_libraries_would_take() {
        for (armour, reason) in [
            (fixture!("gpg-bad-two.sig"), Reason::SigMultiple),
            (fixture!("gpg-bad-trailing.sig"), Reason::SigMalformed),
            (fixture!("gpg-bad-sha1.sig"), Reason::SigAlgorithm),
            (fixture!("gpg-bad-text.sig"), Reason::SigMalformed),
            (fixture!("gpg-bad-notation.sig"), Reason::SigMalformed),
            (fixture!("gpg-bad-expiry.sig"), Reason::SigMalformed),
        ] {
            assert_eq!(Signature::parse(armour, "git").err(), Some(reason), "{armour}");
        }
    }

    #[test]
    fn row_53_other_key_of_a_listed_certificate() {
        let primary = key(fixture!("gpg-subkey.asc"), fixture!("gpg-ed25519.fpr")).unwrap();
        assert_eq!(verdict(fixture!("gpg-subkey.sig"), &primary, PAYLOAD), Err(Reason::KeyUnknown));
    }

    #[test]
    fn revoked_and_weak_certificates_are_not_imported() {
        assert!(key(fixture!("gpg-revoked.asc"), fixture!("gpg-rsa2048.fpr")).is_err());
        let weak = key(fixture!("gpg-rsa2048.asc"), fixture!("gpg-rsa2048.fpr")).unwrap();
        assert_eq!(weak.material().check_strength(false), Err(Reason::KeyWeak));
        assert!(key(fixture!("gpg-ed25519.asc"), fixture!("gpg-rsa3072.fpr")).is_err());
    }

    #[test]
    fn the_same_key_in_both_containers_is_one_key() {
        let key = key(fixture!("gpg-ed25519.asc"), fixture!("gpg-ed25519.fpr")).unwrap();
        let Material::Ed25519(bytes) = key.material() else { panic!("not Ed25519") };
        let mut blob = Vec::new();
        put_string(&mut blob, b"ssh-ed25519");
        put_string(&mut blob, bytes);
        assert_eq!(SshKey::from_blob(&blob).unwrap().material(), key.material());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_flipped_bit_of_the_blob_is_accepted(at in 0_usize..1_000_000, bit in 0_u8..8) {
        for (armour, public) in [
            (fixture!("ed25519-256.sshsig"), fixture!("ed25519-256.pub")),
            (fixture!("ecdsa-256.sshsig"), fixture!("ecdsa-256.pub")),
        ] {
            let mut blob = blob_of(armour);
            let at = at % blob.len();
            blob[at] ^= 1 << bit;
            prop_assert!(verify_ssh("git", PAYLOAD, &armour::armour_ssh(&blob), public.trim()).is_err());
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC*", bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Signature::parse(&text, "git");
        let _ = SshKey::parse(&text);
        let _ = SshKey::from_blob(&bytes);
        let encoded = Base64::encode_string(&bytes);
        let _ = Signature::parse(&armour::armour_ssh(&bytes), "git");
        let pgp = format!("-----BEGIN PGP SIGNATURE-----\n\n{encoded}\n-----END PGP SIGNATURE-----");
        let _ = Signature::parse(&pgp, "git");
    }
}

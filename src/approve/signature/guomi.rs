//! SM2 signatures with SM3 (GB/T 32918.2, GB/T 32905), and the roster's keys
//! for them.
//!
//! Signatures that OpenSSL 3 makes (`openssl dgst -sm3 -sign`, `pkeyutl`) verify
//! here and one changed byte of key, text or signature does not; tests have such
//! vectors and, where OpenSSL is installed, make new ones. Git carries them in
//! CMS (`cms.rs`).

use sm2::dsa::signature::Verifier as _;
use sm2::dsa::{Signature, VerifyingKey};
use sm3::Digest as _;

use super::cms::{self, CmsSignature};
use super::{Material, Reason};

/// The identity that signers use where none is agreed (GM/T 0009).
const IDENTITY: &str = "1234567812345678";

/// `SubjectPublicKeyInfo` of a key on the SM2 curve up to the point: one
/// spelling, so that one key is one text.
const PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81,
    0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00,
];

/// Length of an uncompressed point.
const POINT: usize = 65;

/// A public key of the roster (`kind = "x509-sm2"`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sm2Key {
    /// DER `SubjectPublicKeyInfo`.
    spki: Vec<u8>,
    material: Material,
}

impl Sm2Key {
    /// Reads a public key as `openssl pkey -pubout` writes it: PEM, or its
    /// Base64 alone.
    ///
    /// # Errors
    /// `SIG_ALGORITHM` for anything but an uncompressed point on the SM2 curve.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let spki = cms::public_key(text)?;
        let point = point(&spki)?;
        VerifyingKey::from_sec1_bytes(IDENTITY, point).map_err(|_| Reason::SigAlgorithm)?;
        let material = Material::Sm2(point.to_vec());
        Ok(Self { spki, material })
    }

    /// SHA-256 of the DER key, in lower-case hex.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        cms::fingerprint(&self.spki)
    }

    pub(crate) fn material(&self) -> &Material {
        &self.material
    }

    /// Verifies a signature over bytes: over them, or over attributes that
    /// hold their digest.
    pub(super) fn verify(&self, signature: &CmsSignature, bytes: &[u8]) -> Result<(), Reason> {
        if signature.fingerprint != self.fingerprint() {
            return Err(Reason::KeyUnknown);
        }
        match &signature.attributes {
            None => verify_sm2(&self.spki, bytes, &signature.signature),
            Some((signed, digest)) if sm3::Sm3::digest(bytes).as_slice() == digest.as_slice() => {
                verify_sm2(&self.spki, signed, &signature.signature)
            }
            Some(_) => Err(Reason::SigBad),
        }
    }
}

/// Checks an SM2 signature over bytes, with the usual identity.
///
/// `public` is the key as DER `SubjectPublicKeyInfo` with an uncompressed
/// point, `signature` the DER pair of numbers.
///
/// # Errors
/// `SIG_ALGORITHM` for a key that is none of SM2, `SIG_MALFORMED` for a
/// signature in another form, `SIG_BAD` when it does not fit.
pub fn verify_sm2(public: &[u8], payload: &[u8], signature: &[u8]) -> Result<(), Reason> {
    let key = VerifyingKey::from_sec1_bytes(IDENTITY, point(public)?).map_err(|_| Reason::SigAlgorithm)?;
    let signature = Signature::from_der(signature).map_err(|_| Reason::SigMalformed)?;
    key.verify(payload, &signature).map_err(|_| Reason::SigBad)
}

/// The point of a key. Only the uncompressed form is read: the curve's library
/// also takes shorter ones, and a key with two spellings could be listed for two
/// persons.
fn point(spki: &[u8]) -> Result<&[u8], Reason> {
    let point = spki.strip_prefix(&PREFIX).filter(|point| point.len() == POINT && point.first() == Some(&4));
    point.ok_or(Reason::SigAlgorithm)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const PAYLOAD: &[u8] = include_bytes!("../../../tests/fixtures/signatures/sm2.payload");
    const PUBLIC: &[u8] = include_bytes!("../../../tests/fixtures/signatures/sm2.pub.der");
    const VECTORS: [&[u8]; 2] = [
        include_bytes!("../../../tests/fixtures/signatures/sm2-pkeyutl.sig"),
        include_bytes!("../../../tests/fixtures/signatures/sm2-dgst.sig"),
    ];

    #[test]
    fn what_openssl_signed_verifies() {
        for signature in VECTORS {
            assert_eq!(verify_sm2(PUBLIC, PAYLOAD, signature), Ok(()));
            assert_eq!(verify_sm2(PUBLIC, b"another text", signature), Err(Reason::SigBad));
        }
    }

    #[test]
    fn no_flipped_bit_is_accepted() {
        let flipped = |bytes: &[u8], at: usize| {
            let mut bytes = bytes.to_vec();
            bytes[at / 8] ^= 1 << (at % 8);
            bytes
        };
        for at in 0..VECTORS[0].len() * 8 {
            assert!(verify_sm2(PUBLIC, PAYLOAD, &flipped(VECTORS[0], at)).is_err(), "signature, bit {at}");
        }
        for at in 0..PUBLIC.len() * 8 {
            assert!(verify_sm2(&flipped(PUBLIC, at), PAYLOAD, VECTORS[0]).is_err(), "key, bit {at}");
        }
        for at in 0..PAYLOAD.len() * 8 {
            assert!(verify_sm2(PUBLIC, &flipped(PAYLOAD, at), VECTORS[0]).is_err(), "text, bit {at}");
        }
        for cut in 0..VECTORS[0].len() {
            assert_eq!(verify_sm2(PUBLIC, PAYLOAD, &VECTORS[0][..cut]), Err(Reason::SigMalformed));
        }
        assert_eq!(verify_sm2(&[], PAYLOAD, VECTORS[0]), Err(Reason::SigAlgorithm));
    }

    /// Fresh keys and signatures; skipped where OpenSSL is absent or has no SM2.
    #[test]
    #[allow(clippy::print_stderr, reason = "a skipped test says why")]
    fn openssl_and_we_agree_on_fresh_keys() {
        let home = tempfile::tempdir().unwrap();
        let openssl = |args: &[&str]| {
            let run = Command::new("openssl").current_dir(home.path()).args(args).output();
            run.is_ok_and(|run| run.status.success())
        };
        if !openssl(&["ecparam", "-genkey", "-name", "SM2", "-noout", "-out", "key"]) {
            eprintln!("skipped: needs an openssl with SM2");
            return;
        }
        let identity = "distid:1234567812345678";
        for round in 0..8 {
            assert!(openssl(&["ecparam", "-genkey", "-name", "SM2", "-noout", "-out", "key"]));
            assert!(openssl(&["pkey", "-in", "key", "-pubout", "-outform", "DER", "-out", "pub"]));
            std::fs::write(home.path().join("text"), "文".repeat(round * 31)).unwrap();
            assert!(openssl(&["dgst", "-sm3", "-sign", "key", "-sigopt", identity, "-out", "sig", "text"]));
            let read = |name: &str| std::fs::read(home.path().join(name)).unwrap();
            assert_eq!(verify_sm2(&read("pub"), &read("text"), &read("sig")), Ok(()));
            assert_eq!(verify_sm2(&read("pub"), b"x", &read("sig")), Err(Reason::SigBad));
        }
    }
}

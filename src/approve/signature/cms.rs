//! The one form of CMS `SignedData` (RFC 5652, GM/T 0010) in which git's
//! `gpg.format = x509` carries an SM2 signature.
//!
//! A strict reader of DER: one signer, SM3 and SM2, no content inside, nothing
//! after, nothing that is not looked at. The signer is named in one of two
//! ways: by a `subjectKeyIdentifier` that is the SHA-256 of the public key, or
//! by issuer and number together with its one certificate. Certificates prove
//! nothing here: the roster pins the public key itself, and a certificate only
//! says which one is meant.

use base64ct::{Base64, Encoding as _};
use der::asn1::AnyRef;
use der::{Decode as _, Reader as _, SliceReader};
use sha2::{Digest as _, Sha256};

use super::Reason;

/// Longest CMS structure, in bytes: a signature with one certificate is about
/// a thousand.
const LIMIT: usize = 8 * 1024;
/// Shortest that could hold a signature.
const LEAST: usize = 120;
/// Most attributes that are signed.
const ATTRIBUTES: usize = 8;

pub(super) const MARKS: [&str; 2] = ["-----BEGIN SIGNED MESSAGE-----", "-----END SIGNED MESSAGE-----"];

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OID: u8 = 0x06;
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const NULL: u8 = 0x05;
/// `[0]`, constructed and primitive.
const INNER: u8 = 0xa0;
const KEY_ID: u8 = 0x80;

/// `signedData` and `data`: PKCS #7, and the same of GM/T 0010.
const CONTENT: [[&[u8]; 2]; 2] = [
    [
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02],
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01],
    ],
    [
        &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02, 0x02],
        &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02, 0x01],
    ],
];
/// 1.2.156.10197.1.401.
const SM3: &[u8] = &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x11];
/// SM2 with SM3 (1.2.156.10197.1.501), and SM2 for signing alone (…301.1).
const SM2: [&[u8]; 2] = [
    &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75],
    &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x01],
];
/// contentType, messageDigest, signingTime, smimeCapabilities (PKCS #9).
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
const HARMLESS: [&[u8]; 2] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0f],
];

/// A well-formed signature that is not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CmsSignature {
    /// SHA-256 of the signer's public key, in hex.
    pub(super) fingerprint: String,
    /// The attributes that are signed instead of the text, as the bytes that
    /// were signed, with the SM3 digest of the text in them.
    pub(super) attributes: Option<(Vec<u8>, Vec<u8>)>,
    /// The pair of numbers, DER.
    pub(super) signature: Vec<u8>,
}

/// Who signed, as the signer info says.
enum Signer<'a> {
    Key(&'a [u8]),
    Certificate(&'a [u8]),
}

/// The name of a public key: SHA-256 of its `SubjectPublicKeyInfo`, in hex.
pub(super) fn fingerprint(spki: &[u8]) -> String {
    Sha256::digest(spki).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl CmsSignature {
    /// Reads an armoured signature.
    pub fn parse(armour: &str) -> Result<Self, Reason> {
        let bytes = super::armour::decode(&super::armour::body(armour, MARKS)?)?;
        Self::read(&bytes)
    }

    /// Reads the DER bytes.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Reason> {
        if !(LEAST..=LIMIT).contains(&bytes.len()) {
            return Err(Reason::SigMalformed);
        }
        let mut outer = Fields::only(bytes, SEQUENCE)?;
        let kind = outer.take(OID)?;
        let content = CONTENT.iter().find(|[signed, _]| *signed == kind).ok_or(Reason::SigAlgorithm)?;
        let mut data = Fields::only(outer.take(INNER)?, SEQUENCE)?;
        outer.finish()?;
        let version = data.take(INTEGER)?;
        algorithm(Fields::of(data.take(SET)?)?, &[SM3])?;
        let mut inside = Fields::of(data.take(SEQUENCE)?)?;
        if inside.take(OID)? != content[1] {
            return Err(Reason::SigMalformed);
        }
        // Nothing may stand in the signature but the signature.
        inside.finish()?;
        let certificates = data.take_if(INNER)?;
        let mut signers = Fields::of(data.take(SET)?)?;
        data.finish()?;
        let signer = signers.take(SEQUENCE)?;
        if !signers.is_empty() {
            return Err(Reason::SigMultiple);
        }
        Self::signer(signer, version, certificates, content[1])
    }

    fn signer(
        bytes: &[u8],
        version: &[u8],
        certificates: Option<&[u8]>,
        content: &[u8],
    ) -> Result<Self, Reason> {
        let mut info = Fields::of(bytes)?;
        let own = info.take(INTEGER)?;
        let signer = match info.take_if(KEY_ID)? {
            Some(key) => Signer::Key(key),
            None => Signer::Certificate(info.take(SEQUENCE)?),
        };
        // Version 3 names the key, version 1 a certificate, throughout.
        let wanted: &[u8] = if matches!(signer, Signer::Key(_)) { &[3] } else { &[1] };
        if own != wanted || version != wanted {
            return Err(Reason::SigMalformed);
        }
        algorithm(info.take_whole(SEQUENCE)?, &[SM3])?;
        let attributes = info.take_if(INNER)?.map(|bytes| attributes(bytes, content)).transpose()?;
        algorithm(info.take_whole(SEQUENCE)?, &SM2)?;
        let signature = info.take(OCTETS)?.to_vec();
        info.finish()?;
        let fingerprint = match (signer, certificates) {
            (Signer::Key(key), None) if key.len() == 32 => {
                key.iter().map(|byte| format!("{byte:02x}")).collect()
            }
            (Signer::Certificate(named), Some(one)) => fingerprint(certified(one, named)?),
            _ => return Err(Reason::SigMalformed),
        };
        Ok(Self { fingerprint, attributes, signature })
    }
}

/// One algorithm, with no parameters or NULL.
fn algorithm(mut fields: Fields<'_>, known: &[&[u8]]) -> Result<(), Reason> {
    let mut algorithm = Fields::of(fields.take(SEQUENCE)?)?;
    fields.finish()?;
    let name = algorithm.take(OID)?;
    let empty = algorithm.take_if(NULL)?.is_none_or(<[u8]>::is_empty);
    algorithm.finish()?;
    match (known.contains(&name), empty) {
        (true, true) => Ok(()),
        (true, false) => Err(Reason::SigMalformed),
        (false, _) => Err(Reason::SigAlgorithm),
    }
}

/// The attributes as they were signed (a SET), and the digest in them.
fn attributes(bytes: &[u8], content: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Reason> {
    let mut fields = Fields::of(bytes)?;
    let (mut seen, mut kind, mut digest) = (Vec::new(), None, None);
    while !fields.is_empty() {
        let mut attribute = Fields::of(fields.take(SEQUENCE)?)?;
        let name = attribute.take(OID)?;
        let mut values = Fields::of(attribute.take(SET)?)?;
        attribute.finish()?;
        if seen.contains(&name) || seen.len() >= ATTRIBUTES {
            return Err(Reason::SigMalformed);
        }
        seen.push(name);
        match name {
            CONTENT_TYPE => kind = Some(values.take(OID)?),
            MESSAGE_DIGEST => digest = Some(values.take(OCTETS)?),
            _ if HARMLESS.contains(&name) => {
                values.any()?;
            }
            _ => return Err(Reason::SigMalformed),
        }
        values.finish()?;
    }
    let digest = digest.filter(|digest| digest.len() == 32 && kind == Some(content));
    let digest = digest.ok_or(Reason::SigMalformed)?.to_vec();
    Ok((tlv(SET, bytes)?, digest))
}

/// The public key in the one certificate, which must be the one that is named.
fn certified<'a>(certificates: &'a [u8], named: &[u8]) -> Result<&'a [u8], Reason> {
    let mut list = Fields::of(certificates)?;
    let mut certificate = Fields::of(list.take(SEQUENCE)?)?;
    if !list.is_empty() {
        return Err(Reason::SigMultiple);
    }
    let mut body = Fields::of(certificate.take(SEQUENCE)?)?;
    body.take_if(INNER)?;
    let number = body.whole(INTEGER)?;
    body.take(SEQUENCE)?;
    let issuer = body.whole(SEQUENCE)?;
    body.take(SEQUENCE)?;
    body.take(SEQUENCE)?;
    let key = body.whole(SEQUENCE)?;
    if [issuer, number].concat() == named { Ok(key) } else { Err(Reason::SigMalformed) }
}

/// Writes a value with its tag.
fn tlv(tag: u8, value: &[u8]) -> Result<Vec<u8>, Reason> {
    let length = match u16::try_from(value.len()).map_err(|_| Reason::SigMalformed)? {
        short @ 0..=0x7f => vec![short.to_be_bytes()[1]],
        middle @ 0x80..=0xff => vec![0x81, middle.to_be_bytes()[1]],
        long => [&[0x82][..], &long.to_be_bytes()].concat(),
    };
    Ok([&[tag][..], &length, value].concat())
}

/// The base64 of a key, with or without the marks of PEM.
pub(super) fn public_key(text: &str) -> Result<Vec<u8>, Reason> {
    let text = text.trim();
    let bare = text
        .strip_prefix("-----BEGIN PUBLIC KEY-----")
        .and_then(|rest| rest.strip_suffix("-----END PUBLIC KEY-----"))
        .unwrap_or(text);
    let joined: String = bare.split_ascii_whitespace().collect();
    Base64::decode_vec(&joined).map_err(|_| Reason::SigAlgorithm)
}

/// What is left to read of a structure.
struct Fields<'a>(SliceReader<'a>);

impl<'a> Fields<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self, Reason> {
        SliceReader::new(bytes).map(Self).map_err(|_| Reason::SigMalformed)
    }

    /// The fields of the one value that the bytes are.
    fn only(bytes: &'a [u8], tag: u8) -> Result<Self, Reason> {
        let mut outer = Self::of(bytes)?;
        let value = outer.take(tag)?;
        outer.finish()?;
        Self::of(value)
    }

    fn is_empty(&self) -> bool {
        self.0.is_finished()
    }

    /// The value of the next field, which must have this tag.
    fn take(&mut self, tag: u8) -> Result<&'a [u8], Reason> {
        if self.0.peek_byte() == Some(tag) { self.any() } else { Err(Reason::SigMalformed) }
    }

    fn take_if(&mut self, tag: u8) -> Result<Option<&'a [u8]>, Reason> {
        if self.0.peek_byte() == Some(tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// The next field with tag and length.
    fn whole(&mut self, tag: u8) -> Result<&'a [u8], Reason> {
        if self.0.peek_byte() != Some(tag) {
            return Err(Reason::SigMalformed);
        }
        self.0.tlv_bytes().map_err(|_| Reason::SigMalformed)
    }

    fn take_whole(&mut self, tag: u8) -> Result<Self, Reason> {
        Self::of(self.whole(tag)?)
    }

    fn any(&mut self) -> Result<&'a [u8], Reason> {
        let bytes = self.0.tlv_bytes().map_err(|_| Reason::SigMalformed)?;
        AnyRef::from_der(bytes).map(AnyRef::value).map_err(|_| Reason::SigMalformed)
    }

    fn finish(self) -> Result<(), Reason> {
        self.0.finish().map_err(|_| Reason::SigMalformed)
    }
}

//! SM2 signatures in CMS: what OpenSSL signed is accepted in two forms, and
//! everything next to them refused.

use sm3::Digest as _;

use super::cms::{CmsSignature, MARKS, fingerprint};
use super::{PublicKey, Reason, Signature, Sm2Key};

const PAYLOAD: &[u8] = include_bytes!("../../../tests/fixtures/signatures/sm2.payload");
const PUBLIC: &[u8] = include_bytes!("../../../tests/fixtures/signatures/sm2.pub.der");
const PLAIN: &[u8] = include_bytes!("../../../tests/fixtures/signatures/sm2-dgst.sig");
/// A certificate that OpenSSL issued, and what its key signed.
const CERTIFICATE: &[u8] = include_bytes!("../../../tests/fixtures/signatures/sm2-cert.der");
const OVER_ATTRIBUTES: &[u8] = include_bytes!("../../../tests/fixtures/signatures/sm2-cert-attrs.sig");

const DATA: &str = "06092a864886f70d010701";
const SIGNED: &str = "06092a864886f70d010702";
const SM3: &str = "06082a811ccf55018311";
const SM2: &str = "06082a811ccf55018375";

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let length = match value.len() {
        short @ 0..=0x7f => vec![u8::try_from(short).unwrap()],
        middle @ 0x80..=0xff => vec![0x81, u8::try_from(middle).unwrap()],
        long => [&[0x82][..], &u16::try_from(long).unwrap().to_be_bytes()].concat(),
    };
    [&[tag][..], &length, &value].concat()
}

/// The parts of a structure, each of which a test may replace.
#[derive(Clone)]
struct Parts {
    version: Vec<u8>,
    digests: Vec<u8>,
    inside: Vec<u8>,
    certificates: Vec<u8>,
    signers: Vec<Vec<u8>>,
    after: Vec<u8>,
    kind: Vec<u8>,
}

fn signer(
    version: u8,
    sid: &[u8],
    attributes: &[u8],
    algorithm: &str,
    signature: &[u8],
    after: &[u8],
) -> Vec<u8> {
    let digest = tlv(0x30, &[&hex(SM3)]);
    let algorithm = tlv(0x30, &[&hex(algorithm)]);
    let signature = tlv(0x04, &[signature]);
    tlv(0x30, &[&[2, 1, version], sid, &digest, attributes, &algorithm, &signature, after])
}

impl Parts {
    fn new(version: u8, certificates: &[u8], signer: Vec<u8>) -> Self {
        Self {
            version: vec![2, 1, version],
            digests: tlv(0x31, &[&tlv(0x30, &[&hex(SM3)])]),
            inside: tlv(0x30, &[&hex(DATA)]),
            certificates: certificates.to_vec(),
            signers: vec![signer],
            after: Vec::new(),
            kind: hex(SIGNED),
        }
    }

    fn der(&self) -> Vec<u8> {
        let signers = tlv(0x31, &[&self.signers.concat()]);
        let data = tlv(
            0x30,
            &[&self.version, &self.digests, &self.inside, &self.certificates, &signers, &self.after],
        );
        tlv(0x30, &[&self.kind, &tlv(0xa0, &[&data])])
    }
}

fn key_id(public: &[u8]) -> Vec<u8> {
    tlv(0x80, &[&hex(&fingerprint(public))])
}

/// The form without a certificate.
fn plain() -> Parts {
    Parts::new(3, &[], signer(3, &key_id(PUBLIC), &[], SM2, PLAIN, &[]))
}

fn attribute(name: &str, value: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&hex(name), &tlv(0x31, &[value])])
}

fn attributes(text: &[u8]) -> Vec<u8> {
    let kind = attribute("06092a864886f70d010903", &hex(DATA));
    let digest = attribute("06092a864886f70d010904", &tlv(4, &[&sm3::Sm3::digest(text)]));
    [kind, digest].concat()
}

/// Issuer and number of the certificate, and its public key.
fn of_certificate() -> (Vec<u8>, Vec<u8>) {
    let spki = CERTIFICATE.windows(2).position(|pair| pair == [0x30, 0x59]).unwrap();
    let issuer = tlv(
        0x30,
        &[
            &tlv(0x31, &[&tlv(0x30, &[&hex("0603550406"), &tlv(0x13, &[b"CN"])])]),
            &tlv(0x31, &[&tlv(0x30, &[&hex("060355040a"), &tlv(0x0c, &[b"Office"])])]),
            &tlv(0x31, &[&tlv(0x30, &[&hex("0603550403"), &tlv(0x0c, &[b"li.si"])])]),
        ],
    );
    let number = [2, 3, 0x01, 0x23, 0x45];
    (tlv(0x30, &[&issuer, &number]), CERTIFICATE[spki..spki + 91].to_vec())
}

/// The form with a certificate and signed attributes.
fn certified() -> Parts {
    let (sid, _) = of_certificate();
    let attributes = tlv(0xa0, &[&attributes(PAYLOAD)]);
    Parts::new(1, &tlv(0xa0, &[CERTIFICATE]), signer(1, &sid, &attributes, SM2, OVER_ATTRIBUTES, &[]))
}

fn key(spki: &[u8]) -> PublicKey {
    use base64ct::{Base64, Encoding as _};
    PublicKey::Sm2(Box::new(Sm2Key::parse(&Base64::encode_string(spki)).unwrap()))
}

fn verdict(der: &[u8], key: &PublicKey, text: &[u8]) -> Result<(), Reason> {
    let signature = Signature::Sm2(CmsSignature::read(der)?);
    if signature.fingerprint() != key.fingerprint() {
        return Err(Reason::KeyUnknown);
    }
    signature.verify(text, key, false)
}

#[test]
fn both_forms_of_what_openssl_signed_are_accepted() {
    assert_eq!(verdict(&plain().der(), &key(PUBLIC), PAYLOAD), Ok(()));
    let (_, spki) = of_certificate();
    assert_eq!(verdict(&certified().der(), &key(&spki), PAYLOAD), Ok(()));
    for (der, key) in [(plain().der(), key(PUBLIC)), (certified().der(), key(&spki))] {
        assert_eq!(verdict(&der, &key, b"another text"), Err(Reason::SigBad));
    }
    assert_eq!(verdict(&plain().der(), &key(&spki), PAYLOAD), Err(Reason::KeyUnknown));
    // The names of GM/T 0010 for the same structure.
    let mut chinese = plain();
    chinese.kind = hex("060a2a811ccf550601040202");
    chinese.inside = tlv(0x30, &[&hex("060a2a811ccf550601040201")]);
    assert_eq!(verdict(&chinese.der(), &key(PUBLIC), PAYLOAD), Ok(()));
    chinese.inside = tlv(0x30, &[&hex(DATA)]);
    assert_eq!(verdict(&chinese.der(), &key(PUBLIC), PAYLOAD), Err(Reason::SigMalformed));
}

#[test]
fn everything_else_is_refused_under_its_own_code() {
    let change = |change: &dyn Fn(&mut Parts)| {
        let mut parts = plain();
        change(&mut parts);
        verdict(&parts.der(), &key(PUBLIC), PAYLOAD)
    };
    let ours = |algorithm: &str, after: &[u8]| signer(3, &key_id(PUBLIC), &[], algorithm, PLAIN, after);
    let malformed = Err(Reason::SigMalformed);
    assert_eq!(change(&|parts| parts.signers.push(parts.signers[0].clone())), Err(Reason::SigMultiple));
    assert_eq!(change(&|parts| parts.signers.clear()), malformed);
    assert_eq!(change(&|parts| parts.after = vec![5, 0]), malformed);
    assert_eq!(change(&|parts| parts.version = vec![2, 1, 1]), malformed);
    assert_eq!(
        change(&|parts| parts.inside = tlv(0x30, &[&hex(DATA), &tlv(0xa0, &[&tlv(4, &[b"text"])])])),
        malformed
    );
    assert_eq!(
        change(&|parts| parts.certificates = tlv(0xa0, &[CERTIFICATE])),
        malformed,
        "a key and a certificate"
    );
    assert_eq!(
        change(&|parts| parts.kind = hex("06092a864886f70d010703")),
        Err(Reason::SigAlgorithm),
        "enveloped"
    );
    let sha256 = tlv(0x30, &[&hex("0609608648016503040201")]);
    assert_eq!(change(&|parts| parts.digests = tlv(0x31, &[&sha256])), Err(Reason::SigAlgorithm));
    let two = [tlv(0x30, &[&hex(SM3)]), sha256.clone()].concat();
    assert_eq!(change(&|parts| parts.digests = tlv(0x31, &[&two])), malformed);
    assert_eq!(
        change(&|parts| parts.signers = vec![ours("06082a8648ce3d040302", &[])]),
        Err(Reason::SigAlgorithm),
        "ECDSA"
    );
    let unsigned = tlv(0xa1, &[&attribute("06092a864886f70d010906", &[5, 0])]);
    assert_eq!(change(&|parts| parts.signers = vec![ours(SM2, &unsigned)]), malformed, "unsigned attributes");
    let short = |sid: &[u8]| vec![signer(3, sid, &[], SM2, PLAIN, &[])];
    assert_eq!(change(&|parts| parts.signers = short(&tlv(0x80, &[&[7; 20]]))), malformed, "a short key id");
    assert_eq!(change(&|parts| parts.signers = short(&tlv(0x80, &[&[7; 32]]))), Err(Reason::KeyUnknown));

    let (sid, spki) = of_certificate();
    let with = |attributes: Vec<u8>| {
        let mut parts = certified();
        let attributes = tlv(0xa0, &[&attributes]);
        parts.signers = vec![signer(1, &sid, &attributes, SM2, OVER_ATTRIBUTES, &[])];
        verdict(&parts.der(), &key(&spki), PAYLOAD)
    };
    assert_eq!(with(attributes(PAYLOAD)), Ok(()));
    assert_eq!(with(attributes(b"another text")), Err(Reason::SigBad));
    assert_eq!(with(attribute("06092a864886f70d010903", &hex(DATA))), malformed, "no digest");
    assert_eq!(with([attributes(PAYLOAD), attributes(PAYLOAD)].concat()), malformed, "twice");
    let odd = attribute("06032a0304", &[5, 0]);
    assert_eq!(with([attributes(PAYLOAD), odd].concat()), malformed, "an unknown attribute");
    let mut parts = certified();
    parts.certificates = tlv(0xa0, &[CERTIFICATE, CERTIFICATE]);
    assert_eq!(verdict(&parts.der(), &key(&spki), PAYLOAD), Err(Reason::SigMultiple));
    parts.certificates.clear();
    assert_eq!(verdict(&parts.der(), &key(&spki), PAYLOAD), malformed, "named, but not there");
    // Not the certificate that is named.
    let mut other = CERTIFICATE.to_vec();
    let at = other.windows(3).position(|bytes| bytes == [0x01, 0x23, 0x45]).unwrap();
    other[at + 2] ^= 1;
    parts.certificates = tlv(0xa0, &[&other]);
    assert_eq!(verdict(&parts.der(), &key(&spki), PAYLOAD), malformed);
}

#[test]
fn no_flipped_bit_no_cut_and_no_tail_is_accepted() {
    let der = plain().der();
    let key = key(PUBLIC);
    for at in 0..der.len() * 8 {
        let mut bytes = der.clone();
        bytes[at / 8] ^= 1 << (at % 8);
        assert!(verdict(&bytes, &key, PAYLOAD).is_err(), "bit {at}");
    }
    for cut in 0..der.len() {
        assert_eq!(verdict(&der[..cut], &key, PAYLOAD), Err(Reason::SigMalformed), "cut at {cut}");
    }
    assert_eq!(verdict(&[&der[..], &[0]].concat(), &key, PAYLOAD), Err(Reason::SigMalformed));
    assert_eq!(verdict(&vec![0x30; 9000], &key, PAYLOAD), Err(Reason::SigMalformed), "too long");
    // Of a certificate only the key and its name are looked at; everywhere
    // else, and there too, one bit makes the difference.
    let (sid, spki) = of_certificate();
    let (der, key) = (certified().der(), self::key(&spki));
    let find = |part: &[u8]| der.windows(part.len()).position(|bytes| bytes == part).unwrap();
    let certificate = find(CERTIFICATE)..find(CERTIFICATE) + CERTIFICATE.len();
    let public = find(&spki)..find(&spki) + spki.len();
    assert!(!sid.is_empty());
    for at in (0..der.len() * 8).filter(|at| !certificate.contains(&(at / 8)) || public.contains(&(at / 8))) {
        let mut bytes = der.clone();
        bytes[at / 8] ^= 1 << (at % 8);
        assert!(verdict(&bytes, &key, PAYLOAD).is_err(), "bit {at}");
    }
}

#[test]
fn the_armour_is_read_as_strictly_as_others() {
    use base64ct::{Base64, Encoding as _};
    let body = Base64::encode_string(&plain().der());
    let [begin, end] = MARKS;
    let armour = format!("{begin}\n{body}\n{end}\n");
    let read = |text: &str| Signature::parse(text, "git").map(|signature| signature.fingerprint());
    assert_eq!(read(&armour), Ok(fingerprint(PUBLIC)));
    assert_eq!(read(&format!("{armour}x")).err(), Some(Reason::SigMalformed));
    assert_eq!(read(&armour.replace('\n', "\r\n")).err(), Some(Reason::SigMalformed));
    assert_eq!(read(&format!("{armour}{armour}")).err(), Some(Reason::SigMultiple));
    assert_eq!(read(&format!("{begin}\n\n{end}\n")).err(), Some(Reason::SigMalformed));
    // A key is read from PEM too, and nothing but an SM2 key is one.
    let pem =
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", Base64::encode_string(PUBLIC));
    assert_eq!(Sm2Key::parse(&pem).unwrap().fingerprint(), fingerprint(PUBLIC));
    let mut p256 = PUBLIC.to_vec();
    p256[15] ^= 1;
    assert_eq!(Sm2Key::parse(&Base64::encode_string(&p256)).err(), Some(Reason::SigAlgorithm));
    assert_eq!(Sm2Key::parse("ssh-ed25519 AAAA").err(), Some(Reason::SigAlgorithm));
}

/// The same point may be written shorter: were that another key, one person's
/// key could be listed for two.
#[test]
fn a_key_has_one_spelling() {
    use base64ct::{Base64, Encoding as _};
    let read = |spki: &[u8]| Sm2Key::parse(&Base64::encode_string(spki)).map(|key| key.fingerprint());
    assert_eq!(read(PUBLIC), Ok(fingerprint(PUBLIC)));
    let (head, point) = PUBLIC.split_at(PUBLIC.len() - 65);
    let (x, parity) = (&point[1..33], point[64] & 1);
    let mut honest = hex("3039301306072a8648ce3d020106082a811ccf5501822d032200");
    honest.extend([&[2 + parity], x].concat());
    assert_eq!(read(&honest), Err(Reason::SigAlgorithm));
    for first in [0, 2, 3, 4, 5, 6, 7] {
        assert_eq!(read(&[head, &[first], x].concat()), Err(Reason::SigAlgorithm), "{first}");
        let whole = [head, &[first], &point[1..]].concat();
        assert_eq!(read(&whole).is_ok(), first == 4, "{first}");
        assert_eq!(
            super::verify_sm2(&[head, &[first], x].concat(), PAYLOAD, PLAIN),
            Err(Reason::SigAlgorithm)
        );
    }
    assert_eq!(read(&[PUBLIC, &[0]].concat()), Err(Reason::SigAlgorithm));
    assert_eq!(read(&[head, &[0]].concat()), Err(Reason::SigAlgorithm), "no point at all");
    assert_eq!(read(&[head, &[4], &[0; 64]].concat()), Err(Reason::SigAlgorithm), "not on the curve");
    // x + p is the same x to whoever reduces.
    assert_eq!(read(&[head, &[4], &[0xff; 64]].concat()), Err(Reason::SigAlgorithm));
}

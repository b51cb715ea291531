//! OpenPGP signatures behind a packet-level allow-list (`approvals.md` §3).
//!
//! The library underneath only does arithmetic: what a packet may be, which
//! algorithms count and which key is meant is decided here. Self-signatures,
//! expiry and trust inside a certificate decide nothing; the roster does.

use pgp::composed::{Deserializable as _, SignedPublicKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{
    PacketHeader, PublicKey, PublicSubkey, Signature, SignatureType, SignatureVersion, Subpacket,
    SubpacketData,
};
use pgp::ser::Serialize as _;
use pgp::types::{KeyDetails, PublicParams};

use super::armour;
use super::material::Material;
use super::wire::Wire;
use crate::Reason;

/// Object identifiers of the accepted curves.
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const ED25519: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01];

/// The tag of a signature packet.
const SIGNATURE_TAG: u8 = 2;

/// The one key of a certificate that may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPgpKey {
    fingerprint: String,
    packet: KeyPacket,
    material: Material,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum KeyPacket {
    Primary(Box<PublicKey>),
    Sub(Box<PublicSubkey>),
}

impl OpenPgpKey {
    /// Takes the key with this fingerprint (hex) out of an armoured certificate.
    ///
    /// # Errors
    /// `SIG_MALFORMED` when the certificate is unreadable, revoked, or has no
    /// such key; `SIG_ALGORITHM` for a key of another kind.
    pub fn parse(certificate: &str, fingerprint: &str) -> Result<Self, Reason> {
        let (certificate, _) = SignedPublicKey::from_string(certificate).map_err(|_| Reason::SigMalformed)?;
        let fingerprint = fingerprint.to_ascii_lowercase();
        if !certificate.details.revocation_signatures.is_empty() {
            return Err(Reason::SigMalformed);
        }
        if hex(&certificate.primary_key) == fingerprint {
            let material = material(&certificate.primary_key)?;
            return Ok(Self {
                fingerprint,
                packet: KeyPacket::Primary(Box::new(certificate.primary_key)),
                material,
            });
        }
        let subkey = certificate.public_subkeys.into_iter().find(|subkey| hex(&subkey.key) == fingerprint);
        let subkey = subkey.ok_or(Reason::SigMalformed)?;
        let revoked = subkey
            .signatures
            .iter()
            .any(|signature| signature.typ() == Some(SignatureType::SubkeyRevocation));
        if revoked {
            return Err(Reason::SigMalformed);
        }
        let material = material(&subkey.key)?;
        Ok(Self { fingerprint, packet: KeyPacket::Sub(Box::new(subkey.key)), material })
    }

    /// The fingerprint in lower-case hexadecimal.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub(crate) fn material(&self) -> &Material {
        &self.material
    }
}

fn hex(key: &impl KeyDetails) -> String {
    format!("{:x}", key.fingerprint())
}

/// Reads the numbers of an accepted kind of key.
fn material(key: &impl KeyDetails) -> Result<Material, Reason> {
    let refused = Reason::SigAlgorithm;
    let bytes = match key.public_params() {
        PublicParams::Unknown { .. } => return Err(refused),
        params => params.to_bytes().map_err(|_| refused)?,
    };
    let mut wire = Wire::new(&bytes);
    let mut curve_and_point = || {
        let length = wire.byte()?;
        Some((wire.take(length.into())?, wire.openpgp_integer()?))
    };
    match key.algorithm() {
        PublicKeyAlgorithm::Ed25519 => {
            bytes.as_slice().try_into().map(Material::Ed25519).map_err(|_| refused)
        }
        PublicKeyAlgorithm::EdDSALegacy => match curve_and_point() {
            Some((ED25519, [0x40, point @ ..])) => {
                point.try_into().map(Material::Ed25519).map_err(|_| refused)
            }
            _ => Err(refused),
        },
        PublicKeyAlgorithm::ECDSA => match curve_and_point() {
            Some((P256, point)) => Ok(Material::Ecdsa("nistp256", point.to_vec())),
            Some((P384, point)) => Ok(Material::Ecdsa("nistp384", point.to_vec())),
            _ => Err(refused),
        },
        PublicKeyAlgorithm::RSA => {
            let (modulus, exponent) = (wire.openpgp_integer(), wire.openpgp_integer());
            modulus.zip(exponent).map(|(modulus, exponent)| Material::rsa(modulus, exponent)).ok_or(refused)
        }
        _ => Err(refused),
    }
}

/// A parsed OpenPGP signature; well-formed, not yet verified.
#[derive(Debug, Clone)]
pub(crate) struct OpenPgpSignature {
    /// The key it names, in lower-case hexadecimal.
    pub(crate) fingerprint: String,
    signature: Box<Signature>,
}

impl OpenPgpSignature {
    /// Reads an armoured signature: exactly one packet.
    pub(crate) fn parse(armour: &str) -> Result<Self, Reason> {
        let bytes = armour::openpgp(armour)?;
        let mut wire = Wire::new(&bytes);
        let (tag, _) = packet(&mut wire).ok_or(Reason::SigMalformed)?;
        if tag != SIGNATURE_TAG {
            return Err(Reason::SigMalformed);
        }
        if let Some((tag, _)) = packet(&mut wire) {
            return Err(if tag == SIGNATURE_TAG { Reason::SigMultiple } else { Reason::SigMalformed });
        }
        wire.finish().ok_or(Reason::SigMalformed)?;
        let signature = read(&bytes).ok_or(Reason::SigMalformed)?;
        let fingerprint = check(&signature)?;
        Ok(Self { fingerprint, signature: Box::new(signature) })
    }

    /// Verifies the signature over the bytes with exactly this key.
    pub(super) fn verify(&self, bytes: &[u8], key: &OpenPgpKey) -> Result<(), Reason> {
        if key.fingerprint != self.fingerprint {
            return Err(Reason::KeyUnknown);
        }
        let verdict = match &key.packet {
            KeyPacket::Primary(key) => self.signature.verify(&**key, bytes),
            KeyPacket::Sub(key) => self.signature.verify(&**key, bytes),
        };
        verdict.map_err(|_| Reason::SigBad)
    }
}

/// Tag and body of the next packet; partial and indeterminate lengths are
/// refused.
fn packet<'a>(wire: &mut Wire<'a>) -> Option<(u8, &'a [u8])> {
    let header = wire.byte()?;
    let (tag, length) = match header >> 6 {
        0b11 => (header & 0x3f, new_length(wire)?),
        0b10 => {
            let length = match header & 3 {
                0 => usize::from(wire.byte()?),
                1 => usize::from(wire.short()?),
                2 => usize::try_from(wire.word()?).ok()?,
                _ => return None,
            };
            (header >> 2 & 0x0f, length)
        }
        _ => return None,
    };
    Some((tag, wire.take(length)?))
}

fn new_length(wire: &mut Wire<'_>) -> Option<usize> {
    match wire.byte()? {
        first @ 0..=191 => Some(first.into()),
        first @ 192..=223 => Some(((usize::from(first) - 192) << 8) + usize::from(wire.byte()?) + 192),
        255 => usize::try_from(wire.word()?).ok(),
        224..=254 => None,
    }
}

/// Lets the library read the packet, and demands that it read all of it.
fn read(bytes: &[u8]) -> Option<Signature> {
    let mut rest = bytes;
    let header = PacketHeader::try_from_reader(&mut rest).ok()?;
    let signature = Signature::try_from_reader(header, &mut rest).ok()?;
    rest.is_empty().then_some(signature)
}

/// The allow-list; answers with the fingerprint of the issuer.
fn check(signature: &Signature) -> Result<String, Reason> {
    let malformed = Reason::SigMalformed;
    let config = signature.config().ok_or(malformed)?;
    if !matches!(signature.version(), SignatureVersion::V4 | SignatureVersion::V6) {
        return Err(malformed);
    }
    if !matches!(config.hash_alg, HashAlgorithm::Sha256 | HashAlgorithm::Sha384 | HashAlgorithm::Sha512) {
        return Err(Reason::SigAlgorithm);
    }
    if !matches!(
        config.pub_alg,
        PublicKeyAlgorithm::Ed25519
            | PublicKeyAlgorithm::EdDSALegacy
            | PublicKeyAlgorithm::ECDSA
            | PublicKeyAlgorithm::RSA
    ) {
        return Err(Reason::SigAlgorithm);
    }
    if config.typ != SignatureType::Binary {
        return Err(malformed);
    }
    let hashed_ok = config.hashed_subpackets.iter().all(may_be_hashed);
    let unhashed_ok = config
        .unhashed_subpackets
        .iter()
        .all(|subpacket| is_issuer(&subpacket.data) && !subpacket.is_critical);
    if !hashed_ok || !unhashed_ok {
        return Err(malformed);
    }
    let mut issuers =
        signature.issuer_fingerprint().into_iter().map(|fingerprint| format!("{fingerprint:x}"));
    let issuer = issuers.next().ok_or(malformed)?;
    let key_ids = signature.issuer_key_id();
    let id_fits = |id: &str| if issuer.len() == 40 { issuer.ends_with(id) } else { issuer.starts_with(id) };
    let agree = issuers.all(|other| other == issuer)
        && key_ids.iter().all(|id| id_fits(&id.to_string().to_ascii_lowercase()));
    if agree { Ok(issuer) } else { Err(malformed) }
}

/// Whether the subpacket may stand in the signed area. Expiry is for the
/// roster to say; anything critical must be understood.
fn may_be_hashed(subpacket: &Subpacket) -> bool {
    match &subpacket.data {
        SubpacketData::SignatureExpirationTime(_) | SubpacketData::EmbeddedSignature(_) => false,
        SubpacketData::SignatureCreationTime(_) | SubpacketData::SignersUserID(_) => true,
        data => is_issuer(data) || !subpacket.is_critical,
    }
}

fn is_issuer(data: &SubpacketData) -> bool {
    matches!(data, SubpacketData::IssuerKeyId(_) | SubpacketData::IssuerFingerprint(_))
}

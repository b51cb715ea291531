//! SSH signatures (`PROTOCOL.sshsig`) and SSH public keys, through an allow-list.

use base64ct::{Base64, Base64Unpadded, Encoding};
use sha2::{Digest as _, Sha256, Sha512};
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, Signature};

use super::armour;
use super::material::Material;
use super::wire::{Wire, put_string};
use crate::Reason;

const MAGIC: &[u8] = b"SSHSIG";

/// A public key that statements may be signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshKey {
    blob: Vec<u8>,
    key: KeyData,
    material: Material,
}

impl SshKey {
    /// Parses `type base64`, without options or comment.
    ///
    /// # Errors
    /// `SIG_ALGORITHM` for kinds that are not accepted (certificates among
    /// them), `SIG_MALFORMED` for anything unreadable.
    pub fn parse(line: &str) -> Result<Self, Reason> {
        let (kind, encoded) = line.split_once(' ').ok_or(Reason::SigMalformed)?;
        let blob = Base64::decode_vec(encoded).map_err(|_| Reason::SigMalformed)?;
        let key = Self::from_blob(&blob)?;
        let named = Wire::new(&blob).string() == Some(kind.as_bytes());
        if named { Ok(key) } else { Err(Reason::SigMalformed) }
    }

    /// Parses the binary form.
    ///
    /// # Errors
    /// As [`SshKey::parse`].
    pub fn from_blob(blob: &[u8]) -> Result<Self, Reason> {
        let mut wire = Wire::new(blob);
        let kind = wire.string().ok_or(Reason::SigMalformed)?;
        let material = material(kind, wire)?;
        let key = ssh_key::PublicKey::from_bytes(blob).map_err(|_| Reason::SigMalformed)?;
        Ok(Self { blob: blob.to_vec(), key: key.key_data().clone(), material })
    }

    /// The fingerprint as OpenSSH prints it: `SHA256:…`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", Base64Unpadded::encode_string(&Sha256::digest(&self.blob)))
    }

    /// The key as `type base64`.
    #[must_use]
    pub fn to_line(&self) -> String {
        format!("{} {}", self.key.algorithm(), Base64::encode_string(&self.blob))
    }

    pub(crate) fn material(&self) -> &Material {
        &self.material
    }

    /// Whether the key lives on a FIDO device (`sk-…`).
    pub(crate) fn is_hardware(&self) -> bool {
        matches!(self.key, KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_))
    }
}

/// Reads the numbers of an accepted kind of key.
fn material(kind: &[u8], mut wire: Wire<'_>) -> Result<Material, Reason> {
    let mut next = || wire.string().ok_or(Reason::SigMalformed);
    let ed25519 = |bytes: &[u8]| bytes.try_into().map(Material::Ed25519).map_err(|_| Reason::SigMalformed);
    let material = match kind {
        b"ssh-ed25519" => ed25519(next()?)?,
        b"sk-ssh-ed25519@openssh.com" => {
            let material = ed25519(next()?)?;
            next()?;
            material
        }
        b"ecdsa-sha2-nistp256" => ecdsa("nistp256", next()?, next()?)?,
        b"ecdsa-sha2-nistp384" => ecdsa("nistp384", next()?, next()?)?,
        b"ecdsa-sha2-nistp521" => ecdsa("nistp521", next()?, next()?)?,
        b"sk-ecdsa-sha2-nistp256@openssh.com" => {
            let material = ecdsa("nistp256", next()?, next()?)?;
            next()?;
            material
        }
        b"ssh-rsa" => {
            let exponent = next()?;
            Material::rsa(next()?, exponent)
        }
        _ => return Err(Reason::SigAlgorithm),
    };
    wire.finish().ok_or(Reason::SigMalformed)?;
    Ok(material)
}

fn ecdsa(curve: &'static str, named: &[u8], point: &[u8]) -> Result<Material, Reason> {
    let uncompressed = point.first() == Some(&4);
    if named == curve.as_bytes() && uncompressed {
        Ok(Material::Ecdsa(curve, point.to_vec()))
    } else {
        Err(Reason::SigMalformed)
    }
}

/// A parsed SSH signature; well-formed, not yet verified.
#[derive(Debug, Clone)]
pub(crate) struct SshSignature {
    /// The key it names.
    pub(crate) key: SshKey,
    namespace: Vec<u8>,
    hash: HashAlg,
    signature: Signature,
}

impl SshSignature {
    /// Reads an armoured signature.
    pub(crate) fn parse(armour: &str) -> Result<Self, Reason> {
        let blob = armour::ssh(armour)?;
        let mut wire = Wire::new(&blob);
        let malformed = Reason::SigMalformed;
        if wire.take(MAGIC.len()) != Some(MAGIC) || wire.word() != Some(1) {
            return Err(malformed);
        }
        let mut next = || wire.string().ok_or(malformed);
        let [key, namespace, reserved, hash, signature] = [next()?, next()?, next()?, next()?, next()?];
        wire.finish().ok_or(malformed)?;
        let hash = match hash {
            b"sha256" => HashAlg::Sha256,
            b"sha512" => HashAlg::Sha512,
            _ => return Err(malformed),
        };
        if !reserved.is_empty() {
            return Err(malformed);
        }
        let key = SshKey::from_blob(key)?;
        let signature = signature_of(&key, signature)?;
        // RSA below 2048 bits is never accepted, whatever a roster might say.
        // Curves are checked where the roster is read and by the strict
        // verification, so that it is not done three times.
        if let Material::Rsa { .. } = key.material {
            key.material.check_strength(true)?;
        }
        Ok(Self { key, namespace: namespace.to_vec(), hash, signature })
    }

    /// Whether it was made for this purpose.
    pub(super) fn check_namespace(&self, namespace: &str) -> Result<(), Reason> {
        if self.namespace == namespace.as_bytes() { Ok(()) } else { Err(Reason::SigNamespace) }
    }

    /// Verifies the signature over the bytes with the key it names.
    pub(super) fn verify(&self, bytes: &[u8], require_pin: bool) -> Result<(), Reason> {
        let data = signed_data(&self.namespace, self.hash, bytes);
        match &self.key.key {
            KeyData::Ed25519(_) => self.verify_ed25519(&data, self.signature.as_bytes()),
            KeyData::SkEd25519(key) => {
                let (raw, tail) = self.touched(require_pin)?;
                let message = hardware_data(key.application(), tail, &data);
                self.verify_ed25519(&message, raw)
            }
            KeyData::SkEcdsaSha2NistP256(_) => {
                self.touched(require_pin)?;
                self.verify_other(&data)
            }
            _ => self.verify_other(&data),
        }
    }

    fn verify_ed25519(&self, message: &[u8], raw: &[u8]) -> Result<(), Reason> {
        let Material::Ed25519(bytes) = &self.key.material else { return Err(Reason::SigBad) };
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| Reason::KeyWeak)?;
        let signature = ed25519_dalek::Signature::from_slice(raw).map_err(|_| Reason::SigMalformed)?;
        // The strict form refuses keys of small order, for which one constant
        // signature fits every message.
        key.verify_strict(message, &signature).map_err(|_| Reason::SigBad)
    }

    fn verify_other(&self, data: &[u8]) -> Result<(), Reason> {
        use ed25519_dalek::Verifier as _;
        self.key.key.verify(data, &self.signature).map_err(|_| Reason::SigBad)
    }

    /// Splits a hardware signature from its flags and counter; the user must
    /// have touched the device, and typed the PIN where the roster demands it.
    fn touched(&self, require_pin: bool) -> Result<(&[u8], &[u8]), Reason> {
        let bytes = self.signature.as_bytes();
        let cut = bytes.len().checked_sub(5).ok_or(Reason::SigMalformed)?;
        let (raw, tail) = bytes.split_at_checked(cut).ok_or(Reason::SigMalformed)?;
        let flags = tail.first().copied().unwrap_or(0);
        let wanted = if require_pin { 0b101 } else { 0b001 };
        if flags & wanted == wanted { Ok((raw, tail)) } else { Err(Reason::SkNoTouch) }
    }
}

/// Reads the inner signature; its algorithm must belong to the key.
fn signature_of(key: &SshKey, blob: &[u8]) -> Result<Signature, Reason> {
    let malformed = Reason::SigMalformed;
    let mut wire = Wire::new(blob);
    let name = wire.string().and_then(|name| std::str::from_utf8(name).ok()).ok_or(malformed)?;
    if matches!(name, "ssh-rsa" | "ssh-dss") || name.starts_with("webauthn-") {
        return Err(Reason::SigAlgorithm);
    }
    let algorithm = Algorithm::new(name).map_err(|_| Reason::SigAlgorithm)?;
    let mut data = wire.string().ok_or(malformed)?.to_vec();
    let fits = match (&key.key, &algorithm) {
        (KeyData::Rsa(_), Algorithm::Rsa { hash: Some(_) }) => rsa_length(&key.material) == Some(data.len()),
        (KeyData::SkEd25519(_), Algorithm::SkEd25519)
        | (KeyData::SkEcdsaSha2NistP256(_), Algorithm::SkEcdsaSha2NistP256) => {
            // One byte of flags, four of counter.
            data.extend_from_slice(wire.take(5).ok_or(malformed)?);
            true
        }
        (KeyData::Ed25519(_) | KeyData::Ecdsa(_), algorithm) => key.key.algorithm() == *algorithm,
        _ => false,
    };
    wire.finish().ok_or(malformed)?;
    if !fits {
        return Err(malformed);
    }
    Signature::new(algorithm, data).map_err(|_| malformed)
}

fn rsa_length(material: &Material) -> Option<usize> {
    match material {
        Material::Rsa { modulus, .. } => Some(modulus.len()),
        Material::Ed25519(_) | Material::Ecdsa(..) => None,
        #[cfg(feature = "sm2")]
        Material::Sm2(_) => None,
    }
}

/// What an SSH signature covers.
pub(super) fn signed_data(namespace: &[u8], hash: HashAlg, bytes: &[u8]) -> Vec<u8> {
    let (name, digest): (&[u8], Vec<u8>) = match hash {
        HashAlg::Sha512 => (b"sha512", Sha512::digest(bytes).to_vec()),
        _ => (b"sha256", Sha256::digest(bytes).to_vec()),
    };
    let mut data = MAGIC.to_vec();
    for part in [namespace, b"", name, &digest] {
        put_string(&mut data, part);
    }
    data
}

/// What a hardware key covers: application, flags and counter, message.
fn hardware_data(application: &str, tail: &[u8], message: &[u8]) -> Vec<u8> {
    let mut data = Sha256::digest(application.as_bytes()).to_vec();
    data.extend_from_slice(tail);
    data.extend_from_slice(&Sha256::digest(message));
    data
}

/// Wraps a raw signature into the binary form of `PROTOCOL.sshsig`.
pub(super) fn envelope(key: &[u8], namespace: &str, algorithm: &str, raw: &[u8]) -> Vec<u8> {
    let mut signature = Vec::new();
    put_string(&mut signature, algorithm.as_bytes());
    put_string(&mut signature, raw);
    let mut blob = MAGIC.to_vec();
    blob.extend_from_slice(&1_u32.to_be_bytes());
    for part in [key, namespace.as_bytes(), b"", b"sha512", &signature] {
        put_string(&mut blob, part);
    }
    blob
}

//! Signatures over exact bytes: SSH, OpenPGP and (feature `sm2`) SM2 in CMS,
//! everything else refused.
//!
//! A signature is first *parsed* (its shape judged without any key), then the
//! roster is asked for the key it names, then it is *verified* with that key.
//! To add a format: one file here, one arm in `Signature` and `PublicKey`.

mod armour;
#[cfg(feature = "sm2")]
mod cms;
#[cfg(all(test, feature = "sm2"))]
mod cms_tests;
#[cfg(feature = "sm2")]
mod guomi;
mod material;
#[cfg(feature = "openpgp")]
mod openpgp;
mod sign;
mod ssh;
mod wire;

#[cfg(test)]
mod tests;

#[cfg(feature = "sm2")]
pub use guomi::{Sm2Key, verify_sm2};
pub(crate) use material::Material;
#[cfg(feature = "openpgp")]
pub use openpgp::OpenPgpKey;
pub use sign::{KeyPair, SignError, key_pair, public_of, sign_ssh, verify_ssh};
pub use ssh::SshKey;

use super::Reason;

/// The namespace git uses for SSH signatures.
pub(crate) const GIT_NAMESPACE: &str = "git";

/// A public key of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// An SSH key.
    Ssh(Box<SshKey>),
    /// One key of an OpenPGP certificate.
    #[cfg(feature = "openpgp")]
    OpenPgp(Box<OpenPgpKey>),
    /// An SM2 key.
    #[cfg(feature = "sm2")]
    Sm2(Box<Sm2Key>),
}

impl PublicKey {
    /// The fingerprint by which signatures and revocations name the key.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        match self {
            Self::Ssh(key) => key.fingerprint(),
            #[cfg(feature = "openpgp")]
            Self::OpenPgp(key) => key.fingerprint().to_owned(),
            #[cfg(feature = "sm2")]
            Self::Sm2(key) => key.fingerprint(),
        }
    }

    /// Whether signatures say that a PIN was typed: keys on FIDO devices.
    pub(crate) fn tells_of_pin(&self) -> bool {
        match self {
            Self::Ssh(key) => key.is_hardware(),
            #[cfg(feature = "openpgp")]
            Self::OpenPgp(_) => false,
            #[cfg(feature = "sm2")]
            Self::Sm2(_) => false,
        }
    }

    pub(crate) fn material(&self) -> &Material {
        match self {
            Self::Ssh(key) => key.material(),
            #[cfg(feature = "openpgp")]
            Self::OpenPgp(key) => key.material(),
            #[cfg(feature = "sm2")]
            Self::Sm2(key) => key.material(),
        }
    }
}

/// A well-formed signature that is not yet verified.
#[derive(Debug, Clone)]
pub(crate) enum Signature {
    Ssh(Box<ssh::SshSignature>),
    #[cfg(feature = "openpgp")]
    OpenPgp(openpgp::OpenPgpSignature),
    #[cfg(feature = "sm2")]
    Sm2(cms::CmsSignature),
}

impl Signature {
    /// Reads an armoured signature made for the purpose `namespace` (SSH only;
    /// the others know no purposes).
    pub(crate) fn parse(armour: &str, namespace: &str) -> Result<Self, Reason> {
        let first = armour.split('\n').next().unwrap_or_default();
        if first.starts_with("-----BEGIN SIGNED MESSAGE-----") {
            return sm2_signature(armour);
        }
        if first == armour::OPENPGP[0] {
            return openpgp_signature(armour);
        }
        let signature = ssh::SshSignature::parse(armour)?;
        signature.check_namespace(namespace)?;
        Ok(Self::Ssh(Box::new(signature)))
    }

    /// Fingerprint of the key that the signature names.
    pub(crate) fn fingerprint(&self) -> String {
        match self {
            Self::Ssh(signature) => signature.key.fingerprint(),
            #[cfg(feature = "openpgp")]
            Self::OpenPgp(signature) => signature.fingerprint.clone(),
            #[cfg(feature = "sm2")]
            Self::Sm2(signature) => signature.fingerprint.clone(),
        }
    }

    /// Verifies the signature over the bytes with the roster's key.
    pub(crate) fn verify(&self, bytes: &[u8], key: &PublicKey, require_pin: bool) -> Result<(), Reason> {
        match (self, key) {
            (Self::Ssh(signature), PublicKey::Ssh(key)) if signature.key == **key => {
                signature.verify(bytes, require_pin)
            }
            #[cfg(feature = "openpgp")]
            (Self::OpenPgp(signature), PublicKey::OpenPgp(key)) => signature.verify(bytes, key),
            #[cfg(feature = "sm2")]
            (Self::Sm2(signature), PublicKey::Sm2(key)) => key.verify(signature, bytes),
            _ => Err(Reason::KeyUnknown),
        }
    }
}

#[cfg(feature = "openpgp")]
fn openpgp_signature(armour: &str) -> Result<Signature, Reason> {
    openpgp::OpenPgpSignature::parse(armour).map(Signature::OpenPgp)
}

#[cfg(not(feature = "openpgp"))]
fn openpgp_signature(_armour: &str) -> Result<Signature, Reason> {
    Err(Reason::SigAlgorithm)
}

#[cfg(feature = "sm2")]
fn sm2_signature(armour: &str) -> Result<Signature, Reason> {
    cms::CmsSignature::parse(armour).map(Signature::Sm2)
}

#[cfg(not(feature = "sm2"))]
fn sm2_signature(_armour: &str) -> Result<Signature, Reason> {
    Err(Reason::SigAlgorithm)
}

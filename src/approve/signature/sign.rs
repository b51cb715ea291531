//! Signing in process with an unencrypted Ed25519 key: for the publisher, the
//! demonstration and tests. Approvals of people are made by their own git.

use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{HashAlg, LineEnding, PrivateKey};

use super::armour;
use super::ssh::{self, SshKey, SshSignature};
use crate::Reason;

/// Why a key file cannot sign in process.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// Not an OpenSSH private key.
    #[error("not an OpenSSH private key")]
    Unreadable,
    /// It has a passphrase: `ssh-keygen -Y sign` must do it.
    #[error("the key is protected by a passphrase")]
    Encrypted,
    /// Only Ed25519 keys sign in process.
    #[error("the key is not an Ed25519 key")]
    NotEd25519,
}

/// An Ed25519 key pair in OpenSSH form.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// Text of the private key file.
    pub private: String,
    /// `ssh-ed25519 AAAA…`, as written in the roster.
    pub public: String,
}

impl std::fmt::Debug for KeyPair {
    /// Shows the public half only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPair").field("public", &self.public).finish_non_exhaustive()
    }
}

/// The key pair that belongs to a seed of 32 secret bytes.
///
/// # Errors
/// [`SignError::Unreadable`] when the key cannot be written down.
pub fn key_pair(seed: &[u8; 32], comment: &str) -> Result<KeyPair, SignError> {
    let pair = Ed25519Keypair::from_seed(seed);
    let key = PrivateKey::new(KeypairData::Ed25519(pair), comment).map_err(|_| SignError::Unreadable)?;
    let private = key.to_openssh(LineEnding::LF).map_err(|_| SignError::Unreadable)?.to_string();
    Ok(KeyPair { private, public: public_line(&key)? })
}

/// The public line (`type base64`) of an OpenSSH private key file.
///
/// # Errors
/// [`SignError`] when the file is not such a key. An encrypted key still shows
/// its public half.
pub fn public_of(private: &str) -> Result<String, SignError> {
    let key = PrivateKey::from_openssh(private).map_err(|_| SignError::Unreadable)?;
    public_line(&key)
}

fn public_line(key: &PrivateKey) -> Result<String, SignError> {
    let blob = key.public_key().to_bytes().map_err(|_| SignError::Unreadable)?;
    SshKey::from_blob(&blob).map(|key| key.to_line()).map_err(|_| SignError::NotEd25519)
}

/// Signs the bytes for a purpose and returns the armoured signature, as
/// `ssh-keygen -Y sign` would.
///
/// # Errors
/// [`SignError`] when the key cannot sign in process.
pub fn sign_ssh(private: &str, namespace: &str, bytes: &[u8]) -> Result<String, SignError> {
    use ed25519_dalek::Signer as _;
    let key = PrivateKey::from_openssh(private).map_err(|_| SignError::Unreadable)?;
    if key.is_encrypted() {
        return Err(SignError::Encrypted);
    }
    let KeypairData::Ed25519(pair) = key.key_data() else { return Err(SignError::NotEd25519) };
    let signing = ed25519_dalek::SigningKey::from_bytes(&pair.private.to_bytes());
    let data = ssh::signed_data(namespace.as_bytes(), HashAlg::Sha512, bytes);
    let raw = signing.sign(&data).to_bytes();
    let public = key.public_key().to_bytes().map_err(|_| SignError::Unreadable)?;
    Ok(armour::armour_ssh(&ssh::envelope(&public, namespace, "ssh-ed25519", &raw)))
}

/// Verifies an armoured signature made for a purpose by exactly this key
/// (`type base64`).
///
/// # Errors
/// The reason why not.
pub fn verify_ssh(namespace: &str, bytes: &[u8], armour: &str, public: &str) -> Result<(), Reason> {
    let signature = SshSignature::parse(armour)?;
    signature.check_namespace(namespace)?;
    if signature.key != SshKey::parse(public)? {
        return Err(Reason::KeyUnknown);
    }
    signature.verify(bytes, false)
}
